use super::*;
use proptest::prelude::*;

/// All rows of a table: line and cells.
fn rows(text: &str, comments: Comments) -> Vec<(u64, Vec<String>)> {
    let mut table = Table::open(text, comments).expect("a table");
    let mut rows = Vec::new();
    while let Some(row) = table.next_row().expect("a row") {
        rows.push((row.line, row.cells().map(str::to_owned).collect()));
    }
    rows
}

fn number(text: &str, row: usize, column: usize) -> Result<f64, NotANumber> {
    let mut table = Table::open(text, Comments::Head).expect("a table");
    for _ in 0..row {
        table.next_row().expect("a row").expect("a row");
    }
    table.next_row().expect("a row").expect("a row").number(column)
}

#[test]
fn every_separator_and_every_line_end_gives_the_same_rows() {
    let plain = "# list\nid,mtbf_h,mass_kg\n\npump,50000,245\n,,\n\"fan, small\",30000,5.5\n";
    let wanted = vec![
        (4, vec!["pump".to_owned(), "50000".into(), "245".into()]),
        (6, vec!["fan, small".to_owned(), "30000".into(), "5.5".into()]),
    ];
    for separator in [",", ";", "\t"] {
        for end in ["\n", "\r\n", "\r"] {
            let text = plain.replace("fan, small", "fan; small").replace(',', separator);
            let text = text.replace("fan; small", "fan, small").replace('\n', end);
            for text in [text.clone(), format!("\u{feff}{text}"), text.trim_end().to_owned()] {
                assert_eq!(rows(&text, Comments::Head), wanted, "{text:?}");
                assert_eq!(rows(&text, Comments::Anywhere), wanted, "{text:?}");
            }
        }
    }
    let told = "sep=;\r\nid;mass_kg\r\nfan;5,5\r\n";
    assert_eq!(rows(told, Comments::Head)[0].0, 3);
}

#[test]
fn comments_among_rows_are_told_from_names() {
    let text = "mjd,alt\n#59000,400\n59001,\"401\"\r\n# it's \"odd\n59002,402\n";
    let lines: Vec<u64> = rows(text, Comments::Anywhere).iter().map(|row| row.0).collect();
    assert_eq!(lines, [3, 5]);
    let named = rows("id,n\n#4 pump,2\n", Comments::Head);
    assert_eq!(named[0].1[0], "#4 pump");
}

#[test]
fn a_comma_is_the_decimal_sign_where_it_can_be_nothing_else() {
    assert_eq!(number("id;x\nfan;5,5\n", 0, 1), Ok(5.5));
    assert_eq!(
        number("id;x\nfan;1,234\n", 0, 1),
        Ok(1.234),
        "semicolons stand for commas in decimals"
    );
    assert_eq!(number("id\tx\nfan\t5,25\n", 0, 1), Ok(5.25));
    assert_eq!(number("id\tx\nfan\t1,234\nbed\t5,5\n", 0, 1), Ok(1.234), "the next row tells");
    assert_eq!(number("id;x\nfan;-0,125\n", 0, 1), Ok(-0.125));
    assert_eq!(number("id;x\nfan;5.5\n", 0, 1), Ok(5.5));
    assert_eq!(number("id,x\nfan,1.234\n", 0, 1), Ok(1.234));
    assert_eq!(number("id,x\nfan,2e-5\n", 0, 1), Ok(2e-5));
    for ambiguous in [
        "id\tx\nfan\t1,234\n",
        "id,x\nfan,\"1,234\"\n",
        "id,x\nfan,\"5,5\"\n",
        "id;x\nfan;1,234\nbed;2.5\n",
        "id;x\nfan;1.234\nbed;2,5\n",
    ] {
        let refused = number(ambiguous, 0, 1).expect_err(ambiguous);
        assert!(refused.what.contains("may be the decimal sign"), "{refused}");
    }
    for (named, written) in [
        ("id;x\nfan;1.234,5\n", "write 1234.5"),
        ("id,x\nfan,\"1,234.5\"\n", "write 1234.5"),
        ("id\tx\nfan\t1,234,567\n", "write 1234567"),
        ("id,x\nfan,50 000\n", "write 50000"),
        ("id,x\nfan,50\u{202f}000\n", "write 50000"),
        ("id,x\nfan,50'000\n", "write 50000"),
    ] {
        let refused = number(named, 0, 1).expect_err(named);
        assert!(refused.what.contains("thousands"), "{refused}");
        assert!(refused.help.contains(written), "{refused}");
    }
    for (none, why) in [
        ("50000 h", "unit"),
        ("5%", "unit"),
        ("inf", "not a number"),
        ("NaN", "not a number"),
        ("1e400", "too large"),
        ("pump", "not a number"),
    ] {
        let refused = number(&format!("id,x\nfan,{none}\n"), 0, 1).expect_err(none);
        assert!(refused.to_string().contains(why), "{refused}");
    }
}

