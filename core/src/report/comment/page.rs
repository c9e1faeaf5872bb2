use super::super::words::counted;

/// A text that grows up to a limit, in UTF-16 units.
#[derive(Debug)]
pub(super) struct Page {
    out: String,
    /// What is left for whoever asks.
    room: usize,
}

/// Where everything is of which a part was left out: the one report that is never cut.
pub(super) const WHERE: &str = "see comparison.json of the report";

/// What is said where something was left out, at most.
const NOTICE: usize = 100;

impl Page {
    pub(super) fn new(limit: usize) -> Self {
        Self { out: String::new(), room: limit }
    }

    /// What is left.
    pub(super) fn room(&self) -> usize {
        self.room
    }

    /// Keeps room for a text that comes later.
    pub(super) fn reserve(&mut self, text: &str) {
        self.room = self.room.saturating_sub(units(text));
    }

    /// Adds a text for which room was kept.
    pub(super) fn push_reserved(&mut self, text: &str) {
        self.out += text;
    }

    /// Adds a text if there is room for it.
    pub(super) fn push(&mut self, text: &str) {
        let needed = units(text);
        if needed <= self.room {
            self.room -= needed;
            self.out += text;
        }
    }

    /// Adds whole lines while they take no more than a `share`-th of the room; how many were left out.
    /// Lines that come after are not even made.
    pub(super) fn take(
        &mut self,
        mut lines: impl ExactSizeIterator<Item = String>,
        share: usize,
    ) -> usize {
        let mut own = self.room.saturating_sub(NOTICE) / share;
        while let Some(line) = lines.next() {
            let needed = units(&line);
            if needed > own {
                return lines.len() + 1;
            }
            own -= needed;
            self.room -= needed;
            self.out += &line;
        }
        0
    }

    /// As [`Self::take`], and says how many were left out.
    pub(super) fn lines(
        &mut self,
        lines: impl ExactSizeIterator<Item = String>,
        share: usize,
        notice: impl FnOnce(usize) -> String,
    ) {
        match self.take(lines, share) {
            0 => {}
            left => self.push(&notice(left)),
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }
}

/// The length of a text in UTF-16 units, which no way of counting characters exceeds.
pub(super) fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// `1 more row`, `4,112 more rows`.
pub(super) fn more_rows(count: usize) -> String {
    let text = counted(count, "more row");
    let digits = count.to_string();
    let grouped: Vec<&str> = {
        let first = digits.len() % 3;
        let (start, rest) = digits.split_at(first);
        let threes = (0..rest.len() / 3).filter_map(|i| rest.get(i * 3..i * 3 + 3));
        std::iter::once(start).filter(|start| !start.is_empty()).chain(threes).collect()
    };
    text.replacen(&digits, &grouped.join(","), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        assert_eq!(more_rows(1), "1 more row");
        assert_eq!(more_rows(999), "999 more rows");
        assert_eq!(more_rows(4112), "4,112 more rows");
        assert_eq!(more_rows(1_000_000), "1,000,000 more rows");
    }

    #[test]
    fn only_whole_lines_are_taken() {
        let mut page = Page::new(NOTICE + 20);
        page.reserve("12345");
        let lines = ["aaaaa\n", "bbbbb\n", "ccccc\n"].map(str::to_owned);
        page.lines(lines.into_iter(), 1, |left| format!("{left} more\n"));
        page.push_reserved("12345");
        assert_eq!(page.finish(), "aaaaa\nbbbbb\n1 more\n12345");
        assert_eq!(units("a😀"), 3);
    }
}
