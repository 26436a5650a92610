//! Every word of every closed set, from the files to the count and to the documentation.
//!
//! `ZARYA_BLESS=1` rewrites the tables of the documentation.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use zarya::stations;
use zarya_assessment::assessment::Split;
use zarya_assessment::ensemble::{Ensemble, Labels};
use zarya_assessment::record::{self, Replay};
use zarya_assessment::{own_band, summary};
use zarya_simulation::outcome::{Counts, Outcome};
use zarya_simulation::{Control, Plan, Variant, ensemble};
use zarya_station::Station;
use zarya_station::model::{
    Asks, ConditionKind, Count, EffectWord, Observed, Owner, Role, Scale, Value, WithdrawalKey,
};

/// An embedded station with more at the end of one file.
fn station_with(id: &str, file: &str, more: &str) -> Station {
    let embedded = stations::named(id).expect("embedded");
    let overlay = |name: &str| name.starts_with("scenarios/") || name.starts_with("beliefs/");
    let own = embedded.files.iter().filter(|(name, _)| !overlay(name) && *name != file);
    let mut files: Vec<(String, Vec<u8>)> =
        own.map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    let known = embedded.files.iter().find(|(name, _)| *name == file);
    let text = format!("{}\n{more}", known.map_or("", |(_, text)| *text));
    files.push((file.to_owned(), text.into_bytes()));
    let (station, _) = zarya_station::load(&files, &[])
        .unwrap_or_else(|found| panic!("{}", zarya_station::render(&found, &files)));
    station
}

fn station(id: &str) -> Station {
    station_with(id, "claim.toml", "")
}

fn histories(plan: &Plan) -> Vec<Outcome> {
    let stop = AtomicBool::new(false);
    let control = Control { threads: 1, histories_per_world: 20, stop: &stop, progress: &|_| {} };
    ensemble::run(plan, 3, 0..1, &control)
}

/// Every scale, those that name something with what the station has.
fn scales(station: &Station) -> Vec<Scale> {
    let named = |scale| match scale {
        Scale::Hazard(_) => Scale::Hazard(station.hazards[0].id.clone()),
        Scale::Rates(_) => Scale::Rates(station.orus[0].subsystem.clone()),
        other => other,
    };
    Scale::every("").into_iter().map(named).collect()
}

/// Every observation, those that name something with the first that the station has of it.
fn observed(station: &Station) -> Vec<Observed> {
    let named = |what| match what {
        Observed::Stock(_) => Observed::Stock(station.stocks[0].id.clone()),
        Observed::OutageDays(_) => Observed::OutageDays(station.capabilities[0].id.clone()),
        other => other,
    };
    Observed::every(&station.orus[0].id).into_iter().map(named).collect()
}

#[test]
fn every_scale_is_loaded_and_moves_a_plan() {
    let iss = station("iss");
    for scale in scales(&iss) {
        let table = format!(
            "[[break_even]]\nid = \"a-case\"\nwhat = \"a case\"\nscale = \"{scale}\"\nlow = 0.5\n\
             high = 2\n"
        );
        let loaded = station_with("iss", "claim.toml", &table);
        assert_eq!(loaded.break_evens.last().map(|b| &b.scale), Some(&scale));

        let moves = scale.moves(&iss);
        let multiplied = moves.iter().any(|moved| matches!(moved.role, Role::Multiplied(_)));
        assert!(multiplied || scale.shared_factor().is_some(), "{scale} moves nothing");
        assert!(own_band::own_band(&iss, &scale).is_some(), "{scale} has no band");
        let variant = Variant { scales: vec![(scale, 2.0)], ..Variant::default() };
        Plan::compile(&iss, iss.claim.through, &variant).expect("a scale of the station");
    }
}

