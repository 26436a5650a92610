//! Watching and stopping work that may take long.
//!
//! Nothing here changes a number: a question is answered as a whole, or stopped and not answered.

/// Told before each step, and after the last one, what is being done, how many steps of it are done and of
/// how many; returns whether to go on.
pub type Watch<'a> = &'a dyn Fn(&'static str, u64, u64) -> bool;

/// Nobody watches, nothing stops it.
pub const UNWATCHED: Watch<'static> = &|_, _, _| true;

/// Asked now and then by work whose steps nobody counts: whether to go on.
pub type Going<'a> = &'a dyn Fn() -> bool;

/// Nothing stops it.
pub const ALWAYS: Going<'static> = &|| true;

/// Whoever watches asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("stopped before there was an answer")
    }
}

impl std::error::Error for Stopped {}

/// Goes on, unless whoever watches does not.
pub(crate) fn go_on(
    watch: Watch<'_>,
    what: &'static str,
    done: usize,
    steps: usize,
) -> Result<(), Stopped> {
    if watch(what, done as u64, steps as u64) { Ok(()) } else { Err(Stopped) }
}
