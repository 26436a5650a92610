//! Supported, not supported, or undetermined on the public record - and what decides it.

use crate::assessment::{
    Band, BreakEvenValue, ClaimSummary, ConditionValue, DecidingInput, Ending, Estimate,
    FirstCause, Mark, StationLine, Thresholds, Verdict,
};
use zarya_simulation::Drawn;
use zarya_units::math;

/// Fewer effective worlds than this cannot carry a verdict.
pub const EFFECTIVE_WORLDS_MIN: f64 = 20.0;

/// Returns whether too few effective worlds carry the weight.
pub fn too_few(effective_worlds: f64) -> bool {
    // Sums of weights round: twenty equal worlds are twenty.
    effective_worlds < EFFECTIVE_WORLDS_MIN - 1e-6
}

/// Returns the verdict on a claim.
///
/// # Model
///
/// *Supported* when the band over what is not known lies above the threshold, *not supported* when
/// it lies below, *undetermined* when it spans the threshold or when fewer than
/// [`EFFECTIVE_WORLDS_MIN`] effective worlds carry the weight. A claim needs both lines, all risks and the
/// station by its own causes. An end of the band that lies within two of its sampling errors of the threshold settles
/// nothing either: another seed may put it on the other side, and more histories tell.
pub fn verdict(
    probability: &Estimate,
    own: &StationLine,
    threshold: f64,
    effective_worlds: f64,
) -> Verdict {
    if too_few(effective_worlds) {
        Verdict::Undetermined
    } else if ends(probability, own).0.clear_of(threshold) > 0.0 {
        Verdict::Supported
    } else if ends(probability, own).1.clear_of(threshold) < 0.0 {
        Verdict::NotSupported
    } else {
        Verdict::Undetermined
    }
}

/// An end of the band with its sampling error.
#[derive(Clone, Copy)]
struct End {
    at: f64,
    error: f64,
}

impl End {
    /// How far it lies from a threshold, what two of its errors may make of it taken off; 0 within them.
    fn clear_of(self, threshold: f64) -> f64 {
        let away = self.at - threshold;
        away.signum() * (away.abs() - 2.0 * self.error).max(0.0)
    }
}

/// The ends of the lower band of the two lines.
fn ends(probability: &Estimate, own: &StationLine) -> (End, End) {
    let lower = |all: (f64, Option<f64>), own: (f64, Option<f64>)| {
        let (at, error) = if all.0 <= own.0 { all } else { own };
        End { at, error: error.unwrap_or(0.0) }
    };
    (
        lower((probability.low, probability.low_error), (own.low, own.low_error)),
        lower((probability.high, probability.high_error), (own.high, own.high_error)),
    )
}

/// What makes a verdict borderline: an end of the band on the far side of the threshold, and no further than two of its errors.
fn borderline(probability: &Estimate, own: &StationLine, threshold: f64) -> Option<String> {
    let (low, high) = ends(probability, own);
    let (name, end) = if low.at > threshold {
        ("low", low)
    } else if high.at < threshold {
        ("high", high)
    } else {
        return None;
    };
    (end.clear_of(threshold) == 0.0).then(|| {
        format!(
            "Borderline: the {name} end of the band, {:.3} +-{:.3}, is not told from the threshold {threshold:.2}",
            end.at, end.error
        )
    })
}

/// Returns what may be asked of the station and still be supported: the ends of the lower band of the two lines.
pub fn thresholds(probability: &Estimate, own: &StationLine, claim: &ClaimSummary) -> Thresholds {
    let told = probability.band != Band::TooFewWorlds;
    let end = |all: f64, own: f64| told.then_some(all.min(own));
    let whose = "the station's claim.toml: a mark, asked by no agency".to_owned();
    Thresholds {
        supported_up_to: end(probability.low, own.low),
        not_supported_above: end(probability.high, own.high),
        marks: vec![Mark { value: claim.threshold, whose }],
    }
}

/// An input that worlds draw, with how the headline follows it.
#[derive(Clone, Debug, PartialEq)]
pub struct InputCorrelation {
    /// What worlds draw.
    pub input: Drawn,
    /// Rank correlation of the drawn value with the share of histories kept, over worlds.
    pub correlation: f64,
    /// Its sampling error, `(1 − ρ²)/√(n − 1)` for `n` effective worlds.
    pub standard_error: f64,
}

