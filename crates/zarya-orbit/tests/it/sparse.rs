//! Sparse histories: weekly and monthly sets, bulletins of heights, lists of mean motions, states an hour apart.

use std::fmt::Write as _;
use zarya_orbit::UNWATCHED;
use zarya_orbit::decay::decay_daily;
use zarya_orbit::hindcast::{Hindcast, Question, hindcast};
use zarya_orbit::reboosts::find;
use zarya_orbit::series::{Track, read};
use zarya_orbit::worlds::SunChoice;
use zarya_orbit::{DecayTable, OrbitError, SunPath};
use zarya_units::Date;

const MIR: &str = include_str!("mir-1995.csv");
const TIANGONG_1: &str = include_str!("tiangong-1.tle");
const HOURLY: &str = include_str!("hourly.oem");

fn cast(track: &Track, from: &str, through: &str) -> Result<Hindcast, OrbitError> {
    let [from, through] = [from, through].map(|day| Date::parse(day).unwrap().mjd());
    let sun = SunChoice::Observed(zarya_orbit::sun::ObservedSun::embedded());
    let question = Question { from, through, sun, jb2008: None, worlds: 400, seed: 1 };
    hindcast(track, &question, UNWATCHED)
}

/// Mir from July to October 1995 without a burn: its decay asks for 0.0054 m2/kg under the observed Sun, and the last
/// row is 0.94 km below that of 3 October.
#[test]
fn rows_a_week_apart_give_a_product() {
    let answer = cast(&read(MIR).unwrap(), "1995-10-03", "1995-10-27").unwrap();
    let loss = answer.loss.unwrap();
    assert!((loss.product_m2_kg / 0.0054 - 1.0).abs() < 0.1, "{loss:?}");
    assert!((0.7..0.95).contains(&answer.drop_km.p50), "{:?}", answer.drop_km);
    assert!(answer.drop_km.p05 < 0.94 && 0.94 < answer.drop_km.p95, "{:?}", answer.drop_km);
    let said = answer.caveats.join("\n");
    assert!(said.contains("a burn between two rows cannot be seen"), "{said}");
}

/// Tiangong-1 from four sets of a year, the last four months before it came down: on 25 March 2018 its mean
/// altitude was 216.2 km, and it entered on 2 April at 00:16 UTC.
#[test]
fn sets_months_apart_lead_to_an_entry() {
    let track = read(TIANGONG_1).unwrap();
    let answer = cast(&track, "2017-11-25", "2018-04-12").unwrap();
    let band = |day: &str| {
        let day = Date::parse(day).unwrap().mjd() - Date::parse("2017-11-25").unwrap().mjd();
        answer.days[day as usize]
    };
    let march = band("2018-03-25");
    assert!(march.p05 < 216.2 && 216.2 < march.p95, "{march:?}");
    let entry = band("2018-04-02");
    assert!(entry.p05.is_infinite() && entry.p95 > 150.0, "{entry:?}");
    // Half of the worlds come down within a third of the days before or after.
    let median = answer.reentry.expect("it came down").mjd();
    let flown = Date::parse("2018-04-02").unwrap().mjd() - Date::parse("2017-11-25").unwrap().mjd();
    let predicted = median - Date::parse("2017-11-25").unwrap().mjd();
    assert!((predicted / flown - 1.0).abs() < 0.33, "{predicted} {flown}");
}

/// Made-up rows every nine days at 0.006 m2/kg, one of them after a burn.
fn weekly(burn_km: f64) -> Vec<(Date, f64)> {
    let start = Date::parse("2015-01-01").unwrap();
    let sun = SunPath::observed(start.mjd(), 240).unwrap();
    let (days, _) =
        decay_daily(DecayTable::embedded(), 400.0, 0.006, start.mjd(), 200, &sun, |_| 1.0);
    (0..200)
        .step_by(9)
        .map(|day| {
            let raised = if day > 100 { burn_km } else { 0.0 };
            (start.plus_days(day), days[day as usize] + raised)
        })
        .collect()
}

fn table(head: &str, rows: &[(Date, f64)], write: impl Fn(f64) -> String) -> String {
    rows.iter().fold(format!("{head}\n"), |mut text, (date, km)| {
        let _ = writeln!(text, "{date},{}", write(*km));
        text
    })
}

