//! Embeds.

use hazebot_core::Timestamp;
use twilight_model::{
    channel::message::{
        Embed as ModelEmbed,
        embed::{EmbedAuthor, EmbedField, EmbedFooter, EmbedImage, EmbedThumbnail},
    },
    util::Timestamp as ModelTimestamp,
};

/// A framed box in a message: title, text, fields, pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct Embed(pub(crate) ModelEmbed);

impl Default for Embed {
    fn default() -> Self {
        Self::new()
    }
}

impl Embed {
    /// An empty embed. Inside a handler prefer `cx.embed()`, which has the guild's colour and footer.
    #[must_use]
    pub fn new() -> Self {
        Self(ModelEmbed {
            author: None,
            color: None,
            description: None,
            fields: Vec::new(),
            flags: None,
            footer: None,
            image: None,
            kind: "rich".to_owned(),
            provider: None,
            thumbnail: None,
            timestamp: None,
            title: None,
            url: None,
            video: None,
        })
    }

    /// The title, at most [`super::limits::EMBED_TITLE`] characters.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.0.title = Some(title.into());
        self
    }

    /// The text, at most [`super::limits::EMBED_DESCRIPTION`] characters.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.0.description = Some(text.into());
        self
    }

    /// Where the title leads.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.0.url = Some(url.into());
        self
    }

    /// Colour of the edge, 0xRRGGBB.
    #[must_use]
    pub fn color(mut self, color: u32) -> Self {
        self.0.color = Some(color & 0x00FF_FFFF);
        self
    }

    /// Adds a field on a line of its own.
    #[must_use]
    pub fn field(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.push_field(name.into(), value.into(), false)
    }

    /// Adds a field that stands beside its neighbours.
    #[must_use]
    pub fn inline(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.push_field(name.into(), value.into(), true)
    }

    fn push_field(mut self, name: String, value: String, inline: bool) -> Self {
        self.0.fields.push(EmbedField { inline, name, value });
        self
    }

    /// The small line below.
    #[must_use]
    pub fn footer(mut self, text: impl Into<String>) -> Self {
        let icon_url = self.0.footer.take().and_then(|footer| footer.icon_url);
        self.0.footer = Some(EmbedFooter {
            icon_url,
            proxy_icon_url: None,
            text: text.into(),
        });
        self
    }

    /// A picture before the footer; it needs a footer.
    #[must_use]
    pub fn footer_icon(mut self, url: impl Into<String>) -> Self {
        if let Some(footer) = &mut self.0.footer {
            footer.icon_url = Some(url.into());
        }
        self
    }

    /// Takes the footer away.
    #[must_use]
    pub fn without_footer(mut self) -> Self {
        self.0.footer = None;
        self
    }

    /// The line above the title.
    #[must_use]
    pub fn author(mut self, name: impl Into<String>, icon: Option<String>) -> Self {
        self.0.author = Some(EmbedAuthor {
            icon_url: icon,
            name: name.into(),
            proxy_icon_url: None,
            url: None,
        });
        self
    }

    /// The large picture, by its URL or `attachment://name`.
    #[must_use]
    pub fn image(mut self, url: impl Into<String>) -> Self {
        self.0.image = Some(EmbedImage {
            content_type: None,
            flags: None,
            height: None,
            placeholder: None,
            placeholder_version: None,
            proxy_url: None,
            url: url.into(),
            width: None,
        });
        self
    }

    /// The small picture at the side.
    #[must_use]
    pub fn thumbnail(mut self, url: impl Into<String>) -> Self {
        self.0.thumbnail = Some(EmbedThumbnail {
            height: None,
            proxy_url: None,
            url: url.into(),
            width: None,
        });
        self
    }

    /// The time in the footer, shown in the reader's zone.
    #[must_use]
    pub fn timestamp(mut self, moment: Timestamp) -> Self {
        self.0.timestamp = ModelTimestamp::from_micros(moment.timestamp_micros()).ok();
        self
    }
}
