//! What worlds draw: how far factors spread, and that rates are their product.

use crate::bare::{SPAN_D, file, histories, plan};
use zarya_simulation::{Drawn, Plan, World};

const FACTORS: [(&str, f64); 4] = [
    ("programme_error_factor", 2.0),
    ("segment_error_factor", 1.5),
    ("subsystem_error_factor", 3.0),
    ("repair_error_factor", 2.5),
];

/// Two segments, two subsystems, and a unit type in each of their four pairs, whose failures are cleared in a day. The
/// type of the first pair has a rate of its own, too.
fn spread() -> Plan {
    let mut station =
        file("station.toml").replace("segments = [\"core\"]", "segments = [\"core\", \"far\"]");
    for (key, factor) in FACTORS {
        station = station.replace(&format!("{key} = 1"), &format!("{key} = {factor}"));
    }
    let units = |subsystem: &str| {
        let unit = |segment: &str, own: f64| {
            format!(
                "[[oru]]\nid = \"{subsystem}-{segment}\"\nname = \"{subsystem} {segment}\"\nserves = \"function\"\n\
                 segment = \"{segment}\"\ninstalled = 1\nmtbf = \"40 d\"\nerror_factor = {own}\nreset_share = 1\n\
                 mass = \"1 kg\"\nspares = {{ aboard = 0, ground = 0 }}\nlead_time = \"1 d\"\nbuild_time = \"1 d\"\n\
                 repair = {{ crew = \"0 h\", where = \"inside\" }}\n"
            )
        };
        let own = if subsystem == "air" { 1.8 } else { 1.0 };
        "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n".to_owned()
            + &unit("core", own)
            + &unit("far", 1.0)
    };
    plan(&[
        ("station.toml", &station),
        ("orus/air.toml", &units("air")),
        ("orus/power.toml", &units("power")),
    ])
}

/// A factor of a world, 1 where it draws none.
fn factor(inputs: &[(Drawn, f64)], of: &Drawn) -> f64 {
    inputs.iter().find(|(what, _)| what == of).map_or(1.0, |(_, factor)| *factor)
}

/// Each unit type fails at the rate of the files times the factors of its world: of all units, of its segment, of its
/// subsystem, and its own. Renewal theory: a type that works for `m` days on the mean and is reset for `d` days fails
/// T / (m + d) + d^2 / (2 (m + d)^2) times.
#[test]
fn a_types_rate_is_the_product_of_its_factors() {
    let plan = spread();
    let per_world = 200;
    let outcomes = histories(&plan, 8, per_world);
    for world in 0..8 {
        let inputs = World::inputs(&plan, 7, world);
        let common = factor(&inputs, &Drawn::Rates);
        let reset_d = factor(&inputs, &Drawn::Repairs);
        for (kind, t) in plan.types.iter().enumerate() {
            let segment = if t.id.ends_with("core") { "core" } else { "far" };
            let product = common
                * factor(&inputs, &Drawn::RatesOfSegment(segment.to_owned()))
                * factor(&inputs, &Drawn::RatesOfSubsystem(t.subsystem.clone()))
                * factor(&inputs, &Drawn::RateOf(t.name.clone()));
            let cycle_d = 40.0 / product + reset_d;
            let expected = SPAN_D / cycle_d + 0.5 * (reset_d / cycle_d) * (reset_d / cycle_d);
            let of_world = outcomes.iter().filter(|o| o.world == world);
            let seen = of_world.map(|o| f64::from(o.failures_by_type[kind])).sum::<f64>()
                / f64::from(per_world);
            // At most as scattered as a Poisson number.
            let error = (expected / f64::from(per_world)).sqrt();
            assert!(
                (seen - expected).abs() < 4.0 * error,
                "world {world}, {}: {seen} failures, expected {expected} +- {error}",
                t.id
            );
        }
    }
}

/// An error factor is the 95 % over the 50 % quantile: of 4,000 worlds a twentieth draws more, and half of them more
/// than 1.
#[test]
fn a_factor_spreads_as_its_error_factor_says() {
    let plan = spread();
    let asked = [
        (Drawn::Rates, 2.0),
        (Drawn::RatesOfSegment("core".to_owned()), 1.5),
        (Drawn::RatesOfSegment("far".to_owned()), 1.5),
        (Drawn::RatesOfSubsystem("air".to_owned()), 3.0),
        (Drawn::RatesOfSubsystem("power".to_owned()), 3.0),
        (Drawn::Repairs, 2.5),
        (Drawn::RateOf("air core".to_owned()), 1.8),
    ];
    let worlds = 4_000;
    let drawn: Vec<_> = (0..worlds).map(|world| World::inputs(&plan, 7, world)).collect();
    for (what, error_factor) in asked {
        let above = |limit: f64| {
            let more = |inputs: &&Vec<(Drawn, f64)>| {
                inputs.iter().any(|(of, value)| *of == what && *value > limit)
            };
            drawn.iter().filter(more).count() as f64 / f64::from(worlds)
        };
        crate::bare::assert_share(above(error_factor), 0.05, worlds as usize);
        crate::bare::assert_share(above(1.0), 0.5, worlds as usize);
    }
}
