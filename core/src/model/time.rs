//! Times as files have them: RFC 3339, such as `2026-01-31T12:00:00.25Z`.
//!
//! jiff reads and writes them, too; but with all that a calendar needs, which would be a tenth of the
//! page's wasm module. What is written is what jiff writes, to the last character.

use jiff::Timestamp;

const SECONDS_A_DAY: i64 = 86_400;
/// Days in 400 years of the Gregorian calendar: 97 of them have a leap day.
const DAYS_IN_400_YEARS: i64 = 400 * 365 + 97;
/// Days from the 1st of March of the year 0 to the 1st of January 1970.
const EPOCH: i64 = 719_468;

/// The time in UTC, with as many decimals of a second as it has.
pub fn rfc3339(time: Timestamp) -> String {
    let (mut seconds, mut nanoseconds) = (time.as_second(), i64::from(time.subsec_nanosecond()));
    if nanoseconds < 0 {
        (seconds, nanoseconds) = (seconds - 1, nanoseconds + 1_000_000_000);
    }
    let (year, month, day) = date_of(seconds.div_euclid(SECONDS_A_DAY));
    let of_day = seconds.rem_euclid(SECONDS_A_DAY);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let sign = if year < 0 { "-00" } else { "" };
    let year = year.abs();
    let mut text = format!("{sign}{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if nanoseconds > 0 {
        text.push_str(format!(".{nanoseconds:09}").trim_end_matches('0'));
    }
    text.push('Z');
    text
}

/// Year, month and day of a time, in UTC.
pub(crate) fn day_of(time: Timestamp) -> (i64, i64, i64) {
    let nanoseconds = i64::from(time.subsec_nanosecond());
    let seconds = time.as_second() - i64::from(nanoseconds < 0);
    date_of(seconds.div_euclid(SECONDS_A_DAY))
}

/// Reads a time: with `Z`, or an offset such as `+02:00`; the `T` may be a space, a year may have a sign
/// and six digits, and the seconds may be missing.
pub(crate) fn read_time(text: &str) -> Option<Timestamp> {
    let (sign, bytes, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (-1, rest, 6),
        [b'+', rest @ ..] => (1, rest, 6),
        all => (1, all, 4),
    };
    let (year, bytes) = bytes.split_at_checked(digits)?;
    let year = whole(year)?;
    let year = if sign == 1 || year > 0 { sign * year } else { return None };
    let number = |from: usize, to: usize| whole(bytes.get(from..to)?);
    let at = |place: usize, any: &[u8]| bytes.get(place).is_some_and(|byte| any.contains(byte));
    let (month, day) = (number(1, 3)?, number(4, 6)?);
    let (hour, minute) = (number(7, 9)?, number(10, 12)?);
    let has_seconds = at(12, b":");
    let second = if has_seconds { number(13, 15)? } else { 0 };
    let separated = at(0, b"-") && at(3, b"-") && at(6, b"Tt ") && at(9, b":");
    // A leap second is the last one before it, as clocks have it.
    let in_range = (1..=12).contains(&month) && hour < 24 && minute < 60 && second <= 60;
    if !separated || !in_range || day < 1 || date_of(days_of(year, month, day)).2 != day {
        return None;
    }
    let mut rest = if has_seconds { 15 } else { 12 };
    let mut nanoseconds = 0;
    if has_seconds && at(rest, b".,") {
        let digits = bytes.get(rest + 1..)?.iter().take_while(|b| b.is_ascii_digit()).count();
        if !(1..=9).contains(&digits) {
            return None;
        }
        nanoseconds = (digits..9).fold(number(rest + 1, rest + 1 + digits)?, |n, _| n * 10);
        rest += 1 + digits;
    }
    let offset = match bytes.get(rest..)? {
        b"Z" | b"z" => 0,
        [sign @ (b'+' | b'-'), zone @ ..] => {
            let minutes = match zone.len() {
                2 => 0,
                4 => number(rest + 3, rest + 5)?,
                5 if at(rest + 3, b":") => number(rest + 4, rest + 6)?,
                _ => return None,
            };
            let hours = number(rest + 1, rest + 3)?;
            if hours > 25 || minutes > 59 {
                return None;
            }
            (hours * 3600 + minutes * 60) * if *sign == b'-' { -1 } else { 1 }
        }
        _ => return None,
    };
    let of_day = hour * 3600 + minute * 60 + second.min(59);
    let seconds = days_of(year, month, day) * SECONDS_A_DAY + of_day - offset;
    Timestamp::new(seconds, i32::try_from(nanoseconds).ok()?).ok()
}