#[test]
fn every_observation_is_loaded_and_counted() {
    let tiny = station("tiny");
    let mut plan = Plan::compile(&tiny, tiny.claim.through, &Variant::default()).unwrap();
    plan.measures = true;
    let (labels, outcomes) = (Labels::of(&plan), histories(&plan));
    for what in observed(&tiny) {
        let table = format!(
            "[[observation]]\nwhat = \"{what}\"\nfrom = 2020-01-01\nthrough = 2025-12-31\n\
             observed = 1\nuse = \"score\"\nsource = \"{}\"\n",
            tiny.claim.source
        );
        let loaded = station_with("tiny", "record.toml", &table);
        let [observation] = &loaded.observations[..] else { panic!("{what}") };
        assert_eq!(observation.what, what);
        let replay = Replay {
            labels: &labels,
            from: tiny.identity.as_of,
            through: tiny.claim.through,
            whole: &outcomes,
            before: None,
        };
        let prediction = record::predict(observation, &replay, Some(1.0)).expect("counted");
        let expected = outcomes.iter().map(|outcome| {
            let measured = outcome.measured.as_ref().expect("the plan measures");
            match what.asks() {
                Asks::Count(count) => f64::from(outcome.counts.get(count)),
                Asks::CargoMass => outcome.cargo_kg,
                Asks::Failures(_) => f64::from(outcome.failures_by_type[0]),
                Asks::RepairDays(_) => {
                    let of_first = measured.repairs.iter().filter(|repair| repair.kind == 0);
                    let mut days: Vec<f64> = of_first.map(|repair| repair.days).collect();
                    days.sort_by(f64::total_cmp);
                    let middle = |at: usize| days.get(at).copied().unwrap_or(f64::NAN);
                    0.5 * (middle(days.len().saturating_sub(1) / 2) + middle(days.len() / 2))
                }
                Asks::OutageDays(id) => {
                    let at = plan.capabilities.iter().position(|c| c.id == id).expect("known");
                    f64::from(outcome.short_d[at])
                }
                Asks::Stock(_) => measured.stocks_kg[0],
                Asks::DockingTroubles => f64::from(measured.docking_troubles),
                Asks::UncrewedDays => measured.uncrewed_d,
                Asks::IsolatedElements => f64::from(measured.isolated_elements),
            }
        });
        let [values] = &prediction.worlds[..] else { panic!("one world") };
        assert_eq!(values.len(), outcomes.len());
        for (value, expected) in values.iter().zip(expected) {
            let same = (value - expected).abs() < 1e-5 || (value.is_nan() && expected.is_nan());
            assert!(same, "{what}: {value}, expected {expected}");
        }
        assert_eq!(record::row(observation, &prediction, &[1.0]).what, what.to_string());
    }
}

/// A count has a field of its name, and everything that lists counts lists it.
#[test]
fn every_count_is_kept_and_listed() {
    let fields = serde_json::to_value(Counts::default()).unwrap();
    let mut fields: Vec<String> = fields.as_object().unwrap().keys().cloned().collect();
    fields.sort();
    let mut words: Vec<String> =
        Count::every("").iter().map(|count| count.to_string().replace('-', "_")).collect();
    words.sort();
    assert_eq!(fields, words);
    for (field, count) in Count::every("").into_iter().enumerate() {
        let mut counts = serde_json::to_value(Counts::default()).unwrap();
        counts[count.to_string().replace('-', "_")] = (field + 1).into();
        let counts: Counts = serde_json::from_value(counts).unwrap();
        assert_eq!(counts.get(count) as usize, field + 1, "{count}");
        let sum: u32 = Count::every("").into_iter().map(|other| counts.get(other)).sum();
        assert_eq!(sum as usize, field + 1, "{count}");
    }
    let tiny = station("tiny");
    let plan = Plan::compile(&tiny, tiny.claim.through, &Variant::default()).unwrap();
    let (labels, outcomes) = (Labels::of(&plan), histories(&plan));
    let ensemble = Ensemble { labels: &labels, outcomes: &outcomes, weights: &[1.0] };
    let listed: Vec<String> =
        summary::count_spreads(&ensemble).into_iter().map(|spread| spread.what).collect();
    let all: Vec<String> = Count::every("").iter().map(Count::to_string).collect();
    assert_eq!(listed, all);
}

#[test]
fn every_kind_of_condition_is_loaded() {
    for kind in ConditionKind::every("") {
        let table = format!(
            "[[condition]]\nid = \"a-case\"\nprovided = \"a case holds\"\nkind = \"{kind}\"\n\
             withdraw = [{{ stop_spares = true }}]\nremains = \"all else\"\nsubstitutes = \"none\"\n"
        );
        let loaded = station_with("tiny", "conditions.toml", &table);
        assert_eq!(loaded.conditions.last().map(|c| c.kind), Some(kind));
    }
}

