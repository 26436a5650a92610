//! How a long question is watched and stopped.

use crate::refusal::Refusal;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a long question is watched and stopped. Nothing here changes a byte of an answer that is
/// complete.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    /// Set to stop at the next world or part. What is done is answered or kept, as the room says, or the
    /// question is refused as [`Kind::Stopped`](crate::refusal::Kind::Stopped).
    pub stop: &'a AtomicBool,
    /// Called with what is being done (`histories`), how much of it is done, and the total.
    pub progress: &'a (dyn Fn(&'static str, u64, u64) + Sync),
    /// Threads; 0 for as many as the machine offers.
    pub threads: usize,
}

impl Control<'_> {
    /// Nobody watches, nothing stops it, all threads.
    pub fn silent() -> Control<'static> {
        static NEVER: AtomicBool = AtomicBool::new(false);
        Control { stop: &NEVER, progress: &|_, _, _| {}, threads: 0 }
    }

    /// Whether somebody asked to stop.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// How a library is watched: it says how far it is, and hears whether to go on.
    pub(crate) fn watch(&self) -> impl Fn(&'static str, u64, u64) -> bool + '_ {
        |what, done, total| self.go_on(what, done, total).is_ok()
    }

    /// Says how much of what is done, and goes on unless somebody asked to stop.
    pub(crate) fn go_on(&self, what: &'static str, done: u64, total: u64) -> Result<(), Refusal> {
        (self.progress)(what, done, total);
        if self.stopped() { Err(Refusal::stopped()) } else { Ok(()) }
    }
}
