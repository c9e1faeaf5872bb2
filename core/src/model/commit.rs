use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The state of the code that was measured.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Commit {
    /// The full commit id.
    pub id: String,
    /// The commit before it on its branch (its first parent).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Its first-parent position: how many commits lead up to it on its branch, itself included.
    /// Histories are ordered by it, because ordering by date mixes branches and makes false peaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<u64>,
    /// The first line of its message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When it was committed.
    #[serde(default, with = "super::time::optional", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub time: Option<Timestamp>,
    /// The branch that was checked out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Whether tracked files differed from the commit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dirty: bool,
}

impl Commit {
    /// The first ten characters of the id, with `+` behind it when the tree was dirty.
    pub fn short(&self) -> String {
        let short: String = self.id.chars().take(10).collect();
        if self.dirty { short + "+" } else { short }
    }
}
