//! NASA's monthly solar forecasts as issued, and the archive of them.

use crate::error::OrbitError;
use std::sync::OnceLock;
use zarya_text::table::{Comments, Problem, Table};
use zarya_units::{Date, Mjd};

/// Percentiles of one quantity in one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// 5 %.
    pub p05: f64,
    /// 50 %.
    pub p50: f64,
    /// 95 %.
    pub p95: f64,
}

/// One issue of the forecast: smoothed monthly F10.7 and Ap, as published.
///
/// The percentiles are of the 13-month smoothed values: single months scatter more, and Ap comes
/// out lower than the 50 % curve. [`crate::scenario`] turns an issue into daily paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    issue: Date,
    first_month: i32,
    f107: Vec<Band>,
    ap: Vec<Band>,
    maker: Maker,
}

/// Who made a forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// NASA Marshall.
    Nasa,
    /// NOAA's Space Weather Prediction Center.
    Noaa,
    /// CelesTrak, from the predictions of others.
    CelesTrak,
}

impl Maker {
    /// Returns its short name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nasa => "NASA",
            Self::Noaa => "NOAA",
            Self::CelesTrak => "CelesTrak",
        }
    }

    /// Returns whose forecast it is, to be shown with answers that use it.
    pub fn attribution(self) -> &'static str {
        match self {
            Self::Nasa => "NASA Marshall Space Flight Center, MSAFE, as issued",
            Self::Noaa => {
                "NOAA Space Weather Prediction Center, predicted solar cycle, as issued; Ap of NASA's MSAFE"
            }
            Self::CelesTrak => {
                "CelesTrak, space-weather file, as made; band of F10.7 and Ap of NASA's MSAFE"
            }
        }
    }
}

