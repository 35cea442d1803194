//! Discord's document: reading it, finding the operation of a request, and validators, each built once.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use jsonschema::{Draft, Registry, Validator};
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::{check::percent_decoded, overrides};

/// Where a copy of the document lies, seen from this crate.
const BESIDE: &str = "../../../shared/data/discord-openapi.json";
/// The name that the document has among schemas.
const NAME: &str = "urn:discord";
/// What Discord has beside the document.
const LACKING: &str = include_str!("lacking.json");
/// A violation shows at most so many characters of what is wrong.
const LONGEST_FAULT: usize = 600;

/// Why a document can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The file can't be read.
    #[error("{0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// It is no JSON.
    #[error("no JSON: {0}")]
    NoJson(#[from] serde_json::Error),
    /// A reference in it leads nowhere.
    #[error("a reference that leads nowhere: {0}")]
    Reference(String),
    /// An override of ours has nothing to override any more.
    #[error("the override at {0} has no place")]
    Override(&'static str),
}

/// A path of the document.
#[derive(Debug)]
struct Template {
    api: bool,
    path: String,
    parts: Vec<String>,
}

/// Discord's document, with our additions.
pub struct Document {
    root: Value,
    registry: Registry<'static>,
    templates: Vec<Template>,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document")
            .field("paths", &self.templates.len())
            .finish_non_exhaustive()
    }
}

/// What a request of the document is.
#[derive(Clone, Debug)]
pub(crate) struct Operation<'d> {
    /// `post /channels/{channel_id}/messages`
    pub(crate) name: String,
    /// A JSON pointer to it.
    pub(crate) pointer: String,
    pub(crate) value: &'d Value,
    /// Parameters of the path and of the operation.
    pub(crate) parameters: Vec<&'d Value>,
    /// Parts of the path that stand for something, by name.
    pub(crate) path_values: Vec<(String, String)>,
}

