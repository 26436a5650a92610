//! The answer on one screen of 80 columns and 40 lines: verdict first, then what decides it.
//!
//! Plain text without color; bars are `#`. Probabilities carry two digits at most.

use crate::command::folded;
use std::fmt::Write as _;
use zarya::assessment::{
    Assessment, Band, Caveat, ConditionValue, Consistency, Estimate, InformationValue, Owner,
    RecordRow, RuptureValue, Sufficiency, Verdict,
};
use zarya::verdict::two_digits;

/// Columns of the screen.
pub(crate) const WIDTH: usize = crate::columns::COLUMNS;
/// Lines of the screen.
const HEIGHT: usize = 40;
/// Columns of the longest bar.
const BAR: usize = 20;
/// Conditions shown.
const CONDITIONS_MAX: usize = 5;
/// Conditions shown where other lines need the room.
const CONDITIONS_MIN: usize = 3;
/// Caveats shown.
const CAVEATS_MAX: usize = 2;

/// Returns the answer as text; `command` is what to type to repeat it.
pub fn answer(a: &Assessment, command: &str) -> String {
    let mut out = String::new();
    line(&mut out, &headline(a));
    paragraph(&mut out, &a.decides, "", 3);
    if !a.run.complete {
        let note =
            format!("Stopped early: the answer of {} histories.", thousands(a.run.histories));
        line(&mut out, &note);
    }
    line(&mut out, "");
    let only = if a.run.only_systems { ", systems alone" } else { "" };
    let asked = format!(
        "{}, as of {}: crewed through {} with {:.2} or more{only}?",
        a.station.name, a.station.as_of, a.claim.through, a.claim.threshold
    );
    paragraph(&mut out, &asked, "", 2);
    line(&mut out, "");
    tiers_and_split(&mut out, a);
    if let Some(text) = bands(a) {
        paragraph(&mut out, &text, "       ", 2);
    }
    paragraph(&mut out, &ends(a), "      ", 2);
    conditions(&mut out, a);
    paragraph(&mut out, &spares(&a.sufficiency), "        ", 2);
    let ledger = &a.ledger;
    let first = ledger.first_break.as_ref().map_or_else(
        || "Ledger: nothing in force lapses before the claim's last day".to_owned(),
        |b| format!("Ledger: first break {}, {}: {}", b.date, b.of, b.what),
    );
    paragraph(&mut out, &first, "        ", 2);
    let more = format!(
        "        {} before the last day, {} on it (no margin), {} conflicts, {} warnings",
        ledger.breaks.len(),
        ledger.no_margin.len(),
        ledger.conflicts.len(),
        ledger.warnings.len()
    );
    line(&mut out, &more);
    paragraph(&mut out, &record(&a.record), "        ", 2);
    if let Some(text) = past(&a.consistency) {
        paragraph(&mut out, &text, "        ", 1);
    }
    if let Some(text) = worth_knowing(a) {
        line(&mut out, &cut(&text, WIDTH));
    }
    if let Some(text) = break_even(a) {
        paragraph(&mut out, &text, "  ", 2);
    }
    for rupture in &a.ruptures {
        paragraph(&mut out, &rupture_line(rupture, a.claim.threshold), "  ", 2);
    }
    if !a.caveats.is_empty() {
        let _ = writeln!(out, "Caveats, heaviest of {}:", a.caveats.len());
        // A line of its own above says what ruptures do.
        let said = |caveat: &&Caveat| caveat.touches.iter().any(|t| t.starts_with("rupture `"));
        // Three lines stand below them, or four where the command is long.
        let room = HEIGHT.saturating_sub(out.lines().count() + 4);
        let shown = room.clamp(1, CAVEATS_MAX);
        for caveat in a.caveats.iter().filter(|c| !said(c)).take(shown) {
            let touched = match caveat.touches.first() {
                Some(first) => format!(": {first}"),
                None => String::new(),
            };
            line(&mut out, &cut(&format!("  {}{touched}", caveat.text), WIDTH));
        }
    }
    let run = format!(
        "{} histories in {} worlds ({:.0} effective), seed {}, zarya {}",
        thousands(a.run.histories),
        a.run.worlds,
        a.effective_worlds,
        a.run.seed,
        a.run.version
    );
    line(&mut out, &cut(&run, WIDTH));
    let _ = writeln!(out, "Digest {}", a.digest);
    // Whole, however long: what is cut could not be repeated, or would ask something else.
    let _ = writeln!(out, "{}", folded("Repeat: ", command, WIDTH));
    out
}

