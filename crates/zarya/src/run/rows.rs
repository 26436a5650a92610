//! Histories as bytes: what parts are made of.

use zarya_simulation::outcome::Outcome;

/// Returns the rows of `outcomes` one after the other in the Postcard wire format (fields in
/// order, integers as varints, floats as little-endian bits, lists behind their length).
pub(super) fn encode(outcomes: &[Outcome]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(outcomes.len() * 4096);
    for outcome in outcomes {
        bytes = postcard::to_extend(outcome, bytes).expect("an outcome has no unknown lengths");
    }
    bytes
}

/// Reads back what [`encode`] wrote; `None` when the bytes are not whole rows.
pub(super) fn decode(mut bytes: &[u8]) -> Option<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    while !bytes.is_empty() {
        let (outcome, rest) = postcard::take_from_bytes(bytes).ok()?;
        outcomes.push(outcome);
        bytes = rest;
    }
    Some(outcomes)
}
