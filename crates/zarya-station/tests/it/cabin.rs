//! A cabin that contradicts itself, or the files around it, is refused with a reason.

use crate::station_folder::{Files, read, shipped};
use zarya_station::{Code, load};

/// A change of one file of the ISS, and what must be said about it.
struct Case(&'static str, &'static str, &'static str, Code, &'static str);

const CASES: &[Case] = &[
    Case("cabin.toml", "element = \"prk\"", "element = \"pkr\"", Code::ReferenceDangling, "pkr"),
    Case(
        "cabin.toml",
        "element = \"prk\"",
        "element = \"zarya\"",
        Code::CabinContradiction,
        "has no leak",
    ),
    Case("cabin.toml", "value = \"6 m3\"", "value = \"0 m3\"", Code::OutOfRange, "volume"),
    Case(
        "cabin.toml",
        "id = \"us\"\nsegment = \"us\"\n",
        "id = \"us\"\nsegment = \"us\"\nvolume = \"500 m3\"\n",
        Code::CabinContradiction,
        "0 zones take the rest",
    ),
    Case(
        "cabin.toml",
        "low = \"230 m3\", high = \"290 m3\"",
        "low = \"230 m3\", high = \"2900 m3\"",
        Code::CabinContradiction,
        "leave nothing",
    ),
    Case(
        "cabin.toml",
        "oxygen = { value = \"21.3 kPa\"",
        "oxygen = { value = \"121.3 kPa\"",
        Code::CabinContradiction,
        "partial pressures of 122.90 kPa in 101.30 kPa",
    ),
    Case(
        "cabin.toml",
        "high = \"19.5 kPa\"",
        "high = \"22 kPa\"",
        Code::CabinContradiction,
        "inside its limits",
    ),
    Case(
        "cabin.toml",
        "value = \"6 mmHg\"",
        "value = \"2 mmHg\"",
        Code::CabinContradiction,
        "`carbon_dioxide`",
    ),
    Case(
        "cabin.toml",
        "value = \"14.2 psi\"",
        "value = \"14.2 kg\"",
        Code::WrongDimension,
        "one of Pressure",
    ),
    Case("cabin.toml", "share = 0.62", "share = 0.6", Code::SharesUnbalanced, "sum to 0.98"),
    Case(
        "cabin.toml",
        "makes = \"distillate\"",
        "makes = \"potable-water\"",
        Code::CabinContradiction,
        "nothing gives the brine",
    ),
    Case(
        "cabin.toml",
        "candles = \"candles\"",
        "candles = \"oxygen-gas\"",
        Code::CabinContradiction,
        "two stores",
    ),
    Case(
        "cabin.toml",
        "waste = \"waste-water\"",
        "waste = \"goods\"",
        Code::CabinContradiction,
        "does not accumulate",
    ),
    Case(
        "capabilities.toml",
        "rule = \"cabin\"\non_empty = \"crew-reduction\"\nsubstitutes = \"tank gas",
        "rule = \"cabin\"\nbuffer = \"14 d\"\non_empty = \"crew-reduction\"\nsubstitutes = \"tank gas",
        Code::CabinContradiction,
        "has a `buffer` and the cabin's air behind it",
    ),
    Case(
        "capabilities.toml",
        "rule = \"cabin\"\non_empty = \"crew-reduction\"\nsubstitutes = \"tank gas",
        "rule = \"any\"\non_empty = \"crew-reduction\"\nsubstitutes = \"tank gas",
        Code::CabinContradiction,
        "does not follow its demand",
    ),
    Case(
        "capabilities.toml",
        "{ id = \"oxygen-us\", rate = \"9.2 kg/d\" }, { id = \"oxygen-rs\", rate = \"5.0 kg/d\" }",
        "{ id = \"oxygen-us\" }, { id = \"oxygen-rs\" }",
        Code::WrongDimension,
        "rates that are no flows",
    ),
    Case(
        "stocks.toml",
        "id = \"nitrogen\"\n",
        "id = \"nitrogen\"\ndraw = [{ rate = 0.77, per = \"leak\" }]\n",
        Code::CabinContradiction,
        "replaces what leaks",
    ),
];

#[test]
fn what_contradicts_a_cabin_is_refused_where_it_stands() {
    let iss: Files = read(&shipped("iss"));
    assert!(load(&iss, &Files::new()).is_ok(), "the ISS loads");
    for Case(file, from, to, code, says) in CASES {
        let mut files = iss.clone();
        let (_, bytes) =
            files.iter_mut().find(|(name, _)| name == file).expect("a file of the ISS");
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert_eq!(text.matches(from).count(), 1, "`{from}` stands once in {file}");
        *bytes = text.replace(from, to).into_bytes();
        let problems = load(&files, &Files::new()).expect_err(to);
        let found = problems.iter().find(|p| {
            p.code == *code && {
                let all = format!("{} {} {}", p.message, p.label, p.help);
                all.contains(says)
            }
        });
        let found = found.unwrap_or_else(|| panic!("{to}: no {code:?} `{says}` in {problems:#?}"));
        assert!(found.place.line > 1 && !found.help.is_empty(), "{found:?}");
    }
}
