//! The engine against answers that we did not compute with it.

mod bare;
mod cabin;
mod closed_forms;
mod handovers;
mod losses;
mod manifests;
mod many;
mod orbits;
mod pages;
mod past;
mod service;
mod stocks;
mod sufficiency;
mod supply;
mod worlds;
