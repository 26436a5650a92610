//! Lists as spreadsheets hold them become files of a station: a unit list and a manifest of flights.
//!
//! What a list states is `claimed`, with the file and its digest as the source; what a station needs and a list
//! does not say is `assumed`, with a reason, and told. The station is loaded with the new files before they are
//! returned, so that what is written loads.

mod flights;
mod toml;
mod units;

use crate::inputs::Inputs;
use crate::refusal::{About, Found, Refusal, Refusals};
use crate::{Control, Data, Folder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use zarya_reliability::list;
use zarya_station::Station;
use zarya_units::{Date, digest};

/// Which lists become part of which station.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The station that they become part of: a folder handed in, or the id of an embedded one.
    pub station: Option<String>,
    /// A list of units as CSV, by the name it was handed in under, with the columns of a question about
    /// spares; `segment`, `error_factor`, `lead_time_d` and `build_time_d` are read, too.
    pub units: Option<String>,
    /// A manifest of flights as CSV, by the name it was handed in under: `date`, `vehicle`, `stay_d` or
    /// `until`; and `id`, `crew`, `outcome`, `upgrades`, and cargo in columns such as `food_kg`, named after
    /// the station's stocks.
    pub manifest: Option<String>,
    /// Name of the file of `orus/` for units that name no `subsystem`; that of the list without one.
    pub subsystem: Option<String>,
    /// Capability that units serve whose column `capability` is empty.
    pub serves: Option<String>,
    /// Segment of units whose column `segment` is empty; the station's own where it has one alone.
    pub segment: Option<String>,
    /// The day since which the lists could be known; the station's as-of date without one.
    #[schemars(with = "Option<String>")]
    pub known_from: Option<Date>,
    /// Replace files of `orus/` that are there already.
    pub replace: bool,
}

/// Files of a station, made of lists; the station loads with them.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// The files that are new or changed, by their names in the station's folder.
    pub files: Vec<File>,
    /// Unit types read.
    pub units: u32,
    /// Flights read.
    pub flights: u32,
    /// What no list states and is assumed now: to be looked at, and stated where it is known.
    pub assumed: Vec<Assumed>,
    /// Warnings about the station with these files.
    pub warnings: u32,
    /// What was left out or read in one of several ways.
    pub notes: Vec<String>,
    /// What the answer rests on: the station as it was, and the lists.
    pub inputs: Inputs,
}

/// A file of a station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct File {
    /// Its name in the folder, with `/`.
    pub name: String,
    /// Whether the folder has one of this name, which it replaces.
    pub replaces: bool,
    /// The whole text.
    pub text: String,
}

/// A value that no list states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Assumed {
    /// Key of the unit.
    pub key: String,
    /// The value.
    pub value: String,
    /// How many units have it.
    pub units: u32,
    /// Why it is this value.
    pub why: String,
}

/// Makes files of a station of lists.
///
/// # Errors
///
/// Every problem of the lists; a file that is there already; and what is wrong with the station when the new files
/// are part of it, with places in them.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, import};
///
/// let list = "id,quantity,mtbf_h,mass_kg,capability,stock\nfan,2,20000,4,carbon-dioxide-removal,1\n";
/// let data = Data::embedded().with_text("fans.csv", list);
/// let question = import::Question {
///     station: Some("tiny".to_owned()),
///     units: Some("fans.csv".to_owned()),
///     segment: Some("core".to_owned()),
///     ..import::Question::default()
/// };
/// let answer = import::answer(&question, &data, &Control::silent())?;
/// let names: Vec<&str> = answer.files.iter().map(|file| file.name.as_str()).collect();
/// assert_eq!(names, ["orus/fans.toml", "sources.toml"]);
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(
    question: &Question,
    data: &Data,
    _control: &Control<'_>,
) -> Result<Answer, Refusals> {
    if question.units.is_none() && question.manifest.is_none() {
        let why = "nothing says what is to be imported, neither `units` nor `manifest`";
        return Err(Refusal::field("units", why).into());
    }
    let name = question.station.as_deref();
    let opened = data.station(name, &[])?;
    let mut folder = data.files(name)?;
    let mut found = Found::default();
    let mut made = Made {
        question,
        station: &opened.station,
        files: Vec::new(),
        sources: Vec::new(),
        assumed: Vec::new(),
        notes: Vec::new(),
    };
    let units = question.units.as_deref().map(|name| units::read(&mut made, &folder, data, name));
    let units = units.and_then(|read| found.keep(read)).unwrap_or_default();
    let flights =
        question.manifest.as_deref().map(|name| flights::read(&mut made, &folder, data, name));
    let flights = flights.and_then(|read| found.keep(read)).unwrap_or_default();
    found.done()?;
    made.sources(&folder);
    let Made { mut files, assumed, notes, .. } = made;
    files.sort_by(|a, b| a.name.cmp(&b.name));
    for File { name, text, .. } in &files {
        folder.retain(|(there, _)| there != name);
        folder.push((name.clone(), text.clone().into_bytes()));
    }
    let shown = name.unwrap_or(crate::data::DEFAULT_STATION);
    let with = Data::embedded().with_folder(shown, Folder { files: folder });
    let loaded = with.station(Some(shown), &[])?;
    let mut inputs = Inputs::of_station(&opened, &[]);
    for name in [&question.units, &question.manifest].into_iter().flatten() {
        inputs = inputs.text(name, data.bytes(name).unwrap_or_default());
    }
    let warnings = loaded.warnings.len() as u32;
    Ok(Answer { files, units, flights, assumed, warnings, notes, inputs })
}

