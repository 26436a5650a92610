//! Tests of the loader through its public door.

mod station_folder;
mod tiny;
