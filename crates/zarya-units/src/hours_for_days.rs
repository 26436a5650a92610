//! Hours taken for days: groups of times that look 24 times too short or too long beside all others.
//!
//! A published table of mean times between failures was wrong that way for one subsystem, and nothing in
//! it looked wrong line by line. Groups are compared, since single units differ by more.

use crate::HOURS_PER_DAY;
use crate::statistics::quantile;
use std::collections::BTreeMap;

/// Values below which a group, or all others together, say nothing.
pub const LEAST: usize = 3;

/// What may have happened to the values of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// They look divided by 24: days where hours are meant.
    Divided,
    /// They look multiplied by 24: hours where days are meant.
    Multiplied,
}

/// A group whose values look mistaken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Suspect<'a> {
    /// The group.
    pub group: &'a str,
    /// How many values it has.
    pub n: usize,
    /// Their median.
    pub median: f64,
    /// The median of all values outside the group.
    pub median_of_others: f64,
    /// How many times one median is the other, above 1.
    pub ratio: f64,
    /// What it looks like.
    pub mistake: Mistake,
    /// Whether the quartiles on the sides that face each other do not overlap.
    pub apart: bool,
}

/// Returns what a ratio of other values to a group's own looks like, if it is 24 or 1/24 but for a
/// factor of `within`.
pub fn looks(ratio: f64, within: f64) -> Option<Mistake> {
    let near = |wanted: f64| ratio / wanted <= within && wanted / ratio <= within;
    if near(HOURS_PER_DAY) {
        Some(Mistake::Divided)
    } else if near(1.0 / HOURS_PER_DAY) {
        Some(Mistake::Multiplied)
    } else {
        None
    }
}

/// Returns the groups whose median lies 24 times below or above that of all others, but for a factor of
/// `within`, in the order of their names. Groups of fewer than [`LEAST`] say nothing.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
/// use zarya_units::hours_for_days::{Mistake, suspects};
///
/// let groups = BTreeMap::from([
///     ("air", vec![5000.0, 9000.0, 7000.0]),
///     ("water", vec![4000.0, 8000.0, 6000.0]),
///     ("oxygen", vec![200.0, 250.0, 300.0]),
/// ]);
/// let found = suspects(&groups, 3.0);
/// assert_eq!((found[0].group, found[0].mistake), ("oxygen", Mistake::Divided));
/// assert!(found[0].apart && found.len() == 1);
/// ```
pub fn suspects<'a>(groups: &BTreeMap<&'a str, Vec<f64>>, within: f64) -> Vec<Suspect<'a>> {
    let sorted = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values
    };
    let mut found = Vec::new();
    for (group, own) in groups {
        let others = groups.iter().filter(|(name, _)| *name != group);
        let others = sorted(others.flat_map(|(_, values)| values).copied().collect());
        if own.len() < LEAST || others.len() < LEAST {
            continue;
        }
        let own = sorted(own.clone());
        let (median, median_of_others) = (quantile(&own, 0.5), quantile(&others, 0.5));
        let ratio = median_of_others / median;
        let Some(mistake) = looks(ratio, within) else { continue };
        let (low, high) = match mistake {
            Mistake::Divided => (&own, &others),
            Mistake::Multiplied => (&others, &own),
        };
        found.push(Suspect {
            group,
            n: own.len(),
            median,
            median_of_others,
            ratio: ratio.max(1.0 / ratio),
            mistake,
            apart: quantile(low, 0.75) < quantile(high, 0.25),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_are_seen_and_small_groups_are_not() {
        let days = [5000.0, 9000.0, 3000.0, 20_000.0];
        let with = |factor: f64, n: usize| {
            let own = days.iter().take(n).map(|value| value * factor).collect();
            let groups = BTreeMap::from([("a", days.to_vec()), ("b", own)]);
            suspects(&groups, 2.2).iter().map(|s| (s.group.len(), s.mistake)).collect::<Vec<_>>()
        };
        // With two groups each is the other's measure.
        assert_eq!(with(1.0 / 24.0, 4), [(1, Mistake::Multiplied), (1, Mistake::Divided)]);
        assert_eq!(with(24.0, 4), [(1, Mistake::Divided), (1, Mistake::Multiplied)]);
        assert!(with(1.0, 4).is_empty() && with(1.0 / 24.0, 2).is_empty());
        assert_eq!(looks(60.0, 2.2), None);
    }
}
