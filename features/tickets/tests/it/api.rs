//! The routes: statuses, sentences and shapes of the contract.

use http::StatusCode;
use serde_json::json;

use crate::{
    scene::{DESCRIPTION, Scene},
    work::wait_for_history,
};

const UNKNOWN: &str = "/api/tickets/99999999-9999-4999-8999-999999999999";

/// X11.
#[tokio::test]
async fn all_three_listings_carry_all_fields_and_ids_are_strings() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let (_, list) = scene.get("/api/tickets", scene.people.admin).await;
    let (_, my) = scene.get("/api/tickets/my", scene.people.finn).await;
    let (_, one) = scene.get(&ticket.path(""), scene.people.finn).await;
    assert_eq!(list["tickets"][0], one);
    assert_eq!(my["tickets"][0], one);
    let mut keys: Vec<_> = one.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    let expected = [
        "assigned_to",
        "assigned_to_avatar",
        "assigned_to_name",
        "avatar_url",
        "channel_id",
        "claimed_by",
        "claimed_by_avatar",
        "claimed_by_name",
        "close_request",
        "closed_at",
        "created_at",
        "display_name",
        "initial_message",
        "participants",
        "priority",
        "reopen_count",
        "status",
        "tags",
        "ticket_id",
        "ticket_num",
        "type",
        "user_id",
        "username",
    ];
    assert_eq!(keys, expected);
    assert_eq!(one["user_id"], scene.people.finn.to_string());
    assert!(one["created_at"].as_str().unwrap().ends_with("+00:00"));
    let (_, closed) = scene.get("/api/tickets?status=CLOSED", scene.people.admin).await;
    let (_, nope) = scene.get("/api/tickets?status=nope", scene.people.admin).await;
    assert_eq!(
        (&closed["total"], &nope),
        (&json!(0), &json!({ "tickets": [], "total": 0 }))
    );
}

#[tokio::test]
async fn a_list_is_never_stale() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let before = scene.get("/api/tickets", scene.people.admin).await.1;
    assert_eq!(before["tickets"][0]["status"], "Open");
    let moderator = scene.people.moderators[0];
    scene
        .post(
            &ticket.path("/claim"),
            moderator,
            json!({ "user_id": moderator.to_string() }),
        )
        .await;
    let after = scene.get("/api/tickets", scene.people.admin).await.1;
    assert_eq!(after["tickets"][0]["status"], "Claimed");
    assert_eq!(after["tickets"][0]["claimed_by"], moderator.to_string());
}

/// T-08, X20, X21.
/// C02.
#[tokio::test]
async fn strangers_to_a_ticket_read_and_do_nothing() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let outsider = scene.people.members[3];
    let table = [
        ("GET", "", json!(null), 403, "Insufficient permissions"),
        ("GET", "/messages", json!(null), 403, "Insufficient permissions"),
        (
            "POST",
            "/messages",
            json!({ "content": "x" }),
            403,
            "You can only message your own tickets",
        ),
        (
            "POST",
            "/close",
            json!({}),
            403,
            "Insufficient permissions to close this ticket",
        ),
        ("POST", "/reopen", json!({}), 400, "Ticket is not closed"),
        (
            "PUT",
            "",
            json!({ "status": "Closed" }),
            403,
            "Insufficient permissions",
        ),
        ("DELETE", "", json!(null), 403, "Insufficient permissions"),
        (
            "POST",
            "/claim",
            json!({ "user_id": "1" }),
            403,
            "Insufficient permissions",
        ),
        (
            "POST",
            "/assign",
            json!({ "assigned_to": "1" }),
            403,
            "Insufficient permissions",
        ),
    ];
    for (method, path, body, status, sentence) in table {
        let body = (!body.is_null()).then_some(body);
        let (got, told) = scene.call(method, &ticket.path(path), outsider, body).await;
        assert_eq!(
            (got.as_u16(), &told["error"]),
            (status, &json!(sentence)),
            "{method} {path}"
        );
    }
    let (status, _) = scene.get("/api/tickets", outsider).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

