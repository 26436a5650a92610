//! Which object a record is of: catalog number, international designator, name.
//!
//! Catalogs hand out groups, and a history may come from several files, so records are sorted by object
//! before a series is made of one.

use crate::error::counted;
use std::collections::BTreeMap;

/// What a record says about its object; each part may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Catalog number, from 1.
    pub number: Option<u32>,
    /// International designator as `1998-067A`.
    pub designator: Option<String>,
    /// Name.
    pub name: Option<String>,
}

impl Identity {
    /// Takes a cell that may be any of the three.
    pub(crate) fn of(text: &str) -> Self {
        let text = text.trim();
        let number = catalog_number(text);
        let designator = if number.is_some() { None } else { designator(text) };
        let name = if number.is_some() || designator.is_some() { None } else { name(text) };
        Self { number, designator, name }
    }

    /// Fills what is missing from another statement about the same object.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            number: self.number.or(other.number),
            designator: self.designator.or(other.designator),
            name: self.name.or(other.name),
        }
    }

    pub(crate) fn is_unknown(&self) -> bool {
        self.number.is_none() && self.designator.is_none() && self.name.is_none()
    }

    /// Returns the object in words: number and name, or what there is.
    pub fn shown(&self) -> String {
        let first = self.number.map(|number| number.to_string());
        let first = first.or_else(|| self.designator.clone());
        let name = self.name.as_deref().map(shortened);
        match (first, name) {
            (Some(first), Some(name)) => format!("{first} {name}"),
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => "an object without a name".into(),
        }
    }
}

/// Reads a catalog number: up to nine digits, or five signs of which the first is a letter (alpha-5).
pub(crate) fn catalog_number(text: &str) -> Option<u32> {
    /// Letters stand for 10 to 33; I and O are left out.
    const LETTERS: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    let text = text.trim();
    // As numbers of tables come out of some programs.
    let text = text.strip_suffix(".0").unwrap_or(text);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if is_digits(text) && text.len() <= 9 {
        return text.parse().ok();
    }
    let first = text.chars().next()?.to_ascii_uppercase();
    let rest = &text[first.len_utf8().min(text.len())..];
    if text.len() != 5 || !is_digits(rest) {
        return None;
    }
    let tens = LETTERS.find(first)? as u32 + 10;
    Some(tens * 10_000 + rest.parse::<u32>().ok()?)
}

/// Reads an international designator in any of its spellings: `1998-067A`, `1998-067-A`, `98067A`.
pub(crate) fn designator(text: &str) -> Option<String> {
    let plain: String = text.trim().chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    let plain = plain.to_ascii_uppercase();
    let digits = plain.bytes().take_while(u8::is_ascii_digit).count();
    let (number, piece) = plain.split_at(digits);
    if piece.is_empty() || piece.len() > 3 || !piece.bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let year = match number.len() {
        7 => number[..4].to_owned(),
        // Launches began in 1957.
        5 => format!("{}{}", if &number[..2] < "57" { "20" } else { "19" }, &number[..2]),
        _ => return None,
    };
    Some(format!("{year}-{}{piece}", &number[number.len() - 3..]))
}

/// Reads the class of an object: `U`, `C` or `S`.
pub(crate) fn class(text: &str) -> Option<char> {
    let mut signs = text.trim().chars();
    let class = signs.next()?.to_ascii_uppercase();
    (signs.next().is_none() && matches!(class, 'U' | 'C' | 'S')).then_some(class)
}

