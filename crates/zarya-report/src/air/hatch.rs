//! What a hatch costs, for a terminal.

use crate::columns;
use std::fmt::Write as _;
use zarya::air::hatch::{Answer, CAVEATS, Policy};

/// Returns the answer for people.
pub fn text(answer: &Answer) -> String {
    let mut out = String::new();
    let [Some(open), Some(scheduled)] = ["open", "scheduled"].map(|of| answer.policies.get(of))
    else {
        return out;
    };
    let saved = open.gas_kg_d - scheduled.gas_kg_d;
    let _ = writeln!(
        out,
        "`{}` open costs {:.3} kg of air a day; opened for {} d every {} d it costs {:.3}, {:.0} % less",
        answer.zone,
        open.gas_kg_d,
        round(answer.open_days),
        round(answer.every_days),
        scheduled.gas_kg_d,
        100.0 * saved / open.gas_kg_d
    );
    let _ = writeln!(
        out,
        "{} m3 leaking {:.3} kg/d at the starting pressure, {} docking port(s) behind the hatch",
        answer.volume_m3, answer.leak_kg_d, answer.ports
    );
    let _ = writeln!(out, "\n{:<36}{:>12}{:>12}{:>12}", "", "open", "closed", "scheduled");
    let mut row = |words: &str, of: &dyn Fn(&Policy) -> String| {
        let _ = write!(out, "{}", columns::head(words, 36));
        for priced in answer.policies.values() {
            let _ = write!(out, "{:>12}", of(priced));
        }
        out.push('\n');
    };
    row("gas, kg/d", &|p| format!("{:.3}", p.gas_kg_d));
    row("  oxygen", &|p| format!("{:.3}", p.oxygen_kg_d));
    row("  nitrogen", &|p| format!("{:.3}", p.nitrogen_kg_d));
    row("  leaked through the open hatch", &|p| format!("{:.3}", p.leaked_kg_d));
    row("gas to fill it at an opening, kg", &|p| format!("{:.2}", p.filling_kg_per_opening));
    row("openings a year", &|p| format!("{:.1}", p.openings_per_year));
    row("docking ports given up", &|p| format!("{:.2}", p.ports_lost));
    let cell = |days: Option<f64>| days.map_or("-".to_owned(), |days| format!("{days:.1}"));
    for (id, _) in open.days_to_limit.iter() {
        let days = |p: &Policy| p.days_to_limit.get(id).and_then(|lasts| lasts.p50);
        row(&format!("days to {id} (50 %)"), &|p| cell(days(p)));
        if let Some(now) = days(open) {
            row("  gained over open", &|p| {
                days(p).map_or("beyond".to_owned(), |days| format!("{:+.1}", days - now))
            });
        }
    }
    let _ = writeln!(
        out,
        "A dash means beyond {} days, or that nothing of it is stated.",
        answer.horizon_days.round()
    );
    // What holds of every answer stands in its JSON alone.
    for caveat in answer.caveats.iter().filter(|caveat| !CAVEATS.contains(&caveat.as_str())) {
        let _ = writeln!(out, "{caveat}");
    }
    columns::fitted(&out)
}

/// A number without trailing zeros.
fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
