//! What raising or lowering a near-circular orbit costs.

use crate::geometry::{EARTH_GM_KM3_S2, EARTH_RADIUS_KM};
use zarya_units::math;

/// Standard gravity, m/s².
pub const STANDARD_GRAVITY_M_S2: f64 = 9.806_65;
const METERS_PER_KM: f64 = 1000.0;

/// Returns the velocity change in m/s that moves a circular orbit by `delta_altitude_km`.
///
/// Positive raises, negative lowers; the magnitude is what propellant is spent on.
///
/// # Model
///
/// The two impulses of a Hohmann transfer. For the few kilometers of a reboost this equals
/// `v Δa / 2a` to four digits; a burn of minutes at the accelerations of a station loses nothing
/// that matters.
pub fn delta_v_for(altitude_km: f64, delta_altitude_km: f64) -> f64 {
    let a = EARTH_RADIUS_KM + altitude_km;
    let b = a + delta_altitude_km;
    let circular = |radius: f64| (EARTH_GM_KM3_S2 / radius).sqrt();
    let transfer = |radius: f64| (EARTH_GM_KM3_S2 * (2.0 / radius - 2.0 / (a + b))).sqrt();
    ((transfer(a) - circular(a)) + (circular(b) - transfer(b))) * METERS_PER_KM
}

/// Returns the altitude gained in km for a velocity change in m/s: the inverse of
/// [`delta_v_for`], to first order in the change (0.1 % for 10 m/s).
pub fn altitude_gain_km(altitude_km: f64, delta_v_m_s: f64) -> f64 {
    let a = EARTH_RADIUS_KM + altitude_km;
    let speed_m_s = (EARTH_GM_KM3_S2 / a).sqrt() * METERS_PER_KM;
    2.0 * a * delta_v_m_s / speed_m_s
}

/// Returns the propellant in kg that changes the velocity of `mass_kg` by `delta_v_m_s`.
///
/// `mass_kg` is the mass before the burn, propellant included; the sign of `delta_v_m_s` does not
/// matter.
///
/// # Model
///
/// Tsiolkovsky: `m (1 − exp(−|Δv| / (Isp g0)))`. Losses from pointing and settling are not in it.
///
/// # Panics
///
/// If the specific impulse is not positive.
pub fn propellant_kg(mass_kg: f64, delta_v_m_s: f64, isp_s: f64) -> f64 {
    assert!(isp_s > 0.0, "a specific impulse is positive, got {isp_s}");
    -mass_kg * math::expm1(-delta_v_m_s.abs() / (isp_s * STANDARD_GRAVITY_M_S2))
}

/// Returns the propellant in kg of a burn that ends at `mass_after_kg`: the inverse of
/// [`propellant_kg`], for plans that are reckoned backward from their end.
///
/// # Panics
///
/// If the specific impulse is not positive.
pub fn propellant_ahead_of_kg(mass_after_kg: f64, delta_v_m_s: f64, isp_s: f64) -> f64 {
    assert!(isp_s > 0.0, "a specific impulse is positive, got {isp_s}");
    mass_after_kg * math::expm1(delta_v_m_s.abs() / (isp_s * STANDARD_GRAVITY_M_S2))
}

/// Returns the velocity change in m/s that lowers the perigee of a circular orbit to
/// `perigee_km`: the entry burn. Negative, because it brakes.
pub fn delta_v_to_perigee(altitude_km: f64, perigee_km: f64) -> f64 {
    let a = EARTH_RADIUS_KM + altitude_km;
    let p = EARTH_RADIUS_KM + perigee_km;
    let circular = (EARTH_GM_KM3_S2 / a).sqrt();
    let apogee = (EARTH_GM_KM3_S2 * (2.0 / a - 2.0 / (a + p))).sqrt();
    (apogee - circular) * METERS_PER_KM
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NASA's blog, 2025-09-03: the first burn of the Dragon boost kit, 5 min 3 s, raised the perigee
    /// by about one mile; half a mile of mean altitude is about 0.46 m/s.
    #[test]
    fn a_published_reboost_has_its_size() {
        let dv = delta_v_for(416.0, 0.5 * 1.609);
        assert!((dv - 0.455).abs() < 0.01, "{dv}");
        assert!((altitude_gain_km(416.0, dv) - 0.8045).abs() < 1e-3);
    }

    #[test]
    fn propellant_follows_the_rocket_equation() {
        // 1 m/s on 420 t at 300 s: 420000 / (300 * 9.80665) = 142.8 kg less a half per mille.
        assert!((propellant_kg(420_000.0, 1.0, 300.0) - 142.74).abs() < 0.02);
        assert_eq!(propellant_kg(420_000.0, -1.0, 300.0), propellant_kg(420_000.0, 1.0, 300.0));
        let kg = propellant_ahead_of_kg(430_000.0, 100.0, 300.0);
        assert!((propellant_kg(430_000.0 + kg, 100.0, 300.0) - kg).abs() < 1e-6);
    }

    /// Roscosmos on its own burns: velocity change and change of mean altitude as announced on the days
    /// (2013-04-03, 2015-07-26, 2021-12-24, which lowered, and 2022-09-15). Heights are rounded to 0.1
    /// km and burns to 0.02 m/s: within 10 %.
    #[test]
    fn announced_burns_change_the_altitude_as_announced() {
        for (altitude_km, delta_v, change_km) in
            [(409.8, 0.6, 1.0), (401.3, 0.5, 0.9), (419.0, -1.02, -1.8), (415.8, 0.22, 0.41)]
        {
            let ours = delta_v_for(altitude_km, change_km);
            assert!((ours / delta_v - 1.0).abs() < 0.1, "{ours} for {delta_v}");
        }
    }

    /// NASA's request of August 2022 for a deorbit vehicle: first an orbit of 145 by 200 km, then a
    /// perigee of 50 km. Both at the same apogee cost what one burn from 200 km does.
    #[test]
    fn an_entry_in_two_burns_costs_what_one_does() {
        let speed = |apogee: f64, perigee: f64| {
            let (a, p) = (EARTH_RADIUS_KM + apogee, EARTH_RADIUS_KM + perigee);
            (EARTH_GM_KM3_S2 * (2.0 / a - 2.0 / (a + p))).sqrt() * METERS_PER_KM
        };
        let second = speed(200.0, 50.0) - speed(200.0, 145.0);
        let both = delta_v_to_perigee(200.0, 145.0) + second;
        assert!((delta_v_to_perigee(200.0, 50.0) - both).abs() < 1e-9);
    }

    #[test]
    fn lowering_costs_what_raising_costs() {
        assert!((delta_v_for(410.0, 8.0) + delta_v_for(418.0, -8.0)).abs() < 1e-9);
        assert!(delta_v_to_perigee(280.0, 50.0) < -60.0);
    }
}
