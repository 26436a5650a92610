//! Files as people have them: sets inside JSON, wrapped messages, moved columns, groups, failed downloads.
//!
//! The files stand in `files`; `SOURCES.md` there says where they come from.

#![allow(clippy::unwrap_used, clippy::format_collect)] // small inputs of tests

use flate2::read::GzDecoder;
use proptest::prelude::*;
use std::io::Read as _;
use std::time::{Duration, Instant};
use zarya_orbit::reboosts::{Burn, find};
use zarya_orbit::series::{Refused, Track, read, read_all};
use zarya_units::math;

fn unpacked(packed: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    text
}

macro_rules! packed {
    ($name:literal) => {
        unpacked(include_bytes!(concat!("files/", $name, ".gz")))
    };
}

const N2YO: &str = include_str!("files/n2yo.json");
const STATIONS: &str = include_str!("files/stations.tle");

/// The lines of the sets of 2021 as published, two a set.
fn lines() -> Vec<String> {
    let values: Vec<serde_json::Value> = serde_json::from_str(&packed!("satnogs.json")).unwrap();
    let text = |value: &serde_json::Value, key: &str| value[key].as_str().unwrap().to_owned();
    values.iter().flat_map(|value| [text(value, "tle1"), text(value, "tle2")]).collect()
}

fn published() -> String {
    lines().join("\n") + "\n"
}

fn one_burn(track: &Track) -> Burn {
    let burns = find(track);
    assert_eq!(burns.len(), 1, "{burns:?}");
    burns[0]
}

/// One burn was flown in January and February 2021: 2021-01-21, 0.71 m/s.
fn is_the_burn_of_january(track: &Track) {
    let burn = one_burn(track);
    assert_eq!(burn.date().to_string(), "2021-01-21");
    assert!((burn.delta_v_m_s - 0.71).abs() < 0.01, "{burn:?}");
}

