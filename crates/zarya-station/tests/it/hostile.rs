//! Hostile files get a clear error. Time and memory are bounded by counting, not by a clock: each
//! case here would run for hours or fill the memory if a limit were missing.

use crate::station_folder::{Files, tiny};
use zarya_station::{BYTES_MAX, Code, Diagnostic, ENTRIES_MAX, FILES_MAX, load, render};

fn refused(files: &Files, overlays: &Files) -> Vec<Diagnostic> {
    let problems = load(files, overlays).expect_err("a hostile station is refused");
    let shown = render(&problems, &[files.clone(), overlays.clone()].concat());
    // What is printed stays readable, whatever the file holds.
    assert!(shown.len() < 600_000, "{} bytes are printed", shown.len());
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "control characters are printed");
    problems
}

/// Tiny with more text in one of its files.
fn tiny_with(file: &str, text: &str) -> Files {
    let mut files = tiny();
    let (_, bytes) = files.iter_mut().find(|(name, _)| name == file).expect("a file of tiny");
    bytes.extend_from_slice(text.as_bytes());
    files
}

#[track_caller]
fn assert_limit(file: &str, text: &str) {
    let problems = refused(&tiny_with(file, text), &Vec::new());
    assert!(problems.iter().any(|d| d.code == Code::BeyondLimits), "{:?}", problems.first());
}

#[test]
fn a_huge_file_is_refused_unread() {
    assert_limit("stocks.toml", &"# padding\n".repeat(BYTES_MAX / 10 + 1));
}

#[test]
fn deep_nesting_is_refused_before_parsing() {
    let n = 200_000;
    assert_limit("stocks.toml", &format!("\n[x]\na = {}{}", "[".repeat(n), "]".repeat(n)));
    assert_limit("stocks.toml", &format!("\n[x]\na = {}", "{ a = ".repeat(n)));
    assert_limit("stocks.toml", &format!("\n[x]\na{} = 1", ".a".repeat(n)));
    assert_limit("stocks.toml", &format!("\n[a{}]\n", ".a".repeat(n)));
    assert_limit("stocks.toml", &"[".repeat(n));
}

#[test]
fn a_mass_of_entries_is_refused_before_parsing() {
    assert_limit("stocks.toml", &format!("\n[x]\na = [{}]", "1,".repeat(ENTRIES_MAX)));
    let rows: String = (0..ENTRIES_MAX / 2).map(|n| format!("[[pad]]\nid = \"p{n}\"\n")).collect();
    assert_limit("vehicles.toml", &rows);
}

#[test]
fn a_mass_of_files_is_refused() {
    let mut files = tiny();
    files.extend((0..FILES_MAX).map(|n| (format!("orus/s{n}.toml"), Vec::new())));
    let problems = refused(&files, &Vec::new());
    assert_eq!(problems[0].code, Code::BeyondLimits);
    let mut files = tiny();
    let big = "# padding\n".repeat(BYTES_MAX / 10 - 1).into_bytes();
    files.extend((0..5).map(|n| (format!("orus/s{n}.toml"), big.clone())));
    assert_eq!(refused(&files, &Vec::new())[0].code, Code::BeyondLimits);
}

#[test]
fn a_mass_of_copies_is_refused() {
    let unit = |id: usize, installed: u64| {
        format!(
            "\n[[oru]]\nid = \"u{id}\"\nname = \"U\"\nserves = \"power\"\nsegment = \"core\"\ninstalled = {installed}\n\
             mtbf = \"1 y\"\nerror_factor = 2\nmass = \"1 kg\"\nspares = {{ aboard = 0, ground = 0 }}\n\
             lead_time = \"1 d\"\nbuild_time = \"1 d\"\nrepair = {{ crew = \"1 h\", where = \"inside\" }}\n"
        )
    };
    for installed in [1_000_000_000, u64::MAX] {
        let problems = refused(&tiny_with("orus/power.toml", &unit(0, installed)), &Vec::new());
        assert_eq!(problems[0].code, Code::OutOfRange);
    }
    let many: String = (0..20).map(|id| unit(id, 1_000)).collect();
    assert_limit("orus/power.toml", &many);
    let many: String = (0..5_500).map(|id| unit(id, 1)).collect();
    assert_limit("orus/power.toml", &many);
}

#[test]
fn a_service_cannot_fly_without_end() {
    let service = |every: &str, cargo: &str| {
        format!(
            "\n[[service]]\nid = \"flood\"\nvehicle = \"freighter\"\nfirst = 1900-01-01\nuntil = 2199-12-31\n\
             every = \"{every}\"\nstay = \"1 d\"\ncargo = {{ {cargo} }}\n"
        )
    };
    assert_limit("manifest.toml", &service("1 d", "food = \"1 kg\""));
    let long: Vec<String> = (0..20_000).map(|n| format!("s{n} = \"1 kg\"")).collect();
    assert_limit("manifest.toml", &service("10 d", &long.join(", ")));
    let problems = refused(
        &tiny_with("manifest.toml", &service("0.000001 s", "food = \"1 kg\"")),
        &Vec::new(),
    );
    assert_eq!(problems[0].code, Code::OutOfRange);
}

