//! Cabin air: pressure and mass, holes and cracks, hatches, and how long the air lasts.

use crate::parameters::{self, row};
use crate::stock::{Law, Stock};
use crate::substance::molar;
use zarya_units::{SECONDS_PER_DAY, math};

/// The molar gas constant in J/(mol K), exact in the SI of 2019.
pub const GAS_CONSTANT: f64 = 8.314_462_618;
/// Mean molar mass of dry air in g/mol.
pub const AIR_G_MOL: f64 = 28.9647;
/// Ratio of the specific heats of air.
const HEAT_RATIO: f64 = 1.4;
/// Viscosity of air at 295 K in Pa s (Sutherland's formula with the usual constants).
const AIR_VISCOSITY_PA_S: f64 = 1.82e-5;
const PASCALS_PER_KILOPASCAL: f64 = 1000.0;
const GRAMS_PER_KILOGRAM: f64 = 1000.0;

/// Returns the cabin temperature used where none is given, in K.
pub fn default_temperature_k() -> f64 {
    row(parameters::air(), "temperature").in_unit("K")
}

/// Returns the mass in kg of a gas of `g_mol` at a partial pressure in a volume.
pub fn mass_kg(pressure_kpa: f64, volume_m3: f64, g_mol: f64, temperature_k: f64) -> f64 {
    pressure_kpa * PASCALS_PER_KILOPASCAL * volume_m3 * g_mol
        / (GRAMS_PER_KILOGRAM * GAS_CONSTANT * temperature_k)
}

/// Returns the partial pressure in kPa of a mass of gas in a volume: the inverse of [`mass_kg`].
pub fn pressure_kpa(mass_kg: f64, volume_m3: f64, g_mol: f64, temperature_k: f64) -> f64 {
    mass_kg * GRAMS_PER_KILOGRAM * GAS_CONSTANT * temperature_k
        / (g_mol * volume_m3 * PASCALS_PER_KILOPASCAL)
}

/// Returns the days of one crew member that raise carbon dioxide between two pressures when
/// nothing removes it, divided by the crew.
///
/// Infinite without a source.
pub fn carbon_dioxide_rise_days(
    from_kpa: f64,
    to_kpa: f64,
    volume_m3: f64,
    temperature_k: f64,
    source_kg_d: f64,
) -> f64 {
    mass_kg(to_kpa - from_kpa, volume_m3, molar::CO2, temperature_k) / source_kg_d
}

/// Returns the outflow in kg/d through a hole into vacuum.
///
/// # Model
///
/// Choked flow of a perfect gas, `Cd A p sqrt(g M / R T) (2 / (g + 1))^((g + 1) / (2 (g - 1)))`.
/// Holds while the hole is wide against the wall and the mean free path (above about 0.1 mm).
///
/// # Source
///
/// Textbook gas dynamics; the 2 mm hole of 2018-08-29 lost tens of kg a day.
pub fn choked_outflow_kg_d(
    diameter_mm: f64,
    pressure_kpa: f64,
    temperature_k: f64,
    discharge: f64,
) -> f64 {
    let radius_m = diameter_mm / 2000.0;
    let area_m2 = std::f64::consts::PI * radius_m * radius_m;
    let exponent = (HEAT_RATIO + 1.0) / (2.0 * (HEAT_RATIO - 1.0));
    let critical = math::pow(2.0 / (HEAT_RATIO + 1.0), exponent);
    let speed =
        (HEAT_RATIO * AIR_G_MOL / GRAMS_PER_KILOGRAM / (GAS_CONSTANT * temperature_k)).sqrt();
    discharge * area_m2 * pressure_kpa * PASCALS_PER_KILOPASCAL * speed * critical * SECONDS_PER_DAY
}

/// Returns the outflow in kg/d through a fine crack of capillary shape into vacuum.
///
/// # Model
///
/// Laminar compressible flow (Hagen and Poiseuille), `pi r^4 p^2 M / (16 mu L R T)`: with the
/// square of pressure, where a hole goes with the pressure itself. Holds for cracks finer than
/// about 0.1 mm; a wider one chokes first, see [`choked_outflow_kg_d`].
pub fn laminar_outflow_kg_d(
    diameter_mm: f64,
    length_mm: f64,
    pressure_kpa: f64,
    temperature_k: f64,
) -> f64 {
    let radius_m = diameter_mm / 2000.0;
    let pressure_pa = pressure_kpa * PASCALS_PER_KILOPASCAL;
    std::f64::consts::PI
        * radius_m
        * radius_m
        * radius_m
        * radius_m
        * pressure_pa
        * pressure_pa
        * (AIR_G_MOL / GRAMS_PER_KILOGRAM)
        / (16.0 * AIR_VISCOSITY_PA_S * (length_mm / 1000.0) * GAS_CONSTANT * temperature_k)
        * SECONDS_PER_DAY
}

