//! Bodies with files, in and out of shape, on the routes that take them.

use arbitrary::Unstructured;
use axum::body::Body;
use axum::http::{Request, header};

use super::choice::{below, object, pick, raw, text};
use super::rest::checked;
use super::stage::{Stage, block_on};

/// Parts of one form: a few more than the ten files that Discord takes.
const PARTS: usize = 13;
/// Where files can be sent: method and path, with ids and tokens to be filled in.
const ROUTES: [(&str, &str); 6] = [
    ("POST", "/channels/{id}/messages"),
    ("PATCH", "/channels/{id}/messages/{id}"),
    ("POST", "/webhooks/{id}/{token}"),
    ("PATCH", "/webhooks/{id}/{token}/messages/@original"),
    ("POST", "/interactions/{id}/{token}/callback"),
    ("POST", "/channels/{id}/threads"),
];
const NAMES: [&str; 7] = [
    "payload_json",
    "files[0]",
    "files[1]",
    "file",
    "content",
    "files[99999999999999999999]",
    "",
];
const FILENAMES: [&str; 6] = ["a.txt", "x.png", "../../a", "", "SPOILER_a.gif", "%00%"];

/// Does what the bytes say.
pub fn run(data: &[u8]) {
    block_on(async {
        let mut bytes = Unstructured::new(data);
        let mut stage = Stage::set().await;
        let Some((method, template)) = pick(&mut bytes, &ROUTES).copied() else {
            return;
        };
        let part = |part: &str| match part {
            "{id}" => pick(&mut bytes, &stage.ids).cloned().unwrap_or_default(),
            "{token}" => pick(&mut bytes, &stage.tokens).cloned().unwrap_or_default(),
            other => other.to_owned(),
        };
        let path = template.split('/').map(part).collect::<Vec<_>>().join("/");
        let boundary = pick(&mut bytes, &["x", "--", "\"a b\"", "x; y=z", ""])
            .copied()
            .unwrap_or_default();
        let body = if below(&mut bytes, 6) == 5 {
            raw(&mut bytes)
        } else {
            form(&mut bytes, boundary, &stage)
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v10{path}"))
            .header(header::AUTHORIZATION, format!("Bot {}", stage.bot_token))
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={boundary}"),
            )
            .body(Body::from(body.clone()));
        let Ok(request) = request else { return };
        let (status, answer) = stage.send(request).await;
        checked(status, &answer, false, || {
            format!("{method} {path} {} {answer}", String::from_utf8_lossy(&body))
        });
    });
}

fn form(bytes: &mut Unstructured<'_>, boundary: &str, stage: &Stage) -> Vec<u8> {
    let boundary = boundary.trim_matches('"').split(';').next().unwrap_or_default();
    let mut form = Vec::new();
    for _ in 0..below(bytes, PARTS) {
        let name = pick(bytes, &NAMES).copied().unwrap_or_default();
        let mut disposition = format!("form-data; name=\"{name}\"");
        match below(bytes, 4) {
            0 => {
                disposition += &format!(
                    "; filename*=utf-8''{}",
                    pick(bytes, &FILENAMES).copied().unwrap_or_default()
                )
            }
            1 => disposition += &format!("; filename=\"{}\"", text(bytes)),
            2 => {
                disposition += &format!(
                    "; filename=\"{}\"",
                    pick(bytes, &FILENAMES).copied().unwrap_or_default()
                )
            }
            _ => {}
        }
        let head = format!("--{boundary}\r\nContent-Disposition: {disposition}\r\n");
        form.extend_from_slice(head.as_bytes());
        if below(bytes, 3) == 0 {
            form.extend_from_slice(b"content-type: ");
            form.extend_from_slice(&raw(bytes));
            form.extend_from_slice(b"\r\n");
        }
        form.extend_from_slice(b"\r\n");
        match below(bytes, 3) {
            0 => form.extend_from_slice(&raw(bytes)),
            1 => form.extend_from_slice(&picture(bytes)),
            _ => form.extend_from_slice(object(bytes, &stage.ids).to_string().as_bytes()),
        }
        form.extend_from_slice(b"\r\n");
    }
    let end = if below(bytes, 4) == 3 {
        String::new()
    } else {
        format!("--{boundary}--\r\n")
    };
    form.extend_from_slice(end.as_bytes());
    form
}

/// The beginning of an image, whose size is read from it.
fn picture(bytes: &mut Unstructured<'_>) -> Vec<u8> {
    let beginnings: [&[u8]; 5] = [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"GIF89a",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"RIFF\0\0\0\0WEBPVP8X",
    ];
    let mut picture = pick(bytes, &beginnings).copied().unwrap_or_default().to_vec();
    picture.extend_from_slice(&raw(bytes));
    picture
}
