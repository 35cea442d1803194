//! Checks the components of messages and modals
//! (<https://discord.com/developers/docs/components/reference>).

use std::collections::HashSet;

use serde_json::Value;

use crate::error::Problems;
use crate::rest::validate::{check_object, join};

use super::component_shapes::{allowed_in, shape};
use super::components::{LINK_STYLE, kind, kind_of, walk};
use super::message::flags;

/// Rows of a message without V2.
const MOST_ROWS: usize = 5;
/// Components of a V2 message, nested ones included.
const MOST_V2: usize = 40;
/// Characters of all text displays of a V2 message together.
const MOST_V2_TEXT: usize = 4000;
/// Buttons in a row.
const MOST_BUTTONS: usize = 5;
/// Style of a button that sells something.
const PREMIUM_STYLE: i64 = 6;

/// Checks the `components` of a message.
pub(crate) fn check_message(value: &Value, path: &str, problems: &mut Problems) {
    check_list(value, path, &[1, 9, 10, 12, 13, 14, 17], problems);
}

/// Checks the `components` of a modal.
pub(crate) fn check_modal(value: &Value, path: &str, problems: &mut Problems) {
    let count = value.as_array().map_or(0, Vec::len);
    if !(1..=MOST_ROWS).contains(&count) {
        problems.at(path, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
    }
    check_list(value, path, &[kind::ROW, kind::TEXT, kind::LABEL], problems);
    check_duplicates(value, path, problems);
}

fn check_list(value: &Value, path: &str, allowed: &[i64], problems: &mut Problems) {
    let Some(items) = value.as_array() else {
        problems.at(
            path,
            "LIST_TYPE_CONVERT",
            "Only iterables may be used in a ListType",
        );
        return;
    };
    for (at, item) in items.iter().enumerate() {
        check_one(item, &join(path, at), allowed, problems);
    }
}

fn check_one(item: &Value, path: &str, allowed: &[i64], problems: &mut Problems) {
    let kind = kind_of(item);
    let Some(shape) = shape(kind).filter(|_| allowed.contains(&kind)) else {
        let of = allowed
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ");
        problems.at(
            &join(path, "type"),
            "UNION_TYPE_CHOICES",
            format!("Value of field \"type\" must be one of ({of},)."),
        );
        return;
    };
    check_object(shape, item, path, problems);
    let inside = allowed_in(kind);
    match kind {
        kind::ROW => check_row(item, path, problems),
        kind::BUTTON => check_button(item, path, problems),
        kind::STRING_SELECT => check_options(item, path, problems),
        kind::SECTION => {
            let texts = item.get("components").unwrap_or(&Value::Null);
            check_count(texts, 1, 3, &join(path, "components"), problems);
            check_list(texts, &join(path, "components"), inside, problems);
            if let Some(accessory) = item.get("accessory") {
                check_one(
                    accessory,
                    &join(path, "accessory"),
                    &[kind::BUTTON, kind::THUMBNAIL],
                    problems,
                );
            }
        }
        kind::CONTAINER => check_list(
            item.get("components").unwrap_or(&Value::Null),
            &join(path, "components"),
            inside,
            problems,
        ),
        kind::LABEL => {
            if let Some(inner) = item.get("component") {
                check_one(inner, &join(path, "component"), inside, problems);
            }
        }
        _ => {}
    }
}

fn check_count(list: &Value, min: usize, max: usize, path: &str, problems: &mut Problems) {
    crate::rest::validate::check_count(list.as_array().map_or(0, Vec::len), min, max, path, problems);
}

fn check_row(row: &Value, path: &str, problems: &mut Problems) {
    let inner = row.get("components").unwrap_or(&Value::Null);
    let path = join(path, "components");
    check_count(inner, 1, MOST_BUTTONS, &path, problems);
    let items = inner.as_array().map(Vec::as_slice).unwrap_or_default();
    if items.len() > 1 && items.iter().any(|i| kind_of(i) != kind::BUTTON) {
        problems.at(
            &path,
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        );
    }
    // A modal's old form keeps its text inputs in rows.
    check_list(inner, &path, &[2, 3, 4, 5, 6, 7, 8], problems);
}

fn check_button(button: &Value, path: &str, problems: &mut Problems) {
    let style = button.get("style").and_then(Value::as_i64).unwrap_or(0);
    let has = |key: &str| button.get(key).is_some_and(|v| !v.is_null());
    let needed = match style {
        LINK_STYLE => "url",
        PREMIUM_STYLE => "sku_id",
        _ => "custom_id",
    };
    if !has(needed) {
        problems.at(
            &join(path, needed),
            "BASE_TYPE_REQUIRED",
            "This field is required",
        );
    }
    for other in ["url", "sku_id", "custom_id"]
        .into_iter()
        .filter(|k| *k != needed && has(k))
    {
        problems.at(
            &join(path, other),
            "BUTTON_COMPONENT_FIELD_CONFLICT",
            "This field cannot be used with this button style",
        );
    }
    if style != PREMIUM_STYLE && !has("label") && !has("emoji") {
        problems.at(
            path,
            "BUTTON_COMPONENT_LABEL_REQUIRED",
            "A button needs a label or an emoji",
        );
    }
}

fn check_options(select: &Value, path: &str, problems: &mut Problems) {
    let options = select
        .get("options")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut seen = HashSet::new();
    for (at, option) in options.iter().enumerate() {
        let value = option.get("value").and_then(Value::as_str).unwrap_or_default();
        if !seen.insert(value) {
            problems.at(
                &join(path, format!("options.{at}.value")),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            );
        }
    }
    let number = |key: &str| select.get(key).and_then(Value::as_u64);
    if let Some(max) = number("max_values")
        && max > options.len() as u64
    {
        problems.at(
            &join(path, "max_values"),
            "SELECT_COMPONENT_MAX_VALUE_TOO_LARGE",
            "More values than options",
        );
    }
    if number("min_values").unwrap_or(1) > number("max_values").unwrap_or(1) {
        problems.at(
            &join(path, "min_values"),
            "NUMBER_TYPE_MAX",
            "min_values is greater than max_values",
        );
    }
}

/// Checks what depends on the flags: V2 or not, counts, duplicate custom ids.
pub(crate) fn check_layout(body: &Value, flags_set: u64, problems: &mut Problems) {
    let components = body.get("components").unwrap_or(&Value::Null);
    let list = components.as_array().map(Vec::as_slice).unwrap_or_default();
    if flags_set & flags::COMPONENTS_V2 == 0 {
        if list.len() > MOST_ROWS {
            problems.at(
                "components",
                "BASE_TYPE_BAD_LENGTH",
                "Must be between 1 and 5 in length.",
            );
        }
        for (at, item) in list.iter().enumerate().filter(|(_, i)| kind_of(i) != kind::ROW) {
            let path = format!("components.{at}.type");
            let _ = item;
            problems.at(
                &path,
                "UNION_TYPE_CHOICES",
                "Value of field \"type\" must be one of (1,).",
            );
        }
    } else {
        for field in ["content", "embeds", "poll", "sticker_ids"] {
            if body.get(field).is_some_and(|v| !is_empty(v)) {
                problems.at(
                    field,
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    format!("The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"),
                );
            }
        }
        let mut all = Vec::new();
        walk(components, &mut |c| all.push(c));
        if all.len() > MOST_V2 {
            problems.at(
                "components",
                "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
                format!("The maximum number of components is {MOST_V2}"),
            );
        }
        let text: usize = all
            .iter()
            .filter(|c| kind_of(c) == kind::TEXT)
            .filter_map(|c| c.get("content").and_then(Value::as_str))
            .map(|t| t.chars().count())
            .sum();
        if text > MOST_V2_TEXT {
            problems.at(
                "components",
                "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
                format!("Component displayable text size exceeds maximum size of {MOST_V2_TEXT}"),
            );
        }
    }
    check_duplicates(components, "components", problems);
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn check_duplicates(components: &Value, path: &str, problems: &mut Problems) {
    let mut seen = HashSet::new();
    let mut doubled = false;
    walk(components, &mut |c| {
        if let Some(id) = c.get("custom_id").and_then(Value::as_str) {
            doubled |= !seen.insert(id.to_owned());
        }
    });
    if doubled {
        problems.at(
            path,
            "COMPONENT_CUSTOM_ID_DUPLICATED",
            "Component custom id cannot be duplicated",
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(body: &Value) -> Value {
        let mut problems = Problems::default();
        check_message(body.get("components").unwrap(), "components", &mut problems);
        check_layout(
            body,
            body.get("flags").and_then(Value::as_u64).unwrap_or(0),
            &mut problems,
        );
        problems.tree()
    }

    fn button(id: &str) -> Value {
        json!({ "type": 2, "style": 1, "label": "Go", "custom_id": id })
    }

    #[test]
    fn a_row_of_buttons_passes() {
        assert_eq!(
            faults(&json!({ "components": [{ "type": 1, "components": [button("a"), button("b")] }] })),
            json!({})
        );
    }

    #[test]
    fn a_row_holds_five_buttons() {
        let row: Vec<Value> = (0..6).map(|n| button(&n.to_string())).collect();
        let tree = faults(&json!({ "components": [{ "type": 1, "components": row }] }));
        assert!(tree.pointer("/components/0/components/_errors").is_some());
    }

    #[test]
    fn a_custom_id_stands_once() {
        let tree =
            faults(&json!({ "components": [{ "type": 1, "components": [button("a"), button("a")] }] }));
        assert_eq!(
            tree.pointer("/components/_errors/0/code"),
            Some(&json!("COMPONENT_CUSTOM_ID_DUPLICATED"))
        );
    }

    #[test]
    fn content_does_not_go_with_v2() {
        let body =
            json!({ "flags": 1 << 15, "content": "x", "components": [{ "type": 10, "content": "y" }] });
        assert!(faults(&body).pointer("/content/_errors").is_some());
    }
}
