//! Statistics of benchmark samples, one method per file. Functions on valid input return values;
//! what cannot be computed is `None`, never a panic.

mod bootstrap;
mod false_discovery;
mod hash;
mod interference;
mod least_significant_change;
mod moments;
mod normal_ratio;
mod quantile;
mod shrinkage;
mod tails;

pub use bootstrap::bootstrap_median_ratio;
pub use false_discovery::benjamini_hochberg;
pub use hash::fnv1a;
pub use interference::{Launch, LaunchNoise, Location, undisturbed_level};
pub use least_significant_change::least_significant_change;
pub use moments::{mean, standard_deviation};
pub use normal_ratio::{Centre, normal_ratio};
pub use quantile::{median, quantile, sorted};
pub use shrinkage::{VariancePrior, variance_prior};
pub use tails::{normal_exceeds, student_exceeds};

/// An interval of the ratio candidate / baseline, and the two-sided p-value of "no change".
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioInterval {
    /// The lower bound of the ratio.
    pub lower: f64,
    /// The upper bound of the ratio.
    pub upper: f64,
    /// How often unchanged code would look at least this different, by this method's assumptions.
    pub p_value: f64,
}
