use super::*;
use zarya_systems::case::StockKind;

const JUNE_2005: &str = include_str!("../../../../../cases/air/june-2005.toml");

fn problems(text: &str) -> String {
    let name = "case.toml";
    let problems = parse(name, text.as_bytes()).expect_err("refused");
    zarya_station::render(&problems, &[(name.to_owned(), text.as_bytes().to_vec())])
}

#[test]
fn the_form_reads() {
    let file = parse("june-2005.toml", JUNE_2005.as_bytes()).expect("reads");
    assert_eq!(file.case.crew, 2.0);
    assert_eq!(file.case.amount(StockKind::Oxygen), 110.0);
    assert_eq!(file.from.map(|from| from.to_string()).as_deref(), Some("2005-06-20"));
}

/// What the brief lists as bad input, each with its place and a reason.
#[test]
fn bad_input_is_refused_with_a_reason() {
    let base = "crew = 2\nvolume = \"425 m3\"\n";
    let zones = "crew = 1\n[[zone]]\nid = \"a\"\nvolume = \"90 m3\"\n\
                 [[zone]]\nid = \"b\"\nvolume = \"9 m3\"\n";
    let load = |id: &str| format!("[[load]]\nid = \"{id}\"\npower = \"1 kW\"\n");
    let process = "[[process]]\nid = \"electrolysis\"\nrate = \"1 kg/d\"\n\
                   terms = { water = -18.015, oxygen = 15.999, hydrogen = 2.016 }\n";
    for (text, words) in [
        ("volume = \"425 m3\"\n".to_owned(), "`crew` is missing"),
        ("crew = 2\n".to_owned(), "`volume` is missing"),
        ("crew = 2\nvolume = \"0 m3\"\n".to_owned(), "a volume of 0 m3"),
        ("crew = 2\nvolume = 425\n".to_owned(), "bare number 425"),
        ("crew = -1\nvolume = \"425 m3\"\n".to_owned(), "crew of -1"),
        ("crew = 4\nseats = 3\nvolume = \"425 m3\"\n".to_owned(), "only 3 seats"),
        ("crew = 40\nvolume = \"425 m3\"\n".to_owned(), "only 14 seats"),
        (format!("{base}[stocks]\noxygen = \"-1 kg\"\n"), "a stock of -1 kg"),
        (format!("{base}[stocks]\noxigen = \"1 kg\"\n"), "the nearest known key is `oxygen`"),
        (format!("{base}[stocks]\noxygen = \"1 km\"\n"), "Length"),
        (format!("{base}[stocks]\ncandles = 1.5\n"), "not a whole number"),
        (format!("{base}[stocks]\ncandles = -3\n"), "cannot be negative"),
        (format!("{base}[running]\nelektronn = true\n"), "`elektron`"),
        (format!("{base}[running]\nelektron = 3\n"), "bare number 3"),
        (format!("{base}[leak]\nstation = \"-0.1 kg/d\"\n"), "outflow"),
        (format!("{base}[[arrival]]\ndate = 2005-08-18\n"), "from when days count"),
        (format!("{base}[[arrival]]\noxygen = \"4 kg\"\n"), "without a date"),
        (
            format!("{base}[limits]\ntotal_pressure = {{ low = \"15 psi\", high = \"14 psi\" }}\n"),
            "is not below high",
        ),
        (
            format!("{base}[limits]\noxygen_partial_pressure = {{ low = \"25 kPa\" }}\n"),
            "already outside",
        ),
        (format!("{base}[limits]\nco2 = {{ high = \"6 mmHg\" }}\n"), "unknown key `co2`"),
        (
            format!(
                "{base}[[process]]\nid = \"magic\"\nrate = \"1 kg/d\"\n\
                 terms = {{ water = -1.0, oxygen = 1.0 }}\n"
            ),
            "process `magic` does not close for H",
        ),
        (
            format!("{base}[leak]\nx = {{ rate = \"1 kg/d\", growth = \"1e6 1/y\" }}\n"),
            "-10 to 100 1/y",
        ),
        (
            format!(
                "{base}[leak]\nx = {{ rate = \"1 kg/d\", low = \"2 kg/d\", high = \"0.5 kg/d\" }}\n"
            ),
            "does not enclose 1 kg/d",
        ),
        (format!("{zones}crew = 2\nhatch = \"closed\"\n"), "2 people in closed zones and only 1"),
        (
            format!("{zones}crew = 2\n[[change]]\nday = \"9 d\"\nhatch = {{ b = \"closed\" }}\n"),
            "only 1 aboard from day 9",
        ),
        (format!("volume = \"99 m3\"\n{zones}"), "`volume` together with [[zone]]"),
        (zones.replace("\"b\"", "\"a\""), "a second zone `a`"),
        (format!("{base}{}{}", load("lamp"), load("lamp")), "a second load `lamp`"),
        (format!("{base}{process}{process}"), "a second process `electrolysis`"),
        (
            format!("from = 2005-06-20\n{base}[[arrival]]\nday = \"9 d\"\ndate = 2005-08-18\n"),
            "both `date` and `day`",
        ),
        (format!("{base}[[change]]\nday = \"9 d\"\n"), "a change that changes nothing"),
        (
            format!("{base}[[change]]\nday = \"9 d\"\nrunning = {{ elektron = true }}\n"),
            "write `elektron = false`, or a rate, in [running]",
        ),
        (
            format!("{base}[air]\noxygen_partial_pressure = \"5 kPa\"\n"),
            "a start at 5.000 kPa is already outside the limit",
        ),
        ("crew = = 2".to_owned(), "not TOML"),
        (format!("from = 2005-06-20\n{base}[[arrival]]\ndate = 2005-06-01\n"), "before the start"),
    ] {
        let shown = problems(&text);
        assert!(shown.contains(words), "{text}\n{shown}");
        assert!(shown.contains("--> case.toml:") && shown.starts_with("error[ZA"), "{shown}");
    }
}

