//! The cabin behind its stores, against closed forms: how long people stay when something ends.

use crate::bare::{SPAN_D, file, plan, unit};
use zarya_simulation::{Note, Outcome, Plan, Variant, ensemble};
use zarya_units::math;

const DEFAULTS: &str = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n";
/// Crew table in use: oxygen and carbon dioxide of two people, kg/d.
const OXYGEN: f64 = 2.0 * 0.816;
/// The molar gas constant times 295 K, J/mol.
const RT: f64 = 8.314_462_618 * 295.0;

/// kg of a gas behind 1 kPa in 100 m3.
fn kg_per_kpa(g_mol: f64) -> f64 {
    100.0 * g_mol / RT
}

fn cabin(extra: &str) -> String {
    format!(
        "{extra}\n{DEFAULTS}\
         [[zone]]\nid = \"all\"\n\n\
         [air]\ntotal = \"101.3 kPa\"\noxygen = \"21.3 kPa\"\ncarbon_dioxide = \"0.4 kPa\"\n\
         vapor = \"1.2 kPa\"\ntemperature = \"295 K\"\n\n\
         [oxygen]\ncapability = \"oxygen\"\ntanks = \"tanks\"\ncandles = \"candles\"\nlimit = \"17 kPa\"\n\n\
         [carbon_dioxide]\ncapability = \"scrubbing\"\ncanisters = \"canisters\"\nlimit = \"0.8 kPa\"\n\
         borne = \"2 d\"\n\n\
         [pressure]\ncapability = \"pressure\"\nnitrogen = \"nitrogen\"\nlimit = \"97.9 kPa\"\nborne = \"5 d\"\n"
    )
}

/// The unit takes the generator away, or the bed.
fn capabilities(generator: &str, bed: &str) -> String {
    format!(
        "{}\n[[capability]]\nid = \"steady\"\nname = \"What never fails\"\n\n\
         [[capability]]\nid = \"oxygen\"\nname = \"Oxygen\"\n\
         providers = [{{ id = \"{generator}\", rate = \"5 kg/d\" }}]\nrule = \"cabin\"\non_empty = \"evacuate\"\n\n\
         [[capability]]\nid = \"scrubbing\"\nname = \"Scrubbing\"\n\
         providers = [{{ id = \"{bed}\", rate = \"6 kg/d\" }}]\nrule = \"cabin\"\non_empty = \"evacuate\"\n\n\
         [[capability]]\nid = \"pressure\"\nname = \"Pressure\"\n\
         providers = [{{ id = \"steady\" }}]\non_empty = \"evacuate\"\n",
        file("capabilities.toml")
    )
}

fn stocks(tanks: &str) -> String {
    let stock = |id: &str, kg: &str| {
        format!(
            "[[stock]]\nid = \"{id}\"\nname = \"{id}\"\ninitial = \"{kg}\"\ncapacity = \"1000 kg\"\n\n"
        )
    };
    [
        DEFAULTS.to_owned(),
        stock("tanks", tanks),
        stock("candles", "10 kg"),
        stock("canisters", "30 kg"),
        stock("nitrogen", "20 kg"),
    ]
    .concat()
}

/// A leak that does not change, a tenth of it behind a closed hatch.
fn leak(rate: &str) -> String {
    "\n[element.leak]\n".to_owned()
        + &[
            ("rate", rate),
            ("growth", "\"0 1/y\""),
            ("relapse_rate", "\"0 1/y\""),
            ("relapse_factor", "\"0 kg/d\""),
            ("patch_interval", "\"100 d\""),
            ("patch_share", "0"),
            ("isolated_share", "0.1"),
            ("isolate_above", "\"10000 kg/d\""),
        ]
        .map(|(key, value)| {
            format!("{key} = {{ value = {value}, basis = \"assumed\", why = \"a case\" }}\n")
        })
        .concat()
}

fn elements(leak: &str) -> String {
    format!("{}{leak}", file("elements.toml"))
}

fn station(generator: &str, bed: &str, extra: &str) -> Plan {
    let capabilities = capabilities(generator, bed);
    let (cabin, stocks) = (cabin(extra), stocks("50 kg"));
    let case = unit("mtbf = \"400 d\"\n");
    plan(&[
        ("capabilities.toml", &capabilities),
        ("cabin.toml", &cabin),
        ("stocks.toml", &stocks),
        ("orus/case.toml", &case),
    ])
}

