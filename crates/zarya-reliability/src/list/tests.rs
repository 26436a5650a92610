use super::*;
use std::fmt::Write as _;

fn problems(text: &str) -> Vec<String> {
    let told = |problem: &Problem| {
        format!("{}: {}; {}", problem.place("u.csv"), problem.what, problem.help)
    };
    read(text, 1.0).unwrap_err().iter().map(told).collect()
}

#[test]
fn columns_are_found_in_any_order_and_unit() {
    let text = "mass_g,mtbf_h,id,life_limit_y,running_h\n3000,24000,pump,2,48\n";
    let list = read(text, 1.0).unwrap();
    let unit = &list.units[0];
    assert_eq!(unit.law, Law::Exponential { mtbf_d: 1000.0 });
    assert_eq!((unit.mass_kg, unit.life_limit_d), (3.0, Some(730.5)));
    assert_eq!((unit.running_d, unit.quantity), (Some(2.0), 1));
    assert_eq!(list.notes, ["no column `quantity`: one of each unit is taken as installed"]);
}

#[test]
fn every_bad_value_is_reported_at_once_with_line_and_column() {
    let text = "# source: a test\nid,quantity,mtbf_d,mass_kg\n\
                a,1,100,1\nb,0,100,1\nc,1,-5,1\nd,1,abc,\n,1,10,2\na,1,3,4\ne,1,2\n";
    let found = problems(text);
    assert_eq!(found.len(), 7, "{found:#?}");
    assert!(found[0].starts_with("u.csv:4:2 (column `quantity`): `0` is not a whole"));
    assert!(found[1].starts_with("u.csv:5:3 (column `mtbf_d`): `-5`"));
    assert!(found[2].starts_with("u.csv:6:3") && found[3].starts_with("u.csv:6:4"));
    assert!(found[4].starts_with("u.csv:7:1 (column `id`)"));
    assert!(found[5].contains("u.csv:8:1") && found[5].contains("already on line 3"));
    assert!(found[6].starts_with("u.csv:9: 3 fields where the header has 4"));
}

#[test]
fn a_column_without_a_unit_is_refused_and_an_unknown_one_is_named() {
    let found = problems("id,mtbf\na,3\n");
    assert!(found[0].contains("u.csv:1:2") && found[0].contains("`mtbf_h` or `mtbf_d`"));
    let found = problems("id,mtbf_h,mtbf_d\na,3,3\n");
    assert!(found[0].contains("says the same as column `mtbf_h`"));
    let list = read("id,mtbf_h,quantity,color\na,3,1,red\n", 1.0).unwrap();
    assert_eq!(list.notes, ["columns not used: `color`"]);
}

/// A misspelt column, or one in a unit that is not read, would otherwise be left out of the count.
#[test]
fn a_near_miss_of_a_column_is_refused_with_the_nearest_name() {
    for (name, help) in [
        ("life_limitd", "name it `life_limit_d`"),
        ("life_limt_h", "name it `life_limit_h`"),
        ("quantty", "name it `quantity`"),
        ("stocks", "name it `stock`"),
        ("requird", "name it `required`"),
        ("Mass-lb", "its units are `mass_kg`, `mass_g`, `mass_t`"),
        ("Mass (lb)", "its units are `mass_kg`, `mass_g`, `mass_t`"),
        ("mass_kilograms", "its units are `mass_kg`, `mass_g`, `mass_t`"),
        ("life_limit_weeks", "its units are `life_limit_h`, `life_limit_d`, `life_limit_y`"),
        ("volume_ft3", "its units are `volume_m3`, `volume_l`"),
    ] {
        let found = problems(&format!("id,mtbf_d,{name}\na,3,1\n"));
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        let place = format!("u.csv:1:3 (column `{name}`): this column is not known");
        assert!(found[0].starts_with(&place) && found[0].contains(help), "{name}: {found:?}");
    }
    let found = problems("id,mtbfd,mass_kg\na,3,1\n");
    assert!(found[0].contains("name it `mtbf_d`"), "{found:?}");
}

/// A column of somebody else's table is none of ours, even where its name begins like one.
#[test]
fn a_foreign_column_is_noted_whatever_it_begins_with() {
    for name in ["mass_ref", "mtbf_src", "life_note", "crew_id", "ready_id", "volume_old", "vendor"]
    {
        let list = read(&format!("id,quantity,mtbf_d,{name}\na,1,3,x\n"), 1.0).unwrap();
        assert_eq!(list.notes, [format!("columns not used: `{name}`")]);
    }
}

