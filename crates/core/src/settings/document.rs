//! Writes the documentation of the settings from their declarations.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Kind, SettingDef};

/// The text of `docs/settings.md`.
#[must_use]
pub fn settings_markdown(defs: &[&SettingDef]) -> String {
    let mut text = String::from(
        "# Settings\n\nEach belongs to one server, is changed in the panel or from Discord, counts at once, and can be undone. This page is written by the program from its declarations.\n",
    );
    let mut sections: Vec<&str> = Vec::new();
    for def in defs {
        if !sections.contains(&def.section()) {
            sections.push(def.section());
        }
    }
    for section in sections {
        let _ = write!(
            text,
            "\n## {section}\n\n| key | type | default | meaning |\n|---|---|---|---|\n"
        );
        for def in defs.iter().filter(|def| def.section() == section) {
            let admin = if def.admin_only { " Admins only." } else { "" };
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {}{admin} |",
                def.key,
                cell(&describe(&def.kind)),
                cell(&default(&def.kind)),
                cell(def.description)
            );
        }
    }
    text
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn default(kind: &Kind) -> String {
    match kind {
        Kind::Id(_) => "none".to_owned(),
        Kind::Colour { default } => format!("`#{default:06X}`"),
        Kind::Texts { default, .. } => format!("{} texts", default.len()),
        kind => match kind.default_value() {
            Value::String(text) if text.is_empty() => "empty".to_owned(),
            Value::String(text) => format!("`{text}`"),
            value => format!("`{value}`"),
        },
    }
}

fn describe(kind: &Kind) -> String {
    match kind {
        Kind::Flag { .. } => "true or false".to_owned(),
        Kind::Integer { min, max, .. } => format!("whole number, {min} to {max}"),
        Kind::Float { min, max, .. } => format!("number, {min} to {max}"),
        Kind::Text { min, max, .. } => format!("text of {min} to {max} characters"),
        Kind::Colour { .. } => "colour".to_owned(),
        Kind::Duration { min, max, .. } => format!("seconds, {min} to {max}"),
        Kind::Id(of) => format!("{of:?}").to_lowercase(),
        Kind::Ids { of, max } => format!("up to {max} of {of:?}").to_lowercase(),
        Kind::Texts {
            entries: (fewest, most),
            max,
            ..
        } => format!("{fewest} to {most} texts of up to {max} characters"),
        Kind::Choice { options, .. } => options.join(", "),
        Kind::Json { .. } => "object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::general;

    #[test]
    fn every_setting_has_its_line_and_a_sentence() {
        let text = settings_markdown(general::ALL);
        for def in general::ALL {
            assert!(text.contains(&format!("| `{}` |", def.key)), "{}", def.key);
            assert!(
                def.description.ends_with('.') && def.key.contains('.'),
                "{}",
                def.key
            );
        }
        assert!(
            text.contains("| `general.command_prefix` | text of 1 to 5 characters | `!` |"),
            "{text}"
        );
        assert_eq!(text.matches("\n## ").count(), 4);
    }
}
