//! Addresses of attachments: signed, so that they work for a day and for nobody who made them up
//! (<https://discord.com/developers/docs/reference#signed-attachment-cdn-urls>).

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::clock::Millis;
use crate::id::Id;

use super::World;
use super::message::Attachment;

/// An address works for so long after it was told.
pub(crate) const ADDRESS_LIFE: Millis = 24 * 3600 * 1000;

/// The key of a world's signatures: the same seed signs alike, without taking from its dice.
pub(super) fn key(seed: u64) -> [u8; 32] {
    Sha256::digest([b"attachments ".as_slice(), &seed.to_be_bytes()].concat()).into()
}

impl World {
    /// Where an attachment lies, without its signature.
    pub(super) fn attachment_place(&self, channel: Id, of: &Attachment) -> String {
        let name = crate::cdn::encode_path_part(&of.filename);
        format!("{}/attachments/{channel}/{}/{name}", self.base_url, of.id)
    }

    /// An attachment's address with a signature made now; other addresses are given back as they are.
    pub(crate) fn signed(&self, address: &str) -> Option<String> {
        let place = address.split(['?', '#']).next().unwrap_or(address);
        let path = place.strip_prefix(self.base_url.as_str())?;
        path.strip_prefix("/attachments/")?;
        let issued = self.now() / 1000;
        let expires = issued + ADDRESS_LIFE / 1000;
        let (ex, is) = (format!("{expires:x}"), format!("{issued:x}"));
        let mark = self.mark(path, &ex, &is);
        Some(format!("{place}?ex={ex}&is={is}&hm={mark}&"))
    }

    /// True if the query of a request carries a signature of this world for `path` that has not run out.
    pub(crate) fn is_signed(&self, path: &str, query: &str) -> bool {
        let value = |name: &str| {
            let found = url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
            found.map(|(_, value)| value.into_owned()).unwrap_or_default()
        };
        let (ex, is) = (value("ex"), value("is"));
        let runs_out = i64::from_str_radix(&ex, 16).unwrap_or(0);
        self.mark(path, &ex, &is) == value("hm") && self.now() < runs_out.saturating_mul(1000)
    }

    fn mark(&self, path: &str, expires: &str, issued: &str) -> String {
        let mut hasher = Sha256::new();
        for part in [
            self.attachment_key.as_slice(),
            path.as_bytes(),
            expires.as_bytes(),
            issued.as_bytes(),
        ] {
            hasher.update(part);
            hasher.update([0]);
        }
        hasher
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Signs every address of an attachment inside `value`.
    pub(super) fn sign_inside(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(signed) = self.signed(text) {
                    *text = signed;
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|v| self.sign_inside(v)),
            Value::Object(map) => map.values_mut().for_each(|v| self.sign_inside(v)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::clock::SimClock;

    use super::*;

    fn parts(address: &str) -> (String, String) {
        let (place, query) = address.split_once('?').unwrap();
        (
            place.trim_start_matches("http://sim").to_owned(),
            query.to_owned(),
        )
    }

    #[test]
    fn an_address_works_for_a_day_and_only_as_it_was_told() {
        let clock = SimClock::manual(1_750_000_000_000);
        let mut world = World::new(7, clock.clone());
        world.base_url = "http://sim".to_owned();
        let signed = world.signed("http://sim/attachments/1/2/a.png").unwrap();
        let (path, query) = parts(&signed);
        assert!(world.is_signed(&path, &query));
        assert!(!world.is_signed(&path, ""));
        assert!(!world.is_signed("/attachments/1/3/a.png", &query));
        assert!(!world.is_signed(&path, &query.replace("ex=6", "ex=7")));
        clock.advance(Duration::from_secs(24 * 3600));
        assert!(!world.is_signed(&path, &query));
        let again = world.signed(&signed).unwrap();
        assert!(world.is_signed(&path, &parts(&again).1));
    }

    #[test]
    fn other_addresses_are_not_signed() {
        let mut world = World::new(7, SimClock::manual(0));
        world.base_url = "http://sim".to_owned();
        assert_eq!(world.signed("https://example.org/attachments/1/2/a.png"), None);
        assert_eq!(world.signed("http://sim/avatars/1/2.png"), None);
    }
}
