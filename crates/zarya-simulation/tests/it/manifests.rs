//! Mass is conserved whatever the manifest says: what flights carry is in the stocks, or has been used.

use crate::bare::{file, histories, plan};
use std::fmt::Write as _;
use zarya_units::random::{Source, Stream};

/// Random numbers of a case.
struct Chance(Source, u32);

impl Chance {
    fn up_to(&mut self, most: u32) -> u32 {
        self.1 += 1;
        let u = self.0.uniform(Stream::new("manifest", "test"), self.1);
        (u * f64::from(most + 1)) as u32
    }
}

const STOCKS: [(&str, u32, bool); 3] = [("food", 2, true), ("water", 3, true), ("goods", 0, false)];
const PEOPLE: u32 = 2;
/// The day of the last sample but one of the span.
const DAY: u32 = 1064;

/// Stocks of a case: no store is ever full or empty.
fn stocks() -> String {
    let mut text = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n".to_owned();
    for (id, rate, reserve) in STOCKS {
        let reserve = if reserve { "reserve = \"60 d\"\n" } else { "" };
        let _ = write!(
            text,
            "\n[[stock]]\nid = \"{id}\"\nname = \"{id}\"\ninitial = \"20000 kg\"\ncapacity = \"1000000 kg\"\n{reserve}\
             draw = [{{ rate = \"{rate} kg/d\", per = \"crew\" }}]\n"
        );
    }
    text
}

/// A manifest of up to twelve trucks, and what they carry of each stock.
fn manifest(chance: &mut Chance) -> (String, [f64; 3]) {
    let mut text = file("manifest.toml").to_owned();
    let mut carried = [0.0; 3];
    for flight in 0..=chance.up_to(11) {
        let day = chance.up_to(1000);
        let date = zarya_units::Date::parse("2026-01-02").expect("a date").plus_days(day as i32);
        let mut cargo = Vec::new();
        for (place, (id, ..)) in STOCKS.iter().enumerate() {
            let kg = chance.up_to(3) * chance.up_to(700);
            if kg > 0 {
                cargo.push(format!("{id} = \"{kg} kg\""));
                carried[place] += f64::from(kg);
            }
        }
        let _ = write!(
            text,
            "\n[[flight]]\nid = \"truck-{flight}\"\nvehicle = \"truck\"\ndate = {date}\nstay = \"{} d\"\ncargo = {{ {} }}\n",
            1 + chance.up_to(200),
            cargo.join(", ")
        );
    }
    (text, carried)
}

#[test]
fn what_flights_carry_is_in_the_stocks_or_used() {
    let by_need = format!(
        "{}\n[policy.cargo]\ntarget = \"3000 d\"\nleast = 0.5\nmost = 2.5\npropellant_most = 1\ngoods_least = 0.3\n",
        file("crew.toml")
    );
    for case in 0..60 {
        let mut chance = Chance(Source::new(5, case), 0);
        let (manifest, carried) = manifest(&mut chance);
        for crew in [file("crew.toml"), &by_need] {
            let files =
                [("crew.toml", crew), ("stocks.toml", &*stocks()), ("manifest.toml", &*manifest)];
            let plan = plan(&files);
            let row =
                plan.sample_dates.iter().position(|d| *d == plan.as_of.mjd() + f64::from(DAY));
            let row = row.expect("a day of samples") * plan.series.len();
            let outcome = &histories(&plan, 1, 1)[0];
            let level = |id| {
                let place = plan.series.iter().position(|s| s.id == id).expect("a series");
                f64::from(outcome.samples[row + place])
            };
            let used = |rate: u32| f64::from(rate * PEOPLE * DAY);
            let by_stock = STOCKS.map(|(id, rate, _)| level(id) - 20_000.0 + used(rate));
            let (there, flown): (f64, f64) = (by_stock.iter().sum(), carried.iter().sum());
            // Samples are of single precision.
            assert!(
                (there - flown).abs() < 0.05,
                "case {case}: {flown} kg flown, {there} kg found"
            );
            assert!((outcome.cargo_kg - flown).abs() < 1e-6, "case {case}");
            if crew == file("crew.toml") {
                for (found, carried) in by_stock.iter().zip(carried) {
                    assert!((found - carried).abs() < 0.02, "case {case}: {found} {carried}");
                }
            }
        }
    }
}
