//! Two-line element sets, in the columns they are published in or with columns that have moved.
//!
//! A field that an altitude does not need cannot cost a set: where it cannot be read it is absent. The checksum is
//! compared where there is one; blanks do not count in it, so it holds for moved columns, too.

use crate::elements;
use crate::identity::{self, Identity};
use crate::reading::Reading;
use crate::sets::{Epoch, Set, Size, is_angle};
use crate::track::{Remark, What};
use std::borrow::Cow;
use zarya_units::Date;

/// Columns of lines 1 and 2 that are blank, counted from 0.
const BLANKS: [&[usize]; 2] = [&[1, 8, 17, 32, 43, 52, 61, 63], &[1, 7, 16, 25, 33, 42, 51]];
/// Signs of a line with its checksum.
const LENGTH: usize = 69;

/// The type of elements whose mean motion is Brouwer's.
pub(crate) const SGP4_XP: &str = "4";

/// Reads two-line sets, with or without a name line before each.
///
/// A set that cannot be read, or a line without its partner, is left out with a remark.
pub(crate) fn read(text: &str) -> Reading {
    let mut reading = Reading::new("TLE");
    let lines = content(text);
    let mut name: Option<&str> = None;
    let mut at = 0;
    while at < lines.len() {
        let (number, line) = (lines[at].0, lines[at].1.as_ref());
        match which(line) {
            Some(1) => {
                let second = lines.get(at + 1).filter(|(_, next)| which(next) == Some(2));
                let place = format!("line {number}");
                match second {
                    Some((_, second)) => {
                        add(&mut reading, [line, second], name, &place);
                        at += 1;
                    }
                    None => lonely(
                        &mut reading,
                        line,
                        &place,
                        "line 1 of an element set without line 2 after it",
                    ),
                }
                name = None;
            }
            Some(_) => {
                let why = "line 2 of an element set without line 1 before it";
                lonely(&mut reading, line, &format!("line {number}"), why);
                name = None;
            }
            None => name = Some(line),
        }
        at += 1;
    }
    if let Some((number, line)) = lines.last().filter(|(_, line)| which(line).is_none()) {
        let shown: String = line.chars().take(20).collect();
        reading.caveats.push(format!(
            "the file ends with line {number}, `{}`, and not with line 2 of an element set: it may be cut off",
            shown.escape_debug()
        ));
    }
    reading
}

/// Adds the set of two lines to what a text came to.
pub(crate) fn add(reading: &mut Reading, lines: [&str; 2], name: Option<&str>, place: &str) {
    match set(lines) {
        Ok((mut set, dress)) => {
            set.object.name = name.and_then(identity::name);
            let odd = |what| Remark::odd(Some(set.epoch.mjd()), what, place.to_owned());
            if dress.moved {
                reading.flaw(set.object.clone(), odd(What::Moved));
            }
            if dress.unchecked {
                reading.flaw(set.object.clone(), odd(What::Unchecked));
            }
            elements::add(reading, set);
        }
        // Its own epoch may be what is wrong: it counts as of the time of the set before it.
        Err(why) => {
            let remark = Remark::bad(reading.last_mjd(), format!("{place}: {why}"));
            reading.flaw(whose(lines[0]), remark);
        }
    }
}

fn lonely(reading: &mut Reading, line: &str, place: &str, what: &str) {
    let why = format!("{place}: {what}: the file is cut off or mixed up");
    reading.flaw(whose(line), Remark::bad(reading.last_mjd(), why));
}

/// Reads the number of a line that is not read otherwise.
fn whose(line: &str) -> Identity {
    let number = line.split_whitespace().nth(1).and_then(numbered);
    Identity { number, ..Identity::default() }
}

/// Lines with something on them, counted from 1; comments are none.
fn content(text: &str) -> Vec<(usize, Cow<'_, str>)> {
    text.lines()
        .enumerate()
        .map(|(i, line)| (i + 1, plain(line)))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

/// Writes the blanks and minus signs of web pages as those of a keyboard.
fn plain(line: &str) -> Cow<'_, str> {
    let line = line.trim();
    if line.is_ascii() {
        return Cow::Borrowed(line);
    }
    let sign = |c: char| match c {
        '\u{2212}' | '\u{2012}' | '\u{2013}' => '-',
        '\t' => c,
        c if c.is_whitespace() => ' ',
        c => c,
    };
    Cow::Owned(
        line.chars().filter(|c| *c != '\u{feff}').map(sign).collect::<String>().trim().to_owned(),
    )
}

