use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// On which side of its column a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// What stands above it.
    pub title: &'static str,
    /// Where its cells stand.
    pub align: Align,
    /// How readily it is given up when the table is too wide: the highest goes first, and a column
    /// of 0 is never left out. The first left-aligned column of 0 is the one to be shortened.
    pub sacrifice: u8,
}

/// Lays rows out in aligned columns under their titles, two spaces apart, with no trailing blanks.
///
/// Where the table would be wider than `width`, the first column with `sacrifice` 0 and
/// [`Align::Left`] is shortened in its cells' middles, down to 16 characters; where that is not
/// enough, columns are left out by their `sacrifice`. `style(row)` gives what goes in front of a
/// row and behind it, such as colours, which take no room; row 0 is the title.
pub fn columns(
    columns: &[Column],
    rows: &[Vec<String>],
    width: Option<usize>,
    style: impl Fn(usize) -> (String, String),
) -> String {
    const SHORTEST: usize = 16;
    const GAP: usize = 2;
    let natural: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(i, column)| {
            let cells = rows.iter().filter_map(|row| row.get(i)).map(|cell| cell.width());
            cells.chain([column.title.width()]).max().unwrap_or(0)
        })
        .collect();
    let mut kept: Vec<usize> = (0..columns.len()).collect();
    let flexible = columns.iter().position(|c| c.sacrifice == 0 && c.align == Align::Left);
    let total = |kept: &[usize], flexible_width: Option<usize>| -> usize {
        let widths = kept.iter().map(|&i| match flexible_width {
            Some(short) if Some(i) == flexible => short,
            _ => natural.get(i).copied().unwrap_or(0),
        });
        widths.sum::<usize>() + GAP * kept.len().saturating_sub(1)
    };
    let mut flexible_width = flexible.and_then(|i| natural.get(i).copied());
    if let Some(width) = width {
        let least = flexible_width.map(|w| w.min(SHORTEST));
        while total(&kept, least) > width {
            let sacrificed = kept
                .iter()
                .copied()
                .max_by_key(|&i| columns.get(i).map_or(0, |c| c.sacrifice))
                .filter(|&i| columns.get(i).is_some_and(|c| c.sacrifice > 0));
            let Some(sacrificed) = sacrificed else { break };
            kept.retain(|&i| i != sacrificed);
        }
        let excess = total(&kept, flexible_width).saturating_sub(width);
        flexible_width = flexible_width.map(|w| w.saturating_sub(excess).max(least.unwrap_or(0)));
    }

    let mut out = String::new();
    let title: Vec<String> = columns.iter().map(|c| c.title.to_owned()).collect();
    for (number, row) in std::iter::once(&title).chain(rows).enumerate() {
        let mut line = String::new();
        for (position, &i) in kept.iter().enumerate() {
            let column_width = match flexible_width {
                Some(w) if Some(i) == flexible => w,
                _ => natural.get(i).copied().unwrap_or(0),
            };
            let cell = shortened(row.get(i).map_or("", String::as_str), column_width);
            let padding = " ".repeat(column_width.saturating_sub(cell.width()));
            if position > 0 {
                line.push_str(&" ".repeat(GAP));
            }
            match columns.get(i).map(|c| c.align) {
                Some(Align::Right) => line.extend([padding.as_str(), cell.as_str()]),
                _ => line.extend([cell.as_str(), padding.as_str()]),
            }
        }
        let (before, after) = style(number);
        out.extend([before.as_str(), line.trim_end(), after.as_str(), "\n"]);
    }
    out
}

/// `text` with its middle cut out so that it takes at most `width` columns: in `group/function/1024`
/// both ends tell more than the middle.
fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let (front, back) = (room.div_ceil(2), room / 2);
    let take = |characters: &mut dyn Iterator<Item = char>, room: usize| -> Vec<char> {
        let mut used = 0;
        characters
            .take_while(|c| {
                used += c.width().unwrap_or(0);
                used <= room
            })
            .collect()
    };
    let start = take(&mut text.chars(), front);
    let end = take(&mut text.chars().rev(), back);
    start.into_iter().chain(['…']).chain(end.into_iter().rev()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column { title: "benchmark", align: Align::Left, sacrifice: 0 },
        Column { title: "value", align: Align::Right, sacrifice: 0 },
        Column { title: "note", align: Align::Left, sacrifice: 1 },
    ];

    fn table(width: Option<usize>) -> String {
        let rows = [
            vec!["memory/search_messages_large".into(), "12 µs".into(), "ok".into()],
            vec!["größe/中".into(), "1 ns".into(), String::new()],
        ];
        columns(&COLUMNS, &rows, width, |_| (String::new(), String::new()))
    }

    #[test]
    fn columns_align_by_what_a_terminal_shows() {
        assert_eq!(
            table(None),
            "benchmark                     value  note\n\
             memory/search_messages_large  12 µs  ok\n\
             größe/中                       1 ns\n"
        );
    }

    #[test]
    fn names_are_cut_in_the_middle_and_then_columns_go() {
        assert_eq!(
            table(Some(34)),
            "benchmark              value  note\n\
             memory/sea…ages_large  12 µs  ok\n\
             größe/中                1 ns\n"
        );
        assert_eq!(
            table(Some(24)),
            "benchmark          value\n\
             memory/s…es_large  12 µs\n\
             größe/中            1 ns\n"
        );
        assert_eq!(table(Some(3)).lines().next(), Some("benchmark         value"));
    }
}
