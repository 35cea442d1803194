//! Routes of accounts, applications, interactions, webhooks, invitations and what stands alone.

use super::{Route, any, bearer, bot, limited, open};
use crate::rest::handlers::{
    command_permissions, commands, community, connections, emojis, files, gateway, guilds, interactions,
    invites, oauth, users, webhooks,
};

/// The lines of the table; literal parts stand before parameters.
pub(super) static ROUTES: &[Route] = &[
    bot("GET", "/applications/@me", users::application),
    bot("PATCH", "/applications/@me", users::modify_application),
    bot("GET", "/applications/{application}", users::application_by_id),
    bot(
        "PATCH",
        "/applications/{application}",
        users::modify_application_by_id,
    ),
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
    bot("GET", "/applications/{application}/emojis", emojis::list_own),
    bot("POST", "/applications/{application}/emojis", emojis::create_own),
    bot(
        "GET",
        "/applications/{application}/emojis/{emoji}",
        emojis::get_own,
    ),
    bot(
        "PATCH",
        "/applications/{application}/emojis/{emoji}",
        emojis::modify_own,
    ),
    bot(
        "DELETE",
        "/applications/{application}/emojis/{emoji}",
        emojis::delete_own,
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
        command_permissions::list,
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
    bot(
        "GET",
        "/applications/{application}/guilds/{guild}/commands/{command}/permissions",
        command_permissions::get,
    ),
    any(
        "PUT",
        "/applications/{application}/guilds/{guild}/commands/{command}/permissions",
        command_permissions::put,
    ),
    bot(
        "GET",
        "/applications/{application}/role-connections/metadata",
        connections::metadata,
    ),
    bot(
        "PUT",
        "/applications/{application}/role-connections/metadata",
        connections::set_metadata,
    ),
    bot("POST", "/attachments/refresh-urls", files::refresh),
    open("GET", "/gateway", gateway::url),
    bot("GET", "/gateway/bot", gateway::bot),
    open(
        "POST",
        "/interactions/{interaction}/{token}/callback",
        interactions::callback,
    ),
    bot("GET", "/invites/{code}", invites::get),
    bot("DELETE", "/invites/{code}", invites::delete),
    bearer("GET", "/oauth2/@me", oauth::about_me),
    bot("GET", "/oauth2/applications/@me", users::application),
    open("POST", "/oauth2/token", oauth::token),
    open("POST", "/oauth2/token/revoke", oauth::revoke),
    bot("GET", "/sticker-packs", community::sticker_packs),
    bot("GET", "/stickers/{sticker}", community::sticker),
    any("GET", "/users/@me", users::me),
    bot("PATCH", "/users/@me", users::modify_me),
    bearer(
        "GET",
        "/users/@me/applications/{application}/role-connection",
        connections::get,
    ),
    bearer(
        "PUT",
        "/users/@me/applications/{application}/role-connection",
        connections::put,
    ),
    bearer(
        "DELETE",
        "/users/@me/applications/{application}/role-connection",
        connections::delete,
    ),
    limited("POST", "/users/@me/channels", 10, 1_000, users::create_dm),
    bearer("GET", "/users/@me/connections", connections::accounts),
    any("GET", "/users/@me/guilds", users::my_guilds),
    bot("DELETE", "/users/@me/guilds/{guild}", users::leave_guild),
    bearer("GET", "/users/@me/guilds/{guild}/member", users::my_member),
    bot("GET", "/users/{user}", users::get),
    bot("GET", "/voice/regions", guilds::regions),
    bot("GET", "/webhooks/{webhook}", webhooks::get),
    bot("PATCH", "/webhooks/{webhook}", webhooks::modify),
    bot("DELETE", "/webhooks/{webhook}", webhooks::delete),
    open("GET", "/webhooks/{webhook}/{token}", webhooks::get_with_token),
    open("POST", "/webhooks/{webhook}/{token}", webhooks::execute),
    open(
        "PATCH",
        "/webhooks/{webhook}/{token}",
        webhooks::modify_with_token,
    ),
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
];
