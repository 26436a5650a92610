//! A station's replaceable units as a list for the exact methods of `zarya-reliability`.
//!
//! The simulation and the closed forms answer the same question about spares with different means;
//! this is where both start from the same station files, so that their answers can be compared.

use zarya_reliability::campaign::{DemandModel, LifeLimits};
use zarya_reliability::law::Usage;
use zarya_reliability::sufficiency::{Question, Sufficiency, sufficiency as lasting};
use zarya_reliability::{Law, Unit, stock_for};
use zarya_station::Station;
use zarya_station::model::{Oru, RepairWhere};
use zarya_units::math;

/// Returns every unit type of a station that takes spares as one row of a spares list, in the order of the files.
/// Types of which the files say `spares = "none"` or `repair = "none"` take none and are left out.
///
/// # Model
///
/// Everything is taken at its central value. The mean life of one copy is
/// `mtbf / (duty · experience_factor)`, the factor being the type's own or the worlds', and 1 for a
/// mean time that comes from service; moved by what `in_service` has shown. A `shape` other than 1
/// makes the law a Weibull law of that mean. Failures that a reset clears take no spare and leave the age as it is, so the failure rate
/// at every age is times `1 − reset_share` (see [`Law::thinned`]).
/// The life limit is `life_limit · life_limit_factor`. `required` is `needed`, the capability is
/// the one served, a spacewalk is counted for replacements outside (not for robotic ones), and
/// `stock` is what is aboard, `None` where the files say `"unknown"`; a spare is ready to fly after
/// `lead_time`.
///
/// Left out: common cause (`beta`), all spreads of rates, time and crew hours of repairs, the ages
/// that units have today (each starts new), the higher rate past a life limit, lapsed maintenance,
/// spares on the ground and the flights that bring them. A life limit counts for units outside
/// too, which the simulation leaves in service past it. `group` stays empty, because units of a
/// subsystem do not stop while one of them is repaired.
///
/// # Examples
///
/// ```
/// use zarya::{Data, spares};
///
/// let station = Data::embedded().station(Some("tiny"), &[])?.station;
/// let units = spares::station::units(&station);
/// assert_eq!(units.len(), station.orus.len());
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn units(station: &Station) -> Vec<Unit> {
    station.orus.iter().filter(|oru| oru.supplied).map(|oru| unit(station, oru)).collect()
}

/// Returns how many spares of each unit type the stocking policy would have aboard, at the central
/// values of the station's `[worlds]`, in the order of [`units`].
///
/// # Model
///
/// The stocking confidence is split equally over the unit types, `P^(1/n)`; each gets the smallest
/// stock that covers a Poisson demand over the resupply gap with that much. The demand is that of
/// failures which take a spare, and of one replacement per life limit and copy.
fn policy(station: &Station) -> Vec<u32> {
    /// The demand that the simulation's policy stops at.
    const DEMAND_MAX: f64 = 500.0;
    let gap_d = station.worlds.resupply_gap_d.value;
    let together = station.worlds.stocking_confidence.value.clamp(0.01, 0.9999);
    let units = units(station);
    let confidence = math::pow(together, 1.0 / units.len() as f64);
    units
        .iter()
        .map(|unit| {
            let planned = unit.life_limit_d.map_or(0.0, |d| f64::from(unit.quantity) / d);
            let demand = (unit.rate_per_d() + planned) * gap_d;
            stock_for(demand.min(DEMAND_MAX), confidence)
        })
        .collect()
}

/// Returns [`units`] with the stock of the station's stocking policy where the files do not know what is
/// aboard.
///
/// # Examples
///
/// ```
/// use zarya::{Data, spares};
///
/// let station = Data::embedded().station(Some("iss"), &[])?.station;
/// let units = spares::station::stocked(&station);
/// assert!(units.iter().all(|unit| unit.stock.is_some()));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn stocked(station: &Station) -> Vec<Unit> {
    let mut units = units(station);
    for (unit, stock) in units.iter_mut().zip(policy(station)) {
        unit.stock.get_or_insert(stock);
    }
    units
}

