//! The counts of a history by name.

use zarya_simulation::outcome::Counts;

/// Returns all counts of a history with their names.
pub fn counts(counts: &Counts) -> [(&'static str, u32); 20] {
    [
        ("events", counts.events),
        ("failures", counts.failures),
        ("resets", counts.resets),
        ("replacements", counts.replacements),
        ("scheduled-replacements", counts.scheduled_replacements),
        ("stock-outs", counts.stock_outs),
        ("cannibalizations", counts.cannibalizations),
        ("units-returned", counts.units_returned),
        ("units-condemned", counts.units_condemned),
        ("evas", counts.evas),
        ("reboosts", counts.reboosts),
        ("avoidance-burns", counts.avoidance_burns),
        ("avoidance-missed", counts.avoidance_missed),
        ("cargo-flights", counts.cargo_flights),
        ("cargo-losses", counts.cargo_losses),
        ("crew-flights", counts.crew_flights),
        ("crew-reductions", counts.crew_reductions),
        ("medical-returns", counts.medical_returns),
        ("lifeboat-gaps", counts.lifeboat_gaps),
        ("de-crewings", counts.de_crewings),
    ]
}
