//! Handovers: for some days two crews are aboard, and one of them goes home.

use crate::bare::{file, histories, plan};
use zarya_simulation::ensemble;
use zarya_station::model::Owner;

fn manifest() -> String {
    format!(
        "{}\n[[flight]]\nid = \"capsule-2\"\nvehicle = \"capsule\"\ndate = 2026-01-21\nstay = \"2000 d\"\ncrew = 2\n\
         [[flight]]\nid = \"truck-1\"\nvehicle = \"truck\"\ndate = 2026-02-15\nstay = \"10 d\"\n\
         cargo = {{ food = \"8000 kg\" }}\n",
        file("manifest.toml")
    )
}

/// With both crews aboard, food for 22 days stood against an arrival in 25: half of them left, then the
/// relieved half, and nobody was there. The two who stay have food for 38 days when the truck comes.
#[test]
fn a_reserve_is_not_judged_with_both_crews_of_a_handover() {
    let stocks = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n\
        [[stock]]\nid = \"food\"\nname = \"Food\"\ninitial = \"193 kg\"\ncapacity = \"10000 kg\"\nreserve = \"45 d\"\n\
        on_empty = \"crew-reduction\"\ndraw = [{ rate = \"1.5 kg/d\", per = \"crew\" }]\n";
    let plan = plan(&[("stocks.toml", stocks), ("manifest.toml", &manifest())]);
    for outcome in histories(&plan, 1, 5) {
        assert_eq!(outcome.crewed, None);
        assert_eq!(outcome.counts.crew_reductions, 0);
    }
}

/// A crew whose successor has had to leave during the handover stays.
#[test]
fn nobody_is_relieved_by_a_crew_that_has_left() {
    let hazards = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n[[hazard]]\n\
        id = \"illness\"\nname = \"Illness\"\nowner = \"medical\"\nrate = \"15 1/y\"\n\
        outcomes = [{ share = 1, effect = \"crew-reduction\" }]\n";
    let stocks = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n\
        [[stock]]\nid = \"food\"\nname = \"Food\"\ninitial = \"5000 kg\"\ncapacity = \"10000 kg\"\n";
    let plan =
        plan(&[("hazards.toml", hazards), ("stocks.toml", stocks), ("manifest.toml", &manifest())]);
    let mut seen = 0;
    for history in 0..400 {
        let (_, story) = ensemble::tell(&plan, 7, history);
        if story.iter().any(|n| n.text.starts_with("capsule-2 leaves early with 2 of the 4")) {
            seen += 1;
            let relieved = story.iter().find(|n| n.text.starts_with("capsule-1 leaves with"));
            assert_eq!(relieved, None, "history {history}");
        }
    }
    assert!(seen >= 5, "{seen}");
}

/// Of the 28 days to 29 January two people are aboard but for the handover from the 22nd to the 27th,
/// and the day of a sample that falls into one shows four. Research is the mean of those weeks: 12 h a day
/// of each person.
#[test]
fn a_sample_of_the_crew_is_not_the_day_of_a_handover() {
    let flights = |day: &str| {
        format!(
            "{}\n[[flight]]\nid = \"capsule-2\"\nvehicle = \"capsule\"\ndate = {day}\nstay = \"2000 d\"\ncrew = 2\n",
            file("manifest.toml")
        )
    };
    for (day, days_of_four) in [("2026-01-22", 5.0), ("2026-01-27", 2.0)] {
        let plan = plan(&[("manifest.toml", &flights(day))]);
        let place = |id| plan.series.iter().position(|s| s.id == id).expect("a series");
        for outcome in histories(&plan, 1, 2) {
            let row = |i: usize, id| outcome.samples[i * plan.series.len() + place(id)];
            assert_eq!((row(0, "crew"), row(1, "crew"), row(2, "crew")), (2.0, 2.0, 2.0));
            assert_eq!(row(0, "research"), 2.0 * 7.0 * 12.0);
            let person_days = 2.0 * 28.0 + 2.0 * days_of_four;
            assert_eq!(row(1, "research"), person_days * 12.0 / 4.0);
            assert_eq!(plan.sample_dates[1], plan.as_of.mjd() + 28.0);
        }
    }
}

