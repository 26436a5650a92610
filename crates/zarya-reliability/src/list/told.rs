//! What a reader of a list is told: times in the unit they were given in, and what a law is taken as.

use zarya_units::{DAYS_PER_YEAR, HOURS_PER_DAY};

/// The unit in which a list gives times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Years.
    Years,
}

impl TimeUnit {
    /// The unit of which one is so many days.
    pub(super) fn of_days(days: f64) -> Self {
        if days < 1.0 {
            Self::Hours
        } else if days > 1.0 {
            Self::Years
        } else {
            Self::Days
        }
    }

    /// Returns days in this unit, with its sign.
    ///
    /// # Examples
    ///
    /// ```
    /// use zarya_reliability::list::TimeUnit;
    ///
    /// assert_eq!(TimeUnit::Hours.shown(50_000.0 / 24.0), "50000 h");
    /// assert_eq!(TimeUnit::Days.shown(0.5), "0.5 d");
    /// ```
    pub fn shown(self, days: f64) -> String {
        let (value, sign) = match self {
            Self::Hours => (days * HOURS_PER_DAY, "h"),
            Self::Days => (days, "d"),
            Self::Years => (days / DAYS_PER_YEAR, "y"),
        };
        format!("{} {sign}", figure(value))
    }
}

/// A number in at most six digits before and behind the point, without zeros that say nothing.
pub(super) fn figure(value: f64) -> String {
    const PLAIN_MAX: f64 = 1e9;
    const PLAIN_MIN: f64 = 1e-3;
    let size = value.abs();
    if size != 0.0 && !(PLAIN_MIN..PLAIN_MAX).contains(&size) {
        // 15 digits drop what a conversion of units leaves.
        return format!("{value:.14e}")
            .parse::<f64>()
            .map_or_else(|_| value.to_string(), |value| format!("{value:e}"));
    }
    let decimals = if size >= 1e3 { 1 } else { 4 };
    let text = format!("{value:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What was decided row by row.
#[derive(Default)]
pub(super) struct Told {
    /// Mean times that service has moved.
    moved: Vec<String>,
    /// Observed laws after whose last failure units still worked, and those after which none did.
    surviving: Vec<String>,
    ending: Vec<String>,
    /// Stated mean times that are not those of an observed law.
    contradicted: Vec<String>,
    /// Observed laws beside which failures seen in service are given.
    doubled: Vec<String>,
}

impl Told {
    /// Service has moved a mean time.
    pub(super) fn moved(&mut self, id: &str, from: &str, to: &str) {
        self.moved.push(format!("{id} from {from} to {to}"));
    }

    /// A law was observed; the stated mean time and its own, where they differ.
    pub(super) fn observed(
        &mut self,
        id: &str,
        has_survivors: bool,
        other: Option<(String, String)>,
        served: bool,
    ) {
        let list = if has_survivors { &mut self.surviving } else { &mut self.ending };
        list.push(id.to_owned());
        if let Some((stated, own)) = other {
            self.contradicted
                .push(format!("{id} states {stated}, what was observed of it has {own}"));
        }
        if served {
            self.doubled.push(id.to_owned());
        }
    }

    /// What to say of all rows.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.moved.is_empty() {
            notes.push(format!(
                "mean times moved by failures seen in service: {}",
                first(&self.moved, "; ")
            ));
        }
        let observed: Vec<String> = [&*self.surviving, &*self.ending].concat();
        if !observed.is_empty() {
            notes.push(format!(
                "empirical laws ({}): the share surviving falls in straight lines from 1 when new to each \
                 age at which a unit failed",
                first(&observed, ", ")
            ));
        }
        if !self.surviving.is_empty() {
            notes.push(format!(
                "beyond the last failure, where units still worked, the survival of {} falls at the mean \
                 rate of the whole sample",
                first(&self.surviving, ", ")
            ));
        }
        if !self.ending.is_empty() {
            notes.push(format!(
                "no unit still worked after the last failure: none of {} outlives that age",
                first(&self.ending, ", ")
            ));
        }
        if !self.contradicted.is_empty() {
            notes.push(format!(
                "the mean time of an empirical law is its own, not the stated one: {}",
                first(&self.contradicted, "; ")
            ));
        }
        if !self.doubled.is_empty() {
            notes.push(format!(
                "`failures_seen` is not used for {}: an empirical law is what was seen",
                first(&self.doubled, ", ")
            ));
        }
        notes
    }
}

/// The first of many, and how many more there are.
fn first(all: &[String], between: &str) -> String {
    const SHOWN: usize = 5;
    let shown = all.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(between);
    match all.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown}{between}and {more} more"),
    }
}