fn headline(a: &Assessment) -> String {
    let word = match a.verdict {
        Verdict::Supported => "Supported",
        Verdict::NotSupported => "Not supported",
        Verdict::Undetermined => "Undetermined on the public record",
    };
    let history =
        a.yardstick.as_ref().map_or(String::new(), |y| format!("; history alone {}", two(y.mean)));
    format!("{word}: {} ({}){history}", two(a.probability.mean), band(&a.probability))
}

fn tiers_and_split(out: &mut String, a: &Assessment) {
    let tiers =
        [("survives", &a.tiers.survives), ("crewed", &a.tiers.crewed), ("full", &a.tiers.full)];
    let row = |name: &str, holds: f64, beside: &str| {
        format!("{name:<10} {:>6}  {beside:<12}", two(holds))
    };
    let own = a.station.own.map_or(String::new(), |own| {
        row("own causes", own.mean, &ends_of(own.band, own.low, own.high))
    });
    let perfect =
        a.power.map_or(String::new(), |power| row("perfect", power.all_risks, "all risks"));
    let left = [format!("{:<10} {:>6}  {:<12}", "tier", "holds", "5-95 %")]
        .into_iter()
        .chain(tiers.map(|(n, e)| row(n, e.mean, &band(e))))
        .chain([own, perfect, String::new()]);
    let right = [format!("{:<22} {:>6} {:>12}", "crewed, by owner", "keeps", "ended first")]
        .into_iter()
        .chain(owners().into_iter().map(|owner| {
            let (name, share) = (owner.label().column, a.split.of(owner));
            if a.owners.iter().any(|note| note.owner == owner && note.left_out) {
                return format!("{name:<22} {:>8}", "left out");
            }
            let ended = two_digits(100.0 * share.incidence);
            format!("{name:<22} {:>6} {ended:>11} %", two(share.mean))
        }));
    for (left, right) in left.zip(right) {
        line(out, &format!("{left:<34}  {right}"));
    }
}

/// All owners, what is computed first.
fn owners() -> Vec<Owner> {
    let mut owners = Owner::every("");
    owners.sort_by_key(|owner| !owner.is_computed());
    owners
}

fn ends(a: &Assessment) -> String {
    let e = &a.end_states;
    format!(
        "Ends: nominal {}, reduced {}, no lifeboat {}, de-crewed {}, station lost {}, crew lost {}",
        two(e.nominal),
        two(e.reduced),
        two(e.loss_of_escape_vehicle),
        two(e.de_crewed),
        two(e.loss_of_station),
        two(e.loss_of_crew)
    )
}

fn conditions(out: &mut String, a: &Assessment) {
    if a.conditions.is_empty() {
        return;
    }
    line(out, "");
    // What is said of a rupture, or of an early stop, takes their place.
    let elsewhere = usize::from(!a.run.complete) + 2 * a.ruptures.len();
    let most = CONDITIONS_MAX.saturating_sub(elsewhere).max(CONDITIONS_MIN);
    let shown = a.conditions.len().min(most);
    let head = format!(
        "What carries it: crewed without each condition ({} same histories; {shown} of {})",
        thousands(a.run.condition_histories),
        a.conditions.len()
    );
    line(out, &head);
    let largest = a.conditions.iter().map(|c| c.drop).fold(0.0, f64::max);
    for condition in a.conditions.iter().take(shown) {
        line(out, &condition_line(condition, largest));
    }
    let own: Vec<String> = a
        .claim
        .provided
        .iter()
        .filter_map(|id| a.conditions.iter().find(|c| c.id == *id))
        .map(|c| format!("{} {}", c.id, two(c.drop)))
        .collect();
    if !own.is_empty() {
        let text = format!("The claim's own conditions, drop: {}", own.join(", "));
        line(out, &cut(&text, WIDTH));
    }
}

