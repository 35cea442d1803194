//! What the catalogue answers.

use serde_json::json;

use super::*;
use crate::{
    Actor, Clock, Entropy,
    settings::{Changes, general},
    store,
};

const EN: &str = "hello = Hello { $user }!\nonly-en = English\ncount = { $n ->\n    [one] one ticket\n   *[other] { $n } tickets\n }\ncmd-ticket = Opens a ticket\n    .name = ticket\nplain = Two\n    lines\n";
const DE: &str = "hello = Hallo { $user }!\ncount = { $n ->\n    [one] ein Ticket\n   *[other] { $n } Tickets\n }\ncmd-ticket = Öffnet ein Ticket\n    .name = anfrage\nplain = Zwei\n    Zeilen\n";
const GUILD: GuildId = GuildId::new(1);

fn texts() -> Texts {
    Texts::builder().add("en", EN).add("de", DE).build().unwrap()
}

#[test]
fn the_core_texts_are_the_same_in_all_languages() {
    assert_eq!(
        check_parity(&[("en", CORE_EN), ("de", CORE_DE)]),
        Vec::<String>::new()
    );
}

#[test]
fn the_reader_gets_their_language_and_english_where_it_lacks_a_text() {
    let texts = texts();
    let args = [("user", Arg::user("Finn"))];
    assert_eq!(texts.get(Locale::DE, None, "hello", &args), "Hallo Finn!");
    assert_eq!(
        texts.get(Locale::from_tag("en-GB"), None, "hello", &args),
        "Hello Finn!"
    );
    assert_eq!(
        texts.get(Locale::from_tag("fr"), None, "hello", &args),
        "Hello Finn!"
    );
    assert_eq!(texts.get(Locale::DE, None, "only-en", &[]), "English");
    assert_eq!(
        texts.get(Locale::DE, None, "count", &[("n", Arg::number(1))]),
        "ein Ticket"
    );
    assert_eq!(
        texts.get(Locale::EN, None, "count", &[("n", Arg::number(12_000))]),
        "12000 tickets"
    );
    assert_eq!(texts.get(None, None, "no-such-text", &[]), "no-such-text");
    assert_eq!(
        texts.attr(Locale::DE, "cmd-ticket", "name").as_deref(),
        Some("anfrage")
    );
    assert_eq!(texts.attr(Locale::DE, "cmd-ticket", "none"), None);
    assert_eq!(texts.locales(), [Locale::EN, Locale::DE]);
    assert_eq!(
        texts.source(Locale::EN, "hello").as_deref(),
        Some("Hello { $user }!")
    );
    assert_eq!(texts.source(Locale::EN, "plain").as_deref(), Some("Two\nlines"));
}

#[test]
fn what_people_wrote_is_escaped_and_what_we_wrote_is_not() {
    let texts = texts();
    assert_eq!(
        texts.get(Locale::EN, None, "hello", &[("user", Arg::user("**<@1>**"))]),
        r"Hello \*\*\<@1\>\*\*!"
    );
    assert_eq!(
        texts.get(Locale::EN, None, "hello", &[("user", Arg::raw("<@1>"))]),
        "Hello <@1>!"
    );
    let refusal = Refusal::invalid("hello", "No").with("user", "_x_");
    assert_eq!(texts.refusal(Some(Locale::DE), None, &refusal), r"Hallo \_x\_!");
    assert_eq!(
        texts.refusal(None, None, &Refusal::invalid("gone", "The sentence")),
        "The sentence"
    );
}

#[test]
fn sources_with_faults_are_refused_with_their_language() {
    let faults = Texts::builder()
        .add("en", "a = 1\na = 2\n")
        .add("de", "= x\n")
        .add("xx", "")
        .build()
        .unwrap_err();
    for part in ["en: ", "de: ", "xx: there is no such language"] {
        assert!(faults.to_string().contains(part), "{part} in {faults}");
    }
}

