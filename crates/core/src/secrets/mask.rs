//! Takes secrets out of any text before a log, a chat message or an API answer shows it.

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

use arc_swap::ArcSwap;
use regex::{Captures, Regex};
use secrecy::{ExposeSecret, SecretString};

/// What stands in the place of a secret.
pub const MASK: &str = "[masked]";
/// A known secret shorter than this is not looked for word by word: it would tear holes into ordinary words.
const SHORTEST_KNOWN: usize = 6;
/// Known secrets that are looked for; an installation has about twenty.
const MOST_KNOWN: usize = 128;

/// One kind of secret: how it looks, and what is written instead (`$1` is the part that stays).
struct Rule {
    pattern: Regex,
    keep: &'static str,
}

/// A value after `name=` or `name:`: quoted (also inside of an escaped JSON text), or up to the next blank or separator.
const VALUE: &str = r#"(?:"(?:[^"\\]|\\.)*"|\\"(?:[^"\\]|\\[^"])*\\"|'(?:[^'\\]|\\.)*'|["']?(?:(?:bearer|bot|basic)\s+)?[^\s"'&,;}\])\\]+)"#;

/// Names whose value is a secret. `key` is among them: do not log harmless things under that name.
const NAME: &str = r"[\w-]*(?:passwords?|passwd|passphrase|token|secret|credential|api[_-]?key|private_?key|secret_?key|set-cookie)|(?:[\w-]*[_-])?(?:key|auth|authorization|pass|pwd|cookie)";

/// Whether a field of this name holds a secret, whatever its value looks like.
#[must_use]
pub fn is_telling(name: &str) -> bool {
    static TELLING: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&format!("(?i-u)^(?:{NAME})$")).ok());
    TELLING.as_ref().is_none_or(|telling| telling.is_match(name))
}

/// In the order in which they are applied. ASCII classes only (`-u`): smaller automata.
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    [
        // JSON Web Tokens start with `{"` in base64url.
        (
            r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{2,}(?:\.[A-Za-z0-9_-]*)?".to_owned(),
            "[jwt]",
        ),
        // Discord bot tokens: id, time, signature.
        (
            r"\b[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{5,8}\.[A-Za-z0-9_-]{25,}".to_owned(),
            "[token]",
        ),
        (
            r"(?i)(webhooks/[0-9]{5,20}/|interactions/[0-9]{5,20}/)[A-Za-z0-9_.-]{16,}".to_owned(),
            "${1}[masked]",
        ),
        (
            r"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s:@]*:[^/\s@]+@".to_owned(),
            "${1}[masked]@",
        ),
        (
            format!(r#"(?i-u:(\b(?:{NAME})(?:\\?["'])?\s*(?:=>|:=|=|:)\s*))(?i){VALUE}"#),
            "${1}[masked]",
        ),
        (
            r"(?i-u)\b((?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}".to_owned(),
            "${1}[masked]",
        ),
        (
            r#"(?i)([?&](?:code|sig|signature|jwt|session|state)=)[^&\s"'#]+"#.to_owned(),
            "${1}[masked]",
        ),
        (r"(?-u)\b[0-9a-fA-F]{32,}\b".to_owned(), "[hex]"),
    ]
    .into_iter()
    .filter_map(|(pattern, keep)| {
        Some(Rule {
            pattern: Regex::new(&pattern).ok()?,
            keep,
        })
    })
    .collect()
});

/// Removes secrets by their looks, and the installation's own by their value. Cheap to clone; all clones learn together.
#[derive(Clone, Debug, Default)]
pub struct Masker(Arc<Known>);

#[derive(Default)]
struct Known(ArcSwap<Vec<SecretString>>);

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Known({})", self.0.load().len())
    }
}

impl Masker {
    /// One that knows no values yet, only looks.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on, these exact values are removed too. Values of fewer than 6 characters are left out; at most 128 are kept.
    pub fn learn(&self, secrets: impl IntoIterator<Item = SecretString>) {
        let mut known = Vec::clone(&self.0.0.load());
        for secret in secrets {
            let text = secret.expose_secret();
            let is_new = !known.iter().any(|old| old.expose_secret() == text);
            if text.len() >= SHORTEST_KNOWN && is_new && known.len() < MOST_KNOWN {
                known.push(secret);
            }
        }
        // The longest first: one secret can be the beginning of another.
        known.sort_by_key(|secret| std::cmp::Reverse(secret.expose_secret().len()));
        self.0.0.store(Arc::new(known));
    }

