//! `zarya spares` as a user meets it: the contract of its JSON, its refusals, and what it says about
//! published numbers.

#![allow(clippy::unwrap_used, reason = "a test stops where its set-up fails")]

mod schema;
mod terminal;

use serde_json::Value;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn zarya(arguments: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_zarya"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments closes its input early.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

fn json(arguments: &[&str], stdin: &str) -> Value {
    let output = zarya(arguments, stdin);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer = serde_json::from_slice(&output.stdout).unwrap();
    schema::follows(&format!("spares-{}.json", arguments[1]), &answer);
    answer
}

const UNITS: &str = "id,group,quantity,mtbf_d,life_limit_d,mass_kg\n\
                     pump,loop,2,400,0,10\nvalve,loop,1,900,365,2.5\n";

#[test]
fn demand_prints_its_contract() {
    let answer = json(
        &["spares", "demand", "-", "--period-d", "200", "--fleets", "1,2", "--json", "-"],
        UNITS,
    );
    let period = &answer["rows"][1]["periods"][1];
    assert_eq!(answer["rows"][1]["id"], "valve");
    // The first copy reaches its limit within 400 d, the second does not within 200 d.
    assert_eq!(period["scheduled"], 1);
    let sum: f64 = period["pmf"].as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-7);
    assert!(period["stock"].as_u64() >= period["threshold"].as_u64());
    assert_eq!(answer["positions"], 3);
}

#[test]
fn allocate_prints_its_contract_and_proves_it() {
    let answer = json(
        &["spares", "allocate", "-", "--period-d", "200", "--probability", "0.9", "--json", "-"],
        UNITS,
    );
    assert_eq!(answer["proof"], "optimal");
    assert!(answer["probability"].as_f64().unwrap() >= 0.9);
    let (pumps, valves) = (&answer["stock"]["pump"], &answer["stock"]["valve"]);
    let mass = 10.0 * pumps.as_f64().unwrap() + 2.5 * valves.as_f64().unwrap();
    assert_eq!(answer["mass_kg"].as_f64().unwrap(), mass);
    assert!(!answer["curve"].as_array().unwrap().is_empty());
}

#[test]
fn bad_rows_are_refused_together_with_line_and_column() {
    let text = "id,quantity,mtbf_d\na,1,10\nb,x,10\nc,1,\n";
    let output = zarya(&["spares", "demand", "-", "--period-d", "10", "--json", "-"], text);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("stdin:3:2 (column `quantity`)"), "{message}");
    assert!(message.contains("stdin:4:3 (column `mtbf_d`)"), "{message}");
    assert!(message.contains("2 problems in stdin; nothing was computed"), "{message}");
}

#[test]
fn questions_without_an_answer_say_what_to_do() {
    let missing = zarya(&["spares", "sufficiency", "-", "--period-d", "10"], UNITS);
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8(missing.stderr).unwrap().contains("fill the column `stock`"));
    let nothing = zarya(&["spares", "allocate", "-", "--period-d", "10"], UNITS);
    assert_eq!(nothing.status.code(), Some(2));
    let far = zarya(
        &["spares", "allocate", "-", "--period-d", "9", "--probability", "0.9999999999"],
        "id,quantity,copies,mtbf_d,mass_kg\npump,1,3,40,10\n",
    );
    assert!(String::from_utf8(far.stderr).unwrap().contains("--repair none"));
    let absent = zarya(&["spares", "demand", "/nowhere/u.csv", "--period-d", "10"], "");
    assert_eq!(absent.status.code(), Some(3));
    let both = zarya(
        &["spares", "demand", "-", "--period-d", "9", "--shape", "2", "--repair", "fixed:1"],
        UNITS,
    );
    assert_eq!(both.status.code(), Some(2));
}

