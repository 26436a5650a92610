//! Series as files hold them: notations, groups, pipes, failed downloads.

use crate::{json, made_up_series, piped, refusal, temporary};
use serde_json::Value;

/// 2021-01-01 from the public history of 25544, its checksum broken in the second set.
#[test]
fn a_bad_checksum_is_reported_and_mixed_objects_refused() {
    let first = "1 25544U 98067A   21001.22196045  .00001488  00000-0  34854-4 0  9992\n\
                 2 25544  51.6464  88.5894 0001153 173.6665  39.5832 15.49246091262713\n";
    let broken = first.replace("9992\n", "9993\n");
    let path = temporary("checksum.tle", &format!("0 ISS\n{first}0 ISS\n{broken}"));
    let answer = json(&["orbit", "reboosts", &path, "--json", "-", "--quiet"]);
    assert!(answer["caveats"][0].as_str().unwrap().contains("checksum"), "{}", answer["caveats"]);
    assert_eq!(answer["input"]["rows"], 1);
    // A set on which the orbit has decayed is left out like a bad one.
    let sunk = "1 25544U 98067A   21002.22196045  .00001488  00000-0  34854-4 0  9993\n\
                2 25544  51.6464  88.5894 0001153 173.6665  39.5832 16.99246091262719\n";
    let path = temporary("sunk.tle", &format!("{first}{sunk}"));
    let answer = json(&["orbit", "reboosts", &path, "--json", "-", "--quiet"]);
    let said = answer["caveats"].to_string();
    assert!(said.contains("1 element set left out") && said.contains("2021-01-02"), "{said}");
    let only = temporary("only.tle", &broken);
    assert!(refusal(&["orbit", "reboosts", &only], 1).contains("checksum"));
    // The same set as two OMM of different objects.
    let omm = |id: u32| {
        format!(
            "{{\"OBJECT_NAME\":\"X\",\"NORAD_CAT_ID\":{id},\"EPOCH\":\"2021-01-01T05:19:37\",\
             \"MEAN_MOTION\":\"15.49246091\",\"ECCENTRICITY\":0.0001153,\"INCLINATION\":51.6464,\
             \"RA_OF_ASC_NODE\":88.5894}}"
        )
    };
    let mixed = temporary("mixed.json", &format!("[{},{}]", omm(25544), omm(48274)));
    let refused = refusal(&["orbit", "reboosts", &mixed], 1);
    assert!(
        refused.contains("2 objects are mixed here (25544 X, 48274 X): pick one with"),
        "{refused}"
    );
    let picked =
        json(&["orbit", "reboosts", &mixed, "--object", "48274", "--json", "-", "--quiet"]);
    assert_eq!(picked["input"]["object"], "48274 X");
    let one = temporary("one.json", &omm(25544));
    let answer = json(&["orbit", "reboosts", &one, "--json", "-", "--quiet"]);
    // The public daily mean of that day is 419.43 km.
    let altitude = answer["input"]["first_altitude_km"].as_f64().unwrap();
    assert!((altitude - 419.43).abs() < 0.02, "{altitude}");
}

/// One element set of 2021-01-01 in each notation of the OMM gives one altitude.
#[test]
fn the_notations_of_an_omm_agree() {
    let fields = [
        ("OBJECT_NAME", "ISS (ZARYA)"),
        ("OBJECT_ID", "1998-067A"),
        ("EPOCH", "2021-01-01T05:19:37.377"),
        ("MEAN_MOTION", "15.49246091"),
        ("ECCENTRICITY", "0.0001153"),
        ("INCLINATION", "51.6464"),
        ("RA_OF_ASC_NODE", "88.5894"),
        ("NORAD_CAT_ID", "25544"),
    ];
    let kvn: String = fields.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
    let kvn = temporary("omm.kvn", &format!("CCSDS_OMM_VERS = 2.0\n{kvn}"));
    let xml: String =
        fields.iter().map(|(key, value)| format!("<{key}>{value}</{key}>\n")).collect();
    let xml = temporary("omm.xml", &format!("<?xml version=\"1.0\"?><ndm><omm>{xml}</omm></ndm>"));
    let list = temporary(
        "omm.json",
        "[{\"EPOCH\":\"2021-01-01T05:19:37.377\",\"MEAN_MOTION\":15.49246091,\
         \"ECCENTRICITY\":0.0001153,\"INCLINATION\":51.6464,\"RA_OF_ASC_NODE\":88.5894}]",
    );
    let altitude = |path: &str| {
        json(&["orbit", "reboosts", path, "--json", "-", "--quiet"])["input"]["first_altitude_km"]
            .as_f64()
            .unwrap()
    };
    assert_eq!(altitude(&kvn), altitude(&xml));
    assert_eq!(altitude(&kvn), altitude(&list));
    let cut = temporary("omm-cut.xml", "<ndm><omm><EPOCH>2021-01-01T05:19:37</EPOCH>");
    assert!(refusal(&["orbit", "reboosts", &cut], 1).contains("cut off"));
}

