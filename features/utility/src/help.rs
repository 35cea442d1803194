//! The pages of the help: which commands stand on which page and how a line looks. Pure; nothing here knows Discord.

/// Characters of one page's text: below Discord's 4096 of an embed's description, with room for the introduction.
pub const PAGE_CHARACTERS: usize = 3_400;

/// Commands of one page: as many as the menu below it can hold.
pub const PAGE_TOPICS: usize = 25;

/// Suggestions of an autocompletion (Discord's limit).
pub const SUGGESTIONS: usize = 25;

/// Likeness from which a mistyped name draws a suggestion, 0 to 1.
const LIKENESS: f64 = 0.6;

/// A value that a command takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Whether it must be given.
    pub required: bool,
    /// What it is, in the reader's language.
    pub description: String,
}

/// A command as the help shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// Its other names.
    pub aliases: Vec<String>,
    /// Whether it is there as a slash command.
    pub slash: bool,
    /// The prefix, if it is there as a prefix command.
    pub prefix: Option<String>,
    /// What it takes.
    pub parameters: Vec<Parameter>,
    /// One line about it, in the reader's language.
    pub description: String,
    /// The heading that it stands under, in the reader's language.
    pub heading: String,
}

impl Topic {
    /// `<user> [reason]`, with a space before; empty without parameters.
    #[must_use]
    pub fn signature(&self) -> String {
        let mut signature = String::new();
        for parameter in &self.parameters {
            let (open, close) = if parameter.required {
                ('<', '>')
            } else {
                ('[', ']')
            };
            signature.push_str(&format!(" {open}{}{close}", parameter.name));
        }
        signature
    }

    /// How it is called, each form: `/ticket [type]`, `!ticket [type]`.
    #[must_use]
    pub fn forms(&self) -> Vec<String> {
        let signature = self.signature();
        let slash = self.slash.then(|| format!("/{}{signature}", self.name));
        let prefix = self
            .prefix
            .as_ref()
            .map(|prefix| format!("{prefix}{}{signature}", self.name));
        slash.into_iter().chain(prefix).collect()
    }

    /// Its lines on a page.
    #[must_use]
    pub fn entry(&self) -> String {
        let prefix = self
            .prefix
            .as_ref()
            .map(|prefix| format!("`{prefix}` "))
            .unwrap_or_default();
        let slash = if self.slash { "`/` " } else { "" };
        let signature = self.signature();
        let signature = if signature.is_empty() {
            signature
        } else {
            format!(" `{}`", signature.trim_start())
        };
        format!(
            "{prefix}{slash}**{}**{signature}\n{}\n",
            self.name, self.description
        )
    }

    /// Whether it answers to a name.
    #[must_use]
    pub fn answers_to(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
            || self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    }
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Headings and lines.
    pub text: String,
    /// Names and descriptions of the commands on it.
    pub commands: Vec<(String, String)>,
}

/// The pages of a list of commands, which is sorted by heading. A heading is repeated on the next page.
#[must_use]
pub fn pages(topics: &[Topic]) -> Vec<Page> {
    let mut pages = vec![Page::default()];
    let mut room = PAGE_CHARACTERS;
    let mut heading = None;
    for topic in topics {
        let entry = topic.entry();
        let head = format!("### {}\n", topic.heading);
        let needed = entry.chars().count() + head.chars().count();
        let full = pages
            .last()
            .is_some_and(|page| page.commands.len() >= PAGE_TOPICS);
        if (needed > room || full) && pages.last().is_some_and(|page| !page.commands.is_empty()) {
            pages.push(Page::default());
            room = PAGE_CHARACTERS;
            heading = None;
        }
        let Some(page) = pages.last_mut() else { continue };
        if heading != Some(&topic.heading) {
            page.text.push_str(&head);
            heading = Some(&topic.heading);
        }
        page.text.push_str(&entry);
        page.commands
            .push((topic.name.clone(), topic.description.clone()));
        room = room.saturating_sub(needed);
    }
    pages
}

/// The command that a person means: by name or alias, with or without prefix or slash, in any case.
#[must_use]
pub fn find<'a>(topics: &'a [Topic], asked: &str) -> Option<&'a Topic> {
    let name = bare(asked);
    topics
        .iter()
        .find(|topic| topic.name.eq_ignore_ascii_case(name))
        .or_else(|| topics.iter().find(|topic| topic.answers_to(name)))
}

/// The command that a mistyped name resembles most.
#[must_use]
pub fn similar<'a>(topics: &'a [Topic], asked: &str) -> Option<&'a Topic> {
    let name = bare(asked).to_lowercase();
    let like = |topic: &Topic| {
        let names = std::iter::once(&topic.name).chain(&topic.aliases);
        names
            .map(|candidate| strsim::normalized_damerau_levenshtein(candidate, &name))
            .fold(0.0, f64::max)
    };
    topics
        .iter()
        .map(|topic| (like(topic), topic))
        .filter(|(like, _)| *like >= LIKENESS)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, topic)| topic)
}

