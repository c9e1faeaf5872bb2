//! What the reports have in common: the same facts in the same words, whatever they are written to.
//! Nothing here is escaped but units.

use std::collections::BTreeMap;

use crate::compare::{AcceptanceState, CommonShift, Comparison, Counts, Figures, Row, Verdict};
use crate::model::Unit;
use crate::text::{self, share};

/// A row's value with its unit, or a dash where there is none.
pub(super) fn value(value: Option<f64>, unit: &str) -> String {
    value.map_or_else(dash, |v| text::quantity(v, &Unit::parse(unit).0))
}

pub(super) fn dash() -> String {
    "–".to_owned()
}

pub(super) fn change(change: Option<f64>) -> String {
    change.map_or_else(dash, text::percent)
}

pub(super) fn interval(interval: Option<[f64; 2]>) -> String {
    interval.map_or_else(dash, |[lower, upper]| text::percent_interval(lower, upper))
}

/// From where to where, and by how much as far as that is known: `1.20 µs → 1.80 µs (+50.0 % …)`.
pub(super) fn moved(row: &Row) -> String {
    let levels =
        format!("{} → {}", value(row.baseline, &row.unit), value(row.candidate, &row.unit));
    let by = row.interval.map(|shown| format!(" {}", interval(Some(shown)))).unwrap_or_default();
    match row.change {
        Some(change) => format!("{levels} ({}{by})", text::percent(change)),
        None => levels,
    }
}

/// A change without its sign: `12.3 %`.
pub(super) fn size(change: f64) -> String {
    text::percent(change.abs()).trim_start_matches('+').to_owned()
}

/// A noise floor: `±2.1 %`.
pub(super) fn noise(row: &Row) -> String {
    row.noise_floor.map_or_else(dash, |floor| format!("±{}", size(floor)))
}

/// `memory/add_message`, with the metric behind it unless it is the wall time.
pub(super) fn name(id: &str, metric: &str) -> String {
    if metric == "wall_time" { id.to_owned() } else { format!("{id} ({metric})") }
}

/// How often each side was measured: `5×3 → 3` is five runs of three rounds, then one run of three;
/// `14 in 5` are runs that do not all have as many.
pub(super) fn rounds(row: &Row) -> String {
    let side = |figures: &Option<Figures>| match figures {
        None => dash(),
        Some(f) if f.runs <= 1 => f.rounds.to_string(),
        Some(f) if f.rounds.is_multiple_of(f.runs) => format!("{}×{}", f.runs, f.rounds / f.runs),
        Some(f) => format!("{} in {}", f.rounds, f.runs),
    };
    format!("{} → {}", side(&row.baseline_figures), side(&row.candidate_figures))
}

/// The change against the accepted level; with the verdict's sign where it is not unchanged.
pub(super) fn drift(row: &Row) -> String {
    row.drift.as_ref().map_or_else(dash, |drift| match drift.verdict {
        Verdict::Regressed | Verdict::Improved => {
            format!("{} {}", drift.verdict.glyph(), text::percent(drift.change))
        }
        _ => text::percent(drift.change),
    })
}

/// Whether a row asks for attention: not all is as it was, or nobody knows.
pub(super) fn is_notable(row: &Row) -> bool {
    row.verdict != Verdict::Unchanged || row.is_tail_slower() || row.is_drifted()
}

/// The verdict, and what is to be said beside it: `unchanged, tail slower`, `regressed, accepted`.
pub(super) fn verdict(row: &Row) -> String {
    let acceptance = row.acceptance.as_ref().map_or("", |acceptance| match acceptance.state {
        AcceptanceState::Accepted => ", accepted",
        AcceptanceState::Exceeded => ", more than accepted",
        AcceptanceState::Expired => ", acceptance expired",
    });
    let tail = if row.is_tail_slower() { ", tail slower" } else { "" };
    let drift = if row.is_drifted() { ", drifted" } else { "" };
    format!("{}{tail}{drift}{acceptance}", row.verdict.word())
}

/// `1 benchmark`, `3 benchmarks`.
pub(super) fn benchmarks(count: usize) -> String {
    counted(count, "benchmark")
}

/// `1 run`, `3 runs`.
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// All counts in one line: `48 compared: 1 regressed, …`.
pub(super) fn counts(counts: &Counts) -> String {
    let mut out = format!(
        "{} compared: {} regressed, {} improved, {} unchanged, {} inconclusive",
        counts.compared, counts.regressed, counts.improved, counts.unchanged, counts.inconclusive,
    );
    for (count, what) in [
        (counts.accepted, "accepted"),
        (counts.tail_slower, "tail slower"),
        (counts.drifted, "drifted"),
    ] {
        if count > 0 {
            out += &format!(", {count} {what}");
        }
    }
    out + &format!("; {} new, {} gone, {} skipped", counts.new, counts.gone, counts.skipped)
}

