//! Checks components of messages and modals, and gives them their ids
//! (<https://discord.com/developers/docs/components/reference>).

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::error::Problems;
use crate::rest::validate::{Rule, Shape, WEB_OR_FILE, check_object, join, nul, opt, req};

use super::message::flags;

/// Component types.
pub(crate) mod kind {
    pub(crate) const ROW: i64 = 1;
    pub(crate) const BUTTON: i64 = 2;
    pub(crate) const STRING_SELECT: i64 = 3;
    pub(crate) const TEXT_INPUT: i64 = 4;
    pub(crate) const CHANNEL_SELECT: i64 = 8;
    pub(crate) const SECTION: i64 = 9;
    pub(crate) const TEXT: i64 = 10;
    pub(crate) const THUMBNAIL: i64 = 11;
    pub(crate) const GALLERY: i64 = 12;
    pub(crate) const FILE: i64 = 13;
    pub(crate) const SEPARATOR: i64 = 14;
    pub(crate) const CONTAINER: i64 = 17;
    pub(crate) const LABEL: i64 = 18;
    pub(crate) const FILE_UPLOAD: i64 = 19;
    pub(crate) const RADIO_GROUP: i64 = 21;
    pub(crate) const CHECKBOX_GROUP: i64 = 22;
    pub(crate) const CHECKBOX: i64 = 23;
}

/// Rows of a message without V2.
const MOST_ROWS: usize = 5;
/// Components of a V2 message, nested ones included.
const MOST_V2: usize = 40;
/// Characters of all text displays of a V2 message together.
const MOST_V2_TEXT: usize = 4000;
/// Buttons in a row.
const MOST_BUTTONS: usize = 5;
/// Style of a button that opens an address.
pub(crate) const LINK_STYLE: i64 = 5;
/// Style of a button that sells something.
const PREMIUM_STYLE: i64 = 6;

const ID: Rule = Rule::Int(0, i32::MAX as i64);
const CUSTOM_ID: Rule = Rule::Text(1, 100);
const EMOJI: Rule = Rule::Object(&[
    nul("id", Rule::Snowflake),
    nul("name", Rule::Text(0, 100)),
    nul("animated", Rule::Flag),
]);
const MEDIA: Rule = Rule::Object(&[
    req("url", WEB_OR_FILE),
    opt("proxy_url", Rule::Any),
    opt("height", Rule::Any),
    opt("width", Rule::Any),
    opt("content_type", Rule::Any),
    opt("attachment_id", Rule::Any),
    opt("loading_state", Rule::Any),
    opt("placeholder", Rule::Any),
    opt("placeholder_version", Rule::Any),
    opt("flags", Rule::Any),
]);

const BUTTON: Shape = &[
    req("type", Rule::Any),
    opt("id", ID),
    req("style", Rule::Choice(&[1, 2, 3, 4, 5, 6])),
    nul("label", Rule::Text(0, 80)),
    nul("emoji", EMOJI),
    nul("custom_id", CUSTOM_ID),
    nul("sku_id", Rule::Snowflake),
    nul("url", Rule::Url(&["http", "https", "discord"])),
    nul("disabled", Rule::Flag),
];

const OPTION: Rule = Rule::Object(&[
    req("label", Rule::Text(1, 100)),
    req("value", Rule::Text(1, 100)),
    nul("description", Rule::Text(0, 100)),
    nul("emoji", EMOJI),
    nul("default", Rule::Flag),
]);

const STRING_SELECT: Shape = &[
    req("type", Rule::Any),
    opt("id", ID),
    req("custom_id", CUSTOM_ID),
    req("options", Rule::List(1, 25, &OPTION)),
    nul("placeholder", Rule::Text(0, 150)),
    nul("min_values", Rule::Int(0, 25)),
    nul("max_values", Rule::Int(1, 25)),
    nul("disabled", Rule::Flag),
    nul("required", Rule::Flag),
];

