//! Texts as people have them.
//!
//! What is handed in may be a download that failed, a table as a spreadsheet writes it, or a name that paints on
//! a terminal. [`kind::of`] says what a text is before a reader guesses what is wrong with it, [`table::Table`]
//! is the one reader of rows and columns, and [`clean`] is what every text passes on its way out.
//!
//! Everything here is pure: texts in, texts out.

mod clean;
pub mod kind;
pub mod table;

pub use clean::clean;
