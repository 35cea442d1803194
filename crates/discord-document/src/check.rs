//! Compares one exchange with the document.

use discord_sim::HttpExchange;
use serde_json::{Value, json};

use crate::{
    document::{Document, Operation, escaped, without_numbers},
    keys,
};

/// JSON in a document's `content`.
const JSON: &str = "application/json";
/// Statuses from here on are the simulator's own failure.
const SERVER_ERROR: u16 = 500;

/// What is wrong with a request.
pub(crate) fn request(
    document: &Document,
    operation: &Operation<'_>,
    exchange: &HttpExchange,
) -> Vec<String> {
    let mut faults = path_values(document, operation);
    faults.extend(query(document, operation, &exchange.query));
    faults.extend(body(document, operation, exchange));
    faults
}

fn path_values(document: &Document, operation: &Operation<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, given) in &operation.path_values {
        let described = operation
            .parameters
            .iter()
            .find(|p| is(p, "in", "path") && is(p, "name", name));
        let Some(schema) = described.and_then(|p| p.get("schema")) else {
            continue;
        };
        let schema = document.resolved(schema);
        let snowflake = is(schema, "format", "snowflake");
        // A bot may stand for itself wherever a user is asked for.
        if name == "user_id" && given == "@me" {
            continue;
        }
        if snowflake && (given.is_empty() || !given.bytes().all(|b| b.is_ascii_digit())) {
            faults.push(format!("{name} in the path is no id: {given:?}"));
        }
    }
    faults
}

fn query(document: &Document, operation: &Operation<'_>, query: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let described = operation
            .parameters
            .iter()
            .find(|p| is(p, "in", "query") && is(p, "name", name));
        let Some(schema) = described.and_then(|p| p.get("schema")) else {
            faults.push(format!("the query has an unknown {name:?}"));
            continue;
        };
        if !text_fits(document, schema, &decoded(value)) {
            faults.push(format!("{name}={value:?} in the query does not fit {schema}"));
        }
    }
    let given = |name: &Value| {
        let name = name.as_str().unwrap_or_default();
        query.split('&').any(|pair| pair.split('=').next() == Some(name))
    };
    let required = operation
        .parameters
        .iter()
        .filter(|p| is(p, "in", "query") && p.get("required") == Some(&json!(true)))
        .filter_map(|p| p.get("name"));
    faults.extend(
        required
            .filter(|name| !given(name))
            .map(|name| format!("the query lacks {name}")),
    );
    faults
}

fn decoded(text: &str) -> String {
    percent_decoded(&text.replace('+', " "))
}

/// Text of a path as it is meant: libraries send `%40original` for `@original` (RFC 3986, section 2.1).
pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = |b: Option<u8>| {
            b.and_then(|b| char::from(b).to_digit(16))
                .and_then(|d| u8::try_from(d).ok())
        };
        match byte {
            b'%' => match (hex(rest.next()), hex(rest.next())) {
                (Some(high), Some(low)) => bytes.push(high * 16 + low),
                _ => bytes.push(b'%'),
            },
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A query holds text only: it fits if one of the values that it can stand for does. Lists are sent item by item.
fn text_fits(document: &Document, schema: &Value, text: &str) -> bool {
    let schema = document.resolved(schema);
    for all in ["oneOf", "anyOf"] {
        if let Some(branches) = schema.get(all).and_then(Value::as_array) {
            return branches.iter().any(|branch| text_fits(document, branch, text));
        }
    }
    if let Some(items) = schema.get("items") {
        return text_fits(document, items, text);
    }
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return true,
    };
    let allowed = |value: &Value| {
        schema
            .get("enum")
            .and_then(Value::as_array)
            .is_none_or(|of| of.contains(value))
            && schema.get("const").is_none_or(|only| only == value)
    };
    let bounds = |number: f64| {
        let limit = |name: &str| schema.get(name).and_then(Value::as_f64);
        limit("minimum").is_none_or(|min| number >= min) && limit("maximum").is_none_or(|max| number <= max)
    };
    kinds.into_iter().any(|kind| match kind {
        "integer" => text
            .parse::<i64>()
            .is_ok_and(|n| allowed(&json!(n)) && bounds(n as f64)),
        "number" => text.parse::<f64>().is_ok_and(bounds),
        "boolean" => matches!(text, "true" | "false" | "True" | "False" | "1" | "0"),
        "string" if is(schema, "format", "snowflake") => {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
        }
        "string" => allowed(&json!(text)),
        _ => false,
    })
}

