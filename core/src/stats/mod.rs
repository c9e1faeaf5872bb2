//! Statistics of benchmark samples, one method per file. Functions on valid input return values;
//! what cannot be computed is `None`, never a panic.

mod exponential;
mod false_discovery;
mod hash;
mod interference;
mod least_significant_change;
mod linear_trend;
mod moments;
mod quantile;
mod shrinkage;
mod tail_quantile;
mod tails;

pub use false_discovery::benjamini_hochberg;
pub use hash::fnv1a;
pub use interference::{Launch, LaunchNoise, Location, undisturbed_level, undisturbed_level_near};
pub use least_significant_change::least_significant_change;
pub use linear_trend::{LinearTrend, linear_trend};
pub use moments::{mean, standard_deviation};
pub use quantile::{median, median_of, quantile, sorted};
pub use shrinkage::{VariancePrior, variance_prior};
pub(crate) use tail_quantile::tail_quantile;
pub use tails::{normal_exceeds, student_exceeds};

/// The standard deviation of normal values whose median absolute deviation is 1.
pub(crate) const MAD_TO_SD: f64 = 1.482_602_218_505_602;
/// √(2π): one over the density of a standard normal distribution at its mean.
pub(crate) const ROOT_TAU: f64 = 2.506_628_274_631_000_2;
