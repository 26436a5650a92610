//! Quantities with units as files write them: texts like `"415 km"`.
//!
//! In code a number is an `f64` whose name ends in its unit (`altitude_km`).

use std::fmt;

/// What a quantity measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Seconds in base units.
    Time,
    /// Meters.
    Length,
    /// Square meters.
    Area,
    /// Cubic meters.
    Volume,
    /// Kilograms.
    Mass,
    /// Kilograms per second.
    MassRate,
    /// Meters per second.
    Velocity,
    /// Pascals.
    Pressure,
    /// Watts.
    Power,
    /// Joules.
    Energy,
    /// Per second.
    Frequency,
    /// Square meters per kilogram.
    AreaPerMass,
    /// Newtons.
    Force,
    /// Radians.
    Angle,
    /// Per second, of a share (`"1.5 %/y"`).
    ShareRate,
    /// A pure number (`"5 %"`).
    Share,
    /// Newton meter seconds.
    AngularMomentum,
    /// Kelvin.
    Temperature,
    /// Cubic meters per second.
    VolumeRate,
    /// Crew hours per time, as a pure ratio.
    TimeRate,
}

/// A number with a unit, held in SI base units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// The value in SI base units of the dimension.
    pub si: f64,
    /// What it measures.
    pub dimension: Dimension,
}

/// Why a text is not a quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuantityError {
    /// No number at the start.
    NoNumber(String),
    /// Not a finite number.
    NotFinite(String),
    /// A number without a unit.
    NoUnit(String),
    /// A comma in the number.
    Comma(String),
    /// A number and a unit that begins with a digit, with nothing between them.
    NoBlank(String),
    /// A unit that is not known, with the nearest known one.
    UnknownUnit(String, &'static str),
    /// Months have no fixed length.
    Month(String),
    /// A known unit of another dimension: expected, found.
    WrongDimension(Dimension, Dimension),
}

const DAY: f64 = 86_400.0;
const YEAR: f64 = 365.25 * DAY;
const POUND: f64 = 0.453_592_37;
const MMHG: f64 = 133.322_387_415;

const UNITS: &[(&str, Dimension, f64)] = &[
    ("s", Dimension::Time, 1.0),
    ("min", Dimension::Time, 60.0),
    ("h", Dimension::Time, 3600.0),
    ("d", Dimension::Time, DAY),
    ("y", Dimension::Time, YEAR),
    ("m", Dimension::Length, 1.0),
    ("mm", Dimension::Length, 1e-3),
    ("cm", Dimension::Length, 1e-2),
    ("km", Dimension::Length, 1e3),
    ("m2", Dimension::Area, 1.0),
    ("mm2", Dimension::Area, 1e-6),
    ("cm2", Dimension::Area, 1e-4),
    ("m3", Dimension::Volume, 1.0),
    ("L", Dimension::Volume, 1e-3),
    ("kg", Dimension::Mass, 1.0),
    ("g", Dimension::Mass, 1e-3),
    ("t", Dimension::Mass, 1e3),
    ("lb", Dimension::Mass, POUND),
    ("kg/d", Dimension::MassRate, 1.0 / DAY),
    ("kg/h", Dimension::MassRate, 1.0 / 3600.0),
    ("g/h", Dimension::MassRate, 1e-3 / 3600.0),
    ("kg/s", Dimension::MassRate, 1.0),
    ("kg/y", Dimension::MassRate, 1.0 / YEAR),
    ("lb/d", Dimension::MassRate, POUND / DAY),
    ("lb/h", Dimension::MassRate, POUND / 3600.0),
    ("lb/y", Dimension::MassRate, POUND / YEAR),
    ("m/s", Dimension::Velocity, 1.0),
    ("km/s", Dimension::Velocity, 1e3),
    ("km/d", Dimension::Velocity, 1e3 / DAY),
    ("Pa", Dimension::Pressure, 1.0),
    ("kPa", Dimension::Pressure, 1e3),
    ("MPa", Dimension::Pressure, 1e6),
    ("bar", Dimension::Pressure, 1e5),
    ("psi", Dimension::Pressure, 6_894.757_293_168),
    ("mmHg", Dimension::Pressure, MMHG),
    ("W", Dimension::Power, 1.0),
    ("kW", Dimension::Power, 1e3),
    ("kWh", Dimension::Energy, 3.6e6),
    ("MJ", Dimension::Energy, 1e6),
    ("J", Dimension::Energy, 1.0),
    ("1/y", Dimension::Frequency, 1.0 / YEAR),
    ("1/d", Dimension::Frequency, 1.0 / DAY),
    ("1/h", Dimension::Frequency, 1.0 / 3600.0),
    ("m2/kg", Dimension::AreaPerMass, 1.0),
    ("N", Dimension::Force, 1.0),
    ("kN", Dimension::Force, 1e3),
    ("deg", Dimension::Angle, std::f64::consts::PI / 180.0),
    ("rad", Dimension::Angle, 1.0),
    ("%/y", Dimension::ShareRate, 0.01 / YEAR),
    ("%/d", Dimension::ShareRate, 0.01 / DAY),
    ("%", Dimension::Share, 0.01),
    ("Nms", Dimension::AngularMomentum, 1.0),
    ("K", Dimension::Temperature, 1.0),
    ("L/h", Dimension::VolumeRate, 1e-3 / 3600.0),
    ("m3/h", Dimension::VolumeRate, 1.0 / 3600.0),
    ("h/d", Dimension::TimeRate, 1.0 / 24.0),
    ("h/week", Dimension::TimeRate, 1.0 / 168.0),
    ("h/y", Dimension::TimeRate, 3600.0 / YEAR),
];