/// Returns the rank correlations of world draws with the worlds' shares, strongest first.
///
/// # Model
///
/// Spearman's: the weighted correlation of mid-ranks. `inputs` holds what is drawn and one value per
/// world; `worlds` a weight and the share of histories kept. The chance within worlds weakens all
/// of them alike, so that their order stands. Only those are returned that stand out of as many
/// tries as there are inputs: `|rho| sqrt(n - 1)` above the normal quantile of `1 - 0.025 / inputs`
/// (Bonferroni), `n` being the effective number of worlds.
pub fn correlations(inputs: &[(Drawn, Vec<f64>)], worlds: &[(f64, f64)]) -> Vec<InputCorrelation> {
    let shares: Vec<f64> = worlds.iter().map(|w| w.1).collect();
    let share_ranks = ranks(&shares);
    let mut found: Vec<InputCorrelation> = inputs
        .iter()
        .filter(|(_, values)| values.len() == worlds.len())
        .map(|(input, values)| InputCorrelation {
            input: input.clone(),
            correlation: correlation(&ranks(values), &share_ranks, worlds),
            standard_error: 1.0,
        })
        .collect();
    let sum: f64 = worlds.iter().map(|w| w.0).sum();
    let squares: f64 = worlds.iter().map(|w| w.0 * w.0).sum();
    if squares > 0.0 && !found.is_empty() {
        let effective = sum * sum / squares;
        let free = (effective - 1.0).max(1.0).sqrt();
        for input in &mut found {
            input.standard_error = (1.0 - input.correlation * input.correlation) / free;
        }
        let tries = found.len() as f64;
        let bar = math::normal_quantile(1.0 - 0.025 / tries);
        found.retain(|f| f.correlation.abs() * (effective - 1.0).max(0.0).sqrt() > bar);
    }
    found.sort_by(|a, b| {
        let stronger = b.correlation.abs().total_cmp(&a.correlation.abs());
        stronger.then_with(|| a.input.to_string().cmp(&b.input.to_string()))
    });
    found
}

/// Returns the strongest input and those that cannot be told from it: whose correlation lies within
/// two errors of the difference, taken as independent.
pub fn deciding(correlations: &[InputCorrelation]) -> Vec<DecidingInput> {
    let Some(first) = correlations.first() else { return Vec::new() };
    correlations
        .iter()
        .filter(|other| {
            let (a, b) = (first.standard_error, other.standard_error);
            let error = (a * a + b * b).sqrt();
            first.correlation.abs() - other.correlation.abs() <= 2.0 * error
        })
        .map(|input| DecidingInput {
            name: input.input.to_string(),
            correlation: input.correlation,
            standard_error: input.standard_error,
        })
        .collect()
}

/// Mid-ranks: equal values share the mean of their places.
pub(crate) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut place = 0;
    for equal in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let middle = place as f64 + 0.5 * (equal.len() as f64 - 1.0);
        for &at in equal {
            ranks[at] = middle;
        }
        place += equal.len();
    }
    ranks
}

fn correlation(a: &[f64], b: &[f64], worlds: &[(f64, f64)]) -> f64 {
    let total: f64 = worlds.iter().map(|w| w.0).sum();
    let mean = |x: &[f64]| x.iter().zip(worlds).map(|(x, w)| x * w.0).sum::<f64>() / total;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let product = |x: &[f64], mean_x: f64, y: &[f64], mean_y: f64| {
        x.iter()
            .zip(y)
            .zip(worlds)
            .map(|((x, y), w)| w.0 * (x - mean_x) * (y - mean_y))
            .sum::<f64>()
    };
    let scale = (product(a, mean_a, a, mean_a) * product(b, mean_b, b, mean_b)).sqrt();
    if scale > 0.0 { product(a, mean_a, b, mean_b) / scale } else { 0.0 }
}

/// What the sentence on the deciding input is made from.
#[derive(Clone, Copy, Debug)]
pub struct Grounds<'a> {
    /// The claim.
    pub claim: &'a ClaimSummary,
    /// The verdict.
    pub verdict: Verdict,
    /// The headline.
    pub probability: &'a Estimate,
    /// The same by the station's own causes.
    pub own: &'a StationLine,
    /// What a perfect station would read.
    pub perfect: f64,
    /// Effective worlds.
    pub effective_worlds: f64,
    /// Rank correlations, strongest first.
    pub correlations: &'a [InputCorrelation],
    /// Break-evens.
    pub break_even: &'a [BreakEvenValue],
    /// Conditions, largest drop first.
    pub conditions: &'a [ConditionValue],
    /// First causes of the headline, most frequent first.
    pub first_causes: &'a [FirstCause],
    /// What ends before the claim does.
    pub endings: &'a [Ending],
}

