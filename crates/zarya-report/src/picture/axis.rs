//! Axes: a range of values, where its ticks are, and where a value lies on it.

use crate::words;
use zarya::units::{Date, Mjd, math};

/// A linear axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axis {
    /// First value.
    pub low: f64,
    /// Last value.
    pub high: f64,
    /// Distance of the ticks.
    pub step: f64,
}

impl Axis {
    /// Returns an axis of round ends that holds all finite `values`, with about `n` steps.
    pub(crate) fn around(values: impl IntoIterator<Item = f64>, n: f64) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if high < low {
            (low, high) = (0.0, 1.0);
        }
        if low == 0.0 && high == 0.0 {
            high = 1.0;
        }
        if high <= low {
            let room = 0.1 * low.abs();
            (low, high) = (low - room, high + room);
        }
        let raw = (high - low) / n;
        let power = math::pow(10.0, math::log10(raw).floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * power)
            .find(|step| raw <= step * 1.0001)
            .unwrap_or(10.0 * power);
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, step }
    }

    /// Returns an axis for probabilities: from 0 when the values reach below one half, else from a
    /// round value below the least, so that differences can be seen; always to 1.
    pub(crate) fn probability(values: impl IntoIterator<Item = f64>) -> Self {
        let least = values.into_iter().filter(|p| p.is_finite()).fold(1.0, f64::min);
        if least < 0.5 {
            Self { low: 0.0, high: 1.0, step: 0.2 }
        } else if least < 0.9 {
            Self { low: ((least - 0.02) * 10.0).floor() / 10.0, high: 1.0, step: 0.1 }
        } else {
            Self { low: 0.8, high: 1.0, step: 0.05 }
        }
    }

    /// Returns where `value` lies, 0 at the first end and 1 at the last; outside values at the end.
    pub(crate) fn share(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Returns the ticks with their labels.
    pub(crate) fn ticks(&self) -> Vec<(f64, String)> {
        let n = ((self.high - self.low) / self.step).round() as i32;
        let decimals = (-math::log10(self.step) - 0.001).ceil().max(0.0) as usize;
        // A step of 0.25 needs one more digit than its power of ten.
        let exact = (self.step * math::pow(10.0, decimals as f64)).fract().abs() < 1e-6;
        let decimals = if exact { decimals } else { decimals + 1 };
        (0..=n)
            .map(|i| {
                let value = self.low + f64::from(i) * self.step;
                let value = if value.abs() < 1e-9 * self.step { 0.0 } else { value };
                let text = if decimals == 0 {
                    words::count(value)
                } else {
                    format!("{value:.decimals$}").replace('-', "\u{2212}")
                };
                (value, text)
            })
            .collect()
    }
}

/// Returns the firsts of years, of months or days with their names, as many as fit in a width in pixels.
pub(crate) fn dates(first: Mjd, last: Mjd, width: f64) -> Vec<(Mjd, String)> {
    /// Widths that names of years, months and days need with some room.
    const YEAR: f64 = 44.0;
    const MONTH: f64 = 72.0;
    const DAY: f64 = 100.0;
    let span = last - first;
    let start = Date::from_mjd(first);
    let firsts = |months: &[i8]| {
        let mut ticks = Vec::new();
        for year in start.year()..=Date::from_mjd(last).year() {
            for &month in months {
                let Ok(date) = Date::new(year, month, 1) else { continue };
                if (first..=last).contains(&date.mjd()) {
                    let name = if months.len() == 1 {
                        format!("{year}")
                    } else {
                        format!("{year}-{month:02}")
                    };
                    ticks.push((date.mjd(), name));
                }
            }
        }
        ticks
    };
    if span <= 60.0 {
        let step = (span * DAY / width).ceil().max(1.0);
        return (0..12)
            .map(|i| first.ceil() + step * f64::from(i))
            .filter(|mjd| *mjd <= last)
            .map(|mjd| (mjd, Date::from_mjd(mjd).to_string()))
            .collect();
    }
    let by_months: [(f64, &[i8]); 4] = [
        (30.4, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
        (60.8, &[1, 3, 5, 7, 9, 11]),
        (91.3, &[1, 4, 7, 10]),
        (182.6, &[1, 7]),
    ];
    for (days, months) in by_months {
        if span / days * MONTH <= width {
            return firsts(months);
        }
    }
    let all = firsts(&[1]);
    let every = (all.len() as f64 * YEAR / width).ceil().max(1.0) as usize;
    all.into_iter().step_by(every).collect()
}

/// Returns the firsts of January strictly inside a span, with the year; of every second or fifth
/// year when there are many.
pub(crate) fn years(from: Mjd, through: Mjd, n_max: i16) -> Vec<(Mjd, String)> {
    let (first, last) = (Date::from_mjd(from).year() + 1, Date::from_mjd(through).year());
    let every =
        [1, 2, 5, 10, 20].into_iter().find(|every| (last - first) / every < n_max).unwrap_or(50);
    (first..=last)
        .filter(|year| year % every == 0)
        .filter_map(|year| Some((Date::new(year, 1, 1).ok()?.mjd(), year.to_string())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_ticks_are_round() {
        let axis = Axis::around([403.2, 419.9], 4.0);
        assert_eq!((axis.low, axis.high, axis.step), (400.0, 420.0, 5.0));
        let labels: Vec<_> = axis.ticks().into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["400", "405", "410", "415", "420"]);
        let axis = Axis::around([-0.013, 0.21], 5.0);
        assert!(axis.low <= -0.013 && 0.21 <= axis.high);
        assert!(axis.ticks().iter().any(|(value, label)| *value == 0.0 && label == "0.00"));
        assert_eq!(Axis::around([7.0, 7.0], 4.0).share(7.0), 0.5);
        assert_eq!(Axis::around([], 4.0).share(0.5), 0.5);
        assert_eq!(Axis::probability([0.62, 0.9]).low, 0.6);
        assert_eq!(Axis::probability([0.95]).ticks()[1].1, "0.85");
    }

    #[test]
    fn years_stand_at_the_first_of_january() {
        let day = |text: &str| Date::parse(text).unwrap().mjd();
        let ticks = years(day("2025-07-31"), day("2028-12-31"), 8);
        let labels: Vec<_> = ticks.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(labels, ["2026", "2027", "2028"]);
        assert_eq!(ticks[0].0, day("2026-01-01"));
        assert!(years(day("1998-11-20"), day("2031-12-31"), 8).len() <= 8);
    }
}
