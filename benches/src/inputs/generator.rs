//! Text and bytes from a seed.

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// Common words of different lengths. None of them points the assistant to a tool.
const WORDS: [&str; 32] = [
    "about",
    "across",
    "answer",
    "because",
    "before",
    "between",
    "change",
    "conversation",
    "different",
    "document",
    "every",
    "following",
    "garden",
    "have",
    "important",
    "into",
    "letter",
    "made",
    "message",
    "of",
    "other",
    "paragraph",
    "question",
    "room",
    "second",
    "so",
    "the",
    "through",
    "translate",
    "we",
    "which",
    "would",
];

/// A source of text and bytes that are the same for the same seed.
#[derive(Clone, Debug)]
pub struct Generator {
    random: SplitMix64,
}

impl Generator {
    /// A generator that starts from this seed.
    pub fn new(seed: u64) -> Self {
        Self { random: SplitMix64::seed_from_u64(seed) }
    }

    /// A number below `bound`, each equally likely.
    pub fn below(&mut self, bound: usize) -> usize {
        // The upper bits, by widening multiplication: without the bias of a remainder.
        let number = (u128::from(self.random.next_u64()) * bound as u128) >> 64;
        usize::try_from(number).unwrap_or_default()
    }

    /// One of [`WORDS`].
    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len())]
    }

    /// A sentence of so many words.
    pub fn sentence(&mut self, words: usize) -> String {
        let mut sentence = String::new();
        for position in 0..words {
            if position > 0 {
                sentence.push(' ');
            }
            sentence.push_str(self.word());
        }
        sentence.push('.');
        sentence
    }

    /// So many bytes that no compression would shorten.
    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.random.fill_bytes(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assistant::chat::suggest_tools;

    #[test]
    fn a_seed_always_gives_the_same() {
        // Written down, so that another generator or word list cannot slip in unnoticed.
        assert_eq!(Generator::new(1).sentence(6), "message room would important important second.");
        // SplitMix64 from 1 starts with 0x910a_2dec_8902_5cc1.
        assert_eq!(Generator::new(1).bytes(4), [0xc1, 0x5c, 0x02, 0x89]);
        assert_eq!(Generator::new(7).bytes(100), Generator::new(7).bytes(100));
        assert_ne!(Generator::new(7).bytes(100), Generator::new(8).bytes(100));
    }

    #[test]
    fn no_word_points_to_a_tool() {
        assert_eq!(suggest_tools(&WORDS.join(" ")), [""; 0]);
    }
}
