//! How tickets look in Discord: one rendering of the stored state, whoever changed it.

use std::collections::HashSet;

use hazebot_core::{
    Outcome, Timestamp, clock::discord_timestamp, ids::UserId, settings::general::ADMIN_ROLE,
    settings::general::MODERATOR_ROLE, texts::Arg,
};
use hazebot_discord::message::{Button, Embed, Message as Post, limits, text::fit};

use crate::{
    Tickets, settings,
    ticket::{
        Status, Ticket,
        controls::Control,
        kinds::Ping,
        transcript::{Format, Transcript},
        work::Priority,
    },
};

impl Tickets {
    /// The frame with type, state and handlers.
    pub(crate) fn card(&self, ticket: &Ticket) -> Embed {
        let guild = ticket.guild;
        let status = match ticket.status {
            Status::Claimed => "ticket-status-claimed",
            Status::Closed => "ticket-status-closed",
            _ => "ticket-status-open",
        };
        let lines = [
            self.say(
                guild,
                "ticket-embed-type",
                &[("type", Arg::user(ticket.kind.as_str()))],
            ),
            self.say(
                guild,
                "ticket-embed-status",
                &[("status", Arg::raw(self.say(guild, status, &[])))],
            ),
            self.say(
                guild,
                "ticket-embed-creator",
                &[("creator", Arg::raw(mention(ticket.creator)))],
            ),
        ];
        let title = self.say(
            guild,
            "ticket-embed-title",
            &[("number", Arg::raw(ticket.number.to_string()))],
        );
        let mut embed = self
            .bot
            .embed(Some(guild))
            .title(title)
            .description(lines.join("\n"));
        let fields = [
            ("ticket-embed-handler", ticket.claimed_by),
            ("ticket-embed-assigned", ticket.assigned_to),
        ];
        for (name, user) in fields {
            if let Some(user) = user {
                embed = embed.inline(self.say(guild, name, &[]), mention(user));
            }
        }
        if ticket.priority != Priority::Normal {
            let word = self.say(
                guild,
                &format!("ticket-priority-{}", ticket.priority.as_str()),
                &[],
            );
            embed = embed.inline(
                self.say(guild, "ticket-embed-priority", &[]),
                format!("{} {word}", ticket.priority.emoji()),
            );
        }
        if !ticket.participants.is_empty() {
            let people: Vec<String> = ticket.participants.iter().map(|user| mention(*user)).collect();
            embed = embed.field(self.say(guild, "ticket-embed-people", &[]), people.join(" "));
        }
        if let Some(request) = ticket.close_request {
            embed = embed.inline(self.say(guild, "ticket-embed-closes", &[]), when(request.due));
        }
        match ticket.delete_after {
            Some(at) => embed.inline(self.say(guild, "ticket-embed-deleted", &[]), when(at)),
            None => embed,
        }
    }

    /// The buttons in the ticket's present state.
    pub(crate) fn buttons(&self, ticket: &Ticket) -> Vec<Button> {
        Control::ALL
            .into_iter()
            .map(|control| {
                let id = format!("ticket:v1:{}:{}", control.word(), ticket.id);
                let label = self.say(ticket.guild, &format!("ticket-button-{}", control.word()), &[]);
                let button = match control {
                    Control::Claim => Button::primary(id, label),
                    Control::Assign | Control::Reopen => Button::secondary(id, label),
                    Control::Status => Button::success(id, label),
                    Control::Close | Control::Delete => Button::danger(id, label),
                };
                button
                    .emoji(control.emoji())
                    .disabled(!control.is_enabled(ticket))
            })
            .collect()
    }

    /// The message with the buttons, as it is posted first.
    pub(crate) fn control_message(&self, ticket: &Ticket) -> Post {
        let creator = Arg::raw(mention(ticket.creator));
        Post::new()
            .text(self.say(ticket.guild, "ticket-opened", &[("creator", creator)]))
            .mention_user(ticket.creator)
            .embed(self.card(ticket))
            .buttons(self.buttons(ticket))
            .nonce(ticket.nonce("ctl"))
    }

    /// What it becomes when the state has changed.
    pub(crate) fn control_update(&self, ticket: &Ticket) -> Post {
        Post::partial()
            .embed(self.card(ticket))
            .buttons(self.buttons(ticket))
    }