#[test]
fn a_long_chain_and_a_large_circle_of_capabilities_end() {
    let link = |n: usize, next: usize| {
        format!("\n[[capability]]\nid = \"c{n}\"\nname = \"C\"\nneeds = [{{ id = \"c{next}\" }}]\n")
    };
    let circle: String = (0..9_000).map(|n| link(n, (n + 1) % 9_000)).collect();
    let problems = refused(&tiny_with("capabilities.toml", &circle), &Vec::new());
    assert!(problems.iter().any(|d| d.code == Code::BeyondLimits));
    assert!(problems.iter().any(|d| d.code == Code::Cycle && d.message.contains('…')));
}

#[test]
fn one_long_line_is_no_burden() {
    // 30,000 values in one line of 1 MB: columns are found without counting the line each time.
    let many: Vec<String> =
        (0..30_000).map(|n| format!("{{ rate = \"{n}.000000000000000 kg\" }}")).collect();
    let text = format!("\n[[stock]]\nid = \"x\"\nname = \"ä\"\ndraw = [{}]\n", many.join(", "));
    let problems = refused(&tiny_with("stocks.toml", &text), &Vec::new());
    assert!(problems.iter().any(|d| d.code == Code::TooMany));
    // A long text, a long key, a long id.
    let long = "ä".repeat(500_000);
    let text = format!("\n[[stock]]\nid = \"{long}\"\nname = 5\n\"{long}\" = 5\n");
    refused(&tiny_with("stocks.toml", &text), &Vec::new());
}

#[test]
fn garbage_is_refused() {
    let cases: &[&[u8]] = &[
        b"\0\0\0\0",
        b"\xEF\xBB\xBF\xFF",
        b"\"\"\"never closed",
        b"a = 'never closed\nb = \"\\",
        b"\x1b[31mred\x1b[0m = 1",
        b"]]]]]}}}}}=====,,,,,",
        b"a = 99999999999999999999999999999999999",
        b"[defaults]\n[defaults]\n",
    ];
    for case in cases {
        let mut files = tiny();
        files.iter_mut().find(|(name, _)| name == "hazards.toml").unwrap().1 = case.to_vec();
        refused(&files, &Vec::new());
    }
    // Each byte alone an error, in a file too large for collecting them all.
    assert!(!refused(&tiny_with("stocks.toml", &"] ".repeat(400_000)), &Vec::new()).is_empty());
    assert!(!refused(&tiny_with("stocks.toml", &"] \n".repeat(80_000)), &Vec::new()).is_empty());
}

#[test]
fn overlays_cannot_multiply() {
    let pads: String = (0..15_000).map(|n| format!("[[pad]]\nid = \"p{n}\"\n")).collect();
    let files = tiny_with("vehicles.toml", &pads);
    let value: Vec<String> = (0..10_000).map(|n| n.to_string()).collect();
    let set =
        format!("why = \"x\"\n[[set]]\npath = \"pad.*.name\"\nvalue = [{}]\n", value.join(","));
    let problems = refused(&files, &vec![("flood.toml".to_owned(), set.into_bytes())]);
    assert!(problems.iter().any(|d| d.code == Code::BeyondLimits), "{:?}", problems.first());

    let sets = "[[set]]\npath = \"*.*.*.*\"\nvalue = 1\n".repeat(1_500);
    let overlay = ("flood.toml".to_owned(), format!("why = \"x\"\n{sets}").into_bytes());
    let problems = refused(&files, &vec![overlay]);
    assert!(problems.iter().any(|d| d.code == Code::BeyondLimits), "{:?}", problems.first());

    let sets = "[[set]]\npath = \"a.b\"\nvalue = 1\n".repeat(3_000);
    let overlay = ("flood.toml".to_owned(), format!("why = \"x\"\n{sets}").into_bytes());
    let problems = refused(&tiny(), &vec![overlay]);
    assert!(problems.iter().any(|d| d.code == Code::BeyondLimits), "{:?}", problems.first());
}

