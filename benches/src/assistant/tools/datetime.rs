//! The tool `datetime`: what time it is, or was, at some offset from UTC.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde_json::{Value, json};

use super::super::clock::Clock;
use super::arguments::{Arguments, optional_text};
use super::definition::{Parameter, ParameterKind, Tool, ToolDefinition};
use super::error::ToolError;

static PARSER: DateTimeParser = DateTimeParser::new();

/// Why a time could not be told.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DatetimeError {
    /// The offset could not be read.
    #[error("{0:?} is no offset from UTC: write for example `+02:00`, `-0530` or `UTC`")]
    InvalidOffset(String),
    /// The instant could not be read.
    #[error("{0:?} is no instant: write for example `2024-05-17T09:30:00Z`")]
    InvalidInstant(String),
}

/// Tells the date and time, now or at a given instant, at a given offset from UTC.
///
/// Offsets and not the names of time zones: the answer then does not depend on which time zone
/// database the machine has.
pub struct DatetimeTool {
    definition: ToolDefinition,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for DatetimeTool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DatetimeTool").finish_non_exhaustive()
    }
}

impl DatetimeTool {
    /// The tool, asking `clock` for the time.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let definition = ToolDefinition {
            name: "datetime".to_owned(),
            description: "The current date, time and weekday, or those of a given instant."
                .to_owned(),
            parameters: vec![
                Parameter::optional(
                    "offset",
                    ParameterKind::Text,
                    "The offset from UTC, such as +02:00. UTC if left out.",
                ),
                Parameter::optional(
                    "instant",
                    ParameterKind::Text,
                    "An instant, such as 2024-05-17T09:30:00Z. Now if left out.",
                ),
            ],
        };
        Self { definition, clock }
    }
}

impl Tool for DatetimeTool {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn execute(&self, arguments: &Arguments) -> Result<Value, ToolError> {
        let time_zone = match optional_text(arguments, "offset")? {
            Some(offset) => parse_offset(offset)?,
            None => TimeZone::UTC,
        };
        let instant = match optional_text(arguments, "instant")? {
            Some(instant) => {
                instant.parse().map_err(|_| DatetimeError::InvalidInstant(instant.to_owned()))?
            }
            None => self.clock.now(),
        };
        Ok(describe(instant, time_zone))
    }
}

fn parse_offset(offset: &str) -> Result<TimeZone, DatetimeError> {
    if offset == "UTC" || offset == "Z" {
        return Ok(TimeZone::UTC);
    }
    PARSER
        .parse_time_zone_with(&TimeZoneDatabase::none(), offset)
        .ok()
        // POSIX rules such as `EST5EDT` are read without a database, but are no fixed offset.
        .filter(|time_zone| time_zone.to_fixed_offset().is_ok())
        .ok_or_else(|| DatetimeError::InvalidOffset(offset.to_owned()))
}

fn describe(instant: Timestamp, time_zone: TimeZone) -> Value {
    let zoned = instant.to_zoned(time_zone);
    json!({
        "datetime": instant.display_with_offset(zoned.offset()).to_string(),
        "weekday": weekday_name(zoned.weekday()),
        "unix_seconds": instant.as_second(),
    })
}

const fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assistant::clock::FixedClock;

    fn answer(arguments: &Value) -> Result<Value, ToolError> {
        // 2023-11-14T22:13:20Z, a Tuesday.
        let clock = FixedClock(Timestamp::constant(1_700_000_000, 0));
        DatetimeTool::new(Arc::new(clock)).execute(arguments.as_object().unwrap())
    }

    #[test]
    fn tells_the_clocks_time_in_utc_by_default() {
        let expected = json!({
            "datetime": "2023-11-14T22:13:20+00:00",
            "weekday": "Tuesday",
            "unix_seconds": 1_700_000_000,
        });
        assert_eq!(answer(&json!({})).as_ref(), Ok(&expected));
        assert_eq!(answer(&json!({"offset": "UTC"})).as_ref(), Ok(&expected));
        assert_eq!(answer(&json!({"offset": "Z"})).as_ref(), Ok(&expected));
    }

    #[test]
    fn an_offset_moves_the_day() {
        let told = answer(&json!({"offset": "+02:00"})).unwrap();
        assert_eq!(told["datetime"], "2023-11-15T00:13:20+02:00");
        assert_eq!(told["weekday"], "Wednesday");
        assert_eq!(told["unix_seconds"], 1_700_000_000);
        let told = answer(&json!({"offset": "-0530"})).unwrap();
        assert_eq!(told["datetime"], "2023-11-14T16:43:20-05:30");
    }

    #[test]
    fn a_given_instant_is_told_instead_of_now() {
        let told = answer(&json!({"instant": "2024-02-29T23:30:00-01:00", "offset": "UTC"}));
        assert_eq!(told.unwrap()["datetime"], "2024-03-01T00:30:00+00:00");
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for offset in ["", "two hours", "+25:99", "EST5EDT", "Europe/Oslo"] {
            assert_eq!(
                answer(&json!({"offset": offset})),
                Err(DatetimeError::InvalidOffset(offset.to_owned()).into()),
                "{offset}"
            );
        }
        assert_eq!(
            answer(&json!({"instant": "yesterday"})),
            Err(DatetimeError::InvalidInstant("yesterday".to_owned()).into())
        );
        assert!(matches!(answer(&json!({"offset": 2})), Err(ToolError::Arguments(_))));
    }
}