/// A negative value is a value: it gets the reason of its option, not the answer that there is no
/// such option.
#[test]
fn negative_values_are_refused_with_their_reason() {
    let of_all = [
        (&["--period-d", "-5"][..], "a positive number is needed"),
        (&["--shape", "-2"], "a positive number is needed"),
        (&["--error-factor", "-3"], "a ratio above 1 is needed"),
        (&["--rates-times", "-1"], "a positive number is needed"),
        (&["--prior-weight", "-0.5"], "a share from 0 to 1 is needed"),
        (&["--repair", "-1"], "write none, fixed:DAYS"),
        (&["--repair", "fixed:-1"], "`-1` is not a number of days"),
    ];
    let of_one = [
        ("demand", &["--fleets", "-1,2"][..], "`-1` is not a whole number from 0"),
        ("demand", &["--confidence", "-0.9"], "a probability between 0 and 1 is needed"),
        ("sufficiency", &["--confidence", "-0.9"], "a probability between 0 and 1 is needed"),
        ("sufficiency", &["--shared-error-factor", "-3"], "a ratio of 1 or more is needed"),
        ("sufficiency", &["--what-if", "-1,2"], "a factor from 0.01 to 100 is needed"),
        ("sufficiency", &["--need", "-1"], "write CAPABILITY=N"),
        ("allocate", &["--probability", "-0.9"], "a probability between 0 and 1 is needed"),
        ("allocate", &["--shared-error-factor", "-3"], "a ratio above 1 is needed"),
        ("allocate", &["--limit", "mass_kg=-5"], "a number from 0"),
        ("allocate", &["--limit", "-5"], "write mass_kg=MOST"),
        ("allocate", &["--flight", "-30:mass_kg=900"], "counted from 0, the start of the period"),
    ];
    let everywhere = ["demand", "sufficiency", "allocate"].into_iter();
    let everywhere =
        everywhere.flat_map(|to| of_all.map(|(arguments, words)| (to, arguments, words)));
    for (command, arguments, words) in everywhere.chain(of_one) {
        let output = zarya(&[&["spares", command, "-"], arguments].concat(), UNITS);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{command} {arguments:?}: {message}");
        assert!(message.contains(words), "{command} {arguments:?}: {message}");
        assert!(!message.contains("unexpected argument"), "{command} {arguments:?}: {message}");
    }
}

/// A station in place of the CSV, at the central values of its files.
#[test]
fn a_station_stands_in_for_the_list() {
    let demand = json(
        &["spares", "demand", "--station", "tiny", "--through", "2026-12-31", "--json", "-"],
        "",
    );
    // Both ends of the span are whole days, as in `zarya assess`.
    assert_eq!(demand["model"]["period_d"], 365.0);
    assert_eq!(demand["model"]["repair_d"], "none");
    let rows = demand["rows"].as_array().unwrap();
    let processor = rows.iter().find(|row| row["id"] == "water-processor").unwrap();
    let expected = processor["periods"][0]["mean"].as_f64().unwrap();
    // 15000 h; experience 0.8; half of the failures end with a reset.
    assert!((expected - 365.0 / 625.0 * 0.8 * 0.5).abs() < 1e-9, "{expected}");

    let kept = json(
        &["spares", "sufficiency", "--station", "tiny", "--through", "2026-12-31", "--json", "-"],
        "",
    );
    assert_eq!((&kept["days"], &kept["through"]), (&365.0.into(), &"2026-12-31".into()));
    let rows = kept["units"].as_array().unwrap();
    let processor = rows.iter().find(|row| row["id"] == "water-processor").unwrap();
    // Two spares.
    let wanted = zarya::units::math::exp(-expected) * (1.0 + expected + 0.5 * expected * expected);
    assert!((processor["probability"].as_f64().unwrap() - wanted).abs() < 1e-12);
    let product: f64 = rows.iter().map(|row| row["probability"].as_f64().unwrap()).product();
    assert!((kept["probability"].as_f64().unwrap() - product).abs() < 1e-12);
    let notes = kept["notes"].to_string();
    assert!(notes.contains("unknown for 1 of 10 unit types"), "{notes}");
    assert!(notes.contains("left out: common cause"), "{notes}");

    let carried = json(
        &[
            "spares",
            "allocate",
            "--station",
            "tiny",
            "--period-d",
            "365",
            "--probability",
            "0.9",
            "--limit",
            "eva=2",
            "--json",
            "-",
        ],
        "",
    );
    assert_eq!(carried["proof"], "optimal");
    assert!(carried["limits"][0]["used"].as_f64().unwrap() <= 2.0);
}

