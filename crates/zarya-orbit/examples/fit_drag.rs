//! Fits the constants of the drag filter to the drag of the ISS before 2012. Nothing later is read.
//!
//! `cargo run --release -p zarya-orbit --example fit_drag -- ALTITUDES.csv STEPS.csv [TRIALS] [SEED] [FOLDER]`
//!
//! With a folder of drivers the density is that of JB2008, under the observed Sun alone.
//! Noise constants come from a random search that raises the likelihood of the three-day blocks, with
//! all responses learned on the way; a weak prior (a factor of e about the start) keeps each sane. Fixed
//! responses are what the filter then learns from all blocks when nothing is known of them. Windows
//! of 25 and 45 days begin at every fifth row; days with a burn are left out of both the observed and the
//! predicted drop. Printed: the error of windows with the responses learned from all years but
//! the window's own, and which share of the windows lies in the 5-95 % band when the filter's spread is
//! multiplied, by length, under the observed Sun and under forecasts as issued.
#![allow(clippy::print_stdout, reason = "a fitting program's output")]

use zarya_orbit::SunPath;
use zarya_orbit::archive::forecast_as_of;
use zarya_orbit::drag::{
    AP_FACTOR, Block, Circumstances, Constants, DragEstimate, DragPath, FITTED_BEFORE_2012,
    FITTED_WITH_JB2008, N_RESPONSES, Plane, Response, Weather, blocks, exposure, follow, plane_of,
    sun_along,
};
use zarya_orbit::jb2008::Drivers;
use zarya_orbit::reboosts::find;
use zarya_orbit::series::{GAP_DAYS, Track, read};
use zarya_units::random::{Source, Stream, normal};
use zarya_units::{Date, Mjd, math};

/// The first and the end of the windows.
const SPAN: (&str, &str) = ("1999-12-01", "2012-01-01");
/// Filters see no block whose middle lies nearer to the start of a window.
const MARGIN_DAYS: f64 = 1.4;

struct Window {
    from: Mjd,
    days: f64,
    year: i16,
    drop_km: f64,
    kept: Vec<Kept>,
    /// Under the observed Sun: decay per unit drag area, circumstances.
    observed: Vec<(f64, Circumstances)>,
}

/// Two rows without a burn between: instants flown, altitudes, plane.
struct Kept {
    span: (Mjd, Mjd),
    altitude_km: (f64, f64),
    plane: Plane,
}

struct Data {
    blocks: Vec<Block>,
    behind: f64,
    /// Forecasts are drawn, too: not of the drivers of JB2008.
    forecasts: bool,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let text = |i: usize| std::fs::read_to_string(&arguments[i]).expect("a readable file");
    let number = |i: usize, otherwise: u32| {
        arguments.get(i).map_or(otherwise, |text| text.parse().expect("a number"))
    };
    let date = |text: &str| Date::parse(text).expect("a date").mjd();
    let track = read(&text(0)).expect("altitudes").before(date(SPAN.1), 5).expect("rows");
    let burns = find(&track);
    let list = text(1);
    let mut lines = list.lines();
    let column = lines.next().and_then(|head| head.split(',').position(|name| name == "mjd"));
    let column = column.expect("a column `mjd`");
    let mut steps: Vec<f64> = burns.iter().map(|burn| 0.5 * (burn.rows.0 + burn.rows.1)).collect();
    steps.extend(lines.filter_map(|line| line.split(',').nth(column)?.parse::<f64>().ok()));

    let sun = sun_along(zarya_orbit::sun::ObservedSun::embedded(), &track, true).expect("observed");
    let drivers = arguments.get(4).map(|folder| {
        let file = |name: &str| {
            std::fs::read_to_string(format!("{folder}/{name}")).expect("drivers of JB2008")
        };
        Drivers::read(&file("SOLFSMY.TXT"), &file("DTCFILE.TXT")).expect("drivers of JB2008")
    });
    let weather = Weather { sun: &sun, jb2008: drivers.as_ref() };
    let data = Data {
        blocks: blocks(&track, &burns, weather),
        behind: track.behind_days(),
        forecasts: drivers.is_none(),
    };
    let windows = |days: &[f64]| -> Vec<Window> {
        days.iter().flat_map(|&days| windows(&track, &steps, weather, days)).collect()
    };
    let fitting = windows(&[25.0, 45.0]);

