//! A text that should be of a form: `fixed:3` for a repair, `mass_kg=900` for a budget.

use std::fmt;

/// Says which form a text should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormError(pub(crate) String);

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FormError {}