#[test]
fn the_iss_answers_all_three() {
    let span = ["--station", "iss", "--through", "2026-07-30", "--json", "-"];
    let ask = |command: &str, extra: &[&str]| {
        let arguments = [&["spares", command], &span[..], extra].concat();
        json(&arguments, "")
    };
    let types = ask("demand", &[])["rows"].as_array().unwrap().len();
    assert!(types > 100, "{types}");
    let kept = ask("sufficiency", &[]);
    assert_eq!(kept["through"], "2026-07-30");
    let of_station = kept["probability"].as_f64().unwrap();
    let subsystems = kept["subsystems"].as_object().unwrap();
    let product: f64 = subsystems.values().map(|p| p.as_f64().unwrap()).product();
    assert!(0.0 < of_station && (of_station - product).abs() < 1e-12);
    let carried = ask("allocate", &["--probability", "0.9"]);
    assert_eq!(carried["proof"], "optimal");
    assert_eq!(carried["stock"].as_object().unwrap().len(), types);
    for command in [&["demand"][..], &["sufficiency"], &["allocate", "--probability", "0.9"]] {
        let of_station = [&["spares"], command, &span[..4]].concat();
        terminal::fits(&zarya(&of_station, ""), &of_station.join(" "));
    }
    let long = ["spares", "sufficiency", "--station", "iss", "--through", "2028-12-31"];
    let long_table = zarya(&long, "");
    terminal::fits(&long_table, &long.join(" "));
    let text = String::from_utf8(long_table.stdout).unwrap();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let long = json(&[&long[..], &["--json", "-"]].concat(), "");
    let probability = long["probability"].as_f64().unwrap();
    // The plan needs more recycle filters than there are: nothing else can happen.
    assert_eq!(probability, 0.0);
    let by = |key: &str| long[key].as_str().unwrap();
    assert!(!text.contains("0.000000"), "{text}");
    for wanted in [
        format!("probability 0, limited by {} ", by("probability_limited_by")),
        format!(", limited by {} rates x", by("days_limited_by")),
    ] {
        assert!(text.contains(&wanted), "{wanted}: {text}");
    }
    let least = |key: &str| {
        let rows = long["units"].as_array().unwrap().iter();
        let least = rows.min_by(|a, b| {
            a[key].as_f64().unwrap_or(1e9).total_cmp(&b[key].as_f64().unwrap_or(1e9))
        });
        least.unwrap()["id"].as_str().unwrap().to_owned()
    };
    assert_eq!(by("probability_limited_by"), least("probability"));
    assert_eq!(by("days_limited_by"), least("days_sufficient"));
    // A scenario of the station moves its as-of date, and with it the span.
    let later = ask("sufficiency", &["--scenario", "as-of-2026-06"]);
    assert!(later["days"].as_f64() < kept["days"].as_f64());
}

#[test]
fn a_list_comes_from_one_place_and_has_a_span() {
    let says = |arguments: &[&str], wanted: &str| {
        let output = zarya(&[&["spares"], arguments].concat(), UNITS);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(wanted), "{arguments:?}: {message}");
    };
    for command in ["demand", "sufficiency", "allocate"] {
        let goal: &[&str] = if command == "allocate" { &["--probability", "0.9"] } else { &[] };
        let says = |arguments: &[&str], wanted: &str| {
            says(&[&[command], arguments, goal].concat(), wanted);
        };
        says(&["-", "--station", "tiny", "--period-d", "9"], "cannot be used with");
        says(&["--period-d", "9"], "give UNITS.csv (or - for stdin), or --station");
        says(&["-"], "--period-d is missing");
        // Sufficiency asks through the claim's last day where nothing else is said.
        if command != "sufficiency" {
            says(&["--station", "tiny"], "give --period-d or --through");
        }
        says(&["--station", "tiny", "--through", "2025-12-31"], "before the station's as-of date");
        says(&["--station", "nowhere", "--period-d", "9"], "embedded stations are");
        says(&["-", "--period-d", "9", "--scenario", "x"], "cannot be used with");
        says(&["-", "--through", "2026-12-31"], "cannot be used with");
    }
    // An instance has its gains already: nothing else that is given is dropped in silence.
    for other in [
        &["--station", "tiny"][..],
        &["--svg", "x.svg"],
        &["--at-least", "scheduled"],
        &["--life-limits", "together"],
        &["--repair", "none"],
        &["--shape", "2"],
        &["--error-factor", "2"],
        &["--rates-times", "2"],
        &["--prior-weight", "0"],
        &["--limit", "mass_kg=5"],
        &["--flight", "5:mass_kg=5"],
        &["--shared-error-factor", "2"],
    ] {
        says(&[&["allocate", "--steps", "x"], other].concat(), "cannot be used with");
    }
}

/// The files of the ISS state no volume of a spare: a limit on it says so, and what can be limited.
#[test]
fn a_limit_on_what_is_not_stated_says_what_to_do() {
    for limit in [&["--limit", "volume_m3=9"], &["--flight", "5:volume_m3=9"]] {
        let ask = ["spares", "allocate", "--station", "iss", "--period-d", "180"];
        let output = zarya(&[&ask[..], limit].concat(), "");
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(
            message.contains("a limit on volume_m3 needs it for every unit type; "),
            "{message}"
        );
        assert!(message.contains("`zarya init DIR`"), "{message}");
        assert!(message.contains("can be limited by mass_kg, crew_h, eva"), "{message}");
    }
    let list = "id,mtbf_d,mass_kg,crew_h,eva\npump,400,3,2,0\nvalve,900,1,,0\n";
    let ask = ["spares", "allocate", "-", "--period-d", "180", "--limit", "crew_h=9"];
    let message = String::from_utf8(zarya(&ask, list).stderr).unwrap();
    assert!(message.contains("1 of 2 do not state it: `valve`\n"), "{message}");
    assert!(message.contains("fill the column `crew_h`"), "{message}");
    assert!(message.contains("can be limited by mass_kg, eva"), "{message}");
}

