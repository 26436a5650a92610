//! Substances as masses of carbon, hydrogen, oxygen, nitrogen and ash, and processes that close.

use std::borrow::Cow;
use std::fmt;

/// Number of elements a balance is kept for.
pub const ELEMENTS: usize = 5;

/// What a balance is kept for. Everything that is not C, H, O or N counts as ash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// Carbon.
    Carbon,
    /// Hydrogen.
    Hydrogen,
    /// Oxygen.
    Oxygen,
    /// Nitrogen.
    Nitrogen,
    /// All else: lithium, chlorine, metals, packaging.
    Ash,
}

impl Element {
    /// All elements, in the order of a [`Composition`].
    pub const ALL: [Self; ELEMENTS] =
        [Self::Carbon, Self::Hydrogen, Self::Oxygen, Self::Nitrogen, Self::Ash];

    /// Returns the symbol used in tables.
    pub fn symbol(self) -> &'static str {
        ["C", "H", "O", "N", "ash"][self as usize]
    }
}

/// Molar masses in g/mol (IUPAC conventional values).
pub mod molar {
    /// Carbon.
    pub const C: f64 = 12.011;
    /// Hydrogen.
    pub const H: f64 = 1.008;
    /// Oxygen, one atom.
    pub const O: f64 = 15.999;
    /// Nitrogen, one atom.
    pub const N: f64 = 14.007;
    /// Lithium.
    pub const LI: f64 = 6.94;
    /// Chlorine.
    pub const CL: f64 = 35.45;
    /// Oxygen gas.
    pub const O2: f64 = 2.0 * O;
    /// Nitrogen gas.
    pub const N2: f64 = 2.0 * N;
    /// Carbon dioxide.
    pub const CO2: f64 = C + 2.0 * O;
    /// Water.
    pub const H2O: f64 = 2.0 * H + O;
    /// Hydrogen gas.
    pub const H2: f64 = 2.0 * H;
    /// Methane.
    pub const CH4: f64 = C + 4.0 * H;
    /// Lithium hydroxide.
    pub const LIOH: f64 = LI + O + H;
    /// Lithium carbonate.
    pub const LI2CO3: f64 = 2.0 * LI + C + 3.0 * O;
    /// Lithium perchlorate, the oxygen candle.
    pub const LICLO4: f64 = LI + CL + 4.0 * O;
    /// Lithium chloride, the spent candle.
    pub const LICL: f64 = LI + CL;
}

/// Mass of each element per mass of substance; sums to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Composition(pub [f64; ELEMENTS]);

impl Composition {
    /// Returns the composition of a formula: numbers of C, H, O and N atoms and g/mol of ash.
    pub fn of_formula(c: f64, h: f64, o: f64, n: f64, ash_g_mol: f64) -> Self {
        Self::of_masses([c * molar::C, h * molar::H, o * molar::O, n * molar::N, ash_g_mol])
    }

    /// Returns the composition of a mixture of element masses.
    ///
    /// # Panics
    ///
    /// If the masses do not add up to something positive.
    pub fn of_masses(masses: [f64; ELEMENTS]) -> Self {
        let sum: f64 = masses.iter().sum();
        assert!(sum > 0.0, "a substance has a positive mass, got {masses:?}");
        Self(masses.map(|mass| mass / sum))
    }
}

/// A substance that balances are kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Substance {
    /// Oxygen gas.
    Oxygen,
    /// Nitrogen gas.
    Nitrogen,
    /// Carbon dioxide gas.
    CarbonDioxide,
    /// Water, as liquid, vapor or in food.
    Water,
    /// Hydrogen gas.
    Hydrogen,
    /// Methane gas.
    Methane,
    /// Dry matter of food; its composition closes the crew table.
    FoodSolids,
    /// Dry matter of urine, C2H6O2N2.
    UrineSolids,
    /// Dry matter of feces, C42H69O13N5.
    FecesSolids,
    /// Lithium hydroxide.
    LithiumHydroxide,
    /// Lithium carbonate.
    LithiumCarbonate,
    /// Lithium perchlorate.
    Candle,
    /// Lithium chloride.
    SpentCandle,
    /// Packaging, counted as ash.
    Packaging,
    /// Solid carbon.
    Carbon,
}

/// Number of substances.
pub const SUBSTANCES: usize = 15;

impl Substance {
    /// All substances.
    pub const ALL: [Self; SUBSTANCES] = [
        Self::Oxygen,
        Self::Nitrogen,
        Self::CarbonDioxide,
        Self::Water,
        Self::Hydrogen,
        Self::Methane,
        Self::FoodSolids,
        Self::UrineSolids,
        Self::FecesSolids,
        Self::LithiumHydroxide,
        Self::LithiumCarbonate,
        Self::Candle,
        Self::SpentCandle,
        Self::Packaging,
        Self::Carbon,
    ];

    /// Returns the name used in files.
    pub fn id(self) -> &'static str {
        [
            "oxygen",
            "nitrogen",
            "carbon-dioxide",
            "water",
            "hydrogen",
            "methane",
            "food-solids",
            "urine-solids",
            "feces-solids",
            "lithium-hydroxide",
            "lithium-carbonate",
            "candle",
            "spent-candle",
            "packaging",
            "carbon",
        ][self as usize]
    }

    /// Returns the composition.
    ///
    /// # Source
    ///
    /// Urine and feces solids: the formulas of T. Volk and J. D. Rummel (1987) as used by V-HAB
    /// (Human). Food solids: what closes the crew table, see [`crate::crew::table`].
    pub fn composition(self) -> Composition {
        use molar::{CL, LI};
        let formula = Composition::of_formula;
        match self {
            Self::Oxygen => formula(0.0, 0.0, 2.0, 0.0, 0.0),
            Self::Nitrogen => formula(0.0, 0.0, 0.0, 2.0, 0.0),
            Self::CarbonDioxide => formula(1.0, 0.0, 2.0, 0.0, 0.0),
            Self::Water => formula(0.0, 2.0, 1.0, 0.0, 0.0),
            Self::Hydrogen => formula(0.0, 2.0, 0.0, 0.0, 0.0),
            Self::Methane => formula(1.0, 4.0, 0.0, 0.0, 0.0),
            Self::FoodSolids => crate::crew::table().food_solids,
            Self::UrineSolids => formula(2.0, 6.0, 2.0, 2.0, 0.0),
            Self::FecesSolids => formula(42.0, 69.0, 13.0, 5.0, 0.0),
            Self::LithiumHydroxide => formula(0.0, 1.0, 1.0, 0.0, LI),
            Self::LithiumCarbonate => formula(1.0, 0.0, 3.0, 0.0, 2.0 * LI),
            Self::Candle => formula(0.0, 0.0, 4.0, 0.0, LI + CL),
            Self::SpentCandle => formula(0.0, 0.0, 0.0, 0.0, LI + CL),
            Self::Packaging => formula(0.0, 0.0, 0.0, 0.0, 1.0),
            Self::Carbon => formula(1.0, 0.0, 0.0, 0.0, 0.0),
        }
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
