//! A checked station becomes a `Plan`; a plan and a world become histories; histories an ensemble.

pub mod outcome;
