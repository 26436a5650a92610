//! What carried spares may take up, and the flights that bring them, as somebody asks for them.

use super::limits::{Flight, Limit};
use crate::form::FormError;
use crate::unit::Unit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Measure {
    /// Mass in kg.
    #[serde(rename = "mass_kg")]
    Mass,
    /// Volume in m3.
    #[serde(rename = "volume_m3")]
    Volume,
    /// Crew hours of the replacements.
    #[serde(rename = "crew_h")]
    Crew,
    /// Spacewalks of the replacements.
    #[serde(rename = "eva")]
    Eva,
}

impl Measure {
    /// All of them, each with its name.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Mass, "mass_kg"),
        (Self::Volume, "volume_m3"),
        (Self::Crew, "crew_h"),
        (Self::Eva, "eva"),
    ];

    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mass => "mass_kg",
            Self::Volume => "volume_m3",
            Self::Crew => "crew_h",
            Self::Eva => "eva",
        }
    }

    /// Returns what one spare takes up, or `None` where the list does not say.
    pub fn of(self, unit: &Unit) -> Option<f64> {
        match self {
            Self::Mass => Some(unit.mass_kg),
            Self::Volume => unit.volume_m3,
            Self::Crew => unit.crew_h,
            Self::Eva => unit.eva_n,
        }
    }

    /// Returns what one spare of each type takes up.
    ///
    /// # Errors
    ///
    /// Itself, where a type does not state it.
    pub(super) fn of_all(self, units: &[Unit]) -> Result<Vec<f64>, Self> {
        units.iter().map(|unit| self.of(unit).ok_or(self)).collect()
    }

    /// Returns what a stock takes up.
    pub fn taken(self, units: &[Unit], stock: &[u32]) -> f64 {
        let all = units.iter().zip(stock);
        all.map(|(unit, n)| self.of(unit).unwrap_or(0.0) * f64::from(*n)).sum()
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The most that spares may take up of one measure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// What is counted.
    pub name: Measure,
    /// The most of it, from 0.
    pub most: f64,
}

impl Budget {
    /// Most of any measure: no station takes as much.
    pub const MOST: f64 = 1e9;

    /// Returns whether the most is a number from 0 to [`Budget::MOST`].
    pub fn is_sound(&self) -> bool {
        (0.0..=Self::MOST).contains(&self.most)
    }
}

impl FromStr for Budget {
    type Err = FormError;

    /// Reads `mass_kg=900`.
    fn from_str(text: &str) -> Result<Self, FormError> {
        let form = || {
            let choices = "write mass_kg=MOST, volume_m3=MOST, crew_h=MOST or eva=MOST";
            FormError(format!("{choices}, a number from 0 to {:e}", Self::MOST))
        };
        let (name, most) = text.split_once('=').ok_or_else(form)?;
        let known = Measure::ALL.iter().find(|(_, known)| *known == name.trim());
        let (name, _) = known.ok_or_else(form)?;
        let budget = Self { name: *name, most: most.trim().parse().map_err(|_| form())? };
        if budget.is_sound() { Ok(budget) } else { Err(form()) }
    }
}

/// A flight that brings spares before the period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlightAsked {
    /// Its day, from 0, the start of the period. A spare flies only if it is ready by then.
    pub day: f64,
    /// Whether it has room outside for spares that fly there.
    #[serde(default)]
    pub external: bool,
    /// The most it can carry.
    #[serde(default)]
    pub limits: Vec<Budget>,
}

impl FlightAsked {
    /// Returns the flight for a list of units.
    ///
    /// # Errors
    ///
    /// The measure of a limit that a type does not state.
    pub(super) fn on(&self, units: &[Unit]) -> Result<Flight, Measure> {
        let limits = self
            .limits
            .iter()
            .map(|limit| Ok(Limit { of_one: limit.name.of_all(units)?, most: limit.most }));
        Ok(Flight {
            carries: units
                .iter()
                .map(|unit| unit.ready_d <= self.day && (self.external || !unit.external))
                .collect(),
            limits: limits.collect::<Result<_, Measure>>()?,
        })
    }

    /// Last day of a flight before a period.
    pub const DAY_MAX: f64 = 1e6;

    /// Returns whether the day and all limits lie within their bounds.
    pub fn is_sound(&self) -> bool {
        (0.0..=Self::DAY_MAX).contains(&self.day) && self.limits.iter().all(Budget::is_sound)
    }
}

impl FromStr for FlightAsked {
    type Err = FormError;

    /// Reads `120:mass_kg=900,volume_m3=2,external`.
    fn from_str(text: &str) -> Result<Self, FormError> {
        let form = || {
            let how = "write DAY:mass_kg=MOST and further limits behind commas";
            FormError(format!("{how}, as in 120:mass_kg=900,volume_m3=2,external"))
        };
        let (day, rest) = text.split_once(':').unwrap_or((text, ""));
        let day = day.trim().parse::<f64>().ok().filter(|d| d.is_finite()).ok_or_else(form)?;
        if day < 0.0 {
            let why = "the day of a flight is counted from 0, the start of the period";
            return Err(FormError(why.to_owned()));
        }
        let mut flight = Self { day, external: false, limits: Vec::new() };
        for part in rest.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            if part == "external" {
                flight.external = true;
            } else {
                flight.limits.push(part.parse().map_err(|_| form())?);
            }
        }
        Ok(flight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flights_and_limits_are_read() {
        let flight: FlightAsked = "75:mass_kg=1200, eva=2,external".parse().unwrap();
        assert!(flight.day == 75.0 && flight.external && flight.is_sound());
        assert_eq!(flight.limits[1], Budget { name: Measure::Eva, most: 2.0 });
        assert!("75".parse::<FlightAsked>().unwrap().limits.is_empty());
        for text in ["", "x", "-1:mass_kg=3", "3:mass=3", "3:mass_kg=-3", "inf"] {
            assert!(text.parse::<FlightAsked>().is_err(), "{text}");
        }
        for text in ["mass_kg", "mass=3", "mass_kg=nan", "mass_kg=-1"] {
            assert!(text.parse::<Budget>().is_err(), "{text}");
        }
        for (measure, name) in Measure::ALL {
            assert_eq!(measure.name(), name);
        }
    }
}
