//! Picks from bytes: JSON that is nearly right reaches deeper than noise.

use std::sync::LazyLock;

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

/// How deep values nest: a component in a section in a container, and one level too many.
const DEPTH: u32 = 5;
/// The most entries of an object or a list.
const WIDTH: usize = 8;
/// Names that Discord's bodies use.
const KEYS: &str = "content embeds components type data flags name options choices value custom_id title description \
    fields id permission_overwrites allow deny parent_id position roles nick messages recipient_id message_reference \
    message_id attachments allowed_mentions parse users poll question text answers poll_media duration style label emoji \
    communication_disabled_until permissions color colors primary_color topic required min_values max_values grant_type code \
    user_ids image url channel_id guild_id token intents shard properties session_id seq query limit presences nonce \
    status activities afk since accessory spoiler items media divider default_values applied_tags available_tags message \
    auto_archive_duration archived locked invitable rate_limit_per_user delete_message_seconds tts sticker_ids \
    name_localizations default_member_permissions contexts integration_types min_length max_length filename author footer \
    icon_url timestamp inline thread_name avatar username max_age max_uses unique event_name";
/// Texts at the edges of what Discord takes.
const TEXTS: [&str; 22] = [
    "",
    "hi",
    "a-b",
    "<@1> <@&2> <#3> @everyone",
    "123",
    "-1",
    "99999999999999999999",
    "18446744073709551615",
    "\u{0}\u{202e}𝕏",
    "👍",
    "https://x",
    "attachment://a",
    "2020-01-01T00:00:00Z",
    "2025-03-01T00:10:00+23:59",
    "9999-12-31T23:59:59Z",
    "+262142-01-01T00:00:00Z",
    "authorization_code",
    "data:image/png;base64,AAAA",
    "_errors",
    "null",
    "en-US",
    "go",
];
/// Numbers at the edges.
const NUMBERS: [i64; 16] = [
    i64::MIN,
    -1,
    0,
    1,
    2,
    3,
    4,
    5,
    10,
    64,
    1 << 15,
    4_096,
    1 << 31,
    1 << 53,
    1_740_787_200_000,
    i64::MAX,
];

/// One of `items`; the first if the bytes have run out.
pub(crate) fn pick<'a, T>(bytes: &mut Unstructured<'_>, items: &'a [T]) -> Option<&'a T> {
    let last = items.len().checked_sub(1)?;
    items.get(bytes.int_in_range(0..=last).unwrap_or(0))
}

/// A number below `bound`.
pub(crate) fn below(bytes: &mut Unstructured<'_>, bound: usize) -> usize {
    bytes.int_in_range(0..=bound.saturating_sub(1)).unwrap_or(0)
}

/// Some bytes as they are.
pub(crate) fn raw(bytes: &mut Unstructured<'_>) -> Vec<u8> {
    let length = bytes.arbitrary_len::<u8>().unwrap_or(0);
    bytes.bytes(length).map(<[u8]>::to_vec).unwrap_or_default()
}

/// Some text, of the input or from the edges.
pub(crate) fn text(bytes: &mut Unstructured<'_>) -> String {
    match below(bytes, 4) {
        0 => String::from_utf8_lossy(&raw(bytes)).chars().take(64).collect(),
        1 => "x".repeat(below(bytes, 5_000)),
        _ => pick(bytes, &TEXTS).copied().unwrap_or_default().to_owned(),
    }
}

/// A JSON value in which ids that exist occur.
pub(crate) fn value(bytes: &mut Unstructured<'_>, ids: &[String]) -> Value {
    nested(bytes, ids, DEPTH)
}

/// A JSON object, as most bodies are.
pub(crate) fn object(bytes: &mut Unstructured<'_>, ids: &[String]) -> Value {
    object_of(bytes, ids, DEPTH)
}

fn nested(bytes: &mut Unstructured<'_>, ids: &[String], depth: u32) -> Value {
    match below(bytes, if depth == 0 { 6 } else { 11 }) {
        0 => Value::Null,
        1 => json!(below(bytes, 2) == 1),
        2 => json!(below(bytes, 40)),
        3 if below(bytes, 8) == 0 => json!(1.5e300),
        3 => json!(pick(bytes, &NUMBERS)),
        4 => json!(pick(bytes, ids)),
        5 => json!(text(bytes)),
        6 | 7 => (0..below(bytes, WIDTH))
            .map(|_| nested(bytes, ids, depth - 1))
            .collect(),
        _ => object_of(bytes, ids, depth - 1),
    }
}

fn object_of(bytes: &mut Unstructured<'_>, ids: &[String], depth: u32) -> Value {
    static EACH: LazyLock<Vec<&str>> = LazyLock::new(|| KEYS.split_whitespace().collect());
    let mut map = Map::new();
    for _ in 0..below(bytes, WIDTH) {
        let key = pick(bytes, &EACH).copied().unwrap_or_default().to_owned();
        map.insert(key, nested(bytes, ids, depth));
    }
    Value::Object(map)
}
