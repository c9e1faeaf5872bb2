//! driftline's own formats.

mod csv_draft;
pub(super) mod csv_table;
pub(super) mod driftline;
pub(super) mod plain_csv;
mod values;
#[cfg(feature = "schema")]
pub(super) mod values_schema;
