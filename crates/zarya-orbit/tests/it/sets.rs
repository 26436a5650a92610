//! Element sets out: what is written is read back as it was, by this crate and by another program, and is what
//! catalogs publish.

use flate2::read::GzDecoder;
use proptest::prelude::*;
use std::io::Read as _;
use zarya_orbit::oem::Path;
use zarya_orbit::series::{Sets, read, read_sets};
use zarya_orbit::sets::{
    Epoch, Identity, Notation, Set, Size, Written, bstar, of_path, write as try_write,
};
use zarya_units::Date;

const PAIRS: &str = include_str!("published_pairs.csv");
const STATIONS: &str = include_str!("files/stations.tle");

fn unpacked(packed: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    text
}

fn sets(text: &str) -> Sets {
    read_sets(&[("text", text)], None).unwrap()
}

fn write(sets: &[Set], notation: Notation) -> Written {
    try_write(sets, notation, &[]).unwrap()
}

fn one(set: &Set) -> &[Set] {
    std::slice::from_ref(set)
}

/// Whether two sets are the same, epochs to a microsecond: notations divide a day in their own ways.
fn same(these: &[Set], others: &[Set]) -> bool {
    let plain = |set: &Set| Set { epoch: Epoch::of(0.0), ..set.clone() };
    these.len() == others.len()
        && these.iter().zip(others).all(|(a, b)| {
            plain(a) == plain(b)
                && a.epoch.to_string() == b.epoch.to_string()
                && (a.epoch.mjd() - b.epoch.mjd()).abs() < 2e-11
        })
}

/// A published pair: the row of the CSV under its header, and the lines where there are such.
fn pairs() -> Vec<(String, Option<[String; 3]>)> {
    let rows = PAIRS.lines().filter(|line| !line.starts_with('#'));
    let rows: Vec<Vec<&str>> = rows.map(|line| line.split(',').collect()).collect();
    let csv = |row: &[&str]| row[..17].join(",") + "\n";
    let of = |row: &Vec<&str>| {
        let lines = [row[0], row[17], row[18]].map(str::to_owned);
        (csv(&rows[0]) + &csv(row), Some(lines).filter(|lines| !lines[1].is_empty()))
    };
    rows[1..].iter().map(of).collect()
}

/// Two ways to write a power of ten of a number that is zero, and the checksum that counts the minus.
fn plain(line: &str) -> String {
    line[..line.len() - 1].replace(" 00000-0", " 00000+0")
}

#[test]
fn published_sets_are_written_in_both_notations_as_they_were_published() {
    for (csv, lines) in pairs() {
        let read = sets(&csv);
        assert!(read.caveats.is_empty(), "{:?}", read.caveats);
        // The CSV again: the same keys, and the same numbers under them.
        let again = write(&read.sets, Notation::OmmCsv).text;
        let cells = |text: &str| -> Vec<Vec<String>> {
            text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
        };
        let (wanted, got) = (cells(&csv), cells(&again));
        assert_eq!(got[0], wanted[0]);
        for (wanted, got) in wanted[1].iter().zip(&got[1]) {
            let number = |text: &str| text.parse::<f64>().ok();
            assert!(wanted == got || number(wanted) == number(got), "{wanted} {got}");
        }
        let Some(lines) = lines else { continue };
        let tle = write(&read.sets, Notation::Tle).text;
        let got: Vec<&str> = tle.lines().collect();
        assert_eq!(got[0], lines[0]);
        assert_eq!(plain(got[1]), plain(&lines[1]));
        assert_eq!(got[2], lines[2]);
        // And from the lines the row.
        let back = write(&sets(&lines.join("\n")).sets, Notation::OmmCsv);
        assert_eq!(back.text, again);
        assert!(back.caveats.is_empty(), "{:?}", back.caveats);
    }
}

