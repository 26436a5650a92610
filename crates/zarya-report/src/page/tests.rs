//! The page of a made-up answer is kept in `snapshot.html`; `ZARYA_BLESS=1` writes it anew.

use super::{exports, sample};
use crate::command::{Again, again};
use crate::compare::text as compared;
use std::path::Path;
use zarya::assessment::{Estimate, Verdict};
use zarya::compare::between;

fn html(answer: &zarya::assessment::Assessment) -> String {
    super::html(answer, &asked(answer), None)
}

fn asked(answer: &zarya::assessment::Assessment) -> Again {
    let question = zarya::assess::Question { seed: 7, ..Default::default() };
    again(&question, answer.claim.through)
}

#[test]
fn the_page_reads_as_it_did() {
    let page = html(&sample::answer());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/page/snapshot.html");
    if std::env::var_os("ZARYA_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(page == kept, "the report changed: look at it, then run the test with ZARYA_BLESS=1");
}

/// It once told a history of another station, date and scenario under the same number.
#[test]
fn the_line_that_tells_a_history_asks_of_the_same_ensemble() {
    let answer = sample::answer();
    let question = zarya::assess::Question {
        station: Some("my <station>".to_owned()),
        seed: 7,
        without: vec!["roscosmos".to_owned()],
        scenario: vec!["late".to_owned()],
        ..Default::default()
    };
    let page = super::html(&answer, &again(&question, answer.claim.through), Some("old & open"));
    let line = format!(
        "zarya explain 'my &lt;station&gt;' --through {} --history N --seed 7 --without roscosmos \
         --scenario late",
        answer.claim.through
    );
    assert!(page.contains(&line), "{page}");
    let (warning, verdict) = (page.find("old &amp; open").unwrap(), page.find("<h1").unwrap());
    assert!(warning < verdict, "what to know first stands first");
}

#[test]
fn the_page_needs_nothing_else() {
    let page = html(&sample::answer());
    for foreign in ["http://", "https://", "<script", "<img", "<link", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(page.contains("&lt;provided &amp; so on&gt;"), "texts of the files are escaped");
    assert!(!page.contains("NaN") && !page.contains("inf"), "no number is missing");
}

#[test]
fn the_notices_name_whose_series_enter() {
    let page = html(&sample::answer());
    let notices = page.split_once("Notices</h2>").unwrap().1;
    for owner in ["NASA Marshall", "GFZ German Research Centre", "Niemegk, CC BY 4.0"] {
        assert!(notices.contains(owner), "{owner}: {notices}");
    }
}

#[test]
fn every_opened_tag_is_closed() {
    let page = html(&sample::answer());
    let body = page.split_once("</style>").unwrap().1;
    let mut open: Vec<String> = vec!["html".into(), "head".into()];
    for tag in body.split('<').skip(1) {
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "<{}", tag.chars().take(60).collect::<String>());
        } else if name != "br" {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<String>::new());
}

#[test]
fn an_answer_without_most_of_its_parts_still_makes_a_page() {
    let mut answer = sample::answer();
    answer.verdict = Verdict::NotSupported;
    answer.survival.clear();
    answer.conditions.clear();
    answer.break_even.clear();
    answer.record.clear();
    answer.weighting.clear();
    answer.series.clear();
    answer.failures.clear();
    answer.short.clear();
    answer.yardstick = None;
    answer.ledger.breaks.clear();
    answer.ledger.covers.clear();
    answer.ledger.first_break = None;
    answer.run.complete = false;
    let page = html(&answer);
    assert!(page.contains("Not supported") && page.contains("Partial answer"));
}

#[test]
fn equal_answers_compare_as_the_same() {
    let comparison = between(&sample::answer(), &sample::answer());
    assert!(comparison.same);
    assert_eq!(compared(&comparison), "The two answers are the same, digest for digest.\n");
}

#[test]
fn a_changed_answer_is_told_in_words() {
    let before = sample::answer();
    let mut after = before.clone();
    after.probability = Estimate {
        mean: 0.94,
        low: 0.91,
        high: 0.97,
        standard_error: 0.006,
        ..Estimate::default()
    };
    after.verdict = Verdict::Supported;
    after.inputs.digest = "55".repeat(32);
    after.conditions[1].drop = 0.08;
    after.conditions[2].drop += 0.001;
    after.conditions.remove(4);
    after.digest = after.compute_digest();
    let text = compared(&between(&before, &after));
    for line in [
        "verdict: undetermined on the public record -> supported",
        "crewed (headline) rises by 0.070, from 0.87 to 0.94 (\u{b1} 0.008)",
        "drop without spares-resupply falls by 0.13, from 0.21 to 0.080 (\u{b1} 0.02)",
        "drop without upgrade-arrays: only in the first",
        "that moved within their error",
        "the same worlds",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

/// One opened tag of the page: its name and what it names of the exports.
struct Open {
    tag: String,
    table: Option<String>,
    plot: Option<String>,
    /// Rows of its body, for a table.
    rows: usize,
}

/// Walks the page; `check` is called with every tag that opens and those it stands in, it being the last.
fn walk(page: &str, check: &mut dyn FnMut(&[Open])) {
    let body = page.split_once("</style>").unwrap().1;
    let mut open: Vec<Open> = Vec::new();
    for part in body.split('<').skip(1) {
        let text = part.split('>').next().unwrap();
        let tag: String = text.chars().take_while(char::is_ascii_alphanumeric).collect();
        if text.starts_with('/') {
            open.pop();
        } else if tag != "br" {
            let named = |key: &str| {
                let (_, rest) = text.split_once(&format!("{key}=\""))?;
                Some(rest.split('"').next().unwrap().to_owned())
            };
            let (table, plot) = (named("data-table"), named("data-plot"));
            let rows = part.len();
            open.push(Open { tag, table, plot, rows });
            check(&open);
        }
    }
}

#[test]
fn every_table_and_drawing_of_the_page_is_exported() {
    let answer = sample::answer();
    let (page, exports) = (html(&answer), exports(&answer, &asked(&answer)));
    let (mut tables, mut drawings, mut rows) = (0, 0, 0);
    walk(&page, &mut |open| {
        let last = open.last().unwrap();
        let listed = ["table", "ul", "ol", "dl"].contains(&&*last.tag);
        if listed {
            let name =
                last.table.as_ref().unwrap_or_else(|| panic!("a {} without a name", last.tag));
            assert!(exports.tables.iter().any(|table| table.name == *name), "{name}");
            tables += 1;
        }
        if last.tag == "svg" {
            let of = open.iter().rev().find_map(|open| open.plot.as_ref());
            let name =
                of.unwrap_or_else(|| panic!("a drawing without a name after {tables} tables"));
            assert!(exports.pictures.iter().any(|picture| picture.name == *name), "{name}");
            drawings += 1;
        }
        let shown = last.tag == "tr" && open.iter().any(|open| open.tag == "tbody");
        rows += usize::from(shown && 0 < last.rows);
    });
    assert!(10 < tables && 30 < drawings && 10 < rows, "{tables} {drawings} {rows}");
    // Nothing is exported that the page does not show, but for the curves, which are points of drawings.
    for name in exports.tables.iter().map(|table| &table.name) {
        assert!(page.contains(&format!("data-table=\"{name}\"")), "{name}");
    }
}

#[test]
fn exports_hold_all_rows_and_values_as_they_are() {
    let answer = sample::answer();
    let exports = exports(&answer, &asked(&answer));
    let table = |name: &str| exports.tables.iter().find(|table| table.name == name).unwrap();
    let tiers = table("tiers");
    assert_eq!(tiers.columns[2], "probability");
    assert_eq!(tiers.rows[0][2], answer.tiers.crewed.mean.into());
    assert_eq!(table("survival").rows.len(), answer.survival.len());
    assert_eq!(table("conditions").rows.len(), answer.conditions.len());
    let ledger = &answer.ledger;
    let dated = ledger.breaks.len() + ledger.no_margin.len() + ledger.conflicts.len();
    assert_eq!(table("ledger").rows.len(), dated + ledger.covers.len() + ledger.contracts.len());
    assert_eq!(table("caveats").rows.len(), answer.caveats.len());
    assert_eq!(table("counts").rows.len(), answer.counts.len());
    assert_eq!(table("spares-types").rows.len(), answer.sufficiency.types.len());
    assert_eq!(table("sources").rows.len(), answer.provenance.sources.len());
    let crewed = answer.first_causes.iter().filter(|cause| cause.tier == "crewed");
    assert_eq!(table("first-causes-crewed").rows.len(), crewed.count());
    for fan in &answer.series {
        assert_eq!(table(&format!("series-{}", fan.id)).rows.len(), fan.date.len());
    }
    for table in &exports.tables {
        for row in &table.rows {
            assert_eq!(row.len(), table.columns.len(), "{}", table.name);
        }
    }
}

#[test]
fn pictures_stand_alone() {
    let exports = exports(&sample::answer(), &asked(&sample::answer()));
    for picture in &exports.pictures {
        let (name, svg) = (&picture.name, &picture.svg);
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{name}");
        assert!(svg.contains("fill=\"#ffffff\"") && svg.contains("<style>"), "{name}");
        for foreign in ["var(", "<div", "<span", "<strong", "100%\"", "NaN", "<script", "url("] {
            let holds = svg.contains(foreign);
            assert!(!holds, "{name}: {foreign}");
        }
        let opened = svg.matches("<svg").count();
        assert_eq!(opened, svg.matches("</svg>").count(), "{name}");
    }
}
