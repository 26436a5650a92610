use super::*;
use crate::forecast::archive;

/// The layout of the published table; its numbers are made up.
const NASA: &str = include_str!("../../tests/it/msafe.txt");

fn issue(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn said(text: &str) -> String {
    read(text, "sun.txt", None).unwrap_err().to_string()
}

#[test]
fn nasas_table_is_read_as_published() {
    let read = read(NASA, "jul2026f10_prd.txt", None).unwrap();
    let [forecast] = read.issues.as_slice() else { panic!("one issue") };
    assert_eq!((forecast.name().as_str(), read.undated), ("2026-07", false));
    let january = issue("2026-01").mjd() + 15.5;
    assert_eq!(forecast.f107(january), Band { p95: 185.2, p50: 160.3, p05: 141.1 });
    assert_eq!(forecast.ap(january), Band { p95: 18.1, p50: 13.2, p05: 9.9 });
    assert_eq!(forecast.end(), issue("2026-04").mjd());
    assert!(read.notes[0].contains("2026-01 to 2026-03; its name says"), "{:?}", read.notes);
}

/// Titles over two lines, percent signs, decimal years of the month's begin, and page breaks.
#[test]
fn titles_and_page_breaks_are_passed_over() {
    let page = "  TABLE 3 ESTIMATES OF 13-MONTH SMOOTH SOLAR ACTIVITY FOR\n   BALANCE OF CYCLE 24\n\n    TIME  10.7 CM SOLAR \
                FLUX (F10.7)   GEOMAGNETIC INDEX (Ap)\n   95.0%  50%  5.0%  95.0%  50%  5.0%\n\n";
    let text = format!(
        "{page} 2010.5003   JUL    83.4      81.3      78.7       6.4       5.9       5.2\n\x0c{page} 2010.5837   AUG    87.3  \
         83.4      78.5       7.0       6.1       4.9\n"
    );
    let read = read(&text.replace('\n', "\r\n"), "Jan2011F10.TXT", None).unwrap();
    assert_eq!(read.issues[0].name(), "2011-01");
    assert_eq!(read.issues[0].f107(issue("2010-08").mjd() + 15.5).p95, 87.3);
}

#[test]
fn the_issue_is_said_or_named_or_assumed() {
    let ask = |name: &str, stated: Option<&str>| {
        let read = read(NASA, name, stated.map(issue)).unwrap();
        (read.issues[0].name(), read.undated)
    };
    assert_eq!(ask("msafe.txt", Some("2026-05")), ("2026-05".into(), false));
    assert_eq!(ask("jun2026f10_prd.txt", Some("2026-05")), ("2026-05".into(), false));
    assert_eq!(ask("in/2026-06-msafe.txt", None), ("2026-06".into(), false));
    // Six months after the first one: so are all issues of the archive.
    assert_eq!(ask("msafe.txt", None), ("2026-07".into(), true));
    for ours in archive::issues() {
        let begins = month_number(Date::from_mjd(ours.start()));
        assert_eq!(month_number(ours.issue()), begins + MONTHS_BEFORE_ISSUE);
    }
    for none in [
        "msafe.txt",
        "month2026.txt",
        "jun26f10.txt",
        "2026-13.txt",
        "12026-05.txt",
        "",
        "2026-055",
    ] {
        assert_eq!(issue_in(none), None, "{none}");
    }
}

#[test]
fn a_wrong_row_of_nasas_table_is_named() {
    let with = |from: &str, to: &str| said(&NASA.replace(from, to));
    assert!(with("9.8", "").contains("line 5: six numbers are expected"), "{}", with("9.8", ""));
    assert!(with("FEB", "MAR").contains("line 5: 2026.125 does not lie in the month"));
    assert!(with("158.9", "258.9").contains("line 5: F10.7 must fall"));
    assert!(with("2026.1250 FEB", "2026.2083 MAR").contains("line 5: a month is missing"));
    let sunspots = " 2026.0417 JAN 101.2   90.3   80.1\n";
    assert!(said(sunspots).contains("table of sunspot numbers"), "{}", said(sunspots));
}

const NOAA: &str = r#"[
 {"time-tag":"2026-04","predicted_ssn":106.3,"high25_ssn":108.0,"high_ssn":117.3,"high75_ssn":125.0,"low25_ssn":104.0,
  "low_ssn":98.5,"low75_ssn":90.1,"predicted_f10.7":141.0,"high25_f10.7":142.0,"high_f10.7":149.3,"high75_f10.7":160.0,
  "low25_f10.7":140.0,"low_f10.7":135.1,"low75_f10.7":130.0},
 {"time-tag":"2026-05","predicted_ssn":105.0,"high_ssn":115.0,"low_ssn":95.0,"predicted_f10.7":140.0,
  "high_f10.7":148.0,"low_f10.7":133.0}]"#;

