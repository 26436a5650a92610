//! The answer of `zarya air endurance`, as text and as JSON.

use super::case_file::CaseFile;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use zarya_report::columns;
use zarya_systems::case::StockKind;
use zarya_systems::coupling;
use zarya_systems::endurance::{Band, Endurance, Entry, HORIZON_DAYS, SAMPLES, Shortage};
use zarya_systems::parameters::{self, Parameter, row};
use zarya_systems::processor::State;
use zarya_units::Date;

/// Returns the answer for people.
pub(super) fn text(
    file: &CaseFile,
    lasts: &Endurance,
    before: Option<&Endurance>,
    without: &[String],
) -> String {
    let mut out = String::new();
    let first = lasts.entries.iter().find(|entry| Some(&entry.id) == lasts.limiting.as_ref());
    match first {
        Some(Entry { id, days_to_limit: Band { p50: Some(days), .. }, .. }) => {
            let date = date_after(file.from, *days);
            let on = date.map_or(String::new(), |date| format!(", {date}"));
            let _ = writeln!(out, "`{id}` is first, after {days:.1} days{on}");
        }
        _ => {
            let _ = writeln!(out, "nothing runs out within {} days", HORIZON_DAYS.round());
        }
    }
    if !without.is_empty() {
        let _ = writeln!(out, "without: {}", without.join(", "));
    }
    entries_text(&mut out, &lasts.entries, before);
    let draw = &lasts.draw;
    let _ = writeln!(
        out,
        "\nfirst day: oxygen {:.3} kg/d ({:.2} lb/d), made {:.3}; carbon dioxide {:.3};\n  \
         water {:.3}, recovered {:.3}; food {:.3}; leak {:.3} kg/d;\n  pressure {:.2} mmHg/d if \
         nothing were supplied; power {:.2} kW",
        draw.oxygen_kg_d,
        draw.oxygen_kg_d / KG_PER_LB,
        draw.oxygen_made_kg_d,
        draw.carbon_dioxide_kg_d,
        draw.water_kg_d,
        draw.water_recovered_kg_d,
        draw.food_kg_d,
        draw.leak_kg_d,
        draw.pressure_unsupplied_mmhg_d,
        draw.power_kw,
    );
    for now in lasts.processors.iter().filter(|now| now.state != State::Off) {
        let _ = writeln!(
            out,
            "  {}: {}, {} kg/d, {} kW",
            now.id,
            now.state.word(),
            short(now.output_kg_d),
            short(now.power_kw)
        );
    }
    if let Some(shortage) = &lasts.shortage {
        shortage_text(&mut out, file, shortage);
    }
    let _ = writeln!(out, "\nrates used:");
    for rate in &lasts.rates {
        let spread = match (rate.low, rate.high) {
            (None, None) => String::new(),
            (low, high) => format!(
                " ({}..{})",
                low.map_or(String::new(), short),
                high.map_or(String::new(), short)
            ),
        };
        let _ = writeln!(
            out,
            "  {}: {}{spread} {} [{}] {}",
            rate.id,
            short(rate.value),
            rate.unit,
            rate.basis.word(),
            rate.source
        );
    }
    let _ = writeln!(out, "\nlimits:");
    for limit in &file.case.limits {
        let end = |word: &str, end: Option<f64>| {
            end.map_or(String::new(), |end| format!(" {word} {}", short(end)))
        };
        let _ = writeln!(
            out,
            "  {}:{}{} {} [{}] {}",
            limit.of.id(),
            end("low", limit.low),
            end("high", limit.high),
            limit.of.unit(),
            limit.basis.word(),
            limit.source
        );
    }
    if !without.is_empty() {
        couplings_text(&mut out, file, without);
    }
    if !lasts.caveats.is_empty() {
        let _ = writeln!(out, "\nassumed and left open:");
        for caveat in &lasts.caveats {
            let _ = writeln!(out, "  {caveat}");
        }
    }
    let _ = writeln!(
        out,
        "\nelements close to {:.1e}; bands from {SAMPLES} points over the spreads above",
        lasts.element_residual
    );
    columns::fitted(&out)
}

