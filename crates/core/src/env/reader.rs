//! Looks up variables and collects what is wrong with them.

use std::{collections::HashMap, path::Path, str::FromStr};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{EnvProblem, Note, dotenv};

/// Reads variables: the process first, then the file. Empty means not set.
pub(super) struct Reader<'v> {
    vars: &'v dyn Fn(&str) -> Option<String>,
    file: HashMap<String, String>,
    problems: Vec<EnvProblem>,
    notes: Vec<Note>,
}

impl<'v> Reader<'v> {
    pub(super) fn open(path: Option<&Path>, vars: &'v dyn Fn(&str) -> Option<String>) -> Self {
        let mut reader = Self {
            vars,
            file: HashMap::new(),
            problems: Vec::new(),
            notes: Vec::new(),
        };
        let Some(path) = path else { return reader };
        match std::fs::read(path).map(String::from_utf8) {
            Ok(Ok(text)) => {
                let (values, bad) = dotenv::parse(&text, vars);
                reader.file = values;
                for bad in bad {
                    reader.problem(
                        "",
                        format!(
                            "{}, line {}: cannot be read. Write NAME=value, with quotes around values that hold quotes.",
                            path.display(),
                            bad.line
                        ),
                    );
                }
            }
            Ok(Err(_)) => reader.problem(
                "",
                format!("{}: is not UTF-8 text. Save it as UTF-8.", path.display()),
            ),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => reader.problem("", format!("{}: cannot be opened: {error}.", path.display())),
        }
        reader
    }

    pub(super) fn finish(self) -> (Vec<EnvProblem>, Vec<Note>) {
        (self.problems, self.notes)
    }

    pub(super) fn problem(&mut self, variable: &'static str, text: impl Into<String>) {
        self.problems.push(EnvProblem {
            variable,
            text: text.into(),
        });
    }

    pub(super) fn note(&mut self, subject: &'static str, text: impl Into<String>) {
        self.notes.push(Note {
            subject,
            text: text.into(),
        });
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        (self.vars)(name)
            .filter(|value| !value.trim().is_empty())
            .or_else(|| self.file.get(name).cloned())
            .filter(|value| !value.trim().is_empty())
    }

    pub(super) fn secret(&self, name: &str) -> Option<SecretString> {
        self.text(name).map(|value| value.trim().to_owned().into())
    }

    /// A secret of `bytes` bytes at least; a shorter one is a fault.
    pub(super) fn long_secret(&mut self, name: &'static str, bytes: usize) -> Option<SecretString> {
        let secret = self.secret(name)?;
        if secret.expose_secret().len() < bytes {
            self.problem(
                name,
                format!(
                    "{name} has {} bytes and needs {bytes} at least. Make one: openssl rand -hex 32",
                    secret.expose_secret().len()
                ),
            );
            return None;
        }
        Some(secret)
    }

    /// Parses a value; `None` if unset or, with a fault noted, wrong. `expected` completes "… must be …".
    pub(super) fn parse<T: FromStr>(&mut self, name: &'static str, expected: &str) -> Option<T> {
        let parsed = self.text(name)?.trim().parse().ok();
        if parsed.is_none() {
            self.problem(name, format!("{name} must be {expected}."));
        }
        parsed
    }

    /// Like [`Reader::parse`], with a value for unset.
    pub(super) fn parse_or<T: FromStr>(
        &mut self,
        name: &'static str,
        default: T,
        expected: &str,
    ) -> Option<T> {
        if self.text(name).is_none() {
            Some(default)
        } else {
            self.parse(name, expected)
        }
    }

    /// An `http` or `https` address with a host.
    pub(super) fn url(&mut self, name: &'static str) -> Option<Url> {
        let url: Url = self.parse(name, "an address such as https://example.org")?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            self.problem(
                name,
                format!("{name} must start with http:// or https:// and name a host."),
            );
            return None;
        }
        Some(url)
    }

    /// `true`, `1`, `yes` or `false`, `0`, `no`, in any case; everything else is a fault.
    pub(super) fn flag(&mut self, name: &'static str) -> Option<bool> {
        match self.text(name)?.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => {
                self.problem(
                    name,
                    format!("{name} must be true or false (1, 0, yes and no work too)."),
                );
                None
            }
        }
    }
}
