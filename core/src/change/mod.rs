//! A series → its change points: where it shifted, by how much, and how sure that is.
//!
//! ```text
//! values → signal (logarithms) → partition ⇄ noise → slope → elimination → segments
//!        → location (candidates), shift (size, p-value), ending (not settled yet)
//! ```
//!
//! The partition minimises a bounded loss, which a lone outlier cannot pay for; the noise is
//! estimated from what the segments leave, and the segments are found again in that noise, so that
//! two alternating modes or autocorrelation do not pass for shifts; a line is taken off where it
//! explains more than stairs do; and what remains must pass a test that knows it is the best of
//! many splits. Rivals rejected: E-divisive, whose permutations are random and quadratic;
//! windowed t tests, which see only what fills a window; nonparametric costs (ED-PELT), which are
//! quadratic at worst and need more runs to see a small step.

mod acknowledgement;
mod analysis;
mod axis;
mod combinations;
mod density;
mod discovery;
mod document;
mod elimination;
mod ending;
mod events;
mod history;
mod location;
mod noise;
mod partition;
mod points;
mod recovery;
mod segmentation;
mod selection;
mod series;
mod shift;
mod signal;
mod slope;

pub use acknowledgement::Acknowledgement;
pub use analysis::{Analysis, Segment, SeriesShift, SeriesTrend, analyse};
pub use document::{
    ChangeCounts, ChangePoint, Changes, Circumstance, Drift, Effect, Event, EventMember, Judged,
    LeftOut, Occasion, PartialReturn, SeriesChanges, State,
};
pub use history::{ChangeContext, changes, changes_in};
pub use segmentation::{SETTLED_AFTER, current_level, segment};