/// Poisson demand of one: two spares last with 0.91970, three with 0.98101, four with 0.99634, five
/// with 0.99941: one spare more is what it takes to run out half as often, or less.
#[test]
fn halving_the_failures_costs_what_marginal_analysis_says() {
    let ask = |list: &str, probability: &str, more: &[&str]| {
        let given = ["spares", "allocate", "-", "--period-d", "400", "--repair", "none"];
        let all = [&given[..], &["--probability", probability], more].concat();
        let text = String::from_utf8(zarya(&all, list).stdout).unwrap();
        (json(&[&all[..], &["--json", "-"]].concat(), list), text)
    };
    let one = "id,quantity,mtbf_d,mass_kg\npump,1,400,7\n";
    // Where more than two percent are left it is not said, but it is in the JSON.
    for (probability, mass_kg, said) in
        [("0.9", 14.0, false), ("0.98", 21.0, true), ("0.99", 28.0, true)]
    {
        let (answer, text) = ask(one, probability, &[]);
        assert_eq!(answer["mass_kg"], mass_kg);
        assert_eq!(answer["half_the_failures_kg"], 7.0, "{probability}");
        let words = "halving the probability of running out costs 7.0 kg";
        assert_eq!(text.contains(words), said, "{probability}: {text}");
    }
    // Several types: the way from one marginal stock to the next.
    let kg = |answer: &Value, key: &str| answer[key].as_f64().unwrap();
    for probability in ["0.98", "0.99", "0.5"] {
        let (now, _) = ask(UNITS, probability, &[]);
        let curve = now["curve"].as_array().unwrap();
        let marginal = curve.iter().find(|point| kg(point, "mass_kg") == kg(&now, "greedy_kg"));
        let halved = 0.5 * (1.0 + kg(marginal.unwrap(), "probability"));
        let (then, _) = ask(UNITS, &halved.to_string(), &[]);
        let wanted = kg(&then, "greedy_kg") - kg(&now, "greedy_kg");
        assert!((kg(&now, "half_the_failures_kg") - wanted).abs() < 1e-9, "{probability}");
    }
    // Within limits, and where rates are wrong together, marginal analysis does not say it.
    assert!(ask(one, "0.98", &["--limit", "mass_kg=50"]).0["half_the_failures_kg"].is_null());
    assert!(ask(one, "0.98", &["--shared-error-factor", "2"]).0["half_the_failures_kg"].is_null());
}

