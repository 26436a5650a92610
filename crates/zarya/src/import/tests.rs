//! What is imported gives the demand of the list it came from.

use super::*;
use crate::spares::{demand, list as listed};
use crate::stations;

const UNITS: &str = "\
id,subsystem,capability,segment,quantity,required,mtbf_h,law,duty_cycle,mass_kg,stock,crew_h,lead_time_d
Fan A,ventilation,carbon-dioxide-removal,core,2,1,20000,exponential,0.5,4,1,2,30
\"Pump, N2\",ventilation,water-recovery,core,1,1,15000,weibull:1.8,,12.5,0,,
valve,valves,water-recovery,core,4,4,90000,,,1.2,,1,60
";

const FLIGHTS: &str = "\
date;vehicle;stay_d;crew;food_kg;water_t;upgrades;remark
2026-05-02;freighter;40;;650,5;0,2;fifth-array;a first one
2026-10-10;ferry;120;3;;;;
";

fn question(units: bool, manifest: bool) -> Question {
    Question {
        station: Some("tiny".to_owned()),
        units: units.then(|| "lists/units.csv".to_owned()),
        manifest: manifest.then(|| "flights.csv".to_owned()),
        ..Question::default()
    }
}

fn data() -> Data {
    let data = Data::embedded().with_text("lists/units.csv", UNITS);
    data.with_text("flights.csv", FLIGHTS)
}

/// `tiny` with the files of an answer, as the folder `grown`.
fn grown(answer: &Answer) -> Data {
    let tiny = stations::named("tiny").unwrap();
    let files =
        tiny.files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
    let mut files: Vec<(String, Vec<u8>)> = files.collect();
    for file in &answer.files {
        files.retain(|(name, _)| *name != file.name);
        files.push((file.name.clone(), file.text.clone().into_bytes()));
    }
    data().with_folder("grown", Folder { files })
}

fn refusals(question: &Question, data: &Data) -> String {
    answer(question, data, &Control::silent()).unwrap_err().to_string()
}

#[test]
fn what_is_imported_loads_with_its_provenance() {
    let answer = answer(&question(true, true), &data(), &Control::silent()).unwrap();
    let names: Vec<(&str, bool)> =
        answer.files.iter().map(|file| (file.name.as_str(), file.replaces)).collect();
    let wanted = [
        ("manifest.toml", true),
        ("orus/valves.toml", false),
        ("orus/ventilation.toml", false),
        ("sources.toml", true),
    ];
    assert_eq!((names.as_slice(), answer.units, answer.flights), (&wanted[..], 3, 2));
    let station = grown(&answer).station(Some("grown"), &[]).unwrap().station;
    let fan = &station.facts["oru.fan-a.mtbf"];
    assert_eq!(fan.source.as_deref(), Some("units-csv"));
    let source = &station.sources["units-csv"];
    let sha256 = digest::of_bytes(UNITS.as_bytes());
    assert_eq!(source.title, format!("units.csv, SHA-256 {sha256}"));
    // What the list does not say is assumed, with a reason, and told.
    let factor = &station.facts["oru.valve.error_factor"];
    assert_eq!(factor.basis, Some(zarya_station::model::Basis::Assumed));
    assert!(factor.why.is_some());
    let told = |key: &str| answer.assumed.iter().find(|a| a.key == key).map(|a| a.units);
    assert_eq!(
        (told("error_factor"), told("repair.crew"), told("lead_time")),
        (Some(3), Some(1), Some(1))
    );
    let flight = station.flights.iter().find(|f| f.id == "freighter-2026-05-02").unwrap();
    let cargo: Vec<(&str, f64)> = flight.cargo_kg.iter().map(|(id, kg)| (&**id, *kg)).collect();
    assert_eq!((cargo, flight.stay_d), (vec![("food", 650.5), ("water", 200.0)], 40.0));
    assert!(answer.notes.iter().any(|note| note.contains("`remark`")), "{:?}", answer.notes);
    let ferry = station.flights.iter().find(|f| f.id == "ferry-2026-10-10").unwrap();
    assert_eq!(ferry.crew, 3);
}

