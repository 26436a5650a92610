//! Orbit-averaged decay as a table: what Monte Carlo runs and every command use.
//!
//! The file `data/decay-table.csv` holds, at Chebyshev points of altitude and of the logarithm of
//! the 81-day flux, a short series in the day's flux, Ap and season of the logarithm of the decay
//! rate, fitted to [`crate::air::orbit_mean_rate`]. On first use it is spread onto a dense grid, so
//! that one lookup is a bilinear blend of coefficients. System math libraries do not enter: the
//! same bytes give the same rates on every machine.

use crate::air::SunDay;
use crate::geometry::ISS_INCLINATION_DEG;
use crate::sun::{SunPath, bent_ap};
use std::f64::consts::TAU;
use std::sync::OnceLock;
use zarya_units::{DAYS_PER_YEAR, Mjd, digest, math};

/// Mean altitudes covered, km.
pub const ALTITUDE_KM: (f64, f64) = (150.0, 500.0);
/// 81-day fluxes covered, solar flux units; outside, the nearest value is used.
pub const FLUX: (f64, f64) = (60.0, 300.0);
/// Chebyshev points in altitude.
pub const N_ALTITUDE: usize = 14;
/// Chebyshev points in the logarithm of the flux.
pub const N_FLUX: usize = 8;
/// Terms of the series at each point.
pub const N_TERMS: usize = 24;

const DENSE_ALTITUDES: usize = 71;
const DENSE_FLUXES: usize = 27;
const N_SEASONS: usize = 6;
static COEFFICIENTS: &str = include_str!("../data/decay-table.csv");

type Seasons = [f64; N_SEASONS];
type Terms = [f64; N_TERMS];

/// Decay rates of circular orbits at one inclination, per unit drag area.
pub struct DecayTable {
    cells: Vec<Terms>,
    seasons: Vec<Seasons>,
    fluxes_per_ln: f64,
    inclination_deg: f64,
    digest: String,
}

impl std::fmt::Debug for DecayTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DecayTable")
            .field("inclination_deg", &self.inclination_deg)
            .finish_non_exhaustive()
    }
}

/// The series' basis for one day: reused for every altitude of that day.
#[derive(Clone, Copy)]
pub struct DayTerms {
    basis: Terms,
    row: usize,
    share: f64,
}