/// The first history in which the unit fails early enough for all to follow, with its notes.
fn with_failure(plan: &Plan) -> (Outcome, Vec<Note>, f64) {
    for i in 0..40 {
        let (outcome, notes) = ensemble::tell(plan, 7, i);
        let failed = notes.iter().find(|n| n.text.starts_with("Unit fails")).map(|n| n.at);
        if let Some(at) = failed
            && at < plan.as_of.mjd() + SPAN_D - 200.0
        {
            return (outcome, notes, at);
        }
    }
    panic!("no unit fails in time");
}

fn at(notes: &[Note], start: &str) -> f64 {
    let texts = || notes.iter().map(|n| n.text.as_str()).collect::<Vec<_>>();
    let note = notes.iter().find(|n| n.text.starts_with(start));
    note.unwrap_or_else(|| panic!("no `{start}` in {:#?}", texts())).at
}

/// Tanks, then candles, then the air of the cabin: each ends on its day, and people leave when
/// oxygen is at its limit and not before.
#[test]
fn without_a_generator_stores_end_and_then_the_cabins_oxygen() {
    let plan = station("function", "steady", "");
    let (outcome, notes, failed) = with_failure(&plan);
    assert!((at(&notes, "tanks ran out") - failed - 50.0 / OXYGEN).abs() < 1e-4);
    assert!((at(&notes, "candles ran out") - failed - 60.0 / OXYGEN).abs() < 1e-4);
    let air_d = (21.3 - 17.0) * kg_per_kpa(31.998) / OXYGEN;
    let left = outcome.crewed.expect("they leave").at;
    assert!((left - failed - 60.0 / OXYGEN - air_d).abs() < 1e-3, "{} {air_d}", left - failed);
    let cause = outcome.crewed.expect("they leave").cause;
    assert_eq!(plan.causes[usize::from(cause.direct)].id, "oxygen");
    assert_eq!(plan.causes[usize::from(cause.root)].id, "unit");
    let story =
        &notes.iter().find(|n| n.text.starts_with("Oxygen in the cabin falls")).unwrap().text;
    assert!(story.contains("17.00 kPa") && story.contains("stores empty since"), "{story}");
}

/// Canisters bind what the bed does not; then the level rises, and the limit is borne for two days.
#[test]
fn without_a_bed_canisters_end_and_carbon_dioxide_rises() {
    let plan = station("steady", "function", "");
    let (outcome, notes, failed) = with_failure(&plan);
    let dioxide = 2.0 * 1.050_1;
    let canisters_d = at(&notes, "canisters ran out") - failed;
    assert!((canisters_d / (30.0 / dioxide) - 1.0).abs() < 1e-3, "{canisters_d}");
    let rise_d = (0.8 - 0.4) * kg_per_kpa(44.009) / dioxide;
    let crossed = at(&notes, "Carbon dioxide in the cabin rises") - failed - canisters_d;
    assert!((crossed / rise_d - 1.0).abs() < 1e-3, "{crossed} {rise_d}");
    let left = outcome.crewed.expect("they leave").at - failed - canisters_d;
    assert!((left - crossed - 2.0).abs() < 1e-3, "{left}");
    assert_eq!(outcome.full.expect("a limit").at, failed + canisters_d + crossed);
}

/// A leak takes nitrogen until the tank is empty, then the total pressure falls along its exponential.
#[test]
fn a_leak_empties_the_nitrogen_and_then_the_pressure_falls() {
    let capabilities = capabilities("steady", "steady");
    let (cabin, stocks) = (
        cabin("leak = { value = \"0.5 kg/d\", basis = \"assumed\", why = \"a case\" }"),
        stocks("800 kg"),
    );
    let plan = plan(&[
        ("capabilities.toml", &capabilities),
        ("cabin.toml", &cabin),
        ("stocks.toml", &stocks),
    ]);
    let (outcome, notes) = ensemble::tell(&plan, 7, 0);
    let nitrogen_kpa = 101.3 - 21.3 - 0.4 - 1.2;
    let nitrogen = nitrogen_kpa * kg_per_kpa(28.014);
    let air =
        nitrogen + 21.3 * kg_per_kpa(31.998) + 0.4 * kg_per_kpa(44.009) + 1.2 * kg_per_kpa(18.015);
    let decay = 0.5 / air;
    let empty = at(&notes, "nitrogen ran out") - plan.as_of.mjd();
    assert!((empty / (20.0 / (decay * nitrogen)) - 1.0).abs() < 1e-3, "{empty}");
    // Oxygen is made up, carbon dioxide and vapor come from people: nitrogen alone falls.
    let falls = math::ln(nitrogen_kpa / (nitrogen_kpa - 3.4)) / decay;
    let crossed = at(&notes, "The cabin's total pressure falls") - plan.as_of.mjd() - empty;
    assert!((crossed / falls - 1.0).abs() < 1e-3, "{crossed} {falls}");
    let left = outcome.crewed.expect("they leave").at - plan.as_of.mjd() - empty - crossed;
    assert!((left - 5.0).abs() < 1e-6, "{left}");
}