/// The demand of the imported units is that of the list, and that of the list which the station gives out.
#[test]
fn a_list_there_and_back_has_the_same_demand() {
    let answer = answer(&question(true, false), &data(), &Control::silent()).unwrap();
    let data = grown(&answer);
    let ask = |units: Option<&str>, station: Option<&str>, data: &Data| {
        let question = demand::Question {
            units: units.map(str::to_owned),
            station: station.map(str::to_owned),
            period_d: Some(900.0),
            repair: units.map(|_| crate::spares::Repair::Instant),
            ..demand::Question::default()
        };
        demand::answer(&question, data, &Control::silent()).unwrap()
    };
    let given = listed::Question { station: Some("grown".to_owned()), ..Default::default() };
    let given = listed::answer(&given, &data, &Control::silent()).unwrap();
    let csv = given.csv();
    let back = data.clone().with_text("back.csv", csv.as_str());
    let of_list = ask(Some("lists/units.csv"), None, &data);
    let of_station = ask(None, Some("grown"), &data);
    let of_back = ask(Some("back.csv"), None, &back);
    let mean = |answer: &demand::Answer, id: &str| -> f64 {
        let row = answer.rows.iter().find(|row| row.id == id).unwrap_or_else(|| panic!("{id}"));
        row.periods[0].pmf.iter().enumerate().map(|(n, p)| n as f64 * p).sum()
    };
    for (listed, id) in [("Fan A", "fan-a"), ("Pump, N2", "pump-n2"), ("valve", "valve")] {
        let (a, b, c) = (mean(&of_list, listed), mean(&of_station, id), mean(&of_back, id));
        assert!(0.0 < a && (a - b).abs() < 1e-9 * a, "{id}: {a} in the list, {b} of the station");
        assert!((a - c).abs() < 1e-9 * a, "{id}: {a} in the list, {c} given out");
    }
}

#[test]
fn importing_again_replaces_only_when_told() {
    let first = answer(&question(true, false), &data(), &Control::silent()).unwrap();
    let data = grown(&first);
    let again = Question { station: Some("grown".to_owned()), ..question(true, false) };
    let why = refusals(&again, &data);
    assert!(why.contains("a file orus/valves.toml already; name another `subsystem`"), "{why}");
    let again = Question { replace: true, ..again };
    let second = answer(&again, &data, &Control::silent()).unwrap();
    // The same bytes are the same source.
    let names: Vec<&str> = second.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["orus/valves.toml", "orus/ventilation.toml"]);
}

#[test]
fn what_a_list_lacks_is_said_with_its_field() {
    let list = |text: &str| Data::embedded().with_text("lists/units.csv", text);
    let of = |text: &str| refusals(&question(true, false), &list(text));
    assert!(of("id,mtbf_h\npump,9000\n").contains("`mass_kg`"));
    let why = of("id,mtbf_h,mass_kg\npump,9000,5\n");
    assert!(why.contains("`pump` has no capability") && why.contains("set `serves`"), "{why}");
    let why = of("id,mtbf_h,mass_kg,capability,segment\npump,9000,5,no-such,core\n");
    assert!(why.contains("orus/units.toml:") && why.contains("no-such"), "{why}");
    let why = of("id,mtbf_h,mass_kg,capability\npump,9000,5,power\n");
    assert!(why.contains("`pump` has no segment") && why.contains("set `segment`"), "{why}");
    let why = of("id,mtbf_h,mass_kg,capability\nP 1,9000,5,power\np-1,9000,5,power\n");
    assert!(why.contains("both become the id `p-1`"), "{why}");
    let flights = |text: &str| {
        refusals(&question(false, true), &Data::embedded().with_text("flights.csv", text))
    };
    let why = flights("date,vehicle,stay_d,fuel_kg\n2026-05-02,freighter,40,7\n");
    assert!(why.contains("flights.csv:1:4") && why.contains("no stock `fuel`"), "{why}");
    let why =
        flights("date,vehicle,until\n2026-05-02,freighter,2026-05-01\n2026-13-02,freighter,\n");
    assert!(why.contains("flights.csv:2:3") && why.contains("flights.csv:3:1"), "{why}");
    let why = flights("when,who\nx,y\n");
    assert!(
        why.contains("`date`") && why.contains("`vehicle`") && why.contains("`stay_d`"),
        "{why}"
    );
    let why = flights("date,vehicle,stay_d\n2026-05-02,zeppelin,40\n");
    assert!(why.contains("manifest.toml:") && why.contains("zeppelin"), "{why}");
    let nothing = Question { station: Some("tiny".to_owned()), ..Question::default() };
    assert!(refusals(&nothing, &Data::embedded()).contains("neither `units` nor `manifest`"));
}
