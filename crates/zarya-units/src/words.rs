//! Words that were meant.

/// Names compared in a search for the nearest one.
const NEAREST_AMONG: usize = 2_000;

/// Returns the name nearest to `name`, if one is near enough to be meant: few letters differ, or
/// it begins alike.
pub fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, f64, &str)> = None;
    for known in names.take(NEAREST_AMONG).filter(|known| known.len() <= LONGEST) {
        let distance = strsim::osa_distance(name, known);
        let likeness = strsim::jaro_winkler(name, known);
        let near = distance <= name.len().max(known.len()).div_ceil(3) || likeness >= 0.88;
        // The first of equals stays, so that the answer does not depend on luck.
        let nearer = best.is_none_or(|(best_distance, best_likeness, _)| {
            distance < best_distance || (distance == best_distance && likeness > best_likeness)
        });
        if near && nearer {
            best = Some((distance, likeness, known));
        }
    }
    best.map(|(_, _, known)| known)
}

/// Returns how many slips of the pen lead from one word to the other: letters left out, added, changed
/// or swapped with their neighbor.
pub fn slips(one: &str, other: &str) -> usize {
    strsim::osa_distance(one, other)
}