#[test]
fn a_steps_file_is_solved_and_its_lines_are_checked() {
    let folder = std::env::temp_dir().join(format!("zarya-steps-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("steps.txt");
    std::fs::write(&path, "4 1.0\na 5 0.9\na 5 0.3\nb 3 0.6\nb 3 0.4\n").unwrap();
    let name = path.to_str().unwrap();
    let answer = json(&["spares", "allocate", "--steps", name, "--json", "-"], "");
    // Both of b weigh 6 and gain exactly 1; a and one of b weigh 8.
    assert_eq!(answer["mass_kg"], 6.0);
    assert_eq!(answer["stock"]["b"], 2);
    std::fs::write(&path, "2 1.0\na 5 0.9\nb -3 0.6\n").unwrap();
    let output = zarya(&["spares", "allocate", "--steps", name], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("steps.txt:3:"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn pictures_carry_their_text() {
    let path = std::env::temp_dir().join(format!("zarya-spares-{}.svg", std::process::id()));
    let name = path.to_str().unwrap();
    json(&["spares", "demand", "-", "--period-d", "200", "--svg", name, "--json", "-"], UNITS);
    let svg = std::fs::read_to_string(&path).unwrap();
    assert!(svg.contains("<title") && svg.contains("prefers-color-scheme: dark"));
    std::fs::remove_file(&path).unwrap();
}

/// Ten years old of fifteen, over six years: the limit comes once; the same unit new: never.
#[test]
fn an_age_brings_the_life_limit_nearer() {
    let list = |age: &str| format!("id,mtbf_y,life_limit_y,age_y,stock\nlamp,100000,15,{age},0\n");
    let lasts = |age: &str| {
        let arguments = ["spares", "sufficiency", "-", "--period-d", "2191.5", "--json", "-"];
        json(&arguments, &list(age))["probability"].as_f64().unwrap()
    };
    assert!(lasts("0") > 0.999 && lasts("10") < 1e-6, "{} {}", lasts("0"), lasts("10"));
    let refused = zarya(&["spares", "demand", "-", "--period-d", "10"], &list("16"));
    let text = String::from_utf8(refused.stderr).unwrap();
    assert!(text.contains("stdin:2:4 (column `age_y`)") && text.contains("beyond"), "{text}");
}

/// A note names options as they are typed, and columns as they are written.
#[test]
fn notes_go_to_stderr_unless_told_to_be_quiet() {
    let list = "id,mtbf_d,quantity,repair\npump,400,1,3\n";
    let ask = ["spares", "demand", "-", "--period-d", "10"];
    let errors = |ask: &[&str]| String::from_utf8(zarya(ask, list).stderr).unwrap();
    let told = errors(&ask);
    assert!(told.starts_with("note: columns not used: `repair`\n"), "{told}");
    assert!(told.ends_with("set --repair\n"), "{told}");
    assert_eq!(errors(&[&ask[..], &["--quiet"]].concat()), "");
    let notes = &json(&[&ask[..], &["--json", "-"]].concat(), list)["notes"];
    assert_eq!(notes[0], "columns not used: `repair`");
}

/// Everything that is wrong with a question is said at once, before a file is opened.
#[test]
fn all_that_is_wrong_with_a_question_is_said_at_once() {
    let ask = ["spares", "allocate", "/nowhere.csv", "--station", "tiny", "--shape", "0"];
    let output = zarya(&ask, "");
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).unwrap();
    for wanted in [
        "--period-d is missing",
        "UNITS cannot be used with --station",
        "--shape: a positive number is needed, not 0",
        "nothing says how good the stock must be",
    ] {
        assert!(message.contains(wanted), "{wanted}: {message}");
    }
}

/// `--from` is the first whole day, as a station's as-of date is: ten days from the 1st end on the 10th.
#[test]
fn days_become_dates_as_on_a_station() {
    let list = "id,mtbf_d,stock\npump,400,3\n";
    let from = ["--period-d", "10", "--from", "2026-01-01", "--json", "-"];
    let answer = json(&[&["spares", "sufficiency", "-"], &from[..]].concat(), list);
    assert_eq!(answer["through"], "2026-01-10");
}

#[test]
fn repair_time_that_is_left_out_is_said() {
    let list = "id,mtbf_d,law\npump,400,weibull:2\nvalve,400,exponential\n";
    let answer = json(&["spares", "demand", "-", "--period-d", "90", "--json", "-"], list);
    let notes = answer["notes"].to_string();
    assert!(notes.contains("repair time is left out for 1 of 2 unit types"), "{notes}");
}

#[test]
fn shared_factors_and_flights_bind() {
    let list = UNITS.replace("mass_kg", "mass_kg,subsystem").replace("10\n", "10,loop\n");
    let list = list.replace("2.5\n", "2.5,loop\n");
    let ask = ["--period-d", "200", "--probability", "0.9", "--repair", "none", "--json", "-"];
    let allocate =
        |more: &[&str]| json(&[&["spares", "allocate", "-"], &ask[..], more].concat(), &list);
    let (known, shared) = (allocate(&[]), allocate(&["--shared-error-factor", "3"]));
    let kg = |answer: &Value, key: &str| answer[key].as_f64().unwrap();
    assert!(kg(&shared, "mass_kg") > kg(&known, "mass_kg"));
    assert!(kg(&shared, "bound_kg") <= kg(&shared, "mass_kg"));
    assert!(kg(&shared, "probability") >= 0.9);
    let flights = allocate(&["--flight", "5:mass_kg=20", "--flight", "9:mass_kg=20"]);
    let carried = |at: usize| kg(&flights["flights"][at]["limits"][0], "used");
    assert!((carried(0) + carried(1) - kg(&flights, "mass_kg")).abs() < 1e-9);
    let few = ["spares", "allocate", "-", "--period-d", "200", "--probability", "0.9"];
    let refused = zarya(&[&few[..], &["--flight", "5:mass_kg=9"]].concat(), &list);
    assert_eq!(refused.status.code(), Some(1));
}

/// The cases under `cases/spares`: a CSV block, a command, and the lines its answer must contain.
#[test]
fn cases_hold() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases/spares");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let page = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let (mut units, mut command) = (String::new(), String::new());
        let mut lines = page.lines();
        while let Some(line) = lines.next() {
            let mut block = || lines.by_ref().take_while(|line| *line != "```").collect::<Vec<_>>();
            match line {
                "```csv" => units = block().join("\n") + "\n",
                "```sh" => command = block().join(" "),
                "```expect" => {
                    let arguments: Vec<&str> = command.split_whitespace().skip(1).collect();
                    let output = zarya(&arguments, &units);
                    terminal::fits(&output, &command);
                    let text = String::from_utf8(output.stdout).unwrap();
                    for wanted in block() {
                        let wanted = wanted.split("  #").next().unwrap().trim();
                        assert!(text.contains(wanted), "{command}\nwants {wanted:?} in\n{text}");
                        count += 1;
                    }
                }
                _ => {}
            }
        }
    }
    assert!(count >= 3, "no case was checked");
}

/// A file of published numbers, whose head says where they come from.
fn reference(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

struct Truth {
    units: String,
    /// Whether a row's group serves all crews, published and recomputed stocks by mission.
    rows: Vec<(bool, Vec<u64>, Vec<u64>)>,
}

fn truth(case: &str) -> Truth {
    let text = reference(&format!("owens-{case}.csv"));
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|h| h == name);
    let mut units = "id,group,quantity,mtbf_d,life_limit_d,mass_kg,running_h,copies\n".to_owned();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.unwrap();
        let of = |name: &str| column(name).map_or("0", |i| &record[i]);
        let copies = if of("subsystem").contains("CCAA") { 6 } else { 1 };
        writeln!(
            units,
            "{},{},{},{},{},{},{},{copies}",
            of("row"),
            of("group_id"),
            of("qty"),
            of("mtbf_d_used"),
            of("life_limit_d"),
            of("mass_kg"),
            of("runtime_h"),
        )
        .unwrap();
        let list = |kind: &str| -> Vec<u64> {
            (1..=10).map(|m| of(&format!("{kind}_cum_m{m}")).parse().unwrap()).collect()
        };
        let shared = of("group_id").parse::<u32>().unwrap() >= 10;
        rows.push((shared, list("published"), list("recomputed")));
    }
    Truth { units, rows }
}

/// Owens (2015): every recomputed cell, and the published ones as closely as the closed form.
#[test]
fn the_published_campaign_is_reproduced() {
    let (mut equal, mut cells) = (0, 0);
    for (case, positions, sum) in
        [("BPS", 337, 37_405), ("BPS_MTBFx2", 337, 33_473), ("SF", 187, 28_256)]
    {
        let truth = truth(case);
        let run = |fleets: &str| {
            json(
                &[
                    "spares",
                    "demand",
                    "-",
                    "--period-d",
                    "791.6667",
                    "--fleets",
                    fleets,
                    "--confidence",
                    "0.99",
                    "--repair",
                    "lognormal:0.5:0.0416667",
                    "--json",
                    "-",
                ],
                &truth.units,
            )
        };
        let (crewed, alone) = (run("1..10"), run("1,1,1,1,1,1,1,1,1,1"));
        assert_eq!(crewed["positions"], positions);
        let mut total = 0;
        for (row, (shared, published, recomputed)) in truth.rows.iter().enumerate() {
            let answer = if *shared { &alone } else { &crewed };
            for mission in 0..10 {
                let period = &answer["rows"][row]["periods"][mission];
                let stock = period["stock"].as_u64().unwrap();
                assert_eq!(stock, recomputed[mission], "{case} row {row} mission {mission}");
                assert!(stock.abs_diff(published[mission]) <= 2);
                equal += u32::from(stock == published[mission]);
                cells += 1;
                total += stock;
            }
        }
        assert_eq!(total, sum, "{case}");
    }
    assert_eq!((equal, cells), (2160, 2220));
}

/// The optima of the same rows, proven elsewhere by two solvers.
#[test]
fn the_published_optima_are_found_and_proven() {
    let units = truth("BPS").units;
    let allocate = |extra: &[&str]| {
        let mut arguments =
            vec!["spares", "allocate", "-", "--period-d", "791.6667", "--json", "-"];
        arguments.extend(extra);
        json(&arguments, &units)
    };
    let close = |answer: &Value, key: &str, kg: f64| {
        assert!((answer[key].as_f64().unwrap() - kg).abs() < 0.001, "{key} {}", answer[key]);
    };
    for (probability, equal_kg, greedy_kg, optimum_kg) in [
        ("0.50", 10_848.956, 7_527.486, 7_504.646),
        ("0.90", 13_994.207, 11_004.557, 10_641.425),
        ("0.95", 14_617.936, 11_693.134, 11_688.176),
        ("0.99", 16_843.826, 14_107.226, 13_912.344),
        ("0.995", 17_498.311, 14_678.726, 14_637.394),
        ("0.999", 19_281.645, 16_988.736, 16_655.797),
    ] {
        let answer = allocate(&["--probability", probability]);
        assert_eq!(answer["proof"], "optimal");
        close(&answer, "mass_kg", optimum_kg);
        close(&answer, "greedy_kg", greedy_kg);
        close(&answer, "equal_split_kg", equal_kg);
    }
    for (probability, optimum_kg) in
        [("0.50", 10_185.549), ("0.99", 16_203.128), ("0.999", 18_836.870)]
    {
        let answer = allocate(&["--probability", probability, "--at-least", "scheduled"]);
        close(&answer, "mass_kg", optimum_kg);
    }
    // Rates that are not known: pure Poisson optimum, gamma priors of the same mean.
    let answer = allocate(&["--probability", "0.99", "--repair", "none"]);
    for (row, p) in [0.952_76, 0.861_78, 0.718_45, 0.540_16, 0.387_96].iter().enumerate() {
        let got = answer["if_rates_unknown"][row]["probability"].as_f64().unwrap();
        assert!((got - p).abs() < 1e-5, "{got} {p}");
    }
    for (file, kg) in [("owens-bps-p099", 13_912.344), ("synth-200", 32_984.279)] {
        // The file of steps knows no comments: what it holds begins after its head.
        let text = reference(&format!("allocation-{file}.txt"));
        let body: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let path = std::env::temp_dir().join(format!("zarya-{file}-{}.txt", std::process::id()));
        std::fs::write(&path, body.join("\n") + "\n").unwrap();
        let answer =
            json(&["spares", "allocate", "--steps", path.to_str().unwrap(), "--json", "-"], "");
        assert_eq!(answer["proof"], "optimal");
        close(&answer, "mass_kg", kg);
    }
}

/// The lists of a spreadsheet: `;` and decimal commas, tabs, empty rows, CRLF, a row of totals.
#[test]
fn lists_of_spreadsheets_are_read_alike() {
    let plain = "id,mtbf_h,quantity,mass_kg,stock\nPump,50000,2,245,1\nFan,30000,4,5.5,2\n";
    let ask = ["spares", "sufficiency", "-", "--period-d", "600", "--json", "-"];
    let answer = |text: &str| {
        let mut answer = json(&ask, text);
        answer.as_object_mut().unwrap().remove("inputs");
        answer
    };
    let wanted = answer(plain);
    // Two pumps and four fans for 600 d, each type a Poisson count but for half a day of repair:
    // e^-0.576 (1 + 0.576) times e^-1.92 (1 + 1.92 + 1.92²/2) = 0.6187.
    let probability = wanted["probability"].as_f64().unwrap();
    assert!((probability - 0.6187).abs() < 0.002, "{probability}");
    let semicolons = plain.replace(',', ";").replace("5.5", "5,5");
    for text in [
        semicolons.replace('\n', "\r\n"),
        plain.replace(',', "\t"),
        format!("{plain},,,,\n,,,,\n"),
        plain.replace("Pump", "\"Pump\""),
    ] {
        assert_eq!(answer(&text), wanted, "{text}");
    }
    let totals = answer(&format!("{plain}Summe,,6,250.5,3\n"));
    assert_eq!(totals["probability"], wanted["probability"]);
    assert_eq!(totals["notes"][0], "line 4 is a row of totals (`Summe`): left out");
    let wrong = "id;mtbf_h;mass_kg\r\nPump;50 000;245\r\n\r\nFan;30000;x\r\n";
    let output = zarya(&ask, wrong);
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.contains("stdin:2:2 (column `mtbf_h`): `50 000` has signs between"),
        "{message}"
    );
    assert!(message.contains("stdin:4:3 (column `mass_kg`)"), "{message}");
}

