//! Why each verdict that asks for attention was given, in as few words as a suite of hundreds allows.

use super::words::{benchmarks, is_notable, name, size};
use crate::compare::{Comparison, Row, Verdict};

/// Something to say beside the rows of a comparison; not escaped.
#[derive(Debug)]
pub(super) struct Note<'a> {
    /// The row it is about; the first where it is about several.
    pub(super) row: &'a Row,
    /// The benchmarks' names, or how many they are.
    pub(super) who: String,
    /// What is to be said of them.
    pub(super) text: String,
}

/// Inconclusive ones beyond this are summed up.
const MOST_INCONCLUSIVE: usize = 8;
/// So are others.
const MOST: usize = 20;
/// More benchmarks than this are counted instead of named.
const NAMED: usize = 3;

/// Why each verdict that asks for attention was given, in the order of the rows. Rows of which the
/// same is to be said share a note, and where a suite has many such rows the rest of them do.
/// O(rows log rows).
pub(super) fn notes(comparison: &Comparison) -> Vec<Note<'_>> {
    let mut notes = Vec::new();
    for verdict in
        [Verdict::Regressed, Verdict::Inconclusive, Verdict::Improved, Verdict::Unchanged]
    {
        let of_verdict = |row: &&Row| row.verdict == verdict && is_notable(row);
        let groups = alike(comparison.benchmarks.iter().filter(of_verdict));
        let most = match verdict {
            Verdict::Inconclusive if groups.len() > MOST_INCONCLUSIVE => 0,
            _ => MOST,
        };
        let (told, rest) = groups.split_at_checked(most).unwrap_or((&groups, &[]));
        notes.extend(told.iter().filter_map(|rows| note(rows)));
        let rest: Vec<&Row> = rest.iter().flatten().copied().collect();
        notes.extend(summary(verdict, &rest, told.len()));
    }
    notes
}

/// Rows with the same reasons together, in the order of the first of each.
fn alike<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Vec<&'a Row>> {
    let mut places = std::collections::BTreeMap::<&[String], usize>::new();
    let mut groups: Vec<Vec<&Row>> = Vec::new();
    for row in rows {
        let place = *places.entry(&row.reasons).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}

/// What is to be said of rows that share their reasons.
fn note<'a>(rows: &[&'a Row]) -> Option<Note<'a>> {
    let row = *rows.first()?;
    let who = if rows.len() <= NAMED {
        let names: Vec<String> = rows.iter().map(|row| name(&row.id, &row.metric)).collect();
        names.join(", ")
    } else {
        benchmarks(rows.len())
    };
    Some(Note { row, who, text: row.reasons.join("; ") })
}

/// What is to be said of the rows that get no note of their own.
fn summary<'a>(verdict: Verdict, rows: &[&'a Row], told: usize) -> Option<Note<'a>> {
    let row = *rows.first()?;
    let more = if told > 0 { " more" } else { "" };
    let mut text = String::new();
    let detectable = || rows.iter().filter_map(|row| row.smallest_detectable);
    let (least, most) = (detectable().reduce(f64::min), detectable().reduce(f64::max));
    if let Some((least, most)) = least.zip(most).filter(|_| verdict == Verdict::Inconclusive) {
        let (least, most) = (size(least), size(most));
        let range = if least == most { least } else { format!("{least} to {most}") };
        text = format!(
            "the smallest change for the worse that these data could have shown is {range}; "
        );
    }
    Some(Note {
        row,
        who: format!("{}{more} {}", rows.len(), verdict.word()),
        text: text + "`--explain` says more of each",
    })
}
