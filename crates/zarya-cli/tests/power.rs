//! `zarya power` as a user meets it: the answer, its schema and picture, and bad input.

mod command;
mod schema;
mod terminal;

use command::{answer, number, root, written, zarya};
use std::path::Path;

#[test]
fn answers_follow_their_schema() {
    for file in ["station", "shares", "gyroscopes-2004"] {
        let file = format!("cases/power/{file}.toml");
        schema::follows("power.json", &answer(&["power", &file, "--json", "-"]));
    }
}

/// Sources disagree on the loss of the arrays; the ends must keep their order, and a longer shadow
/// never gives more.
#[test]
fn the_band_keeps_its_order() {
    let value = answer(&["power", "cases/power/station.toml", "--step", "30 d", "--json", "-"]);
    let rows = value["rows"].as_array().expect("rows");
    assert!(rows.len() > 85, "{}", rows.len());
    for row in rows {
        let [slow, middle, fast] =
            ["slow", "middle", "fast"].map(|end| number(&row["capability_kw"][end]));
        assert!(slow > middle && middle > fast, "{row}");
        assert!(number(&row["capability_least_kw"]["middle"]) <= middle + 1e-9, "{row}");
        let channels = row["channels_kw"].as_object().expect("channels");
        assert_eq!(channels.len(), 8);
        let sum: f64 = channels.values().map(number).sum();
        assert!((sum - middle).abs() < 1e-9);
        assert!((-90.0..=90.0).contains(&number(&row["beta_deg"])));
    }
    // Capability falls by the share of a new array's power that the table prints, per year.
    let least = |end: &str| number(&value["capability_least"][end]["kw"]);
    assert!(least("slow") > least("middle") && least("middle") > least("fast"));
}

#[test]
fn failures_end_on_their_day() {
    let value = answer(&["power", "cases/power/shares.toml", "--step", "366 d", "--json", "-"]);
    let kw = |row: usize| number(&value["rows"][row]["capability_kw"]["middle"]);
    assert!((kw(1) / kw(0) - 0.75).abs() < 1e-12, "a switching unit is 25 %");
    assert!((kw(3) / kw(0) - 23.0 / 24.0).abs() < 1e-12, "a charger is a third of a channel");
    assert_eq!((kw(2), kw(4)), (kw(0), kw(0)), "repaired");
    assert_eq!(value["loads"][1]["first_shed"]["middle"]["cause"], "cooling");
    assert_eq!(value["loads"][1]["first_shed"]["middle"]["date"], "2012-06-01");
}

/// An air case takes its power from the same tables.
#[test]
fn an_air_case_draws_on_the_channels() {
    let air = answer(&["air", "run", "cases/air/pair-lost.toml", "--days", "3", "--json", "-"]);
    let file = written("same.toml", "from = 2026-01-01\nthrough = 2026-01-03\n");
    let power = answer(&["power", &file, "--step", "1 d", "--json", "-"]);
    for day in 0..3 {
        let drawn = number(&air["series"]["us_power_available_kw"][day]);
        let can = number(&power["rows"][day]["capability_kw"]["middle"]);
        assert!((drawn - can).abs() < 1e-9, "day {day}: {drawn} {can}");
    }
}

#[test]
fn the_picture_has_accessible_text() {
    let svg = Path::new(env!("CARGO_TARGET_TMPDIR")).join("power.svg");
    let path = svg.display().to_string();
    answer(&["power", "cases/power/station.toml", "--svg", &path, "--json", "-"]);
    let picture = std::fs::read_to_string(&svg).expect("the SVG");
    assert!(picture.contains("role=\"img\"") && picture.contains("<desc"), "accessible text");
    assert_eq!(picture.matches("<title").count(), picture.matches("</title>").count());
    assert!(!picture.contains("NaN") && !picture.contains("inf"), "every point is a number");
}

#[test]
fn answers_are_the_same_bytes_every_time() {
    let run = || zarya(&["power", "cases/power/station.toml", "--json", "-"]).stdout;
    assert_eq!(run(), run());
}

