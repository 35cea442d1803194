//! Finds people, channels and roles by what somebody typed: a mention, an id, or an exact name.

use hazebot_core::{
    Directory,
    ids::{ChannelId, GuildId, RoleId, Snowflake, UserId},
};

/// The id in `<@1>`, `<@!1>`, `<#1>`, `<@&1>`, or bare.
fn id<T: Snowflake>(word: &str, opens: &[&str]) -> Option<T> {
    let mentioned = opens
        .iter()
        .find_map(|open| word.strip_prefix(open))
        .and_then(|rest| rest.strip_suffix('>'))
        .and_then(T::parse);
    // Shorter numbers are names or amounts: a snowflake of today has 17 digits at least.
    let bare = || {
        (word.len() >= 15 && word.bytes().all(|c| c.is_ascii_digit()))
            .then(|| T::parse(word))
            .flatten()
    };
    mentioned.or_else(bare)
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || a.to_lowercase() == b.to_lowercase()
}

/// A person. Outside of a guild, and for ids of people who are not in it, the id alone is taken.
pub(super) fn user(directory: &dyn Directory, guild: Option<GuildId>, word: &str) -> Option<UserId> {
    if let Some(user) = id::<UserId>(word, &["<@!", "<@"]) {
        return Some(user);
    }
    let name = word.strip_prefix('@').unwrap_or(word);
    let members = directory.members(guild?);
    let by_account = members.iter().find(|member| same(&member.username, name));
    let mut by_display = members.iter().filter(|member| same(&member.display_name, name));
    // A name that several share means nobody.
    let only = by_display.next().filter(|_| by_display.next().is_none());
    by_account.or(only).map(|member| member.user)
}

/// A channel of the guild.
pub(super) fn channel(directory: &dyn Directory, guild: Option<GuildId>, word: &str) -> Option<ChannelId> {
    let guild = guild?;
    if let Some(channel) = id::<ChannelId>(word, &["<#"]) {
        return directory.channel(guild, channel).map(|channel| channel.id);
    }
    let name = word.strip_prefix('#').unwrap_or(word);
    let channels = directory.channels(guild);
    channels
        .iter()
        .find(|channel| same(&channel.name, name))
        .map(|channel| channel.id)
}

/// A role of the guild.
pub(super) fn role(directory: &dyn Directory, guild: Option<GuildId>, word: &str) -> Option<RoleId> {
    let roles = directory.roles(guild?);
    if let Some(role) = id::<RoleId>(word, &["<@&"]) {
        return roles.iter().find(|known| known.id == role).map(|role| role.id);
    }
    let name = word.strip_prefix('@').unwrap_or(word);
    roles
        .iter()
        .find(|role| same(&role.name, name))
        .map(|role| role.id)
}
