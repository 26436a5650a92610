//! Asks every question of Zarya with two crates and no command: a walk-through for whoever writes a page, a
//! notebook or a tool of their own.
//!
//! ```text
//! your door ── Question ──> zarya ── Answer ──> zarya-report ── text, SVG, CSV, HTML ──> your reader
//!           └─ Data ──────┘       └─ Refusals ┘
//! ```
//!
//! A function below visits one room. It shows, in turn:
//!
//! - a `Question` read from JSON, as a page sends it (defaults fill what is left out), or built in Rust;
//! - `Data`: embedded stations, and texts handed in by name (a list of units, a case, a series): no path;
//! - `answer(&question, &data, &control)`, the same in every room;
//! - an `Answer` as text by `zarya_report`; it is plain data, which `zarya::json` writes as its schema says;
//! - `Refusals`: all that is wrong at once, each with the field it is about.
//!
//! `cargo run --release` in this folder prints the first lines of each answer; it takes seconds.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use zarya::refusal::{About, Kind};
use zarya::units::Date;
use zarya::{
    Control, Data, Refusals, air, assess, check, compare, explain, import, json, ledger, orbit,
    power, record, run, spares,
};
use zarya_report as report;

type Told = Result<(), Box<dyn Error>>;

/// A list of units as an analyst would keep it.
const UNITS: &str = "id,quantity,mtbf_d,mass_kg,stock\npump,1,400,7,2\nvalve,2,900,2.5,3\n";

/// An element set as catalogs publish it.
const SETS: &str = "ISS (ZARYA)\n\
    1 25544U 98067A   21001.22196045  .00001488  00000-0  34854-4 0  9992\n\
    2 25544  51.6464  88.5894 0001153 173.6665  39.5832 15.49246091262713\n";

/// A case of life support: a station with a leak behind a hatch.
const CABIN: &str = r#"
crew = 7
from = 2024-04-01
[[zone]]
id = "station"
volume = "1005 m3"
[[zone]]
id = "prk"
volume = "6 m3"
[stocks]
nitrogen = "182 kg"
oxygen = "182 kg"
water = "2000 kg"
[running]
oga = true
[leak]
prk = "1.68 kg/d"
"#;

/// A power plant: the station's own arrays, with two loads.
const PLANT: &str = r#"
from = 2025-07-01
through = 2027-12-31
[[load]]
id = "core"
power = "45 kW"
class = 0
[[load]]
id = "payloads"
power = "20 kW"
class = 3
"#;

fn main() -> Told {
    let data = Data::embedded()
        .with_text("units.csv", UNITS)
        .with_text("iss.tle", SETS)
        .with_text("cabin.toml", CABIN)
        .with_text("plant.toml", PLANT)
        .with_text("altitudes.csv", altitudes()?);
    stations(&data)?;
    claims(&data)?;
    runs(&data)?;
    orbits(&data)?;
    orbits_from_series(&data)?;
    spares_of_units(&data)?;
    life_support(&data)?;
    arrays(&data)?;
    wrong_questions(&data);
    Ok(())
}