/// The group of May 2026, with names, many objects and blank fields of old sets: byte for byte, but for what pads names.
#[test]
fn a_group_file_goes_through_every_notation_and_comes_back() {
    let read = sets(STATIONS);
    let wanted: String = STATIONS.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    for notation in Notation::ALL {
        let written = write(&read.sets, notation);
        assert_eq!(written.sets, STATIONS.lines().count() / 3);
        assert!(written.caveats.is_empty(), "{notation}: {:?}", written.caveats);
        let again = sets(&written.text);
        assert!(same(&again.sets, &read.sets), "{notation}");
        assert_eq!(write(&again.sets, Notation::Tle).text, wanted, "{notation}");
    }
}

/// 159 sets of 2021 as a service gives them: each is written as it was, and gives the altitude that it gave.
#[test]
fn a_history_keeps_its_altitudes_and_lines() {
    let text = unpacked(include_bytes!("files/satnogs.json.gz"));
    let history = sets(&text);
    assert_eq!(history.sets.len(), 159);
    let values: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let tle = write(&history.sets, Notation::Tle).text;
    let lines: Vec<&str> = tle.lines().collect();
    for (value, lines) in values.iter().zip(lines.chunks(3)) {
        let line = |key: &str| value[key].as_str().unwrap();
        assert_eq!(format!("0 {}", lines[0]), line("tle0"));
        assert_eq!(plain(lines[1]), plain(line("tle1")));
        assert_eq!(lines[2], line("tle2"));
    }
    let altitudes = |text: &str| -> Vec<(f64, f64)> {
        read(text).unwrap().fixes.iter().map(|fix| (fix.mjd, fix.altitude_km)).collect()
    };
    let wanted = altitudes(&text);
    for notation in Notation::ALL {
        assert_eq!(altitudes(&write(&history.sets, notation).text), wanted, "{notation}");
    }
}

/// Four messages have no mean motion: they are no sets, and 155 are written.
#[test]
fn what_a_set_lacks_keeps_it_out_or_is_said() {
    let read = sets(&unpacked(include_bytes!("files/one-null.json.gz")));
    assert_eq!(read.sets.len(), 155);
    let said = read.caveats.join("\n");
    for record in ["4 element sets left out", "record 4", "record 44", "record 84"] {
        assert!(said.contains(record), "{said}");
    }
    let whole = &read.sets[0];
    let without = |change: fn(&mut Set)| {
        let mut set = whole.clone();
        change(&mut set);
        set
    };
    // What SGP4 cannot do without.
    for (set, why) in [
        (without(|set| set.pericenter_deg = None), "argument of pericenter"),
        (without(|set| set.anomaly_deg = None), "mean anomaly"),
        (without(|set| set.size = Size::Axis(6797.5)), "semi-major axis"),
        (without(|set| set.size = Size::Brouwer(15.5)), "SGP4-XP"),
        (without(|set| set.eccentricity = 1.0), "eccentricity"),
        (without(|set| set.inclination_deg = 181.0), "inclination"),
        (without(|set| set.raan_deg = f64::NAN), "a node of"),
    ] {
        for notation in Notation::ALL {
            let written = write(&[set.clone(), whole.clone()], notation);
            assert_eq!(written.sets, 1);
            let [said] = &written.caveats[..] else { panic!("{:?}", written.caveats) };
            assert!(said.contains("1 element set not written") && said.contains(why), "{said}");
            assert!(said.contains("25544 ISS (ZARYA) of 2021-01-01"), "{said}");
            let error = try_write(one(&set), notation, &[]).unwrap_err().to_string();
            assert!(error.contains("none of 1 element set") && error.contains(why), "{error}");
        }
    }
    // What stands beside the elements.
    let bare = without(|set| {
        set.object = Identity::default();
        (set.bstar, set.mean_motion_dot, set.mean_motion_ddot) = (None, None, None);
        (set.set_number, set.revolution, set.class, set.ephemeris_type) = (None, None, None, None);
    });
    for notation in Notation::ALL {
        let written = write(&[bare.clone(), whole.clone()], notation);
        let said = written.caveats.join("\n");
        for name in [
            "catalog number, written as 0",
            "`CLASSIFICATION_TYPE`, written as U",
            "`ELEMENT_SET_NO`",
            "`REV_AT_EPOCH`",
            "`BSTAR`, written as 0",
            "`MEAN_MOTION_DOT`",
            "`MEAN_MOTION_DDOT`",
        ] {
            assert!(said.contains(name), "{notation}: no {name} in {said}");
        }
        // Nothing is read back that was not known.
        let again = sets(&written.text);
        let object = &again.sets[0].object;
        assert_eq!((object.number, &object.designator), (None, &None), "{notation}");
        assert_eq!(object.name, None, "{notation}");
        assert_eq!((again.sets[0].bstar, again.sets[0].class), (Some(0.0), Some('U')));
    }
}

