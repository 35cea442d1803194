//! What Discord adds to components when it keeps them: values that were left out, and facts about pictures and files
//! (<https://discord.com/developers/docs/components/reference>).

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::{Map, Value, json};

use super::components::{kind, kind_of};

/// Selects: of texts, users, roles, mentionables, channels.
const SELECTS: [i64; 5] = [kind::STRING_SELECT, 5, 6, 7, kind::CHANNEL_SELECT];

/// Fills a component in, as it is told from now on. Components inside it are not touched.
pub(crate) fn complete(component: &mut Value) {
    let kind = kind_of(component);
    let Value::Object(map) = component else { return };
    drop_nulls(map);
    if SELECTS.contains(&kind) {
        or(map, "min_values", || json!(1));
        or(map, "max_values", || json!(1));
    }
    match kind {
        kind::CONTAINER => {
            or(map, "accent_color", || Value::Null);
            or(map, "spoiler", || json!(false));
        }
        kind::SEPARATOR => {
            or(map, "spacing", || json!(1));
            or(map, "divider", || json!(true));
        }
        kind::THUMBNAIL => picture(map),
        kind::GALLERY => {
            let items = map.get_mut("items").and_then(Value::as_array_mut);
            items
                .into_iter()
                .flatten()
                .filter_map(Value::as_object_mut)
                .for_each(picture);
        }
        kind::FILE => {
            or(map, "spoiler", || json!(false));
            or(map, "name", || Value::Null);
            or(map, "size", || Value::Null);
            map.get_mut("file")
                .and_then(Value::as_object_mut)
                .into_iter()
                .for_each(media);
        }
        _ => {}
    }
}

fn picture(map: &mut Map<String, Value>) {
    or(map, "description", || Value::Null);
    or(map, "spoiler", || json!(false));
    map.get_mut("media")
        .and_then(Value::as_object_mut)
        .into_iter()
        .for_each(media);
}

/// Each picture or file has an id of its own, here made of its address, and an address at Discord's proxy.
fn media(map: &mut Map<String, Value>) {
    let url = map.get("url").cloned().unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    url.as_str().unwrap_or_default().hash(&mut hasher);
    // Ids are positive numbers of 63 bits.
    let id = hasher.finish() >> 1;
    or(map, "id", || json!(id.to_string()));
    or(map, "proxy_url", || url);
}

fn or(map: &mut Map<String, Value>, key: &str, value: impl FnOnce() -> Value) {
    if !map.contains_key(key) {
        map.insert(key.to_owned(), value());
    }
}

/// `null` in a request means the same as nothing; Discord does not tell it again.
fn drop_nulls(map: &mut Map<String, Value>) {
    map.retain(|_, value| !value.is_null());
    for (key, value) in map.iter_mut() {
        // Components inside come by themselves.
        if matches!(key.as_str(), "components" | "component" | "accessory") {
            continue;
        }
        let items = match value {
            Value::Array(items) => items.as_mut_slice(),
            one => std::slice::from_mut(one),
        };
        items
            .iter_mut()
            .filter_map(Value::as_object_mut)
            .for_each(drop_nulls);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_out_has_discords_value() {
        let mut select = json!({ "type": 3, "custom_id": "a", "placeholder": null, "max_values": 3,
            "options": [{ "label": "x", "value": "x", "emoji": { "id": null, "name": "🐛" } }] });
        complete(&mut select);
        assert_eq!(
            select,
            json!({ "type": 3, "custom_id": "a", "min_values": 1, "max_values": 3,
                "options": [{ "label": "x", "value": "x", "emoji": { "name": "🐛" } }] })
        );
    }

    #[test]
    fn a_picture_has_an_id_and_a_proxy() {
        let mut gallery = json!({ "type": 12, "items": [{ "media": { "url": "https://a.example/b.png" } }] });
        complete(&mut gallery);
        let media = gallery.pointer("/items/0/media").unwrap();
        assert_eq!(media.get("proxy_url"), media.get("url"));
        assert!(
            media
                .get("id")
                .and_then(Value::as_str)
                .is_some_and(|id| id.parse::<u64>().is_ok())
        );
    }
}