impl Document {
    /// The document beside the checkout, read once; `None`, said once, where there is none.
    ///
    /// # Panics
    /// If there is one that can't be used: a test must not pass because of that.
    #[must_use]
    #[expect(
        clippy::panic,
        reason = "a document that can't be used must fail the test that wants it"
    )]
    #[expect(clippy::print_stderr, reason = "the person who runs the tests is told")]
    pub fn beside_checkout() -> Option<&'static Self> {
        static DOCUMENT: OnceLock<Option<Document>> = OnceLock::new();
        let read = || {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(BESIDE);
            if !path.exists() {
                eprintln!(
                    "skipped: Discord's OpenAPI document is not there, so nothing is checked against it"
                );
                return None;
            }
            Some(Self::read(&path).unwrap_or_else(|error| panic!("Discord's OpenAPI document: {error}")))
        };
        DOCUMENT.get_or_init(read).as_ref()
    }

    /// Reads a document from a file.
    ///
    /// # Errors
    /// If it can't be read or used.
    pub fn read(path: &Path) -> Result<Self, DocumentError> {
        let bytes = std::fs::read(path).map_err(|error| DocumentError::Unreadable(path.to_owned(), error))?;
        Self::new(serde_json::from_slice(&bytes)?)
    }

    /// Takes a document, sets it right where Discord differs, and adds what it lacks.
    ///
    /// # Errors
    /// If it can't be used.
    pub fn new(mut root: Value) -> Result<Self, DocumentError> {
        overrides::apply(&mut root)?;
        let lacking: Value = serde_json::from_str(LACKING)?;
        for part in ["paths", "x-site", "components"] {
            merge(&mut root, part, lacking.get(part));
        }
        let templates = [(true, "paths"), (false, "x-site")]
            .into_iter()
            .flat_map(|(api, part)| {
                let paths = root.get(part).and_then(Value::as_object);
                paths
                    .into_iter()
                    .flat_map(|paths| paths.keys())
                    .map(move |path| Template {
                        api,
                        path: path.clone(),
                        parts: path.split('/').map(str::to_owned).collect(),
                    })
            })
            .collect();
        let wrong = |error: &dyn std::fmt::Display| DocumentError::Reference(error.to_string());
        let registry = Registry::new()
            .draft(Draft::Draft202012)
            .add(NAME, Draft::Draft202012.create_resource(root.clone()))
            .map_err(|error| wrong(&error))?
            .prepare()
            .map_err(|error| wrong(&error))?;
        Ok(Self {
            root,
            registry,
            templates,
            validators: Mutex::default(),
        })
    }

    /// The operation of a request: of all paths that fit and take the method, the most literal one.
    pub(crate) fn operation(&self, api: bool, method: &str, path: &str) -> Result<Operation<'_>, String> {
        let parts: Vec<String> = path.split('/').map(percent_decoded).collect();
        let fits = |template: &&Template| {
            template.api == api
                && template.parts.len() == parts.len()
                && template
                    .parts
                    .iter()
                    .zip(&parts)
                    .all(|(wanted, given)| is_name(wanted) || wanted == given)
        };
        let method = method.to_lowercase();
        let part = if api { "paths" } else { "x-site" };
        let place = |path: &str| self.pointer_of(&format!("/{part}/{}", escaped(path)));
        let rank = |template: &&Template| {
            let item = self.look(&place(&template.path));
            let names = template.parts.iter().filter(|part| is_name(part)).count();
            (item.is_none_or(|item| item.get(&method).is_none()), names)
        };
        let found = self.templates.iter().filter(fits).min_by_key(rank);
        let found = found.ok_or("no such route in the document, nor in the list of those that it lacks")?;
        let pointer = place(&found.path);
        let item = self.look(&pointer);
        let value = item
            .and_then(|item| item.get(&method))
            .ok_or_else(|| format!("{} does not take {method}", found.path))?;
        let both =
            [item, Some(value)].map(|of| of.and_then(|of| of.get("parameters")).and_then(Value::as_array));
        Ok(Operation {
            name: format!("{method} {}", found.path),
            pointer: format!("{pointer}/{method}"),
            value,
            parameters: both
                .into_iter()
                .flatten()
                .flatten()
                .map(|one| self.resolved(one))
                .collect(),
            path_values: found
                .parts
                .iter()
                .zip(&parts)
                .filter(|(wanted, _)| is_name(wanted))
                .map(|(name, given)| (name.trim_matches(['{', '}']).to_owned(), given.clone()))
                .collect(),
        })
    }

    /// What a value's `$ref` means, or the value.
    pub(crate) fn resolved<'d>(&'d self, value: &'d Value) -> &'d Value {
        let target = value
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|to| self.at(to));
        target.unwrap_or(value)
    }

    /// Where a value is after its `$ref` is followed: its pointer.
    pub(crate) fn pointer_of(&self, pointer: &str) -> String {
        let target = self.root.pointer(pointer).and_then(|value| value.get("$ref"));
        let target = target.and_then(Value::as_str).and_then(|to| to.strip_prefix('#'));
        target.unwrap_or(pointer).to_owned()
    }

    /// The part of the document at `#/components/…`.
    pub(crate) fn at(&self, reference: &str) -> Option<&Value> {
        self.root.pointer(reference.strip_prefix('#')?)
    }

    /// The part of the document at a JSON pointer.
    pub(crate) fn look(&self, pointer: &str) -> Option<&Value> {
        self.root.pointer(pointer)
    }

    /// What is wrong with a value that should fit the schema at a JSON pointer.
    pub(crate) fn faults(&self, pointer: &str, value: &Value) -> Vec<String> {
        let validator = match self.validator(pointer) {
            Ok(validator) => validator,
            Err(error) => return vec![error],
        };
        if validator.is_valid(value) {
            return Vec::new();
        }
        let shown = |error: jsonschema::ValidationError<'_>| {
            let place = without_numbers(&error.instance_path().to_string());
            let text: String = error.to_string().chars().take(LONGEST_FAULT).collect();
            format!("at {}: {text}", if place.is_empty() { "/" } else { &place })
        };
        validator.iter_errors(value).map(shown).collect()
    }

    fn validator(&self, pointer: &str) -> Result<Arc<Validator>, String> {
        if let Some(known) = self.validators.lock().get(pointer) {
            return Ok(Arc::clone(known));
        }
        let built = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .build(&json!({ "$ref": format!("{NAME}#{}", in_uri(pointer)) }))
            .map_err(|error| format!("no schema at {pointer}: {error}"))?;
        let built = Arc::new(built);
        self.validators
            .lock()
            .insert(pointer.to_owned(), Arc::clone(&built));
        Ok(built)
    }
}

fn merge(root: &mut Value, part: &str, more: Option<&Value>) {
    let Some(root) = root.as_object_mut() else { return };
    let target = root.entry(part).or_insert_with(|| json!({}));
    for (name, value) in more.and_then(Value::as_object).into_iter().flatten() {
        if target.get(name).is_some_and(Value::is_object) {
            merge(target, name, Some(value));
        } else if let Some(target) = target.as_object_mut() {
            target.insert(name.clone(), value.clone());
        }
    }
}

/// A place with `*` for the numbers in it, so that the same fault in two items is one fault.
pub(crate) fn without_numbers(place: &str) -> String {
    let parts = place
        .split('/')
        .map(|part| if part.parse::<u64>().is_ok() { "*" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn is_name(part: &str) -> bool {
    part.starts_with('{')
}

/// A key as a part of a JSON pointer (RFC 6901).
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A JSON pointer inside an address.
fn in_uri(pointer: &str) -> String {
    pointer
        .replace('{', "%7B")
        .replace('}', "%7D")
        .replace('@', "%40")
}