/// 20 failures in a million hours are 2e-5 an hour, and a mean time of 50,000 h.
#[test]
fn failure_rates_stand_for_mean_times() {
    let ask = ["spares", "sufficiency", "-", "--period-d", "600", "--json", "-"];
    let probability = |text: &str| json(&ask, text)["probability"].as_f64().unwrap();
    let wanted = probability("id,mtbf_h,quantity,stock\nPump,50000,2,1\n");
    for text in [
        "id,fpmh,quantity,stock\nPump,20,2,1\n",
        "id,failure_rate_per_h,quantity,stock\nPump,2e-5,2,1\n",
        "id;lambda (1/h);quantity;stock\r\nPump;0,00002;2;1\r\n",
    ] {
        assert!((probability(text) - wanted).abs() < 1e-12, "{text}");
    }
}

/// No failure in 100,000 h, 50,000 h stated and worth one failure: `e^(-8760 / mean)` with the mean of
/// `(w + (1 - w) / 2) / (50,000 w + 100,000)` an hour.
#[test]
fn the_less_the_stated_time_counts_the_more_service_does() {
    let list =
        "id,mtbf_h,quantity,stock,failures_seen,served_h,prior_shape\nA,50000,1,0,0,100000,1\n";
    let probability = |weight: &str| {
        let ask = ["spares", "sufficiency", "-", "--period-d", "365", "--repair", "none"];
        let ask = [&ask[..], &["--prior-weight", weight, "--json", "-"]].concat();
        json(&ask, list)["probability"].as_f64().unwrap()
    };
    for (weight, wanted) in [
        ("1", 0.9433),
        ("0.5", 0.9488),
        ("0.1", 0.9552),
        ("0.01", 0.9569),
        ("0.001", 0.9571),
        ("0", 0.9571),
    ] {
        let got = probability(weight);
        assert!((got - wanted).abs() < 6e-5, "{weight}: {got}");
    }
}

