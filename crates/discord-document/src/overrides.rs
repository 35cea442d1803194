//! Where Discord's document and Discord differ: what stands in the document's place instead, and why.

use serde_json::{Value, json};

use crate::document::DocumentError;

struct Override {
    /// A JSON pointer into the document.
    at: &'static str,
    /// What really holds there.
    put: fn() -> Value,
}

/// A set of permissions: libraries send text, since a JavaScript number would lose digits
/// (<https://discord.com/developers/docs/topics/permissions>).
fn permission_bits() -> Value {
    json!({ "type": ["string", "integer", "null"], "pattern": "^[0-9]+$", "minimum": 0 })
}

/// An upload of the same request is named by its place: `0` for `files[0]`
/// (<https://discord.com/developers/docs/reference#uploading-files>).
fn file_or_attachment() -> Value {
    json!({ "anyOf": [{ "$ref": "#/components/schemas/SnowflakeType" }, { "type": "integer", "minimum": 0 }] })
}

/// The errors of a field have codes in words, such as `BASE_TYPE_REQUIRED`
/// (<https://discord.com/developers/docs/reference#error-messages>).
fn field_error() -> Value {
    json!({ "type": "object", "required": ["code", "message"],
        "properties": { "code": { "type": "string", "pattern": "^[A-Z0-9_]+$" }, "message": { "type": "string" } } })
}

/// The body of `PUT /channels/{channel_id}/permissions/{overwrite_id}`, which has no name.
macro_rules! overwrite_body {
    ($field:literal) => {
        concat!(
            "/paths/~1channels~1{channel_id}~1permissions~1{overwrite_id}/put/requestBody/content/application~1json",
            "/schema/properties/",
            $field
        )
    };
}

/// A 429 has a code only if a limit of its own was met
/// (<https://discord.com/developers/docs/topics/rate-limits#exceeding-a-rate-limit-rate-limit-response-structure>).
fn error_with_or_without_code() -> Value {
    json!({ "type": "object", "required": ["message"],
        "properties": { "code": { "type": "integer" }, "message": { "type": "string" } } })
}

/// The document knows replies only; 1 is a forward
/// (<https://discord.com/developers/docs/resources/message#message-reference-types>).
fn reply_or_forward() -> Value {
    json!({ "type": "integer", "enum": [0, 1] })
}

/// A ban is lifted without a body (<https://discord.com/developers/docs/resources/guild#remove-guild-ban>).
fn not_required() -> Value {
    json!(false)
}

const OVERRIDES: &[Override] = &[
    Override {
        at: "/components/schemas/MessageReferenceType",
        put: reply_or_forward,
    },
    Override {
        at: "/components/schemas/RatelimitedResponse/allOf/0",
        put: error_with_or_without_code,
    },
    Override {
        at: "/paths/~1guilds~1{guild_id}~1bans~1{user_id}/delete/requestBody/required",
        put: not_required,
    },
    Override {
        at: "/components/schemas/ApplicationCommandCreateRequest/properties/default_member_permissions",
        put: permission_bits,
    },
    Override {
        at: "/components/schemas/ApplicationCommandUpdateRequest/properties/default_member_permissions",
        put: permission_bits,
    },
    Override {
        at: "/components/schemas/ApplicationCommandPatchRequestPartial/properties/default_member_permissions",
        put: permission_bits,
    },
    Override {
        at: "/components/schemas/ChannelPermissionOverwriteRequest/properties/allow",
        put: permission_bits,
    },
    Override {
        at: "/components/schemas/ChannelPermissionOverwriteRequest/properties/deny",
        put: permission_bits,
    },
    Override {
        at: overwrite_body!("allow"),
        put: permission_bits,
    },
    Override {
        at: overwrite_body!("deny"),
        put: permission_bits,
    },
    Override {
        at: "/components/schemas/CreateRoleRequest/properties/permissions",
        put: permission_bits,
    },
    Override {
        at: "/components/schemas/UpdateRoleRequestPartial/properties/permissions",
        put: permission_bits,
    },
    Override {
        at: "/components/schemas/MessageAttachmentRequest/properties/id",
        put: file_or_attachment,
    },
    Override {
        at: "/components/schemas/InnerErrors/properties/_errors/items",
        put: field_error,
    },
];

/// Keys that requests may have beside those of the document: Discord ignores them.
const IGNORED: &[(&str, &str)] = &[
    // twilight has one type for a command that is read and one that is written, so the version goes along
    // (<https://docs.rs/twilight-model/0.18/twilight_model/application/command/struct.Command.html>).
    (
        "/components/schemas/ApplicationCommandUpdateRequest/properties",
        "version",
    ),
];

/// Puts all overrides into the document.
///
/// # Errors
/// If one has no place any more, or is not needed any more: then it should go.
pub(crate) fn apply(document: &mut Value) -> Result<(), DocumentError> {
    for one in OVERRIDES {
        let place = document
            .pointer_mut(one.at)
            .ok_or(DocumentError::Override(one.at))?;
        *place = (one.put)();
    }
    for (at, key) in IGNORED {
        let fields = document.pointer_mut(at).and_then(Value::as_object_mut);
        let known = fields
            .ok_or(DocumentError::Override(at))?
            .insert((*key).to_owned(), json!({}));
        if known.is_some() {
            return Err(DocumentError::Override(at));
        }
    }
    Ok(())
}