fn condition_line(condition: &ConditionValue, largest: f64) -> String {
    let share = if largest > 0.0 { (condition.drop / largest).clamp(0.0, 1.0) } else { 0.0 };
    let bar = "#".repeat((share * BAR as f64).round() as usize);
    let error = format!("+-{}", two(condition.standard_error.max(0.005)));
    format!(
        "  {:<26} {:>5}  drop {:>5} {error:<7} {bar}",
        cut(&condition.id, 26),
        two(condition.without),
        two(condition.drop)
    )
}

/// One type without a spare decides the figure of the whole, so that of the others comes first.
fn spares(s: &Sufficiency) -> String {
    let days = |days: Option<f64>| days.map_or("3 y".to_owned(), |d| format!("{:.0} d", d.floor()));
    let held =
        |exact: f64, d: Option<f64>| format!("{} ({:.2} for {})", two(exact), s.target, days(d));
    let limit = s.limiting().map_or(String::new(), |t| format!(", limited by {}", t.id));
    let asked = format!("Spares aboard last {:.0} d without flights with probability", s.days);
    match s.without_worst.last() {
        Some(rest) => format!(
            "{asked} {} but for the {} worst types; all types {}{limit}",
            held(rest.exact, rest.days),
            s.without_worst.len(),
            two(s.station.exact)
        ),
        None => format!("{asked} {}{limit}", held(s.station.exact, s.station.days)),
    }
}

fn record(rows: &[RecordRow]) -> String {
    if rows.is_empty() {
        return "Record: nothing scored".to_owned();
    }
    let outside: Vec<&str> = rows.iter().filter(|r| !r.inside).map(|r| r.what.as_str()).collect();
    let inside = rows.len() - outside.len();
    let rest = if outside.is_empty() {
        String::new()
    } else {
        format!("; outside: {}", outside.join(", "))
    };
    let blind: Vec<&RecordRow> = rows.iter().filter(|r| r.validates).collect();
    let blind_inside = blind.iter().filter(|r| r.inside).count();
    format!(
        "Record: {blind_inside} of {} counts that can validate lie in their 5-95 % band; {inside} of {} \
         with those fitted, in view or prescribed{rest}",
        blind.len(),
        rows.len()
    )
}

/// How probable the recorded years were.
fn past(spans: &[Consistency]) -> Option<String> {
    let of = |span: &Consistency| {
        let in_view = if span.in_view.is_some() { " (in view)" } else { "" };
        let years = format!("{:.4}-{:.4}", span.from.to_string(), span.through.to_string());
        format!("{} in {years}{in_view}", two(span.probability))
    };
    let told: Vec<String> = spans.iter().map(of).collect();
    (!told.is_empty()).then(|| format!("Past: never left empty with {}", told.join(", ")))
}

/// The input that is best worth knowing, and how often knowing it would settle the headline.
fn worth_knowing(a: &Assessment) -> Option<String> {
    let of_line = || a.value_of_information.iter().filter(|v| v.line == "all_risks");
    if a.verdict != Verdict::Undetermined {
        return None;
    }
    let settles = |v: &&InformationValue| v.input != "everything" && v.chance_it_settles >= 0.01;
    let best = of_line().find(settles)?;
    Some(format!(
        "Worth asking: {}; it settles {} %, {} % to supported; who has it: {}",
        best.input,
        two_digits(100.0 * best.chance_it_settles),
        two_digits(100.0 * best.to_supported),
        best.who_has_it
    ))
}

fn break_even(a: &Assessment) -> Option<String> {
    if a.break_even.is_empty() {
        return None;
    }
    let found: Vec<String> = a
        .break_even
        .iter()
        .filter_map(|b| {
            let error = b.factor_error.map_or(String::new(), |e| format!("+-{}", two_digits(e)));
            let outside = if b.outside_own { "*" } else { "" };
            b.factor.map(|factor| format!("{} x{}{error}{outside}", b.id, two_digits(factor)))
        })
        .take(3)
        .collect();
    Some(if found.is_empty() {
        if !a.value_of_information.is_empty() {
            return None;
        }
        format!("Break-even: none of {} inputs in the range tried", a.break_even.len())
    } else {
        let outside = a.break_even.iter().any(|b| b.factor.is_some() && b.outside_own);
        let star = if outside { " (* outside its own band)" } else { "" };
        let nearly: Vec<&str> =
            a.break_even.iter().filter(|b| b.nearly).map(|b| b.id.as_str()).collect();
        let nearly = match &nearly[..] {
            [] => String::new(),
            ids => format!("; within its error: {}", ids.join(", ")),
        };
        format!("Break-even at {:.2}: {}{star}{nearly}", a.claim.threshold, found.join(", "))
    })
}

