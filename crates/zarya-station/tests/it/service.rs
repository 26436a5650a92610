//! Counts in service: what is read, and that no datum is used twice.

use crate::station_folder::{Files, tiny};
use zarya_station::{Code, Diagnostic, Station, load};

const SERVICE: &str = r#"
[[detection]]
id = "reported"
name = "Reported"
share = { value = 0.5, low = 0.2, high = 0.9, basis = "assumed", why = "nobody reports everything" }
only_found = true

[[detection]]
id = "complete"
name = "All"
share = { value = 1, basis = "assumed", why = "whoever counts sees them all" }

[[unit_service]]
id = "computers"
oru = "computer"
from = 2015-01-01
through = 2019-12-31
unit_years = "15 y"
failures = 2
copies = 3
detection = "reported"
basis = "published"
source = "specification"

[[unit_service]]
id = "gyroscopes"
oru = "gyroscope"
through = 2019-12-31
unit_years = "6 y"
failures = 0
lives = ["1 y", "2.5 y", "2.5 y"]
detection = "complete"
basis = "published"
source = "specification"
"#;

const RECORD: &str = r#"
[[datum]]
id = "early-outages"
name = "Outages of the thrusters"
counts = "failures:thruster-block"
from = 2015-01-01
through = 2019-12-31
use = "prior"
source = "specification"

[[observation]]
what = "failures:thruster-block"
from = 2020-01-01
through = 2020-12-31
observed = 0
use = "score"
source = "specification"
"#;

fn with(change: impl Fn(&str, String) -> String) -> Files {
    let mut files = tiny();
    files.push(("service.toml".to_owned(), SERVICE.into()));
    files.push(("record.toml".to_owned(), RECORD.into()));
    for (name, bytes) in &mut files {
        let text = String::from_utf8(std::mem::take(bytes)).unwrap();
        // Thrusters rest on what was counted of them.
        let text = text.replace(
            "mtbf = \"12 y\"\nerror_factor = 5",
            "mtbf = { value = \"12 y\", rests_on = \"early-outages\" }\nerror_factor = 5",
        );
        *bytes = change(name, text).into_bytes();
    }
    files
}

fn loaded(files: &Files) -> Result<Station, Vec<Diagnostic>> {
    load(files, &[]).map(|(station, _)| station)
}

/// What is said of the files after `old` of one of them has become `new`.
fn after(file: &str, old: &str, new: &str) -> Vec<Diagnostic> {
    let files = with(|name, text| {
        if name != file {
            return text;
        }
        assert!(text.contains(old), "{file} has no `{old}`");
        text.replace(old, new)
    });
    loaded(&files).err().unwrap_or_default()
}

fn refused(file: &str, old: &str, new: &str, code: Code, said: &str) {
    let found = after(file, old, new);
    let matching: Vec<_> = found.iter().filter(|d| d.code == code).collect();
    assert!(
        matching.iter().any(|d| d.message.contains(said)),
        "`{new}` should be {} with `{said}`, not {found:?}",
        code.id()
    );
}

#[test]
fn counts_and_what_values_rest_on_are_read() {
    let station = loaded(&with(|_, text| text)).unwrap();
    let [computers, gyroscopes] = station.unit_service.as_slice() else { panic!("two rows") };
    assert_eq!((computers.failures, computers.copies), (2, 3));
    assert!((computers.exposure_d.value - 15.0 * 365.25).abs() < 1e-9);
    assert_eq!((gyroscopes.failures, gyroscopes.copies, gyroscopes.from), (0, 0, None));
    assert_eq!(gyroscopes.lives_d.len(), 3);
    assert!(station.detections[0].only_found && !station.detections[1].only_found);
    assert_eq!(station.facts["oru.thruster-block.mtbf"].rests_on, ["early-outages"]);
    assert_eq!(station.data[0].id, "early-outages");
}

