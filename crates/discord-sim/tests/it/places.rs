//! What a browser does in forums, with threads and invitations, and with forms that take files.

use discord_sim::{BotRights, Id};
use reqwest::Method;
use serde_json::{Value, json};
use twilight_gateway::{Event, Intents};
use twilight_model::application::interaction::modal::ModalInteractionComponent as Part;
use twilight_model::application::interaction::{Interaction, InteractionData};

use crate::bot::Bot;
use crate::raw::{Raw, text};

/// "notes", as a browser sends a file.
const NOTES: &str = "bm90ZXM=";

/// A call of the control API as one person.
async fn call(raw: &Raw, user: Id, method: Method, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}/sim/users/{user}{path}", raw.sim.base_url());
    let request = raw.client.request(method.clone(), url);
    let request = if method == Method::GET {
        request
    } else {
        request.json(&body)
    };
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

#[tokio::test]
async fn a_person_posts_in_a_forum_and_sees_its_posts_the_liveliest_first() {
    let raw = Raw::start(BotRights::Administrator).await;
    let finn = raw.c.finn;
    let body = json!({ "name": "help", "type": 15, "available_tags": [{ "name": "open" }, { "name": "done", "moderated": true }] });
    let forum = raw
        .ok(Method::POST, &format!("/guilds/{}/channels", raw.c.guild), body)
        .await;
    let (open, done) = (
        text(&forum, "/available_tags/0/id"),
        text(&forum, "/available_tags/1/id"),
    );
    let place = format!("/channels/{}", text(&forum, "/id"));
    let threads = format!("{place}/threads");
    let post = async |body: Value| call(&raw, finn, Method::POST, &threads, body).await;
    let first = json!({ "name": "It rains", "content": "What now?", "tags": [open],
        "files": [{ "name": "notes.txt", "base64": NOTES }] });
    let (status, first) = post(first).await;
    assert_eq!((status, text(&first, "/applied_tags/0")), (200, open), "{first}");
    let (status, second) = post(json!({ "name": "The sun shines", "content": "At last." })).await;
    assert_eq!(status, 200, "{second}");
    for wrong in [
        json!({ "name": " ", "content": "x" }),
        json!({ "name": "x".repeat(101), "content": "x" }),
        json!({ "name": "x", "content": "x".repeat(2001) }),
        json!({ "name": "x", "content": "" }),
        json!({ "name": "x", "content": "x", "tags": [done] }),
        json!({ "content": "x" }),
    ] {
        let (status, answer) = post(wrong).await;
        assert!(status >= 400, "{answer}");
    }
    // An answer brings a post to the top.
    let answers = format!("/channels/{}/messages", text(&first, "/id"));
    let (status, _) = call(
        &raw,
        raw.c.owner,
        Method::POST,
        &answers,
        json!({ "content": "Wait." }),
    )
    .await;
    assert_eq!(status, 200);
    let (_, list) = call(&raw, finn, Method::GET, &format!("{place}/posts"), json!({})).await;
    let names = ["/0/thread/name", "/1/thread/name"].map(|at| text(&list, at));
    assert_eq!(names, ["It rains", "The sun shines"]);
    assert_eq!(text(&list, "/0/first/content"), "What now?");
    assert_eq!(text(&list, "/0/first/attachments/0/filename"), "notes.txt");
    // The first message alone may be deleted; the post stays.
    let gone = format!("/channels/{0}/messages/{0}", text(&second, "/id"));
    assert_eq!(call(&raw, finn, Method::DELETE, &gone, json!({})).await.0, 200);
    let (_, list) = call(&raw, finn, Method::GET, &format!("{place}/posts"), json!({})).await;
    assert_eq!(list.pointer("/1/first"), Some(&Value::Null));
    let (status, _) = call(
        &raw,
        raw.c.stranger,
        Method::GET,
        &format!("{place}/posts"),
        json!({}),
    )
    .await;
    assert_eq!(status, 403, "who is not in the server sees no posts");
}

#[tokio::test]
async fn a_thread_is_started_on_a_message_once() {
    let raw = Raw::start(BotRights::Administrator).await;
    let (finn, general) = (raw.c.finn, raw.c.channels.general);
    let message = raw.sim.as_user(finn).says(general, "Who plays?").unwrap();
    let path = format!("/channels/{general}/threads");
    let body = json!({ "name": "The game", "message": message });
    let (status, thread) = call(&raw, finn, Method::POST, &path, body.clone()).await;
    assert_eq!(
        (status, text(&thread, "/id")),
        (200, message.to_string().as_str())
    );
    // It begins with what the message says.
    let inside = format!("/channels/{message}/messages");
    let (_, inside) = call(&raw, finn, Method::GET, &inside, json!({})).await;
    assert_eq!(inside.pointer("/0/type"), Some(&json!(21)));
    assert_eq!(text(&inside, "/0/referenced_message/content"), "Who plays?");
    let (status, again) = call(&raw, finn, Method::POST, &path, body).await;
    assert_eq!((status, again.get("code")), (400, Some(&json!(160_004))));
}

