//! Series from outside: the same rows in any notation, nothing after the start of a hindcast, and burns
//! whose size is known because they were made up.

use std::fmt::Write as _;
use zarya_orbit::UNWATCHED;
use zarya_orbit::archive::forecast_as_of;
use zarya_orbit::hindcast::{Hindcast, Question, hindcast};
use zarya_orbit::reboosts::{Burn, find};
use zarya_orbit::series::read;
use zarya_orbit::sun::ObservedSun;
use zarya_orbit::worlds::SunChoice;
use zarya_units::{Date, Mjd};

/// 2016-03-01.
const START: Mjd = 57_448.0;

/// Rows of a day from 404 km with 0.05 km of drag, and steps `(row, km)` from that row on.
fn rows(days: i32, steps: &[(i32, f64)]) -> Vec<(Date, f64)> {
    (0..days)
        .map(|day| {
            let raised: f64 = steps.iter().filter(|step| day >= step.0).map(|step| step.1).sum();
            // Scatter of 5 m, without a random number.
            let scatter = 0.005 * f64::from((day * 7) % 5 - 2) / 2.0;
            let altitude_km = 404.0 - 0.05 * f64::from(day) + raised + scatter;
            (Date::from_mjd(START).plus_days(day), altitude_km)
        })
        .collect()
}

fn csv(head: &str, rows: &[(Date, f64)], write: impl Fn(Date, f64) -> String) -> String {
    rows.iter().fold(format!("{head}\n"), |text, (date, km)| text + &write(*date, *km) + "\n")
}

fn plain(rows: &[(Date, f64)]) -> String {
    csv("date,alt_mean_km", rows, |date, km| format!("{date},{km:.4}"))
}

fn burns(text: &str) -> Vec<Burn> {
    find(&read(text).expect("a series"))
}

#[test]
fn the_notations_of_a_table_agree() {
    let rows = rows(60, &[(30, 1.5)]);
    let wanted = read(&plain(&rows)).unwrap();
    assert!(wanted.caveats.is_empty(), "{:?}", wanted.caveats);
    let axis = |km: f64| km + 6378.137;
    let texts = [
        csv("n;Alt_Mean_KM;Date", &rows, |date, km| format!("1;{km:.4};{date}")),
        csv("date\talt_mean_km", &rows, |date, km| format!("{date}\t{km:.4}")),
        csv("note,date,alt_mean_km", &rows, |date, km| format!("\"a, b\",\"{date}\",{km:.4}")),
        csv("mjd,a_km", &rows, |date, km| format!("{},{:.4}", date.mjd(), axis(km))),
        csv("date,a_mean_km", &rows, |date, km| format!("{date}T02:00+02:00,{:.4}", axis(km))),
        csv("date,mjd,a_mean_km,alt_mean_km", &rows, |date, km| {
            format!("{date},{},{:.4},{km:.4}", date.mjd(), axis(km))
        }),
        plain(&rows).replace('\n', "\r\n"),
        plain(&rows).replace('\n', "\r"),
        format!("\u{feff}# made up\n\n{}\n\n", plain(&rows)),
        plain(&rows)
            .replace("2016-", "2016/")
            .replace("-0", "/0")
            .replace("-1", "/1")
            .replace("-2", "/2")
            .replace("-3", "/3"),
    ];
    for text in texts {
        let track = read(&text).unwrap();
        let same = |(a, b): (&zarya_orbit::series::Fix, &zarya_orbit::series::Fix)| {
            a.mjd == b.mjd && (a.altitude_km - b.altitude_km).abs() < 1e-9
        };
        assert_eq!(track.fixes.len(), 60, "{text}");
        assert!(track.fixes.iter().zip(&wanted.fixes).all(same), "{text}");
        assert!(track.caveats.is_empty(), "{:?}", track.caveats);
    }
}

