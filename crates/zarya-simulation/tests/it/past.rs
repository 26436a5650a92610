//! The recorded years before a history: what they hand over, and what they say about a world.

use crate::bare::{assert_share, file, histories, plan, plan_through, share, unit};
use std::sync::atomic::AtomicBool;
use zarya_simulation::ensemble::Leg;
use zarya_simulation::sufficiency::{Horizon, lasting};
use zarya_simulation::{Control, Outcome, Plan, Timeline, Variant, ensemble};
use zarya_units::math;

/// Days of the claim, and of the four years 2022 to 2025 before it.
const AFTER_D: f64 = 1096.0;
const BEFORE_D: f64 = 1461.0;

/// The recorded years: the same station from 2022 on, with what is changed.
fn years(changes: &[(&str, &str)], through: &str) -> Plan {
    let station = file("station.toml").replace("as_of = 2026-01-01", "as_of = 2022-01-01");
    let manifest = file("manifest.toml").replace("2025-12-31", "2021-12-31");
    let sources = file("sources.toml").replace("2025-01-01", "2021-01-01");
    let then = [
        ("station.toml", station.as_str()),
        ("manifest.toml", manifest.as_str()),
        ("sources.toml", sources.as_str()),
    ];
    plan_through(&[&then, changes].concat(), through)
}

fn flown(past: &[&Plan], plan: &Plan, worlds: u32, per_world: u32) -> Vec<Outcome> {
    let stop = AtomicBool::new(false);
    let control =
        Control { threads: 1, histories_per_world: per_world, stop: &stop, progress: &|_| {} };
    ensemble::run(Timeline::new(past.iter().copied(), plan), 7, 0..worlds, &control)
}

/// `function` sends all away when it is short.
fn drives_out() -> String {
    file("capabilities.toml").replace(
        "id = \"function\"",
        "id = \"function\"\non_empty = \"evacuate\"\nbuffer = \"0 d\"",
    )
}

/// A unit that is not repaired, of shape 2: it must last the four recorded years and the three of the claim, from an age
/// between nothing and its mean life at the beginning of the first.
#[test]
fn units_keep_what_they_have_run_and_what_has_failed() {
    let mean_d = 4000.0;
    let units = unit("mtbf = \"4000 d\"\nshape = 2\n");
    let changes = [("orus/unit.toml", units.as_str())];
    let (before, after) = (years(&changes, "2025-12-31"), plan(&changes));
    let outcomes = flown(&[&before], &after, 3_000, 1);
    let scale_d = mean_d / math::tgamma(1.5);
    let survival = |age_d: f64| math::exp(-(age_d / scale_d) * (age_d / scale_d));
    let steps = 1000;
    let lasts = |span_d: f64| {
        let at = |i: i32| (f64::from(i) + 0.5) / f64::from(steps) * mean_d;
        (0..steps).map(|i| survival(at(i) + span_d) / survival(at(i))).sum::<f64>()
            / f64::from(steps)
    };
    let place = after.capabilities.iter().position(|c| c.id == "function").unwrap();
    let never_short = |o: &Outcome| o.short_d[place] == 0.0;
    assert_share(share(&outcomes, never_short), lasts(BEFORE_D + AFTER_D), outcomes.len());
    // Nothing known was missed: that a function was short forces nobody out here.
    assert!(outcomes.iter().all(Outcome::past_held));
    // Without recorded years it has to last the claim alone.
    let alone = histories(&after, 3_000, 1);
    assert_share(share(&alone, never_short), lasts(AFTER_D), alone.len());
}

/// Years that nobody recorded, between the record and the first day: units run on.
#[test]
fn a_gap_in_the_record_is_lived_through() {
    let units = unit("mtbf = \"2500 d\"\n");
    let changes = [("orus/unit.toml", units.as_str())];
    let (before, after) = (years(&changes, "2022-12-31"), plan(&changes));
    let outcomes = flown(&[&before], &after, 4_000, 1);
    let place = after.capabilities.iter().position(|c| c.id == "function").unwrap();
    let never_short = share(&outcomes, |o| o.short_d[place] == 0.0);
    assert_share(never_short, math::exp(-(BEFORE_D + AFTER_D) / 2500.0), outcomes.len());
}

