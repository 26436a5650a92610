//! The folder of a run: what was asked, what it was asked of, and every history that was answered.
//!
//! ```text
//! DIR/manifest.json       question, version, seed, digests of the inputs and of each part
//! DIR/inputs/…            the station files and overlays as they were used
//! DIR/parts/00000.rows    500 histories each, compressed; 00001.rows, …
//! DIR/ensemble.parquet    one row per history        DIR/ensemble.csv   the same as text
//! DIR/series.parquet      one row per history and sample date
//! DIR/assessment.json     the answer                 DIR/report.html    the answer, drawn
//! ```
//!
//! A part appears under its name only when it is whole: it is written under a temporary name,
//! flushed, renamed, and then entered in the manifest, which is itself replaced by renaming. A kill
//! or a full disk loses at most the part being written. Histories are a pure function of plan, seed
//! and number, so a missing or damaged part is simply computed again, and must come out the same.

mod folder;
mod inputs;
mod manifest;
mod rows;
mod table;

pub use folder::{FolderError, RunFolder};
pub use inputs::gather;
pub use manifest::{
    HISTORIES_PER_PART, InputEntry, InputFile, InputRole, Manifest, PartEntry, Question, Shard,
};
pub use table::{Layout, write_csv, write_parquet, write_series};

#[cfg(test)]
mod tests;
