//! A plant over its days at three rates of degradation: which days are told, and what is first.

use crate::outlook::{Light, Moment, Plant, outlook};
use crate::parameters::{self, Spread, row};
use crate::power::PowerModel;
use crate::supply::Cause;

/// How fast arrays lose power: the ends that sources disagree on, and the middle.
pub const ENDS: [&str; 3] = ["slow", "middle", "fast"];
/// Place of the middle in [`ENDS`].
pub const MIDDLE: usize = 1;

/// How much of the power is left: losses a year and efficiencies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Efficiency {
    /// Share of array power lost per year.
    pub degradation: Spread,
    /// Share of the energy that comes back out of a battery.
    pub battery: f64,
    /// Share of array power that reaches the buses.
    pub bus: f64,
}

impl Efficiency {
    /// Returns the published values.
    pub fn tables() -> Self {
        let table = parameters::power();
        Self {
            degradation: row(table, "degradation").spread("%/y").times(0.01),
            battery: row(table, "battery-efficiency").value,
            bus: row(table, "bus-efficiency").value,
        }
    }

    /// Returns the model at a yearly loss.
    pub fn model(&self, degradation_per_year: f64) -> PowerModel {
        PowerModel {
            degradation_per_year,
            battery_efficiency: self.battery,
            bus_efficiency: self.bus,
            covered_share: row(parameters::power(), "covered-share").value,
        }
    }
}

/// Every day of a plant.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// By end, then by day.
    pub days: [Vec<Moment>; 3],
    /// Days that get a row: one a step, the last, and those on which something fails or is repaired.
    pub rows: Vec<usize>,
    /// Yearly loss by end.
    pub degradation: [f64; 3],
}

impl Span {
    /// Moves a plant through the days of `lights`, one a day.
    ///
    /// # Panics
    ///
    /// If there are no days, or the step is shorter than one.
    pub fn new(plant: &Plant, lights: &[Light], efficiency: &Efficiency, step_days: f64) -> Self {
        assert!(!lights.is_empty() && step_days >= 1.0, "{} days by {step_days}", lights.len());
        let last = lights.len() - 1;
        let spread = efficiency.degradation;
        let degradation = [spread.low, spread.value, spread.high];
        let days = degradation.map(|yearly| outlook(plant, lights, &efficiency.model(yearly)));
        let steps = (last as f64 / step_days) as usize;
        let mut rows: Vec<usize> = (0..=steps).map(|n| (n as f64 * step_days) as usize).collect();
        rows.push(last);
        for failure in &plant.failures {
            let marks = [Some(failure.day), failure.until];
            rows.extend(marks.into_iter().flatten().map(|day| day as usize).filter(|d| *d <= last));
        }
        rows.sort_unstable();
        rows.dedup();
        Self { days, rows, degradation }
    }

    /// Returns every day at the middle.
    pub fn middle(&self) -> &[Moment] {
        &self.days[MIDDLE]
    }

    /// Returns the last day.
    pub fn last(&self) -> usize {
        self.middle().len() - 1
    }

    /// Returns the first day on which a test holds.
    pub fn first(&self, end: usize, test: impl Fn(&Moment) -> bool) -> Option<usize> {
        self.days[end].iter().position(test)
    }

    /// Returns the day of the least of a value at an end.
    pub fn least(&self, end: usize, of: impl Fn(&Moment) -> f64) -> usize {
        let all = self.days[end].iter().enumerate();
        all.min_by(|a, b| of(a.1).total_cmp(&of(b.1))).map_or(0, |(day, _)| day)
    }

    /// Returns the least share of a load that is served at the middle.
    pub fn least_served(&self, load: usize) -> f64 {
        self.middle().iter().map(|moment| moment.served[load]).fold(1.0, f64::min)
    }

    /// Returns the first day on which a load loses power, by end, with what took it.
    pub fn first_shed(&self, load: usize, end: usize) -> Option<(usize, Cause)> {
        const SERVED: f64 = 1.0 - 1e-9;
        let day = self.first(end, |moment| moment.served[load] < SERVED)?;
        self.days[end][day].shed_by[load].map(|cause| (day, cause))
    }

    /// Returns the days at the middle on which who holds attitude changes, the first one included.
    pub fn turns(&self) -> Vec<usize> {
        let control = |day: usize| self.middle()[day].control;
        (0..=self.last()).filter(|day| *day == 0 || control(*day) != control(day - 1)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attitude::Attitude;
    use crate::heat::station_loops;
    use crate::outlook::{Failure, Lost, Named};
    use crate::power::iss_channels;

    fn plant() -> Plant {
        let channels = iss_channels().channels.into_iter();
        Plant {
            channels: channels.map(|(id, channel)| Named { id, channel }).collect(),
            loads: Vec::new(),
            dynamic: false,
            loops: station_loops().to_vec(),
            crew: 0.0,
            attitude: Attitude {
                gyroscopes: 4,
                powered: true,
                cooled: true,
                thrusters: true,
                computers: true,
                propellant_kg: f64::INFINITY,
            },
            momentum_nms_d: 5000.0,
            failures: vec![Failure { day: 5.0, until: Some(7.0), lost: Lost::Pair(0) }],
        }
    }

    /// Rows stand at each step, at the end, and where something fails or is repaired; the least is on
    /// the day of the failure, and fast loss never gives more than slow.
    #[test]
    fn rows_and_extremes_of_a_span() {
        let light = |day: usize| Light { day: day as f64, altitude_km: 415.0, beta_deg: 0.0 };
        let lights: Vec<Light> = (0..=20).map(light).collect();
        let span = Span::new(&plant(), &lights, &Efficiency::tables(), 8.0);
        assert_eq!(span.rows, [0, 5, 7, 8, 16, 20]);
        let least = span.least(MIDDLE, |moment| moment.capability_kw);
        assert!((5..7).contains(&least), "{least}");
        assert_eq!(span.first(MIDDLE, |m| m.channels_kw[0] == 0.0), Some(5));
        assert!(
            span.days[0]
                .iter()
                .zip(&span.days[2])
                .all(|(slow, fast)| { slow.capability_kw > fast.capability_kw })
        );
        assert_eq!((span.last(), span.turns()), (20, vec![0]));
    }
}
