use super::*;
use crate::forecast::archive;
use crate::sun::ObservedSun;
use crate::watch::UNWATCHED;
use crate::worlds::{LifetimeQuestion, lifetime};
use zarya_units::{Date, math};

fn day(text: &str) -> Mjd {
    Date::parse(text).unwrap().mjd()
}

/// A station of the size of the ISS, to enter in a solar minimum.
fn question() -> DeorbitQuestion<'static> {
    DeorbitQuestion {
        table: DecayTable::embedded(),
        altitude_km: 415.0,
        drag_area_m2_kg: 0.007,
        mass_kg: 430_000.0,
        from: day("2026-03-15"),
        entry: day("2031-01-15"),
        crew_off_days: 183.0,
        final_km: 220.0,
        final_days: 4.0,
        perigee_km: 50.0,
        early_share: 0.05,
        isp_s: 300.0,
        capacity_kg: 16_000.0,
        sun: SunChoice::Issue(
            archive::forecast_of(Date::parse("2026-03").unwrap()).unwrap(),
            ObservedSun::embedded(),
        ),
        worlds: 60,
        seed: 1,
    }
}

/// The same, in the years of a solar maximum.
fn active() -> DeorbitQuestion<'static> {
    let issue = archive::forecast_of(Date::parse("2023-03").unwrap()).unwrap();
    DeorbitQuestion {
        from: day("2023-03-15"),
        entry: day("2025-03-15"),
        sun: SunChoice::Issue(issue, ObservedSun::embedded()),
        ..question()
    }
}

#[test]
fn every_world_obeys_the_rocket_equation() {
    let q = question();
    for km in [330.0, 220.0] {
        let schedule = schedule(&q, km).unwrap();
        for number in 0..q.worlds {
            let world = draw(&q, number).unwrap();
            let flight = fly(&q, &schedule, &world, q.from + 400.0, &[]);
            let delta_v: f64 = flight.delta_v_m_s.iter().sum();
            let kg: f64 = flight.propellant_kg.iter().sum();
            let whole = q.mass_kg * (math::exp(delta_v / (q.isp_s * 9.806_65)) - 1.0);
            assert!((kg / whole - 1.0).abs() < 1e-12, "{kg} {whole}");
        }
    }
}

#[test]
fn parts_add_up_and_dates_are_in_order() {
    for plan in deorbit(&question(), &[330.0, 270.0, 220.0], UNWATCHED).unwrap() {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * b;
        let delta_v: f64 = plan.burns.iter().map(|burn| burn.delta_v_m_s.mean).sum();
        let kg: f64 = plan.burns.iter().map(|burn| burn.propellant_kg.mean).sum();
        assert!(near(delta_v, plan.delta_v_m_s.mean) && near(kg, plan.propellant_kg.mean));
        assert!(plan.burns.windows(2).all(|pair| pair[0].date < pair[1].date));
        assert!(plan.start <= plan.burns[0].date);
        assert!(plan.path_km.windows(2).all(|pair| pair[0].0 <= pair[1].0));
        assert!(plan.path_km.windows(2).all(|pair| pair[0].1.p50 >= pair[1].1.p50));
        assert!(plan.as_planned <= plan.enough.min(1.0 - plan.early) + 1e-12);
        assert!(plan.after_leaving_kg.mean <= plan.propellant_kg.mean);
    }
}

#[test]
fn the_crew_is_off_by_the_stated_day() {
    let q = question();
    let plans = deorbit(&q, &[330.0, 270.0, 220.0, 200.0], UNWATCHED).unwrap();
    for (plan, by) in plans.iter().zip([183.0, 183.0, 4.0, 4.0]) {
        assert_eq!(plan.crew_off.by, q.entry - by);
        assert!(plan.crew_off.days_before_entry.p05 >= by, "{:?}", plan.crew_off);
    }
    assert_eq!(plans[0].crew_off.six_months, 1.0);
}

