//! What all orbit commands have in common: schemas, terminals, stations, refusals.

use crate::schema;
use crate::terminal;
use crate::{deorbit_call, json, made_up_series, refusal, temporary, zarya};

#[test]
fn bad_input_is_refused_with_a_way_out() {
    let empty = temporary("empty.csv", "");
    assert!(refusal(&["orbit", "reboosts", &empty], 1).contains("empty"));
    let cut = temporary("cut.csv", "date,a_km\n2020-01-01\n2020-01-02\n");
    let refused = refusal(&["orbit", "reboosts", &cut], 1);
    assert!(refused.contains("line 2: no value in column 2"), "{refused}");
    let half = temporary(
        "half.tle",
        "1 25544U 98067A   21001.22196045  .00001488  00000-0  34854-4 0  9992\n",
    );
    assert!(refusal(&["orbit", "reboosts", &half], 1).contains("without line 2"));
    assert!(refusal(&["orbit", "reboosts", "/no/such/file"], 3).contains("/no/such/file"));
    let decay = |from: &str, through: &str, altitude: &str, drag: &str, status| {
        refusal(
            &[
                "orbit",
                "decay",
                "--altitude-km",
                altitude,
                "--drag-area-m2-kg",
                drag,
                "--from",
                from,
                "--through",
                through,
                "--sun",
                "observed",
            ],
            status,
        )
    };
    assert!(decay("2030-01-01", "2030-02-01", "415", "0.007", 1).contains("observed Sun"));
    assert!(decay("2020-02-01", "2020-01-01", "415", "0.007", 2).contains("must lie after"));
    assert!(decay("2020-01-01", "2020-02-01", "900", "0.007", 1).contains("outside"));
    assert!(decay("2020-01-01", "2020-02-01", "415", "7", 2).contains("Cd A / m"));
    assert!(decay("2020-01-01", "2020-02-01", "415", "nan", 2).contains("positive"));
}

/// Every field that `schemas/orbit-*.json` requires is there, with a type it allows.
#[test]
fn answers_follow_their_schemas() {
    let series = temporary("schema.csv", &made_up_series());
    let station = ["--altitude-km", "415", "--drag-area-m2-kg", "0.007"];
    let mass = ["--mass-kg", "430000"];
    let from = ["--from", "2026-03-15"];
    let commands: [(&str, Vec<&str>); 6] = [
        ("decay", [&station[..], &from, &["--through", "2026-04-15", "--worlds", "20"]].concat()),
        (
            "hindcast",
            vec!["--altitudes", &series, "--from", "2016-04-20", "--through", "2016-05-20"],
        ),
        ("reboosts", vec![&series]),
        ("lifetime", [&station[..], &from, &["--to-km", "330", "--worlds", "20"]].concat()),
        (
            "keep",
            [
                &station[..],
                &mass,
                &from,
                &["--low-km", "412", "--high-km", "418", "--through", "2027-12-31"],
            ]
            .concat(),
        ),
        (
            "deorbit",
            [&station[..], &mass, &from, &["--entry", "2031-01-15", "--worlds", "20"]].concat(),
        ),
    ];
    for (command, arguments) in commands {
        let all = [&["orbit", command][..], &arguments, &["--json", "-", "--quiet"]].concat();
        schema::follows(&format!("orbit-{command}.json"), &json(&all));
    }
}

/// No line of an answer is wider than a terminal, and pictures name every Sun.
#[test]
fn answers_fit_a_terminal() {
    let picture = temporary("keep.svg", "");
    let station = ["--altitude-km", "418", "--drag-area-m2-kg", "0.007"];
    let mass = ["--mass-kg", "430000"];
    let from = ["--from", "2026-03-15"];
    let span = ["--through", "2028-12-31"];
    let band = ["--low-km", "414", "--high-km", "419", "--plot", &picture];
    let short = ["--vehicle", "progress:300:900", "--vehicle", "zvezda:290:900"];
    let calls = [
        [&["orbit", "keep"][..], &station, &mass, &from, &span, &band, &short].concat(),
        [&["orbit", "deorbit"][..], &station, &mass, &from, &["--entry", "2027-06-15"]].concat(),
        [&["orbit", "lifetime"][..], &station, &from, &["--to-km", "400,150", "--worlds", "20"]]
            .concat(),
        [&["orbit", "decay"][..], &station, &from, &span, &["--worlds", "20"]].concat(),
    ];
    for call in calls {
        let output = zarya(&call);
        assert!(output.status.success());
        terminal::fits(&output, call[1]);
    }
    let drawn = std::fs::read_to_string(&picture).unwrap();
    for name in ["Weak Sun (5 %)", "Middle Sun (50 %)", "Strong Sun (95 %)", "nobody has"] {
        assert!(drawn.contains(name), "{name}");
    }
}

