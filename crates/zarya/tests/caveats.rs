//! What the caveats of the reference station weigh.

use std::sync::atomic::AtomicBool;
use zarya::Data;
use zarya_assessment::assessment::{BreakEvenValue, Caveat, Estimate};
use zarya_assessment::caveats::{Answer, caveats};
use zarya_assessment::ensemble::{Ensemble, Labels, Tier};
use zarya_assessment::split::{owner_notes, split};
use zarya_simulation::{Control, Plan, Variant, ensemble};
use zarya_station::Station;
use zarya_station::model::{Basis, BreakEven, Owner, Role, Scale};

fn iss() -> Station {
    Data::embedded().station(None, &[]).expect("the embedded ISS loads").station
}

/// A break-even whose own band moves the headline by so much.
fn moving(input: &BreakEven, by: f64) -> BreakEvenValue {
    BreakEvenValue {
        id: input.id.clone(),
        what: input.what.clone(),
        scale: input.scale.clone(),
        factor: None,
        factor_error: None,
        low: input.low,
        high: input.high,
        at_low: 0.9,
        at_high: 0.9,
        own_low: Some(0.5),
        own_high: Some(2.0),
        at_own_low: Some(0.9),
        at_own_high: Some(0.9 - by),
        outside_own: false,
        nearly: false,
        station: None,
        at_factor: None,
        standard_error: 0.0,
        bound: None,
        histories: 20,
    }
}

/// The disputed rate of through-holes ranked 37th at 0.0018 while its break-even moved the headline
/// by 0.036: its id does not say "debris", its owner does.
#[test]
fn a_caveat_weighs_what_the_break_even_of_its_value_moves() {
    let station = iss();
    let plan = Plan::compile(&station, station.claim.through, &Variant::default()).unwrap();
    let stop = AtomicBool::new(false);
    let control = Control { threads: 1, histories_per_world: 20, stop: &stop, progress: &|_| {} };
    let outcomes = ensemble::run(&plan, 7, 0..1, &control);
    let labels = Labels::of(&plan);
    let ensemble = Ensemble { labels: &labels, outcomes: &outcomes, weights: &[1.0] };
    let debris = station.break_evens.iter().find(|b| b.scale == Scale::Debris).expect("of the ISS");
    let break_even = [moving(debris, 0.036)];
    let answer = Answer {
        endings: &[],
        ensemble: &ensemble,
        break_even: &break_even,
        ruptures: &[],
        split: &split(&ensemble, Tier::Crewed),
        owners: &[],
        correlations: &[],
        probability: &Estimate::default(),
        effective_worlds: 1000.0,
        complete: true,
        weighted: true,
    };
    let found = caveats(&station, &answer);
    let of = |c: &&Caveat| c.paths.iter().any(|path| path == "hazard.through-hole.rate");
    let rate = found.iter().find(of).expect("disputed");
    assert!(rate.weight >= 0.036, "{rate:?}");
    assert!(rate.touches.contains(&"break-even `debris`".to_owned()), "{rate:?}");
    let rank = found.iter().filter(|c| c.weight > rate.weight && c.basis != "model").count();
    assert!(rank < 12, "{rank} weigh more");
}

/// What an owner's numbers rest on is said by their basis, the risks of ships among them; and what no
/// file states is a fact that is assumed.
#[test]
fn owners_of_the_reference_station_say_what_they_rest_on() {
    let notes = owner_notes(&iss(), false);
    let rests_on = |owner| {
        notes.iter().find(|n| n.owner == owner).map(|n| n.rests_on.as_str()).expect("every owner")
    };
    assert_eq!(rests_on(Owner::CrewTransport), "rates picked by us from a disputed range");
    assert_eq!(rests_on(Owner::Medical), "rates assumed by us");
    let station = Data::embedded().station(Some("tiny"), &[]).expect("tiny loads").station;
    for key in ["ascent_loss", "entry_loss"] {
        let fact = &station.facts[&format!("vehicle.ferry.{key}")];
        assert_eq!((fact.text.as_str(), fact.basis), ("0", Some(Basis::Assumed)));
        assert!(!station.facts.contains_key(&format!("vehicle.freighter.{key}")));
    }
}

/// Whatever a scale of the reference station multiplies or rests on is a value of its files.
#[test]
fn scales_name_values_of_the_files() {
    let station = iss();
    for scale in station.break_evens.iter().map(|b| &b.scale) {
        let moves = scale.moves(&station);
        assert!(!moves.is_empty(), "{scale}");
        for moved in moves.iter().filter(|moved| moved.role != Role::Enters) {
            assert!(station.facts.contains_key(&moved.path), "{scale}: {}", moved.path);
        }
    }
}
