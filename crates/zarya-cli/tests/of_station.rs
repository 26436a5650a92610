//! `zarya air` and `zarya power` asked of stations: the shipped one, overlays of it, and folders with
//! another number of sides.

#![allow(clippy::unwrap_used, reason = "a test stops where its set-up fails")]

mod command;

use command::{answer, number, root, written, zarya};
use serde_json::Value;
use std::path::{Path, PathBuf};

const CASE: &str = "basis = \"assumed\", why = \"a case\"";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME")).join(name);
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn change(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(path, text.replace(from, to)).unwrap();
}

fn add(folder: &Path, file: &str, more: &str) {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    std::fs::write(path, text + more).unwrap();
}

/// The reference station with a third side that has its own zone, generator, water and flights.
fn three_sides() -> String {
    let iss = folder("three");
    let path = iss.display().to_string();
    assert!(zarya(&["init", &path]).status.success());
    change(&iss, "station.toml", "[\"us\", \"rs\"]", "[\"us\", \"rs\", \"free-flyer\"]");
    change(&iss, "cabin.toml", "share = 0.62", "share = 0.5");
    add(
        &iss,
        "cabin.toml",
        "\n[[water]]\nstock = \"water-free\"\nsegment = \"free-flyer\"\nshare = 0.12\n\
         processors = [{ capability = \"cleaning-free\", makes = \"potable-water\", \
         rate = \"1 kg/d\" }]\n",
    );
    let zone = format!(
        "[[zone]]\nid = \"free\"\nsegment = \"free-flyer\"\nvolume = {{ value = \"40 m3\", {CASE} }}\n\n\
         [air]\n"
    );
    change(&iss, "cabin.toml", "[air]\n", &zone);
    let stock = format!(
        "\n[[stock]]\nid = \"water-free\"\nname = \"Water of the third side\"\n\
         initial = {{ value = \"500 kg\", {CASE} }}\ncapacity = {{ value = \"600 kg\", {CASE} }}\n"
    );
    add(&iss, "stocks.toml", &stock);
    add(
        &iss,
        "elements.toml",
        "\n[[element]]\nid = \"free\"\nname = \"Third side\"\nsegment = \"free-flyer\"\n\
         partner = \"nasa\"\nlaunched = 2020-01-01\n",
    );
    add(
        &iss,
        "capabilities.toml",
        "\n[[capability]]\nid = \"cleaning-free\"\nname = \"Water, third side\"\n\
         segment = \"free-flyer\"\npartner = \"nasa\"\n",
    );
    path
}

/// Two people in one side that is called Russian, who breathe from a generator and wash.
fn one_side() -> String {
    let one = folder("one");
    for entry in std::fs::read_dir(root().join("cases/station/bare")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, one.join(path.file_name().unwrap())).unwrap();
        }
    }
    change(&one, "station.toml", "[\"core\"]", "[\"russian\"]");
    change(&one, "elements.toml", "segment = \"core\"", "segment = \"russian\"");
    for (id, providers) in [
        ("electrolysis", ""),
        ("bed", ""),
        ("condensate", ""),
        (
            "oxygen",
            "rule = \"cabin\"\nproviders = [{ id = \"electrolysis\", rate = \"5 kg/d\" }]\n",
        ),
        ("dioxide", "rule = \"cabin\"\nproviders = [{ id = \"bed\", rate = \"3 kg/d\" }]\n"),
    ] {
        let capability = format!(
            "\n[[capability]]\nid = \"{id}\"\nname = \"{id}\"\nsegment = \"russian\"\n{providers}"
        );
        add(&one, "capabilities.toml", &capability);
    }
    let stock = format!(
        "[[stock]]\nid = \"water\"\nname = \"Water\"\ninitial = {{ value = \"1000 kg\", {CASE} }}\n\
         capacity = {{ value = \"1100 kg\", {CASE} }}\n\
         draw = [{{ rate = {{ value = \"1 kg/d\", {CASE} }}, per = \"crew\" }}]\n"
    );
    add(&one, "stocks.toml", &stock);
    add(
        &one,
        "cabin.toml",
        "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\
         [[zone]]\nid = \"hub\"\nsegment = \"russian\"\n\
         [air]\ntotal = \"101.3 kPa\"\noxygen = \"21.3 kPa\"\ncarbon_dioxide = \"0.4 kPa\"\n\
         vapor = \"1.2 kPa\"\ntemperature = \"295 K\"\n\
         [oxygen]\ncapability = \"oxygen\"\nlimit = \"17 kPa\"\n\
         [carbon_dioxide]\ncapability = \"dioxide\"\nlimit = \"6 mmHg\"\n\
         [[water]]\nstock = \"water\"\nsegment = \"russian\"\nshare = 1\n\
         processors = [{ capability = \"condensate\", makes = \"potable-water\", rate = \"5.7 kg/d\" }]\n",
    );
    one.display().to_string()
}

fn endurance(station: &str, more: &[&str]) -> Value {
    let mut words = vec!["air", "endurance", "--station", station, "--json", "-"];
    words.extend(more);
    answer(&words)
}

