//! The ticket path makes the requests that it should; that each fits Discord's own description of its API is seen, as in
//! all tests, by the simulator's observer.

use hazebot_e2e::{PATIENCE, door::Note, skipped};
use serde_json::json;

use crate::stage::{Stage, status_is};

async fn play(stage: &Stage) {
    let (ticket, caller) = (stage.ticket().await, stage.admins().await);
    let moderator = stage.moderator();
    let press = async |word: &str| {
        moderator
            .presses(ticket.control, &ticket.button(word))
            .await
            .unwrap()
    };
    stage.finn().runs_slash("help").await.unwrap();
    stage.finn().runs_slash("status").await.unwrap();
    stage.finn().types_option("ticket", "type", "b").await.unwrap();
    press("claim").await;
    let chooser = press("assign").await.first().cloned().unwrap();
    let select = chooser.custom_ids().remove(0);
    let admin = stage.people.admin.to_string();
    moderator.chooses(chooser.id, &select, [admin]).await.unwrap();
    press("status").await;
    let (status, _) = caller
        .post(&ticket.path("/messages"), json!({ "content": "On our way" }))
        .await
        .unwrap();
    assert_eq!(status, 200);
    let form = press("close").await.modal.unwrap();
    moderator
        .submits_modal(&form, [("message", "bye")])
        .await
        .unwrap();
    status_is(&caller, &ticket, "Closed").await;
    let finn = stage.people.finn;
    assert!(
        stage
            .eventually(|| stage.transcripts("1") == 1 && stage.told(finn).len() == 1)
            .await
    );
    press("reopen").await;
    stage.controls_show(ticket.channel, "Open").await;
    let place = stage.people.channels.bot_commands;
    for words in ["!ticket", "!help", "!status", "!tikcet", "!listcogs"] {
        stage.admin().says(place, words).unwrap();
    }
    let answered = |note: &Note| note.method == "POST" && note.path == format!("/channels/{place}/messages");
    assert!(stage.door.sees(PATIENCE, answered).await.is_some());
    let confirm = press("delete").await.first().cloned().unwrap();
    moderator
        .presses(confirm.id, &confirm.custom_ids().remove(0))
        .await
        .unwrap();
    assert!(stage.eventually(|| stage.ticket_channels() == 0).await);
}

#[tokio::test]
async fn every_body_that_is_sent_to_discord_fits_its_description() {
    let stage = Stage::start().await;
    let Some(checker) = stage.checker.clone() else {
        stage.end().await;
        return skipped("Discord's OpenAPI document is not there");
    };
    play(&stage).await;
    // What does not fit fails the test here.
    stage.end().await;
    let seen = checker.seen();
    // The path makes each of these; otherwise nothing was looked at.
    for route in [
        "put /applications/{application_id}/guilds/{guild_id}/commands",
        "post /guilds/{guild_id}/channels",
        "post /channels/{channel_id}/messages",
        "patch /channels/{channel_id}/messages/{message_id}",
        "put /channels/{channel_id}/permissions/{overwrite_id}",
        "post /interactions/{interaction_id}/{interaction_token}/callback",
        "post /users/@me/channels",
    ] {
        assert!(
            seen.iter().any(|one| one == route),
            "{route} was not called: {seen:?}"
        );
    }
}
