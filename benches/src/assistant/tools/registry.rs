//! The tools that the assistant has, by name.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::super::clock::Clock;
use super::calculate::CalculateTool;
use super::datetime::DatetimeTool;
use super::definition::{Tool, ToolDefinition};
use super::error::ToolError;

/// The longest tool name that both provider formats take.
const MAXIMUM_NAME_BYTES: usize = 64;

/// The tools that the assistant has. Listed by name, so that equal registries are told to a
/// provider in equal words.
#[derive(Default)]
pub struct ToolRegistry {
    tools: BTreeMap<String, Box<dyn Tool>>,
}

impl fmt::Debug for ToolRegistry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.tools.keys()).finish()
    }
}

impl ToolRegistry {
    /// A registry of no tools.
    pub fn new() -> Self {
        Self::default()
    }

    /// A registry of the assistant's own tools, `datetime` and `calculate`.
    ///
    /// # Errors
    ///
    /// Never in practice: their names are valid and differ.
    pub fn with_builtin_tools(clock: Arc<dyn Clock>) -> Result<Self, ToolError> {
        let mut registry = Self::new();
        registry.register(Box::new(DatetimeTool::new(clock)))?;
        registry.register(Box::new(CalculateTool::new()))?;
        Ok(registry)
    }

    /// Adds a tool.
    ///
    /// # Errors
    ///
    /// When the name is taken, or is one that providers refuse.
    pub fn register(&mut self, tool: Box<dyn Tool>) -> Result<(), ToolError> {
        let name = tool.definition().name.clone();
        if !is_valid_name(&name) {
            return Err(ToolError::InvalidName(name));
        }
        if self.tools.contains_key(&name) {
            return Err(ToolError::Duplicate(name));
        }
        self.tools.insert(name, tool);
        Ok(())
    }

    /// The tool of this name.
    pub fn get(&self, name: &str) -> Option<&dyn Tool> {
        self.tools.get(name).map(|tool| &**tool)
    }

    /// All definitions, ordered by name.
    pub fn definitions(&self) -> impl Iterator<Item = &ToolDefinition> {
        self.tools.values().map(|tool| tool.definition())
    }

    /// How many tools there are.
    pub fn len(&self) -> usize {
        self.tools.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tools.is_empty()
    }

    /// Finds a tool, checks the arguments, and runs it.
    ///
    /// # Errors
    ///
    /// When there is no such tool, the arguments do not fit, or the tool cannot answer.
    pub fn call(&self, name: &str, arguments: &Value) -> Result<Value, ToolError> {
        let tool = self.get(name).ok_or_else(|| ToolError::Unknown(name.to_owned()))?;
        let arguments = tool.definition().validate(arguments)?;
        tool.execute(arguments)
    }
}

fn is_valid_name(name: &str) -> bool {
    (1..=MAXIMUM_NAME_BYTES).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::super::arguments::{ArgumentError, Arguments};
    use super::*;
    use crate::assistant::clock::FixedClock;

    struct Named(ToolDefinition);

    impl Named {
        fn boxed(name: &str) -> Box<dyn Tool> {
            Box::new(Self(ToolDefinition {
                name: name.to_owned(),
                description: String::new(),
                parameters: Vec::new(),
            }))
        }
    }

    impl Tool for Named {
        fn definition(&self) -> &ToolDefinition {
            &self.0
        }

        fn execute(&self, _: &Arguments) -> Result<Value, ToolError> {
            Ok(json!(self.0.name))
        }
    }

    fn builtin() -> ToolRegistry {
        ToolRegistry::with_builtin_tools(Arc::new(FixedClock(Timestamp::UNIX_EPOCH))).unwrap()
    }

    #[test]
    fn tools_are_found_and_listed_by_name() {
        let mut registry = builtin();
        registry.register(Named::boxed("about")).unwrap();
        let names: Vec<_> = registry.definitions().map(|tool| tool.name.as_str()).collect();
        assert_eq!(names, ["about", "calculate", "datetime"]);
        assert_eq!(registry.len(), 3);
        assert_eq!(registry.get("calculate").unwrap().definition().name, "calculate");
        assert!(registry.get("Calculate").is_none());
        assert!(ToolRegistry::new().is_empty());
    }

    #[test]
    fn names_are_checked() {
        let mut registry = builtin();
        assert_eq!(
            registry.register(Named::boxed("calculate")),
            Err(ToolError::Duplicate("calculate".to_owned()))
        );
        for name in ["", "two words", "dotted.name", "größe", &"x".repeat(65)] {
            let refused = registry.register(Named::boxed(name));
            assert_eq!(refused, Err(ToolError::InvalidName(name.to_owned())));
        }
        registry.register(Named::boxed(&"x".repeat(64))).unwrap();
    }

    #[test]
    fn a_call_is_checked_and_run() {
        let registry = builtin();
        assert_eq!(registry.call("calculate", &json!({"expression": "6 * 7"})), Ok(json!(42)));
        assert_eq!(
            registry.call("oracle", &json!({})),
            Err(ToolError::Unknown("oracle".to_owned()))
        );
        assert_eq!(
            registry.call("calculate", &json!({"formula": "6 * 7"})),
            Err(ArgumentError::Missing { name: "expression".to_owned() }.into())
        );
    }
}
