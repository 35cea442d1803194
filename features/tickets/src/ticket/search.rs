//! Reading what somebody searches for, and cutting out the words around what was found. Pure: nothing of it is SQL,
//! markup or a query language.

use serde::Serialize;
use utoipa::ToSchema;

/// Words of one search at most; further ones are left out.
const MAX_WORDS: usize = 8;
/// Longest word in characters; longer ones are cut, which finds what begins so.
const MAX_WORD: usize = 64;
/// Shortest last word that is taken as the beginning of one: shorter ones would find everything.
const MIN_BEGINNING: usize = 2;
/// Characters shown before the first hit of a snippet.
const BEFORE: usize = 60;
/// Characters of a snippet.
const SNIPPET: usize = 200;

/// What is searched for: all words have to occur, the last one may be the beginning of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    words: Vec<String>,
    /// The number of a ticket, if the search is one: `12` or `#12`.
    pub number: Option<i64>,
}

impl Wanted {
    /// Reads a search; `None` if there is no letter and no digit in it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let is_part = |c: char| c.is_alphanumeric();
        let words: Vec<String> = text
            .split(|c| !is_part(c))
            .filter(|word| !word.is_empty())
            .map(|word| word.chars().take(MAX_WORD).collect::<String>().to_lowercase())
            .take(MAX_WORDS)
            .collect();
        let digits = text.trim().trim_start_matches('#');
        let number = digits.parse().ok().filter(|number| *number > 0);
        (!words.is_empty()).then_some(Self { words, number })
    }

    fn has_beginning(&self) -> bool {
        let long = |word: &String| word.chars().count() >= MIN_BEGINNING;
        self.words.last().is_some_and(long)
    }

    /// For SQLite's FTS5 (<https://sqlite.org/fts5.html#full_text_query_syntax>), in messages of this guild.
    #[must_use]
    pub fn for_fts5(&self, guild: i64) -> String {
        let words = self.words.iter().map(|word| format!("\"{word}\""));
        let mut query = words.collect::<Vec<_>>().join(" AND ");
        if self.has_beginning() {
            query.push('*');
        }
        format!("guild_id : \"{guild}\" AND {{content author_name}} : ({query})")
    }

    /// For PostgreSQL's `to_tsquery`
    /// (<https://www.postgresql.org/docs/current/textsearch-controls.html#TEXTSEARCH-PARSING-QUERIES>).
    #[must_use]
    pub fn for_tsquery(&self) -> String {
        let words = self.words.iter().map(|word| format!("'{word}'"));
        let mut query = words.collect::<Vec<_>>().join(" & ");
        if self.has_beginning() {
            query.push_str(":*");
        }
        query
    }

    /// A stretch of the text around the first hit, with the hits marked.
    #[must_use]
    pub fn snippet(&self, text: &str) -> Vec<Piece> {
        let (start, mut pieces, mut shown) = (self.start(text), Vec::<Piece>::new(), 0);
        if start > 0 {
            push(&mut pieces, "…", false);
        }
        for (token, is_word) in tokens(text.get(start..).unwrap_or_default()) {
            let length = token.chars().count();
            if shown + length > SNIPPET {
                if shown == 0 {
                    let cut: String = token.chars().take(SNIPPET).collect();
                    push(&mut pieces, &cut, is_word && self.hits(token));
                }
                push(&mut pieces, "…", false);
                break;
            }
            shown += length;
            push(&mut pieces, token, is_word && self.hits(token));
        }
        pieces
    }

    /// Where the snippet begins: some characters before the first hit, at the beginning of a word.
    fn start(&self, text: &str) -> usize {
        let mut at = 0;
        let mut starts = vec![0];
        for (token, is_word) in tokens(text) {
            if is_word && self.hits(token) {
                let early =
                    |start: &&usize| text.get(**start..at).is_some_and(|s| s.chars().count() <= BEFORE);
                return starts.iter().find(early).copied().unwrap_or(at);
            }
            if is_word {
                starts.push(at);
            }
            at += token.len();
        }
        0
    }

    fn hits(&self, token: &str) -> bool {
        let token = token.to_lowercase();
        let last = self.words.len().saturating_sub(1);
        let beginning = self.has_beginning();
        self.words
            .iter()
            .enumerate()
            .any(|(at, word)| *word == token || (at == last && beginning && token.starts_with(word.as_str())))
    }
}

/// A stretch of a snippet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Piece {
    /// As it was written, to be shown as text.
    pub text: String,
    /// Whether it was searched for.
    pub hit: bool,
}

fn push(pieces: &mut Vec<Piece>, text: &str, hit: bool) {
    match pieces.last_mut() {
        Some(last) if last.hit == hit => last.text.push_str(text),
        _ => pieces.push(Piece {
            text: text.to_owned(),
            hit,
        }),
    }
}

/// Words and what is between them, in turn.
fn tokens(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_word = rest.chars().next()?.is_alphanumeric();
        let end = rest
            .find(|c: char| c.is_alphanumeric() != is_word)
            .unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        rest = after;
        Some((token, is_word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(text: &str) -> Wanted {
        Wanted::read(text).unwrap()
    }

    #[test]
    fn only_letters_and_digits_reach_a_query() {
        let evil = wanted("lamp\" OR guild_id:* NEAR(x) ' ); DROP TABLE tickets; --");
        assert_eq!(
            evil.for_fts5(7),
            "guild_id : \"7\" AND {content author_name} : (\"lamp\" AND \"or\" AND \"guild\" AND \"id\" AND \"near\" \
             AND \"x\" AND \"drop\" AND \"table\"*)"
        );
        assert_eq!(
            wanted("a'b & !c").for_tsquery(),
            "'a' & 'b' & 'c'",
            "a single letter is no beginning"
        );
        assert_eq!(wanted("Grüße 日本").for_tsquery(), "'grüße' & '日本':*");
        assert_eq!(Wanted::read(" -- \"' "), None);
    }

    #[test]
    fn a_number_is_a_tickets_number_too() {
        assert_eq!(wanted("#12").number, Some(12));
        assert_eq!(wanted(" 12 ").number, Some(12));
        for text in ["12 lamps", "0", "-3", "99999999999999999999"] {
            assert_eq!(wanted(text).number, None, "{text}");
        }
    }

    #[test]
    fn hits_are_marked_and_nothing_else_is_changed() {
        let pieces = wanted("LAMP <b").snippet("<b>The lamp</b> & the Lamps: b!");
        let hits: Vec<&str> = pieces.iter().filter(|p| p.hit).map(|p| p.text.as_str()).collect();
        assert_eq!(hits, ["b", "lamp", "b", "b"]);
        let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(text, "<b>The lamp</b> & the Lamps: b!");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_hit() {
        let long = format!("{}the dark lamp {}", "word ".repeat(100), "after ".repeat(100));
        let pieces = wanted("lam").snippet(&long);
        let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert!(text.starts_with("…word") && text.ends_with('…'), "{text}");
        assert!(
            text.contains("the dark lamp after") && text.chars().count() <= SNIPPET + 2,
            "{text}"
        );
        let endless = "x".repeat(5000);
        assert_eq!(wanted("x").snippet(&endless).len(), 1);
        assert_eq!(wanted("x").snippet(""), []);
    }
}
