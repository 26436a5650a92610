//! The Sun and the air of a world: what `zarya-orbit` gives, at the pace of the engine's ticks.

use crate::clock::TICK_D;
use zarya_orbit::air::SunDay;
use zarya_orbit::density::{DensityPath, DensityProcess, FITTED_BEFORE_2012};
use zarya_orbit::geometry;
use zarya_orbit::sun::ObservedSun;
use zarya_orbit::table::{DayTerms, DecayTable};
use zarya_orbit::{Forecast, SunPath, archive};
use zarya_station::model::Value;
use zarya_systems::parameters::Spread;
use zarya_systems::power;
use zarya_units::random::{Source, Stream};
use zarya_units::{Date, Mjd, digest};

/// Tables and the forecast that all worlds of a plan share.
#[derive(Clone)]
pub(crate) struct AirTable {
    table: &'static DecayTable,
    forecast: Option<&'static Forecast>,
    hindsight: bool,
    from: Mjd,
    days: usize,
}

/// One world's Sun, air and orbit plane, tick by tick.
#[derive(Clone)]
pub(crate) struct Sun {
    terms: Vec<DayTerms>,
    density: Vec<f64>,
    /// Right ascension of the ascending node at the start, degrees: not in the files, so drawn.
    node_deg: f64,
    /// Share of the energy put into a battery that comes out again.
    battery_efficiency: f64,
}

impl AirTable {
    /// Prepares the span. The forecast is the latest issued by `as_of`; before the first issue of
    /// the archive there is none, and the observed Sun stands in (a recorded span has no future).
    ///
    /// With `hindsight` the observed Sun is used as far as its record goes: looking back is no
    /// forecast.
    pub(crate) fn for_span(as_of: Date, through: Date, hindsight: bool) -> Self {
        let days = (through.mjd() - as_of.mjd()) as usize + 2 * TICK_D as usize + 1;
        Self {
            table: DecayTable::embedded(),
            forecast: archive::forecast_as_of(as_of).ok(),
            hindsight,
            from: as_of.mjd(),
            days,
        }
    }

    /// SHA-256 over the table and the forecasts.
    pub(crate) fn digest(&self) -> String {
        let issue = self.forecast.map_or_else(String::new, Forecast::name);
        digest::of_bytes(
            format!("{} {} {issue}", self.table.digest(), archive::digest()).as_bytes(),
        )
    }

    fn path(&self, uniforms: &mut dyn FnMut(u32) -> f64) -> SunPath {
        match self.forecast {
            Some(forecast) if !self.hindsight => {
                SunPath::draw(forecast, self.from, self.days, uniforms)
            }
            _ => self.observed(uniforms),
        }
    }

    /// The observed Sun, and after its record what the latest forecast of its end says.
    fn observed(&self, uniforms: &mut dyn FnMut(u32) -> f64) -> SunPath {
        const MARGIN_D: f64 = 42.0; // 81-day means need 40 days on both sides
        let last = ObservedSun::embedded().last().mjd() - MARGIN_D;
        let known = (last - self.from).clamp(0.0, self.days as f64) as usize;
        let seen = SunPath::observed(self.from, known.max(1)).ok();
        let mut days = seen.map_or_else(Vec::new, |path| path.days().to_vec());
        let missing = self.days.saturating_sub(days.len());
        if missing > 0 {
            let from = self.from + days.len() as f64;
            if let Ok(forecast) = archive::forecast_as_of(Date::from_mjd(from)) {
                let rest = SunPath::draw(forecast, from, missing, uniforms);
                days.extend_from_slice(rest.days());
            } else {
                // Neither observed nor forecast: a Sun of middling activity, from before 1999.
                let sun = SunDay { f107: 120.0, f107_81: 120.0, ap: 10.0 };
                days.resize(self.days, sun);
            }
        }
        SunPath::new(self.from, days)
    }
}

impl std::fmt::Debug for AirTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AirTable").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Sun {
    pub(crate) fn draw(air: &AirTable, battery_efficiency: Value, source: &Source) -> Self {
        let sun_stream = Stream::new("sun", "path");
        let path = air.path(&mut |n| source.uniform(sun_stream, n));
        let week = TICK_D as usize;
        let terms = path
            .days()
            .chunks_exact(week)
            .enumerate()
            .map(|(i, days)| {
                let mean = |pick: fn(&SunDay) -> f64| days.iter().map(pick).sum::<f64>() / TICK_D;
                let sun = SunDay {
                    f107: mean(|d| d.f107),
                    f107_81: mean(|d| d.f107_81),
                    ap: mean(|d| d.ap),
                };
                let middle = path.start() + (i as f64 + 0.5) * TICK_D;
                air.table.day_terms(sun, geometry::day_of_year(middle))
            })
            .collect::<Vec<_>>();
        let process: DensityProcess = FITTED_BEFORE_2012;
        let density_stream = Stream::new("air", "density");
        let density =
            DensityPath::draw(process, 0.0, process.spread, air.from, air.days, &mut |n| {
                source.uniform(density_stream, n)
            });
        let density =
            (0..terms.len()).map(|i| density.at(air.from + (i as f64 + 0.5) * TICK_D)).collect();
        let node_deg = 360.0 * source.uniform(Stream::new("orbit", "node"), 0);
        let Value { low, value, high, .. } = battery_efficiency;
        let battery = Spread { low, value, high };
        let drawn = battery.at(source.uniform(Stream::new("power", "battery"), 0));
        Self { terms, density, node_deg, battery_efficiency: drawn.clamp(low, high) }
    }

    /// Decay in km per day for a drag area, positive downward, in the given tick.
    pub(crate) fn decay_km_d(
        &self,
        air: &AirTable,
        tick: usize,
        altitude_km: f64,
        drag_area_m2_kg: f64,
    ) -> f64 {
        let i = tick.min(self.terms.len() - 1);
        air.table.rate_at(altitude_km, &self.terms[i]) * drag_area_m2_kg * self.density[i]
    }

    /// What arrays carry around this orbit over what they carry at beta 0, where the files rate them:
    /// 1 to about 1.6. How old an array is does not change it.
    pub(crate) fn sunlit_factor(
        &self,
        mjd: Mjd,
        days: f64,
        altitude_km: f64,
        inclination_deg: f64,
    ) -> f64 {
        let precession = geometry::nodal_precession_deg_d(altitude_km, inclination_deg);
        let beta =
            geometry::beta_angle_deg(mjd, self.node_deg + precession * days, inclination_deg);
        let carried = |beta| {
            let eclipse = geometry::eclipse_fraction(altitude_km, beta);
            power::carried_share(eclipse, self.battery_efficiency)
        };
        carried(beta) / carried(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No look-ahead: of all issues of the archive a plan reads the latest of its as-of date and none
    /// after it, so what later issues say can change nothing.
    #[test]
    fn later_solar_forecasts_are_not_read() {
        for as_of in ["2004-09-09", "2019-12-31", "2025-07-31"] {
            let as_of = Date::parse(as_of).expect("a date");
            let air = AirTable::for_span(as_of, Date::from_mjd(as_of.mjd() + 700.0), false);
            let read = air.forecast.expect("the archive begins in 1999").issue();
            let known = archive::issues().iter().map(Forecast::issue).filter(|i| *i <= as_of);
            assert_eq!(Some(read), known.max());
            assert!(archive::issues().iter().any(|issue| issue.issue() > as_of));
        }
    }
}