/// Each rule broken once.
#[test]
fn a_second_use_of_a_datum_is_refused() {
    let reused = |file, old, new, said| refused(file, old, new, Code::DatumReused, said);
    let mtbf = "mtbf = { value = \"12 y\", rests_on = \"early-outages\" }";
    // An update of a mean time that service has made, however that is said.
    let experienced = "from_experience = true\nmtbf = \"5 y\"";
    reused("orus/control.toml", "mtbf = \"5 y\"", experienced, "(`from_experience`)");
    let counted = "rate_shape = 2\nin_service = { failures = 1, running = \"10 y\" }\n";
    let of_its_own = format!("mtbf = \"5 y\"\n{counted}");
    let text = "mtbf = \"5 y\"\nerror_factor = 3";
    reused("orus/control.toml", text, &of_its_own, "(`in_service`)");
    reused("service.toml", "oru = \"computer\"", "oru = \"thruster-block\"", "(`rests_on`)");
    // A value that rests on an update.
    let on_update = mtbf.replace("early-outages", "computers");
    reused("orus/control.toml", mtbf, &on_update, "rests on `computers`");
    // Two updates of one type over the same years; without `from`, all of them.
    let twice = SERVICE
        .replace("oru = \"gyroscope\"", "oru = \"computer\"")
        .replace("lives = [\"1 y\", \"2.5 y\", \"2.5 y\"]\n", "");
    reused("service.toml", SERVICE, &twice, "as update, and `unit_service.computers`");
    // A prior and a score, a prior and a weight, of the same days.
    let earlier = "from = 2019-12-31\nthrough = 2020-12-31\nobserved";
    let from = "from = 2020-01-01\nthrough = 2020-12-31\nobserved";
    reused("record.toml", from, earlier, "as score, and `datum.early-outages`");
    let weight = "use = \"weight\"";
    let both = RECORD.replace(from, earlier).replace("use = \"score\"", weight);
    reused("record.toml", RECORD, &both, "as weight, and `datum.early-outages`");
    // An update and a weight, whatever the days; an update and a score of the same days.
    let later = RECORD
        .replace("what = \"failures:thruster-block\"", "what = \"failures:computer\"")
        .replace("use = \"score\"", weight);
    reused("record.toml", RECORD, &later, "as weight, and `unit_service.computers`");
    let scored = RECORD
        .replace("what = \"failures:thruster-block\"", "what = \"failures:computer\"")
        .replace(from, earlier);
    reused("record.toml", RECORD, &scored, "as score, and `unit_service.computers`");
    // A weight and a score.
    let again = format!(
        "{RECORD}\n[[observation]]\nwhat = \"failures:thruster-block\"\nfrom = 2020-06-01\nthrough = 2020-07-01\n\
         observed = 0\n{weight}\nsource = \"specification\"\n"
    );
    reused("record.toml", RECORD, &again, "as weight, and `observation.0`");
    // A datum that counts what a row counts.
    let datum = RECORD.replace("failures:thruster-block", "failures:computer");
    reused("record.toml", RECORD, &datum, "as update, and `datum.early-outages`");
}

/// What shares no days, or no count, is no second use.
#[test]
fn data_of_other_days_are_other_data() {
    let scored_later = RECORD
        .replace("counts = \"failures:thruster-block\"\n", "")
        .replace("what = \"failures:thruster-block\"", "what = \"failures:computer\"");
    assert!(after("record.toml", RECORD, &scored_later).is_empty());
    let parted = SERVICE
        .replace("oru = \"gyroscope\"\n", "oru = \"computer\"\nfrom = 2012-01-01\n")
        .replace("lives = [\"1 y\", \"2.5 y\", \"2.5 y\"]\n", "")
        .replacen(
            "through = 2019-12-31\nunit_years = \"6 y\"",
            "through = 2014-12-31\nunit_years = \"6 y\"",
            1,
        );
    assert!(after("service.toml", SERVICE, &parted).is_empty());
}

#[test]
fn counts_that_contradict_themselves_are_refused() {
    let of = |old, new, code, said| refused("service.toml", old, new, code, said);
    of("failures = 2\n", "failures = 0\n", Code::OutOfRange, "has no failure");
    of("copies = 3", "copies = 1", Code::OutOfRange, "2 failures of 1 copies");
    let lives = "lives = [\"1 y\", \"2.5 y\", \"2.5 y\"]\n";
    of(lives, "", Code::KeyMissing, "`gyroscope` wears out");
    of(lives, "lives = [\"1 y\", \"2 y\"]\n", Code::OutOfRange, "not to its unit-years");
    of(lives, "lives = [1, 5]\n", Code::UnitMissing, "without a unit");
    of("from = 2015-01-01", "from = 2020-01-01", Code::DateDisordered, "ends before");
    of("through = 2019-12-31", "through = 2029-12-31", Code::DateDisordered, "after the as-of");
    of("oru = \"computer\"", "oru = \"komputer\"", Code::ReferenceDangling, "komputer");
    of("\"complete\"\nbasis", "\"compleat\"\nbasis", Code::ReferenceDangling, "compleat");
    of("share = { value = 1,", "share = { value = 0,", Code::OutOfRange, "share");
    let unknown = "rests_on = \"early-outage\"";
    let file = "orus/control.toml";
    refused(file, "rests_on = \"early-outages\"", unknown, Code::ReferenceDangling, "no datum");
    refused(file, "rests_on = \"early-outages\"", "rests_on = 3", Code::WrongType, "no id");
    let other = "use = \"update\"\nsource";
    refused(
        "record.toml",
        "use = \"prior\"\nsource",
        other,
        Code::WordUnknown,
        "cannot be `update`",
    );
}
