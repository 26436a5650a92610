//! Where the ascending node of the ISS stands, for series of altitudes that do not say it.

use crate::geometry::{ISS_INCLINATION_DEG, nodal_precession_deg_d};
use std::sync::OnceLock;
use zarya_units::Mjd;

static TABLE: &str = include_str!("../data/iss-node.csv");

/// Returns the right ascension of the ascending node of the ISS in degrees, 0 to 360.
///
/// # Model
///
/// From a table at every 30 days, November 1998 to August 2024, each carried forward with the
/// secular J2 drift at `altitude_km`. A table entry is used from its own date on, never before:
/// nothing later than the instant enters. Within the table good to about 1°; after it, half a
/// kilometer of altitude misjudged for a year makes half a degree.
pub fn iss_raan_deg(mjd: Mjd, altitude_km: f64) -> f64 {
    static ROWS: OnceLock<Vec<(Mjd, f64)>> = OnceLock::new();
    let rows = ROWS.get_or_init(|| {
        TABLE
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .map(|line| {
                let (mjd, raan) = line.split_once(',').expect("our own file");
                (mjd.parse().expect("our own file"), raan.parse().expect("our own file"))
            })
            .collect()
    });
    let row = rows[rows.partition_point(|row| row.0 <= mjd).saturating_sub(1)];
    let drift = nodal_precession_deg_d(altitude_km, ISS_INCLINATION_DEG);
    (row.1 + drift * (mjd - row.0)).rem_euclid(360.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Element set of 2021-01-01 (epoch 21001.22196045): 88.5894; state of NASA's ephemeris of
    /// 2025-02-26 12:00 UTC: 134.83 degrees (its plane from position and velocity), half a year after
    /// the last entry of the table.
    #[test]
    fn the_node_is_where_it_was_published() {
        let apart = |a: f64, b: f64| ((a - b + 540.0).rem_euclid(360.0) - 180.0).abs();
        assert!(apart(iss_raan_deg(59_215.221_96, 419.4), 88.589_4) < 1.0);
        assert!(apart(iss_raan_deg(60_732.5, 417.0), 134.83) < 2.0);
    }
}
