//! Tests of the loader through its public door.

mod diagnostics;
mod station_folder;
mod tiny;