impl DecayTable {
    /// Returns the table, spread out on the first call (about 2 ms).
    pub fn embedded() -> &'static Self {
        static TABLE: OnceLock<DecayTable> = OnceLock::new();
        TABLE.get_or_init(|| Self::spread(COEFFICIENTS))
    }

    /// Returns the inclination the rates are for, degrees.
    pub fn inclination_deg(&self) -> f64 {
        self.inclination_deg
    }

    /// Returns a table with terms added: `extra` takes the shares (0 to 1) of the altitude and of the
    /// logarithm of the flux.
    pub(crate) fn shifted(
        &self,
        inclination_deg: f64,
        extra: &dyn Fn(f64, f64) -> [f64; N_TERMS],
    ) -> Self {
        let mut cells = self.cells.clone();
        for (at, cell) in cells.iter_mut().enumerate() {
            let altitude = (at / DENSE_FLUXES) as f64 / (DENSE_ALTITUDES - 1) as f64;
            let flux = (at % DENSE_FLUXES) as f64 / (DENSE_FLUXES - 1) as f64;
            let more = extra(altitude, flux);
            cell.iter_mut().zip(more).for_each(|(term, more)| *term += more);
        }
        Self {
            cells,
            seasons: self.seasons.clone(),
            fluxes_per_ln: self.fluxes_per_ln,
            inclination_deg,
            digest: self.digest.clone(),
        }
    }

    /// Returns the SHA-256 of the coefficients, to be listed among the inputs of an answer.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Returns the loss of mean altitude in km per day for one m²/kg of drag area.
    ///
    /// Positive means sinking. `f107` is the previous day's flux, `f107_81` the centered 81-day
    /// mean, `ap` the daily mean, `day_of_year` 1 to 366. Averaged over a revolution and over all
    /// positions of the node against the Sun.
    ///
    /// # Model
    ///
    /// Valid 150 to 500 km; outside, the altitude is held at the nearest end, and inputs of the Sun
    /// are held inside [`FLUX`], 0.5 to 2 times the mean for `f107`, and 0 to 150 for `ap`. The
    /// error against the direct average is stated by a test (`tests/it/table.rs`).
    #[inline]
    pub fn rate_km_d(
        &self,
        altitude_km: f64,
        f107: f64,
        f107_81: f64,
        ap: f64,
        day_of_year: u32,
    ) -> f64 {
        self.rate_at(altitude_km, &self.day_terms(SunDay { f107, f107_81, ap }, day_of_year))
    }

    /// Returns the basis of one day, for lookups at many altitudes.
    #[inline]
    pub fn day_terms(&self, sun: SunDay, day_of_year: u32) -> DayTerms {
        let f107_81 = sun.f107_81.clamp(FLUX.0, FLUX.1);
        let at = (math::ln(f107_81 * (1.0 / FLUX.0)) * self.fluxes_per_ln)
            .clamp(0.0, (DENSE_FLUXES - 1) as f64 - 1e-9);
        let season = &self.seasons[day_of_year.min(366) as usize];
        DayTerms {
            basis: basis(SunDay { f107_81, ..sun }, season),
            row: at as usize,
            share: at - (at as usize) as f64,
        }
    }

    /// Returns the rate for a day's basis; see [`DecayTable::rate_km_d`].
    #[inline]
    pub fn rate_at(&self, altitude_km: f64, day: &DayTerms) -> f64 {
        math::exp(self.ln_rate_at(altitude_km, day))
    }

    #[inline]
    fn ln_rate_at(&self, altitude_km: f64, day: &DayTerms) -> f64 {
        let (low, high) = ALTITUDE_KM;
        let at = ((altitude_km - low) / (high - low) * (DENSE_ALTITUDES - 1) as f64)
            .clamp(0.0, (DENSE_ALTITUDES - 1) as f64 - 1e-9);
        let row = at as usize;
        let share = at - row as f64;
        let first = row * DENSE_FLUXES + day.row;
        let near = &self.cells[first..first + DENSE_FLUXES + 2];
        let (a, b) = (&near[0], &near[1]);
        let (c, d) = (&near[DENSE_FLUXES], &near[DENSE_FLUXES + 1]);
        let (wa, wb) = ((1.0 - share) * (1.0 - day.share), (1.0 - share) * day.share);
        let (wc, wd) = (share * (1.0 - day.share), share * day.share);
        // Four running sums let the processor work on four terms at a time, in a fixed order.
        let mut sums = [0.0; LANES];
        let cells = fours(a).iter().zip(fours(b)).zip(fours(c)).zip(fours(d));
        for ((((a, b), c), d), basis) in cells.zip(fours(&day.basis)) {
            for lane in 0..LANES {
                let blend = wa * a[lane] + wb * b[lane] + wc * c[lane] + wd * d[lane];
                sums[lane] += blend * basis[lane];
            }
        }
        (sums[0] + sums[1]) + (sums[2] + sums[3])
    }

    fn spread(text: &str) -> Self {
        let rows: Vec<Vec<f64>> = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .map(|line| line.split(',').map(|cell| cell.parse().expect("our own file")).collect())
            .collect();
        assert_eq!(rows.len(), N_ALTITUDE * N_FLUX, "the coefficient file is complete");
        let altitude_weights: Vec<Vec<f64>> = (0..DENSE_ALTITUDES)
            .map(|i| chebyshev_weights(N_ALTITUDE, i as f64 / (DENSE_ALTITUDES - 1) as f64))
            .collect();
        let flux_weights: Vec<Vec<f64>> = (0..DENSE_FLUXES)
            .map(|j| chebyshev_weights(N_FLUX, j as f64 / (DENSE_FLUXES - 1) as f64))
            .collect();
        // One dimension after the other: 14 x 8 -> 14 x 27 -> 71 x 27.
        let mut half = vec![[0.0; N_TERMS]; N_ALTITUDE * DENSE_FLUXES];
        for k in 0..N_ALTITUDE {
            for (j, weights) in flux_weights.iter().enumerate() {
                let cell = &mut half[k * DENSE_FLUXES + j];
                for (l, weight) in weights.iter().enumerate() {
                    let row = &rows[k * N_FLUX + l][2..];
                    cell.iter_mut().zip(row).for_each(|(sum, c)| *sum += weight * c);
                }
            }
        }
        let mut cells = vec![[0.0; N_TERMS]; DENSE_ALTITUDES * DENSE_FLUXES];
        for (i, weights) in altitude_weights.iter().enumerate() {
            for j in 0..DENSE_FLUXES {
                let cell = &mut cells[i * DENSE_FLUXES + j];
                for (k, weight) in weights.iter().enumerate() {
                    let row = &half[k * DENSE_FLUXES + j];
                    cell.iter_mut().zip(row).for_each(|(sum, c)| *sum += weight * c);
                }
            }
        }
        Self {
            cells,
            seasons: (0..=366).map(seasons).collect(),
            fluxes_per_ln: (DENSE_FLUXES - 1) as f64 / math::ln(FLUX.1 / FLUX.0),
            inclination_deg: ISS_INCLINATION_DEG,
            digest: digest::of_bytes(text.as_bytes()),
        }
    }
}

/// Terms summed side by side.
const LANES: usize = 4;

fn fours(terms: &Terms) -> &[[f64; LANES]] {
    terms.as_chunks().0
}

/// Returns the basis of the series: relative excess of the day's flux, a saturating Ap, and three
/// harmonics of the year with their products.
pub fn terms(sun: SunDay, day_of_year: u32) -> [f64; N_TERMS] {
    basis(sun, &seasons(day_of_year))
}