    /// The text without secrets; borrowed when there was none.
    #[must_use]
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for secret in self.0.0.load().iter() {
            if text.contains(secret.expose_secret()) {
                text = Cow::Owned(text.replace(secret.expose_secret(), MASK));
            }
        }
        for rule in RULES.iter() {
            if let Cow::Owned(masked) = rule.pattern.replace_all(&text, |found: &Captures<'_>| {
                let mut kept = String::new();
                found.expand(rule.keep, &mut kept);
                kept
            }) {
                text = Cow::Owned(masked);
            }
        }
        text
    }
}

/// The text on one line without characters that steer a terminal or reorder text: line breaks and tabs are spelt
/// (`\n`), other controls and marks of writing direction become `U+FFFD`. Borrowed when there was none.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_steering) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '\n' => cleaned.push_str("\\n"),
            '\r' => cleaned.push_str("\\r"),
            '\t' => cleaned.push_str("\\t"),
            letter if is_steering(letter) => cleaned.push('\u{FFFD}'),
            letter => cleaned.push(letter),
        }
    }
    Cow::Owned(cleaned)
}

fn is_steering(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        Masker::new().mask(text).into_owned()
    }

    #[test]
    fn every_rule_compiles() {
        assert_eq!(RULES.len(), 8);
    }

    #[test]
    fn tokens_disappear_wherever_they_stand() {
        let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoiYSJ9.c2lnbmF0dXJlLWludmVudGVk";
        assert_eq!(masked(&format!("got {jwt}!")), "got [jwt]!");
        let token = "MTEwMDAwMDAwMDAwMDAwMDkwMA.Gabcde.invented-token-of-a-sample-0001";
        assert_eq!(masked(&format!("login {token} failed")), "login [token] failed");
        let hook = "https://discord.com/api/webhooks/1100000000000000001/abcDEF-invented_value_0123456789";
        assert_eq!(
            masked(hook),
            "https://discord.com/api/webhooks/1100000000000000001/[masked]"
        );
    }

    #[test]
    fn values_behind_telling_names_disappear() {
        for (text, expected) in [
            ("password=hunter2 next", "password=[masked] next"),
            (
                "API_SECRET_KEY: 'two words' next",
                "API_SECRET_KEY: [masked] next",
            ),
            (
                r#"{"access_token":"a\"b","user":"finn"}"#,
                r#"{"access_token":[masked],"user":"finn"}"#,
            ),
            (
                r#"{\"apiKey\":\"abc\",\"n\":1}"#,
                r#"{\"apiKey\":[masked],\"n\":1}"#,
            ),
            ("Authorization: Bearer abc.def", "Authorization: [masked]"),
            ("sent Bearer abcdefghijkl on", "sent Bearer [masked] on"),
            ("GET /callback?code=abc&x=1", "GET /callback?code=[masked]&x=1"),
            (
                "postgres://haze:pw@db:5432/haze",
                "postgres://[masked]@db:5432/haze",
            ),
            ("hash 0123456789abcdef0123456789abcdef", "hash [hex]"),
        ] {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn ordinary_words_stay() {
        for text in [
            "author=Finn wrote 3 tokens of thanks",
            "monkey: banana",
            "ticket 7d4f6f2e-0d8a-4c3e-9a55-0a1b2c3d4e5f opened by 1100000000000000001",
            "",
        ] {
            assert!(
                matches!(Masker::new().mask(text), Cow::Borrowed(same) if same == text),
                "{text}"
            );
        }
    }

    #[test]
    fn secrets_that_were_learnt_disappear_by_value() {
        let masker = Masker::new();
        let twin = masker.clone();
        masker.learn(["lamp # and oil", "ab", "lamp # and oil, too"].map(SecretString::from));
        assert_eq!(
            twin.mask("it is lamp # and oil, too / lamp # and oil / ab"),
            "it is [masked] / [masked] / ab"
        );
    }

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(clean("a\nb\u{1b}[31m\u{202e}c"), "a\\nb\u{FFFD}[31m\u{FFFD}c");
        assert!(matches!(clean("plain 💖"), Cow::Borrowed(_)));
    }
}
