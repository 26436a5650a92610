//! What is asked, and what texts it names: one target for each reader behind a room.

use crate::change::Changes;
use std::io::Write as _;
use zarya::json::{self, Value};
use zarya::{
    Control, Data, Folder, Refusals, air, assess, check, compare, explain, import, ledger, open,
    orbit, power, record, run, spares, stations,
};
use zarya_report as report;

/// One input: a question as JSON, and the texts handed in with it.
#[derive(Clone, Default)]
pub struct Input {
    pub question: String,
    pub texts: Vec<(String, Vec<u8>)>,
}

/// What inputs are made of, and what is done with them.
pub struct Target {
    pub name: &'static str,
    /// It is asked once in so many rounds.
    pub every: u64,
    questions: Vec<Value>,
    /// Names of texts, and what each can be before it is changed.
    slots: Vec<(String, Vec<Vec<u8>>)>,
    /// Answers, and tells the answer; nothing where it is refused.
    pub ask: fn(&Input) -> Option<String>,
}

impl Target {
    /// Makes an input: a question that holds, of which a value or a text is changed.
    pub fn input(&self, changes: &mut Changes) -> Input {
        let mut question = changes.one(&self.questions).clone();
        let mut texts: Vec<(String, Vec<u8>)> = self
            .slots
            .iter()
            .map(|(name, seeds)| (name.clone(), changes.one(seeds).clone()))
            .collect();
        if texts.is_empty() || changes.once_in(3) {
            changes.values(&mut question);
        }
        if !texts.is_empty() && !changes.once_in(20) {
            let at = changes.below(texts.len());
            changes.text(&mut texts[at].1, &self.slots[at].1);
        }
        let mut question = question.to_string();
        if changes.once_in(20) {
            let mut bytes = std::mem::take(&mut question).into_bytes();
            changes.text(&mut bytes, &[b"{}".to_vec()]);
            question = String::from_utf8_lossy(&bytes).into_owned();
        }
        // What is asked for by number takes as long as it is long; progress and a stop belong to it.
        if let Ok(Value::Object(mut fields)) = json::from_str(&question) {
            let asked = |value: &Value| value.as_u64().is_some_and(|n| 50 < n && n < 1 << 31);
            for field in ["worlds", "histories"] {
                if fields.get(field).is_some_and(asked) {
                    fields.insert(field.to_owned(), Value::from(40));
                    question = Value::Object(fields.clone()).to_string();
                }
            }
        }
        Input { question, texts }
    }
}

macro_rules! seed {
    ($name:literal) => {
        include_bytes!(concat!("../seeds/", $name)).to_vec()
    };
}

macro_rules! case {
    ($name:literal) => {
        include_bytes!(concat!("../../cases/", $name)).to_vec()
    };
}

/// A room: a question out of JSON, the texts as they are handed in, and the answer as text.
macro_rules! room {
    ($room:path, $tell:expr) => {{
        use $room as room;
        |input: &Input| {
            let question: room::Question = json::from_str(&input.question).ok()?;
            let mut data = Data::embedded();
            for (name, bytes) in &input.texts {
                data = data.with_text(name.as_str(), bytes.clone());
            }
            let answer = room::answer(&question, &data, &Control::silent());
            tell(answer, $tell)
        }
    }};
}

/// Tells an answer as text and as JSON, or why there is none.
fn tell<A: json_of::Json>(answer: Result<A, Refusals>, text: fn(&A) -> String) -> Option<String> {
    match answer {
        Ok(answer) => {
            let told = text(&answer);
            assert!(answer.json().is_ok(), "an answer is JSON");
            Some(told)
        }
        Err(refusals) => {
            let told = report::refusals::text(&refusals, &|_| None);
            assert!(!told.trim().is_empty(), "a refusal says why");
            None
        }
    }
}

/// Answers that can be written.
mod json_of {
    use zarya::json;

    pub trait Json {
        fn json(&self) -> json::Result<Vec<u8>>;
    }

    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> json::Result<Vec<u8>> {
            json::to_vec(self)
        }
    }
}