/// A circular orbit of 6798.137 km, states every four minutes, in both notations of the OEM.
#[test]
fn the_notations_of_an_oem_agree() {
    let (radius, rate) = (6_798.137_f64, 0.001_126_4_f64);
    let speed = radius * rate;
    let states: Vec<(String, [f64; 6])> = (0..120)
        .map(|i| {
            let seconds = 240 * i;
            let time = format!("2022-02-11T{:02}:{:02}:00.000", seconds / 3600, seconds / 60 % 60);
            let (s, c) = zarya::units::math::sincos(rate * f64::from(seconds));
            let tilt = 51.64_f64.to_radians();
            let (ts, tc) = zarya::units::math::sincos(tilt);
            let position = [radius * c, radius * s * tc, radius * s * ts];
            let velocity = [-speed * s, speed * c * tc, speed * c * ts];
            let state =
                [position[0], position[1], position[2], velocity[0], velocity[1], velocity[2]];
            (time, state)
        })
        .collect();
    let mut kvn = String::from(
        "CCSDS_OEM_VERS = 2.0\nMETA_START\nOBJECT_ID = 1998-067A\nREF_FRAME = EME2000\n\
         META_STOP\nCOMMENT MASS=445386.00\nCOMMENT DRAG_AREA=1439.70\nCOMMENT DRAG_COEFF=3.40\n",
    );
    let mut xml = String::from(
        "<ndm><oem><body><metadata><OBJECT_ID>1998-067A</OBJECT_ID><REF_FRAME>EME2000</REF_FRAME>\
         </metadata><data>",
    );
    for (time, state) in &states {
        let cells: Vec<String> = state.iter().map(|v| format!("{v:.9}")).collect();
        kvn += &format!("{time} {}\n", cells.join(" "));
        xml += &format!("<stateVector><EPOCH>{time}</EPOCH>");
        for (name, cell) in ["X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT"].iter().zip(&cells) {
            xml += &format!("<{name} units=\"km\">{cell}</{name}>");
        }
        xml += "</stateVector>";
    }
    xml += "</data></body></oem></ndm>";
    let kvn_path = temporary("oem.kvn", &kvn);
    let xml_path = temporary("oem.xml", &xml);
    let input =
        |path: &str| json(&["orbit", "reboosts", path, "--json", "-", "--quiet"])["input"].clone();
    let (a, b) = (input(&kvn_path), input(&xml_path));
    assert_eq!(a["first_altitude_km"], b["first_altitude_km"]);
    assert_eq!(a["rows"], b["rows"]);
    // 3.40 * 1439.70 / 445386.
    assert!((a["drag_area_stated_m2_kg"].as_f64().unwrap() - 0.010_990).abs() < 1e-5);
    let noted = |name: &str, text: &str| {
        let path = temporary(name, text);
        json(&["orbit", "reboosts", &path, "--json", "-", "--quiet"])
    };
    let head = "REF_FRAME = EME2000\n";
    let with = |line: &str| kvn.replace(head, &format!("{head}{line}\n"));
    let moon = temporary("moon.kvn", &with("CENTER_NAME = MOON"));
    assert!(refusal(&["orbit", "reboosts", &moon], 1).contains("MOON"));
    let clock = temporary("clock.kvn", &with("TIME_SYSTEM = SCLK"));
    assert!(refusal(&["orbit", "reboosts", &clock], 1).contains("UTC, TAI, GPS, TT"));
    let tai = noted("tai.kvn", &with("TIME_SYSTEM = TAI"));
    assert_eq!(tai["input"]["first_altitude_km"], a["first_altitude_km"]);
    let stop = noted("stop.kvn", &with("STOP_TIME = 2022-02-11T12:00:00"));
    assert!(stop["caveats"].to_string().contains("before the `STOP_TIME` of 2022-02-11 12:00"));
    let whole = noted("whole.kvn", &with("STOP_TIME = 2022-02-11T07:56:00"));
    assert!(!whole["caveats"].to_string().contains("cut off"), "{}", whole["caveats"]);
    let cut = noted("cut.kvn", kvn.trim_end().trim_end_matches(|c: char| c != '.'));
    assert!(cut["caveats"].to_string().contains("has no end"), "{}", cut["caveats"]);
    let turned = temporary("itrf.kvn", &kvn.replace("EME2000", "ITRF-2000"));
    assert!(refusal(&["orbit", "reboosts", &turned], 1).contains("inertial"));
}

