//! Set points, power and cooling inside the balance, beside closed forms worked by hand.

use super::*;
use crate::air;
use crate::case::{
    Arrival, Case, Change, DrawnPer, Held, Leak, OfStation, OwnDraw, OwnRate, Running, StockKind,
    What, Zone,
};
use crate::parameters::Spread;
use crate::processor::{self, Segment};
use crate::run::Run;
use crate::setpoint::SetPoints;
use crate::supply::{Available, Cause, OtherLoad};
use zarya_units::math;

fn station(crew: f64, volume_m3: f64, running: Vec<Running>) -> Case {
    Case { running, ..Case::bare(crew, vec![Zone::open("station", volume_m3)]) }
}

fn unit(id: &str, kg_d: f64, control: Option<SetPoints>) -> Running {
    let processor = processor::processor(id).expect("in the table");
    Running {
        control,
        ..Running::new(processor, Spread::point(kg_d), crate::parameters::Basis::Given)
    }
}

fn band(low_kpa: f64, high_kpa: f64) -> SetPoints {
    SetPoints { low_kpa, high_kpa, least: None }
}

fn leak(kg_d: f64) -> Leak {
    Leak::steady("station", 0, kg_d)
}

fn oxygen_kpa(run: &Run<'_>) -> f64 {
    run.model().pressures(run.state(), 0)[O2]
}

/// Days of the events on which the first processor switches, with the pressure of oxygen there.
fn switchings(case: &Case, days: f64) -> Vec<(f64, f64)> {
    let mut run = Run::new(case, Draws::MEDIAN, 1.0);
    let mut on = run.model().switched_on().next();
    let mut found = Vec::new();
    while run.state().day < days {
        run.advance_toward(days);
        let now = run.model().switched_on().next();
        if now != on {
            found.push((run.state().day, oxygen_kpa(&run)));
            on = now;
        }
    }
    found
}

/// Without a leak the tooth is two straight lines: band / (made - used) up, band / used down.
#[test]
fn a_generator_draws_the_saw_tooth_of_its_set_points() {
    let case = station(6.0, 900.0, vec![unit("oga", 9.2, Some(band(20.5, 21.5)))]);
    let switched = switchings(&case, 60.0);
    let used = 6.0 * 0.816;
    let band_kg = air::mass_kg(1.0, 900.0, molar::O2, 295.0);
    let (up, down) = (band_kg / (9.2 - used), band_kg / used);
    assert!(switched.len() > 15, "{switched:?}");
    for pair in switched.windows(2) {
        let [(from, kpa), (to, _)] = [pair[0], pair[1]];
        let wanted = if kpa > 21.0 { down } else { up };
        assert!(((to - from) / wanted - 1.0).abs() < 1e-6, "{from} {to} {wanted}");
        assert!((kpa - 20.5).abs() < 1e-6 || (kpa - 21.5).abs() < 1e-6, "{kpa}");
    }
}

/// With a leak each side is the exponential `m(t) = s/k + (m - s/k) e^(-k t)`, solved for t.
#[test]
fn a_tooth_with_a_leak_is_an_exponential() {
    let mut case = station(3.0, 400.0, vec![unit("elektron", 5.0, Some(band(20.5, 21.5)))]);
    case.leaks = vec![leak(20.0)];
    assert!(switchings(&case, 30.0).is_empty(), "a leak this large is never filled: it stays on");
    case.leaks = vec![leak(2.0)];
    let per_kpa = air::mass_kg(1.0, 400.0, molar::O2, 295.0);
    let (_, state) = Model::new(&case, &Draws::MEDIAN);
    let k = 2.0 / state.gas[0].iter().sum::<f64>();
    let side = |source: f64, from: f64, to: f64| {
        let equilibrium = source / k / per_kpa;
        math::ln((from - equilibrium) / (to - equilibrium)) / k
    };
    let used = 3.0 * 0.816;
    let (up, down) = (side(5.0 - used, 20.5, 21.5), side(-used, 21.5, 20.5));
    let switched = switchings(&case, 60.0);
    assert!(switched.len() > 8, "{switched:?}");
    for pair in switched.windows(2) {
        let wanted = if pair[0].1 > 21.0 { down } else { up };
        assert!(((pair[1].0 - pair[0].0) / wanted - 1.0).abs() < 1e-6, "{pair:?} {wanted}");
    }
}

