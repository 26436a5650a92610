//! Tests against what others published and against the direct models.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]
mod arcs;
mod formats;
mod jb2008;
mod series;
mod sets;
mod sparse;
mod table;
mod when;