/// 87.5 % stands 1.150 standard deviations from the middle, 75 % 0.674, 95 % 1.645.
#[test]
fn noaas_limits_are_carried_on_to_5_and_95_percent() {
    let read = read(NOAA, "predicted-solar-cycle.json", Some(issue("2026-03"))).unwrap();
    let forecast = &read.issues[0];
    let (april, may) = (issue("2026-04").mjd() + 15.0, issue("2026-05").mjd() + 15.5);
    let carried = |middle: f64, limit: f64, z: f64| {
        middle * math::exp(1.644_85 / z * math::ln(limit / middle))
    };
    let near = |a: f64, b: f64| assert!((a - b).abs() < 0.05, "{a} {b}");
    near(forecast.f107(april).p95, carried(141.0, 160.0, 1.150_35));
    near(forecast.f107(april).p05, carried(141.0, 130.0, 1.150_35));
    near(forecast.f107(may).p95, carried(140.0, 148.0, 0.674_49));
    assert_eq!(forecast.f107(april).p50, 141.0);
    let nasa = archive::forecast_of(issue("2026-03")).unwrap();
    near(forecast.ap(may).p50, nasa.ap(may).p50);
    let notes = read.notes.join(" | ");
    assert!(
        notes.contains("assumed: no wider limits") && notes.contains("NASA's issue 2026-03"),
        "{notes}"
    );
    assert!(super::read(NOAA, "predicted-solar-cycle.json", None).unwrap().undated);
}

