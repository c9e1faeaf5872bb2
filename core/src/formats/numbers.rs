//! Numbers and quantities as harnesses print them.

use super::search::split_once;
use crate::model::Unit;

/// The text without white space around it, as `str::trim`: mostly there is none, which two bytes show.
pub(super) fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [only] if only.is_ascii_graphic() => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// A plain number: digits, a sign, a decimal point, an exponent; finite.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = trimmed(text);
    let plain = |b: u8| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E');
    if let Some(number) = short_decimal(text, false) {
        return Some(number);
    }
    // Rust reads "inf" and "nan" as numbers, too.
    if !text.bytes().all(plain) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A decimal number of at most 15 digits: they and the power of ten to divide by are exact, so that
/// the quotient is the number nearest to it. Groups of three may be separated by commas.
fn short_decimal(text: &str, grouped: bool) -> Option<f64> {
    const LONGEST: usize = 15;
    const POWERS: [f64; LONGEST + 1] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let bytes = text.as_bytes();
    let (negative, bytes) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    };
    // Digits before the point and before the newest comma.
    let (mut whole, mut digits, mut point, mut comma) = (0_u64, 0, None, None);
    let is_whole_group = |digits: usize, comma: Option<usize>| match comma {
        Some(comma) => digits - comma == 3,
        None => true,
    };
    for byte in bytes {
        match byte {
            b'0'..=b'9' => {
                whole = whole.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                digits += 1;
            }
            b'.' if point.is_none() && is_whole_group(digits, comma) => point = Some(digits),
            b',' if grouped && point.is_none() && is_whole_group(digits, comma) => {
                if comma.is_none() && !matches!(digits, 1..=3) {
                    return None;
                }
                comma = Some(digits);
            }
            _ => return None,
        }
    }
    if !matches!(digits, 1..=LONGEST) || point.is_none() && !is_whole_group(digits, comma) {
        return None;
    }
    let number = whole as f64 / POWERS.get(point.map_or(0, |before| digits - before))?;
    Some(if negative { -number } else { number })
}

/// A number with thousands separators (`211,176.56`), or with a decimal comma (`0,63`). A single
/// comma before three digits separates thousands.
pub(super) fn grouped(text: &str) -> Option<f64> {
    let text = trimmed(text);
    if let Some(number) = short_decimal(text, true) {
        return Some(number);
    }
    if !text.contains(',') {
        return number(text);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.trim_start_matches(['+', '-']).split(',');
    let first = groups.next()?;
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    if digits(first) && first.len() <= 3 && groups.all(|g| g.len() == 3 && digits(g)) {
        return number(&[&whole.replace(',', ""), ".", fraction].concat());
    }
    if whole.matches(',').count() == 1 && !text.contains('.') {
        return number(&text.replace(',', "."));
    }
    None
}

/// A whole number of at least 1, with or without thousands separators.
pub(super) fn count(text: &str) -> Option<u64> {
    let text = trimmed(text);
    let count = if text.bytes().any(|byte| byte == b',') {
        text.replace(',', "").parse()
    } else {
        text.parse()
    };
    count.ok().filter(|&count| count > 0)
}

/// By what a time in this unit is multiplied to be in nanoseconds; `ms/op` and `ns/iter` are times
/// as well. None where the unit is no time.
pub(super) fn time_factor(unit: &str) -> Option<f64> {
    let unit = trimmed(unit);
    let (time, per) = split_once(unit, b"/").unwrap_or((unit, "op"));
    if !matches!(trimmed(per), "op" | "iter" | "iteration") {
        return None;
    }
    match trimmed(time) {
        "min" => Some(60e9),
        "hr" => Some(3600e9),
        "day" => Some(86_400e9),
        time => Unit::time_factor(time),
    }
}

/// A time with its unit, such as `1.23 µs` or `2.66μs`, in nanoseconds.
pub(super) fn duration(text: &str) -> Option<f64> {
    let (value, unit) = quantity(text)?;
    Some(value * time_factor(unit)?)
}

/// A number and the unit behind it, which may be empty.
pub(super) fn quantity(text: &str) -> Option<(f64, &str)> {
    let text = trimmed(text);
    // An `e` belongs to the number only before a digit or a sign.
    let bytes = text.as_bytes();
    let of_number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b',');
    let exponent =
        |at: usize| matches!(bytes.get(at..), Some([b'e' | b'E', b'0'..=b'9' | b'+' | b'-', ..]));
    let end = (0..).zip(bytes).find(|(at, byte)| !of_number(**byte) && !exponent(*at));
    let (number, unit) = text.split_at_checked(end.map_or(text.len(), |(at, _)| at))?;
    Some((grouped(number)?, trimmed(unit)))
}

