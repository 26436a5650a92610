use super::*;

const HEAD: &str = "DATE,BSRN,ND,KP1,KP2,KP3,KP4,KP5,KP6,KP7,KP8,KP_SUM,AP1,AP2,AP3,AP4,AP5,AP6,AP7,AP8,AP_AVG,CP,C9,\
     ISN,F10.7_OBS,F10.7_ADJ,F10.7_DATA_TYPE,F10.7_OBS_CENTER81,F10.7_OBS_LAST81,F10.7_ADJ_CENTER81,F10.7_ADJ_LAST81";

fn row(date: &str, flux: &str, ap: &str, kind: &str) -> String {
    format!(
        "{date},2632,21,20,17,23,57,40,33,27,30,247,7,6,9,67,27,18,12,15,{ap},1.1,5,128,{flux},999.9,{kind},134.0,131.2,\
         135.8,132.9"
    )
}

fn table(rows: &[String]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

fn mjd(text: &str) -> i64 {
    Date::parse(text).unwrap().mjd() as i64
}

/// The adjusted flux stands beside the observed one and would be 3 % off.
#[test]
fn the_observed_flux_is_taken_and_the_parts_are_told_apart() {
    let read = read(&table(&[
        row("2026-10-01", "126.9", "17", "OBS"),
        row("2026-10-02", "127.5", "9", "INT"),
        row("2026-10-03", "111.7", "5", "PRD"),
        row("2026-12-01", "108.0", "", "PRM"),
    ]))
    .unwrap();
    let first = Reading {
        day: mjd("2026-10-01"),
        f107: 126.9,
        ap: 17.0,
        ap_3h: [7.0, 6.0, 9.0, 67.0, 27.0, 18.0, 12.0, 15.0],
    };
    assert_eq!((read.days.len(), read.days[0]), (2, first));
    assert_eq!(read.predicted, [(mjd("2026-10-03"), 111.7)]);
    assert_eq!(read.months, [(mjd("2026-12-01"), 108.0)]);
    assert!(
        read.notes.iter().any(|note| note.contains("1 day is interpolated")),
        "{:?}",
        read.notes
    );
}

/// Rows as they stand in the published file of February 2020.
const FIXED: &str = "DATATYPE CssiSpaceWeather\nVERSION 1.2\n# comment\nNUM_OBSERVED_POINTS 3\nBEGIN OBSERVED\n\
2020 02 19 2544 17 20 50 40 40 20 10 10 20 210   7  48  27  27   7   4   4  22  18 1.0 5   0  71.0 0  71.4  71.5  71.7  73.0  73.5\n\
2020 02 20 2544 18 20 30 20 10 20 10 20 30 160   7  15   7   4   7   4   7  18   9 0.9 4   0  71.0 0  71.4  71.5  71.6  72.9  73.5\n\
2020 02 21 2544 19 40 30 30 30 20 30 20 30 230  27  15  15  15   7  15   7   5  13 0.4 2   0  71.0 0  71.4  71.5  72.6  72.7  73.5\n\
2020 02 21 2544 19 40 30 30 30 20 30 20 30 230  27  15  15  15   7  15   7   5  13 0.4 2   0  71.0 0  71.4  71.5  72.6  72.7  73.5\n\
END OBSERVED\n\nBEGIN DAILY_PREDICTED\n\
2020 02 22 2544 20 30 30 22 22 22 22 22 22 192  15  15   8   8   8   8   8   8  10 0.5 2   2  71.0    71.3  71.5  72.5  72.7  73.5\n\
END DAILY_PREDICTED\nBEGIN MONTHLY_PREDICTED\n\
2020 05 01 2547  9                                                                        11  70.2    70.4  70.7  68.9  69.2  68.7\n\
END MONTHLY_PREDICTED\n";

#[test]
fn fixed_columns_are_read_as_published() {
    for text in [FIXED.to_owned(), FIXED.replace('\n', "\r\n")] {
        let read = read(&text).unwrap();
        let last = read.days[2];
        assert_eq!(
            (read.days.len(), last.day, last.f107, last.ap),
            (3, mjd("2020-02-21"), 72.6, 13.0)
        );
        assert_eq!(read.days[0].ap_3h, [7.0, 48.0, 27.0, 27.0, 7.0, 4.0, 4.0, 22.0]);
        assert_eq!(read.predicted, [(mjd("2020-02-22"), 72.5)]);
        assert_eq!(read.months, [(mjd("2020-05-01"), 68.9)]);
    }
}

#[test]
fn one_bad_row_is_left_out_and_named_and_its_day_filled() {
    let mut rows: Vec<String> =
        (1..=9).map(|d| row(&format!("2026-10-{d:02}"), "100.0", "4", "OBS")).collect();
    rows[3] = row("2026-10-04", "n/a", "4", "OBS");
    rows[5] = row("2026-10-06", "130.0", "4", "XXX");
    let read = read(&table(&rows)).unwrap();
    assert_eq!(read.days.len(), 9);
    assert_eq!(read.days[3].f107, 100.0);
    let said = read.notes.join(" | ");
    assert!(said.contains("2 rows left out: line 5: flux: "), "{said}");
    assert!(said.contains("filled from those on both sides: 2026-10-04, 2026-10-06"), "{said}");
}

#[test]
fn three_days_missing_in_a_row_are_not_made_up() {
    let days = [1, 2, 6].map(|d| row(&format!("2026-10-{d:02}"), "100.0", "4", "OBS"));
    let said = read(&table(&days)).unwrap_err().to_string();
    assert!(said.contains("2026-10-03 to 2026-10-05 are missing"), "{said}");
}

#[test]
fn a_list_of_ones_own_is_read_in_the_forms_of_a_spreadsheet() {
    for text in [
        "date,f107,ap\n2026-10-02,95.1,4\n2026-10-03,96.0,7\n",
        "\u{feff}Date;F107;Ap\r\n2026-10-02;95.1;4\r\n;;\r\n2026-10-03;96.0;7\r\n",
        "# mine\nap\tdate\tf10.7\n4\t2026-10-02\t95.1\n7\t2026-10-03T00:00:00\t96.0\n",
    ] {
        let read = read(text).unwrap();
        assert_eq!((read.days.len(), read.days[1].f107, read.days[1].ap_3h), (2, 96.0, [7.0; 8]));
        assert!(read.notes.is_empty(), "{:?}", read.notes);
    }
}

#[test]
fn what_is_missing_is_named_at_once() {
    let said = |text: &str| read(text).unwrap_err().to_string();
    let both = said("day,flux,wind\n2026-10-02,95.1,4\n");
    assert!(both.contains("no column date, f107, ap"), "{both}");
    let adjusted = said("DATE,F10.7_ADJ,AP_AVG\n2026-10-02,95.1,4\n");
    assert!(adjusted.contains("adjusted to one astronomical unit"), "{adjusted}");
    assert!(said("").contains("an empty text"));
    assert!(said("date,f107,ap\n2026-10-02,-3,4\n").contains("outside 40 to 2000"));
    assert!(said("date,f107,ap\n2026-13-02,95,4\n").contains("is no date"));
}

/// 3,000 mutations of good files, with a fixed seed: read or refused, never a panic, and never a day whose
/// values are none.
#[test]
fn mutated_files_are_read_or_refused() {
    let celestrak = table(&[
        row("2026-10-01", "126.9", "17", "OBS"),
        row("2026-10-02", "127.5", "9", "INT"),
        row("2026-10-03", "111.7", "5", "PRD"),
        row("2026-12-01", "108.0", "", "PRM"),
    ]);
    let own = "date,f107,ap\n2026-10-02,95.1,4\n2026-10-03,96.0,7\n";
    let source = zarya_units::random::Source::new(4, 0);
    let stream = zarya_units::random::Stream::new("mutation", "space-weather");
    for n in 0..3_000_u32 {
        let text = [celestrak.as_str(), FIXED, own][n as usize % 3];
        let mut bytes = text.as_bytes().to_vec();
        for k in 0..3 {
            let draw = |i: u32| source.uniform(stream, 12 * n + 4 * k + i);
            let at = (draw(0) * bytes.len() as f64) as usize;
            match (draw(1) * 3.0) as u32 {
                0 => bytes[at] = (draw(2) * 256.0) as u8,
                1 => bytes.truncate(at.max(1)),
                _ => bytes.insert(at, b"0123456789-,;.eE\n\tN"[(draw(2) * 19.0) as usize]),
            }
        }
        if let Ok(read) = read(&String::from_utf8_lossy(&bytes)) {
            for day in read.days {
                assert!(FLUX_SFU.contains(&day.f107) && AP.contains(&day.ap), "{day:?}");
            }
        }
    }
}