/// How an outflow depends on pressure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outflow {
    /// A hole: in proportion to pressure.
    Choked,
    /// A crack: with its square.
    Laminar,
}

/// Returns the pressure in kPa after so many days without make-up gas.
///
/// # Model
///
/// `rate_kg_d` is the outflow at `pressure_kpa`; `t = mass / rate` is the time constant. Choked:
/// `p exp(-d / t)`. Laminar: `p / (1 + d / t)`. Temperature is held by the cabin.
pub fn pressure_after(
    outflow: Outflow,
    pressure_kpa: f64,
    air_kg: f64,
    rate_kg_d: f64,
    days: f64,
) -> f64 {
    let elapsed = rate_kg_d / air_kg * days;
    match outflow {
        Outflow::Choked => pressure_kpa * math::exp(-elapsed),
        Outflow::Laminar => pressure_kpa / (1.0 + elapsed),
    }
}

/// Returns the days until the pressure has fallen to `limit_kpa`, `None` if it does not fall.
pub fn days_until_pressure(
    outflow: Outflow,
    pressure_kpa: f64,
    air_kg: f64,
    rate_kg_d: f64,
    limit_kpa: f64,
) -> Option<f64> {
    if limit_kpa >= pressure_kpa {
        return Some(0.0);
    }
    if rate_kg_d <= 0.0 || limit_kpa <= 0.0 {
        return None;
    }
    let elapsed = match outflow {
        Outflow::Choked => math::ln(pressure_kpa / limit_kpa),
        Outflow::Laminar => pressure_kpa / limit_kpa - 1.0,
    };
    Some(elapsed * air_kg / rate_kg_d)
}

/// Returns the make-up gas in kg that restores a pressure in a volume.
pub fn makeup_kg(from_kpa: f64, to_kpa: f64, volume_m3: f64, temperature_k: f64) -> f64 {
    mass_kg((to_kpa - from_kpa).max(0.0), volume_m3, AIR_G_MOL, temperature_k)
}

/// A leaking element: its rate now, how it grows, and what repairs have left of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElementLeak {
    /// Outflow in kg/d at the reference pressure, at day zero.
    pub rate_kg_d: f64,
    /// Growth per day of the logarithm of the rate; zero does not grow.
    pub growth_per_day: f64,
    /// How the outflow goes with pressure.
    pub outflow: Outflow,
}

impl ElementLeak {
    /// Returns the rate in kg/d at the reference pressure so many days on.
    pub fn rate_after(&self, days: f64) -> f64 {
        self.rate_kg_d * math::exp(self.growth_per_day * days)
    }

    /// Returns the gas in kg lost in so many days at a held pressure.
    pub fn lost_after(&self, days: f64) -> f64 {
        self.rate_kg_d * days * crate::stock::growth(self.growth_per_day * days)
    }

    /// Returns the leak from the day a patch leaves `remaining` of it (0 to 1).
    ///
    /// Growth starts again from what is left: a patch does not cure the cause.
    #[must_use]
    pub fn patched_at(&self, days: f64, remaining: f64) -> Self {
        Self { rate_kg_d: self.rate_after(days) * remaining, ..*self }
    }

    /// Returns the leak from the day it relapses to `rate_kg_d`.
    #[must_use]
    pub fn relapsed_to(&self, rate_kg_d: f64) -> Self {
        Self { rate_kg_d, ..*self }
    }
}

/// What to do with the hatch to a leaking element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HatchPolicy {
    /// Open: the element leaks station air at its full rate.
    Open,
    /// Closed for good: nothing leaks after the element is empty; its port is lost.
    Closed,
    /// Closed, opened for `open_days` once every `every_days`; the element is filled each time.
    OpenedEvery {
        /// Days from opening to opening.
        every_days: f64,
        /// Days it stays open.
        open_days: f64,
    },
}

/// What a hatch policy costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HatchPrice {
    /// Station gas in kg/d, leak and filling together.
    pub gas_kg_d: f64,
    /// Docking ports not usable while the hatch is closed.
    pub ports_lost: f64,
}