    /// Tells staff of a new ticket, and its creator what happens next. Only the two staff roles are pinged.
    pub(crate) fn announcement(&self, ticket: &Ticket) -> Post {
        let guild = ticket.guild;
        let mut roles = Vec::new();
        let kind = self.kinds(guild).of(&ticket.kind);
        let for_all = self.settings().get(guild, &settings::PING_STAFF);
        if kind.ping == Ping::Default && for_all {
            roles.extend(self.settings().get(guild, &ADMIN_ROLE));
            roles.extend(self.settings().get(guild, &MODERATOR_ROLE));
        }
        if kind.ping == Ping::Roles || (kind.ping == Ping::Default && for_all) {
            roles.extend(self.existing(guild, &kind.staff_role_ids));
        }
        let mut seen = HashSet::new();
        roles.retain(|role| seen.insert(*role));
        let number = ("number", Arg::raw(ticket.number.to_string()));
        let creator = ("creator", Arg::raw(mention(ticket.creator)));
        let first = if roles.is_empty() {
            self.say(guild, "ticket-announce-plain", &[number, creator])
        } else {
            let mentions: Vec<_> = roles.iter().map(|role| format!("<@&{role}>")).collect();
            self.say(
                guild,
                "ticket-announce",
                &[("roles", Arg::raw(mentions.join(" "))), number, creator],
            )
        };
        let wait = self.say(guild, "ticket-please-wait", &[]);
        let text = match &kind.greeting {
            // What a guild writes is its own markup, but pings nobody: only the roles above are mentioned.
            Some(greeting) => format!("{first}\n{}\n{wait}", greeting.trim()),
            None => format!("{first}\n{wait}"),
        };
        let post = Post::new().text(text).nonce(ticket.nonce("new"));
        roles.into_iter().fold(post, Post::mention_role)
    }

    /// The message for the transcript channel, with the conversation as a page and as text.
    pub(crate) async fn transcript_message(&self, ticket: &Ticket) -> Outcome<Post> {
        let mut transcript = self.transcript_of(ticket).await?;
        self.enclose_pictures(&mut transcript).await;
        let (guild, count) = (ticket.guild, transcript.messages.len());
        let files = Self::render(transcript, vec![Format::Txt, Format::Html]).await?;
        let number = Arg::raw(ticket.number.to_string());
        let mut embed = self
            .bot
            .embed(Some(guild))
            .title(self.say(guild, "ticket-transcript-title", &[("number", number)]))
            .description(self.say(guild, "ticket-transcript-text", &[]))
            .inline(
                self.say(guild, "ticket-transcript-type", &[]),
                ticket.kind.as_str(),
            )
            .inline(
                self.say(guild, "ticket-transcript-creator", &[]),
                mention(ticket.creator),
            )
            .inline(
                self.say(guild, "ticket-transcript-messages", &[]),
                count.to_string(),
            );
        for (name, user) in [
            ("ticket-embed-handler", ticket.claimed_by),
            ("ticket-embed-assigned", ticket.assigned_to),
        ] {
            if let Some(user) = user {
                embed = embed.inline(self.say(guild, name, &[]), mention(user));
            }
        }
        if let Some(message) = &ticket.close_message {
            let name = self.say(guild, "ticket-transcript-closing", &[]);
            embed = embed.field(name, fit(message, limits::FIELD_VALUE));
        }
        let mut post = Post::new().embed(embed).nonce(ticket.nonce("script"));
        let mut room = limits::FILE_BYTES;
        for (format, mut bytes) in files {
            if bytes.len() > room {
                // Whole in the API; Discord takes no more.
                match format {
                    Format::Txt => shorten(&mut bytes, room),
                    Format::Html | Format::Json => continue,
                }
            }
            room -= bytes.len();
            post = post.file(Transcript::file(ticket, format), bytes);
        }
        Ok(post)
    }

    /// The direct message to the creator of a closed ticket.
    pub(crate) fn farewell(&self, ticket: &Ticket) -> Post {
        let guild = ticket.guild;
        let name = self.directory().guild_name(guild).unwrap_or_default();
        let args = [
            ("subject", Arg::user(ticket.subject.as_str())),
            ("guild", Arg::user(name)),
        ];
        let title = self.farewell_title(ticket);
        let mut embed =
            self.bot
                .embed(Some(guild))
                .title(title)
                .description(self.say(guild, "ticket-dm-text", &args));
        if let Some(message) = &ticket.close_message {
            let name = self.say(guild, "ticket-transcript-closing", &[]);
            embed = embed.field(name, fit(message, limits::FIELD_VALUE));
        }
        let post = Post::new().nonce(ticket.nonce("told"));
        if self.settings().get(guild, &settings::ASK_RATING) {
            let embed = embed.field(
                self.say(guild, "ticket-rate-ask", &[]),
                self.say(guild, "ticket-rate-ask-hint", &[]),
            );
            return post.embed(embed).buttons(self.stars(ticket));
        }
        post.embed(embed)
    }

    /// Its title, by which it is found again.
    pub(crate) fn farewell_title(&self, ticket: &Ticket) -> String {
        let number = Arg::raw(ticket.number.to_string());
        self.say(ticket.guild, "ticket-dm-title", &[("number", number)])
    }
}

/// Cuts text after its last whole line within `room` bytes.
fn shorten(text: &mut Vec<u8>, room: usize) {
    text.truncate(room);
    let end = text
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |last| last + 1);
    text.truncate(end);
}

pub(crate) fn mention(user: UserId) -> String {
    format!("<@{user}>")
}

fn when(at: Timestamp) -> String {
    discord_timestamp(at, 'R')
}