#[test]
fn totals_are_left_out_and_said() {
    for (text, line) in [
        ("id,mass_kg\nfan,5\nTotal,5\n", 3),
        ("id;mass\r\nfan;5\r\n;\r\nSumme:;5\r\n", 4),
        ("id,mass\nfan,5\n,\n,итого\n", 4),
    ] {
        let mut table = Table::open(text, Comments::Head).unwrap();
        assert_eq!(table.next_row().unwrap().unwrap().cell(0), "fan");
        assert!(table.next_row().unwrap().is_none());
        assert!(table.notes()[0].starts_with(&format!("line {line} is")), "{:?}", table.notes());
    }
    // A pump for totals is a pump.
    assert_eq!(rows("id,n\ntotal pressure sensor,2\n", Comments::Head).len(), 1);
}

#[test]
fn a_row_that_does_not_fit_says_so() {
    let fits = |text: &str| {
        let mut table = Table::open(text, Comments::Head).unwrap();
        table.next_row().unwrap().unwrap().misfit().is_none()
    };
    assert!(fits("id,n\nfan,2\n"));
    assert!(fits("id,n\nfan,2,,\n"), "separators behind the last column");
    assert!(fits("id,n,,\nfan,2\n"));
    assert!(!fits("id,n\nfan,2,5\n"));
    assert!(!fits("id,n\nfan\n"));
    let mut open = Table::open("id,n\nfan,2\n\"bed,3\nbox,4\n", Comments::Head).unwrap();
    open.next_row().unwrap();
    let problem = open.next_row().unwrap_err();
    assert!((problem.line, problem.what.contains("quotation")) == (3, true), "{problem:?}");
}

#[test]
fn headers_are_compared_by_their_keys() {
    let table = Table::open("Id; Mass [kg] ;MTBF (h);mass-kg\n", Comments::Head).unwrap();
    let keys: Vec<&str> = table.names().iter().map(|name| name.key.as_str()).collect();
    assert_eq!(keys, ["id", "mass_kg", "mtbf_h", "mass_kg"]);
    assert_eq!(table.column(&["mass_g", "mass_kg"]), Some(1));
    let doubles = table.doubles([0, 1].into_iter());
    assert_eq!((doubles.len(), doubles[0].column), (1, 4));
    for nothing in ["", "\u{feff}", "# only words\n", "\n\n;;;\n"] {
        assert!(Table::open(nothing, Comments::Head).is_err());
    }
}

proptest! {
    #[test]
    fn any_text_ends_without_a_panic(text in "[ -~\\r\\n\\t\"#;,.0-9é\u{feff}]{0,200}") {
        for comments in [Comments::Head, Comments::Anywhere] {
            let Ok(mut table) = Table::open(&text, comments) else { continue };
            let lines = lines(&text).count() as u64;
            let mut last = table.header_line();
            for _ in 0..=text.len() {
                match table.next_row() {
                    Ok(None) => break,
                    Ok(Some(row)) => {
                        prop_assert!(last < row.line && row.line <= lines, "{} of {lines}", row.line);
                        last = row.line;
                        for column in 0..=row.cells().count() {
                            let _ = row.number(column);
                        }
                    }
                    Err(problem) => prop_assert!(problem.line <= lines),
                }
            }
        }
    }

    #[test]
    fn lines_put_together_are_the_text(text in "[a\\r\\n]{0,40}") {
        prop_assert_eq!(lines(&text).collect::<String>(), text);
    }
}