/// Between its least and its full rate a modulating generator holds the middle of its band.
#[test]
fn a_modulating_generator_holds_the_middle() {
    let points = SetPoints { least: Some(2.3), ..band(20.0, 21.0) };
    let case = station(6.0, 900.0, vec![unit("oga", 9.2, Some(points))]);
    let mut run = Run::new(&case, Draws::MEDIAN, 1.0);
    run.advance_to(40.0);
    assert!((oxygen_kpa(&run) - 20.5).abs() < 1e-6, "{}", oxygen_kpa(&run));
    assert!((run.flows().oxygen_made - 6.0 * 0.816).abs() < 1e-6);
    assert_eq!(run.holds_until(), f64::INFINITY, "nothing switches any more");
}

/// Two people use less than the American generator's least: it cycles between that and off.
#[test]
fn below_its_least_a_modulating_generator_cycles() {
    let points = SetPoints { least: Some(2.3), ..band(20.5, 21.5) };
    let case = station(2.0, 425.0, vec![unit("oga", 9.2, Some(points))]);
    let switched = switchings(&case, 200.0);
    let used = 2.0 * 0.816;
    let band_kg = air::mass_kg(1.0, 425.0, molar::O2, 295.0);
    let down = band_kg / used;
    // From on up to the middle at full rate, on to the upper pressure at its least.
    let up = 0.5 * band_kg / (9.2 - used) + 0.5 * band_kg / (2.3 - used);
    assert!(switched.len() > 10, "{switched:?}");
    for pair in switched.windows(2) {
        let wanted = if pair[0].1 > 21.0 { down } else { up };
        assert!(((pair[1].0 - pair[0].0) / wanted - 1.0).abs() < 1e-6, "{pair:?} {wanted}");
    }
}

/// A cycle shorter than the threshold is taken at its mean: the water used over a hundred days is
/// that of the saw-tooth to within one tooth.
#[test]
fn an_averaged_cycle_uses_what_the_saw_tooth_uses() {
    let mut case = station(6.0, 900.0, vec![unit("oga", 9.2, Some(band(21.2, 21.25)))]);
    case.stocks = vec![Held { kind: StockKind::Water, owner: None, amount: 9000.0 }];
    case.leaks = vec![leak(0.2)];
    let left = |average_below: f64| {
        let mut run = Run::averaging(&case, Draws::MEDIAN, 1.0, average_below);
        let mut events = 0;
        while run.state().day < 100.0 {
            run.advance_toward(100.0);
            events += 1;
        }
        (run.state().level(Kind::Potable), events)
    };
    let ((saw, many), (mean, few)) = (left(0.0), left(1.0));
    let tooth_kg = air::mass_kg(0.05, 900.0, molar::O2, 295.0);
    assert!((saw - mean).abs() < 1.2 * tooth_kg, "{saw} {mean} {tooth_kg}");
    assert!(many > 300 && few < 10, "{many} {few}");
}

/// The American generator first; the Russian one only when the pressure falls further.
#[test]
fn generators_take_turns_by_their_set_points() {
    let mut case = station(
        6.0,
        900.0,
        vec![
            unit("oga", 9.2, Some(band(20.5, 21.5))),
            unit("elektron", 5.0, Some(band(19.5, 20.0))),
        ],
    );
    let mut run = Run::new(&case, Draws::MEDIAN, 1.0);
    run.advance_to(30.0);
    let outputs = run.model().outputs(run.flows());
    assert_eq!(outputs[1], 0.0, "the first keeps the pressure above the second's band");
    case.changes = vec![Change { day: 30.0, what: What::Capacity(0, Spread::point(0.0)) }];
    let mut run = Run::new(&case, Draws::MEDIAN, 1.0);
    let mut lowest: f64 = 30.0;
    while run.state().day < 90.0 {
        run.advance_toward(90.0);
        lowest = lowest.min(oxygen_kpa(&run));
    }
    // 5.0 kg/d serve six at 4.896: the second takes over and turns the fall at its lower pressure.
    assert!((lowest - 19.5).abs() < 1e-6, "{lowest}");
    assert!(run.flows().unmet[Commodity::Oxygen as usize] == 0.0);
}