fn seasons(day_of_year: u32) -> Seasons {
    let t = TAU * (f64::from(day_of_year) - 0.5) / DAYS_PER_YEAR;
    let (s1, c1) = math::sincos(t);
    let (s2, c2) = math::sincos(2.0 * t);
    let (s3, c3) = math::sincos(3.0 * t);
    [c1, s1, c2, s2, c3, s3]
}

#[inline]
fn basis(sun: SunDay, &[c1, s1, c2, s2, c3, s3]: &Seasons) -> Terms {
    let x = (sun.f107 / sun.f107_81 - 1.0).clamp(-0.5, 1.0);
    let a = bent_ap(sun.ap.clamp(0.0, 150.0));
    [
        1.0,
        x,
        x * x,
        a,
        a * a,
        a * a * a,
        x * a,
        x * x * a,
        x * a * a,
        c1,
        s1,
        c2,
        s2,
        x * c1,
        x * s1,
        x * c2,
        x * s2,
        a * c1,
        a * s1,
        a * c2,
        a * s2,
        c3,
        s3,
        x * x * x,
    ]
}

/// Returns the weights of polynomial interpolation from `n` Chebyshev points at `share` (0 to 1) of
/// the band: the second barycentric formula, whose weights are exact sines for these points.
fn chebyshev_weights(n: usize, share: f64) -> Vec<f64> {
    let x = 2.0 * share - 1.0;
    let angle = |i: usize| std::f64::consts::PI * (i as f64 + 0.5) / n as f64;
    let raw: Vec<f64> = (0..n)
        .map(|i| {
            let sign = if i % 2 == 0 { 1.0 } else { -1.0 };
            // Points run from low to high: −cos. None coincides with a dense grid point.
            sign * math::sin(angle(i)) / (x + math::cos(angle(i)) + 1e-14)
        })
        .collect();
    let total: f64 = raw.iter().sum();
    raw.iter().map(|w| w / total).collect()
}

/// Mean rates of one Sun over blocks of days at the dense altitudes: for many stations under one Sun.
///
/// Where a world's Sun is shared by many histories, a month's step costs two lookups in one
/// dimension.
pub struct PathRates {
    start: Mjd,
    block_days: f64,
    blocks: usize,
    ln_rates: Vec<f64>,
}

impl PathRates {
    /// Tabulates the mean rate of every block of `block_days` days of `sun`.
    ///
    /// # Panics
    ///
    /// If `block_days` is 0.
    pub fn new(table: &DecayTable, sun: &SunPath, block_days: usize) -> Self {
        assert!(block_days > 0, "a block has a day");
        let blocks = sun.days().len() / block_days;
        let mut ln_rates = Vec::with_capacity(blocks * DENSE_ALTITUDES);
        for block in 0..blocks {
            let days: Vec<DayTerms> = (block * block_days..(block + 1) * block_days)
                .map(|i| {
                    let day = crate::geometry::day_of_year(sun.start() + i as f64);
                    table.day_terms(sun.days()[i], day)
                })
                .collect();
            for i in 0..DENSE_ALTITUDES {
                let (low, high) = ALTITUDE_KM;
                let altitude = low + (high - low) * i as f64 / (DENSE_ALTITUDES - 1) as f64;
                let sum: f64 = days.iter().map(|day| table.rate_at(altitude, day)).sum();
                ln_rates.push(math::ln(sum / block_days as f64));
            }
        }
        Self { start: sun.start(), block_days: block_days as f64, blocks, ln_rates }
    }

    /// Returns the number of whole blocks.
    pub fn blocks(&self) -> usize {
        self.blocks
    }

    /// Returns the first instant of the first block.
    pub fn start(&self) -> Mjd {
        self.start
    }

    /// Returns the mean rate in km per day for one m²/kg of drag area during `block`.
    #[inline]
    pub fn rate_km_d(&self, altitude_km: f64, block: usize) -> f64 {
        let (low, high) = ALTITUDE_KM;
        let at = ((altitude_km - low) / (high - low) * (DENSE_ALTITUDES - 1) as f64)
            .clamp(0.0, (DENSE_ALTITUDES - 1) as f64 - 1e-9);
        let step = at as usize;
        let share = at - step as f64;
        let row = block * DENSE_ALTITUDES + step;
        math::exp(self.ln_rates[row] * (1.0 - share) + self.ln_rates[row + 1] * share)
    }

    /// Returns the altitude at the end of `block` for the altitude at its start: a midpoint step.
    #[inline]
    pub fn after_block(&self, altitude_km: f64, drag_area_m2_kg: f64, block: usize) -> f64 {
        let step = drag_area_m2_kg * self.block_days;
        let middle = altitude_km - 0.5 * step * self.rate_km_d(altitude_km, block);
        altitude_km - step * self.rate_km_d(middle, block)
    }
}