/// Days to each limit, then what is reached there.
fn entries_text(out: &mut String, entries: &[Entry], before: Option<&Endurance>) {
    const NAMES: usize = 40;
    let names = entries.iter().map(|entry| entry.id.as_str()).chain(["days to"]);
    let width = columns::width(names, 32, NAMES);
    let cell = |days: Option<f64>| days.map_or("-".to_owned(), |days| format!("{days:.1}"));
    let row = |out: &mut String, name: &str, cells: [&str; 3], whole: Option<&str>| {
        let [p05, p50, p95] = cells;
        let whole = whole.map_or(String::new(), |days| format!("{days:>13}"));
        let _ = writeln!(out, "{}{p05:>9}{p50:>9}{p95:>9}{whole}", columns::head(name, width));
    };
    out.push('\n');
    row(out, "days to", ["5 %", "50 %", "95 %"], before.map(|_| "50 % before"));
    // Entries of one limit are named together, in the order of the first.
    let mut reached: Vec<(&str, Vec<&str>)> = Vec::new();
    for entry in entries {
        let Band { p05, p50, p95 } = entry.days_to_limit;
        let was = before.and_then(|before| before.entries.iter().find(|was| was.id == entry.id));
        let was = was.map(|was| cell(was.days_to_limit.p50));
        row(out, &entry.id, [&cell(p05), &cell(p50), &cell(p95)], was.as_deref());
        match reached.iter_mut().find(|(limit, _)| *limit == entry.limit) {
            Some((_, ids)) => ids.push(&entry.id),
            None => reached.push((&entry.limit, vec![&entry.id])),
        }
    }
    let _ = writeln!(out, "A dash means beyond {} days, ten years.", HORIZON_DAYS.round());
    let _ = writeln!(out, "\nwhat is then reached:");
    for (limit, ids) in reached {
        let _ = writeln!(out, "  {}: {limit}", ids.join(", "));
    }
}

const KG_PER_LB: f64 = 0.453_592_37;
const SEGMENTS: [&str; 2] = ["us", "russian"];

fn shortage_text(out: &mut String, file: &CaseFile, shortage: &Shortage) {
    let of = |kw: f64| {
        if kw.is_finite() { format!("{} kW", short(kw)) } else { "enough".to_owned() }
    };
    for (name, draw) in SEGMENTS.iter().zip(shortage.draws) {
        let Some(draw) = draw else { continue };
        let _ = writeln!(
            out,
            "  {name}: draws {} kW of {}, gives off {} kW of {} that is cooled, sheds {} kW",
            short(draw.power_kw),
            of(draw.power_available_kw),
            short(draw.heat_kw),
            of(draw.cooling_available_kw),
            short(draw.shed_kw)
        );
    }
    for derated in &shortage.derated {
        let on = date_after(file.from, derated.day);
        let on = on.map_or(String::new(), |date| format!(" ({date})"));
        let _ = writeln!(
            out,
            "  {} is held to {} kg/d by {} from day {:.1}{on}",
            derated.id,
            short(derated.most_kg_d),
            derated.cause.word(),
            derated.day
        );
    }
}

fn shortage_json(shortage: &Shortage) -> Value {
    let finite = |kw: f64| kw.is_finite().then_some(kw);
    let mut segments = Map::new();
    for (name, draw) in SEGMENTS.iter().zip(shortage.draws) {
        let Some(draw) = draw else { continue };
        segments.insert(
            (*name).to_owned(),
            json!({
                "power_kw": draw.power_kw,
                "power_available_kw": finite(draw.power_available_kw),
                "heat_kw": draw.heat_kw,
                "cooling_available_kw": finite(draw.cooling_available_kw),
                "shed_kw": draw.shed_kw,
            }),
        );
    }
    let derated: Vec<Value> = shortage
        .derated
        .iter()
        .map(|derated| {
            json!({
                "id": derated.id,
                "cause": derated.cause.word(),
                "day": derated.day,
                "most_kg_d": derated.most_kg_d,
            })
        })
        .collect();
    json!({ "segments": segments, "derated": derated })
}

