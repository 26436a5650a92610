//! What a run folder says about itself, and how it is told that nobody edited it.

use crate::assess::{Answer, Depth, HISTORIES_PER_WORLD, Only, Question};
use crate::refusal::{Found, Refusal, Refusals};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ops::Range;
use zarya_units::{Date, digest};

/// Histories in one part: 25 worlds of 20. The last part of a run may be shorter.
pub(crate) const HISTORIES_PER_PART: u32 = 500;

/// The form of folders that this release writes.
pub(super) const FORMAT: u32 = 3;
/// The form of the folders of release 0.1.0: read, neither continued nor joined.
pub(super) const FORMAT_UNPROTECTED: u32 = 2;
/// The release that wrote folders of [`FORMAT_UNPROTECTED`].
const RELEASE_UNPROTECTED: &str = "0.1.0";

/// Above what a manifest of the most histories holds: 200,000 parts in lines of some 220 bytes.
pub(super) const MANIFEST_BYTES_MAX: u64 = 64 << 20;
/// Far above the files of a station with its overlays.
pub(super) const INPUTS_MAX: usize = 4_096;

/// What a run folder says about itself, in it.
pub(super) const MANIFEST: &str = "manifest.json";
/// The answer of a run, in its folder.
pub(super) const ANSWER: &str = "assessment.json";
/// The page of a run, in its folder.
pub(super) const PAGE: &str = "report.html";
/// What a finished run writes beside its manifest.
pub(super) const OUTPUTS: [&str; 6] =
    ["ensemble.parquet", "series.parquet", "worlds.parquet", "ensemble.csv", ANSWER, PAGE];

/// What was asked of the station, as a folder keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The station as it was named; absent where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<String>,
    /// Last day of the claim, inclusive.
    pub through: Date,
    /// Histories of the whole run, all shards together.
    pub histories: u32,
    /// Seed of every random number.
    pub seed: u64,
    /// Conditions withdrawn, by id.
    pub without: Vec<String>,
    /// Whether only the systems split was asked for.
    pub only_systems: bool,
    /// Scenarios as they were named, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenario: Vec<String>,
    /// Beliefs as they were named, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beliefs: Vec<String>,
    /// How much is run beside the base ensemble; absent where it is all.
    #[serde(default, skip_serializing_if = "Depth::is_full")]
    pub depth: Depth,
    /// What 0.1.0 wrote down for people to type; never believed, and gone once it is read.
    #[serde(default, skip_serializing)]
    pub(super) command: Option<String>,
}

/// Which share of the parts a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// From 1.
    pub index: u32,
    /// Number of shards.
    pub of: u32,
}

/// What an input file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum InputRole {
    /// A file of the station.
    Station,
    /// A scenario overlay.
    Scenario,
    /// A belief overlay.
    Beliefs,
}

/// An input as it was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InputFile {
    /// What it is.
    pub role: InputRole,
    /// Its name inside the station's folder, with `/`; of an overlay its file name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// An input as the manifest lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InputEntry {
    /// What it is.
    pub role: InputRole,
    /// Its name.
    pub name: String,
    /// Where it lies in the run folder.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A finished part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartEntry {
    /// From 0.
    pub number: u32,
    /// Its first history.
    pub first_history: u32,
    /// How many.
    pub histories: u32,
    /// Where it lies in the run folder.
    pub file: String,
    /// SHA-256 of what it holds before compression: its head, which says of which run it is, and its rows.
    pub sha256: String,
}

/// A file that a finished run wrote beside its manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutputEntry {
    /// Its name.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// Of which run something is: whatever differs here gives other histories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identity {
    version: String,
    through: Date,
    histories: u32,
    seed: u64,
    without: Vec<String>,
    only_systems: bool,
    depth: Depth,
    plan_digest: String,
    inputs: Vec<InputEntry>,
}

