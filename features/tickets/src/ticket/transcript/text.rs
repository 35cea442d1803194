//! The transcript as text: one line per message, times in UTC.

use std::fmt::Write as _;

use super::{Transcript, said};

/// Says to editors that the file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The whole transcript, UTF-8 with byte order mark.
pub(super) fn text(transcript: &Transcript) -> String {
    let Transcript {
        ticket,
        messages,
        names,
        labels,
        ..
    } = transcript;
    let mut out = String::with_capacity(256 + messages.len() * 96);
    out.push_str(BYTE_ORDER_MARK);
    let _ = writeln!(out, "Ticket #{} - {}", ticket.number, ticket.kind);
    let _ = writeln!(out, "Creator: {} ({})", ticket.creator_name, ticket.creator);
    let _ = writeln!(out, "Subject: {}\n", ticket.subject);
    for message in messages {
        let at = message.sent_at.format("%Y-%m-%d %H:%M");
        let files = transcript.files_of(message);
        let said = said(message, files);
        let text = match said.trim() {
            "" => "[Attachment/Embed]".into(),
            text => names.written_out(text),
        };
        let edited = message
            .edited_at
            .map_or(String::new(), |_| format!(" ({})", labels.edited));
        let _ = writeln!(out, "[{at}] {}: {text}{edited}", message.author_name);
        for enclosed in files {
            let _ = writeln!(
                out,
                "    [{}: {}]",
                labels.file,
                transcript.in_words(&enclosed.file)
            );
        }
    }
    out
}