fn couplings_text(out: &mut String, file: &CaseFile, without: &[String]) {
    let _ = writeln!(
        out,
        "\nthe whole station's capabilities with a crew of {} (table of providers, design values):",
        file.case.crew
    );
    let _ = writeln!(
        out,
        "  {:<26}{:>8}{:>8}{:>8}{:>13}{:>13}",
        "capability", "need", "before", "after", "days without", "days with"
    );
    for loss in losses(file, without) {
        if loss.ended.is_empty() && loss.holds {
            continue;
        }
        let cell = |days: Option<f64>| days.map_or("holds".to_owned(), |days| format!("{days:.1}"));
        let _ = writeln!(
            out,
            "  {}{:>8}{:>8}{:>8}{:>13}{:>13}",
            columns::head(&loss.capability, 26),
            short(loss.need),
            short(loss.before),
            short(loss.after),
            cell(loss.days_without_substitutes),
            cell(loss.days_with_substitutes)
        );
    }
    let _ = writeln!(out, "  (days without and with substitutes that others could bring in)");
}

fn losses(file: &CaseFile, without: &[String]) -> Vec<coupling::Loss> {
    let partners: Vec<&str> = without.iter().map(String::as_str).collect();
    coupling::withdraw(coupling::station_table(), file.case.crew, &partners)
}

