//! A checked station becomes a `Plan`; a plan and a world become histories; histories an ensemble.
//!
//! The data flow is one way: [`Plan::compile`] turns a `Station` into dense arrays, [`World::draw`]
//! draws what nobody knows, and [`ensemble::run`] plays histories of chance in it. Nothing here
//! reads files, the clock or the environment; history `i` depends on plan, seed and `i` alone.

mod air;
pub mod binding;
mod burn_in;
mod cabin;
mod capability;
mod chance;
mod clock;
mod course;
mod crew;
pub mod ensemble;
mod hazards;
mod history;
mod leaks;
mod occupation;
mod orbit;
pub mod outcome;
mod parameters;
mod past;
mod plan;
mod resources;
mod service;
mod shocks;
mod slips;
mod stock;
pub mod sufficiency;
mod supply;
mod traffic;
mod worlds;

pub use course::{Note, Weight};
pub use ensemble::Control;
pub use outcome::Outcome;
pub use past::Timeline;
pub use plan::{
    CapabilityPlan, CauseInfo, Plan, PlanError, SPAN_D_MAX, SeriesInfo, TypePlan, Variant, belief,
};
pub use worlds::{Drawn, HISTORIES_PER_WORLD, World};
