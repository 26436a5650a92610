//! Stations with more than 256 of a thing: the 300th is the 300th, and not the 44th again.

use crate::bare::{file, histories, plan, station};
use std::fmt::Write as _;
use zarya_simulation::{Outcome, Plan, Variant};

const MANY: usize = 300;
const LAST: usize = MANY - 1;
/// Where a place of eight bits would land.
const WRAPPED: usize = LAST - 256;

const ASSUMED: &str = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n";

/// Unit types with keys of their own; none has a spare unless they say so.
fn units(n: usize, keys: impl Fn(usize) -> String) -> String {
    let mut text = ASSUMED.to_owned();
    for k in 0..n {
        let own = keys(k);
        let _ = write!(
            text,
            "\n[[oru]]\nid = \"u{k}\"\nname = \"U\"\nserves = \"function\"\nsegment = \"core\"\nneeded = 0\n\
             installed = 1\nerror_factor = 1\nmass = \"1 kg\"\nlead_time = \"100000 d\"\n\
             build_time = \"100000 d\"\n{own}"
        );
    }
    text
}

#[test]
fn every_subsystem_counts_its_own_failures() {
    let orus = units(MANY, |k| {
        format!(
            "subsystem = \"s{k:03}\"\nmtbf = \"5 d\"\nspares = {{ aboard = 0, ground = 0 }}\n\
             repair = {{ crew = \"0 h\", where = \"inside\" }}\n"
        )
    });
    let plan = plan(&[("orus/case.toml", &orus)]);
    for outcome in histories(&plan, 1, 2) {
        assert_eq!(outcome.failures_by_subsystem.len(), MANY);
        let silent = outcome.failures_by_subsystem.iter().filter(|n| **n != 1).count();
        assert_eq!(silent, 0, "subsystems that did not fail once");
    }
}

#[test]
fn every_skill_is_its_own() {
    let orus = units(MANY, |k| {
        format!(
            "mtbf = \"10 d\"\nspares = {{ aboard = 1000, ground = 0 }}\n\
             repair = {{ crew = \"0 h\", where = \"inside\", skill = \"s{k:03}\" }}\n"
        )
    });
    // Aboard are people with one skill; a vehicle that never flies would bring the others.
    let skills = |from: usize, to: usize| {
        let each: Vec<String> = (from..to).map(|k| format!("s{k:03} = 1")).collect();
        format!("skills = {{ {} }}", each.join(", "))
    };
    let (head, capsule) = file("vehicles.toml").split_once("[[vehicle]]").expect("the capsule");
    let (capsule, rest) = capsule.split_once("[[vehicle]]").expect("the truck");
    let of = |id: &str, skills: &str| {
        format!("[[vehicle]]{}", capsule.replace("\"capsule\"", &format!("\"{id}\"\n{skills}")))
    };
    let known = of("capsule", &skills(WRAPPED, WRAPPED + 1));
    let others = of("shuttle", &skills(0, MANY));
    let vehicles = format!("{head}{known}{others}[[vehicle]]{rest}");
    let plan = plan(&[("orus/case.toml", &orus), ("vehicles.toml", &vehicles)]);
    let outcome = &histories(&plan, 1, 1)[0];
    assert!(outcome.failures_by_type[WRAPPED] > 50, "{}", outcome.failures_by_type[WRAPPED]);
    for (kind, failures) in outcome.failures_by_type.iter().enumerate() {
        assert!(kind == WRAPPED || *failures == 1, "u{kind} failed {failures} times unrepaired");
    }
}

#[test]
fn every_pad_and_port_is_its_own() {
    let mut vehicles = file("vehicles.toml").to_owned();
    let (before, truck) = vehicles.split_once("id = \"truck\"").expect("the truck");
    let truck = truck.replacen("\"pad\"", &format!("\"p{LAST}\""), 1);
    let truck = truck.replacen("\"port\"", &format!("\"r{LAST}\""), 1);
    vehicles = format!("{before}id = \"truck\"{truck}");
    for k in 0..MANY {
        // All others are out nearly always.
        let rate = if k == LAST { 0 } else { 1000 };
        for (table, id, count) in [("pad", 'p', ""), ("port", 'r', "count = 1\n")] {
            let _ = write!(
                vehicles,
                "\n[[{table}]]\nid = \"{id}{k}\"\nname = \"N\"\n{count}outage_rate = \"{rate} 1/y\"\n\
                 outage = \"50000 d\"\n"
            );
        }
    }
    let manifest = format!(
        "{}\n[[flight]]\nid = \"truck-1\"\nvehicle = \"truck\"\ndate = 2026-06-01\nstay = \"30 d\"\n",
        file("manifest.toml")
    );
    let plan = plan(&[("vehicles.toml", &vehicles), ("manifest.toml", &manifest)]);
    for outcome in histories(&plan, 1, 2) {
        assert_eq!(outcome.counts.cargo_flights, 1);
    }
}

/// Elements that leak behind closed hatches, the n-th of them n + 1 kg a day once its hatch is open.
fn leaking() -> String {
    let mut elements = ASSUMED.to_owned();
    for k in 0..MANY {
        let _ = write!(
            elements,
            "\n[[element]]\nid = \"e{k}\"\nname = \"E\"\nsegment = \"core\"\npartner = \"owner\"\n\
             [element.leak]\nrate = \"{} kg/d\"\ngrowth = \"0 1/y\"\nrelapse_rate = \"0 1/y\"\n\
             relapse_factor = \"0 kg/d\"\npatch_interval = \"100 d\"\npatch_share = 0.5\n\
             isolated_share = 0\nisolate_above = \"10000 kg/d\"\n",
            k + 1
        );
    }
    elements
}

fn last_leak(plan: &Plan, outcome: &Outcome) -> f32 {
    let leak = plan.series.iter().position(|s| s.id == "leak").expect("a series");
    outcome.samples[outcome.samples.len() - plan.series.len() + leak]
}

#[test]
fn every_leak_and_upgrade_is_its_own() {
    // The upgrade that would start repairs of the last leak never comes; one 256 places before it does.
    let mut upgrades = ASSUMED.to_owned();
    for k in 0..MANY {
        let ready = if k == WRAPPED { "2026-02-01" } else { "2060-01-01" };
        let stops = if k == LAST { format!("stops_leak = \"e{LAST}\"\n") } else { String::new() };
        let _ = write!(
            upgrades,
            "\n[[upgrade]]\nid = \"n{k}\"\nname = \"N\"\nsegment = \"core\"\nready = {ready}\ncrew = \"0 h\"\n\
             {stops}"
        );
    }
    let condition = format!(
        "[[condition]]\nid = \"hatch\"\nprovided = \"the hatch stays closed\"\nkind = \"policy\"\n\
         withdraw = [{{ open_hatch = \"e{LAST}\" }}]\nremains = \"a leak\"\nsubstitutes = \"nothing\"\n"
    );
    let changes = [
        ("elements.toml", &*leaking()),
        ("maintenance.toml", &*upgrades),
        ("conditions.toml", &*condition),
    ];
    let variant = Variant { without: vec!["hatch".to_owned()], ..Variant::default() };
    let station = station(&changes);
    let plan = Plan::compile(&station, station.claim.through, &variant).expect("compiles");
    for outcome in histories(&plan, 1, 2) {
        assert_eq!(last_leak(&plan, &outcome), MANY as f32, "kg/d through the last element");
    }
}
