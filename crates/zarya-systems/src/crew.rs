//! What one crew member takes in and gives off, closed element by element.

use crate::parameters::{self, Spread, row};
use crate::reconcile::{self, Row};
use crate::substance::{Composition, ELEMENTS, Element, Substance};
use std::sync::OnceLock;
use zarya_units::HOURS_PER_DAY;

/// What a crew member is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// A whole day as published: sleep, work, half an hour of hard exercise.
    StandardDay,
    /// Sleep.
    Sleep,
    /// Light work in the cabin.
    Nominal,
    /// Hard exercise.
    Exercise,
    /// The hour after exercise.
    Recovery,
    /// A spacewalk; what the suit adds is [`eva_losses`].
    Eva,
}

/// Rates of one crew member, all in kg per day, all positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Oxygen breathed in.
    pub oxygen: f64,
    /// Carbon dioxide breathed out.
    pub carbon_dioxide: f64,
    /// Water drunk or used to prepare food.
    pub drinking_water: f64,
    /// Dry matter eaten.
    pub food_solids: f64,
    /// Water in the food eaten.
    pub food_water: f64,
    /// Water breathed out and sweated.
    pub vapor: f64,
    /// Water in urine.
    pub urine_water: f64,
    /// Dry matter of urine.
    pub urine_solids: f64,
    /// Water in feces.
    pub feces_water: f64,
    /// Dry matter of feces.
    pub feces_solids: f64,
}

impl Rates {
    /// Returns the food eaten with its water, without packaging.
    pub fn food(&self) -> f64 {
        self.food_solids + self.food_water
    }

    /// Returns water given off minus water taken in: what the body makes.
    pub fn metabolic_water(&self) -> f64 {
        self.vapor + self.urine_water + self.feces_water - self.drinking_water - self.food_water
    }

    /// Returns all rates times a factor: another metabolic rate, or several people.
    #[must_use]
    pub fn times(&self, factor: f64) -> Self {
        Self {
            oxygen: self.oxygen * factor,
            carbon_dioxide: self.carbon_dioxide * factor,
            drinking_water: self.drinking_water * factor,
            food_solids: self.food_solids * factor,
            food_water: self.food_water * factor,
            vapor: self.vapor * factor,
            urine_water: self.urine_water * factor,
            urine_solids: self.urine_solids * factor,
            feces_water: self.feces_water * factor,
            feces_solids: self.feces_solids * factor,
        }
    }

    /// Returns the rates with so much more water drunk and passed as urine.
    #[must_use]
    pub fn drinking_more(&self, kg_d: f64) -> Self {
        Self {
            drinking_water: self.drinking_water + kg_d,
            urine_water: self.urine_water + kg_d,
            ..*self
        }
    }

    /// Returns the rates with so much more water drunk and given off as vapor.
    #[must_use]
    pub fn sweating_more(&self, kg_d: f64) -> Self {
        Self { drinking_water: self.drinking_water + kg_d, vapor: self.vapor + kg_d, ..*self }
    }

    /// Returns what comes out minus what goes in, by element, in kg/d.
    pub fn residuals(&self) -> [f64; ELEMENTS] {
        Element::ALL.map(|element| {
            let share = |substance: Substance| composition(substance).0[element as usize];
            self.carbon_dioxide * share(Substance::CarbonDioxide)
                + self.metabolic_water() * share(Substance::Water)
                + self.urine_solids * share(Substance::UrineSolids)
                + self.feces_solids * share(Substance::FecesSolids)
                - self.oxygen * share(Substance::Oxygen)
                - self.food_solids * share(Substance::FoodSolids)
        })
    }
}

/// A row of the crew table before and after it was made to close.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjustment {
    /// The row.
    pub id: String,
    /// As published, kg/d.
    pub published: f64,
    /// As used, kg/d.
    pub used: f64,
    /// Where the published value comes from.
    pub source: &'static str,
}

