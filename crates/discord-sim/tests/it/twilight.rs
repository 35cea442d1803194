//! Log in, register commands, get interactions and answer them.

use discord_sim::{Scenario, Sim, SimOptions};
use twilight_gateway::{Event, Intents};
use twilight_model::application::command::CommandType;
use twilight_model::application::interaction::{Interaction, InteractionData};
use twilight_model::channel::message::MessageFlags;
use twilight_model::channel::message::component::{
    ActionRow, Button, ButtonStyle, Component, TextInput, TextInputStyle,
};
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType,
};
use twilight_model::id::Id;
use twilight_util::builder::command::{CommandBuilder, StringBuilder};

use crate::bot::Bot;

fn interaction(event: &Event) -> Option<Interaction> {
    match event {
        Event::InteractionCreate(interaction) => Some(interaction.0.clone()),
        _ => None,
    }
}

fn button(id: &str) -> Component {
    Component::ActionRow(ActionRow {
        id: None,
        components: vec![Component::Button(Button {
            id: None,
            custom_id: Some(id.to_owned()),
            disabled: false,
            emoji: None,
            label: Some("Open".to_owned()),
            style: ButtonStyle::Primary,
            url: None,
            sku_id: None,
        })],
    })
}

#[tokio::test]
async fn a_bot_logs_in_registers_a_command_and_answers_it_with_button_and_modal() {
    let (world, c) = Scenario::community(7).unwrap();
    let sim = Sim::start(discord_document::checked(SimOptions::default()), world)
        .await
        .unwrap();
    let mut bot = Bot::start(
        &sim,
        &c,
        Intents::GUILDS | Intents::GUILD_MESSAGES | Intents::MESSAGE_CONTENT,
    )
    .await;
    let guild = bot
        .next(|e| {
            if let Event::GuildCreate(g) = e {
                Some(g.id())
            } else {
                None
            }
        })
        .await;
    assert_eq!(guild.get(), c.guild.get());

    let app = Id::new(c.application.get());
    let command = CommandBuilder::new("ticket", "Opens a ticket", CommandType::ChatInput)
        .option(StringBuilder::new("subject", "What it is about").required(true))
        .build();
    let made = bot
        .http
        .interaction(app)
        .set_guild_commands(guild, &[command])
        .await
        .unwrap()
        .models()
        .await
        .unwrap();
    assert_eq!(made.first().unwrap().name, "ticket");

    let finn = sim.as_user(c.finn).in_channel(c.channels.general);
    let asking = tokio::spawn({
        let finn = finn.clone();
        async move { finn.runs_slash_with("ticket", [("subject", "Help")]).await }
    });
    let got = bot.next(interaction).await;
    assert!(matches!(got.data, Some(InteractionData::ApplicationCommand(ref d)) if d.name == "ticket"));
    let answer = InteractionResponse {
        kind: InteractionResponseType::ChannelMessageWithSource,
        data: Some(InteractionResponseData {
            content: Some("Ready?".to_owned()),
            flags: Some(MessageFlags::EPHEMERAL),
            components: Some(vec![button("open")]),
            ..InteractionResponseData::default()
        }),
    };
    bot.http
        .interaction(app)
        .create_response(got.id, &got.token, &answer)
        .await
        .unwrap();
    let exchange = asking.await.unwrap().unwrap();
    assert_eq!(exchange.text(), "Ready?\nOpen");
    let message = exchange.first().unwrap().clone();
    assert!(message.ephemeral);
    assert!(
        sim.as_user(c.owner)
            .sees(c.channels.general)
            .iter()
            .all(|m| m.id != message.id)
    );

    let pressing = tokio::spawn({
        let (finn, id) = (finn.clone(), message.id);
        async move { finn.presses(id, "open").await }
    });
    let got = bot.next(interaction).await;
    let modal = InteractionResponse {
        kind: InteractionResponseType::Modal,
        data: Some(InteractionResponseData {
            custom_id: Some("form".to_owned()),
            title: Some("Your ticket".to_owned()),
            components: Some(vec![Component::ActionRow(ActionRow {
                id: None,
                components: vec![text_input()],
            })]),
            ..InteractionResponseData::default()
        }),
    };
    bot.http
        .interaction(app)
        .create_response(got.id, &got.token, &modal)
        .await
        .unwrap();
    let form = pressing.await.unwrap().unwrap().modal.unwrap();
    assert_eq!(form.title, "Your ticket");

    let submitting = tokio::spawn({
        let finn = finn.clone();
        async move { finn.submits_modal(&form, [("text", "It does not work")]).await }
    });
    let got = bot.next(interaction).await;
    let Some(InteractionData::ModalSubmit(data)) = &got.data else {
        panic!("no modal")
    };
    assert_eq!(data.custom_id, "form");
    let later = InteractionResponse {
        kind: InteractionResponseType::DeferredChannelMessageWithSource,
        data: None,
    };
    bot.http
        .interaction(app)
        .create_response(got.id, &got.token, &later)
        .await
        .unwrap();
    bot.http
        .interaction(app)
        .update_response(&got.token)
        .content(Some("Done."))
        .await
        .unwrap();
    let exchange = submitting.await.unwrap().unwrap();
    assert_eq!((exchange.text().as_str(), exchange.deferred), ("Done.", true));
}

#[expect(
    deprecated,
    reason = "the label of a text input in a row is the older form, still in use"
)]
fn text_input() -> Component {
    Component::TextInput(TextInput {
        id: None,
        custom_id: "text".to_owned(),
        label: Some("What happened?".to_owned()),
        max_length: Some(500),
        min_length: None,
        placeholder: None,
        required: Some(true),
        style: TextInputStyle::Paragraph,
        value: None,
    })
}
