//! What is installed right now: commands, components and listeners of the loaded cogs, in tables that are read without
//! locks and replaced as a whole.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use arc_swap::ArcSwap;
use hazebot_core::{Failure, Outcome, gate::Gate};
use parking_lot::Mutex;
use twilight_model::gateway::event::{Event, EventType};

use crate::{
    cog::About, command::Command, command_info::CommandInfo, component::Component, dispatch::QueueHandle,
    listener::Listener,
};

/// Something of a cog, with the cog's door.
pub(crate) struct Bound<T> {
    pub(crate) about: &'static About,
    pub(crate) gate: Gate,
    pub(crate) item: T,
}

/// Listeners of one cog for one kind of event, with the cog's queue.
pub(crate) struct Listening {
    pub(crate) queue: QueueHandle,
    pub(crate) listeners: Vec<Listener>,
}

/// What people and Discord see of a cog.
pub(crate) struct Face {
    pub(crate) about: &'static About,
    pub(crate) gate: Gate,
    pub(crate) queue: QueueHandle,
    pub(crate) commands: Vec<Command>,
    pub(crate) components: Vec<Component>,
    pub(crate) listeners: Vec<Listener>,
}

#[derive(Default)]
pub(crate) struct Tables {
    /// By name and alias, lower-case.
    commands: HashMap<&'static str, Arc<Bound<Command>>>,
    components: HashMap<&'static str, Arc<Bound<Component>>>,
    listeners: HashMap<EventType, Vec<Listening>>,
    /// Components of cogs that are not loaded any more, with the cog's name.
    gone: HashMap<&'static str, &'static str>,
    version: u64,
}

impl Tables {
    pub(crate) fn command(&self, name: &str) -> Option<&Arc<Bound<Command>>> {
        self.commands.get(name)
    }

    pub(crate) fn component(&self, key: &str) -> Option<&Arc<Bound<Component>>> {
        self.components.get(key)
    }

    /// The cog that a component belonged to while it was loaded.
    pub(crate) fn gone(&self, key: &str) -> Option<&'static str> {
        self.gone.get(key).copied()
    }

    pub(crate) fn listening(&self, kind: EventType) -> &[Listening] {
        self.listeners.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The listeners of a cog that want an event.
    pub(crate) fn wanting(&self, cog: &str, event: &Event) -> Vec<Listener> {
        self.listening(event.kind())
            .iter()
            .filter(|listening| listening.queue.cog() == cog)
            .flat_map(|listening| listening.listeners.iter())
            .filter(|listener| (listener.wants)(event))
            .cloned()
            .collect()
    }

    /// Each command once, by name.
    pub(crate) fn each_command(&self) -> Vec<&Arc<Bound<Command>>> {
        let mut commands: Vec<_> = self
            .commands
            .iter()
            .filter(|(name, bound)| **name == bound.item.name)
            .map(|(_, bound)| bound)
            .collect();
        commands.sort_unstable_by_key(|bound| bound.item.name);
        commands
    }
}

/// What is installed right now.
#[derive(Default)]
pub struct Registry {
    tables: ArcSwap<Tables>,
    faces: Mutex<Faces>,
}

#[derive(Default)]
struct Faces {
    loaded: BTreeMap<&'static str, Arc<Face>>,
    gone: HashMap<&'static str, &'static str>,
    version: u64,
}

impl Registry {
    /// The commands of the loaded cogs, by name.
    #[must_use]
    pub fn commands(&self) -> Vec<CommandInfo> {
        self.tables
            .load()
            .each_command()
            .into_iter()
            .map(|bound| CommandInfo::of(bound))
            .collect()
    }

    /// A command by its name or an alias, without regard to case.
    #[must_use]
    pub fn command(&self, name: &str) -> Option<CommandInfo> {
        self.tables
            .load()
            .command(&name.to_lowercase())
            .map(|bound| CommandInfo::of(bound))
    }

