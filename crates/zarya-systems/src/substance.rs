//! Substances as masses of carbon, hydrogen, oxygen, nitrogen and ash.

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

    /// Returns the composition where a formula gives it; that of food solids comes from a table.
    ///
    /// # Source
    ///
    /// Urine and feces solids: the formulas of T. Volk and J. D. Rummel (1987) as used by V-HAB
    /// (Human).
    pub fn formula(self) -> Option<Composition> {
        use molar::{CL, LI};
        let formula = Composition::of_formula;
        Some(match self {
            Self::Oxygen => formula(0.0, 0.0, 2.0, 0.0, 0.0),
            Self::Nitrogen => formula(0.0, 0.0, 0.0, 2.0, 0.0),
            Self::CarbonDioxide => formula(1.0, 0.0, 2.0, 0.0, 0.0),
            Self::Water => formula(0.0, 2.0, 1.0, 0.0, 0.0),
            Self::Hydrogen => formula(0.0, 2.0, 0.0, 0.0, 0.0),
            Self::Methane => formula(1.0, 4.0, 0.0, 0.0, 0.0),
            Self::FoodSolids => return None,
            Self::UrineSolids => formula(2.0, 6.0, 2.0, 2.0, 0.0),
            Self::FecesSolids => formula(42.0, 69.0, 13.0, 5.0, 0.0),
            Self::LithiumHydroxide => formula(0.0, 1.0, 1.0, 0.0, LI),
            Self::LithiumCarbonate => formula(1.0, 0.0, 3.0, 0.0, 2.0 * LI),
            Self::Candle => formula(0.0, 0.0, 4.0, 0.0, LI + CL),
            Self::SpentCandle => formula(0.0, 0.0, 0.0, 0.0, LI + CL),
            Self::Packaging => formula(0.0, 0.0, 0.0, 0.0, 1.0),
            Self::Carbon => formula(1.0, 0.0, 0.0, 0.0, 0.0),
        })
    }
}
