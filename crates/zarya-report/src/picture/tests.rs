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
fn nothing_to_draw_is_an_empty_frame() {
    let panel = || Panel { name: "kW".into(), range: Range::Marks, marks: Vec::new() };
    let svg = picture(Across::Dates, vec![panel(), panel()], Vec::new());
    assert!(svg.contains("kW") && !svg.contains("NaN"), "{svg}");
}