/// A spoiled field costs itself: the set is of the series, and is written with a zero that is said.
#[test]
fn spoiled_fields_are_absent_and_cost_no_set() {
    let json = r#"[{"NORAD_CAT_ID": 25544, "EPOCH": "2021-01-01T05:19:37.382880", "MEAN_MOTION": 15.49246091,
        "ECCENTRICITY": 0.0001153, "INCLINATION": 51.6464, "RA_OF_ASC_NODE": 88.5894, "ARG_OF_PERICENTER": "x",
        "MEAN_ANOMALY": 400, "BSTAR": "n/a", "MEAN_MOTION_DOT": {}, "ELEMENT_SET_NO": -1, "REV_AT_EPOCH": 1.5,
        "CLASSIFICATION_TYPE": "UNCLASSIFIED", "EPHEMERIS_TYPE": 1000}]"#;
    let set = &sets(json).sets[0];
    assert_eq!(read(json).unwrap().fixes.len(), 1);
    assert_eq!((set.pericenter_deg, set.anomaly_deg, set.bstar), (None, None, None));
    assert_eq!((set.set_number, set.revolution), (None, None));
    assert_eq!((set.class, set.ephemeris_type, set.mean_motion_dot), (None, None, None));
}

fn example() -> Set {
    sets(&pairs()[1].0).sets.remove(0)
}

fn lines_of(set: Set) -> [String; 2] {
    let text = write(&[set], Notation::Tle).text;
    let lines: Vec<&str> = text.lines().rev().take(2).collect();
    assert!(lines.iter().all(|line| line.len() == 69), "{text}");
    [lines[1].to_owned(), lines[0].to_owned()]
}

/// Elements that are no orbit have no mean axis: they are left out and named, whatever is to be done with them.
#[test]
fn elements_that_are_no_orbit_are_left_out() {
    let row = |motion: &str, eccentricity: &str, inclination: &str, node: &str| {
        format!("2026-01-01T00:00:00,{motion},{eccentricity},{inclination},{node},2,3,25544\n")
    };
    let head = "EPOCH,MEAN_MOTION,ECCENTRICITY,INCLINATION,RA_OF_ASC_NODE,ARG_OF_PERICENTER,MEAN_ANOMALY,NORAD_CAT_ID\n";
    let good = row("15.5", "0.001", "51.6", "1");
    for (bad, why) in [
        (row("0", "0.001", "51.6", "1"), "mean motion"),
        (row("1e-9", "0.001", "51.6", "1"), "mean motion"),
        (row("15.5", "7", "51.6", "1"), "eccentricity"),
        (row("15.5", "-1", "51.6", "1"), "eccentricity"),
        (row("15.5", "0.001", "1e30", "1"), "inclination"),
        (row("15.5", "0.001", "51.6", "1000"), "node"),
    ] {
        let read = sets(&format!("{head}{good}{bad}{good}"));
        assert_eq!(read.sets.len(), 2);
        assert!(read.sets.iter().all(|set| set.axis_km().is_finite()));
        let said = read.caveats.join("; ");
        assert!(said.contains("1 element set left out") && said.contains(why), "{said}");
        let error = read_sets(&[("text", &format!("{head}{bad}"))], None).unwrap_err().error;
        assert!(error.to_string().contains(why), "{error}");
    }
}

