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

    /// The next number between 0 and 1.
    #[inline]
    pub(crate) fn next(&mut self, source: &Source) -> f64 {
        let u = source.uniform(self.stream, self.taken);
        self.taken += 1;
        u
    }
}

/// The source of a history and the draws that no entity of the station owns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chance {
    pub(crate) source: Source,
    avoidance: Draws,
    eva: Draws,
    choice: Draws,
    duration: Draws,
    condemned: Draws,
}

impl Chance {
    pub(crate) fn new(source: Source) -> Self {
        let draws = |purpose| Draws::new(Stream::new("engine", purpose));
        Self {
            source,
            avoidance: draws("avoidance"),
            eva: draws("eva"),
            choice: draws("choice"),
            duration: draws("duration"),
            condemned: draws("condemned"),
        }
    }

    /// When debris comes near.
    pub(crate) fn avoidance(&mut self) -> f64 {
        self.avoidance.next(&self.source)
    }

    /// When an EVA is planned.
    pub(crate) fn eva(&mut self) -> f64 {
        self.eva.next(&self.source)
    }

    /// Which of several, and when one of them fails.
    pub(crate) fn choice(&mut self) -> f64 {
        self.choice.next(&self.source)
    }

    /// How long something is out.
    pub(crate) fn duration(&mut self) -> f64 {
        self.duration.next(&self.source)
    }

    /// Whether a removed unit can be repaired.
    pub(crate) fn condemned(&mut self) -> f64 {
        self.condemned.next(&self.source)
    }
}