/// Returns the probability that the spares aboard last for `days` days without resupply, by unit
/// type, subsystem, capability and station.
///
/// # Model
///
/// [`stocked`] units at known rates without repair time; a replacement after a failure restarts the
/// life limit. See [`zarya_reliability::sufficiency::sufficiency`] for how types combine.
///
/// # Examples
///
/// ```
/// use zarya::{Data, spares};
///
/// let station = Data::embedded().station(Some("tiny"), &[])?.station;
/// let (month, year) = (30.0, 365.0);
/// let lasting = |days| spares::station::sufficiency(&station, days).station;
/// assert!(lasting(month) > lasting(year));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn sufficiency(station: &Station, days: f64) -> Sufficiency {
    let model = DemandModel { life_limits: LifeLimits::Together, ..DemandModel::poisson(days) };
    let units = stocked(station);
    let question = Question { units: &units, model, shared_error_factor: 1.0, needed: &[] };
    lasting(&question, days)
}

fn unit(station: &Station, oru: &Oru) -> Unit {
    /// A type that never takes a spare (all failures reset, or never on) keeps a finite law: one
    /// failure in 27 million years.
    const RATE_PER_D_MIN: f64 = 1e-10;
    let worlds = &station.worlds;
    let reset_share = oru.reset_share.unwrap_or(worlds.reset_share).value.clamp(0.0, 1.0);
    let experience = oru.experience_factor.unwrap_or(worlds.experience_factor).value;
    let stated = oru.duty / oru.mtbf_d.value * experience;
    let rate = stated * zarya_simulation::belief(oru, stated).1;
    let mean_d = 1.0 / rate.max(RATE_PER_D_MIN);
    let law = if oru.shape == 1.0 {
        Law::Exponential { mtbf_d: mean_d }
    } else {
        Law::weibull_of_mean(oru.shape, mean_d)
    };
    let needs_spare = (1.0 - reset_share).max(RATE_PER_D_MIN * mean_d).min(1.0);
    Unit {
        id: oru.id.clone(),
        group: String::new(),
        subsystem: oru.subsystem.clone(),
        capability: oru.serves.clone(),
        quantity: oru.installed,
        required: oru.needed,
        law: law.thinned(needs_spare).unwrap_or(law),
        usage: Usage::CONTINUOUS,
        life_limit_d: oru.life_limit_d.map(|life| life.value * worlds.life_limit_factor.value),
        mass_kg: oru.mass_kg.value,
        volume_m3: oru.volume_m3,
        crew_h: Some(oru.repair_crew_h.value),
        eva_n: Some(match oru.repair_where {
            RepairWhere::Outside => f64::from(oru.repair_evas),
            RepairWhere::Inside | RepairWhere::Robotic | RepairWhere::Nowhere => 0.0,
        }),
        running_d: None,
        copies: 1,
        shared: false,
        stock: oru.spares_aboard,
        age_d: 0.0,
        ready_d: oru.lead_time_d.value,
        external: oru.external,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR_D: f64 = 365.25;

    fn tiny() -> Station {
        crate::Data::embedded().station(Some("tiny"), &[]).unwrap().station
    }

    fn named<'a>(units: &'a [Unit], id: &str) -> &'a Unit {
        units.iter().find(|unit| unit.id == id).unwrap()
    }

    fn close(got: f64, wanted: f64) {
        assert!((got / wanted - 1.0).abs() < 1e-12, "{got} {wanted}");
    }

    /// Against the numbers one reads in the files: experience factor 0.8, reset share 0.5, life
    /// factor 1.5.
    #[test]
    fn the_units_of_tiny_are_those_of_its_files() {
        let station = tiny();
        let units = units(&station);
        assert_eq!(units.len(), station.orus.len());
        let scrubber = named(&units, "scrubber");
        close(scrubber.law.mean_d(), 20_000.0 / 24.0 / 0.7 / 0.8 / 0.5);
        assert_eq!((scrubber.quantity, scrubber.required, scrubber.stock), (2, 1, Some(2)));
        assert_eq!(
            (&*scrubber.subsystem, &*scrubber.capability, &*scrubber.group),
            ("life-support", "carbon-dioxide-removal", "")
        );
        assert_eq!(
            (scrubber.mass_kg, scrubber.crew_h, scrubber.eva_n),
            (70.0, Some(8.0), Some(0.0))
        );
        // Its own share of resets, 0.8.
        close(named(&units, "computer").law.mean_d(), 5.0 * YEAR_D / 0.8 / 0.2);
        let gyroscope = named(&units, "gyroscope");
        assert!(matches!(gyroscope.law, Law::Weibull { shape: 1.5, .. }));
        // Half of the failures are reset: `S^0.5`, so the scale is times 2^(1/1.5).
        close(gyroscope.law.mean_d(), 10.0 * YEAR_D / 0.8 * math::pow(2.0, 1.0 / 1.5));
        assert_eq!(gyroscope.eva_n, Some(1.0));
        let battery = named(&units, "battery");
        close(battery.life_limit_d.unwrap(), 18.0 * YEAR_D);
        assert_eq!(battery.eva_n, Some(0.0));
        assert_eq!(named(&units, "thruster-block").stock, None);
    }

    /// A rate counted in service, or of the order that the record allows, was once corrected to
    /// service again by the worlds' factor of 0.6.
    #[test]
    fn a_rate_from_service_is_not_corrected_to_service() {
        let station = crate::Data::embedded().station(None, &[]).unwrap().station;
        let units = units(&station);
        let worlds = station.worlds.experience_factor.value;
        let reset = |oru: &Oru| oru.reset_share.unwrap_or(station.worlds.reset_share).value;
        let factor = |id: &str| {
            let oru = station.orus.iter().find(|oru| oru.id == id).unwrap();
            let taken_per_d = 1.0 / named(&units, id).law.mean_d();
            taken_per_d / (1.0 - reset(oru)) * oru.mtbf_d.value / oru.duty
        };
        close(factor("cmg"), 1.0);
        close(factor("pump-module"), 1.0);
        close(factor("rate-gyro"), 1.0);
        close(factor("elektron"), 1.0);
        assert!(worlds < 1.0);
        close(factor("cdra-lab-blower"), worlds);
        // Said to fail sooner than designed.
        for id in ["oga-pump", "cdra-lab-selector-valves", "wpa-process-controller"] {
            assert!(factor(id) >= 1.0, "{id}");
        }
    }

    /// The life limits of the ISS once listed the units' own mean times as what another source says.
    #[test]
    fn no_life_limit_lists_the_mean_time_as_its_alternative() {
        let station = crate::Data::embedded().station(None, &[]).unwrap().station;
        for oru in station.orus.iter().filter(|oru| oru.life_limit_d.is_some()) {
            let fact = |key: &str| &station.facts[&format!("oru.{}.{key}", oru.id)];
            let mean = &fact("mtbf").text;
            let listed = &fact("life_limit").alternatives;
            assert!(listed.iter().all(|(value, _)| value != mean), "{}: {listed:?}", oru.id);
        }
    }

    /// Two blocks, 240 d: 0.0438 failures expected. None lasts with 0.957, one with 0.9991; the
    /// policy asks each of ten types for 0.92^(1/10) = 0.9917.
    #[test]
    fn an_unknown_stock_is_the_policys() {
        let station = tiny();
        assert_eq!(station.orus.len(), 10);
        assert_eq!(named(&stocked(&station), "thruster-block").stock, Some(1));
        // A known one stays, whatever the policy would have.
        assert_eq!(named(&stocked(&station), "gyroscope").stock, Some(0));
    }

    /// One processor with one spare: `e^-x (1 + x)`; and independent types multiply.
    #[test]
    fn sufficiency_is_the_closed_form() {
        let station = tiny();
        let answer = sufficiency(&station, 365.0);
        let at = station.orus.iter().position(|oru| oru.id == "water-processor").unwrap();
        let x = 365.0 / (15_000.0 / 24.0) * 0.8 * 0.5;
        // Two spares.
        close(answer.units[at], math::exp(-x) * (1.0 + x + 0.5 * x * x));
        let product: f64 = answer.units.iter().product();
        close(answer.station, product);
        close(answer.subsystems.values().product(), product);
        assert!(sufficiency(&station, 730.0).station < answer.station);
    }

    #[test]
    fn a_type_that_is_always_reset_needs_no_spare() {
        let mut station = tiny();
        station.worlds.reset_share.value = 1.0;
        for oru in &mut station.orus {
            oru.reset_share = None;
        }
        assert!(sufficiency(&station, 365.0).station > 1.0 - 1e-5);
    }
}