impl Quantity {
    /// Parses a number and a unit: `"415 km"`, `"3.1 kg/d"`, `"0.25 y"`, `"70%"`. The blank between them may
    /// be left out where the unit begins with a letter or `%`.
    ///
    /// # Errors
    ///
    /// See [`QuantityError`]. A unit is never guessed.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let (number, unit) = split(text)?;
        let text = text.trim();
        let value: f64 = number.parse().map_err(|_| QuantityError::NoNumber(text.to_owned()))?;
        if !value.is_finite() {
            return Err(QuantityError::NotFinite(text.to_owned()));
        }
        if unit.is_empty() {
            return Err(QuantityError::NoUnit(text.to_owned()));
        }
        if matches!(unit, "month" | "months" | "mo" | "M") {
            return Err(QuantityError::Month(text.to_owned()));
        }
        let (_, dimension, factor) = unit_named(unit)
            .ok_or_else(|| QuantityError::UnknownUnit(unit.to_owned(), nearest_unit(unit)))?;
        let si = value * factor;
        if !si.is_finite() {
            return Err(QuantityError::NotFinite(text.to_owned()));
        }
        Ok(Self { si, dimension })
    }

    /// Parses a text and returns its value in the unit `unit`, which fixes the dimension.
    ///
    /// # Errors
    ///
    /// See [`QuantityError`].
    ///
    /// # Panics
    ///
    /// If `unit` is not a known unit: it is ours, not the user's.
    pub fn parse_in(text: &str, unit: &str) -> Result<f64, QuantityError> {
        let (_, dimension, factor) = unit_named(unit).expect("the caller's unit is known");
        let quantity = Self::parse(text)?;
        if quantity.dimension != dimension {
            return Err(QuantityError::WrongDimension(dimension, quantity.dimension));
        }
        // Same unit: no round trip through SI, so that "0.1 kg/d" stays 0.1.
        let (number, written) = split(text)?;
        if written == unit {
            return number.parse().map_err(|_| QuantityError::NoNumber(text.to_owned()));
        }
        Ok(quantity.si / factor)
    }
}

/// Splits a text into its number and its unit, which may be empty.
fn split(text: &str) -> Result<(&str, &str), QuantityError> {
    let text = text.trim();
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if first.parse::<f64>().is_ok() {
        return Ok((first, rest.trim()));
    }
    let end = number_end(text);
    let (number, unit) = text.split_at(end);
    match unit.chars().next() {
        _ if number.parse::<f64>().is_err() => Err(QuantityError::NoNumber(text.to_owned())),
        Some(',') => Err(QuantityError::Comma(text.to_owned())),
        Some('/') => Err(QuantityError::NoBlank(text.to_owned())),
        Some(c) if c.is_alphabetic() || c == '%' => Ok((number, unit.trim())),
        _ => Err(QuantityError::NoNumber(text.to_owned())),
    }
}

/// Returns where the number at the start of a text ends: sign, digits with a point, and an exponent that
/// has digits.
fn number_end(text: &str) -> usize {
    let digits = |from: usize| {
        let is_digit = |b: &&u8| b.is_ascii_digit();
        from + text.as_bytes().iter().skip(from).take_while(is_digit).count()
    };
    let at = |place: usize| text.as_bytes().get(place).copied();
    let mut end = digits(usize::from(matches!(at(0), Some(b'+' | b'-'))));
    if at(end) == Some(b'.') {
        end = digits(end + 1);
    }
    if matches!(at(end), Some(b'e' | b'E')) {
        let from = end + 1 + usize::from(matches!(at(end + 1), Some(b'+' | b'-')));
        if digits(from) > from {
            end = digits(from);
        }
    }
    end
}

