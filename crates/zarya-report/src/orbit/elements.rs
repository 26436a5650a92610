//! Element sets, listed.

use crate::columns::fitted;
use crate::picture::{Mark, Shape};
use std::fmt::Write as _;
use zarya::orbit::counted;
use zarya::orbit::elements::{Answer, Row};

/// Returns how many sets there are and what was written, then a table of them; all digits are in the JSON.
pub fn text(answer: &Answer) -> String {
    let sets = &answer.sets;
    let (first, last) = (
        day(sets.iter().map(|set| &set.epoch).min()),
        day(sets.iter().map(|set| &set.epoch).max()),
    );
    let span =
        if first == last { format!("of {first}") } else { format!("from {first} to {last}") };
    let mut out = format!(
        "{} {span} of {}{}\n",
        counted(sets.len(), "element set"),
        counted(answer.objects, "object"),
        if answer.objects == 1 { format!(": {}", object(&sets[0])) } else { String::new() }
    );
    if let (Some(to), Some(written)) = (answer.to, answer.written) {
        let share =
            if written == sets.len() { String::new() } else { format!("{written} of them ") };
        let _ = writeln!(out, "{share}written as {to}");
        return fitted(&out);
    }
    let _ = writeln!(
        out,
        "\n{:<16} {:>8} {:>8} {:>8} {:>6} {:>6} {:>6} {:>6} {:>8}",
        "epoch (UTC)", "rev/d", "a km", "e", "i", "node", "arg.p.", "M", "B*"
    );
    let mut above = if answer.objects == 1 { Some(object(&sets[0])) } else { None };
    for set in sets {
        let whose = object(set);
        if above.as_ref() != Some(&whose) && answer.objects > 1 {
            let _ = writeln!(out, "{whose}");
            above = Some(whose);
        }
        out += &row(set);
    }
    fitted(&out)
}

fn day(epoch: Option<&String>) -> &str {
    epoch.map_or("", |epoch| &epoch[..10])
}

/// One line of 80 columns at most.
fn row(set: &Row) -> String {
    let maybe = |value: Option<f64>, width: usize, decimals: usize| {
        value
            .map_or_else(|| format!("{:>width$}", "-"), |value| format!("{value:width$.decimals$}"))
    };
    let epoch = set.epoch[..16].replace('T', " ");
    let bstar = set.bstar.map_or_else(|| "-".to_owned(), |bstar| format!("{bstar:.2e}"));
    format!(
        "{epoch} {} {:8.2} {:.6} {:6.2} {:6.2} {} {} {bstar:>8}\n",
        maybe(set.mean_motion_rev_d, 8, 5),
        set.a_mean_km,
        set.eccentricity,
        set.inclination_deg,
        set.raan_deg,
        maybe(set.pericenter_deg, 6, 2),
        maybe(set.mean_anomaly_deg, 6, 2),
    )
}

/// Number and name of an object, or what there is.
fn object(set: &Row) -> String {
    let number = set.number.map(|number| number.to_string());
    let parts = [number.or_else(|| set.designator.clone()), set.name.clone()];
    let known: Vec<String> = parts.into_iter().flatten().collect();
    if known.is_empty() { "an object without a name".to_owned() } else { known.join(" ") }
}

/// Draws the mean altitude of each set.
pub fn svg(answer: &Answer) -> String {
    let dots = answer.altitudes_km.iter().map(|(mjd, km)| (*mjd, *km, 0.0)).collect();
    super::altitudes(
        "Mean altitude of element sets",
        &format!("Mean altitude of {} in time.", counted(answer.sets.len(), "element set")),
        vec![Mark::new("mean altitude", 0, Shape::Dots(dots))],
        Vec::new(),
    )
}