fn median(value: &Value, stock: &str) -> Option<f64> {
    value["stocks"][stock]["days_to_limit"]["p50"].as_f64()
}

/// What the shipped station states is counted: its crew factor, its recoveries, its hygiene water and the
/// flights of its manifest.
#[test]
fn what_the_station_states_is_counted() {
    let whole = endurance("iss", &[]);
    assert_eq!(number(&whole["rates"]["crew.metabolism"]["value"]), 1.023);
    assert!(
        (number(&whole["first_day"]["carbon_dioxide_kg_d"]) / (7.0 * 1.05 * 1.023) - 1.0).abs()
            < 1e-3
    );
    assert_eq!(number(&whole["rates"]["urine-recovery"]["high"]), 0.87);
    assert_eq!(number(&whole["rates"]["brine-recovery"]["low"]), 0.7);
    assert_eq!(number(&whole["rates"]["draw.water-us.0"]["value"]), 0.05);
    let caveats = whole["caveats"].to_string();
    assert!(!caveats.contains("hygiene and flushing is unknown"), "{caveats}");
    assert!(caveats.contains("arrive on their dates, the last on 2030-10-14"), "{caveats}");
    // 2100 kg of packed food are half a year of seven; flights carry it beyond the manifest's end.
    let food = median(&whole, "food").expect("it runs out after the last flight");
    assert!((1900.0..2700.0).contains(&food), "{food}");
    assert_eq!(whole["limiting"], "food");

    let empty = written(
        "no-flights.toml",
        "why = \"a case\"\nname = \"No flights\"\n[[remove]]\npath = \"flight.*\"\n\
         [[remove]]\npath = \"service.*\"\n",
    );
    let alone = endurance("iss", &["--scenario", &empty]);
    assert!(alone["caveats"].to_string().contains("the manifest brings nothing"));
    let days = median(&alone, "food").expect("food runs out");
    let eaten = number(&alone["first_day"]["food_kg_d"]);
    assert!((days / (2100.0 / 1.22 / eaten) - 1.0).abs() < 0.02, "{days} at {eaten} kg/d");

    let hungry = written(
        "hungry.toml",
        "why = \"a case\"\nname = \"Hungry\"\n[[set]]\npath = \"cabin.metabolism\"\n\
         value = { value = 1.2, low = 1.1, high = 1.3, basis = \"assumed\", why = \"a case\" }\n",
    );
    let more = endurance("iss", &["--scenario", &empty, "--scenario", &hungry]);
    let share = median(&more, "food").expect("sooner") / days;
    assert!((share * 1.2 / 1.023 - 1.0).abs() < 0.01, "{share}");

    // Without its own processor the rest of the hygiene water is lost too.
    let left = answer(&[
        "air",
        "run",
        "--station",
        "iss",
        "--days",
        "10",
        "--without",
        "nasa",
        "--json",
        "-",
    ]);
    let relative = number(&left["element_residuals"]["H"]["relative"]);
    assert!(relative < 1e-9, "{relative}");
    let drawn = |run: &Value| {
        let level = &run["series"]["us_potable_water_kg"];
        (number(&level[0]) - number(&level[1])).max(0.0)
    };
    assert!(drawn(&left) > 7.0 * (0.05 + 0.26), "{}", left["series"]["us_potable_water_kg"]);
}

/// Each side keeps its water under its own name; what a stock has no room for stays behind.
#[test]
fn a_third_side_keeps_its_own_stores() {
    let station = three_sides();
    let run = answer(&["air", "run", "--station", &station, "--days", "30", "--json", "-"]);
    for column in [
        "us_potable_water_kg",
        "rs_potable_water_kg",
        "free_flyer_potable_water_kg",
        "free_total_kpa",
    ] {
        assert!(
            run["series"][column].is_array(),
            "{column}: {:?}",
            run["series"].as_object().map(|s| s.keys().collect::<Vec<_>>())
        );
    }
    assert_eq!(number(&run["series"]["free_flyer_potable_water_kg"][0]), 500.0);
    assert!(
        run["series"]["russian_potable_water_kg"].is_null(),
        "a station's ids, not those of case files"
    );
    for element in ["C", "H", "O", "N", "ash"] {
        let relative = number(&run["element_residuals"][element]["relative"]);
        assert!(relative < 1e-9, "{element} {relative}");
    }
    let lasts = endurance(&station, &[]);
    assert_eq!(number(&lasts["stocks"]["water"]["amount"]), 2500.0);
    let cleans = |value: &Value| value["processors"]["cleaning-free"]["state"].clone();
    assert_eq!(cleans(&lasts), "running");
    assert_eq!(cleans(&endurance(&station, &["--without", "nasa"])), "off");
    let hatch = answer(&["air", "hatch", "--station", &station, "--json", "-"]);
    assert_eq!(hatch["zone"], "prk");

    // Three years of flights never lift a stock above what it holds.
    let long = answer(&[
        "air",
        "run",
        "--station",
        &station,
        "--days",
        "1200",
        "--step",
        "5 d",
        "--json",
        "-",
    ]);
    for (column, most) in [("station_oxygen_kg", 450.0), ("station_nitrogen_kg", 600.0)] {
        let levels = long["series"][column].as_array().expect("a column");
        assert!(levels.iter().all(|kg| number(kg) <= most + 1e-6), "{column}");
    }
}

