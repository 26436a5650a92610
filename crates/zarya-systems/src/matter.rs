//! Substances and their composition, and processes that close.

use crate::crew;
pub use crate::substance::{Composition, ELEMENTS, Element, SUBSTANCES, Substance, molar};
use std::borrow::Cow;
use std::fmt;

impl Substance {
    /// Returns the composition: by its formula, and of food solids what closes the crew table, see
    /// [`crew::table`].
    pub fn composition(self) -> Composition {
        crew::composition(self)
    }
}

/// How well a process has to close, relative to the mass it turns over.
pub const CLOSURE: f64 = 1e-9;

/// A process as masses made (positive) and used (negative) per unit of its extent.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    id: Cow<'static, str>,
    terms: Vec<(Substance, f64)>,
}

/// Why a process is refused.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ProcessError {
    /// An element is made or lost: process, element, gap relative to the mass turned over.
    DoesNotClose(Cow<'static, str>, Element, f64),
    /// A coefficient is not a number, or all are zero.
    NoMass(Cow<'static, str>),
}

impl fmt::Display for ProcessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DoesNotClose(id, element, gap) => write!(
                f,
                "process `{id}` does not close for {}: {gap:.2e} of the mass it turns over, at \
                 most {CLOSURE:.0e} is allowed",
                element.symbol()
            ),
            Self::NoMass(id) => write!(f, "process `{id}` turns over no finite mass"),
        }
    }
}

impl std::error::Error for ProcessError {}

impl Process {
    /// Returns a process after checking that every element closes.
    ///
    /// # Errors
    ///
    /// [`ProcessError`] when an element is made or lost by more than [`CLOSURE`].
    pub fn new(
        id: impl Into<Cow<'static, str>>,
        terms: &[(Substance, f64)],
    ) -> Result<Self, ProcessError> {
        let id = id.into();
        let turnover: f64 = terms.iter().map(|(_, mass)| mass.abs()).sum::<f64>() / 2.0;
        if !(turnover.is_finite() && turnover > 0.0) {
            return Err(ProcessError::NoMass(id));
        }
        for element in Element::ALL {
            let gap: f64 = terms
                .iter()
                .map(|(substance, mass)| mass * substance.composition().0[element as usize])
                .sum();
            if gap.abs() > CLOSURE * turnover {
                return Err(ProcessError::DoesNotClose(id, element, gap / turnover));
            }
        }
        Ok(Self { id, terms: terms.to_vec() })
    }

    /// Returns the name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the process at so many times its extent.
    #[must_use]
    pub fn times(&self, extent: f64) -> Self {
        let terms = self.terms.iter().map(|(substance, mass)| (*substance, mass * extent));
        Self { id: self.id.clone(), terms: terms.collect() }
    }

    /// Returns the mass of a substance made (or, negative, used) per unit of extent.
    pub fn mass(&self, substance: Substance) -> f64 {
        self.terms.iter().filter(|(its, _)| *its == substance).map(|(_, mass)| mass).sum()
    }
}

/// Returns electrolysis of water, per kg of oxygen.
pub fn electrolysis() -> Process {
    let per_oxygen = 1.0 / molar::O2;
    closed(
        "electrolysis",
        &[
            (Substance::Water, -2.0 * molar::H2O * per_oxygen),
            (Substance::Oxygen, 1.0),
            (Substance::Hydrogen, 2.0 * molar::H2 * per_oxygen),
        ],
    )
}

/// Returns the reduction of carbon dioxide by hydrogen to methane and water, per kg of water.
pub fn sabatier() -> Process {
    let per_water = 1.0 / (2.0 * molar::H2O);
    closed(
        "sabatier",
        &[
            (Substance::CarbonDioxide, -molar::CO2 * per_water),
            (Substance::Hydrogen, -4.0 * molar::H2 * per_water),
            (Substance::Methane, molar::CH4 * per_water),
            (Substance::Water, 1.0),
        ],
    )
}

/// Returns the binding of carbon dioxide by lithium hydroxide, per kg of carbon dioxide.
pub fn lithium_hydroxide() -> Process {
    let per_gas = 1.0 / molar::CO2;
    closed(
        "lithium-hydroxide",
        &[
            (Substance::CarbonDioxide, -1.0),
            (Substance::LithiumHydroxide, -2.0 * molar::LIOH * per_gas),
            (Substance::LithiumCarbonate, molar::LI2CO3 * per_gas),
            (Substance::Water, molar::H2O * per_gas),
        ],
    )
}

/// Returns the burning of an oxygen candle, per kg of oxygen.
pub fn candle() -> Process {
    let per_oxygen = 1.0 / (2.0 * molar::O2);
    closed(
        "candle",
        &[
            (Substance::Candle, -molar::LICLO4 * per_oxygen),
            (Substance::Oxygen, 1.0),
            (Substance::SpentCandle, molar::LICL * per_oxygen),
        ],
    )
}

fn closed(id: &'static str, terms: &[(Substance, f64)]) -> Process {
    Process::new(id, terms).unwrap_or_else(|error| panic!("{error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_reactions_close() {
        // Handbook stoichiometry: 1.126 kg of water per kg of oxygen.
        assert!((electrolysis().mass(Substance::Water) + 1.126).abs() < 5e-4);
        assert!((sabatier().mass(Substance::Hydrogen) + 0.2238).abs() < 5e-4);
        assert!((lithium_hydroxide().mass(Substance::LithiumHydroxide) + 1.0885).abs() < 5e-4);
        // Lithium perchlorate holds 60 % of its mass as oxygen.
        assert!((candle().mass(Substance::Candle) + 1.6625).abs() < 5e-4);
    }

    #[test]
    fn a_process_that_does_not_close_is_refused() {
        let error = Process::new("leaky", &[(Substance::Water, -1.0), (Substance::Oxygen, 0.89)])
            .unwrap_err();
        assert!(error.to_string().contains("does not close for H"), "{error}");
        assert!(Process::new("empty", &[]).is_err());
        let nan = Process::new("nan", &[(Substance::Water, f64::NAN)]).unwrap_err();
        assert_eq!(nan, ProcessError::NoMass("nan".into()));
    }
}
