//! How long a round measures each benchmark: the time of one long pass, shared among the rounds.

use std::time::Duration;

/// What a pass takes for each benchmark when it is the only one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Times {
    /// Seconds of warming up.
    pub(crate) warm_up: f64,
    /// Seconds of measuring.
    pub(crate) measurement: f64,
    /// How many values make a sample.
    pub(crate) sample_size: u32,
}

/// Shorter than this, a warm-up ends before caches and clocks are warm, and criterion's guess of how
/// long an iteration takes is poor.
const LEAST_WARM_UP: f64 = 0.1;
/// Shorter than this, one interruption by another program is a large part of the sample.
const LEAST_MEASUREMENT: f64 = 0.3;
/// Criterion refuses fewer.
const LEAST_SAMPLE_SIZE: u32 = 10;

/// Criterion's options that say how long it measures.
const WARM_UP: &str = "--warm-up-time";
const MEASUREMENT: &str = "--measurement-time";
const SAMPLE_SIZE: &str = "--sample-size";
const RESAMPLES: &str = "--nresamples";

impl Default for Times {
    /// Criterion's own.
    fn default() -> Self {
        Self { warm_up: 3.0, measurement: 5.0, sample_size: 100 }
    }
}

impl Times {
    /// For a first look only.
    const QUICK: Self = Self { warm_up: 0.3, measurement: 0.6, sample_size: LEAST_SAMPLE_SIZE };

    /// The part of one round among so many; not less than what makes sense, and not more than it
    /// was.
    fn of_round(self, rounds: u32) -> Self {
        let share = |whole: f64, least: f64| (whole / f64::from(rounds)).max(least).min(whole);
        Self {
            warm_up: share(self.warm_up, LEAST_WARM_UP),
            measurement: share(self.measurement, LEAST_MEASUREMENT),
            sample_size: self.sample_size.div_ceil(rounds.max(1)).max(LEAST_SAMPLE_SIZE),
        }
    }
}

/// Criterion's arguments for one round, and how long a benchmark then takes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RoundTimes {
    /// Driftline's own arguments, the user's behind them.
    pub(crate) arguments: Vec<String>,
    /// About how long criterion takes for each benchmark.
    pub(crate) each: Duration,
}

impl RoundTimes {
    /// One round of `rounds` that share what `times` says, or criterion's defaults. What the user
    /// passes on holds for each round as it is. A single round with nothing configured is left to
    /// the project's own settings.
    pub(crate) fn new(
        rounds: u32,
        quick: bool,
        configured: Option<Times>,
        arguments: &[String],
    ) -> Self {
        let times = match (quick, configured) {
            (true, _) => Times::QUICK,
            (false, times) => times.unwrap_or_default().of_round(rounds),
        };
        let own = if quick || rounds > 1 || configured.is_some() {
            vec![
                (WARM_UP, format!("{:.3}", times.warm_up)),
                (MEASUREMENT, format!("{:.3}", times.measurement)),
                (SAMPLE_SIZE, times.sample_size.to_string()),
                // Resamples are of its own analysis, which nobody reads.
                (RESAMPLES, "1000".to_owned()),
            ]
        } else {
            Vec::new()
        };
        let mut all = Vec::new();
        for (name, value) in own {
            // Criterion takes each option once.
            if given(arguments, name).is_none() {
                all.extend([name.to_owned(), value]);
            }
        }
        let seconds = |name: &str, ours: f64| {
            let theirs = given(arguments, name).and_then(|value| value.parse::<f64>().ok());
            theirs.unwrap_or(ours)
        };
        let each = seconds(WARM_UP, times.warm_up) + seconds(MEASUREMENT, times.measurement);
        all.extend_from_slice(arguments);
        Self { arguments: all, each: Duration::try_from_secs_f64(each).unwrap_or_default() }
    }
}

/// The value of the option if it is among the arguments; empty if they end with it.
fn given<'a>(arguments: &'a [String], name: &str) -> Option<&'a str> {
    arguments.iter().enumerate().find_map(|(at, argument)| {
        let rest = argument.strip_prefix(name)?;
        match rest.strip_prefix('=') {
            Some(value) => Some(value),
            None if rest.is_empty() => Some(arguments.get(at + 1).map_or("", String::as_str)),
            None => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(rounds: u32, quick: bool, configured: Option<Times>, theirs: &[&str]) -> String {
        let theirs: Vec<String> = theirs.iter().map(|&text| text.to_owned()).collect();
        let round = RoundTimes::new(rounds, quick, configured, &theirs);
        format!("{} ({:.3} s)", round.arguments.join(" "), round.each.as_secs_f64())
    }

    #[test]
    fn rounds_share_the_time_of_one_pass() {
        let expected = "--warm-up-time 1.000 --measurement-time 1.667 --sample-size 34 \
                        --nresamples 1000 (2.667 s)";
        assert_eq!(round(3, false, None, &[]), expected);
        assert_eq!(round(1, false, None, &[]), " (8.000 s)", "the project's own settings hold");
        let expected = "--warm-up-time 0.300 --measurement-time 0.600 --sample-size 10 \
                        --nresamples 1000 (0.900 s)";
        assert_eq!(round(1, true, None, &[]), expected);
        let expected = "--warm-up-time 0.100 --measurement-time 0.300 --sample-size 10 \
                        --nresamples 1000 (0.400 s)";
        assert_eq!(round(100, false, None, &[]), expected);
    }

    #[test]
    fn configured_times_are_shared_and_never_exceeded() {
        let short = Times { warm_up: 0.05, measurement: 1.8, sample_size: 40 };
        let expected = "--warm-up-time 0.050 --measurement-time 0.450 --sample-size 10 \
                        --nresamples 1000 (0.500 s)";
        assert_eq!(round(4, false, Some(short), &[]), expected);
    }

    #[test]
    fn what_the_user_passes_on_holds_for_each_round() {
        let theirs = ["--sample-size", "20", "--measurement-time=2", "--warm-up-times", "x"];
        let expected = "--warm-up-time 1.000 --nresamples 1000 --sample-size 20 \
                        --measurement-time=2 --warm-up-times x (3.000 s)";
        assert_eq!(round(3, false, None, &theirs), expected);
    }
}