/// Of one text every set says itself whose it is: the order in which objects are met changes nothing.
#[test]
fn a_text_alone_is_taken_by_its_word() {
    let head = "OBJECT_ID,EPOCH,MEAN_MOTION,ECCENTRICITY,INCLINATION,RA_OF_ASC_NODE,ARG_OF_PERICENTER,MEAN_ANOMALY,NORAD_CAT_ID\n";
    let rows = [("x", "25544"), ("1998-067A", ""), ("1998-067A", "25544")];
    let row = |(id, number): (&str, &str)| {
        format!("{id},2026-01-01T00:00:00,15.5,0.001,51.6,1,2,3,{number}\n")
    };
    let text: String = rows.map(row).concat();
    let read = sets(&format!("{head}{text}"));
    let numbers: Vec<Option<u32>> = read.sets.iter().map(|set| set.object.number).collect();
    assert_eq!(numbers, [Some(25_544), None, Some(25_544)]);
    let once = write(&read.sets, Notation::OmmKvn).text;
    assert_eq!(write(&sets(&once).sets, Notation::OmmKvn).text, once);
}

#[test]
fn epochs_are_rounded_over_the_ends_of_days_and_years() {
    let at = |date: &str, days: f64| {
        let epoch = Epoch::new(Date::parse(date).unwrap().mjd(), days);
        (lines_of(Set { epoch, ..example() })[0][18..32].to_owned(), epoch.to_string())
    };
    let end = 86_399.999_9 / 86_400.0;
    // A tenth of a millisecond before the year ends is a whole day in two lines, and is itself in a message.
    let last = "T23:59:59.999900";
    assert_eq!(at("2021-12-31", end), ("22001.00000000".into(), format!("2021-12-31{last}")));
    assert_eq!(at("2024-12-31", end), ("25001.00000000".into(), format!("2024-12-31{last}")));
    assert_eq!(at("2024-02-29", end), ("24061.00000000".into(), format!("2024-02-29{last}")));
    assert_eq!(at("2024-12-31", 0.5).0, "24366.50000000");
    assert_eq!(at("2023-12-31", 0.5).0, "23365.50000000");
    assert_eq!(at("1999-12-31", 1.0 - 1e-13).1, "2000-01-01T00:00:00.000000");
    assert_eq!(at("1957-01-01", 0.0).0, "57001.00000000");
    assert_eq!(at("2056-12-31", 0.25).0, "56366.25000000");
    for (date, days) in [("1956-12-31", 0.999), ("2057-01-01", 0.0), ("2056-12-31", end)] {
        let epoch = Epoch::new(Date::parse(date).unwrap().mjd(), days);
        let set = Set { epoch, ..example() };
        let error = try_write(one(&set), Notation::Tle, &[]).unwrap_err().to_string();
        assert!(error.contains("two digits of a year"), "{date}: {error}");
        assert_eq!(
            sets(&write(one(&set), Notation::OmmXml).text).sets[0].epoch.to_string(),
            epoch.to_string()
        );
    }
    // Microseconds stay after 2038, where a modified Julian date has no room for them.
    let late = "2055-06-15T12:00:00.000002";
    let text =
        write(&[example()], Notation::OmmCsv).text.replace("2021-11-16T12:28:09.322176", late);
    assert_eq!(sets(&text).sets[0].epoch.to_string(), late);
}