/// The reductions of the record were losses of flights; simulated medical returns once filled their count.
#[test]
fn a_medical_return_is_not_counted_as_a_reduction_of_another_cause() {
    let counted = |owner: &str| {
        let hazards = format!(
            "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n[[hazard]]\n\
             id = \"illness\"\nname = \"Illness\"\nowner = \"{owner}\"\nrate = \"15 1/y\"\n\
             outcomes = [{{ share = 1, effect = \"crew-reduction\" }}]\n"
        );
        let stocks = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n\
            [[stock]]\nid = \"food\"\nname = \"Food\"\ninitial = \"5000 kg\"\ncapacity = \"10000 kg\"\n";
        let files =
            [("hazards.toml", &*hazards), ("stocks.toml", stocks), ("manifest.toml", &*manifest())];
        let outcomes = histories(&plan(&files), 20, 5);
        let sum = |of: fn(&zarya_simulation::outcome::Counts) -> u32| {
            outcomes.iter().map(|outcome| of(&outcome.counts)).sum::<u32>()
        };
        (sum(|c| c.medical_returns), sum(|c| c.crew_reductions))
    };
    let (returns, reductions) = counted("medical");
    let (none, all) = counted("systems");
    assert!(none == 0 && returns > 0, "{returns} {none}");
    assert!(reductions < all, "{reductions} {all}");
}

/// Who comes and goes is owned by crew rotation, whatever went wrong with it; what is aboard by systems.
#[test]
fn each_kind_of_cause_has_one_owner() {
    let shock = format!(
        "{}\n[[shock]]\nid = \"queue\"\nname = \"A queue\"\nrate = \"0 1/y\"\ndelay = \"1 d\"\nscatter = 1\n\
         window = \"1 d\"\nvehicles = [\"truck\"]\n",
        file("vehicles.toml")
    );
    let plan = plan(&[("vehicles.toml", &shock)]);
    let owner = |id: &str| plan.causes.iter().find(|cause| cause.id == id).expect("a cause").owner;
    for id in ["crew-rotation", "owner", "truck", "late:truck", "shock:queue"] {
        assert_eq!(owner(id), Owner::CrewRotation, "{id}");
    }
    for id in ["altitude", "function"] {
        assert_eq!(owner(id), Owner::Systems, "{id}");
    }
}

/// Within the grace of a phase that ends a crew is asked for as after it: whose stay ends then leaves, and does not wait for a
/// successor who is planned for later. A month earlier it waits.
#[test]
fn a_crew_within_the_grace_of_its_phase_waits_for_nobody() {
    let left = |until: &str, successor: &str| {
        let manifest = format!(
            "{}\n[[docked]]\nid = \"capsule-2\"\nvehicle = \"capsule\"\nsince = 2025-12-31\nuntil = {until}\ncrew = 2\n\n\
             [[flight]]\nid = \"capsule-3\"\nvehicle = \"capsule\"\ndate = {successor}\nstay = \"2000 d\"\ncrew = 2\n",
            file("manifest.toml")
        );
        let crew = file("crew.toml").to_owned()
            + "\n[[phase]]\nfrom = 2026-01-01\nuntil = 2026-03-31\ncrew = { minimum = 2, nominal = 4 }\n";
        let plan = plan(&[("crew.toml", &crew), ("manifest.toml", &manifest)]);
        let (_, story) = ensemble::tell(&plan, 7, 0);
        let told = story.iter().find(|n| n.text.starts_with("capsule-2 leaves with 2 people"));
        told.expect("it leaves").at - plan.as_of.mjd()
    };
    // 25 March is day 83; a handover takes five days.
    assert!((left("2026-03-25", "2026-04-10") - 83.0).abs() < 1e-6);
    assert!((left("2026-02-25", "2026-03-02") - (60.0 + 5.0)).abs() < 1e-6);
}
