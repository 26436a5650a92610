//! What can only be judged with the whole station in hand.

use crate::context::Context;
use crate::model::Station;
use zarya_units::Date;

pub(crate) fn check(_context: &Context<'_>, _station: &Station, _as_of_base: Option<Date>) {}
