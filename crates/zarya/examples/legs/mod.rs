//! A station with its recorded years, as its answers fly them.

use zarya::Data;
use zarya_station::Station;

/// Returns a station, and its cases of recorded years in order; a case within whose years another begins is not flown.
pub(crate) fn open(data: &Data, station: &str) -> (Station, Vec<Station>) {
    let names = data.overlays(Some(station)).expect("a station");
    let names =
        names.into_iter().map(|(name, _)| name).filter(|n| n.starts_with("scenarios/record-"));
    let open =
        |overlays: &[String]| data.station(Some(station), overlays).expect("a station").station;
    let as_of = |case: &Station| case.identity.as_of;
    let cases: Vec<Station> = names.map(|name| open(&[name])).collect();
    let within = |a: &Station, b: &Station| as_of(a) < as_of(b) && as_of(b) <= a.claim.through;
    let mut legs: Vec<Station> =
        cases.iter().filter(|a| !cases.iter().any(|b| within(a, b))).cloned().collect();
    legs.sort_by_key(as_of);
    (open(&[]), legs)
}
