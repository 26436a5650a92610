//! Failures that several copies share.

use super::{Status, Supply};
use crate::course::Course;

/// Who fails when the clock of a copy says that it does.
pub(super) enum Together {
    /// It alone.
    Alone,
    /// It and others, in the order of copies.
    With(Vec<usize>),
    /// Nobody: the failure is that of another member of its group, whose clock tells of it.
    NotNow,
}

impl Supply {
    /// Draws whether a failure of a copy is shared, and with whom.
    ///
    /// # Model
    ///
    /// Of the failures of a copy the share `s_k` is of causes that strike `k` copies of its group of `n`
    /// (`World::together`), each set of `k` equally likely. A set `S` would be told by the clock of each
    /// of its working members, so one that is drawn by member `i`, whose failure rate is `h_i`, strikes with the
    /// probability `m / (w h_i)`: `w` members of `S` work, and `m` is the least of their rates. With `1 - m / h_i`
    /// member `i` fails alone, and else nobody does. Then `S` is struck at the rate `s_k m / C(n-1, k-1)`, whoever
    /// tells of it, and member `i` fails at `Σ_S s_k / C(n-1, k-1) (m + h_i - m) = h_i`: at the rate of its own law,
    /// age and wear, whatever its group shares. Equal copies have `m = h_i`.
    ///
    /// Copies that are down are not struck again, and the rate at which a set is struck does not depend on
    /// how many of it are down.
    pub(super) fn together(&mut self, course: &mut Course<'_>, u: usize) -> Together {
        let Some(group) = course.plan.units[u].group else { return Together::Alone };
        let group = course.plan.groups[usize::from(group)];
        let world = course.world;
        let shares = &world.together[usize::from(group.cause)];
        let draw = self.unit_draw(course, u);
        let mut below = 0.0;
        let struck = shares.iter().position(|share| {
            below += share;
            draw < below
        });
        // Rounding may leave the sum of shares short of the largest draw.
        let struck = struck.map_or(1, |at| at + 1);
        if struck == 1 {
            return Together::Alone;
        }
        let first = group.first_unit as usize;
        let mut members: Vec<usize> =
            (first..first + group.size as usize).filter(|copy| *copy != u).collect();
        // The first places become those of the partners.
        let n = members.len();
        if struck <= n {
            for at in 0..struck - 1 {
                let left = (n - at) as f64;
                let picked = at + ((self.unit_draw(course, u) * left) as usize).min(n - at - 1);
                members.swap(at, picked);
            }
        }
        members.truncate(struck - 1);
        members.retain(|copy| self.units[*copy].status == Status::Working);
        members.push(u);
        members.sort_unstable();
        let rate = |copy: usize| {
            let age_d = course.now - self.units[copy].installed_at;
            let kind = usize::from(course.plan.units[copy].kind);
            world.hazard_per_d(kind, age_d) * self.rate_factor(course, copy)
        };
        let least = members.iter().map(|copy| rate(*copy)).fold(f64::INFINITY, f64::min);
        let own = rate(u);
        // A copy that falls where its rate has a pole, or none by rounding, is like its partners.
        let likeness = if own.is_finite() && own > 0.0 { least / own } else { 1.0 };
        let strikes = likeness / members.len() as f64;
        let draw = self.unit_draw(course, u);
        if draw < strikes {
            if members.len() == 1 { Together::Alone } else { Together::With(members) }
        } else if draw < strikes + 1.0 - likeness {
            Together::Alone
        } else {
            Together::NotNow
        }
    }
}
