//! Find.
use zarya_simulation::*;
fn main() {
    let cause = std::env::args().nth(1).unwrap();
    let station = zarya::open::station(None, &[]).unwrap_or_else(|e| panic!("{e}")).station;
    let plan = Plan::compile(&station, station.claim.through, &Variant::default()).unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let out = ensemble::run(
        &plan,
        7,
        0..60,
        &Control { threads: 1, histories_per_world: 20, stop: &stop, progress: &|_| {} },
    );
    for o in &out {
        if let Some(b) = o.crewed {
            let (d, r) =
                (&plan.causes[b.cause.direct as usize].id, &plan.causes[b.cause.root as usize].id);
            if *d == cause || *r == cause {
                print!("{} ", o.history);
            }
        }
    }
    println!();
}
