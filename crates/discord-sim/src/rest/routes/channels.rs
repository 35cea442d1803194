//! Routes below a channel.

use super::{Route, bot, limited};
use crate::rest::handlers::{channels, invites, messages, polls, reactions, thread_lists, threads, webhooks};

/// The lines of the table; literal parts stand before parameters.
pub(super) static ROUTES: &[Route] = &[
    bot("GET", "/channels/{channel}", channels::get),
    limited("PATCH", "/channels/{channel}", 5, 5_000, channels::modify),
    bot("DELETE", "/channels/{channel}", channels::delete),
    bot("POST", "/channels/{channel}/followers", messages::follow),
    bot("GET", "/channels/{channel}/invites", invites::of_channel),
    bot("POST", "/channels/{channel}/invites", invites::create),
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
    limited(
        "POST",
        "/channels/{channel}/messages/{message}/crosspost",
        10,
        3_600_000,
        messages::crosspost,
    ),
    bot(
        "DELETE",
        "/channels/{channel}/messages/{message}/reactions",
        reactions::clear,
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
        "POST",
        "/channels/{channel}/messages/{message}/threads",
        threads::start_on_message,
    ),
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
    bot("GET", "/channels/{channel}/pins", messages::pins),
    bot("PUT", "/channels/{channel}/pins/{message}", messages::pin),
    bot("DELETE", "/channels/{channel}/pins/{message}", messages::unpin),
    bot(
        "GET",
        "/channels/{channel}/polls/{message}/answers/{answer}",
        polls::voters,
    ),
    bot(
        "POST",
        "/channels/{channel}/polls/{message}/expire",
        polls::expire,
    ),
    bot("GET", "/channels/{channel}/thread-members", threads::members),
    bot(
        "GET",
        "/channels/{channel}/thread-members/{user}",
        threads::get_member,
    ),
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
    bot("POST", "/channels/{channel}/threads", threads::start),
    bot(
        "GET",
        "/channels/{channel}/threads/archived/private",
        thread_lists::archived_private,
    ),
    bot(
        "GET",
        "/channels/{channel}/threads/archived/public",
        thread_lists::archived_public,
    ),
    bot("GET", "/channels/{channel}/threads/search", thread_lists::search),
    limited("POST", "/channels/{channel}/typing", 5, 5_000, channels::typing),
    bot(
        "GET",
        "/channels/{channel}/users/@me/threads/archived/private",
        thread_lists::joined_private,
    ),
    bot("GET", "/channels/{channel}/webhooks", webhooks::of_channel),
    bot("POST", "/channels/{channel}/webhooks", webhooks::create),
];
