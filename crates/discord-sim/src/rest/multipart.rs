//! Bodies with files: `payload_json` and `files[n]`.

use axum::body::Bytes;
use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::world::Upload;

/// Files of one message.
const MOST_FILES: usize = 10;
/// The largest file in a guild without boosts.
const LARGEST_FILE: usize = 10 * 1024 * 1024;

/// The boundary of a `multipart/form-data` content type.
pub(super) fn boundary(content_type: &str) -> Option<String> {
    if !content_type.starts_with("multipart/form-data") {
        return None;
    }
    let (_, after) = content_type.split_once("boundary=")?;
    let value = after
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .trim_matches('"');
    (!value.is_empty()).then(|| value.to_owned())
}

/// One part of a form.
struct Part<'a> {
    headers: &'a str,
    content: &'a [u8],
}

/// Splits a form into JSON and files.
pub(super) async fn read(boundary: &str, bytes: Bytes) -> ApiResult<(Value, Vec<Upload>)> {
    let mut body = json!({});
    let mut uploads = Vec::new();
    for part in split(boundary, &bytes) {
        let name = attribute(part.headers, "name").unwrap_or_default();
        match attribute(part.headers, "filename") {
            _ if name == "payload_json" => {
                body = serde_json::from_slice(part.content).map_err(|_| ApiError::invalid_json())?;
            }
            Some(filename) => {
                if part.content.len() > LARGEST_FILE {
                    return Err(ApiError::too_large());
                }
                if uploads.len() >= MOST_FILES {
                    return Err(ApiError::field(
                        "files",
                        "BASE_TYPE_MAX_LENGTH",
                        "Must be 10 or fewer in length.",
                    ));
                }
                let given = header(part.headers, "content-type");
                let guessed = mime_guess::from_path(&filename).first_raw().map(str::to_owned);
                uploads.push(Upload {
                    field: name,
                    content_type: given
                        .filter(|t| t != "application/octet-stream")
                        .or(guessed)
                        .unwrap_or_else(|| "application/octet-stream".to_owned()),
                    filename,
                    content: bytes.slice_ref(part.content),
                });
            }
            None => {
                // Plain fields beside a file: the older form of a message body.
                let text = String::from_utf8_lossy(part.content).into_owned();
                if let Value::Object(map) = &mut body {
                    map.insert(name, Value::String(text));
                }
            }
        }
    }
    Ok((body, uploads))
}

fn split<'a>(boundary: &str, bytes: &'a [u8]) -> Vec<Part<'a>> {
    let delimiter = format!("--{boundary}");
    let delimiter = delimiter.as_bytes();
    let mut parts = Vec::new();
    let mut rest = match find(bytes, delimiter) {
        Some(at) => bytes.get(at + delimiter.len()..).unwrap_or_default(),
        None => return parts,
    };
    while let Some(end) = find(rest, delimiter) {
        let section = rest.get(..end).unwrap_or_default();
        rest = rest.get(end + delimiter.len()..).unwrap_or_default();
        let section = section.strip_prefix(b"\r\n").unwrap_or(section);
        let section = section.strip_suffix(b"\r\n").unwrap_or(section);
        let Some(gap) = find(section, b"\r\n\r\n") else {
            continue;
        };
        let Ok(headers) = std::str::from_utf8(section.get(..gap).unwrap_or_default()) else {
            continue;
        };
        parts.push(Part {
            headers,
            content: section.get(gap + 4..).unwrap_or_default(),
        });
        if parts.len() > MOST_FILES * 3 {
            break;
        }
    }
    parts
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = needle.first()?;
    let mut from = 0;
    loop {
        let at = from + haystack.get(from..)?.iter().position(|b| b == first)?;
        if haystack.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
}

fn header(headers: &str, name: &str) -> Option<String> {
    headers.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })
}

/// An attribute of `Content-Disposition`.
fn attribute(headers: &str, name: &str) -> Option<String> {
    let disposition = header(headers, "content-disposition")?;
    let star = format!("{name}*=utf-8''");
    disposition.split(';').map(str::trim).find_map(|part| {
        let lower = part.to_ascii_lowercase();
        if lower.starts_with(&star) {
            return part.get(star.len()..).map(crate::cdn::decode_percent);
        }
        let (key, value) = part.split_once('=')?;
        (key == name).then(|| value.trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_form_gives_json_and_files() {
        let form = "--x\r\nContent-Disposition: form-data; name=\"payload_json\"\r\nContent-Type: application/json\r\n\r\n{\"content\":\"hi\"}\r\n\
            --x\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a.txt\"\r\n\r\nhello\r\n--x--\r\n";
        let (body, files) = read("x", Bytes::from(form)).await.unwrap();
        assert_eq!(body, json!({ "content": "hi" }));
        let file = files.first().unwrap();
        assert_eq!(
            (file.filename.as_str(), &file.content[..]),
            ("a.txt", b"hello".as_slice())
        );
        assert_eq!(file.content_type, "text/plain");
    }

    #[tokio::test]
    async fn a_broken_form_gives_nothing() {
        let (body, files) = read("x", Bytes::from("--y\r\nrubbish")).await.unwrap();
        assert_eq!(body, json!({}));
        assert!(files.is_empty());
    }
}
