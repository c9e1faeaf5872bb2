use crate::model::Unit;

/// A value with its unit, to three significant digits; times in the unit of time that suits them.
///
/// ```
/// # use driftline_core::{model::Unit, text::quantity};
/// assert_eq!(quantity(1234.5, &Unit::nanoseconds()), "1.23 µs");
/// assert_eq!(quantity(12_345_678.0, &Unit::parse("instructions").0), "12.3 M instructions");
/// ```
pub fn quantity(value: f64, unit: &Unit) -> String {
    if unit.is_time() {
        let size = value.abs();
        let (scale, name) = match () {
            () if size == 0.0 => (1.0, "ns"),
            () if rounded(size) < 1.0 => (1e-3, "ps"),
            () if rounded(size) < 1e3 => (1.0, "ns"),
            () if rounded(size) < 1e6 => (1e3, "µs"),
            () if rounded(size) < 1e9 => (1e6, "ms"),
            () => (1e9, "s"),
        };
        return format!("{} {name}", three_digits(value / scale));
    }
    let size = rounded(value.abs());
    let (scale, prefix) = match () {
        () if size < 1e4 => (1.0, ""),
        () if size < 1e6 => (1e3, "k "),
        () if size < 1e9 => (1e6, "M "),
        () if size < 1e15 => (1e9, "G "),
        () => (1.0, ""),
    };
    let unit = crate::text::terminal(unit.as_str());
    // Prefixes belong to the symbols of units, and not to words.
    let prefix = if unit == "B" || unit.starts_with("B/") { prefix.trim_end() } else { prefix };
    format!("{} {prefix}{unit}", three_digits(value / scale))
}

/// A share or threshold as an unsigned percentage: `20 %`, `99.9 %`.
pub fn share(ratio: f64) -> String {
    // 0.07 × 100 is 7.000000000000001.
    format!("{} %", (ratio * 1e8).round() / 1e6)
}

/// A relative change as a signed percentage: `+12.3 %`, `−4.0 %`, `0.0 %`.
pub fn percent(change: f64) -> String {
    format!("{} %", signed(change))
}

/// The interval of a relative change: `[+3.2, +5.0] %`.
pub fn percent_interval(lower: f64, upper: f64) -> String {
    format!("[{}, {}] %", signed(lower), signed(upper))
}

/// A ratio as a number of per cent.
fn signed(ratio: f64) -> String {
    let percent = ratio * 100.0;
    if percent.is_infinite() {
        // As a ratio it may be within the range of numbers; if not, this is all that is known.
        let side = if ratio > 0.0 { "+" } else { "−" };
        return format!("over {side}1.80e308");
    }
    let digits = match percent.abs() {
        p if p < 99.95 => 1,
        _ => 0,
    };
    if percent.abs() >= 1e6 {
        return format!("{percent:+.2e}").replace('-', "−");
    }
    let text = format!("{percent:+.digits$}");
    if text.bytes().all(|b| matches!(b, b'+' | b'-' | b'0' | b'.')) {
        return "0.0".to_owned();
    }
    text.replace('-', "−")
}

/// `value` rounded to three significant digits, so that 999.9 counts as the 1000 it is shown as.
fn rounded(value: f64) -> f64 {
    super::number(&format!("{value:.2e}")).unwrap_or(value)
}

/// Three significant digits without an exponent, where the number is of ordinary size.
fn three_digits(value: f64) -> String {
    let size = rounded(value.abs());
    match () {
        () if size == 0.0 => "0".to_owned(),
        () if !(1e-3..1e6).contains(&size) => format!("{value:.2e}"),
        () if size < 1.0 => format!("{value:.3}"),
        () if size < 10.0 => format!("{value:.2}"),
        () if size < 100.0 => format!("{value:.1}"),
        () => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_take_the_unit_that_suits() {
        let ns = Unit::nanoseconds();
        for (value, text) in [
            (0.0, "0 ns"),
            (0.25, "250 ps"),
            (9.994, "9.99 ns"),
            (9.996, "10.0 ns"),
            (999.4, "999 ns"),
            (999.6, "1.00 µs"),
            (12_345.0, "12.3 µs"),
            (1.5e9, "1.50 s"),
            (7.2e12, "7200 s"),
            (1e300, "1.00e291 s"),
        ] {
            assert_eq!(quantity(value, &ns), text);
        }
    }

    #[test]
    fn other_units_keep_their_name() {
        assert_eq!(quantity(512.0, &Unit::parse("bytes").0), "512 bytes");
        assert_eq!(quantity(0.5, &Unit::parse("op/s").0), "0.500 op/s");
        assert_eq!(quantity(2.13e9, &Unit::parse("B/s").0), "2.13 GB/s");
        assert_eq!(quantity(12_345.0, &Unit::parse("B").0), "12.3 kB");
        assert_eq!(quantity(-2_500_000.0, &Unit::parse("x").0), "-2.50 M x");
    }

    #[test]
    fn shares_have_no_sign() {
        assert_eq!([0.07, 0.2, 0.999].map(share), ["7 %", "20 %", "99.9 %"]);
    }

    #[test]
    fn percentages_are_signed() {
        assert_eq!(percent(0.25), "+25.0 %");
        assert_eq!(percent(-0.04), "−4.0 %");
        assert_eq!(percent(0.0001), "0.0 %");
        assert_eq!(percent(1.5), "+150 %");
        assert_eq!(percent_interval(-0.01, 0.02), "[−1.0, +2.0] %");
        // Beyond the range of numbers, as a share or already as a ratio.
        assert_eq!(percent(1e307), "over +1.80e308 %");
        assert_eq!(percent_interval(-0.01, f64::INFINITY), "[−1.0, over +1.80e308] %");
    }
}
