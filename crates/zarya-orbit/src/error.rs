//! Why an orbit question cannot be answered.

use std::fmt;
use zarya_units::Date;

/// Why an orbit question cannot be answered.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum OrbitError {
    /// A line of an input text is wrong.
    Line {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong, and what is expected.
        why: String,
    },
    /// An input text as a whole is wrong.
    Text(String),
    /// No forecast had been issued, or none of that month is in the archive.
    NoForecast {
        /// The date or month asked for.
        asked: Date,
        /// The first issue held.
        first: Date,
        /// The last issue held.
        last: Date,
    },
    /// The observed record of the Sun does not cover the span.
    NoObservation {
        /// The first day asked for.
        from: Date,
        /// The last day asked for.
        through: Date,
        /// The first day the record can be used on.
        first: Date,
        /// The last day the record can be used on.
        last: Date,
    },
    /// An altitude outside the band the tables cover.
    Altitude {
        /// The altitude asked for, km.
        asked_km: f64,
        /// The lowest covered.
        low_km: f64,
        /// The highest covered.
        high_km: f64,
    },
    /// Too few rows for an estimate.
    TooFewRows {
        /// How many there are.
        rows: usize,
        /// How many are needed.
        needed: usize,
        /// What for.
        purpose: &'static str,
    },
    /// Too few rows before the start of a hindcast.
    TooFewBefore {
        /// How many there are.
        rows: usize,
        /// How many are needed.
        needed: usize,
        /// The start asked for.
        from: Date,
        /// Day of the first row of the input.
        first: Date,
    },
    /// The last row lies too long before the start.
    Stale {
        /// Day of the last row.
        last: Date,
        /// The start asked for.
        from: Date,
        /// Most days between them.
        most_d: u32,
    },
    /// The orbit decays below the tables before the date asked for.
    Decayed(Date),
    /// A plan that cannot be flown.
    Plan(String),
    /// Whoever watches did not go on.
    Stopped,
}

impl fmt::Display for OrbitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { line, why } => write!(f, "line {line}: {why}"),
            Self::Text(why) | Self::Plan(why) => f.write_str(why),
            Self::NoForecast { asked, first, last } => write!(
                f,
                "no solar forecast for {asked}: the issues held run from {first} to {last}; give {} issue \
                 with `forecasts`, or a Sun of your own: `sun` observed where its days are known, or `sun` \
                 constant with `f107_sfu` and `ap`",
                if asked < first {
                    "an older"
                } else if asked > last {
                    "a newer"
                } else {
                    "that"
                }
            ),
            Self::NoObservation { from, through, first, last } => write!(
                f,
                "the observed Sun is known for {first} to {last} (the centered 81-day mean needs \
                 40 days more on both sides), not for {from} to {through}; use a forecast for the \
                 rest, or give those days with `observations`"
            ),
            Self::Altitude { asked_km, low_km, high_km } => {
                write!(f, "an altitude of {asked_km} km is outside {low_km} to {high_km} km")
            }
            Self::TooFewRows { rows, needed, purpose } => {
                let rows = counted(*rows, "usable row");
                write!(f, "{rows} where {needed} are needed {purpose}")
            }
            Self::TooFewBefore { rows, needed, from, first } => {
                let rows = counted(*rows, "usable row");
                write!(
                    f,
                    "{rows} before {from} where {needed} are needed to estimate the drag; the rows \
                     begin with {first}: start later, or give rows from before"
                )
            }
            Self::Stale { last, from, most_d } => write!(
                f,
                "the last row before {from} is of {last}, more than {most_d} days older: a station is \
                 pushed about monthly, so no altitude at the start follows from it; give rows up \
                 to the start"
            ),
            Self::Decayed(date) => {
                write!(f, "the orbit has sunk below 150 km by {date}: it does not last that long")
            }
            Self::Stopped => f.write_str("stopped before there was an answer"),
        }
    }
}

impl std::error::Error for OrbitError {}

/// Writes a count with its noun: `1 burn`, `2 burns`.
pub fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
