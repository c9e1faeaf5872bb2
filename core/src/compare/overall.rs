use super::Counts;

/// What a comparison comes to as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overall {
    /// Nothing was set against each other.
    Nothing,
    /// Something is worse than it may be.
    Regressed,
    /// Nothing is, as far as can be told; of something it cannot.
    Inconclusive,
    /// What is worse was accepted.
    Accepted,
    /// Something is better, and nothing worse.
    Improved,
    /// All is as it was.
    Unchanged,
}

impl Overall {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Regressed => "regressed",
            Self::Inconclusive => "inconclusive",
            Self::Accepted => "accepted",
            Self::Improved => "improved",
            Self::Unchanged => "unchanged",
        }
    }
}

impl Counts {
    /// What they come to: of all that is there, what matters most.
    pub fn overall(&self) -> Overall {
        match self {
            counts if counts.compared == 0 => Overall::Nothing,
            counts if counts.any_regression() => Overall::Regressed,
            counts if counts.inconclusive > 0 => Overall::Inconclusive,
            counts if counts.accepted > 0 => Overall::Accepted,
            counts if counts.improved > 0 => Overall::Improved,
            _ => Overall::Unchanged,
        }
    }
}

/// What lets a gate fail. That nothing was compared does in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailOn {
    /// A regression that was not accepted.
    #[default]
    Regression,
    /// That, and a benchmark of which nothing can be told.
    Inconclusive,
    /// Neither.
    Never,
}

impl FailOn {
    /// Whether an outcome is one that lets the gate fail.
    pub fn fails(self, overall: Overall) -> bool {
        match overall {
            Overall::Nothing => true,
            Overall::Regressed => self != Self::Never,
            Overall::Inconclusive => self == Self::Inconclusive,
            Overall::Accepted | Overall::Improved | Overall::Unchanged => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_most_is_the_outcome() {
        let mut counts = Counts { new: 3, ..Counts::default() };
        let mut seen = vec![counts.overall()];
        counts.compared = 9;
        for set in [
            (|_| {}) as fn(&mut Counts),
            |counts| counts.improved = 1,
            |counts| counts.accepted = 1,
            |counts| counts.inconclusive = 1,
            |counts| counts.drifted = 1,
        ] {
            set(&mut counts);
            seen.push(counts.overall());
        }
        let words: Vec<&str> = seen.iter().map(|overall| overall.word()).collect();
        let all = ["nothing", "unchanged", "improved", "accepted", "inconclusive", "regressed"];
        assert_eq!(words, all);
        let failing = |on: FailOn| seen.iter().filter(|overall| on.fails(**overall)).count();
        let counted = [FailOn::Never, FailOn::Regression, FailOn::Inconclusive].map(failing);
        assert_eq!(counted, [1, 2, 3]);
    }
}
