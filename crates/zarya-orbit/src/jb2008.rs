//! The density model JB2008, for hindcasts under the observed Sun.
//!
//! Its proxies of the Sun's ultraviolet and its storm temperatures are read from two files that
//! their publisher keeps ([`drivers`]); none is carried in the program, because their terms forbid it.

pub mod drivers;

use crate::air::{Point, orbit_mean};
use crate::geometry::{SunDirection, day_of_year, sun_direction};
use std::f64::consts::{LN_10, PI, TAU};
use std::fmt;
use std::sync::OnceLock;
use zarya_units::{Mjd, math};

pub use drivers::Drivers;

/// The Sun's proxies that act on one day, in solar flux units, each with its lag and its mean over 81
/// centered days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proxies {
    /// F10.7 of a day before, and its mean.
    pub f10: [f64; 2],
    /// Extreme ultraviolet of a day before (26-34 nm), and its mean.
    pub s10: [f64; 2],
    /// Middle ultraviolet of two days before (Mg II), and its mean.
    pub m10: [f64; 2],
    /// X-rays and Lyman alpha of five days before, and its mean.
    pub y10: [f64; 2],
}

/// Heights between which the model is evaluated here, km.
pub const HEIGHT_KM: (f64, f64) = (120.0, 500.0);
/// Mean altitudes of orbits that stay between them, km: over the poles of the ellipsoid, with their own
/// eccentricity, heights reach 32 km above the mean altitude.
pub const ALTITUDE_KM: (f64, f64) = (150.0, 465.0);

/// Returns the total mass density, kg/m³.
///
/// `place` has the height above the ellipsoid, the geocentric latitude and the angle east of the
/// Sun's meridian; `storm_k` is the temperature that Dst adds, K.
///
/// # Model
///
/// Temperature profile and diffusive equilibrium of Jacchia with the Sun's part of the exospheric
/// temperature from four proxies, a correction by local time and latitude, a semiannual variation
/// that depends on the proxies' means, and storms through Dst.
///
/// # Source
///
/// B. R. Bowman, W. K. Tobiska, F. A. Marcos, C. Y. Huang, C. S. Lin and W. J. Burke, "A New
/// Empirical Thermospheric Density Model JB2008 Using New Solar and Geomagnetic Indices",
/// AIAA 2008-6438 (2008); equation numbers are those of L. G. Jacchia, Smithsonian Special Report
/// 313 (1970), which it builds on.
///
/// # Panics
///
/// If the height is not inside [`HEIGHT_KM`].
pub fn density_kg_m3(
    mjd: Mjd,
    sun: SunDirection,
    place: Point,
    proxies: &Proxies,
    storm_k: f64,
) -> f64 {
    density_over(static_density_kg_m3, mjd, sun, place, proxies, storm_k)
}

fn density_over(
    static_air_kg_m3: impl Fn(f64, f64) -> f64,
    mjd: Mjd,
    sun: SunDirection,
    place: Point,
    proxies: &Proxies,
    storm_k: f64,
) -> f64 {
    let height = place.height_km;
    assert!((HEIGHT_KM.0..=HEIGHT_KM.1).contains(&height), "a height of {height} km");
    let temperature = sunlit_temperature_k(sun, place, proxies)
        + storm_k
        + local_correction_k(proxies.f10[0], place);
    let common = seasonal_latitudinal(mjd, place) + semiannual(mjd, height, proxies);
    static_air_kg_m3(temperature, height) * math::exp(LN_10 * common)
}

/// [`static_density_kg_m3`] on a grid, its logarithm interpolated by cubics: within 0.03 % of it
/// (tested).
struct StaticAir {
    ln: Vec<f64>,
}

impl StaticAir {
    const LOW_K: f64 = 560.0;
    const STEP_K: f64 = 20.0;
    const TEMPERATURES: usize = 96;
    const STEP_KM: f64 = 5.0;
    const HEIGHTS: usize = 77;

