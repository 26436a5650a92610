use super::*;
use crate::air::Outflow;
use crate::case::{Arrival, Change, Held, Leak, Running, What, Zone};
use crate::parameters::Spread;

fn station(crew: f64, volume_m3: f64) -> Case {
    Case::bare(crew, vec![Zone::open("station", volume_m3)])
}

fn held(kind: StockKind, amount: f64) -> Held {
    Held { kind, owner: None, amount }
}

fn running(id: &str, on: bool) -> Running {
    let processor = processor::processor(id).expect("in the table");
    let capacity = if on { processor.capacity } else { Spread::point(0.0) };
    Running::new(processor, capacity, processor.basis)
}

fn p50(answer: &Endurance, id: &str) -> Option<f64> {
    let entry = answer.entries.iter().find(|entry| entry.id == id).expect("watched");
    entry.days_to_limit.p50
}

/// New Scientist 2005-06-20: 40 candles and 110 kg of oxygen are 85 additional days for two.
#[test]
fn june_2005_oxygen_lasts_85_days() {
    let mut case = station(2.0, 425.0);
    case.stocks = vec![held(StockKind::Oxygen, 110.0), held(StockKind::Candles, 40.0)];
    case.running = vec![running("elektron", false)];
    let answer = endurance(&case);
    for id in ["oxygen", "candles"] {
        let days = p50(&answer, id).unwrap();
        assert!((days / 85.0 - 1.0).abs() < 0.03, "{id} {days}");
    }
    assert_eq!(answer.limiting.as_deref(), Some("oxygen"));
    assert!(answer.element_residual < 1e-9, "{}", answer.element_residual);
    let band = answer.entries[0].days_to_limit;
    assert!(band.p05 < band.p50 && band.p50 < band.p95, "{band:?}");
}

/// NASA On-Orbit Status 2004-09-09: 3.5 lb/d of oxygen and 2.5 mmHg/d with Elektron off.
#[test]
fn september_2004_draw_is_as_reported() {
    let mut case = station(2.0, 425.0);
    case.running = vec![running("elektron", false)];
    case.leaks = vec![Leak::steady("station", 0, 0.064)];
    let draw = endurance(&case).draw;
    let pounds = draw.oxygen_kg_d / 0.453_592_37;
    assert!((pounds / 3.5 - 1.0).abs() < 0.15, "{pounds}");
    let drop = -draw.pressure_unsupplied_mmhg_d;
    assert!((drop / 2.5 - 1.0).abs() < 0.15, "{drop}");
}

/// The pressure seen in the run falls at the rate reported for the first day.
#[test]
fn the_run_agrees_with_the_first_day() {
    let mut case = station(2.0, 425.0);
    case.running = vec![running("elektron", false)];
    let mut run = Run::new(&case, Draws::MEDIAN, 1.0);
    let before: f64 = run.model().pressures(run.state(), 0).iter().sum();
    run.advance_to(1.0);
    let after: f64 = run.model().pressures(run.state(), 0).iter().sum();
    let drop = (after - before) / KILOPASCALS_PER_MMHG;
    assert!((drop / endurance(&case).draw.pressure_unsupplied_mmhg_d - 1.0).abs() < 1e-9);
}

/// July 2009 (Aviation Week): canisters for three of six beside the Russian bed, three weeks. At
/// the assumed four crew-days a canister that is 16 canisters.
#[test]
fn canisters_serve_what_the_bed_does_not() {
    let mut case = station(6.0, 800.0);
    case.stocks = vec![held(StockKind::LiohCanisters, 16.0)];
    case.running = vec![running("vozdukh", true), running("cdra-lab", false)];
    let mut point = case.clone();
    point.running[0].capacity = Spread::point(3.12);
    let answer = endurance(&point);
    let days = answer.entries[0].days_at_median_rates.unwrap();
    assert!((days / 21.0 - 1.0).abs() < 0.05, "{days}");
    assert_eq!(answer.limiting.as_deref(), Some("lioh-canisters"));
}

/// A hole of 2 mm: 14.2 psi is reached in about three quarters of a day in 916 m3.
#[test]
fn a_hole_reaches_the_pressure_limit_first() {
    let mut case = station(6.0, 916.0);
    let rate = crate::air::choked_outflow_kg_d(2.0, 101.3, 295.0, 0.8);
    case.leaks = vec![Leak { hole_mm: Some(2.0), ..Leak::steady("hole", 0, rate) }];
    let answer = endurance(&case);
    assert_eq!(answer.limiting.as_deref(), Some("total_pressure"));
    // Oxygen is held from outside, four fifths of the air decays: p = held + rest e^(-t / tau).
    let days = p50(&answer, "total_pressure").unwrap();
    assert!((0.6..1.1).contains(&days), "{days}");
}

