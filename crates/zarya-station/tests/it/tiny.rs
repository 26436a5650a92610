//! The teaching station loads, and its values arrive converted and traceable.

use crate::station_folder::{Files, read, shipped, tiny};
use zarya_station::model::{Basis, Effect, Outcome, Precision, Rule, Value};
use zarya_station::{Station, load, render};

fn station_with(overlays: &Files) -> Station {
    let files = tiny();
    match load(&files, overlays) {
        Ok((station, warnings)) => {
            assert_eq!(render(&warnings, &files), "");
            station
        }
        Err(problems) => panic!("{}", render(&problems, &[files, overlays.clone()].concat())),
    }
}

fn overlay(text: &str) -> Files {
    vec![("overlay.toml".to_owned(), text.as_bytes().to_vec())]
}

fn days(value: Value) -> f64 {
    value.value
}

#[test]
fn values_arrive_in_the_units_of_their_fields() {
    let station = station_with(&Vec::new());
    assert_eq!(station.identity.id, "tiny");
    assert_eq!(station.identity.mass_kg.value, 60_000.0);
    assert_eq!(station.identity.mass_kg.basis, Basis::Published);
    let unit = |id: &str| station.orus.iter().find(|oru| oru.id == id).unwrap();
    assert_eq!(days(unit("electrolysis-stack").mtbf_d), 30_000.0 / 24.0);
    assert_eq!(days(unit("solar-array").mtbf_d), 40.0 * 365.25);
    assert_eq!(unit("solar-array").subsystem, "power");
    assert_eq!(unit("solar-array").needed, 4, "`needed` defaults to `installed`");
    assert_eq!((unit("battery").spares_aboard, unit("battery").spares_ground), (Some(1), None));
    assert_eq!(unit("battery").beta.value, 0.05);
    let repair = unit("electrolysis-stack").repair_crew_h;
    assert_eq!((repair.low, repair.value, repair.high), (6.0, 12.0, 24.0));
    assert_eq!(station.elements[2].leak.as_ref().unwrap().rate_kg_d.basis, Basis::Claimed);
    let hazard = station.hazards.iter().find(|hazard| hazard.id == "fire").unwrap();
    assert!(matches!(&hazard.outcomes[0].1,
        Effect::Disable { capability, duration_d } if capability == "carbon-dioxide-removal" && duration_d.value == 1.0));
}

#[test]
fn rules_needs_and_dates_are_read() {
    let station = station_with(&Vec::new());
    let capability = |id: &str| station.capabilities.iter().find(|c| c.id == id).unwrap();
    assert_eq!(capability("attitude").rule, Rule::Any);
    match &capability("oxygen-supply").rule {
        Rule::Demand { demand, per_crew } => assert!(*per_crew && demand.value == 0.84),
        other => panic!("{other:?}"),
    }
    assert_eq!(
        capability("control").needs.iter().map(|n| n.least).collect::<Vec<_>>(),
        [0.25, 0.5]
    );
    let beta = &station.partners[1].commitments;
    assert_eq!(beta[0].through.to_string(), "2026-12-31");
    assert_eq!((beta[0].precision, beta[1].basis), (Precision::Year, Basis::Claimed));
    let certificate = &station.elements[2].certificates[0];
    assert_eq!(certificate.alternatives[0].0.to_string(), "2028-12-31");
}

/// 182 days from 2026-04-07 and 120 days from 2026-03-01, counted by hand.
#[test]
fn services_are_spelled_out() {
    let station = station_with(&Vec::new());
    let ids: Vec<&str> = station.flights.iter().map(|flight| flight.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "supply-2026-03-01",
            "crew-rotation-2026-04-07",
            "supply-2026-06-29",
            "array-delivery",
            "crew-rotation-2026-10-06",
            "supply-2026-10-27",
            "supply-2027-02-24",
            "crew-rotation-2027-04-06",
            "supply-2027-06-24",
            "crew-rotation-2027-10-05",
            "supply-2027-10-22",
        ]
    );
    assert!(station.flights.iter().all(|flight| flight.outcome == Outcome::Planned));
    assert_eq!(station.flights[0].cargo_kg[0], ("food".to_owned(), 700.0));
}