/// An owner that files can name is loaded from its word, and every one has a part of the split.
#[test]
fn every_owner_is_loaded_and_has_its_part() {
    let split = serde_json::to_value(Split::default()).unwrap();
    let mut keys: Vec<String> = split.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    let mut owners: Vec<String> = Owner::every("").into_iter().map(Owner::key).collect();
    owners.sort();
    assert_eq!(keys, owners);
    for owner in Owner::every("") {
        assert_eq!(Owner::of_key(&owner.key()), Some(owner));
        assert!(owner.label().column.len() <= 22, "{owner}");
        let mut split = serde_json::to_value(Split::default()).unwrap();
        split[owner.key()]["mean"] = 0.5.into();
        let split: Split = serde_json::from_value(split).unwrap();
        assert_eq!(split.of(owner).mean, 0.5, "{owner}");
        if owner.is_of_files() {
            let loaded = station_with("tiny", "hazards.toml", &hazard(owner.form(), "\"none\""));
            assert_eq!(loaded.hazards.last().map(|h| h.owner), Some(owner));
        }
    }
}

fn hazard(owner: &str, effect: &str) -> String {
    format!(
        "[[hazard]]\nid = \"a-case\"\nname = \"A case\"\nowner = \"{owner}\"\nrate = \"0.1 1/y\"\n\
         outcomes = [{{ share = 1, effect = {effect} }}]\n"
    )
}

#[test]
fn every_effect_is_loaded_and_compiled() {
    let tiny = station("tiny");
    let element = &tiny.elements[0].id;
    for word in EffectWord::every("") {
        let effect = match word {
            EffectWord::Disable => {
                format!("{{ {word} = \"{}\", duration = \"3 d\" }}", tiny.capabilities[0].id)
            }
            EffectWord::StandDown => format!(
                "{{ {word} = \"{}\", duration = \"3 d\", urgent_share = 0.5 }}",
                tiny.identity.segments[0]
            ),
            EffectWord::Isolate => format!("{{ {word} = \"{element}\" }}"),
            EffectWord::Leak => format!("{{ {word} = \"{element}\", rate = \"1 kg/d\" }}"),
            EffectWord::None
            | EffectWord::Shelter
            | EffectWord::LossOfEscapeVehicle
            | EffectWord::CrewReduction
            | EffectWord::LossOfCrewVehicle
            | EffectWord::Evacuate
            | EffectWord::LossOfStation
            | EffectWord::LossOfCrew => format!("\"{word}\""),
        };
        let loaded = station_with("tiny", "hazards.toml", &hazard("medical", &effect));
        let outcomes = &loaded.hazards.last().expect("just added").outcomes;
        assert_eq!(outcomes[0].1.word(), word);
        Plan::compile(&loaded, loaded.claim.through, &Variant::default()).expect("compiles");
    }
}

#[test]
fn every_consequence_is_loaded_and_compiled() {
    let iss = station("iss");
    for key in WithdrawalKey::every("") {
        let value = match key {
            WithdrawalKey::StopMaintenance
            | WithdrawalKey::StopSpares
            | WithdrawalKey::StopTraining => "true".to_owned(),
            WithdrawalKey::SkipUpgrade => format!("\"{}\"", iss.upgrades[0].id),
            WithdrawalKey::Ground => format!("\"{}\"", iss.vehicles[0].id),
            WithdrawalKey::Leave => format!("\"{}\"", iss.partners[0].id),
            WithdrawalKey::Disable => format!("\"{}\"", iss.capabilities[0].id),
            WithdrawalKey::OpenHatch => {
                let leaking = iss.elements.iter().find(|element| element.leak.is_some());
                format!("\"{}\"", leaking.expect("the ISS leaks").id)
            }
            WithdrawalKey::Maintenance => "0.5".to_owned(),
            WithdrawalKey::Crew => "4".to_owned(),
            WithdrawalKey::StopCargo => format!("\"{}\"", iss.stocks[0].id),
        };
        let table = format!(
            "[[condition]]\nid = \"a-case\"\nprovided = \"a case holds\"\nkind = \"policy\"\n\
             withdraw = [{{ {key} = {value} }}]\nremains = \"all else\"\nsubstitutes = \"none\"\n"
        );
        let loaded = station_with("iss", "conditions.toml", &table);
        let withdraw = &loaded.conditions.last().expect("just added").withdraw;
        assert_eq!(
            withdraw.iter().map(zarya_station::model::Withdrawal::key).collect::<Vec<_>>(),
            [key]
        );
        let variant = Variant { without: ["a-case".to_owned()].into(), ..Variant::default() };
        Plan::compile(&loaded, loaded.claim.through, &variant).expect("compiles");
    }
}