#[test]
fn tables_that_contradict_themselves_are_refused_or_noted() {
    let rows = rows(20, &[]);
    let refused = |text: &str| read(text).unwrap_err().to_string();
    let noted = |text: &str| read(text).unwrap().caveats.join("\n");
    let times = |date: Date, mjd: f64| format!("{date},{mjd},404.0");
    let shifted = csv("date,mjd,alt_mean_km", &rows, |date, _| times(date, date.mjd() + 40.0));
    assert!(refused(&shifted).contains("line 2: `mjd` 57488 is of 2016-04-10"));
    let once = csv("date,mjd,alt_mean_km", &rows, |date, _| {
        times(date, date.mjd() + if date.day() == 7 { 1.0 } else { 0.5 })
    });
    assert!(noted(&once).contains("1 row left out: line 8: `mjd`"), "{}", noted(&once));
    let radius = csv("date,a_km,alt_mean_km", &rows, |date, km| {
        format!("{date},{:.3},{km:.3}", km + 6371.0)
    });
    assert!(noted(&radius).contains("20 rows with columns that disagree: line 2: `a_km` less"));
    let twice = csv("date,alt_mean_km,alt_mean_km", &rows, |date, km| format!("{date},{km},1"));
    assert!(refused(&twice).contains("names `alt_mean_km` twice (columns 2 and 3)"));
    let comma =
        csv("date,alt_mean_km", &rows, |date, km| format!("{date},{km:.2}").replace('.', ","));
    assert!(
        refused(&comma).contains("line 2: 3 fields where the header has 2; put texts with commas")
    );
    let semicolon =
        csv("date;alt_mean_km", &rows, |date, km| format!("{date};{km:.2}").replace('.', ","));
    assert_eq!(
        read(&semicolon).unwrap().fixes.len(),
        20,
        "a decimal comma is one beside semicolons"
    );
    let two =
        |date: Date, km: f64| format!("{date},{km},{}", if date.day() < 9 { 25544 } else { 48274 });
    let objects = csv("date,alt_mean_km,norad_cat_id", &rows, two);
    assert!(
        refused(&objects)
            .contains("2 objects are mixed here (25544, 48274): pick one with `object`")
    );
    let planes = csv("date,alt_mean_km,inc_deg", &rows, |date, km| {
        format!("{date},{km},{}", if date.day() < 9 { 51.6 } else { 41.5 })
    });
    assert!(noted(&planes).contains("12 rows left out: line 10: an inclination of 41.5"));
    assert!(refused("date,alt_mean_km\n2016-03-01,\"404\n2016-03-02,404\n").contains("quotation"));
}

#[test]
fn rows_without_a_usable_value_cost_themselves() {
    let rows = rows(40, &[]);
    let spoil = |value: &str| {
        csv("date,alt_mean_km", &rows, |date, km| {
            let cell = if date.day() == 7 { value.to_owned() } else { format!("{km:.4}") };
            format!("{date},{cell}")
        })
    };
    for value in ["", "NaN", "n/a", "0", "99999"] {
        let track = read(&spoil(value)).unwrap();
        assert_eq!(track.fixes.len(), 38, "{value}");
        assert!(track.caveats[0].starts_with("2 rows left out: line 8: "), "{:?}", track.caveats);
    }
    // A fault that the series returns from, and a last row that no burn explains.
    let track = read(&spoil("320.0")).unwrap();
    assert_eq!(track.fixes.len(), 38);
    assert!(track.caveats[0].contains("far off the rows around"), "{:?}", track.caveats);
    assert!(find(&track).is_empty());
    let track = read(&format!("{}2016-04-10,320.0\n", plain(&rows))).unwrap();
    assert_eq!(track.fixes.len(), 40);
    // Where every second row is off, none is a fault.
    let other = |date: Date, km: f64| km - 25.0 * f64::from(i32::from(date.mjd() % 2.0 == 0.0));
    let two = csv("date,alt_mean_km", &rows, |date, km| format!("{date},{:.4}", other(date, km)));
    let track = read(&two).unwrap();
    assert_eq!(track.fixes.len(), 40);
    assert!(track.caveats[0].contains("does the file mix objects"), "{:?}", track.caveats);
    // A line without an end may lack digits.
    let text = plain(&rows);
    let track = read(text.trim_end().trim_end_matches(|c: char| c != '.')).unwrap();
    assert_eq!(track.fixes.len(), 39);
    assert!(track.caveats[0].contains("line 41 has no end"), "{:?}", track.caveats);
    assert_eq!(read(text.trim_end()).unwrap().fixes.len(), 40, "a whole line needs no end");
}

