//! What is said beside a verdict, in words.

use super::launches::Trend;
use super::row::Drift;
use super::tail::Tail;
use super::verdict::ratio;
use crate::model::{Direction, Unit};
use crate::text::{percent, percent_interval, quantity, share};

/// What is said of a slow end that is slower, or looks so.
pub(super) fn tail_reason(tail: &Tail, rounds: usize) -> String {
    let longer = unsigned(tail.change);
    if tail.slower {
        return format!(
            "tail slower: the slowest tenth of the values takes {longer} longer, in every round"
        );
    }
    let cannot = match rounds {
        1 => "one launch cannot show it".to_owned(),
        n => format!("{n} launches against so few cannot show it"),
    };
    format!("the slowest tenth of the values took {longer} longer; {cannot}")
}

/// What is said of a benchmark that is worse than the level that was accepted of it, in `unit`.
pub(super) fn drift_reason(drift: &Drift, unit: &Unit, confidence: f64) -> String {
    let [lower, upper] = drift.interval;
    let against = format!(
        "drifted: {} against the accepted level of {}",
        percent(drift.change),
        quantity(drift.accepted, unit)
    );
    if lower.to_bits() == upper.to_bits() {
        return against;
    }
    let interval = percent_interval(lower, upper);
    format!("{against}, and the {} interval is {interval}", share(confidence))
}

/// What is said where the earlier runs follow a line.
pub(super) fn trend_reason(trend: Trend, better: Direction) -> String {
    let change = ratio(trend.per_run, better) - 1.0;
    let way = if change >= 0.0 { "rises" } else { "falls" };
    format!(
        "its level {way} by {} from run to run over the last {} runs, which is no noise: it is held \
         against where that has led",
        unsigned(change.abs()),
        trend.runs
    )
}

/// What is said where no drift is judged although a level was accepted.
pub(super) const OTHER_DIRECTION: &str = "no drift is judged: the level was accepted with the other direction \
     being the better one; `driftline baseline save` accepts the present one";

/// A probability for people: `about 1 in 300 cases`, `12 % of cases`.
pub(super) fn chance(p: f64) -> String {
    if p >= 0.01 {
        return format!("{} of cases", share(round_to_tenth(p)));
    }
    if p < 1e-6 {
        return "fewer than 1 in a million cases".to_owned();
    }
    let digits = libm::floor(-libm::log10(p)).max(0.0);
    let unit = libm::pow(10.0, digits);
    let cases = grouped(((1.0 / p / unit).round() * unit).round().to_string());
    format!("about 1 in {cases} cases")
}

/// A whole number's digits with a comma before every three from the right.
fn grouped(digits: String) -> String {
    match digits.split_at_checked(digits.len().saturating_sub(3)) {
        Some((thousands, rest)) if !thousands.is_empty() => {
            format!("{},{rest}", grouped(thousands.to_owned()))
        }
        _ => digits,
    }
}

/// The size of a change for the worse.
pub(super) fn unsigned(change: f64) -> String {
    percent(change).trim_start_matches('+').to_owned()
}

/// `1 launch`, `3 launches`.
pub(super) fn counted(count: usize, what: &str) -> String {
    let plural = match (count, what.ends_with("ch")) {
        (1, _) => "",
        (_, true) => "es",
        _ => "s",
    };
    format!("{count} {what}{plural}")
}

/// `100 to 130`.
pub(super) fn range([least, most]: [f64; 2]) -> String {
    format!("{least} to {most}")
}

/// A ratio rounded to a tenth of a per cent.
pub(super) fn round_to_tenth(ratio: f64) -> f64 {
    (ratio * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chance_is_told_in_round_numbers_with_their_thousands_apart() {
        for (p, told) in [
            (0.123_4, "12.3 % of cases"),
            (0.003_3, "about 1 in 300 cases"),
            (0.000_52, "about 1 in 2,000 cases"),
            (1.0 / 600_000.0, "about 1 in 600,000 cases"),
            (1e-6, "about 1 in 1,000,000 cases"),
            (1e-7, "fewer than 1 in a million cases"),
        ] {
            assert_eq!(chance(p), told);
        }
    }
}
