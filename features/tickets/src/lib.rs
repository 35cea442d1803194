//! Tickets: private channels in which members talk to staff, from Discord, the app and the panel alike.
//!
//! - cog `TicketSystem`: `/ticket`, the buttons of each ticket, what people write in its channel ([`cog()`])
//! - routes under `/api/tickets` ([`routes`]), events on the sockets ([`sockets`])
//! - settings under `tickets.` ([`settings::TABLE`]), texts in `locales/*/tickets.ftl` ([`TEXTS`])
//! - jobs [`actions::SETTLE`], [`actions::EXPIRE`], [`actions::CLOSE_DUE`], [`actions::WATCH`], [`actions::PANEL`], and others for
//!   mail, files and retention
//! - events `ticket.opened`, `.claimed`, `.assigned`, `.updated`, `.closed`, `.reopened`, `.deleted`,
//!   `.message_added`, `.message_edited`, `.message_deleted`, `.file_changed`, `.note_added`, `.note_deleted`, `.rated`; `reward`
//!   in a payload says what is earned
//!
//! The rules are in [`ticket`], pure; what changes a ticket is in [`actions`], one file each.

pub mod actions;
mod cog;
mod discord;
mod files;
mod http;
mod index;
mod lists;
mod live;
mod locks;
mod search;
mod service;
pub mod settings;
pub mod sockets;
mod store;
pub mod ticket;
mod view;

pub use actions::mail::MailOut;
pub use cog::cog;
pub use files::Files;
pub use http::routes;
pub use search::{Found, FoundMessage, FoundTicket};
pub use service::Tickets;
pub use sockets::register_sockets;
pub use ticket::TicketId;
pub use view::{Listing, WireCloseRequest, WirePerson, WireTicket};

/// The texts of this feature: language and source.
pub const TEXTS: &[(&str, &str)] = &[
    ("en", include_str!("../../../locales/en/tickets.ftl")),
    ("de", include_str!("../../../locales/de/tickets.ftl")),
];

#[cfg(test)]
mod tests {
    use hazebot_core::texts::check_parity;

    use super::*;

    #[test]
    fn both_languages_say_the_same() {
        assert_eq!(check_parity(TEXTS), Vec::<String>::new());
    }

    #[test]
    fn every_text_that_the_code_asks_for_exists() {
        let english = TEXTS.first().map(|(_, source)| *source).unwrap_or_default();
        let sources = concat!(
            include_str!("ticket.rs"),
            include_str!("ticket/draft.rs"),
            include_str!("ticket/kinds.rs"),
            include_str!("ticket/panel.rs"),
            include_str!("actions/panel.rs"),
            include_str!("ticket/kinds/question.rs"),
            include_str!("ticket/canned.rs"),
            include_str!("ticket/rating.rs"),
            include_str!("ticket/work.rs"),
            include_str!("actions/canned.rs"),
            include_str!("actions/rate.rs"),
            include_str!("actions/request_close.rs"),
            include_str!("actions/transfer.rs"),
            include_str!("actions/watch.rs"),
            include_str!("actions/assign.rs"),
            include_str!("actions/claim.rs"),
            include_str!("actions/close.rs"),
            include_str!("actions/edit.rs"),
            include_str!("actions/files.rs"),
            include_str!("actions/notes.rs"),
            include_str!("actions/open.rs"),
            include_str!("actions/participants.rs"),
            include_str!("actions/record.rs"),
            include_str!("actions/reopen.rs"),
            include_str!("actions/reply.rs"),
            include_str!("actions/unclaim.rs"),
            include_str!("discord/commands.rs"),
            include_str!("discord/components.rs"),
            include_str!("discord/messages.rs"),
            include_str!("discord/handover.rs"),
            include_str!("discord/questions.rs"),
            include_str!("discord/rating.rs"),
            include_str!("discord/work.rs"),
        );
        let asked = sources
            .split("\"ticket-")
            .skip(1)
            .filter_map(|rest| rest.split('"').next());
        for id in asked.filter(|id| !id.contains('{')) {
            let (text, command) = (format!("\nticket-{id} ="), format!("\ncmd-ticket-{id} ="));
            assert!(
                english.contains(&text) || english.contains(&command),
                "ticket-{id}"
            );
        }
    }
}
