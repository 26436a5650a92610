//! Caveats: the assumed and disputed values that an answer rests on, heaviest first.

use crate::assessment::{
    BreakEvenValue, Caveat, Ending, Estimate, OwnerNote, OwnerShare, Provenance, RuptureValue,
    SourceUse, Split,
};
use crate::ensemble::{Ensemble, Tier};
use crate::verdict::{self, InputCorrelation};
use std::collections::{BTreeMap, BTreeSet};
use zarya_simulation::Drawn;
use zarya_station::Station;
use zarya_station::model::{Basis, Fact, Owner};

/// Paths, and things touched, that are listed with a caveat.
const PATHS_MAX: usize = 5;
/// Reasons listed with a caveat.
const REASONS_MAX: usize = 3;

/// What the weights of caveats are taken from.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The base ensemble.
    pub ensemble: &'a Ensemble<'a>,
    /// Break-evens.
    pub break_even: &'a [BreakEvenValue],
    /// Ruptures that nobody has a rate of.
    pub ruptures: &'a [RuptureValue],
    /// The headline by owner.
    pub split: &'a Split,
    /// What the owners rest on.
    pub owners: &'a [OwnerNote],
    /// Rank correlations of what worlds draw, strongest first; those of chance left out.
    pub correlations: &'a [InputCorrelation],
    /// The headline.
    pub probability: &'a Estimate,
    /// Effective worlds.
    pub effective_worlds: f64,
    /// What ends before the claim does.
    pub endings: &'a [Ending],
    /// Whether all histories were run.
    pub complete: bool,
    /// Whether worlds were weighted by the record.
    pub weighted: bool,
}

/// Values of the files that share basis, kind and field.
struct Group<'a> {
    basis: Basis,
    kind: &'a str,
    field: String,
    facts: Vec<(&'a str, &'a Fact)>,
}

/// Returns the caveats in order of weight.
///
/// # Model
///
/// Assumed and disputed values are grouped by kind and field (`oru.*.mtbf`). The weight of a group
/// is a probability: how far the headline moves over the own band of the value in the break-even
/// that the group feeds, as the break-even's scale says (over the range tried where the files give no band; the largest one), or the width of the headline's band times its rank correlation
/// with a value of the group, if that is more; plus the share of histories whose headline was first
/// broken by something that the group describes. Dates of the ledger touch no probability and weigh nothing.
/// What the run leaves open (owners passed through, ruptures without a rate, copies taken as independent, too few
/// worlds) stands beside them as `model`. A rupture weighs what it moves the headline by at the rate tried.
pub fn caveats(station: &Station, answer: &Answer<'_>) -> Vec<Caveat> {
    let roots = roots(answer.ensemble);
    let break_evens: Vec<(&BreakEvenValue, BTreeSet<String>)> = answer
        .break_even
        .iter()
        .map(|value| {
            (value, value.scale.moves(station).into_iter().map(|moved| moved.path).collect())
        })
        .collect();
    let mut found: Vec<Caveat> = groups(station)
        .iter()
        .map(|group| caveat_of(group, answer, &break_evens, &roots))
        .chain(model_caveats(answer))
        .chain(ruptures(answer))
        .chain(independent_copies(station, &roots))
        .collect();
    found.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then(b.values.cmp(&a.values))
            .then_with(|| a.text.cmp(&b.text))
    });
    // What the claim outlasts stands before all: the rest is about the span before.
    let endings = answer.endings.iter().map(|ending| model(format!("{}.", ending.text), 1.0));
    endings.chain(found).collect()
}

/// Share of histories whose headline was first broken by each id.
fn roots(ensemble: &Ensemble<'_>) -> BTreeMap<String, f64> {
    let mut shares = BTreeMap::new();
    for (outcome, share) in ensemble.outcomes.iter().zip(ensemble.shares()) {
        let root = Tier::Crewed.breach(outcome).map(|b| usize::from(b.cause.root));
        if let Some(label) = root.and_then(|root| ensemble.labels.causes.get(root)) {
            *shares.entry(label.id.clone()).or_insert(0.0) += share;
        }
    }
    shares
}

