//! When burns were flown: published times against what two-line sets and daily rows show of them.

use zarya_orbit::reboosts::{Burn, find};
use zarya_orbit::series::{Fix, Track, read};
use zarya_units::{Date, Mjd};

const DECEMBER_1998: &str = include_str!("iss-1998-12.tle");
const DECEMBER_2021: &str = include_str!("iss-2021-12.tle");
const PUBLISHED: &str = include_str!("published_burns.csv");

/// Reads `YYYY-MM-DDThh:mm`.
fn utc(text: &str) -> Mjd {
    let number = |from: usize| text[from..from + 2].parse::<f64>().unwrap();
    Date::parse(&text[..10]).unwrap().mjd() + number(11) / 24.0 + number(14) / 1440.0
}

fn published() -> Vec<Mjd> {
    let rows = PUBLISHED.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    rows.map(utc).collect()
}

fn nearest(burns: &[Burn], time: Mjd) -> Burn {
    let off = |burn: &Burn| (burn.moment - time).abs();
    *burns.iter().min_by(|a, b| off(a).total_cmp(&off(b))).unwrap()
}

fn holds(burn: &Burn, time: Mjd) -> bool {
    burn.between.0 <= time && time <= burn.between.1
}

/// The text of the sets whose epoch lies within `days` of a time.
fn sets_around(text: &str, time: Mjd, days: (f64, f64)) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .chunks(2)
        .filter(|set| {
            let mjd = read(&set.join("\n")).unwrap().fixes[0].mjd;
            time - days.0 <= mjd && mjd <= time + days.1
        })
        .map(|set| set.join("\n") + "\n")
        .collect()
}

/// The first burn that raised Zarya and Unity together, 22 minutes from about 20:30 UTC on; the later
/// burns of the file keep their days.
#[test]
fn a_clean_step_stands_between_its_own_rows() {
    let burns = find(&read(DECEMBER_1998).unwrap());
    let flown = utc("1998-12-08T20:30");
    let burn = nearest(&burns, flown);
    assert_eq!(burn.date().to_string(), "1998-12-08");
    assert!((burn.rows.0 - utc("1998-12-08T17:00")).abs() < 1.0 / 24.0, "{burn:?}");
    assert!((burn.rows.1 - utc("1998-12-09T00:00")).abs() < 1.0 / 24.0, "{burn:?}");
    assert!(holds(&burn, flown) && (5.5..6.5).contains(&burn.delta_altitude_km), "{burn:?}");
    for day in ["1998-12-13", "1998-12-16", "1998-12-21"] {
        assert!(burns.iter().any(|burn| burn.date().to_string() == day), "{day}");
    }
}

/// The hours hold the published ignitions though both lie before the last set of the old orbit, and a burn an
/// hour after midnight is not said to be of its day with certainty.
#[test]
fn the_hours_reach_back_to_the_published_times() {
    let burns = find(&read(DECEMBER_2021).unwrap());
    assert_eq!(burns.len(), 2, "{burns:?}");
    let dates = |burn: &Burn| burn.dates().iter().map(Date::to_string).collect::<Vec<_>>();
    for (burn, flown, days) in [
        (burns[0], "2021-12-03T07:58", vec!["2021-12-03"]),
        (burns[1], "2021-12-24T01:18", vec!["2021-12-24", "2021-12-23"]),
    ] {
        assert!(utc(flown) < burn.rows.0, "the set after {flown} still shows the old orbit");
        assert!(holds(&burn, utc(flown)), "{flown}: {burn:?}");
        assert!(burn.between.1 - burn.between.0 < 16.0 / 24.0, "{burn:?}");
        assert_eq!(dates(&burn), days);
    }
}

/// A step stays where it is whatever is cut off the file weeks or days away from it.
#[test]
fn rows_far_away_move_no_step() {
    for (text, flown) in [
        (DECEMBER_1998, "1998-12-08T20:30"),
        (DECEMBER_1998, "1998-12-16T19:44"),
        (DECEMBER_2021, "2021-12-03T07:58"),
        (DECEMBER_2021, "2021-12-24T01:18"),
    ] {
        let whole = nearest(&find(&read(text).unwrap()), utc(flown));
        for days in [(5.5, 5.5), (5.5, 40.0), (40.0, 5.5), (8.0, 6.0), (12.0, 12.0), (15.0, 7.0)] {
            let part = find(&read(&sets_around(text, utc(flown), days)).unwrap());
            let part = nearest(&part, utc(flown));
            assert_eq!((part.rows, part.date()), (whole.rows, whole.date()), "{flown} {days:?}");
        }
    }
}

