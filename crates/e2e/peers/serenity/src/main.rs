//! A bot on serenity that does what `tests/e2e/peers.rs` asks of every library, to keep the simulator honest.
//!
//! Usage: `serenity-peer http://127.0.0.1:5090 <bot token> <channel where sessions are announced>`
//! Only the address is changed. Exits with 0 after `!leave`, with 1 as soon as anything goes other than on Discord.

mod hello;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serenity::all::*;
use tokio::sync::{Mutex, Notify};

/// Whatever goes other than on Discord.
type Trouble = Box<dyn std::error::Error + Send + Sync>;

struct Peer {
    announcements: ChannelId,
    registered: AtomicBool,
    /// Told when it was asked to leave.
    left: Arc<Notify>,
    /// Who waits for chunks of members: the message that asked, who were listed, who came so far.
    asked: Mutex<Option<(Message, usize, usize)>>,
}

/// Ends the process where something went wrong.
fn check(done: Result<(), Trouble>) {
    if let Err(trouble) = done {
        eprintln!("{trouble:?}");
        std::process::exit(1);
    }
}

fn named(user: &User, member: Option<&PartialMember>) -> String {
    let nick = member.and_then(|member| member.nick.clone());
    nick.unwrap_or_else(|| user.display_name().to_owned())
}

async fn register(ctx: &Context) -> Result<(), Trouble> {
    let who = CreateCommandOption::new(CommandOptionType::User, "who", "For whom").required(true);
    let number = CreateCommandOption::new(CommandOptionType::Integer, "number", "How many");
    let topic = CreateCommandOption::new(CommandOptionType::String, "topic", "About what");
    let desk = CreateCommand::new("desk")
        .description("Shows the desk")
        .add_option(who)
        .add_option(number.min_int_value(1).max_int_value(5))
        .add_option(topic.set_autocomplete(true));
    let menu = CreateCommand::new("Say hi").kind(CommandType::User);
    let made = Command::set_global_commands(ctx, vec![desk, menu]).await?;
    assert_eq!(made.len(), 2);
    Ok(())
}

async fn command(ctx: &Context, asked: &CommandInteraction) -> Result<(), Trouble> {
    if let Some(ResolvedTarget::User(user, member)) = asked.data.target() {
        let text = format!("hi {}", named(user, member));
        let answer = CreateInteractionResponseMessage::new()
            .content(text)
            .ephemeral(true);
        return Ok(asked
            .create_response(ctx, CreateInteractionResponse::Message(answer))
            .await?);
    }
    let (mut who, mut number, mut topic) = (String::new(), 2, "None".to_owned());
    for option in asked.data.options() {
        match option.value {
            ResolvedValue::User(user, member) => who = named(user, member),
            ResolvedValue::Integer(given) => number = given,
            ResolvedValue::String(given) => topic = given.to_owned(),
            other => return Err(format!("an option came as {other:?}").into()),
        }
    }
    let fruit = ["a", "b"]
        .map(|one| CreateSelectMenuOption::new(one, one))
        .to_vec();
    let fruit = CreateSelectMenu::new("pick", CreateSelectMenuKind::String { options: fruit });
    let person = CreateSelectMenu::new("who", CreateSelectMenuKind::User { default_users: None });
    let rows = vec![
        CreateActionRow::Buttons(vec![CreateButton::new("open").label("Open")]),
        CreateActionRow::SelectMenu(fruit),
        CreateActionRow::SelectMenu(person.placeholder("Who?")),
    ];
    let answer = CreateInteractionResponseMessage::new()
        .content(format!("for {who}, {number} of {topic}"))
        .add_file(CreateAttachment::bytes("abc", "x.png"))
        .embed(
            CreateEmbed::new()
                .title("Desk")
                .colour(0x12_34_56)
                .image("attachment://x.png"),
        )
        .components(rows);
    asked
        .create_response(ctx, CreateInteractionResponse::Message(answer))
        .await?;
    assert_eq!(asked.get_response(ctx).await?.embeds.len(), 1);
    asked
        .create_followup(ctx, CreateInteractionResponseFollowup::new().content("a card"))
        .await?;
    Ok(())
}

async fn complete(ctx: &Context, asked: &CommandInteraction) -> Result<(), Trouble> {
    let typed = asked
        .data
        .autocomplete()
        .ok_or("no option is being typed")?
        .value
        .to_owned();
    let mut choices = CreateAutocompleteResponse::new();
    for end in ["1", "2"] {
        choices = choices.add_string_choice(format!("{typed}{end}"), format!("{typed}{end}"));
    }
    Ok(asked
        .create_response(ctx, CreateInteractionResponse::Autocomplete(choices))
        .await?)
}

async fn component(ctx: &Context, pressed: &ComponentInteraction) -> Result<(), Trouble> {
    match &pressed.data.kind {
        ComponentInteractionDataKind::StringSelect { values } => {
            pressed
                .create_response(ctx, CreateInteractionResponse::Acknowledge)
                .await?;
            let picked = values.first().ok_or("nothing was picked")?;
            let edit = EditInteractionResponse::new().content(format!("picked {picked}"));
            pressed.edit_response(ctx, edit).await?;
        }
        ComponentInteractionDataKind::UserSelect { values } => {
            let chosen = values.first().ok_or("nobody was chosen")?;
            let guild = pressed.guild_id.ok_or("no guild")?;
            let member = guild.member(ctx, *chosen).await?;
            let update = CreateInteractionResponseMessage::new()
                .content(format!("chose {}", member.display_name()))
                .embeds(Vec::new())
                .components(Vec::new());
            pressed
                .create_response(ctx, CreateInteractionResponse::UpdateMessage(update))
                .await?;
        }
        _ => {
            let input = CreateInputText::new(InputTextStyle::Short, "What", "what");
            let form = CreateModal::new("form", "Form").components(vec![CreateActionRow::InputText(input)]);
            pressed
                .create_response(ctx, CreateInteractionResponse::Modal(form))
                .await?;
        }
    }
    Ok(())
}