const ENTITY_SELECT: Shape = &[
    req("type", Rule::Any),
    opt("id", ID),
    req("custom_id", CUSTOM_ID),
    nul("placeholder", Rule::Text(0, 150)),
    nul(
        "default_values",
        Rule::List(
            0,
            25,
            &Rule::Object(&[req("id", Rule::Snowflake), req("type", Rule::Text(1, 10))]),
        ),
    ),
    nul("channel_types", Rule::List(0, 25, &Rule::Int(0, 20))),
    nul("min_values", Rule::Int(0, 25)),
    nul("max_values", Rule::Int(1, 25)),
    nul("disabled", Rule::Flag),
    nul("required", Rule::Flag),
];

const TEXT_INPUT: Shape = &[
    req("type", Rule::Any),
    opt("id", ID),
    req("custom_id", CUSTOM_ID),
    req("style", Rule::Choice(&[1, 2])),
    nul("label", Rule::Text(1, 45)),
    nul("min_length", Rule::Int(0, 4000)),
    nul("max_length", Rule::Int(1, 4000)),
    nul("required", Rule::Flag),
    nul("value", Rule::Text(0, 4000)),
    nul("placeholder", Rule::Text(0, 100)),
];

const CHOICE_GROUP: Shape = &[
    req("type", Rule::Any),
    opt("id", ID),
    req("custom_id", CUSTOM_ID),
    req("options", Rule::List(1, 10, &OPTION)),
    nul("required", Rule::Flag),
    nul("min_values", Rule::Int(0, 10)),
    nul("max_values", Rule::Int(1, 10)),
];

const GALLERY_ITEM: Rule = Rule::Object(&[
    req("media", MEDIA),
    nul("description", Rule::Text(0, 1024)),
    nul("spoiler", Rule::Flag),
]);

/// What the shape of a component type is, without its children.
fn shape(kind: i64) -> Option<Shape> {
    Some(match kind {
        kind::ROW => {
            const {
                &[
                    req("type", Rule::Any),
                    opt("id", ID),
                    req("components", Rule::Any),
                ]
            }
        }
        kind::BUTTON => BUTTON,
        kind::STRING_SELECT => STRING_SELECT,
        kind::TEXT_INPUT => TEXT_INPUT,
        5..=kind::CHANNEL_SELECT => ENTITY_SELECT,
        kind::SECTION => {
            const {
                &[
                    req("type", Rule::Any),
                    opt("id", ID),
                    req("components", Rule::Any),
                    req("accessory", Rule::Any),
                ]
            }
        }
        kind::TEXT => {
            const {
                &[
                    req("type", Rule::Any),
                    opt("id", ID),
                    req("content", Rule::Text(1, 4000)),
                ]
            }
        }
        kind::THUMBNAIL => {
            const {
                &[
                    req("type", Rule::Any),
                    opt("id", ID),
                    req("media", MEDIA),
                    nul("description", Rule::Text(0, 1024)),
                    nul("spoiler", Rule::Flag),
                ]
            }
        }
        kind::GALLERY => {
            const {
                &[
                    req("type", Rule::Any),
                    opt("id", ID),
                    req("items", Rule::List(1, 10, &GALLERY_ITEM)),
                ]
            }
        }
        kind::FILE => {
            const {
                &[
                    req("type", Rule::Any),
                    opt("id", ID),
                    req("file", MEDIA),
                    nul("spoiler", Rule::Flag),
                    opt("name", Rule::Any),
                    opt("size", Rule::Any),
                ]
            }
        }
        kind::SEPARATOR => {
            const {
                &[
                    req("type", Rule::Any),
                    opt("id", ID),
                    nul("divider", Rule::Flag),
                    nul("spacing", Rule::Choice(&[1, 2])),
                ]
            }
        }
        kind::CONTAINER => {
            const {
                &[
                    req("type", Rule::Any),
                    opt("id", ID),
                    req("components", Rule::Any),
                    nul("accent_color", Rule::Int(0, 0xFF_FF_FF)),
                    nul("spoiler", Rule::Flag),
                ]
            }
        }
        kind::LABEL => {
            const {
                &[
                    req("type", Rule::Any),
                    opt("id", ID),
                    req("label", Rule::Text(1, 45)),
                    nul("description", Rule::Text(0, 100)),
                    req("component", Rule::Any),
                ]
            }
        }
        kind::FILE_UPLOAD => {
            const {
                &[
                    req("type", Rule::Any),
                    opt("id", ID),
                    req("custom_id", CUSTOM_ID),
                    nul("min_values", Rule::Int(0, 10)),
                    nul("max_values", Rule::Int(1, 10)),
                    nul("required", Rule::Flag),
                ]
            }
        }
        kind::RADIO_GROUP | kind::CHECKBOX_GROUP => CHOICE_GROUP,
        kind::CHECKBOX => {
            const {
                &[
                    req("type", Rule::Any),
                    opt("id", ID),
                    req("custom_id", CUSTOM_ID),
                    nul("default", Rule::Flag),
                ]
            }
        }
        _ => return None,
    })
}

