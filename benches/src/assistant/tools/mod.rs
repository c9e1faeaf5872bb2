//! What the model may call.
//!
//! A tool is a definition, which says what it takes, and a function. The registry finds a tool
//! by name and checks the arguments against the definition before it runs; the definition is
//! also what providers are told, each in its own format.

mod arguments;
pub mod calculate;
mod datetime;
mod definition;
mod error;
mod formats;
mod registry;

pub use arguments::{ArgumentError, Arguments};
pub use calculate::CalculateTool;
pub use datetime::{DatetimeError, DatetimeTool};
pub use definition::{Parameter, ParameterKind, Tool, ToolDefinition};
pub use error::ToolError;
pub use formats::{to_claude_format, to_openai_format};
pub use registry::ToolRegistry;
