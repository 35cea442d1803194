//! What a guild's administrators set beside names and channels, each as Discord's form takes it
//! (<https://discord.com/developers/docs/resources/guild>).

use serde_json::{Value, json};

use crate::id::Id;

use super::draft::id_of;

/// Settings of a guild.
#[derive(Clone, Debug)]
pub struct GuildSettings {
    /// 0 none to 4 very high.
    pub verification_level: u64,
    /// 0 all messages, 1 only mentions.
    pub default_notifications: u64,
    /// 0 off, 1 members without roles, 2 all members.
    pub explicit_filter: u64,
    /// Where idle people of voice channels are moved.
    pub afk_channel: Option<Id>,
    /// After so many seconds.
    pub afk_timeout: u64,
    /// Which system messages are held back.
    pub system_channel_flags: u64,
    /// Where Discord writes to the staff.
    pub public_updates_channel: Option<Id>,
    /// Where Discord warns the staff.
    pub safety_alerts_channel: Option<Id>,
    /// The boost bar is shown.
    pub progress_bar: bool,
    /// The widget is on.
    pub widget_enabled: bool,
    /// Where the widget invites to.
    pub widget_channel: Option<Id>,
    /// What the welcome screen says; `None` while it is off.
    pub welcome_screen: Option<Value>,
    /// The welcome screen is shown.
    pub welcome_enabled: bool,
    /// Questions that newcomers are asked: `prompts`, `default_channel_ids`, `enabled`, `mode`.
    pub onboarding: Value,
}

impl Default for GuildSettings {
    fn default() -> Self {
        Self {
            verification_level: 1,
            default_notifications: 1,
            explicit_filter: 2,
            afk_channel: None,
            afk_timeout: 300,
            system_channel_flags: 0,
            public_updates_channel: None,
            safety_alerts_channel: None,
            progress_bar: false,
            widget_enabled: false,
            widget_channel: None,
            welcome_screen: None,
            welcome_enabled: false,
            onboarding: json!({ "prompts": [], "default_channel_ids": [], "enabled": false, "mode": 0 }),
        }
    }
}

impl GuildSettings {
    /// Takes over the fields of a checked `PATCH /guilds/{guild}` body.
    pub(crate) fn apply(&mut self, body: &Value) {
        let number = |key: &str, or: u64| body.get(key).and_then(Value::as_u64).unwrap_or(or);
        let channel = |key: &str, or: Option<Id>| body.get(key).map_or(or, id_of);
        self.verification_level = number("verification_level", self.verification_level);
        self.default_notifications = number("default_message_notifications", self.default_notifications);
        self.explicit_filter = number("explicit_content_filter", self.explicit_filter);
        self.afk_channel = channel("afk_channel_id", self.afk_channel);
        self.afk_timeout = number("afk_timeout", self.afk_timeout);
        self.system_channel_flags = number("system_channel_flags", self.system_channel_flags);
        self.public_updates_channel = channel("public_updates_channel_id", self.public_updates_channel);
        self.safety_alerts_channel = channel("safety_alerts_channel_id", self.safety_alerts_channel);
        self.progress_bar = body
            .get("premium_progress_bar_enabled")
            .and_then(Value::as_bool)
            .unwrap_or(self.progress_bar);
    }

    /// The same fields as a guild shows them.
    pub(crate) fn json(&self) -> Value {
        json!({
            "verification_level": self.verification_level,
            "default_message_notifications": self.default_notifications,
            "explicit_content_filter": self.explicit_filter, "afk_channel_id": self.afk_channel,
            "afk_timeout": self.afk_timeout, "system_channel_flags": self.system_channel_flags,
            "public_updates_channel_id": self.public_updates_channel,
            "safety_alerts_channel_id": self.safety_alerts_channel,
            "premium_progress_bar_enabled": self.progress_bar, "widget_enabled": self.widget_enabled,
            "widget_channel_id": self.widget_channel,
        })
    }
}