#[test]
fn arrivals_in_time_prolong_and_late_ones_do_not() {
    let mut case = station(2.0, 425.0);
    case.stocks = vec![held(StockKind::Oxygen, 110.0)];
    let alone = p50(&endurance(&case), "oxygen").unwrap();
    let arrival = |day| Arrival {
        day,
        partner: Some("roscosmos".to_owned()),
        items: vec![held(StockKind::Oxygen, 40.0)],
    };
    case.arrivals = vec![arrival(59.0)];
    let helped = p50(&endurance(&case), "oxygen").unwrap();
    assert!((helped - alone - 40.0 / 1.632).abs() < 0.2, "{alone} {helped}");
    case.arrivals = vec![arrival(90.0)];
    let late = p50(&endurance(&case), "oxygen").unwrap();
    assert!((late - alone).abs() < 1e-9);
    case.arrivals = vec![arrival(59.0)];
    assert!(
        (p50(&endurance(&case.without(&["roscosmos"])), "oxygen").unwrap() - alone).abs() < 1e-9
    );
}

#[test]
fn a_running_generator_turns_water_into_days() {
    let mut case = station(2.0, 425.0);
    case.stocks = vec![held(StockKind::Oxygen, 50.0), held(StockKind::Water, 500.0)];
    case.running = vec![running("elektron", true)];
    let answer = endurance(&case);
    assert_eq!(p50(&answer, "oxygen"), None);
    let water = p50(&answer, "water").unwrap();
    let rate = 2.0 * crate::crew::table().day.drinking_water + 1.632 * 1.126;
    assert!((water / (500.0 / rate) - 1.0).abs() < 0.01, "{water}");
}

#[test]
fn closed_hatches_have_limits_of_their_own() {
    let mut case = station(3.0, 400.0);
    case.zones.push(Zone {
        id: "russian".to_owned(),
        volume_m3: 300.0,
        segment: Some(processor::Segment::Russian),
        crew: 2.0,
        open: false,
    });
    case.running = vec![running("elektron", false)];
    let answer = endurance(&case);
    let days = p50(&answer, "russian.oxygen_partial_pressure").unwrap();
    let spare = crate::air::mass_kg(101.3 * 0.21 - 17.0, 300.0, crate::matter::molar::O2, 295.0);
    assert!((days / (spare / 1.632) - 1.0).abs() < 0.01, "{days}");
}

/// Ten years of the whole station in hourly steps, with arrivals, failures, hatches, spacewalks and
/// everything running out: no element is made or lost.
#[test]
fn ten_years_of_hours_close_to_1e_9() {
    let mut case = station(7.0, 600.0);
    case.zones[0].segment = Some(processor::Segment::Us);
    case.zones.push(Zone {
        id: "russian".to_owned(),
        volume_m3: 310.0,
        segment: Some(processor::Segment::Russian),
        crew: 3.0,
        open: true,
    });
    case.zones.push(Zone {
        id: "prk".to_owned(),
        volume_m3: 6.0,
        segment: Some(processor::Segment::Russian),
        crew: 0.0,
        open: false,
    });
    case.stocks = vec![
        held(StockKind::Oxygen, 180.0),
        held(StockKind::Nitrogen, 180.0),
        held(StockKind::Water, 2000.0),
        held(StockKind::Food, 3000.0),
        held(StockKind::Candles, 40.0),
        held(StockKind::LiohCanisters, 30.0),
        held(StockKind::Urine, 20.0),
        held(StockKind::Brine, 5.0),
    ];
    case.running = processor::processors().iter().map(|p| running(&p.id, true)).collect();
    let leak = |zone, kg_d, outflow| Leak {
        growth_per_day: 0.0005,
        outflow,
        ..Leak::steady("", zone, kg_d)
    };
    case.leaks = vec![leak(0, 0.2, Outflow::Choked), leak(2, 1.0, Outflow::Laminar)];
    case.arrivals = (1..60)
        .map(|n| Arrival {
            day: f64::from(n) * 61.0,
            partner: None,
            items: vec![
                held(StockKind::Water, 420.0),
                held(StockKind::FoodPacked, 600.0),
                held(StockKind::Oxygen, 40.0),
                held(StockKind::Nitrogen, 20.0),
            ],
        })
        .collect();
    case.changes = (1..360)
        .map(|n| {
            let what = match n % 5 {
                0 => What::Capacity(n % 10, Spread::point(0.0)),
                1 => What::Capacity(n % 10, case.running[n % 10].capacity),
                2 => What::Hatch(1 + n % 2, n % 4 < 2),
                3 => What::Eva(2, 6.5),
                _ => What::LeakShare(n % 2, 0.7),
            };
            Change { day: n as f64 * 10.0 + 0.3, what }
        })
        .collect();
    let mut run = Run::new(&case, Draws::MEDIAN, 1.0 / 24.0);
    let before = run.state().elements();
    for _ in 0..87_660 {
        run.tick();
    }
    let imbalance = run.state().imbalance(&before);
    assert!(imbalance < 1e-9, "{imbalance:e}");
    let negative = run.state().stores.iter().chain(run.state().gas.iter().flatten());
    assert!(negative.copied().all(|mass| mass > -1e-9), "{:?}", run.state());
}

