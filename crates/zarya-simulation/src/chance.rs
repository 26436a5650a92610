//! Chance in one history: streams of random numbers, each with the count of those taken.

use zarya_units::random::{Source, Stream};

/// Draws of one purpose in one history: the stream and how many were taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draws {
    stream: Stream,
    taken: u32,
}

impl Draws {
    pub(crate) fn new(stream: Stream) -> Self {
        Self { stream, taken: 0 }
    }

    /// Draws of one of the engine's own processes.
    pub(crate) fn of(purpose: &str) -> Self {
        Self::new(Stream::new("engine", purpose))
    }

    /// The next number between 0 and 1.
    #[inline]
    pub(crate) fn next(&mut self, source: &Source) -> f64 {
        let u = source.uniform(self.stream, self.taken);
        self.taken += 1;
        u
    }
}

/// The source of a history, and the draws that several of its parts share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chance {
    pub(crate) source: Source,
    duration: Draws,
}

impl Chance {
    pub(crate) fn new(source: Source) -> Self {
        Self { source, duration: Draws::of("duration") }
    }

    /// How long something is out.
    pub(crate) fn duration(&mut self) -> f64 {
        self.duration.next(&self.source)
    }
}