/// The number that is written in decimal digits.
fn whole(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0_i64, |sum, byte| {
        byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0'))
    })
}

/// How many days a date is after the 1st of January 1970. A year is counted from March on, so that
/// the leap day is its last; the months from then on have 153 days in five.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - EPOCH
}

/// Year, month and day, so many days after the 1st of January 1970.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH;
    let of_400 = days.rem_euclid(DAYS_IN_400_YEARS);
    // Less the leap days before, of which each four years' and the last of each century's differ.
    let of_years = of_400 - of_400 / 1460 + of_400 / 36_524 - of_400 / 146_096;
    let year = of_years / 365;
    let of_year = of_400 - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let year = 400 * days.div_euclid(DAYS_IN_400_YEARS) + year;
    if month < 10 { (year, month + 3, day) } else { (year + 1, month - 9, day) }
}

/// How serde reads and writes a time that may be missing.
pub(crate) mod optional {
    use std::borrow::Cow;

    use jiff::Timestamp;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde hands it over so")]
    pub(crate) fn serialize<S: Serializer>(
        time: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => serializer.serialize_str(&super::rfc3339(*time)),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        let Some(text) = Option::<Cow<'_, str>>::deserialize(deserializer)? else {
            return Ok(None);
        };
        let time = super::read_time(&text);
        time.map(Some).ok_or_else(|| {
            let shown = super::super::shortened(&text);
            D::Error::custom(format!("{shown:?} is no time such as 2026-01-31T12:00:00Z"))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_time_is_written_as_jiff_writes_it_and_read_back(
            seconds in Timestamp::MIN.as_second()..=Timestamp::MAX.as_second(),
            nanoseconds in prop_oneof![Just(0), Just(250_000_000), 0..1_000_000_000_i32],
        ) {
            let time = Timestamp::new(seconds, nanoseconds).unwrap();
            let text = rfc3339(time);
            prop_assert_eq!(&text, &time.to_string());
            prop_assert_eq!(read_time(&text), Some(time));
        }

        #[test]
        fn what_is_read_is_what_jiff_reads(
            text in "([0-9]{4}|[+-]00[0-9]{4})-(0[0-9]|1[0-3])-([0-2][0-9]|3[0-3])[Tt ]([01][0-9]|2[0-5]):[0-6][0-9](:[0-6][0-9]([.,][0-9]{0,10})?)?(Z|z|[+-](0[0-9]|2[0-7])(:?[0-6][0-9])?|)",
        ) {
            // Where jiff reads more than we do, it is nothing that was asked for here.
            if let Some(time) = read_time(&text) {
                prop_assert_eq!(text.parse().ok(), Some(time), "{}", text);
            } else {
                prop_assert!(text.parse::<Timestamp>().is_err(), "{}", text);
            }
        }

        #[test]
        fn no_text_is_a_panic(text in any::<String>()) {
            let _ = read_time(&text);
        }
    }

    #[test]
    fn offsets_fractions_and_the_ends_of_months_are_understood() {
        for (text, expected) in [
            ("2026-01-31T12:00:00+02:00", Some("2026-01-31T10:00:00Z")),
            ("2026-01-31 12:00:00.5-0130", Some("2026-01-31T13:30:00.5Z")),
            ("2024-02-29T23:59:60z", Some("2024-02-29T23:59:59Z")),
            ("0000-03-01T00:00:00Z", Some("0000-03-01T00:00:00Z")),
            ("2023-02-29T00:00:00Z", None),
            ("1900-02-29T00:00:00Z", None),
            ("2026-01-31 12:00Z", Some("2026-01-31T12:00:00Z")),
            ("2026-01-31T12:00.5Z", None),
            ("2026-01-31T12:00:00", None),
            ("2026-01-31", None),
            ("-000044-03-15T12:00:00Z", Some("-000044-03-15T12:00:00Z")),
            ("+002026-01-31T12:00:00Z", Some("2026-01-31T12:00:00Z")),
            ("-000000-01-31T12:00:00Z", None),
            ("yesterday", None),
        ] {
            assert_eq!(read_time(text).map(rfc3339).as_deref(), expected, "{text}");
        }
    }
}