/// Months since year 0.
pub(crate) fn month_number(date: Date) -> i32 {
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

/// First instant of a month counted from year 0: the Gregorian calendar in closed form.
fn month_mjd(number: i32) -> Mjd {
    // Years that begin in March, so that the leap day comes last.
    let months = i64::from(number) - 2;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    (days + (153 * month + 2) / 5 - 678_881) as f64
}

pub(crate) fn month_start(number: i32) -> Option<Date> {
    Date::new((number.div_euclid(12)) as i16, (number.rem_euclid(12) + 1) as i8, 1).ok()
}

impl Forecast {
    /// Builds an issue of months from `first_month`, counted from year 0; both lists are of one length.
    pub(crate) fn new(
        issue: Date,
        first_month: i32,
        f107: Vec<Band>,
        ap: Vec<Band>,
        maker: Maker,
    ) -> Self {
        assert!(!f107.is_empty() && f107.len() == ap.len(), "a month has both");
        Self { issue, first_month, f107, ap, maker }
    }

    /// Returns the same forecast, issued at another time.
    #[must_use]
    pub(crate) fn issued(&self, issue: Date) -> Self {
        Self { issue, ..self.clone() }
    }

    /// Returns who made it.
    pub fn maker(&self) -> Maker {
        self.maker
    }

    /// Returns the first instant of its first month.
    pub fn start(&self) -> Mjd {
        month_mjd(self.first_month)
    }

    /// Returns the month of issue, as its first day; of CelesTrak's file the day it was made.
    pub fn issue(&self) -> Date {
        self.issue
    }

    /// Returns the issue as `YYYY-MM`.
    pub fn name(&self) -> String {
        format!("{:04}-{:02}", self.issue.year(), self.issue.month())
    }

    /// Returns the last instant the forecast reaches: the end of its last month.
    pub fn end(&self) -> Mjd {
        month_mjd(self.first_month + self.f107.len() as i32)
    }

    /// Returns F10.7 at an instant, linear between the middles of months, held at the ends.
    pub fn f107(&self, mjd: Mjd) -> Band {
        self.at(&self.f107, mjd)
    }

    /// Returns Ap at an instant, likewise. As published: the 5 % curve can be negative.
    pub fn ap(&self, mjd: Mjd) -> Band {
        self.at(&self.ap, mjd)
    }

    fn at(&self, bands: &[Band], mjd: Mjd) -> Band {
        // Months since the first one: a guess from the mean length, then the calendar's.
        const MEAN_MONTH_DAYS: f64 = 30.436_875;
        let guess = ((mjd - month_mjd(self.first_month)) / MEAN_MONTH_DAYS) as i32;
        let mut month = self.first_month + guess;
        while month_mjd(month) > mjd {
            month -= 1;
        }
        while month_mjd(month + 1) <= mjd {
            month += 1;
        }
        let (start, next) = (month_mjd(month), month_mjd(month + 1));
        let elapsed = (mjd - start) / (next - start);
        let position = f64::from(month - self.first_month) + elapsed - 0.5;
        let position = position.clamp(0.0, (bands.len() - 1) as f64);
        let (low, share) = (position as usize, position - position.floor());
        let (a, b) = (bands[low], bands[(low + 1).min(bands.len() - 1)]);
        let blend = |a: f64, b: f64| a + share * (b - a);
        Band { p05: blend(a.p05, b.p05), p50: blend(a.p50, b.p50), p95: blend(a.p95, b.p95) }
    }
}

/// Reads issues from CSV text with the columns `issue,month,f107_p95,f107_p50,f107_p05,ap_p95,
/// ap_p50,ap_p05` (months as `YYYY-MM`; columns are found by name, others ignored).
///
/// # Errors
///
/// [`OrbitError::Line`] with line and reason; months of one issue must follow each other.
pub fn parse_csv(text: &str) -> Result<Vec<Forecast>, OrbitError> {
    const NAMES: [&str; 8] =
        ["issue", "month", "f107_p05", "f107_p50", "f107_p95", "ap_p05", "ap_p50", "ap_p95"];
    let bad = |line: u64, why: String| OrbitError::Line { line: line as usize, why };
    let of_row =
        |problem: Problem| bad(problem.line, format!("{}; {}", problem.what, problem.help));
    let mut table = Table::open(text, Comments::Anywhere).map_err(of_row)?;
    let head_line = table.header_line();
    let found = NAMES.map(|name| table.column(&[name]));
    let missing = NAMES.iter().zip(found).filter(|(_, at)| at.is_none());
    // Without backticks: fields of a question are called like some of them.
    let missing: Vec<&str> = missing.map(|(name, _)| *name).collect();
    if !missing.is_empty() {
        return Err(bad(
            head_line,
            format!(
                "no column {} in the header. Read are NASA Marshall's monthly table (`…f10_prd.txt`), NOAA's \
                 `predicted-solar-cycle.json`, CelesTrak's `SW-All.csv`, and tables with these columns",
                missing.join(", ")
            ),
        ));
    }
    let columns = found.map(Option::unwrap_or_default);
    if let Some(double) = table.doubles(columns.into_iter()).into_iter().next() {
        return Err(of_row(double));
    }
    let mut issues: Vec<Forecast> = Vec::new();
    while let Some(row) = table.next_row().map_err(of_row)? {
        let line = row.line;
        let month = |i: usize| {
            Date::parse(row.cell(columns[i]))
                .map_err(|error| bad(line, format!("{}: {error}", NAMES[i])))
        };
        let number = |i: usize| -> Result<f64, OrbitError> {
            let value = row.number(columns[i]);
            let value = value.map_err(|why| bad(line, format!("{}: {why}", NAMES[i])))?;
            if !value.is_finite() || !(-20.0..1000.0).contains(&value) {
                return Err(bad(line, format!("{} is {value}: not a solar index", NAMES[i])));
            }
            Ok(value)
        };
        let issue = month(0)?;
        let at = month_number(month(1)?);
        let f107 = Band { p05: number(2)?, p50: number(3)?, p95: number(4)? };
        let ap = Band { p05: number(5)?, p50: number(6)?, p95: number(7)? };
        if f107.p05 < 40.0 || f107.p05 > f107.p50 || f107.p50 > f107.p95 {
            return Err(bad(line, "F10.7 percentiles must rise and be above 40".into()));
        }
        match issues.last_mut() {
            Some(last) if last.issue == issue => {
                if at != last.first_month + last.f107.len() as i32 {
                    return Err(bad(line, "a month is missing or out of order".into()));
                }
                last.f107.push(f107);
                last.ap.push(ap);
            }
            _ => issues.push(Forecast::new(issue, at, vec![f107], vec![ap], Maker::Nasa)),
        }
    }
    if issues.is_empty() {
        return Err(bad(head_line, "the file holds no month".into()));
    }
    Ok(issues)
}

/// The archive of issues carried in the program.
pub mod archive {
    use super::{Band, Date, Forecast, Maker, OnceLock, OrbitError, month_number, month_start};

    static PACKED: &[u8] = include_bytes!("../data/msafe-archive.bin");
    const COLUMNS: usize = 6;
    const TENTHS: f64 = 10.0;

    /// Returns every issue of the archive, oldest first (unpacked on the first call).
    pub fn issues() -> &'static [Forecast] {
        static ISSUES: OnceLock<Vec<Forecast>> = OnceLock::new();
        ISSUES.get_or_init(|| unpack(PACKED))
    }

    /// Returns the SHA-256 of the packed archive, to be listed among the inputs of an answer.
    pub fn digest() -> String {
        zarya_units::digest::of_bytes(PACKED)
    }

    /// Returns the latest issue whose month had begun by `date`.
    ///
    /// The archive dates its issues by month alone. An issue is taken as known from the first day
    /// of its month (assumed: the month of issue is the month before whose end it was posted).
    ///
    /// # Errors
    ///
    /// [`OrbitError::NoForecast`] before the first issue.
    pub fn forecast_as_of(date: Date) -> Result<&'static Forecast, OrbitError> {
        let issues = issues();
        let after = issues.partition_point(|issue| issue.issue <= date);
        after.checked_sub(1).map(|last| &issues[last]).ok_or(OrbitError::NoForecast {
            asked: date,
            first: issues[0].issue,
            last: issues[issues.len() - 1].issue,
        })
    }

    /// Returns the issue of the month `month`.
    ///
    /// # Errors
    ///
    /// [`OrbitError::NoForecast`] if the archive has none of that month.
    pub fn forecast_of(month: Date) -> Result<&'static Forecast, OrbitError> {
        let issues = issues();
        issues.iter().find(|issue| month_number(issue.issue) == month_number(month)).ok_or(
            OrbitError::NoForecast {
                asked: month,
                first: issues[0].issue,
                last: issues[issues.len() - 1].issue,
            },
        )
    }

    /// Packs issues: months and tenths of units as differences down the columns, deflated.
    pub fn pack(issues: &[Forecast]) -> Vec<u8> {
        let mut heads = Vec::new();
        let mut columns = vec![Vec::new(); COLUMNS];
        let put = |bytes: &mut Vec<u8>, value: i32| bytes.extend((value as i16).to_le_bytes());
        put(&mut heads, issues.len() as i32);
        for issue in issues {
            put(&mut heads, month_number(issue.issue));
            put(&mut heads, issue.first_month);
            put(&mut heads, issue.f107.len() as i32);
            for (c, column) in columns.iter_mut().enumerate() {
                let mut last = 0;
                for (f107, ap) in issue.f107.iter().zip(&issue.ap) {
                    let value = [f107.p05, f107.p50, f107.p95, ap.p05, ap.p50, ap.p95][c];
                    let tenths = (value * TENTHS).round() as i32;
                    put(column, tenths - last);
                    last = tenths;
                }
            }
        }
        let plain: Vec<u8> = heads.into_iter().chain(columns.into_iter().flatten()).collect();
        // Low bytes first, then high bytes: the high ones are nearly all 0 or 255.
        let planes: Vec<u8> =
            plain.iter().step_by(2).chain(plain.iter().skip(1).step_by(2)).copied().collect();
        miniz_oxide::deflate::compress_to_vec(&planes, 10)
    }

    /// Reverses [`pack`]; the input is the program's own file.
    fn unpack(packed: &[u8]) -> Vec<Forecast> {
        let planes = miniz_oxide::inflate::decompress_to_vec(packed).expect("our own archive");
        let half = planes.len() / 2;
        let word = |i: usize| i32::from(i16::from_le_bytes([planes[i], planes[half + i]]));
        let n = word(0) as usize;
        let heads: Vec<(i32, i32, usize)> =
            (0..n).map(|i| (word(1 + 3 * i), word(2 + 3 * i), word(3 + 3 * i) as usize)).collect();
        let months: usize = heads.iter().map(|head| head.2).sum();
        let mut at = 1 + 3 * n;
        let mut issues = Vec::with_capacity(n);
        for &(issue, first_month, length) in &heads {
            let column = |c: usize| {
                let mut value = 0;
                (0..length)
                    .map(|i| {
                        value += word(at + c * months + i);
                        f64::from(value) / TENTHS
                    })
                    .collect::<Vec<f64>>()
            };
            let [f05, f50, f95] = [column(0), column(1), column(2)];
            let [a05, a50, a95] = [column(3), column(4), column(5)];
            let bands = |p05: &[f64], p50: &[f64], p95: &[f64]| {
                (0..length)
                    .map(|i| Band { p05: p05[i], p50: p50[i], p95: p95[i] })
                    .collect::<Vec<Band>>()
            };
            issues.push(Forecast {
                issue: month_start(issue).expect("a month of our own archive"),
                first_month,
                f107: bands(&f05, &f50, &f95),
                ap: bands(&a05, &a50, &a95),
                maker: Maker::Nasa,
            });
            at += length;
        }
        issues
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First and last lines of NASA's issues of March 1999 and March 2026, as published.
    #[test]
    fn the_archive_holds_the_published_numbers() {
        let issues = archive::issues();
        assert_eq!(issues.len(), 325);
        let first = archive::forecast_of(Date::parse("1999-03").unwrap()).unwrap();
        let middle = Date::parse("1998-09-16").unwrap().mjd();
        assert_eq!(first.f107(middle), Band { p05: 123.4, p50: 127.7, p95: 131.0 });
        assert_eq!(first.ap(middle), Band { p05: 12.4, p50: 13.4, p95: 14.3 });
        assert_eq!(issues[issues.len() - 1].name(), "2026-03");
    }

    #[test]
    fn the_issue_of_a_date_is_the_latest_begun() {
        let name = |text| archive::forecast_as_of(Date::parse(text).unwrap()).unwrap().name();
        assert_eq!(name("2007-11-03"), "2007-11");
        assert_eq!(name("2030-01-01"), "2026-03");
        assert!(archive::forecast_as_of(Date::parse("1999-02-28").unwrap()).is_err());
    }

    #[test]
    fn months_begin_where_the_calendar_says() {
        for number in 1900 * 12..2199 * 12 {
            let date = month_start(number).unwrap();
            assert_eq!(month_mjd(number), date.mjd(), "{date}");
        }
    }

    #[test]
    fn packing_is_reversible() {
        let issues = archive::issues();
        let again = archive::pack(issues);
        assert_eq!(zarya_units::digest::of_bytes(&again), archive::digest());
    }

    #[test]
    fn a_bad_file_is_refused_with_its_line() {
        let head = "issue,month,f107_p95,f107_p50,f107_p05,ap_p95,ap_p50,ap_p05\n";
        let error = |rows: &str| parse_csv(&format!("{head}{rows}")).unwrap_err().to_string();
        assert!(error("2026-03,2026-03,150,140,x,9,8,7").contains("line 2: f107_p05"));
        assert!(error("2026-03,2026-03,150,140,145,9,8,7").contains("must rise"));
        assert!(
            error("2026-03,2026-03,150,140,130,9,8,7\n2026-03,2026-05,150,140,130,9,8,7")
                .contains("line 3: a month is missing")
        );
        assert!(parse_csv("month\n").unwrap_err().to_string().contains("no column issue"));
        assert!(parse_csv("").is_err());
    }
}