/// What station files hold, what lapses on paper, and what a station's record says of the model.
fn stations(data: &Data) -> Told {
    let control = Control::silent();
    let question = check::Question {
        station: Some("tiny".into()),
        explain: Some("orbit.altitude".into()),
        ..Default::default()
    };
    tell("check", 3, &report::check::text(&check::answer(&question, data, &control)?));

    let question: ledger::Question = json::from_str(r#"{ "through": "2030-12-31" }"#)?;
    tell("ledger", 3, &report::ledger::text(&ledger::answer(&question, data, &control)?.ledger));

    let question = record::Question { worlds: 2, ..Default::default() };
    tell("record", 4, &report::record::text(&record::answer(&question, data, &control)?));
    Ok(())
}

/// Whether a station operates safely through a date; one of its histories; two answers side by side.
fn claims(data: &Data) -> Told {
    let control = Control::silent();
    let question: assess::Question =
        json::from_str(r#"{ "station": "tiny", "histories": 200, "seed": 7 }"#)?;
    let before = assess::answer(&question, data, &control)?;
    // What asks the same again is for the door to say: a command line, a link, a call.
    tell("assess", 4, &report::terminal::answer(&before, "ask again with seed 7"));
    let again = report::command::Again {
        answer: "ask again with seed 7".to_owned(),
        history: "tell history N of seed 7".to_owned(),
    };
    let page = report::page::html(&before, &again, None);
    println!("   and a page of {} kB", page.len() / 1000);

    let question = explain::Question {
        station: Some("tiny".into()),
        through: None,
        history: 33,
        seed: 7,
        without: Vec::new(),
        only: None,
        scenario: Vec::new(),
        beliefs: Vec::new(),
    };
    tell("explain", 4, &report::explain::text(&explain::answer(&question, data, &control)?));

    // An answer goes through JSON and comes back.
    let question = assess::Question { without: vec!["routine-maintenance".into()], ..tiny(200) };
    let after = assess::answer(&question, data, &control)?;
    let kept = data
        .clone()
        .with_text("before.json", json::to_vec(&before)?)
        .with_text("after.json", json::to_vec(&after)?);
    let question = compare::Question { before: "before.json".into(), after: "after.json".into() };
    tell("compare", 4, &report::compare::text(&compare::answer(&question, &kept, &control)?));
    Ok(())
}

/// A run that is kept in a folder: stopped and resumed, computed in shards and merged, read again.
fn runs(data: &Data) -> Told {
    let place = std::env::temp_dir().join(format!("zarya-every-question-{}", std::process::id()));
    let told = runs_in(&place, data);
    std::fs::remove_dir_all(&place)?;
    told
}

fn runs_in(place: &Path, data: &Data) -> Told {
    let control = Control::silent();
    // A door keeps a page beside the answer if it draws one.
    let page = |answer: &assess::Answer, _: &assess::Question| Some(answer.decides.clone());
    let door = run::Door { page: &page, seconds: &|| 0.0 };
    let question = assess::Question { depth: assess::Depth::Base, ..tiny(1000) };

    // Somebody asks to stop when the first part is done; what is done is kept.
    let stop = AtomicBool::new(false);
    let progress = |_: &str, done: u64, _: u64| stop.store(done >= 500, Ordering::Relaxed);
    let impatient = Control { stop: &stop, progress: &progress, threads: 0 };
    let whole = place.join("whole");
    let refused = run::start(&question, None, data, &whole, door, &impatient);
    let refused = refused.err().ok_or("the run was not stopped")?;
    assert_eq!(refused.kind(), Kind::Stopped);
    let n_kept = run::manifest(&whole)?.n_finished();
    let resumed = run::resume(&whole, door, &control)?;
    println!("\n== run: start, resume\n   {n_kept} of 2 parts were kept; {}", headline(&resumed)?);

    // Each machine computes its share; together they are the same run.
    let mut folders: Vec<PathBuf> = Vec::new();
    for index in 1..=2 {
        let folder = place.join(format!("shard-{index}"));
        let shard = Some(run::Shard { index, of: 2 });
        folders.push(run::start(&question, shard, data, &folder, door, &control)?.folder);
    }
    let merged = run::merge(&folders, &place.join("merged"), door, &control)?;
    println!("\n== run: shards, merge\n   {}", headline(&merged)?);

    let kept = run::read(&place.join("merged"))?;
    println!("\n== run: read\n   asked with seed {}: {}", kept.asked.seed, headline(&kept)?);
    let digest = |run: &run::Run| run.answer.as_ref().map(|answer| answer.ensemble_digest.clone());
    assert_eq!(digest(&kept), digest(&resumed), "however it was computed");
    Ok(())
}

/// How an orbit sinks, how long it lasts, what keeps it, how it ends.
fn orbits(data: &Data) -> Told {
    let control = Control::silent();
    let question: orbit::decay::Question = json::from_str(
        r#"{ "altitude_km": 415, "drag_area_m2_kg": 0.007, "sun": "observed",
             "from": "2023-01-01", "through": "2023-03-31" }"#,
    )?;
    let answer = orbit::decay::answer(&question, data, &control)?;
    tell("orbit decay", 2, &report::orbit::decay::text(&answer));
    println!("   and a picture of {} kB", report::orbit::decay::svg(&answer).len() / 1000);

    let question: orbit::lifetime::Question =
        json::from_str(r#"{ "station": "iss", "to_km": [330, 180], "worlds": 50 }"#)?;
    let answer = orbit::lifetime::answer(&question, data, &control)?;
    tell("orbit lifetime", 4, &report::orbit::lifetime::text(&answer));

    let mut question: orbit::keep::Question =
        json::from_str(r#"{ "station": "iss", "through": "2026-07-31" }"#)?;
    question.vehicle.push(orbit::keep::Pusher {
        name: "progress".into(),
        isp_s: 300.0,
        propellant_kg: Some(800.0),
    });
    let answer = orbit::keep::answer(&question, data, &control)?;
    tell("orbit keep", 4, &report::orbit::keep::text(&answer));

    let question: orbit::deorbit::Question =
        json::from_str(r#"{ "station": "iss", "entry": "2030-12-31", "worlds": 20 }"#)?;
    let answer = orbit::deorbit::answer(&question, data, &control)?;
    tell("orbit deorbit", 4, &report::orbit::deorbit::text(&answer));
    Ok(())
}

/// What a series of altitudes tells: the burns in it, the sets of it in another notation, and the weeks after it.
fn orbits_from_series(data: &Data) -> Told {
    let control = Control::silent();
    let question = orbit::reboosts::Question { file: "altitudes.csv".into(), object: None };
    let answer = orbit::reboosts::answer(&question, data, &control)?;
    tell("orbit reboosts", 3, &report::orbit::reboosts::text(&answer));

    let question: orbit::elements::Question =
        json::from_str(r#"{ "file": "iss.tle", "to": "omm-json" }"#)?;
    let answer = orbit::elements::answer(&question, data, &control)?;
    tell("orbit elements", 2, &report::orbit::elements::text(&answer));
    println!("   {} bytes of JSON", answer.text.unwrap_or_default().len());

    let question = orbit::hindcast::Question {
        altitudes: "altitudes.csv".into(),
        object: None,
        from: Date::parse("2016-04-20")?,
        through: Date::parse("2016-05-20")?,
        sun: Some("observed".into()),
        forecasts: None,
        jb2008: None,
        issue: None,
        observations: None,
        f107_sfu: None,
        ap: None,
        worlds: 50,
        seed: orbit::SEED_DEFAULT,
    };
    let answer = orbit::hindcast::answer(&question, data, &control)?;
    tell("orbit hindcast", 3, &report::orbit::hindcast::text(&answer));
    Ok(())
}

/// How many spares are needed, whether those at hand last, which to carry.
fn spares_of_units(data: &Data) -> Told {
    use spares::{allocate, demand, sufficiency};
    let control = Control::silent();
    let question: demand::Question = json::from_str(
        r#"{ "units": "units.csv", "period_d": 365, "fleets": [1, 2], "repair": "fixed:2" }"#,
    )?;
    tell(
        "spares demand",
        5,
        &report::spares::demand::text(&demand::answer(&question, data, &control)?),
    );

    let question = sufficiency::Question {
        units: Some("units.csv".into()),
        period_d: Some(365.0),
        from: Some(Date::parse("2026-01-01")?),
        repair: Some(spares::Repair::Instant),
        ..Default::default()
    };
    let answer = sufficiency::answer(&question, data, &control)?;
    tell("spares sufficiency", 4, &report::spares::sufficiency::text(&answer));

    let question: allocate::Question = json::from_str(
        r#"{ "units": "units.csv", "period_d": 400, "probability": 0.95, "shape": 2 }"#,
    )?;
    let answer = allocate::answer(&question, data, &control)?;
    tell("spares allocate", 4, &report::spares::allocate::text(&answer));

    // A station's units come out as such a list, and a list becomes files of a station.
    let question = spares::list::Question { station: Some("tiny".into()), scenario: Vec::new() };
    let listed = spares::list::answer(&question, data, &control)?;
    println!("\n== spares list\n   {} lines", listed.csv().lines().count());
    let question: import::Question = json::from_str(
        r#"{ "station": "tiny", "units": "units.csv", "serves": "power", "segment": "core" }"#,
    )?;
    let answer = import::answer(&question, data, &control)?;
    tell("import", 3, &report::import::text(&answer, "tiny", false));

    // A station states the units as well, and limits can stand in place of a probability.
    let question = allocate::Question {
        station: Some("tiny".into()),
        period_d: Some(180.0),
        limit: vec![allocate::Budget { name: allocate::Measure::Mass, most: 200.0 }],
        ..Default::default()
    };
    let answer = allocate::answer(&question, data, &control)?;
    tell("spares allocate, of a station", 4, &report::spares::allocate::text(&answer));
    Ok(())
}

/// How long a crew lasts, how its air moves, what a hatch costs.
fn life_support(data: &Data) -> Told {
    let control = Control::silent();
    let question: air::endurance::Question =
        json::from_str(r#"{ "file": "cabin.toml", "without": ["nasa"] }"#)?;
    let answer = air::endurance::answer(&question, data, &control)?;
    tell("air endurance", 4, &report::air::endurance::text(&answer));

    let question = air::run::Question {
        file: Some("cabin.toml".into()),
        days: 30.0,
        step: "6 h".into(),
        ..Default::default()
    };
    let answer = air::run::answer(&question, data, &control)?;
    tell("air run", 4, &report::air::run::text(&answer));
    println!("   and a table of {} lines", report::air::run::csv(&answer).lines().count());

    let question: air::hatch::Question =
        json::from_str(r#"{ "file": "cabin.toml", "every": "30 d", "open_for": "2 d" }"#)?;
    let answer = air::hatch::answer(&question, data, &control)?;
    tell("air hatch", 5, &report::air::hatch::text(&answer));
    Ok(())
}

/// What arrays give and loads ask, by date.
fn arrays(data: &Data) -> Told {
    let question: power::Question = json::from_str(r#"{ "file": "plant.toml", "step": "180 d" }"#)?;
    let answer = power::answer(&question, data, &Control::silent())?;
    tell("power", 4, &report::power::text(&answer));
    Ok(())
}

/// What is wrong comes back whole, each problem with its field: a form marks the input, a command the option.
fn wrong_questions(data: &Data) {
    let control = Control::silent();
    let question = assess::Question { histories: 0, seed: u64::MAX, ..tiny(0) };
    refused("assess", assess::answer(&question, data, &control).err());

    let text =
        r#"{ "altitude_km": 415, "drag_area_m2_kg": 70, "through": "2030-01-01", "worlds": 3 }"#;
    let answer = json::from_str(text).map(|q| orbit::decay::answer(&q, data, &control));
    refused("orbit decay", answer.ok().and_then(Result::err));

    let question = spares::demand::Question { confidence: 99.0, ..Default::default() };
    refused("spares demand", spares::demand::answer(&question, data, &control).err());

    let question = air::run::Question { days: -1.0, step: "6".into(), ..Default::default() };
    refused("air run", air::run::answer(&question, data, &control).err());

    // A problem of a text has a place in it.
    let broken = data.clone().with_text("cabin.toml", "crew = 7\nvolume = \"425 km\"\n");
    let question = power::Question { file: Some("none.toml".into()), ..Default::default() };
    refused("power", power::answer(&question, data, &control).err());
    let question =
        air::endurance::Question { file: Some("cabin.toml".into()), ..Default::default() };
    refused("air endurance", air::endurance::answer(&question, &broken, &control).err());

    // A field that no question has is refused by its name, before anything is asked.
    let wrong = json::from_str::<ledger::Question>(r#"{ "trough": "2030-12-31" }"#);
    println!("\n== refused: ledger\n   {}", wrong.expect_err("there is no such field"));
}

/// A question about the teaching station.
fn tiny(histories: u32) -> assess::Question {
    assess::Question { station: Some("tiny".into()), histories, seed: 7, ..Default::default() }
}

/// A made-up series: sixty days of drag, and a burn after the thirtieth.
fn altitudes() -> Result<String, Box<dyn Error>> {
    let first = Date::parse("2016-03-01")?;
    let mut text = String::from("date,alt_mean_km\n");
    for day in 0..60 {
        let burn_km = if day < 30 { 0.0 } else { 1.5 };
        let altitude_km = 404.0 - 0.05 * f64::from(day) + burn_km;
        text += &format!("{},{altitude_km:.4}\n", first.plus_days(day));
    }
    Ok(text)
}

/// The first line of a run's answer.
fn headline(run: &run::Run) -> Result<String, Box<dyn Error>> {
    let answer = run.answer.as_ref().ok_or("a whole run has an answer")?;
    let text = report::terminal::answer(answer, "ask again");
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Prints the first lines of an answer.
fn tell(room: &str, n_lines: usize, text: &str) {
    println!("\n== {room}");
    for line in text.lines().filter(|line| !line.is_empty()).take(n_lines) {
        println!("   {line}");
    }
}

/// Prints a refusal: the fields as this door calls them, then the text.
fn refused(room: &str, refusals: Option<Refusals>) {
    let refusals = refusals.expect("a wrong question is refused");
    let fields: Vec<String> = refusals
        .problems
        .iter()
        .map(|problem| match &problem.about {
            About::Field(field) => field.clone(),
            About::Text(name) => name.clone(),
            About::Place(found) => format!("{}:{}", found.place.file, found.place.line),
            _ => "the question".to_owned(),
        })
        .collect();
    println!("\n== refused: {room} ({:?}: {})", refusals.kind(), fields.join(", "));
    // A page would say the labels of its form; here a field is a word in capitals.
    let label = |field: &str| {
        fields.iter().any(|known| known == field).then(|| field.to_uppercase().replace('_', " "))
    };
    for line in report::refusals::text(&refusals, &label).lines() {
        println!("   {line}");
    }
}