/// Ten rows a minute are no reason to wait, and a list of many gaps no reason to read on.
#[test]
fn crowds_are_thinned_and_many_gaps_counted() {
    let mut text = String::from("mjd,a_km\n");
    for i in 0..40_000 {
        let days = f64::from(i) / 14_400.0;
        let _ = writeln!(text, "{:.7},{:.4}", START + days, 6782.137 - 0.05 * days);
    }
    let track = read(&text).unwrap();
    assert_eq!(track.fixes.len(), 67);
    assert!(track.caveats[0].contains("40000 rows taken as 67"), "{:?}", track.caveats);
    let weekly: Vec<(Date, f64)> = rows(700, &[]).into_iter().step_by(7).collect();
    let caveats = read(&plain(&weekly)).unwrap().caveats;
    assert_eq!(caveats.len(), 1);
    assert!(caveats[0].starts_with("99 gaps of more than 3 days"), "{caveats:?}");
    assert!(caveats[0].len() < 200, "{caveats:?}");
}

/// Two sets of 2021 from the public history of 25544, whatever is around them.
#[test]
fn element_sets_are_read_in_any_dress() {
    const SETS: &str = "1 25544U 98067A   21001.22196045  .00001488  00000-0  34854-4 0  9992\n\
        2 25544  51.6464  88.5894 0001153 173.6665  39.5832 15.49246091262713\n";
    let wanted = read(SETS).unwrap();
    assert!(wanted.caveats.is_empty(), "{:?}", wanted.caveats);
    let named = SETS.replace("1 25544U", "0 ISS (ZARYA)\n1 25544U");
    let texts = [
        format!("\u{feff}{SETS}"),
        SETS.replace('\n', "\r\n"),
        SETS.replace('\n', "\r"),
        SETS.replace("1 25544U", "  1 25544U").replace("\n2", "\n\n  2"),
        format!("{}{named}# the end\n", "# a catalog\n".repeat(40)),
    ];
    for text in texts {
        let track = read(&text).unwrap();
        assert_eq!((track.fixes, track.caveats), (wanted.fixes.clone(), Vec::new()), "{text}");
    }
    let table = "OBJECT_NAME,EPOCH,MEAN_MOTION,ECCENTRICITY,INCLINATION,RA_OF_ASC_NODE,NORAD_CAT_ID\n\
        \"ISS (ZARYA)\",2021-01-01T05:19:37.382880,15.49246091,.0001153,51.6464,88.5894,25544\n";
    let track = read(table).unwrap();
    assert_eq!(track.kind, "OMM");
    assert!((track.fixes[0].mjd - wanted.fixes[0].mjd).abs() < 1e-7);
    assert!((track.fixes[0].altitude_km - wanted.fixes[0].altitude_km).abs() < 1e-9);
    let upright = table.replace("51.6464", "-1e200");
    assert!(read(&upright).unwrap_err().to_string().contains("an inclination of -1"));
    let cut = read(&format!("{SETS}1 25544U 98")).unwrap();
    assert!(cut.caveats[0].contains("ends with line 3, `1 25544U 98`"), "{:?}", cut.caveats);
}

