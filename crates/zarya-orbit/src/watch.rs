//! Watching and stopping a question over many worlds.
//!
//! Nothing here changes a number: a question is answered as a whole, or stopped and not answered.

use crate::error::OrbitError;

/// Told before each step, and after the last one, what is being done, how many steps of it are done and of
/// how many; returns whether to go on.
pub type Watch<'a> = &'a dyn Fn(&'static str, u64, u64) -> bool;

/// Nobody watches, nothing stops it.
pub const UNWATCHED: Watch<'static> = &|_, _, _| true;

/// Takes each step, watched, as long as it may go on.
pub(crate) fn each(
    watch: Watch<'_>,
    what: &'static str,
    steps: u32,
    mut take: impl FnMut(u32) -> Result<(), OrbitError>,
) -> Result<(), OrbitError> {
    for step in 0..steps {
        go_on(watch, what, step, steps)?;
        take(step)?;
    }
    go_on(watch, what, steps, steps)
}

/// Goes on, unless whoever watches does not.
pub(crate) fn go_on(
    watch: Watch<'_>,
    what: &'static str,
    done: u32,
    steps: u32,
) -> Result<(), OrbitError> {
    let going = watch(what, u64::from(done), u64::from(steps));
    if going { Ok(()) } else { Err(OrbitError::Stopped) }
}