/// A shut chamber loses its own air; the station loses the share that opening it costs.
#[test]
fn a_chamber_behind_its_hatch_does_not_drain_the_station() {
    let leak = leak("\"2 kg/d\"");
    let capabilities = capabilities("steady", "steady");
    let shut = cabin("").replace(
        "[air]",
        "[[zone]]\nid = \"chamber\"\nelement = \"hub\"\nvolume = \"6 m3\"\n\n[air]",
    );
    let (elements, stocks) = (elements(&leak), stocks("800 kg"));
    let days = |cabin: &str| {
        let plan = plan(&[
            ("capabilities.toml", &capabilities),
            ("cabin.toml", cabin),
            ("stocks.toml", &stocks),
            ("elements.toml", &elements),
        ]);
        let (_, notes) = ensemble::tell(&plan, 7, 0);
        at(&notes, "nitrogen ran out") - plan.as_of.mjd()
    };
    // A tenth of 2 kg/d, 0.76 of it nitrogen, from 20 kg.
    let (behind, inside) = (days(&shut), days(&cabin("")));
    assert!((behind / (20.0 / 0.2 / 0.7573) - 1.0).abs() < 0.01, "{behind}");
    assert!((behind / inside - 1.0).abs() < 0.01, "{behind} {inside}");
}

/// A flight that brings oxygen while the cabin's own still lasts keeps the crew aboard: the stores are
/// empty for days, and no limit is crossed.
#[test]
fn oxygen_that_comes_while_the_cabins_air_lasts_keeps_the_crew() {
    let capabilities =
        capabilities("steady", "steady").replace("rate = \"5 kg/d\"", "rate = \"0.001 kg/d\"");
    let (cabin, stocks) = (cabin(""), stocks("50 kg"));
    let left = |day: &str| {
        let manifest = format!(
            "{}\n[[flight]]\nid = \"relief\"\nvehicle = \"truck\"\ndate = {day}\nstay = \"5 d\"\n\
             cargo = {{ tanks = \"900 kg\" }}\n",
            file("manifest.toml")
        );
        let plan = plan(&[
            ("capabilities.toml", &capabilities),
            ("cabin.toml", &cabin),
            ("stocks.toml", &stocks),
            ("manifest.toml", &manifest),
        ]);
        let (outcome, notes) = ensemble::tell(&plan, 7, 0);
        assert!((at(&notes, "candles ran out") - plan.as_of.mjd() - 36.8).abs() < 0.1);
        outcome.crewed.map(|breach| breach.at - plan.as_of.mjd())
    };
    // Stores end on day 37 and the limit is reached on day 40.
    let in_time = left("2026-02-07");
    assert!(in_time.is_none_or(|day| day > 500.0), "{in_time:?}");
    let late = left("2026-02-21").expect("they leave");
    assert!((39.0..41.0).contains(&late), "{late}");
}

/// A chamber whose hatch must stay open shares its air with the rest: the volume grows two and a half times, and so do the days until oxygen is at
/// its limit. Behind its hatch it shares none.
#[test]
fn an_open_chamber_shares_its_air() {
    let leak = leak("\"0 kg/d\"");
    let hatch = format!(
        "{}\n[[condition]]\nid = \"hatch\"\nprovided = \"the hatch stays closed\"\nkind = \"policy\"\n\
         withdraw = [{{ open_hatch = \"hub\" }}]\nremains = \"an open hatch\"\nsubstitutes = \"none\"\n",
        file("conditions.toml")
    );
    let capabilities =
        capabilities("steady", "steady").replace("rate = \"5 kg/d\"", "rate = \"0.001 kg/d\"");
    // The volume of the station counts the chamber's 60 m3, more than the rest has.
    let zones = cabin("").replace(
        "[air]",
        "[[zone]]\nid = \"chamber\"\nelement = \"hub\"\nvolume = \"60 m3\"\n\n[air]",
    );
    let (elements, stocks) = (elements(&leak), stocks("50 kg"));
    let station = crate::bare::station(&[
        ("capabilities.toml", &capabilities),
        ("cabin.toml", &zones),
        ("stocks.toml", &stocks),
        ("elements.toml", &elements),
        ("conditions.toml", &hatch),
    ]);
    let days = |without: &[String]| {
        let variant = Variant { without: without.to_vec(), ..Variant::default() };
        let plan = Plan::compile(&station, station.claim.through, &variant).expect("compiles");
        let (outcome, notes) = ensemble::tell(&plan, 7, 0);
        let left = outcome.crewed.unwrap_or_else(|| panic!("they stay: {notes:#?}"));
        left.at - at(&notes, "candles ran out")
    };
    let (shut, open) = (days(&[]), days(&["hatch".to_owned()]));
    let air_d = (21.3 - 17.0) * kg_per_kpa(31.998) / (OXYGEN - 0.001);
    assert!((shut / (0.4 * air_d) - 1.0).abs() < 1e-3, "{shut} {air_d}");
    assert!((open / air_d - 1.0).abs() < 1e-3, "{open} {air_d}");
}