#[tokio::test]
async fn an_invitation_is_looked_at_and_followed_by_somebody_from_outside() {
    let raw = Raw::start(BotRights::Administrator).await;
    let (stranger, general) = (raw.c.stranger, raw.c.channels.general);
    let path = format!("/channels/{general}/invites");
    let (status, made) = call(&raw, raw.c.owner, Method::POST, &path, json!({ "max_uses": 1 })).await;
    assert_eq!(status, 200, "{made}");
    let code = text(&made, "/code");
    assert_eq!(
        text(&made, "/url"),
        format!("{}/invite/{code}", raw.sim.base_url())
    );
    let page = raw.client.get(text(&made, "/url")).send().await.unwrap();
    assert!(
        page.text().await.unwrap().contains("Sandbox"),
        "the address leads to the page"
    );
    let invite = format!("/invites/{code}");
    let (_, seen) = call(&raw, stranger, Method::GET, &invite, json!({})).await;
    assert_eq!(seen.get("member"), Some(&json!(false)));
    let (status, joined) = call(&raw, stranger, Method::PUT, &invite, json!({})).await;
    assert_eq!(
        (status, text(&joined, "/guild")),
        (200, raw.c.guild.to_string().as_str())
    );
    assert!(raw.sim.read(|w| w.member(raw.c.guild, stranger).is_ok()));
    let (status, over) = call(&raw, stranger, Method::GET, &invite, json!({})).await;
    assert_eq!(
        (status, over.get("code")),
        (404, Some(&json!(10_006))),
        "it was good for one visit"
    );
    let (status, _) = call(&raw, raw.c.finn, Method::POST, "/channels/1/invites", json!({})).await;
    assert_eq!(status, 404);
}

fn interaction(event: &Event) -> Option<Interaction> {
    match event {
        Event::InteractionCreate(created) => Some(created.0.clone()),
        _ => None,
    }
}

#[tokio::test]
async fn files_of_a_form_reach_the_bot_with_their_content() {
    let raw = Raw::start(BotRights::Administrator).await;
    let (finn, general) = (raw.c.finn, raw.c.channels.general);
    let mut bot = Bot::start(&raw.sim, &raw.c, Intents::GUILDS).await;
    let button = json!({ "components": [{ "type": 1, "components": [{ "type": 2, "style": 1, "label": "Send", "custom_id": "send" }] }] });
    let sent = raw
        .ok(Method::POST, &format!("/channels/{general}/messages"), button)
        .await;
    let press = json!({ "message": text(&sent, "/id"), "custom_id": "send" });
    let components = format!("/channels/{general}/components");
    let form = json!({ "type": 9, "data": { "custom_id": "form", "title": "Files", "components": [{ "type": 18, "label": "Proof",
        "component": { "type": 19, "custom_id": "proof", "min_values": 1, "max_values": 2 } }] } });
    let shows = async |bot: &mut Bot, body: Value| {
        let got = bot.next(interaction).await;
        let path = format!("/interactions/{}/{}/callback", got.id, got.token);
        let (status, answer) = raw.send(Method::POST, &path, body).await;
        assert!(status < 300, "{answer}");
        got
    };
    let (pressed, _) = tokio::join!(
        call(&raw, finn, Method::POST, &components, press),
        shows(&mut bot, form)
    );
    let of = text(&pressed.1, "/modal/interaction");
    let file = json!({ "name": "notes.txt", "base64": NOTES });
    let submit = async |proof: Value| {
        let body = json!({ "interaction": of, "values": { "proof": proof } });
        call(&raw, finn, Method::POST, "/modals", body).await
    };
    for wrong in [
        json!([]),
        json!([file, file, file]),
        json!(["1"]),
        json!([{ "name": "x", "base64": "?" }]),
    ] {
        let (status, answer) = submit(wrong).await;
        assert_eq!(
            (status, answer.get("code")),
            (400, Some(&json!(50035))),
            "{answer}"
        );
    }
    let thanks = json!({ "type": 4, "data": { "content": "Thank you" } });
    let (submitted, got) = tokio::join!(submit(json!([file, file])), shows(&mut bot, thanks));
    assert_eq!(submitted.0, 200, "{}", submitted.1);
    let Some(InteractionData::ModalSubmit(data)) = got.data else {
        panic!("no form came")
    };
    let Some(Part::Label(label)) = data.components.first() else {
        panic!("no label in {:?}", data.components)
    };
    let Part::FileUpload(upload) = &*label.component else {
        panic!("no files in {label:?}")
    };
    assert_eq!(upload.values.len(), 2);
    let resolved = data.resolved.unwrap();
    for id in &upload.values {
        let attachment = resolved.attachments.get(id).unwrap();
        let content = raw.client.get(&attachment.url).send().await.unwrap();
        assert_eq!(
            (
                attachment.filename.as_str(),
                content.text().await.unwrap().as_str()
            ),
            ("notes.txt", "notes")
        );
    }
}
