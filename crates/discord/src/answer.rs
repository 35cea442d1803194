//! What a handler answers.

use crate::message::{Message, Modal};

/// The answer to a command or a component.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub(crate) what: What,
    /// Overrides what the command or component declares.
    pub(crate) ephemeral: Option<bool>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    Message(Box<Message>),
    Update(Box<Message>),
    Modal(Box<Modal>),
    Nothing,
}

impl Answer {
    fn new(what: What) -> Self {
        Self {
            what,
            ephemeral: None,
        }
    }

    /// A message, seen by whom the declared mode says.
    #[must_use]
    pub fn message(message: Message) -> Self {
        Self::new(What::Message(Box::new(message)))
    }

    /// A message that is only a text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::message(Message::new().text(text))
    }

    /// What the message becomes that the component is on.
    #[must_use]
    pub fn update(message: Message) -> Self {
        Self::new(What::Update(Box::new(message)))
    }

    /// A form. The command or component must declare [`crate::Mode::Modal`].
    #[must_use]
    pub fn modal(modal: Modal) -> Self {
        Self::new(What::Modal(Box::new(modal)))
    }

    /// Nothing is shown; whatever was to be said has been.
    #[must_use]
    pub fn nothing() -> Self {
        Self::new(What::Nothing)
    }

    /// For the person alone. If the answer was promised to all meanwhile, the promise is taken back first.
    #[must_use]
    pub fn ephemeral(mut self) -> Self {
        self.ephemeral = Some(true);
        self
    }

    /// For all.
    #[must_use]
    pub fn public(mut self) -> Self {
        self.ephemeral = Some(false);
        self
    }
}

impl From<Message> for Answer {
    fn from(message: Message) -> Self {
        Self::message(message)
    }
}

impl From<Modal> for Answer {
    fn from(modal: Modal) -> Self {
        Self::modal(modal)
    }
}