/// A number to four digits.
fn short(value: f64) -> String {
    if value == 0.0 || value.abs() >= 1000.0 {
        return format!("{value:.0}");
    }
    let digits = (3.0 - zarya_units::math::log10(value.abs()).floor()).clamp(0.0, 6.0) as usize;
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn date_after(from: Option<Date>, days: f64) -> Option<Date> {
    from.map(|from| Date::from_mjd(from.mjd() + days))
}

/// Returns the answer for programs.
pub(super) fn json(
    file: &CaseFile,
    lasts: &Endurance,
    before: Option<&Endurance>,
    without: &[String],
) -> Value {
    let case = &file.case;
    let mut stocks = Map::new();
    for entry in &lasts.entries {
        stocks.insert(entry.id.clone(), entry_json(file, entry, before));
    }
    let mut limits = Map::new();
    for limit in &case.limits {
        limits.insert(
            limit.of.id().to_owned(),
            json!({
                "low": limit.low,
                "high": limit.high,
                "unit": limit.of.unit(),
                "basis": limit.basis.word(),
                "source": limit.source,
            }),
        );
    }
    let mut rates = Map::new();
    for rate in &lasts.rates {
        rates.insert(
            rate.id.clone(),
            json!({
                "value": rate.value,
                "low": rate.low,
                "high": rate.high,
                "unit": rate.unit,
                "basis": rate.basis.word(),
                "source": rate.source,
            }),
        );
    }
    let table = zarya_systems::crew::table();
    let adjustments: Vec<Value> = table
        .adjustments
        .iter()
        .map(|row| json!({ "id": row.id, "published": row.published, "used": row.used }))
        .collect();
    let draw = &lasts.draw;
    let mut answer = json!({
        "command": "air endurance",
        "version": env!("CARGO_PKG_VERSION"),
        "crew": case.crew as u32,
        "volume_m3": case.volume_m3(),
        "from": file.from.map(|from| from.to_string()),
        "limiting": lasts.limiting,
        "stocks": stocks,
        "limits": limits,
        "rates": rates,
        "first_day": {
            "oxygen_kg_d": draw.oxygen_kg_d,
            "oxygen_lb_d": draw.oxygen_kg_d / KG_PER_LB,
            "oxygen_made_kg_d": draw.oxygen_made_kg_d,
            "pressure_unsupplied_mmhg_d": draw.pressure_unsupplied_mmhg_d,
            "carbon_dioxide_kg_d": draw.carbon_dioxide_kg_d,
            "water_kg_d": draw.water_kg_d,
            "water_recovered_kg_d": draw.water_recovered_kg_d,
            "food_kg_d": draw.food_kg_d,
            "leak_kg_d": draw.leak_kg_d,
            "power_kw": draw.power_kw,
            "heat_kw": draw.heat_kw,
        },
        "crew_table": {
            "published_in_kg_d": table.published_in,
            "published_out_kg_d": table.published_out,
            "published_gap": (table.published_out - table.published_in) / table.published_in,
            "metabolic_water_kg_d": table.day.metabolic_water(),
            "adjustments": adjustments,
        },
        "element_residual": lasts.element_residual,
        "horizon_days": HORIZON_DAYS,
        "samples": SAMPLES,
        "caveats": lasts.caveats,
    });
    let processors: Map<String, Value> = lasts
        .processors
        .iter()
        .map(|now| {
            let value = json!({
                "state": now.state.word(),
                "output_kg_d": now.output_kg_d,
                "power_kw": now.power_kw,
                "heat_kw": now.heat_kw,
            });
            (now.id.clone(), value)
        })
        .collect();
    answer["processors"] = Value::Object(processors);
    if let Some(shortage) = &lasts.shortage {
        answer["power_and_cooling"] = shortage_json(shortage);
    }
    if !without.is_empty() {
        let capabilities: Vec<Value> = losses(file, without)
            .into_iter()
            .map(|loss| {
                json!({
                    "id": loss.capability,
                    "need": loss.need,
                    "before": loss.before,
                    "after": loss.after,
                    "ended": loss.ended,
                    "holds": loss.holds,
                    "days_without_substitutes": loss.days_without_substitutes,
                    "days_with_substitutes": loss.days_with_substitutes,
                })
            })
            .collect();
        answer["without"] = json!({ "partners": without, "capabilities": capabilities });
    }
    answer
}

fn entry_json(file: &CaseFile, entry: &Entry, before: Option<&Endurance>) -> Value {
    let Band { p05, p50, p95 } = entry.days_to_limit;
    let band = |of: &dyn Fn(Option<f64>) -> Value| json!({ "p05": of(p05), "p50": of(p50), "p95": of(p95) });
    let mut value = json!({
        "days_to_limit": band(&|days| json!(days)),
        "days_at_median_rates": entry.days_at_median_rates,
        "limit": entry.limit,
        "first_in_share": entry.first,
    });
    if file.from.is_some() {
        value["date_of_limit"] = band(&|days| {
            json!(days.and_then(|days| date_after(file.from, days)).map(|date| date.to_string()))
        });
    }
    if let Some(kind) = StockKind::named(&entry.id) {
        value["amount"] = json!(file.case.amount(kind));
        value["unit"] = json!(if kind.counted() { "pieces" } else { "kg" });
        // The reserve rule of 2004: days until less than 45 or 30 days are left, arrivals counted.
        let until = |rule: &str| {
            let reserve = row(parameters::air(), rule);
            json!({
                "days": p50.map(|days| (days - reserve.value).max(0.0)),
                "reserve_days": reserve.value,
                "basis": reserve.basis.word(),
                "source": source_of(reserve),
            })
        };
        value["reserve"] =
            json!({ "prepare": until("reserve-prepare"), "abandon": until("reserve-abandon") });
    }
    let was = before.and_then(|before| before.entries.iter().find(|was| was.id == entry.id));
    if let Some(was) = was {
        value["days_with_all_partners"] = json!(was.days_to_limit.p50);
    }
    value
}

fn source_of(parameter: &Parameter) -> &str {
    &parameter.source
}
