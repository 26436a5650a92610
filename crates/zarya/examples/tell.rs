//! Tell.
use zarya_simulation::*;
fn main() {
    let h: u32 = std::env::args().nth(1).map_or(0, |s| s.parse().unwrap());
    let sc = std::env::var("SC").ok();
    let ov: Vec<&std::path::Path> = sc.iter().map(|s| std::path::Path::new(s.as_str())).collect();
    let station = zarya::open::station(None, &ov).unwrap_or_else(|e| panic!("{e}")).station;
    let plan = Plan::compile(&station, station.claim.through, &Variant::default()).unwrap();
    let (o, notes) = ensemble::tell(&plan, 7, h);
    for n in notes {
        println!("{} {}", zarya_units::Date::from_mjd(n.at), n.text);
    }
    println!("{:?} {:?}", o.end_state, o.counts);
}
