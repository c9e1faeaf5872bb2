/// A pattern for whole texts, in which `*` stands for any characters and `?` for one; nothing escapes
/// them. By itself, because a crate for this brings the tables for ignoring case.
#[derive(Debug, Clone)]
pub(crate) struct Glob {
    pattern: Vec<char>,
}

impl Glob {
    /// The pattern that `text` writes.
    pub(crate) fn new(text: &str) -> Self {
        Self { pattern: text.chars().collect() }
    }

    /// Whether the whole `text` matches. O(pattern · text) at worst, O(text) for ordinary patterns.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let mut rest = text.chars();
        let mut at = 0;
        // After the last `*`: where in the pattern, and what of the text it has not swallowed yet.
        let mut last = None;
        loop {
            let before = rest.clone();
            match (self.pattern.get(at), rest.next()) {
                (Some('*'), _) => {
                    at += 1;
                    rest = before;
                    last = Some((at, rest.clone()));
                }
                (Some(expected), Some(found)) if *expected == '?' || *expected == found => at += 1,
                (None, None) => return true,
                _ => {
                    // That `*` takes one more, where there is one.
                    let Some((after, mut unswallowed)) = last else { return false };
                    if unswallowed.next().is_none() {
                        return false;
                    }
                    (at, rest) = (after, unswallowed.clone());
                    last = Some((after, unswallowed));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_star_is_any_characters_and_a_question_mark_is_one() {
        let matches = |pattern: &str, text: &str| Glob::new(pattern).matches(text);
        assert!(matches("a/*/c", "a/b/b/c") && matches("*", "") && matches("a**c", "abc"));
        assert!(matches("?é*", "aé") && matches("*ab", "aab") && matches("", ""));
        assert!(!matches("a", "A") && !matches("?", "") && !matches("a*", "ba"));
        assert!(!matches("", "a") && !matches("a?c", "abbc") && !matches("*a", "ab"));
    }

    proptest! {
        #[test]
        fn what_matches_is_what_the_crate_matches(
            pattern in "[ab?*é]{0,8}",
            text in "[abé]{0,12}",
        ) {
            let expected = wildmatch::WildMatch::new(&pattern).matches(&text);
            prop_assert_eq!(Glob::new(&pattern).matches(&text), expected, "{} {}", pattern, text);
        }
    }
}