#[test]
fn every_fact_says_where_it_stands() {
    let files = tiny();
    let station = station_with(&Vec::new());
    let fact = &station.facts["oru.coolant-pump.mtbf"];
    assert_eq!((fact.text.as_str(), fact.basis), ("8 y", Some(Basis::Published)));
    assert_eq!(fact.source.as_deref(), Some("specification"));
    let inherited = &station.facts["oru.coolant-pump.mass"];
    assert_eq!(inherited.why.as_deref(), Some("a round value for teaching"));
    for (path, fact) in &station.facts {
        for place in &fact.chain {
            let (_, bytes) = files.iter().find(|(name, _)| *name == place.file).unwrap();
            let text = std::str::from_utf8(bytes).unwrap();
            let rest: String =
                text.lines().nth(place.line - 1).unwrap().chars().skip(place.column - 1).collect();
            let plain = rest.trim_start_matches('"').starts_with(&fact.text);
            let spelled_out = path.starts_with("flight.") || path.ends_with(".subsystem");
            assert!(plain || rest.starts_with('{') || spelled_out, "{path}: {rest}");
        }
    }
}

#[test]
fn overlays_set_add_and_remove() {
    let text = r#"
why = "three operations"
[[remove]]
path = "flight.supply-*"
[[set]]
path = "oru.scrubber.mtbf"
value = { value = "3 y", low = "1 y", high = "4 y", basis = "assumed", why = "two years of running" }
[[set]]
path = "oru.*.error_factor"
value = 2
[[set]]
path = "element.tail.leak.rate.high"
value = "1 kg/d"
[[set]]
path = "stock.water.draw.0.rate"
value = "2.5 kg/d"
why = "less washing"
[[add]]
table = "flight"
[add.value]
id = "relief"
vehicle = "freighter"
date = 2026-05-01
stay = "30 d"
"#;
    let station = station_with(&overlay(text));
    assert!(station.flights.iter().all(|flight| !flight.id.starts_with("supply")));
    assert!(station.flights.iter().any(|flight| flight.id == "relief"));
    let scrubber = station.orus.iter().find(|oru| oru.id == "scrubber").unwrap();
    assert_eq!(scrubber.mtbf_d.low, 365.25);
    assert!(station.orus.iter().all(|oru| oru.error_factor.value == 2.0));
    assert_eq!(station.elements[2].leak.as_ref().unwrap().rate_kg_d.high, 1.0);
    let fact = &station.facts["stock.water.draw.0.rate"];
    assert_eq!((fact.basis, fact.why.as_deref()), (Some(Basis::Assumed), Some("less washing")));
    let files: Vec<&str> = fact.chain.iter().map(|place| place.file.as_str()).collect();
    assert_eq!(files, ["stocks.toml", "overlay.toml"]);
}

#[test]
fn later_overlays_win_and_the_digest_knows() {
    let set = |mtbf: &str| {
        format!("why = \"x\"\n[[set]]\npath = \"oru.scrubber.mtbf\"\nvalue = \"{mtbf}\"\n")
            .into_bytes()
    };
    let one = ("a.toml".to_owned(), set("1 y"));
    let two = ("b.toml".to_owned(), set("2 y"));
    let mtbf = |overlays: &Files| {
        let station = station_with(overlays);
        let scrubber = station.orus.iter().find(|oru| oru.id == "scrubber").unwrap();
        (
            days(scrubber.mtbf_d) / 365.25,
            station.digest,
            station.facts["oru.scrubber.mtbf"].chain.len(),
        )
    };
    let (first, digest, chain) = mtbf(&vec![one.clone(), two.clone()]);
    assert_eq!((first, chain), (2.0, 3));
    let (second, other, _) = mtbf(&vec![two.clone(), one]);
    assert_eq!(second, 1.0);
    assert_ne!(digest, other);
    // The order in which files are handed over does not matter, nor where an overlay lies.
    let mut shuffled = tiny();
    shuffled.reverse();
    let (again, _) = load(&shuffled, &[]).unwrap();
    assert_eq!(again.digest, station_with(&Vec::new()).digest);
    let (_, here, _) = mtbf(&vec![two.clone()]);
    let (_, there, _) = mtbf(&vec![("elsewhere/b.toml".to_owned(), two.1)]);
    assert_eq!(here, there);
}

#[test]
fn its_own_overlays_load() {
    for folder in ["scenarios", "beliefs"] {
        for (name, bytes) in read(&shipped("tiny").join(folder)) {
            let station = station_with(&vec![(name, bytes)]);
            assert_eq!(station.identity.id, "tiny");
        }
    }
}
