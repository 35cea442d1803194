//! The sockets, with a client that speaks the protocol over a real connection.

#![expect(clippy::indexing_slicing, reason = "tests may stop at what is wrong")]

use std::{net::SocketAddr, sync::Arc};

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;

use super::{JoinRefused, MAX_ROOMS, STAFF_ROOM, SocketCx};
use crate::{
    Server,
    socket_client::{Client, PATIENCE},
    testing::{ADA, FINN, MOSS, World},
};

/// A join by the rules that a feature follows.
async fn join(cx: SocketCx, data: Value) {
    let Some(subject) = data.get("ticket_id").and_then(Value::as_str) else {
        return cx.error("ticket_id required");
    };
    match cx.proven_member(&data, subject).await {
        Ok(Some(user)) => match cx.join(&format!("ticket_{subject}"), Some(user)) {
            Ok(()) => cx.emit(
                "joined_ticket",
                &json!({"ticket_id": subject, "user": user.to_string()}),
            ),
            Err(refused) => cx.error(&refused.to_string()),
        },
        Ok(None) => cx.error("not proven"),
        Err(error) => cx.error(&error.to_string()),
    }
}

async fn leave(cx: SocketCx, data: Value) {
    let room = format!("ticket_{}", data["ticket_id"].as_str().unwrap_or_default());
    cx.leave(&room);
    cx.emit("left_ticket", &json!({"room": room}));
}

async fn served() -> (World, Server, SocketAddr) {
    let world = World::new(|_| Vec::new()).await;
    let sockets = world.api.sockets();
    sockets.on("join_ticket", join);
    sockets.on("leave_ticket", leave);
    sockets.on("echo", async |cx: SocketCx, data| cx.emit("echo", &data));
    sockets.on("panic", async |_: SocketCx, _| {
        std::hint::black_box(None::<()>).unwrap();
    });
    sockets.on_for_cog(
        "TicketSystem",
        world.gates.of("TicketSystem"),
        "cog",
        async |cx: SocketCx, data| {
            cx.emit("cog", &data);
        },
    );
    let server = Server::new("127.0.0.1".parse().unwrap(), 0);
    let address = server.serve(world.app.clone()).await.unwrap();
    (world, server, address)
}