/// At this confidence the station lasts no day at all, which once ended the program.
#[test]
fn a_confidence_that_nothing_reaches_lasts_no_days() {
    let list =
        "id,mtbf_h,quantity,age_d,stock,law\nfan,50000,1,100,1,weibull:1.5\nvalve,1000,50,,0,\n";
    for confidence in ["0.9999", "0.999999999999"] {
        let ask = ["spares", "sufficiency", "-", "--period-d", "700", "--confidence", confidence];
        let answer = json(&[&ask[..], &["--json", "-"]].concat(), list);
        assert!(
            answer["days_sufficient"].as_f64().unwrap() < 0.02,
            "{}",
            answer["days_sufficient"]
        );
        let start = &answer["curve"][0];
        assert_eq!((&start["days"], &start["probability"]), (&0.0.into(), &1.0.into()));
    }
}

/// Questions that once took 8 s to a minute, or all memory: answered at once, or refused with a bound.
#[test]
fn no_question_asks_for_work_without_end() {
    let worn = "id,mtbf_h,quantity,mass_kg,k_factor,law\nv,20000,4,1,1000,weibull:1.5\n";
    let ask =
        ["spares", "allocate", "-", "--period-d", "700", "--probability", "0.99", "--json", "-"];
    // 840 lives of each of 4 positions: the elementary renewal theorem, 3360 less 4 (1 - cv²) / 2 and
    // 2.33 deviations of cv √3360 more.
    let spares = json(&ask, worn)["stock"]["v"].as_f64().unwrap();
    assert!((spares - 3451.0).abs() <= 1.0, "{spares}");
    let three = "id,mtbf_h,quantity,mass_kg,stock,law,subsystem\na,20000,2,10,2,weibull:1.5,x\n\
                 b,30000,4,5,3,weibull:2,x\nc,50000,1,20,1,weibull:3,x\n";
    let ask =
        ["spares", "sufficiency", "-", "--period-d", "700", "--repair", "none", "--json", "-"];
    let answer = json(&[&ask[..], &["--shared-error-factor", "2"]].concat(), three);
    assert!((answer["units"][2]["probability"].as_f64().unwrap() - 0.999_299).abs() < 2e-6);
    let demand = ["spares", "demand", "-", "--period-d", "700", "--json", "-"];
    json(&[&demand[..], &["--error-factor", "30", "--confidence", "0.9"]].concat(), three);
    let refuses = |list: &str, more: &[&str], bound: &str| {
        let output = zarya(&[&demand[..], more].concat(), list);
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains(bound), "{more:?}: {message}");
    };
    refuses(three, &["--error-factor", "1e6"], "a ratio of at most 100 is needed, not 1000000");
    refuses(three, &["--rates-times", "1e9"], "a number from 0.001 to 1000 is needed");
    refuses(three, &["--shape", "1e-9"], "a number from 0.01 to 1000000 is needed");
    refuses(three, &["--fleets", "1..1000"], "replacements in the campaign");
    refuses(&three.replace("weibull:2", "lognormal:1e6"), &[], "lies within 1.1 and 100");
    refuses(
        "id,mtbf_d,life_limit_d,quantity\na,500,1e-7,2\n",
        &[],
        "planned replacements in one period",
    );
    refuses("id,mtbf_d,quantity\na,500,4294967294\n", &[], "a whole number from 1 to 10000");
    // At no time at all a transform was once inverted to no number.
    for period in ["1e9", "1e-308"] {
        let asked = ["spares", "demand", "-", "--period-d", period];
        let message = String::from_utf8(zarya(&asked, three).stderr).unwrap();
        let wanted = "a number from 0.001 to 36525, 100 years, is needed";
        assert!(message.contains(wanted), "{period}: {message}");
    }
}

/// What is no list is named before its columns are missed.
#[test]
fn a_file_that_is_no_list_is_named() {
    for (text, wanted) in [
        ("<!DOCTYPE html><html><body>403</body></html>", "this is a web page, not a list of units"),
        ("PK\u{3}\u{4}....[Content_Types].xml", "this is a workbook of a spreadsheet"),
        ("[{\"id\": \"pump\"}]", "this is JSON, not a list of units"),
    ] {
        let output = zarya(&["spares", "demand", "-", "--period-d", "9"], text);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(message.contains(wanted), "{message}");
    }
}