/// Urine and condensate of two people gather where nothing processes them. A vehicle takes 50 kg of them away, exactly, and
/// the rest is as without it; one that comes for more than there is takes what there is.
#[test]
fn a_vehicle_takes_waste_water_away() {
    let capabilities = capabilities("steady", "steady")
        + "\n[[capability]]\nid = \"processing\"\nname = \"Processing\"\n\
           providers = [{ id = \"steady\" }]\n";
    let cabin = cabin("waste = \"waste\"\n")
        + "\n[[water]]\nstock = \"water\"\nsegment = \"core\"\nshare = 1\n\
           processors = [{ capability = \"processing\", makes = \"potable-water\", rate = \"0.001 kg/d\" }]\n";
    let cabin = cabin.replace("id = \"all\"", "id = \"all\"\nsegment = \"core\"");
    let stocks = stocks("900 kg")
        + "[[stock]]\nid = \"water\"\nname = \"Water\"\ninitial = \"5000 kg\"\ncapacity = \"9000 kg\"\n\n\
           [[stock]]\nid = \"waste\"\nname = \"Waste\"\ninitial = \"0 kg\"\ncapacity = \"5000 kg\"\n\
           accumulates = true\n";
    let level = |kg: &str| {
        let manifest = format!(
            "{}\n[[flight]]\nid = \"truck-1\"\nvehicle = \"truck\"\ndate = 2026-02-01\nstay = \"30 d\"\n\
             cargo = {{ waste = \"{kg}\" }}\n",
            file("manifest.toml")
        );
        let plan = plan(&[
            ("capabilities.toml", &capabilities),
            ("cabin.toml", &cabin),
            ("stocks.toml", &stocks),
            ("manifest.toml", &manifest),
        ]);
        let waste = plan.series.iter().position(|s| s.id == "waste").expect("a series");
        let outcome = crate::bare::histories(&plan, 1, 1).remove(0);
        // The samples of 26 February and 26 March.
        [2, 3].map(|row| f64::from(outcome.samples[row * plan.series.len() + waste]))
    };
    let (none, some, all) = (level("0 kg"), level("50 kg"), level("4000 kg"));
    assert_eq!(none[0], some[0]);
    assert!(none[0] > 100.0 && none[1] > none[0], "{none:?}");
    assert!((none[1] - some[1] - 50.0).abs() < 1e-3, "{none:?} {some:?}");
    // From 3 March on it gathers anew, as fast: 23 of 28 days.
    let gathered = (none[1] - none[0]) * 23.0 / 28.0;
    assert!((all[1] / gathered - 1.0).abs() < 0.01, "{all:?} {gathered}");
}

/// A draw below zero fills a store of the cabin: 1 kg of nitrogen a day, and nothing leaks.
#[test]
fn a_draw_below_zero_fills_a_store() {
    let capabilities = capabilities("steady", "steady");
    let (cabin, stocks) = (
        cabin(""),
        stocks("900 kg")
            .replace("id = \"nitrogen\"", "id = \"nitrogen\"\ndraw = [{ rate = \"-1 kg/d\" }]"),
    );
    let plan = plan(&[
        ("capabilities.toml", &capabilities),
        ("cabin.toml", &cabin),
        ("stocks.toml", &stocks),
    ]);
    let nitrogen = plan.series.iter().position(|s| s.id == "nitrogen").expect("a series");
    let outcome = crate::bare::histories(&plan, 1, 1).remove(0);
    // The sample of day 56.
    let level = f64::from(outcome.samples[2 * plan.series.len() + nitrogen]);
    assert!((level - 76.0).abs() < 1e-3, "{level}");
}