/// `oru.pump.mtbf` as `oru.*.mtbf`.
fn pattern(path: &str, ids: &[&str]) -> String {
    let parts: Vec<&str> =
        path.split('.').map(|part| if ids.contains(&part) { "*" } else { part }).collect();
    format!("`{}`", parts.join("."))
}

fn scale_table(station: &Station) -> String {
    let mut ids: Vec<&str> = station.orus.iter().map(|x| x.id.as_str()).collect();
    ids.extend(station.elements.iter().map(|x| x.id.as_str()));
    ids.extend(station.vehicles.iter().map(|x| x.id.as_str()));
    ids.extend(station.hazards.iter().map(|x| x.id.as_str()));
    ids.extend(station.tasks.iter().map(|x| x.id.as_str()));
    ids.extend(station.shocks.iter().map(|x| x.id.as_str()));
    let mut table =
        "| `scale` | what | multiplies, by path | own band |\n|---|---|---|---|\n".to_owned();
    for (scale, word) in scales(station).iter().zip(Scale::WORDS) {
        let (mut multiplied, mut spread): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for moved in scale.moves(station) {
            let list = match moved.role {
                Role::Multiplied(_) => &mut multiplied,
                Role::Spread(_) => &mut spread,
                Role::Enters => continue,
            };
            let pattern = pattern(&moved.path, &ids);
            if !list.contains(&pattern) {
                list.push(pattern);
            }
        }
        if scale.shared_factor().is_some() {
            multiplied.insert(0, "a factor that worlds draw".to_owned());
        }
        let multiplied = multiplied.join(", ");
        let band = if spread.is_empty() {
            "the widest of them".to_owned()
        } else {
            format!("{} either way", spread.join(" times "))
        };
        let meaning = word.meaning.trim_end_matches('.');
        let _ = writeln!(table, "| `{}` | {meaning} | {multiplied} | {band} |", word.form);
    }
    table
}

fn words(head: &str, words: &[zarya_station::Word]) -> String {
    let mut table = format!("| `{head}` | what |\n|---|---|\n");
    for word in words {
        let _ = writeln!(table, "| `{}` | {} |", word.form, word.meaning.trim_end_matches('.'));
    }
    table
}

fn count_table() -> String {
    let mut table = "| count | column | what |\n|---|---|---|\n".to_owned();
    for word in Count::WORDS {
        let column = format!("n_{}", word.form.replace('-', "_"));
        let meaning = word.meaning.trim_end_matches('.');
        let _ = writeln!(table, "| `{}` | `{column}` | {meaning} |", word.form);
    }
    table
}

#[test]
fn tables_of_the_documentation_are_those_of_the_code() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let tables = [
        ("station-files.md", "scales", scale_table(&station("iss"))),
        ("station-files.md", "observations", words("what", Observed::WORDS)),
        ("station-files.md", "kinds of condition", words("kind", ConditionKind::WORDS)),
        ("station-files.md", "effects", words("effect", EffectWord::WORDS)),
        ("station-files.md", "consequences", words("withdraw", WithdrawalKey::WORDS)),
        ("run-folder.md", "counts", count_table()),
    ];
    for (file, name, table) in tables {
        let path = docs.join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let begin = format!("<!-- begin {name}: made by crates/zarya/tests/sets.rs -->\n");
        let end = format!("<!-- end {name} -->\n");
        let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{file}: {name}"));
        let (written, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{file}: {name}"));
        if std::env::var_os("ZARYA_BLESS").is_some() {
            std::fs::write(&path, [before, &begin, &table, &end, after].concat()).unwrap();
        } else {
            assert_eq!(written, table, "{file}: rewrite it with ZARYA_BLESS=1");
        }
    }
}

/// The default that stands in for a table that is missing is the one the documentation names.
#[test]
fn documented_defaults_hold() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/station-files.md");
    let text = std::fs::read_to_string(docs).unwrap();
    let Value { value, low, high, .. } = zarya_station::model::Power::BATTERY_EFFICIENCY_DEFAULT;
    assert!(text.contains(&format!(
        "| `battery_efficiency` **v** | share | {value} ({low} to {high}), assumed |"
    )));
}
