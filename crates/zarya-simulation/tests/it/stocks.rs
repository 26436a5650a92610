//! Stocks, leaks and the ladder against closed forms; dates are exact where nothing is drawn.

use crate::bare::{SPAN_D, assert_share, file, histories, plan, share, unit};
use zarya_simulation::{Outcome, Plan};
use zarya_units::math;

const DEFAULTS: &str = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n";

fn left_on(plan: &Plan, outcome: &Outcome) -> f64 {
    outcome.crewed.expect("the crew leaves").at - plan.as_of.mjd()
}

/// 300 kg at 1.5 kg a day for each of two people last 100 days, to the second.
#[test]
fn a_stock_runs_dry_on_its_day() {
    let stocks = format!(
        "{DEFAULTS}[[stock]]\nid = \"food\"\nname = \"Food\"\ninitial = \"300 kg\"\n\
         capacity = \"1000 kg\"\non_empty = \"evacuate\"\n\
         draw = [{{ rate = \"1.5 kg/d\", per = \"crew\" }}]\n"
    );
    let plan = plan(&[("stocks.toml", &stocks)]);
    for outcome in histories(&plan, 3, 2) {
        assert!((left_on(&plan, &outcome) - 100.0).abs() < 1e-6);
    }
}

/// A delivery of 150 kg on the way moves the day by 50 days; what the tank has no room for waits in the vehicle while that is there.
#[test]
fn a_delivery_moves_the_day_by_what_it_brings() {
    let stocks = format!(
        "{DEFAULTS}[[stock]]\nid = \"food\"\nname = \"Food\"\ninitial = \"300 kg\"\n\
         capacity = \"350 kg\"\non_empty = \"evacuate\"\n\
         draw = [{{ rate = \"1.5 kg/d\", per = \"crew\" }}]\n"
    );
    for (kg, days) in [(150.0, 150.0), (250.0, 50.0 + 5.0 + (350.0 / 3.0))] {
        let manifest = format!(
            "{}\n[[flight]]\nid = \"truck-1\"\nvehicle = \"truck\"\ndate = 2026-02-20\nstay = \"5 d\"\n\
             cargo = {{ food = \"{kg} kg\" }}\n",
            file("manifest.toml")
        );
        let plan = plan(&[("stocks.toml", &stocks), ("manifest.toml", &manifest)]);
        for outcome in histories(&plan, 2, 2) {
            // The truck docks on day 50, when 150 kg are left: 200 kg fit, and 15 kg more when it leaves, on day 55.
            let left = left_on(&plan, &outcome);
            assert!((left - days).abs() < 1e-6, "{kg} kg: {left} days, expected {days}");
        }
    }
}

/// A stock that a capability feeds is drawn while the unit behind it is down: mean draw and mass
/// close to the last kilogram.
#[test]
fn what_a_processor_does_not_make_is_drawn_from_the_tank() {
    let stocks = format!(
        "{DEFAULTS}[[stock]]\nid = \"water\"\nname = \"Water\"\ninitial = \"5000 kg\"\n\
         capacity = \"10000 kg\"\n\
         draw = [{{ rate = \"3 kg/d\", per = \"crew\" }}, {{ rate = \"-4 kg/d\", while = \"function\" }}]\n"
    );
    let case = unit("mtbf = \"600 d\"\n");
    let plan = plan(&[("stocks.toml", &stocks), ("orus/case.toml", &case)]);
    let width = plan.series.len();
    let water = plan.series.iter().position(|s| s.id == "water").expect("a series");
    let days = plan.sample_dates.last().unwrap() - plan.as_of.mjd();
    for outcome in histories(&plan, 1, 200) {
        let last = f64::from(outcome.samples[outcome.samples.len() - width + water]);
        // Down from its failure on, at most since `days`.
        let down_d = (f64::from(outcome.short_d[1]) - (SPAN_D - days)).max(0.0);
        let expected = 5000.0 - 2.0 * days - 4.0 * down_d;
        assert!((last - expected.max(0.0)).abs() < 0.5, "{last} kg, expected {expected}");
    }
}