#[test]
fn fields_keep_their_columns_at_their_ends() {
    let set = |change: &dyn Fn(&mut Set)| {
        let mut set = example();
        change(&mut set);
        lines_of(set)
    };
    let [_, second] = set(&|set| {
        (set.raan_deg, set.pericenter_deg, set.anomaly_deg) =
            (359.999_99, Some(-0.000_01), Some(360.0));
        (set.eccentricity, set.inclination_deg) = (0.0, 0.0);
        set.size = Size::Kozai(9.5);
        set.revolution = Some(7);
    });
    let wanted = "2 25544   0.0000   0.0000 0000000   0.0000   0.0000  9.50000000    7";
    assert_eq!(second[..68], *wanted);
    let [first, second] = set(&|set| {
        set.bstar = Some(1e-10);
        set.mean_motion_ddot = Some(-1.1e-7);
        set.mean_motion_dot = Some(-0.5);
        (set.set_number, set.revolution) = (Some(12_345), Some(157_852));
        set.eccentricity = 0.999_999_9;
    });
    assert_eq!(first[32..68], *" -.50000000 -11000-6  10000-9 0 2345");
    assert_eq!((&second[26..33], &second[63..68]), ("9999999", "57852"));
    // No room is a reason to leave the set out, not to spoil its columns.
    let no_room: [&dyn Fn(&mut Set); 5] = [
        &|set| set.bstar = Some(1e9),
        &|set| set.mean_motion_ddot = Some(-1e12),
        &|set| set.mean_motion_dot = Some(1.0),
        &|set| set.eccentricity = 0.999_999_99,
        &|set| set.object.number = Some(340_000),
    ];
    for change in no_room {
        let mut set = example();
        change(&mut set);
        let error = try_write(one(&set), Notation::Tle, &[]).unwrap_err().to_string();
        assert!(error.contains("no room in two lines") && error.contains("OMM"), "{error}");
        for notation in Notation::ALL.into_iter().filter(|to| *to != Notation::Tle) {
            assert!(same(&sets(&write(one(&set), notation).text).sets, one(&set)));
        }
    }
    for (number, wanted) in
        [(5, "00005"), (99_999, "99999"), (100_000, "A0000"), (339_999, "Z9999")]
    {
        let lines = set(&|set| set.object.number = Some(number));
        assert!(lines.iter().all(|line| line[2..7] == *wanted), "{lines:?}");
        assert_eq!(sets(&lines.join("\n")).sets[0].object.number, Some(number));
    }
}

/// A name is text of somebody else: it stays on its line, in its cell and in its element.
#[test]
fn names_are_carried_through_every_notation() {
    for name in
        ["A & B <C>", "x, \"y\"; z", "1 25544U LIKE A LINE OF A SET", "#5 = [6]", "é ∑", "0"]
    {
        let mut set = example();
        set.object.name = Some(name.to_owned());
        for notation in Notation::ALL {
            let mut again = sets(&write(one(&set), notation).text);
            if notation == Notation::OmmCsv && name.starts_with('#') {
                // A table's row that begins so is a comment.
                assert_eq!(again.sets[0].object.name, Some(format!("'{name}")));
                again.sets[0].object.name = Some(name.to_owned());
            }
            assert!(same(&again.sets, one(&set)), "{notation}: {name}: {:?}", again.sets);
        }
    }
    let mut set = example();
    set.object.name = Some("=1+1\n\u{1b}[2J".to_owned());
    for notation in Notation::ALL {
        let text = write(one(&set), notation).text;
        assert!(!text.contains('\u{1b}') && sets(&text).sets.len() == 1, "{notation}: {text}");
    }
    assert!(write(&[set], Notation::OmmCsv).text.contains("\n'=1+1 <U+001B>[2J,1998-067A,"));
}