/// No other boundary within a day leaves lines on both sides of one slope a smaller sum of distances.
#[test]
fn a_step_lies_where_the_file_says() {
    for text in [DECEMBER_1998, DECEMBER_2021] {
        let track = read(text).unwrap();
        for burn in find(&track) {
            if burn.delta_altitude_km.abs() < 0.4 {
                continue;
            }
            let near = |fix: &&Fix| burn.rows.0 - 2.0 < fix.mjd && fix.mjd < burn.rows.1 + 2.0;
            let rows: Vec<Fix> = track.fixes.iter().filter(near).copied().collect();
            let at = rows.iter().position(|fix| fix.mjd == burn.rows.1).unwrap();
            let best = (at - 3..=at + 3)
                .min_by(|&a, &b| misfit(&rows, a).total_cmp(&misfit(&rows, b)))
                .unwrap();
            assert_eq!(best, at, "{burn:?}");
        }
    }
}

/// The sum of distances from two levels, with the slopes of medians on a grid.
fn misfit(rows: &[Fix], at: usize) -> f64 {
    let middle = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    (-30..=10)
        .map(|slope| {
            let slope_km_d = f64::from(slope) * 0.01;
            let level = |fix: &Fix| fix.altitude_km - slope_km_d * (fix.mjd - rows[0].mjd);
            [&rows[..at], &rows[at..]]
                .iter()
                .map(|side| {
                    let center = middle(&mut side.iter().map(level).collect());
                    side.iter().map(|fix| (level(fix) - center).abs()).sum::<f64>()
                })
                .sum::<f64>()
        })
        .fold(f64::INFINITY, f64::min)
}

/// How many published times the hours hold: the reach of six hours was set on the first seven of the element sets
/// alone, those before October 2021.
#[test]
fn published_times_lie_in_the_hours() {
    let Some(root) = std::env::var_os("ZARYA_SHARED") else {
        eprintln!("skipped: set ZARYA_SHARED to the folder with data/orbit");
        return;
    };
    let folder = std::path::Path::new(&root).join("data/orbit");
    let series = |name: &str| -> Track {
        read(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
    };
    let set_on = utc("2021-10-01T00:00");
    let count = |burns: &[Burn], times: &[Mjd]| {
        let found: Vec<(Burn, Mjd)> = times
            .iter()
            .map(|&time| (nearest(burns, time), time))
            .filter(|(burn, time)| (burn.moment - time).abs() < 2.0)
            .collect();
        let days = found.iter().filter(|(burn, time)| burn.date() == Date::from_mjd(*time));
        let listed =
            found.iter().filter(|(burn, time)| burn.dates().contains(&Date::from_mjd(*time)));
        let held = found.iter().filter(|(burn, time)| holds(burn, *time));
        (found.len(), held.count(), days.count(), listed.count())
    };
    let sets = series("iss_2021-01_2022-03.tle");
    let of_sets: Vec<Mjd> = published()
        .into_iter()
        .filter(|time| (sets.fixes[0].mjd..sets.fixes[sets.fixes.len() - 1].mjd).contains(time))
        .collect();
    let burns = find(&sets);
    let (before, after): (Vec<Mjd>, Vec<Mjd>) = of_sets.iter().partition(|time| **time < set_on);
    assert_eq!(count(&burns, &before), (6, 6, 6, 6));
    assert_eq!(count(&burns, &after), (7, 7, 7, 7));
    // Rows of days: the same reach, from the noons of both.
    let daily = find(&series("iss_daily_mean_altitude.csv"));
    let (found, held, days, listed) = count(&daily, &published());
    assert_eq!((found, held, days, listed), (37, 37, 25, 37));
    let hours = burns.iter().map(|burn| 24.0 * (burn.between.1 - burn.between.0));
    assert!(hours.sum::<f64>() / (burns.len() as f64) < 15.0);
}