fn refused(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn two_line_sets_inside_json_are_read() {
    let wanted = read(&published()).unwrap();
    assert_eq!((wanted.fixes.len(), wanted.kind), (159, "TLE"));
    is_the_burn_of_january(&wanted);
    let satnogs = read(&packed!("satnogs.json")).unwrap();
    assert_eq!((satnogs.fixes.clone(), satnogs.kind), (wanted.fixes.clone(), "TLE"));
    assert_eq!(satnogs.object.as_deref(), Some("25544 ISS (ZARYA)"));
    assert!(satnogs.caveats.is_empty(), "{:?}", satnogs.caveats);
    let n2yo = read(N2YO).unwrap();
    assert_eq!(n2yo.fixes, wanted.fixes[..1]);
    assert_eq!(n2yo.object.as_deref(), Some("25544 SPACE STATION"));
}

/// The collections that services and programs make of two-line sets.
#[test]
fn the_form_of_a_collection_does_not_matter() {
    let lines = &lines()[..8];
    let wanted = read(&lines.join("\n")).unwrap();
    let quoted: Vec<String> = lines.iter().map(|line| format!("\"{line}\"")).collect();
    let text = quoted.join(",").replace("\",\"", "\\r\\n");
    let pairs = |write: &dyn Fn(&str, &str) -> String| {
        quoted.chunks(2).map(|pair| write(&pair[0], &pair[1])).collect::<Vec<_>>()
    };
    let column =
        |odd: usize| quoted.iter().skip(odd).step_by(2).cloned().collect::<Vec<_>>().join(",");
    let forms = [
        format!("[{}]", quoted.join(",")),
        format!("{{\"tle\": [{}]}}", quoted.join(",")),
        format!("[{}]", pairs(&|a, b| format!("[\"ISS\",{a},{b}]")).join(",")),
        format!(
            "{{\"member\":[{}]}}",
            pairs(&|a, b| format!("{{\"line1\":{a},\"line2\":{b}}}")).join(",")
        ),
        format!("[{}]", pairs(&|a, b| format!("{{\"b\":{a},\"a\":{b},\"id\":1}}")).join(",")),
        format!(
            "[{}]",
            pairs(&|a, b| format!("{{\"line\":1,\"text\":{a}}},{{\"line\":2,\"text\":{b}}}"))
                .join(",")
        ),
        pairs(&|a, b| format!("{{\"TLE_LINE1\":{a},\"TLE_LINE2\":{b}}}")).join("\n"),
        format!(
            "{{\"25544\":{{\"sets\":[{}]}}}}",
            pairs(&|a, b| format!("{{\"tle\":[{a},{b}]}}")).join(",")
        ),
        format!("{{\"line1\":[{}],\"line2\":[{}]}}", column(0), column(1)),
        format!("{{\"data\":{{\"results\":{{\"text\":{text}}}}}}}"),
        format!("{{\"tle\":{}}}", text.replace("\\r\\n", "<br>")),
        format!("{{\"tle\":{}}}", text.replace("\\r\\n", "\\\\n")),
    ];
    for form in forms {
        let track = read(&form).unwrap_or_else(|why| panic!("{why}: {form}"));
        assert_eq!((&track.fixes, &track.kind), (&wanted.fixes, &"TLE"), "{form}");
    }
}

/// A line whose partner is lost is not paired with that of another set.
#[test]
fn a_lost_line_in_json_costs_its_set() {
    let lines = lines();
    let set = |k: usize, keys: &[usize]| {
        let members: Vec<String> =
            keys.iter().map(|key| format!("\"tle{key}\":\"{}\"", lines[2 * k + key - 1])).collect();
        format!("{{{}}}", members.join(","))
    };
    let text =
        [set(0, &[1, 2]), set(1, &[1]), set(2, &[2]), set(3, &[1, 2]), set(4, &[1, 2])].join(",");
    let track = read(&format!("[{text}]")).unwrap();
    let wanted = read(&[&lines[..2], &lines[6..10]].concat().join("\n")).unwrap();
    assert_eq!(track.fixes, wanted.fixes);
    assert!(
        track.caveats[0].contains("record 2: a line of an element set without its line 2"),
        "{:?}",
        track.caveats
    );
}

#[test]
fn a_wrapped_message_is_a_message() {
    let track = read(&packed!("wrapped.json")).unwrap();
    assert_eq!((track.fixes.len(), track.kind), (159, "OMM"));
    is_the_burn_of_january(&track);
    let value: serde_json::Value = serde_json::from_str(&packed!("wrapped.json")).unwrap();
    let bare = value["data"].to_string();
    let wanted = read(&bare).unwrap();
    let keys: [&dyn Fn(&str) -> String; 4] = [
        &|text| format!("{{\"meta\":{{\"count\":159}},\"response\":{{\"elements\":{text}}}}}"),
        &|text| text.to_lowercase().replace("iss (zarya)", "ISS (ZARYA)"),
        &|text| {
            text.replace("MEAN_MOTION\"", "meanMotion\"").replace("RA_OF_ASC_NODE", "raOfAscNode")
        },
        &|text| text.trim_matches(['[', ']']).replace("},{", "}\n{"),
    ];
    for dress in keys {
        let track = read(&dress(&bare)).unwrap();
        assert_eq!(track.fixes, wanted.fixes);
    }
}

/// The standard's own JSON keeps metadata, elements and parameters of the set apart.
#[test]
fn a_message_in_parts_is_one() {
    let text = r#"{"ndm": {"omm": [{"header": {"ORIGINATOR": "X"}, "body": {"segment": {
        "metadata": {"OBJECT_NAME": "ISS (ZARYA)", "OBJECT_ID": "1998-067A", "CENTER_NAME": "EARTH",
                     "MEAN_ELEMENT_THEORY": "SGP4"},
        "data": {"meanElements": {"EPOCH": "2021-01-01T05:19:37.382880", "MEAN_MOTION": "15.49246091",
                     "ECCENTRICITY": 0.0001153, "INCLINATION": 51.6464, "RA_OF_ASC_NODE": 88.5894,
                     "ARG_OF_PERICENTER": 173.6665, "MEAN_ANOMALY": 39.5832},
                 "tleParameters": {"NORAD_CAT_ID": 25544, "BSTAR": null}}}}}]}}"#;
    let track = read(text).unwrap();
    let wanted = read(&published()).unwrap();
    assert!((track.fixes[0].altitude_km - wanted.fixes[0].altitude_km).abs() < 1e-9);
    assert_eq!(track.object.as_deref(), Some("25544 ISS (ZARYA)"));
    let moon = text.replace("\"EARTH\"", "\"MOON\"");
    assert!(refused(&moon).contains("the center is `MOON`"), "{}", refused(&moon));
}