/// Tells whether a line is line 1 or 2 of a set, by its beginning.
pub(crate) fn which(line: &str) -> Option<u8> {
    const SIGNS_MIN: usize = 20;
    let line = line.trim();
    let mut signs = line.bytes();
    let first = signs.next().filter(|sign| matches!(sign, b'1' | b'2'))?;
    let is_line = matches!(signs.next(), Some(b' ' | b'\t'))
        && line.len() > SIGNS_MIN
        && !line.contains([',', ';'])
        // An object's number follows; a word of prose is none.
        && line[1..].split_whitespace().next().is_some_and(|word| word.contains(|c: char| c.is_ascii_digit()));
    is_line.then_some(first - b'0')
}

/// Tells whether a text begins with two-line sets: a whole one near its beginning, or a line that looks
/// like one of a set in its columns.
pub(crate) fn begins(text: &str) -> bool {
    const LINES_LOOKED_AT: usize = 60;
    let lines: Vec<(usize, Cow<'_, str>)> = text
        .lines()
        .enumerate()
        .map(|(i, line)| (i, plain(line)))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .take(LINES_LOOKED_AT)
        .collect();
    let is_pair = |pair: &[(usize, Cow<'_, str>)]| {
        which(&pair[0].1) == Some(1)
            && which(&pair[1].1) == Some(2)
            && pair.iter().all(|(_, line)| {
                line.split_whitespace().nth(1).is_some_and(|n| numbered(n).is_some())
            })
    };
    lines.windows(2).any(is_pair)
        || lines.iter().any(|(_, line)| which(line).is_some() && !line.contains('\t'))
}

/// What is unusual about a set that was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Dress {
    moved: bool,
    unchecked: bool,
}

/// The fields of a set as texts; blank where there is none.
struct Fields<'a> {
    number: [&'a str; 2],
    designator: &'a str,
    year: &'a str,
    day: &'a str,
    inclination: &'a str,
    node: &'a str,
    eccentricity: &'a str,
    mean_motion: &'a str,
    /// The type of the elements: `4` is SGP4-XP.
    kind: &'a str,
    class: &'a str,
    derivatives: [&'a str; 2],
    drag: &'a str,
    set_number: &'a str,
    pericenter: &'a str,
    anomaly: &'a str,
    revolution: &'a str,
}

/// Reads a set of two lines.
fn set(lines: [&str; 2]) -> Result<(Set, Dress), String> {
    let lines = lines.map(|line| plain(line).to_ascii_uppercase());
    let lines = [lines[0].as_str(), lines[1].as_str()];
    let in_columns = (0..2).all(|i| is_in_columns(lines[i], BLANKS[i]));
    let (fields, unchecked) = if in_columns {
        (by_columns(lines), check(lines, [LENGTH - 1; 2])?)
    } else {
        let mut fields = by_fields(lines).map_err(|why| {
            format!(
                "its columns have moved (tabs, blanks collapsed, or a line of {} and one of {} signs where a set \
                 has {LENGTH}), and its fields do not tell: {why}",
                lines[0].len(),
                lines[1].len()
            )
        })?;
        let ends = lines.map(|line| line.len().saturating_sub(1));
        let last = mean_motion(lines[1].split_whitespace().nth(7).unwrap_or("")).1;
        // Mean motion, revolutions and checksum have no blank between them from 10,000 revolutions on.
        let has_none = last == REVOLUTION_DIGITS;
        if !has_none {
            // The checksum is the last sign of either line.
            fields.set_number = but_last(fields.set_number);
            if lines[1].split_whitespace().count() < FIELDS_MAX {
                fields.revolution = but_last(fields.revolution);
            }
        }
        (fields, if has_none { true } else { check(lines, ends)? })
    };
    let number =
        |text| numbered(text).ok_or_else(|| format!("`{}` is no catalog number", shown(text)));
    let numbers = [number(fields.number[0])?, number(fields.number[1])?];
    if numbers[0] != numbers[1] {
        let [first, second] = numbers;
        return Err(format!(
            "line 1 is of object {first} and line 2 of {second}: the file is mixed up"
        ));
    }
    let rev_d = decimal("mean motion", fields.mean_motion)?;
    let set = Set {
        object: Identity {
            // Sets of objects that have none carry a zero.
            number: Some(numbers[0]).filter(|number| *number > 0),
            designator: identity::designator(fields.designator),
            name: None,
        },
        epoch: epoch(fields.year, fields.day)?,
        size: if fields.kind == SGP4_XP { Size::Brouwer(rev_d) } else { Size::Kozai(rev_d) },
        eccentricity: whole("eccentricity", fields.eccentricity)?,
        inclination_deg: decimal("inclination", fields.inclination)?,
        raan_deg: decimal("node", fields.node)?,
        pericenter_deg: angle(fields.pericenter),
        anomaly_deg: angle(fields.anomaly),
        bstar: assumed(fields.drag),
        mean_motion_dot: signed(fields.derivatives[0]),
        mean_motion_ddot: assumed(fields.derivatives[1]),
        set_number: fields.set_number.trim().parse().ok(),
        revolution: fields.revolution.trim().parse().ok(),
        class: identity::class(fields.class),
        // One digit has room; where columns have moved, more may stand there.
        ephemeris_type: fields.kind.trim().parse().ok().filter(|kind| *kind < 10),
    };
    Ok((set, Dress { moved: !in_columns, unchecked }))
}

/// Revolutions at epoch fill five digits.
const REVOLUTION_DIGITS: usize = 5;
/// Fields of a line 2 whose revolutions and checksum stand apart.
const FIELDS_MAX: usize = 10;

fn but_last(text: &str) -> &str {
    text.char_indices().next_back().map_or("", |(at, _)| &text[..at])
}

fn is_in_columns(line: &str, blanks: &[usize]) -> bool {
    let bytes = line.as_bytes();
    line.is_ascii()
        && !line.contains('\t')
        && (bytes.len() == LENGTH || bytes.len() == LENGTH - 1)
        && blanks.iter().all(|at| bytes[*at] == b' ')
}

fn by_columns([first, second]: [&str; 2]) -> Fields<'_> {
    Fields {
        number: [&first[2..7], &second[2..7]],
        designator: &first[9..17],
        year: &first[18..20],
        day: &first[20..32],
        inclination: &second[8..16],
        node: &second[17..25],
        eccentricity: &second[26..33],
        mean_motion: &second[52..63],
        kind: &first[62..63],
        class: &first[7..8],
        derivatives: [&first[33..43], &first[44..52]],
        drag: &first[53..61],
        set_number: &first[64..68],
        pericenter: &second[34..42],
        anomaly: &second[43..51],
        revolution: &second[63..68],
    }
}

/// Tells the fields of lines whose columns have moved, where only one reading is possible.
fn by_fields([first, second]: [&str; 2]) -> Result<Fields<'_>, String> {
    const FIELDS: std::ops::RangeInclusive<usize> = 8..=FIELDS_MAX;
    let a: Vec<&str> = first.split_whitespace().collect();
    let b: Vec<&str> = second.split_whitespace().collect();
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    // The class of the object stands against its number or apart; the designator may be missing or have a
    // blank in it: the epoch is the first number with a point.
    let epoch = a.iter().position(|field| field.contains('.')).unwrap_or(0);
    if !(2..=5).contains(&epoch) {
        return Err("line 1 has no epoch (a number like 21001.22196045) near its beginning".into());
    }
    let (whole, _) = a[epoch].split_once('.').unwrap_or((a[epoch], ""));
    let (year, day) = match (is_digits(whole), whole.len()) {
        (true, 5) => a[epoch].split_at(2),
        // A day of the year below 100 may stand apart from its year.
        (true, 1..=3) if is_digits(a[epoch - 1]) && a[epoch - 1].len() == 2 && epoch > 2 => {
            (a[epoch - 1], a[epoch])
        }
        _ => return Err(format!("`{}` is no epoch like 21001.22196045", shown(a[epoch]))),
    };
    if !FIELDS.contains(&b.len()) {
        return Err(format!("line 2 has {} fields where a set has 8 to 10", b.len()));
    }
    if !is_digits(b[4]) || b[4].len() > 7 {
        return Err(format!(
            "`{}` in the place of the eccentricity is not up to seven digits",
            shown(b[4])
        ));
    }
    let is_angle = |text: &str| {
        text.contains('.')
            && text.parse::<f64>().is_ok_and(|degrees| (0.0..=360.0).contains(&degrees))
    };
    if let Some(bad) = [b[2], b[3], b[5], b[6]].into_iter().find(|text| !is_angle(text)) {
        return Err(format!("`{}` stands where an angle is expected", shown(bad)));
    }
    // Behind the epoch stand two derivatives and the drag term, then the type and the number of the set.
    let behind: [&str; 5] = a[epoch + 1..].try_into().unwrap_or_default();
    let (mean_motion, glued) = mean_motion(b[7]);
    let last = a[1].char_indices().next_back().map_or("", |(at, _)| &a[1][at..]);
    let class = [last, a[2]];
    Ok(Fields {
        number: [a[1], b[1]],
        designator: a[2..epoch]
            .iter()
            .copied()
            .find(|text| identity::designator(text).is_some())
            .unwrap_or(""),
        year,
        day,
        inclination: b[2],
        node: b[3],
        eccentricity: b[4],
        mean_motion,
        kind: behind[3],
        class: class.into_iter().find(|text| identity::class(text).is_some()).unwrap_or(""),
        derivatives: [behind[0], behind[1]],
        drag: behind[2],
        set_number: behind[4],
        pericenter: b[5],
        anomaly: b[6],
        revolution: if glued == 0 {
            b.get(8).copied().unwrap_or("")
        } else {
            &b[7][mean_motion.len()..]
        },
    })
}