/// The crew table in use.
#[derive(Clone, Debug)]
pub struct CrewTable {
    /// The standard day.
    pub day: Rates,
    /// Composition of the dry matter of food that closes every element.
    pub food_solids: Composition,
    /// Mass in and out as published, kg/d.
    pub published_in: f64,
    /// Mass out as published, kg/d.
    pub published_out: f64,
    /// What reconciling moved.
    pub adjustments: Vec<Adjustment>,
    /// Hours a day of sleep, exercise and recovery.
    pub hours: [f64; 3],
    /// Oxygen in kg/d while sleeping, at work, exercising, recovering and outside.
    activity_oxygen: [f64; 5],
    /// Vapor and sweat in kg/d, same order.
    activity_vapor: [f64; 5],
}

/// How far a row without a published range may move.
const ROUNDING: f64 = 0.01;

/// Returns the crew table, reconciled once.
///
/// # Model
///
/// The table of 2018 leaves 1.8 % of its mass. Every row but oxygen moves by the same share, inside
/// its published range, or 1 % where none is printed; oxygen is held because a second source puts
/// it higher, not lower. The dry matter of food then takes the composition that closes each
/// element, with wastes of known formula. Water made by the body follows from the rest: the
/// table's own rows of water (3.2 in, 3.6 out) contradict its 0.345 kg/d of metabolic water.
///
/// # Source
///
/// `data/crew.toml`, each row with its own.
pub fn table() -> &'static CrewTable {
    static TABLE: OnceLock<CrewTable> = OnceLock::new();
    TABLE.get_or_init(|| {
        let published = parameters::crew();
        let spread = |id: &str| {
            let parameter = row(published, id);
            match (parameter.hold, parameter.low, parameter.high) {
                (true, ..) => Spread::point(parameter.value),
                (false, Some(low), Some(high)) => Spread { low, value: parameter.value, high },
                _ => Spread {
                    low: parameter.value * (1.0 - ROUNDING),
                    value: parameter.value,
                    high: parameter.value * (1.0 + ROUNDING),
                },
            }
        };
        let names: [(&'static str, bool); 10] = [
            ("oxygen", true),
            ("drinking-water", true),
            ("food-solids", true),
            ("food-water", true),
            ("carbon-dioxide", false),
            ("vapor", false),
            ("urine-water", false),
            ("urine-solids", false),
            ("feces-water", false),
            ("feces-solids", false),
        ];
        let rows: Vec<Row> = names
            .iter()
            .map(|(id, input)| {
                let Spread { low, value, high } = if *id == "food-solids" {
                    let (food, water) = (spread("food"), spread("food-water"));
                    let value = food.value - water.value;
                    let (low, high) = (value * (1.0 - ROUNDING), value * (1.0 + ROUNDING));
                    Spread { low, value, high }
                } else {
                    spread(id)
                };
                Row { id: (*id).to_owned(), value, low, high, input: *input }
            })
            .collect();
        let closed = reconcile::reconcile(&rows).expect("the embedded crew table closes");
        let used = |id: &str| {
            let at = names.iter().position(|(name, _)| *name == id).expect("a row above");
            closed.values[at]
        };
        let mut day = Rates {
            oxygen: used("oxygen"),
            carbon_dioxide: used("carbon-dioxide"),
            drinking_water: used("drinking-water"),
            food_solids: used("food-solids"),
            food_water: used("food-water"),
            vapor: used("vapor"),
            urine_water: used("urine-water"),
            urine_solids: used("urine-solids"),
            feces_water: used("feces-water"),
            feces_solids: used("feces-solids"),
        };
        let known = |substance: Substance| substance.formula().expect("no food").0;
        let masses: [f64; 5] = std::array::from_fn(|i| {
            day.carbon_dioxide * known(Substance::CarbonDioxide)[i]
                + day.metabolic_water() * known(Substance::Water)[i]
                + day.urine_solids * known(Substance::UrineSolids)[i]
                + day.feces_solids * known(Substance::FecesSolids)[i]
                - day.oxygen * known(Substance::Oxygen)[i]
        });
        // The same mass to rounding: the table closes in total.
        day.food_solids = masses.iter().sum();
        let per_day = |id: &str| row(published, id).in_unit("kg/h") * HOURS_PER_DAY;
        let hours = |id: &str| row(published, id).in_unit("h/d");
        CrewTable {
            day,
            food_solids: Composition::of_masses(masses),
            published_in: closed.published_in,
            published_out: closed.published_out,
            adjustments: rows
                .iter()
                .zip(&closed.values)
                .map(|(row, used)| Adjustment {
                    source: &published.get(&row.id).unwrap_or_else(|| &published["food"]).source,
                    id: row.id.clone(),
                    published: row.value,
                    used: *used,
                })
                .collect(),
            hours: [hours("day-sleep"), hours("day-exercise"), hours("day-recovery")],
            activity_oxygen: ["sleep", "nominal", "exercise", "recovery", "eva"]
                .map(|activity| per_day(&format!("{activity}-oxygen"))),
            activity_vapor: ["sleep", "nominal", "exercise", "recovery", "eva"]
                .map(|activity| per_day(&format!("{activity}-vapor"))),
        }
    })
}