#[test]
fn all_problems_are_shown_at_once() {
    let shown = problems("crew = -2\nvolume = 3\n[stocks]\nwater = 1\nfod = \"1 kg\"\n");
    assert_eq!(shown.matches("error[").count(), 4, "{shown}");
    assert!(shown.contains("case.toml:5:1"), "{shown}");
}

/// A hundred thousand keys that nobody knows took a minute when each was looked for among all problems
/// before it; beyond the number of entries the file is not read at all.
#[test]
fn a_flood_of_problems_ends() {
    let flood = |n: usize| {
        let keys: Vec<String> = (0..n).map(|key| format!("oxygen{key} = 1\n")).collect();
        let keys = keys.concat();
        parse("flood.toml", format!("crew = 2\nvolume = \"425 m3\"\n{keys}").as_bytes())
            .expect_err("refused")
    };
    let problems = flood(99_000);
    assert_eq!(problems.len(), 501);
    assert_eq!(problems[0].code, Code::CaseKeyUnknown);
    assert_eq!((problems[0].place.line, problems[499].place.line), (3, 502));
    assert_eq!(problems[500].message, "98500 more problems are not shown");
    let problems = flood(100_000);
    assert_eq!(
        problems.iter().map(|problem| problem.code).collect::<Vec<_>>(),
        [Code::BeyondLimits]
    );
    assert!(problems[0].help.contains("a case needs"), "{problems:?}");
    let deep = format!("crew = {}", "[".repeat(100));
    assert!(problems_of(deep.as_bytes()) == [Code::BeyondLimits]);
    assert!(problems_of(b"crew = \"\xff\"") == [Code::NotText]);
}

fn problems_of(bytes: &[u8]) -> Vec<Code> {
    let problems = parse("case.toml", bytes).expect_err("refused");
    problems.into_iter().map(|problem| problem.code).collect()
}

/// Leaks by the thousand are found by name, not by looking through all of them.
#[test]
fn many_names_of_a_file_are_found() {
    let leaks: Vec<String> = (0..20_000).map(|leak| format!("l{leak} = \"1e-6 kg/d\"\n")).collect();
    let changes: Vec<String> = (0..8_000)
        .map(|day| format!("[[change]]\nday = \"{day} d\"\nleak = {{ l{day} = \"0 kg/d\" }}\n"))
        .collect();
    let text =
        format!("crew = 2\nvolume = \"425 m3\"\n[leak]\n{}{}", leaks.concat(), changes.concat());
    let file = parse("many.toml", text.as_bytes()).expect("reads");
    assert_eq!((file.case.leaks.len(), file.case.changes.len()), (20_000, 8_000));
}

#[test]
fn the_whole_form_reads() {
    let text = r#"
crew = 3
from = 2021-03-01
exercise = "1.5 h/d"
[[zone]]
id = "main"
volume = "900 m3"
segment = "us"
[[zone]]
id = "prk"
volume = "6 m3"
segment = "russian"
hatch = "closed"
[air]
total_pressure = "14.7 psi"
[stocks]
water = "100 kg"
[stocks.us]
oxygen = "50 kg"
[running]
elektron = "160 L/h"
oga = "50 %"
cdra-lab = { value = "6 kg/d", low = "5 kg/d", high = "7 kg/d" }
[leak]
prk = { rate = "1.68 kg/d", low = "1 kg/d", high = "2 kg/d", growth = "0.5 1/y" }
hole = { hole = "0.3 mm", zone = "main" }
[[process]]
id = "electrolysis"
rate = "1 kg/d"
terms = { water = -18.015, oxygen = 15.999, hydrogen = 2.016 }
[[arrival]]
day = "30 d"
partner = "nasa"
lioh-canisters = 4
[[change]]
date = 2021-03-10
crew = 4
running = { elektron = false }
leak = { prk = "67 %", hole = "0 kg/d" }
hatch = { prk = "open" }
eva = { people = 2, duration = "6.5 h" }
[limits]
water = { low = "10 kg" }
"#;
    let file = parse("whole.toml", text.as_bytes()).expect("reads");
    assert_eq!(file.case.changes.len(), 6);
    assert_eq!(file.case.leaks[1].zone, 1, "hole is read before prk, both find their zones");
    let elektron = file.case.running.iter().find(|r| r.processor.id == "elektron").unwrap();
    assert!((elektron.capacity.value / 5.0 - 1.0).abs() < 0.02, "{:?}", elektron.capacity);
}
