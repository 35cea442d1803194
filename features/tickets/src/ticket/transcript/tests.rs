//! Tests of all forms of a transcript.

use std::collections::HashMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hazebot_core::clock::from_millis;
use sha2::{Digest as _, Sha256};
use twilight_model::id::Id;

use super::*;
use crate::ticket::{Status, message::StaffRole, tests::ticket};

const EVIL: &str = "<script>alert('x')</script> \" onload=\"x ![x](https://tracker.example/p.png)";

fn message(kind: Kind, content: &str, display: Option<&str>) -> Message {
    Message {
        id: Id::new(1),
        author: Id::new(303),
        author_name: "finn_reed".into(),
        author_avatar: None,
        role: None,
        kind,
        content: content.into(),
        display_content: display.map(Into::into),
        sent_at: from_millis(1_700_000_000_000),
        edited_at: None,
    }
}

fn transcript(messages: Vec<Message>) -> Transcript {
    let label = |text: &str| text.to_owned();
    Transcript {
        ticket: ticket(Status::Closed),
        messages,
        files: HashMap::new(),
        names: Names {
            users: HashMap::from([("302".to_owned(), "Moss".to_owned())]),
            ..Names::default()
        },
        labels: Labels {
            language: label("en"),
            title: label("Ticket #7"),
            kind: label("Type"),
            subject: label("Subject"),
            creator: label("Creator"),
            handler: label("Handler"),
            assigned: label("Assigned"),
            opened: label("Opened"),
            closed: label("Closed"),
            closing: label("Closing"),
            messages: label("Messages"),
            edited: label("edited"),
            staff: label("Team"),
            no_text: label("(no text)"),
            file: label("File"),
            file_missing: label("not kept"),
        },
    }
}

fn written(transcript: &Transcript, format: Format) -> String {
    String::from_utf8(transcript.render(format).unwrap()).unwrap()
}

/// C04: byte for byte, with skin tones and text from right to left.
#[test]
fn as_text_it_is_utf8_with_a_mark_and_one_line_per_message() {
    let mut changed = message(Kind::Member, "", None);
    changed.edited_at = Some(from_millis(1_700_000_060_000));
    let whole = transcript(vec![
        message(
            Kind::Member,
            "Grüße 👋🏽 日本語 ‏עברית <@302> and <@!9>, <@&5> <@x>",
            None,
        ),
        message(Kind::Relay, "**[finn_reed]:** from the app", Some("from the app")),
        changed,
    ]);
    let expected = "\u{feff}Ticket #7 - Support\nCreator: finn_reed (303)\nSubject: Lamp\n\n\
        [2023-11-14 22:13] finn_reed: Grüße 👋🏽 日本語 ‏עברית @Moss and @User 9, @Role 5 <@x>\n\
        [2023-11-14 22:13] finn_reed: from the app\n\
        [2023-11-14 22:13] finn_reed: [Attachment/Embed] (edited)\n";
    assert_eq!(written(&whole, Format::Txt), expected);
}

/// T-13, N-T1.
#[test]
fn on_the_page_nothing_that_people_wrote_is_markup() {
    let mut evil = message(Kind::Member, EVIL, None);
    evil.author_name = EVIL.to_owned();
    let mut whole = transcript(vec![evil]);
    EVIL.clone_into(&mut whole.ticket.subject);
    whole.ticket.close_message = Some(EVIL.to_owned());
    let page = written(&whole, Format::Html);
    for markup in ["<script", "<img", "onload=\"", "src="] {
        assert!(!page.contains(markup), "{markup}: {page}");
    }
    assert_eq!(page.matches("&#60;script&#62;").count(), 4, "{page}");
}