/// Cuts a mean motion off the revolutions behind it: it has eight decimals; returns how many signs follow.
fn mean_motion(text: &str) -> (&str, usize) {
    const DECIMALS: usize = 8;
    let end = text.find('.').map_or(text.len(), |point| point + 1 + DECIMALS);
    match text.get(..end) {
        Some(head) => (head, text.len() - head.len()),
        None => (text, 0),
    }
}

/// Compares the checksums of two lines, each at its place; tells whether there is none.
fn check(lines: [&str; 2], at: [usize; 2]) -> Result<bool, String> {
    let mut without = 0;
    for (i, line) in lines.iter().enumerate() {
        let Some(last) = line.as_bytes().get(at[i]) else {
            without += 1;
            continue;
        };
        let sum: u32 = line.as_bytes()[..at[i]]
            .iter()
            .map(|sign| match sign {
                b'0'..=b'9' => u32::from(sign - b'0'),
                b'-' => 1,
                _ => 0,
            })
            .sum();
        let wanted = sum % 10;
        if u32::from(*last) != wanted + u32::from(b'0') {
            return Err(format!(
                "the checksum of line {} of the set is `{}` where its digits give {wanted}: a digit is wrong, or \
                 missing",
                i + 1,
                char::from(*last).escape_debug()
            ));
        }
    }
    Ok(without > 0)
}

