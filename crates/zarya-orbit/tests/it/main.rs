//! Tests against what others published and against the direct models.
mod arcs;
mod formats;
mod jb2008;
mod series;
mod sparse;
mod table;
mod when;
