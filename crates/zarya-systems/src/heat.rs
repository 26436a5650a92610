//! Two cooling loops and what is lost with them. The heat follows the power.

use crate::parameters::{self, row};
use crate::power::{self, Load, Shed};
use std::sync::OnceLock;

/// One external cooling loop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loop {
    /// Heat it rejects when whole, kW.
    pub capacity_kw: f64,
    /// Whether its pump module, valves and interface work.
    pub running: bool,
    /// Share of its radiators that works.
    pub radiators: f64,
}

/// How well the station is cooled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cooling {
    /// No loop: the American segment is lost; Russian jumpers only.
    Lost,
    /// One loop: survival, payloads and second strings off, no failure tolerated.
    Survival,
    /// Both loops.
    Full,
}

/// Returns the station's two loops, whole.
pub fn station_loops() -> [Loop; 2] {
    let capacity_kw = row(parameters::power(), "loop-capacity").in_unit("kW");
    [Loop { capacity_kw, running: true, radiators: 1.0 }; 2]
}

/// Returns the heat in kW that the loops reject.
pub fn capacity_kw(loops: &[Loop]) -> f64 {
    loops.iter().filter(|l| l.running).map(|l| l.capacity_kw * l.radiators.clamp(0.0, 1.0)).sum()
}

/// Returns how well the station is cooled: both loops, one, or none.
pub fn cooling(loops: &[Loop]) -> Cooling {
    match loops.iter().filter(|l| l.running && l.radiators > 0.0).count() {
        0 => Cooling::Lost,
        1 => Cooling::Survival,
        _ => Cooling::Full,
    }
}

/// Returns the heat in kW to be rejected: all electric power used, and the crew's own.
///
/// What leaves as hydrogen from oxygen generators, and what the Russian segment radiates itself,
/// is not taken off: at most 2 kW of 84.
pub fn load_kw(power_kw: f64, crew: f64) -> f64 {
    /// Asked for at every event of a run: looked up once.
    static CREW_KW: OnceLock<f64> = OnceLock::new();
    let crew_kw = CREW_KW.get_or_init(|| row(parameters::power(), "crew-heat").in_unit("kW"));
    power_kw + crew * crew_kw
}

/// Returns the electric power in kW that the loops allow with a crew aboard; more must be shed
/// with [`crate::power::shed`].
pub fn power_allowed_kw(loops: &[Loop], crew: f64) -> f64 {
    (capacity_kw(loops) - load_kw(0.0, crew)).max(0.0)
}

/// Sheds loads until power and cooling both carry the rest, and writes the share of each load that
/// keeps running; see [`crate::power::shed`].
///
/// # Panics
///
/// If the slices differ in length.
pub fn shed(
    loops: &[Loop],
    crew: f64,
    capability_kw: f64,
    loads: &[Load],
    served: &mut [f64],
) -> Shed {
    power::shed(capability_kw.min(power_allowed_kw(loops, crew)), loads, served)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_loop_sheds_what_power_would_carry() {
        let mut loops = station_loops();
        let loads = [Load { power_kw: 30.0, class: 0 }, Load { power_kw: 30.0, class: 1 }];
        let mut served = [0.0; 2];
        assert_eq!(shed(&loops, 0.0, 80.0, &loads, &mut served).shed_kw, 0.0);
        loops[1].running = false;
        let lost = shed(&loops, 0.0, 80.0, &loads, &mut served);
        assert_eq!((lost.shed_kw, lost.deepest_class), (25.0, Some(1)));
    }

    /// Published: 35 kW per loop, 70 kW in all; July 2010: one loop means survival.
    #[test]
    fn losing_a_loop_halves_what_can_run() {
        let mut loops = station_loops();
        assert_eq!(capacity_kw(&loops), 70.0);
        assert_eq!(cooling(&loops), Cooling::Full);
        loops[0].running = false;
        assert_eq!(cooling(&loops), Cooling::Survival);
        let allowed = power_allowed_kw(&loops, 7.0);
        assert!((allowed - (35.0 - 7.0 * 0.1367)).abs() < 1e-12);
        loops[1].running = false;
        assert_eq!((cooling(&loops), power_allowed_kw(&loops, 7.0)), (Cooling::Lost, 0.0));
    }
}
