//! What ends before a claim does, on a small station with one thing changed.

use std::path::Path;
use zarya_assessment::assessment::{Ending, EndingKind};
use zarya_assessment::outlasts::endings;
use zarya_station::Station;

/// The station of the cases (as of 2026-01-01, the claim ends with 2028-12-31) with an overlay.
fn station(overlay: &str) -> Station {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/station/bare");
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .expect("the bare station")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("a file"))
        })
        .collect();
    files.sort();
    let overlays = [("case.toml".to_owned(), format!("why = \"a case\"\n{overlay}").into_bytes())];
    match zarya_station::load(&files, &overlays) {
        Ok((station, _)) => station,
        Err(diagnostics) => {
            let texts: Vec<_> = files.into_iter().chain(overlays).collect();
            panic!("{}", zarya_station::render(&diagnostics, &texts))
        }
    }
}

fn found(overlay: &str) -> Vec<Ending> {
    let station = station(overlay);
    endings(&station, station.claim.through, &[])
}

fn home_on(day: &str) -> String {
    format!("[[set]]\npath = \"docked.capsule-1.until\"\nvalue = {day}\n")
}

fn flight(id: &str, vehicle: &str, day: &str, keys: &str) -> String {
    format!(
        "[[add]]\ntable = \"flight\"\n[add.value]\nid = \"{id}\"\nvehicle = \"{vehicle}\"\ndate = {day}\n\
         stay = \"30 d\"\n{keys}\n"
    )
}

const GOODS: &str = "[[add]]\ntable = \"stock\"\n[add.value]\nid = \"goods\"\nname = \"Goods\"\n\
    initial = \"10 kg\"\ncapacity = \"100 kg\"\n";

#[test]
fn the_last_crew_is_due_home_before_the_claim_ends() {
    assert_eq!(found(""), []);
    let [ending] = &found(&home_on("2028-12-31"))[..] else { panic!("an ending") };
    assert_eq!((ending.kind, ending.last.to_string()), (EndingKind::Crews, "2025-12-31".into()));
    assert!(ending.text.contains("due home on 2028-12-31"), "{}", ending.text);
    // The last day of the claim is flown to its end.
    assert_eq!(found(&home_on("2029-01-01")), []);
    // A later crew moves it, and a cargo vehicle that stays longer does not.
    let later = home_on("2027-01-01") + &flight("capsule-2", "capsule", "2027-06-01", "crew = 2");
    let later = GOODS.to_owned()
        + &later
        + &flight("truck-1", "truck", "2028-01-01", "cargo = { goods = \"1 kg\" }");
    let crews: Vec<Ending> =
        found(&later).into_iter().filter(|e| e.kind == EndingKind::Crews).collect();
    let [ending] = &crews[..] else { panic!("{crews:?}") };
    assert_eq!(ending.last.to_string(), "2027-06-01");
    assert!(ending.text.contains("due home on 2027-07-01"), "{}", ending.text);
}

#[test]
fn nobody_is_missed_where_the_plan_asks_for_nobody() {
    let plan = |until: &str| {
        format!(
            "[[set]]\npath = \"crew.minimum\"\nvalue = 0\n[[set]]\npath = \"crew.nominal\"\nvalue = 0\n\
             [[add]]\ntable = \"phase\"\n[add.value]\nfrom = 2026-01-01\nuntil = {until}\n\
             crew = {{ minimum = 2, nominal = 2 }}\n{}",
            home_on("2027-01-01")
        )
    };
    assert_eq!(found(&plan("2026-12-31")), []);
    assert_eq!(found(&plan("2027-01-01")).len(), 1);
}

