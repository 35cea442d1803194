//! The settings of tickets. The category, the transcript channel and the staff roles are among the core's.

use hazebot_core::{
    ids::RoleId,
    settings::{Setting, SettingDef, TextRule},
};
use serde_json::Value;

use crate::ticket::kinds;

/// Kinds of tickets, as people see them.
pub static CATEGORIES: Setting<Vec<String>> = Setting::texts(
    "tickets.categories",
    &["Application", "Bug", "Support"],
    1..=25,
    50,
    TextRule::Any,
    "Types of tickets that members can choose from.",
);
/// What is set for each type.
pub static KINDS: Setting<Value> = Setting::json(
    "tickets.types",
    "{}",
    kinds::check,
    "What is set for each type: emoji, description, category, helping roles, limits, hours, channel name, questions, greeting.",
);
/// Days between closing and the deletion of the channel; 0 never deletes.
pub static AUTO_DELETE_DAYS: Setting<i64> = Setting::integer(
    "tickets.auto_delete_after_close_days",
    7,
    0..=365,
    "Days after closing until a ticket's channel is deleted; 0 keeps it.",
);
/// Whether staff claim before they answer from the app, or close.
pub static REQUIRE_CLAIM: Setting<bool> = Setting::flag(
    "tickets.require_claim",
    false,
    "Staff claim a ticket before they answer it from the app or panel, or close it.",
);
/// How many open tickets a member may have; 0 is no limit.
pub static MAX_OPEN: Setting<i64> = Setting::integer(
    "tickets.max_open",
    0,
    0..=50,
    "How many open tickets a member may have at a time; 0 sets no limit.",
);
/// Whether moderators assign.
pub static MODERATORS_ASSIGN: Setting<bool> = Setting::flag(
    "tickets.moderators_assign",
    true,
    "Moderators may assign tickets; otherwise only admins.",
)
.admin_only();
/// Whether moderators delete.
pub static MODERATORS_DELETE: Setting<bool> = Setting::flag(
    "tickets.moderators_delete",
    true,
    "Moderators may delete tickets with their channels; otherwise only admins.",
)
.admin_only();
/// Whether staff are pinged.
pub static PING_STAFF: Setting<bool> = Setting::flag(
    "tickets.ping_staff",
    true,
    "New tickets ping the admin and moderator roles.",
);
/// Whether answers stand under their writer's name.
pub static REPLY_AS_MEMBER: Setting<bool> = Setting::flag(
    "tickets.reply_as_member",
    false,
    "Answers from the app or panel stand in Discord under their writer's name and picture (the bot needs Manage Webhooks); otherwise the bot quotes them.",
);
/// Whether creators are told of the closing.
pub static DM_ON_CLOSE: Setting<bool> = Setting::flag(
    "tickets.dm_on_close",
    true,
    "Creators get a direct message when their ticket is closed.",
);
/// Whether transcripts are mailed.
pub static SEND_MAIL: Setting<bool> = Setting::flag(
    "tickets.send_transcript_email",
    true,
    "Transcripts of closed tickets are sent by mail, if an address is set here or in SUPPORT_EMAIL.",
);
/// Where transcripts are mailed to.
pub static MAIL_ADDRESS: Setting<String> = Setting::text(
    "tickets.transcript_email_address",
    "",
    0..=254,
    TextRule::NoBlanks,
    "Address that transcripts are mailed to.",
);
/// Largest file that is copied.
pub static FILE_MIB: Setting<i64> = Setting::integer(
    "tickets.file_mib",
    25,
    0..=500,
    "Largest file of a ticket that is copied before Discord's address runs out, in MiB; 0 copies none.",
);
/// Room for the copies of one ticket.
pub static FILES_TICKET_MIB: Setting<i64> = Setting::integer(
    "tickets.files_ticket_mib",
    250,
    0..=10_000,
    "Room for copies of the files of one ticket, in MiB.",
);
/// Room for all copies of the guild.
pub static FILES_GUILD_MIB: Setting<i64> = Setting::integer(
    "tickets.files_guild_mib",
    5_000,
    0..=1_000_000,
    "Room for copies of the files of all tickets, in MiB; when it is used up, files are named but not kept.",
);
/// How long copies of files are kept.
pub static KEEP_FILES_DAYS: Setting<i64> = Setting::integer(
    "tickets.keep_files_days",
    365,
    0..=3_650,
    "Days after closing until the copies of a ticket's files are removed; 0 keeps them.",
);
/// How long messages are kept.
pub static KEEP_MESSAGES_DAYS: Setting<i64> = Setting::integer(
    "tickets.keep_messages_days",
    0,
    0..=3_650,
    "Days after closing until a ticket's messages, and with them its transcript and files, are removed, once its channel is gone; 0 keeps them.",
);

