//! A plant over its dates: every day at three rates of degradation.

use crate::air::case_file::PowerFile;
use zarya_systems::outlook::{Light, Moment, outlook};
use zarya_systems::supply::Cause;
use zarya_units::Date;

/// How fast arrays lose power: the ends that sources disagree on, and the middle.
pub(super) const ENDS: [&str; 3] = ["slow", "middle", "fast"];
/// Place of the middle in [`ENDS`].
pub(super) const MIDDLE: usize = 1;

/// Every day of the file's span.
pub(super) struct Span {
    pub(super) from: Date,
    /// By end, then by day.
    pub(super) days: [Vec<Moment>; 3],
    /// Days that get a row.
    pub(super) rows: Vec<usize>,
    /// Yearly loss by end.
    pub(super) degradation: [f64; 3],
}

impl Span {
    pub(super) fn new(file: &PowerFile, step_days: f64) -> Self {
        let last = (file.through.mjd() - file.from.mjd()).max(0.0) as usize;
        let lights: Vec<Light> =
            (0..=last).map(|day| file.orbit.light(file.from, day as f64)).collect();
        let spread = file.efficiency.degradation;
        let degradation = [spread.low, spread.value, spread.high];
        let days =
            degradation.map(|yearly| outlook(&file.plant, &lights, &file.efficiency.model(yearly)));
        let steps = (last as f64 / step_days) as usize;
        let mut rows: Vec<usize> = (0..=steps).map(|n| (n as f64 * step_days) as usize).collect();
        rows.push(last);
        for failure in &file.plant.failures {
            let marks = [Some(failure.day), failure.until];
            rows.extend(marks.into_iter().flatten().map(|day| day as usize).filter(|d| *d <= last));
        }
        rows.sort_unstable();
        rows.dedup();
        Self { from: file.from, days, rows, degradation }
    }

    pub(super) fn date(&self, day: usize) -> Date {
        Date::from_mjd(self.from.mjd() + day as f64)
    }

    pub(super) fn middle(&self) -> &[Moment] {
        &self.days[MIDDLE]
    }

    /// First day on which a test holds.
    pub(super) fn first(&self, end: usize, test: impl Fn(&Moment) -> bool) -> Option<usize> {
        self.days[end].iter().position(test)
    }

    /// Day of the least of a value at an end.
    pub(super) fn least(&self, end: usize, of: impl Fn(&Moment) -> f64) -> usize {
        let all = self.days[end].iter().enumerate();
        all.min_by(|a, b| of(a.1).total_cmp(&of(b.1))).map_or(0, |(day, _)| day)
    }

    /// First day on which a load loses power, by end, with what took it.
    pub(super) fn first_shed(&self, load: usize, end: usize) -> Option<(usize, Cause)> {
        const SERVED: f64 = 1.0 - 1e-9;
        let day = self.first(end, |moment| moment.served[load] < SERVED)?;
        self.days[end][day].shed_by[load].map(|cause| (day, cause))
    }
}

/// Power left after what loads ask, kW; negative is what must be shed.
pub(super) fn margin_kw(moment: &Moment) -> f64 {
    moment.power.margin_kw
}