/// Stores come in at the lowest `on_below`, when generators that run at full are not enough.
#[test]
fn tanks_hold_the_lowest_switch_on_pressure() {
    let mut case = station(7.0, 900.0, vec![unit("elektron", 5.0, Some(band(20.5, 21.0)))]);
    case.stocks = vec![Held { kind: StockKind::Oxygen, owner: None, amount: 500.0 }];
    let mut run = Run::new(&case, Draws::MEDIAN, 1.0);
    run.advance_to(100.0);
    assert!((oxygen_kpa(&run) - 20.5).abs() < 1e-6);
    let rate = run.flows().stores[store(0, Kind::Oxygen)];
    assert!((rate + 7.0 * 0.816 - 5.0).abs() < 1e-6, "{rate}");
}

/// A bed works downward: on above, off below; canisters bind what is above the upper pressure.
#[test]
fn a_bed_switches_the_other_way_round() {
    let points = band(0.25, 0.45);
    let mut case = station(4.0, 900.0, vec![unit("cdra-lab", 6.312, Some(points))]);
    let mut run = Run::new(&case, Draws::MEDIAN, 1.0);
    run.advance_to(20.0);
    let (mut low, mut high) = (9.0_f64, 0.0_f64);
    while run.state().day < 60.0 {
        run.advance_toward(60.0);
        let kpa = run.model().pressures(run.state(), 0)[CO2];
        (low, high) = (low.min(kpa), high.max(kpa));
    }
    assert!((low - 0.25).abs() < 1e-6 && (high - 0.45).abs() < 1e-6, "{low} {high}");
    case.crew = 7.0;
    case.stocks = vec![Held { kind: StockKind::LiohCanisters, owner: None, amount: 100.0 }];
    let mut run = Run::new(&case, Draws::MEDIAN, 1.0);
    run.advance_to(20.0);
    assert!((run.model().pressures(run.state(), 0)[CO2] - 0.45).abs() < 1e-6);
    assert!(run.flows().stores[store(0, Kind::Lithium)] < 0.0);
}

fn powered(case: &mut Case, us: Option<f64>, russian: Option<f64>) {
    case.supplies.power = [us.map(Available::constant), russian.map(Available::constant)];
}

/// 1.5 kW for a generator of 469 W in standby and 2,971 W at 9.2 kg/d.
#[test]
fn a_generator_short_of_power_makes_what_the_power_allows() {
    let mut case = station(7.0, 900.0, vec![unit("oga", 9.2, None)]);
    powered(&mut case, Some(1.5), None);
    let run = Run::new(&case, Draws::MEDIAN, 1.0);
    let wanted = 9.2 * (1.5 - 0.469) / (2.971 - 0.469);
    assert!((run.flows().oxygen_made / wanted - 1.0).abs() < 1e-9, "{}", run.flows().oxygen_made);
    assert!((run.flows().draws[0].power_kw / 1.5 - 1.0).abs() < 1e-9);
    let (cause, most) = run.flows().units[0].derated.expect("derated");
    assert_eq!(cause, Cause::Power);
    assert!((most / wanted - 1.0).abs() < 1e-9);
    // Enough for what is asked is enough: 7 people need 5.712 kg/d, 2.02 kW.
    powered(&mut case, Some(2.1), None);
    let run = Run::new(&case, Draws::MEDIAN, 1.0);
    assert!((run.flows().oxygen_made - 7.0 * 0.816).abs() < 1e-9);
    assert_eq!(run.flows().units[0].derated, None);
    // Less than standby is dark, and draws nothing.
    powered(&mut case, Some(0.4), None);
    let run = Run::new(&case, Draws::MEDIAN, 1.0);
    assert_eq!((run.flows().oxygen_made, run.flows().draws[0].power_kw), (0.0, 0.0));
}

/// Cooling counts the same way, with the crew's heat taken off first.
#[test]
fn a_bed_short_of_cooling_is_derated_by_it() {
    let mut case = station(6.0, 900.0, vec![unit("cdra-lab", 6.312, None)]);
    case.supplies.cooling[0] = Some(Available::constant(6.0 * 0.1367 + 0.43));
    let run = Run::new(&case, Draws::MEDIAN, 1.0);
    assert!((run.flows().dioxide_removed / 3.156 - 1.0).abs() < 1e-9);
    assert_eq!(run.flows().units[0].derated.map(|(cause, _)| cause), Some(Cause::Cooling));
    assert!((run.flows().draws[0].heat_kw - 6.0 * 0.1367 - 0.43).abs() < 1e-9);
}

