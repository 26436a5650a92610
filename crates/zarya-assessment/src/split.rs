//! The headline split by who owns the number.

use crate::assessment::{OwnerNote, OwnerShare, Split};
use crate::ensemble::{Ensemble, Tier};
use zarya_station::Station;
use zarya_station::model::{Basis, Owner};

/// Groups of worlds that the jackknife leaves out one by one.
const JACKKNIFE_GROUPS: usize = 40;

/// One history as the split sees it: when its tier broke and whose cause it was.
#[derive(Clone, Copy)]
struct Row {
    at: f64,
    owner: Option<Owner>,
    share: f64,
    group: usize,
}

/// Returns the split of a tier by the owner of each first breach.
///
/// # Model
///
/// Kaplan-Meier: at each breach the survival of its owner is multiplied by one minus the weight
/// that breaks over the weight still at risk; another owner's breach only takes a history out of
/// the risk set. No history is censored before the last day, so the product of the six is the
/// share of histories that keep the tier, exactly. Read as "what would be left if only this owner's
/// causes were real", it rests on causes that strike independently of each other given the date;
/// worlds in which several are worse together bend it a little. `incidence` is the
/// Aalen-Johansen share that each owner really ended, free of that assumption.
/// The errors are a delete-one-group jackknife over worlds.
///
/// # Source
///
/// E. L. Kaplan, P. Meier, J. Amer. Statist. Assoc. 53 (1958) 457-481;
/// O. O. Aalen, S. Johansen, Scand. J. Statist. 5 (1978) 141-150.
pub fn split(ensemble: &Ensemble<'_>, tier: Tier) -> Split {
    let rows = rows(ensemble, tier);
    let whole = survivals(&rows, None);
    let groups = rows.iter().map(|r| r.group + 1).max().unwrap_or(0);
    let mut variance = [0.0; Owner::COUNT];
    if groups > 1 {
        let without: Vec<_> = (0..groups).map(|group| survivals(&rows, Some(group))).collect();
        for (owner, variance) in variance.iter_mut().enumerate() {
            let mean = without.iter().map(|s| s[owner]).sum::<f64>() / groups as f64;
            let squares: f64 = without.iter().map(|s| (s[owner] - mean) * (s[owner] - mean)).sum();
            *variance = squares * (groups - 1) as f64 / groups as f64;
        }
    }
    let share = |owner: Owner| OwnerShare {
        mean: whole[owner as usize],
        standard_error: variance[owner as usize].sqrt(),
        incidence: rows
            .iter()
            .filter(|r| r.owner == Some(owner))
            .fold(0.0, |sum, row| sum + row.share),
    };
    Split {
        systems: share(Owner::Systems),
        debris: share(Owner::Debris),
        crew_transport: share(Owner::CrewTransport),
        medical: share(Owner::Medical),
        fire_toxic_collision: share(Owner::FireToxicCollision),
        crew_rotation: share(Owner::CrewRotation),
    }
}

/// Returns what the owners of the split rest on, from the basis of each hazard's rate and of each
/// vehicle's risk on ascent and entry.
pub fn owner_notes(station: &Station, only_systems: bool) -> Vec<OwnerNote> {
    Owner::every("")
        .into_iter()
        .map(|owner| {
            let mut bases: Vec<Basis> = station
                .hazards
                .iter()
                .filter(|h| h.owner == owner)
                .map(|h| h.rate_per_y.basis)
                .collect();
            if owner == Owner::CrewTransport {
                let risks = station.vehicles.iter().flat_map(|v| [v.ascent_loss, v.entry_loss]);
                bases.extend(risks.flatten().map(|risk| risk.basis));
            }
            bases.sort_unstable();
            bases.dedup();
            let words: Vec<&str> = bases.into_iter().map(rests_on).collect();
            let rests_on = match owner {
                Owner::Systems => "computed here".to_owned(),
                Owner::CrewRotation => "computed here from flights that are late, lost or grounded, and partners that leave".to_owned(),
                Owner::Debris
                | Owner::CrewTransport
                | Owner::Medical
                | Owner::FireToxicCollision => {
                    if words.is_empty() {
                        "no hazard in the files".to_owned()
                    } else {
                        format!("rates {}", words.join(", and "))
                    }
                }
            };
            OwnerNote { owner, rests_on, left_out: only_systems && !owner.is_computed() }
        })
        .collect()
}

fn rests_on(basis: Basis) -> &'static str {
    match basis {
        Basis::Published => "published and passed through",
        Basis::Derived => "derived from published figures",
        Basis::Claimed => "claimed by one side",
        Basis::Assumed => "assumed by us",
        Basis::Disputed => "picked by us from a disputed range",
    }
}

/// Returns the systems' drop between two ensembles of the same worlds and histories, with the
/// jackknife error of the paired difference.
pub fn systems_drop(with: &Ensemble<'_>, without: &Ensemble<'_>, tier: Tier) -> (f64, f64) {
    let (with, without) = (rows(with, tier), rows(without, tier));
    let systems = |rows: &[Row], group| survivals(rows, group)[Owner::Systems as usize];
    let drop = |group| systems(&with, group) - systems(&without, group);
    let groups = with.iter().map(|r| r.group + 1).max().unwrap_or(0);
    if groups < 2 {
        return (drop(None), 0.0);
    }
    let left_out: Vec<f64> = (0..groups).map(|group| drop(Some(group))).collect();
    let mean = left_out.iter().sum::<f64>() / groups as f64;
    let squares: f64 = left_out.iter().map(|d| (d - mean) * (d - mean)).sum();
    if squares == 0.0 {
        // No history differs: the error of half a history that does.
        let effective = 1.0 / with.iter().map(|r| r.share * r.share).sum::<f64>();
        return (drop(None), 0.5_f64.sqrt() / (effective + 1.0));
    }
    (drop(None), (squares * (groups - 1) as f64 / groups as f64).sqrt())
}

/// Histories by time of breach (ties in history order), those that keep the tier last.
fn rows(ensemble: &Ensemble<'_>, tier: Tier) -> Vec<Row> {
    let shares = ensemble.shares();
    let n_worlds = ensemble.worlds().count();
    let groups = n_worlds.clamp(1, JACKKNIFE_GROUPS);
    let mut place = 0;
    let mut rows = Vec::with_capacity(ensemble.outcomes.len());
    for (number, (_, world)) in ensemble.worlds().enumerate() {
        for outcome in world {
            let breach = tier.breach(outcome);
            let owner = breach.map(|breach| ensemble.labels.owner(breach.cause));
            rows.push(Row {
                at: breach.map_or(f64::INFINITY, |b| b.at),
                owner,
                share: shares[place],
                group: number % groups,
            });
            place += 1;
        }
    }
    rows.sort_by(|a, b| a.at.total_cmp(&b.at));
    rows
}

/// Survival of each owner, in the order of the set, leaving out one group of worlds.
fn survivals(rows: &[Row], left_out: Option<usize>) -> [f64; Owner::COUNT] {
    let mut survival = [1.0; Owner::COUNT];
    let mut at_risk_after = 0.0;
    // From the last row to the first: what is at risk is what was already seen.
    for row in rows.iter().rev() {
        if Some(row.group) == left_out || row.share <= 0.0 {
            continue;
        }
        let at_risk = at_risk_after + row.share;
        if let Some(owner) = row.owner {
            survival[owner as usize] *= at_risk_after / at_risk;
        }
        at_risk_after = at_risk;
    }
    survival
}

#[cfg(test)]
mod tests;