#[test]
fn other_json_is_named_for_what_it_is() {
    let observed = r#"[{"time-tag":"2026-06","ssn":94.4,"smoothed_ssn":-1.0,"f10.7":138.2,"smoothed_f10.7":-1.0}]"#;
    assert!(said(observed).contains("observed indices, no forecast"));
    assert!(said(r#"[{"OBJECT_NAME":"ISS (ZARYA)","MEAN_MOTION":15.5}]"#).contains("element sets"));
    assert!(said(r#"{"error":"limit"}"#).contains("no forecast of the Sun"));
    assert!(said(&NOAA[..200]).contains("does not parse"));
    assert!(said(&NOAA.replace("2026-05", "2026-07")).contains("a month is missing"));
}

fn celestrak(observed: i32, predicted: i32, months: i32) -> String {
    let first = issue("2026-10-01");
    let row =
        |date: Date, flux: f64, ap: &str, kind: &str| format!("{date},{ap},{flux},88.8,{kind}\n");
    let mut text = "DATE,AP_AVG,F10.7_OBS,F10.7_ADJ,F10.7_DATA_TYPE\n".to_owned();
    for day in 0..observed {
        text += &row(first.plus_days(day), 120.0, "7", "OBS");
    }
    for day in observed..observed + predicted {
        text += &row(first.plus_days(day), 110.0, "9", "PRD");
    }
    for month in 0..months {
        text += &row(month_start(2027 * 12 + month).unwrap(), 100.0, "", "PRM");
    }
    text
}

/// Ten days observed and 45 predicted: October is a mean of both, November predicted, December between
/// November and the first month predicted.
#[test]
fn celestraks_days_and_months_make_one_forecast() {
    let read = read(&celestrak(10, 45, 12), "SW-Last5Years.csv", None).unwrap();
    let forecast = &read.issues[0];
    assert_eq!((forecast.issue(), read.undated, read.days.len()), (issue("2026-10-11"), false, 10));
    let at = |month: &str| forecast.f107(issue(month).mjd() + 15.5).p50;
    assert!(
        (at("2026-10") - (10.0 * 120.0 + 21.0 * 110.0) / 31.0).abs() < 1e-9,
        "{}",
        at("2026-10")
    );
    assert!((at("2026-12") - 105.0).abs() < 1e-9, "{}", at("2026-12"));
    assert_eq!((at("2027-01"), forecast.end()), (100.0, issue("2028-01").mjd()));
    let nasa = archive::forecast_of(issue("2026-03")).unwrap();
    let may = issue("2027-05").mjd() + 15.5;
    let (theirs, here) = (nasa.f107(may), forecast.f107(may));
    assert!((here.p95 / here.p50 - theirs.p95 / theirs.p50).abs() < 1e-3);
    assert_eq!(forecast.ap(may), nasa.ap(may));
    let notes = read.notes.join(" | ");
    assert!(notes.contains("45 days and 12 months predicted"), "{notes}");
    assert!(
        notes.contains("made on 2026-10-11") && notes.contains("one curve of F10.7"),
        "{notes}"
    );
    // Four predicted days of December make no mean of the month.
    let few = super::read(&celestrak(10, 55, 12), "SW-All.csv", None).unwrap();
    let december = few.issues[0].f107(issue("2026-12").mjd() + 15.5).p50;
    assert!((december - 105.0).abs() < 1e-9, "{december}");
    assert!(said(&celestrak(10, 0, 0)).contains("give it as `observations`"));
}

#[test]
fn what_is_no_table_is_named_for_what_it_is() {
    let page = said("<!DOCTYPE html><html><body>404 Not Found</body></html>");
    assert!(page.contains("this is a web page") && page.contains("the download failed"), "{page}");
    assert!(said("No data found").contains("this is a message"));
    assert!(read_days("<html></html>").unwrap_err().to_string().contains("this is a web page"));
    let other = said("id,mtbf_h\npump,50000\n");
    assert!(
        other.contains("no column issue, month") && other.contains("predicted-solar-cycle.json"),
        "{other}"
    );
}

#[test]
fn days_and_forecasts_are_told_apart() {
    let of_days = |text: &str| read_days(text).unwrap_err().to_string();
    assert!(of_days(NASA).contains("NASA Marshall's monthly forecast"), "{}", of_days(NASA));
    assert!(of_days(NOAA).contains("give it as `forecasts`"));
    assert!(of_days("issue,month,f107_p95\n").contains("give it as `forecasts`"));
    assert!(said("date,f107,ap\n2026-10-02,95.1,4\n").contains("give it as `observations`"));
    assert_eq!(read_days(&celestrak(10, 45, 12)).unwrap().days.len(), 10);
    assert!(of_days(&celestrak(0, 45, 12)).contains("no observed day"));
}

/// 4,000 mutations of good files, with a fixed seed: a forecast in its bounds, or a refusal.
#[test]
fn mutated_files_are_read_or_refused() {
    let celestrak = celestrak(10, 45, 12);
    let own = "issue,month,f107_p95,f107_p50,f107_p05,ap_p95,ap_p50,ap_p05\n2026-03,2026-03,150,140,130,9,8,7\n";
    let source = zarya_units::random::Source::new(5, 0);
    let stream = zarya_units::random::Stream::new("mutation", "forecasts");
    let mut n_read = 0;
    for n in 0..4_000_u32 {
        let text = [NASA, NOAA, celestrak.as_str(), own][n as usize % 4];
        let mut bytes = text.as_bytes().to_vec();
        for k in 0..2 {
            let draw = |i: u32| source.uniform(stream, 12 * n + 4 * k + i);
            let at = (draw(0) * bytes.len() as f64) as usize;
            match (draw(1) * 4.0) as u32 {
                0 => bytes[at] = (draw(2) * 256.0) as u8,
                1 => bytes.truncate(at.max(1)),
                2 => bytes.insert(at, b"0123456789-,;.eE\n\"N"[(draw(2) * 19.0) as usize]),
                _ => drop(bytes.remove(at)),
            }
            if bytes.is_empty() {
                bytes.push(b'1');
            }
        }
        for forecast in
            read(&String::from_utf8_lossy(&bytes), "x", None).map(|r| r.issues).unwrap_or_default()
        {
            n_read += 1;
            for mjd in [forecast.start(), forecast.end()] {
                let band = forecast.f107(mjd);
                assert!(
                    40.0 <= band.p05 && band.p05 <= band.p50 && band.p50 <= band.p95,
                    "{band:?}"
                );
                assert!(band.p95 <= 1_000.0 && forecast.ap(mjd).p50.is_finite(), "{band:?}");
            }
        }
    }
    assert!(n_read > 400, "{n_read}");
}
