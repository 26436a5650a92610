//! Two-line sets: fixed columns, an assumed decimal point, a checksum.

use super::Whole;
use zarya_units::Date;

/// Parts of a day in the epoch.
const PARTS_PER_DAY: u64 = 100_000_000;
/// Years that two digits tell.
const YEARS: std::ops::RangeInclusive<i16> = 1957..=2056;
/// Letters of alpha-5 for 10 to 33; I and O are left out.
const LETTERS: &[u8; 24] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Returns the name's line, if there is one, and both lines of a set, or says what they have no room for.
pub(super) fn lines(set: &Whole<'_>) -> Result<String, String> {
    let number = number(set.number)?;
    let first = format!(
        "1 {number}{} {:<8} {} {} {} {} {} {:>4}",
        set.class,
        designator(set.designator),
        epoch(set)?,
        fraction(set.mean_motion_dot)
            .ok_or_else(|| no_room("first derivative", set.mean_motion_dot))?,
        assumed(set.mean_motion_ddot)
            .ok_or_else(|| no_room("second derivative", set.mean_motion_ddot))?,
        assumed(set.bstar).ok_or_else(|| no_room("drag term", set.bstar))?,
        set.ephemeris_type,
        // Numbers that outgrow their columns begin anew, as those of the ISS do.
        set.set_number % 10_000,
    );
    let eccentricity = format!("{:.7}", set.eccentricity);
    let eccentricity =
        eccentricity.strip_prefix("0.").ok_or_else(|| no_room("eccentricity", set.eccentricity))?;
    let second = format!(
        "2 {number} {:8.4} {} {eccentricity} {} {} {:11.8}{:>5}",
        set.inclination_deg,
        angle(set.raan_deg),
        angle(set.pericenter_deg),
        angle(set.anomaly_deg),
        set.rev_d,
        set.revolution % 100_000,
    );
    let name = set.name.as_deref().map_or_else(String::new, name);
    Ok(format!("{name}{first}{}\n{second}{}\n", checksum(&first), checksum(&second)))
}

fn no_room(what: &str, value: f64) -> String {
    format!("a {what} of {value:?} has no room in two lines; an OMM has it")
}

/// The line of a name. A zero stands before one that could be taken for a line of a set, a comment or another notation.
fn name(name: &str) -> String {
    let is_like_a_line = name.starts_with(['1', '2', '0']) && name[1..].starts_with(' ');
    let is_like_another = !name.starts_with(char::is_alphanumeric);
    let mark = if is_like_a_line || is_like_another { "0 " } else { "" };
    format!("{mark}{name}\n")
}

/// A catalog number in five signs.
fn number(number: u32) -> Result<String, String> {
    let (tens, rest) = (number / 10_000, number % 10_000);
    match tens {
        0..=9 => Ok(format!("{number:05}")),
        10..=33 => Ok(format!("{}{rest:04}", char::from(LETTERS[tens as usize - 10]))),
        _ => Err(format!(
            "the catalog number {number} has no room in two lines, which end at 339999; an OMM has it"
        )),
    }
}

/// `1998-067A` as `98067A`; blank where it is not known or two digits do not tell the year.
fn designator(designator: Option<&str>) -> String {
    let parts = designator.and_then(|text| text.split_once('-'));
    let known = parts.filter(|(year, _)| year.parse().is_ok_and(|year| YEARS.contains(&year)));
    known.map_or_else(String::new, |(year, rest)| format!("{}{rest}", &year[2..]))
}

fn epoch(set: &Whole<'_>) -> Result<String, String> {
    let (day, parts) = set.epoch.rounded(PARTS_PER_DAY);
    let date = Date::from_mjd(day);
    if !YEARS.contains(&date.year()) {
        let year = date.year();
        return Err(format!(
            "two digits of a year do not tell {year} (they tell 1957 to 2056); an OMM does"
        ));
    }
    Ok(format!("{:02}{:03}.{parts:08}", date.year() % 100, date.day_of_year()))
}

/// An angle with four decimals; what is rounded up to the whole turn is none.
fn angle(degrees: f64) -> String {
    let text = format!("{degrees:8.4}");
    if text == "360.0000" { "  0.0000".to_owned() } else { text }
}

