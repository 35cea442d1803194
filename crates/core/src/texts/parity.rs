//! Compares the languages: each must have the same ids, attributes and placeholders.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::{ast, parser};

/// Placeholders by id and by `id.attribute`.
type Keys = BTreeMap<String, BTreeSet<String>>;

/// What the sources have that the first one lacks, and the other way round; placeholders that differ; sources that don't
/// parse. Empty if all is well. For the tests of each feature: `check_parity(&[("en", EN), ("de", DE)])`.
#[must_use]
pub fn check_parity(sources: &[(&str, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    let parsed: Vec<(&str, Keys)> = sources
        .iter()
        .map(|(locale, source)| (*locale, keys(locale, source, &mut faults)))
        .collect();
    let Some(((first, base), others)) = parsed.split_first() else {
        return faults;
    };
    for (locale, keys) in others {
        for (key, variables) in base {
            match keys.get(key) {
                None => faults.push(format!("{locale} lacks {key}")),
                Some(theirs) if theirs != variables => {
                    faults.push(format!(
                        "{key}: {first} has {variables:?}, {locale} has {theirs:?}"
                    ));
                }
                Some(_) => {}
            }
        }
        faults.extend(
            keys.keys()
                .filter(|key| !base.contains_key(*key))
                .map(|key| format!("{first} lacks {key}")),
        );
    }
    faults
}

fn keys(locale: &str, source: &str, faults: &mut Vec<String>) -> Keys {
    let resource = parser::parse(source).unwrap_or_else(|(resource, errors)| {
        faults.extend(errors.iter().map(|error| format!("{locale}: {error}")));
        resource
    });
    let mut keys = Keys::new();
    let mut put = |key: String, variables| {
        if keys.insert(key.clone(), variables).is_some() {
            faults.push(format!("{locale} has {key} twice"));
        }
    };
    for entry in &resource.body {
        let (id, value, attributes) = match entry {
            ast::Entry::Message(message) => (
                message.id.name.to_owned(),
                message.value.as_ref(),
                &message.attributes,
            ),
            ast::Entry::Term(term) => (format!("-{}", term.id.name), Some(&term.value), &term.attributes),
            _ => continue,
        };
        if let Some(value) = value {
            put(id.clone(), variables(value));
        }
        for attribute in attributes {
            put(format!("{id}.{}", attribute.id.name), variables(&attribute.value));
        }
    }
    keys
}

/// The placeholders of a text.
pub(super) fn variables(pattern: &ast::Pattern<&str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    of_pattern(pattern, &mut found);
    found
}

fn of_pattern(pattern: &ast::Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            of_expression(expression, found);
        }
    }
}

fn of_expression(expression: &ast::Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        ast::Expression::Inline(inline) => of_inline(inline, found),
        ast::Expression::Select { selector, variants } => {
            of_inline(selector, found);
            variants
                .iter()
                .for_each(|variant| of_pattern(&variant.value, found));
        }
    }
}

fn of_inline(inline: &ast::InlineExpression<&str>, found: &mut BTreeSet<String>) {
    let arguments = match inline {
        ast::InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
            return;
        }
        ast::InlineExpression::Placeable { expression } => return of_expression(expression, found),
        ast::InlineExpression::FunctionReference { arguments, .. } => arguments,
        ast::InlineExpression::TermReference {
            arguments: Some(arguments),
            ..
        } => arguments,
        _ => return,
    };
    arguments
        .positional
        .iter()
        .for_each(|inline| of_inline(inline, found));
    arguments
        .named
        .iter()
        .for_each(|named| of_inline(&named.value, found));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sources_have_no_faults() {
        let en =
            "a = Hi { $user }\n    .name = x\nb = { $n ->\n    [one] one { $who }\n   *[other] { $n }\n }\n";
        let de = "b = { $n } { $who }\na = Hallo { $user }\n    .name = y\n";
        assert_eq!(check_parity(&[("en", en), ("de", de)]), Vec::<String>::new());
    }

    #[test]
    fn every_difference_is_named() {
        let en = "a = Hi { $user }\nb = x\n    .name = x\n";
        let de = "a = Hallo { $name }\nb = x\nc = y\n= broken\n";
        let faults = check_parity(&[("en", en), ("de", de)]).join("\n");
        for part in ["a: en has {\"user\"}", "de lacks b.name", "en lacks c", "de: "] {
            assert!(faults.contains(part), "{part} in {faults}");
        }
    }
}
