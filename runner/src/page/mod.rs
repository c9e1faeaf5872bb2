//! The page: its files, and what it is shown.
//!
//! The files are those that `make web` leaves in `web/dist/page`: embedded in the program when it is
//! built with the feature `page`, or read from a folder that the command line names. `report.html`
//! is the page in one file, with an empty place for the data.

mod annotations;
mod data;
mod files;

pub(crate) use data::{Data, Encoding};
pub(crate) use files::Page;
