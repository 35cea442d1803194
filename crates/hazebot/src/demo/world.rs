//! The demo's surroundings: the simulated Discord, an environment that leads to it, and the settings of its guild.

use std::{path::Path, sync::Arc};

use discord_sim::{Community, CommunityOptions, Id, Limits, Observer, Recorder, Scenario, Sim, SimOptions};
use hazebot_core::{
    Actor, Entropy, Outcome,
    env::Env,
    ids::{ChannelId, GuildId, RoleId},
    settings::{Changes, general},
};
use hazebot_discord::Bot;

use super::Login;
use crate::Problem;

/// People, ids of roles and who says what are the same at each start.
const SEED: u64 = 7;
/// When the community was made, 2025-03-01, in Unix milliseconds: ids carry their time.
const FOUNDED: i64 = 1_740_787_200_000;
/// Messages that the simulated Discord keeps per channel: enough to read back, little to hold.
const HISTORY: usize = 200;

/// The simulated Discord with its community; what is said there is written to `record`, if that is wanted.
pub(super) async fn start(port: u16, record: Option<&Path>) -> Result<(Sim, Community), Problem> {
    let observer = match record {
        Some(file) => Some(Arc::new(Recorder::new(file)?) as Arc<dyn Observer>),
        None => None,
    };
    let limits = Limits {
        messages_per_channel: HISTORY,
        ..Limits::default()
    };
    let options = CommunityOptions {
        seed: SEED,
        founded: Some(FOUNDED),
        bot_name: "HazeBot".to_owned(),
        limits,
        ..CommunityOptions::default()
    };
    let (mut world, community) = Scenario::community_with(options)?;
    let ideas = world.add_forum(
        community.guild,
        "ideas",
        Some(community.channels.community),
        &[("Event", "🎉"), ("Bot", "🤖"), ("Done", "✅")],
    );
    let sim = Sim::start(
        SimOptions {
            port,
            // What has happened before somebody looks need not take the time that it would take.
            rate_limits: false,
            observer,
            ..SimOptions::default()
        },
        world,
    )
    .await?;
    post_ideas(&sim, &community, ideas)?;
    Ok((sim, community))
}

/// Posts of the forum: a title, a text and the number of its tag.
const IDEAS: [(&str, &str, usize); 2] = [
    (
        "The bot could tell when somebody streams",
        "A short note in a channel of its own would do, with a button to turn it off.",
        1,
    ),
    (
        "A quiz every second Friday",
        "Teams of **three**, four rounds, a silly prize. I would write the first questions.",
        0,
    ),
];

/// What members have written in the forum.
fn post_ideas(sim: &Sim, community: &Community, forum: Id) -> Result<(), Problem> {
    let tags = sim.read(|w| {
        w.channels
            .get(&forum)
            .map(|c| c.tags.iter().map(|t| t.id).collect::<Vec<_>>())
    });
    let tags = tags.unwrap_or_default();
    for ((title, text, tag), author) in IDEAS.into_iter().zip(community.members.iter().rev()) {
        let tags: Vec<Id> = tags.get(tag).copied().into_iter().collect();
        let post = sim
            .as_user(*author)
            .posts(forum, title, text, Vec::new(), &tags)?;
        sim.as_user(community.finn).says(post, "I like that!")?;
    }
    Ok(())
}

/// Logins with passwords of this start only.
pub(super) fn logins(entropy: &Entropy) -> Vec<Login> {
    ["admin", "helper"]
        .into_iter()
        .map(|name| Login {
            name: name.to_owned(),
            password: entropy.password(16),
            role: "admin",
        })
        .collect()
}

/// The environment, by the same names that a real installation uses.
pub(super) fn env(
    sim: &Sim,
    community: &Community,
    data: &Path,
    port: u16,
    logins: &[Login],
    entropy: &Entropy,
) -> Result<Env, Problem> {
    let base = sim.base_url();
    let secret_key = entropy.hex(64);
    let login = |n: usize| {
        logins
            .get(n)
            .map(|login| (login.name.clone(), login.password.clone()))
    };
    let (name, password) = login(0).unwrap_or_default();
    let extra = login(1).map(|(name, password)| format!("{name}:{password}"));
    let vars = |variable: &str| -> Option<String> {
        Some(match variable {
            "PROD_MODE" => "true".to_owned(),
            "DISCORD_BOT_TOKEN" => community.bot_token.clone(),
            "DISCORD_GUILD_ID" => community.guild.to_string(),
            "DISCORD_CLIENT_ID" => community.application.to_string(),
            "DISCORD_CLIENT_SECRET" => community.client_secret.clone(),
            "DISCORD_REDIRECT_URI" => format!("http://127.0.0.1:{port}/api/discord/callback"),
            "DISCORD_OAUTH_FRONTEND_URL" => format!("http://127.0.0.1:{port}/"),
            "DISCORD_BASE_URL" | "DISCORD_PUBLIC_URL" | "DISCORD_CDN_URL" => base.to_owned(),
            "DATABASE_URL" => format!("sqlite://{}", data.join("hazebot.db").display()),
            "API_SECRET_KEY" => secret_key.clone(),
            "API_PORT" => port.to_string(),
            "API_ADMIN_USER" => name.clone(),
            "API_ADMIN_PASS" => password.clone(),
            "API_EXTRA_USERS" => extra.clone()?,
            "ENVIRONMENT" => "demo".to_owned(),
            _ => return None,
        })
    };
    Ok(Env::load(None, vars)?)
}

/// Tells the bot the ids of roles and channels, as an owner would in the panel.
pub(super) async fn set_up(bot: &Bot, guild: GuildId, community: &Community) -> Outcome<()> {
    let role = |id: discord_sim::Id| Some(RoleId::new(id.get()));
    let channel = |id: discord_sim::Id| Some(ChannelId::new(id.get()));
    let changes = Changes::new()
        .set(&general::ADMIN_ROLE, role(community.roles.admin))
        .set(&general::MODERATOR_ROLE, role(community.roles.moderator))
        .set(&general::TICKETS_CATEGORY, channel(community.channels.tickets))
        .set(
            &general::TRANSCRIPT_CHANNEL,
            channel(community.channels.transcripts),
        )
        .set(&general::LOG_CHANNEL, channel(community.channels.log));
    bot.settings().change(&Actor::System, guild, changes).await?;
    Ok(())
}
