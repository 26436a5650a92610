//! Questions about an orbit: drag, burns, how long it lasts, how it ends.
//!
//! An orbit is given by its numbers, or is that of a station: what a question leaves out, the station
//! states. A station means the same by them as a history does: its mean altitude at its as-of date, and the
//! drag area that the tables' rate is multiplied with at density scale 1.

use crate::control::Control;
use crate::data::{Data, Opened};
use crate::refusal::{About, Found, Refusal, Refusals};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use zarya_orbit::bounds::{self, Outside};
pub use zarya_orbit::error::counted;
pub use zarya_orbit::geometry::ISS_INCLINATION_DEG;
use zarya_orbit::placement::BETWEEN_SHARE;
pub use zarya_orbit::worlds::Quantiles;
use zarya_orbit::{DecayTable, OrbitError, archive};
use zarya_station::Station;
use zarya_station::model::Value;
use zarya_units::{Date, digest};

/// Worlds that may be drawn.
pub const WORLDS: RangeInclusive<u32> = 20..=100_000;
/// The seed where none is given.
pub const SEED_DEFAULT: u64 = 1;
/// The factor on the density of NRLMSISE-00 where none is given.
pub const DENSITY_SCALE_DEFAULT: f64 = 1.0;
/// The lowest mean altitude that the tables cover, km: nothing is followed below.
pub const FLOOR_KM: f64 = zarya_orbit::table::ALTITUDE_KM.0;

fn seed() -> u64 {
    SEED_DEFAULT
}

fn density_scale() -> f64 {
    DENSITY_SCALE_DEFAULT
}

fn worlds<const DEFAULT: u32>() -> u32 {
    DEFAULT
}