    let source = Source::new(u64::from(number(3, 1)), 0);
    let stream = Stream::new("fit", "steps");
    let mut best = if drivers.is_some() { FITTED_WITH_JB2008 } else { FITTED_BEFORE_2012 };
    let mut merit = merit_of(&data, &best);
    println!("{} windows, {} blocks; start: {merit:.2}", fitting.len(), data.blocks.len());
    let trials = number(2, 400);
    for trial in 0..trials {
        let mut candidate = best;
        let mut draw = 0;
        let mut ratio = |value: &mut f64| {
            draw += 2;
            let uniform = |n| source.uniform(stream, trial * 64 + n);
            if uniform(draw) < 0.4 {
                let size = if trial < trials / 2 { 0.3 } else { 0.1 };
                *value *= math::exp(size * normal(uniform(draw + 1)));
            }
        };
        tunable(&mut candidate).into_iter().for_each(&mut ratio);
        let tried = merit_of(&data, &candidate);
        if tried > merit {
            (best, merit) = (candidate, tried);
        }
    }
    learn(&data, &mut best, None);
    println!("{best:#?}\nend: {merit:.2}");
    left_out(&data, &fitting, &best);
    for days in [25.0, 45.0, 70.0, 100.0] {
        widths(&data, &windows(&[days]), &best, days);
    }
}

fn windows(track: &Track, steps: &[f64], weather: Weather<'_>, days: f64) -> Vec<Window> {
    const EVERY: usize = 5;
    const KEPT_MIN: f64 = 0.7;
    let fixes = &track.fixes;
    let broken = |i: usize| {
        fixes[i + 1].mjd - fixes[i].mjd > GAP_DAYS
            || steps.iter().any(|&s| fixes[i].mjd - 0.5 <= s && s <= fixes[i + 1].mjd + 0.5)
    };
    let start = Date::parse(SPAN.0).expect("a date").mjd();
    let mut list = Vec::new();
    for a in (1..fixes.len()).step_by(EVERY) {
        let b = fixes.partition_point(|fix| fix.mjd < fixes[a].mjd + days);
        if fixes[a].mjd < start || b >= fixes.len() || broken(a - 1) {
            continue;
        }
        let kept: Vec<usize> = (a..b).filter(|&i| !broken(i)).collect();
        if (kept.len() as f64) < KEPT_MIN * (b - a) as f64 {
            continue;
        }
        let drop_km: f64 =
            kept.iter().map(|&i| fixes[i].altitude_km - fixes[i + 1].altitude_km).sum();
        let kept: Vec<_> = kept
            .iter()
            .map(|&i| {
                let (a, b, behind) = (fixes[i], fixes[i + 1], track.behind_days());
                Kept {
                    span: (a.mjd - behind, b.mjd - behind),
                    altitude_km: (a.altitude_km, b.altitude_km),
                    plane: plane_of(track, &a),
                }
            })
            .collect();
        let observed = along(weather, &kept);
        list.push(Window {
            from: fixes[a].mjd,
            days,
            year: Date::from_mjd(fixes[a].mjd).year(),
            drop_km: drop_km.max(0.02),
            kept,
            observed,
        });
    }
    list
}

fn along(weather: Weather<'_>, kept: &[Kept]) -> Vec<(f64, Circumstances)> {
    kept.iter().map(|k| exposure(weather, k.span, k.altitude_km, k.plane)).collect()
}

/// Sets the fixed responses, and where the learned one starts, to what all blocks but one year's say.
fn learn(data: &Data, constants: &mut Constants, but: Option<i16>) {
    let mut open = *constants;
    open.responses = [Response { mean: 0.0, spread: 0.5, walk: 0.0 }; N_RESPONSES];
    let seen: Vec<Block> = data
        .blocks
        .iter()
        .filter(|block| but != Some(Date::from_mjd(block.mjd).year()))
        .copied()
        .collect();
    let learned = follow(&seen, &open).expect("blocks").responses();
    for (response, (mean, _)) in constants.responses.iter_mut().zip(learned) {
        response.mean = mean;
    }
}

/// Estimates at the starts of windows, which are in time order within each length.
fn estimates(data: &Data, windows: &[Window], constants: &Constants) -> Vec<DragEstimate> {
    let mut taken = 0;
    let mut estimate = DragEstimate::prior(data.blocks[0].mjd, constants);
    let mut last = 0.0;
    windows
        .iter()
        .map(|window| {
            if window.from < last {
                (taken, estimate) = (0, DragEstimate::prior(data.blocks[0].mjd, constants));
            }
            last = window.from;
            while taken < data.blocks.len() && data.blocks[taken].mjd < window.from - MARGIN_DAYS {
                estimate.take(&data.blocks[taken]);
                taken += 1;
            }
            estimate.at(window.from)
        })
        .collect()
}

fn drop(path: &DragPath, behind: f64, window: &Window, days: &[(f64, Circumstances)]) -> f64 {
    let pairs = window.kept.iter().zip(days);
    pairs.map(|(kept, (rate, around))| rate * path.at(kept.span.0 + behind + 0.5, around)).sum()
}

/// `ln(predicted / observed)` of each window under the observed Sun.
fn errors(data: &Data, windows: &[Window], constants: &Constants) -> Vec<f64> {
    let estimates = estimates(data, windows, constants);
    let pairs = windows.iter().zip(&estimates);
    pairs
        .map(|(window, estimate)| {
            let path = DragPath::expected(estimate, window.days);
            math::ln(drop(&path, data.behind, window, &window.observed) / window.drop_km)
        })
        .collect()
}

