use serde::{Deserialize, Serialize};

use crate::compare::{PolicyUsed, Statistic, Verdict};
use crate::order;

/// What came of replaying the rule over stored runs: machine-readable as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Calibration {
    /// `driftline-calibration/1`.
    pub format: String,
    /// The version of the core that decided.
    pub core: String,
    /// By which policy.
    pub policy: PolicyUsed,
    /// By how many earlier runs at most each run was judged.
    pub window: usize,
    /// How many runs there were.
    pub runs: usize,
    /// How many of them had enough earlier ones to be judged.
    pub replayed: usize,
    /// In how many of the newest runs slowdowns were put.
    pub injected: usize,
    /// The counts over all benchmarks.
    pub totals: CalibrationTotals,
    /// The threshold, as a ratio, that suits the noise of more than half of the benchmarks; none
    /// where none does.
    pub suggested_threshold: Option<f64>,
    /// One row for each metric of each benchmark, in their order.
    pub benchmarks: Vec<CalibrationRow>,
    /// Every alarm of the replay, oldest first.
    pub alarms: Vec<Alarm>,
}

/// How often the rule would have fired, rightly and wrongly, and what it would have found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CalibrationTotals {
    /// How often a benchmark was judged.
    pub comparisons: usize,
    /// How often it came out as inconclusive.
    pub inconclusive: usize,
    /// The same as a share of the comparisons.
    pub inconclusive_share: Option<f64>,
    /// Alarms whose shift lasted.
    pub lasting: usize,
    /// Alarms that no later run confirms or refutes.
    pub undecided: usize,
    /// Alarms whose shift was gone afterwards.
    pub false_alarms: usize,
    /// How many runs had such an alarm.
    pub runs_with_false_alarms: usize,
    /// False alarms per replayed run.
    pub false_alarms_per_run: Option<f64>,
    /// False alarms per hundred judged benchmarks.
    pub false_alarms_per_100: Option<f64>,
    /// What was found of the slowdowns that were put in.
    pub found: Vec<Found>,
}

/// How many slowdowns of one size were found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Found {
    /// By what ratio the benchmark was made slower: 0.2 is 20 %.
    pub slowdown: f64,
    /// In how many runs.
    pub tried: usize,
    /// In how many of those it was called regressed.
    pub found: usize,
}

impl Found {
    /// Found of tried; none where nothing was tried.
    pub fn share(&self) -> Option<f64> {
        (self.tried > 0).then(|| self.found as f64 / self.tried as f64)
    }
}

/// What the history says of one metric of one benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CalibrationRow {
    /// The benchmark.
    pub id: String,
    /// The metric.
    pub metric: String,
    /// The unit of its figures.
    pub unit: String,
    /// Which figure of the launches is compared, where any was.
    pub statistic: Option<Statistic>,
    /// How often it was judged.
    pub comparisons: usize,
    /// How often that was inconclusive.
    pub inconclusive: usize,
    /// Alarms whose shift lasted.
    pub lasting: usize,
    /// Alarms that no later run confirms or refutes.
    pub undecided: usize,
    /// Alarms whose shift was gone afterwards.
    pub false_alarms: usize,
    /// How much runs of unchanged code differ at present: one standard deviation, as a ratio.
    pub noise_floor: Option<f64>,
    /// By what ratio its figure changes from run to run at present, where it drifts: that is no noise.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trend: Option<f64>,
    /// The smallest slowdown, as a ratio, that could be told from noise at present, whatever the
    /// threshold; 0 for counts, which have none.
    pub smallest_detectable: Option<f64>,
    /// The ratio beyond which a change counts as relevant at present.
    pub threshold: f64,
    /// The absolute change that must be exceeded as well.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub absolute_threshold: Option<f64>,
    /// Whether that threshold comes from a rule of its own.
    pub own_threshold: bool,
    /// The smallest usual threshold that exceeds what can be detected and would have given no false
    /// alarm; none where none does.
    pub suggested_threshold: Option<f64>,
    /// What was found of the slowdowns that were put in.
    pub found: Vec<Found>,
}

/// What became of the shift behind an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It was still there in the runs that followed.
    Lasting,
    /// It was gone.
    False,
    /// No run followed.
    Undecided,
}

/// A verdict of regressed or improved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Alarm {
    /// The run in which it showed.
    pub run: String,
    /// The commit that run measured.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub commit: Option<String>,
    /// The benchmark.
    pub id: String,
    /// The metric.
    pub metric: String,
    /// Regressed or improved.
    pub verdict: Verdict,
    /// The unit of the levels.
    pub unit: String,
    /// The level before.
    pub before: Option<f64>,
    /// The level in that run.
    pub after: Option<f64>,
    /// after / before − 1.
    pub change: Option<f64>,
    /// What became of it.
    pub outcome: Outcome,
}

impl Calibration {
    /// What it says about those benchmarks alone. They were judged together with the others, as a
    /// run judges them, and the threshold of the suite is still that of all.
    #[must_use]
    pub fn only(mut self, wanted: impl Fn(&str) -> bool) -> Self {
        self.benchmarks.retain(|row| wanted(&row.id));
        self.alarms.retain(|alarm| wanted(&alarm.id));
        self.summed()
    }

    /// With the totals of its rows and alarms.
    pub(super) fn summed(mut self) -> Self {
        let rows = &self.benchmarks;
        let sum = |figure: fn(&CalibrationRow) -> usize| rows.iter().map(figure).sum::<usize>();
        let share = |part: usize, of: usize| (of > 0).then(|| part as f64 / of as f64);
        let wrong = self.alarms.iter().filter(|alarm| alarm.outcome == Outcome::False);
        let red = order::set_of(wrong.map(|alarm| alarm.run.as_str()));
        let (comparisons, inconclusive) = (sum(|row| row.comparisons), sum(|row| row.inconclusive));
        let false_alarms = sum(|row| row.false_alarms);
        self.totals = CalibrationTotals {
            comparisons,
            inconclusive,
            inconclusive_share: share(inconclusive, comparisons),
            lasting: sum(|row| row.lasting),
            undecided: sum(|row| row.undecided),
            false_alarms,
            runs_with_false_alarms: red.len(),
            false_alarms_per_run: share(false_alarms, self.replayed),
            false_alarms_per_100: share(100 * false_alarms, comparisons),
            found: total_found(rows),
        };
        self
    }
}

/// The sums over all rows, size by size.
fn total_found(rows: &[CalibrationRow]) -> Vec<Found> {
    let mut total: Vec<Found> = Vec::new();
    for found in rows.iter().flat_map(|row| &row.found) {
        match total.iter_mut().find(|sum| sum.slowdown.to_bits() == found.slowdown.to_bits()) {
            Some(sum) => {
                sum.tried += found.tried;
                sum.found += found.found;
            }
            None => total.push(*found),
        }
    }
    total
}