fn rupture_line(r: &RuptureValue, threshold: f64) -> String {
    let turn = |what: String, rate: Option<f64>| {
        rate.map(|per_y| format!("; {what} at {} a year", two_digits(per_y))).unwrap_or_default()
    };
    format!(
        "No rate on record, not in the answer: {} ruptures. {:.2} without, {:.2} at {} a year{}{}",
        r.name,
        r.upper,
        r.lower,
        two_digits(r.tried_per_y),
        turn(format!("{threshold:.2} is crossed"), r.at_threshold_per_y),
        turn("0.05 lower".to_owned(), r.at_drop_per_y),
    )
}

/// A paragraph of at most `lines_max` lines.
pub(crate) fn paragraph(out: &mut String, text: &str, indent: &str, lines_max: usize) {
    let mut lines = wrap(text, WIDTH - indent.len());
    if lines.len() > lines_max {
        lines.truncate(lines_max);
        if let Some(last) = lines.last_mut() {
            *last = cut(&format!("{last} ....."), WIDTH - indent.len()).replace(" .....", " ...");
        }
    }
    for (place, part) in lines.iter().enumerate() {
        let _ = writeln!(out, "{}{part}", if place == 0 { "" } else { indent });
    }
}

pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut current = String::new();
    for word in text.split_whitespace() {
        let needed = current.chars().count() + 1 + word.chars().count();
        if !current.is_empty() && needed > width {
            lines.push(std::mem::take(&mut current));
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(word);
    }
    if !current.is_empty() {
        lines.push(current);
    }
    lines
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(3)).collect();
    format!("{}...", kept.trim_end())
}

fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

/// A probability with two digits; what is not quite 0 or 1 does not read as such.
fn two(p: f64) -> String {
    if p > 0.995 && p < 1.0 {
        ">0.99".to_owned()
    } else if p > 0.0 && p < 0.005 {
        "<0.01".to_owned()
    } else {
        // No minus before a zero.
        format!("{:.2}", if p.abs() < 0.005 { 0.0 } else { p })
    }
}

fn band(estimate: &Estimate) -> String {
    ends_of(estimate.band, estimate.low, estimate.high)
}

fn ends_of(band: Band, low: f64, high: f64) -> String {
    match band {
        Band::TooFewWorlds => "no band".to_owned(),
        Band::Worlds | Band::Sampling => format!("{} to {}", two(low), two(high)),
    }
}

/// What the bands hold where they are not bands over worlds, and how well their ends are known.
fn bands(a: &Assessment) -> Option<String> {
    let p = &a.probability;
    if let (Band::TooFewWorlds, Some(note)) = (p.band, p.band_note()) {
        return Some(format!("Bands: {note} ({:.0} effective)", a.effective_worlds));
    }
    let tiers =
        [("survives", &a.tiers.survives), ("crewed", &a.tiers.crewed), ("full", &a.tiers.full)];
    let sampling: Vec<&str> =
        tiers.iter().filter(|(_, e)| e.band == Band::Sampling).map(|(name, _)| *name).collect();
    let ends = p.low_error.zip(p.high_error).map(|(low, high)| {
        let error = |e: f64| two(e.max(0.005));
        format!("ends of crewed known to +-{} and +-{}", error(low), error(high))
    });
    let asked = a.thresholds.as_ref().and_then(|t| t.supported_up_to.zip(t.not_supported_above));
    let asked = asked.map(|(low, high)| {
        format!("supported for who asks {} or less, not above {}", two(low), two(high))
    });
    let told = (!sampling.is_empty()).then(|| {
        format!("{}: sampling error alone, worlds not told apart from chance", sampling.join(", "))
    });
    let parts: Vec<String> = asked.into_iter().chain(ends).chain(told).collect();
    (!parts.is_empty()).then(|| format!("Bands: {}", parts.join("; ")))
}

fn thousands(n: u32) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
