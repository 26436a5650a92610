//! How long a case lasts, for a terminal.

use super::{date_after, short};
use crate::columns;
use std::fmt::Write as _;
use zarya::air::endurance::{Answer, Days, Shortage, Stock, Without};

/// Returns the answer for people.
pub fn text(answer: &Answer) -> String {
    let mut out = String::new();
    let days = |id: &String| answer.stocks.get(id)?.days_to_limit.p50;
    match answer.limiting.as_ref().and_then(|id| Some((id, days(id)?))) {
        Some((id, days)) => {
            let date = date_after(answer.from, days);
            let on = date.map_or(String::new(), |date| format!(", {date}"));
            let _ = writeln!(out, "`{id}` is first, after {days:.1} days{on}");
        }
        _ => {
            let _ = writeln!(out, "nothing runs out within {} days", answer.horizon_days.round());
        }
    }
    if let Some(without) = &answer.without {
        let _ = writeln!(out, "without: {}", without.partners.join(", "));
    }
    entries_text(&mut out, answer);
    let draw = &answer.first_day;
    let _ = writeln!(
        out,
        "\nfirst day: oxygen {:.3} kg/d ({:.2} lb/d), made {:.3}; carbon dioxide {:.3};\n  \
         water {:.3}, recovered {:.3}; food {:.3}; leak {:.3} kg/d;\n  pressure {:.2} mmHg/d if \
         nothing were supplied; power {:.2} kW",
        draw.oxygen_kg_d,
        draw.oxygen_lb_d,
        draw.oxygen_made_kg_d,
        draw.carbon_dioxide_kg_d,
        draw.water_kg_d,
        draw.water_recovered_kg_d,
        draw.food_kg_d,
        draw.leak_kg_d,
        draw.pressure_unsupplied_mmhg_d,
        draw.power_kw,
    );
    for (id, now) in answer.processors.iter().filter(|(_, now)| now.state != "off") {
        let _ = writeln!(
            out,
            "  {}: {}, {} kg/d, {} kW",
            id,
            now.state,
            short(now.output_kg_d),
            short(now.power_kw)
        );
    }
    if let Some(shortage) = &answer.power_and_cooling {
        shortage_text(&mut out, answer, shortage);
    }
    let _ = writeln!(out, "\nrates used:");
    for (id, rate) in answer.rates.iter() {
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
            id,
            short(rate.value),
            rate.unit,
            rate.basis,
            rate.source
        );
    }
    let _ = writeln!(out, "\nlimits:");
    for (id, limit) in answer.limits.iter() {
        let end = |word: &str, end: Option<f64>| {
            end.map_or(String::new(), |end| format!(" {word} {}", short(end)))
        };
        let _ = writeln!(
            out,
            "  {}:{}{} {} [{}] {}",
            id,
            end("low", limit.low),
            end("high", limit.high),
            limit.unit,
            limit.basis,
            limit.source
        );
    }
    if let Some(without) = &answer.without {
        couplings_text(&mut out, answer, without);
    }
    if !answer.caveats.is_empty() {
        let _ = writeln!(out, "\nassumed and left open:");
        for caveat in &answer.caveats {
            let _ = writeln!(out, "  {caveat}");
        }
    }
    let _ = writeln!(
        out,
        "\nelements close to {:.1e}; bands from {} points over the spreads above",
        answer.element_residual, answer.samples
    );
    columns::fitted(&out)
}

/// Days to each limit, then what is reached there.
fn entries_text(out: &mut String, answer: &Answer) {
    const NAMES: usize = 40;
    let names = answer.stocks.iter().map(|(id, _)| id).chain(["days to"]);
    let width = columns::width(names, 32, NAMES);
    let cell = |days: Option<f64>| days.map_or("-".to_owned(), |days| format!("{days:.1}"));
    let row = |out: &mut String, name: &str, cells: [&str; 3], whole: Option<&str>| {
        let [p05, p50, p95] = cells;
        let whole = whole.map_or(String::new(), |days| format!("{days:>13}"));
        let _ = writeln!(out, "{}{p05:>9}{p50:>9}{p95:>9}{whole}", columns::head(name, width));
    };
    out.push('\n');
    row(out, "days to", ["5 %", "50 %", "95 %"], answer.without.as_ref().map(|_| "50 % before"));
    // Entries of one limit are named together, in the order of the first.
    let mut reached: Vec<(&str, Vec<&str>)> = Vec::new();
    for (id, entry) in answer.stocks.iter() {
        let Days { p05, p50, p95 } = entry.days_to_limit;
        let was = entry.days_with_all_partners.map(cell);
        row(out, id, [&cell(p05), &cell(p50), &cell(p95)], was.as_deref());
        match reached.iter_mut().find(|(limit, _)| *limit == entry.limit) {
            Some((_, ids)) => ids.push(id),
            None => reached.push((&entry.limit, vec![id])),
        }
    }
    let _ = writeln!(out, "A dash means beyond {} days, ten years.", answer.horizon_days.round());
    let _ = writeln!(out, "\nwhat is then reached:");
    for (limit, ids) in reached {
        let _ = writeln!(out, "  {}: {limit}", ids.join(", "));
    }
}

fn shortage_text(out: &mut String, answer: &Answer, shortage: &Shortage) {
    let of =
        |kw: Option<f64>| kw.map_or_else(|| "enough".to_owned(), |kw| format!("{} kW", short(kw)));
    for (name, draw) in shortage.segments.iter() {
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
        let on = date_after(answer.from, derated.day);
        let on = on.map_or(String::new(), |date| format!(" ({date})"));
        let _ = writeln!(
            out,
            "  {} is held to {} kg/d by {} from day {:.1}{on}",
            derated.id,
            short(derated.most_kg_d),
            derated.cause,
            derated.day
        );
    }
}

fn couplings_text(out: &mut String, answer: &Answer, without: &Without) {
    let all =
        |(_, stock): (&str, &Stock)| stock.days_with_all_partners == Some(stock.days_to_limit.p50);
    if answer.stocks.iter().all(all) {
        let who = without.partners.join(" and ");
        let _ = writeln!(out, "\nno number of days changes without {who}");
    }
    let _ = writeln!(
        out,
        "\nthe whole station's capabilities with a crew of {} (table of providers, design values):",
        answer.crew
    );
    let _ = writeln!(
        out,
        "  {:<26}{:>8}{:>8}{:>8}{:>13}{:>13}",
        "capability", "need", "before", "after", "days without", "days with"
    );
    for loss in &without.capabilities {
        if loss.ended.is_empty() && loss.holds {
            continue;
        }
        let cell = |days: Option<f64>| days.map_or("holds".to_owned(), |days| format!("{days:.1}"));
        let _ = writeln!(
            out,
            "  {}{:>8}{:>8}{:>8}{:>13}{:>13}",
            columns::head(&loss.id, 26),
            short(loss.need),
            short(loss.before),
            short(loss.after),
            cell(loss.days_without_substitutes),
            cell(loss.days_with_substitutes)
        );
    }
    let _ = writeln!(out, "  (days without and with substitutes that others could bring in)");
}
