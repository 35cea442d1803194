//! `help` and `status` against the simulator.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests may stop at what is wrong"
)]

use std::sync::Arc;

use discord_sim::Seen;
use futures_util::future::BoxFuture;
use hazebot_core::{
    Outcome,
    settings::{Changes, general},
};
use hazebot_discord::{About, Answer, Cog, Command, Opt, Parts, Via, Who, testing::TestBed};

const TEXTS: &[(&str, &str)] = &[
    (
        "en",
        "cmd-ticket =\n    .description = Opens a ticket\n    .help = Opens a ticket with the team.\n    .example = Bug\n    .option-type = What it is about\ncmd-warn =\n    .description = Warns a member\n    .option-user = Whom\ncmd-load =\n    .description = Loads a cog\n",
    ),
    (
        "de",
        "cmd-ticket =\n    .description = Öffnet ein Ticket\n    .help = Öffnet ein Ticket beim Team.\n    .example = Bug\n    .option-type = Worum es geht\ncmd-warn =\n    .description = Verwarnt ein Mitglied\n    .option-user = Wen\ncmd-load =\n    .description = Lädt ein Cog\n",
    ),
];

static SUPPORT: About = About {
    category: "support",
    ..About::named("TicketSystem")
};
static FILLER: About = About {
    category: "gaming",
    ..About::named("Filler")
};

struct Some;

impl Cog for Some {
    fn about(&self) -> &'static About {
        &SUPPORT
    }

    fn set_up<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Outcome<()>> {
        let nothing = |_| async { Ok(Answer::text("done")) };
        parts.command(
            Command::new("ticket")
                .alias("support")
                .option(Opt::text("type"))
                .run(nothing),
        );
        parts.command(
            Command::new("warn")
                .who(Who::Staff)
                .option(Opt::user("user").required())
                .run(nothing),
        );
        parts.command(Command::new("load").who(Who::GuildAdministrator).run(nothing));
        Box::pin(async { Ok(()) })
    }
}

/// A cog with sixty commands.
struct Many;

impl Cog for Many {
    fn about(&self) -> &'static About {
        &FILLER
    }

    fn set_up<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Outcome<()>> {
        for number in 0..60 {
            let name: &'static str = Box::leak(format!("game{number:02}").into_boxed_str());
            parts.command(Command::new(name).run(|_| async { Ok(Answer::text("done")) }));
        }
        Box::pin(async { Ok(()) })
    }
}

async fn bed(many: bool) -> TestBed {
    TestBed::builder()
        .texts(hazebot_utility::TEXTS)
        .texts(TEXTS)
        .cogs(move |bot| {
            let mut cogs: Vec<Arc<dyn Cog>> =
                vec![hazebot_utility::cog("1.2.3", bot.clock().now()), Arc::new(Some)];
            if many {
                cogs.push(Arc::new(Many));
            }
            cogs
        })
        .start()
        .await
        .unwrap()
}

async fn help(bed: &TestBed, user: discord_sim::Id) -> Seen {
    let exchange = bed.sim.as_user(user).runs_slash("help").await.unwrap();
    exchange.first().unwrap().clone()
}

#[tokio::test]
async fn help_shows_what_one_may_run_and_nothing_else() {
    let bed = bed(false).await;
    let of = async |user| help(&bed, user).await.text();
    let member = of(bed.community.finn).await;
    assert!(member.contains("**ticket** `[type]`\nOpens a ticket"), "{member}");
    assert!(
        member.contains("### 🎫 Support") && member.contains("### 🔧 General"),
        "{member}"
    );
    assert!(
        !member.contains("**warn**") && !member.contains("**load**"),
        "{member}"
    );
    let moderator = of(bed.community.moderators[0]).await;
    assert!(
        moderator.contains("**warn** `<user>`") && !moderator.contains("**load**"),
        "{moderator}"
    );
    let owner = of(bed.community.owner).await;
    assert!(
        owner.contains("**warn**") && owner.contains("**load**"),
        "{owner}"
    );
}

#[tokio::test]
async fn help_by_slash_is_private_and_in_the_readers_language() {
    let bed = bed(false).await;
    let finn = bed.sim.as_user(bed.community.finn);
    finn.speaks("de");
    let seen = help(&bed, bed.community.finn).await;
    assert!(seen.ephemeral);
    assert!(
        seen.text().contains("Öffnet ein Ticket") && seen.text().contains("Hilfe zu"),
        "{}",
        seen.text()
    );
}

#[tokio::test]
async fn one_command_is_shown_in_detail_by_name_by_alias_and_from_the_menu() {
    let bed = bed(false).await;
    let finn = bed.sim.as_user(bed.community.finn);
    for asked in ["ticket", "!support", "TICKET"] {
        let text = finn
            .runs_slash_with("help", [("command", asked)])
            .await
            .unwrap()
            .text();
        assert!(text.contains("Opens a ticket with the team."), "{text}");
        assert!(
            text.contains("`/ticket [type]`\n`!ticket [type]`") && text.contains("`!ticket Bug`"),
            "{text}"
        );
        assert!(
            text.contains("What it is about") && text.contains("everyone"),
            "{text}"
        );
    }
    let seen = help(&bed, bed.community.finn).await;
    let menu = seen.custom_ids()[0].clone();
    let detail = finn
        .chooses(seen.id, &menu, ["ticket"])
        .await
        .unwrap()
        .updated
        .unwrap();
    assert!(
        detail.text().contains("Opens a ticket with the team."),
        "{}",
        detail.text()
    );
    let back = finn
        .presses_labelled(seen.id, "All commands")
        .await
        .unwrap()
        .updated
        .unwrap();
    assert!(back.text().contains("### 🎫 Support"), "{}", back.text());
}