#[test]
fn more_capacity_never_hurts_and_less_drag_costs_more() {
    let plan = |capacity_kg: f64, drag_area_m2_kg: f64| {
        let q = DeorbitQuestion { drag_area_m2_kg, capacity_kg, ..question() };
        deorbit(&q, &[330.0], UNWATCHED).unwrap().remove(0)
    };
    let chances = [0.0, 8_000.0, 16_000.0, 19_000.0, 30_000.0].map(|kg| plan(kg, 0.007));
    assert!(chances.windows(2).all(|pair| pair[0].enough <= pair[1].enough));
    assert!(chances.windows(2).all(|pair| pair[0].as_planned <= pair[1].as_planned));
    assert_eq!((chances[0].enough, chances[4].enough), (0.0, 1.0));
    let slow = plan(16_000.0, 0.003);
    assert!(slow.propellant_kg.mean > chances[2].propellant_kg.mean);
}

/// Without air the plan is orbital mechanics alone: two transfers and a braking burn.
#[test]
fn without_air_the_burns_do_everything() {
    let q = DeorbitQuestion { drag_area_m2_kg: 1e-9, ..question() };
    let plan = deorbit(&q, &[330.0], UNWATCHED).unwrap().remove(0);
    let expected = delta_v_for(415.0, -85.0).abs()
        + delta_v_for(330.0, -110.0).abs()
        + delta_v_to_perigee(220.0, 50.0).abs();
    assert!((plan.delta_v_m_s.quantiles.p50 - expected).abs() < 1e-3);
    assert_eq!((plan.early, plan.crew_off.by_drag), (0.0, 0.0));
    // One transfer for both lowerings costs as much to a part in a thousand.
    let whole = delta_v_for(415.0, -195.0).abs() + delta_v_to_perigee(220.0, 50.0).abs();
    assert!((expected / whole - 1.0).abs() < 1e-3);
}

#[test]
fn the_start_is_the_earliest_that_keeps_the_share() {
    for (q, km) in [(question(), 330.0), (question(), 220.0), (active(), 220.0)] {
        let plan = deorbit(&q, &[km], UNWATCHED).unwrap().remove(0);
        assert!(plan.early <= q.early_share, "{}", plan.early);
        assert!(plan.start > q.from && plan.crew_off_days_most.is_none());
        let schedule = schedule(&q, km).unwrap();
        let early = (0..q.worlds)
            .filter(|&number| {
                fly(&q, &schedule, &draw(&q, number).unwrap(), plan.start - 1.0, &[]).early
            })
            .count();
        assert!(early > allowed(&q), "{early} at {km}");
    }
}

/// At 330 km half a year before entry, a strong Sun brings the station down long before: no start
/// helps, and the longest stay that would is told.
#[test]
fn leaving_too_soon_under_a_strong_sun_is_said() {
    let q = active();
    let plan = deorbit(&q, &[330.0], UNWATCHED).unwrap().remove(0);
    assert!(plan.early > 0.5, "{}", plan.early);
    let most = plan.crew_off_days_most.unwrap();
    assert!((4.0..183.0).contains(&most), "{most}");
    let early = |days: f64| {
        let q = DeorbitQuestion { crew_off_days: days, ..q };
        deorbit(&q, &[330.0], UNWATCHED).unwrap().remove(0).early
    };
    assert!(early(most) <= q.early_share);
    assert!(early(most + 1.0) > q.early_share);
}

/// Too low for the days before entry: no leaving helps, and that is what is told.
#[test]
fn last_burns_too_low_are_told_apart_from_leaving_too_soon() {
    let q = DeorbitQuestion { final_km: 160.0, ..question() };
    let plan = deorbit(&q, &[330.0], UNWATCHED).unwrap().remove(0);
    assert!(plan.early == 1.0 && plan.lost_after_last_burns > 0.9);
    assert_eq!((plan.crew_off_days_most, plan.as_planned), (None, 0.0));
    assert_eq!(deorbit(&question(), &[330.0], UNWATCHED).unwrap()[0].lost_after_last_burns, 0.0);
}