    fn shared() -> &'static Self {
        static AIR: OnceLock<StaticAir> = OnceLock::new();
        AIR.get_or_init(|| {
            let cells = (0..Self::TEMPERATURES).flat_map(|row| {
                (0..Self::HEIGHTS).map(move |column| {
                    let temperature = Self::LOW_K + Self::STEP_K * row as f64;
                    let height = HEIGHT_KM.0 + Self::STEP_KM * column as f64;
                    math::ln(static_density_kg_m3(temperature, height))
                })
            });
            Self { ln: cells.collect() }
        })
    }

    fn density_kg_m3(&self, temperature_k: f64, height_km: f64) -> f64 {
        let row = (temperature_k - Self::LOW_K) / Self::STEP_K;
        let column = (height_km - HEIGHT_KM.0) / Self::STEP_KM;
        if !(0.0..=(Self::TEMPERATURES - 1) as f64).contains(&row) {
            return static_density_kg_m3(temperature_k, height_km);
        }
        let (first_row, of_row) = cubic(row, Self::TEMPERATURES);
        let (first_column, of_column) = cubic(column, Self::HEIGHTS);
        let mut sum = 0.0;
        for (i, weight) in of_row.iter().enumerate() {
            let from = (first_row + i) * Self::HEIGHTS + first_column;
            let line = self.ln[from..from + 4].iter().zip(&of_column);
            sum += weight * line.map(|(cell, weight)| cell * weight).sum::<f64>();
        }
        math::exp(sum)
    }
}

/// First of the four nodes of a cubic about a position on a grid of unit steps, and their weights
/// (Lagrange).
fn cubic(position: f64, nodes: usize) -> (usize, [f64; 4]) {
    let first = (position as usize).saturating_sub(1).min(nodes - 4);
    let x = position - first as f64;
    let (a, b, c, d) = (x, x - 1.0, x - 2.0, x - 3.0);
    (first, [-b * c * d / 6.0, a * c * d / 2.0, -a * b * d / 2.0, a * b * c / 6.0])
}

/// Exospheric temperature under the Sun's proxies at a place, without storms, equations (14)-(17).
fn sunlit_temperature_k(sun: SunDirection, place: Point, proxies: &Proxies) -> f64 {
    let [f10, f10_81] = proxies.f10;
    let weight = math::pow(f10_81 / 240.0, 0.25).min(1.0);
    let over = |[day, mean]: [f64; 2]| day - mean;
    let night = 392.4
        + 3.227 * (weight * f10_81 + (1.0 - weight) * proxies.s10[1])
        + 0.298 * (f10 - f10_81)
        + 2.259 * over(proxies.s10)
        + 0.312 * over(proxies.m10)
        + 0.178 * over(proxies.y10);
    let (latitude, declination) = (place.latitude_rad, sun.declination_rad);
    let eta = 0.5 * (latitude - declination).abs();
    let theta = 0.5 * (latitude + declination).abs();
    let hour = place.hour_angle_rad;
    let tau = hour - 0.645_771_82 + 0.104_719_76 * math::sin(hour + 0.750_491_58);
    let day = math::pow(math::cos(eta), 2.5);
    let dark = math::pow(math::sin(theta), 2.5);
    let bulge = math::cos(0.5 * tau).abs();
    night * (1.0 + 0.31 * (dark + (day - dark) * bulge * bulge * bulge))
}

