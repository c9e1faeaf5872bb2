//! Commands that GitHub Actions reads from the log: `::error title=…::…`. The escapes are those of its
//! runner (`ActionCommand.cs`) and of its toolkit.

/// The text of a workflow command: one line, whatever it holds.
///
/// ```
/// # use driftline_core::text::workflow_data;
/// assert_eq!(workflow_data("100 %\n::error::x"), "100 %25%0A::error::x");
/// ```
pub fn workflow_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a workflow command's property, such as its title.
///
/// ```
/// # use driftline_core::text::workflow_property;
/// assert_eq!(workflow_property("a::b, c"), "a%3A%3Ab%2C c");
/// ```
pub fn workflow_property(text: &str) -> String {
    workflow_data(text).replace(':', "%3A").replace(',', "%2C")
}
