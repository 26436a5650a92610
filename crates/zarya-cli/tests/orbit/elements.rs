//! `zarya orbit elements`, and the paths of other commands as element sets.

use crate::schema;
use crate::terminal;
use crate::{json, piped, refusal, temporary, zarya};

const LINES: &str = "\
1 25544U 98067A   21001.22196045  .00001488  00000+0  34854-4 0  9991
2 25544  51.6464  88.5894 0001153 173.6665  39.5832 15.49246091262713
";

/// A file as people have it.
fn given(name: &str) -> String {
    format!("{}/../zarya-orbit/tests/it/files/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn printed(arguments: &[&str]) -> String {
    let output = zarya(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn sets_are_listed_and_written_by_the_ending_of_a_path() {
    let file = temporary("iss.tle", LINES);
    let table = printed(&["orbit", "elements", &file]);
    assert!(table.starts_with("1 element set of 2021-01-01 of 1 object: 25544\n"), "{table}");
    assert!(
        table.contains("2021-01-01 05:19 15.49246  6797.57 0.000115  51.65  88.59 173.67  39.58"),
        "{table}"
    );
    let answer = json(&["orbit", "elements", &file, "--json", "-"]);
    schema::follows("orbit-elements.json", &answer);
    assert_eq!(answer["sets"][0]["mean_motion_rev_d"], 15.492_460_91);
    assert_eq!(answer["sets"][0]["name"], serde_json::Value::Null);
    for (ending, mark) in [
        (
            "json",
            "[{\"OBJECT_NAME\":\"UNKNOWN\",\"OBJECT_ID\":\"1998-067A\",\"EPOCH\":\"2021-01-01T05:19:37.382880\"",
        ),
        ("xml", "<EPOCH>2021-01-01T05:19:37.382880</EPOCH><MEAN_MOTION>15.49246091</MEAN_MOTION>"),
        ("kvn", "\nMEAN_MOTION = 15.49246091\nECCENTRICITY = 0.0001153\n"),
        ("omm", "CCSDS_OMM_VERS = 2.0\n"),
        ("csv", "OBJECT_NAME,OBJECT_ID,EPOCH,MEAN_MOTION,"),
        ("tle", LINES),
    ] {
        let out = temporary(&format!("out.{ending}"), "");
        let told = printed(&["orbit", "elements", &file, "--out", &out]);
        assert!(told.contains("written as"), "{told}");
        assert!(std::fs::read_to_string(&out).unwrap().contains(mark), "{ending}");
        // Back again, from whatever it was, through a pipe.
        let text = std::fs::read_to_string(&out).unwrap();
        let back = piped(&["orbit", "elements", "-", "--to", "tle"], &text);
        assert!(back.status.success());
        assert!(String::from_utf8(back.stdout).unwrap().ends_with(LINES), "{ending}");
    }
    // `--to` counts before the ending, and alone it goes to stdout; the JSON may go beside it.
    let out = temporary("sets.dat", "");
    printed(&["orbit", "elements", &file, "--out", &out, "--to", "omm-csv", "--quiet"]);
    assert!(std::fs::read_to_string(&out).unwrap().starts_with("OBJECT_NAME,"));
    assert_eq!(printed(&["orbit", "elements", &file, "--to", "tle", "--json", &out]), LINES);
    assert!(std::fs::read_to_string(&out).unwrap().contains("\"to\": \"tle\""));
}

/// A group is written whole, in its order; one object of it where one is picked.
#[test]
fn a_group_is_converted_whole_or_one_object_of_it() {
    let group = given("stations.tle");
    let answer = json(&["orbit", "elements", &group, "--json", "-"]);
    let text = std::fs::read_to_string(&group).unwrap();
    let n = text.lines().count() / 3;
    assert_eq!(answer["sets"].as_array().unwrap().len(), n);
    assert_eq!(answer["objects"], n);
    let again = printed(&["orbit", "elements", &group, "--to", "tle"]);
    let plain: String = text.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    assert_eq!(again, plain);
    let one = printed(&["orbit", "elements", &group, "--object", "POISK", "--to", "omm-json"]);
    assert_eq!(one.matches("NORAD_CAT_ID").count(), 1);
    assert!(one.contains("\"NORAD_CAT_ID\":36086"), "{one}");
    terminal::fits(&zarya(&["orbit", "elements", &group]), "elements");
}

/// Four messages of a service have no mean motion; the days asked for cut a history.
#[test]
fn what_is_left_out_is_said_and_days_are_picked() {
    let file = given("one-null.json.gz");
    let output = zarya(&["orbit", "elements", &file, "--to", "tle"]);
    assert_eq!(String::from_utf8(output.stdout.clone()).unwrap().lines().count(), 3 * 155);
    let said =
        String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
    for record in ["4 element sets left out", "record 4", "record 44", "record 84"] {
        assert!(said.contains(record), "{said}");
    }
    let days = ["--from", "2021-01-21", "--through", "2021-01-22"];
    let answer =
        json(&[&["orbit", "elements", &file, "--json", "-", "--quiet"][..], &days].concat());
    let sets = answer["sets"].as_array().unwrap();
    assert!((3..12).contains(&sets.len()), "{}", sets.len());
    for set in sets {
        let day = &set["epoch"].as_str().unwrap()[..10];
        assert!(["2021-01-21", "2021-01-22"].contains(&day), "{day}");
    }
}

#[test]
fn what_cannot_be_written_is_refused_with_a_way_out() {
    let file = temporary("way.tle", LINES);
    let large = temporary(
        "large.csv",
        "EPOCH,MEAN_MOTION,ECCENTRICITY,INCLINATION,RA_OF_ASC_NODE,ARG_OF_PERICENTER,MEAN_ANOMALY,NORAD_CAT_ID\n\
         2026-01-01T00:00:00,15.5,0.001,51.6,1,2,3,340000\n",
    );
    let elements = |more: &[&str], status| {
        let why = refusal(&[&["orbit", "elements"][..], more].concat(), status);
        why.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let why = elements(&[&large, "--to", "tle"], 1);
    assert!(why.contains("catalog number 340000 has no room") && why.contains("--to"), "{why}");
    let altitudes = temporary("altitudes.csv", "date,alt_mean_km\n2023-02-25,420.0\n");
    assert!(elements(&[&altitudes], 1).contains("a table of altitudes, not of element sets"));
    assert!(elements(&[&file, "--out", "sets.dat"], 2).contains("or give --to"));
    assert!(elements(&[&file, "--to", "gpx"], 2).contains("omm-json"));
    let both = elements(&[&file, "--to", "tle", "--json", "-"], 2);
    assert!(both.contains("only one of --out and --json"), "{both}");
    let reversed = ["--from", "2021-02-01", "--through", "2021-01-01"];
    assert!(elements(&[&[&*file][..], &reversed].concat(), 2).contains("lies before"));
    let why = elements(&[&file, "--from", "2022-01-01"], 1);
    assert!(why.contains("they are of 2021-01-01 to 2021-01-01"), "{why}");
}

/// Paths as sets a day: read back the altitudes agree, the burns of a plan are in them, and what is made up is said.
#[test]
fn paths_are_written_as_sets_a_day() {
    let orbit = ["--altitude-km", "415", "--drag-area-m2-kg", "0.007", "--from", "2023-01-01"];
    let decay = ["orbit", "decay", "--through", "2023-02-20", "--sun", "observed"];
    let computed = json(&[&decay[..], &orbit, &["--json", "-"]].concat());
    let days = computed["days"].as_array().unwrap();
    for ending in ["tle", "txt", "json", "xml", "kvn", "omm", "csv"] {
        let path = temporary(&format!("path.{ending}"), "");
        let output = zarya(&[&decay[..], &orbit, &["--elements", &path]].concat());
        assert!(output.status.success());
        terminal::fits(&output, "decay");
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("are made up") && said.contains("catalog number"), "{said}");
        let text = std::fs::read_to_string(&path).unwrap();
        let has_place = ["xml", "kvn", "omm"].contains(&ending);
        assert_eq!(text.contains("are made up"), has_place, "{ending}");
        assert_eq!(said.contains("not said in the file"), !has_place, "{ending}");
        let back = json(&["orbit", "elements", &path, "--json", "-", "--quiet"]);
        let sets = back["sets"].as_array().unwrap();
        assert_eq!(sets.len(), days.len());
        for (set, day) in sets.iter().zip(days) {
            assert!(set["epoch"].as_str().unwrap().starts_with(day["date"].as_str().unwrap()));
            let off_km = set["a_mean_km"].as_f64().unwrap()
                - 6378.137
                - day["altitude_km"].as_f64().unwrap();
            // The eighth decimal of a mean motion is 3 mm.
            assert!(off_km.abs() < 3e-6, "{ending}: {off_km}");
        }
        // SGP4's density of 0.15696615 kg/m2 per radius, times half the drag area.
        let bstar = sets[0]["bstar"].as_f64().unwrap();
        assert!((bstar / (0.156_966_15 * 0.007 / 2.0) - 1.0).abs() < 1e-4, "{bstar}");
    }
    let plan = temporary("plan.json", "");
    let keep = ["orbit", "keep", "--station", "iss", "--through", "2026-06-30"];
    let planned = json(&[&keep[..], &["--elements", &plan, "--json", "-", "--quiet"]].concat());
    let plans = planned["plans"].as_array().unwrap();
    let burns = plans[plans.len() / 2]["burns"].as_array().unwrap();
    let back = json(&["orbit", "elements", &plan, "--json", "-", "--quiet"]);
    assert_eq!(back["sets"][0]["name"], "ISS");
    for burn in burns {
        let date = burn["date"].as_str().unwrap();
        let sets = back["sets"].as_array().unwrap();
        let set = sets.iter().find(|set| set["epoch"].as_str().unwrap().starts_with(date)).unwrap();
        let off_km =
            set["a_mean_km"].as_f64().unwrap() - 6378.137 - burn["to_km"].as_f64().unwrap();
        assert!(off_km.abs() < 3e-6, "{date}: {off_km}");
    }
    let end = temporary("end.csv", "");
    let deorbit =
        ["orbit", "deorbit", "--station", "iss", "--entry", "2030-12-31", "--worlds", "20"];
    printed(&[&deorbit[..], &["--elements", &end]].concat());
    let rows = std::fs::read_to_string(&end).unwrap();
    let last = rows.lines().last().unwrap().to_owned();
    assert!(last.starts_with("ISS,,2030-12-"), "{last}");
    // Before anything is computed.
    for (path, why) in [("-", "needs a path"), ("path.dat", "does not say by its ending")] {
        let refused = refusal(&[&decay[..], &orbit, &["--elements", path]].concat(), 2);
        assert!(refused.contains(why), "{refused}");
    }
}