/// Returns the price of a hatch policy for an element of `volume_m3` leaking `rate_kg_d` at cabin
/// pressure.
///
/// # Model
///
/// Closed, the element decays toward vacuum by its own time constant; each opening replaces what
/// has left. Ports are counted as the share of time the hatch is closed.
///
/// # Panics
///
/// If an opening lasts longer than the time between openings.
pub fn hatch_price(
    policy: HatchPolicy,
    outflow: Outflow,
    volume_m3: f64,
    cabin_kpa: f64,
    temperature_k: f64,
    rate_kg_d: f64,
) -> HatchPrice {
    let air_kg = mass_kg(cabin_kpa, volume_m3, AIR_G_MOL, temperature_k);
    match policy {
        HatchPolicy::Open => HatchPrice { gas_kg_d: rate_kg_d, ports_lost: 0.0 },
        HatchPolicy::Closed => HatchPrice { gas_kg_d: 0.0, ports_lost: 1.0 },
        HatchPolicy::OpenedEvery { every_days, open_days } => {
            assert!(
                0.0 <= open_days && open_days <= every_days && every_days > 0.0,
                "open for {open_days} d every {every_days} d is no schedule"
            );
            let closed_days = every_days - open_days;
            let left = pressure_after(outflow, cabin_kpa, air_kg, rate_kg_d, closed_days);
            let filling = makeup_kg(left, cabin_kpa, volume_m3, temperature_k);
            HatchPrice {
                gas_kg_d: (filling + rate_kg_d * open_days) / every_days,
                ports_lost: closed_days / every_days,
            }
        }
    }
}

/// Returns a stock of cabin air (kg) under a constant supply and a choked leak stated at `air_kg`.
pub fn leaking_air(air_kg: f64, supply_kg_d: f64, rate_kg_d: f64) -> Stock {
    Stock { level: air_kg, law: Law::Relaxing { source: supply_kg_d, decay: rate_kg_d / air_kg } }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A 2 mm hole at 101.3 kPa: the hand check beside the 2018-08-29 case gives 51.8 kg/d and
    /// 21.2 days of air in 916 m3.
    #[test]
    fn two_millimeter_hole_loses_tens_of_kilograms_a_day() {
        let rate = choked_outflow_kg_d(2.0, 101.3, 295.0, 0.8);
        assert!((rate / 51.8 - 1.0).abs() < 0.01, "{rate}");
        let air = mass_kg(101.3, 916.0, AIR_G_MOL, 295.0);
        assert!((air / rate / 21.2 - 1.0).abs() < 0.01, "{}", air / rate);
    }

    /// Chamber of 2020-12 and 2021-03: the decay constants printed beside the pressures.
    #[test]
    fn chamber_pressures_fall_as_observed() {
        for (from, to, hours, constant) in
            [(730.0, 620.0, 18.0, 0.00907), (730.0, 678.0, 11.5, 0.00643)]
        {
            let days = days_until_pressure(Outflow::Choked, from, 1.0, constant * 24.0, to);
            assert!((days.unwrap() * 24.0 / hours - 1.0).abs() < 0.01, "{from} {to}");
        }
    }

    #[test]
    fn pressure_and_time_are_inverse() {
        for outflow in [Outflow::Choked, Outflow::Laminar] {
            let days = days_until_pressure(outflow, 101.3, 1000.0, 50.0, 60.0).unwrap();
            assert!((pressure_after(outflow, 101.3, 1000.0, 50.0, days) - 60.0).abs() < 1e-9);
        }
        assert_eq!(days_until_pressure(Outflow::Choked, 101.3, 1000.0, 0.0, 60.0), None);
        assert_eq!(days_until_pressure(Outflow::Choked, 50.0, 1000.0, 1.0, 60.0), Some(0.0));
    }

    #[test]
    fn a_crack_loses_less_than_a_hole_and_with_the_square_of_pressure() {
        let at = |pressure| laminar_outflow_kg_d(0.05, 5.0, pressure, 295.0);
        assert!((at(100.0) / at(50.0) - 4.0).abs() < 1e-12);
        assert!(at(101.3) < choked_outflow_kg_d(0.05, 101.3, 295.0, 0.8));
    }

    #[test]
    fn growth_patch_and_relapse() {
        let leak = ElementLeak { rate_kg_d: 0.4, growth_per_day: 0.01, outflow: Outflow::Choked };
        assert!((leak.lost_after(0.001) / 0.0004 - 1.0).abs() < 1e-4);
        let patched = leak.patched_at(100.0, 2.0 / 3.0);
        assert!((patched.rate_kg_d / leak.rate_after(100.0) - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(patched.relapsed_to(0.9).rate_kg_d, 0.9);
    }

    #[test]
    fn closing_a_hatch_trades_gas_for_a_port() {
        let price = |policy| hatch_price(policy, Outflow::Choked, 6.0, 101.3, 295.0, 1.68);
        assert_eq!(price(HatchPolicy::Open).gas_kg_d, 1.68);
        assert_eq!(price(HatchPolicy::Closed).ports_lost, 1.0);
        let weekly = price(HatchPolicy::OpenedEvery { every_days: 7.0, open_days: 0.5 });
        assert!(weekly.gas_kg_d < 1.68 && weekly.ports_lost > 0.9, "{weekly:?}");
    }
}