/// Higher classes go first; a generator that loses power is replaced by the other one, which then
/// asks for its own power.
#[test]
fn shedding_follows_the_classes_and_others_take_over() {
    let load = |id: &str, power_kw, class| OtherLoad {
        id: id.to_owned(),
        segment: Segment::Us,
        power_kw,
        class,
    };
    let mut case = station(7.0, 900.0, vec![unit("oga", 9.2, None), unit("elektron", 5.0, None)]);
    case.supplies.loads = vec![load("science", 10.0, 3), load("computers", 4.0, 0)];
    powered(&mut case, Some(20.0), Some(2.0));
    let shed = |case: &Case| {
        let run = Run::new(case, Draws::MEDIAN, 1.0);
        let outputs = run.model().outputs(run.flows());
        (outputs[0], outputs[1], run.flows().draws)
    };
    let (oga, elektron, draws) = shed(&case);
    // Equal need, first priority: the American generator makes it all.
    assert!((oga - 7.0 * 0.816).abs() < 1e-9 && elektron == 0.0, "{oga} {elektron}");
    assert_eq!(draws[0].shed_kw, 0.0);
    powered(&mut case, Some(10.0), Some(2.0));
    let (oga, _, draws) = shed(&case);
    assert!((oga - 7.0 * 0.816).abs() < 1e-9);
    assert!((draws[0].shed_kw + draws[0].power_kw - 14.0 - 0.469 - 2.502 * oga / 9.2).abs() < 1e-9);
    assert!((draws[0].power_kw - 10.0).abs() < 1e-9, "science gets the rest");
    powered(&mut case, Some(1.0), Some(2.0));
    let (oga, elektron, draws) = shed(&case);
    assert!((oga - 9.2 * (1.0 - 0.469) / 2.502).abs() < 1e-9);
    assert!((oga + elektron - 7.0 * 0.816).abs() < 1e-9, "Elektron takes over");
    assert!((draws[1].power_kw - 1.2 * elektron / 5.0).abs() < 1e-9);
}

/// What the American segment has left is sent across, as far as the converters pass it.
#[test]
fn the_russian_segment_draws_what_is_sent() {
    let mut case = station(6.0, 900.0, vec![unit("vozdukh", 6.24, None)]);
    powered(&mut case, Some(20.0), Some(0.5));
    let removed = |case: &Case| Run::new(case, Draws::MEDIAN, 1.0).flows().dioxide_removed;
    // 1 kW at the table's 3.12 kg/d, so 0.5 kW is half of that.
    assert!((removed(&case) - 1.56).abs() < 1e-9, "{}", removed(&case));
    case.supplies.transfer_kw = 0.25;
    assert!((removed(&case) - 2.34).abs() < 1e-9);
    powered(&mut case, Some(0.1), Some(0.5));
    assert!((removed(&case) - 1.56 - 0.312).abs() < 1e-9, "no more than there is");
}

/// Capability, then buffer, then limit: the power goes on day 10, the tank lasts, then the cabin.
#[test]
fn a_power_cut_takes_effect_through_the_buffers() {
    let mut case = station(7.0, 900.0, vec![unit("oga", 9.2, None)]);
    case.stocks = vec![Held { kind: StockKind::Oxygen, owner: None, amount: 57.12 }];
    powered(&mut case, Some(20.0), None);
    case.changes = vec![Change { day: 10.0, what: What::Power(Segment::Us, 0.0) }];
    let mut run = Run::new(&case, Draws::MEDIAN, 1.0);
    run.advance_to(19.9);
    assert_eq!(run.flows().unmet[Commodity::Oxygen as usize], 0.0);
    run.advance_to(20.1);
    assert!(run.flows().unmet[Commodity::Oxygen as usize] > 5.0);
    let spare = air::mass_kg(101.3 * 0.21 - 17.0, 900.0, molar::O2, 295.0);
    let days = spare / (7.0 * 0.816);
    run.advance_to(20.0 + days);
    assert!((oxygen_kpa(&run) - 17.0).abs() < 1e-6, "{}", oxygen_kpa(&run));
}