/// Constants that the search may change.
fn tunable(constants: &mut Constants) -> [&mut f64; 7] {
    [
        &mut constants.slow_walk,
        &mut constants.slow_memory_days,
        &mut constants.fast_spread,
        &mut constants.fast_memory_days,
        &mut constants.block_scatter,
        &mut constants.altitude_scatter_km,
        &mut constants.responses[0].walk,
    ]
}

/// Logarithm of the likelihood of the blocks with all responses open, and of the weak prior.
fn merit_of(data: &Data, constants: &Constants) -> f64 {
    const START: [f64; 7] = [0.006, 1500.0, 0.1, 30.0, 0.12, 0.008, 0.004];
    let mut open = *constants;
    for response in &mut open.responses {
        *response = Response { mean: 0.0, spread: 0.3, ..*response };
    }
    let prior: f64 = tunable(&mut open)
        .into_iter()
        .zip(START)
        .map(|(value, start)| math::ln(*value / start))
        .map(|away| -0.5 * away * away)
        .sum();
    follow(&data.blocks, &open).expect("blocks").ln_likelihood + prior
}

/// Prints the score with each year's windows predicted by responses learned from the other years.
fn left_out(data: &Data, windows: &[Window], constants: &Constants) {
    for days in [25.0, 45.0] {
        let mut all = Vec::new();
        for year in 1999..2012 {
            let mut without = *constants;
            learn(data, &mut without, Some(year));
            let errors = errors(data, windows, &without);
            let pairs = windows.iter().zip(errors);
            all.extend(
                pairs
                    .filter(|(window, _)| window.year == year && window.days == days)
                    .map(|(_, error)| 100.0 * (math::exp(error) - 1.0).abs()),
            );
        }
        all.sort_by(f64::total_cmp);
        let at = |share: f64| all[((all.len() - 1) as f64 * share) as usize];
        println!(
            "years left out, {days} d: {} windows, median {:.1} %, p90 {:.1} %",
            all.len(),
            at(0.5),
            at(0.9)
        );
    }
}

/// Prints the factor of the drag's spread that makes the 5-95 % band hold 90 % of the windows.
fn widths(data: &Data, windows: &[Window], constants: &Constants, days: f64) {
    const WORLDS: u64 = 60;
    const FACTORS: [f64; 6] = [0.7, 0.8, 0.9, 1.0, 1.1, 1.2];
    let estimates = estimates(data, windows, constants);
    let (drag, sun) = (Stream::new("drag", "path"), Stream::new("sun", "path"));
    let noise = Stream::new("fixes", "scatter");
    let mut inside = [[0; 2]; FACTORS.len()];
    let mut asked = [0; 2];
    for (window, estimate) in windows.iter().zip(&estimates) {
        let Ok(issue) = forecast_as_of(Date::from_mjd(window.from)) else { continue };
        let span = (window.days as usize) + 2;
        let start = window.from.floor();
        let lately = SunPath::known(start - 3.0, 3).expect("observed").with_felt_ap(AP_FACTOR);
        let drawn = if data.forecasts { WORLDS } else { 0 };
        let forecasts: Vec<_> = (0..drawn)
            .map(|world| {
                let source = Source::new(1, world);
                let tail = SunPath::draw(issue, start, span, &mut |n| source.uniform(sun, n));
                along(Weather::from(&lately.continued(&tail)), &window.kept)
            })
            .collect();
        for which in 0..=usize::from(data.forecasts) {
            asked[which] += 1;
            for (factor, inside) in FACTORS.iter().zip(&mut inside) {
                let mut drops: Vec<f64> = (0..WORLDS)
                    .map(|world| {
                        let source = Source::new(1, world);
                        let mut uniforms = |n| source.uniform(drag, n);
                        let path = DragPath::draw(estimate, days, *factor, &mut uniforms);
                        let sun =
                            if which == 0 { &window.observed } else { &forecasts[world as usize] };
                        drop(&path, data.behind, window, sun)
                            + estimate.scatter_km()
                                * std::f64::consts::SQRT_2
                                * normal(source.uniform(noise, 0))
                    })
                    .collect();
                drops.sort_by(f64::total_cmp);
                // Of 60 sorted worlds the third from either end stand at 5 and 95 % (4.9, 95.1).
                let (low, high) = (drops[2], drops[drops.len() - 3]);
                inside[which] += i32::from(low <= window.drop_km && window.drop_km <= high);
            }
        }
    }
    for which in 0..=usize::from(data.forecasts) {
        let shares: Vec<String> = FACTORS
            .iter()
            .zip(&inside)
            .map(|(factor, inside)| {
                format!(
                    "{factor}: {:.0} %",
                    100.0 * f64::from(inside[which]) / f64::from(asked[which])
                )
            })
            .collect();
        let name = ["observed Sun", "forecast as issued"][which];
        println!(
            "{days} d, {name}, {} windows; inside 5-95 % by factor: {}",
            asked[which],
            shares.join(", ")
        );
    }
}
