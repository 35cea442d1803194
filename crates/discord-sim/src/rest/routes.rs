//! The table of routes: method, path, who may call it, how often, and its handler.

use super::call::{Call, HandlerResult};
use super::handlers::{
    channels, commands, gateway, guilds, interactions, invites, members, messages, oauth, reactions, roles,
    threads, users, webhooks,
};
use super::limits::{DEFAULT_LIMIT, Limit};

/// Who may call a route.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Auth {
    /// Anybody: the path holds a token, or nothing is secret.
    None,
    /// Bots.
    Bot,
    /// Users through OAuth2.
    Bearer,
    /// Both.
    Any,
}

/// A line of the table.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) template: &'static str,
    pub(crate) auth: Auth,
    pub(crate) limit: Limit,
    pub(crate) handler: fn(&mut Call<'_>) -> HandlerResult,
    /// A body counts although the method is GET or DELETE.
    pub(crate) reads_body: bool,
}

type Handler = fn(&mut Call<'_>) -> HandlerResult;

const fn bot(method: &'static str, template: &'static str, handler: Handler) -> Route {
    Route {
        method,
        template,
        auth: Auth::Bot,
        limit: DEFAULT_LIMIT,
        handler,
        reads_body: false,
    }
}

const fn limited(
    method: &'static str,
    template: &'static str,
    requests: u32,
    window_ms: u64,
    handler: Handler,
) -> Route {
    Route {
        limit: Limit::new(requests, window_ms),
        ..bot(method, template, handler)
    }
}

const fn open(method: &'static str, template: &'static str, handler: Handler) -> Route {
    Route {
        auth: Auth::None,
        ..bot(method, template, handler)
    }
}

const fn any(method: &'static str, template: &'static str, handler: Handler) -> Route {
    Route {
        auth: Auth::Any,
        ..bot(method, template, handler)
    }
}

const fn bearer(method: &'static str, template: &'static str, handler: Handler) -> Route {
    Route {
        auth: Auth::Bearer,
        ..bot(method, template, handler)
    }
}

/// Every route.
pub(crate) static ROUTES: &[Route] = &[
    open("GET", "/gateway", gateway::url),
    bot("GET", "/gateway/bot", gateway::bot),
    any("GET", "/users/@me", users::me),
    bot("PATCH", "/users/@me", users::modify_me),
    any("GET", "/users/@me/guilds", users::my_guilds),
    bearer("GET", "/users/@me/guilds/{guild}/member", users::my_member),
    bot("DELETE", "/users/@me/guilds/{guild}", users::leave_guild),
    limited("POST", "/users/@me/channels", 10, 1_000, users::create_dm),
    bot("GET", "/users/{user}", users::get),
    bot("GET", "/applications/@me", users::application),
    bot("PATCH", "/applications/@me", users::modify_application),
    bot("GET", "/oauth2/applications/@me", users::application),
    bearer("GET", "/oauth2/@me", oauth::about_me),
    open("POST", "/oauth2/token", oauth::token),
    open("POST", "/oauth2/token/revoke", oauth::revoke),
    bot("GET", "/voice/regions", guilds::regions),
    // Commands
    bot("GET", "/applications/{application}/commands", commands::list),
    bot("POST", "/applications/{application}/commands", commands::create),
    bot("PUT", "/applications/{application}/commands", commands::overwrite),
    bot(
        "GET",
        "/applications/{application}/commands/{command}",
        commands::get,
    ),
    bot(
        "PATCH",
        "/applications/{application}/commands/{command}",
        commands::modify,
    ),
    bot(
        "DELETE",
        "/applications/{application}/commands/{command}",
        commands::delete,
    ),
    bot(
        "GET",
        "/applications/{application}/guilds/{guild}/commands",
        commands::list,
    ),
    bot(
        "POST",
        "/applications/{application}/guilds/{guild}/commands",
        commands::create,
    ),
    bot(
        "PUT",
        "/applications/{application}/guilds/{guild}/commands",
        commands::overwrite,
    ),
    bot(
        "GET",
        "/applications/{application}/guilds/{guild}/commands/permissions",
        commands::permissions,
    ),
    bot(
        "GET",
        "/applications/{application}/guilds/{guild}/commands/{command}",
        commands::get,
    ),
    bot(
        "PATCH",
        "/applications/{application}/guilds/{guild}/commands/{command}",
        commands::modify,
    ),
    bot(
        "DELETE",
        "/applications/{application}/guilds/{guild}/commands/{command}",
        commands::delete,
    ),
    bot("GET", "/applications/{application}/emojis", commands::emojis),
    // Interactions
    open(
        "POST",
        "/interactions/{interaction}/{token}/callback",
        interactions::callback,
    ),
    // Webhooks and follow-ups
    open("POST", "/webhooks/{webhook}/{token}", webhooks::execute),
    open("GET", "/webhooks/{webhook}/{token}", webhooks::get_with_token),
    open(
        "DELETE",
        "/webhooks/{webhook}/{token}",
        webhooks::delete_with_token,
    ),
    open(
        "GET",
        "/webhooks/{webhook}/{token}/messages/{message}",
        webhooks::get_message,
    ),
    open(
        "PATCH",
        "/webhooks/{webhook}/{token}/messages/{message}",
        webhooks::edit_message,
    ),
    open(
        "DELETE",
        "/webhooks/{webhook}/{token}/messages/{message}",
        webhooks::delete_message,
    ),
    bot("GET", "/webhooks/{webhook}", webhooks::get),
    bot("PATCH", "/webhooks/{webhook}", webhooks::modify),
    bot("DELETE", "/webhooks/{webhook}", webhooks::delete),
    bot("GET", "/channels/{channel}/webhooks", webhooks::of_channel),
    bot("POST", "/channels/{channel}/webhooks", webhooks::create),
    bot("GET", "/guilds/{guild}/webhooks", webhooks::of_guild),
    // Guilds
    bot("GET", "/guilds/{guild}", guilds::get),
    bot("GET", "/guilds/{guild}/preview", guilds::get),
    bot("PATCH", "/guilds/{guild}", guilds::modify),
    bot("GET", "/guilds/{guild}/channels", guilds::channels),
    bot("POST", "/guilds/{guild}/channels", guilds::create_channel),
    bot("PATCH", "/guilds/{guild}/channels", guilds::move_channels),
    bot("GET", "/guilds/{guild}/threads/active", threads::active),
    bot("GET", "/guilds/{guild}/audit-logs", guilds::audit_log),
    bot("GET", "/guilds/{guild}/emojis", guilds::emojis),
    bot("GET", "/guilds/{guild}/stickers", guilds::nothing),
    bot("GET", "/guilds/{guild}/scheduled-events", guilds::nothing),
    bot("GET", "/guilds/{guild}/integrations", guilds::nothing),
    bot("GET", "/guilds/{guild}/regions", guilds::regions),
    bot("GET", "/guilds/{guild}/invites", invites::of_guild),
    bot("GET", "/channels/{channel}/invites", invites::of_channel),
    bot("POST", "/channels/{channel}/invites", invites::create),
    bot("GET", "/invites/{code}", invites::get),
    bot("DELETE", "/invites/{code}", invites::delete),
    bot("GET", "/guilds/{guild}/voice-states/{user}", members::voice_state),
    // Members and bans
    bot("GET", "/guilds/{guild}/members", members::list),
    bot("GET", "/guilds/{guild}/members/search", members::search),
    bot("PATCH", "/guilds/{guild}/members/@me", members::modify_me),
    bot("GET", "/guilds/{guild}/members/{user}", members::get),
    bot("PUT", "/guilds/{guild}/members/{user}", members::add),
    bot("PATCH", "/guilds/{guild}/members/{user}", members::modify),
    bot("DELETE", "/guilds/{guild}/members/{user}", members::kick),
    bot(
        "PUT",
        "/guilds/{guild}/members/{user}/roles/{role}",
        members::add_role,
    ),
    bot(
        "DELETE",
        "/guilds/{guild}/members/{user}/roles/{role}",
        members::remove_role,
    ),
    bot("GET", "/guilds/{guild}/bans", members::bans),
    bot("GET", "/guilds/{guild}/bans/{user}", members::get_ban),
    bot("PUT", "/guilds/{guild}/bans/{user}", members::ban),
    bot("DELETE", "/guilds/{guild}/bans/{user}", members::unban),
    bot("POST", "/guilds/{guild}/bulk-ban", members::bulk_ban),
    bot("GET", "/guilds/{guild}/prune", members::prune_count),
    // Roles
    bot("GET", "/guilds/{guild}/roles", roles::list),
    bot("POST", "/guilds/{guild}/roles", roles::create),
    bot("PATCH", "/guilds/{guild}/roles", roles::reorder),
    bot("GET", "/guilds/{guild}/roles/{role}", roles::get),
    bot("PATCH", "/guilds/{guild}/roles/{role}", roles::modify),
    bot("DELETE", "/guilds/{guild}/roles/{role}", roles::delete),
    // Channels
    bot("GET", "/channels/{channel}", channels::get),
    limited("PATCH", "/channels/{channel}", 5, 5_000, channels::modify),
    bot("DELETE", "/channels/{channel}", channels::delete),
    bot(
        "PUT",
        "/channels/{channel}/permissions/{overwrite}",
        channels::put_overwrite,
    ),
    bot(
        "DELETE",
        "/channels/{channel}/permissions/{overwrite}",
        channels::delete_overwrite,
    ),
    limited("POST", "/channels/{channel}/typing", 5, 5_000, channels::typing),
    // Messages
    bot("GET", "/channels/{channel}/messages", messages::list),
    limited("POST", "/channels/{channel}/messages", 5, 5_000, messages::create),
    limited(
        "POST",
        "/channels/{channel}/messages/bulk-delete",
        1,
        1_000,
        messages::bulk_delete,
    ),
    bot("GET", "/channels/{channel}/messages/pins", messages::pins_page),
    bot(
        "PUT",
        "/channels/{channel}/messages/pins/{message}",
        messages::pin,
    ),
    bot(
        "DELETE",
        "/channels/{channel}/messages/pins/{message}",
        messages::unpin,
    ),
    bot("GET", "/channels/{channel}/messages/{message}", messages::get),
    limited(
        "PATCH",
        "/channels/{channel}/messages/{message}",
        5,
        5_000,
        messages::edit,
    ),
    limited(
        "DELETE",
        "/channels/{channel}/messages/{message}",
        5,
        1_000,
        messages::delete,
    ),
    bot(
        "POST",
        "/channels/{channel}/messages/{message}/crosspost",
        messages::get,
    ),
    bot("GET", "/channels/{channel}/pins", messages::pins),
    bot("PUT", "/channels/{channel}/pins/{message}", messages::pin),
    bot("DELETE", "/channels/{channel}/pins/{message}", messages::unpin),
    // Reactions
    limited(
        "PUT",
        "/channels/{channel}/messages/{message}/reactions/{emoji}/@me",
        1,
        250,
        reactions::add,
    ),
    bot(
        "DELETE",
        "/channels/{channel}/messages/{message}/reactions/{emoji}/@me",
        reactions::remove_own,
    ),
    bot(
        "DELETE",
        "/channels/{channel}/messages/{message}/reactions/{emoji}/{user}",
        reactions::remove,
    ),
    bot(
        "GET",
        "/channels/{channel}/messages/{message}/reactions/{emoji}",
        reactions::list,
    ),
    bot(
        "DELETE",
        "/channels/{channel}/messages/{message}/reactions/{emoji}",
        reactions::clear_emoji,
    ),
    bot(
        "DELETE",
        "/channels/{channel}/messages/{message}/reactions",
        reactions::clear,
    ),
    // Threads
    bot(
        "POST",
        "/channels/{channel}/messages/{message}/threads",
        threads::start_on_message,
    ),
    bot("POST", "/channels/{channel}/threads", threads::start),
    bot(
        "GET",
        "/channels/{channel}/threads/archived/public",
        threads::archived,
    ),
    bot("GET", "/channels/{channel}/thread-members", threads::members),
    bot(
        "PUT",
        "/channels/{channel}/thread-members/{user}",
        threads::add_member,
    ),
    bot(
        "DELETE",
        "/channels/{channel}/thread-members/{user}",
        threads::remove_member,
    ),
];
