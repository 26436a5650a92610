//! What a run folder says about itself.

use crate::assess::Depth;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use zarya_units::Date;

/// Histories in one part: 25 worlds of 20. The last part of a run may be shorter.
pub(crate) const HISTORIES_PER_PART: u32 = 500;

/// The version of the folder's form; a reader refuses any other.
pub(super) const FORMAT: u32 = 2;

/// What was asked of the station, as a folder keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
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
    /// How much is run beside the base ensemble; absent where it is all.
    #[serde(default, skip_serializing_if = "Depth::is_full")]
    pub depth: Depth,
    /// What a door says to ask the same again, such as a command line, for people; never compared.
    pub command: String,
}

/// Which share of the parts a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
pub(crate) struct PartEntry {
    /// From 0.
    pub number: u32,
    /// Its first history.
    pub first_history: u32,
    /// How many.
    pub histories: u32,
    /// Where it lies in the run folder.
    pub file: String,
    /// SHA-256 of its logical rows.
    pub sha256: String,
}

/// `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}

impl Asked {
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

    /// Returns the first thing, in words, in which two manifests are not of the same run.
    pub(super) fn difference(&self, other: &Self) -> Option<(&'static str, String, String)> {
        let (a, b) = (&self.question, &other.question);
        let list = |without: &[String]| {
            if without.is_empty() { "none".to_owned() } else { without.join(", ") }
        };
        let split = |only: bool| if only { "systems only" } else { "everything" }.to_owned();
        if self.version != other.version {
            return Some(("the version of zarya", self.version.clone(), other.version.clone()));
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
            return Some(("the withdrawn conditions", list(&a.without), list(&b.without)));
        }
        if a.only_systems != b.only_systems {
            return Some(("the split", split(a.only_systems), split(b.only_systems)));
        }
        if a.depth != b.depth {
            return Some(("the depth", a.depth.name().to_owned(), b.depth.name().to_owned()));
        }
        for (mine, theirs) in self.inputs.iter().zip(&other.inputs) {
            if mine != theirs {
                let name =
                    |entry: &InputEntry| format!("{} ({})", entry.name, short(&entry.sha256));
                return Some(("an input", name(mine), name(theirs)));
            }
        }
        if self.inputs.len() != other.inputs.len() {
            let count = |manifest: &Self| format!("{} files", manifest.inputs.len());
            return Some(("the inputs", count(self), count(other)));
        }
        (self.plan_digest != other.plan_digest)
            .then(|| ("the compiled plan", short(&self.plan_digest), short(&other.plan_digest)))
    }
}

/// Returns the head of a digest, enough to tell two apart by eye.
pub(super) fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}