/// X102.
#[tokio::test]
async fn an_unknown_ticket_is_404_on_every_route() {
    let scene = Scene::start().await;
    let admin = scene.people.admin;
    let me = json!({ "user_id": admin.to_string() });
    let table = [
        ("GET", "", None),
        ("GET", "/messages", None),
        ("POST", "/messages", Some(json!({ "content": "x" }))),
        ("POST", "/claim", Some(me)),
        (
            "POST",
            "/assign",
            Some(json!({ "assigned_to": admin.to_string() })),
        ),
        ("POST", "/close", None),
        ("POST", "/reopen", None),
        ("PUT", "", Some(json!({ "status": "Open" }))),
        ("DELETE", "", None),
    ];
    for (method, path, body) in table {
        for id in [UNKNOWN, "/api/tickets/nope"] {
            let (status, told) = scene
                .call(method, &format!("{id}{path}"), admin, body.clone())
                .await;
            assert_eq!(
                (status.as_u16(), &told["error"]),
                (404, &json!("Ticket not found")),
                "{method} {path}"
            );
        }
    }
}

/// X33.
#[tokio::test]
async fn wrong_input_has_the_sentences_of_the_contract() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let (finn, admin) = (scene.people.finn, scene.people.admin);
    let table = [
        ("POST", "/api/tickets".to_owned(), json!({}), "No data provided"),
        (
            "POST",
            "/api/tickets".into(),
            json!({ "type": "Bug" }),
            "Missing required fields: type, subject, description",
        ),
        (
            "POST",
            "/api/tickets".into(),
            json!({ "type": "Nope", "subject": "abc", "description": DESCRIPTION }),
            "Invalid ticket type. Must be one of: Application, Bug, Support",
        ),
        (
            "POST",
            ticket.path("/messages"),
            json!({ "content": " " }),
            "Message content required",
        ),
        (
            "POST",
            ticket.path("/messages"),
            json!({ "content": "x".repeat(1901) }),
            "Message too long (max 1900 characters)",
        ),
        ("POST", ticket.path("/claim"), json!({}), "user_id required"),
        (
            "POST",
            ticket.path("/assign"),
            json!({}),
            "assigned_to user_id required",
        ),
        (
            "POST",
            ticket.path("/assign"),
            json!({ "assigned_to": "abc" }),
            "Assigned user not found in guild",
        ),
        ("PUT", ticket.path(""), json!({}), "No data provided"),
        (
            "PUT",
            ticket.path(""),
            json!({ "status": "Whatever" }),
            "Invalid status. Must be one of: Open, Claimed, Closed",
        ),
        ("POST", ticket.path("/close"), json!([1]), "Invalid JSON body"),
    ];
    for (method, path, body, sentence) in table {
        let who = if path.ends_with("/api/tickets") || path.ends_with("messages") {
            finn
        } else {
            admin
        };
        let (status, told) = scene.call(method, &path, who, Some(body)).await;
        assert_eq!(
            (status.as_u16(), &told["error"]),
            (400, &json!(sentence)),
            "{method} {path}"
        );
    }
}

/// T-08, X23.
#[tokio::test]
async fn nobody_claims_for_somebody_else() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let body = json!({ "user_id": scene.people.moderators[0].to_string() });
    let (status, _) = scene.post(&ticket.path("/claim"), scene.people.admin, body).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(scene.status(&ticket).await, "Open");
}

/// T-14, X21.
#[tokio::test]
async fn an_edit_changes_the_ticket_and_its_buttons() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let body = json!({ "type": "Bug", "claimed_by": scene.people.admin.to_string() });
    let (status, told) = scene
        .call("PUT", &ticket.path(""), scene.people.admin, Some(body))
        .await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let (_, one) = scene.get(&ticket.path(""), scene.people.admin).await;
    assert_eq!((&one["type"], &one["status"]), (&json!("Bug"), &json!("Claimed")));
    let controls = scene.controls(ticket.channel).await;
    assert!(controls.text().contains("Bug") && controls.text().contains("Claimed"));
}

/// X34, X31.
#[tokio::test]
async fn a_closed_ticket_takes_messages_of_staff_only_and_shows_the_closing_at_once() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let (status, _) = scene
        .post(
            &ticket.path("/close"),
            scene.people.finn,
            json!({ "close_message": "works" }),
        )
        .await;
    assert_eq!(status, StatusCode::OK);
    let history = scene.history(&ticket, scene.people.finn).await;
    assert_eq!(
        history.last().unwrap()["content"],
        "Ticket successfully closed and archived. It will be deleted after 7 days.\n\n**Closing Message:** works"
    );
    let again = scene
        .post(&ticket.path("/close"), scene.people.finn, json!({}))
        .await;
    assert_eq!(
        (again.0.as_u16(), &again.1["error"]),
        (400, &json!("Ticket is already closed"))
    );
    let late = scene
        .post(
            &ticket.path("/messages"),
            scene.people.finn,
            json!({ "content": "one more" }),
        )
        .await;
    assert_eq!(
        (late.0.as_u16(), &late.1["error"]),
        (400, &json!("Ticket is closed"))
    );
    let staff = scene
        .post(
            &ticket.path("/messages"),
            scene.people.admin,
            json!({ "content": "for the record" }),
        )
        .await;
    assert_eq!(staff.0, StatusCode::OK);
}

