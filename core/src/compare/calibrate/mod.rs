//! Calibration on one's own history: what the rule would have said of the runs that are stored, and
//! what it could have seen.
//!
//! Every run is judged by the runs before it, exactly as a comparison with the history judges a new
//! one. Whether an alarm was right shows in what came later: a shift that is still there was one.
//! This needs no model of the noise and no labelled data, unlike a simulation; in return it knows
//! only what has happened, so that slowdowns of known size are put into the newest runs besides.

mod calibration;
mod injection;
mod replay;
mod suggestion;

#[cfg(test)]
mod tests;

pub use calibration::{Alarm, Calibration, CalibrationRow, CalibrationTotals, Found, Outcome};
pub use replay::{DEFAULT_WINDOW, FEWEST_EARLIER, calibrate};