/// Four of 159 have no mean motion: they are left out, and the first three named.
#[test]
fn records_without_a_value_are_left_out_and_named() {
    let text = packed!("one-null.json");
    let track = read(&text).unwrap();
    assert_eq!(track.fixes.len(), 155);
    is_the_burn_of_january(&track);
    assert_eq!(
        track.caveats,
        [
            "4 element sets left out: record 4: `MEAN_MOTION` is null; record 44: `MEAN_MOTION` is null; record 84: \
          `MEAN_MOTION` is null; …"
        ]
    );
    // A list that breaks off keeps what was whole.
    let cut = read(&text[..text.len() - 100]).unwrap();
    assert_eq!(cut.fixes, track.fixes[..154]);
    assert!(
        cut.caveats[0].contains("the JSON breaks off in line 1: the record there was left out"),
        "{:?}",
        cut.caveats
    );
    // Python writes NaN, which JSON does not have.
    let nan = read(&text.replace("null", "NaN")).unwrap();
    assert_eq!((nan.fixes, nan.caveats), (track.fixes.clone(), track.caveats.clone()));
    // What no altitude needs cannot cost a set.
    let spoiled = text
        .replace("\"BSTAR\": ", "\"BSTAR\": null, \"X\": ")
        .replace("\"MEAN_MOTION_DDOT\": ", "\"MEAN_MOTION_DDOT\": \"garbage\", \"Y\": ")
        .replace("\"ELEMENT_SET_NO\": 999, ", "")
        .replace("\"CLASSIFICATION_TYPE\": \"U\"", "\"CLASSIFICATION_TYPE\": 7");
    assert_eq!(read(&spoiled).unwrap().fixes, track.fixes);
    // Where most are faulty, the text is not what it is taken for.
    let most = text.replacen("\"INCLINATION\": ", "\"INCLINATION\": null, \"Z\": ", 100);
    let why = refused(&most);
    assert!(why.starts_with("101 of 159 element sets cannot be used"), "{why}");
    assert!(why.contains("record 1: `INCLINATION` is null"), "{why}");
}

/// A semi-major axis is the mean one of a theory that says so; SGP4 is published with a mean motion.
#[test]
fn a_semi_major_axis_is_read_where_it_is_valid() {
    let text = packed!("semi-major-axis.json");
    let why = refused(&text);
    assert!(why.contains("`SEMI_MAJOR_AXIS` stands in the place of `MEAN_MOTION`"), "{why}");
    assert!(why.contains("give `MEAN_MOTION`, name the theory"), "{why}");
    let of = |theory: &str| {
        text.replace("\"EPOCH\"", &format!("\"MEAN_ELEMENT_THEORY\": \"{theory}\", \"EPOCH\""))
    };
    for theory in ["SGP4", "SGP/SGP4", "SGP4-XP"] {
        assert!(refused(&of(theory)).contains("in the place of `MEAN_MOTION`"));
    }
    for theory in ["DSST", "USM", "BROUWER"] {
        let track = read(&of(theory)).unwrap();
        assert_eq!(track.fixes.len(), 159);
        assert!((track.fixes[0].altitude_km - (6797.5 - 6378.137)).abs() < 1e-9);
        assert!(find(&track).is_empty(), "its axes are made up, and fall");
    }
    assert!(refused(&of("OSCULATING")).contains("they are not mean ones"));
    // Two mean motions of one number: SGP4's after Kozai, that of SGP4-XP after Brouwer.
    let motion = packed!("wrapped.json");
    let xp = motion.replace("\"EPHEMERIS_TYPE\": 0", "\"EPHEMERIS_TYPE\": 4");
    let apart_km =
        read(&motion).unwrap().fixes[0].altitude_km - read(&xp).unwrap().fixes[0].altitude_km;
    assert!((apart_km - 0.50).abs() < 0.02, "{apart_km}");
}

