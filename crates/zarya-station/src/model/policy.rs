//! Rules by which a programme operates its station: `[policy]` and the occupation plan.

use super::{Basis, Value};
use zarya_units::{Date, Mjd};

/// `[[phase]]` of `crew.toml`: how many are to be aboard for a while.
#[derive(Clone, Debug)]
pub struct Phase {
    /// Its name in paths: `id`, else its place in the file from 0.
    pub id: String,
    /// `from`: first day.
    pub from: Date,
    /// `until`, inclusive. Optional: until the next phase, or for good.
    pub until: Option<Date>,
    /// `crew = { minimum, nominal }`: as in `crew.toml`, zero allowed.
    pub minimum: u32,
    /// See `minimum`.
    pub nominal: u32,
}

/// What is asked of the crew from an instant on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
    /// First instant.
    pub from: Mjd,
    /// Least number of people.
    pub minimum: u32,
    /// Number of people planned.
    pub nominal: u32,
}

/// How cargo is loaded: `cargo` of `[policy]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Resplit {
    /// `target`: days of supply that planners load toward.
    pub target_d: Value,
    /// `least`: least share of a planned line with a reserve.
    pub least: Value,
    /// `most`: most of such a line over what was planned.
    pub most: Value,
    /// `propellant_most`: most propellant over the planned line.
    pub propellant_most: Value,
    /// `goods_least`: least share of a line without a reserve.
    pub goods_least: Value,
}