/// The same altitude left later is never early more often: burns make the orbit sink faster.
#[test]
fn burns_bring_forward_what_drag_does() {
    let early = |days: f64| {
        let q = DeorbitQuestion { crew_off_days: days, early_share: 0.0, ..active() };
        deorbit(&q, &[330.0], UNWATCHED).unwrap().remove(0).early
    };
    let shares = [300.0, 200.0, 100.0, 50.0, 10.0].map(early);
    assert!(shares.windows(2).all(|pair| pair[0] >= pair[1]), "{shares:?}");
    assert!(shares[0] > shares[4]);
}

/// The deorbit vehicle of the ISS is to carry 35,000 lb of propellant, published with lowering from
/// mid-2028, the crew off at about 330 km half a year before, and entry at the end of 2030. That it
/// should be enough from there on, and not by much more than a third, is all that mass (430 t) and
/// specific impulse (300 s), both assumed, allow to ask.
#[test]
fn the_published_vehicle_is_enough_from_330_km_on() {
    let published_kg = 35_000.0 * 0.453_592_37;
    let q = DeorbitQuestion {
        from: day("2028-06-30"),
        entry: day("2030-12-31"),
        capacity_kg: published_kg,
        worlds: 100,
        ..question()
    };
    let plan = deorbit(&q, &[330.0], UNWATCHED).unwrap().remove(0);
    assert!(plan.enough_after_leaving >= 0.95, "{}", plan.enough_after_leaving);
    assert!(plan.after_leaving_kg.quantiles.p50 > published_kg / 1.33);
    assert!(plan.enough < 0.5, "from 415 km others must lower it first");
}

/// How often drag alone gets there in time is also what `lifetime` answers.
#[test]
fn drag_alone_agrees_with_lifetime() {
    let q = DeorbitQuestion { early_share: 0.5, entry: day("2027-12-15"), ..question() };
    let plan = deorbit(&q, &[380.0], UNWATCHED).unwrap().remove(0);
    let days = (plan.crew_off.by - plan.start) as usize;
    assert_eq!(plan.start, q.from, "few are early in eighteen months");
    let targets = lifetime(
        &LifetimeQuestion {
            table: q.table,
            altitude_km: q.altitude_km,
            drag_area_m2_kg: q.drag_area_m2_kg,
            from: q.from,
            sun: q.sun,
            days,
            worlds: q.worlds,
            seed: q.seed,
        },
        &[380.0],
        UNWATCHED,
    )
    .unwrap();
    assert!((targets[0].reached() - plan.crew_off.by_drag).abs() < 0.02);
    assert!(plan.crew_off.by_drag > 0.2 && plan.crew_off.by_drag < 0.9, "{:?}", plan.crew_off);
}

#[test]
fn the_same_seed_gives_the_same_plan() {
    let plan =
        |seed: u64| deorbit(&DeorbitQuestion { seed, ..question() }, &[330.0], UNWATCHED).unwrap();
    assert_eq!(plan(1), plan(1));
    assert_ne!(plan(1), plan(2));
    // A leaving altitude is answered for itself, whatever stands beside it.
    let beside = deorbit(&question(), &[270.0, 330.0], UNWATCHED).unwrap().remove(1);
    assert_eq!(plan(1)[0], beside);
}

#[test]
fn what_cannot_be_is_refused_with_its_reason() {
    let refused =
        |q: DeorbitQuestion<'_>, km: f64| deorbit(&q, &[km], UNWATCHED).unwrap_err().to_string();
    assert!(refused(question(), 420.0).contains("cannot leave at 420 km"));
    let late = DeorbitQuestion { crew_off_days: 3.0, ..question() };
    assert!(refused(late, 330.0).contains("before the last burns"));
    let soon = DeorbitQuestion { entry: day("2026-06-15"), ..question() };
    assert!(refused(soon, 330.0).contains("the entry is 92 days away"));
    let high = DeorbitQuestion { perigee_km: 180.0, ..question() };
    assert!(refused(high, 330.0).contains("no entry"));
    let under = DeorbitQuestion { final_km: 415.0, ..question() };
    assert!(refused(under, 330.0).contains("not below the present"));
    assert!(refused(question(), 100.0).contains("outside 150 to 500 km"));
}
