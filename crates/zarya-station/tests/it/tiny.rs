//! The teaching station loads, and its values arrive converted and traceable.

use crate::station_folder::tiny;
use zarya_station::{load, render};

#[test]
fn tiny_loads() {
    let files = tiny();
    let (station, warnings) =
        load(&files, &[]).unwrap_or_else(|problems| panic!("{}", render(&problems, &files)));
    assert_eq!(render(&warnings, &files), "");
    assert_eq!(station.identity.id, "tiny");
}