fn groups(station: &Station) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<(Basis, &str, String), Group<'_>> = BTreeMap::new();
    for (path, fact) in &station.facts {
        let Some(basis @ (Basis::Assumed | Basis::Disputed)) = fact.basis else { continue };
        let (kind, field) = kind_and_field(path);
        let key = (basis, kind, field.clone());
        let group = groups.entry(key).or_insert(Group { basis, kind, field, facts: Vec::new() });
        group.facts.push((path, fact));
    }
    groups.into_values().collect()
}

/// `oru.pump.repair.crew` is of the kind `oru` and the field `repair.crew`; `worlds.reset_share`
/// has no id between. Numbers of list places are left out.
fn kind_and_field(path: &str) -> (&str, String) {
    let (kind, rest) = path.split_once('.').unwrap_or((path, ""));
    let single = matches!(kind, "worlds" | "orbit" | "station" | "crew" | "claim");
    let field = if single { rest } else { rest.split_once('.').map_or("", |(_, field)| field) };
    let named: Vec<&str> =
        field.split('.').filter(|part| !part.bytes().all(|b| b.is_ascii_digit())).collect();
    (kind, named.join("."))
}

fn id_of(path: &str) -> &str {
    path.split('.').nth(1).unwrap_or("")
}

fn caveat_of(
    group: &Group<'_>,
    answer: &Answer<'_>,
    break_evens: &[(&BreakEvenValue, BTreeSet<String>)],
    roots: &BTreeMap<String, f64>,
) -> Caveat {
    let ids: BTreeSet<&str> = group.facts.iter().map(|(path, _)| id_of(path)).collect();
    let on_paper = matches!(group.kind, "partner" | "milestone" | "observation" | "claim")
        || group.field.starts_with("certificate");
    let mut touches = Vec::new();
    let mut moved: f64 = 0.0;
    for (value, moves) in break_evens {
        if group.facts.iter().any(|(path, _)| feeds(moves, path)) {
            let own = value.at_own_low.zip(value.at_own_high);
            let (low, high) = own.unwrap_or((value.at_low, value.at_high));
            moved = moved.max((high - low).abs());
            touches.push(format!("break-even `{}`", value.id));
        }
    }
    let width = answer.probability.high - answer.probability.low;
    for input in answer.correlations {
        if group.facts.iter().any(|(path, _)| rests_on(&input.input, path)) {
            moved = moved.max(input.correlation.abs() * width);
            if touches.len() < PATHS_MAX {
                let drawn = &input.input;
                touches.push(format!("rank correlation {:+.2} ({drawn})", input.correlation));
            }
        }
    }
    let mut lost = 0.0;
    for id in &ids {
        if let Some(share) = roots.get(*id).filter(|share| **share > 0.0) {
            lost += share;
            if touches.len() < PATHS_MAX {
                touches.push(format!("first cause `{id}`"));
            }
        }
    }
    let mut why: Vec<String> = Vec::new();
    for reason in group.facts.iter().filter_map(|(_, fact)| fact.why.as_ref()) {
        if !why.contains(reason) && why.len() < REASONS_MAX {
            why.push(reason.clone());
        }
    }
    let word = crate::ledger::basis_name(group.basis);
    let text = if let [(path, fact)] = group.facts[..] {
        let others: Vec<&str> = fact.alternatives.iter().map(|(value, _)| value.as_str()).collect();
        let others = if others.is_empty() {
            String::new()
        } else {
            format!(" (also given: {})", others.join(", "))
        };
        format!("`{path}` = {} is {word}{others}", fact.text)
    } else {
        let files: BTreeSet<&str> = group
            .facts
            .iter()
            .filter_map(|(_, fact)| fact.chain.first().map(|place| place.file.as_str()))
            .collect();
        let n_files = files.len();
        let place = match files.first() {
            Some(file) if n_files == 1 => format!(" in {file}"),
            Some(_) => format!(" in {n_files} files"),
            None => String::new(),
        };
        let field = if group.field.is_empty() { "value" } else { &group.field };
        format!("{} values of `{}.*.{field}`{place} are {word}", group.facts.len(), group.kind)
    };
    Caveat {
        text,
        basis: word.to_owned(),
        weight: if on_paper { 0.0 } else { moved + lost },
        values: group.facts.len() as u32,
        paths: group.facts.iter().take(PATHS_MAX).map(|(path, _)| (*path).to_owned()).collect(),
        why,
        touches,
    }
}

