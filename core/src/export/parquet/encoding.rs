//! Values as bytes (`Encodings.md`).

/// Appends a number in groups of seven bits, the lowest first (ULEB128).
pub(super) fn varint(mut number: u64, bytes: &mut Vec<u8>) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            return bytes.push(low & 0x7f);
        }
        bytes.push(low | 0x80);
    }
}

/// Appends bytes behind their length.
pub(super) fn plain_bytes(text: &[u8], bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend_from_slice(text);
}

/// How many bits numbers up to `largest` take; at least one.
pub(super) fn bit_width(largest: usize) -> u8 {
    let bits = usize::BITS - largest.leading_zeros();
    u8::try_from(bits.clamp(1, 32)).unwrap_or(32)
}

/// Numbers of `width` bits as runs of equal ones and groups of eight (the hybrid of run-length and
/// bit-packed encoding).
pub(super) fn hybrid(numbers: &[u32], width: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = numbers;
    while let Some(first) = rest.first() {
        let equal = rest.iter().take_while(|number| *number == first).count();
        // A run may end within a group of eight; a group of several may only at the end.
        if equal >= 8 || equal == rest.len() {
            let (_, behind) = rest.split_at_checked(equal).unwrap_or((rest, &[]));
            varint((equal as u64) << 1, &mut bytes);
            let value = first.to_le_bytes();
            bytes.extend(value.iter().take(usize::from(width).div_ceil(8)));
            rest = behind;
            continue;
        }
        let groups = rest.chunks(8).take_while(|eight| !(eight.len() == 8 && is_uniform(eight)));
        let groups = groups.count().max(1);
        let (packed, behind) = rest.split_at_checked(groups * 8).unwrap_or((rest, &[]));
        varint((groups as u64) << 1 | 1, &mut bytes);
        pack(packed, width, &mut bytes);
        rest = behind;
    }
    bytes
}

fn is_uniform(numbers: &[u32]) -> bool {
    numbers.windows(2).all(|pair| pair.first() == pair.last())
}

/// Numbers of `width` bits side by side, the lowest bit first, filled up to groups of eight.
fn pack(numbers: &[u32], width: u8, bytes: &mut Vec<u8>) {
    for eight in numbers.chunks(8) {
        let (mut held, mut bits) = (0_u64, 0_u32);
        let filled = eight.iter().copied().chain(std::iter::repeat(0)).take(8);
        for number in filled {
            held |= u64::from(number) << bits;
            bits += u32::from(width);
            while bits >= 8 {
                let [low, ..] = held.to_le_bytes();
                bytes.push(low);
                held >>= 8;
                bits -= 8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `Encodings.md` describes it.
    fn unpacked(mut bytes: &[u8], width: u8, count: usize) -> Vec<u32> {
        let mut numbers = Vec::new();
        while numbers.len() < count {
            let (mut header, mut shift) = (0_u64, 0);
            loop {
                let byte = bytes[0];
                bytes = &bytes[1..];
                header |= u64::from(byte & 0x7f) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            let many = usize::try_from(header >> 1).unwrap();
            if header & 1 == 0 {
                let length = usize::from(width).div_ceil(8);
                let value = (0..length).fold(0, |sum, at| sum | u32::from(bytes[at]) << (8 * at));
                bytes = &bytes[length..];
                numbers.extend(std::iter::repeat_n(value, many));
            } else {
                let bit = |at: usize| u32::from(bytes[at / 8] >> (at % 8) & 1);
                let width = usize::from(width);
                for number in 0..many * 8 {
                    numbers.push((0..width).fold(0, |sum, b| sum | bit(number * width + b) << b));
                }
                bytes = &bytes[many * width..];
            }
        }
        assert!(bytes.is_empty());
        numbers.truncate(count);
        numbers
    }

    #[test]
    fn the_example_of_the_specification() {
        // "the numbers 0 through 7 using bit width 3"
        let mut bytes = Vec::new();
        pack(&[0, 1, 2, 3, 4, 5, 6, 7], 3, &mut bytes);
        assert_eq!(bytes, [0b1000_1000, 0b1100_0110, 0b1111_1010]);
    }

    #[test]
    fn runs_and_groups_are_read_back() {
        let mut long = vec![5; 1000];
        long.extend([1, 2, 3, 4, 5, 6, 7, 0, 1, 2]);
        long.extend([7; 9]);
        long.extend([1, 2, 2]);
        for numbers in
            [vec![], vec![1], vec![0, 1, 0], vec![3; 8], vec![1, 3, 3, 3, 3, 3, 3, 3, 3, 3], long]
        {
            for width in [3, 8, 9, 17, 32] {
                assert_eq!(unpacked(&hybrid(&numbers, width), width, numbers.len()), numbers);
            }
        }
    }

    #[test]
    fn widths() {
        assert_eq!([0, 1, 2, 255, 256].map(bit_width), [1, 1, 2, 8, 9]);
    }
}