#[test]
fn columns_that_have_moved_are_read_by_fields() {
    let wanted = read(&published()).unwrap();
    for text in [packed!("tabs.txt"), packed!("collapsed.txt")] {
        let track = read(&text).unwrap();
        assert_eq!(track.fixes, wanted.fixes);
        is_the_burn_of_january(&track);
        let said = &track.caveats[0];
        assert!(
            said.starts_with("159 element sets whose columns have moved (tabs or collapsed"),
            "{said}"
        );
    }
    // A digit that is wrong is noticed all the same.
    let wrong = packed!("collapsed.txt").replacen("88.5894", "88.5994", 1);
    let track = read(&wrong).unwrap();
    assert_eq!(track.fixes.len(), 158);
    assert!(track.caveats[0].contains("line 1: the checksum of line 2"), "{:?}", track.caveats);
}

#[test]
fn sets_without_a_checksum_are_read_with_a_note() {
    let bare: String = lines().iter().map(|line| format!("{}\n", &line[..68])).collect();
    let track = read(&bare).unwrap();
    assert_eq!(track.fixes, read(&published()).unwrap().fixes);
    assert!(
        track.caveats[0].starts_with("159 element sets without a checksum"),
        "{:?}",
        track.caveats
    );
}

#[test]
fn line_ends_blanks_and_names_do_not_matter() {
    let wanted = read(&published()).unwrap();
    let named = published().replace("1 25544U", "0 ISS (ZARYA)\n1 25544U");
    let dresses = [
        published().replace('\n', "\r\n"),
        published().replace('\n', "\r"),
        published().replace("\n2 ", "\r\n2 "),
        format!("\u{feff}{}", published().replace('\n', "   \n")),
        published().to_lowercase(),
        published().replace("\n1 ", "\n\n\n1 "),
        named,
    ];
    for text in dresses {
        assert_eq!(read(&text).unwrap().fixes, wanted.fixes, "{}", &text[..80]);
    }
}

#[test]
fn one_object_of_a_group_is_picked() {
    let pick = |object: &str| read_all(&[("", STATIONS)], Some(object));
    let why = refused(STATIONS);
    assert!(
        why.starts_with("25 objects are mixed here (25544 ISS (ZARYA), 36086 POISK, 48274"),
        "{why}"
    );
    assert!(why.contains("and 15 more): pick one with `object`"), "{why}");
    let css = pick("48274").unwrap();
    assert_eq!((css.fixes.len(), css.object.as_deref()), (1, Some("48274 CSS (TIANHE)")));
    for same in ["css (tianhe)", "Tianhe", "2021-035A", "21035A", " 048274"] {
        assert_eq!(pick(same).unwrap().fixes, css.fixes, "{same}");
    }
    let said = |refused: Result<Track, Refused>| refused.unwrap_err().error.to_string();
    assert!(said(pick("CSS")).contains("`object` CSS fits"), "{}", said(pick("CSS")));
    assert!(said(pick("T0001")).contains("no object T0001 is here, but 25544 ISS (ZARYA)"));
    // A bad set of another object is none of the one that is picked.
    let spoiled = STATIONS.replace("1 36086U 09060A   26150", "1 36086U 09060A   26151");
    assert!(read_all(&[("", &spoiled)], Some("48274")).unwrap().caveats.is_empty());
    let why = said(read_all(&[("", &spoiled)], Some("36086")));
    assert!(why.contains("checksum"), "{why}");
    // In every notation that names objects.
    let csv = "date,alt_mean_km,norad_cat_id\n2016-03-01,404,25544\n2016-03-01,380,48274\n";
    assert_eq!(read_all(&[("", csv)], Some("48274")).unwrap().fixes[0].altitude_km, 380.0);
    let omm = |number: u32, name: &str| {
        format!(
            "CCSDS_OMM_VERS = 3.0\nOBJECT_NAME = {name}\nEPOCH = 2021-01-01T05:19:37\nMEAN_MOTION = \
             15.49246091\nECCENTRICITY = 0.0001153\nINCLINATION = 51.6464\nRA_OF_ASC_NODE = 88.5894\n\
             NORAD_CAT_ID = {number}\n"
        )
    };
    let kvn = omm(25544, "ISS") + &omm(272_541, "OTHER");
    assert_eq!(
        read_all(&[("", &kvn)], Some("T2541")).unwrap().object.as_deref(),
        Some("272541 OTHER")
    );
}