/// The composition of a substance; that of food solids closes the table.
pub(crate) fn composition(substance: Substance) -> Composition {
    substance.formula().unwrap_or_else(|| table().food_solids)
}

/// Returns the rates of one crew member during an activity, per day of doing it.
///
/// # Model
///
/// All rates scale with the oxygen used (energy and body stores average out over a day), then the
/// published vapor and sweat of the activity replace the scaled ones, drunk as extra water. Each
/// step keeps every element closed. Activities are scaled by one factor so that the
/// standard day's hours give the standard day.
///
/// # Source
///
/// Daily table and activity table of the NASA Baseline Values and Assumptions Document, see
/// `data/crew.toml`; the spacewalk's metabolic rate is assumed.
pub fn rates(activity: Activity) -> Rates {
    let table = table();
    let index = match activity {
        Activity::StandardDay => return table.day,
        Activity::Sleep => 0,
        Activity::Nominal => 1,
        Activity::Exercise => 2,
        Activity::Recovery => 3,
        Activity::Eva => 4,
    };
    let weights = day_weights(table.hours);
    let of_day =
        |values: &[f64; 5]| -> f64 { values.iter().zip(weights).map(|(v, w)| v * w).sum() };
    let intensity = table.activity_oxygen[index] / of_day(&table.activity_oxygen);
    let vapor = table.day.vapor * table.activity_vapor[index] / of_day(&table.activity_vapor);
    let scaled = table.day.times(intensity);
    scaled.sweating_more(vapor - scaled.vapor)
}

/// Returns the mean rates of a day with so many hours of exercise and so many outside.
///
/// # Panics
///
/// If the hours are negative or do not fit into the day beside sleep and recovery.
pub fn day(exercise_h: f64, eva_h: f64) -> Rates {
    let table = table();
    let [sleep, ..] = table.hours;
    let recovery = if exercise_h > 0.0 { table.hours[2] } else { 0.0 };
    let nominal = HOURS_PER_DAY - sleep - recovery - exercise_h - eva_h;
    assert!(
        exercise_h >= 0.0 && eva_h >= 0.0 && nominal >= 0.0,
        "exercise of {exercise_h} h and {eva_h} h outside fit into no day"
    );
    let parts = [
        (Activity::Sleep, sleep),
        (Activity::Nominal, nominal),
        (Activity::Exercise, exercise_h),
        (Activity::Recovery, recovery),
        (Activity::Eva, eva_h),
    ];
    let mean = |of: fn(&Rates) -> f64| -> f64 {
        parts.iter().map(|(activity, hours)| of(&rates(*activity)) * hours / HOURS_PER_DAY).sum()
    };
    Rates {
        oxygen: mean(|r| r.oxygen),
        carbon_dioxide: mean(|r| r.carbon_dioxide),
        drinking_water: mean(|r| r.drinking_water),
        food_solids: mean(|r| r.food_solids),
        food_water: mean(|r| r.food_water),
        vapor: mean(|r| r.vapor),
        urine_water: mean(|r| r.urine_water),
        urine_solids: mean(|r| r.urine_solids),
        feces_water: mean(|r| r.feces_water),
        feces_solids: mean(|r| r.feces_solids),
    }
}

