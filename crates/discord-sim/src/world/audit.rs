//! The audit log: what staff did, with which reason, and what changed
//! (<https://discord.com/developers/docs/resources/audit-log>).

use serde_json::Value;

use crate::id::Id;

use super::model::AuditEntry;
use super::{Scope, World, json};

impl World {
    /// Writes a line of the audit log and tells the gateway.
    pub(crate) fn audit(&mut self, guild: Id, line: AuditLine<'_>) {
        let id = self.new_id();
        let keep = self.limits.audit_lines;
        let entry = AuditEntry {
            id,
            action: line.action,
            user: line.by,
            target: line.target,
            reason: line.reason.map(str::to_owned),
            changes: line.changes,
            options: line.options,
        };
        let body = json::audit_entry(guild, &entry);
        let Some(guild_state) = self.guilds.get_mut(&guild) else {
            return;
        };
        guild_state.audit.push_back(entry);
        while guild_state.audit.len() > keep {
            guild_state.audit.pop_front();
        }
        self.emit("GUILD_AUDIT_LOG_ENTRY_CREATE", Scope::Guild(guild), body);
    }
}

/// What goes into the audit log.
pub(crate) struct AuditLine<'a> {
    /// Discord's action number.
    pub(crate) action: u16,
    /// Who did it.
    pub(crate) by: Id,
    /// To whom or what.
    pub(crate) target: Option<Id>,
    /// The reason given.
    pub(crate) reason: Option<&'a str>,
    /// What changed.
    pub(crate) changes: Vec<Value>,
    /// What some actions tell beside.
    pub(crate) options: Option<Value>,
}

impl<'a> AuditLine<'a> {
    /// A line without details of what changed.
    pub(crate) fn new(action: u16, by: Id, target: Id, reason: Option<&'a str>) -> Self {
        Self {
            action,
            by,
            target: Some(target),
            reason,
            changes: Vec::new(),
            options: None,
        }
    }

    /// The same line with what changed.
    pub(crate) fn changing(mut self, changes: Vec<Value>) -> Self {
        self.changes = changes;
        self
    }

    /// The same line with what this kind of action tells beside.
    pub(crate) fn telling(mut self, options: Value) -> Self {
        self.options = Some(options);
        self
    }
}
