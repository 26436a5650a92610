//! Scores hindcasts over every reboost-free arc of a series of altitudes: observed Sun and forecast
//! as issued, before and after 2012 apart.
//!
//! `cargo run --release -p zarya-orbit --example score_hindcasts -- ALTITUDES.csv [STEPS.csv] [WORDS]`
//!
//! Words: `all` prints every arc, `before-2012` looks at nothing after, `parts` takes parts of the
//! arcs instead (a start every five days, through 25, 45 and 80 days after it and the arc's end):
//! more, though dependent, cases to set a band with; `jb2008=FOLDER` takes the density under the observed
//! Sun from JB2008, less arcs that its drivers do not allow.
//!
//! Arcs lie between the burns found in the whole series (and those of the second file, columns
//! `mjd`, when given), a day away from each, without a gap, and at least 20 days long.
#![allow(clippy::print_stdout, reason = "a scoring program's output")]

use zarya_orbit::UNWATCHED;
use zarya_orbit::archive::forecast_as_of;
use zarya_orbit::hindcast::{Question, hindcast};
use zarya_orbit::jb2008::Drivers;
use zarya_orbit::reboosts::find;
use zarya_orbit::series::{GAP_DAYS, read};
use zarya_orbit::sun::ObservedSun;
use zarya_orbit::worlds::SunChoice;
use zarya_units::{Date, math};

struct Scored {
    year: f64,
    days: f64,
    drop: f64,
    observed: [f64; 3],
    forecast: Option<[f64; 3]>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let text = std::fs::read_to_string(&arguments[0]).expect("a readable series");
    let track = read(&text).expect("a series of altitudes");
    let mut steps: Vec<f64> =
        find(&track).iter().map(|burn| 0.5 * (burn.rows.0 + burn.rows.1)).collect();
    let word = |word: &str| arguments.iter().any(|argument| argument == word);
    if let Some(path) = arguments.get(1).filter(|argument| argument.contains('.')) {
        let text = std::fs::read_to_string(path).expect("a readable list of steps");
        let mut lines = text.lines();
        let column = lines.next().and_then(|head| head.split(',').position(|name| name == "mjd"));
        let column = column.expect("a column `mjd`");
        steps.extend(lines.filter_map(|line| line.split(',').nth(column)?.parse::<f64>().ok()));
    }
    let drivers = arguments.iter().find_map(|word| word.strip_prefix("jb2008=")).map(|folder| {
        let file = |name: &str| {
            std::fs::read_to_string(format!("{folder}/{name}")).expect("drivers of JB2008")
        };
        Drivers::read(&file("SOLFSMY.TXT"), &file("DTCFILE.TXT")).expect("drivers of JB2008")
    });
    let fixes = &track.fixes;
    let broken = |i: usize| {
        fixes[i + 1].mjd - fixes[i].mjd > GAP_DAYS
            || steps.iter().any(|&s| fixes[i].mjd - 0.5 <= s && s <= fixes[i + 1].mjd + 0.5)
    };
    let mut arcs = Vec::new();
    let mut first = 0;
    for i in 0..fixes.len() - 1 {
        if broken(i) || i + 2 == fixes.len() {
            if i > first + 2 && fixes[i - 1].mjd - fixes[first + 1].mjd >= 20.0 {
                arcs.push((first + 1, i - 1));
            }
            first = i + 1;
        }
    }
    if word("parts") {
        let row = |mjd: f64| fixes.partition_point(|fix| fix.mjd < mjd);
        arcs = arcs
            .into_iter()
            .flat_map(|(a, b)| (a..b).step_by(5).map(move |start| (start, b)))
            .flat_map(|(a, b)| {
                [25.0, 45.0, 80.0, 400.0].map(|days| (a, row(fixes[a].mjd + days).min(b), days, b))
            })
            .filter(|&(a, b, days, end)| {
                let length = fixes[b].mjd - fixes[a].mjd;
                length >= 20.0 && (b < end || days > 100.0)
            })
            .map(|(a, b, _, _)| (a, b))
            .collect();
    }
    let mut scored = Vec::new();
    for (a, b) in arcs {
        let (from, through) = (fixes[a].mjd, fixes[b].mjd);
        let date = Date::from_mjd(from);
        if date < Date::parse("1999-12-01").expect("a date")
            || word("before-2012") && date.year() >= 2012
        {
            continue;
        }
        let ask = |sun, worlds| {
            let jb2008 = drivers.as_ref().filter(|_| matches!(sun, SunChoice::Observed(_)));
            let question = Question { from, through, sun, jb2008, worlds, seed: 1 };
            hindcast(&track, &question, UNWATCHED)
                .map(|h| [h.drop_km.p05, h.drop_km.p50, h.drop_km.p95])
        };
        let record = ObservedSun::embedded();
        let Ok(observed) = ask(SunChoice::Observed(record), 600) else { continue };
        let forecast = forecast_as_of(date)
            .ok()
            .and_then(|issue| ask(SunChoice::Issue(issue, record), 400).ok());
        scored.push(Scored {
            year: date.decimal_year(),
            days: through - from,
            drop: fixes[a].altitude_km - fixes[b].altitude_km,
            observed,
            forecast,
        });
        if word("all") {
            let s = &scored[scored.len() - 1];
            println!(
                "{date} {:>4.0} d drop {:.3} observed {:.3} ({:.3} {:.3}) forecast {:?}",
                s.days, s.drop, observed[1], observed[0], observed[2], forecast
            );
        }
    }
    for (name, inside) in
        [("before 2012", (0.0, 2012.0)), ("after 2012", (2012.0, 3000.0)), ("all", (0.0, 3000.0))]
    {
        for (length, band) in [
            ("20-45 d", (20.0, 45.0)),
            ("45-75 d", (45.0, 75.0)),
            ("20-75 d", (20.0, 75.01)),
            ("> 75 d", (75.01, 1e4)),
        ] {
            let group: Vec<&Scored> = scored
                .iter()
                .filter(|s| {
                    inside.0 <= s.year && s.year < inside.1 && (band.0 <= s.days && s.days < band.1)
                })
                .collect();
            if group.is_empty() {
                continue;
            }
            let errors = |pick: &dyn Fn(&Scored) -> Option<[f64; 3]>| {
                let mut errors: Vec<f64> = group
                    .iter()
                    .filter_map(|s| pick(s).map(|p| (p[1] / s.drop - 1.0).abs() * 100.0))
                    .collect();
                errors.sort_by(f64::total_cmp);
                let at = |share: f64| errors[((errors.len() - 1) as f64 * share).round() as usize];
                let mut logs: Vec<f64> = group
                    .iter()
                    .filter_map(|s| pick(s).map(|p| math::ln(p[1] / s.drop) * 100.0))
                    .collect();
                logs.sort_by(f64::total_cmp);
                let inside: Vec<bool> = group
                    .iter()
                    .filter_map(|s| pick(s).map(|p| p[0] <= s.drop && s.drop <= p[2]))
                    .collect();
                let covered = inside.iter().filter(|i| **i).count() as f64 / inside.len() as f64;
                format!(
                    "median {:>5.1} % p90 {:>5.1} % bias {:>5.1} % band covers {:>3.0} %",
                    at(0.5),
                    at(0.9),
                    logs[logs.len() / 2],
                    100.0 * covered
                )
            };
            println!(
                "{name:<12} {length:<8} n {:>3}  observed: {}  forecast: {}",
                group.len(),
                errors(&|s| Some(s.observed)),
                errors(&|s| s.forecast),
            );
        }
    }
}