/// Numbers that are numbers and nothing else: all refused where they stand.
#[test]
fn numbers_that_are_none_are_refused() {
    for number in [
        "nan",
        "-nan",
        "inf",
        "-inf",
        "1e308",
        "-1",
        "1e-320",
        "\"NaN y\"",
        "\"1e999 y\"",
        "\"-0.5 y\"",
    ] {
        let mut files = tiny();
        for (name, bytes) in &mut files {
            let text = String::from_utf8(bytes.clone()).unwrap();
            if name == "orus/power.toml" {
                *bytes = text.replace("mtbf = \"40 y\"", &format!("mtbf = {number}")).into_bytes();
            }
        }
        let problems = refused(&files, &Vec::new());
        assert_eq!(problems.len(), 1, "{number}: {problems:?}");
    }
}

/// What the engine holds is said on loading, with the number and the place of the first that is too many.
#[test]
fn more_of_a_thing_than_the_engine_holds_is_refused() {
    type Rows = Box<dyn Fn(&str) -> String>;
    let vehicle = |id: &str| {
        format!(
            "\n[[vehicle]]\nid = \"{id}\"\nname = \"V\"\npartner = \"alpha\"\npad = \"x0\"\nlauncher = \"l\"\n\
             ports = \"x0\"\nloss = 0\ngrounding = \"0 d\"\nslip = \"0 d\"\ndocked_life = \"1 d\"\n\
             spares_capacity = \"0 kg\"\nturnaround = \"0 d\"\n"
        )
    };
    let row = |table: &str, keys: &str| {
        let head = format!("\n[[{table}]]\nname = \"N\"\n{keys}\n");
        move |id: &str| format!("{head}id = \"{id}\"\n")
    };
    let kinds: Vec<(&str, &str, Rows)> = vec![
        ("partner", "partners.toml", Box::new(row("partner", ""))),
        (
            "element",
            "elements.toml",
            Box::new(row("element", "segment = \"core\"\npartner = \"alpha\"")),
        ),
        ("capability", "capabilities.toml", Box::new(row("capability", ""))),
        ("stock", "stocks.toml", Box::new(row("stock", "initial = \"1 kg\"\ncapacity = \"2 kg\""))),
        ("vehicle", "vehicles.toml", Box::new(vehicle)),
        ("pad", "vehicles.toml", Box::new(row("pad", "outage_rate = \"0 1/y\"\noutage = \"1 d\""))),
        (
            "port",
            "vehicles.toml",
            Box::new(row("port", "count = 1\noutage_rate = \"0 1/y\"\noutage = \"1 d\"")),
        ),
        (
            "upgrade",
            "maintenance.toml",
            Box::new(row("upgrade", "segment = \"core\"\nready = 2026-09-20\ncrew = \"1 h\"")),
        ),
    ];
    for (table, file, row) in kinds {
        let bound = zarya_station::BOUNDS.iter().find(|bound| bound.table == table);
        let bound = bound.unwrap_or_else(|| panic!("{table} has no bound"));
        let rows: String = (0..=bound.most).map(|n| row(&format!("x{n}"))).collect();
        let problems = refused(&tiny_with(file, &rows), &Vec::new());
        let said = problems.iter().find(|d| d.code == Code::BeyondLimits);
        let said = said.unwrap_or_else(|| panic!("{table}: {:?}", problems.first()));
        let limit = format!("the most is {}", bound.most);
        assert!(said.message.contains(&limit) && said.message.contains(bound.what), "{said:?}");
        assert_eq!(said.place.file, file, "{table}");
        assert!(said.place.line > 1, "{table}: {said:?}");
    }
}

/// A search for the nearest name looks at every name; after a hundred problems nobody reads more of them.
#[test]
fn tens_of_thousands_of_misspelled_ids_are_refused_in_no_time() {
    let ids: Vec<String> = (0..45_000).map(|n| format!("\"scrubbre-{n}\"")).collect();
    let unit = format!(
        "\n[[oru]]\nid = \"x\"\nname = \"X\"\nserves = \"power\"\nsegment = \"core\"\ninstalled = 1\n\
         mtbf = \"1 y\"\nerror_factor = 2\nmass = \"1 kg\"\nspares = {{ aboard = 0, ground = 0 }}\n\
         lead_time = \"1 d\"\nbuild_time = \"1 d\"\nrepair = {{ crew = \"1 h\", where = \"inside\" }}\n\
         cannibalize = [{}]\n",
        ids.join(", ")
    );
    let problems = refused(&tiny_with("orus/power.toml", &unit), &Vec::new());
    let hidden = problems.iter().find(|d| d.code == Code::TooMany).expect("they are counted");
    assert!(hidden.message.contains("more problems are not shown"), "{hidden:?}");
    assert!(problems.len() <= 1_001, "{}", problems.len());
    let keys: String = (0..45_000).map(|n| format!("kye{n} = 1\n")).collect();
    let problems = refused(&tiny_with("stocks.toml", &format!("\n{keys}")), &Vec::new());
    assert!(problems.iter().any(|d| d.code == Code::TooMany));
}