/// A number below 1 with eight decimals and no digit before the point.
fn fraction(value: f64) -> Option<String> {
    let text = format!("{:.8}", value.abs());
    let digits = text.strip_prefix('0')?;
    let sign = if value < 0.0 && digits != ".00000000" { '-' } else { ' ' };
    Some(format!("{sign}{digits}"))
}

/// Five digits behind an assumed point, and the power of ten of one digit: ` 34854-4` is 0.34854e-4.
///
/// What is smaller than that reaches loses digits.
fn assumed(value: f64) -> Option<String> {
    const POWER_MIN: i32 = -9;
    const POWER_MAX: i32 = 9;
    /// The last of five digits at the smallest power.
    const LEAST: f64 = 1e-14;
    let text = format!("{:.4e}", value.abs());
    let (digits, power) = text.split_once('e')?;
    let (mut digits, mut power) = (digits.replace('.', ""), power.parse::<i32>().ok()? + 1);
    if power < POWER_MIN {
        digits = format!("{:05}", (value.abs() / LEAST).round());
        power = POWER_MIN;
    }
    if digits == "00000" {
        return Some(" 00000+0".to_owned());
    }
    let sign = if value < 0.0 { '-' } else { ' ' };
    (power <= POWER_MAX).then(|| format!("{sign}{digits}{power:+}"))
}

/// Digits count as they are, minus signs as one.
fn checksum(line: &str) -> u32 {
    let of = |sign: u8| match sign {
        b'0'..=b'9' => u32::from(sign - b'0'),
        b'-' => 1,
        _ => 0,
    };
    line.bytes().map(of).sum::<u32>() % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catalog_numbers_have_five_signs_or_none() {
        for (of, wanted) in [
            (0, "00000"),
            (5, "00005"),
            (99_999, "99999"),
            (100_000, "A0000"),
            (182_931, "J2931"),
            (234_018, "P4018"),
            (339_999, "Z9999"),
        ] {
            assert_eq!(number(of).unwrap(), wanted);
            assert_eq!(crate::identity::catalog_number(wanted), Some(of));
        }
        assert!(number(340_000).unwrap_err().contains("an OMM has it"));
    }

    #[test]
    fn powers_of_ten_have_one_digit() {
        for (value, wanted) in [
            (0.0, " 00000+0"),
            (-0.0, " 00000+0"),
            (3.4854e-5, " 34854-4"),
            (-1.1606e-5, "-11606-4"),
            (1e-10, " 10000-9"),
            (1.234e-12, " 00123-9"),
            (-1e-16, " 00000+0"),
            (0.34854, " 34854+0"),
            (0.999_999_9, " 10000+1"),
            (9.999_94e8, " 99999+9"),
        ] {
            assert_eq!(assumed(value).as_deref(), Some(wanted), "{value:?}");
        }
        assert_eq!(assumed(1e9), None);
    }

    #[test]
    fn fractions_and_angles_keep_their_columns() {
        assert_eq!(fraction(-2.182e-5).as_deref(), Some("-.00002182"));
        assert_eq!(fraction(0.0).as_deref(), Some(" .00000000"));
        assert_eq!(fraction(-1e-9).as_deref(), Some(" .00000000"));
        assert_eq!(fraction(0.999_999_999), None);
        assert_eq!(angle(359.999_99), "  0.0000");
        assert_eq!(angle(359.999_9), "359.9999");
        assert_eq!(angle(7.5), "  7.5000");
    }

    #[test]
    fn designators_of_other_centuries_are_blank() {
        assert_eq!(designator(Some("1957-001B")), "57001B");
        assert_eq!(designator(Some("2056-123ABC")), "56123ABC");
        assert_eq!(designator(Some("2057-001A")), "");
        assert_eq!(designator(None), "");
    }

    #[test]
    fn a_name_is_not_taken_for_a_line_of_a_set() {
        assert_eq!(name("ISS (ZARYA)"), "ISS (ZARYA)\n");
        assert_eq!(name("1 25544 IS A LONG NAME"), "0 1 25544 IS A LONG NAME\n");
        assert_eq!(name("#1"), "0 #1\n");
        assert_eq!(name("<omm>"), "0 <omm>\n");
        assert_eq!(name("2"), "2\n");
    }
}