#[tokio::test]
async fn the_language_of_a_guild_counts_where_the_readers_is_unknown() {
    let (texts, settings) = (texts(), Settings::in_memory());
    texts.follow(&settings);
    let args = [("user", Arg::user("Finn"))];
    assert_eq!(texts.get(None, Some(GUILD), "hello", &args), "Hello Finn!");
    settings
        .change(
            &Actor::System,
            GUILD,
            Changes::new().set(&general::LANGUAGE, "de".into()),
        )
        .await
        .unwrap();
    assert_eq!(texts.get(None, Some(GUILD), "hello", &args), "Hallo Finn!");
    assert_eq!(texts.get(Locale::EN, Some(GUILD), "hello", &args), "Hello Finn!");
    assert_eq!(texts.get(None, None, "hello", &args), "Hello Finn!");
}

#[tokio::test]
async fn a_guild_can_say_a_text_its_own_way_and_take_it_back() {
    let store = Store::open("sqlite::memory:", Clock::system(), Entropy::seeded(1))
        .await
        .unwrap();
    let settings = Settings::new(store.clone());
    let open = || {
        let texts = texts();
        texts.keep_in(&store, &settings);
        texts
    };
    let texts = open();
    let args = [("user", Arg::user("Finn"))];
    let own = "*Hi* {user}\n- [x]\n{ $user }";
    texts
        .set_override(&Actor::System, GUILD, Locale::EN, "hello", Some(own))
        .await
        .unwrap();
    let expected = "*Hi* Finn\n- [x]\nFinn";
    assert_eq!(texts.get(Locale::EN, Some(GUILD), "hello", &args), expected);
    assert_eq!(texts.get(Locale::DE, Some(GUILD), "hello", &args), "Hallo Finn!");
    assert_eq!(
        texts.get(Locale::EN, Some(GuildId::new(2)), "hello", &args),
        "Hello Finn!"
    );
    let again = open();
    again.load_overrides(GUILD).await.unwrap();
    assert_eq!(again.get(Locale::EN, Some(GUILD), "hello", &args), expected);
    assert_eq!(
        again.overrides(GUILD),
        [(Locale::EN, "hello".to_owned(), own.to_owned())]
    );
    again
        .set_override(&Actor::System, GUILD, Locale::EN, "hello", None)
        .await
        .unwrap();
    assert_eq!(again.get(Locale::EN, Some(GUILD), "hello", &args), "Hello Finn!");
    let rows: Vec<Option<String>> = store::fetch_scalars!(
        store.read().await.unwrap(),
        Option<String>,
        "SELECT state_after FROM audit WHERE action = 'text.change' ORDER BY id"
    )
    .unwrap();
    assert_eq!(rows.first(), Some(&Some(json!(own).to_string())));
    let stranger = Actor::Member {
        guild: GUILD,
        user: crate::ids::UserId::new(5),
        name: "x".into(),
    };
    let refused = again
        .set_override(&stranger, GUILD, Locale::EN, "hello", Some("x"))
        .await
        .unwrap_err();
    assert!(refused.refusal().is_some());
}

#[test]
fn an_override_is_checked_before_it_counts() {
    let texts = texts();
    let check = |id: &str, text: &str| texts.check_override(Locale::EN, id, text);
    assert_eq!(check("hello", ".dots\n*stars*\n[x] { $user }"), Ok(()));
    assert_eq!(
        check("count", "{ $n ->\n    [one] one\n   *[other] { $n }\n}"),
        Ok(())
    );
    assert_eq!(check("gone", "x"), Err(OverrideProblem::Unknown("gone".into())));
    assert_eq!(check("hello", " \n "), Err(OverrideProblem::Length));
    assert_eq!(check("hello", &"x".repeat(2_001)), Err(OverrideProblem::Length));
    assert!(
        matches!(check("hello", "{ $usr }"), Err(OverrideProblem::Placeholder(name, known)) if name == "usr" && known == "{ $user }")
    );
    for reference in [
        "{ only-en }",
        "{ -term }",
        "{ NUMBER($user) }",
        "{ cmd-ticket.name }",
    ] {
        assert_eq!(
            check("hello", reference),
            Err(OverrideProblem::Reference),
            "{reference}"
        );
    }
    for broken in ["{", "{ $user", "x\n\nb = y } {", "a }"] {
        assert!(
            matches!(check("hello", broken), Err(OverrideProblem::Syntax(_))),
            "{broken}: {:?}",
            check("hello", broken)
        );
    }
}