/// What is being made.
struct Made<'a> {
    question: &'a Question,
    station: &'a Station,
    files: Vec<File>,
    /// Keys and titles of new sources.
    sources: Vec<(String, String)>,
    assumed: Vec<Assumed>,
    notes: Vec<String>,
}

impl Made<'_> {
    /// Counts a value that is assumed.
    fn assume(&mut self, key: &str, value: &str, why: &str) {
        let same = |a: &&mut Assumed| (&*a.key, &*a.value, &*a.why) == (key, value, why);
        if let Some(known) = self.assumed.iter_mut().find(same) {
            known.units += 1;
            return;
        }
        let [key, value, why] = [key, value, why].map(str::to_owned);
        self.assumed.push(Assumed { key, value, units: 1, why });
    }

    /// Returns the key of a list among the station's sources: that of an earlier import of the same bytes, or
    /// a new one.
    fn source(&mut self, name: &str, bytes: &[u8]) -> String {
        let file = file_name(name);
        let title = format!("{file}, SHA-256 {}", digest::of_bytes(bytes));
        let known = &self.station.sources;
        if let Some((key, _)) = known.iter().find(|(_, source)| source.title == title) {
            return key.clone();
        }
        let base = toml::id(file).unwrap_or_else(|| "list".to_owned());
        let taken =
            |key: &String| known.contains_key(key) || self.sources.iter().any(|s| s.0 == *key);
        let numbered = (2_u32..).map(|n| format!("{base}-{n}"));
        let key = std::iter::once(base.clone()).chain(numbered).find(|key| !taken(key));
        let key = key.unwrap_or(base);
        self.sources.push((key.clone(), title));
        key
    }

    /// Appends the new sources to `sources.toml`.
    fn sources(&mut self, folder: &[(String, Vec<u8>)]) {
        const NAME: &str = "sources.toml";
        if self.sources.is_empty() {
            return;
        }
        let known_from = self.question.known_from.unwrap_or(self.station.identity.as_of);
        if self.question.known_from.is_none() {
            self.notes.push(format!(
                "the lists are taken as known on the as-of date, {known_from}; set `known_from`"
            ));
        }
        let mut text = text_of(folder, NAME);
        for (key, title) in &self.sources {
            let title = toml::quoted(title);
            let _ = writeln!(text, "\n[sources.{key}]\ntitle = {title}\nknown_from = {known_from}");
            text.push_str("note = \"a list that was imported\"\n");
        }
        let replaces = has(folder, NAME);
        self.files.push(File { name: NAME.to_owned(), replaces, text });
    }
}

/// Whether a folder has a file.
fn has(folder: &[(String, Vec<u8>)], name: &str) -> bool {
    folder.iter().any(|(there, _)| there == name)
}

/// The text of a file of a folder, with an end to its last line; empty where there is none. The station has loaded.
fn text_of(folder: &[(String, Vec<u8>)], name: &str) -> String {
    let bytes = folder.iter().find(|(there, _)| there == name).map_or(&[][..], |(_, bytes)| bytes);
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// The file's own name, wherever it lies.
fn file_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Refuses with the problems of a list.
fn refused(name: &str, problems: Vec<list::Problem>) -> Refusals {
    let told = |problem: list::Problem| {
        let about = About::Text(problem.place(name));
        Refusal::unanswerable(about, problem.what).help(problem.help)
    };
    Refusals { problems: problems.into_iter().map(told).collect(), texts: Vec::new() }
}

#[cfg(test)]
mod tests;