fn unit_named(name: &str) -> Option<(&'static str, Dimension, f64)> {
    UNITS.iter().copied().find(|(known, _, _)| *known == name)
}

fn nearest_unit(name: &str) -> &'static str {
    let lower = name.to_lowercase();
    let spelled = match lower.as_str() {
        "day" | "days" => "d",
        "hour" | "hours" | "hr" | "hrs" => "h",
        "year" | "years" | "yr" | "a" => "y",
        "kgs" => "kg",
        "lbs" => "lb",
        "l" | "liter" | "liters" => "L",
        "m^3" | "m³" | "cbm" => "m3",
        "m^2" | "m²" => "m2",
        "kg/day" => "kg/d",
        "lb/day" => "lb/d",
        _ => "",
    };
    if !spelled.is_empty() {
        return spelled;
    }
    UNITS
        .iter()
        .find(|(known, _, _)| known.to_lowercase() == lower)
        .or_else(|| UNITS.iter().find(|(known, _, _)| lower.starts_with(&known.to_lowercase())))
        .map_or("kg, d, km, kPa, kW …", |(known, _, _)| known)
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNumber(text) => write!(f, "`{text}` does not start with a number"),
            Self::NotFinite(text) => write!(f, "`{text}` is not a finite number"),
            Self::NoUnit(text) => {
                write!(f, "`{text}` has no unit: write the number, a space and the unit")
            }
            Self::Comma(text) => write!(
                f,
                "`{text}` has a comma in its number: write a point for the decimals and nothing between \
                 thousands"
            ),
            Self::NoBlank(text) => {
                write!(f, "`{text}`: write the number, a space and the unit")
            }
            Self::UnknownUnit(unit, near) => {
                write!(f, "`{unit}` is not a known unit; the nearest is `{near}`")
            }
            Self::Month(text) => {
                write!(f, "`{text}`: a month has no fixed length; write days (d) or years (y)")
            }
            Self::WrongDimension(expected, found) => {
                write!(f, "this is a quantity of {found:?} where one of {expected:?} is needed")
            }
        }
    }
}

impl std::error::Error for QuantityError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_converted() {
        assert_eq!(Quantity::parse_in("415 km", "km"), Ok(415.0));
        assert!((Quantity::parse_in("3.7 lb/d", "kg/d").unwrap() - 1.678).abs() < 1e-3);
        assert!((Quantity::parse_in("61845.6 h", "d").unwrap() - 2576.9).abs() < 1e-9);
    }

    #[test]
    fn bad_quantities_are_refused_with_a_way_out() {
        let error = |text| Quantity::parse_in(text, "d").unwrap_err().to_string();
        assert!(error("3").contains("no unit"));
        assert!(error("3 months").contains("no fixed length"));
        assert!(error("3 days").contains("nearest is `d`"));
        assert!(error("3 km").contains("Length"));
        assert!(error("NaN d").contains("finite"));
        assert!(error("d").contains("number"));
    }

    #[test]
    fn the_blank_may_be_left_out_where_nothing_else_can_be_meant() {
        for (text, unit, number) in [
            ("70%", "%", 70.0),
            ("70 %", "%", 70.0),
            ("70kg", "kg", 70.0),
            ("-0.5kg/d", "kg/d", -0.5),
            ("1e3kg", "kg", 1000.0),
            ("1.5%/y", "%/y", 1.5),
            (".5d", "d", 0.5),
            ("3 1/y", "1/y", 3.0),
        ] {
            assert_eq!(Quantity::parse_in(text, unit), Ok(number), "{text}");
        }
        let error = |text| Quantity::parse_in(text, "d").unwrap_err().to_string();
        assert!(error("1,5 kg").contains("comma"), "{}", error("1,5 kg"));
        assert!(error("1,500kg").contains("comma"));
        assert!(error("31/y").contains("a space"), "{}", error("31/y"));
        assert!(error("5days").contains("nearest is `d`"));
        for text in ["2026-04-07", "--5 d", "e5 d", "kg", "", "%", "5..2d", "½ d"] {
            assert!(error(text).contains("start with a number"), "{text}: {}", error(text));
        }
        assert!(error("1e999 d").contains("finite"));
        assert!(error("1e999d").contains("finite"));
    }
}