/// Names that begin with what was typed, then those that hold it.
#[must_use]
pub fn complete<'a>(topics: &'a [Topic], typed: &str) -> Vec<&'a str> {
    let typed = bare(typed).to_lowercase();
    let begins = topics.iter().filter(|topic| topic.name.starts_with(&typed));
    let holds = topics
        .iter()
        .filter(|topic| !topic.name.starts_with(&typed) && topic.name.contains(&typed));
    begins
        .chain(holds)
        .map(|topic| topic.name.as_str())
        .take(SUGGESTIONS)
        .collect()
}

fn bare(asked: &str) -> &str {
    asked.trim().trim_start_matches(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    fn topic(name: &str, heading: &str) -> Topic {
        Topic {
            name: name.to_owned(),
            aliases: Vec::new(),
            slash: true,
            prefix: Some("!".to_owned()),
            parameters: Vec::new(),
            description: format!("About {name}"),
            heading: heading.to_owned(),
        }
    }

    fn parameter(name: &str, required: bool) -> Parameter {
        Parameter {
            name: name.to_owned(),
            required,
            description: String::new(),
        }
    }

    #[test]
    fn needed_and_optional_parameters_are_told_apart() {
        let mut mute = topic("mute", "Moderation");
        mute.parameters = vec![parameter("user", true), parameter("reason", false)];
        assert_eq!(mute.forms(), ["/mute <user> [reason]", "!mute <user> [reason]"]);
        assert_eq!(mute.entry(), "`!` `/` **mute** `<user> [reason]`\nAbout mute\n");
    }

    #[test]
    fn a_command_without_parameters_has_no_empty_code() {
        let mut status = topic("status", "General");
        assert_eq!(status.entry(), "`!` `/` **status**\nAbout status\n");
        status.slash = false;
        assert_eq!(status.entry(), "`!` **status**\nAbout status\n");
        status.slash = true;
        status.prefix = None;
        assert_eq!(status.entry(), "`/` **status**\nAbout status\n");
    }

    #[test]
    fn each_command_is_on_one_page_and_each_page_within_the_limits() {
        let mut topics: Vec<Topic> = (0..90)
            .map(|n| topic(&format!("command{n}"), ["General", "Games", "Memes"][n / 30]))
            .collect();
        topics[7].description = "long ".repeat(600);
        let pages = pages(&topics);
        let names: Vec<&str> = pages
            .iter()
            .flat_map(|page| &page.commands)
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(
            names,
            topics.iter().map(|topic| topic.name.as_str()).collect::<Vec<_>>()
        );
        for page in &pages {
            assert!((1..=PAGE_TOPICS).contains(&page.commands.len()));
            assert!(
                page.text.chars().count() <= PAGE_CHARACTERS,
                "{}",
                page.text.chars().count()
            );
            assert!(page.text.starts_with("### "));
        }
    }

    #[test]
    fn commands_of_one_category_stand_under_one_heading() {
        let pages = pages(&[topic("a", "General"), topic("b", "General"), topic("c", "Games")]);
        assert_eq!(pages.len(), 1);
        assert_eq!(pages[0].text.matches("### General").count(), 1);
        assert_eq!(pages[0].text.matches("###").count(), 2);
    }

    #[test]
    fn no_command_makes_one_empty_page() {
        assert_eq!(pages(&[]), [Page::default()]);
    }

    #[test]
    fn a_command_is_found_by_any_of_its_names() {
        let mut logs = topic("logs", "Core");
        logs.aliases = vec!["viewlogs".to_owned()];
        let topics = [topic("load", "Core"), logs];
        for asked in ["logs", "/logs", "!viewlogs", " LOGS "] {
            assert_eq!(find(&topics, asked).unwrap().name, "logs", "{asked}");
        }
        assert_eq!(find(&topics, "log"), None);
        assert_eq!(find(&topics, ""), None);
    }

    #[test]
    fn a_mistype_draws_the_nearest_command_and_nonsense_none() {
        let topics = [
            topic("help", "General"),
            topic("ticket", "Support"),
            topic("status", "General"),
        ];
        assert_eq!(similar(&topics, "tikcet").unwrap().name, "ticket");
        assert_eq!(similar(&topics, "hepl").unwrap().name, "help");
        assert_eq!(similar(&topics, "xyzzy"), None);
    }

    #[test]
    fn completion_offers_beginnings_first_and_never_more_than_discord_takes() {
        let topics = [
            topic("unload", "Core"),
            topic("load", "Core"),
            topic("status", "General"),
        ];
        assert_eq!(complete(&topics, "lo"), ["load", "unload"]);
        let many: Vec<Topic> = (0..60).map(|n| topic(&format!("c{n}"), "x")).collect();
        assert_eq!(complete(&many, "").len(), SUGGESTIONS);
    }
}