#[test]
fn several_texts_are_merged_by_time() {
    let lines = lines();
    let wanted = read(&published()).unwrap();
    let early = lines[..200].join("\n");
    let late = lines[180..].join("\n");
    let track = read_all(&[("late.tle", &late), ("early.tle", &early)], None).unwrap();
    assert_eq!(track.fixes, wanted.fixes);
    assert_eq!(track.caveats, ["10 element sets in more than one file, counted once"]);
    is_the_burn_of_january(&track);
    // The same sets as OMM: epochs differ by rounding alone.
    let omm = packed!("wrapped.json");
    let track = read_all(&[("a.tle", &early), ("b.json", &omm)], None).unwrap();
    assert_eq!(track.fixes.len(), 159);
    assert!(
        track.caveats.contains(&"100 element sets in more than one file, counted once".to_owned())
    );
    is_the_burn_of_january(&track);
    // What is said about one of several names it.
    let broken = late.replacen("9992", "9993", 1);
    let track = read_all(&[("early.tle", &early), ("late.tle", &broken)], None).unwrap();
    assert!(
        track.caveats.iter().any(|said| said.contains("late.tle: line ")),
        "{:?}",
        track.caveats
    );
    let refused =
        read_all(&[("early.tle", &early), ("page", "<html><body>no</body></html>")], None);
    assert_eq!(refused.unwrap_err().text, Some(1));
    let mixed = read_all(&[("early.tle", &early), ("stations.tle", STATIONS)], None).unwrap_err();
    assert_eq!(mixed.text, None);
    assert!(mixed.error.to_string().starts_with("25 objects are mixed here"));
    let picked =
        read_all(&[("early.tle", &early), ("stations.tle", STATIONS)], Some("25544")).unwrap();
    assert_eq!(picked.fixes.len(), 101);
}

/// A broken message, state or row costs itself and is named, in each notation.
#[test]
fn one_bad_record_costs_itself() {
    let omm = |epoch: &str, motion: &str, write: &dyn Fn(&str, &str) -> String| -> String {
        [
            ("OBJECT_NAME", "A & B [X]"),
            ("NORAD_CAT_ID", "25544"),
            ("EPOCH", epoch),
            ("MEAN_MOTION", motion),
            ("ECCENTRICITY", "0.0001153"),
            ("INCLINATION", "51.6464"),
            ("RA_OF_ASC_NODE", "88.5894"),
        ]
        .iter()
        .map(|(key, value)| write(key, value))
        .collect()
    };
    let three =
        |motion: &str, head: &str, tail: &str, write: &dyn Fn(&str, &str) -> String| -> String {
            ["15.49", motion, "15.49"]
                .iter()
                .enumerate()
                .map(|(i, motion)| {
                    format!(
                        "{head}{}{tail}",
                        omm(&format!("2021-01-0{}T00:00:00", i + 1), motion, write)
                    )
                })
                .collect()
        };
    let said = |text: &str, wanted: &str| {
        let track = read(text).unwrap_or_else(|why| panic!("{why}: {text}"));
        assert_eq!(track.fixes.len(), 2, "{text}");
        assert!(track.caveats[0].contains(wanted), "{:?}", track.caveats);
        track
    };
    let kvn = |key: &str, value: &str| format!("{key} = {value}\n");
    let track = said(
        &three("n/a", "CCSDS_OMM_VERS = 2.0\n", "", &kvn),
        "1 element set left out: message 2 (line 9): `MEAN_MOTION` is n/a",
    );
    assert_eq!(track.object.as_deref(), Some("25544 A & B [X]"));
    let xml = |key: &str, value: &str| format!("<{key}>{}</{key}>\n", value.replace('&', "&amp;"));
    let wrap = |messages: &str| format!("<?xml version=\"1.0\"?>\n<ndm>\n{messages}</ndm>\n");
    let text = wrap(&three("x", "<omm>\n", "</omm>\n", &xml));
    said(&text, "message 2 (line 12): `MEAN_MOTION` is `x`, not a number");
    // A tag that is not closed spoils its own message alone.
    said(
        &text.replace(">x</MEAN_MOTION>", ">15.49</MEAN_MOTON>"),
        "message 2 (line 12): the XML cannot be read",
    );
    let csv = "NORAD_CAT_ID,EPOCH,MEAN_MOTION,ECCENTRICITY,INCLINATION,RA_OF_ASC_NODE\n";
    let row = |day: u8, motion: &str| format!("25544,2021-01-0{day},{motion},0.0001,51.6,88.6\n");
    said(
        &format!("{csv}{}{}{}", row(1, "15.49"), row(2, ""), row(3, "15.49")),
        "line 3: `MEAN_MOTION` is empty",
    );
    let table = "date,alt_mean_km\n2021-01-01,419\n2021-01-xx,419\n2021-01-03,419\n";
    said(table, "1 row left out: line 3: column 1 (`date`): `2021-01-xx` is not a date");
    let lines = lines();
    let tle = [&lines[..3], &lines[4..6]].concat().join("\n");
    said(&tle, "line 3: line 1 of an element set without line 2 after it");
    let swapped = [&lines[..2], &lines[3..4], &lines[4..6]].concat().join("\n");
    said(&swapped, "line 3: line 2 of an element set without line 1 before it");
    let jsonl = "{\"EPOCH\":\"2021-01-01\",\"MEAN_MOTION\":15.49,\"ECCENTRICITY\":0,\"INCLINATION\":51.6,\"RA_OF_ASC_NODE\":0}\n";
    let text = format!("{jsonl}{{\"EPOCH\":\n{}", jsonl.replace("01-01", "01-02"));
    said(&text, "line 2: not JSON");
}