/// Returns what decides the verdict, in a sentence or two: what ends before the claim does comes first.
pub fn decides(grounds: &Grounds<'_>) -> String {
    let first = grounds.endings.iter().map(|ending| format!("{}. ", ending.text));
    let perfect = (grounds.perfect < grounds.claim.threshold)
        .then(|| format!(" A perfect station would read {:.3}.", grounds.perfect));
    first.chain([decides_within(grounds)]).chain(perfect).collect()
}

/// What decides the verdict of the histories alone.
fn decides_within(grounds: &Grounds<'_>) -> String {
    let threshold = grounds.claim.threshold;
    if too_few(grounds.effective_worlds) {
        return format!(
            "Only {:.0} effective worlds carry the weight, fewer than {EFFECTIVE_WORLDS_MIN:.0}: \
             run more histories before reading a verdict.",
            grounds.effective_worlds
        );
    }
    let nearest = grounds
        .break_even
        .iter()
        .filter_map(|b| b.factor.filter(|f| *f > 0.0).map(|factor| (b, factor)))
        .min_by(|a, b| math::ln(a.1).abs().total_cmp(&math::ln(b.1).abs()));
    let turning = nearest.map(|(input, factor)| {
        let error = input.factor_error.map_or(String::new(), |e| format!(" (+-{})", two_digits(e)));
        if input.outside_own {
            return "no input alone reaches it inside its own band".to_owned();
        }
        format!("{} times {}{error} puts it at the threshold", input.what, two_digits(factor))
    });
    let condition = grounds.conditions.first().filter(|c| c.drop > 2.0 * c.standard_error);
    let cause = grounds.first_causes.iter().find(|c| c.tier == "crewed");
    match grounds.verdict {
        Verdict::Undetermined => {
            let input = grounds.correlations.first().map(|input| {
                let rest = deciding(grounds.correlations);
                let others = match &rest[1..] {
                    [] => String::new(),
                    [other] => format!(", not told from {}", other.name),
                    [other, more @ ..] => {
                        format!(", not told from {} and {} more", other.name, more.len())
                    }
                };
                let way = if input.correlation < 0.0 { "lower" } else { "higher" };
                format!(
                    "{} (rank correlation {:+.2} +-{:.2}: {way} where it is larger){others}",
                    input.input, input.correlation, input.standard_error
                )
            });
            let decider =
                input.unwrap_or_else(|| "no single unknown stands out of chance".to_owned());
            let turning = turning.map_or(String::new(), |t| format!("; {t}"));
            let spans = borderline(grounds.probability, grounds.own, threshold)
                .unwrap_or_else(|| format!("The band spans the threshold {threshold:.2}"));
            format!("{spans}; what decides: {decider}{turning}.")
        }
        Verdict::Supported => {
            let carried = condition
                .map(|c| format!("without \"{}\" the probability is {:.2}", c.provided, c.without));
            let parts: Vec<String> = carried.into_iter().chain(turning).collect();
            if parts.is_empty() {
                format!("Even the low end of the band lies above the threshold {threshold:.2}.")
            } else {
                format!("It rests on its conditions: {}.", parts.join("; "))
            }
        }
        Verdict::NotSupported => {
            let lost = cause.map(|c| {
                let thin = if c.thin { " (thin: few worlds)" } else { "" };
                format!("{} ends {:.0} % of histories first{thin}", c.cause, 100.0 * c.share)
            });
            let parts: Vec<String> = lost.into_iter().chain(turning).collect();
            if parts.is_empty() {
                format!("Even the high end of the band lies below the threshold {threshold:.2}.")
            } else {
                format!("What ends it: {}.", parts.join("; "))
            }
        }
    }
}

/// Two significant digits.
pub fn two_digits(x: f64) -> String {
    let size = if x == 0.0 { 0.0 } else { math::log10(x.abs()).floor() };
    let decimals = (1.0 - size).clamp(0.0, 6.0) as usize;
    format!("{x:.decimals$}")
}

