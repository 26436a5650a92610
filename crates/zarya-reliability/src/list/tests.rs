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