/// A state that cannot be read, or lies far off, costs itself.
#[test]
fn one_bad_state_costs_itself() {
    let state = |i: u32| {
        let angle = 0.001_126_4 * 240.0 * f64::from(i);
        let (s, c) = math::sincos(angle);
        let seconds = 240 * i;
        let time = format!("2022-02-11T{:02}:{:02}:00.000", seconds / 3600, seconds / 60 % 60);
        let (x, y) = (6798.137 * c, 6798.137 * s);
        format!("{time} {x:.6} 0.0 {y:.6} {:.9} 0.0 {:.9}\n", -7.657_4 * s, 7.657_4 * c)
    };
    let head = "CCSDS_OEM_VERS = 2.0\nMETA_START\nOBJECT_NAME = ISS\nOBJECT_ID = 1998-067-A\nREF_FRAME = EME2000\nMETA_STOP\n";
    let whole: Vec<String> = (0..120).map(state).collect();
    let text = format!("{head}{}", whole.concat());
    let wanted = read(&text).unwrap();
    assert_eq!(wanted.object.as_deref(), Some("1998-067A ISS"));
    let spoil = |k: usize, line: &str| {
        let mut lines = whole.clone();
        lines[k] = line.to_owned();
        read(&format!("{head}{}", lines.concat())).unwrap()
    };
    let track = spoil(10, "2022-02-11T00:40:00.000 x 0 0 0 0 0\n");
    assert!(
        track.caveats[0].contains("line 17: `X` is missing or not a number"),
        "{:?}",
        track.caveats
    );
    assert!((track.fixes[0].altitude_km - wanted.fixes[0].altitude_km).abs() < 0.5);
    let track = spoil(10, "2022-02-11T00:40:00.000 1 0 0 0 0 0\n");
    assert!(track.caveats[0].contains("is no low orbit"), "{:?}", track.caveats);
    // The same states in XML, whose `<body>` is not that of a page.
    let xml: String = whole.iter().fold(String::new(), |all, line| {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let names = ["EPOCH", "X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT"];
        let fields =
            names.iter().zip(&cells).map(|(name, cell)| format!("<{name}>{cell}</{name}>"));
        format!("{all}<stateVector>{}</stateVector>", fields.collect::<String>())
    });
    let xml = format!("<ndm><oem><body><segment><data>{xml}</data></segment></body></oem></ndm>");
    assert_eq!(read(&xml).unwrap().fixes, wanted.fixes);
    // Another object in a segment of its own.
    let other = text.replace("1998-067-A", "2021-035-A").replace("= ISS", "= CSS");
    let two = format!("{text}{other}");
    assert!(
        refused(&two).contains("2 objects are mixed here (1998-067A ISS, 2021-035A CSS)"),
        "{}",
        refused(&two)
    );
    assert_eq!(read_all(&[("", &two)], Some("CSS")).unwrap().fixes, wanted.fixes);
}

