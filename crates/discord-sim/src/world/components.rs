//! Components of messages and modals: their types, how to walk them, and their ids
//! (<https://discord.com/developers/docs/components/reference>).

use std::collections::HashSet;

use serde_json::{Value, json};

use super::component_defaults::complete;

pub(crate) use super::component_check::{check_layout, check_message, check_modal};

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

/// Style of a button that opens an address.
pub(crate) const LINK_STYLE: i64 = 5;

/// The type number of a component.
pub(crate) fn kind_of(component: &Value) -> i64 {
    component.get("type").and_then(Value::as_i64).unwrap_or(0)
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

/// Numbers components that have no id, as Discord does, from 1 in order, and fills in what was left out.
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
    complete(component);
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

    fn button(id: &str) -> Value {
        json!({ "type": 2, "style": 1, "label": "Go", "custom_id": id })
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