/// What worlds do not know of a rate, a gamma law of shape 2, is learned from four years in which nobody had to leave: the
/// chance of none in the next three is `((2 M + T) / (2 M + T + t))²` for a mean time `M`, beside `(2 M / (2 M + t))²` before.
#[test]
fn worlds_that_make_the_past_are_those_whose_rate_is_low() {
    let (units, capabilities) = (unit("mtbf = \"4000 d\"\nrate_shape = 2\n"), drives_out());
    let changes =
        [("orus/unit.toml", units.as_str()), ("capabilities.toml", capabilities.as_str())];
    let (before, after) = (years(&changes, "2025-12-31"), plan(&changes));
    let outcomes = flown(&[&before], &after, 5_000, 2);
    let held: Vec<Outcome> = outcomes.iter().filter(|o| o.past_held()).cloned().collect();
    let none = |seen: f64, ahead: f64| {
        let share = (8000.0 + seen) / (8000.0 + seen + ahead);
        share * share
    };
    // Two histories of a world are not independent: errors as of one.
    assert_share(share(&outcomes, Outcome::past_held), none(0.0, BEFORE_D), outcomes.len() / 2);
    let crewed = |o: &Outcome| o.crewed.is_none();
    assert_share(share(&held, crewed), none(BEFORE_D, AFTER_D), held.len() / 2);
    // Who was forced out then begins whole all the same: the known state of the first day holds for all.
    assert_share(share(&outcomes, crewed), none(0.0, AFTER_D), outcomes.len() / 2);
    assert!(none(BEFORE_D, AFTER_D) - none(0.0, AFTER_D) > 0.025);
}

/// Two spans: each history says of each whether it went as known, and what lies behind the first day of the next says nothing.
#[test]
fn each_leg_is_judged_to_the_first_day_of_the_next() {
    let (units, capabilities) = (unit("mtbf = \"1000 d\"\n"), drives_out());
    let changes =
        [("orus/unit.toml", units.as_str()), ("capabilities.toml", capabilities.as_str())];
    // The first span's plan goes on to 2028, and is flown to the end of 2025 alone.
    let (before, after) = (years(&changes, "2028-12-31"), plan(&changes));
    let outcomes = flown(&[&before], &after, 2_000, 1);
    assert_share(
        share(&outcomes, Outcome::past_held),
        math::exp(-BEFORE_D / 1000.0),
        outcomes.len(),
    );
    let station = file("station.toml").replace("as_of = 2026-01-01", "as_of = 2024-01-01");
    let manifest = file("manifest.toml").replace("2025-12-31", "2023-12-31");
    let sources = file("sources.toml").replace("2025-01-01", "2021-01-01");
    let then = [
        ("station.toml", station.as_str()),
        ("manifest.toml", manifest.as_str()),
        ("sources.toml", sources.as_str()),
    ];
    let second = plan_through(&[&then[..], &changes].concat(), "2025-12-31");
    let outcomes = flown(&[&before, &second], &after, 2_000, 1);
    for (leg, days) in [(0, 730.0), (1, 731.0)] {
        let held = share(&outcomes, |o| o.past_missed >> leg & 1 == 0);
        assert_share(held, math::exp(-days / 1000.0), outcomes.len());
    }
    assert!(outcomes.iter().all(|o| o.past_missed < 4));
}

