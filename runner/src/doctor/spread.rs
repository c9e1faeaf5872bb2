use driftline_core::compare::Threshold;

use super::{Finding, Measured, Workload};

/// Below this the smallest change shown is as good as a machine gets without isolation.
const FINE: f64 = 0.05;

/// How much the launches differed, over all workloads.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spread {
    measured: Vec<Measured>,
}

impl Spread {
    pub(crate) fn new(measured: Vec<Measured>) -> Self {
        Self { measured }
    }

    pub(crate) fn into_measured(self) -> Vec<Measured> {
        self.measured
    }

    /// The workload that varied most. That of the file is left out: file systems vary by themselves.
    fn worst(&self, of: fn(&Measured) -> Option<f64>) -> Option<(&'static str, f64)> {
        let candidates = self.measured.iter().filter(|m| m.workload != Workload::File);
        let known = candidates.filter_map(|m| Some((m.workload.described().0, of(m)?)));
        known.max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// What the launches lost by whatever disturbs this machine, in words.
    pub(crate) fn said(&self) -> Option<String> {
        let (minimum, median) =
            (self.worst(|m| m.minimum_spread)?, self.worst(|m| m.median_spread)?);
        Some(format!(
            "between launches of the same code the fastest batches varied by {} ({}), the median \
             ones by {} ({})",
            percent(minimum.1),
            minimum.0,
            percent(median.1),
            median.0
        ))
    }

    /// Whether this machine can show the changes that people look for.
    pub(crate) fn finding(&self) -> Finding {
        let Some((workload, change)) = self.worst(|m| m.smallest_change) else {
            return Finding::unknown("spread");
        };
        let threshold = Threshold::default();
        let shown =
            format!("3 rounds against 3 can show changes above {} ({workload})", percent(change));
        let finding = if change > threshold.ratio() {
            Finding::problem("spread", shown)
                .cost(format!("a benchmark that got {threshold} slower can look unchanged, and one that did not, slower"))
                .mend("mend the other findings, then measure in more rounds:")
                .command("driftline run --rounds 6")
        } else if change > FINE {
            Finding::note("spread", shown)
                .cost("smaller changes need more rounds, or an interleaved measurement")
                .fine(format!("you look for changes above {threshold}, the default threshold"))
        } else {
            Finding::ok("spread", shown)
        };
        finding.figure("smallest_change", change)
    }
}

/// A share for people: two significant digits, and none behind the point from 10 % on.
pub(crate) fn percent(ratio: f64) -> String {
    let percent = ratio * 100.0;
    match percent {
        large if large >= 9.95 => format!("{large:.0} %"),
        small => format!("{small:.1} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;

    fn spread(changes: &[(Workload, f64)]) -> Spread {
        let measured = changes.iter().map(|&(workload, change)| Measured {
            workload,
            launches: 8,
            median_ns: Some(1e5),
            minimum_spread: Some(change / 3.0),
            median_spread: Some(change / 2.0),
            smallest_change: Some(change),
            failure: None,
        });
        Spread::new(measured.collect())
    }

    #[test]
    fn the_worst_workload_decides_but_not_the_file() {
        let told = |compute: f64, memory: f64| {
            let changes =
                [(Workload::Compute, compute), (Workload::Memory, memory), (Workload::File, 5.0)];
            spread(&changes).finding()
        };
        let fine = told(0.02, 0.01);
        assert_eq!(fine.severity, Severity::Ok);
        assert_eq!(fine.found, "3 rounds against 3 can show changes above 2.0 % (compute)");
        assert_eq!(told(0.02, 0.12).severity, Severity::Note);
        let bad = told(0.02, 0.3);
        assert_eq!(bad.severity, Severity::Problem);
        assert!(bad.cost.unwrap().starts_with("a benchmark that got 20 % slower"));
        assert_eq!(Spread::default().finding().severity, Severity::Unknown);
    }

    #[test]
    fn what_it_costs_is_told_with_the_figures() {
        let changes = [(Workload::Compute, 0.06), (Workload::Memory, 0.3)];
        assert_eq!(
            spread(&changes).said().unwrap(),
            "between launches of the same code the fastest batches varied by 10 % (memory), the \
             median ones by 15 % (memory)"
        );
        assert_eq!(Spread::default().said(), None);
        assert_eq!([0.0004, 0.0994, 0.0996, 1.5].map(percent), ["0.0 %", "9.9 %", "10 %", "150 %"]);
    }
}
