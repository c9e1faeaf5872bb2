//! What comes of whole comparisons.