#[test]
fn empty_files_and_missing_columns_say_what_to_do() {
    assert!(problems("")[0].contains("holds no header"));
    assert!(problems("id,mtbf_d\n")[0].contains("no units"));
    assert!(problems("mtbf_d\n3\n")[0].contains("add a column `id`"));
    assert!(problems("id\na\n")[0].contains("`mtbf_h` or `mtbf_d`"));
    assert!(problems("id,mtbf_d\n\"a,3\n").len() == 1);
}

#[test]
fn numbers_that_are_not_numbers_are_refused() {
    for bad in ["nan", "inf", "1e999", "0", "1,5", "--1", "1e-400"] {
        let text = format!("id,mtbf_d,quantity\na,\"{bad}\",1\n");
        assert!(read(&text, 1.0).is_err(), "{bad}");
    }
}

#[test]
fn laws_keep_the_stated_mean() {
    for law in ["weibull:2.5", "lognormal:3", "early:0.1:20", "exponential"] {
        let text = format!("id,mtbf_d,quantity,law\na,500,1,{law}\n");
        let list = read(&text, 1.0).unwrap();
        assert!((list.units[0].law.mean_d() - 500.0).abs() < 1e-9, "{law}");
    }
    assert!(read("id,mtbf_d,law\na,500,empirical:100;200;300+\n", 1.0).is_ok());
    for law in ["weibull", "weibull:-1", "lognormal:1", "early:2:3", "gauss:3", "empirical:x"] {
        let text = format!("id,mtbf_d,law\na,500,{law}\n");
        let found = problems(&text);
        assert!(found[0].contains("u.csv:2:3 (column `law`)"), "{law}: {found:?}");
    }
}

/// Believed 1 in 1000 d at the worth of 2 failures; 3 failures in 1000 d: 5 in 3000 d.
#[test]
fn service_updates_the_mtbf() {
    let text = "id,mtbf_d,failures_seen,served_d,prior_shape\na,1000,3,1000,2\n";
    let mean = |weight| read(text, weight).unwrap().units[0].law.mean_d();
    assert!((mean(1.0) - 600.0).abs() < 1e-9);
    assert!((mean(0.0) - 1000.0 / 3.5).abs() < 1e-9);
    assert!(problems("id,mtbf_d,failures_seen\na,1000,3\n")[0].contains("served_h"));
}

#[test]
fn a_subsystem_of_hours_taken_for_days_is_noted() {
    let mut text = "id,subsystem,mtbf_d,quantity\n".to_owned();
    for (i, mtbf_d) in [5000.0, 9000.0, 3000.0, 20_000.0, 7000.0].iter().enumerate() {
        let divided = mtbf_d / 24.0;
        writeln!(text, "a{i},air,{mtbf_d},1\nb{i},oxygen,{divided},1").unwrap();
    }
    let notes = read(&text, 1.0).unwrap().notes;
    assert_eq!(notes.len(), 1);
    assert!(notes[0].starts_with("the 5 MTBFs of `oxygen` look divided by 24"), "{}", notes[0]);
    let plain = text.replace("oxygen", "air");
    assert!(read(&plain, 1.0).unwrap().notes.is_empty());
}

/// The two units of a spreadsheet, whatever separates its cells and ends its lines.
#[test]
fn a_list_is_read_as_spreadsheets_write_it() {
    let plain = "id,mtbf_h,quantity,mass_kg,stock\nPump,50000,2,245,1\nFan,30000,4,5.5,2\n";
    let wanted = read(plain, 1.0).unwrap();
    assert_eq!((wanted.units[1].mass_kg, wanted.units[1].stock), (5.5, Some(2)));
    let semicolons = plain.replace(',', ";").replace("5.5", "5,5");
    let blank = format!("{plain},,,,\n,,,,\n");
    let crlf = semicolons.replace('\n', "\r\n");
    for text in [semicolons, plain.replace(',', "\t"), blank, crlf, format!("\u{feff}{plain}")] {
        assert_eq!(read(&text, 1.0).unwrap(), wanted, "{text}");
    }
    let total = read(&format!("{plain}Total,,6,250.5,3\n"), 1.0).unwrap();
    assert_eq!(total.units, wanted.units);
    assert_eq!(total.notes, ["line 4 is a row of totals (`Total`): left out"]);
    let thousands = problems("id;mtbf_h\r\npump;50 000\r\nfan;30.000,5\r\n");
    assert!(thousands[0].starts_with("u.csv:2:2") && thousands[0].contains("write 50000"));
    assert!(thousands[1].starts_with("u.csv:3:2") && thousands[1].contains("write 30000.5"));
}

