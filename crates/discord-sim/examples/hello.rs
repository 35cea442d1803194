//! A small bot on twilight that shows what the simulator can do.
//!
//! Start `discord-sim`, then `cargo run -p discord-sim --example hello -- 127.0.0.1:5090 <bot token>`.

use std::sync::Arc;

use twilight_gateway::{ConfigBuilder, Event, EventTypeFlags, Intents, Shard, ShardId, StreamExt as _};
use twilight_http::Client;
use twilight_model::application::command::{CommandOptionChoice, CommandOptionChoiceValue, CommandType};
use twilight_model::application::interaction::application_command::{CommandData, CommandOptionValue};
use twilight_model::application::interaction::{Interaction, InteractionData};
use twilight_model::channel::message::component::{
    ActionRow, Button, ButtonStyle, Component, Container, Label, SelectMenu, SelectMenuOption,
    SelectMenuType, Separator, TextDisplay, TextInput, TextInputStyle,
};
use twilight_model::channel::message::{Embed, MessageFlags};
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType,
};
use twilight_util::builder::command::{CommandBuilder, StringBuilder};
use twilight_util::builder::embed::{EmbedBuilder, EmbedFieldBuilder, EmbedFooterBuilder};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const FRUIT: [&str; 6] = ["apple", "apricot", "banana", "blackberry", "cherry", "cranberry"];

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("the simulator's address is missing")?;
    let token = arguments.next().ok_or("the bot token is missing")?;
    // Only a second installation fails.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = Arc::new(
        Client::builder()
            .token(token.clone())
            .proxy(address.clone(), true)
            .ratelimiter(None)
            .build(),
    );
    let application = http.current_user_application().await?.model().await?;
    let commands = [
        CommandBuilder::new("ping", "Answers at once", CommandType::ChatInput).build(),
        CommandBuilder::new(
            "menu",
            "Shows buttons, a select and an embed",
            CommandType::ChatInput,
        )
        .build(),
        CommandBuilder::new(
            "card",
            "Shows a message made of components alone",
            CommandType::ChatInput,
        )
        .build(),
        CommandBuilder::new("fruit", "Offers choices while you type", CommandType::ChatInput)
            .option(
                StringBuilder::new("name", "Which fruit")
                    .required(true)
                    .autocomplete(true),
            )
            .build(),
        CommandBuilder::new("Say hello", "", CommandType::User).build(),
    ];
    http.interaction(application.id)
        .set_global_commands(&commands)
        .await?;
    let intents = Intents::GUILDS | Intents::GUILD_MESSAGES | Intents::MESSAGE_CONTENT;
    let config = ConfigBuilder::new(token, intents)
        .proxy_url(format!("ws://{address}/gateway"))
        .build();
    let mut shard = Shard::with_config(ShardId::ONE, config);
    while let Some(event) = shard.next_event(EventTypeFlags::all()).await {
        match event? {
            Event::InteractionCreate(interaction) => answer(&http, &interaction).await?,
            Event::MessageCreate(message) if message.content == "!hello" => {
                http.create_message(message.channel_id)
                    .content("Hello!")
                    .reply(message.id)
                    .await?;
            }
            _ => {}
        }
    }
    Ok(())
}

async fn answer(http: &Client, interaction: &Interaction) -> Result<(), Failure> {
    use InteractionResponseType as Kind;
    let (kind, data) = match &interaction.data {
        Some(InteractionData::ApplicationCommand(command)) => match command.name.as_str() {
            "ping" => (Kind::ChannelMessageWithSource, text("Pong!", true)),
            "menu" => (Kind::ChannelMessageWithSource, menu()),
            "card" => (Kind::ChannelMessageWithSource, card()),
            "fruit" => fruit(command),
            name => (
                Kind::ChannelMessageWithSource,
                text(&format!("{name}: hello!"), false),
            ),
        },
        Some(InteractionData::MessageComponent(used)) => match used.custom_id.as_str() {
            "form" => (Kind::Modal, form()),
            "colour" => (
                Kind::UpdateMessage,
                text(&format!("You like **{}**.", used.values.join(", ")), false),
            ),
            _ => (Kind::ChannelMessageWithSource, text("You pressed it.", true)),
        },
        Some(InteractionData::ModalSubmit(_)) => (Kind::ChannelMessageWithSource, text("Thank you!", true)),
        _ => return Ok(()),
    };
    let response = InteractionResponse {
        kind,
        data: Some(data),
    };
    http.interaction(interaction.application_id)
        .create_response(interaction.id, &interaction.token, &response)
        .await?;
    Ok(())
}

fn text(content: &str, ephemeral: bool) -> InteractionResponseData {
    InteractionResponseData {
        content: Some(content.to_owned()),
        flags: ephemeral.then_some(MessageFlags::EPHEMERAL),
        ..InteractionResponseData::default()
    }
}

