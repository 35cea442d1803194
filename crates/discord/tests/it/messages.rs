//! Prefix commands.

use discord_sim::{Id, Seen};
use hazebot_core::settings::{Changes, general};
use hazebot_discord::testing::TestBed;

use crate::cogs::{Probe, bed};

/// Says it and gives the bot's reply.
async fn ask(bed: &TestBed, user: Id, channel: Id, text: &str) -> Seen {
    let user = bed.sim.as_user(user);
    let said = user.says(channel, text).unwrap();
    let bot = bed.community.bot;
    user.waits_for(channel, |seen| seen.author == Some(bot) && seen.id > said)
        .await
        .unwrap_or_else(|| panic!("no reply to {text}"))
}

#[tokio::test]
async fn a_prefix_command_is_answered_as_a_reply_without_a_ping() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let general = bed.community.channels.general;
    let reply = ask(&bed, bed.community.finn, general, "!PING").await;
    assert_eq!(reply.content, "pong 1");
    assert!(
        reply.json["message_reference"]["message_id"].is_string(),
        "{}",
        reply.json
    );
    assert_eq!(reply.json["mentions"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn people_and_the_rest_of_the_line_are_understood() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let (finn, general) = (bed.community.finn, bed.community.channels.general);
    let name = bed.actor(finn).name().to_owned();
    for (i, line) in [
        format!("!greet <@{}> good evening", finn.get()),
        format!("!greet {name} good evening"),
    ]
    .iter()
    .enumerate()
    {
        let who = [bed.community.admin, bed.community.owner][i];
        assert_eq!(
            ask(&bed, who, general, line).await.content,
            format!("good evening, {name}")
        );
    }
}

#[tokio::test]
async fn a_missing_option_is_answered_with_the_usage_and_an_example() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let general = bed.community.channels.general;
    let reply = ask(&bed, bed.community.admin, general, "!greet").await.text();
    for part in [
        "**member** is missing.",
        "`!greet <member> [words…]`",
        "`!greet @finn hello`",
    ] {
        assert!(reply.contains(part), "{part} not in {reply}");
    }
    let reply = ask(&bed, bed.community.admin, general, "!greet nobody*here")
        .await
        .text();
    assert!(reply.contains(r"Nobody is called “nobody\*here”"), "{reply}");
}

#[tokio::test]
async fn a_mistyped_command_is_suggested_and_run_by_a_button() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let (finn, general) = (bed.community.finn, bed.community.channels.general);
    let reply = ask(&bed, finn, general, "!pnig").await;
    assert!(reply.text().contains("Did you mean `!ping`?"), "{}", reply.text());
    let other = bed
        .sim
        .as_user(bed.community.newcomer)
        .presses_labelled(reply.id, "Run it")
        .await
        .unwrap();
    assert_eq!(other.text(), "This button is for somebody else.");
    let run = bed
        .sim
        .as_user(finn)
        .presses_labelled(reply.id, "Run it")
        .await
        .unwrap();
    assert_eq!(run.text(), "pong 1");
}

#[tokio::test]
async fn what_somebody_may_not_use_is_not_suggested() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let general = bed.community.channels.general;
    let reply = ask(&bed, bed.community.finn, general, "!stafonly").await.text();
    assert!(reply.contains("`!help` shows what you can do"), "{reply}");
    let reply = ask(&bed, bed.community.admin, general, "!stafonly").await.text();
    assert!(reply.contains("`!staffonly`"), "{reply}");
}

#[tokio::test]
async fn a_prefix_without_a_letter_behind_it_is_no_command() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let general = bed.community.channels.general;
    for text in ["!!!", "!?", "! ping", "!"] {
        bed.sim.as_user(bed.community.admin).says(general, text).unwrap();
    }
    // The reply to this is the only one.
    let reply = ask(&bed, bed.community.admin, general, "!ping").await;
    let bot = bed.community.bot;
    let replies = bed.sim.as_user(bed.community.admin).sees(general);
    let replies: Vec<_> = replies.iter().filter(|seen| seen.author == Some(bot)).collect();
    assert_eq!(replies.iter().map(|seen| seen.id).collect::<Vec<_>>(), [reply.id]);
}

#[tokio::test]
async fn a_pause_between_commands_is_told_once() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let (finn, general) = (bed.community.finn, bed.community.channels.general);
    bed.sim.as_user(finn).says(general, "just chatting").unwrap();
    assert_eq!(ask(&bed, finn, general, "!ping").await.content, "pong 1");
    assert!(
        ask(&bed, finn, general, "!ping")
            .await
            .content
            .starts_with("Not so fast")
    );
    bed.sim.as_user(finn).says(general, "!ping").unwrap();
    // Another command has a pause of its own, and its reply is the next thing that the bot says.
    assert_eq!(ask(&bed, finn, general, "!things").await.content, "one thing");
}

#[tokio::test]
async fn a_new_prefix_works_at_once() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let general = bed.community.channels.general;
    bed.change(Changes::new().set(&general::COMMAND_PREFIX, "?".to_owned()))
        .await
        .unwrap();
    assert_eq!(
        ask(&bed, bed.community.finn, general, "?ping").await.content,
        "pong 1"
    );
}

#[tokio::test]
async fn a_form_and_a_private_answer_open_by_a_button() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let (finn, general) = (bed.community.finn, bed.community.channels.general);
    let reply = ask(&bed, finn, general, "!form").await;
    let exchange = bed
        .sim
        .as_user(finn)
        .presses_labelled(reply.id, "Open the form")
        .await
        .unwrap();
    let modal = exchange.modal.unwrap();
    let exchange = bed
        .sim
        .as_user(finn)
        .submits_modal(&modal, [("subject", "x")])
        .await
        .unwrap();
    assert_eq!(exchange.text(), "got x");
    let reply = ask(&bed, finn, general, "!panel").await;
    assert!(!reply.text().contains("only for you"));
    let exchange = bed
        .sim
        .as_user(finn)
        .presses_labelled(reply.id, "Show")
        .await
        .unwrap();
    assert_eq!(exchange.text(), "only for you");
    assert!(exchange.responses[0].ephemeral);
}

#[tokio::test]
async fn a_command_of_the_guild_says_so_in_direct_messages() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let finn = bed.community.finn;
    let dm = bed.sim.as_user(finn).dm_with(bed.community.bot);
    assert_eq!(
        ask(&bed, finn, dm, "!form").await.content,
        "This works on a server only, not in direct messages."
    );
    assert_eq!(ask(&bed, finn, dm, "!ping").await.content, "pong 1");
}