/// What does not hold is said first, and options are named as they were given.
#[test]
fn answers_say_first_what_does_not_hold() {
    let station = ["--altitude-km", "415", "--drag-area-m2-kg", "0.007", "--mass-kg", "430000"];
    let text = |call: &[&str]| {
        let output = zarya(call);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let keep = |through: &str, vehicle: &str| {
        let band = ["--low-km", "414", "--high-km", "419", "--from", "2026-03-15"];
        let more = ["--through", through, "--vehicle", vehicle, "--quiet"];
        text(&[&["orbit", "keep"][..], &station, &band, &more].concat())
    };
    let kept = keep("2027-12-31", "progress:300");
    assert!(kept.starts_with("Keeping 414 to 419 km") && !kept.contains("is held after that"));
    let short = keep("2027-12-31", "progress:300:500");
    assert!(short.starts_with("Not kept: 414 to 419 km"), "{short}");
    let first =
        short.split("\n\n").next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(first.contains("nobody has the propellant for the burn of 20"), "{first}");
    assert!(keep("2060-12-31", "progress:300").contains("its last month is held after that"));
    let call = deorbit_call("2026-03-15", "2026-06-15", &["--capacity-kg", "100", "--quiet"]);
    let answer = text(&call.iter().map(String::as_str).collect::<Vec<_>>());
    let first = answer.lines().find(|line| line.contains("capacity")).unwrap();
    assert!(first.starts_with("The capacity of 100 kg does not suffice"), "{answer}");
    let call = deorbit_call("2031-06-01", "2030-08-15", &[]);
    let said = refusal(&call.iter().map(String::as_str).collect::<Vec<_>>(), 2);
    assert!(said.contains("--entry 2030-08-15 must lie after"), "{said}");
    let dates = ["--from", "2023-01-01", "--through", "2023-03-02", "--sun", "observed"];
    let decay = |drag: &'static str| {
        let area = ["--altitude-km", "415", "--drag-area-m2-kg", drag];
        [&["orbit", "decay"][..], &area, &dates].concat()
    };
    assert!(refusal(&decay("-0.007"), 2).contains("must be a positive number"));
    assert!(text(&decay("0.007")).lines().last().unwrap().starts_with("2023-03-02"));
}

/// A station states what is not given; what is given overrides it, and what nobody states is named.
#[test]
fn a_station_can_be_asked() {
    let quiet = ["--json", "-", "--quiet"];
    let ask = |call: &[&str]| json(&[&["orbit"], call, &quiet].concat());
    let iss = ["--station", "iss"];
    let few = ["--worlds", "20"];
    let calls: [(&str, Vec<&str>); 4] = [
        ("decay", [&["--through", "2025-09-30"][..], &few].concat()),
        ("lifetime", [&["--to-km", "330"][..], &few].concat()),
        ("keep", vec!["--through", "2026-07-31"]),
        ("deorbit", [&["--entry", "2030-01-15"][..], &few].concat()),
    ];
    for (command, more) in &calls {
        let answer = ask(&[&[*command][..], &iss, more].concat());
        schema::follows(&format!("orbit-{command}.json"), &answer);
        assert_eq!(answer["from"], "2025-07-31");
        assert_eq!(answer["drag_area_m2_kg"], 0.0074);
        let station = &answer["inputs"]["station"];
        assert_eq!(
            (&station["station"], &station["from"]),
            (&"embedded iss".into(), &"2025-07-31".into())
        );
        assert_eq!(station["values"]["altitude_km"], 416.5);
        assert_eq!(answer.get("mass_kg").is_some(), station["values"].get("mass_kg").is_some());

        let given = ask(&[&[*command][..], &iss, more, &["--drag-area-m2-kg", "0.008"]].concat());
        assert_eq!(given["drag_area_m2_kg"], 0.008);
        assert!(given["inputs"]["station"]["values"].get("drag_area_m2_kg").is_none());

        let said = refusal(&[&["orbit", *command][..], more].concat(), 2);
        for option in ["--altitude-km", "--drag-area-m2-kg", "--from"] {
            assert!(said.contains(&format!("{option} is not given")), "{said}");
        }
        assert_eq!(said.contains("--mass-kg is not given"), ["keep", "deorbit"].contains(command));
    }
    // The same numbers by hand give the same days.
    let by_hand = ["--altitude-km", "416.5", "--drag-area-m2-kg", "0.0074", "--from", "2025-07-31"];
    let (_, more) = &calls[0];
    let days = |call: &[&str]| ask(&[&["decay"][..], call, more].concat())["days"].clone();
    assert_eq!(days(&iss), days(&by_hand));

    let folder = std::env::temp_dir().join(format!("zarya-orbit-{}-station", std::process::id()));
    let folder = folder.to_str().unwrap();
    assert!(zarya(&["init", folder]).status.success());
    let own = ask(&["decay", "--station", folder, "--through", "2027-01-31", "--worlds", "20"]);
    assert_eq!(own["inputs"]["station"]["station"], folder);
    let lost = ["orbit", "decay", "--station", "mir", "--through", "2027-01-31"];
    assert!(refusal(&lost, 2).contains("embedded stations are iss"));
    let idle = ["orbit", "decay", "--scenario", "x.toml", "--through", "2027-01-31"];
    assert!(refusal(&idle, 2).contains("--scenario changes a station"));
}