fn fruit(command: &CommandData) -> (InteractionResponseType, InteractionResponseData) {
    match command.options.first().map(|o| &o.value) {
        Some(CommandOptionValue::Focused(typed, _)) => {
            let choices =
                FRUIT
                    .iter()
                    .filter(|f| f.starts_with(typed.as_str()))
                    .map(|f| CommandOptionChoice {
                        name: (*f).to_owned(),
                        name_localizations: None,
                        value: CommandOptionChoiceValue::String((*f).to_owned()),
                    });
            let data = InteractionResponseData {
                choices: Some(choices.collect()),
                ..InteractionResponseData::default()
            };
            (
                InteractionResponseType::ApplicationCommandAutocompleteResult,
                data,
            )
        }
        Some(CommandOptionValue::String(name)) => (
            InteractionResponseType::ChannelMessageWithSource,
            text(&format!("One {name} for you."), false),
        ),
        _ => (
            InteractionResponseType::ChannelMessageWithSource,
            text("No fruit today.", true),
        ),
    }
}

fn button(label: &str, custom_id: &str, style: ButtonStyle) -> Component {
    Component::Button(Button {
        id: None,
        custom_id: Some(custom_id.to_owned()),
        disabled: false,
        emoji: None,
        label: Some(label.to_owned()),
        style,
        url: None,
        sku_id: None,
    })
}

fn row(components: Vec<Component>) -> Component {
    Component::ActionRow(ActionRow { id: None, components })
}

fn select() -> Component {
    let option = |value: &str| SelectMenuOption {
        default: false,
        description: Some(format!("Everything in {value}")),
        emoji: None,
        label: value.to_owned(),
        value: value.to_owned(),
    };
    Component::SelectMenu(SelectMenu {
        id: None,
        channel_types: None,
        custom_id: "colour".to_owned(),
        default_values: None,
        disabled: false,
        kind: SelectMenuType::Text,
        max_values: Some(1),
        min_values: Some(1),
        options: Some(["red", "green", "blue"].map(option).to_vec()),
        placeholder: Some("Your colour".to_owned()),
        required: None,
    })
}

fn menu() -> InteractionResponseData {
    let embed: Embed = EmbedBuilder::new()
        .title("A ticket desk")
        .description("Press **Open** to fill in a form.\n-# Somebody answers within a day.")
        .color(0x43_B3_9C)
        .field(EmbedFieldBuilder::new("Open", "3").inline())
        .field(EmbedFieldBuilder::new("Waiting", "1").inline())
        .footer(EmbedFooterBuilder::new("Harbour Lights"))
        .build();
    InteractionResponseData {
        embeds: Some(vec![embed]),
        components: Some(vec![
            row(vec![
                button("Open", "form", ButtonStyle::Primary),
                button("Good", "yes", ButtonStyle::Success),
                button("Bad", "no", ButtonStyle::Danger),
            ]),
            row(vec![select()]),
        ]),
        ..InteractionResponseData::default()
    }
}

fn card() -> InteractionResponseData {
    let line = |content: &str| {
        Component::TextDisplay(TextDisplay {
            id: None,
            content: content.to_owned(),
        })
    };
    let inside = vec![
        line("### Weekend tournament\nDoors open <t:1767225600:R>, bring a *friend*."),
        Component::Separator(Separator {
            id: None,
            divider: Some(true),
            spacing: None,
        }),
        row(vec![
            button("Join", "join", ButtonStyle::Primary),
            button("Later", "later", ButtonStyle::Secondary),
        ]),
    ];
    InteractionResponseData {
        flags: Some(MessageFlags::IS_COMPONENTS_V2),
        components: Some(vec![Component::Container(Container {
            id: None,
            accent_color: Some(Some(0xF2_C1_4E)),
            spoiler: None,
            components: inside,
        })]),
        ..InteractionResponseData::default()
    }
}

#[expect(deprecated, reason = "the model wants the older label field set to none")]
fn form() -> InteractionResponseData {
    let input = Component::TextInput(TextInput {
        id: None,
        custom_id: "what".to_owned(),
        label: None,
        max_length: Some(500),
        min_length: Some(3),
        placeholder: Some("It does not start since …".to_owned()),
        required: Some(true),
        style: TextInputStyle::Paragraph,
        value: None,
    });
    InteractionResponseData {
        custom_id: Some("ticket".to_owned()),
        title: Some("Open a ticket".to_owned()),
        components: Some(vec![Component::Label(Label {
            id: None,
            label: "What happened?".to_owned(),
            description: Some("The more you tell, the faster it goes.".to_owned()),
            component: Box::new(input),
        })]),
        ..InteractionResponseData::default()
    }
}