/// A quantity whose unit may have a prefix, in the unit without it: `34.22 GB/s` is 34.22e9 `B/s`.
/// Prefixes with an `i` are powers of 1024.
pub(super) fn without_prefix<'a>(text: &'a str, units: &[&str]) -> Option<(f64, &'a str)> {
    let (value, unit) = quantity(text)?;
    let (factor, bare) = prefix_of(unit, units)?;
    Some((value * factor, bare))
}

/// What the prefix of a unit stands for, and the unit without it.
pub(super) fn prefix_of<'a>(unit: &'a str, units: &[&str]) -> Option<(f64, &'a str)> {
    let bare = units.iter().find(|bare| unit.ends_with(**bare))?;
    let (prefix, bare) = unit.split_at_checked(unit.len() - bare.len())?;
    Some((prefix_factor(prefix, 1000.0)?, bare))
}

/// What a prefix stands for; `step` is what the prefixes without an `i` are powers of.
pub(super) fn prefix_factor(prefix: &str, step: f64) -> Option<f64> {
    let (letter, step) = match prefix.strip_suffix('i') {
        Some(letter) if !letter.is_empty() => (letter, 1024.0),
        _ => (prefix, step),
    };
    Some(match letter {
        "" => 1.0,
        "k" | "K" => step,
        "M" => step * step,
        "G" | "B" => step * step * step,
        "T" => step * step * step * step,
        "P" | "Q" => step * step * step * step * step,
        "m" => 1e-3,
        "u" | "µ" | "μ" => 1e-6,
        "n" => 1e-9,
        "p" => 1e-12,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_told_from_decimal_commas() {
        for (text, value) in [
            ("211,176.56", Some(211_176.56)),
            ("2,316,757", Some(2_316_757.0)),
            ("1,234,567,890,123,456", Some(1_234_567_890_123_456.0)),
            ("1,234.5e3", Some(1_234_500.0)),
            ("1,234.", Some(1234.0)),
            ("1e3", Some(1000.0)),
            ("1234,567", Some(1234.567)),
            ("1,2345", Some(1.2345)),
            ("-1,655", Some(-1655.0)),
            ("0,63", Some(0.63)),
            ("12,5", Some(12.5)),
            (" 1e-9 ", Some(1e-9)),
            ("1,65,5", None),
            ("1,6.5", None),
            (",", None),
            ("", None),
            ("inf", None),
            ("NaN", None),
            ("1e999", None),
        ] {
            assert_eq!(grouped(text), value, "{text}");
        }
    }

    #[test]
    fn short_numbers_are_read_as_long_ones() {
        for text in [
            "0",
            "-0",
            "+7",
            "1.",
            ".5",
            "-.5",
            "007.250",
            "0.1",
            "1655.3",
            "99999999999999.9",
            "123456789012345",
            "1234567890123456",
            "0.000000000000001",
            "4.35",
            "-2.675",
        ] {
            let there = text.parse::<f64>().ok().map(f64::to_bits);
            assert_eq!(number(text).map(f64::to_bits), there, "{text}");
        }
        for text in [".", "-", "+", "1.2.3", "--1", "1-", "+-1", "1_0"] {
            assert_eq!(number(text), None, "{text}");
        }
        for text in ["+-1,655", "1,234.5,6", "--1,234"] {
            assert_eq!(grouped(text), None, "{text}");
        }
    }

    #[test]
    fn units_of_time_whatever_they_are_per() {
        for (text, nanoseconds) in [
            ("1.5 ns", Some(1.5)),
            ("2.66μs", Some(2660.0)),
            ("20.1 ms", Some(20.1e6)),
            ("0.5 ps", Some(0.0005)),
            ("3 s", Some(3e9)),
            ("2.5 secs/op", Some(2.5e9)),
            ("5 msec", Some(5e6)),
            ("2 us/op", Some(2000.0)),
            ("1,234 ns/iter", Some(1234.0)),
            ("7 MB", None),
            ("ns", None),
            ("5 ms/request", None),
        ] {
            assert_eq!(duration(text), nanoseconds, "{text}");
        }
        assert_eq!(time_factor("min/op"), Some(60e9));
    }

    #[test]
    fn prefixes_are_resolved() {
        let units = ["B/s", "item/s", "B"];
        assert_eq!(without_prefix("34.22 GB/s", &units), Some((34.22e9, "B/s")));
        assert_eq!(without_prefix("1.5 KiB", &units), Some((1536.0, "B")));
        assert_eq!(without_prefix("166.8 Mitem/s", &units), Some((166.8e6, "item/s")));
        assert_eq!(without_prefix("8 B", &units), Some((8.0, "B")));
        assert_eq!(without_prefix("8 xB", &units), None);
        assert_eq!(quantity("1e3e"), Some((1000.0, "e")));
    }
}