fn day_weights([sleep, exercise, recovery]: [f64; 3]) -> [f64; 5] {
    let nominal = HOURS_PER_DAY - sleep - exercise - recovery;
    [sleep, nominal, exercise, recovery, 0.0].map(|hours| hours / HOURS_PER_DAY)
}

/// What a spacewalk takes from the station beside the crew's own rates, in kg.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EvaLosses {
    /// Oxygen lost by the suits.
    pub oxygen: f64,
    /// Water boiled off by the suits.
    pub water: f64,
    /// Cabin air vented with the airlock.
    pub air: f64,
}

/// Returns what a spacewalk of so many people and hours takes.
///
/// # Model
///
/// Suit rates times hours, and the air left in the airlock when its pump stops, `p V M / (R T)`.
/// All rates are assumed, see `data/crew.toml`.
pub fn eva_losses(people: u32, hours: f64) -> EvaLosses {
    let crew = parameters::crew();
    let value = |id: &str, unit: &str| row(crew, id).in_unit(unit);
    let suit_hours = f64::from(people) * hours;
    EvaLosses {
        oxygen: value("suit-oxygen-loss", "kg/h") * suit_hours,
        water: value("suit-cooling-water", "kg/h") * suit_hours,
        air: crate::air::mass_kg(
            value("airlock-vent-pressure", "kPa"),
            value("airlock-volume", "m3"),
            crate::air::AIR_G_MOL,
            crate::air::default_temperature_k(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published sums, and the gap the table is known for.
    #[test]
    fn the_published_table_leaves_1_8_percent() {
        let table = table();
        assert!((table.published_in - 4.816).abs() < 1e-12);
        assert!((table.published_out - 4.731).abs() < 1e-12);
        let gap = (table.published_out - table.published_in) / table.published_in;
        assert!((gap + 0.018).abs() < 5e-4, "{gap}");
    }

    #[test]
    fn the_table_in_use_closes_and_stays_within_one_percent() {
        let table = table();
        for residual in table.day.residuals() {
            assert!(residual.abs() < 1e-12, "{residual}");
        }
        for row in &table.adjustments {
            assert!((row.used / row.published - 1.0).abs() < 0.01, "{row:?}");
        }
        assert_eq!(table.day.oxygen, 0.816);
        assert!(table.food_solids.0.iter().all(|share| *share >= 0.0), "{:?}", table.food_solids);
    }

    /// Oxygen gives 14 to 15 MJ per kg whatever is eaten: 11.82 MJ/d was published for this body.
    #[test]
    fn oxygen_use_agrees_with_the_published_energy() {
        let energy = row(parameters::crew(), "metabolic-energy").in_unit("MJ");
        let per_kg = energy / table().day.oxygen;
        assert!((14.0..15.0).contains(&per_kg), "{per_kg}");
    }

    #[test]
    fn activities_close_and_average_to_the_day() {
        let all = [
            Activity::Sleep,
            Activity::Nominal,
            Activity::Exercise,
            Activity::Recovery,
            Activity::Eva,
        ];
        for activity in all {
            for residual in rates(activity).residuals() {
                assert!(residual.abs() < 1e-12, "{activity:?} {residual}");
            }
        }
        let [_, exercise, _] = table().hours;
        let mean = day(exercise, 0.0);
        assert!((mean.oxygen / table().day.oxygen - 1.0).abs() < 1e-12);
        assert!((mean.vapor / table().day.vapor - 1.0).abs() < 1e-12);
        assert!((mean.carbon_dioxide / table().day.carbon_dioxide - 1.0).abs() < 1e-12);
    }

    /// BVAD 2015, table 3.22: asleep 4.55e-4 kg/min of carbon dioxide, at work 7.20e-4.
    #[test]
    fn activities_agree_with_the_published_carbon_dioxide() {
        let per_minute = |activity| rates(activity).carbon_dioxide / 1440.0;
        assert!((per_minute(Activity::Sleep) / 4.55e-4 - 1.0).abs() < 0.02);
        assert!((per_minute(Activity::Nominal) / 7.20e-4 - 1.0).abs() < 0.02);
        assert!((per_minute(Activity::Exercise) / 49.85e-4 - 1.0).abs() < 0.02);
    }
}
