//! Numbers in words, and words that were meant.

use crate::math;

/// Letters that make a word the beginning of a name, not of any name.
const BEGUN: usize = 4;
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
        // What was typed may be the beginning of the name.
        let begun = BEGUN <= name.len() && known.starts_with(name);
        let near = begun || distance <= name.len().max(known.len()).div_ceil(3) || likeness >= 0.88;
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

/// Returns a probability in two digits: `0.93`, `0.042`, `> 0.99`, `< 0.01`.
pub fn probability(p: f64) -> String {
    if !p.is_finite() {
        "unknown".to_owned()
    } else if p <= 0.0 {
        "0".to_owned()
    } else if 1.0 <= p {
        "1".to_owned()
    } else if 0.995 < p {
        "> 0.99".to_owned()
    } else if p < 0.005 {
        "< 0.01".to_owned()
    } else if p < 0.0995 {
        significant(p, 2)
    } else {
        format!("{p:.2}")
    }
}

/// Returns a number in so many significant digits without exponent, with separators: `31,000`, `0.042`.
pub fn significant(x: f64, digits: i32) -> String {
    if !x.is_finite() {
        return "unknown".to_owned();
    }
    if x == 0.0 {
        return "0".to_owned();
    }
    let exponent = math::log10(x.abs()).floor() as i32;
    // Rounding may carry into the next power of ten: 0.0996 is 0.10 in two digits.
    let scale = math::pow(10.0, f64::from(digits - 1 - exponent));
    let rounded = (x * scale).round() / scale;
    let exponent = math::log10(rounded.abs()).floor() as i32;
    let decimals = (digits - 1 - exponent).max(0) as usize;
    let text = format!("{rounded:.decimals$}");
    let sign = if x < 0.0 { "\u{2212}" } else { "" };
    format!("{sign}{}", grouped(text.trim_start_matches('-')))
}

/// Puts a comma between thousands of the whole part.
pub fn grouped(text: &str) -> String {
    let (whole, rest) = text.find('.').map_or((text, ""), |at| text.split_at(at));
    let mut out = String::with_capacity(text.len() + 4);
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |w| ("\u{2212}", w));
    out.push_str(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place != 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}
