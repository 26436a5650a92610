//! The assessment against closed forms, and its JSON contract against the checked-in schemas.

#![allow(clippy::unwrap_used)] // a test that cannot go on should say where

mod schema;