/// Ten years in hours with set points, a supply that changes daily, power cuts and a leak.
#[test]
fn ten_years_with_set_points_and_shedding_close_to_1e_9() {
    let mut case = station(
        7.0,
        900.0,
        processor::processors()
            .iter()
            .map(|p| {
                let control = match p.id.as_str() {
                    "oga" => Some(SetPoints { least: Some(2.3), ..band(20.5, 21.5) }),
                    "elektron" => Some(band(20.0, 20.4)),
                    "cdra-lab" => Some(band(0.3, 0.5)),
                    _ => None,
                };
                Running { control, ..Running::new(p, p.capacity, p.basis) }
            })
            .collect(),
    );
    let held = |kind, amount| Held { kind, owner: None, amount };
    case.stocks = vec![
        held(StockKind::Oxygen, 300.0),
        held(StockKind::Nitrogen, 300.0),
        held(StockKind::Water, 3000.0),
        held(StockKind::Food, 20000.0),
        held(StockKind::LiohCanisters, 60.0),
    ];
    case.leaks = vec![leak(0.3)];
    // A month of beta angles, over and over.
    let daily = (0..3653).map(|day| 5.0 + 2.5 * f64::from(day % 30) / 30.0).collect();
    case.supplies.power = [Some(Available::daily(daily)), Some(Available::constant(1.0))];
    case.supplies.cooling = [Some(Available::constant(5.0)), None];
    case.supplies.transfer_kw = 1.5;
    case.supplies.loads = vec![OtherLoad {
        id: "computers".to_owned(),
        segment: Segment::Us,
        power_kw: 2.0,
        class: 0,
    }];
    case.changes = (1..120)
        .map(|n| {
            let what = match n % 4 {
                0 => What::Capacity(n % 10, Spread::point(0.0)),
                1 => What::Capacity(n % 10, case.running[n % 10].capacity),
                2 => What::Cooling(Segment::Us, if n % 8 < 4 { 1.2 } else { 5.0 }),
                _ => What::Eva(2, 6.5),
            };
            Change { day: n as f64 * 30.0 + 0.4, what }
        })
        .collect();
    let mut run = Run::new(&case, Draws::MEDIAN, 1.0 / 24.0);
    let before = run.state().elements();
    let mut derated = [false; 2];
    for _ in 0..87_660 {
        run.tick();
        for (cause, _) in run.flows().units.iter().filter_map(|unit| unit.derated) {
            derated[usize::from(cause == Cause::Cooling)] = true;
        }
    }
    assert_eq!(derated, [true; 2], "both were short at times");
    let imbalance = run.state().imbalance(&before);
    assert!(imbalance < 1e-9, "{imbalance:e}");
    let negative = run.state().stores.iter().chain(run.state().gas.iter().flatten());
    assert!(negative.copied().all(|mass| mass > -1e-9), "{:?}", run.state());
}

/// Rows are exact whatever the step, with set points and shedding too.
#[test]
fn steps_do_not_change_the_saw_tooth() {
    let mut case = station(
        6.0,
        500.0,
        vec![
            unit("oga", 9.2, Some(band(20.6, 21.4))),
            unit("cdra-lab", 6.312, Some(band(0.3, 0.5))),
        ],
    );
    case.leaks = vec![leak(0.3)];
    powered(&mut case, Some(3.0), None);
    let mut hourly = Run::new(&case, Draws::MEDIAN, 1.0 / 24.0);
    for _ in 0..2400 {
        hourly.tick();
    }
    let mut events = Run::new(&case, Draws::MEDIAN, 1.0);
    events.advance_to(100.0);
    for (a, b) in hourly.state().gas[0].iter().zip(&events.state().gas[0]) {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }
}

#[test]
fn impossible_set_points_and_supplies_are_faults() {
    let faults = |running: Running| station(3.0, 400.0, vec![running]).faults();
    assert!(faults(unit("oga", 9.2, Some(band(20.5, 21.5)))).is_empty());
    let words = |running| faults(running).pop().expect("a fault").message;
    assert!(words(unit("oga", 9.2, Some(band(21.5, 20.5)))).contains("is not below"));
    assert!(words(unit("oga", 9.2, Some(band(16.0, 20.5)))).contains("cross the limit"));
    assert!(words(unit("oga", 9.2, Some(band(20.0, 26.0)))).contains("cross the limit"));
    assert!(words(unit("cdra-lab", 6.0, Some(band(0.5, 0.9)))).contains("cross the limit"));
    assert!(words(unit("upa", 9.0, Some(band(1.0, 2.0)))).contains("no partial pressure"));
    let mut case = station(3.0, 400.0, Vec::new());
    case.changes = vec![Change { day: 1.0, what: What::Power(Segment::Us, 1.0) }];
    assert!(case.faults()[0].message.contains("from nothing stated"));
}