macro_rules! policies {
    ($($(#[doc = $doc:literal])+ $field:ident $key:literal $unit:ident = $value:literal ($low:literal, $high:literal) $why:literal;)*) => {
        /// `[policy]` of `crew.toml`: what a programme does when, as values with a basis.
        ///
        /// Each is optional. What stands in for a value that a station does not state is what the International
        /// Space Station does, as far as that is known, and is `assumed` of any other.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Policy {
            $($(#[doc = $doc])+ pub $field: Value,)*
            /// `cargo`: flights are loaded by what is short and not as the manifest says. Optional: as it says.
            pub cargo: Option<Resplit>,
        }

        impl Default for Policy {
            fn default() -> Self {
                Self {
                    $($field: Value { value: $value, low: $low, high: $high, basis: Basis::Assumed },)*
                    cargo: None,
                }
            }
        }

        impl Policy {
            /// The keys with a number, their kind of unit, what stands in for each, and why.
            pub(crate) const KEYS: &[(&str, PolicyUnit, Value, &str)] = &[
                $(($key, PolicyUnit::$unit, Value { value: $value, low: $low, high: $high, basis: Basis::Assumed }, $why),)*
            ];

            /// The values in the order of [`Policy::KEYS`].
            pub(crate) fn values_mut(&mut self) -> Vec<&mut Value> {
                vec![$(&mut self.$field,)*]
            }
        }
    };
}

/// What a policy is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PolicyUnit {
    /// Days.
    Days,
    /// A share from 0 to 1.
    Share,
}

policies! {
    /// `transfer`: from launch to docking, d.
    transfer_d "transfer" Days = 1.0 (1.0, 1.0) "flights of 2020-2025 took 3 hours to 2.5 days";
    /// `handover`: overlap of a crew with its successor, d.
    handover_d "handover" Days = 5.0 (5.0, 5.0) "5 days in most handovers of 2021-2025";
    /// `handover_gap`: longest planned time without a successor aboard that counts as a handover, d.
    handover_gap_d "handover_gap" Days = 30.0 (30.0, 30.0) "planned handovers of 2010-2019 in which the next crew came after the ship had left took 4 to 33 days";
    /// `visit`: a crew that is to stay less than this visits and relieves nobody, d; 0: only what is marked so.
    visit_d "visit" Days = 0.0 (0.0, 0.0) "only flights marked as visits are";
    /// `grace`: how long the crew may be below strength before it counts as a reduction, and how long before the end
    /// of its phase it may leave, d.
    grace_d "grace" Days = 10.0 (10.0, 10.0) "handovers overlap loosely";
    /// `slack`: how much later than its date a phase that asks for more people may begin, d.
    slack_d "slack" Days = 30.0 (30.0, 30.0) "visits are planned to the day and slip by weeks; one that comes a month late is taken to be another plan";
    /// `extension`: how long a ship may wait beyond its certified days for a successor about to fly, d.
    extension_d "extension" Days = 28.0 (28.0, 28.0) "one extension, as with the waivers of 2022-23 and 2024";
    /// `expedite`: how far a cargo flight can be brought forward when a stock is low, d.
    expedite_d "expedite" Days = 30.0 (30.0, 30.0) "no figure published";
    /// `expedite_notice`: least notice for that, d.
    expedite_notice_d "expedite_notice" Days = 45.0 (45.0, 45.0) "no figure published";
    /// `untrained`: how long a segment may be without anybody trained for it before a limit counts as exceeded, d.
    untrained_d "untrained" Days = 30.0 (30.0, 30.0) "no figure published";
    /// `leave`: share of a reserve at which people leave if nothing is due before it ends.
    leave_share "leave" Share = 0.6667 (0.6667, 0.6667) "30 of 45 days, as reported in December 2004";
    /// `crew_loss_stand_down`: how long crews do not fly on the type after people were lost with it, d.
    crew_loss_stand_down_d "crew_loss_stand_down" Days = 860.0 (550.0, 980.0) "551 d from 1967-04-24 to 1968-10-26, 820 d from 1971-06-30 to 1973-09-27, 975 d from 1986-01-28 to 1988-09-29, 906 d from 2003-02-01 to 2005-07-26";
    /// `loiter`: how long a ship that cannot dock waits near the station before it gives up, d.
    loiter_d "loiter" Days = 20.0 (4.0, 30.0) "some days with people aboard, about a month without";
    /// `manual_docking`: share of dockings that succeed by hand while nobody holds the station's attitude.
    manual_docking "manual_docking" Share = 0.75 (0.3, 0.98) "one of one, Soyuz T-13 in June 1985; half an event added on either side";
}

impl Policy {
    /// What a station that states none of it rests on: path, value and reason.
    pub(crate) fn assumed() -> impl Iterator<Item = (String, String, String)> {
        Self::KEYS.iter().map(|(key, unit, value, why)| {
            let text = match unit {
                PolicyUnit::Days => format!("{} d", value.value),
                PolicyUnit::Share => value.value.to_string(),
            };
            (format!("policy.{key}"), text, format!("not stated by the station: {why}"))
        })
    }
}

/// The occupation plan as steps: from each instant on what is asked of the crew, the first from before all times.
///
/// Days that no phase covers take the numbers of `crew.toml`.
pub fn occupation(nominal: u32, minimum: u32, phases: &[Phase]) -> Vec<Asked> {
    let mut steps = vec![Asked { from: f64::NEG_INFINITY, minimum, nominal }];
    for (at, phase) in phases.iter().enumerate() {
        let next = phases.get(at + 1).map(|next| next.from.mjd());
        let from = phase.from.mjd();
        // The day after the last of the phase before is the first of this one: no step between.
        if steps.last().is_some_and(|step| step.from.to_bits() == from.to_bits()) {
            steps.pop();
        }
        steps.push(Asked { from, minimum: phase.minimum, nominal: phase.nominal });
        let end = phase.until.map(|until| until.mjd() + 1.0);
        if let Some(end) = end.filter(|end| next.is_none_or(|next| *end <= next)) {
            steps.push(Asked { from: end, minimum, nominal });
        }
    }
    steps.dedup_by(|later, earlier| {
        (later.minimum, later.nominal) == (earlier.minimum, earlier.nominal)
    });
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phase(from: &str, until: Option<&str>, people: u32) -> Phase {
        let date = |text| Date::parse(text).expect("a date");
        let id = String::new();
        Phase { id, from: date(from), until: until.map(date), minimum: people, nominal: people }
    }

    #[test]
    fn days_without_a_phase_take_the_numbers_of_the_crew() {
        let at = |text| Date::parse(text).expect("a date").mjd();
        let phases = [
            phase("2026-01-01", Some("2026-02-28"), 0),
            phase("2026-03-01", Some("2026-03-30"), 4),
            phase("2026-06-01", None, 0),
        ];
        let steps = occupation(2, 1, &phases);
        let found: Vec<(f64, u32)> = steps.iter().map(|step| (step.from, step.nominal)).collect();
        let wanted = [
            (f64::NEG_INFINITY, 2),
            (at("2026-01-01"), 0),
            (at("2026-03-01"), 4),
            (at("2026-03-31"), 2),
            (at("2026-06-01"), 0),
        ];
        assert_eq!(found, wanted);
        assert_eq!(occupation(2, 1, &[]).len(), 1);
    }
}