/// A series may come through a pipe, in parts, and as one object of a group; hindcasts read the same.
#[test]
fn a_series_comes_from_a_pipe_in_parts_and_out_of_a_group() {
    let series = made_up_series();
    let whole = temporary("parts-whole.csv", &series);
    let wanted = json(&["orbit", "reboosts", &whole, "--json", "-", "--quiet"]);
    let output = piped(&["orbit", "reboosts", "-", "--json", "-", "--quiet"], &series);
    let got: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(got, wanted);
    let (head, rows) = series.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    let early = temporary("parts-early.csv", &format!("{head}\n{}\n", rows[..35].join("\n")));
    let late = format!("{head}\n{}\n", rows[30..].join("\n"));
    let output = piped(&["orbit", "reboosts", &early, "-", "--json", "-"], &late);
    let got: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(got["burns"], wanted["burns"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("5 rows in more than one file, counted once"), "{said}");
    assert!(refusal(&["orbit", "reboosts", "-", "-"], 2).contains("given twice"));
    assert!(refusal(&["orbit", "reboosts", &whole, &whole], 2).contains("named twice"));
    // Two stations in one table; of one the rows are those above.
    let both: String = rows.iter().fold(format!("{head},norad_cat_id\n"), |all, row| {
        all + &format!("{row},25544\n{},48274\n", row.replace(",4", ",3"))
    });
    let both = temporary("parts-both.csv", &both);
    let refused = refusal(&["orbit", "reboosts", &both], 1);
    assert!(
        refused.contains("2 objects are mixed here (25544, 48274): pick one with --object"),
        "{refused}"
    );
    let picked = json(&["orbit", "reboosts", &both, "--object", "25544", "--json", "-", "--quiet"]);
    assert_eq!(picked["burns"], wanted["burns"]);
    let ask = |more: &[&str]| {
        let mut call = vec!["orbit", "hindcast", "--from", "2016-04-20", "--through", "2016-05-20"];
        call.extend(["--worlds", "20", "--json", "-", "--quiet"]);
        call.extend(more);
        json(&call)["drop_km"].clone()
    };
    let late = temporary("parts-late.csv", &late);
    let wanted = ask(&["--altitudes", &whole]);
    assert_eq!(ask(&["--altitudes", &late, "--altitudes", &early]), wanted);
    assert_eq!(ask(&["--altitudes", &both, "--object", "25544"]), wanted);
    let nobody = refusal(&["orbit", "reboosts", &whole, "--object", "25544"], 1);
    assert!(nobody.contains("no object is named here"), "{nobody}");
}

/// What came in place of a file is named, packed or not.
#[test]
fn a_failed_download_is_named() {
    let page = temporary(
        "page.tle",
        "<!DOCTYPE html><html><head><title>403 Forbidden</title></head></html>",
    );
    let said = refusal(&["orbit", "reboosts", &page], 1);
    assert!(said.contains("a web page, not elements or altitudes"), "{said}");
    assert!(said.contains("the download failed"), "{said}");
    let none = temporary("none.json", "No GP data found\n");
    let said = refusal(&["orbit", "reboosts", &none], 1);
    assert!(said.contains("a message (`No GP data found`), not elements"), "{said}");
    let wide: Vec<u8> = "date,a_km\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let path = temporary("wide.csv", "");
    std::fs::write(&path, wide).unwrap();
    let said = refusal(&["orbit", "reboosts", &path], 1);
    assert!(said.contains("a text in UTF-16") && said.contains("save it as UTF-8"), "{said}");
}
