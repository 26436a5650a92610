use super::*;
use zarya::units::{Date, Mjd};

fn day(text: &str) -> Mjd {
    Date::parse(text).unwrap().mjd()
}

fn line(name: &str, color: usize, points: &[(f64, f64)]) -> Mark {
    Mark::new(name, color, Shape::Line(points.to_vec()))
}

fn picture(across: Across<'_>, panels: Vec<Panel>, events: Vec<(f64, String)>) -> String {
    svg(&Picture { title: "a < \"b\" & c", sentence: "what is seen", across, panels, events })
}

#[test]
fn texts_are_escaped_and_tags_closed() {
    let marks = vec![
        line("<script>", 0, &[(0.0, 1.0), (1.0, 2.0)]),
        Mark::new(
            "b&b",
            0,
            Shape::Band(vec![(0.0, 0.5), (1.0, 1.0)], vec![(0.0, 2.0), (1.0, 3.0)]),
        ),
        Mark::new("dots", 1, Shape::Dots(vec![(0.5, 1.0, 0.2)])),
        Mark::new("level", 2, Shape::Level(2.5)),
        Mark::new("here", 3, Shape::Point(0.9, 1.9)),
    ];
    let panel = Panel { name: "kg/d".into(), range: Range::FromZero, marks };
    let svg = picture(Across::Numbers("days"), vec![panel], Vec::new());
    assert!(
        svg.contains("a &lt; &quot;b&quot; &amp; c") && svg.contains("&lt;script&gt;"),
        "{svg}"
    );
    assert!(!svg.contains("<script") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    for tag in ["svg", "text", "line", "path", "circle", "rect", "title", "style"] {
        let opened = svg.matches(&format!("<{tag}")).filter(|_| true).count();
        assert_eq!(opened, svg.matches(&format!("</{tag}>")).count(), "{tag}");
    }
    for name in ["dots", "level", "here", "kg/d", "days"] {
        assert!(svg.contains(&format!(">{name}</text>")), "{name}");
    }
}

#[test]
fn names_stand_apart() {
    let mut heights = [10.0, 11.0, 12.0, 90.0, 95.0, 99.0];
    spread(&mut heights, 14.0, 0.0, 100.0);
    assert!(heights.windows(2).all(|pair| pair[1] - pair[0] >= 14.0 - 1e-9), "{heights:?}");
    assert!(heights[0] >= 0.0 && heights[5] <= 100.0, "{heights:?}");
    let events: Vec<(f64, String)> = ["crew off by", "last burns", "entry"]
        .map(|name| (day("2030-12-01"), name.to_owned()))
        .into();
    let rows = event_rows(&events, &|_| 400.0);
    assert_eq!(rows, [0, 1, 2]);
}

#[test]
fn what_is_not_finite_is_a_gap() {
    let points = [(0.0, 1.0), (1.0, f64::INFINITY), (2.0, 3.0)];
    assert_eq!(path(&points, &|p| p, false), "M0.0 1.0M2.0 3.0");
    assert_eq!(path(&points[..1], &|p| p, true), "M0.0 1.0");
    assert_eq!(area(&points, &[], &|p| p), "");
}

#[test]
fn steps_hold_and_long_curves_keep_their_ends() {
    assert_eq!(path(&[(0.0, 1.0), (2.0, 3.0)], &|p| p, true), "M0.0 1.0H2.0V3.0");
    let many: Vec<(f64, f64)> = (0..5000).map(|i| (f64::from(i), 0.0)).collect();
    let path = path(&many, &|p| p, false);
    assert!(path.starts_with("M0.0") && path.ends_with("L4999.0 0.0"));
    assert!(path.matches('L').count() <= POINTS_MAX + 1);
}

#[test]
fn a_long_curve_keeps_its_peaks_and_gaps() {
    let mut many: Vec<(f64, f64)> = (0..5000).map(|i| (f64::from(i), 0.0)).collect();
    many[1234].1 = 9.0;
    many[2345].1 = -9.0;
    many[3456].1 = f64::NAN;
    let path = path(&many, &|p| p, false);
    assert!(path.contains("L1234.0 9.0") && path.contains("L2345.0 -9.0"), "{path}");
    assert_eq!(path.matches('M').count(), 2, "{path}");
}

#[test]
fn the_name_alone_tells_of_a_panel_without_marks() {
    let panel = || Panel { name: "kW".into(), range: Range::Marks, marks: Vec::new() };
    let svg = picture(Across::Dates, vec![panel(), panel()], Vec::new());
    assert!(svg.contains("kW") && !svg.contains("NaN") && !svg.contains("class=\"grid\""), "{svg}");
}

#[test]
fn who_does_not_see_it_reads_the_numbers() {
    let marks = vec![
        line("median", 0, &[(0.0, 5.0), (1.0, 2.5), (2.0, 4.0)]),
        Mark::new("5-95 %", 0, Shape::Band(vec![(0.0, 1.0)], vec![(0.0, 2.0)])),
        Mark::new("limit 3 kPa", LIMIT, Shape::Level(3.0)),
        line("asked", 1, &[(0.0, 7.0), (2.0, 7.0)]),
    ];
    let panel = Panel { name: "pressure".into(), range: Range::Marks, marks };
    let svg = picture(Across::Numbers("days"), vec![panel], vec![(1.5, "failure".into())]);
    for said in [
        "What is seen. Across: days, 0 to 2.",
        "Pressure: median from 5 to 4, least 2.5; 5-95 % 1 to 2 at the end; limit 3 kPa; asked 7.",
        "Marked: failure 1.5.",
    ] {
        assert!(svg.contains(said), "{said}: {svg}");
    }
}

#[test]
fn long_names_take_several_lines() {
    let lines = ["station lithium", "hydroxide"];
    assert_eq!(wrapped("station lithium hydroxide", NAME), lines);
    assert_eq!(wrapped("abcdefgh", 3), ["abc", "def", "gh"]);
    // Each line of many names has its height inside the panel.
    let marks = (0..COLORS).map(|i| line(lines.join(" ").as_str(), i, &[(0.0, 0.0), (1.0, 0.0)]));
    let panel = Panel { name: "kg".into(), range: Range::FromZero, marks: marks.collect() };
    let svg = picture(Across::Numbers("days"), vec![panel], Vec::new());
    let heights: Vec<&str> = svg
        .split("<text ")
        .filter(|text| text.ends_with(">hydroxide</text>") || text.contains(">hydroxide<"))
        .filter_map(|text| text.split("y=\"").nth(1)?.split('"').next())
        .collect();
    let mut apart = heights.clone();
    apart.dedup();
    assert_eq!((heights.len(), apart.len()), (COLORS, COLORS), "{heights:?}");
}
