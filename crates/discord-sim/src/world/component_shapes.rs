//! The shapes of components, and which may stand inside which
//! (<https://discord.com/developers/docs/components/reference>).

use crate::rest::validate::{Rule, Shape, WEB_OR_FILE, nul, opt, req};

use super::components::kind;

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
pub(super) fn shape(kind: i64) -> Option<Shape> {
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
pub(super) fn allowed_in(parent: i64) -> &'static [i64] {
    match parent {
        kind::ROW => &[2, 3, 5, 6, 7, 8],
        kind::SECTION => &[kind::TEXT],
        kind::CONTAINER => &[1, 9, 10, 12, 13, 14],
        kind::LABEL => &[3, 4, 5, 6, 7, 8, 19, 21, 22, 23],
        _ => &[],
    }
}