/// Correction of the exospheric temperature by local solar time, latitude, height and flux, K.
fn local_correction_k(f10: f64, place: Point) -> f64 {
    /// Above 240 km: by flux, by latitude, and per 100 km.
    const HIGH: [[f64; 6]; 3] = [
        [-5.121_149_09, -69.300_360_9, 203.716_701, 703.316_291, -1_943.492_34, 1_106.513_08],
        [0.0, -174.378_996, 1_885.946_01, -7_093.715_17, 9_224.545_23, -3_845.080_73],
        [-6.458_417_89, 40.970_331_9, -482.006_56, 1_818.709_31, -2_373.892_04, 996.703_815],
    ];
    const HIGH_ALL: f64 = -4.575_122_97;
    const HIGH_LATITUDE: f64 = 36.141_693_6;
    /// From 200 to 240 km: the slope per 50 km by latitude, and its part with flux and latitude.
    const SLOPE_ALL: f64 = -15.598_621_1;
    const SLOPE_LATITUDE: [f64; 6] =
        [19.995_648_9, -220.835_117, 1_432.569_89, -3_184.818_44, 3_289.815_13, -1_353.321_19];
    const SLOPE_BOTH: [f64; 3] = [-12.709_399_8, 21.282_515_6, -2.755_554_32];
    /// At 200 km: all, by latitude, with flux and latitude.
    const AT_200: f64 = 11.023_498_2;
    const AT_200_LATITUDE: [f64; 4] = [0.0, 148.881_951, -751.640_284, 637.876_542];
    const AT_200_BOTH: [f64; 3] = [12.709_399_8, -21.282_515_6, 2.755_554_32];

    let time = ((place.hour_angle_rad + PI) / TAU).rem_euclid(1.0);
    let slant = math::cos(place.latitude_rad);
    let flux = (f10 - 100.0) / 100.0;
    let of_time = |series: &[f64]| series.iter().rev().fold(0.0, |sum, next| sum * time + next);

    // The value at 200 km and its slope per 50 km; the cubics below and above join them smoothly.
    let low = || {
        let value = AT_200 + slant * (of_time(&AT_200_LATITUDE) + flux * of_time(&AT_200_BOTH));
        let slope = SLOPE_ALL
            + flux * of_time(&HIGH[0])
            + slant * (of_time(&SLOPE_LATITUDE) + flux * of_time(&SLOPE_BOTH));
        (value, slope)
    };
    let high_slope = slant * of_time(&HIGH[2]);
    let high = |hundreds: f64| {
        HIGH_ALL
            + flux * of_time(&HIGH[0])
            + slant * (of_time(&HIGH[1]) + HIGH_LATITUDE)
            + hundreds * high_slope
    };
    let height = place.height_km;
    if height > 300.0 {
        high(height / 100.0)
    } else if height > 240.0 {
        let (value, slope) = low();
        let start = value + 0.8 * slope;
        let end = high(3.0);
        let cubic = 3.0 * end - high_slope - 3.0 * start - 2.0 * slope;
        let last = end - start - slope - cubic;
        let up = (height - 240.0) / 60.0;
        start + up * (slope + up * (cubic + up * last))
    } else if height > 200.0 {
        let (value, slope) = low();
        value + slope * (height - 200.0) / 50.0
    } else {
        let (value, slope) = low();
        let square = 3.0 * value - slope;
        let up = (height - 120.0) / 80.0;
        up * up * (square + (value - square) * up)
    }
}

