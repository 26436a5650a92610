//! The mean altitude that a set of mean elements means, from whatever notation it came.

use crate::geometry::EARTH_RADIUS_KM;
use crate::reading::{Reading, Record};
use crate::sets::{Set, Size};
use crate::track::{Fix, PLAUSIBLE_KM, Remark, Row};
use zarya_units::Date;

/// Adds a set to what a text came to; one whose orbit is none is left out with a remark.
pub(crate) fn add(reading: &mut Reading, set: Set) {
    let object = set.object.clone();
    match fix(&set) {
        Ok(fix) => reading
            .records
            .push(Record { object, row: Row { fix, inclination_deg: Some(set.inclination_deg) } }),
        Err(why) => reading.unusable(object, Remark::bad(Some(set.epoch.mjd()), why)),
    }
    reading.sets.push(set);
}

fn fix(set: &Set) -> Result<Fix, String> {
    let unusable = |why: String| {
        let date = Date::from_mjd(set.epoch.mjd());
        format!("the element set of {date} cannot be used: {why}")
    };
    if !(0.0..0.2).contains(&set.eccentricity) {
        return Err(unusable(format!(
            "an eccentricity of {:?} is no near-circular orbit",
            set.eccentricity
        )));
    }
    if !(0.0..=180.0).contains(&set.inclination_deg) || set.raan_deg.abs() > 360.0 {
        return Err(unusable(format!(
            "an inclination of {:?} and a node of {:?} degrees are none",
            set.inclination_deg, set.raan_deg
        )));
    }
    // Debug writes what is far out of range with an exponent.
    if let Size::Kozai(rev_d) | Size::Brouwer(rev_d) = set.size
        && !(1.0..20.0).contains(&rev_d)
    {
        return Err(unusable(format!(
            "a mean motion of {rev_d:?} revolutions a day is no low orbit"
        )));
    }
    let altitude_km = set.axis_km() - EARTH_RADIUS_KM;
    if !PLAUSIBLE_KM.contains(&altitude_km) {
        let shown_km =
            if altitude_km.abs() < 1e9 { (altitude_km * 10.0).round() / 10.0 } else { altitude_km };
        return Err(unusable(format!(
            "its mean altitude is {shown_km:?} km: decayed, or not a low orbit"
        )));
    }
    Ok(Fix { mjd: set.epoch.mjd(), altitude_km, raan_deg: Some(set.raan_deg) })
}
