//! World files: a Discord written down in JSON, whose parts refer to one another by name. `docs/world-file.md` tells the
//! form, `examples/world.json` shows it.

mod build;
mod channels;
mod moment;
mod names;
mod shape;

use std::fmt;

use crate::clock::SimClock;
use crate::world::World;

/// A world file that can be taken as a beginning.
pub const EXAMPLE_WORLD: &str = include_str!("../../examples/world.json");

/// Mistakes that are shown at once; the rest are counted.
const MOST_SHOWN: usize = 20;

/// A world as it was written down: its form is right, its names are not looked up yet.
#[derive(Clone, Debug)]
pub struct WorldFile(shape::File);

/// Something wrong in a world file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mistake {
    /// Where, such as `guilds[0].channels[2].name`.
    pub path: String,
    /// What.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// Why a world file can't be used.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WorldFileError {
    /// It is no JSON, or not of the form.
    #[error("{0}")]
    Form(Mistake),
    /// Names or numbers don't fit; at least one.
    #[error("{}", list(.0))]
    Content(Vec<Mistake>),
}

fn list(mistakes: &[Mistake]) -> String {
    let shown = mistakes.iter().take(MOST_SHOWN).map(Mistake::to_string);
    let mut text = shown.collect::<Vec<_>>().join("\n");
    if let Some(more) = mistakes.len().checked_sub(MOST_SHOWN).filter(|n| *n > 0) {
        text += &format!("\n… and {more} more");
    }
    text
}

impl WorldFile {
    /// Reads a world file.
    ///
    /// # Errors
    /// The first place where the form is wrong.
    pub fn parse(json: &str) -> Result<Self, WorldFileError> {
        let reader = &mut serde_json::Deserializer::from_str(json);
        let file = serde_path_to_error::deserialize(&mut *reader).map_err(|error| {
            let path = error.path().to_string();
            WorldFileError::Form(Mistake {
                path: if path == "." { "the file".to_owned() } else { path },
                message: error.into_inner().to_string(),
            })
        })?;
        reader.end().map_err(|error| {
            WorldFileError::Form(Mistake {
                path: "the file".to_owned(),
                message: error.to_string(),
            })
        })?;
        Ok(Self(file))
    }

    /// The seed of the file, if it has one.
    #[must_use]
    pub fn seed(&self) -> Option<u64> {
        self.0.seed
    }

    /// Makes the world, which goes on with `clock`. `seed` is for what the file leaves open: tokens, avatars.
    ///
    /// # Errors
    /// Everything that doesn't fit: unknown or doubled names, unknown permissions, moments that are none.
    pub fn build(&self, clock: SimClock, seed: u64) -> Result<World, WorldFileError> {
        build::build(&self.0, clock, self.0.seed.unwrap_or(seed))
    }
}
