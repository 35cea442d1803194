//! Forms (modals).

use twilight_model::channel::message::component::{Component, Label, TextInput, TextInputStyle};

use super::{LimitProblem, Select, limits};

/// A text input of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    input: TextInput,
    label: String,
    description: Option<String>,
}

impl Input {
    #[expect(
        deprecated,
        reason = "the model still has the old label field; it stays empty"
    )]
    fn new(style: TextInputStyle, id: String, label: String) -> Self {
        Self {
            input: TextInput {
                custom_id: id,
                id: None,
                label: None,
                max_length: None,
                min_length: None,
                placeholder: None,
                required: Some(true),
                style,
                value: None,
            },
            label,
            description: None,
        }
    }

    /// One line. `id` is the name by which the handler asks for it.
    #[must_use]
    pub fn short(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(TextInputStyle::Short, id.into(), label.into())
    }

    /// Several lines.
    #[must_use]
    pub fn paragraph(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(TextInputStyle::Paragraph, id.into(), label.into())
    }

    /// It may stay empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.input.required = Some(false);
        self
    }

    /// How many characters, for example `1..=100`; at most [`limits::TEXT_INPUT`].
    #[must_use]
    pub fn length(mut self, range: std::ops::RangeInclusive<u16>) -> Self {
        self.input.min_length = Some(*range.start());
        self.input.max_length = Some(*range.end());
        self
    }

    /// What stands there while it is empty.
    #[must_use]
    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.input.placeholder = Some(text.into());
        self
    }

    /// What stands there from the start.
    #[must_use]
    pub fn value(mut self, text: impl Into<String>) -> Self {
        self.input.value = Some(text.into());
        self
    }

    /// A line of explanation below the label.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }
}

/// A form that opens in the person's client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modal {
    pub(crate) custom_id: String,
    pub(crate) title: String,
    pub(crate) components: Vec<Component>,
}

impl Modal {
    /// A form whose submission goes to the component registered for `custom_id`; the title has at most
    /// [`limits::MODAL_TITLE`] characters.
    #[must_use]
    pub fn new(custom_id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            custom_id: custom_id.into(),
            title: title.into(),
            components: Vec::new(),
        }
    }

    /// Adds a text input, at most [`limits::MODAL_PARTS`] parts.
    #[must_use]
    pub fn input(mut self, input: Input) -> Self {
        self.components.push(Component::Label(Label {
            component: Box::new(Component::TextInput(input.input)),
            description: input.description,
            id: None,
            label: input.label,
        }));
        self
    }

    /// Adds a select menu under a label.
    #[must_use]
    pub fn select(self, label: impl Into<String>, select: Select) -> Self {
        self.select_with(label, None, select)
    }

    /// Adds a select menu under a label, with a line of explanation.
    #[must_use]
    pub fn select_with(mut self, label: impl Into<String>, hint: Option<&str>, select: Select) -> Self {
        let mut menu = select.0;
        menu.required = Some(menu.min_values != Some(0));
        self.components.push(Component::Label(Label {
            component: Box::new(Component::SelectMenu(menu)),
            description: hint.map(str::to_owned),
            id: None,
            label: label.into(),
        }));
        self
    }

    /// Checks Discord's limits.
    ///
    /// # Errors
    /// The first part that Discord would refuse.
    pub fn check(&self) -> Result<(), LimitProblem> {
        limits::check_modal(self)
    }
}
