//! What a project's configuration says that the runs do not.

use driftline_core::change::Acknowledgement;
use driftline_core::compare::{DEFAULT_WINDOW, Policy};
use serde::Deserialize;

/// What the history is looked at by, as far as `driftline.toml` and the repository decide it.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// The branch whose runs are the reference; all branches' where it is not known.
    pub(crate) default_branch: Option<String>,
    /// How many of the newest comparable runs make the baseline `history`.
    pub(crate) window: usize,
    /// Changes that people know of.
    pub(crate) acknowledged: Vec<Acknowledgement>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { default_branch: None, window: DEFAULT_WINDOW, acknowledged: Vec::new() }
    }
}

impl Settings {
    /// Reads them from JSON; a key that is not known is somebody else's.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let settings: Self = serde_json::from_slice(text.as_bytes())
            .map_err(|e| format!("read the settings: {e}"))?;
        if settings.window == 0 {
            return Err("read the settings: the window must be at least 1".to_owned());
        }
        Ok(settings)
    }
}

/// The policy that JSON says, or the defaults where there is none.
pub(crate) fn policy_of(text: &str) -> Result<Policy, String> {
    match text.trim() {
        "" => Ok(Policy::default()),
        text => {
            serde_json::from_slice(text.as_bytes()).map_err(|e| format!("read the policy: {e}"))
        }
    }
}