#[test]
fn all_that_is_wrong_with_a_header_is_said_at_once() {
    let found = problems("unit,mtbf,Mass (lb),quantty\na,3,1,1\n");
    assert_eq!(found.len(), 4, "{found:#?}");
    for wanted in ["no column names the units", "has no unit", "its units are", "`quantity`"] {
        assert!(found.iter().any(|problem| problem.contains(wanted)), "{wanted}: {found:#?}");
    }
    // What a column seems to mean is not missed as well.
    assert!(!found.iter().any(|problem| problem.contains("no column gives")), "{found:#?}");
}

#[test]
fn what_is_no_list_is_named() {
    for (text, wanted) in [
        ("<!DOCTYPE html><html><body>403 Forbidden</body></html>", "a web page"),
        ("{\"id\": \"pump\", \"mtbf_h\": 50000}", "JSON"),
    ] {
        let found = problems(text);
        assert!(found.len() == 1 && found[0].contains(wanted), "{found:?}");
    }
}

/// 20 failures in a million hours are a mean time of 50,000 h.
#[test]
fn failure_rates_are_mean_times() {
    for (name, rate) in [
        ("failure_rate_per_h", "2e-5"),
        ("lambda_per_h", "2e-5"),
        ("Failure rate [1/h]", "0.00002"),
        ("λ (1/h)", "2e-5"),
        ("failure_rate_per_million_h", "20"),
        ("Failures per million hours", "20"),
        ("failure rate (failures/10^6 h)", "20"),
        ("fpmh", "20"),
        ("lambda_fpmh", "20"),
        ("FIT", "20000"),
        ("failure_rate_fit", "20000"),
        ("failure_rate_per_d", "0.00048"),
        ("failure_rate_per_y", "0.17532"),
    ] {
        let list = read(&format!("id,{name},quantity\npump,{rate},2\n"), 1.0);
        let mean_h = list.expect(name).units[0].law.mean_d() * 24.0;
        assert!((mean_h / 50_000.0 - 1.0).abs() < 1e-12, "{name}: {mean_h}");
    }
    let found = problems("id,lambda\na,3\n");
    assert!(found[0].contains("u.csv:1:2 (column `lambda`): this column's name has no unit"));
    assert!(found[0].contains("`lambda_per_h` or `lambda_per_million_h`"), "{found:?}");
    let found = problems("id,failure_rate_per_month\na,3\n");
    assert!(found[0].contains("its units are `failure_rate_per_h`"), "{found:?}");
    let found = problems("id,fpmh\na,0\n");
    assert!(found[0].contains("a failure rate of 0 is an infinite mean time"), "{found:?}");
    assert!(found[0].contains("`failures_seen` 0"), "{found:?}");
    // Both are given: alike but for rounding, in one row each, or in contradiction.
    let both = |rows: &str| read(&format!("id,mtbf_h,fpmh\n{rows}"), 1.0);
    assert_eq!(both("a,50000,20\nb,,20\nc,50000,\n").unwrap().units.len(), 3);
    let found = problems("id,mtbf_h,fpmh\na,40000,20\n");
    assert!(found[0].contains("`fpmh` 20 is a mean time of 50000 h, and `mtbf_h` says 40000 h"));
    assert!(problems("id,mtbf_h,fpmh\na,,\n")[0].contains("is missing"));
}

/// Ages without a failure once were no failure law for no reason.
#[test]
fn ages_without_a_failure_say_so() {
    let found = problems("id,mtbf_d,law\na,500,empirical:100+;200+\n");
    assert!(found[0].contains("no failure among the ages of this empirical law"), "{found:?}");
    assert!(found[0].contains("all 2 units still work"), "{found:?}");
    assert!(found[0].contains("`served_d` 300"), "{found:?}");
    let found = problems("id,mtbf_d,law\na,500,empirical:100;x+\n");
    assert!(found[0].contains("`x+` is not an age of an empirical law"), "{found:?}");
    let found = problems("id,mtbf_d,law\na,500,empirical:\n");
    assert!(found[0].contains("and 0 are given"), "{found:?}");
}

