//! What ends before a claim does: flights that nobody has planned and commitments that nobody has made.
//!
//! A claim that outlasts its flights is refuted by the manifest and not by the station; the answer says so first.

use crate::assessment::{Ending, EndingKind};
use zarya_station::Station;
use zarya_station::model::{Flight, Outcome, Vehicle};
use zarya_units::{Date, Mjd};

/// Returns what ends before the claim's last day, the first to end first.
///
/// # Model
///
/// Crews: the last day that anybody planned is due home, where the occupation plan asks for people after it. Cargo: the
/// last planned delivery of something that is used up, by whichever vehicle, where the rest of the span is longer than
/// any time between two deliveries before. Partners:
/// those who provide a capability or fly, and whose commitment in force ends within the span. `without`: conditions
/// that are withdrawn; one that stands in for a commitment not made is said, where the claim needs it.
pub fn endings(station: &Station, through: Date, without: &[String]) -> Vec<Ending> {
    let mut found = partners(station, through, without);
    let flies = |flight: &&Flight| {
        let partner = vehicle(station, flight).map(|vehicle| vehicle.partner.as_str());
        let leaves = partner.and_then(|partner| station.stays_through(partner, without));
        flight.outcome != Outcome::Lost && leaves.is_none_or(|last| flight.date <= last)
    };
    let flights: Vec<&Flight> = station.flights.iter().filter(flies).collect();
    found.extend(crews(station, through, &flights));
    found.extend(cargo(station, through, &flights));
    found.sort_by(|a, b| (a.last, &a.text).cmp(&(b.last, &b.text)));
    found
}

fn vehicle<'s>(station: &'s Station, flight: &Flight) -> Option<&'s Vehicle> {
    station.vehicles.iter().find(|vehicle| vehicle.id == flight.vehicle)
}

fn partners(station: &Station, through: Date, without: &[String]) -> Vec<Ending> {
    let mut found = Vec::new();
    for partner in &station.partners {
        let needed = station.vehicles.iter().any(|v| v.partner == partner.id)
            || station.capabilities.iter().any(|c| c.partner.as_ref() == Some(&partner.id));
        let Some(committed) = partner.committed_through().filter(|last| *last < through) else {
            continue;
        };
        if !needed {
            continue;
        }
        let stays = station.stays_through(&partner.id, without);
        let name = &partner.name;
        let text = match stays.filter(|stays| committed < *stays) {
            Some(stays) => format!(
                "{name} is committed through {committed}; that it stays through {stays} is a condition, not a commitment"
            ),
            None => format!(
                "{name} is committed through {committed}: its flights, its people and what it provides end with that day"
            ),
        };
        found.push(Ending { kind: EndingKind::Partner, last: committed, text });
    }
    found
}

fn crews(station: &Station, through: Date, flights: &[&Flight]) -> Option<Ending> {
    let docked = station.docked.iter().filter(|d| d.crew > 0).map(|d| (d.since, d.until.mjd()));
    let flown = flights.iter().filter(|f| f.crew > 0).map(|f| (f.date, f.date.mjd() + f.stay_d));
    let (last, due) = docked.chain(flown).fold((None::<Date>, f64::NEG_INFINITY), |found, next| {
        (found.0.max(Some(next.0)), found.1.max(next.1))
    });
    // Nobody at all is another matter: loading says so.
    let last = last?;
    let home = Date::from_mjd(due);
    asked_after(station, home.mjd(), through).then(|| Ending {
        kind: EndingKind::Crews,
        last,
        text: format!(
            "No crew flight is planned after {last}: the last crew is due home on {home}, before the claim ends on {through}"
        ),
    })
}

fn cargo(station: &Station, through: Date, flights: &[&Flight]) -> Option<Ending> {
    let fills = |id: &str| station.stocks.iter().any(|stock| stock.id == id && !stock.accumulates);
    let supplies = |f: &&&Flight| f.cargo_kg.iter().any(|(stock, kg)| *kg > 0.0 && fills(stock));
    let days = flights.iter().filter(supplies).map(|f| f.date);
    let (mut last, mut gap_d) = (station.identity.as_of, 0.0_f64);
    let mut any = false;
    for day in days {
        gap_d = gap_d.max(day.mjd() - last.mjd());
        (last, any) = (day, true);
    }
    let rest_d = through.mjd() - last.mjd();
    let needs =
        any || station.stocks.iter().any(|stock| !stock.accumulates && stock.reserve_d.is_some());
    (needs && rest_d > gap_d && asked_after(station, last.mjd() + gap_d, through)).then(|| {
        let text = if any {
            format!(
                "No cargo flight is planned after {last}, {rest_d:.0} days before the claim ends on {through}; until then at most \
                 {gap_d:.0} days lie between two"
            )
        } else {
            format!("No cargo flight is planned at all before the claim ends on {through}")
        };
        Ending { kind: EndingKind::Cargo, last, text }
    })
}

/// Whether the occupation plan asks for anybody between an instant and the claim's end.
fn asked_after(station: &Station, at: Mjd, through: Date) -> bool {
    let end = through.mjd() + 1.0;
    let steps = station.occupation();
    at < end
        && steps.iter().enumerate().any(|(i, step)| {
            let until = steps.get(i + 1).map_or(f64::INFINITY, |next| next.from);
            step.minimum > 0 && step.from < end && at.max(step.from) < until.min(end)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::small_station::{date, small_station};
    use zarya_station::model::Partner;

    #[test]
    fn a_commitment_that_ends_first_is_said() {
        let station = small_station();
        let last = station.partners.iter().filter_map(Partner::committed_through).min();
        let after = last.map_or(date("2030-12-31"), |last| last.plus_days(400));
        // Nobody flies and nobody provides anything there: nothing ends that the claim rests on.
        assert_eq!(endings(&station, after, &[]), []);
    }
}
