//! Pages of select menus: Discord takes 25 options in one menu, HazeBot may have more cogs than that.

/// Options of one select menu (Discord's documentation, "Select Menus").
pub const OPTIONS: usize = 25;

/// One page of a list.
#[derive(Debug, PartialEq, Eq)]
pub struct Page<'a, T> {
    /// What is on it.
    pub items: &'a [T],
    /// Its number, from 0.
    pub index: usize,
    /// How many pages there are; at least one.
    pub count: usize,
}

impl<T> Page<'_, T> {
    /// The page before, if there is one.
    #[must_use]
    pub fn previous(&self) -> Option<usize> {
        self.index.checked_sub(1)
    }

    /// The page after, if there is one.
    #[must_use]
    pub fn next(&self) -> Option<usize> {
        Some(self.index + 1).filter(|&next| next < self.count)
    }
}

/// The page with the number `index`, or the last one if the list has become shorter.
#[must_use]
pub fn page<T>(items: &[T], index: usize, size: usize) -> Page<'_, T> {
    let size = size.max(1);
    let count = items.len().div_ceil(size).max(1);
    let index = index.min(count - 1);
    Page {
        items: items.chunks(size).nth(index).unwrap_or_default(),
        index,
        count,
    }
}

/// Lines put together into texts of at most `limit` characters each; a longer line is cut.
#[must_use]
pub fn chunks(lines: &[String], limit: usize) -> Vec<String> {
    let mut chunks: Vec<String> = Vec::new();
    let mut length = 0;
    for line in lines {
        let line = hazebot_discord::message::text::fit(line, limit);
        let more = line.chars().count() + 1;
        match chunks.last_mut() {
            Some(chunk) if length + more <= limit => {
                chunk.push('\n');
                chunk.push_str(&line);
                length += more;
            }
            _ => {
                length = more - 1;
                chunks.push(line);
            }
        }
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_five_fit_and_twenty_six_need_a_second_page() {
        let cogs: Vec<u32> = (0..26).collect();
        assert_eq!(page(cogs.get(..25).unwrap(), 0, OPTIONS).count, 1);
        let first = page(&cogs, 0, OPTIONS);
        assert_eq!(
            (first.items.len(), first.previous(), first.next()),
            (25, None, Some(1))
        );
        let second = page(&cogs, 1, OPTIONS);
        assert_eq!(
            (second.items, second.previous(), second.next()),
            ([25].as_slice(), Some(0), None)
        );
    }

    #[test]
    fn a_page_that_is_gone_becomes_the_last_one() {
        assert_eq!(page(&[1, 2, 3], 7, 2).items, [3]);
    }

    #[test]
    fn an_empty_list_has_one_empty_page() {
        assert_eq!(
            page::<u8>(&[], 3, 25),
            Page {
                items: &[],
                index: 0,
                count: 1
            }
        );
    }

    #[test]
    fn lines_are_put_together_up_to_the_limit() {
        let lines: Vec<String> = ["aaa", "bbb", "ccc", "a very long line"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(chunks(&lines, 7), ["aaa\nbbb", "ccc", "a very…"]);
        assert_eq!(chunks(&[], 7), Vec::<String>::new());
    }
}
