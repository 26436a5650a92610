//! Histories as bytes: what parts are made of.
//!
//! A part begins with its head, which says of which run it is and which histories follow; head and rows are
//! hashed together, so that a part cannot pass for one of another run:
//!
//! ```text
//! zarya part 4\n   {"of":{"version":…,"seed":…},"part":0,"first_history":0,"histories":500}\n   rows
//! ```

use super::manifest::{Identity, Manifest};
use serde::{Deserialize, Serialize};
use zarya_simulation::outcome::Outcome;

/// What a part begins with. What 0.1.0 wrote begins with a row, and no row begins like this: its first
/// number would be that of history 122, where the first history of a part is a multiple of 500.
const MAGIC: &[u8] = b"zarya part 4\n";

/// Far above the head of a part, which lists the inputs of its run.
const HEAD_BYTES_MAX: usize = 2 << 20;
/// Far above one row: 30 years of samples and thousands of unit types are a tenth of it.
const ROW_BYTES_MAX: usize = 256 << 10;

/// What a part says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    /// Of which run it is.
    pub of: Identity,
    /// Its number.
    pub part: u32,
    /// Its first history.
    pub first_history: u32,
    /// How many.
    pub histories: u32,
}

impl Head {
    /// Returns the head of a part of a run.
    pub(super) fn of(manifest: &Manifest, part: u32) -> Self {
        let histories = manifest.question.part_histories(part);
        let (first_history, histories) = (histories.start, histories.len() as u32);
        Self { of: manifest.identity(), part, first_history, histories }
    }
}

/// Returns the most bytes that so many histories can take before compression.
pub(super) fn bytes_max(histories: usize) -> usize {
    HEAD_BYTES_MAX + histories * ROW_BYTES_MAX
}

/// Returns a part: its head, then the rows of `outcomes` one after the other in the Postcard wire format
/// (fields in order, integers as varints, floats as little-endian bits, lists behind their length).
pub(super) fn encode(head: &Head, outcomes: &[Outcome]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(outcomes.len() * 4096);
    bytes.extend_from_slice(MAGIC);
    serde_json::to_writer(&mut bytes, head).expect("plain values");
    bytes.push(b'\n');
    for outcome in outcomes {
        bytes = postcard::to_extend(outcome, bytes).expect("an outcome has no unknown lengths");
    }
    bytes
}

/// Returns whether this is a part of the form that [`encode`] writes, whole or not.
pub(super) fn is_protected(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Reads the head of a part, and returns the rows behind it; `None` when it has none.
pub(super) fn head(bytes: &[u8]) -> Option<(Head, &[u8])> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let end = rest.iter().take(HEAD_BYTES_MAX).position(|byte| *byte == b'\n')?;
    let (line, rows) = (&rest[..end], &rest[end + 1..]);
    Some((serde_json::from_slice(line).ok()?, rows))
}

/// Reads back the rows that [`encode`] wrote; `None` when the bytes are not whole rows.
pub(super) fn decode(mut rows: &[u8]) -> Option<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    while !rows.is_empty() {
        let (outcome, rest) = postcard::take_from_bytes(rows).ok()?;
        outcomes.push(outcome);
        rows = rest;
    }
    Some(outcomes)
}

/// Returns a part as it lies in its file.
pub(super) fn compress(bytes: &[u8]) -> Vec<u8> {
    snap::raw::Encoder::new().compress_vec(bytes).expect("a part is far below 4 GiB")
}

/// Returns the most bytes that a file of so many histories can have.
pub(super) fn packed_max(histories: usize) -> u64 {
    snap::raw::max_compress_len(bytes_max(histories)) as u64
}

/// Unpacks the file of a part of so many histories; `None` when it is cut off, corrupt, or would become
/// larger than they can be.
pub(super) fn decompress(packed: &[u8], histories: usize) -> Option<Vec<u8>> {
    let length = snap::raw::decompress_len(packed).ok()?;
    // Snappy never shrinks below 1/21 or so of its input.
    if bytes_max(histories) < length || 64 * packed.len() + 64 < length {
        return None;
    }
    snap::raw::Decoder::new().decompress_vec(packed).ok()
}
