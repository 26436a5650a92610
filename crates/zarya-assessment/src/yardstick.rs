//! What history alone says: no model, only that nothing happened for so many years.

use crate::assessment::{Band, Estimate, Yardstick};
use zarya_units::{DAYS_PER_YEAR, Date, math};

/// Returns the probability that the station stays crewed through `through` by its past alone.
///
/// # Model
///
/// No de-crewing in `T` years and Jeffreys' prior make the rate a gamma variate of shape 1/2 and
/// rate `T`. Then the probability of none in the next `t` years is `(T / (T + t))^½`. Its quantiles
/// follow from those of the rate, `χ²₁ / (2T)`, and those of `χ²₁` are squares of normal ones.
///
/// # Source
///
/// Derived above, from Jeffreys' prior on a Poisson rate, which goes with `rate^(-½)`.
pub fn yardstick(crewed_since: Date, as_of: Date, through: Date) -> Option<Yardstick> {
    let years = (as_of.mjd() - crewed_since.mjd()) / DAYS_PER_YEAR;
    let span_years = (through.mjd() + 1.0 - as_of.mjd()) / DAYS_PER_YEAR;
    if years <= 0.0 || span_years <= 0.0 {
        return None;
    }
    let mean = (years / (years + span_years)).sqrt();
    let survival_at = |quantile_of_rate: f64| {
        let z = math::normal_quantile(0.5 * (1.0 + quantile_of_rate));
        math::exp(-z * z / (2.0 * years) * span_years)
    };
    Some(Yardstick {
        years,
        events: 0,
        span_years,
        mean,
        low: survival_at(0.95),
        high: survival_at(0.05),
        text: String::new(),
    })
}

/// Returns the sentence that compares the model with history; `leading` names what ends most of
/// the model's histories.
pub fn comparison(yardstick: &Yardstick, model: &Estimate, leading: Option<&str>) -> String {
    let history = format!(
        "history alone, {} de-crewings in {:.1} years, gives {:.2} for {:.1} years (5 % bound {:.2})",
        yardstick.events, yardstick.years, yardstick.mean, yardstick.span_years, yardstick.low
    );
    let why = leading.map_or(String::new(), |cause| format!("; most of what is lost is {cause}"));
    let Estimate { mean, low, high, .. } = *model;
    if model.band == Band::TooFewWorlds {
        return format!("{history}; the model's mean is {mean:.2}, without a band{why}.");
    }
    let place = if yardstick.mean < low {
        "above it"
    } else if yardstick.mean > high {
        "below it"
    } else {
        "around it"
    };
    format!(
        "{history}; the model's band, {low:.2} to {high:.2}, lies {place} (mean {mean:.2}){why}."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ISS: 24.7 years without a break to 31 July 2025, 3.4 years ahead. By hand, with Jeffreys'
    /// prior on a Poisson rate: `(24.7 / 28.1)^½` = 0.94, and with 3.84, the 95 % quantile of `χ²₁`,
    /// `exp(-3.84 × 3.4 / (2 × 24.7))` = 0.77.
    #[test]
    fn iss_yardstick_is_0_94_with_a_bound_of_0_77() {
        let date = |text| Date::parse(text).unwrap();
        let found = yardstick(date("2000-11-02"), date("2025-07-31"), date("2028-12-31")).unwrap();
        assert_eq!(format!("{:.1} {:.1}", found.years, found.span_years), "24.7 3.4");
        assert_eq!(format!("{:.2} {:.2}", found.mean, found.low), "0.94 0.77");
        // To the end of the last day: 1,250 days. The 5 % quantile of the rate is 0.00393 / 2 T.
        assert!((found.span_years - 1250.0 / DAYS_PER_YEAR).abs() < 1e-12, "{found:?}");
        let high = math::exp(-0.003_932_14 * found.span_years / (2.0 * found.years));
        assert!((found.high - high).abs() < 1e-6, "{found:?} {high}");
        assert!(found.mean < found.high && found.high < 1.0);
    }

    /// Where the model's band lies beside what history alone says, in words.
    #[test]
    fn the_comparison_says_where_the_band_lies() {
        let date = |text| Date::parse(text).unwrap();
        let past = yardstick(date("2000-11-02"), date("2025-07-31"), date("2028-12-31")).unwrap();
        let text = |low: f64, high: f64, band: Band| {
            let model =
                Estimate { mean: 0.5 * (low + high), low, high, band, ..Estimate::default() };
            comparison(&past, &model, Some("food"))
        };
        let history = "history alone, 0 de-crewings in 24.7 years, gives 0.94 for 3.4 years";
        for (low, high, place) in [
            (0.96, 0.98, "lies above it (mean 0.97)"),
            (0.60, 0.90, "lies below it (mean 0.75)"),
            (0.80, 0.98, "lies around it (mean 0.89)"),
            (past.mean, 0.98, "around it"),
            (0.6, past.mean, "around it"),
        ] {
            let text = text(low, high, Band::Worlds);
            assert!(text.starts_with(history) && text.contains(place), "{text}");
            assert!(text.ends_with("; most of what is lost is food."), "{text}");
        }
        let text = text(0.0, 1.0, Band::TooFewWorlds);
        assert!(text.contains("the model's mean is 0.50, without a band"), "{text}");
    }

    #[test]
    fn a_station_without_a_past_has_none() {
        let date = |text| Date::parse(text).unwrap();
        assert!(yardstick(date("2025-07-31"), date("2025-07-31"), date("2028-12-31")).is_none());
        assert!(yardstick(date("2020-01-01"), date("2025-07-31"), date("2025-07-30")).is_none());
        assert!(yardstick(date("2030-01-01"), date("2025-07-31"), date("2028-12-31")).is_none());
    }
}
