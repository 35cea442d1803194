//! Files of messages: what is known of them, what became of their copies, and what their content may be shown as.

use hazebot_core::ids::MessageId;
use serde::{Deserialize, Serialize};
use twilight_model::{
    channel::Message as ModelMessage,
    id::{Id, marker::AttachmentMarker},
};
use utoipa::ToSchema;

use super::TicketId;

/// Discord's id of a file.
pub type FileId = Id<AttachmentMarker>;

/// Files of one message that are kept at most; Discord itself allows ten
/// (<https://docs.discord.com/developers/resources/message#create-message>).
pub const MAX_FILES: usize = 10;
/// Longest name in characters: what file systems take.
const MAX_NAME: usize = 255;
/// First bytes of a file that tell what it is.
pub const HEAD: usize = 16;

/// What became of the copy of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// It is to be copied.
    Waiting,
    /// It is being copied; its room is reserved.
    Copying,
    /// It is there.
    Stored,
    /// It is larger than the guild wants to keep.
    TooLarge,
    /// There was no room left.
    Full,
    /// Discord had it no more.
    Gone,
    /// It could not be copied, tried several times.
    Failed,
    /// Its message has lost it; the copy goes.
    Withdrawn,
    /// The copy was removed, by the guild's time for keeping files or with its message.
    Removed,
}

impl FileState {
    const ALL: [Self; 9] = [
        Self::Waiting,
        Self::Copying,
        Self::Stored,
        Self::TooLarge,
        Self::Full,
        Self::Gone,
        Self::Failed,
        Self::Withdrawn,
        Self::Removed,
    ];

    /// The form of the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Copying => "copying",
            Self::Stored => "stored",
            Self::TooLarge => "too_large",
            Self::Full => "full",
            Self::Gone => "gone",
            Self::Failed => "failed",
            Self::Withdrawn => "withdrawn",
            Self::Removed => "removed",
        }
    }

    /// From the database.
    #[must_use]
    pub fn from_db(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether the copy is still to come.
    #[must_use]
    pub fn is_coming(self) -> bool {
        matches!(self, Self::Waiting | Self::Copying)
    }
}

/// A file of a message, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Discord's id.
    pub id: FileId,
    /// The message that it belongs to.
    pub message: MessageId,
    /// Its name, as its sender says: for people only, never for paths.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// What its sender says it is.
    pub claimed_type: Option<String>,
    /// What it is by its first bytes, once it is copied.
    pub found_type: Option<String>,
    /// Where Discord had it when it was sent; the address works for a day.
    pub url: String,
    /// What became of the copy.
    pub state: FileState,
    /// How often copying failed.
    pub tries: i64,
}

impl File {
    /// The files of a message that has just come.
    #[must_use]
    pub fn of(message: &ModelMessage) -> Vec<Self> {
        let files = message.attachments.iter().take(MAX_FILES);
        let file = |file: &twilight_model::channel::Attachment| Self {
            id: file.id,
            message: message.id,
            name: tidy(&file.filename),
            size: i64::try_from(file.size).unwrap_or(i64::MAX),
            claimed_type: file.content_type.clone(),
            found_type: None,
            url: file.url.clone(),
            state: FileState::Waiting,
            tries: 0,
        };
        files.map(file).collect()
    }

    /// What it is shown as: what its first bytes say, if browsers can show that safely; else a file to be saved.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        let shown = |kind: &str| SHOWN.into_iter().find(|shown| *shown == kind);
        self.found_type
            .as_deref()
            .and_then(shown)
            .unwrap_or("application/octet-stream")
    }

    /// Whether it is a picture that browsers show.
    #[must_use]
    pub fn is_picture(&self) -> bool {
        self.media_type().starts_with("image/")
    }
}

/// A file of a message, as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WireFile {
    /// Discord's id.
    pub id: String,
    /// Its name, as its sender says.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// What it is by its first bytes, `application/octet-stream` where browsers don't show it or it is not copied.
    pub content_type: String,
    /// Where Discord had it; the address stops working after a day.
    pub url: String,
    /// What became of the copy.
    pub state: FileState,
    /// Path of the copy in this API, while there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
}

impl WireFile {
    /// As the API shows it.
    #[must_use]
    pub fn of(file: &File, ticket: TicketId) -> Self {
        let path = || format!("/api/tickets/{ticket}/attachments/{}", file.id);
        Self {
            id: file.id.to_string(),
            name: file.name.clone(),
            size: file.size,
            content_type: file.media_type().to_owned(),
            url: file.url.clone(),
            state: file.state,
            path: (file.state == FileState::Stored).then(path),
        }
    }
}