/// How long a question whether a ticket may be closed waits.
pub static CLOSE_REQUEST_HOURS: Setting<i64> = Setting::integer(
    "tickets.close_request_hours",
    24,
    1..=720,
    "Hours after which a ticket closes that staff asked to close, unless somebody objects.",
);
/// When a quiet ticket is warned; 0 never.
pub static AUTO_CLOSE_WARN_HOURS: Setting<i64> = Setting::integer(
    "tickets.auto_close_warn_hours",
    0,
    0..=8_760,
    "Hours without a message after which a ticket is warned that it will be closed; 0 never.",
);
/// How long after the warning it is closed.
pub static AUTO_CLOSE_GRACE_HOURS: Setting<i64> = Setting::integer(
    "tickets.auto_close_grace_hours",
    24,
    1..=720,
    "Hours between the warning of a quiet ticket and its closing; any message ends it.",
);
/// Whether tickets that wait for staff are left alone.
pub static AUTO_CLOSE_WAITS: Setting<bool> = Setting::flag(
    "tickets.auto_close_waits_for_staff",
    true,
    "A quiet ticket is warned only if staff wrote last; whoever waits for staff is left alone.",
);
/// When staff are told that nobody has answered; 0 never.
pub static ESCALATE_MINUTES: Setting<i64> = Setting::integer(
    "tickets.escalate_after_minutes",
    0,
    0..=10_080,
    "Minutes without an answer of staff after which a new ticket is escalated, once; 0 never.",
);
/// Whom an unanswered ticket pings.
pub static ESCALATE_ROLE: Setting<Option<RoleId>> = Setting::role(
    "tickets.escalate_role_id",
    "Role that an escalated ticket pings; without one the moderators.",
);
/// Whether an unanswered ticket gets a higher priority.
pub static ESCALATE_RAISES: Setting<bool> = Setting::flag(
    "tickets.escalate_raises_priority",
    true,
    "An escalated ticket gets at least the priority high.",
);
/// Whether creators are asked for stars.
pub static ASK_RATING: Setting<bool> = Setting::flag(
    "tickets.ask_for_rating",
    true,
    "Creators are asked to rate their ticket when it is closed.",
);

/// All of them, in the order of forms and documentation.
pub const TABLE: &[&SettingDef] = &[
    CATEGORIES.def(),
    KINDS.def(),
    AUTO_DELETE_DAYS.def(),
    REQUIRE_CLAIM.def(),
    MAX_OPEN.def(),
    MODERATORS_ASSIGN.def(),
    MODERATORS_DELETE.def(),
    PING_STAFF.def(),
    REPLY_AS_MEMBER.def(),
    DM_ON_CLOSE.def(),
    SEND_MAIL.def(),
    MAIL_ADDRESS.def(),
    FILE_MIB.def(),
    FILES_TICKET_MIB.def(),
    FILES_GUILD_MIB.def(),
    KEEP_FILES_DAYS.def(),
    KEEP_MESSAGES_DAYS.def(),
    CLOSE_REQUEST_HOURS.def(),
    AUTO_CLOSE_WARN_HOURS.def(),
    AUTO_CLOSE_GRACE_HOURS.def(),
    AUTO_CLOSE_WAITS.def(),
    ESCALATE_MINUTES.def(),
    ESCALATE_ROLE.def(),
    ESCALATE_RAISES.def(),
    ASK_RATING.def(),
];