/// Which types may stand inside which.
fn allowed_in(parent: i64) -> &'static [i64] {
    match parent {
        kind::ROW => &[2, 3, 5, 6, 7, 8],
        kind::SECTION => &[kind::TEXT],
        kind::CONTAINER => &[1, 9, 10, 12, 13, 14],
        kind::LABEL => &[3, 4, 5, 6, 7, 8, 19, 21, 22, 23],
        _ => &[],
    }
}

/// The type number of a component.
pub(crate) fn kind_of(component: &Value) -> i64 {
    component.get("type").and_then(Value::as_i64).unwrap_or(0)
}

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

/// Visits every component, outer ones first.
pub(crate) fn walk<'a>(components: &'a Value, visit: &mut dyn FnMut(&'a Value)) {
    match components {
        Value::Array(list) => list.iter().for_each(|c| walk(c, visit)),
        Value::Object(map) => {
            visit(components);
            for key in ["components", "component", "accessory"] {
                if let Some(inner) = map.get(key) {
                    walk(inner, visit);
                }
            }
        }
        _ => {}
    }
}

/// The component with this custom id.
pub(crate) fn find<'a>(components: &'a [Value], custom_id: &str) -> Option<&'a Value> {
    let mut found = None;
    for component in components {
        walk(component, &mut |c| {
            if found.is_none() && c.get("custom_id").and_then(Value::as_str) == Some(custom_id) {
                found = Some(c);
            }
        });
    }
    found
}

/// Numbers components that have no id, as Discord does, from 1 in order.
pub(crate) fn give_ids(components: &mut [Value]) {
    let mut taken = HashSet::new();
    for component in components.iter() {
        walk(component, &mut |c| {
            if let Some(id) = c.get("id").and_then(Value::as_i64).filter(|id| *id > 0) {
                taken.insert(id);
            }
        });
    }
    let mut next = 1;
    for component in components {
        number(component, &taken, &mut next);
    }
}

fn number(component: &mut Value, taken: &HashSet<i64>, next: &mut i64) {
    let Value::Object(map) = component else { return };
    if map.get("id").and_then(Value::as_i64).is_none_or(|id| id <= 0) {
        while taken.contains(next) {
            *next += 1;
        }
        map.insert("id".to_owned(), json!(*next));
        *next += 1;
    }
    for key in ["components", "component", "accessory"] {
        match map.get_mut(key) {
            Some(Value::Array(list)) => list.iter_mut().for_each(|c| number(c, taken, next)),
            Some(inner @ Value::Object(_)) => number(inner, taken, next),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn ids_are_given_in_order() {
        let mut list = vec![json!({ "type": 1, "components": [button("a"), button("b")] })];
        give_ids(&mut list);
        let ids: Vec<_> = ["/0/id", "/0/components/0/id", "/0/components/1/id"]
            .map(|p| json!(list).pointer(p).cloned().unwrap())
            .to_vec();
        assert_eq!(ids, [json!(1), json!(2), json!(3)]);
    }
}