/// Over a grid of crews, volumes, bands and leaks: the pressure never leaves a band that the
/// generator can keep, and nothing switches more often than once in the shortest cycle.
#[test]
fn bands_are_kept_whatever_the_cabin() {
    for (crew, volume) in [(1.0, 60.0), (3.0, 425.0), (7.0, 1005.0)] {
        for width in [0.01, 0.05, 0.3, 1.0] {
            for leak_kg_d in [0.0, 0.5, 5.0] {
                for least in [None, Some(0.5), Some(3.0)] {
                    let points = SetPoints { low_kpa: 21.0 - width, high_kpa: 21.0, least };
                    let mut case = station(crew, volume, vec![unit("oga", 9.2, Some(points))]);
                    case.leaks = vec![leak(leak_kg_d)];
                    let mut run = Run::new(&case, Draws::MEDIAN, 1.0);
                    run.advance_to(5.0);
                    let mut events = 0;
                    while run.state().day < 25.0 {
                        run.advance_toward(25.0);
                        events += 1;
                        let kpa = oxygen_kpa(&run);
                        assert!(
                            kpa > 21.0 - width - 1e-6 && kpa < 21.0 + 1e-6,
                            "{crew} {volume} {width} {leak_kg_d} {least:?}: {kpa}"
                        );
                    }
                    // Each cycle of an hour or more has four marks.
                    assert!(events <= 20 * 24 * 4, "{crew} {volume} {width} {least:?}: {events}");
                }
            }
        }
    }
}

/// Three sides and what a station draws and holds of its own: 2 kg a day go from the third side's water
/// until it is empty, then from the first's; of 100 kg brought only what fits comes aboard.
#[test]
fn a_station_draws_and_holds_what_it_states() {
    let third = Some(Segment::at(2));
    let water = |amount, owner| Held { kind: StockKind::Water, owner, amount };
    let spread = Spread::point(2.0);
    let rate =
        OwnRate { spread, basis: crate::parameters::Basis::Assumed, source: "a case".to_owned() };
    let draw = OwnDraw {
        id: "washing".to_owned(),
        kind: StockKind::Water,
        owner: third,
        rate,
        per: DrawnPer::Station,
        during: None,
        unless: None,
    };
    let mut case = Case {
        stocks: vec![water(50.0, Some(Segment::at(0))), water(20.0, third)],
        arrivals: vec![Arrival { day: 15.0, partner: None, items: vec![water(100.0, third)] }],
        of_station: OfStation {
            sides: vec!["a".to_owned(), "b-c".to_owned(), "station".to_owned()],
            draws: vec![draw],
            capacities: vec![water(60.0, third)],
            ..OfStation::default()
        },
        ..station(0.0, 100.0, vec![unit("wpa", 1.0, None)])
    };
    assert_eq!(case.owner_names(), ["station", "a", "b_c", "station_side"]);
    let levels = |case: &Case, day: f64| {
        let mut run = Run::new(case, Draws::MEDIAN, 1.0);
        let before = run.state().elements();
        run.advance_to(day);
        assert!(run.state().imbalance(&before) < 1e-9);
        [1, 3].map(|owner| run.state().stores[store(owner, Kind::Potable)])
    };
    let near = |got: [f64; 2], expected: [f64; 2]| {
        assert!(got.iter().zip(expected).all(|(got, e)| (got - e).abs() < 1e-6), "{got:?}");
    };
    near(levels(&case, 5.0), [50.0, 10.0]);
    near(levels(&case, 14.0), [42.0, 0.0]);
    near(levels(&case, 16.0), [40.0, 58.0]);
    // Drawn only where its processor does not run.
    case.of_station.draws[0].unless = Some(0);
    near(levels(&case, 14.0), [50.0, 20.0]);
}
