fn main() {
    let p = std::env::args().nth(1).unwrap();
    let t = zarya_orbit::series::read(&std::fs::read_to_string(p).unwrap()).unwrap();
    println!("{} {} {:?} {:?}", t.kind, t.fixes.len(), t.drag_area_stated_m2_kg, t.caveats);
    let s = std::time::Instant::now();
    for b in zarya_orbit::reboosts::find(&t) {
        println!(
            "{} {:.2} {:.4} {:.4} {:.3} {:.3}",
            b.date(),
            b.between.0,
            b.delta_altitude_km,
            b.delta_altitude_error_km,
            b.delta_v_m_s,
            b.standard_error_m_s
        );
    }
    println!("{:?}", s.elapsed());
}