/// Whether something that worlds draw rests on the value at `path`: is it, or is drawn with it as
/// its error factor.
fn rests_on(drawn: &Drawn, path: &str) -> bool {
    match drawn {
        Drawn::Value(own) => path == own,
        Drawn::Rates => path == "worlds.programme_error_factor",
        Drawn::RatesOfSegment(_) => path == "worlds.segment_error_factor",
        Drawn::RatesOfSubsystem(_) => path == "worlds.subsystem_error_factor",
        Drawn::Repairs => path == "worlds.repair_error_factor",
        Drawn::RateOf(_) => kind_and_field(path).1 == "error_factor",
        Drawn::Together { class, size, .. } => *path == format!("common_cause.{class}.of_{size}"),
    }
}

/// Whether a value, or something it lies in, is among the paths that a break-even has to do with.
fn feeds(moved: &BTreeSet<String>, path: &str) -> bool {
    let mut path = path;
    loop {
        if moved.contains(path) {
            return true;
        }
        match path.rsplit_once('.') {
            Some((above, _)) => path = above,
            None => return false,
        }
    }
}

/// A caveat of the model and not of a value.
fn model(text: String, weight: f64) -> Caveat {
    Caveat {
        text,
        basis: "model".to_owned(),
        weight,
        values: 0,
        paths: Vec::new(),
        why: Vec::new(),
        touches: Vec::new(),
    }
}

/// Ruptures stand beside the answer and in no part of it.
fn ruptures<'a>(answer: &'a Answer<'_>) -> impl Iterator<Item = Caveat> + 'a {
    answer.ruptures.iter().map(|r| Caveat {
        touches: vec![format!("rupture `{}`", r.element)],
        ..model(
            format!(
                "{} may rupture, at a rate that nobody has: no rupture is in the answer",
                r.name
            ),
            (r.upper - r.lower).abs(),
        )
    })
}

/// Types whose copies have no common cause stated weigh what they ended first.
fn independent_copies(station: &Station, roots: &BTreeMap<String, f64>) -> Option<Caveat> {
    let alone: Vec<&str> = station
        .orus
        .iter()
        .filter(|oru| oru.installed > 1 && oru.together.is_none() && oru.beta.high == 0.0)
        .map(|oru| oru.id.as_str())
        .collect();
    let n = alone.len();
    (n > 0).then(|| Caveat {
        paths: alone.iter().take(PATHS_MAX).map(|id| format!("oru.{id}")).collect(),
        ..model(
            format!("copies of {n} types fail independently: no common cause is stated for them"),
            alone.iter().filter_map(|id| roots.get(*id)).sum(),
        )
    })
}

fn model_caveats(answer: &Answer<'_>) -> Vec<Caveat> {
    let split = answer.split;
    let passed_through = Owner::every("").into_iter().filter_map(|owner| {
        let why = not_modeled(owner)?;
        let share = split.of(owner);
        Some((owner, share, why)).filter(|_| share.incidence > 0.0)
    });
    let caveat = |(owner, share, why): (Owner, OwnerShare, &str)| {
        let note = answer.owners.iter().find(|note| note.owner == owner);
        let rests_on = note.map_or("not computed here", |note| note.rests_on.as_str());
        let name = owner.label().subject;
        let percent = verdict::two_digits(100.0 * share.incidence);
        let text =
            format!("{name}: {rests_on} ({why}); {percent} % of histories end by them first");
        model(text, share.incidence)
    };
    let mut found: Vec<Caveat> = passed_through.map(caveat).collect();
    if verdict::too_few(answer.effective_worlds) {
        let text = format!(
            "only {:.0} effective worlds carry the weight: the band is not to be trusted",
            answer.effective_worlds
        );
        found.push(model(text, 1.0));
    }
    if !answer.complete {
        let text = "the run was stopped early: this is the answer of the worlds that were done";
        found.push(model(text.to_owned(), 1.0));
    }
    if !answer.weighted {
        let text = "worlds are not weighted by the record: all count the same";
        found.push(model(text.to_owned(), 0.5));
    }
    found
}