/// The `sgp4` crate, a port of CelesTrak's program, reads the same elements out of what is written and flies them to
/// the same place.
#[test]
fn another_program_flies_what_is_written_to_the_same_place() {
    let given: Vec<Set> = pairs().iter().map(|(csv, _)| sets(csv).sets.remove(0)).collect();
    let json = write(&given, Notation::OmmJson).text;
    let messages: Vec<sgp4::Elements> = serde_json::from_str(&json).unwrap();
    let tle = write(&given, Notation::Tle).text;
    let lines = sgp4::parse_3les(&tle).unwrap();
    assert_eq!((messages.len(), lines.len()), (given.len(), given.len()));
    for ((set, message), line) in given.iter().zip(&messages).zip(&lines) {
        for other in [message, line] {
            assert_eq!(other.object_name, set.object.name);
            assert_eq!(other.norad_id, u64::from(set.object.number.unwrap()));
            assert_eq!(Size::Kozai(other.mean_motion), set.size);
            assert_eq!(other.right_ascension, set.raan_deg);
            assert_eq!(Some(other.argument_of_perigee), set.pericenter_deg);
            assert_eq!(Some(other.mean_anomaly), set.anomaly_deg);
            assert_eq!(Some(other.mean_motion_dot), set.mean_motion_dot);
            assert!((other.drag_term - set.bstar.unwrap()).abs() < 1e-18);
            assert!((other.eccentricity - set.eccentricity).abs() < 1e-15);
            assert_eq!(
                (other.inclination, other.revolution_number),
                (set.inclination_deg, set.revolution.unwrap().into())
            );
        }
        let place = |elements: &sgp4::Elements, minutes: f64| {
            let constants = sgp4::Constants::from_elements(elements).unwrap();
            constants.propagate(sgp4::MinutesSinceEpoch(minutes)).unwrap().position
        };
        for minutes in [0.0, 90.0, 1440.0, 10_080.0] {
            let [a, b] = [message, line].map(|elements| place(elements, minutes));
            let off_km = (0..3).map(|i| (a[i] - b[i]) * (a[i] - b[i])).sum::<f64>().sqrt();
            // The numbers are the same but for the last bits of the drag term.
            assert!(off_km < 1e-6, "{off_km} km after {minutes} min");
        }
    }
}

/// Digits that a notation has no room for move a satellite by as much as they are worth: half of the eighth decimal of
/// a day is 3.3 m, half of the fourth of a degree 6 m, of the seventh of the eccentricity 0.7 m.
#[test]
fn rounding_to_two_lines_moves_a_satellite_by_meters() {
    let mut set = example();
    set.epoch = Epoch::new(59_534.0, 0.519_552_344_9);
    (set.raan_deg, set.pericenter_deg, set.anomaly_deg) =
        (309.488_149, Some(203.696_649), Some(299.887_649));
    set.inclination_deg = 51.644_749;
    let json = write(one(&set), Notation::OmmJson).text;
    let exact: Vec<sgp4::Elements> = serde_json::from_str(&json).unwrap();
    let rounded = sgp4::parse_3les(&write(&[set], Notation::Tle).text).unwrap();
    let minutes = 600.0;
    let late = rounded[0].datetime - exact[0].datetime;
    let late = late.num_microseconds().unwrap() as f64 / 60e6;
    let place = |elements: &sgp4::Elements, minutes: f64| {
        let constants = sgp4::Constants::from_elements(elements).unwrap();
        constants.propagate(sgp4::MinutesSinceEpoch(minutes)).unwrap().position
    };
    let (a, b) = (place(&exact[0], minutes), place(&rounded[0], minutes - late));
    let off_km = (0..3).map(|i| (a[i] - b[i]) * (a[i] - b[i])).sum::<f64>().sqrt();
    assert!(0.001 < off_km && off_km < 0.03, "{off_km} km");
}

/// B* of Spacetrack Report 3: the inverse of the ballistic coefficient is 12.741621 B* (Vallado and Cefola, 2012).
#[test]
fn the_drag_term_is_that_of_the_drag_area() {
    for drag_area_m2_kg in [1e-5, 0.007, 1.0] {
        assert!((12.741_621 * bstar(drag_area_m2_kg) / drag_area_m2_kg - 1.0).abs() < 1e-7);
    }
}