/// Density of Jacchia's static air at an exospheric temperature and a height, kg/m³, equations
/// (1)-(13).
fn static_density_kg_m3(exospheric_k: f64, height_km: f64) -> f64 {
    const AVOGADRO_PER_KMOL: f64 = 6.022_57e26;
    const GAS_J_K_MOL: f64 = 8.314_32;
    const SEA_LEVEL_MASS: f64 = 28.960;
    /// Molar masses of N2, O2, O, Ar, He and H.
    const MASSES: [f64; 6] = [28.0134, 31.9988, 15.9994, 39.9480, 4.0026, 1.00797];
    /// Shares of N2, O2, Ar and He at sea level.
    const SHARES: [f64; 4] = [0.781_10, 0.209_55, 9.34e-3, 1.289e-5];
    const HELIUM_DIFFUSION: f64 = -0.38;
    const DENSITY_AT_90: f64 = 3.46e-6;
    const BASE_KM: f64 = 90.0;
    const MIXED_KM: f64 = 105.0;
    let profile = Profile::new(exospheric_k);

    // Mixed air to 105 km.
    let mixed =
        integral(BASE_KM, MIXED_KM, 0.010, |z| mean_mass(z) * gravity_m_s2(z) / profile.at(z));
    let (base_k, mixed_k) = (profile.at(BASE_KM), profile.at(MIXED_KM));
    let mass = mean_mass(MIXED_KM);
    let density = DENSITY_AT_90 * (mass / mean_mass(BASE_KM)) * (base_k / mixed_k)
        / math::exp(mixed / GAS_J_K_MOL);
    let unmixed = AVOGADRO_PER_KMOL * density / SEA_LEVEL_MASS;
    let all = AVOGADRO_PER_KMOL * density / mass;
    let mut numbers = [
        SHARES[0] * unmixed,
        unmixed * (1.0 + SHARES[1]) - all,
        2.0 * (all - unmixed),
        SHARES[2] * unmixed,
        SHARES[3] * unmixed,
        0.0,
    ];

    // Each gas by itself above; hydrogen comes down from 500 km.
    let column =
        |low, high| integral(low, high, 0.025, |z| gravity_m_s2(z) / profile.at(z)) / GAS_J_K_MOL;
    let here_k = profile.at(height_km);
    let thinner = column(MIXED_KM, height_km);
    for (gas, number) in numbers.iter_mut().enumerate().take(5) {
        let diffusion = if gas == 4 { 1.0 + HELIUM_DIFFUSION } else { 1.0 };
        *number *= math::exp(-diffusion * math::ln(here_k / mixed_k) - thinner * MASSES[gas]);
    }
    let decades = math::log10(exospheric_k);
    let hydrogen = math::exp(LN_10 * ((5.5 * decades - 39.40) * decades + 73.13 + 6.0));
    let top_k = profile.at(HEIGHT_KM.1);
    numbers[5] =
        hydrogen * (top_k / here_k) * math::exp(column(height_km, HEIGHT_KM.1) * MASSES[5]);
    let mass: f64 = numbers.iter().zip(MASSES).map(|(number, mass)| number * mass).sum();
    mass / AVOGADRO_PER_KMOL
}

/// Temperature against height, equations (9)-(13).
struct Profile {
    inflection_k: f64,
    slope_k_km: f64,
    span_k: f64,
}

impl Profile {
    fn new(exospheric_k: f64) -> Self {
        let inflection_k =
            444.3807 + 0.02385 * exospheric_k - 392.8292 * math::exp(-0.002_135_7 * exospheric_k);
        Self {
            inflection_k,
            slope_k_km: 0.054_285_714 * (inflection_k - 183.0),
            span_k: (exospheric_k - inflection_k) * 2.0 / PI,
        }
    }

    fn at(&self, height_km: f64) -> f64 {
        let up = height_km - 125.0;
        if up <= 0.0 {
            let shape = ((-9.820_469_5e-6 * up - 7.303_974_2e-4) * up * up + 1.0) * up;
            return shape * self.slope_k_km + self.inflection_k;
        }
        let bent = up * (1.0 + 4.5e-6 * up * up * up.sqrt());
        self.inflection_k + self.span_k * math::atan(self.slope_k_km / self.span_k * bent)
    }
}

/// Mean molar mass of mixed air, equation (1).
fn mean_mass(height_km: f64) -> f64 {
    const SERIES: [f64; 7] =
        [28.152_04, -8.5586e-2, 1.2840e-4, -1.0056e-5, -1.0210e-5, 1.5044e-6, 9.9826e-8];
    let up = height_km - 100.0;
    SERIES.iter().rev().fold(0.0, |sum, next| sum * up + next)
}

/// Gravity, equation (8).
fn gravity_m_s2(height_km: f64) -> f64 {
    let ratio = 1.0 + height_km / 6356.766;
    9.806_65 / (ratio * ratio)
}

/// Boole's rule over steps of equal ratio, as the model is defined: its result depends on the steps
/// by parts in a million.
fn integral(low: f64, high: f64, ratio: f64, f: impl Fn(f64) -> f64) -> f64 {
    let span = math::ln(high / low);
    let steps = 1 + (span / ratio) as usize;
    let factor = math::exp(span / steps as f64);
    let mut sum = 0.0;
    let (mut from, mut first) = (low, f(low));
    for _ in 0..steps {
        let to = from * factor;
        let quarter = 0.25 * (to - from);
        let last = f(to);
        sum += quarter / 45.0
            * (14.0 * (first + last)
                + 64.0 * (f(from + quarter) + f(to - quarter))
                + 24.0 * f(from + 2.0 * quarter));
        (from, first) = (to, last);
    }
    sum
}

