//! What was observed beside what is predicted, as a table.

use crate::columns;
use std::fmt::Write as _;
use zarya::record::{Answer, Basis, ObservationRow, RecordRow};

/// Returns what was observed beside what is predicted, for the terminal.
pub fn text(answer: &Answer) -> String {
    let mut text = format!(
        "The recorded years on the same engine: {} worlds, seed {}\n\n",
        answer.worlds, answer.seed
    );
    let heads = ["from", "through", "observed", "predicted 5-95 %"];
    let rows = |text: &mut String, rows: &[RecordRow]| {
        for row in rows {
            let (from, through) = (row.from.to_string(), row.through.to_string());
            let observed = format!("{:.0}", row.observed);
            let band = format!("{:.0} to {:.0}", row.low, row.high);
            text.push_str(&line(&row.what, [&from, &through, &observed, &band], row.inside));
        }
    };
    // A station without a record can be asked of observations from outside.
    let is_recorded = !(answer.scored.is_empty() && answer.weighting.is_empty());
    text.push_str(&line(if is_recorded { "scored" } else { "" }, heads, true));
    if is_recorded {
        rows(&mut text, &answer.scored);
        text.push_str("\nworlds are weighted by these (no validation)\n");
        rows(&mut text, &answer.weighting);
    }
    if !answer.afterwards.is_empty() {
        text.push_str("\nwhat came after the as-of date, beside the forecast of that day\n");
        rows(&mut text, &answer.afterwards);
    }
    if !answer.observations.is_empty() {
        observations(&mut text, &answer.observations);
    }
    text
}

/// The observations that were handed in, and how many of them lie inside their bands.
fn observations(text: &mut String, rows: &[ObservationRow]) {
    text.push_str("\nobservations handed in, beside what would be observed\n");
    for row in rows {
        let (from, through) = (row.from.to_string(), row.through.to_string());
        let band = match row.p05.zip(row.p95) {
            Some((low, high)) => format!("{} to {}", number(low), number(high)),
            None => "none".to_owned(),
        };
        let mark = match row.basis {
            _ if row.p50.is_none() => "  unknown",
            Basis::Fixed => "  fixed",
            _ if row.is_inside_90() => "  inside",
            _ => "  outside",
        };
        let cells = [&*from, &through, &number(row.observed), &band];
        text.push_str(&marked(&row.what, cells, mark));
        text.push_str(&columns::hanging("    ", &reading(row)));
    }
    let counted: Vec<&ObservationRow> = rows.iter().filter(|row| row.is_predicted()).collect();
    let inside =
        |holds: fn(&ObservationRow) -> bool| counted.iter().filter(|row| holds(row)).count();
    if counted.len() < rows.len() {
        let others = rows.len() - counted.len();
        let _ = writeln!(text, "not counted below, because nothing was predicted: {others}");
    }
    let _ = writeln!(
        text,
        "{} of {m} inside their 90 % band, {} of {m} inside the 50 %",
        inside(ObservationRow::is_inside_90),
        inside(ObservationRow::is_inside_50),
        m = counted.len(),
    );
}

/// Where the observed value lies in what was predicted, and how that was had.
fn reading(row: &ObservationRow) -> String {
    let basis = match row.basis {
        Basis::SameDates => "the recorded years over the same dates",
        Basis::Scaled => "the recorded years, scaled to the observed exposure",
        Basis::Forecast => "a forecast",
        Basis::ForecastScaled => "a forecast, scaled to the observed exposure",
        Basis::RecordAndForecast => "the recorded years, and a forecast from the as-of date on",
        Basis::Fixed => "fixed by the recorded manifest",
    };
    let without = if row.without > 0.0 {
        format!("; {} of histories have none", percent(row.without))
    } else {
        String::new()
    };
    match (row.p50, row.below, row.equal) {
        (Some(median), Some(below), Some(equal)) => format!(
            "median {}; less in {}, the same in {}; {basis}{without}",
            number(median),
            percent(below),
            percent(equal),
        ),
        _ => format!("{basis}{without}"),
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// A count, or days and kg to a tenth where they are few.
fn number(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 1000.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

/// A line of the table, of 80 columns at most.
fn line(what: &str, [from, through, observed, band]: [&str; 4], inside: bool) -> String {
    marked(what, [from, through, observed, band], if inside { "" } else { "  outside" })
}

fn marked(what: &str, [from, through, observed, band]: [&str; 4], mark: &str) -> String {
    let name = columns::head(what, 21);
    format!("{name} {from:<11}{through:<11}{observed:>9}  {band:>16}{mark}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_line_fits_a_terminal() {
        for what in ["avoidance-maneuvers", "a-name-of-more-than-its-column"] {
            let cells = ["2010-01-01", "2025-07-31", "123456", "123456 to 234567"];
            let text = line(what, cells, false);
            assert!(text.lines().all(|line| line.chars().count() <= columns::COLUMNS), "{text}");
            assert!(text.contains("2025-07-31    123456  123456 to 234567  outside"), "{text}");
        }
    }

    fn row(what: &str, observed: f64, quantiles: Option<[f64; 5]>, basis: Basis) -> ObservationRow {
        let at = |place: usize| quantiles.map(|q| q[place]);
        let day = |text: &str| zarya::units::Date::parse(text).expect("a date");
        ObservationRow {
            what: what.to_owned(),
            from: day("2020-01-01"),
            through: day("2025-07-31"),
            observed,
            p05: at(0),
            p25: at(1),
            p50: at(2),
            p75: at(3),
            p95: at(4),
            below: at(0).map(|_| 0.25),
            equal: at(0).map(|_| 0.125),
            without: if quantiles.is_some() { 0.1 } else { 1.0 },
            basis,
            source: String::new(),
        }
    }

    /// Four rows are predicted: three lie in their 90 % band, one of these in the 50 % band. The others count nowhere.
    #[test]
    fn the_last_line_counts_what_was_predicted() {
        let band = Some([1.0, 2.0, 3.0, 4.5, 123_456.75]);
        let rows = [
            row("evas", 4.0, band, Basis::SameDates),
            row("repair-days:a-unit-of-a-long-name", 123_456.75, band, Basis::RecordAndForecast),
            row("stock:water", 1.5, band, Basis::ForecastScaled),
            row("evas", 0.5, band, Basis::Forecast),
            row("docking-troubles", 3.0, band, Basis::Fixed),
            row("repair-days:unit", 3.0, None, Basis::Forecast),
        ];
        let mut text = String::new();
        observations(&mut text, &rows);
        assert!(text.lines().all(|line| line.chars().count() <= columns::COLUMNS), "{text}");
        let ends = |what: &str, mark: &str| {
            assert!(
                text.lines().any(|line| line.starts_with(what) && line.ends_with(mark)),
                "{text}"
            );
        };
        ends("evas", "  4       1 to 123457  inside");
        ends("evas", "0.5       1 to 123457  outside");
        ends("docking-troubles", "fixed");
        ends("repair-days:unit", "none  unknown");
        assert!(text.contains("median 3; less in 25 %, the same in 12 %; a forecast"), "{text}");
        assert!(text.contains("    a forecast; 100 % of histories have none"), "{text}");
        let last: Vec<&str> = text.lines().rev().take(2).collect();
        assert_eq!(last[0], "3 of 4 inside their 90 % band, 1 of 4 inside the 50 %");
        assert_eq!(last[1], "not counted below, because nothing was predicted: 2");
    }
}
