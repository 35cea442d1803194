//! Who leaves: signed out at once, and for good.

use std::time::Duration;

use hazebot_core::ids::UserId;
use hazebot_e2e::{PATIENCE, client::Client};

use crate::stage::Stage;

/// Asks until the API answers with this status.
async fn answers(caller: &Client, wanted: u16) {
    let asked = async {
        while caller.get("/api/auth/me").await.unwrap().0 != wanted {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asked)
        .await
        .unwrap_or_else(|_| panic!("the API never answered {wanted}"));
}

#[tokio::test]
async fn who_leaves_the_guild_is_signed_out_and_stays_so_after_coming_back() {
    let stage = Stage::start().await;
    let (finn, guild) = (stage.finn(), stage.people.guild);
    let caller = stage.caller(finn.id()).await;
    answers(&caller, 200).await;
    finn.leaves(guild).unwrap();
    answers(&caller, 401).await;
    finn.joins(guild).unwrap();
    let (home, user) = (stage.program.bot().home(), UserId::new(finn.id().get()));
    let back = async {
        while stage.program.bot().directory().member(home, user).is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, back).await.expect("he is back");
    let anew = stage.caller(finn.id()).await;
    answers(&anew, 200).await;
    assert_eq!(
        caller.get("/api/auth/me").await.unwrap().0,
        401,
        "the session of before is revoked"
    );
    stage.end().await;
}