/// Reads a catalog number, with the letter of the class behind it or not.
fn numbered(text: &str) -> Option<u32> {
    let text = text.trim();
    let bare = text.strip_suffix(['U', 'C', 'S', 'u', 'c', 's']).unwrap_or(text);
    identity::catalog_number(bare)
}

/// Reads the year of two digits (those from 57 on are of the last century) and the day with its fraction.
fn epoch(year: &str, day: &str) -> Result<Epoch, String> {
    let wrong = || {
        format!(
            "`{}{}` is no epoch: two digits of the year, then the day of the year",
            shown(year),
            shown(day)
        )
    };
    let year: i32 = year.trim().parse().map_err(|_| wrong())?;
    if !(0..100).contains(&year) {
        return Err(wrong());
    }
    let year = if year < 57 { 2000 + year } else { 1900 + year };
    let number = decimal("day", day).map_err(|_| wrong())?;
    let edge = |text: String| Date::parse(&text).map(Date::mjd).map_err(|_| wrong());
    let (first, next) = (edge(format!("{year}-01-01"))?, edge(format!("{}-01-01", year + 1))?);
    let epoch = Epoch::new(first, number - 1.0);
    if epoch.mjd() < first || epoch.mjd() >= next {
        return Err(wrong());
    }
    Ok(epoch)
}