/// Decades of density by season and latitude, equation (24).
fn seasonal_latitudinal(mjd: Mjd, place: Point) -> f64 {
    let year = ((mjd - 36_204.0) / 365.2422).fract();
    let up = place.height_km - 90.0;
    let sine = math::sin(place.latitude_rad);
    0.02 * up * math::exp(-0.045 * up) * math::sin(TAU * year + 1.72) * sine * sine.abs()
}

/// What the size of the semiannual variation depends on, solar flux units.
fn semiannual_index(proxies: &Proxies) -> f64 {
    proxies.f10[1] - 0.70 * proxies.s10[1] - 0.04 * proxies.m10[1]
}

/// Decades of density by the time of the year, scaled by the proxies' means.
fn semiannual(mjd: Mjd, height_km: f64, proxies: &Proxies) -> f64 {
    const SIZE: [f64; 5] = [0.2689, -0.011_76, 0.027_82, -0.027_82, 3.470e-4];
    const PHASE: [f64; 10] = [
        -0.3633, 0.085_06, 0.2401, -0.1897, -0.2554, -0.0179, 5.650e-4, -6.407e-4, -3.418e-3,
        -1.252e-3,
    ];
    let (f, s, m) = (proxies.f10[1], proxies.s10[1], proxies.m10[1]);
    let z = height_km / 1000.0;
    let flux = semiannual_index(proxies);
    let size = SIZE[0] + flux * (SIZE[1] + z * (SIZE[2] + SIZE[3] * z + SIZE[4] * flux));
    let flux = f - 0.75 * s - 0.37 * m;
    let year = TAU * (f64::from(day_of_year(mjd)) + mjd.fract() - 1.0) / 365.0;
    let waves =
        [1.0, math::sin(year), math::cos(year), math::sin(2.0 * year), math::cos(2.0 * year)];
    let wave = |from: usize| -> f64 { waves.iter().zip(&PHASE[from..]).map(|(a, b)| a * b).sum() };
    size.max(1e-6) * (wave(0) + flux * wave(5))
}

/// The largest `F81 − 0.70 S81 − 0.04 M81` of 1997 to 2006, the years of the semiannual fit (72.0 in
/// release 8.1.0 of the drivers). The size of the variation grows with its square: at the 88
/// that the drivers have in July 2024 it would take 90 % of the density away, which altitudes deny.
const SEMIANNUAL_INDEX_MAX: f64 = 72.1;

/// Why a day cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unusable {
    /// A proxy or a storm temperature is not held, or missing.
    Missing,
    /// `F81 − 0.70 S81 − 0.04 M81` is this, beyond the years on which the model was fitted.
    BeyondFit(f64),
    /// The mean altitude is outside [`ALTITUDE_KM`].
    Altitude(f64),
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("a value is missing"),
            Self::Altitude(km) => write!(
                f,
                "a mean altitude of {km:.0} km is outside {} to {} km",
                ALTITUDE_KM.0, ALTITUDE_KM.1
            ),
            Self::BeyondFit(index) => write!(
                f,
                "F81 - 0.70 S81 - 0.04 M81 is {index:.0}, above the {SEMIANNUAL_INDEX_MAX:.0} of the years \
                 on which the model's semiannual variation was fitted: it would be off by factors"
            ),
        }
    }
}

/// Returns what acts on an instant's day: proxies and hourly storm temperatures, K.
///
/// # Errors
///
/// [`Unusable`] where a value is missing or the proxies are beyond those the model was fitted on.
pub fn usable(drivers: &Drivers, mjd: Mjd) -> Result<(Proxies, [f64; drivers::HOURS]), Unusable> {
    let proxies = drivers.proxies(mjd).ok_or(Unusable::Missing)?;
    let storms_k = drivers.storms_k(mjd).ok_or(Unusable::Missing)?;
    let index = semiannual_index(&proxies);
    if index > SEMIANNUAL_INDEX_MAX {
        return Err(Unusable::BeyondFit(index));
    }
    Ok((proxies, *storms_k))
}