/// `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of the folder.
    pub format: u32,
    /// The release that computed it.
    pub version: String,
    /// What was asked.
    pub question: Asked,
    /// Digest of the compiled plan: station, tables and engine.
    pub plan_digest: String,
    /// The inputs, in the order they were loaded.
    pub(super) inputs: Vec<InputEntry>,
    /// The share of the parts that belongs here; absent for a whole run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// The finished parts, by number.
    pub(super) parts: Vec<PartEntry>,
    /// SHA-256 over the rows of all histories in order; only of a whole, finished run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ensemble_digest: Option<String>,
    /// The files that a finished run wrote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) outputs: Vec<OutputEntry>,
    /// SHA-256 over the RFC 8785 form of all the above; empty in a folder of 0.1.0.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) digest: String,
}

impl Asked {
    /// Returns what asks the same again.
    pub fn question(&self) -> Question {
        Question {
            station: self.station.clone(),
            through: Some(self.through),
            histories: self.histories,
            seed: self.seed,
            without: self.without.clone(),
            only: self.only_systems.then_some(Only::Systems),
            scenario: self.scenario.clone(),
            beliefs: self.beliefs.clone(),
            depth: self.depth,
        }
    }

    /// Refuses what could not have been asked: a file is believed no more than what is typed.
    pub(super) fn check(&self) -> Result<(), Refusals> {
        let mut found = Found::default();
        found.keep(self.question().check());
        if !self.histories.is_multiple_of(HISTORIES_PER_WORLD) {
            let why = format!(
                "{} are no whole worlds of {HISTORIES_PER_WORLD}, which a run always has",
                self.histories
            );
            found.add(Refusal::field("histories", why));
        }
        if !self.without.is_sorted_by(|a, b| a < b) {
            let why = "the conditions withdrawn are not in order, each once, as a run keeps them";
            found.add(Refusal::field("without", why));
        }
        found.done()
    }

    /// Returns how many parts the whole run has.
    pub fn n_parts(&self) -> u32 {
        self.histories.div_ceil(HISTORIES_PER_PART)
    }

    /// Returns the histories of part `number`.
    pub fn part_histories(&self, number: u32) -> Range<u32> {
        let first = number * HISTORIES_PER_PART;
        first..self.histories.min(first + HISTORIES_PER_PART)
    }
}

impl Shard {
    /// Parses `i/n` with `1 <= i <= n`.
    ///
    /// # Errors
    ///
    /// A sentence that says what was expected.
    ///
    /// # Examples
    ///
    /// ```
    /// use zarya::run::Shard;
    ///
    /// assert_eq!(Shard::parse("1/4"), Ok(Shard { index: 1, of: 4 }));
    /// assert!(Shard::parse("5/4").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a shard: write i/n with i from 1 to n, e.g. 1/4");
        let (index, of) = text.split_once('/').ok_or_else(wrong)?;
        let index: u32 = index.trim().parse().map_err(|_| wrong())?;
        let of: u32 = of.trim().parse().map_err(|_| wrong())?;
        Some(Self { index, of }).filter(|shard| shard.is_sound()).ok_or_else(wrong)
    }

    /// Returns whether the index is from 1 to the number of shards.
    pub fn is_sound(self) -> bool {
        (1..=self.of).contains(&self.index)
    }

    /// Returns the parts of this shard when the run has `n_parts`: whole parts, evenly spread,
    /// neighbors together.
    ///
    /// # Panics
    ///
    /// If the shard is not sound.
    ///
    /// # Examples
    ///
    /// ```
    /// use zarya::run::Shard;
    ///
    /// assert_eq!(Shard { index: 2, of: 3 }.parts(10), 3..6);
    /// ```
    pub fn parts(self, n_parts: u32) -> Range<u32> {
        let bound = |i: u32| (u64::from(n_parts) * u64::from(i) / u64::from(self.of)) as u32;
        bound(self.index - 1)..bound(self.index)
    }
}

impl std::str::FromStr for Shard {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl InputRole {
    /// Returns the folder under `inputs/` that holds files of this role.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Station => "station",
            Self::Scenario => "scenario",
            Self::Beliefs => "beliefs",
        }
    }
}

impl Manifest {
    /// Returns how many parts are finished in the folder.
    pub fn n_finished(&self) -> usize {
        self.parts.len()
    }