/// Reads an angle, where it is one.
fn angle(text: &str) -> Option<f64> {
    decimal("angle", text).ok().filter(|degrees| is_angle(*degrees))
}

/// Reads a number whose sign may stand apart, where it is one.
fn signed(text: &str) -> Option<f64> {
    decimal("number", &text.replace(' ', "")).ok()
}

/// Reads digits behind an assumed decimal point with a power of ten behind them, where they are such: ` 34854-4`.
fn assumed(text: &str) -> Option<f64> {
    let text = text.trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, power) = text.split_at_checked(text.rfind(['+', '-', ' '])?)?;
    // Old sets have a blank for the plus of a power.
    let power = power.trim();
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_whole = is_digits(digits) && is_digits(power.trim_start_matches(['+', '-']));
    is_whole.then(|| format!("{sign}0.{digits}e{power}").parse().ok()).flatten()
}

fn decimal(what: &str, text: &str) -> Result<f64, String> {
    let plain = text.trim();
    let is_plain = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    let value = plain.parse::<f64>().ok().filter(|value| is_plain && value.is_finite());
    value.ok_or_else(|| format!("the {what} is `{}`, not a number", shown(text)))
}

/// Reads digits behind an assumed decimal point.
fn whole(what: &str, text: &str) -> Result<f64, String> {
    const SCALE: f64 = 1e7;
    let plain = text.trim();
    let digits = plain.bytes().all(|b| b.is_ascii_digit());
    let value = plain.parse::<u32>().ok().filter(|_| digits && plain.len() <= 7);
    value
        .map(|value| f64::from(value) / SCALE)
        .ok_or_else(|| format!("the {what} is `{}`, not seven digits", shown(text)))
}

