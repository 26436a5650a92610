//! SHA-256 digests of bytes and of JSON in RFC 8785 (canonical) form.

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Returns the SHA-256 of `bytes` in lower-case hexadecimal.
pub fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Returns the SHA-256 of the RFC 8785 form of `value`: key order and spacing do not matter.
pub fn of_json(value: &Value) -> String {
    let bytes = serde_json_canonicalizer::to_vec(value).expect("a JSON value is serializable");
    of_bytes(&bytes)
}

/// A digest over parts that arrive one after the other.
#[derive(Clone, Default)]
pub struct Running(Sha256);

impl Running {
    /// Adds bytes. The caller delimits them: `ab` + `c` and `a` + `bc` are the same input.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Returns the digest of all bytes so far, in lower-case hexadecimal.
    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-2, appendix B.1.
    #[test]
    fn abc_has_the_published_digest() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(of_bytes(b"abc"), expected);
    }

    #[test]
    fn key_order_does_not_matter() {
        let a = serde_json::json!({"a": 1.0, "b": [1e-7, 2]});
        let b = serde_json::json!({"b": [0.0000001, 2], "a": 1});
        assert_eq!(of_json(&a), of_json(&b));
    }
}