/// Returns questions out of JSON.
fn questions(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| json::from_str(text).expect("a question")).collect()
}

fn slot(name: &str, seeds: Vec<Vec<u8>>) -> (String, Vec<Vec<u8>>) {
    (name.to_owned(), seeds)
}

/// Every form in which people have a series of an orbit.
fn series() -> Vec<Vec<u8>> {
    vec![
        seed!("sets.tle"),
        seed!("named.tle"),
        seed!("omm.json"),
        seed!("omm.kvn"),
        seed!("omm.xml"),
        seed!("omm.csv"),
        seed!("sets.json"),
        seed!("oem.kvn"),
        seed!("oem.xml"),
        seed!("altitudes.csv"),
        seed!("mir-1995.csv"),
        seed!("hourly.oem"),
        seed!("tiangong-1.tle"),
    ]
}

fn units() -> Vec<Vec<u8>> {
    vec![
        seed!("units.csv"),
        seed!("units-laws.csv"),
        seed!("units-semicolons.csv"),
        seed!("units-fpmh.csv"),
    ]
}

fn air_cases() -> Vec<Vec<u8>> {
    vec![
        case!("air/june-2005.toml"),
        case!("air/set-points.toml"),
        case!("air/hatch-2024.toml"),
        case!("air/september-2004.toml"),
        case!("air/crew-table.toml"),
    ]
}

/// The files of the teaching station under the names they have in its folder.
fn tiny() -> Vec<(String, Vec<Vec<u8>>)> {
    let tiny = stations::named("tiny").expect("it is embedded");
    tiny.files.iter().map(|(name, text)| slot(name, vec![text.as_bytes().to_vec()])).collect()
}

/// Hands the texts in as the folder of a station.
fn station(input: &Input) -> Data {
    Data::embedded().with_folder("station", Folder { files: input.texts.clone() })
}

