//! [`Comparison`], runs and histories → text for people and for
//! programs: pure strings out, everything from outside escaped for where it goes.

mod changes;
mod csv;
mod document;
mod markdown;
mod plot;
mod series;
mod terminal;

pub use changes::{changes_csv, changes_json, changes_markdown, changes_table, series_chart};
pub use csv::comparison_csv;
pub use document::{baseline_document, measurement_markdown};
pub use markdown::comparison_markdown;
pub use series::{history_csv, history_table};
pub use terminal::{baseline_list, comparison_table, measurement_table};

use crate::compare::{Comparison, Counts};
use crate::model::Unit;
use crate::text;

/// A comparison as indented JSON, as the schema `comparison` describes it.
pub fn comparison_json(comparison: &Comparison) -> String {
    // Nothing in a comparison can fail to serialise: its keys are texts, its numbers finite.
    serde_json::to_string_pretty(comparison).unwrap_or_default() + "\n"
}

/// A row's value with its unit, or a dash where there is none.
fn value(value: Option<f64>, unit: &str) -> String {
    value.map_or_else(|| "–".to_owned(), |v| text::quantity(v, &Unit::parse(unit).0))
}

fn change(change: Option<f64>) -> String {
    change.map_or_else(|| "–".to_owned(), text::percent)
}

fn interval(interval: Option<[f64; 2]>) -> String {
    interval.map_or_else(|| "–".to_owned(), |[lower, upper]| text::percent_interval(lower, upper))
}

/// `memory/add_message`, with the metric behind it unless it is the wall time.
fn name(id: &str, metric: &str) -> String {
    if metric == "wall_time" { id.to_owned() } else { format!("{id} ({metric})") }
}

/// All counts in one line: `48 compared: 1 regressed, …`.
fn counts(counts: &Counts) -> String {
    format!(
        "{} compared: {} regressed, {} improved, {} unchanged, {} inconclusive; {} new, {} gone, {} skipped",
        counts.compared,
        counts.regressed,
        counts.improved,
        counts.unchanged,
        counts.inconclusive,
        counts.new,
        counts.gone,
        counts.skipped
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Policy, Side, compare};
    use crate::model::{
        Baseline, BaselineName, BenchmarkId, Commit, History, Iterations, Machine, Measurement,
        Run, RunId, Sample, Skipped,
    };

    /// A run in which every name that could do harm stands.
    fn run(id: &str, cores: u64, centres: &[(&str, f64)]) -> Run {
        let measurements = centres
            .iter()
            .map(|(name, centre)| {
                let values = (0..20).map(|i| centre * (1.0 + f64::from(i % 3) / 100.0)).collect();
                let sample = Sample::new(values, Iterations::Every(1)).unwrap();
                Measurement::wall_time(BenchmarkId::new(*name).unwrap(), sample).unwrap()
            })
            .collect();
        let mut run = Run::new(RunId::new(id).unwrap(), measurements);
        run.machine = Some(Machine { cores: Some(cores), ..Machine::default() });
        run.commit = Some(Commit {
            id: "0123456789abcdef".into(),
            subject: Some("<script>alert(1)</script>".into()),
            ..Commit::default()
        });
        run
    }

    fn comparison() -> Comparison {
        let before = run("r1", 2, &[("same", 50.0), ("slow/[x](y)|z", 1200.0), ("gone", 1.0)]);
        let mut after =
            run("r2", 4, &[("same", 50.0), ("slow/[x](y)|z", 1800.0), ("=new\u{1b}[2J", 2e6)]);
        after.skipped.push(Skipped { name: "@all".into(), reason: "it\npanicked".into() });
        let (before, after) = (Side::of_run("main", &before), Side::of_run("r2", &after));
        compare(&before, &after, &Policy::default())
    }

    /// What a person sees on a terminal without colours.
    fn plain(text: &str) -> String {
        let mut out = String::new();
        let mut inside = false;
        for c in text.chars() {
            match (c, inside) {
                ('\u{1b}', _) => inside = true,
                ('m', true) => inside = false,
                (_, true) => {}
                (c, false) => out.push(c),
            }
        }
        out
    }

    #[test]
    fn on_a_terminal() {
        insta::assert_snapshot!(plain(&comparison_table(&comparison(), Some(100))));
        let narrow = plain(&comparison_table(&comparison(), Some(60)));
        let table: Vec<&str> = narrow.lines().take_while(|line| !line.is_empty()).collect();
        assert!(table.iter().all(|line| line.chars().count() <= 60), "{table:#?}");
    }

    #[test]
    fn as_markdown() {
        insta::assert_snapshot!(comparison_markdown(&comparison()));
    }

    #[test]
    fn as_csv() {
        insta::assert_snapshot!(comparison_csv(&comparison()));
    }

    #[test]
    fn nothing_compared_is_loud() {
        let (one, other) = (run("r1", 2, &[("a", 1.0)]), run("r2", 2, &[("b", 1.0)]));
        let nothing =
            compare(&Side::of_run("m", &one), &Side::of_run("c", &other), &Policy::default());
        assert!(comparison_markdown(&nothing).starts_with("### ⚠️ Nothing was compared\n"));
    }

    #[test]
    fn measurements_of_a_run() {
        insta::assert_snapshot!(plain(&measurement_table(
            &run("r", 2, &[("a", 1.0), ("b", 2e9)]),
            None
        )));
    }

    #[test]
    fn series_of_a_history() {
        let history = History::new(vec![
            run("r1", 2, &[("a", 100.0), ("b", 5.0)]),
            run("r2", 2, &[("a", 101.0)]),
            run("r3", 4, &[("a", 150.0), ("b", 5.0)]),
        ]);
        let all = |_: &BenchmarkId| true;
        insta::assert_snapshot!(plain(&history_table(&history, &all, Some(100))));
        let csv = history_csv(&history, &|id: &BenchmarkId| id.as_str() == "b");
        assert_eq!(csv.lines().count(), 3, "{csv}");
        let empty = history_table(&History::default(), &all, None);
        assert_eq!(plain(&empty).lines().count(), 1);
    }

    #[test]
    fn baselines_as_a_document() {
        let baseline = Baseline {
            name: BaselineName::new("main").unwrap(),
            saved: Some("2026-11-23T11:00:00Z".parse().unwrap()),
            run: run("r1", 2, &[("a|b", 100.0)]),
        };
        let list = plain(&baseline_list(std::slice::from_ref(&baseline), None));
        assert!(
            list.lines().nth(1).unwrap().starts_with("main      2026-11-23T11:00:00Z"),
            "{list}"
        );
        insta::assert_snapshot!(baseline_document(&[baseline]));
        assert!(baseline_document(&[]).contains("There is none"));
    }
}
