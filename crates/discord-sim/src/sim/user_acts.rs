//! What a user does that a bot answers: commands, buttons, selects, modals.

use serde_json::Value;

use crate::error::{ApiError, ApiResult};
use crate::id::Id;
use crate::world::{CommandCall, Modal, OptionFile, Press};

use super::exchange::{self, Exchange, Seen};
use super::user::AsUser;

impl AsUser {
    /// Shows a status (`online`, `idle`, `dnd`, `invisible`) and what the user plays, if anything.
    ///
    /// # Errors
    /// 50035 for another status.
    pub fn shows(&self, status: &str, playing: Option<&str>) -> ApiResult<()> {
        let activity = playing.map(|name| serde_json::json!({ "name": name, "type": 0 }));
        self.hub
            .change(|w| w.set_presence(self.user, status, activity.into_iter().collect()))
    }

    /// Runs a slash command without options: `"ticket"` or `"todo list"`.
    ///
    /// # Errors
    /// 10063 if the user has no such command; 50035 if the client would not send it.
    pub async fn runs_slash(&self, name: &str) -> ApiResult<Exchange> {
        self.runs_slash_with(name, Vec::<(String, Value)>::new()).await
    }

    /// Runs a slash command with options.
    ///
    /// # Errors
    /// As [`AsUser::runs_slash`].
    pub async fn runs_slash_with<N: Into<String>, V: Into<Value>>(
        &self,
        name: &str,
        options: impl IntoIterator<Item = (N, V)>,
    ) -> ApiResult<Exchange> {
        self.runs(CommandCall {
            name: name.to_owned(),
            options: options.into_iter().map(|(n, v)| (n.into(), v.into())).collect(),
            ..CommandCall::default()
        })
        .await
    }

    /// Types into an option that offers choices.
    ///
    /// # Errors
    /// As [`AsUser::runs_slash`].
    pub async fn types_option(&self, name: &str, option: &str, typed: &str) -> ApiResult<Exchange> {
        self.runs(CommandCall {
            name: name.to_owned(),
            options: vec![(option.to_owned(), Value::String(typed.to_owned()))],
            focused: Some(option.to_owned()),
            ..CommandCall::default()
        })
        .await
    }

    /// Uses a user or message context menu on `target`.
    ///
    /// # Errors
    /// As [`AsUser::runs_slash`].
    pub async fn uses_menu(&self, name: &str, target: Id) -> ApiResult<Exchange> {
        self.runs(CommandCall {
            name: name.to_owned(),
            target: Some(target),
            ..CommandCall::default()
        })
        .await
    }

    /// Runs any command call.
    ///
    /// # Errors
    /// As [`AsUser::runs_slash`].
    pub async fn runs(&self, call: CommandCall) -> ApiResult<Exchange> {
        let place = self.place()?;
        let id = self.hub.change(|w| w.run_command(self.user, place, &call))?;
        exchange::wait(&self.hub, id, self.patience).await
    }

    /// Presses a button.
    ///
    /// # Errors
    /// 10008 or 50035 if it cannot be pressed.
    pub async fn presses(&self, message: Id, custom_id: &str) -> ApiResult<Exchange> {
        self.chooses(message, custom_id, Vec::<String>::new()).await
    }

    /// Presses the button with this label.
    ///
    /// # Errors
    /// As [`AsUser::presses`].
    pub async fn presses_labelled(&self, message: Id, label: &str) -> ApiResult<Exchange> {
        let place = self.place_of(message)?;
        let found = self
            .hub
            .read(|w| Seen::new(w, w.message(place, message).ok()?, self.user).component_labelled(label));
        self.presses(message, &found.ok_or_else(ApiError::unknown_message)?)
            .await
    }

    /// Chooses in a select.
    ///
    /// # Errors
    /// As [`AsUser::presses`].
    pub async fn chooses<S: Into<String>>(
        &self,
        message: Id,
        custom_id: &str,
        values: impl IntoIterator<Item = S>,
    ) -> ApiResult<Exchange> {
        let place = self.place_of(message)?;
        let press = Press {
            message,
            custom_id: custom_id.to_owned(),
            values: values.into_iter().map(Into::into).collect(),
        };
        let id = self.hub.change(|w| w.press(self.user, place, &press))?;
        exchange::wait(&self.hub, id, self.patience).await
    }

    fn place_of(&self, message: Id) -> ApiResult<Id> {
        self.hub.read(|w| {
            w.channels
                .values()
                .find(|c| c.message(message).is_some())
                .map(|c| c.id)
                .ok_or_else(ApiError::unknown_message)
        })
    }

    /// Fills a modal in and submits it; values by custom id.
    ///
    /// # Errors
    /// 50035 if the client would not send it.
    pub async fn submits_modal<N: Into<String>, V: Into<Value>>(
        &self,
        modal: &Modal,
        values: impl IntoIterator<Item = (N, V)>,
    ) -> ApiResult<Exchange> {
        self.submits_modal_with_files(modal, values, Vec::new()).await
    }

    /// Fills a modal in, with files for its uploads, and submits it.
    ///
    /// # Errors
    /// As [`AsUser::submits_modal`]; 40005 for files that are too large.
    pub async fn submits_modal_with_files<N: Into<String>, V: Into<Value>>(
        &self,
        modal: &Modal,
        values: impl IntoIterator<Item = (N, V)>,
        files: Vec<OptionFile>,
    ) -> ApiResult<Exchange> {
        let values: Vec<(String, Value)> = values.into_iter().map(|(n, v)| (n.into(), v.into())).collect();
        let id = self
            .hub
            .change(|w| w.submit_modal(self.user, modal, &values, files))?;
        exchange::wait(&self.hub, id, self.patience).await
    }
}