fn body(document: &Document, operation: &Operation<'_>, exchange: &HttpExchange) -> Vec<String> {
    let described = operation.value.get("requestBody");
    let empty = exchange.body.is_null() || exchange.body == json!({});
    let Some(described) = described else {
        return if empty && exchange.files.is_empty() {
            Vec::new()
        } else {
            vec![format!("takes no body, but is sent {}", exchange.body)]
        };
    };
    if exchange.content_type.is_empty() && exchange.body.is_null() {
        let required = described.get("required") == Some(&json!(true));
        return required.then(|| "needs a body".to_owned()).into_iter().collect();
    }
    let content = described.get("content").and_then(Value::as_object);
    let sent = exchange.content_type.split(';').next().unwrap_or_default().trim();
    let takes = |kind: &str| content.is_some_and(|content| content.contains_key(kind));
    if !takes(sent) {
        return vec![format!("does not take {sent:?}")];
    }
    // The JSON part of a form with files is what would be sent without them.
    let kind = if sent == "multipart/form-data" && takes(JSON) {
        JSON
    } else {
        sent
    };
    let pointer = format!(
        "{}/requestBody/content/{}/schema",
        operation.pointer,
        escaped(kind)
    );
    let mut faults: Vec<String> = document
        .faults(&pointer, &exchange.body)
        .into_iter()
        .map(|fault| format!("body {fault}"))
        .collect();
    let schema = document.look(&pointer);
    let unknown = schema
        .map(|schema| keys::unknown(document, schema, &exchange.body))
        .unwrap_or_default();
    faults.extend(
        unknown
            .into_iter()
            .map(|place| format!("body has an unknown key at {}", without_numbers(&place))),
    );
    let misnamed = exchange
        .files
        .iter()
        .filter(|name| kind == JSON && !is_file_name(name));
    faults.extend(misnamed.map(|name| format!("a file is called {name:?} rather than files[n]")));
    faults
}

fn is_file_name(name: &str) -> bool {
    let number = name
        .strip_prefix("files[")
        .and_then(|rest| rest.strip_suffix(']'));
    number.is_some_and(|n| n.parse::<u8>().is_ok())
}

/// What is wrong with the simulator's answer.
pub(crate) fn answer(document: &Document, operation: &Operation<'_>, exchange: &HttpExchange) -> Vec<String> {
    let status = exchange.status;
    if status >= SERVER_ERROR {
        return vec![format!("the simulator fails with {status}")];
    }
    let responses = format!("{}/responses", operation.pointer);
    let exact = format!("{responses}/{status}");
    let range = format!("{responses}/{}XX", status / 100);
    let Some(found) = [exact, range]
        .into_iter()
        .find(|pointer| document.look(pointer).is_some())
    else {
        return vec![format!("{status} is no answer of this route")];
    };
    let found = document.pointer_of(&found);
    let content = document
        .look(&found)
        .and_then(|found| found.get("content"))
        .and_then(Value::as_object);
    let Some(content) = content.filter(|content| !content.is_empty()) else {
        let nothing = exchange.answer.is_null();
        return if nothing {
            Vec::new()
        } else {
            vec![format!("{status} has no body, but says {}", exchange.answer)]
        };
    };
    let sent = exchange.answer_type.split(';').next().unwrap_or_default().trim();
    let fits = |kind: &&String| {
        kind.as_str() == sent
            || kind
                .strip_suffix('*')
                .is_some_and(|start| sent.starts_with(start))
    };
    let Some(kind) = content.keys().find(fits) else {
        return vec![format!("{status} answers {sent:?}")];
    };
    if kind != JSON {
        return Vec::new();
    }
    let pointer = format!("{found}/content/{}/schema", escaped(kind));
    document
        .faults(&pointer, &exchange.answer)
        .into_iter()
        .map(|fault| format!("{status} {fault}"))
        .collect()
}

fn is(value: &Value, key: &str, wanted: &str) -> bool {
    value.get(key).and_then(Value::as_str) == Some(wanted)
}