/// Declares a question about an orbit: its own fields as in any struct, those that questions share by their
/// names alone, or with words of their own before the name. `sun` brings `forecasts`, `station` brings
/// `scenario`, and `worlds` (of the room's `WORLDS_DEFAULT`) brings `seed`.
macro_rules! question {
    ($(#[$about:meta])* pub struct Question { $($fields:tt)* }) => {
        question! { @ [$(#[$about])*] {} $($fields)* }
    };

    // Where the orbit begins.
    (@ $about:tt $done:tt altitude_km, $($rest:tt)*) => {
        question! { @ $about $done
            /// Mean altitude on the first day, km, 150 to 500; the station's where none is given.
            altitude_km,
        $($rest)* }
    };
    (@ $about:tt $done:tt drag_area_m2_kg, $($rest:tt)*) => {
        question! { @ $about $done
            /// `Cd A / m`, m2/kg, 0.00001 to 1 (the ISS has about 0.007); the station's where none is given.
            #[serde(default)]
            pub drag_area_m2_kg: Option<f64>,
        $($rest)* }
    };
    (@ $about:tt $done:tt drag_area_m2_kg at density_scale 1, $($rest:tt)*) => {
        question! { @ $about $done
            /// `Cd A / m`, m2/kg at density scale 1, 0.00001 to 1 (the ISS has about 0.007); the station's where none
            /// is given.
            #[serde(default)]
            pub drag_area_m2_kg: Option<f64>,
        $($rest)* }
    };
    (@ $about:tt $done:tt density_scale, $($rest:tt)*) => {
        question! { @ $about $done
            /// Factor on the density of NRLMSISE-00, positive.
            density_scale,
        $($rest)* }
    };
    (@ $about:tt $done:tt inclination_deg, $($rest:tt)*) => {
        question! { @ $about $done
            /// Inclination, degrees, 0 to 180; the station's where none is given, without one that of the ISS.
            #[serde(default)]
            pub inclination_deg: Option<f64>,
        $($rest)* }
    };
    (@ $about:tt $done:tt from, $($rest:tt)*) => {
        question! { @ $about $done
            /// First day; the station's as-of date where none is given.
            from,
        $($rest)* }
    };
    // Under which Sun, with what of a station, and in which worlds.
    (@ $about:tt $done:tt sun, $($rest:tt)*) => {
        question! { @ $about $done
            /// `observed`, `constant` (with `f107_sfu` and `ap`), or the month of a forecast as issued, `YYYY-MM`;
            /// without it the latest issue whose month had begun by the first day.
            sun,
        $($rest)* }
    };
    (@ $about:tt $done:tt station, $($rest:tt)*) => {
        question! { @ $about $done
            /// The station whose orbit it is: a folder handed in, or the id of an embedded one.
            #[serde(default)]
            pub station: Option<String>,
            /// Overlays of the station, in order: texts handed in, or names of its own.
            #[serde(default)]
            pub scenario: Vec<String>,
        $($rest)* }
    };
    (@ $about:tt $done:tt worlds, $($rest:tt)*) => {
        question! { @ $about $done
            /// Worlds drawn, 20 to 100000.
            worlds,
        $($rest)* }
    };

    // With words of its own, or those above.
    (@ $about:tt $done:tt $(#[$own:meta])+ altitude_km, $($rest:tt)*) => {
        question! { @ $about $done $(#[$own])+ #[serde(default)] pub altitude_km: Option<f64>, $($rest)* }
    };
    (@ $about:tt $done:tt $(#[$own:meta])+ density_scale, $($rest:tt)*) => {
        question! { @ $about $done
            $(#[$own])+
            #[serde(default = "super::density_scale")]
            pub density_scale: f64,
        $($rest)* }
    };
    (@ $about:tt $done:tt $(#[$own:meta])+ from, $($rest:tt)*) => {
        question! { @ $about $done
            $(#[$own])+
            #[serde(default)]
            #[schemars(with = "Option<String>")]
            pub from: Option<Date>,
        $($rest)* }
    };
    (@ $about:tt $done:tt $(#[$own:meta])+ sun, $($rest:tt)*) => {
        question! { @ $about $done
            $(#[$own])+
            #[serde(default)]
            pub sun: Option<String>,
            /// Forecasts beside the archive, a text handed in: NASA Marshall's monthly table, NOAA's predicted solar
            /// cycle (JSON), CelesTrak's space-weather file (its observed days count, too), or a CSV.
            #[serde(default)]
            pub forecasts: Option<String>,
            /// Month in which `forecasts` was issued, `YYYY-MM`, where neither it nor its name says so.
            #[serde(default)]
            pub issue: Option<String>,
            /// Observed days beside those of the program, a text handed in: CelesTrak's space-weather file, or a
            /// CSV with `date`, `f107` and `ap`.
            #[serde(default)]
            pub observations: Option<String>,
            /// F10.7 of a constant Sun, solar flux units, 60 to 300.
            #[serde(default)]
            pub f107_sfu: Option<f64>,
            /// Daily Ap of a constant Sun, 0 to 150.
            #[serde(default)]
            pub ap: Option<f64>,
        $($rest)* }
    };
    (@ $about:tt $done:tt $(#[$own:meta])+ worlds, $($rest:tt)*) => {
        question! { @ $about $done
            $(#[$own])+
            #[serde(default = "super::worlds::<WORLDS_DEFAULT>")]
            pub worlds: u32,
            /// Seed of the draws.
            #[serde(default = "super::seed")]
            pub seed: u64,
        $($rest)* }
    };

    // A field that it alone has.
    (@ $about:tt { $($done:tt)* } $(#[$own:meta])+ pub $field:ident: $kind:ty, $($rest:tt)*) => {
        question! { @ $about { $($done)* $(#[$own])+ pub $field: $kind, } $($rest)* }
    };
    (@ [$(#[$about:meta])*] { $($fields:tt)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct Question { $($fields)* }
    };
}

pub mod decay;
pub mod deorbit;
pub mod elements;
pub mod hindcast;
pub mod keep;
pub mod lifetime;
pub mod oem;
mod paths;
pub mod reboosts;
pub mod sets;
mod sun;
mod texts;

pub use texts::Texts;

pub use sun::{AP, FLUX_SFU, Sun};
use sun::{AskedSun, asked_sun};

/// What an answer rests on, to be repeated.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Inputs {
    /// Version of the program.
    pub version: String,
    /// The model of the air.
    pub air: String,
    /// SHA-256 of the table of decay rates.
    pub decay_table_sha256: String,
    /// SHA-256 of the archive of solar forecasts.
    pub forecast_archive_sha256: String,
    /// Worlds drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worlds: Option<u32>,
    /// Seed of the draws.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// SHA-256 of the drivers of JB2008, where the density is taken from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jb2008_drivers_sha256: Option<String>,
    /// SHA-256 of the forecasts handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forecasts_sha256: Option<String>,
    /// SHA-256 of the observations of the Sun handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observations_sha256: Option<String>,
    /// What was taken from a station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub station: Option<FromStation>,
}

impl Inputs {
    fn new(drawn: Option<(u32, u64)>) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").into(),
            air: "NRLMSISE-00, averaged over revolutions, tabulated".into(),
            decay_table_sha256: DecayTable::embedded().digest().to_owned(),
            forecast_archive_sha256: archive::digest(),
            worlds: drawn.map(|drawn| drawn.0),
            seed: drawn.map(|drawn| drawn.1),
            jb2008_drivers_sha256: None,
            forecasts_sha256: None,
            observations_sha256: None,
            station: None,
        }
    }

    /// Adds the digests of what the Sun was taken from.
    fn under(self, asked: &AskedSun<'_>, data: &Data) -> Self {
        let digest =
            |name: Option<&str>| name.and_then(|name| data.bytes(name)).map(digest::of_bytes);
        Self {
            forecasts_sha256: digest(asked.forecasts),
            observations_sha256: digest(asked.observations),
            ..self
        }
    }
}

/// What a question left out and a station stated.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FromStation {
    /// Where the station came from: a folder, or `embedded iss`.
    pub station: String,
    /// SHA-256 over the station's files and overlays.
    pub digest: String,
    /// The as-of date, where it is the first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub from: Option<Date>,
    /// Fields of the question that the station filled, with its central values.
    pub values: BTreeMap<String, f64>,
}

/// A question's own numbers, with those of its station where it has none.
struct Stated {
    opened: Option<Opened>,
    taken: BTreeMap<String, f64>,
    from_taken: bool,
    /// Values taken that have a band.
    banded: Vec<String>,
}

impl Stated {
    fn open(
        found: &mut Found,
        data: &Data,
        station: Option<&str>,
        scenario: &[String],
    ) -> Result<Self, Refusals> {
        if station.is_none() && !scenario.is_empty() {
            let why = "`scenario` changes a station, and `station` names none";
            found.add(Refusal::field("scenario", why));
        }
        let opened = station.map(|name| data.station(Some(name), scenario)).transpose()?;
        Ok(Self { opened, taken: BTreeMap::new(), from_taken: false, banded: Vec::new() })
    }

    /// Returns what is given, else what the station states, else a default; a value that `check` refuses,
    /// or that nobody states, is found.
    fn value(
        &mut self,
        found: &mut Found,
        field: &str,
        given: Option<f64>,
        of: impl Fn(&Station) -> Value,
        default: Option<f64>,
        check: impl Fn(&str, f64) -> Result<(), Outside>,
    ) -> f64 {
        let value = match (given, &self.opened, default) {
            (Some(given), ..) => given,
            (None, Some(opened), _) => {
                let Value { value, low, high, .. } = of(&opened.station);
                self.taken.insert(field.to_owned(), value);
                if low < high {
                    self.banded.push(format!("`{field}` {value} ({low} to {high})"));
                }
                value
            }
            (None, None, Some(default)) => default,
            (None, None, None) => {
                found.add(needed(field));
                return f64::NAN;
            }
        };
        within(found, field, check(field, value));
        value
    }

    /// Returns the orbit's altitude, drag area and inclination.
    fn orbit(
        &mut self,
        found: &mut Found,
        altitude_km: Option<f64>,
        drag_area_m2_kg: Option<f64>,
        inclination_deg: Option<f64>,
    ) -> (f64, f64, f64) {
        let altitude = |s: &Station| s.orbit.altitude_km;
        let area = |s: &Station| s.orbit.drag_area_m2_kg;
        let inclination = |s: &Station| s.orbit.inclination_deg;
        let default = Some(ISS_INCLINATION_DEG);
        (
            self.value(found, "altitude_km", altitude_km, altitude, None, bounds::altitude),
            self.value(found, "drag_area_m2_kg", drag_area_m2_kg, area, None, bounds::drag_area),
            self.value(
                found,
                "inclination_deg",
                inclination_deg,
                inclination,
                default,
                bounds::inclination,
            ),
        )
    }

    fn mass_kg(&mut self, found: &mut Found, given: Option<f64>) -> f64 {
        self.value(found, "mass_kg", given, |s| s.identity.mass_kg, None, bounds::mass)
    }

    /// Returns the first day: that given, or the station's as-of date.
    fn from(&mut self, found: &mut Found, given: Option<Date>) -> Option<Date> {
        let stated = self.opened.as_ref().map(|opened| opened.station.identity.as_of);
        self.from_taken = given.is_none();
        if given.or(stated).is_none() {
            found.add(needed("from"));
        }
        given.or(stated)
    }

    /// Adds what the station was asked for to the inputs of an answer, and what is to be said about it.
    fn told(self, from: Date, inputs: &mut Inputs, caveats: &mut Vec<String>) {
        let Some(opened) = self.opened else { return };
        let as_of = opened.station.identity.as_of;
        if from != as_of && self.taken.contains_key("altitude_km") {
            caveats.push(format!(
                "the altitude is that of the station on {as_of}, its as-of date, not on {from}"
            ));
        }
        if !self.banded.is_empty() {
            caveats.push(format!(
                "of the station's values the central ones are taken, their bands are not drawn: {}",
                self.banded.join(", ")
            ));
        }
        inputs.station = Some(FromStation {
            station: opened.origin,
            digest: opened.station.digest,
            from: self.from_taken.then_some(as_of),
            values: self.taken,
        });
    }
}

fn needed(field: &str) -> Refusal {
    Refusal::field(field, format!("`{field}` is not given, and no station is named that states it"))
        .help(format!("give `{field}`, or name a station"))
}

/// Adds what lies outside its bounds.
fn within<T>(found: &mut Found, field: &str, checked: Result<T, Outside>) -> Option<T> {
    match checked {
        Ok(value) => Some(value),
        Err(Outside::Wrong(why)) => {
            found.add(Refusal::field(field, why));
            None
        }
        Err(Outside::NotCovered(why)) => {
            found.add(Refusal::unanswerable(About::Field(field.to_owned()), why));
            None
        }
    }
}

fn worlds_within(found: &mut Found, worlds: u32, bounds: &RangeInclusive<u32>) {
    let bounds = f64::from(*bounds.start())..=f64::from(*bounds.end());
    found.within("worlds", f64::from(worlds), bounds, "worlds drawn");
}

fn of_text(name: &str, error: &OrbitError) -> Refusals {
    Refusal::unanswerable(About::Text(name.to_owned()), error.to_string()).into()
}

fn refused(error: &OrbitError) -> Refusals {
    match error {
        OrbitError::Stopped => Refusal::stopped(),
        _ => Refusal::unanswerable(About::Question, error.to_string()),
    }
    .into()
}

/// Watches the loops of a question for a room.
fn watch<'a>(control: &'a Control<'_>) -> impl Fn(&'static str, u64, u64) -> bool + 'a {
    |what, done, total| control.go_on(what, done, total).is_ok()
}

/// A series that was read.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Series {
    /// `TLE`, `OMM`, `OEM` or `CSV`; of several texts that of the largest.
    pub kind: String,
    /// The object, by number and name, where the series says which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Rows used.
    pub rows: usize,
    /// Day of the first row.
    #[schemars(with = "String")]
    pub first: Date,
    /// Day of the last row.
    #[schemars(with = "String")]
    pub last: Date,
    /// Mean altitude of the first row, km.
    pub first_altitude_km: f64,
    /// Mean altitude of the last row, km.
    pub last_altitude_km: f64,
    /// Inclination, degrees, where the series has it.
    pub inclination_deg: Option<f64>,
    /// `Cd A / m`, m2/kg, as stated by the series, where it is.
    pub drag_area_stated_m2_kg: Option<f64>,
}

impl Series {
    fn of(track: &zarya_orbit::series::Track) -> Self {
        let (first, last) = (track.fixes[0], track.fixes[track.fixes.len() - 1]);
        Self {
            kind: track.kind.to_owned(),
            object: track.object.clone(),
            rows: track.fixes.len(),
            first: Date::from_mjd(first.mjd),
            last: Date::from_mjd(last.mjd),
            first_altitude_km: first.altitude_km,
            last_altitude_km: last.altitude_km,
            inclination_deg: track.inclination_deg,
            drag_area_stated_m2_kg: track.drag_area_stated_m2_kg,
        }
    }
}

/// A burn that was found in a series.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Burn {
    /// The likeliest day.
    #[schemars(with = "String")]
    pub date: Date,
    /// Whether the hours in which it may have been flown all lie on that day.
    pub date_certain: bool,
    /// The days on which it may have been flown, the likeliest first (all UTC).
    #[schemars(with = "Vec<String>")]
    pub dates: Vec<Date>,
    /// The likeliest moment, as a modified Julian date.
    pub moment_mjd: f64,
    /// When it was flown: from and to, modified Julian dates. Element sets may still show the orbit before a
    /// burn hours after it, so this begins before the last row of the old orbit.
    pub between_mjd: (f64, f64),
    /// Share of burns that these hours hold at least.
    pub between_share: f64,
    /// Time stamps of the rows on both sides of the step.
    pub rows_mjd: (f64, f64),
    /// Velocity change, m/s, with the sign of the altitude's.
    pub delta_v_m_s: f64,
    /// Its standard error, m/s.
    pub standard_error: f64,
    /// Change of the mean altitude, km.
    pub delta_altitude_km: f64,
}

impl Burn {
    fn of(burn: &zarya_orbit::reboosts::Burn) -> Self {
        let dates = burn.dates();
        Self {
            date: burn.date(),
            date_certain: dates.len() == 1,
            dates,
            moment_mjd: burn.moment,
            between_mjd: burn.between,
            between_share: BETWEEN_SHARE,
            rows_mjd: burn.rows,
            delta_v_m_s: burn.delta_v_m_s,
            standard_error: burn.standard_error_m_s,
            delta_altitude_km: burn.delta_altitude_km,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decay(question: &str) -> Result<decay::Answer, Refusals> {
        let question: decay::Question = serde_json::from_str(question).unwrap();
        decay::answer(&question, &Data::embedded(), &Control::silent())
    }

    /// The embedded ISS of 2025-07-31: 416.5 km, 0.0074 m2/kg, 51.64 degrees.
    #[test]
    fn a_station_states_what_the_question_leaves_out() {
        let of_station =
            decay(r#"{"station": "iss", "through": "2025-09-30", "worlds": 20}"#).unwrap();
        let by_hand = decay(
            r#"{"altitude_km": 416.5, "drag_area_m2_kg": 0.0074, "inclination_deg": 51.64,
                "from": "2025-07-31", "through": "2025-09-30", "worlds": 20}"#,
        )
        .unwrap();
        assert_eq!(of_station.days, by_hand.days);
        let stated = of_station.inputs.station.unwrap();
        assert_eq!(stated.station, "embedded iss");
        assert_eq!(stated.from.unwrap().to_string(), "2025-07-31");
        let fields: Vec<&str> = stated.values.keys().map(String::as_str).collect();
        assert_eq!(fields, ["altitude_km", "drag_area_m2_kg", "inclination_deg"]);
        assert!(of_station.caveats.iter().any(|said| said.contains("0.0074 (0.006 to 0.0088)")));
        assert!(by_hand.inputs.station.is_none() && by_hand.caveats.is_empty());
    }

    #[test]
    fn what_is_given_overrides_the_station() {
        let answer = decay(
            r#"{"station": "iss", "altitude_km": 400, "from": "2025-08-10", "through": "2025-08-20",
                "worlds": 20}"#,
        )
        .unwrap();
        assert_eq!((answer.altitude_km, answer.drag_area_m2_kg), (400.0, 0.0074));
        let stated = answer.inputs.station.unwrap();
        assert!(stated.from.is_none() && !stated.values.contains_key("altitude_km"));
        let of_its_date = |said: &String| said.contains("as-of date");
        assert!(!answer.caveats.iter().any(of_its_date), "its own altitude is of its own date");
        let late = decay(r#"{"station": "iss", "from": "2025-08-10", "through": "2025-08-20"}"#);
        assert!(late.unwrap().caveats.iter().any(of_its_date));
    }

    #[test]
    fn all_that_is_missing_is_named() {
        let refused = decay(r#"{"through": "2025-09-30"}"#).unwrap_err();
        let fields: Vec<&About> = refused.problems.iter().map(|problem| &problem.about).collect();
        let field = |name: &str| About::Field(name.to_owned());
        assert_eq!(fields, [&field("altitude_km"), &field("drag_area_m2_kg"), &field("from")]);
        assert_eq!(refused.kind(), crate::refusal::Kind::Malformed);
        let lost = decay(r#"{"station": "mir", "through": "2025-09-30"}"#).unwrap_err();
        assert_eq!(lost.problems[0].about, field("station"));
        let idle = decay(r#"{"scenario": ["as-of-2026-06"], "through": "2026-09-30"}"#);
        assert_eq!(idle.unwrap_err().problems[0].about, field("scenario"));
    }
}
