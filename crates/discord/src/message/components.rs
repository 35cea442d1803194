//! Buttons and select menus.

use twilight_model::channel::{
    ChannelType,
    message::{
        Component, EmojiReactionType,
        component::{
            ActionRow, Button as ModelButton, ButtonStyle, SelectMenu, SelectMenuOption, SelectMenuType,
        },
    },
};
use twilight_model::id::Id;

/// Reads `🎫`, or `<:name:123>` and `<a:name:123>` for an emoji of a guild.
pub(crate) fn emoji(text: &str) -> EmojiReactionType {
    let custom = text
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .and_then(|inner| {
            let (animated, rest) = match inner.strip_prefix("a:") {
                Some(rest) => (true, rest),
                None => (false, inner.strip_prefix(':')?),
            };
            let (name, id) = rest.split_once(':')?;
            let id = id.parse::<u64>().ok().and_then(Id::new_checked)?;
            Some(EmojiReactionType::Custom {
                animated,
                id,
                name: Some(name.to_owned()),
            })
        });
    custom.unwrap_or_else(|| EmojiReactionType::Unicode {
        name: text.to_owned(),
    })
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button(ModelButton);

impl Button {
    fn new(style: ButtonStyle, custom_id: Option<String>, url: Option<String>, label: String) -> Self {
        Self(ModelButton {
            custom_id,
            disabled: false,
            emoji: None,
            id: None,
            label: (!label.is_empty()).then_some(label),
            sku_id: None,
            style,
            url,
        })
    }

    /// The main thing to do. The custom id is `feature:v1:action:args…`; an empty label is none, then set an emoji.
    #[must_use]
    pub fn primary(custom_id: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(ButtonStyle::Primary, Some(custom_id.into()), None, label.into())
    }

    /// Something else to do.
    #[must_use]
    pub fn secondary(custom_id: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(ButtonStyle::Secondary, Some(custom_id.into()), None, label.into())
    }

    /// Something good to do (green).
    #[must_use]
    pub fn success(custom_id: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(ButtonStyle::Success, Some(custom_id.into()), None, label.into())
    }

    /// Something that hurts (red).
    #[must_use]
    pub fn danger(custom_id: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(ButtonStyle::Danger, Some(custom_id.into()), None, label.into())
    }

    /// Leads to a page outside.
    #[must_use]
    pub fn link(url: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(ButtonStyle::Link, None, Some(url.into()), label.into())
    }

    /// A small picture before the label: `🎫`, or `<:name:123>`.
    #[must_use]
    pub fn emoji(mut self, text: &str) -> Self {
        self.0.emoji = Some(emoji(text));
        self
    }

    /// Greyed out.
    #[must_use]
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.0.disabled = disabled;
        self
    }
}

/// A choice of a [`Select`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectOption(SelectMenuOption);

impl SelectOption {
    /// What the person reads, and the value that the handler gets.
    #[must_use]
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self(SelectMenuOption {
            default: false,
            description: None,
            emoji: None,
            label: label.into(),
            value: value.into(),
        })
    }

    /// A second line.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.0.description = Some(text.into());
        self
    }

    /// A small picture.
    #[must_use]
    pub fn emoji(mut self, text: &str) -> Self {
        self.0.emoji = Some(emoji(text));
        self
    }

    /// Chosen from the start.
    #[must_use]
    pub fn chosen(mut self, chosen: bool) -> Self {
        self.0.default = chosen;
        self
    }
}

/// A select menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Select(pub(super) SelectMenu);

impl Select {
    fn new(kind: SelectMenuType, custom_id: String) -> Self {
        let options = (kind == SelectMenuType::Text).then(Vec::new);
        Self(SelectMenu {
            channel_types: None,
            custom_id,
            default_values: None,
            disabled: false,
            id: None,
            kind,
            max_values: None,
            min_values: None,
            options,
            placeholder: None,
            required: None,
        })
    }

    /// Between given options, at most [`super::limits::SELECT_OPTIONS`].
    #[must_use]
    pub fn text(custom_id: impl Into<String>) -> Self {
        Self::new(SelectMenuType::Text, custom_id.into())
    }

    /// Between people.
    #[must_use]
    pub fn users(custom_id: impl Into<String>) -> Self {
        Self::new(SelectMenuType::User, custom_id.into())
    }

    /// Between roles.
    #[must_use]
    pub fn roles(custom_id: impl Into<String>) -> Self {
        Self::new(SelectMenuType::Role, custom_id.into())
    }

    /// Between channels of these kinds; of all kinds if none is given.
    #[must_use]
    pub fn channels(custom_id: impl Into<String>, kinds: impl IntoIterator<Item = ChannelType>) -> Self {
        let mut select = Self::new(SelectMenuType::Channel, custom_id.into());
        let kinds: Vec<ChannelType> = kinds.into_iter().collect();
        select.0.channel_types = (!kinds.is_empty()).then_some(kinds);
        select
    }

    /// Adds an option to a text menu; other menus have none.
    #[must_use]
    pub fn option(mut self, option: SelectOption) -> Self {
        if let Some(options) = &mut self.0.options {
            options.push(option.0);
        }
        self
    }

    /// Adds options to a text menu.
    #[must_use]
    pub fn options(self, options: impl IntoIterator<Item = SelectOption>) -> Self {
        options.into_iter().fold(self, Self::option)
    }

    /// What stands there before something is chosen.
    #[must_use]
    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.0.placeholder = Some(text.into());
        self
    }

    /// How many may be chosen, for example `0..=3`.
    #[must_use]
    pub fn values(mut self, range: std::ops::RangeInclusive<u8>) -> Self {
        self.0.min_values = Some(*range.start());
        self.0.max_values = Some(*range.end());
        self
    }

    /// Greyed out.
    #[must_use]
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.0.disabled = disabled;
        self
    }
}

/// One row of components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(ActionRow);

impl Row {
    /// A row of at most [`super::limits::BUTTONS_PER_ROW`] buttons.
    #[must_use]
    pub fn buttons(buttons: impl IntoIterator<Item = Button>) -> Self {
        Self(ActionRow {
            components: buttons
                .into_iter()
                .map(|button| Component::Button(button.0))
                .collect(),
            id: None,
        })
    }

    /// A row with a select menu.
    #[must_use]
    pub fn select(select: Select) -> Self {
        Self(ActionRow {
            components: vec![Component::SelectMenu(select.0)],
            id: None,
        })
    }

    pub(super) fn into_model(self) -> Component {
        Component::ActionRow(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_of_a_guild_is_told_from_a_unicode_one() {
        assert_eq!(
            emoji("🎫"),
            EmojiReactionType::Unicode {
                name: "🎫".to_owned()
            }
        );
        assert_eq!(
            emoji("<a:wave:42>"),
            EmojiReactionType::Custom {
                animated: true,
                id: Id::new(42),
                name: Some("wave".to_owned())
            }
        );
        assert_eq!(
            emoji("<:x:0>"),
            EmojiReactionType::Unicode {
                name: "<:x:0>".to_owned()
            }
        );
    }
}
