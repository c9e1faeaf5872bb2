//! driftline's own formats.

pub(super) mod csv_table;
pub(super) mod driftline;
pub(super) mod plain_csv;
mod values;