async fn modal(ctx: &Context, form: &ModalInteraction) -> Result<(), Trouble> {
    let fields = form.data.components.iter().flat_map(|row| &row.components);
    let what = fields.filter_map(|field| match field {
        ActionRowComponent::InputText(input) if input.custom_id == "what" => input.value.clone(),
        _ => None,
    });
    let what = what.last().ok_or("nothing was written")?;
    form.defer_ephemeral(ctx).await?;
    form.edit_response(ctx, EditInteractionResponse::new().content(format!("got {what}")))
        .await?;
    let file = CreateAttachment::bytes("hi", "a.txt");
    form.create_followup(
        ctx,
        CreateInteractionResponseFollowup::new()
            .content("with a file")
            .add_file(file),
    )
    .await?;
    Ok(())
}

impl Peer {
    /// Lists the members page by page, and asks for all of them in chunks.
    async fn members(&self, ctx: &Context, message: &Message) -> Result<(), Trouble> {
        let guild = message.guild_id.ok_or("no guild")?;
        let (mut listed, mut after) = (0, None);
        loop {
            let page = guild.members(ctx, Some(1000), after).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.user.id);
            listed += page.len();
        }
        *self.asked.lock().await = Some((message.clone(), listed, 0));
        ctx.shard
            .chunk_guild(guild, None, false, ChunkGuildFilter::None, Some("all".into()));
        Ok(())
    }

    async fn chunk(&self, ctx: &Context, chunk: &GuildMembersChunkEvent) -> Result<(), Trouble> {
        let mut asked = self.asked.lock().await;
        let Some((message, listed, came)) = asked.as_mut() else {
            return Ok(());
        };
        assert_eq!(chunk.nonce.as_deref(), Some("all"));
        *came += chunk.members.len();
        if chunk.chunk_index + 1 == chunk.chunk_count {
            message
                .reply(ctx, format!("{listed} by REST, {came} in chunks"))
                .await?;
        }
        Ok(())
    }

    async fn said(&self, ctx: &Context, message: &Message) -> Result<(), Trouble> {
        match message.content.as_str() {
            "!hello" => hello::hello(ctx, message).await?,
            "!members" => self.members(ctx, message).await?,
            "!ping" => drop(message.reply(ctx, "pong").await?),
            "!leave" => self.left.notify_one(),
            _ => {}
        }
        Ok(())
    }
}

#[async_trait]
impl EventHandler for Peer {
    async fn ready(&self, ctx: Context, _ready: Ready) {
        if !self.registered.swap(true, Ordering::SeqCst) {
            check(register(&ctx).await);
        }
        check(
            self.announcements
                .say(&ctx, "ready")
                .await
                .map(drop)
                .map_err(Into::into),
        );
    }

    async fn resume(&self, ctx: Context, _resumed: ResumedEvent) {
        check(
            self.announcements
                .say(&ctx, "resumed")
                .await
                .map(drop)
                .map_err(Into::into),
        );
    }

    async fn guild_members_chunk(&self, ctx: Context, chunk: GuildMembersChunkEvent) {
        check(self.chunk(&ctx, &chunk).await);
    }

    async fn message(&self, ctx: Context, message: Message) {
        check(self.said(&ctx, &message).await);
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        check(match &interaction {
            Interaction::Command(asked) => command(&ctx, asked).await,
            Interaction::Autocomplete(asked) => complete(&ctx, asked).await,
            Interaction::Component(pressed) => component(&ctx, pressed).await,
            Interaction::Modal(form) => modal(&ctx, form).await,
            _ => Ok(()),
        });
    }
}

#[tokio::main]
async fn main() -> Result<(), Trouble> {
    let mut given = std::env::args().skip(1);
    let mut next = || {
        given
            .next()
            .ok_or("usage: serenity-peer <address> <token> <channel>")
    };
    let (base, token, announcements) = (next()?, next()?, next()?);
    // A panic in a task of the library's is a failure of the whole bot.
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("{panic}");
        std::process::exit(1);
    }));
    let left = Arc::new(Notify::new());
    let peer = Peer {
        announcements: announcements.parse()?,
        registered: AtomicBool::new(false),
        left: left.clone(),
        asked: Mutex::new(None),
    };
    // Its own rate limiter would send to Discord, whatever the proxy.
    let http = HttpBuilder::new(token)
        .proxy(base)
        .ratelimiter_disabled(true)
        .build();
    let mut client = ClientBuilder::new_with_http(http, GatewayIntents::all())
        .event_handler(peer)
        .await?;
    let shards = client.shard_manager.clone();
    tokio::select! {
        ended = client.start() => Err(format!("the client ended by itself: {ended:?}").into()),
        () = left.notified() => {
            shards.shutdown_all().await;
            Ok(())
        }
    }
}