/// T-10, X29.
#[tokio::test]
async fn the_settings_page_reads_changes_and_resets() {
    let scene = Scene::start().await;
    let (finn, admin) = (scene.people.finn, scene.people.admin);
    let defaults = json!({
        "categories": ["Application", "Bug", "Support"], "auto_delete_after_close_days": 7,
        "require_claim": false, "send_transcript_email": false, "transcript_email_address": ""
    });
    assert_eq!(scene.get("/api/config/tickets", finn).await.1, defaults);
    let wanted = json!({ "categories": ["Help: urgent"], "auto_delete_after_close_days": null, "require_claim": true });
    let (status, told) = scene
        .call("PUT", "/api/config/tickets", admin, Some(wanted))
        .await;
    assert_eq!(
        (status, &told["message"]),
        (
            StatusCode::OK,
            &json!("Ticket configuration updated successfully")
        )
    );
    let (_, now) = scene.get("/api/config/tickets", admin).await;
    assert_eq!(
        (&now["categories"], &now["auto_delete_after_close_days"]),
        (&json!(["Help: urgent"]), &json!(0))
    );
    // A type with a colon survives the form.
    let answer = scene.opens(&scene.finn(), "help: urgent", "Dark lamp").await;
    assert!(answer.text().contains("#1"), "{answer:?}");
    let wrong = json!({ "categories": [], "require_claim": false });
    let (status, _) = scene.call("PUT", "/api/config/tickets", admin, Some(wrong)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        scene.get("/api/config/tickets", admin).await.1["require_claim"],
        true
    );
    let (status, _) = scene
        .call(
            "PUT",
            "/api/config/tickets",
            finn,
            Some(json!({ "require_claim": false })),
        )
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    scene.post("/api/config/tickets/reset", admin, json!({})).await;
    assert_eq!(scene.get("/api/config/tickets", admin).await.1, defaults);
}

/// C02.
#[tokio::test]
async fn a_transcript_is_for_its_creator_and_staff_of_the_guild_only() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let path = ticket.path("/transcript");
    let status = async |who| scene.answer("GET", &path, who, None).await.0.status;
    let people = &scene.people;
    assert_eq!(status(None).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(Some(people.members[1])).await, StatusCode::FORBIDDEN);
    for who in [people.finn, people.moderators[0], people.admin] {
        assert_eq!(status(Some(who)).await, StatusCode::OK);
    }
    let (unknown, _) = scene.get(&format!("{UNKNOWN}/transcript"), people.admin).await;
    assert_eq!(unknown, StatusCode::NOT_FOUND);
    let (wrong, body) = scene
        .get(&ticket.path("/transcript?format=pdf"), people.admin)
        .await;
    assert_eq!(wrong, StatusCode::BAD_REQUEST, "{body}");
}

/// C04.
#[tokio::test]
async fn a_transcript_is_a_file_that_says_its_encoding_and_runs_nothing() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let said = "Grüße 👋🏽 日本語 ‏עברית <b>bold</b>";
    scene.finn().says(ticket.channel, said).unwrap();
    wait_for_history(&scene, &ticket, said).await;
    for (format, media, shown) in [
        (
            "html",
            "text/html; charset=utf-8",
            "Grüße 👋🏽 日本語 ‏עברית &#60;b&#62;bold&#60;/b&#62;",
        ),
        ("txt", "text/plain; charset=utf-8", said),
        ("json", "application/json; charset=utf-8", said),
    ] {
        let path = ticket.path(&format!("/transcript?format={format}"));
        let (head, bytes) = scene.answer("GET", &path, Some(scene.people.finn), None).await;
        assert_eq!(head.headers["content-type"], media);
        let disposition = head.headers["content-disposition"].to_str().unwrap();
        assert_eq!(disposition, format!("attachment; filename=\"ticket-1.{format}\""));
        let policy = head.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && policy.ends_with("sandbox"),
            "{policy}"
        );
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(text.contains(shown), "{format}: {text}");
    }
}