    /// Returns the part numbers that belong to this folder.
    pub fn own_parts(&self) -> Range<u32> {
        let n_parts = self.question.n_parts();
        self.shard.map_or(0..n_parts, |shard| shard.parts(n_parts))
    }

    /// Returns of which run the folder is.
    pub(super) fn identity(&self) -> Identity {
        let asked = &self.question;
        Identity {
            version: self.version.clone(),
            through: asked.through,
            histories: asked.histories,
            seed: asked.seed,
            without: asked.without.clone(),
            only_systems: asked.only_systems,
            depth: asked.depth,
            plan_digest: self.plan_digest.clone(),
            inputs: self.inputs.clone(),
        }
    }

    /// Returns whether an edit of its files would be noticed.
    pub fn is_protected(&self) -> bool {
        self.format != FORMAT_UNPROTECTED
    }

    /// Returns the file it lists under a name of [`OUTPUTS`].
    pub(super) fn output(&self, name: &str) -> Option<&OutputEntry> {
        self.outputs.iter().find(|output| output.file == name)
    }

    /// Returns the text of `manifest.json`, with the digest over it.
    pub(super) fn text(&mut self) -> String {
        self.digest.clear();
        let value = serde_json::to_value(&*self).expect("plain values");
        self.digest = digest::of_json(&value);
        let mut text = serde_json::to_string_pretty(&*self).expect("plain values");
        text.push('\n');
        text
    }

    /// Reads the text of `manifest.json`: what it says, and the digest that it should carry.
    ///
    /// # Errors
    ///
    /// Why it cannot be understood.
    pub(super) fn parse(bytes: &[u8]) -> Result<(Self, String), String> {
        #[derive(Deserialize)]
        struct Form {
            format: Option<u64>,
        }
        fn read<'t, T: Deserialize<'t>>(bytes: &'t [u8]) -> Result<T, String> {
            serde_json::from_slice(bytes).map_err(|error| error.to_string())
        }
        let form = read::<Form>(bytes)?.format.ok_or("it says no `format`")?;
        if ![FORMAT, FORMAT_UNPROTECTED].map(u64::from).contains(&form) {
            return Err(format!("it has form {form}, this release reads form {FORMAT}"));
        }
        let mut manifest: Self = read(bytes)?;
        let command = manifest.question.command.take();
        if manifest.is_protected() {
            if command.is_some() {
                return Err("unknown field `command`".to_owned());
            }
            // What was read as a manifest is not much larger than its text.
            let mut value: Value = read(bytes)?;
            if let Some(object) = value.as_object_mut() {
                object.shift_remove("digest");
            }
            return Ok((manifest, digest::of_json(&value)));
        }
        if manifest.version != RELEASE_UNPROTECTED {
            let version = &manifest.version;
            return Err(format!("it has the form of {RELEASE_UNPROTECTED} and names {version}"));
        }
        if !manifest.digest.is_empty() || !manifest.outputs.is_empty() {
            return Err("it has entries of a newer form than it says".to_owned());
        }
        Ok((manifest, String::new()))
    }

    /// Returns what its lists say that its question does not have; nothing when they hold.
    ///
    /// The question is checked before: its numbers are used here.
    pub(super) fn flaw(&self) -> Option<String> {
        let n_parts = self.question.n_parts();
        if let Some(shard) = self.shard
            && !(shard.is_sound() && shard.of <= n_parts)
        {
            return Some(format!("it is shard {shard} of a run of {n_parts} parts"));
        }
        if !self.parts.is_sorted_by(|a, b| a.number < b.number) {
            return Some("its parts are not in order, each once".to_owned());
        }
        let own = self.own_parts();
        for part in &self.parts {
            let holds = own.contains(&part.number) && {
                let histories = self.question.part_histories(part.number);
                part.file == part_file(part.number)
                    && part.first_history == histories.start
                    && part.histories == histories.len() as u32
            };
            if !holds {
                return Some(format!(
                    "it lists part {} in a way that its question does not have",
                    part.number
                ));
            }
        }
        if INPUTS_MAX < self.inputs.len() {
            return Some(format!("it lists {} inputs", self.inputs.len()));
        }
        let known = |output: &OutputEntry| OUTPUTS.contains(&output.file.as_str());
        let names: Vec<&str> = self.outputs.iter().map(|output| output.file.as_str()).collect();
        let once =
            names.iter().all(|name| names.iter().filter(|other| other == &name).count() == 1);
        if !once || !self.outputs.iter().all(known) {
            return Some("it lists files that no run writes, or one twice".to_owned());
        }
        None
    }