/// A path of ten days with a burn: a set a day whose altitude is the path's, whose node turns as the plane does, and
/// which `sgp4` flies at that height.
#[test]
fn a_path_is_a_set_a_day() {
    let points =
        vec![(61_000.25, 415.0), (61_004.25, 414.0), (61_004.25, 418.0), (61_010.0, 416.5)];
    let (name, comments) = ("ISS".to_owned(), vec!["Made up.".to_owned()]);
    let path = Path { name, comments, inclination_deg: 51.64, raan_deg: Some(10.0), points };
    let daily = of_path(&path, Some(0.007));
    let wanted = |mjd: f64| {
        if mjd < 61_004.25 {
            415.0 - (mjd - 61_000.25) / 4.0
        } else {
            418.0 - 1.5 * (mjd - 61_004.25) / 5.75
        }
    };
    assert_eq!(daily.len(), 10);
    for (day, set) in daily.iter().enumerate() {
        assert_eq!(set.epoch.mjd(), 61_000.25 + day as f64);
        assert!((set.axis_km() - 6378.137 - wanted(set.epoch.mjd())).abs() < 1e-9, "{set:?}");
    }
    let turned = (daily[9].raan_deg - 10.0) - 360.0;
    let rate = zarya_orbit::geometry::nodal_precession_deg_d(415.0, 51.64);
    assert!(
        (turned.rem_euclid(360.0) - (9.0 * rate).rem_euclid(360.0)).abs() < 0.1,
        "{turned} {rate}"
    );
    assert_eq!(daily[0].bstar, Some(bstar(0.007)));
    assert_eq!(of_path(&path, None)[0].bstar, Some(0.0));
    // Half of what the mean motion gains in a day, from the sets themselves.
    let motion = |set: &Set| match set.size {
        Size::Kozai(rev_d) => rev_d,
        _ => panic!("{set:?}"),
    };
    let half = 0.5 * (motion(&daily[2]) - motion(&daily[1]));
    assert!((daily[1].mean_motion_dot.unwrap() / half - 1.0).abs() < 1e-3);
    for notation in Notation::ALL {
        let written = try_write(&daily, notation, &path.comments).unwrap();
        assert_eq!(written.text.contains("Made up."), notation.has_comments());
        let track = read(&written.text).unwrap();
        for fix in &track.fixes {
            // The eighth decimal of a mean motion is 3 mm.
            assert!((fix.altitude_km - wanted(fix.mjd)).abs() < 3e-6, "{notation}: {fix:?}");
        }
    }
    let tle = sgp4::parse_3les(&write(&daily, Notation::Tle).text).unwrap();
    let constants = sgp4::Constants::from_elements(&tle[0]).unwrap();
    // The mean of a revolution, less what J2 and J3 make of a circle: 10 km.
    let minutes = (0..93).map(|minute| sgp4::MinutesSinceEpoch(f64::from(minute)));
    let radii = minutes.map(|at| {
        let place = constants.propagate(at).unwrap().position;
        place.iter().map(|x| x * x).sum::<f64>().sqrt()
    });
    let mean_km = radii.sum::<f64>() / 93.0;
    assert!((mean_km - 6378.137 - 415.0).abs() < 10.0, "{mean_km}");
    // Why two lines have no comments: a program of others stops at one.
    let lines = write(&daily[..1], Notation::Tle).text;
    assert!(
        sgp4::parse_3les(&lines).is_ok()
            && sgp4::parse_3les(&format!("# Made up.\n{lines}")).is_err()
    );
    // Nothing is made of a path without an altitude.
    let points = vec![(61_000.0, f64::NAN)];
    assert_eq!(of_path(&Path { points, ..path }, None), []);
}

