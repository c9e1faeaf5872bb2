//! What comes of whole comparisons.

mod acceptance;
mod bad_data;
mod builders;
mod context;
mod contradictions;
mod coverage;
mod drift;
mod exact;
mod extremes;
mod launches;
mod machines;
mod noise_model;
mod properties;
mod rows;
mod thresholds;
