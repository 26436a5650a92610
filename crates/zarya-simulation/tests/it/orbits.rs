//! An orbit that nobody pushes: when people leave it, and when the station is lost.

use crate::bare::{file, histories, plan};
use zarya_simulation::ensemble;

/// A light station 40 km above its floor, or where people leave it.
fn sinking(leave: &str) -> String {
    file("station.toml")
        .replace("altitude = \"600 km\"", "altitude = \"340 km\"")
        .replace("keep_above = \"300 km\"", "keep_above = \"305 km\"")
        .replace("drag_area = \"0.000001 m2/kg\"", "drag_area = \"0.05 m2/kg\"")
        .replace("floor = \"200 km\"", &format!("floor = \"200 km\"\n{leave}"))
}

/// Air thickens by e every 30 to 40 km at these altitudes: in a step of a whole
/// week the orbit fell from well above the floor to below the ground with people aboard.
#[test]
fn nobody_is_aboard_below_the_altitude_at_which_people_leave() {
    let plan = plan(&[("station.toml", &sinking("crew_leaves_below = \"300 km\""))]);
    let altitude = plan.series.iter().position(|s| s.id == "altitude").expect("a series");
    for history in 0..40 {
        let (outcome, story) = ensemble::tell(&plan, 7, history);
        let told: Vec<&str> = story.iter().map(|n| n.text.as_str()).collect();
        let down = told.iter().position(|t| *t == "The orbit is down to 300 km.");
        let lost =
            told.iter().position(|t| *t == "The orbit is down to 200 km and cannot be held.");
        assert!(down.is_some() && down < lost, "{told:?}");
        assert_eq!(told[down.unwrap() + 1], "All 2 people leave the station.");
        let left = outcome.crewed.expect("people leave");
        let lost = outcome.survives.expect("the station is lost");
        assert!(left.at < lost.at, "{left:?} {lost:?}");
        for row in outcome.samples.chunks(plan.series.len()) {
            assert!(row[altitude] >= 200.0, "{} km", row[altitude]);
        }
    }
}

/// The moment of a crossing is found inside the week, and what comes later does not depend on who left.
#[test]
fn an_orbit_reaches_its_limits_inside_a_week() {
    let high = plan(&[("station.toml", &sinking("crew_leaves_below = \"300 km\""))]);
    let low = plan(&[("station.toml", &sinking("crew_leaves_below = \"290 km\""))]);
    let mut inside = 0;
    for (a, b) in histories(&high, 20, 1).iter().zip(&histories(&low, 20, 1)) {
        let (first, second) = (a.crewed.unwrap().at, b.crewed.unwrap().at);
        // Ten kilometers at some 5 to 20 km a day here.
        assert!(first < second && second < first + 7.0, "{first} {second}");
        inside += u32::from(((first - high.as_of.mjd()) % 7.0) > 1e-9);
        // The end does not depend on who has left.
        let ends = |o: &zarya_simulation::Outcome| o.survives.expect("lost").at;
        assert!((ends(a) - ends(b)).abs() < 0.05, "{} {}", ends(a), ends(b));
    }
    assert_eq!(inside, 20);
}

/// Without the key people stay to the floor, and leave as the station is lost.
#[test]
fn without_an_altitude_of_their_own_people_leave_at_the_floor() {
    let plan = plan(&[("station.toml", &sinking(""))]);
    for outcome in histories(&plan, 5, 1) {
        assert_eq!(outcome.crewed, outcome.survives);
    }
}

/// The truck pushes with its own specific impulse of 300 s, not with the 100 s of the capsule beside it, which
/// has nothing to push with: 5 km from 400 km are 2.828 m/s (v da / 2a), which take 38.44 kg of 40 t; with
/// 100 s it would be 115 kg.
#[test]
fn a_burn_costs_what_the_vehicle_that_pushes_needs() {
    let stock = |id: &str| {
        format!(
            "[[stock]]\nid = \"{id}\"\nname = \"Fuel\"\ninitial = \"0 kg\"\ncapacity = \"1000 kg\"\n"
        )
    };
    let stocks = format!(
        "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n{}{}",
        stock("fuel"),
        stock("other")
    );
    let station = file("station.toml")
        .replace("altitude = \"600 km\"", "altitude = \"400 km\"")
        .replace("keep_above = \"300 km\"", "keep_above = \"401 km\"")
        .replace("reboost_to = \"310 km\"", "reboost_to = \"405 km\"");
    let push = |stock: &str, isp_s: u32, preference: u32| {
        format!(
            "[vehicle.push]\nstock = \"{stock}\"\nisp = \"{isp_s} s\"\npreference = {preference}\n\n"
        )
    };
    let vehicles = file("vehicles.toml");
    let truck = vehicles.rfind("[[vehicle]]").expect("the truck comes last");
    let pad = vehicles.find("[[pad]]").expect("pads");
    let vehicles = vehicles[..truck].to_owned()
        + &push("other", 100, 1)
        + &vehicles[truck..pad]
        + &push("fuel", 300, 2)
        + &vehicles[pad..];
    let manifest = file("manifest.toml").to_owned()
        + "[[flight]]\nid = \"truck-1\"\nvehicle = \"truck\"\ndate = 2026-02-01\nstay = \"30 d\"\n\
           cargo = { fuel = \"200 kg\" }\n";
    let plan = plan(&[
        ("stocks.toml", &stocks),
        ("station.toml", &station),
        ("vehicles.toml", &vehicles),
        ("manifest.toml", &manifest),
    ]);
    for outcome in histories(&plan, 2, 1) {
        assert_eq!(outcome.counts.reboosts, 1);
        assert!((outcome.propellant_kg - 38.44).abs() < 0.1, "{} kg", outcome.propellant_kg);
    }
}

