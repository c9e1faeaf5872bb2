//! Files that people hand in.
//!
//! What a file is called and what it claims to be comes from outside, so both are checked
//! before anything touches the disk: a name is one plain path component, and the type is one of
//! those the assistant can do something with.

mod error;
mod file_name;
mod file_type;
mod folder;
mod listing;
mod response;

pub use error::UploadError;
pub use file_name::FileName;
pub use file_type::{Category, FileType};
pub use folder::UploadFolder;
pub use listing::StoredFile;
pub use response::UploadResponse;