/// The types of the recorded years may stand in another order, and the station may have more of them: each keeps its own.
#[test]
fn types_are_handed_over_by_name() {
    let lasting = unit("mtbf = \"1000000000 d\"\n").replace("id = \"unit\"", "id = \"sound\"");
    let failing = unit("mtbf = \"1000 d\"\n");
    let part = |text: &str| text[text.find("[[oru]]").expect("a unit")..].to_owned();
    let new = part(&lasting).replace("id = \"sound\"", "id = \"new\"");
    let then = format!("{failing}\n{}", part(&lasting));
    let now = format!("{lasting}\n{new}\n{}", part(&failing).replace("1000 d", "1000000000 d"));
    let before = years(&[("orus/unit.toml", &then)], "2025-12-31");
    let after = plan(&[("orus/unit.toml", &now)]);
    assert_eq!(after.types.iter().map(|t| &*t.id).collect::<Vec<_>>(), ["sound", "new", "unit"]);
    let outcomes = flown(&[&before], &after, 2_000, 1);
    // Only the type that failed then is out from the first day: of three copies that serve the function one.
    let place = after.capabilities.iter().position(|c| c.id == "function").unwrap();
    let short = share(&outcomes, |o| o.short_d[place] > AFTER_D as f32 - 1.0);
    assert_share(short, 1.0 - math::exp(-BEFORE_D / 1000.0), outcomes.len());
    let stock_out = |kind: usize| share(&outcomes, |o| o.stock_out_d[kind] == 0.0);
    assert_eq!((stock_out(0), stock_out(1)), (0.0, 0.0));
    assert_eq!(stock_out(2), short);
}

/// Histories that are told, or flown again from where they begin, are those of the ensemble.
#[test]
fn told_and_flown_again_they_are_the_same() {
    let (units, capabilities) = (unit("mtbf = \"3000 d\"\n"), drives_out());
    let changes =
        [("orus/unit.toml", units.as_str()), ("capabilities.toml", capabilities.as_str())];
    let (before, after) = (years(&changes, "2025-12-31"), plan(&changes));
    let outcomes = flown(&[&before], &after, 3, 20);
    let timeline = Timeline::new([&before], &after);
    for (i, outcome) in (0..).zip(&outcomes) {
        assert_eq!(ensemble::tell(timeline.clone(), 7, i).0, *outcome);
    }
    let stop = AtomicBool::new(false);
    let control = Control { threads: 1, histories_per_world: 20, stop: &stop, progress: &|_| {} };
    let beginnings = ensemble::beginnings(&timeline, 7, &[0, 2], &control).unwrap();
    let again = ensemble::run_from(&after, 7, &beginnings, &control);
    let held: Vec<Outcome> =
        outcomes.iter().filter(|o| o.world != 1 && o.past_held()).cloned().collect();
    assert!(held.len() < 40 && held.len() == beginnings.histories());
    assert_eq!(again, held);
    let missed: Vec<u8> = outcomes.iter().map(|o| o.past_missed).collect();
    assert_eq!(ensemble::pasts(&timeline, 7, 0..3, &control), missed);
}

/// Histories over recorded years are read at the end of days: what each has been short of by then is what has failed since
/// the first day of its leg, and a unit that failed in the first leg is out in the second from its first day.
#[test]
fn recorded_years_are_read_at_the_end_of_days() {
    let units = unit("mtbf = \"3000 d\"\n");
    let changes = [("orus/unit.toml", units.as_str())];
    let (before, after) = (years(&changes, "2025-12-31"), plan(&changes));
    let day = |text: &str| zarya_units::Date::parse(text).expect("a date");
    let first = [day("2022-12-31"), day("2025-12-31")];
    let second = [day("2026-01-01"), day("2026-12-31"), day("2028-12-31")];
    let legs = [Leg { plan: &before, days: &first }, Leg { plan: &after, days: &second }];
    let stop = AtomicBool::new(false);
    let control = Control { threads: 1, histories_per_world: 1, stop: &stop, progress: &|_| {} };
    let read = ensemble::fly(&legs, 7, 0..2_500, &control).expect("nobody stops it");
    assert_eq!(read.iter().map(Vec::len).collect::<Vec<_>>(), [2, 3]);
    let place = after.capabilities.iter().position(|c| c.id == "function").unwrap();
    let kept = |days: f64| math::exp(-days / 3000.0);
    for (leg, at, days) in [
        (0, 0, 365.0),
        (0, 1, BEFORE_D),
        (1, 0, BEFORE_D + 1.0),
        (1, 1, BEFORE_D + 365.0),
        (1, 2, BEFORE_D + AFTER_D),
    ] {
        let outcomes = &read[leg][at];
        assert_eq!(
            outcomes.iter().map(|o| o.history).collect::<Vec<_>>(),
            (0..2_500).collect::<Vec<_>>()
        );
        assert_share(share(outcomes, |o| o.short_d[place] == 0.0), kept(days), outcomes.len());
    }
    // What failed in the first leg is counted there alone.
    let failures = |outcomes: &[Outcome]| {
        outcomes.iter().map(|o| f64::from(o.counts.failures)).sum::<f64>() / 2_500.0
    };
    assert_share(failures(&read[0][1]), 1.0 - kept(BEFORE_D), 2_500);
    assert_share(failures(&read[1][2]), kept(BEFORE_D) - kept(BEFORE_D + AFTER_D), 2_500);
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(ensemble::fly(&legs, 7, 0..4, &control).is_none());
}