const FUEL: &str = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n\
    [[stock]]\nid = \"fuel\"\nname = \"Fuel\"\ninitial = \"50 kg\"\ncapacity = \"1000 kg\"\n";

/// Engines of the station's own, which burn from that stock.
fn with_engines(station: &str) -> String {
    station.replace(
        "[worlds]",
        "[orbit.push]\nstock = \"fuel\"\nisp = \"300 s\"\npreference = 1\n\n[worlds]",
    )
}

/// 5 km take 38.44 kg of 40 t at 300 s. Of 50 kg that a deorbit may need 30 kg, 20 kg may be burned: the burn is as much
/// smaller.
#[test]
fn a_burn_leaves_the_reserve_of_the_deorbit() {
    let burned = |reserve: &str, stock: &str| {
        let claim = file("claim.toml").replace("source =", &format!("{stock}\nsource ="));
        let station = with_engines(file("station.toml"))
            .replace("altitude = \"600 km\"", "altitude = \"400 km\"")
            .replace("keep_above = \"300 km\"", "keep_above = \"401 km\"")
            .replace("reboost_to = \"310 km\"", "reboost_to = \"405 km\"")
            .replace("deorbit_reserve = \"0 kg\"", &format!("deorbit_reserve = \"{reserve}\""));
        let plan =
            plan(&[("stocks.toml", FUEL), ("station.toml", &station), ("claim.toml", &claim)]);
        let outcome = histories(&plan, 1, 1).remove(0);
        assert_eq!(outcome.counts.reboosts, 1);
        outcome.propellant_kg
    };
    let kept = burned("30 kg", "propellant_stock = \"fuel\"");
    assert!((kept - 20.0).abs() < 1e-6, "{kept}");
    let free = burned("0 kg", "propellant_stock = \"fuel\"");
    assert!((free - 38.44).abs() < 0.1, "{free}");
    // The reserve is one of its own stock.
    let other = burned("30 kg", "");
    assert!((other - 38.44).abs() < 0.1, "{other}");
}

/// Behind an orbit that fell stands what kept everybody from pushing.
#[test]
fn behind_a_fallen_orbit_stands_what_kept_everybody_from_pushing() {
    let sinking = sinking("crew_leaves_below = \"300 km\"");
    let root = |changes: &[(&str, &str)]| {
        let plan = plan(changes);
        let outcome = histories(&plan, 1, 1).remove(0);
        let cause = outcome.crewed.expect("people leave").cause;
        assert_eq!(plan.causes[usize::from(cause.direct)].id, "altitude");
        plan.causes[usize::from(cause.root)].id.clone()
    };
    assert_eq!(root(&[("station.toml", &sinking)]), "altitude");
    let empty = FUEL.replace("50 kg", "0 kg");
    let engines = with_engines(&sinking);
    assert_eq!(root(&[("station.toml", &engines), ("stocks.toml", &empty)]), "fuel");
    let unit = crate::bare::unit("mtbf = \"0.1 d\"\n")
        .replace("serves = \"function\"", "serves = \"attitude\"");
    let tumbling = [("station.toml", &*engines), ("stocks.toml", FUEL), ("orus/case.toml", &*unit)];
    assert_eq!(root(&tumbling), "unit");
    // A vehicle that could push and is not there.
    let vehicles = file("vehicles.toml").replace(
        "[[pad]]",
        "[vehicle.push]\nstock = \"fuel\"\nisp = \"300 s\"\npreference = 1\n\n[[pad]]",
    );
    let away = [("station.toml", &*sinking), ("stocks.toml", FUEL), ("vehicles.toml", &*vehicles)];
    assert_eq!(root(&away), "truck");
}

/// A contingency deorbit takes its reserve, something that pushes, and a held attitude, all at once.
#[test]
fn a_deorbit_is_possible_with_reserve_pusher_and_attitude() {
    let claim = file("claim.toml").replace("source =", "propellant_stock = \"fuel\"\nsource =");
    let share = |reserve: &str, engines: bool, attitude: bool| {
        let station = file("station.toml")
            .replace("deorbit_reserve = \"0 kg\"", &format!("deorbit_reserve = \"{reserve}\""));
        let station = if engines { with_engines(&station) } else { station };
        let unit = crate::bare::unit("mtbf = \"0.1 d\"\n");
        let unit = if attitude {
            unit
        } else {
            unit.replace("serves = \"function\"", "serves = \"attitude\"")
        };
        let plan = plan(&[
            ("stocks.toml", FUEL),
            ("station.toml", &station),
            ("claim.toml", &claim),
            ("orus/case.toml", &unit),
        ]);
        histories(&plan, 1, 1).remove(0).deorbit_share
    };
    assert_eq!(share("30 kg", true, true), 1.0);
    assert_eq!(share("51 kg", true, true), 0.0);
    assert_eq!(share("30 kg", false, true), 0.0);
    // The unit fails within the first week: of the first look alone nothing is known yet.
    assert!(share("30 kg", true, false) < 0.01);
}