/// Waits for the server to notice, by asking the same connection or by looking again.
async fn until(condition: impl Fn() -> bool) {
    tokio::time::timeout(PATIENCE, async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the condition in time");
}

#[tokio::test]
async fn the_handshake_is_that_of_the_contract() {
    let (_world, _server, address) = served().await;
    let client = Client::connect(address, "").await;
    assert_eq!(client.open["pingInterval"], json!(25_000));
    assert_eq!(client.open["pingTimeout"], json!(20_000));
    assert_eq!(client.open["upgrades"], json!([]));
    assert!(client.open["sid"].is_string() && client.open["maxPayload"].is_number());
}

#[tokio::test]
async fn another_protocol_version_is_refused_in_json() {
    let world = World::new(|_| Vec::new()).await;
    for query in ["EIO=3&transport=websocket", "transport=polling"] {
        let request = Request::get(format!("/socket.io/?{query}"))
            .body(Body::empty())
            .unwrap();
        let answer = world.send(request).await;
        assert_eq!(answer.status, 400);
        assert!(answer.json.as_str().unwrap().contains("unsupported version"));
    }
}

#[tokio::test]
async fn polling_works_and_offers_the_upgrade() {
    let world = World::new(|_| Vec::new()).await;
    let request = Request::get("/socket.io/?EIO=4&transport=polling")
        .body(Body::empty())
        .unwrap();
    let answer = world.send(request).await;
    assert_eq!(
        (
            answer.status.as_u16(),
            answer.header("access-control-allow-origin")
        ),
        (200, "*")
    );
    let open: Value = serde_json::from_slice(answer.body.strip_prefix(b"0").unwrap()).unwrap();
    assert_eq!(open["upgrades"], json!(["websocket"]));
}

#[tokio::test]
async fn odd_events_are_ignored_and_acknowledgements_are_empty() {
    let (_world, _server, address) = served().await;
    let mut client = Client::connect(address, "").await;
    for odd in [r#"42["no_such_event",{"x":1}]"#, r#"42["leave_ticket"]"#] {
        client.send(odd).await;
    }
    assert_eq!(client.event().await.0, "left_ticket");
    for odd in [
        r#"42["join_ticket"]"#,
        r#"42["join_ticket","text"]"#,
        r#"42["join_ticket",[1]]"#,
    ] {
        client.send(odd).await;
        assert_eq!(
            client.event().await,
            ("error".to_owned(), json!({"message": "ticket_id required"})),
            "{odd}"
        );
    }
    client.send(r#"427["echo",{"a":1}]"#).await;
    let answers = [client.text().await.unwrap(), client.text().await.unwrap()];
    assert!(answers.contains(&"437[]".to_owned()), "{answers:?}");
    assert!(
        answers.contains(&r#"42["echo",{"a":1}]"#.to_owned()),
        "{answers:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_right_after_the_connection_is_not_lost() {
    let (_world, _server, address) = served().await;
    for number in 0..50 {
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
        let (stream, _) = connect_async(url).await.unwrap();
        let mut client = Client {
            stream,
            open: Value::Null,
        };
        client.send("40").await;
        while !client.text().await.unwrap().starts_with("40") {}
        client.emit("echo", &json!({"number": number})).await;
        while client.event().await != ("echo".to_owned(), json!({"number": number})) {}
    }
}

#[tokio::test]
async fn events_of_one_connection_are_answered_in_order() {
    let (_world, _server, address) = served().await;
    let mut client = Client::connect(address, "").await;
    for number in 0..60 {
        client.emit("echo", &json!({"number": number})).await;
    }
    for number in 0..60 {
        assert_eq!(client.event().await.1, json!({"number": number}));
    }
}

#[tokio::test]
async fn a_handler_that_panics_ends_neither_connection_nor_server() {
    let (_world, _server, address) = served().await;
    let mut client = Client::connect(address, "").await;
    client.emit("panic", &json!({})).await;
    assert_eq!(
        client.event().await,
        ("error".to_owned(), json!({"message": "Internal server error"}))
    );
    client.emit("echo", &json!({"still": "here"})).await;
    assert_eq!(client.event().await.0, "echo");
}

/// X100, X101.
#[tokio::test]
async fn a_claimed_name_needs_proof_from_the_same_place() {
    let (world, _server, address) = served().await;
    let claim = json!({"ticket_id": "t1", "user_id": FINN.to_string()});
    let mut client = Client::connect(address, "").await;
    client.emit("join_ticket", &claim).await;
    assert_eq!(
        client.event().await,
        ("error".to_owned(), json!({"message": "not proven"}))
    );
    client.emit("join_ticket", &json!({"ticket_id": "t1"})).await;
    assert_eq!(client.event().await.0, "error");

    let token = world.token(FINN).await;
    let caller = world
        .api
        .auth()
        .authenticate_token(&token, "127.0.0.1".parse().unwrap())
        .await
        .unwrap();
    world.api.grants().record(&caller, "t1");
    client.emit("join_ticket", &claim).await;
    assert_eq!(
        client.event().await.1,
        json!({"ticket_id": "t1", "user": FINN.to_string()})
    );
    client
        .emit(
            "join_ticket",
            &json!({"ticket_id": "t2", "user_id": FINN.to_string()}),
        )
        .await;
    assert_eq!(client.event().await.0, "error", "the proof is of one ticket");
    client
        .emit(
            "join_ticket",
            &json!({"ticket_id": "t1", "user_id": MOSS.to_string()}),
        )
        .await;
    assert_eq!(client.event().await.0, "error", "and of one member");
}

#[tokio::test]
async fn a_token_counts_more_than_a_claim() {
    let (world, _server, address) = served().await;
    let token = world.token(FINN).await;
    let mut client = Client::connect(address, &json!({"token": token}).to_string()).await;
    client
        .emit(
            "join_ticket",
            &json!({"ticket_id": "t1", "user_id": MOSS.to_string()}),
        )
        .await;
    assert_eq!(client.event().await.1["user"], json!(FINN.to_string()));
    assert!(world.api.sockets().is_viewing("ticket_t1", FINN));
    assert!(!world.api.sockets().is_viewing("ticket_t1", MOSS));
}

#[tokio::test]
async fn a_bad_token_is_told_and_the_connection_goes_on_without() {
    let (_world, _server, address) = served().await;
    let mut client = Client::connect(address, r#"{"token":"a.b.c"}"#).await;
    assert_eq!(
        client.event().await,
        ("error".to_owned(), json!({"message": "token_invalid"}))
    );
    client.emit("echo", &json!({})).await;
    assert_eq!(client.event().await.0, "echo");
}

#[tokio::test]
async fn a_room_hears_what_is_said_in_it_and_staff_have_theirs() {
    let (world, _server, address) = served().await;
    let sockets = world.api.sockets().clone();
    let mut finn = Client::connect(address, &json!({"token": world.token(FINN).await}).to_string()).await;
    let mut ada = Client::connect(address, &json!({"token": world.token(ADA).await}).to_string()).await;
    finn.emit("join_ticket", &json!({"ticket_id": "t1"})).await;
    assert_eq!(finn.event().await.0, "joined_ticket");
    until(|| sockets.is_viewing(STAFF_ROOM, ADA)).await;
    sockets
        .emit("ticket_t1", "ticket_update", &json!({"ticket_id": "t1"}))
        .await;
    sockets
        .emit(STAFF_ROOM, "tickets_changed", &json!({"ticket_id": "t1"}))
        .await;
    assert_eq!(finn.event().await.0, "ticket_update");
    assert_eq!(ada.event().await.0, "tickets_changed");
    finn.emit("leave_ticket", &json!({"ticket_id": "t1"})).await;
    assert_eq!(finn.event().await.0, "left_ticket");
    sockets.emit("ticket_t1", "ticket_update", &json!({})).await;
    finn.emit("echo", &json!({})).await;
    assert_eq!(
        finn.event().await.0,
        "echo",
        "nothing came from the room that was left"
    );
}

/// X105.
#[tokio::test]
async fn a_member_views_a_ticket_until_the_last_connection_is_gone() {
    let (world, _server, address) = served().await;
    let sockets = world.api.sockets().clone();
    let auth = json!({"token": world.token(FINN).await}).to_string();
    let mut phone = Client::connect(address, &auth).await;
    let mut tablet = Client::connect(address, &auth).await;
    for client in [&mut phone, &mut tablet] {
        client.emit("join_ticket", &json!({"ticket_id": "t1"})).await;
        assert_eq!(client.event().await.0, "joined_ticket");
    }
    assert_eq!((sockets.count(), sockets.viewers("ticket_t1").len()), (2, 1));
    phone.send("41").await;
    drop(phone);
    until(|| sockets.count() == 1).await;
    assert!(sockets.is_viewing("ticket_t1", FINN), "the tablet still shows it");
    drop(tablet);
    until(|| sockets.count() == 0).await;
    assert!(!sockets.is_viewing("ticket_t1", FINN));
}

/// X109.
#[tokio::test]
async fn who_lost_access_hears_nothing_more_on_an_open_connection() {
    let (world, _server, address) = served().await;
    let sockets = world.api.sockets().clone();
    let mut moss = Client::connect(address, &json!({"token": world.token(MOSS).await}).to_string()).await;
    for ticket in ["t1", "t2"] {
        moss.emit("join_ticket", &json!({"ticket_id": ticket})).await;
        assert_eq!(moss.event().await.0, "joined_ticket");
    }
    assert_eq!(
        sockets.evict(MOSS, |room| room != "ticket_t2"),
        2,
        "the ticket and the staff room"
    );
    sockets
        .emit("ticket_t1", "ticket_update", &json!({"ticket_id": "t1"}))
        .await;
    sockets
        .emit("ticket_t2", "ticket_update", &json!({"ticket_id": "t2"}))
        .await;
    assert_eq!(moss.event().await.1["ticket_id"], json!("t2"));
}

#[tokio::test]
async fn a_connection_whose_session_has_ended_belongs_to_nobody() {
    let (world, _server, address) = served().await;
    let token = world.token(MOSS).await;
    let mut moss = Client::connect(address, &json!({"token": token}).to_string()).await;
    moss.emit("join_ticket", &json!({"ticket_id": "t1"})).await;
    assert_eq!(moss.event().await.0, "joined_ticket");
    assert_eq!(
        world.post("/api/auth/logout", &token, &json!({})).await.status,
        200
    );
    assert!(!world.api.sockets().is_viewing("ticket_t1", MOSS));
    world
        .api
        .sockets()
        .emit("ticket_t1", "ticket_update", &json!({}))
        .await;
    moss.emit(
        "join_ticket",
        &json!({"ticket_id": "t1", "user_id": MOSS.to_string()}),
    )
    .await;
    assert_eq!(
        moss.event().await,
        ("error".to_owned(), json!({"message": "not proven"}))
    );
}

/// X108.
#[tokio::test]
async fn rooms_and_joins_of_a_connection_are_limited() {
    let (world, _server, address) = served().await;
    let mut finn = Client::connect(address, &json!({"token": world.token(FINN).await}).to_string()).await;
    let mut refused = Vec::new();
    for number in 0..=MAX_ROOMS {
        finn.emit("join_ticket", &json!({"ticket_id": number.to_string()}))
            .await;
        let (event, data) = finn.event().await;
        if event == "error" {
            refused.push(data["message"].clone());
        }
    }
    assert_eq!(refused, [json!(JoinRefused::TooManyRooms.to_string())]);
    finn.emit("join_ticket", &json!({"ticket_id": "0"})).await;
    assert_eq!(finn.event().await.0, "joined_ticket", "joining again is no error");
    for _ in 0..9 {
        finn.emit("join_ticket", &json!({"ticket_id": "0"})).await;
    }
    let mut last = (String::new(), Value::Null);
    for _ in 0..9 {
        last = finn.event().await;
    }
    assert_eq!(
        last,
        (
            "error".to_owned(),
            json!({"message": JoinRefused::TooOften.to_string()})
        )
    );
}

#[tokio::test]
async fn events_of_a_cog_that_is_not_loaded_are_refused() {
    let (world, _server, address) = served().await;
    let mut client = Client::connect(address, "").await;
    client.emit("cog", &json!({})).await;
    assert_eq!(
        client.event().await,
        (
            "error".to_owned(),
            json!({"message": "TicketSystem is not loaded"})
        )
    );
    world.load("TicketSystem").await;
    client.emit("cog", &json!({})).await;
    assert_eq!(client.event().await.0, "cog");
}

#[tokio::test]
async fn closing_all_ends_the_transport_and_new_connections_are_welcome() {
    let (world, _server, address) = served().await;
    let mut client = Client::connect(address, "").await;
    let sockets = world.api.sockets().clone();
    let closing = tokio::spawn(async move { sockets.close_all().await });
    let mut frames = Vec::new();
    while let Some(frame) = client.text().await {
        frames.push(frame);
    }
    assert!(
        !frames.iter().any(|frame| frame.starts_with("41")),
        "it would keep clients from coming back"
    );
    drop(client);
    tokio::time::timeout(PATIENCE, closing).await.unwrap().unwrap();
    let mut again = Client::connect(address, "").await;
    again.emit("echo", &json!({})).await;
    assert_eq!(again.event().await.0, "echo");
}

#[tokio::test]
async fn a_closed_connection_leaves_nothing_behind() {
    let (world, _server, address) = served().await;
    let sockets = world.api.sockets().clone();
    let client = Client::connect(address, "").await;
    let connection = sockets.0.connections.lock().values().next().cloned().unwrap();
    let weak = Arc::downgrade(&connection);
    drop((connection, client));
    until(|| weak.upgrade().is_none()).await;
}
