//! How a long question is watched and stopped.

use std::sync::atomic::{AtomicBool, Ordering};

/// How a long question is watched and stopped. Nothing here changes a byte of an answer that is
/// complete.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    /// Set to stop at the next world; what is done is answered, or kept.
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
}
