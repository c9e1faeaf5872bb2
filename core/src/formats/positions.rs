/// A hash for finding equal texts within one file, eight bytes at a time: names are many and long.
pub(super) fn hash_of(text: &str) -> u64 {
    const PRIME: u64 = 0x9e37_79b9_7f4a_7c15; // 2^64 over the golden ratio
    let step = |hash: u64, word: u64| (hash.rotate_left(25) ^ word).wrapping_mul(PRIME);
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let hash = words.iter().fold(text.len() as u64, |h, word| step(h, u64::from_le_bytes(*word)));
    let last = rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let hash = step(hash, last);
    hash ^ (hash >> 32)
}

/// Finds positions by their hashes: a table of twice as many places as there may be positions, each
/// searched for onwards from where its hash points to.
#[derive(Debug)]
pub(super) struct Positions {
    /// Half of the hash, and one more than the position; 0 where there is none.
    places: Vec<(u32, u32)>,
}

impl Positions {
    pub(super) fn new(most: usize) -> Self {
        Self { places: vec![(0, 0); (2 * most + 1).next_power_of_two()] }
    }

    /// The position of that hash which is `same`, or none after putting down `new`.
    pub(super) fn find_or_insert(
        &mut self,
        hash: u64,
        new: usize,
        same: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let mask = self.places.len() - 1;
        #[expect(clippy::cast_possible_truncation, reason = "the lower bits are enough")]
        let (mut at, half) = (hash as usize & mask, (hash >> 32) as u32);
        while let Some(place) = self.places.get_mut(at) {
            match *place {
                (_, 0) => {
                    // What is not put down cannot be found: there is no memory for as many.
                    *place = (half, u32::try_from(new + 1).unwrap_or(0));
                    return None;
                }
                (known, position) if known == half && same(position as usize - 1) => {
                    return Some(position as usize - 1);
                }
                _ => at = (at + 1) & mask,
            }
        }
        None
    }
}
