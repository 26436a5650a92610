//! The burn-in: a world starts with worn units, drawn stocks and open failures instead of everything
//! new and full.

use crate::chance::Chance;
use crate::clock::Kind;
use crate::course::Course;
use crate::crew::Crew;
use crate::leaks::Leaks;
use crate::plan::Plan;
use crate::resources::Resources;
use crate::supply::{Aboard, Start, Supply};
use crate::worlds::World;
use zarya_units::Mjd;
use zarya_units::random::Source;

/// Simulates units and spares of a world before the as-of date, with nothing else there and a regular
/// supply, and returns the state in which its histories begin.
pub(crate) fn burn_in(plan: &Plan, world: &World, seed: u64) -> Start {
    let source = World::source(seed, world.index);
    run_in(plan, world, plan.start - plan.worlds.burn_in_d, source, Supply::start_new)
}

/// Simulates them likewise from a state on an earlier day to the plan's first: what lies between two records.
pub(crate) fn burn_on(
    plan: &Plan,
    world: &World,
    start: &Start,
    from: Mjd,
    source: Source,
) -> Start {
    run_in(plan, world, from, source, |supply, course| supply.start(course, start))
}

fn run_in(
    plan: &Plan,
    world: &World,
    from: Mjd,
    source: Source,
    begin: impl FnOnce(&mut Supply, &mut Course<'_>),
) -> Start {
    let mut course = Course::new(plan, world, plan.start);
    course.chance = Chance::new(source);
    course.burning_in = true;
    course.now = from;
    let mut supply = Supply::new();
    begin(&mut supply, &mut course);
    course.schedule(course.now + 1.0, Kind::BurnInFlight, 0, 0);
    let mut aboard = Aboard {
        crew: &Crew::of(plan.crew.most().max(1), plan),
        resources: &mut Resources::default(),
        gone: &[],
        sunlit: 1.0,
        leaks: &Leaks::default(),
    };
    while let Some(next) = course.clock.pop() {
        course.now = next.at;
        supply.handle(&mut course, &mut aboard, next.kind, next.argument, next.generation);
    }
    supply.as_start()
}