/// What browsers show without running anything of it.
const SHOWN: [&str; 10] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/webm",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "application/pdf",
];

/// What a file is, by its first [`HEAD`] bytes; never by its name, which anybody can choose.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<&'static str> {
    let riff = |kind: &[u8]| head.starts_with(b"RIFF") && head.get(8..12) == Some(kind);
    match head {
        _ if head.starts_with(b"\x89PNG\r\n\x1a\n") => Some("image/png"),
        _ if head.starts_with(b"\xff\xd8\xff") => Some("image/jpeg"),
        _ if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") => Some("image/gif"),
        _ if riff(b"WEBP") => Some("image/webp"),
        _ if riff(b"WAVE") => Some("audio/wav"),
        _ if head.get(4..8) == Some(b"ftyp") => Some("video/mp4"),
        _ if head.starts_with(b"\x1a\x45\xdf\xa3") => Some("video/webm"),
        _ if head.starts_with(b"ID3") => Some("audio/mpeg"),
        _ if head.starts_with(b"OggS") => Some("audio/ogg"),
        _ if head.starts_with(b"%PDF-") => Some("application/pdf"),
        _ => None,
    }
}

/// A name without what breaks lines, headers or the direction of the text around it.
fn tidy(name: &str) -> String {
    let is_mark =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let calm = |c: char| match c {
        '/' | '\\' => '_',
        c => c,
    };
    let name: String = name
        .chars()
        .filter(|c| !c.is_control() && !is_mark(*c))
        .map(calm)
        .take(MAX_NAME)
        .collect();
    if name.trim().is_empty() {
        "file".to_owned()
    } else {
        name
    }
}

/// A text without the lines that are addresses of these files: their signatures change, and readers see the files.
#[must_use]
pub fn without_addresses<'a>(text: &str, files: impl IntoIterator<Item = &'a File>) -> String {
    let places: Vec<&str> = files.into_iter().map(|file| place(&file.url)).collect();
    let lines = text.lines().filter(|line| !places.contains(&place(line.trim())));
    lines.collect::<Vec<_>>().join("\n")
}

/// An address without its signature.
fn place(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// Bytes as people read them: `512 B`, `11.0 MiB`.
#[must_use]
pub fn size(bytes: i64) -> String {
    const UNITS: [(i64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match UNITS.into_iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => {
            let tenths = bytes.saturating_mul(10) / unit;
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(url: &str) -> File {
        File {
            id: Id::new(5),
            message: Id::new(4),
            name: "lamp.png".to_owned(),
            size: 10,
            claimed_type: Some("text/html".to_owned()),
            found_type: None,
            url: url.to_owned(),
            state: FileState::Waiting,
            tries: 0,
        }
    }

    #[test]
    fn content_is_told_by_its_bytes_and_what_could_run_is_a_file_to_save() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        assert_eq!(sniff(png), Some("image/png"));
        assert_eq!(sniff(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        for other in [&b"<html><script>"[..], b"<svg xmlns", b"", b"RIFF"] {
            assert_eq!(sniff(other), None);
        }
        let mut page = file("https://cdn.example/a");
        assert_eq!(page.media_type(), "application/octet-stream");
        page.found_type = Some("text/html".to_owned());
        assert_eq!(page.media_type(), "application/octet-stream");
        page.found_type = Some("image/gif".to_owned());
        assert!(page.is_picture());
    }

    #[test]
    fn a_name_breaks_no_line_and_leads_into_no_folder() {
        for (name, tidied) in [
            ("../../etc/passwd", ".._.._etc_passwd"),
            ("a\r\nb\0.png", "ab.png"),
            ("in\u{202e}gnp.exe", "ingnp.exe"),
            ("Grüße 👋🏽.txt", "Grüße 👋🏽.txt"),
            ("\u{200e}", "file"),
        ] {
            assert_eq!(tidy(name), tidied);
        }
    }

    #[test]
    fn addresses_of_files_are_left_out_whatever_their_signature() {
        let files = [file("https://cdn.example/1/2/lamp.png?ex=1")];
        let text = "look\nhttps://cdn.example/1/2/lamp.png?ex=9&hm=2&\nhttps://example.org/";
        assert_eq!(without_addresses(text, &files), "look\nhttps://example.org/");
        assert_eq!(without_addresses("https://cdn.example/1/2/lamp.png", &files), "");
    }

    #[test]
    fn sizes_are_told_in_units_of_1024() {
        for (bytes, told) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (11 * 1024 * 1024, "11.0 MiB"),
            (5_000_000_000, "4.6 GiB"),
        ] {
            assert_eq!(size(bytes), told);
        }
    }
}
