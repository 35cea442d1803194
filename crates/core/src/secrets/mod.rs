//! What nobody may read by accident: the [`Masker`] takes secrets out of text, the [`Vault`] keeps them encrypted at rest,
//! and [`Secrets`] stores them by name for a guild or for the installation.

pub mod mask;
mod named;
mod vault;

pub use mask::{MASK, Masker, clean, is_telling};
pub use named::Secrets;
pub use vault::{Place, Vault, VaultError};