/// Whatever stands in rows from the start on changes nothing.
#[test]
fn rows_from_the_start_on_change_no_hindcast() {
    let rows = rows(60, &[(30, 1.5)]);
    let from = START + 50.0;
    let ask = |text: &str| -> Hindcast {
        let sun = SunChoice::Issue(
            forecast_as_of(Date::from_mjd(from)).unwrap(),
            ObservedSun::embedded(),
        );
        let question =
            Question { from, through: from + 30.0, sun, jb2008: None, worlds: 20, seed: 1 };
        hindcast(&read(text).unwrap(), &question, UNWATCHED).unwrap()
    };
    let table = |late: &dyn Fn(Date, f64) -> String| {
        csv("date,alt_mean_km,a_mean_km,inc_deg,raan_deg", &rows, |date, km| {
            if date.mjd() < from {
                let spoiled = if date.day() == 5 { 0.0 } else { km };
                format!("{date},{spoiled:.4},{:.4},51.64,10", spoiled + 6378.137)
            } else {
                late(date, km)
            }
        })
    };
    let wanted = ask(&table(&|date, km| format!("{date},{km:.4},{:.4},51.64,10", km + 6378.137)));
    assert!(wanted.caveats.iter().any(|text| text.starts_with("2 rows left out: line 6")));
    let lates: [&dyn Fn(Date, f64) -> String; 6] = [
        &|date, _| format!("{date},0,0,0,0"),
        &|date, _| format!("{date},,,,"),
        &|date, km| format!("{date},{},{km},28.5,nan", km + 50.0),
        &|date, km| format!("{date},{:.1},6800,97.8,300", km + f64::from(date.day()) * 3.0),
        &|date, km| {
            format!("{date}T07:31:00Z,{km:.4},{km:.4},51.6,10\n{date}T07:31:00Z,300,1,51.6,9")
        },
        &|_, _| String::from("2019-01-01,404,6782.137,51.64,10"),
    ];
    for late in lates {
        assert_eq!(ask(&table(late)), wanted);
    }
    let backward: Vec<(Date, f64)> = rows.iter().rev().copied().collect();
    let forward = ask(&plain(&rows));
    assert_eq!(ask(&plain(&backward)), forward);
}

/// A row that averages across a burn does not shrink it, however small its share (2012-08-22 in the
/// public series, where a row with a tenth of the burn took 0.3 of 5.7 m/s).
#[test]
fn a_row_across_a_burn_does_not_shrink_it() {
    for share in [0.02, 0.1, 0.3, 0.5, 0.8, 0.97] {
        let mut rows = rows(60, &[(31, 10.0)]);
        rows[30].1 += 10.0 * share;
        let burns = burns(&plain(&rows));
        assert_eq!(burns.len(), 1, "{share}");
        let off_km = (burns[0].delta_altitude_km - 10.0).abs();
        assert!(off_km < 0.03, "{share}: off by {off_km}");
    }
}

/// Two burns with two rows between them are two, not one on the day of the second (2011-06-15 and -17 in
/// the public series); rows that rise across one burn are one.
#[test]
fn burns_two_days_apart_are_two() {
    for (first, second) in [(10.0, 7.0), (0.4, 0.4), (0.3, 2.0), (-0.8, -0.5)] {
        let burns = burns(&plain(&rows(60, &[(30, first), (32, second)])));
        assert_eq!(burns.len(), 2, "{first} {second}: {burns:?}");
        for (burn, km, day) in [(burns[0], first, 29), (burns[1], second, 31)] {
            assert!((burn.delta_altitude_km - km).abs() < 0.02, "{burn:?} {km}");
            assert_eq!(burn.date(), Date::from_mjd(START).plus_days(day));
        }
    }
    let mut slow = rows(60, &[(32, 2.0)]);
    slow[30].1 += 0.7;
    slow[31].1 += 1.4;
    assert_eq!(burns(&plain(&slow)).len(), 1);
}

/// A day after the record of the Sun does not cost the drag of the years before it.
#[test]
fn rows_beyond_the_record_of_the_sun_keep_the_drag_before_it() {
    let late: Vec<(Date, f64)> = (0..200)
        .map(|day| {
            let date = Date::parse("2026-03-01").unwrap().plus_days(day);
            let raised = if day >= 100 { 1.5 } else { 0.0 };
            (date, 415.0 - 0.06 * f64::from(day) + raised)
        })
        .collect();
    let found = burns(&plain(&late));
    assert_eq!(found.len(), 1, "{found:?}");
    let inside = burns(&plain(&late[..150]));
    // The mean flux of 81 days is centered on days that the shorter series does not know yet.
    let off_km = (found[0].delta_altitude_km - inside[0].delta_altitude_km).abs();
    assert!(off_km < 0.001, "{off_km}");
}
