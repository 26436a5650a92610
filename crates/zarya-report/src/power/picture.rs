//! The picture of power, heat and attitude: panels over the dates, as SVG.

use crate::axes::{COLORS, Panel, drawn};
use std::fmt::Write as _;
use zarya::power::{Answer, MIDDLE, Moment, Outlook};
use zarya::units::DAYS_PER_YEAR;

const WIDTH: f64 = 860.0;
const PANEL: f64 = 160.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 200.0;
const TOP: f64 = 46.0;
const GAP: f64 = 48.0;

struct Line {
    name: String,
    values: Vec<f64>,
    /// Lower and upper end of a band around it.
    band: Option<(Vec<f64>, Vec<f64>)>,
}

/// Returns the picture of a span.
pub fn svg(answer: &Answer) -> String {
    let outlook = &answer.outlook;
    let (span, plant) = (&outlook.span, &outlook.plant);
    let of = |end: usize, get: &dyn Fn(&Moment) -> f64| -> Vec<f64> {
        span.days[end].iter().map(get).collect()
    };
    let line = |name: &str, values: Vec<f64>| Line { name: name.to_owned(), values, band: None };
    let mut power = vec![Line {
        name: "capability".to_owned(),
        values: of(MIDDLE, &|m| m.capability_kw),
        band: Some((of(2, &|m| m.capability_kw), of(0, &|m| m.capability_kw))),
    }];
    power.push(line("with the longest shadow", of(MIDDLE, &|m| m.capability_least_kw)));
    if !plant.loads.is_empty() {
        power.push(line("asked", of(MIDDLE, &|m| m.asked_kw)));
        power.push(line("served", of(MIDDLE, &|m| m.power.served_kw - m.shed_by_cooling_kw)));
    }
    let channels = plant
        .channels
        .iter()
        .enumerate()
        .take(COLORS.len())
        .map(|(i, named)| line(&named.id, of(MIDDLE, &|m| m.channels_kw[i])))
        .collect();
    let mut heat = vec![line("heat", of(MIDDLE, &|m| m.heat_kw))];
    if outlook.cooling_stated {
        heat.push(line("loops can take", of(MIDDLE, &|m| m.cooling_kw)));
    }
    let mut panels: Vec<(&str, Vec<Line>)> = vec![
        ("power around the orbit, kW (band: slow to fast loss of the arrays)", power),
        ("by channel, kW", channels),
        (
            "angle of the Sun to the orbit plane, degrees",
            vec![line("beta", of(MIDDLE, &|m| m.light.beta_deg))],
        ),
        ("heat, kW", heat),
    ];
    if outlook.attitude_stated {
        let capacity = line("capacity", of(MIDDLE, &|m| m.momentum_capacity_nms));
        panels.push(("momentum the gyroscopes hold, Nms", vec![capacity]));
    }
    let height = TOP + panels.len() as f64 * (PANEL + GAP);
    let last = outlook.date(span.last());
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"title summary\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title id=\"title\">Power, heat and attitude from {0} through {last}</title>\n\
         <desc id=\"summary\">Panels over the same dates: power that the channels carry with the \
         band of their degradation, what loads ask and get; each channel; the beta angle; heat and \
         what the loops can take; momentum that the gyroscopes hold.</desc>\n\
         <style>\n\
         .ground {{ fill: #ffffff }} text {{ fill: #222222 }} .axis {{ stroke: #888888 }} \
         .grid {{ stroke: #dddddd }} .fail {{ stroke: #cc3311; stroke-dasharray: 3 4 }}\n\
         @media (prefers-color-scheme: dark) {{ .ground {{ fill: #16181c }} \
         text {{ fill: #dddddd }} .grid {{ stroke: #33363c }} }}\n\
         </style>\n\
         <rect class=\"ground\" width=\"{WIDTH}\" height=\"{height}\"/>\n\
         <text x=\"{LEFT}\" y=\"20\" font-size=\"15\">Power, heat and attitude, {0} through \
         {last}</text>\n",
        outlook.from
    );
    for (index, (title, lines)) in panels.iter().enumerate() {
        panel(&mut out, outlook, title, lines, TOP + index as f64 * (PANEL + GAP));
    }
    out.push_str("</svg>\n");
    out
}

fn panel(out: &mut String, outlook: &Outlook, title: &str, lines: &[Line], top: f64) {
    let (span, plant) = (&outlook.span, &outlook.plant);
    let days = (span.middle().len() - 1).max(1) as f64;
    let ends = || {
        lines.iter().flat_map(|line| {
            let band = line.band.iter().flat_map(|(low, high)| low.iter().chain(high));
            line.values.iter().chain(band).copied()
        })
    };
    let high = ends().fold(0.0, f64::max);
    let low = ends().fold(0.0, f64::min);
    let panel = Panel::covering((LEFT, WIDTH - RIGHT), (top, top + PANEL), low, high);
    let _ = writeln!(out, "<text x=\"{LEFT}\" y=\"{}\">{title}</text>", top - 7.0);
    panel.grid(out);
    dates(out, outlook, &panel, days);
    for failure in &plant.failures {
        if failure.day <= days {
            let _ = writeln!(
                out,
                "<line class=\"fail\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{top}\" y2=\"{2}\">\
                 <title>failure on {1}</title></line>",
                panel.x(failure.day / days),
                outlook.date(failure.day as usize),
                top + PANEL
            );
        }
    }
    panel.frame(out);
    let points = |values: &[f64]| -> Vec<(f64, f64)> {
        let kept = values.iter().enumerate().filter(|(day, _)| drawn(*day, values.len()));
        kept.map(|(day, value)| (panel.x(day as f64 / days), panel.y(*value))).collect()
    };
    for (index, line) in lines.iter().enumerate() {
        if let Some((low, high)) = &line.band {
            let mut ring = points(high);
            ring.extend(points(low).into_iter().rev());
            let _ = writeln!(
                out,
                "<path fill=\"{}\" fill-opacity=\"0.2\" d=\"{}Z\"/>",
                COLORS[index % COLORS.len()],
                path(&ring)
            );
        }
        panel.curve(out, index, &line.name, 1.6, &path(&points(&line.values)));
    }
}

/// Ticks at the starts of years, or of months where the span is short.
fn dates(out: &mut String, outlook: &Outlook, panel: &Panel, days: f64) {
    let by_month = days < 2.0 * DAYS_PER_YEAR;
    let every_years = (days / DAYS_PER_YEAR / 12.0).ceil().max(1.0) as i32;
    let mut shown = f64::NEG_INFINITY;
    for day in 0..=days as usize {
        let (text, x) = (outlook.date(day).to_string(), panel.x(day as f64 / days));
        let (year, rest) = text.split_once('-').unwrap_or((&text, ""));
        let starts = if by_month { rest.ends_with("-01") } else { rest == "01-01" };
        let year_number: i32 = year.parse().unwrap_or(0);
        if !starts || (!by_month && year_number % every_years != 0) || x - shown < 46.0 {
            continue;
        }
        shown = x;
        panel.tick(out, x, if by_month { text.get(..7).unwrap_or(&text) } else { year });
    }
}

fn path(points: &[(f64, f64)]) -> String {
    let mut out = String::new();
    for (x, y) in points {
        let letter = if out.is_empty() { 'M' } else { 'L' };
        let _ = write!(out, "{letter}{x:.1} {y:.1}");
    }
    out
}