/// A leak that grows by the factor e^(g t) drains M(t) = 0.77 L (e^(g t) - 1) / g. The engine holds
/// the leak for a week at a time, which delays the day by at most half a week of growth.
#[test]
fn a_growing_leak_drains_nitrogen_on_its_day() {
    let (rate, growth) = (0.5, 1.2);
    let elements = format!(
        "{}\n[element.leak]\nrate = {{ value = \"{rate} kg/d\", basis = \"assumed\", why = \"a case\" }}\n\
         growth = {{ value = \"{growth} 1/y\", basis = \"assumed\", why = \"a case\" }}\n\
         relapse_rate = {{ value = \"0 1/y\", basis = \"assumed\", why = \"a case\" }}\n\
         relapse_factor = {{ value = \"0 kg/d\", basis = \"assumed\", why = \"a case\" }}\n\
         patch_interval = {{ value = \"100 d\", basis = \"assumed\", why = \"a case\" }}\n\
         patch_share = {{ value = 0, basis = \"assumed\", why = \"a case\" }}\n\
         isolated_share = {{ value = 1, basis = \"assumed\", why = \"a case\" }}\n\
         isolate_above = {{ value = \"10000 kg/d\", basis = \"assumed\", why = \"a case\" }}\n",
        file("elements.toml")
    );
    let stocks = format!(
        "{DEFAULTS}[[stock]]\nid = \"nitrogen\"\nname = \"Nitrogen\"\ninitial = \"800 kg\"\n\
         capacity = \"1000 kg\"\non_empty = \"evacuate\"\n\
         draw = [{{ rate = 0.77, per = \"leak\" }}]\n"
    );
    let plan = plan(&[("elements.toml", &elements), ("stocks.toml", &stocks)]);
    let outcomes = histories(&plan, 1, 2);
    let g = growth / 365.25;
    let expected = math::ln(1.0 + 800.0 * g / (0.77 * rate)) / g;
    let left = left_on(&plan, &outcomes[0]);
    assert!(left >= expected && left <= expected + 3.6, "{left} days, closed form {expected}");
    // And exactly the sum of the weeks.
    let (mut kg, mut week) = (800.0, 0.0_f64);
    let weekly = |week: f64| 0.77 * rate * math::exp(g * 7.0 * week);
    while kg > 7.0 * weekly(week) {
        kg -= 7.0 * weekly(week);
        week += 1.0;
    }
    let exact = 7.0 * week + kg / weekly(week);
    assert!((left - exact).abs() < 1e-6, "{left} days, week by week {exact}");
}

/// Two trucks push with what they brought: each burns its own and takes away the rest, so that nothing is
/// left when both have gone. Once 1,400 kg stood in the tanks of vehicles long departed.
#[test]
fn what_a_vehicle_has_not_burned_leaves_with_it() {
    let stocks = format!(
        "{DEFAULTS}[[stock]]\nid = \"fuel\"\nname = \"Fuel\"\ninitial = \"50 kg\"\ncapacity = \"1000 kg\"\n\
         leaves_with_vehicle = true\n"
    );
    let station = file("station.toml")
        .replace("altitude = \"600 km\"", "altitude = \"400 km\"")
        .replace("keep_above = \"300 km\"", "keep_above = \"401 km\"")
        .replace("reboost_to = \"310 km\"", "reboost_to = \"405 km\"");
    let push = "[vehicle.push]\nstock = \"fuel\"\nisp = \"300 s\"\npreference = 1\n\n[[pad]]";
    let vehicles = file("vehicles.toml").replacen("[[pad]]", push, 1);
    let flight = |id: &str, date: &str, stay: u32, kg: u32| {
        format!(
            "[[flight]]\nid = \"{id}\"\nvehicle = \"truck\"\ndate = {date}\nstay = \"{stay} d\"\n\
             cargo = {{ fuel = \"{kg} kg\" }}\n"
        )
    };
    let manifest = file("manifest.toml").to_owned()
        + &flight("truck-1", "2026-02-01", 30, 200)
        + &flight("truck-2", "2026-02-10", 60, 100);
    let plan = plan(&[
        ("stocks.toml", &stocks),
        ("station.toml", &station),
        ("vehicles.toml", &vehicles),
        ("manifest.toml", &manifest),
    ]);
    let fuel = plan.series.iter().position(|s| s.id == "fuel").expect("a series");
    for outcome in histories(&plan, 1, 2) {
        let on = |row: usize| f64::from(outcome.samples[row * plan.series.len() + fuel]);
        // Nobody is docked who could hold the 50 kg. One burn of 5 km on the first tick after docking.
        assert_eq!(outcome.counts.reboosts, 1);
        assert!(outcome.propellant_kg > 30.0 && outcome.propellant_kg < 50.0);
        let expected = [0.0, 0.0, 300.0 - outcome.propellant_kg, 100.0, 0.0];
        for (row, expected) in expected.into_iter().enumerate() {
            assert!(
                (on(row) - expected).abs() < 1e-3,
                "{row}: {} kg, expected {expected}",
                on(row)
            );
        }
    }
}