    /// Changes whenever something is installed or removed; for caches of what is made from the registry.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.tables.load().version
    }

    pub(crate) fn tables(&self) -> arc_swap::Guard<Arc<Tables>> {
        self.tables.load()
    }

    /// Installs a cog's face in place of its former one.
    ///
    /// Names that another cog has already are an error, and nothing changes.
    pub(crate) fn install(&self, face: Face) -> Outcome<()> {
        let mut faces = self.faces.lock();
        let newcomer = face.about.name;
        let former = faces.loaded.insert(newcomer, Arc::new(face));
        let loaded: Vec<Arc<Face>> = faces.loaded.values().map(Arc::clone).collect();
        match build(&loaded, &faces.gone, faces.version + 1) {
            Ok(tables) => {
                faces.version = tables.version;
                self.tables.store(Arc::new(tables));
                Ok(())
            }
            Err(Taken { name, by, and }) => {
                match former {
                    Some(former) => faces.loaded.insert(newcomer, former),
                    None => faces.loaded.remove(newcomer),
                };
                Err(Failure::internal(format!(
                    "{name} has two owners: {by} and {and}"
                )))
            }
        }
    }

    /// Takes a cog's face away.
    pub(crate) fn remove(&self, cog: &'static str) {
        let mut faces = self.faces.lock();
        let Some(face) = faces.loaded.remove(cog) else {
            return;
        };
        for component in &face.components {
            faces.gone.insert(component.id, cog);
            for legacy in &component.legacy {
                faces.gone.insert(legacy, cog);
            }
        }
        let loaded: Vec<Arc<Face>> = faces.loaded.values().map(Arc::clone).collect();
        // What was consistent stays so when something is taken away.
        if let Ok(tables) = build(&loaded, &faces.gone, faces.version + 1) {
            faces.version = tables.version;
            self.tables.store(Arc::new(tables));
        }
    }

    /// How many commands, components and listeners a cog has.
    pub(crate) fn counts(&self, cog: &str) -> (usize, usize, usize) {
        let faces = self.faces.lock();
        faces.loaded.get(cog).map_or((0, 0, 0), |face| {
            (face.commands.len(), face.components.len(), face.listeners.len())
        })
    }
}

/// A name that two cogs want.
struct Taken {
    name: &'static str,
    by: &'static str,
    and: &'static str,
}

fn build(
    faces: &[Arc<Face>],
    gone: &HashMap<&'static str, &'static str>,
    version: u64,
) -> Result<Tables, Taken> {
    let mut tables = Tables {
        gone: gone.clone(),
        version,
        ..Tables::default()
    };
    for face in faces {
        for command in &face.commands {
            let bound = Arc::new(Bound {
                about: face.about,
                gate: face.gate.clone(),
                item: command.clone(),
            });
            for name in std::iter::once(command.name).chain(command.aliases.iter().copied()) {
                if let Some(other) = tables.commands.insert(name, Arc::clone(&bound)) {
                    return Err(Taken {
                        name,
                        by: other.about.name,
                        and: face.about.name,
                    });
                }
            }
        }
        for component in &face.components {
            let bound = Arc::new(Bound {
                about: face.about,
                gate: face.gate.clone(),
                item: component.clone(),
            });
            for id in std::iter::once(component.id).chain(component.legacy.iter().copied()) {
                tables.gone.remove(id);
                if let Some(other) = tables.components.insert(id, Arc::clone(&bound)) {
                    return Err(Taken {
                        name: id,
                        by: other.about.name,
                        and: face.about.name,
                    });
                }
            }
        }
        let mut by_kind: HashMap<EventType, Vec<Listener>> = HashMap::new();
        for listener in &face.listeners {
            by_kind.entry(listener.kind).or_default().push(listener.clone());
        }
        for (kind, listeners) in by_kind {
            tables.listeners.entry(kind).or_default().push(Listening {
                queue: face.queue.clone(),
                listeners,
            });
        }
    }
    Ok(tables)
}

#[cfg(test)]
mod tests {
    use super::*;

    static ALPHA: About = About::named("Alpha");
    static BETA: About = About::named("Beta");

    fn face(about: &'static About, command: &'static str) -> Face {
        Face {
            about,
            gate: Gate::default(),
            queue: QueueHandle::unheard(about.name),
            commands: vec![Command::new(command).alias("same")],
            components: vec![Component::button("a:v1:b")]
                .into_iter()
                .filter(|_| about.name == "Beta")
                .collect(),
            listeners: Vec::new(),
        }
    }

    #[test]
    fn a_newcomer_that_takes_a_name_is_refused_and_the_others_stay() {
        let registry = Registry::default();
        registry.install(face(&BETA, "roll")).unwrap();
        let version = registry.version();
        let error = registry.install(face(&ALPHA, "throw")).unwrap_err();
        assert!(error.to_string().contains("same has two owners"), "{error}");
        assert_eq!(registry.version(), version);
        assert_eq!(registry.command("SAME").map(|command| command.name), Some("roll"));
        assert!(registry.command("throw").is_none());
        // A later change is not hindered by what was refused.
        registry.install(face(&BETA, "spin")).unwrap();
        assert!(registry.command("spin").is_some() && registry.command("roll").is_none());
    }

    #[test]
    fn components_of_a_removed_cog_are_remembered() {
        let registry = Registry::default();
        registry.install(face(&BETA, "roll")).unwrap();
        registry.remove("Beta");
        assert!(registry.commands().is_empty());
        assert_eq!(registry.tables().gone("a:v1:b"), Some("Beta"));
        registry.install(face(&BETA, "roll")).unwrap();
        assert_eq!(registry.tables().gone("a:v1:b"), None);
    }
}
