//! The path once more on PostgreSQL: on the server of `HAZEBOT_TEST_POSTGRES`, where the test may make databases.

use hazebot_core::sqlx::{self, AssertSqlSafe, Connection, PgConnection};
use hazebot_tickets::ticket::{Draft, Origin};
use http::StatusCode;
use serde_json::json;

use crate::{
    scene::{DESCRIPTION, Opened, Scene},
    work::wait_for_history,
};

#[tokio::test]
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
async fn the_whole_path_works_on_postgresql_too() {
    let Ok(server) = std::env::var("HAZEBOT_TEST_POSTGRES") else {
        println!("skipped: HAZEBOT_TEST_POSTGRES is not set");
        return;
    };
    let name = format!("hazebot_tickets_{}", std::process::id());
    let mut admin = PgConnection::connect(&server).await.unwrap();
    // The name is made above, of letters and digits.
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut admin)
        .await
        .unwrap();
    let mut url = url::Url::parse(&server).unwrap();
    url.set_path(&name);
    {
        let scene = Scene::start_on(url.as_str()).await;
        play(&scene).await;
        scene.store.close().await;
    }
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    sqlx::raw_sql(AssertSqlSafe(drop))
        .execute(&mut admin)
        .await
        .unwrap();
}

async fn play(scene: &Scene) {
    let openings = (0..20).map(|_| {
        let (tickets, guild, actor) = (scene.tickets.clone(), scene.guild, scene.actor(scene.people.finn));
        let draft = Draft {
            kind: "Bug".into(),
            subject: "Many".into(),
            description: DESCRIPTION.into(),
        };
        tokio::spawn(async move { tickets.open(guild, &actor, draft, Origin::Api).await.is_ok() })
    });
    let mut opened = 0;
    for opening in openings.collect::<Vec<_>>() {
        opened += usize::from(opening.await.unwrap());
    }
    assert_eq!(opened, 1);
    let ticket = scene.opened("ticket-1-bug-somebody").await;
    let (finn, admin) = (scene.people.finn, scene.people.admin);
    scene.finn().says(ticket.channel, "any news?").unwrap();
    wait_for_history(scene, &ticket, "any news?").await;
    let me = json!({ "user_id": admin.to_string() });
    assert_eq!(
        scene.post(&ticket.path("/claim"), admin, me).await.0,
        StatusCode::OK
    );
    assert_eq!(
        scene
            .post(&ticket.path("/messages"), finn, json!({ "content": "hi" }))
            .await
            .0,
        StatusCode::OK
    );
    assert_eq!(scene.history(&ticket, finn).await.len(), 4);
    for (query, found) in [("any+new", 1), ("%231", 1), ("nowhere", 0)] {
        let path = format!("/api/tickets/search?q={query}");
        for who in [finn, admin] {
            let (status, body) = scene.get(&path, who).await;
            assert_eq!(status, StatusCode::OK, "{body}");
            assert_eq!(
                body["results"].as_array().unwrap().len(),
                found,
                "{query}: {body}"
            );
        }
    }
    scene
        .finn()
        .uploads(ticket.channel, "a file", "a.txt", "content")
        .unwrap();
    wait_for_history(scene, &ticket, "a file").await;
    scene.jobs().await;
    assert_eq!(
        scene.history(&ticket, finn).await[4]["attachments"][0]["state"],
        "stored"
    );
    work_on(scene, &ticket).await;
    assert_eq!(
        scene.post(&ticket.path("/close"), finn, json!({})).await.0,
        StatusCode::OK
    );
    scene.jobs().await;
    assert_eq!(scene.admin().sees(scene.people.channels.transcripts).len(), 1);
    assert_eq!(
        scene.call("POST", &ticket.path("/reopen"), finn, None).await.0,
        StatusCode::OK
    );
    assert_eq!(
        scene.call("DELETE", &ticket.path(""), admin, None).await.0,
        StatusCode::OK
    );
    assert!(scene.sim.channel(ticket.channel).is_none());
    let (_, stats) = scene.get("/api/tickets/stats", admin).await;
    assert_eq!(stats["types"][0]["opened"], 1, "{stats}");
    let again = scene.post(
        "/api/tickets",
        finn,
        json!({ "type": "Bug", "subject": "abc", "description": DESCRIPTION }),
    );
    assert_eq!(again.await.0, StatusCode::TOO_MANY_REQUESTS);
}

/// Everything that staff put on a ticket.
async fn work_on(scene: &Scene, ticket: &Opened) {
    let (admin, friend) = (scene.people.admin, scene.people.members[3]);
    let path = |rest: &str| ticket.path(rest);
    for (method, path, body) in [
        ("POST", path("/notes"), json!({ "text": "call him" })),
        ("PUT", path("/priority"), json!({ "priority": "high" })),
        ("PUT", path("/tags"), json!({ "tags": ["b", "a"] })),
        ("PUT", path("/tags"), json!({ "tags": ["c", "a"] })),
        (
            "POST",
            path("/participants"),
            json!({ "user_id": friend.to_string() }),
        ),
        (
            "PUT",
            "/api/tickets/replies/hi".to_owned(),
            json!({ "text": "one" }),
        ),
        (
            "PUT",
            "/api/tickets/replies/hi".to_owned(),
            json!({ "text": "two" }),
        ),
        ("POST", path("/replies"), json!({ "name": "hi" })),
        ("POST", path("/close-request"), json!({ "hours": 2 })),
    ] {
        let (status, told) = scene.call(method, &path, admin, Some(body)).await;
        assert!(status.is_success(), "{method} {path}: {told}");
    }
    let (_, one) = scene.get(&ticket.path(""), admin).await;
    assert_eq!(
        (&one["tags"], &one["priority"], &one["participants"][0]["user_id"]),
        (&json!(["a", "c"]), &json!("high"), &json!(friend.to_string()))
    );
    assert!(one["close_request"]["closes_at"].is_string());
    assert_eq!(
        scene.get("/api/tickets?tag=c&priority=high", admin).await.1["total"],
        1
    );
    assert_eq!(scene.get("/api/tickets/my", friend).await.1["total"], 1);
    scene.after(chrono::Duration::minutes(1)).await;
    for path in [path(&format!("/participants/{friend}")), path("/close-request")] {
        let (status, told) = scene.call("DELETE", &path, admin, None).await;
        assert!(status.is_success(), "{path}: {told}");
    }
    assert_eq!(scene.get("/api/tickets/my", friend).await.1["total"], 0);
}
