//! Buttons under the bot's own messages that ask something.

use hazebot_discord::message::Button;

use crate::{Tickets, store::outbox::Buttons, ticket::Ticket};

impl Tickets {
    /// The buttons that a waiting message carries.
    pub(crate) fn answers(&self, ticket: &Ticket, buttons: Buttons) -> Vec<Button> {
        match buttons {
            Buttons::CloseRequest => self.close_or_keep(ticket),
            Buttons::Rating => self.stars(ticket),
        }
    }

    fn close_or_keep(&self, ticket: &Ticket) -> Vec<Button> {
        let label = |id| self.say(ticket.guild, id, &[]);
        let id = |word| format!("ticket:v1:{word}:{}", ticket.id);
        vec![
            Button::success(id("agree"), label("ticket-button-agree")).emoji("✅"),
            Button::secondary(id("keep"), label("ticket-button-keep")).emoji("✋"),
        ]
    }

    /// One to five stars. They are pressed in direct messages too, so they name the guild.
    pub(crate) fn stars(&self, ticket: &Ticket) -> Vec<Button> {
        let id = |stars: u8| format!("ticket:v1:rate:{}:{}:{stars}", ticket.guild, ticket.id);
        (1..=5)
            .map(|stars| Button::secondary(id(stars), stars.to_string()).emoji("⭐"))
            .collect()
    }
}