/// Takes a name: blanks in one place each, the `0` of a name line dropped.
pub(crate) fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("0 ").unwrap_or(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn shortened(name: &str) -> String {
    const CHARS_MAX: usize = 40;
    let head: String = name.chars().take(CHARS_MAX).collect();
    let more = if name.chars().count() > CHARS_MAX { "…" } else { "" };
    format!("{}{more}", head.escape_debug())
}

/// The objects that records are of, in the order met.
#[derive(Debug, Default)]
pub(crate) struct Objects {
    pub(crate) found: Vec<Identity>,
    by_number: BTreeMap<u32, usize>,
    by_designator: BTreeMap<String, usize>,
    by_name: BTreeMap<String, usize>,
}

impl Objects {
    /// Returns the object that a record belongs to, or none where it says nothing.
    ///
    /// Numbers decide; a designator does where one side has no number, a name where one side has nothing
    /// else.
    pub(crate) fn place(&mut self, identity: &Identity) -> Option<usize> {
        if identity.is_unknown() {
            return None;
        }
        let known = |at: &usize, found: &[Identity]| found[*at].clone();
        let by_number = identity.number.and_then(|number| self.by_number.get(&number));
        let by_designator = || {
            let at = self.by_designator.get(identity.designator.as_ref()?)?;
            let number = known(at, &self.found).number;
            (number.is_none() || identity.number.is_none()).then_some(at)
        };
        let by_name = || {
            let at = self.by_name.get(&identity.name.as_ref()?.to_lowercase())?;
            let bare =
                |identity: &Identity| identity.number.is_none() && identity.designator.is_none();
            (bare(identity) || bare(&known(at, &self.found))).then_some(at)
        };
        let at = by_number.or_else(by_designator).or_else(by_name).copied();
        let at = at.unwrap_or_else(|| {
            self.found.push(Identity::default());
            self.found.len() - 1
        });
        self.found[at] = std::mem::take(&mut self.found[at]).or(identity.clone());
        let identity = &self.found[at];
        if let Some(number) = identity.number {
            self.by_number.entry(number).or_insert(at);
        }
        if let Some(designator) = &identity.designator {
            self.by_designator.entry(designator.clone()).or_insert(at);
        }
        if let Some(name) = &identity.name {
            self.by_name.entry(name.to_lowercase()).or_insert(at);
        }
        Some(at)
    }

    /// Chooses the object that is wanted: by number, designator, name or an unmistakable part of a name;
    /// without a wish, the only one.
    ///
    /// None where no record names an object and none is wanted.
    pub(crate) fn choose(&self, wanted: Option<&str>) -> Result<Option<usize>, String> {
        let Some(wanted) = wanted else {
            return match self.found.len() {
                0 => Ok(None),
                1 => Ok(Some(0)),
                n => Err(format!(
                    "{n} objects are mixed here ({}): pick one with `object`",
                    self.listed()
                )),
            };
        };
        let shown = shortened(wanted.trim());
        if self.found.is_empty() {
            return Err(format!(
                "no object is named here, so that `object` {shown} cannot be picked: leave `object` out if all \
                 of it is of one"
            ));
        }
        let Identity { number, designator, .. } = Identity::of(wanted);
        let wanted = name(wanted).unwrap_or_default().to_lowercase();
        let is_named = |identity: &Identity, fits: &dyn Fn(&str) -> bool| {
            identity.name.as_ref().is_some_and(|name| fits(&name.to_lowercase()))
        };
        let tries: [&dyn Fn(&Identity) -> bool; 4] = [
            &|it| number.is_some() && it.number == number,
            &|it| designator.is_some() && it.designator == designator,
            &|it| is_named(it, &|name| name == wanted),
            &|it| !wanted.is_empty() && is_named(it, &|name| name.contains(&wanted)),
        ];
        for fits in tries {
            let fitting: Vec<usize> =
                (0..self.found.len()).filter(|at| fits(&self.found[*at])).collect();
            match fitting[..] {
                [] => {}
                [only] => return Ok(Some(only)),
                _ => {
                    let some: Vec<&Identity> = fitting.iter().map(|at| &self.found[*at]).collect();
                    return Err(format!(
                        "`object` {shown} fits {} here ({}): give the number of one",
                        counted(some.len(), "object"),
                        list(&some)
                    ));
                }
            }
        }
        Err(format!(
            "no object {shown} is here, but {}: give one of these as `object`",
            self.listed()
        ))
    }

    fn listed(&self) -> String {
        list(&self.found.iter().collect::<Vec<_>>())
    }
}

/// Lists objects for a message: the first ten, and how many more there are.
fn list(objects: &[&Identity]) -> String {
    const SHOWN: usize = 10;
    let shown: Vec<String> = objects.iter().take(SHOWN).map(|object| object.shown()).collect();
    let rest = objects.len().saturating_sub(SHOWN);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    shown.join(", ") + &more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_designators_are_read_in_every_spelling() {
        assert_eq!(catalog_number(" 5 "), Some(5));
        assert_eq!(catalog_number("00005"), Some(5));
        assert_eq!(catalog_number("25544.0"), Some(25_544));
        // The table of alpha-5: A is 10, J is 18 (I is left out), P is 23 (O is), Z is 33.
        assert_eq!(catalog_number("A0000"), Some(100_000));
        assert_eq!(catalog_number("j2931"), Some(182_931));
        assert_eq!(catalog_number("P4018"), Some(234_018));
        assert_eq!(catalog_number("Z9999"), Some(339_999));
        for none in ["", "I0001", "O0001", "25544U", "é0001", "1234567890", "A001"] {
            assert_eq!(catalog_number(none), None, "{none}");
        }
        for text in ["1998-067A", "1998-067-A", "98067A", "98067a  ", "1998-067 A"] {
            assert_eq!(designator(text).as_deref(), Some("1998-067A"), "{text}");
        }
        assert_eq!(designator("21035A").as_deref(), Some("2021-035A"));
        for none in ["", "ISS", "25544", "98067", "98067ABCD", "1998-67A"] {
            assert_eq!(designator(none), None, "{none}");
        }
    }

    #[test]
    fn records_of_one_object_meet_whatever_each_says() {
        let mut objects = Objects::default();
        let of = |number, designator: &str, name: &str| Identity {
            number,
            designator: super::designator(designator),
            name: super::name(name),
        };
        assert_eq!(objects.place(&of(None, "1998-067-A", "ISS")), Some(0));
        assert_eq!(objects.place(&of(Some(25544), "98067A", "0 ISS (ZARYA)")), Some(0));
        assert_eq!(objects.place(&of(Some(25544), "", "")), Some(0));
        assert_eq!(objects.place(&of(Some(36086), "09060A", "POISK")), Some(1));
        assert_eq!(objects.place(&of(None, "", "poisk")), Some(1));
        // One designator under two numbers is two objects; a name alone decides nothing against a number.
        assert_eq!(objects.place(&of(Some(7), "98067A", "")), Some(2));
        assert_eq!(objects.place(&of(Some(8), "", "Poisk")), Some(3));
        assert_eq!(objects.place(&Identity::default()), None);
        assert!(objects.choose(None).unwrap_err().contains("25544 ISS, 36086 POISK, 7, 8 Poisk"));
        assert_eq!(objects.choose(Some("25544")), Ok(Some(0)));
        assert_eq!(objects.choose(Some("2009-060A")), Ok(Some(1)));
        assert_eq!(objects.choose(Some("iss")), Ok(Some(0)));
        assert!(
            objects.choose(Some("Poisk")).unwrap_err().contains("`object` Poisk fits 2 objects")
        );
        assert!(objects.choose(Some("mir")).unwrap_err().contains("no object mir is here"));
        assert!(Objects::default().choose(Some("5")).unwrap_err().contains("no object is named"));
        assert_eq!(Objects::default().choose(None), Ok(None));
    }
}
