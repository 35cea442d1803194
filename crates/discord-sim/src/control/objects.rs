//! Objects that are Discord's own, passed on as they stand. Described are the fields that always are there; for the rest
//! Discord's documentation counts.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::id::Id;

/// What a field holds.
#[derive(Clone, Copy)]
enum Kind {
    Id,
    Text,
    Number,
    Flag,
    List,
    Object,
}

use Kind::{Flag, List, Number, Object, Text};

impl Kind {
    fn schema(self) -> RefOr<Schema> {
        let kind = match self {
            Self::Id => return RefOr::Ref(Ref::from_schema_name("Id")),
            Self::Text => Type::String,
            Self::Number => Type::Integer,
            Self::Flag => Type::Boolean,
            Self::List => Type::Array,
            Self::Object => Type::Object,
        };
        ObjectBuilder::new().schema_type(SchemaType::Type(kind)).into()
    }
}

fn object(about: &str, fields: &[(&str, Kind)]) -> RefOr<Schema> {
    let object = ObjectBuilder::new()
        .description(Some(about.trim()))
        .additional_properties(Some(AdditionalProperties::FreeForm(true)));
    fields
        .iter()
        .fold(object, |object, (name, kind)| {
            object.property(*name, kind.schema()).required(*name)
        })
        .into()
}

macro_rules! objects {
    ($($(#[doc = $about:literal])+ $name:ident { $($field:literal: $kind:expr),* })*) => { $(
        $(#[doc = $about])+
        #[derive(Clone, Debug, Serialize)]
        #[serde(transparent)]
        pub(super) struct $name(pub(super) Value);

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                object(concat!($($about),+), &[$(($field, $kind)),*])
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                schemas.push(("Id".to_owned(), Id::schema()));
            }
        }
    )* };
}

objects! {
    /// A user: <https://discord.com/developers/docs/resources/user#user-object>.
    User { "id": Kind::Id, "username": Text, "bot": Flag }
    /// A role: <https://discord.com/developers/docs/topics/permissions#role-object>.
    Role { "id": Kind::Id, "name": Text, "color": Number, "position": Number, "permissions": Text }
    /// A channel, thread or direct message: <https://discord.com/developers/docs/resources/channel#channel-object>.
    Channel { "id": Kind::Id, "type": Number, "flags": Number }
    /// A message as the user sees it: <https://discord.com/developers/docs/resources/message#message-object>.
    Message { "id": Kind::Id, "channel_id": Kind::Id, "type": Number, "author": Object, "content": Text, "timestamp": Text,
        "embeds": List, "components": List, "attachments": List, "mentions": List, "flags": Number, "pinned": Flag }
    /// An invitation: <https://discord.com/developers/docs/resources/invite#invite-object>.
    Invite { "code": Text, "guild": Object, "channel": Object }
    /// A command: <https://discord.com/developers/docs/interactions/application-commands#application-command-object>.
    Command { "id": Kind::Id, "application_id": Kind::Id, "type": Number, "name": Text, "description": Text }
    /// A component: <https://discord.com/developers/docs/components/reference>.
    Component { "type": Number }
    /// A choice: <https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-choice-structure>.
    Choice { "name": Text }
    /// A line of `/sim/events`. Its `kind` is `event` (`t` and `d` of a dispatch), `rest` (`method`, `path`, `route`, `status`,
    /// `micros`, `request`, `answer`), `gateway` (`direction`, `session`, `op`, `t`, `bytes`, `body`) or `missed` (`count` of
    /// lines that were lost because the reader was slow: read everything anew).
    Line { "kind": Text }
}

impl PartialSchema for Id {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .description(Some("A snowflake. Requests may also give it as a number."))
            .pattern(Some("^[0-9]{1,20}$"))
            .into()
    }
}

impl ToSchema for Id {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Id")
    }
}