/// By hand: what is drunk, split and washed with, less what is recovered, empties 1,000 kg.
#[test]
fn one_russian_side_is_a_station() {
    let station = one_side();
    let lasts = endurance(&station, &[]);
    let first = &lasts["first_day"];
    let used = number(&first["water_kg_d"]) - number(&first["water_recovered_kg_d"]) + 2.0 * 1.0;
    let days = number(&lasts["stocks"]["water"]["days_at_median_rates"]);
    assert!((days * used / 1000.0 - 1.0).abs() < 1e-9, "{days} d at {used} kg/d");
    assert_eq!(lasts["limiting"], "water");
    assert_eq!(lasts["processors"]["electrolysis"]["state"], "cycling");
    let run = answer(&["air", "run", "--station", &station, "--days", "5", "--json", "-"]);
    assert!(
        run["series"]["hub_oxygen_kpa"].is_array()
            && run["series"]["station_potable_water_kg"].is_array()
    );
    refused(&["air", "hatch", "--station", &station], 1, "in cabin.toml a [[zone]]");
    refused(&["power", "--station", &station], 1, "[[channel]] in power.toml");
}

fn refused(arguments: &[&str], code: i32, words: &str) {
    let output = zarya(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    let errors = errors.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
    assert!(errors.contains(words) && errors.contains("help:"), "{arguments:?}: {errors}");
}

/// In the longest shadow of one day, the channels of the station's files carry what the case of its eight
/// channels says, within 1 %: its table of ages rounds years and puts two of them at each other's age.
#[test]
fn a_station_s_arrays_age_as_those_of_the_case() {
    let station = answer(&["power", "--station", "iss", "--json", "-"]);
    let case = answer(&["power", "cases/power/station.toml", "--step", "1 d", "--json", "-"]);
    let row = |value: &Value, date: &str| {
        let rows = value["rows"].as_array().expect("rows");
        rows.iter().find(|row| row["date"] == date).expect("a row of the day").clone()
    };
    for date in ["2025-07-31", "2028-12-31"] {
        let [ours, theirs] = [&station, &case].map(|value| row(value, date));
        let kw = |row: &Value| number(&row["capability_least_kw"]["middle"]);
        assert!(
            (kw(&ours) / kw(&theirs) - 1.0).abs() < 0.01,
            "{date}: {} {}",
            kw(&ours),
            kw(&theirs)
        );
    }
    let first = row(&station, "2025-07-31");
    let sum: f64 = first["channels_kw"].as_object().unwrap().values().map(number).sum();
    assert!((sum / number(&first["capability_kw"]["middle"]) - 1.0).abs() < 1e-12);
    // A roll-out array of 2022 has lost less than one of 2021.
    let channel = |id: &str| number(&first["channels_kw"][id]);
    assert!(channel("4a") > channel("4b") && channel("2a") < channel("2b"), "{first}");

    // Known a year later, the same arrays are a year older.
    let later =
        answer(&["power", "--station", "iss", "--scenario", "as-of-2026-06", "--json", "-"]);
    assert_eq!(later["from"], "2026-06-05");
    let [now, then] =
        [&station, &later].map(|value| number(&value["rows"][0]["capability_kw"]["middle"]));
    assert!(then < now && then > 0.97 * now, "{now} {then}");
}

/// Where the files list no arrays, capabilities that the Sun lights are the channels.
#[test]
fn capabilities_rated_in_kw_stand_in_for_arrays() {
    let iss = folder("without-arrays");
    let path = iss.display().to_string();
    assert!(zarya(&["init", &path]).status.success());
    std::fs::remove_file(iss.join("power.toml")).unwrap();
    let value = answer(&["power", "--station", &path, "--json", "-"]);
    let channels = value["rows"][0]["channels_kw"].as_object().expect("channels");
    assert_eq!(channels.len(), 4);
    assert!(channels.values().all(|kw| (number(kw) - 25.5).abs() < 1e-9), "{channels:?}");
    assert_eq!(
        (value["loads"][0]["segment"].as_str(), number(&value["asked_kw"])),
        (Some("us"), 84.0)
    );
}

#[test]
fn a_question_without_one_source_is_refused_with_help() {
    let june = "cases/air/june-2005.toml";
    for question in [&["air", "endurance"][..], &["air", "run"], &["air", "hatch"], &["power"]] {
        let asked = |more: &[&'static str]| [question, more].concat();
        refused(&asked(&[]), 2, "neither a case file nor a station");
        refused(&asked(&["--station", "mir"]), 2, "embedded stations are iss, tiny");
        refused(&asked(&["--station", "tiny"]), 1, "");
        refused(&asked(&[june, "--scenario", "as-of-2026-06"]), 2, "changes a station");
        let both = zarya(&asked(&[june, "--station", "iss"]));
        assert_eq!(both.status.code(), Some(2), "{question:?}");
    }
}
