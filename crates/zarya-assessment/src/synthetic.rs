//! Outcome rows for tests, made without an engine.

use crate::ensemble::{CauseLabel, Labels, NameLabel, SeriesLabel};
use crate::small_station::date;
use zarya_simulation::outcome::{Breach, Cause, Counts, EndState, Outcome};
use zarya_station::model::Owner;

/// One capability, one subsystem, one series sampled twice, one cause of systems.
pub(crate) fn labels() -> Labels {
    let as_of = date("2025-07-31");
    Labels {
        as_of,
        through: date("2028-12-31"),
        causes: vec![CauseLabel {
            id: "air".into(),
            text: "air ran out".into(),
            owner: Owner::Systems,
        }],
        capabilities: vec![NameLabel { id: "air".into(), name: "Air".into() }],
        subsystems: vec!["pumps".into()],
        types: vec!["pump".into()],
        series: vec![SeriesLabel { id: "crew".into(), name: "Crew".into(), unit: String::new() }],
        sample_dates: vec![as_of.mjd(), as_of.mjd() + 600.0],
    }
}

/// A history in worlds of twenty that keeps every tier, or is evacuated at a time by a cause.
pub(crate) fn outcome(history: u32, evacuated: Option<(f64, u16)>) -> Outcome {
    let breach =
        evacuated.map(|(at, owner)| Breach { at, cause: Cause { direct: owner, root: owner } });
    Outcome {
        history,
        world: history / 20,
        end_state: if breach.is_some() { EndState::DeCrewed } else { EndState::Nominal },
        survives: None,
        crewed: breach,
        full: breach,
        rungs: if breach.is_some() { 0b100_0000 } else { 0 },
        counts: Counts { de_crewings: u32::from(breach.is_some()), ..Counts::default() },
        cargo_kg: 1000.0,
        research_h: 100.0,
        upkeep_h: 50.0,
        propellant_kg: 10.0,
        deorbit_share: 1.0,
        short_d: vec![if breach.is_some() { 10.0 } else { 0.0 }],
        failures_by_subsystem: vec![2],
        failures_by_type: vec![2],
        stock_out_d: vec![f32::INFINITY],
        own_stock_d: vec![f32::INFINITY],
        samples: vec![3.0, if breach.is_some() { 0.0 } else { 3.0 }],
        measured: None,
        own_survives: None,
        own_crewed: breach,
        past_missed: 0,
    }
}
