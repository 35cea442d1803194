//! The transcript as data: everything that is stored, ids as strings.

use std::borrow::Cow;

use chrono::SecondsFormat;
use hazebot_core::Timestamp;
use serde::Serialize;

use super::{RenderError, Transcript, said};
use crate::ticket::{file::WireFile, message::StaffRole};

#[derive(Serialize)]
struct File<'a> {
    ticket: About<'a>,
    messages: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct About<'a> {
    ticket_id: String,
    ticket_num: i64,
    guild_id: String,
    #[serde(rename = "type")]
    kind: &'a str,
    status: &'a str,
    subject: &'a str,
    user_id: String,
    username: &'a str,
    claimed_by: Option<String>,
    assigned_to: Option<String>,
    created_at: String,
    closed_at: Option<String>,
    close_message: Option<&'a str>,
    reopen_count: i64,
}

#[derive(Serialize)]
struct Line<'a> {
    id: String,
    author_id: String,
    author_name: &'a str,
    author_avatar: Option<&'a str>,
    role: Option<StaffRole>,
    kind: &'a str,
    content: Cow<'a, str>,
    sent_at: String,
    edited_at: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<WireFile>,
}

/// The whole transcript.
pub(super) fn json(transcript: &Transcript) -> Result<Vec<u8>, RenderError> {
    let ticket = &transcript.ticket;
    let messages = transcript.messages.iter().map(|message| Line {
        id: message.id.to_string(),
        author_id: message.author.to_string(),
        author_name: &message.author_name,
        author_avatar: message.author_avatar.as_deref(),
        role: message.role,
        kind: message.kind.as_str(),
        content: said(message, transcript.files_of(message)),
        sent_at: moment(message.sent_at),
        edited_at: message.edited_at.map(moment),
        attachments: transcript
            .files_of(message)
            .iter()
            .map(|enclosed| WireFile::of(&enclosed.file, ticket.id))
            .collect(),
    });
    let file = File {
        ticket: About {
            ticket_id: ticket.id.to_string(),
            ticket_num: ticket.number,
            guild_id: ticket.guild.to_string(),
            kind: &ticket.kind,
            status: ticket.status.as_str(),
            subject: &ticket.subject,
            user_id: ticket.creator.to_string(),
            username: &ticket.creator_name,
            claimed_by: ticket.claimed_by.map(|user| user.to_string()),
            assigned_to: ticket.assigned_to.map(|user| user.to_string()),
            created_at: moment(ticket.created_at),
            closed_at: ticket.closed_at.map(moment),
            close_message: ticket.close_message.as_deref(),
            reopen_count: ticket.reopen_count,
        },
        messages: messages.collect(),
    };
    Ok(serde_json::to_vec(&file)?)
}

fn moment(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, false)
}