    /// Returns the first thing, in words, in which an answer is not that of this run: what, in the answer,
    /// in the manifest.
    pub(super) fn answers(&self, answer: &Answer) -> Option<(&'static str, String, String)> {
        let (a, run) = (&self.question, &answer.run);
        let told = |what, there: &dyn std::fmt::Display, here: &dyn std::fmt::Display| {
            let (there, here) = (there.to_string(), here.to_string());
            (there != here).then_some((what, there, here))
        };
        let ensemble = self.ensemble_digest.as_deref().unwrap_or("none");
        told("the version of zarya", &run.version, &self.version)
            .or_else(|| told("the seed", &run.seed, &a.seed))
            .or_else(|| told("the number of histories", &run.histories, &a.histories))
            .or_else(|| told("the claim's date", &answer.claim.through, &a.through))
            .or_else(|| {
                told("the withdrawn conditions", &listed(&run.without), &listed(&a.without))
            })
            .or_else(|| told("the split", &split(run.only_systems), &split(a.only_systems)))
            .or_else(|| told("the compiled plan", &answer.inputs.digest, &self.plan_digest))
            .or_else(|| told("the ensemble", &answer.ensemble_digest, &ensemble))
    }
}

impl Identity {
    /// Returns the first thing, in words, in which two are not of the same run.
    pub(super) fn difference(&self, other: &Self) -> Option<(&'static str, String, String)> {
        let (a, b) = (self, other);
        if a.version != b.version {
            return Some(("the version of zarya", a.version.clone(), b.version.clone()));
        }
        if a.seed != b.seed {
            return Some(("the seed", a.seed.to_string(), b.seed.to_string()));
        }
        if a.histories != b.histories {
            let (a, b) = (a.histories.to_string(), b.histories.to_string());
            return Some(("the number of histories", a, b));
        }
        if a.through != b.through {
            return Some(("the claim's date", a.through.to_string(), b.through.to_string()));
        }
        if a.without != b.without {
            return Some(("the withdrawn conditions", listed(&a.without), listed(&b.without)));
        }
        if a.only_systems != b.only_systems {
            let (a, b) = (split(a.only_systems), split(b.only_systems));
            return Some(("the split", a.to_owned(), b.to_owned()));
        }
        if a.depth != b.depth {
            return Some(("the depth", a.depth.name().to_owned(), b.depth.name().to_owned()));
        }
        for (mine, theirs) in a.inputs.iter().zip(&b.inputs) {
            if mine != theirs {
                let name =
                    |entry: &InputEntry| format!("{} ({})", entry.name, short(&entry.sha256));
                return Some(("an input", name(mine), name(theirs)));
            }
        }
        if a.inputs.len() != b.inputs.len() {
            let count = |of: &Self| format!("{} files", of.inputs.len());
            return Some(("the inputs", count(a), count(b)));
        }
        (a.plan_digest != b.plan_digest)
            .then(|| ("the compiled plan", short(&a.plan_digest), short(&b.plan_digest)))
    }
}

fn listed(without: &[String]) -> String {
    if without.is_empty() { "none".to_owned() } else { without.join(", ") }
}

fn split(only_systems: bool) -> &'static str {
    if only_systems { "systems only" } else { "everything" }
}

/// Returns where a part lies.
pub(super) fn part_file(number: u32) -> String {
    format!("parts/{number:05}.rows")
}

/// Returns the head of a digest, enough to tell two apart by eye.
pub(super) fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}
