//! Fits the constants of the drag filter to the reboost-free arcs before 2012 and scores them after.
//!
//! `cargo run --release -p zarya-orbit --example fit_drag -- ALTITUDES.csv STEPS.csv [TRIALS] [SEED]`
//!
//! A random search lowers the mean of `ln(1 + (e / 0.08)²)` over arcs before 2012, `e` the logarithm
//! of predicted over observed drop under the observed Sun; arcs after 2012 are printed, never used.
#![allow(clippy::print_stdout, reason = "a fitting program's output")]

use zarya_orbit::drag::{
    Block, Circumstances, Constants, DragPath, FITTED_BEFORE_2012, blocks, follow,
};
use zarya_orbit::geometry::day_of_year;
use zarya_orbit::node::iss_raan_deg;
use zarya_orbit::reboosts::find;
use zarya_orbit::series::{GAP_DAYS, read};
use zarya_orbit::{DecayTable, SunPath};
use zarya_units::random::{Source, Stream, normal};
use zarya_units::{Date, math};

struct Arc {
    year: f64,
    days: f64,
    from: f64,
    drop: f64,
    past: Vec<Block>,
    /// Per day: instant, decay per unit drag area, circumstances.
    future: Vec<(f64, f64, Circumstances)>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let track =
        read(&std::fs::read_to_string(&arguments[0]).expect("a series")).expect("altitudes");
    let list = std::fs::read_to_string(&arguments[1]).expect("a list of steps");
    let number = |i: usize, otherwise: u64| {
        arguments.get(i).map_or(otherwise, |text| text.parse().expect("a number"))
    };
    let (trials, seed) = (number(2, 400) as u32, number(3, 1));
    let mut lines = list.lines();
    let column = lines.next().and_then(|head| head.split(',').position(|name| name == "mjd"));
    let column = column.expect("a column `mjd`");
    let mut steps: Vec<f64> =
        find(&track).iter().map(|burn| 0.5 * (burn.between.0 + burn.between.1)).collect();
    steps.extend(lines.filter_map(|line| line.split(',').nth(column)?.parse::<f64>().ok()));

    let fixes = &track.fixes;
    let table = DecayTable::embedded();
    let broken = |i: usize| {
        fixes[i + 1].mjd - fixes[i].mjd > GAP_DAYS
            || steps.iter().any(|&s| fixes[i].mjd - 0.5 <= s && s <= fixes[i + 1].mjd + 0.5)
    };
    let mut arcs = Vec::new();
    let mut first = 0;
    for i in 0..fixes.len() - 1 {
        if !broken(i) && i + 2 != fixes.len() {
            continue;
        }
        let (a, b) = (first + 1, i.saturating_sub(1));
        first = i + 1;
        if b <= a || fixes[b].mjd - fixes[a].mjd < 20.0 || fixes[a].mjd < 51_513.0 {
            continue;
        }
        let past = track.before(fixes[a].mjd, 5).expect("rows");
        let future = (a..b)
            .map(|k| {
                let mjd = fixes[k].mjd + 0.5;
                let sun = SunPath::observed(mjd, 1).expect("observed").days()[0];
                let terms = table.day_terms(sun, day_of_year(mjd));
                let altitude = 0.5 * (fixes[k].altitude_km + fixes[k + 1].altitude_km);
                let raan = iss_raan_deg(mjd, altitude);
                let width = fixes[k + 1].mjd - fixes[k].mjd;
                let rate = table.rate_at(altitude, &terms) * width;
                (mjd, rate, Circumstances::new(mjd, sun, altitude, raan))
            })
            .collect();
        arcs.push(Arc {
            year: Date::from_mjd(fixes[a].mjd).decimal_year(),
            days: fixes[b].mjd - fixes[a].mjd,
            from: fixes[a].mjd,
            drop: fixes[a].altitude_km - fixes[b].altitude_km,
            past: blocks(&past, &find(&past)).expect("blocks"),
            future,
        });
    }
    let source = Source::new(seed, 0);
    let stream = Stream::new("fit", "steps");
    let mut best = FITTED_BEFORE_2012;
    let mut loss = score(&arcs, &best, false);
    println!("{} arcs; start: loss {loss:.4}", arcs.len());
    for trial in 0..trials {
        let mut draw = 0;
        let mut next = || {
            draw += 1;
            source.uniform(stream, trial * 64 + draw)
        };
        let size = if trial < trials / 2 { 1.0 } else { 0.4 };
        let mut candidate = best;
        let mut ratio = |value: &mut f64| {
            let (chosen, step) = (next(), normal(next()));
            if chosen < 0.3 {
                *value *= math::exp(0.25 * size * step);
            }
        };
        ratio(&mut candidate.slow_walk);
        ratio(&mut candidate.slow_memory_days);
        ratio(&mut candidate.fast_spread);
        ratio(&mut candidate.fast_memory_days);
        ratio(&mut candidate.block_scatter);
        ratio(&mut candidate.learned_spread);
        ratio(&mut candidate.learned_walk);
        let mut shift = |value: &mut f64| {
            let (chosen, step) = (next(), normal(next()));
            if chosen < 0.3 {
                *value += 0.06 * size * step;
            }
        };
        shift(&mut candidate.ln_drag_mean);
        candidate.learned_mean.iter_mut().for_each(&mut shift);
        candidate.fixed.iter_mut().for_each(&mut shift);
        let tried = score(&arcs, &candidate, false);
        if tried < loss {
            (best, loss) = (candidate, tried);
        }
    }
    println!("{best:#?}");
    println!("loss before 2012 {loss:.4}, after {:.4}", score(&arcs, &best, true));
    for (name, after) in [("before 2012", false), ("after 2012", true)] {
        for (length, low, high) in [("20-75 d", 20.0, 75.5), ("> 75 d", 75.5, 1e4)] {
            let mut errors: Vec<f64> = arcs
                .iter()
                .filter(|arc| (arc.year >= 2012.0) == after && low <= arc.days && arc.days < high)
                .map(|arc| 100.0 * (predicted(arc, &best) / arc.drop - 1.0).abs())
                .collect();
            errors.sort_by(f64::total_cmp);
            if let Some(last) = errors.len().checked_sub(1) {
                let at = |share: f64| errors[(last as f64 * share).round() as usize];
                println!(
                    "{name} {length}: n {} median {:.1} p90 {:.1}",
                    last + 1,
                    at(0.5),
                    at(0.9)
                );
            }
        }
    }
}

fn score(arcs: &[Arc], constants: &Constants, after: bool) -> f64 {
    let chosen: Vec<&Arc> = arcs.iter().filter(|arc| (arc.year >= 2012.0) == after).collect();
    let sum: f64 = chosen
        .iter()
        .map(|arc| {
            let error = math::ln(predicted(arc, constants).max(1e-9) / arc.drop);
            math::ln_1p(error * error / 0.0064) + 4.0 * error.abs()
        })
        .sum();
    sum / chosen.len() as f64
}

fn predicted(arc: &Arc, constants: &Constants) -> f64 {
    let estimate = follow(&arc.past, constants).expect("a block").at(arc.from);
    let path = DragPath::expected(&estimate, arc.days);
    arc.future.iter().map(|(mjd, rate, around)| rate * path.at(*mjd, around)).sum()
}