/// Returns every target.
pub fn all() -> Vec<Target> {
    let mut targets = Vec::new();
    let mut add = |name, every, texts: &[&str], slots, ask| {
        targets.push(Target { name, every, questions: questions(texts), slots, ask });
    };
    add(
        "kind",
        1,
        &["{}"],
        vec![slot("text", [series(), units(), air_cases()].concat())],
        |input| {
            let kind = zarya::text::kind::of(&input.texts[0].1);
            Some(zarya::text::clean(&kind.to_string()).into_owned())
        },
    );
    add("open", 20, &["{}"], vec![slot("text", [series(), units(), packed()].concat())], opened);
    add("check", 10, &[r#"{"station": "station"}"#], tiny(), |input| {
        let question: check::Question = json::from_str(&input.question).ok()?;
        // Its text quotes the files, where anything may stand.
        tell(check::answer(&question, &station(input), &Control::silent()), report::check::text)
            .map(|_| String::new())
    });
    add(
        "orbit reboosts",
        1,
        &[r#"{"file": "series"}"#],
        vec![slot("series", series())],
        room!(orbit::reboosts, report::orbit::reboosts::text),
    );
    add(
        "orbit elements",
        1,
        &[
            r#"{"file": "series"}"#,
            r#"{"file": "series", "to": "tle", "object": "25544"}"#,
            r#"{"file": "series", "to": "omm-json", "from": "2021-01-01", "through": "2026-12-31"}"#,
            r#"{"file": "series", "to": "omm-kvn"}"#,
            r#"{"file": "series", "to": "omm-xml"}"#,
            r#"{"file": "series", "to": "omm-csv"}"#,
        ],
        vec![slot("series", series())],
        elements,
    );
    add(
        "orbit hindcast",
        2,
        &[
            r#"{"altitudes": "series", "from": "2016-03-01", "through": "2016-03-20", "worlds": 20}"#,
            r#"{"altitudes": "series", "from": "2021-02-10", "through": "2021-02-20", "worlds": 20, "sun": "observed"}"#,
            r#"{"altitudes": "series", "from": "2019-12-20", "through": "2020-01-20", "sun": "observed",
                "jb2008": {"solfsmy": "SOLFSMY.TXT", "dtcfile": "DTCFILE.TXT"}}"#,
        ],
        vec![
            slot("series", series()),
            slot("SOLFSMY.TXT", vec![seed!("SOLFSMY.TXT")]),
            slot("DTCFILE.TXT", vec![seed!("DTCFILE.TXT")]),
        ],
        room!(orbit::hindcast, report::orbit::hindcast::text),
    );
    add(
        "orbit lifetime, forecasts",
        1,
        &[
            r#"{"altitude_km": 418, "drag_area_m2_kg": 0.007, "from": "2026-04-15", "to_km": [410], "worlds": 10, "forecasts": "forecasts"}"#,
        ],
        vec![slot(
            "forecasts",
            vec![
                seed!("forecasts.csv"),
                seed!("msafe.txt"),
                seed!("noaa.json"),
                seed!("celestrak.csv"),
                seed!("celestrak.txt"),
            ],
        )],
        room!(orbit::lifetime, report::orbit::lifetime::text),
    );
    add(
        "orbit decay, observations",
        5,
        &[
            r#"{"altitude_km": 415, "drag_area_m2_kg": 0.007, "sun": "observed", "from": "2026-08-20", "through": "2026-09-05", "observations": "days"}"#,
            r#"{"altitude_km": 415, "drag_area_m2_kg": 0.007, "sun": "constant", "f107_sfu": 150, "ap": 15, "from": "2026-08-20", "through": "2026-09-05"}"#,
        ],
        vec![slot("days", vec![seed!("days.csv"), seed!("celestrak.csv"), seed!("celestrak.txt")])],
        room!(orbit::decay, report::orbit::decay::text),
    );
    add(
        "import",
        20,
        &[
            r#"{"station": "tiny", "units": "units", "subsystem": "power", "serves": "power", "segment": "core"}"#,
            r#"{"station": "tiny", "manifest": "manifest"}"#,
            r#"{"station": "tiny", "units": "units", "manifest": "manifest", "serves": "power", "subsystem": "power", "segment": "core"}"#,
        ],
        vec![slot("units", units()), slot("manifest", vec![seed!("manifest.csv")])],
        room!(import, |answer| report::import::text(answer, "tiny", false)),
    );
    add(
        "orbit decay",
        400,
        &[
            r#"{"altitude_km": 415, "drag_area_m2_kg": 0.007, "sun": "observed", "from": "2023-01-01", "through": "2023-03-31"}"#,
            r#"{"station": "iss", "through": "2026-09-30", "density_scale": 1.2, "inclination_deg": 51.6}"#,
        ],
        vec![],
        room!(orbit::decay, report::orbit::decay::text),
    );
    add(
        "orbit keep",
        200,
        &[r#"{"station": "iss", "through": "2026-07-31", "low_km": 410, "high_km": 420,
              "vehicle": [{"name": "progress", "isp_s": 300.0, "propellant_kg": 800.0}]}"#],
        vec![],
        room!(orbit::keep, report::orbit::keep::text),
    );
    add(
        "orbit deorbit",
        400,
        &[
            r#"{"station": "iss", "entry": "2030-12-31", "worlds": 20}"#,
            r#"{"altitude_km": 415, "drag_area_m2_kg": 0.007, "mass_kg": 420000, "entry": "2028-12-31", "worlds": 10,
              "capacity_kg": 10000, "isp_s": 300, "early_share": 0.1, "final_km": 220, "final_days": 3, "perigee_km": 50}"#,
        ],
        vec![],
        room!(orbit::deorbit, report::orbit::deorbit::text),
    );
    add(
        "spares demand",
        4,
        &[
            r#"{"units": "units", "period_d": 365, "fleets": [1, 2], "repair": "fixed:2", "confidence": 0.95}"#,
        ],
        vec![slot("units", units())],
        room!(spares::demand, report::spares::demand::text),
    );
    add(
        "spares sufficiency",
        60,
        &[
            r#"{"units": "units", "period_d": 365, "from": "2026-01-01", "repair": "instant", "confidence": 0.9, "prior_weight": 0.5}"#,
            r#"{"units": "units", "period_d": 700, "from": "2026-01-01", "repair": "none", "shared_error_factor": 2, "confidence": 0.9999}"#,
        ],
        vec![slot("units", units())],
        room!(spares::sufficiency, report::spares::sufficiency::text),
    );
    add(
        "spares allocate",
        2,
        &[
            r#"{"units": "units", "period_d": 400, "probability": 0.95, "shape": 2}"#,
            r#"{"units": "units", "period_d": 400, "limit": [{"name": "mass", "most": 200}], "flight": []}"#,
        ],
        vec![slot("units", units())],
        room!(spares::allocate, report::spares::allocate::text),
    );
    add(
        "air endurance",
        400,
        &[r#"{"file": "case", "without": ["nasa"]}"#],
        vec![slot("case", air_cases())],
        room!(air::endurance, report::air::endurance::text),
    );
    add(
        "air run",
        2,
        &[r#"{"file": "case", "days": 10, "step": "6 h"}"#],
        vec![slot("case", air_cases())],
        room!(air::run, report::air::run::text),
    );
    add(
        "air hatch",
        50,
        &[r#"{"file": "case", "every": "30 d", "open_for": "2 d", "ports": 2}"#],
        vec![slot("case", air_cases())],
        room!(air::hatch, report::air::hatch::text),
    );
    add(
        "power",
        4,
        &[r#"{"file": "case", "step": "30 d"}"#],
        vec![slot(
            "case",
            vec![
                case!("power/station.toml"),
                case!("power/shares.toml"),
                case!("power/gyroscopes-2004.toml"),
            ],
        )],
        room!(power, report::power::text),
    );
    add("ledger", 200, &[r#"{"through": "2030-12-31"}"#], vec![], |input| {
        let question: ledger::Question = json::from_str(&input.question).ok()?;
        tell(ledger::answer(&question, &Data::embedded(), &Control::silent()), |answer| {
            report::ledger::text(&answer.ledger)
        })
    });
    add(
        "assess",
        400,
        &[
            r#"{"station": "station", "histories": 20, "seed": 7, "depth": "base", "through": "2026-06-30"}"#,
        ],
        tiny(),
        assessed,
    );
    add(
        "explain",
        100,
        &[r#"{"station": "station", "history": 3, "seed": 7, "through": "2026-12-31"}"#],
        tiny(),
        |input| {
            let question: explain::Question = json::from_str(&input.question).ok()?;
            tell(
                explain::answer(&question, &station(input), &Control::silent()),
                report::explain::text,
            )
        },
    );
    add("record", 100, &[r#"{"station": "station", "worlds": 2}"#], tiny(), |input| {
        let mut question: record::Question = json::from_str(&input.question).ok()?;
        // A question that lost its fields asks for 500 worlds of the ISS, which is no fault.
        question.worlds = question.worlds.min(4);
        tell(record::answer(&question, &station(input), &Control::silent()), report::record::text)
    });
    add(
        "observations",
        10,
        &[r#"{"station": "tiny", "worlds": 1, "observations": "seen.toml"}"#],
        vec![slot("seen.toml", vec![seed!("seen.toml")])],
        |input| {
            let mut question: record::Question = json::from_str(&input.question).ok()?;
            question.worlds = question.worlds.min(4);
            // A question that lost its station asks for the record of the ISS.
            question.station = Some("tiny".to_owned());
            let data = Data::embedded().with_text("seen.toml", input.texts[0].1.clone());
            tell(record::answer(&question, &data, &Control::silent()), report::record::text)
        },
    );
    let before = answered();
    add(
        "compare",
        10,
        &[r#"{"before": "before", "after": "after"}"#],
        vec![slot("before", vec![before.clone()]), slot("after", vec![before])],
        room!(compare, report::compare::text),
    );
    add("run folder", 100, &["{}"], kept_run(), kept);
    targets
}

/// Reads element sets, and reads again what they were written as: as many sets, and the same text.
fn elements(input: &Input) -> Option<String> {
    use orbit::elements::{Question, answer};
    let question: Question = json::from_str(&input.question).ok()?;
    let mut data = Data::embedded();
    for (name, bytes) in &input.texts {
        data = data.with_text(name.as_str(), bytes.clone());
    }
    let first = answer(&question, &data, &Control::silent());
    if let Ok(first) = &first
        && let Some(text) = &first.text
    {
        let data = Data::embedded().with_text("series", text.clone());
        let whole =
            Question { object: None, from: None, through: None, file: "series".into(), ..question };
        let second = answer(&whole, &data, &Control::silent()).expect("what is written is read");
        assert_eq!(Some(second.sets.len()), first.written, "as many sets as were written");
        assert_eq!(second.text.as_ref(), Some(text), "what is written is written again");
    }
    // What objects are called is text of the file, where anything may stand.
    let nameless = first.map(|mut answer| {
        answer.sets.iter_mut().for_each(|set| set.name = None);
        answer
    });
    tell(nameless, report::orbit::elements::text)
}

/// Texts packed with gzip.
fn packed() -> Vec<Vec<u8>> {
    let pack = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes it")
    };
    vec![pack(&seed!("sets.tle")), pack(&vec![b' '; 80 << 20])]
}

/// A file of this process.
fn place(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("zarya-fuzz-{}-{name}", std::process::id()))
}

fn opened(input: &Input) -> Option<String> {
    let path = place("text");
    std::fs::write(&path, &input.texts[0].1).expect("a file can be written");
    let read = open::text(&path);
    std::fs::remove_file(&path).expect("it was written");
    read.ok().map(|bytes| zarya::text::kind::of(&bytes).to_string())
}

/// Keeps what is asked of the engine small: what is tested is that it answers.
fn assessed(input: &Input) -> Option<String> {
    let mut question: assess::Question = json::from_str(&input.question).ok()?;
    question.histories = question.histories.min(40);
    tell(assess::answer(&question, &station(input), &Control::silent()), |answer| {
        let again =
            report::command::Again { answer: "asked again".to_owned(), history: "told".to_owned() };
        let page = report::page::html(answer, &again, None);
        assert!(
            page.ends_with("</html>") || page.trim_end().ends_with("</html>"),
            "a page is whole"
        );
        report::terminal::answer(answer, "asked again")
    })
}

/// A small question of the teaching station.
fn small() -> assess::Question {
    assess::Question {
        station: Some("tiny".into()),
        histories: 40,
        depth: assess::Depth::Base,
        ..Default::default()
    }
}

/// An answer as JSON.
fn answered() -> Vec<u8> {
    let answer = assess::answer(&small(), &Data::embedded(), &Control::silent()).expect("it holds");
    json::to_vec(&answer).expect("an answer is JSON")
}

/// The files of a run that was kept in a folder.
fn kept_run() -> Vec<(String, Vec<Vec<u8>>)> {
    let folder = place("run");
    let _ = std::fs::remove_dir_all(&folder); // Of another process of this number.
    run::start(&small(), None, &Data::embedded(), &folder, run::Door::silent(), &Control::silent())
        .expect("it holds");
    let mut files = Vec::new();
    for name in
        ["manifest.json", "parts/00000.rows", "assessment.json", "inputs/station/station.toml"]
    {
        files.push(slot(name, vec![std::fs::read(folder.join(name)).expect("it was written")]));
    }
    files
}

/// Reads a run folder of which a file was changed; it stays as it was. The folder of the last input serves.
fn kept(input: &Input) -> Option<String> {
    let folder = place("run");
    for (name, bytes) in &input.texts {
        std::fs::write(folder.join(name), bytes).expect("a file can be written");
    }
    let read = run::read(&folder).and_then(|run| {
        let resumed = run::resume(&folder, run::Door::silent(), &Control::silent());
        resumed.map(|_| run)
    });
    read.ok()
        .and_then(|run| run.answer)
        .map(|answer| report::terminal::answer(&answer, "asked again"))
}