#[test]
fn what_an_observed_law_is_taken_as_is_said() {
    // Mean: straight lines from 1 to 3/4, 1/2 and 1/4 at 10, 20 and 30 d, then 1/4 at 3 in 100 d.
    let mean_d = 8.75 + 6.25 + 3.75 + 0.25 * 100.0 / 3.0;
    let text = "id,mtbf_h,quantity,law\nfan,1200,1,empirical:240h;20;30;40+\n\
                pump,240,1,empirical:10\n";
    let list = read(text, 1.0).unwrap();
    assert!((list.units[0].law.mean_d() - mean_d).abs() < 1e-12);
    let notes = list.notes.join("\n");
    for wanted in [
        "empirical laws (fan, pump): the share surviving falls in straight lines",
        "beyond the last failure, where units still worked, the survival of fan falls",
        "none of pump outlives that age",
        "fan states 1200 h, what was observed of it has 650 h",
        "pump states 240 h, what was observed of it has 120 h",
    ] {
        assert!(notes.contains(wanted), "{wanted}: {notes}");
    }
    // A law of its own needs no stated mean time.
    let alone = read("id,quantity,law\nfan,1,empirical:10;20+\n", 1.0).unwrap();
    assert!(!alone.notes.join("\n").contains("states"), "{:?}", alone.notes);
    assert!(problems("id,law\nfan,weibull:2\n")[0].contains("is missing"));
}

/// What is given in hours is told in hours.
#[test]
fn hours_are_shown_as_hours() {
    let found = problems("id,mtbf_d,life_limit_h,age_h\nlamp,9,2400,2520\n");
    assert!(found[0].contains("2520 h old, beyond the life limit of 2400 h"), "{found:?}");
    let text = "id,mtbf_h,quantity,failures_seen,served_h,prior_shape\nA,50000,1,0,100000,1\n";
    let note = "mean times moved by failures seen in service: A from 50000 h to 150000 h";
    assert_eq!(read(text, 1.0).unwrap().notes, [note]);
    let list = read("id,mtbf_d,quantity,running_h\nlamp,9,1,48\n", 1.0).unwrap();
    assert_eq!(list.running_in.shown(2.0), "48 h");
}

/// A value that nothing on a station has is refused with the bound.
#[test]
fn values_beyond_any_station_are_refused_with_their_bound() {
    for (column, value, bound) in [
        ("mass_kg", "1e9", "from 0 to 1000000"),
        ("mass_g", "1e10", "from 0 to 1e9"),
        ("stock", "4294967294", "from 0 to 100000"),
        ("copies", "100000", "from 1 to 10000"),
        ("k_factor", "1e6", "from 1 to 1000"),
        ("life_limit_d", "1e9", "from 0 to 10000000"),
        ("volume_m3", "1e6", "from 0 to 10000"),
        ("crew_h", "1e6", "from 0 to 10000"),
        ("prior_shape", "1e-9", "from 0.01 to 1000000"),
        ("law", "lognormal:1e6", "lies within 1.1 and 100"),
        ("law", "weibull:0.01", "lies within 0.2 and 20"),
        ("law", "early:0.9999:3", "lies within 0 and 0.99"),
    ] {
        let extra = if column == "prior_shape" { ",failures_seen,served_d" } else { "" };
        let values = if extra.is_empty() { "" } else { ",0,100" };
        let found = problems(&format!("id,mtbf_d,{column}{extra}\na,500,{value}{values}\n"));
        assert!(found.len() == 1 && found[0].contains(bound), "{column} {value}: {found:?}");
    }
    let found = problems("id,mtbf_h\na,1e300\n");
    assert!(found[0].contains("is not a number from 0.024 to 2.4e13"), "{found:?}");
    // Positions of a whole list, and problems of one, have an end.
    let many: String = (0..3).fold("id,mtbf_d,quantity,copies\n".into(), |text, i| {
        format!("{text}u{i},500,10000,100\n")
    });
    assert!(problems(&many)[0].contains("3000000 installed positions"));
    let wrong: String = (0..500).fold("id,mtbf_d\n".into(), |text, i| format!("{text}u{i},x\n"));
    let found = problems(&wrong);
    assert_eq!(found.len(), 101);
    assert!(found.iter().any(|problem| problem.contains("400 more problems")), "{:?}", found[0]);
}

/// No failure in 100,000 h beside 50,000 h stated: the mean time from one to the other end.
#[test]
fn the_weight_of_a_stated_mean_time_has_no_special_end() {
    let text = "id,mtbf_h,failures_seen,served_h,prior_shape\nA,50000,0,100000,1\n";
    let mean_h = |weight| read(text, weight).unwrap().units[0].law.mean_d() * 24.0;
    for (weight, wanted_h) in
        [(1.0, 150_000.0), (0.5, 125_000.0 / 0.75), (0.01, 100_500.0 / 0.505), (0.0, 200_000.0)]
    {
        assert!((mean_h(weight) / wanted_h - 1.0).abs() < 1e-12, "{weight}: {}", mean_h(weight));
    }
}
