//! First look.
use zarya_simulation::*;
fn main() {
    let id = std::env::args().nth(1).unwrap_or("iss".into());
    let n: u32 = std::env::args().nth(2).map_or(50, |s| s.parse().unwrap());
    let without: Vec<String> = std::env::args().skip(3).collect();
    let sc = std::env::var("SC").ok();
    let ov: Vec<&std::path::Path> = sc.iter().map(|s| std::path::Path::new(s.as_str())).collect();
    let opened = zarya::open::station(Some(std::path::Path::new(&id)), &ov);
    let opened = match opened {
        Ok(o) => o,
        Err(e) => {
            eprintln!("{e}");
            return;
        }
    };
    let station = opened.station;
    let t0 = std::time::Instant::now();
    let plan = Plan::compile(
        &station,
        std::env::var("TH")
            .map_or(station.claim.through, |t| zarya_units::Date::parse(&t).unwrap()),
        &Variant { without, ..Variant::default() },
    )
    .unwrap();
    eprintln!(
        "compile {:?}: caps {} types {} units {} flights {}",
        t0.elapsed(),
        plan.capabilities.len(),
        plan.types.len(),
        plan.n_units,
        plan.n_flights
    );
    let t0 = std::time::Instant::now();
    let w = World::draw(&plan, 7, 0);
    eprintln!("world {:?}", t0.elapsed());
    drop(w);
    let stop = std::sync::atomic::AtomicBool::new(false);
    let t0 = std::time::Instant::now();
    let out = ensemble::run(
        &plan,
        7,
        0..n,
        &Control { threads: 1, histories_per_world: 20, stop: &stop, progress: &|_| {} },
    );
    let dt = t0.elapsed().as_secs_f64();
    let m = |f: &dyn Fn(&Outcome) -> f64| out.iter().map(|o| f(o)).sum::<f64>() / out.len() as f64;
    println!(
        "{} histories in {dt:.2} s = {:.0}/s; events {:.0}",
        out.len(),
        out.len() as f64 / dt,
        m(&|o| f64::from(o.counts.events))
    );
    println!(
        "survives {:.3} crewed {:.3} full {:.3}",
        m(&|o| f64::from(o.survives.is_none())),
        m(&|o| f64::from(o.crewed.is_none())),
        m(&|o| f64::from(o.full.is_none()))
    );
    let c = |f: &dyn Fn(&outcome::Counts) -> u32| m(&|o| f64::from(f(&o.counts)));
    println!(
        "failures {:.0} resets {:.0} repl {:.0} sched {:.0} stockouts {:.1} evas {:.1} reboosts {:.1} avoid {:.1} missed {:.2} cargo {:.1} losses {:.2} crewfl {:.1} reductions {:.2} gaps {:.2}",
        c(&|c| c.failures),
        c(&|c| c.resets),
        c(&|c| c.replacements),
        c(&|c| c.scheduled_replacements),
        c(&|c| c.stock_outs),
        c(&|c| c.evas),
        c(&|c| c.reboosts),
        c(&|c| c.avoidance_burns),
        c(&|c| c.avoidance_missed),
        c(&|c| c.cargo_flights),
        c(&|c| c.cargo_losses),
        c(&|c| c.crew_flights),
        c(&|c| c.crew_reductions),
        c(&|c| c.lifeboat_gaps)
    );
    println!(
        "research/wk {:.0} upkeep/wk {:.0} prop {:.0} deorbit {:.2} cargo kg {:.0}",
        m(&|o| o.research_h) / 178.,
        m(&|o| o.upkeep_h) / 178.,
        m(&|o| o.propellant_kg),
        m(&|o| o.deorbit_share),
        m(&|o| o.cargo_kg)
    );
    let mut causes = std::collections::BTreeMap::new();
    for (tier, pick) in [
        ("crewed", (|o: &Outcome| o.crewed) as fn(&Outcome) -> Option<outcome::Breach>),
        ("full", |o| o.full),
        ("survives", |o| o.survives),
    ] {
        for o in &out {
            if let Some(b) = pick(o) {
                *causes
                    .entry((
                        tier,
                        plan.causes[b.cause.direct as usize].id.clone(),
                        plan.causes[b.cause.root as usize].id.clone(),
                    ))
                    .or_insert(0) += 1;
            }
        }
    }
    let mut list: Vec<_> = causes.into_iter().collect();
    list.sort_by_key(|x| (x.0.0, -x.1));
    for ((t, d, r), n) in list {
        if n * 100 > out.len() as i32 || t != "full" {
            println!("{t:8} {n:6} {d} <- {r}");
        }
    }
    for (i, s) in plan.series.iter().enumerate() {
        let k = plan.series.len();
        let at = |j: usize| m(&|o| f64::from(o.samples[j * k + i]));
        let l = plan.sample_dates.len();
        println!(
            "{:20} {:8.1} {:8.1} {:8.1} {:8.1} {:8.1}",
            s.id,
            at(0),
            at(l / 4),
            at(l / 2),
            at(3 * l / 4),
            at(l - 1)
        );
    }
    for (i, s) in plan.capabilities.iter().enumerate() {
        let d = m(&|o| f64::from(o.short_d[i]));
        if d > 5.0 {
            print!("{} {:.0}d; ", s.id, d);
        }
    }
    println!();
}