/// Points of a revolution in a mean; eight times as many change a day's rate by less than 0.3 %
/// (tested).
const POINTS: usize = 48;

/// Returns the loss of mean altitude in km per day for one m²/kg on the UTC day of an instant, as
/// [`crate::air::orbit_mean_rate`] does with NRLMSISE-00.
///
/// # Errors
///
/// [`Unusable`] as [`usable`] has it, and for altitudes outside [`ALTITUDE_KM`].
pub fn day_rate(
    drivers: &Drivers,
    mjd: Mjd,
    altitude_km: f64,
    inclination_deg: f64,
    raan_deg: f64,
) -> Result<f64, Unusable> {
    day_rate_of(drivers, mjd, altitude_km, inclination_deg, raan_deg, POINTS)
}

fn day_rate_of(
    drivers: &Drivers,
    mjd: Mjd,
    altitude_km: f64,
    inclination_deg: f64,
    raan_deg: f64,
    points: usize,
) -> Result<f64, Unusable> {
    let (proxies, storms_k) = usable(drivers, mjd)?;
    if !(ALTITUDE_KM.0..=ALTITUDE_KM.1).contains(&altitude_km) {
        return Err(Unusable::Altitude(altitude_km));
    }
    let air = StaticAir::shared();
    let midnight = mjd.floor();
    let sun = sun_direction(midnight + 0.5);
    let node_rad = raan_deg.to_radians() - sun.right_ascension_rad;
    Ok(orbit_mean(altitude_km, inclination_deg, node_rad, points, |place| {
        let hour = (place.universal_h as usize).min(storms_k.len() - 1);
        let instant = midnight + place.universal_h / 24.0;
        let air = |temperature, height| air.density_kg_m3(temperature, height);
        density_over(air, instant, sun, place, &proxies, storms_k[hour])
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    #[test]
    fn the_grid_is_the_static_air() {
        let air = StaticAir::shared();
        let mut worst: f64 = 0.0;
        for i in 0..4_000_u32 {
            let height = 120.0 + 380.0 * (f64::from(i) * 0.618_033_988_75).fract();
            let temperature = 560.0 + 1_900.0 * (f64::from(i) * 0.754_877_666_25).fract();
            let direct = static_density_kg_m3(temperature, height);
            worst = worst.max((air.density_kg_m3(temperature, height) / direct - 1.0).abs());
        }
        assert!(worst < 3e-4, "{worst:e}");
        let hot = static_density_kg_m3(3_000.0, 400.0);
        assert_eq!(air.density_kg_m3(3_000.0, 400.0), hot);
    }

    #[test]
    fn a_days_rate_hardly_depends_on_the_points() {
        let mut solar = String::new();
        let mut storms = String::new();
        for day in 1..=40 {
            let jd = 2_451_544.5 + 0.5 + f64::from(day - 1);
            let f = 150.0 + f64::from(day);
            let proxies = format!("{f} 160 {f} 155 {f} 158 {f} 150");
            writeln!(solar, "2000 {day} {jd:.1} {proxies} 1111").unwrap();
            writeln!(storms, "DTC 2000 {day} {}", "25 70 110 30 ".repeat(6)).unwrap();
        }
        let drivers = Drivers::read(&solar, &storms).unwrap();
        for day in 6..=40 {
            let mjd = 51_543.5 + f64::from(day);
            let rate = |points| {
                day_rate_of(&drivers, mjd, 400.0, 51.64, f64::from(day) * 7.0, points).unwrap()
            };
            let ratio = rate(POINTS) / rate(8 * POINTS);
            assert!((ratio - 1.0).abs() < 3e-3, "{day}: {ratio}");
        }
    }
}