#[tokio::test]
async fn a_command_that_one_may_not_run_is_unknown_and_a_mistype_draws_the_nearest() {
    let bed = bed(false).await;
    let finn = bed.sim.as_user(bed.community.finn);
    let text = finn
        .runs_slash_with("help", [("command", "warn")])
        .await
        .unwrap()
        .text();
    assert!(
        text.contains("There is no command `warn` that you may run"),
        "{text}"
    );
    let text = finn
        .runs_slash_with("help", [("command", "tikcet")])
        .await
        .unwrap()
        .text();
    assert!(text.contains("Did you mean `ticket`?"), "{text}");
    let choices = finn.types_option("help", "command", "t").await.unwrap();
    assert_eq!(choices.choice_names(), ["ticket", "status"]);
}

#[tokio::test]
async fn many_commands_are_paged_within_the_limits_of_discord() {
    let bed = bed(true).await;
    let finn = bed.sim.as_user(bed.community.finn);
    let seen = help(&bed, bed.community.finn).await;
    assert!(seen.text().contains("Page 1 of 3"), "{}", seen.text());
    let mut all = seen.text();
    for _ in 0..2 {
        all += &finn
            .presses_labelled(seen.id, "Next")
            .await
            .unwrap()
            .updated
            .unwrap()
            .text();
    }
    for number in 0..60 {
        assert_eq!(
            all.matches(&format!("**game{number:02}**")).count(),
            1,
            "game{number:02}"
        );
    }
    assert!(
        finn.presses_labelled(seen.id, "Next").await.is_err(),
        "the last page's button is greyed out"
    );
}

#[tokio::test]
async fn by_prefix_the_pages_belong_to_who_asked() {
    let bed = bed(true).await;
    let channel = bed.community.channels.bot_commands;
    let finn = bed.sim.as_user(bed.community.finn).in_channel(channel);
    finn.says(channel, "!help").unwrap();
    let seen = finn
        .waits_for(channel, |seen| seen.text().contains("Page 1 of"))
        .await
        .unwrap();
    let other = bed.sim.as_user(bed.community.members[1]);
    let refused = other.presses_labelled(seen.id, "Next").await.unwrap();
    assert!(
        refused.text().contains("Only the person who asked"),
        "{}",
        refused.text()
    );
    assert!(
        finn.presses_labelled(seen.id, "Next")
            .await
            .unwrap()
            .updated
            .unwrap()
            .text()
            .contains("Page 2 of")
    );
}

#[tokio::test]
async fn staff_get_help_by_prefix_as_a_direct_message_and_others_do_not_see_it() {
    let bed = bed(false).await;
    let moderator = bed.sim.as_user(bed.community.moderators[0]);
    let channel = bed.community.channels.bot_commands;
    let asked = moderator.says(channel, "!help").unwrap();
    let dm = moderator.dm_with(bed.community.bot);
    let seen = moderator
        .waits_for(dm, |seen| seen.text().contains("**warn**"))
        .await;
    assert!(seen.is_some());
    let reacted = moderator
        .waits_for(channel, |seen| {
            seen.id == asked && seen.json.to_string().contains("📬")
        })
        .await;
    assert!(reacted.is_some());
    assert!(
        !moderator
            .sees(channel)
            .iter()
            .any(|seen| seen.text().contains("**warn**"))
    );
    moderator.takes_dms(false);
    moderator.says(channel, "!help").unwrap();
    let told = moderator
        .waits_for(channel, |seen| seen.text().contains("Use /help"))
        .await;
    assert!(told.is_some());
}

#[tokio::test]
async fn an_unloaded_cog_is_gone_from_help_and_a_new_prefix_is_shown_at_once() {
    let bed = bed(false).await;
    assert!(help(&bed, bed.community.finn).await.text().contains("**ticket**"));
    let admin = bed.actor(bed.community.admin);
    bed.bot
        .cogs()
        .unload("TicketSystem", &admin, Via::Discord)
        .await
        .unwrap();
    assert!(!help(&bed, bed.community.finn).await.text().contains("**ticket**"));
    bed.change(Changes::new().set(&general::COMMAND_PREFIX, "?".to_owned()))
        .await
        .unwrap();
    assert!(
        help(&bed, bed.community.finn)
            .await
            .text()
            .contains("`?` works in chat")
    );
}

#[tokio::test]
async fn status_tells_what_is_measured() {
    let bed = bed(false).await;
    let text = bed
        .sim
        .as_user(bed.community.finn)
        .runs_slash("status")
        .await
        .unwrap()
        .text();
    for part in [
        "1.2.3",
        "Harbour Lights",
        "members",
        "✅ answers in",
        "2 of 2 loaded",
        "MiB",
        "<t:",
    ] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    let channel = bed.community.channels.bot_commands;
    let moderator = bed.sim.as_user(bed.community.moderators[0]);
    moderator.says(channel, "!status").unwrap();
    assert!(
        moderator
            .waits_for(channel, |seen| seen.text().contains("2 of 2 loaded"))
            .await
            .is_some()
    );
}

#[test]
fn english_and_german_have_the_same_texts() {
    assert_eq!(
        hazebot_core::texts::check_parity(hazebot_utility::TEXTS),
        Vec::<String>::new()
    );
}