/// Steps and events give the same state: rows are exact whatever the step.
#[test]
fn steps_do_not_change_the_answer() {
    let mut case = station(3.0, 425.0);
    case.stocks = vec![held(StockKind::Oxygen, 30.0), held(StockKind::Water, 300.0)];
    case.running = vec![running("vozdukh", true), running("upa", true), running("wpa", true)];
    case.leaks = vec![Leak::steady("", 0, 0.4)];
    let mut hourly = Run::new(&case, Draws::MEDIAN, 1.0 / 24.0);
    for _ in 0..2400 {
        hourly.tick();
    }
    let mut events = Run::new(&case, Draws::MEDIAN, 1.0);
    events.advance_to(100.0);
    for (a, b) in hourly.state().stores.iter().zip(&events.state().stores) {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }
    for (a, b) in hourly.state().gas[0].iter().zip(&events.state().gas[0]) {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }
}

/// Containers are trash, the water in them lasts like any other; the elements still close.
#[test]
fn packed_water_and_food_leave_their_packaging_behind() {
    let mut case = station(3.0, 425.0);
    let of = |case: &Case, kind: &str| p50(&endurance(case), kind).unwrap();
    case.stocks = vec![held(StockKind::Water, 100.0), held(StockKind::Food, 100.0)];
    let (water, food) = (of(&case, "water"), of(&case, "food"));
    case.stocks = vec![held(StockKind::WaterPacked, 105.0), held(StockKind::FoodPacked, 135.7)];
    assert!((of(&case, "water-packed") / water - 1.0).abs() < 1e-9);
    assert!((of(&case, "food-packed") / food - 1.0).abs() < 1e-9);
    let mut run = Run::new(&case, Draws::MEDIAN, 1.0);
    assert!((run.state().level(Kind::TrashPackaging) - 5.0).abs() < 1e-9);
    let before = run.state().elements();
    run.advance_to(food - 1e-3);
    assert!((run.state().level(Kind::TrashPackaging) - 40.7).abs() < 0.02);
    for (before, after) in before.iter().zip(run.state().elements()) {
        assert!((before - after).abs() < 1e-9 * before.abs().max(1.0));
    }
}

/// Two people are below the least of the American generator, the Russian one serves them running.
#[test]
fn processors_say_their_state() {
    let mut case = station(2.0, 425.0);
    case.running = vec![running("oga", true), running("elektron", true), running("wpa", false)];
    let states: Vec<_> = endurance(&case).processors.iter().map(|now| now.state).collect();
    let [cycling, standby, off] = states[..] else { panic!("{states:?}") };
    assert_eq!(cycling, processor::State::Cycling);
    assert_eq!((standby, off), (processor::State::Standby, processor::State::Off));
}

/// Two people, 100 kg of nitrogen, and 1 kg of air a day leaking at first.
fn with_a_growing_leak(growth_per_day: f64) -> Case {
    Case {
        stocks: vec![held(StockKind::Nitrogen, 100.0)],
        leaks: vec![Leak { growth_per_day, ..Leak::steady("station", 0, 1.0) }],
        ..station(2.0, 425.0)
    }
}

/// Nitrogen held against a leak that grows as exp(g t): integral of r exp(g t) = what is aboard, so
/// it lasts ln(1 + g t0) / g, where t0 is how long it lasts without growth.
#[test]
fn a_growing_leak_drains_nitrogen_as_the_closed_form_says() {
    let lasts = |growth_per_day: f64| {
        let answer = endurance(&with_a_growing_leak(growth_per_day));
        assert!(answer.element_residual < 1e-9, "{}", answer.element_residual);
        p50(&answer, "nitrogen").unwrap()
    };
    let steady = lasts(0.0);
    assert!((steady - 132.8).abs() < 0.1, "{steady}");
    for growth in [-2.0, 1.0, 10.0, 20.0, 100.0] {
        let g = growth / 365.25;
        let exact = math::ln_1p(g * steady) / g;
        let days = lasts(g);
        assert!((days / exact - 1.0).abs() < 1e-3, "{growth}: {days} for {exact}");
    }
}

/// Events between the steps of a growing leak do not change what leaks.
#[test]
fn a_growing_leak_is_the_same_whatever_happens_meanwhile() {
    let mut case = with_a_growing_leak(10.0 / 365.25);
    let alone = p50(&endurance(&case), "nitrogen").unwrap();
    case.changes =
        (0..300).map(|n| Change { day: f64::from(n) * 0.1, what: What::Crew(2.0) }).collect();
    let crowded = p50(&endurance(&case), "nitrogen").unwrap();
    assert!((crowded - alone).abs() < 1e-6, "{crowded} {alone}");
}