/// Returns the word of the IPCC's scale for a probability: how assessments of another field say it.
///
/// # Source
///
/// M. D. Mastrandrea et al., "Guidance Note for Lead Authors of the IPCC Fifth Assessment Report on Consistent Treatment of
/// Uncertainties", IPCC, 2010, table 1: the narrowest of the terms whose range holds the probability.
pub fn likelihood(probability: f64) -> &'static str {
    match probability {
        p if p >= 0.99 => "virtually certain",
        p if p >= 0.9 => "very likely",
        p if p >= 0.66 => "likely",
        p if p > 0.33 => "about as likely as not",
        p if p > 0.1 => "unlikely",
        p if p > 0.01 => "very unlikely",
        _ => "exceptionally unlikely",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::Difference;
    use crate::small_station::date;

    fn band(low: f64, high: f64) -> Estimate {
        Estimate {
            mean: 0.5 * (low + high),
            low,
            high,
            standard_error: 0.001,
            ..Estimate::default()
        }
    }

    fn own(low: f64, high: f64) -> StationLine {
        StationLine { low, high, ..StationLine::default() }
    }

    /// A claim needs both lines: each end is that of the lower.
    /// The limits of table 1, each in the stronger term.
    #[test]
    fn probabilities_have_the_words_of_the_ipcc() {
        let limits =
            [0.0, 0.01, 0.02, 0.1, 0.11, 0.33, 0.34, 0.65, 0.66, 0.89, 0.9, 0.98, 0.99, 1.0];
        let words: Vec<&str> = limits.into_iter().map(likelihood).collect();
        let expected = [
            "exceptionally unlikely",
            "very unlikely",
            "unlikely",
            "about as likely as not",
            "likely",
            "very likely",
            "virtually certain",
        ];
        assert!(words.chunks(2).zip(expected).all(|(pair, word)| pair == [word; 2]), "{words:?}");
    }

    #[test]
    fn both_lines_are_needed() {
        let all = band(0.91, 0.97);
        assert_eq!(verdict(&all, &own(0.89, 0.99), 0.9, 500.0), Verdict::Undetermined);
        assert_eq!(verdict(&all, &own(0.5, 0.89), 0.9, 500.0), Verdict::NotSupported);
        let claim = ClaimSummary {
            id: String::new(),
            text: String::new(),
            provided: Vec::new(),
            through: date("2028-12-31"),
            threshold: 0.9,
            source: String::new(),
        };
        let found = thresholds(&all, &own(0.89, 0.99), &claim);
        assert_eq!(found.supported_up_to.zip(found.not_supported_above), Some((0.89, 0.97)));
        assert_eq!(found.marks[0].value, 0.9);
        let none = Estimate { band: Band::TooFewWorlds, ..all };
        assert_eq!(thresholds(&none, &own(0.89, 0.99), &claim).supported_up_to, None);
    }

    /// An end within two of its errors of the threshold settles nothing; beyond them it does.
    #[test]
    fn an_end_that_is_not_told_from_the_threshold_is_borderline() {
        let with = |low_error, high_error| Estimate {
            low_error: Some(low_error),
            high_error: Some(high_error),
            ..band(0.91, 0.99)
        };
        let clear = own(0.95, 0.99);
        assert_eq!(verdict(&with(0.004, 0.0), &clear, 0.9, 500.0), Verdict::Supported);
        assert_eq!(verdict(&with(0.006, 0.0), &clear, 0.9, 500.0), Verdict::Undetermined);
        let text = borderline(&with(0.006, 0.0), &clear, 0.9).unwrap();
        assert!(
            text.contains("the low end of the band, 0.910 +-0.006, is not told from"),
            "{text}"
        );
        assert_eq!(borderline(&with(0.004, 0.0), &clear, 0.9), None);
        let below = Estimate { high_error: Some(0.006), ..band(0.6, 0.89) };
        assert_eq!(verdict(&below, &clear, 0.9, 500.0), Verdict::Undetermined);
        assert!(borderline(&below, &clear, 0.9).unwrap().contains("the high end"));
        let firm = Estimate { high_error: Some(0.004), ..below };
        assert_eq!(verdict(&firm, &clear, 0.9, 500.0), Verdict::NotSupported);
        // The error is that of the line whose end is the lower one.
        let line = StationLine { low_error: Some(0.03), ..own(0.905, 0.99) };
        assert_eq!(verdict(&with(0.004, 0.0), &line, 0.9, 500.0), Verdict::Undetermined);
        assert_eq!(borderline(&band(0.6, 0.95), &clear, 0.9), None);
    }

    #[test]
    fn the_band_decides() {
        assert_eq!(verdict(&band(0.91, 0.99), &own(0.92, 0.99), 0.9, 500.0), Verdict::Supported);
        assert_eq!(verdict(&band(0.6, 0.89), &own(0.7, 0.95), 0.9, 500.0), Verdict::NotSupported);
        assert_eq!(verdict(&band(0.6, 0.95), &own(0.7, 0.99), 0.9, 500.0), Verdict::Undetermined);
        assert_eq!(verdict(&band(0.91, 0.99), &own(0.92, 0.99), 0.9, 12.0), Verdict::Undetermined);
        let words = serde_json::to_value(Verdict::Undetermined).unwrap();
        assert_eq!(words, Verdict::Undetermined.words());
    }

    /// A share that falls with the input has rank correlation -1, whatever the scale.
    #[test]
    fn rank_correlation_follows_order_alone() {
        let rate: Vec<f64> = (1..=50).map(|i| math::exp(f64::from(i) / 5.0)).collect();
        let noise: Vec<f64> = (1..=50).map(|i| f64::from(i * 37 % 50)).collect();
        let worlds: Vec<(f64, f64)> = (1..=50).map(|i| (1.0, 1.0 / f64::from(i))).collect();
        let inputs = [(Drawn::Repairs, noise), (Drawn::Rates, rate)];
        let found = correlations(&inputs, &worlds);
        assert_eq!(found[0].input, Drawn::Rates);
        assert!((found[0].correlation + 1.0).abs() < 1e-12);
        assert_eq!(found.len(), 1, "noise does not stand out of two tries");
    }

    /// Ranks of 30 worlds but for two that changed places ten apart: rho = 1 - 6 x 200 / (30 x 899), with an error of
    /// (1 - rho2) / sqrt(29). Beside another input the bar is higher than alone.
    #[test]
    fn a_rank_correlation_by_hand() {
        let mut shares: Vec<f64> = (0..30).map(f64::from).collect();
        shares.swap(5, 15);
        let worlds: Vec<(f64, f64)> = shares.iter().map(|share| (2.0, share / 30.0)).collect();
        let values: Vec<f64> = (0..30).map(f64::from).collect();
        let found = correlations(&[(Drawn::Rates, values)], &worlds);
        let rho: f64 = 1.0 - 6.0 * 200.0 / (30.0 * 899.0);
        assert!((found[0].correlation - rho).abs() < 1e-12, "{found:?}");
        let error = (1.0 - rho * rho) / 29.0_f64.sqrt();
        assert!((found[0].standard_error - error).abs() < 1e-12, "{found:?}");
        // 0.38 x sqrt(29) = 2.04 stands out of one try (1.96) and not of two (2.24).
        let mixed: Vec<f64> = (0..30).map(|i| f64::from((i + 10) % 30)).collect();
        let one = correlations(&[(Drawn::Repairs, mixed.clone())], &worlds);
        let weak = correlation(&ranks(&mixed), &ranks(&shares), &worlds);
        assert!((1.96..2.24).contains(&(weak.abs() * 29.0_f64.sqrt())), "{weak}");
        assert_eq!(one.len(), 1);
        let two = [(Drawn::Repairs, mixed.clone()), (Drawn::Rates, mixed)];
        assert_eq!(correlations(&two, &worlds), []);
        // What is drawn in other worlds is left out.
        assert_eq!(correlations(&[(Drawn::Rates, vec![1.0; 29])], &worlds), []);
    }

    /// Two inputs with errors of 0.03 differ with an error of 0.03 √2 = 0.0424: up to 0.0849 apart they are
    /// not told from each other.
    #[test]
    fn inputs_are_told_apart_at_two_errors_of_their_difference() {
        let input =
            |input, correlation| InputCorrelation { input, correlation, standard_error: 0.03 };
        for (correlation, told_apart) in
            [(0.44, false), (-0.42, false), (0.41, true), (-0.41, true)]
        {
            let found = deciding(&[input(Drawn::Rates, -0.50), input(Drawn::Repairs, correlation)]);
            assert_eq!(found.len(), if told_apart { 1 } else { 2 }, "{correlation}");
        }
    }

    /// What decides is told by the verdict: an input, a condition, or a cause; and the break-even nearest to what is filed.
    #[test]
    fn what_decides_is_said_by_verdict() {
        let claim =
            crate::claim::claim_summary(&crate::small_station::small_station(), date("2028-12-31"));
        let value = |what: &str, factor: f64, outside_own: bool| BreakEvenValue {
            id: what.into(),
            what: what.into(),
            scale: zarya_station::model::Scale::FailureRates,
            factor: Some(factor),
            factor_error: Some(0.1),
            low: 0.2,
            high: 5.0,
            at_low: 0.9,
            at_high: 0.5,
            own_low: None,
            own_high: None,
            at_own_low: None,
            at_own_high: None,
            outside_own,
            nearly: false,
            station: None,
            at_factor: Some(0.9),
            standard_error: 0.01,
            bound: None,
            histories: 100,
        };
        let condition = |drop: f64| ConditionValue {
            id: "cargo".into(),
            provided: "cargo flies".into(),
            kind: "carrier".into(),
            without: 0.9 - drop,
            drop,
            standard_error: 0.05,
            systems: Difference::default(),
            survives: Difference::default(),
            full: Difference::default(),
            station: None,
            histories: 100,
            kept: 10,
            remains: "nothing".into(),
            substitutes: "none".into(),
            may_help: None,
        };
        let cause = FirstCause {
            tier: "crewed".into(),
            cause: "food".into(),
            root: "truck".into(),
            owner: zarya_station::model::Owner::Systems,
            share: 0.25,
            worlds: 30,
            effective_worlds: 20.0,
            thin: false,
            example_history: 1,
            rank: 1,
        };
        let input = |input: Drawn, correlation: f64| InputCorrelation {
            input,
            correlation,
            standard_error: 0.05,
        };
        let inputs = [input(Drawn::Rates, -0.5), input(Drawn::Repairs, 0.45)];
        let say = |verdict, break_even: &[BreakEvenValue], drop: f64, effective_worlds| {
            decides(&Grounds {
                claim: &claim,
                verdict,
                probability: &band(0.5, 0.95),
                own: &own(0.6, 0.97),
                perfect: 0.97,
                effective_worlds,
                correlations: &inputs,
                break_even,
                conditions: &[condition(drop)],
                first_causes: std::slice::from_ref(&cause),
                endings: &[],
            })
        };
        // Half is nearer to 1 than three times.
        let turns = [value("rates", 3.0, false), value("repairs", 0.5, false)];
        let text = say(Verdict::Undetermined, &turns, 0.0, 100.0);
        assert!(text.contains("-0.50 +-0.05: lower where it is larger), not told from"), "{text}");
        assert!(text.contains("repairs times 0.50 (+-0.10) puts it at the threshold"), "{text}");
        let far = [value("repairs", 0.5, true)];
        let text = say(Verdict::Undetermined, &far, 0.0, 100.0);
        assert!(text.contains("no input alone reaches it inside its own band"), "{text}");
        // A drop of two errors is no carrier yet.
        let text = say(Verdict::Supported, &[], 0.11, 100.0);
        assert!(text.contains("without \"cargo flies\" the probability is 0.79"), "{text}");
        let text = say(Verdict::Supported, &[], 0.1, 100.0);
        assert!(text.starts_with("Even the low end of the band lies above"), "{text}");
        let text = say(Verdict::NotSupported, &[], 0.0, 100.0);
        assert_eq!(text, "What ends it: food ends 25 % of histories first.");
        let text = say(Verdict::Undetermined, &[], 0.0, 12.0);
        assert!(text.starts_with("Only 12 effective worlds"), "{text}");
    }

    #[test]
    fn ties_share_their_rank() {
        assert_eq!(ranks(&[2.0, 1.0, 2.0, 3.0]), [1.5, 0.0, 1.5, 3.0]);
    }

    #[test]
    fn digits() {
        let texts: Vec<String> = [1.234, 0.0456, 12.6, 0.999, 0.0].map(two_digits).to_vec();
        assert_eq!(texts, ["1.2", "0.046", "13", "1.00", "0.0"]);
    }
}