/// Whether every benchmark is on both sides, and unchanged in every respect.
pub(super) fn unchanged_alone(counts: &Counts) -> bool {
    counts.unchanged == counts.compared
        && counts.new + counts.gone + counts.skipped + counts.tail_slower + counts.accepted == 0
}

/// What a comparison comes to, in one line: what matters most, and then all else that is not as it was.
pub(super) fn headline(comparison: &Comparison) -> String {
    let counts = &comparison.summary;
    let accepted = |regressed: bool| {
        let own = |row: &&Row| (row.verdict == Verdict::Regressed) == regressed;
        comparison.benchmarks.iter().filter(|row| row.is_accepted()).filter(own).count()
    };
    let exceeded = |row: &&Row| {
        row.acceptance.as_ref().is_some_and(|known| known.state == AcceptanceState::Exceeded)
    };
    let exceeded = comparison.benchmarks.iter().filter(exceeded).count();
    let missing = counts.skipped + counts.gone > 0;
    let mut said = Vec::new();
    let mut also = |count: usize, said_of: &str| {
        if count > 0 {
            said.push(format!("{} {said_of}", benchmarks(count)));
        }
    };
    let drifted = "drifted from the recorded level";
    let lead = match counts {
        c if c.compared == 0 && c.inconclusive > 0 => {
            "⚠️ Nothing was compared: the baseline is of another machine".to_owned()
        }
        c if c.compared == 0 => "⚠️ Nothing was compared".to_owned(),
        c if c.regressed > 0 => {
            also(c.drifted, drifted);
            format!("▲ {} regressed", benchmarks(c.regressed))
        }
        c if c.drifted > 0 => format!("▲ {} {drifted}", benchmarks(c.drifted)),
        c if c.inconclusive == c.compared => {
            let all = if c.compared == 1 { "the only result" } else { "every result" };
            format!("⚠️ Nothing can be told: {all} is inconclusive")
        }
        c if c.improved > 0 && c.tail_slower + c.inconclusive == 0 => {
            format!("▼ {} improved, and none regressed", benchmarks(c.improved))
        }
        c if c.tail_slower + c.inconclusive > 0 => "No regression found".to_owned(),
        _ if missing => "⚠️ No regression found".to_owned(),
        _ => "No regression".to_owned(),
    };
    if counts.compared == 0 {
        return lead;
    }
    also(exceeded, "worse than what was accepted");
    also(accepted(true), "worse, as accepted");
    also(accepted(false), "at a level that was accepted");
    also(counts.tail_slower, "with a slower tail");
    if counts.inconclusive < counts.compared {
        also(counts.inconclusive, "inconclusive");
    }
    if !lead.starts_with('▼') {
        also(counts.improved, "improved");
    }
    also(counts.skipped, "skipped");
    also(counts.gone, "gone");
    also(counts.new, "new");
    std::iter::once(lead).chain(said).collect::<Vec<_>>().join("; ")
}

/// What the suite has in common, as a question and what was made of it.
pub(super) fn common_shift(shift: &CommonShift) -> (String, &'static str) {
    let direction = if shift.worse > 0.0 { "worse" } else { "better" };
    let whole = if shift.moved == shift.of { "The whole suite" } else { "Most of the suite" };
    let question = format!(
        "{whole} got {} {direction} ({} of {} benchmarks): is it the machine or the code?",
        size(shift.worse),
        shift.moved,
        shift.of
    );
    let made_of_it = if shift.corrected {
        "It was taken off every change before judging, which hides a change of everything."
    } else {
        "It was not taken off: every benchmark is judged as it is."
    };
    (question, made_of_it)
}

/// How many benchmarks were tested, which is what the false-discovery rate is controlled over.
pub(super) fn tests(comparison: &Comparison) -> usize {
    comparison.benchmarks.iter().filter(|row| row.q_value.is_some()).count()
}

/// What decided, in sentences.
pub(super) fn how_decided(comparison: &Comparison) -> String {
    let mut statistics = BTreeMap::<&str, usize>::new();
    for statistic in comparison.benchmarks.iter().filter_map(|row| row.statistic) {
        *statistics.entry(statistic.word()).or_default() += 1;
    }
    let each: Vec<String> =
        statistics.iter().map(|(word, count)| format!("{word} ({count})")).collect();
    let compared = match statistics.keys().collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        [word] => format!("Compared is the {word} of each round. "),
        _ => format!("Compared is of each round: {}. ", each.join(", ")),
    };
    let policy = &comparison.policy;
    let over = match tests(comparison) {
        0 => String::new(),
        tests => format!(" over {}", benchmarks(tests)),
    };
    format!(
        "{compared}A change counts when it exceeds the threshold ({} unless configured) and noise \
         explains it too rarely (false-discovery rate {}{over}). Intervals are prediction \
         intervals of {}; the noise floor is one standard deviation between runs of unchanged code.",
        share(policy.threshold),
        share(policy.fdr),
        share(policy.confidence),
    )
}
