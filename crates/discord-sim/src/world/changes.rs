//! What the audit log tells of a change: which fields had which value before and after
//! (<https://discord.com/developers/docs/resources/audit-log#audit-log-change-object>).

use serde_json::{Value, json};

/// Fields that identify a thing or move by themselves: no change that anybody made.
const SILENT: [&str; 12] = [
    "id",
    "guild_id",
    "user",
    "last_message_id",
    "last_pin_timestamp",
    "member_count",
    "message_count",
    "total_message_sent",
    "roles",
    "emojis",
    "joined_at",
    "colors",
];

/// The changes from one form of a thing to another; `Value::Null` for what was not there or is gone.
pub(crate) fn changes(before: &Value, after: &Value) -> Vec<Value> {
    let keys = [before, after]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(|map| map.keys());
    let mut seen: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for key in keys.map(String::as_str) {
        if SILENT.contains(&key) || seen.contains(&key) {
            continue;
        }
        seen.push(key);
        let value = |of: &Value| of.get(key).filter(|v| !v.is_null()).cloned();
        let (old, new) = (value(before), value(after));
        // A nested object's fields stand for themselves: a thread's archiving is a change of `archived`.
        if let (Some(Value::Object(_)), Some(Value::Object(_))) = (&old, &new) {
            found.extend(changes(&old.unwrap_or_default(), &new.unwrap_or_default()));
            continue;
        }
        if old == new {
            continue;
        }
        let mut change = json!({ "key": key });
        if let Value::Object(map) = &mut change {
            map.extend(old.map(|v| ("old_value".to_owned(), v)));
            map.extend(new.map(|v| ("new_value".to_owned(), v)));
        }
        found.push(change);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let before = json!({ "id": "1", "name": "a", "thread_metadata": { "locked": false }, "topic": null });
        let after = json!({ "id": "2", "name": "b", "thread_metadata": { "locked": true }, "topic": "t" });
        assert_eq!(
            changes(&before, &after),
            [
                json!({ "key": "name", "old_value": "a", "new_value": "b" }),
                json!({ "key": "locked", "old_value": false, "new_value": true }),
                json!({ "key": "topic", "new_value": "t" }),
            ]
        );
        assert!(changes(&after, &after).is_empty());
    }

    #[test]
    fn making_and_deleting_tell_one_side() {
        assert_eq!(
            changes(&Value::Null, &json!({ "name": "a" })),
            [json!({ "key": "name", "new_value": "a" })]
        );
    }
}
