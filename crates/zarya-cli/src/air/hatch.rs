//! `zarya air hatch`: a leaking element kept open, closed, or opened on a schedule, side by side.

use super::case_file::CaseFile;
use crate::output::Failure;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use zarya_report::columns;
use zarya_systems::air::HatchPolicy;
use zarya_systems::endurance::HORIZON_DAYS;
use zarya_systems::hatch::{self, EVERY_LEAST_DAYS, Priced, Question};
use zarya_units::Quantity;

/// What the command line asks.
pub(super) struct Asked<'a> {
    /// The zone's name; `None` takes the one that leaks, if it is one.
    pub(super) zone: Option<&'a str>,
    pub(super) every: &'a str,
    pub(super) open_for: &'a str,
    pub(super) ports: f64,
}

/// The answer of the command.
pub(super) struct Answer {
    zone: String,
    rate_kg_d: f64,
    volume_m3: f64,
    question: Question,
    policies: [Priced; 3],
}

/// Compares the policies after checking what was asked.
pub(super) fn compare(file: &CaseFile, asked: &Asked<'_>) -> Result<Answer, Failure> {
    let case = &file.case;
    let zone = chosen(file, asked.zone)?;
    let days = |option: &str, text: &str| {
        Quantity::parse_in(text, "d")
            .map_err(|error| Failure::Usage(format!("{option}: {error}; such as \"7 d\"")))
    };
    let every_days = days("--every", asked.every)?;
    let open_days = days("--open-for", asked.open_for)?;
    if !(EVERY_LEAST_DAYS..=HORIZON_DAYS).contains(&every_days) {
        return Err(Failure::Usage(format!(
            "--every: {every_days} d; openings are computed for {EVERY_LEAST_DAYS} d to \
             {HORIZON_DAYS} d apart"
        )));
    }
    if !(open_days > 0.0 && open_days < every_days) {
        return Err(Failure::Usage(format!(
            "--open-for: {open_days} d open every {every_days} d is no schedule; open for less \
             than the time between openings"
        )));
    }
    if !(asked.ports >= 0.0 && asked.ports.is_finite()) {
        return Err(Failure::Usage(format!(
            "--ports: {} docking ports; give a number from 0",
            asked.ports
        )));
    }
    let question = Question { zone, every_days, open_days, ports: asked.ports };
    Ok(Answer {
        zone: case.zones[zone].id.clone(),
        rate_kg_d: hatch::zone_leak(case, zone).0,
        volume_m3: case.zones[zone].volume_m3,
        policies: hatch::compare(case, &question),
        question,
    })
}

/// The zone asked for, or the one behind a hatch that leaks.
fn chosen(file: &CaseFile, asked: Option<&str>) -> Result<usize, Failure> {
    let zones = &file.case.zones;
    let refuse = |message: String| Err(Failure::Refused(message));
    if zones.len() < 2 {
        return refuse(
            "the case has one zone, so there is no hatch to close\n  = help: write [[zone]] for \
             the station and for the element behind the hatch, each with `id` and `volume`, and \
             `[leak]` with the element's id"
                .to_owned(),
        );
    }
    let volume = |zone: &usize| zones[*zone].volume_m3;
    let largest = (0..zones.len()).max_by(|a, b| volume(a).total_cmp(&volume(b)));
    let leaks = |zone: &usize| hatch::zone_leak(&file.case, *zone).0 > 0.0;
    let names = |found: &[usize]| {
        found.iter().map(|zone| zones[*zone].id.as_str()).collect::<Vec<_>>().join(", ")
    };
    let behind: Vec<usize> = (0..zones.len()).filter(|zone| Some(*zone) != largest).collect();
    let zone = if let Some(asked) = asked {
        let Some(zone) = behind.iter().copied().find(|zone| zones[*zone].id == asked) else {
            return refuse(format!(
                "no element `{asked}` behind a hatch\n  = help: the case has {}",
                names(&behind)
            ));
        };
        zone
    } else {
        let leaking: Vec<usize> = behind.iter().copied().filter(leaks).collect();
        match leaking.as_slice() {
            [zone] => *zone,
            [] => {
                return refuse(format!(
                    "no element behind a hatch leaks, so no policy costs anything\n  = help: \
                     write `[leak]` with one of {}",
                    names(&behind)
                ));
            }
            several => {
                return refuse(format!(
                    "several elements leak\n  = help: choose with --zone: {}",
                    names(several)
                ));
            }
        }
    };
    if !leaks(&zone) {
        return refuse(format!(
            "`{}` does not leak, so no policy costs anything\n  = help: write `[leak]` with a rate \
             for it",
            zones[zone].id
        ));
    }
    if zones[zone].crew > 0.0 {
        return refuse(format!(
            "{} people live in `{}`: its hatch cannot be closed on them\n  = help: take `crew` out \
             of the zone",
            zones[zone].crew, zones[zone].id
        ));
    }
    Ok(zone)
}

