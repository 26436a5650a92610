//! Sun, air, elements, decay, burns, eclipse.
//!
//! Everything here is a pure function: texts are handed in, uniforms are arguments, and no file,
//! clock or environment is read. Hot functions take plain `f64` whose unit is in the name, because
//! the station simulation calls them by the million.

#![allow(clippy::cast_possible_wrap, reason = "day and month counts stay far below 2^31")]

pub mod air;
pub mod bounds;
pub mod burns;
pub mod choice;
mod columns;
pub mod decay;
pub mod density;
pub mod deorbit;
pub mod drag;
mod elements;
mod ephemeris;
pub mod error;
pub mod forecast;
pub mod geometry;
pub mod hindcast;
mod identity;
pub mod inclination;
pub mod jb2008;
pub mod keep;
mod mean_motion;
pub mod node;
pub mod oem;
mod omm;
pub mod placement;
pub mod published;
mod reading;
pub mod reboosts;
pub mod scenario;
pub mod series;
pub mod sets;
pub mod space_weather;
pub mod sparse;
pub mod sun;
pub mod table;
mod tle;
pub mod track;
pub mod watch;
pub mod worlds;

pub use error::OrbitError;
pub use forecast::{Forecast, archive};
pub use sun::SunPath;
pub use table::DecayTable;
pub use watch::{UNWATCHED, Watch};