/// Each with its place and a way out.
#[test]
fn bad_input_is_refused_with_a_reason() {
    let base = "from = 2025-07-01\nthrough = 2026-07-01\n";
    let load = |id: &str| format!("[[load]]\nid = \"{id}\"\npower = \"1 kW\"\n");
    let failure = |text: &str| format!("{base}[[failure]]\ndate = 2025-08-01\n{text}\n");
    for (text, words) in [
        ("crew = 7\n".to_owned(), "`from` is missing"),
        ("from = 2025-07-01\nthrough = 2024-07-01\n".to_owned(), "days after"),
        (format!("{base}crew = 1.5\n"), "not a whole number"),
        (format!("{base}[orbit]\naltitude = \"50 km\"\n"), "150 to 2000 km"),
        (format!("{base}[orbit]\naltitude = 415\n"), "bare number 415"),
        (format!("{base}[orbit]\nbeta = \"120 deg\"\n"), "beta angle of 120"),
        (format!("{base}[efficiency]\nbattery = \"120 %\"\n"), "efficiency of 120 %"),
        (format!("{base}[efficiency]\ndegradation = \"-1 %/y\"\n"), "loss of -1"),
        (format!("{base}[[load]]\nid = \"core\"\npower = \"-3 kW\"\n"), "cannot be negative"),
        (format!("{base}[[load]]\nid = \"core\"\n"), "needs `id` and `power`"),
        (format!("{base}[[channel]]\nid = \"2B\"\n"), "has no array"),
        (format!("{base}[[channel]]\nwing = \"31 kW\"\n"), "without an `id`"),
        (format!("{base}[[channels]]\nid = \"2B\"\n"), "nearest known key is `channel`"),
        (failure("channel = \"2C\""), "no channel `2C`"),
        (failure("pair = 5"), "pairs are 1 to 4"),
        (failure("loop = \"C\""), "no loop `C`"),
        (failure("pair = 1\nloop = \"A\""), "loses one thing"),
        (failure("until = 2025-07-15\npair = 1"), "repaired before it fails"),
        (failure("gyroscopes = 9"), "9 gyroscopes fail, and there are 4"),
        (failure("day = \"9 d\"\npair = 1"), "both `date` and `day`"),
        (format!("{base}{}{}", load("lamp"), load("lamp")), "a second load `lamp`"),
        (failure("thrusters = false"), "`true` to lose them"),
        (format!("{base}[attitude]\npropellant = \"-5 kg\"\n"), "kg of propellant"),
        ("from = = 2".to_owned(), "not TOML"),
    ] {
        let output = zarya(&["power", &written("bad.toml", &text)]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{text}\n{errors}");
        assert!(errors.contains(words), "{text}\n{errors}");
        assert!(errors.contains("bad.toml:") && errors.contains("= help:"), "{errors}");
    }
    let status = |arguments: &[&str]| zarya(arguments).status.code();
    assert_eq!(status(&["power", "no-such-file.toml"]), Some(3));
    assert_eq!(status(&["power", "cases/power/station.toml", "--step", "1 h"]), Some(2));
    assert_eq!(
        status(&["power", "cases/power/station.toml", "--json", "-", "--svg", "-"]),
        Some(2)
    );
}

/// Nonsense in, a refusal out: no panic for a valid file cut anywhere.
#[test]
fn cut_files_never_panic() {
    let text = std::fs::read_to_string(root().join("cases/power/shares.toml")).expect("the case");
    for at in (1..text.len()).step_by(37) {
        let output = zarya(&["power", &written("cut.toml", &text[..at])]);
        assert!(matches!(output.status.code(), Some(0 | 1)), "cut at {at}: {output:?}");
    }
}

/// Two loads of one class that neither the arrays nor the loops carry: each is short by its own.
#[test]
fn each_shortage_is_named() {
    let load = |id: &str| format!("[[load]]\nid = \"{id}\"\npower = \"60 kW\"\n");
    let text = format!("from = 2025-07-01\nthrough = 2025-07-02\n{}{}", load("one"), load("two"));
    let file = written("two.toml", &text);
    let value = answer(&["power", &file, "--json", "-"]);
    let row = &value["rows"][0];
    let short = number(&row["short_of_power_kw"]);
    assert!((short - (120.0 - number(&row["capability_kw"]["middle"]))).abs() < 1e-9);
    assert!((number(&row["short_of_cooling_kw"]) - 50.0).abs() < 1e-9);
    let printed = zarya(&["power", &file]);
    terminal::fits(&printed, "two shortages");
    let shown = String::from_utf8_lossy(&printed.stdout);
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = format!("power is short by {short:.1} kW and cooling by 50.0 kW");
    assert!(shown.contains(&words), "{shown}");
}

/// The arrays of the files are channels; what the files do not state is null and said.
#[test]
fn a_station_is_asked_as_a_file_is() {
    let value = answer(&["power", "--station", "iss", "--json", "-"]);
    schema::follows("power.json", &value);
    assert_eq!(
        (value["from"].as_str(), value["through"].as_str()),
        (Some("2025-07-31"), Some("2028-12-31"))
    );
    let first = &value["rows"][0];
    let channels = first["channels_kw"].as_object().expect("channels");
    assert_eq!(channels.len(), 8);
    assert!(channels.values().all(|kw| (10.0..15.0).contains(&number(kw))), "{first}");
    assert_eq!(value["values"]["battery-efficiency"]["low"], 0.75);
    assert_eq!((number(&value["asked_kw"]), number(&first["beta_deg"])), (84.0, 0.0));
    assert!((number(&value["degradation_per_year"]["middle"]) - 0.015).abs() < 1e-12);
    for key in ["cooling_kw", "cooling", "control", "gyroscopes", "propellant_kg"] {
        assert!(first[key].is_null(), "{key}: {first}");
    }
    let caveats = value["caveats"].to_string();
    for words in ["orbit plane: not stated", "cooling: ", "attitude: "] {
        assert!(caveats.contains(words), "{words}: {caveats}");
    }
    terminal::fits(&zarya(&["power", "--station", "iss"]), "the power of a station");
    for (arguments, code, words) in [
        (&["power", "--station", "tiny"][..], 1, "no arrays in kW"),
        (&["power"], 2, "neither a case file nor a station"),
        (&["power", "cases/power/station.toml", "--station", "iss"], 2, "exclude each other"),
    ] {
        let output = zarya(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
        assert!(errors.contains(words), "{errors}");
    }
}
