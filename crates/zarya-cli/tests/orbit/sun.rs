//! Which Sun is flown, and what may be typed where it does not reach.

use crate::{json, refusal, temporary, told};

/// Days that the program carries are answered through the last with an 81-day mean, days beyond refused with
/// what may be typed instead.
#[test]
fn the_observed_sun_is_asked_to_its_last_day() {
    let ask = |through: &'static str| {
        [
            "orbit",
            "decay",
            "--altitude-km",
            "418",
            "--drag-area-m2-kg",
            "0.007",
            "--from",
            "2026-08-01",
        ]
        .into_iter()
        .chain(["--through", through, "--sun", "observed"])
        .collect::<Vec<_>>()
    };
    assert!(told(&ask("2026-08-20")).contains("under the observed Sun"));
    assert!(told(&ask("2026-08-22")).contains("2026-08-22   "));
    let late = refusal(&ask("2026-08-25"), 1);
    assert!(late.contains("1957-02-11 to 2026-08-22") && late.contains("--observations"), "{late}");
}

#[test]
fn skylab_is_offered_suns_that_can_be_typed() {
    let skylab = ["orbit", "lifetime", "--altitude-km", "444", "--inclination-deg", "50"];
    let rest = ["--drag-area-m2-kg", "0.0076", "--from", "1974-02-09", "--to-km", "150"];
    let call = |more: &[&'static str]| [&skylab[..], &rest, more].concat();
    let said = refusal(&call(&[]), 1);
    assert!(said.contains("older issue with --forecasts"), "{said}");
    assert!(said.contains("--f107-sfu") && said.contains("--ap"), "{said}");
    let constant = ["--sun", "constant", "--f107", "130", "--ap", "12", "--worlds", "20"];
    assert!(told(&call(&constant)).contains("under a constant Sun (F10.7 130, Ap 12)"));
}

/// NASA's table as downloaded, its month of issue in the name of the file.
#[test]
fn a_published_forecast_is_read_as_downloaded() {
    let table = include_str!("../../../zarya-orbit/tests/it/msafe.txt");
    let path = temporary("jan2026f10_prd.txt", table);
    let answer = json(&[
        "orbit",
        "lifetime",
        "--altitude-km",
        "418",
        "--drag-area-m2-kg",
        "0.007",
        "--from",
        "2026-01-15",
        "--to-km",
        "330",
        "--worlds",
        "20",
        "--forecasts",
        &path,
        "--json",
        "-",
    ]);
    assert_eq!(answer["sun"]["issue"], "2026-01");
    let caveats = answer["caveats"].to_string();
    assert!(caveats.contains("its name says when it was issued"), "{caveats}");
}