fn shown(text: &str) -> String {
    text.trim().chars().take(24).collect::<String>().escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "1 25544U 98067A   21001.22196045  .00001488  00000-0  34854-4 0  9992";
    const SECOND: &str = "2 25544  51.6464  88.5894 0001153 173.6665  39.5832 15.49246091262713";

    fn fixed() -> Set {
        let (set, dress) = set([FIRST, SECOND]).unwrap();
        assert_eq!(dress, Dress::default());
        set
    }

    /// The `sgp4` crate reads the same numbers.
    #[test]
    fn the_numbers_are_those_of_another_program() {
        let other = sgp4::Elements::from_tle(None, FIRST.as_bytes(), SECOND.as_bytes()).unwrap();
        let set = fixed();
        assert_eq!(u64::from(set.object.number.unwrap()), other.norad_id);
        assert_eq!(set.size, Size::Kozai(other.mean_motion));
        assert!((set.eccentricity - other.eccentricity).abs() < 1e-15);
        assert_eq!((set.inclination_deg, set.raan_deg), (other.inclination, other.right_ascension));
        // Years of 365.25 days since 2000-01-01 12:00, rounded to a nanosecond.
        assert!((set.epoch.mjd() - (51_544.5 + other.epoch() * 365.25)).abs() < 1e-9);
        assert_eq!(set.object.designator.as_deref(), Some("1998-067A"));
    }

    #[test]
    fn moved_columns_are_read_where_they_tell() {
        let wanted = fixed();
        let collapsed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let tabs = |line: &str| line.split_whitespace().collect::<Vec<_>>().join("\t");
        let apart = |line: &str| collapsed(line).replace("25544U", "25544 U");
        let nbsp = |line: &str| collapsed(line).replace(' ', "\u{a0}").replace('-', "\u{2212}");
        let lower = |line: &str| collapsed(line).to_lowercase();
        for dress in [&collapsed as &dyn Fn(&str) -> String, &tabs, &apart, &nbsp, &lower] {
            let (first, second) = (dress(FIRST), dress(SECOND));
            let (set, said) = set([&first, &second]).unwrap();
            assert_eq!(set, wanted, "{first}");
            assert!(said.moved && !said.unchecked, "{first}");
        }
        // Prose is no line of a set; the number may stand alone.
        assert_eq!(which("2 values of `delay` in vehicles.toml are assumed"), None);
        assert_eq!(which("1 before the last day, 10 on it (no margin)"), None);
        assert_eq!((which(FIRST), which(&apart(SECOND))), (Some(1), Some(2)));
        // Two digits are no type of ephemeris, and would not fit where one is written.
        let wide = collapsed(FIRST).replace(" 0 9992", " 10 9993");
        assert_eq!(set([&wide, &collapsed(SECOND)]).unwrap().0.ephemeris_type, None);
        // The checksum of the collapsed set is compared, too.
        let wrong = collapsed(SECOND).replace("88.5894", "88.5994");
        assert!(set([&collapsed(FIRST), &wrong]).unwrap_err().contains("checksum of line 2"));
        // Without its checksum, the glued revolutions tell that there is none.
        let bare = collapsed(SECOND);
        let (_, said) = set([&collapsed(FIRST), &bare[..bare.len() - 1]]).unwrap();
        assert!(said.unchecked && said.moved);
        // A column lost in the middle is not guessed.
        let lost = collapsed(SECOND).replace(" 0001153", "");
        assert!(set([&collapsed(FIRST), &lost]).unwrap_err().contains("columns have moved"));
    }

    #[test]
    fn sets_without_a_checksum_and_with_spoiled_fields_are_read() {
        let wanted = fixed();
        let (bare, said) = set([&FIRST[..68], &SECOND[..68]]).unwrap();
        assert_eq!((bare, said.unchecked, said.moved), (wanted.clone(), true, false));
        // Fields that no altitude needs: the derivatives, the drag term, the number of the set.
        let spoiled = format!("{} XXXXXXXXXX YYYYYY-Y ZZZZZZ-Z 0  999", &FIRST[..32]);
        let sum = spoiled.bytes().map(|b| match b {
            b'0'..=b'9' => u32::from(b - b'0'),
            b'-' => 1,
            _ => 0,
        });
        let spoiled = format!("{spoiled:<68}{}", sum.sum::<u32>() % 10);
        let bare = Set { bstar: None, mean_motion_dot: None, mean_motion_ddot: None, ..wanted };
        assert_eq!(set([&spoiled, SECOND]).unwrap().0, bare);
        let refused = |first: &str, second: &str| set([first, second]).unwrap_err();
        assert!(refused(&FIRST.replace("9992", "9993"), SECOND).contains("checksum of line 1"));
        let other = SECOND.replace("25544", "25545").replace("262713", "262714");
        assert!(refused(FIRST, &other).contains("object 25544 and line 2 of 25545"));
        let late = FIRST.replace("21001.2", "21400.2").replace("9992", "9995");
        assert!(refused(&late, SECOND).contains("no epoch"), "{}", refused(&late, SECOND));
    }

    #[test]
    fn the_type_of_the_elements_says_whose_mean_motion_it_is() {
        let xp = FIRST.replace("34854-4 0  9992", "34854-4 4  9996");
        let (first, _) = set([&xp, SECOND]).unwrap();
        assert_eq!(first.size, Size::Brouwer(15.492_460_91));
        let collapsed = xp.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(set([&collapsed, SECOND]).unwrap().0, first);
    }

    #[test]
    fn large_numbers_are_read_in_alpha_5() {
        let of = |line: &str, sum: u8| format!("{}{sum}", &line.replace("25544", "T2541")[..68]);
        // The letter does not count in the checksum: 25544 adds 20, T2541 adds 12.
        let (set, _) = set([&of(FIRST, 4), &of(SECOND, 5)]).unwrap();
        assert_eq!(set.object.number, Some(272_541));
    }
}