/// C04.
#[test]
fn the_page_says_its_encoding_and_allows_its_own_style_only() {
    let mut staff = message(Kind::Member, "Grüße 👋🏽 日本語 ‏עברית", None);
    staff.role = Some(StaffRole::Moderator);
    let page = written(&transcript(vec![staff]), Format::Html);
    assert!(page.contains("<meta charset=\"utf-8\">") && page.contains("Grüße 👋🏽 日本語 ‏עברית"));
    assert!(page.contains("<span class=\"staff\">Team</span>"), "{page}");
    let style = page
        .split_once("<style>")
        .and_then(|(_, rest)| rest.split_once("</style>"))
        .unwrap()
        .0;
    let hash = BASE64_STANDARD.encode(Sha256::digest(style.as_bytes()));
    assert!(PAGE_POLICY.contains(&format!("'sha256-{hash}'")), "{hash}");
}

#[test]
fn as_data_ids_are_strings_and_relayed_text_has_no_prefix() {
    let whole = transcript(vec![message(Kind::Relay, "**[finn_reed]:** hi", Some("hi"))]);
    let data: serde_json::Value = serde_json::from_slice(&whole.render(Format::Json).unwrap()).unwrap();
    let at = |pointer: &str| data.pointer(pointer).unwrap();
    assert_eq!(at("/ticket/user_id"), "303");
    assert_eq!(at("/messages/0/content"), "hi");
    assert_eq!(at("/messages/0/sent_at"), "2023-11-14T22:13:20.000+00:00");
}

fn enclosed(name: &str, state: FileState, picture: Option<&[u8]>) -> Enclosed {
    Enclosed {
        file: File {
            id: Id::new(8),
            message: Id::new(1),
            name: name.to_owned(),
            size: 11 * 1024 * 1024,
            claimed_type: None,
            found_type: picture.map(|_| "image/png".to_owned()),
            url: format!("https://cdn.example/{name}?ex=1"),
            state,
            tries: 0,
        },
        picture: picture.map(Into::into),
    }
}

/// C05: what was kept of a file is in the transcript, and what was not is said.
#[test]
fn files_are_shown_or_named_and_their_addresses_that_run_out_are_not() {
    let content = "look\nhttps://cdn.example/lamp.png?ex=2&hm=3&\nhttps://cdn.example/film.mp4?ex=2";
    let mut whole = transcript(vec![message(Kind::Member, content, None)]);
    let files = vec![
        enclosed("lamp.png", FileState::Stored, Some(b"pixels")),
        enclosed("film.mp4", FileState::TooLarge, None),
    ];
    whole.files.insert(Id::new(1), files);
    let text = written(&whole, Format::Txt);
    let lines = "finn_reed: look\n    [File: lamp.png, 11.0 MiB]\n    [File: film.mp4, 11.0 MiB, not kept]\n";
    assert!(text.ends_with(lines), "{text}");
    let page = written(&whole, Format::Html);
    let picture = format!(
        "<img src=\"data:image/png;base64,{}\"",
        BASE64_STANDARD.encode("pixels")
    );
    assert!(
        page.contains(&picture) && page.contains("film.mp4, 11.0 MiB, not kept"),
        "{page}"
    );
    assert!(!page.contains("cdn.example"), "{page}");
    assert!(PAGE_POLICY.contains("img-src data:;"));
    let data: serde_json::Value = serde_json::from_str(&written(&whole, Format::Json)).unwrap();
    assert_eq!(data.pointer("/messages/0/content").unwrap(), "look");
    assert_eq!(
        data.pointer("/messages/0/attachments/1/state").unwrap(),
        "too_large"
    );
}

#[test]
fn a_files_name_is_no_markup() {
    let mut whole = transcript(vec![message(Kind::Member, "", None)]);
    let files = vec![
        enclosed(EVIL, FileState::Stored, Some(b"x")),
        enclosed(EVIL, FileState::Gone, None),
    ];
    whole.files.insert(Id::new(1), files);
    let page = written(&whole, Format::Html);
    for markup in ["<script", "onload=\""] {
        assert!(!page.contains(markup), "{markup}: {page}");
    }
}

#[test]
fn each_round_has_a_file_of_its_own() {
    let mut ticket = ticket(Status::Closed);
    assert_eq!(Transcript::file(&ticket, Format::Html), "ticket-7.html");
    ticket.reopen_count = 2;
    assert_eq!(Transcript::file(&ticket, Format::Txt), "ticket-7-reopened-2.txt");
}
