//! Small tools for text that goes into messages.

/// Cuts a text to at most `max` characters, the last one an ellipsis if something was cut.
#[must_use]
pub fn fit(text: &str, max: usize) -> String {
    if text.len() <= max || text.chars().count() <= max {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(max.saturating_sub(1)).collect();
    if max > 0 {
        short.push('…');
    }
    short
}

pub use hazebot_core::texts::escape;

/// Text inside a code block: a fence in it can't end the block.
#[must_use]
pub fn code_block(text: &str) -> String {
    format!("```\n{}\n```", text.replace("```", "`\u{200b}`\u{200b}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_ends_in_an_ellipsis() {
        assert_eq!(fit("Ticket", 6), "Ticket");
        assert_eq!(fit("Tickets", 6), "Ticke…");
        assert_eq!(fit("äöüäöü", 3), "äö…");
        assert_eq!(fit("abc", 0), "");
    }

    #[test]
    fn a_fence_does_not_end_a_code_block() {
        let block = code_block("a```b");
        assert_eq!(block.matches("```").count(), 2);
    }
}
