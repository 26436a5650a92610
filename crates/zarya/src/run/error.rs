//! Why a run folder cannot be used. Messages say what to do in the words of a question.

use super::Shard;
use super::manifest::{HISTORIES_PER_PART, MANIFEST};
use crate::file::NotPlain;
use crate::refusal::{About, Kind, Refusal, Refusals};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a run folder cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub(super) enum FolderError {
    /// Reading or writing failed.
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A name in it is no file or folder of its own: a link, a pipe, a device.
    NotPlain(NotPlain),
    /// The folder for a new run holds something already.
    Occupied {
        /// The folder.
        path: PathBuf,
        /// What is there; a run where nothing is named.
        what: Option<String>,
    },
    /// There is no manifest in it.
    NotARun(PathBuf),
    /// It was made for a run that ended before its manifest was written.
    NothingKept(PathBuf),
    /// The manifest cannot be understood.
    Unreadable {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The manifest asks what nobody can ask, and more may be wrong with it.
    Question {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with its question.
        problems: Refusals,
        /// What else is wrong with it.
        why: Option<String>,
    },
    /// It was written by 0.1.0, whose folders an edit does not show in.
    Unprotected(PathBuf),
    /// Another process works in it.
    Busy(PathBuf),
    /// It changed while it was read.
    Moving(PathBuf),
    /// It belongs to another question, release or input.
    Mismatch {
        /// The folder, or its manifest.
        path: PathBuf,
        /// What differs.
        what: &'static str,
        /// In the folder.
        there: String,
        /// Here.
        here: String,
    },
    /// A file in it is of another run than its manifest.
    Foreign {
        /// The file.
        path: PathBuf,
        /// What differs.
        what: &'static str,
        /// In the file.
        there: String,
        /// In the manifest.
        here: String,
    },
    /// A file is not the one the manifest speaks of.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
        /// What to do.
        help: String,
    },
    /// What was computed again did not come out the same.
    NotRepeatable {
        /// What: a part, the answer.
        what: String,
        /// Digest in the manifest.
        before: String,
        /// Digest now.
        now: String,
    },
    /// Parts are missing that the task at hand needs.
    Incomplete {
        /// First missing history.
        first: u32,
        /// Number of missing histories.
        missing: u32,
        /// What to do.
        help: String,
    },
    /// There is no answer in it yet.
    NoAnswer(PathBuf),
    /// More shards than parts.
    TooManyShards {
        /// What was asked.
        shard: Shard,
        /// Parts there are.
        n_parts: u32,
        /// Histories there are.
        histories: u32,
    },
    /// A part that no reader would take.
    TooLarge {
        /// Its number.
        part: u32,
        /// Its bytes.
        bytes: usize,
        /// The most there may be.
        most: usize,
    },
    /// An input whose name would leave the folder.
    BadName(String),
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Self::NotPlain(what) => {
                let path = what.path.display();
                write!(
                    f,
                    "{path}: {what}, and nothing is read or written through one; put back what was there"
                )
            }
            Self::Occupied { path, what: None } => write!(
                f,
                "{} is not empty: it holds a run; name a new folder with `out`, or continue an \
                 interrupted run with `resume {0}`",
                path.display()
            ),
            Self::Occupied { path, what: Some(what) } => write!(
                f,
                "{} is not empty: it holds {what}, which is not of this run; name a new folder with \
                 `out`, or move what is there",
                path.display()
            ),
            Self::NotARun(path) => write!(
                f,
                "{} is not a run folder: it has no {MANIFEST}; `assess` makes one where it is asked to \
                 keep a run",
                path.display()
            ),
            Self::NothingKept(path) => write!(
                f,
                "nothing was kept in {}: the run ended before its {MANIFEST} was written; ask the \
                 question again with `out {0}`, which begins it anew",
                path.display()
            ),
            Self::Unreadable { path, why } => {
                write!(f, "{} cannot be understood: {why}", path.display())
            }
            Self::Question { path, problems, why } => {
                write!(f, "{} asks what cannot be asked: {problems}", path.display())?;
                why.iter().try_for_each(|why| write!(f, "; {why}"))
            }
            Self::Unprotected(path) => write!(
                f,
                "{} has the {MANIFEST} of release 0.1.0, which did not protect its folders against edits: it \
                 can be read, not continued nor joined; ask the question again with a new `out`",
                path.display()
            ),
            Self::Busy(path) => {
                write!(f, "another zarya is working in {}; wait for it to end", path.display())
            }
            Self::Moving(path) => {
                write!(f, "{} changes while it is read; wait and ask again", path.display())
            }
            Self::Mismatch { path, what, there, here } => write!(
                f,
                "{} belongs to another run: {what} is {there} there and {here} here; only parts \
                 of the same version, seed, question and inputs can be joined",
                path.display()
            ),
            Self::Foreign { path, what, there, here } => write!(
                f,
                "{} belongs to another run than {MANIFEST}: {what} is {there} there and {here} in \
                 {MANIFEST}; put back the file of the two that was there",
                path.display()
            ),
            Self::Damaged { path, why, help } => {
                write!(f, "{}: {why}; {help}", path.display())
            }
            Self::NotRepeatable { what, before, now } => write!(
                f,
                "{what} came out with digest {now} and was {before} before: the same \
                 version, seed and inputs must give the same histories; please report this"
            ),
            Self::Incomplete { first, missing, help } => {
                write!(f, "{missing} histories are missing, the first is number {first}; {help}")
            }
            Self::NoAnswer(path) => write!(
                f,
                "{} holds no assessment.json; a run that was interrupted is finished with `resume {0}`, \
                 shards are joined with `merge`",
                path.display()
            ),
            Self::TooManyShards { shard, n_parts, histories } => write!(
                f,
                "shard {shard} is not possible: {histories} histories are {n_parts} parts of \
                 {HISTORIES_PER_PART}, and a shard holds whole parts; use at most {n_parts} shards, \
                 or more histories"
            ),
            Self::TooLarge { part, bytes, most } => write!(
                f,
                "part {part} would hold {bytes} bytes, and a reader takes {most} at most; ask for an \
                 earlier `through`, or of a station with fewer unit types"
            ),
            Self::BadName(name) => {
                write!(f, "`{name}` cannot be kept in a run folder; give it a plain file name")
            }
        }
    }
}

impl From<FolderError> for Refusals {
    fn from(error: FolderError) -> Self {
        let about = match &error {
            FolderError::Io { path, source } => {
                let about = About::Text(path.display().to_string());
                return Refusal::new(Kind::Unreadable, about, source.to_string()).into();
            }
            FolderError::Question { path, problems, why } => {
                let mut all = problems.clone();
                let name = path.display();
                for problem in &mut all.problems {
                    problem.why = format!("{} (in {name})", problem.why);
                }
                if let Some(why) = why {
                    let about = About::Text(name.to_string());
                    all.problems.push(Refusal::unanswerable(about, why));
                }
                return all;
            }
            FolderError::TooManyShards { .. } => About::Field("shard".to_owned()),
            _ => About::Question,
        };
        let text = error.to_string();
        // What to do stands last.
        let (why, help) = text.rsplit_once("; ").unwrap_or((&text, ""));
        Refusal::unanswerable(about, why).help(help).into()
    }
}

impl std::error::Error for FolderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// Says where reading or writing failed.
pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |source| match source.downcast::<NotPlain>() {
        Ok(what) => FolderError::NotPlain(what),
        Err(source) => FolderError::Io { path, source },
    }
}