/// What lasts is asked of histories whose past held: of one that did not, the spare is gone.
#[test]
fn what_lasts_is_asked_of_a_past_that_held() {
    let units = unit(
        "mtbf = \"3000 d\"\nspares = { aboard = 1, ground = 0 }\nrepair = { crew = \"0 h\", where = \"inside\" }\n",
    );
    let capabilities = drives_out();
    let changes =
        [("orus/unit.toml", units.as_str()), ("capabilities.toml", capabilities.as_str())];
    let (before, after) = (years(&changes, "2025-12-31"), plan(&changes));
    let timeline = Timeline::new([&before], &after);
    let horizon = Horizon { days: 365.0, rates_times: 1.0 };
    let worlds: Vec<u32> = (0..60).collect();
    let missed = flown(&[&before], &after, 60, 20);
    let first_missed = missed.iter().step_by(20).filter(|o| !o.past_held()).count();
    assert!(first_missed > 10, "{first_missed}");
    for lasting in lasting(&timeline, 7, &worlds, &[horizon], 1) {
        assert_eq!(lasting.stock, [1], "world {}", lasting.world);
    }
}

/// What others own ends a history, and by the station's own causes it goes on: as if it were not there, to the last digit.
#[test]
fn by_its_own_causes_a_station_knows_no_hazard_of_others() {
    let (units, capabilities) = (unit("mtbf = \"3000 d\"\n"), drives_out());
    let ends = |id: &str, effect: &str| {
        format!(
            "\n[[hazard]]\nid = \"{id}\"\nname = \"{id}\"\nowner = \"debris\"\nrate = \"0.1 1/y\"\n\
             outcomes = [{{ share = 1, effect = \"{effect}\" }}]\n"
        )
    };
    let hazards = [
        "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n".to_owned(),
        ends("leave", "evacuate"),
        ends("strike", "loss-of-station"),
        ends("toxic", "loss-of-crew"),
        ends("ship", "loss-of-crew-vehicle"),
    ]
    .concat();
    let changes = [
        ("orus/unit.toml", units.as_str()),
        ("capabilities.toml", capabilities.as_str()),
        ("hazards.toml", hazards.as_str()),
    ];
    let all = plan(&changes);
    let outcomes = histories(&all, 3_000, 1);
    let station = crate::bare::station(&changes);
    let own = Variant { only_systems: true, ..Variant::default() };
    let alone = Plan::compile(&station, all.through, &own).unwrap();
    let mut struck = 0;
    for (outcome, alone) in outcomes.iter().zip(histories(&alone, 3_000, 1)) {
        let at = |breach: Option<zarya_simulation::outcome::Breach>| breach.map(|b| b.at);
        assert_eq!(at(outcome.own_crewed), at(alone.crewed));
        assert_eq!(at(outcome.own_survives), at(alone.survives));
        struck += u32::from(outcome.crewed.is_some() && outcome.own_crewed.is_none());
    }
    assert!(struck > 1000, "{struck}");
    let years = AFTER_D / 365.25;
    let kept = |rate: f64| math::exp(-rate * years);
    let n = outcomes.len();
    assert_share(share(&outcomes, |o| o.own_crewed.is_none()), math::exp(-AFTER_D / 3000.0), n);
    assert_share(
        share(&outcomes, |o| o.crewed.is_none()),
        kept(0.4) * math::exp(-AFTER_D / 3000.0),
        n,
    );
}