fn name(policy: HatchPolicy) -> &'static str {
    match policy {
        HatchPolicy::Open => "open",
        HatchPolicy::Closed => "closed",
        HatchPolicy::OpenedEvery { .. } => "scheduled",
    }
}

/// Returns the answer for people.
pub(super) fn text(answer: &Answer) -> String {
    let mut out = String::new();
    let [open, _, scheduled] = &answer.policies;
    let saved = open.gas_kg_d - scheduled.gas_kg_d;
    let _ = writeln!(
        out,
        "`{}` open costs {:.3} kg of air a day; opened for {} d every {} d it costs {:.3}, {:.0} % less",
        answer.zone,
        open.gas_kg_d,
        round(answer.question.open_days),
        round(answer.question.every_days),
        scheduled.gas_kg_d,
        100.0 * saved / open.gas_kg_d
    );
    let _ = writeln!(
        out,
        "{} m3 leaking {:.3} kg/d at the starting pressure, {} docking port(s) behind the hatch",
        answer.volume_m3, answer.rate_kg_d, answer.question.ports
    );
    let _ = writeln!(out, "\n{:<36}{:>12}{:>12}{:>12}", "", "open", "closed", "scheduled");
    let mut row = |words: &str, of: &dyn Fn(&Priced) -> String| {
        let _ = write!(out, "{}", columns::head(words, 36));
        for priced in &answer.policies {
            let _ = write!(out, "{:>12}", of(priced));
        }
        out.push('\n');
    };
    row("gas, kg/d", &|p| format!("{:.3}", p.gas_kg_d));
    row("  oxygen", &|p| format!("{:.3}", p.oxygen_kg_d));
    row("  nitrogen", &|p| format!("{:.3}", p.nitrogen_kg_d));
    row("  leaked through the open hatch", &|p| format!("{:.3}", p.leaked_kg_d));
    row("gas to fill it at an opening, kg", &|p| format!("{:.2}", p.filling_kg));
    row("openings a year", &|p| format!("{:.1}", p.openings_per_year));
    row("docking ports given up", &|p| format!("{:.2}", p.ports_lost));
    let cell = |days: Option<f64>| days.map_or("-".to_owned(), |days| format!("{days:.1}"));
    for (at, entry) in open.entries.iter().enumerate() {
        let days = |p: &Priced| p.entries.get(at).and_then(|entry| entry.days_to_limit.p50);
        row(&format!("days to {} (50 %)", entry.id), &|p| cell(days(p)));
        if let Some(now) = days(open) {
            row("  gained over open", &|p| {
                days(p).map_or("beyond".to_owned(), |days| format!("{:+.1}", days - now))
            });
        }
    }
    let _ = writeln!(
        out,
        "A dash means beyond {} days, or that nothing of it is stated.",
        HORIZON_DAYS.round()
    );
    columns::fitted(&out)
}

/// A number without trailing zeros.
fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// Returns the answer for programs.
pub(super) fn json(answer: &Answer) -> Value {
    let mut policies = Map::new();
    let open = &answer.policies[0];
    for priced in &answer.policies {
        let mut days = Map::new();
        for (entry, open) in priced.entries.iter().zip(&open.entries) {
            let band = entry.days_to_limit;
            let gained = band.p50.zip(open.days_to_limit.p50).map(|(days, open)| days - open);
            days.insert(
                entry.id.clone(),
                json!({
                    "p05": band.p05,
                    "p50": band.p50,
                    "p95": band.p95,
                    "gained_over_open": gained,
                    "limit": entry.limit,
                }),
            );
        }
        policies.insert(
            name(priced.policy).to_owned(),
            json!({
                "gas_kg_d": priced.gas_kg_d,
                "oxygen_kg_d": priced.oxygen_kg_d,
                "nitrogen_kg_d": priced.nitrogen_kg_d,
                "leaked_kg_d": priced.leaked_kg_d,
                "filling_kg_per_opening": priced.filling_kg,
                "openings_per_year": priced.openings_per_year,
                "ports_lost": priced.ports_lost,
                "days_to_limit": days,
            }),
        );
    }
    json!({
        "command": "air hatch",
        "version": env!("CARGO_PKG_VERSION"),
        "zone": answer.zone,
        "volume_m3": answer.volume_m3,
        "leak_kg_d": answer.rate_kg_d,
        "every_days": answer.question.every_days,
        "open_days": answer.question.open_days,
        "ports": answer.question.ports,
        "horizon_days": HORIZON_DAYS,
        "policies": policies,
        "caveats": [
            "gas is counted at median rates and starting pressure; leaks that grow cost more",
            "docking ports behind the hatch are taken as unusable while it is closed",
        ],
    })
}