#[test]
fn texts_without_sets_are_named_and_several_are_merged() {
    let refused = |text: &str| read_sets(&[("text", text)], None).unwrap_err().error.to_string();
    assert!(refused("date,alt_mean_km\n2023-02-25,420.0\n").contains("a table of altitudes"));
    assert!(refused(include_str!("hourly.oem")).contains("an ephemeris"));
    assert!(refused(include_str!("files/forbidden.html")).contains("web page"));
    let stations = read_sets(&[("stations", STATIONS)], Some("POISK")).unwrap();
    assert_eq!(stations.sets.len(), 1);
    let missing = read_sets(&[("stations", STATIONS)], Some("mir")).unwrap_err();
    assert!(missing.error.to_string().contains("no object mir is here"));
    // A set in two notations is one; what one text leaves out about the object the other has.
    let read = sets(STATIONS);
    let bare: String = STATIONS
        .lines()
        .filter(|line| line.len() == 69)
        .fold(String::new(), |all, line| all + line + "\n");
    let json = write(&read.sets[..5], Notation::OmmJson).text;
    let both = read_sets(&[("json", &json), ("lines", &bare)], None).unwrap();
    assert_eq!(both.sets.len(), read.sets.len());
    assert_eq!(both.caveats, ["5 element sets in more than one file, counted once"]);
    assert!(both.sets.is_sorted_by(|a, b| a.epoch.mjd() <= b.epoch.mjd()));
    let iss = both.sets.iter().find(|set| set.object.number == Some(25_544)).unwrap();
    assert_eq!(iss.object.name.as_deref(), Some("ISS (ZARYA)"));
}

prop_compose! {
    fn any_set()(
        number in 1_u32..340_000,
        name in "[A-Z][A-Z0-9 ()&,.-]{0,20}[A-Z)]",
        (day, days) in (40_000_u32..70_000, 0.0..1.0),
        rev_d in 1.0..17.0,
        (eccentricity, inclination_deg) in (0.0..0.9, 0.0..180.0),
        angles in [0.0..360.0, 0.0..360.0, 0.0..360.0],
        bstar in -0.1..0.1,
        dot in -0.1..0.1,
        (set_number, revolution) in (0_u32..10_000, 0_u32..100_000),
    ) -> Set {
        let [raan_deg, pericenter_deg, anomaly_deg] = angles;
        Set {
            object: Identity { number: Some(number), designator: Some("1998-067A".into()), name: Some(format!("S {}", name.split_whitespace().collect::<Vec<_>>().join(" "))) },
            epoch: Epoch::new(day.into(), days),
            size: Size::Kozai(rev_d),
            eccentricity,
            inclination_deg,
            raan_deg,
            pericenter_deg: Some(pericenter_deg),
            anomaly_deg: Some(anomaly_deg),
            bstar: Some(bstar),
            mean_motion_dot: Some(dot),
            mean_motion_ddot: Some(bstar * 1e-9),
            set_number: Some(set_number),
            revolution: Some(revolution),
            class: Some('U'),
            ephemeris_type: Some(0),
        }
    }
}

proptest! {
    /// An OMM keeps every digit (and a microsecond); two lines keep theirs, and what is written of them again is the same.
    #[test]
    fn what_is_written_is_read_back(set in any_set()) {
        for notation in Notation::ALL {
            let text = write(one(&set), notation).text;
            let back = sets(&text).sets.remove(0);
            prop_assert_eq!(&write(one(&back), notation).text, &text);
            prop_assert_eq!(&back.object, &set.object);
            prop_assert_eq!((back.set_number, back.revolution), (set.set_number, set.revolution));
            if notation == Notation::Tle {
                prop_assert!(text.lines().skip(1).all(|line| line.len() == 69));
                prop_assert!((back.epoch.mjd() - set.epoch.mjd()).abs() <= 5.1e-9 + 7e-12);
                prop_assert!((back.inclination_deg - set.inclination_deg).abs() <= 0.000_050_1);
                prop_assert!((back.eccentricity - set.eccentricity).abs() <= 5.01e-8);
                prop_assert!((back.bstar.unwrap() - set.bstar.unwrap()).abs() <= 5.1e-5 * set.bstar.unwrap().abs() + 1e-14);
                let other = sgp4::parse_3les(&text).unwrap();
                prop_assert_eq!(Size::Kozai(other[0].mean_motion), back.size);
                prop_assert_eq!(Some(other[0].mean_anomaly), back.anomaly_deg);
            } else {
                prop_assert!((back.epoch.mjd() - set.epoch.mjd()).abs() < 6e-12 + 1.5e-11);
                prop_assert_eq!(Set { epoch: set.epoch, ..back }, set.clone());
            }
        }
    }
}
