//! Messages, tools and settings in the amounts that a benchmark asks for.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::generator::Generator;
use crate::assistant::clock::FixedClock;
use crate::assistant::memory::{NewMessage, Role};
use crate::assistant::settings::{Definition, Kind, SettingValue};
use crate::assistant::tools::{
    Arguments, Parameter, ParameterKind, Tool, ToolDefinition, ToolError, ToolRegistry,
};

/// The time it always is in a benchmark: 2024-05-17, 12:00 UTC.
pub const NOON: Timestamp = Timestamp::constant(1_715_947_200, 0);

/// A word that stands in a few of the [messages](new_messages).
pub const SEARCHED_WORD: &str = "lighthouse";

/// [`SEARCHED_WORD`] stands in one of so many messages.
pub const SEARCHED_WORD_INTERVAL: usize = 50;

/// Messages of 8 to 20 words, taking turns between a person and the assistant.
pub fn new_messages(count: usize) -> Vec<NewMessage> {
    let mut generator = Generator::new(0x6d65_6d6f_7279);
    let messages = (0..count).map(|index| {
        let mut content = generator.sentence(8 + index % 13);
        if index % SEARCHED_WORD_INTERVAL == SEARCHED_WORD_INTERVAL / 2 {
            content.push(' ');
            content.push_str(SEARCHED_WORD);
        }
        let role = if index % 2 == 0 { Role::User } else { Role::Assistant };
        NewMessage { role, content, created_at: NOON }
    });
    messages.collect()
}

/// How many [sample tools](sample_tool) a [registry](sample_registry) has.
const SAMPLE_TOOLS: usize = 20;

/// A tool that gives its arguments back, and has parameters of every kind.
#[derive(Clone, Debug)]
pub struct EchoTool(pub ToolDefinition);

impl Tool for EchoTool {
    fn definition(&self) -> &ToolDefinition {
        &self.0
    }

    fn execute(&self, arguments: &Arguments) -> Result<Value, ToolError> {
        Ok(Value::Object(arguments.clone()))
    }
}

/// The tool `echo_` and this number.
pub fn sample_tool(number: usize) -> EchoTool {
    let mut generator = Generator::new(number as u64);
    let choices = ["short", "medium", "long"].map(str::to_owned).to_vec();
    EchoTool(ToolDefinition {
        name: format!("echo_{number:02}"),
        description: generator.sentence(12),
        parameters: vec![
            Parameter::required("text", ParameterKind::Text, &generator.sentence(6)),
            Parameter::optional("length", ParameterKind::Choice(choices), &generator.sentence(6)),
            Parameter::optional("repeat", ParameterKind::Integer, &generator.sentence(6)),
            Parameter::optional("weight", ParameterKind::Number, &generator.sentence(6)),
            Parameter::optional("loud", ParameterKind::Boolean, &generator.sentence(6)),
        ],
    })
}

/// A registry of 22 tools: the assistant's own two, at [`NOON`], and 20 [samples](sample_tool).
///
/// # Errors
///
/// Never in practice: the names are valid and differ.
pub fn sample_registry() -> Result<ToolRegistry, ToolError> {
    let mut registry = ToolRegistry::with_builtin_tools(Arc::new(FixedClock(NOON)))?;
    for number in 0..SAMPLE_TOOLS {
        registry.register(Box::new(sample_tool(number)))?;
    }
    Ok(registry)
}

/// The settings `setting_000` and on, of all types in turn.
pub fn setting_definitions(count: usize) -> Vec<Definition> {
    let mut generator = Generator::new(0x7365_7474_696e_6773);
    let definitions = (0..count).map(|index| {
        let (kind, default) = match index % 4 {
            0 => (Kind::Boolean, SettingValue::Boolean(false)),
            1 => (Kind::Integer(0..=1000), SettingValue::Integer(10)),
            2 => (Kind::Float(0.0..=1.0), SettingValue::Float(0.5)),
            _ => (Kind::Text(200), SettingValue::Text(generator.sentence(3))),
        };
        Definition { key: format!("setting_{index:03}"), kind, default }
    });
    definitions.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::assistant::settings::Catalogue;

    #[test]
    fn the_searched_word_stands_in_a_few_messages() {
        let found = |count: usize| {
            let messages = new_messages(count);
            messages.iter().filter(|message| message.content.contains(SEARCHED_WORD)).count()
        };
        assert_eq!(found(100), 2);
        assert_eq!(found(1000), 20);
        let sizes: BTreeSet<_> =
            new_messages(1000).iter().map(|message| message.content.len()).collect();
        assert!(sizes.first() >= Some(&30) && sizes.last() <= Some(&250), "{sizes:?}");
    }

    #[test]
    fn what_is_made_is_accepted() {
        let registry = sample_registry().unwrap();
        assert_eq!(registry.len(), 22);
        let arguments = serde_json::json!({
            "text": "hello", "length": "short", "repeat": 2, "weight": 0.5, "loud": true,
        });
        assert_eq!(registry.call("echo_07", &arguments).as_ref(), Ok(&arguments));
        assert!(Catalogue::new(setting_definitions(500)).is_ok());
    }
}