#[test]
fn the_product_of_made_up_rows_comes_back() {
    let product = |burn_km: f64| {
        let text = table("date,alt_mean_km", &weekly(burn_km), |km| format!("{km:.3}"));
        let answer = cast(&read(&text).unwrap(), "2015-07-15", "2015-08-10").unwrap();
        let loss = answer.loss.unwrap();
        assert!((loss.product_m2_kg / 0.006 - 1.0).abs() < 0.08, "{burn_km}: {loss:?}");
        loss
    };
    assert!(product(0.0).risen.is_empty());
    // One that raises above the row before, and one that takes the most of a span's loss.
    assert_eq!(product(3.0).risen.len(), 1);
    let hidden = product(0.9);
    assert_eq!((hidden.risen.len(), hidden.doubtful.len()), (0, 1), "{hidden:?}");
}

/// Heights rounded to a kilometer tell less: the same product, a wider band, and no span shorter than its noise.
#[test]
fn bulletins_of_heights_have_a_wider_band() {
    let rows = weekly(0.0);
    let fine = table("date,alt_mean_km", &rows, |km| format!("{km:.3}"));
    let bulletin =
        table("date,perigee_km,apogee_km", &rows, |km| format!("{:.0},{:.0}", km - 6.3, km + 6.3));
    let track = read(&bulletin).unwrap();
    assert!(track.caveats.iter().any(|c| c.contains("above 6378.137 km")), "{:?}", track.caveats);
    let [fine, rough] = [read(&fine).unwrap(), track]
        .map(|track| cast(&track, "2015-07-15", "2015-08-10").unwrap());
    let loss = rough.loss.unwrap();
    assert!((loss.product_m2_kg / 0.006 - 1.0).abs() < 0.1, "{loss:?}");
    assert!(loss.noise_km > 0.2 && rough.ln_drag_error > fine.ln_drag_error, "{loss:?}");
    assert!(rough.drop_km.p95 - rough.drop_km.p05 > fine.drop_km.p95 - fine.drop_km.p05);
}

/// Mean motions of element sets are the altitudes of those sets.
#[test]
fn lists_of_mean_motions_are_read() {
    let sets = read(TIANGONG_1).unwrap();
    let text = "date,mean_motion_rev_d,inc_deg,eccentricity\n\
        2016-11-23T10:07:38,15.69249090,42.7632,.0015415\n\
        2017-04-18T18:12:06,15.75851115,42.7593,.0018230\n";
    let list = read(text).unwrap();
    for (a, b) in list.fixes.iter().zip(&sets.fixes) {
        assert!((a.altitude_km - b.altitude_km).abs() < 1e-4, "{a:?} {b:?}");
    }
    assert!(list.caveats.iter().any(|c| c.contains("`mean_motion_rev_d`")), "{:?}", list.caveats);
    let refused = |text: &str| read(text).unwrap_err().to_string();
    assert!(refused("date,period_min\n2016-01-01,92.5\n").contains("mean_motion_rev_d"));
    assert!(refused("date,perigee_km\n2016-01-01,390\n").contains("`perigee_km` and `apogee_km`"));
    assert!(refused("date,perigee_km,apogee_km\n2016-01-01,410,390\n").contains("above an apogee"));
}

/// Eight states an hour apart: 425.7 km, the mean of their axes less the first-order term of J2.
#[test]
fn states_an_hour_apart_have_a_mean() {
    let track = read(HOURLY).unwrap();
    assert_eq!(track.fixes.len(), 1);
    assert!((track.fixes[0].altitude_km - 425.7).abs() < 0.05, "{:?}", track.fixes);
    assert!(track.caveats.iter().any(|c| c.contains("scatter by 0.0")), "{:?}", track.caveats);
    assert!(find(&track).is_empty());
    // One place of the orbit is not its mean.
    let near: String = HOURLY
        .lines()
        .enumerate()
        .map(|(i, line)| {
            let minute = format!("T00:0{}:00 ", i.saturating_sub(13) % 10);
            line.replacen("T01:00:00 ", &minute, 1).replacen("T02:00:00 ", &minute, 1) + "\n"
        })
        .filter(|line| !line.starts_with("2023-03-01T0") || line.contains("T00:0"))
        .collect();
    assert!(read(&near).unwrap_err().to_string().contains("do not fill one revolution"));
}

/// Sparse rows of which no drag follows are told what is missing.
#[test]
fn rows_that_say_nothing_are_refused_with_a_way_on() {
    let flat = table("date,alt_mean_km", &weekly(0.0)[..2], |_| "400.000".into());
    let error = cast(&read(&flat).unwrap(), "2015-01-20", "2015-02-10").unwrap_err().to_string();
    assert!(error.contains("`drag_area_m2_kg`"), "{error}");
}
