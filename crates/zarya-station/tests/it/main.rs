//! Tests of the loader through its public door.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing tests nothing")]
#![allow(clippy::format_collect, reason = "long inputs are built once, and short to write")]

mod cabin;
mod diagnostics;
mod documentation;
mod fuzz;
mod hostile;
mod service;
mod station_folder;
mod tiny;
