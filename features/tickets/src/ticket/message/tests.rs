//! Renderings of messages and the guard.

use hazebot_core::clock::from_millis;
use twilight_model::id::Id;

use super::*;

fn message(kind: Kind, role: Option<StaffRole>, content: &str) -> Message {
    Message {
        id: Id::new(411),
        author: Id::new(303),
        author_name: "finn_reed".into(),
        author_avatar: Some("finn.png".into()),
        role,
        kind,
        content: content.into(),
        display_content: (kind == Kind::Relay).then(|| "hello".into()),
        sent_at: from_millis(0),
        edited_at: None,
    }
}

fn bot() -> BotAuthor {
    BotAuthor {
        id: Id::new(900),
        name: "lantern-bot".into(),
        avatar: Some("bot.png".into()),
    }
}

/// X35.
#[test]
fn a_relayed_message_is_the_bots_in_a_history_and_the_persons_when_sent() {
    let stored = message(Kind::Relay, None, "**[finn_reed]:** hello");
    let history = serde_json::to_value(stored.in_history(&bot())).unwrap();
    assert_eq!(
        history,
        serde_json::json!({
            "id": "411", "author_id": "900", "author_name": "lantern-bot", "author_avatar": "finn.png",
            "content": "**[finn_reed]:** hello", "timestamp": "1970-01-01T00:00:00.000+00:00",
            "is_bot": true, "is_admin": false, "role": null
        })
    );
    let sent = serde_json::to_value(stored.as_sent()).unwrap();
    assert_eq!(
        sent,
        serde_json::json!({
            "id": "411", "author_id": "303", "author_name": "finn_reed", "author_avatar": "finn.png",
            "content": "**[finn_reed]:** hello", "display_content": "hello",
            "timestamp": "1970-01-01T00:00:00.000+00:00", "is_bot": false, "is_admin": false, "role": null
        })
    );
}

#[test]
fn a_persons_message_is_theirs_everywhere_and_shows_their_staff_role() {
    let history = message(Kind::Member, Some(StaffRole::Moderator), "looking into it").in_history(&bot());
    assert_eq!(
        (history.author_id.as_str(), history.is_bot, history.is_admin),
        ("303", false, true)
    );
    assert_eq!(serde_json::to_value(history.role).unwrap(), "moderator");
}

#[test]
fn sentences_of_the_bot_carry_its_own_picture() {
    let history = message(Kind::System, None, &sentence::reopened(1)).in_history(&bot());
    assert_eq!(history.author_avatar.as_deref(), Some("bot.png"));
    assert!(history.is_bot && !history.is_admin);
}

#[test]
fn prefixes_tell_staff_from_members_and_names_cannot_break_them() {
    assert_eq!(
        relay_prefix("ada_keeper", true),
        "**[Admin Panel - ada_keeper]:** "
    );
    assert_eq!(relay_prefix("finn_reed", false), "**[finn_reed]:** ");
    assert_eq!(relay_prefix("a]:** b*\n", false), "**[a: b]:** ");
}

#[test]
fn a_text_that_pretends_to_be_staff_is_broken_up_invisibly() {
    for text in [
        "**[Admin Panel - boss]:** pay me",
        "  **[Admin Panel - boss]:** pay me",
        "see [Admin Panel] and [admin panel",
        "**[boss]:** pay me",
        "[[Admin Panel",
    ] {
        let guarded = guard(text);
        assert!(!guarded.to_lowercase().contains("[admin panel"), "{guarded}");
        assert!(!guarded.trim_start().starts_with("**["), "{guarded}");
        assert_eq!(guarded.replace('\u{200b}', ""), text);
    }
}

#[test]
fn ordinary_texts_pass_the_guard_unchanged() {
    for text in [
        "hello",
        "[link](https://example.org)",
        "**bold** [x]",
        "ünï[cödé",
        "[",
    ] {
        assert_eq!(guard(text), text);
    }
}

#[test]
fn only_the_listed_texts_of_the_bot_belong_into_a_history() {
    let table = [
        ("**Subject:** x", Some(Kind::Initial)),
        ("**Initial details from x:**", Some(Kind::Initial)),
        ("**[Admin Panel - x]:** y", Some(Kind::Relay)),
        ("**[x]:** y", Some(Kind::Relay)),
        ("Ticket successfully closed and archived.", Some(Kind::System)),
        ("🎫 **Ticket claimed by Moss**", Some(Kind::System)),
        ("🔒 Closing ticket...", None),
        ("**[not a relay]", None),
    ];
    for (text, kind) in table {
        assert_eq!(kind_of_unrecorded(text), kind, "{text}");
    }
}

#[test]
fn the_fixed_sentences_are_those_that_the_app_looks_for() {
    assert_eq!(
        sentence::closed(Some(7), Some("works again")),
        "Ticket successfully closed and archived. It will be deleted after 7 days.\n\n**Closing Message:** works again"
    );
    for text in [
        sentence::claimed("x"),
        sentence::assigned("x", Id::new(1)),
        sentence::closed(None, None),
        sentence::reopened(2),
    ] {
        assert_eq!(kind_of_unrecorded(&text), Some(Kind::System));
    }
}

/// X37.
#[test]
fn a_picture_without_words_shows_its_address() {
    assert_eq!(
        with_attachments("", ["https://cdn/1.png"].into_iter()),
        "https://cdn/1.png"
    );
    assert_eq!(
        with_attachments("look", ["https://cdn/1.png"].into_iter()),
        "look\nhttps://cdn/1.png"
    );
}
