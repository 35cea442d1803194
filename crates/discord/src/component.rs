//! Components: buttons, select menus and forms, found by their custom id `feature:v1:action:args…`.
//!
//! All that a press needs is in the custom id, or is a key to a row, so components work after a restart and a reload.

use std::{sync::Arc, time::Duration};

use hazebot_core::Outcome;

use crate::{
    answer::Answer,
    command::{Handler, Mode, Who},
    invocation::Invocation,
};

/// What a component is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ComponentKind {
    /// A button.
    Button,
    /// A select menu.
    Select,
    /// A submitted form.
    Modal,
}

/// A component and what happens when it is used.
#[derive(Clone)]
pub struct Component {
    pub(crate) kind: ComponentKind,
    pub(crate) id: &'static str,
    pub(crate) legacy: Vec<&'static str>,
    pub(crate) who: Who,
    pub(crate) guild_only: bool,
    pub(crate) mode: Mode,
    pub(crate) cooldown: Option<Duration>,
    pub(crate) handler: Option<Handler>,
}

impl Component {
    fn new(kind: ComponentKind, id: &'static str) -> Self {
        Self {
            kind,
            id,
            legacy: Vec::new(),
            who: Who::Everyone,
            guild_only: true,
            mode: Mode::Ephemeral,
            cooldown: None,
            handler: None,
        }
    }

    /// A button, whose custom id begins with `id`: `ticket:v1:claim`. Answers to the person alone unless told otherwise.
    #[must_use]
    pub fn button(id: &'static str) -> Self {
        Self::new(ComponentKind::Button, id)
    }

    /// A select menu.
    #[must_use]
    pub fn select(id: &'static str) -> Self {
        Self::new(ComponentKind::Select, id)
    }

    /// A form.
    #[must_use]
    pub fn modal(id: &'static str) -> Self {
        Self::new(ComponentKind::Modal, id)
    }

    /// Another custom id, whole, that messages out there still carry: `ticket:claim` of the Python version.
    #[must_use]
    pub fn legacy(mut self, id: &'static str) -> Self {
        self.legacy.push(id);
        self
    }

    /// Who may use it, checked with the roles that they have at the press.
    #[must_use]
    pub fn who(mut self, who: Who) -> Self {
        self.who = who;
        self
    }

    /// It works in direct messages too.
    #[must_use]
    pub fn anywhere(mut self) -> Self {
        self.guild_only = false;
        self
    }

    /// How it answers.
    #[must_use]
    pub fn answers(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// How long each person waits between two uses; staff don't.
    #[must_use]
    pub fn cooldown(mut self, wait: Duration) -> Self {
        self.cooldown = Some(wait);
        self
    }

    /// What it does.
    #[must_use]
    pub fn run<F, R>(mut self, handler: F) -> Self
    where
        F: Fn(Invocation) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome<Answer>> + Send + 'static,
    {
        self.handler = Some(Arc::new(move |cx| Box::pin(handler(cx))));
        self
    }
}

/// Takes a custom id apart: what it is registered under, and its arguments.
pub(crate) fn split(custom_id: &str) -> (&str, Vec<String>) {
    let end = custom_id
        .match_indices(':')
        .nth(2)
        .map_or(custom_id.len(), |(at, _)| at);
    let (key, args) = custom_id.split_at_checked(end).unwrap_or((custom_id, ""));
    let args = args
        .strip_prefix(':')
        .map(|args| args.split(':').map(str::to_owned).collect());
    (key, args.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_custom_id_is_its_first_three_parts_and_its_arguments() {
        assert_eq!(split("ticket:v1:claim"), ("ticket:v1:claim", vec![]));
        assert_eq!(
            split("ticket:v1:claim:7:x"),
            ("ticket:v1:claim", vec!["7".to_owned(), "x".to_owned()])
        );
        assert_eq!(
            split("ticket:v1:claim:"),
            ("ticket:v1:claim", vec![String::new()])
        );
        assert_eq!(split("guide_help_button"), ("guide_help_button", vec![]));
    }
}
