//! Mentions as a reader sees them: names in place of ids.

use std::{borrow::Cow, collections::HashMap};

/// Who and what ids stand for, by their digits.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Members.
    pub users: HashMap<String, String>,
    /// Roles.
    pub roles: HashMap<String, String>,
    /// Channels.
    pub channels: HashMap<String, String>,
}

impl Names {
    /// Replaces `<@1>`, `<@!1>`, `<@&1>`, `<#1>` and `<:name:1>` by what they show in Discord
    /// (<https://docs.discord.com/developers/reference#message-formatting>); who is unknown is `@User 1` and the like.
    #[must_use]
    pub fn written_out<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if !text.contains('<') {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('<') {
            out.push_str(before);
            match after
                .split_once('>')
                .and_then(|(inner, tail)| Some((self.one(inner)?, tail)))
            {
                Some((name, tail)) => {
                    out.push_str(&name);
                    rest = tail;
                }
                None => {
                    out.push('<');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        Cow::Owned(out)
    }

    fn one(&self, inner: &str) -> Option<String> {
        let (sign, names, unknown, digits) = if let Some(digits) = inner.strip_prefix("@&") {
            ('@', &self.roles, "Role", digits)
        } else if let Some(digits) = inner.strip_prefix("@!").or_else(|| inner.strip_prefix('@')) {
            ('@', &self.users, "User", digits)
        } else if let Some(digits) = inner.strip_prefix('#') {
            ('#', &self.channels, "Channel", digits)
        } else {
            return emoji(inner);
        };
        are_digits(digits).then(|| match names.get(digits) {
            Some(name) => format!("{sign}{name}"),
            None => format!("{sign}{unknown} {digits}"),
        })
    }
}

/// `:name:` of `:name:1` or `a:name:1`.
fn emoji(inner: &str) -> Option<String> {
    let (name, digits) = inner
        .strip_prefix("a:")
        .or_else(|| inner.strip_prefix(':'))?
        .split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (is_name && are_digits(digits)).then(|| format!(":{name}:"))
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_become_names_and_other_brackets_stay() {
        let one = |name: &str| HashMap::from([("5".to_owned(), name.to_owned())]);
        let names = Names {
            users: one("Moss"),
            roles: one("Team"),
            channels: one("general"),
        };
        for (written, read) in [
            ("<@5> <@!5> <@6>", "@Moss @Moss @User 6"),
            ("<@&5> <@&6> <#5> <#6>", "@Team @Role 6 #general #Channel 6"),
            ("<:wave:9> <a:dance_2:9>", ":wave: :dance_2:"),
            ("<@x> <b>1 < 2</b> <<@5>> <@", "<@x> <b>1 < 2</b> <@Moss> <@"),
            ("nothing here", "nothing here"),
        ] {
            assert_eq!(names.written_out(written), read);
        }
    }
}
