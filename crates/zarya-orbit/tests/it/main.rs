//! Tests against what others published and against the direct models.
mod table;