/// 1,095 days lie between the as-of date and the claim's last day: one delivery on day 548 leaves 547 and is as good as what
/// came before; one on day 547 leaves 548.
#[test]
fn cargo_ends_when_more_days_are_left_than_ever_lay_between_two() {
    let on = |day: &str| {
        let flight = flight("truck-1", "truck", day, "cargo = { goods = \"1 kg\" }");
        found(&(GOODS.to_owned() + &flight))
    };
    assert_eq!(on("2027-07-03"), []);
    let endings = on("2027-07-02");
    let [ending] = &endings[..] else { panic!("{endings:?}") };
    assert_eq!((ending.kind, ending.last.to_string()), (EndingKind::Cargo, "2027-07-02".into()));
    assert!(
        ending.text.contains("548 days before") && ending.text.contains("547 days lie between")
    );
    // What a crew's ship brings counts like any other, and taking waste away brings nothing.
    let supplied =
        flight("capsule-2", "capsule", "2027-07-03", "crew = 2\ncargo = { goods = \"1 kg\" }");
    assert_eq!(found(&(GOODS.to_owned() + &supplied)), []);
    let waste = GOODS.replace("goods", "waste").replace("capacity", "accumulates = true\ncapacity");
    let takes = flight("truck-1", "truck", "2027-07-02", "cargo = { waste = \"1 kg\" }");
    assert_eq!(found(&(waste + &takes)), []);
    // A ship that brings people alone is no cargo, and a stock with a reserve waits for some.
    let crew = flight("capsule-2", "capsule", "2027-07-03", "crew = 2");
    assert_eq!(found(&crew), []);
    let waits = GOODS
        .replace("capacity", "reserve = \"30 d\"\ndraw = [{ rate = \"0.001 kg/d\" }]\ncapacity");
    let endings = found(&(waits + &crew));
    let [ending] = &endings[..] else { panic!("{endings:?}") };
    assert!(ending.text.starts_with("No cargo flight is planned at all"), "{}", ending.text);
    // A flight that was lost brought nothing.
    let lost = flight(
        "truck-1",
        "truck",
        "2027-07-03",
        "outcome = \"lost\"\ncargo = { goods = \"1 kg\" }",
    );
    assert_eq!(found(&("hindsight = true\n".to_owned() + GOODS + &lost)), []);
}

/// A partner who flies ends with its commitment, unless a condition carries it on; then that is said.
#[test]
fn a_commitment_ends_before_the_claim() {
    let partner = |through: &str| {
        format!(
            "[[add]]\ntable = \"partner\"\n[add.value]\nid = \"other\"\nname = \"Other\"\n\
             commitment = [{{ id = \"paper\", what = \"takes part\", through = {through}, precision = \"day\", \
             standing = \"in-force\", stated_on = 2025-01-01, basis = \"published\", source = \"cases\" }}]\n"
        )
    };
    let flies = "[[set]]\npath = \"vehicle.truck.partner\"\nvalue = \"other\"\n";
    assert_eq!(found(&partner("2027-12-31")), [], "nobody needs it");
    assert_eq!(found(&(partner("2028-12-31") + flies)), [], "it ends with the claim");
    let ended = found(&(partner("2028-12-30") + flies));
    let [ending] = &ended[..] else { panic!("{ended:?}") };
    assert_eq!((ending.kind, ending.last.to_string()), (EndingKind::Partner, "2028-12-30".into()));
    assert!(ending.text.contains("end with that day"), "{}", ending.text);
    let extended = partner("2027-12-31")
        + flies
        + "[[add]]\ntable = \"condition\"\n[add.value]\nid = \"stays\"\nprovided = \"it stays\"\nkind = \"partner\"\n\
           extends = { partner = \"other\", through = 2029-12-31 }\nwithdraw = [{ leave = \"other\" }]\nremains = \"nothing\"\nsubstitutes = \"none\"\n";
    let station = station(&extended);
    let text =
        |without: &[String]| endings(&station, station.claim.through, without)[0].text.clone();
    assert!(text(&[]).contains("is a condition, not a commitment"), "{}", text(&[]));
    assert!(text(&["stays".to_owned()]).contains("end with that day"));
}