/// A leak that has been shut for good is not patched any more, and no patch of it gives way: stories told
/// of both for a year and a half after.
#[test]
fn nobody_patches_a_leak_behind_a_hatch_shut_for_good() {
    let elements = format!(
        "{}\n[element.leak]\nrate = \"0.5 kg/d\"\ngrowth = \"1 1/y\"\nrelapse_rate = \"6 1/y\"\n\
         relapse_factor = \"0.5 kg/d\"\npatch_interval = \"30 d\"\npatch_share = 0.2\n\
         isolated_share = 0.1\nisolate_above = \"0.6 kg/d\"\n",
        file("elements.toml")
    );
    let elements =
        if elements.contains("[defaults]") { elements } else { format!("{DEFAULTS}{elements}") };
    let plan = plan(&[("elements.toml", &elements)]);
    let (mut shut, mut worked) = (0, 0);
    for history in 0..20 {
        let (_, story) = zarya_simulation::ensemble::tell(&plan, 7, history);
        let works = |text: &str| text.contains("is patched") || text.contains("is back at");
        let Some(day) = story.iter().position(|n| n.text.ends_with("shut for good.")) else {
            continue;
        };
        shut += 1;
        worked += story[..day].iter().filter(|n| works(&n.text)).count();
        assert!(!story[day..].iter().any(|n| works(&n.text)), "history {history}");
    }
    assert!(shut >= 10 && worked > 0, "{shut} {worked}");
}

/// Only an empty buffer has a consequence: a loss of the one unit moves the crew 30 days later.
#[test]
fn a_buffer_delays_the_consequence_by_its_days() {
    let capabilities =
        format!("{}buffer = \"30 d\"\non_empty = \"evacuate\"\n", file("capabilities.toml"));
    let case = unit("mtbf = \"900 d\"\n");
    let plan = plan(&[("capabilities.toml", &capabilities), ("orus/case.toml", &case)]);
    let outcomes = histories(&plan, 1, 8_000);
    let crewed = share(&outcomes, |o| o.crewed.is_none());
    assert_share(crewed, math::exp(-(SPAN_D - 30.0) / 900.0), outcomes.len());
    for outcome in outcomes.iter().filter(|o| o.crewed.is_some()) {
        // Short from its failure to the departure, 30 days: what comes after has nobody to miss it.
        assert!((f64::from(outcome.short_d[1]) - 30.0).abs() < 0.01);
    }
}

/// A buffer that half a loss drains lasts twice as long.
#[test]
fn half_a_loss_drains_a_buffer_half_as_fast() {
    let capabilities =
        format!("{}buffer = \"30 d\"\non_empty = \"evacuate\"\n", file("capabilities.toml"));
    // Both copies work at the start; the second one outlives the buffer in the histories looked at.
    let case = unit("mtbf = \"3000 d\"\ninstalled = 2\npartial = true\n");
    let plan = plan(&[("capabilities.toml", &capabilities), ("orus/case.toml", &case)]);
    let outcomes = histories(&plan, 1, 4000);
    let mut seen = 0;
    for outcome in outcomes.iter().filter(|o| o.crewed.is_some() && o.counts.failures == 1) {
        assert!((f64::from(outcome.short_d[1]) - 60.0).abs() < 0.01);
        seen += 1;
    }
    assert!(seen > 500, "{seen}");
}
