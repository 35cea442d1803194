//! Pictures that were uploaded as avatars, icons and emojis, so that the CDN can show them.

use std::collections::{HashMap, VecDeque};

use base64::Engine as _;
use bytes::Bytes;
use serde_json::Value;

use crate::error::ApiError;

use super::World;

/// Pictures kept in all; the oldest are drawn from their address again.
const MOST_IMAGES: usize = 256;
/// The largest picture of an emoji, in bytes (<https://discord.com/developers/docs/resources/emoji>).
pub(crate) const LARGEST_EMOJI: usize = 256 * 1024;
/// The largest avatar or icon, in bytes (10 MiB as for files).
pub(crate) const LARGEST_AVATAR: usize = 10 * 1024 * 1024;

/// Kept pictures by hash or emoji id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Images {
    kept: HashMap<String, Bytes>,
    order: VecDeque<String>,
}

impl Images {
    fn keep(&mut self, name: String, content: Bytes) {
        self.order.push_back(name.clone());
        self.kept.insert(name, content);
        while self.order.len() > MOST_IMAGES {
            if let Some(old) = self.order.pop_front() {
                self.kept.remove(&old);
            }
        }
    }
}

/// A picture of a request.
#[derive(Debug)]
pub(crate) struct Image {
    /// Its bytes.
    pub(crate) content: Bytes,
    /// True for a GIF.
    pub(crate) animated: bool,
}

impl Image {
    /// Reads `data:image/…;base64,…` (<https://discord.com/developers/docs/reference#image-data>).
    ///
    /// # Errors
    /// 50035 at `path` if it is none or larger than `most` bytes.
    pub(crate) fn read(value: &Value, path: &str, most: usize) -> Result<Self, ApiError> {
        let text = value.as_str().unwrap_or_default();
        let inside = text
            .strip_prefix("data:image/")
            .and_then(|rest| rest.split_once(";base64,"));
        let decoded = inside.and_then(|(kind, data)| {
            let content = base64::engine::general_purpose::STANDARD.decode(data).ok()?;
            matches!(kind, "png" | "jpeg" | "jpg" | "gif" | "webp" | "avif").then_some((kind, content))
        });
        let Some((kind, content)) = decoded.filter(|(_, content)| !content.is_empty()) else {
            return Err(ApiError::field(path, "IMAGE_INVALID", "Invalid image data"));
        };
        if content.len() > most {
            return Err(ApiError::field(
                path,
                "BINARY_TYPE_MAX_SIZE",
                format!("File cannot be larger than {}.0 kb.", most / 1024),
            ));
        }
        Ok(Self {
            animated: kind == "gif",
            content: content.into(),
        })
    }
}

impl World {
    /// Keeps an avatar or icon; gives its hash.
    pub(crate) fn keep_image(&mut self, image: Image) -> String {
        let hash = self.dice.image_hash();
        let hash = if image.animated { format!("a_{hash}") } else { hash };
        self.images.keep(hash.clone(), image.content);
        hash
    }

    /// Keeps an emoji's picture under its id.
    pub(super) fn keep_emoji(&mut self, id: crate::id::Id, image: Image) {
        self.images.keep(id.to_string(), image.content);
    }

    /// A kept picture by hash or emoji id.
    pub(crate) fn image(&self, name: &str) -> Option<Bytes> {
        self.images.kept.get(name).cloned()
    }

    /// Reads a nullable picture field: `None` if the body has none, `Some(None)` to take the picture away.
    pub(crate) fn read_picture(
        &mut self,
        body: &Value,
        key: &str,
    ) -> Result<Option<Option<String>>, ApiError> {
        match body.get(key) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(value) => {
                let image = Image::read(value, key, LARGEST_AVATAR)?;
                Ok(Some(Some(self.keep_image(image))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_picture_is_read_from_its_data_address() {
        let image = Image::read(&json!("data:image/gif;base64,R0lG"), "image", 10).unwrap();
        assert_eq!((&image.content[..], image.animated), (b"GIF".as_slice(), true));
        for bad in [
            json!(null),
            json!("R0lG"),
            json!("data:text/html;base64,R0lG"),
            json!("data:image/png;base64,%%"),
        ] {
            assert!(Image::read(&bad, "image", 10).is_err(), "{bad}");
        }
        assert!(Image::read(&json!("data:image/png;base64,R0lG"), "image", 2).is_err());
    }
}
