//! Files that a user gives to a command's options or to a form.

use serde_json::{Map, Value, json};

use crate::error::ApiResult;
use crate::id::Id;

use super::act_interaction::CommandCall;
use super::draft::{Draft, Upload};
use super::message::{Author, Message};
use super::{World, json_message};

/// A file for an option of the type ATTACHMENT, or for a file upload of a form.
#[derive(Clone, Debug)]
pub struct OptionFile {
    /// The option's name, or the custom id of the form's input.
    pub option: String,
    /// The file's name.
    pub filename: String,
    /// What is in it.
    pub content: Vec<u8>,
}

impl World {
    /// The call with its files stored and given by id, which `resolved` explains.
    pub(super) fn with_files(
        &mut self,
        call: &CommandCall,
        user: Id,
        channel: Id,
        resolved: &mut Map<String, Value>,
    ) -> ApiResult<CommandCall> {
        let mut call = call.clone();
        let files = std::mem::take(&mut call.files);
        for (option, id) in self.keep_files(files, user, channel, resolved)? {
            call.options.push((option, json!(id)));
        }
        Ok(call)
    }

    /// Stores files that hang at no message. Gives the id of each beside what it was given to.
    pub(super) fn keep_files(
        &mut self,
        files: Vec<OptionFile>,
        user: Id,
        channel: Id,
        resolved: &mut Map<String, Value>,
    ) -> ApiResult<Vec<(String, Id)>> {
        let (mut found, mut kept) = (Map::new(), Vec::with_capacity(files.len()));
        for file in files {
            let content_type = mime_guess::from_path(&file.filename)
                .first_raw()
                .unwrap_or("application/octet-stream");
            let upload = Upload {
                field: file.option.clone(),
                content_type: content_type.to_owned(),
                filename: file.filename,
                content: file.content.into(),
            };
            let mut draft = Draft {
                uploads: vec![upload],
                ..Draft::default()
            };
            // It is addressed as if it hung at a message, and is gone as soon as an ephemeral one.
            let mut bearer = Message::new(self.new_id(), channel, None, Author::User(user));
            bearer.only_for = Some(user);
            for attachment in self.store_uploads(&mut draft)? {
                let value = json_message::attachment(self, &bearer, &attachment);
                found.insert(attachment.id.to_string(), value);
                kept.push((file.option.clone(), attachment.id));
            }
        }
        if !found.is_empty() {
            resolved.insert("attachments".to_owned(), Value::Object(found));
        }
        Ok(kept)
    }
}