/// What is no data is named for what it is, and a table for what it lacks.
#[test]
fn what_is_no_series_is_named() {
    let said = |text: &str, wanted: &[&str]| {
        let why = refused(text);
        for part in wanted {
            assert!(why.contains(part), "{why}\n{part}");
        }
    };
    let failed = "not elements or altitudes: the download failed";
    said(include_str!("files/forbidden.html"), &["a web page", failed, "get the file again"]);
    said(include_str!("files/no-data.txt"), &["a message (`No GP data found`)", failed]);
    said(
        "You have been logged out. Please log in again.\n",
        &["a message (`You have been", failed],
    );
    said("", &["the file is empty: nothing came"]);
    said("%PDF-1.7\n%x", &["a PDF, not elements"]);
    said(
        "PK\u{3}\u{4}\u{14}xl/workbook.xml",
        &["a workbook of a spreadsheet", "save the sheet as CSV"],
    );
    said(
        "{\"error\": \"Rate limit\"}",
        &["a message of a service, not elements (`Rate limit`)", "the download failed"],
    );
    said("[]", &["an empty JSON list", "check what was asked"]);
    said("{\"member\": []}", &["list `member` is empty"]);
    said(
        "{\"iss_position\": {\"latitude\": 1}}",
        &["neither an OMM", "`iss_position`", "give elements"],
    );
    said("[[oru]]\nid = \"pump\"\n", &["TOML (`[[oru]]`), not elements"]);
    said("<Error><Code>AccessDenied</Code></Error>", &["a message of a service (`Error`)"]);
    said("<gpx><wpt/></gpx>", &["XML whose first element is `gpx`"]);
    said(
        "CCSDS_OPM_VERS = 2.0\nX = 1\n",
        &["of the CCSDS of another type (`CCSDS_OPM_VERS = 2.0`)"],
    );
    said("[{\"EPOCH\": \"2021-01-01\"", &["the JSON breaks off: the file is cut off"]);
    said(
        include_str!("files/api-log.csv"),
        &[
            "line 1: ",
            "no column `date` (YYYY-MM-DD",
            "`timestamp` is not read",
            "`altitude` beside a place on the ground",
        ],
    );
    said(
        include_str!("files/vectors.csv"),
        &["a table of positions and velocities", "write them as an OEM"],
    );
    said("time,x,y,z,vx,vy,vz\n1,2,3,4,5,6,7\n", &["write them as an OEM"]);
    said(
        "EPOCH,MEAN_MOTION,INCLINATION\n2021-01-01,15.5,51.6\n",
        &["a table of element sets without `ECCENTRICITY`, `RA_OF_ASC_NODE`: it has `epoch`"],
    );
    said(
        "date,date,height_km\n2021-01-01,1,2\n",
        &["names `date` twice (columns 1 and 2)", "`height_km` is none of these"],
    );
}

/// Tables as spreadsheets and catalogs write them.
#[test]
fn spreadsheets_are_read() {
    let rows = "date;alt_mean_km;note\r\n2021-01-01;419,5;\r\n;;\r\n2021-01-02;1.419,4;\r\n2021-01-03;419,25;x\r\n\
                Total;1258;\r\n";
    let track = read(rows).unwrap();
    assert_eq!(track.fixes.iter().map(|fix| fix.altitude_km).collect::<Vec<_>>(), [419.5, 419.25]);
    let said = track.caveats.join("\n");
    assert!(
        said.contains("line 4: column 2 (`alt_mean_km`): `1.419,4` has a point between thousands"),
        "{said}"
    );
    assert!(said.contains("line 6 is a row of totals (`Total`): left out"), "{said}");
    let sets = lines();
    let table = format!(
        "name,epoch,line1,line2\n\"ISS\",x,{},{}\n\"ISS\",y,{},{}\n",
        sets[0], sets[1], sets[2], sets[3]
    );
    let track = read(&table).unwrap();
    assert_eq!((track.fixes, track.kind), (read(&sets[..4].join("\n")).unwrap().fixes, "TLE"));
    let omm = "EPOCH;MEAN_MOTION;ECCENTRICITY;INCLINATION;RA_OF_ASC_NODE;NORAD_CAT_ID\n\
               2021-01-01T05:19:37.382880;15,49246091;0,0001153;51,6464;88,5894;25544\n";
    let wanted = read(&sets[..2].join("\n")).unwrap();
    let track = read(omm).unwrap();
    assert!((track.fixes[0].altitude_km - wanted.fixes[0].altitude_km).abs() < 1e-9);
}

