//! What nobody may read by accident: the [`Masker`] takes secrets out of text, the [`Vault`] keeps them encrypted at rest.

pub mod mask;

pub use mask::{MASK, Masker, clean, is_telling};
