//! Which tools a message may need, by what it says.
//!
//! Every tool that is offered costs the model attention and the request tokens, so only those
//! are offered that some word of the message points to. A word counts as a whole: "update" does
//! not ask for a date.

const CALCULATE: &str = "calculate";
const DATETIME: &str = "datetime";

/// The words that point to a tool, ordered for the search in [`suggest_tools`].
const KEYWORDS: [(&str, &str); 34] = [
    ("add", CALCULATE),
    ("average", CALCULATE),
    ("calculate", CALCULATE),
    ("calculation", CALCULATE),
    ("clock", DATETIME),
    ("compute", CALCULATE),
    ("cosine", CALCULATE),
    ("date", DATETIME),
    ("day", DATETIME),
    ("divide", CALCULATE),
    ("divided", CALCULATE),
    ("hour", DATETIME),
    ("logarithm", CALCULATE),
    ("minus", CALCULATE),
    ("month", DATETIME),
    ("multiplied", CALCULATE),
    ("multiply", CALCULATE),
    ("now", DATETIME),
    ("percent", CALCULATE),
    ("percentage", CALCULATE),
    ("plus", CALCULATE),
    ("sine", CALCULATE),
    ("sqrt", CALCULATE),
    ("subtract", CALCULATE),
    ("sum", CALCULATE),
    ("time", DATETIME),
    ("timestamp", DATETIME),
    ("timezone", DATETIME),
    ("today", DATETIME),
    ("tomorrow", DATETIME),
    ("tonight", DATETIME),
    ("weekday", DATETIME),
    ("year", DATETIME),
    ("yesterday", DATETIME),
];

/// The names of the tools that a message may need, in alphabetical order.
pub fn suggest_tools(message: &str) -> Vec<&'static str> {
    let lower_case = message.to_lowercase();
    let mut tools: Vec<&'static str> = lower_case
        .split(|character: char| !character.is_alphanumeric())
        .filter_map(|word| {
            let index = KEYWORDS.binary_search_by(|(keyword, _)| (*keyword).cmp(word)).ok()?;
            Some(KEYWORDS[index].1)
        })
        .collect();
    if contains_arithmetic(&lower_case) {
        tools.push(CALCULATE);
    }
    tools.sort_unstable();
    tools.dedup();
    tools
}

/// Whether there is an operator between two numbers, as in `2+2` or `2 * (3 - 1)`. A hyphen or
/// a slash counts only with spaces around it: 2024-05-17 and 24/7 are no sums.
fn contains_arithmetic(text: &str) -> bool {
    let bytes = text.as_bytes();
    (0..bytes.len()).any(|index| {
        let (before, after) = (&bytes[..index], &bytes[index + 1..]);
        let is_operator = match bytes[index] {
            b'+' | b'*' | b'^' => true,
            b'-' | b'/' => before.last() == Some(&b' ') && after.first() == Some(&b' '),
            _ => false,
        };
        is_operator
            && matches!(before.trim_ascii_end().last(), Some(b'0'..=b'9' | b')'))
            && matches!(after.trim_ascii_start().first(), Some(b'0'..=b'9' | b'(' | b'-' | b'.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_ordered() {
        assert!(KEYWORDS.is_sorted_by(|left, right| left.0 < right.0));
    }

    #[test]
    fn words_point_to_tools() {
        assert_eq!(suggest_tools("What TIME is it?"), ["datetime"]);
        assert_eq!(suggest_tools("the sum, please"), ["calculate"]);
        assert_eq!(suggest_tools("Compute the average for today, now!"), ["calculate", "datetime"]);
    }

    #[test]
    fn parts_of_words_do_not() {
        for message in ["", "   ", "update the summary sometimes", "holiday mandate", "größer"] {
            assert_eq!(suggest_tools(message), [""; 0], "{message}");
        }
    }

    #[test]
    fn arithmetic_points_to_calculate() {
        for message in ["2+2", "what is 3 * (4 - 1)", "12 - 5?", "(1) ^ 2", "7 / 2", "2 * -1"] {
            assert_eq!(suggest_tools(message), ["calculate"], "{message}");
        }
        for message in ["2024-05-17", "open 24/7", "a + b", "C++ 17", "5 *", "- 5", "**bold**"] {
            assert_eq!(suggest_tools(message), [""; 0], "{message}");
        }
    }
}
