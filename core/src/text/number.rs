/// Reads a decimal number as `str::parse` does, to the last bit; `None` where the text is none, and
/// where it is infinite, too large, or "nan". By serde's reader of numbers, which is in every program that
/// reads JSON: the standard library's has tables of ten kilobytes of its own.
pub(crate) fn number(text: &str) -> Option<f64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => ("-", text.get(1..)?),
        b'+' => ("", text.get(1..)?),
        _ => ("", text),
    };
    let at = digits.find(['e', 'E']).unwrap_or(digits.len());
    let (mantissa, exponent) = digits.split_at_checked(at)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    // JSON has no number that begins with a point or a further zero, or ends with a point.
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if fraction.is_empty() { "" } else { "." };
    serde_json::from_slice([sign, whole, point, fraction, exponent].concat().as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_number_is_none() {
        for text in
            ["", "-", ".", "+", "e5", ".e5", "1e", "1e+", "--1", "1.2.3", "0x1", "1 ", "1_0", "é"]
        {
            assert_eq!(number(text), None, "{text:?}");
            assert!(text.parse::<f64>().is_err(), "{text:?}");
        }
        for text in ["inf", "-infinity", "NaN", "1e400"] {
            assert_eq!(number(text), None, "{text:?}");
        }
        for text in ["1.", ".5", "+3", "-.5e-3", "007", "00", "-0", "1e-400", "1E5"] {
            assert_eq!(
                number(text).map(f64::to_bits),
                text.parse().ok().map(f64::to_bits),
                "{text:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn numbers_are_read_as_the_standard_library_reads_them(
            text in r"[+-]?[0-9]{0,25}(\.[0-9]{0,25})?([eE][+-]?[0-9]{1,3})?",
        ) {
            let there = text.parse::<f64>().ok().filter(|value| value.is_finite());
            prop_assert_eq!(number(&text).map(f64::to_bits), there.map(f64::to_bits), "{}", text);
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,12}") {
            let there = text.parse::<f64>().ok().filter(|value| value.is_finite());
            prop_assert_eq!(number(&text).map(f64::to_bits), there.map(f64::to_bits), "{}", text);
        }
    }
}
