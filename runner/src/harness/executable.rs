//! Which program it was: equal programs are equal code.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// How many bytes of the hash are kept: 64 bits, which no two of a project's programs share by
/// chance.
const KEPT_BYTES: usize = 8;

/// The first 16 hexadecimal digits of the SHA-256 of a program's file.
pub(super) fn hash(program: &Path) -> io::Result<String> {
    let mut file = File::open(program)?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; 1 << 16];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => break,
            Ok(n) => hasher.update(chunk.get(..n).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let hash = hasher.finalize();
    let kept = hash.iter().take(KEPT_BYTES).fold(0, |kept: u64, &byte| kept << 8 | u64::from(byte));
    Ok(format!("{kept:016x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NIST, "SHA-256 examples": the digest of "abc" begins ba7816bf 8f01cfea.
    #[test]
    fn the_hash_is_sha_256_shortened() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("program");
        std::fs::write(&file, "abc").unwrap();
        assert_eq!(hash(&file).unwrap(), "ba7816bf8f01cfea");
        assert!(hash(&folder.path().join("nosuch")).is_err());
    }
}
