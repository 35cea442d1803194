//! A second world like this one, for whoever begins from the same state many times.

use crate::seed::Dice;

use super::World;

impl World {
    /// The same world, on the same clock, with its own fate from `seed`. Nothing that waits to be told is told twice.
    #[must_use]
    pub fn copy(&self, seed: u64) -> Self {
        Self {
            clock: self.clock.clone(),
            dice: Dice::new(seed),
            ids: self.ids.clone(),
            limits: self.limits,
            users: self.users.clone(),
            guilds: self.guilds.clone(),
            channels: self.channels.clone(),
            applications: self.applications.clone(),
            webhooks: self.webhooks.clone(),
            invites: self.invites.clone(),
            dm_channels: self.dm_channels.clone(),
            activities: self.activities.clone(),
            interactions: self.interactions.clone(),
            interaction_order: self.interaction_order.clone(),
            files: self.files.clone(),
            file_order: self.file_order.clone(),
            file_bytes: self.file_bytes,
            outbox: Vec::new(),
            images: self.images.clone(),
            due: self.due.clone(),
            attachment_key: self.attachment_key,
            base_url: self.base_url.clone(),
        }
    }
}