fn any_file() -> impl Strategy<Value = String> {
    let satnogs = packed!("satnogs.json");
    let files = [
        published(),
        STATIONS.to_owned(),
        N2YO.to_owned(),
        format!("{}]", &satnogs[..=satnogs.find("}, {").unwrap()]),
        packed!("one-null.json")[..3000].to_owned(),
        packed!("tabs.txt"),
        "CCSDS_OMM_VERS = 2.0\nEPOCH = 2021-01-01\nMEAN_MOTION = 15.5 [rev/day]\nECCENTRICITY = 0\n".into(),
        "<ndm><omm><EPOCH>2021-01-01</EPOCH><MEAN_MOTION>15.5</MEAN_MOTION></omm></ndm>".into(),
        "<oem><segment><metadata><OBJECT_ID>1</OBJECT_ID></metadata><stateVector><X>1</X></stateVector></segment></oem>".into(),
        "CCSDS_OEM_VERS = 2.0\nMETA_START\nMETA_STOP\n2022-02-11T00:40:00.000 6798 0 0 0 0 7.6\n".into(),
        "date;alt_mean_km;norad_cat_id\n2021-01-01;419,5;25544\n2021-01-02;1.419,4;25544\n".into(),
    ];
    proptest::sample::select(files.to_vec())
}

/// Bytes changed, parts cut, doubled and moved.
fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<u16>(), any::<u16>(), any::<u8>(), 0_u8..4);
    (any_file(), proptest::collection::vec(change, 0..12)).prop_map(|(text, changes)| {
        let mut bytes = text.into_bytes();
        bytes.truncate(6_000);
        for (at, length, byte, what) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = usize::from(at) % bytes.len();
            let end = (at + usize::from(length) % 200).min(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => drop(bytes.drain(at..end)),
                2 => {
                    let part = bytes[at..end].to_vec();
                    bytes.splice(at..at, part);
                }
                _ => bytes.insert(at, b"\n\t<>{}[]\",;=#-.\xff"[usize::from(byte) % 16]),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

#[allow(clippy::disallowed_methods, reason = "what is tested is that reading ends")]
fn now() -> Instant {
    Instant::now()
}

/// Two megabytes of what a careless reader would go through again and again.
#[test]
fn long_texts_of_one_kind_are_read_in_one_pass() {
    let lines = lines();
    let texts = [
        format!("[{}]", vec![format!("{{\"text\":\"{}\"}}", lines[0]); 20_000].join(",")),
        format!("<ndm>{}", "<omm ".repeat(400_000)),
        format!("<ndm>{}", "<omm></omm ".repeat(200_000)),
        format!("<ndm>{}", "<".repeat(2_000_000)),
        "[".repeat(2_000_000),
        "[{}".repeat(600_000),
        format!("{}\n", lines[0]).repeat(25_000),
        format!("{}\n{}\n", lines[0], lines[1]).repeat(12_000),
        "EPOCH = 2021-01-01\n".repeat(100_000),
        format!("date,alt_mean_km,object\n{}", "2021-01-01,404,\"\n".repeat(100_000)),
    ];
    for text in texts {
        let begun = now();
        let _ = read(&text).map_err(|why| assert!(why.to_string().len() < 2_000, "{why}"));
        assert!(begun.elapsed() < Duration::from_mins(1), "{}", &text[..60]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// No text makes a reader panic, or take long; what is read has times that rise and altitudes of orbits.
    #[test]
    fn no_text_breaks_a_reader(text in prop_oneof![mutated(), ".{0,300}", "[0-9 .\t\n,;{}<>\"-]{0,300}"]) {
        let begun = now();
        match read_all(&[("a", &text), ("b", &text)], Some("25544")).or_else(|_| read_all(&[("", &text)], None)) {
            Ok(track) => {
                prop_assert!(track.fixes.windows(2).all(|pair| pair[0].mjd < pair[1].mjd));
                prop_assert!(track.fixes.iter().all(|fix| (100.0..1000.0).contains(&fix.altitude_km)));
            }
            Err(refused) => prop_assert!(!refused.error.to_string().is_empty()),
        }
        prop_assert!(begun.elapsed() < Duration::from_secs(5));
    }
}