/// What is missing here of an owner whose number is passed through.
fn not_modeled(owner: Owner) -> Option<&'static str> {
    match owner {
        Owner::Debris => Some("no flux is imported"),
        Owner::CrewTransport => Some("no vehicle is modeled inside"),
        Owner::Medical => Some("no crew health is modeled"),
        Owner::FireToxicCollision => Some("no source is modeled"),
        Owner::Systems | Owner::CrewRotation => None,
    }
}

/// Returns how many values rest on what.
pub fn provenance(station: &Station) -> Provenance {
    let mut bases: BTreeMap<Basis, u32> = BTreeMap::new();
    let mut uses: BTreeMap<&str, u32> = BTreeMap::new();
    for fact in station.facts.values() {
        if let Some(basis) = fact.basis {
            *bases.entry(basis).or_insert(0) += 1;
        }
        let others = fact.alternatives.iter().map(|(_, source)| source.as_str());
        for source in fact.source.as_deref().into_iter().chain(others) {
            *uses.entry(source).or_insert(0) += 1;
        }
    }
    let mut sources: Vec<SourceUse> = uses
        .into_iter()
        .filter_map(|(key, values)| {
            let source = station.sources.get(key)?;
            Some(SourceUse {
                key: key.to_owned(),
                title: source.title.clone(),
                known_from: source.known_from,
                values,
            })
        })
        .collect();
    sources.sort_by(|a, b| b.values.cmp(&a.values).then(a.key.cmp(&b.key)));
    let count = |basis| bases.get(&basis).copied().unwrap_or(0);
    Provenance {
        published: count(Basis::Published),
        derived: count(Basis::Derived),
        claimed: count(Basis::Claimed),
        assumed: count(Basis::Assumed),
        disputed: count(Basis::Disputed),
        sources,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ensemble::CauseLabel;
    use crate::small_station::{oru, small_station};
    use crate::synthetic::{labels, outcome};
    use zarya_station::model::{Place, Scale};

    fn fact(basis: Basis, file: &str) -> Fact {
        Fact {
            text: "3".into(),
            basis: Some(basis),
            source: Some("letter".into()),
            why: Some("no spread published".into()),
            alternatives: Vec::new(),
            rests_on: Vec::new(),
            chain: vec![Place { file: file.into(), line: 3, column: 1 }],
        }
    }

    fn tried(scale: Scale, at_low: f64, at_high: f64) -> BreakEvenValue {
        BreakEvenValue {
            id: scale.to_string(),
            what: scale.to_string(),
            scale,
            factor: None,
            factor_error: None,
            low: 0.5,
            high: 2.0,
            at_low,
            at_high,
            own_low: None,
            own_high: None,
            at_own_low: None,
            at_own_high: None,
            outside_own: false,
            nearly: false,
            station: None,
            at_factor: None,
            standard_error: 0.0,
            bound: None,
            histories: 100,
        }
    }

    #[test]
    fn heaviest_assumption_comes_first() {
        let mut station = small_station();
        station.orus = vec![oru("pump"), oru("fan"), oru("valve")];
        station.orus[0].installed = 2;
        station.orus[1].installed = 2;
        station.orus[1].beta.high = 0.1;
        for (path, basis, file) in [
            ("oru.pump.mtbf", Basis::Assumed, "orus/pumps.toml"),
            ("oru.fan.mtbf", Basis::Assumed, "orus/air.toml"),
            ("oru.fan.mass", Basis::Published, "orus/air.toml"),
            ("worlds.stocking_confidence", Basis::Assumed, "station.toml"),
            ("hazard.fire.outcomes.0.share", Basis::Assumed, "hazards.toml"),
            ("hazard.fire.outcomes.1.share", Basis::Assumed, "hazards.toml"),
            ("element.core.certificate.group.through", Basis::Disputed, "elements.toml"),
        ] {
            station.facts.insert(path.into(), fact(basis, file));
        }
        let mut labels = labels();
        labels.causes = vec![CauseLabel {
            id: "fire".into(),
            text: "fire".into(),
            owner: Owner::FireToxicCollision,
        }];
        let day = labels.as_of.mjd() + 9.0;
        let outcomes: Vec<_> = (0..20).map(|h| outcome(h, (h == 0).then_some((day, 0)))).collect();
        let ensemble = Ensemble { labels: &labels, outcomes: &outcomes, weights: &[1.0] };
        let split = crate::split::split(&ensemble, Tier::Crewed);
        let break_even = [tried(Scale::FailureRates, 0.99, 0.8), tried(Scale::Stocking, 0.9, 0.93)];
        let answer = Answer {
            ensemble: &ensemble,
            break_even: &break_even,
            split: &split,
            owners: &[],
            correlations: &[InputCorrelation {
                input: Drawn::Value("worlds.stocking_confidence".into()),
                correlation: 0.5,
                standard_error: 0.05,
            }],
            endings: &[],
            ruptures: &[RuptureValue {
                element: "core".into(),
                name: "Core".into(),
                upper: 0.9,
                lower: 0.7,
                standard_error: 0.01,
                tried_per_y: 0.1,
                at_threshold_per_y: None,
                at_drop_per_y: None,
                histories: 100,
            }],
            probability: &Estimate {
                mean: 0.9,
                low: 0.8,
                high: 0.98,
                standard_error: 0.01,
                ..Estimate::default()
            },
            effective_worlds: 500.0,
            complete: true,
            weighted: true,
        };
        let found = caveats(&station, &answer);
        assert!(found[0].text.starts_with("Core may rupture"), "{:?}", found[0]);
        assert!((found[0].weight - 0.2).abs() < 1e-12);
        assert_eq!(found[0].touches, ["rupture `core`"]);
        let alone = found.iter().find(|c| c.text.contains("independently")).unwrap();
        assert_eq!((alone.paths.as_slice(), alone.weight), (&["oru.pump".to_owned()][..], 0.0));
        let found = &found[1..];
        assert_eq!(found[0].text, "2 values of `oru.*.mtbf` in 2 files are assumed");
        assert!((found[0].weight - 0.19).abs() < 1e-12);
        assert!((found[1].weight - 0.09).abs() < 1e-12, "{:?}", found[1]);
        assert!(found[1].text.starts_with("`worlds.stocking_confidence` = 3 is assumed"));
        let fire = found.iter().find(|c| c.text.contains("hazard.*.outcomes.share")).unwrap();
        assert!((fire.weight - 0.05).abs() < 1e-12 && fire.values == 2);
        assert_eq!(fire.touches, ["first cause `fire`"]);
        let passed = found.iter().find(|c| c.basis == "model" && c.weight > 0.0).unwrap();
        assert!(passed.text.starts_with("fire, toxic release and collision"));
        let paper = found.iter().find(|c| c.basis == "disputed").unwrap();
        assert_eq!(paper.weight, 0.0);
        assert!(found.iter().all(|c| !c.text.contains("mass")));
        let provenance = provenance(&station);
        assert_eq!((provenance.assumed, provenance.published, provenance.disputed), (5, 1, 1));
        assert_eq!(
            (provenance.sources[0].key.as_str(), provenance.sources[0].values),
            ("letter", 7)
        );
    }
}
