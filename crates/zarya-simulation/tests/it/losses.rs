//! The loss of a crew vehicle: its people are lost, the others and the fleet go on.

use crate::bare::{SPAN_D, assert_share, file, histories, plan, share};
use zarya_simulation::outcome::EndState;
use zarya_simulation::{Outcome, ensemble};
use zarya_units::math;

fn hazard(effect: &str) -> String {
    format!(
        "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n[[hazard]]\n\
         id = \"vehicle-loss\"\nname = \"Loss of a vehicle\"\nowner = \"crew-transport\"\nrate = \"0.1 1/y\"\n\
         per = \"docked-crew-vehicle\"\noutcomes = [{{ share = 1, effect = \"{effect}\" }}]\n"
    )
}

/// Two capsules of two people, and a third that relieves the first after two years.
fn manifest() -> String {
    format!(
        "{}\n[[docked]]\nid = \"capsule-2\"\nvehicle = \"capsule\"\nsince = 2025-12-31\nuntil = 2050-01-01\ncrew = 2\n\
         [[flight]]\nid = \"capsule-3\"\nvehicle = \"capsule\"\ndate = 2028-01-01\nstay = \"2000 d\"\ncrew = 2\n",
        file("manifest.toml")
    )
}

#[test]
fn the_loss_of_one_vehicle_leaves_the_other_people_aboard() {
    let crew = file("crew.toml").replace("nominal = 2", "nominal = 4");
    let hazards = hazard("loss-of-crew-vehicle");
    let plan =
        plan(&[("hazards.toml", &hazards), ("manifest.toml", &manifest()), ("crew.toml", &crew)]);
    let (mut alone, mut relieved) = (0, 0);
    for history in 0..400 {
        let (outcome, story) = ensemble::tell(&plan, 7, history);
        let lost = story.iter().filter(|n| n.text.contains("is lost with")).count();
        assert_eq!(outcome.survives.is_some(), lost > 0, "{story:?}");
        if lost > 0 {
            assert_eq!(outcome.end_state, EndState::LossOfCrew);
            assert_eq!(outcome.full.map(|b| b.at), outcome.survives.map(|b| b.at));
        }
        if lost == 1 {
            assert_eq!(outcome.crewed, outcome.survives, "{story:?}");
            assert_eq!(outcome.counts.de_crewings, 0);
            assert!(story.iter().any(|n| n.text.contains("is lost with 2 people; 2 aboard")));
            assert_eq!(outcome.counts.crew_reductions, 1);
            alone += 1;
            let flies = story.iter().any(|n| n.text.starts_with("capsule-3 docks"));
            relieved += u32::from(flies);
        }
        assert!(!story.iter().any(|n| n.text.ends_with("does not fly.") && lost < 2));
    }
    assert!(alone > 50 && relieved > 20, "{alone} {relieved}");
}

/// With one vehicle aboard the loss of it is the loss of all: survival by the closed form.
#[test]
fn the_loss_of_the_only_vehicle_empties_the_station() {
    let hazards = hazard("loss-of-crew-vehicle");
    let plan = plan(&[("hazards.toml", &hazards)]);
    let outcomes = histories(&plan, 1, 4_000);
    let survives = share(&outcomes, |o| o.survives.is_none());
    assert_share(survives, math::exp(-0.1 * SPAN_D / 365.25), outcomes.len());
    assert!(outcomes.iter().all(|o| o.crewed == o.survives));
}

/// After a loss the launcher stands as after a lost launch.
#[test]
fn the_launcher_of_a_lost_vehicle_is_grounded() {
    let crew = file("crew.toml").replace("nominal = 2", "nominal = 4");
    let vehicles =
        file("vehicles.toml").replacen("grounding = \"0 d\"", "grounding = \"20000 d\"", 1);
    let hazards = hazard("loss-of-crew-vehicle");
    let plan = plan(&[
        ("hazards.toml", &hazards),
        ("manifest.toml", &manifest()),
        ("crew.toml", &crew),
        ("vehicles.toml", &vehicles),
    ]);
    let mut seen = 0;
    for history in 0..200 {
        let (outcome, _) = ensemble::tell(&plan, 7, history);
        if outcome.survives.is_some_and(|b| b.at < plan.as_of.mjd() + 700.0) {
            assert_eq!(outcome.counts.crew_flights, 0);
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}

/// An element without a leak is shut once, however often an event shuts it.
#[test]
fn a_tight_element_is_shut_once() {
    let hazards = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n[[hazard]]\nid = \"smoke\"\n\
                   name = \"Smoke\"\nowner = \"systems\"\nrate = \"1 1/y\"\noutcomes = [{ share = 1, effect = { isolate = \"hub\" } }]\n";
    let mut plan = plan(&[("hazards.toml", hazards)]);
    plan.measures = true;
    let outcomes = histories(&plan, 1, 4_000);
    let shut = |o: &Outcome| o.measured.as_ref().expect("measured").isolated_elements;
    assert!(outcomes.iter().all(|o| shut(o) <= 1));
    let expected = 1.0 - math::exp(-SPAN_D / 365.25);
    assert_share(share(&outcomes, |o| shut(o) == 1), expected, outcomes.len());
}
