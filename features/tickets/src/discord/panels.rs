//! How panels look in Discord.

use hazebot_discord::message::{Button, Message as Post, Select};

use super::commands::kind_options;
use crate::{
    Tickets, settings,
    ticket::panel::{Panel, Style},
};

impl Tickets {
    /// The message of a panel, as it is posted and as it is edited.
    pub(crate) fn panel_message(&self, panel: &Panel) -> Post {
        let (guild, id) = (panel.guild, panel.id.short());
        let categories = self.settings().get(guild, &settings::CATEGORIES);
        let offered = panel.offered(&categories);
        let mut embed = self.bot.embed(Some(guild)).title(&panel.draft.title);
        if !panel.draft.text.is_empty() {
            embed = embed.description(&panel.draft.text);
        }
        let post = Post::new().embed(embed);
        if offered.is_empty() {
            // Its types are gone; the text stays until staff choose others.
            return post;
        }
        match panel.draft.style {
            Style::Menu => {
                let select = Select::text(format!("ticket:v1:type:{id}"))
                    .placeholder(self.say(guild, "ticket-menu-placeholder", &[]))
                    .options(kind_options(self, guild, &offered));
                post.select(select)
            }
            Style::Buttons => {
                let kinds = self.kinds(guild);
                let button = |kind: &&str| {
                    let button = Button::primary(format!("ticket:v1:open:{id}:{kind}"), *kind);
                    match kinds
                        .of(kind)
                        .emoji
                        .or_else(|| super::commands::emoji(kind).map(str::to_owned))
                    {
                        Some(emoji) => button.emoji(&emoji),
                        None => button,
                    }
                };
                post.buttons(offered.iter().map(button))
            }
        }
    }
}
