//! Which thresholds suit the noise.

use super::calibration::CalibrationRow;

/// The thresholds that people set, as ratios.
const USUAL: [f64; 8] = [0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0];

/// The smallest usual threshold that exceeds what can be detected and every false alarm, both as
/// ratios; none where none does.
pub(super) fn threshold_of_benchmark(smallest: Option<f64>, false_alarms: &[f64]) -> Option<f64> {
    let smallest = smallest?;
    let largest = false_alarms.iter().copied().fold(0.0, f64::max);
    // A change of exactly the threshold does not exceed it.
    USUAL.into_iter().find(|&usual| usual > smallest && usual >= largest)
}

/// The smallest usual threshold that suits more than half of the benchmarks that have noise at
/// all; none where there is none. The others can have one of their own: a few noisy benchmarks must
/// not blunt the rest.
pub(super) fn threshold_of_suite(rows: &[CalibrationRow]) -> Option<f64> {
    let noisy: Vec<&CalibrationRow> = rows.iter().filter(|row| row.noise_floor.is_some()).collect();
    let suits = |threshold: f64| {
        let suited = |row: &&&CalibrationRow| {
            row.suggested_threshold.is_some_and(|suggested| suggested <= threshold)
        };
        noisy.iter().filter(suited).count() * 2 > noisy.len()
    };
    USUAL.into_iter().find(|&usual| !noisy.is_empty() && suits(usual))
}

impl CalibrationRow {
    /// Whether it needs a threshold of its own beside one of `suite` for all: its noise asks for a
    /// larger one than holds for it then. A count never does: it has no noise.
    pub fn needs_own_threshold(&self, suite: Option<f64>) -> bool {
        let holds =
            if self.own_threshold { self.threshold } else { suite.unwrap_or(self.threshold) };
        self.noise_floor.is_some()
            && self.suggested_threshold.is_none_or(|suggested| suggested > holds)
    }
}
