//! Creating, continuing, reading and merging run folders.

use super::manifest::{FORMAT, HISTORIES_PER_PART, short};
use super::rows;
use super::{Asked, InputEntry, InputFile, InputRole, Manifest, PartEntry, Shard};
use crate::file;
use crate::refusal::{About, Refusal, Refusals};
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};
use zarya_assessment::ensemble::digest_of;
use zarya_simulation::outcome::Outcome;
use zarya_units::digest;

const MANIFEST: &str = "manifest.json";
const LOCK: &str = ".lock";

/// A run folder that this process works in; no other process can open it meanwhile.
#[derive(Debug)]
pub(super) struct RunFolder {
    path: PathBuf,
    manifest: Manifest,
    /// Held, never read: the lock ends with it.
    _lock: File,
}

/// Why a run folder cannot be used. Messages say what to do in the words of a question.
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
    /// The folder for a new run holds something already.
    Occupied(PathBuf),
    /// There is no manifest in it.
    NotARun(PathBuf),
    /// The manifest cannot be understood.
    Unreadable {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Another process works in it.
    Busy(PathBuf),
    /// It belongs to another question, release or input.
    Mismatch {
        /// The folder.
        path: PathBuf,
        /// What differs.
        what: &'static str,
        /// In the folder.
        there: String,
        /// Here.
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
    /// A part computed again did not come out the same.
    NotRepeatable {
        /// Its number.
        part: u32,
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
    /// More shards than parts.
    TooManyShards {
        /// What was asked.
        shard: Shard,
        /// Parts there are.
        n_parts: u32,
        /// Histories there are.
        histories: u32,
    },
    /// An input whose name would leave the folder.
    BadName(String),
}

impl RunFolder {
    /// Makes a new run folder with its inputs, and no part yet.
    ///
    /// # Errors
    ///
    /// [`FolderError::Occupied`] when the folder holds anything; [`FolderError::TooManyShards`];
    /// [`FolderError::Io`].
    pub(super) fn create(
        path: &Path,
        question: Asked,
        plan_digest: &str,
        shard: Option<Shard>,
        inputs: &[InputFile],
    ) -> Result<Self, FolderError> {
        let n_parts = question.n_parts();
        if let Some(shard) = shard.filter(|shard| n_parts < shard.of) {
            return Err(FolderError::TooManyShards {
                shard,
                n_parts,
                histories: question.histories,
            });
        }
        fs::create_dir_all(path).map_err(at(path))?;
        if fs::read_dir(path).map_err(at(path))?.next().is_some() {
            return Err(FolderError::Occupied(path.to_owned()));
        }
        let lock = lock(path)?;
        fs::create_dir_all(path.join("parts")).map_err(at(path))?;
        let mut entries = Vec::with_capacity(inputs.len());
        for (place, input) in inputs.iter().enumerate() {
            let file = input_file(place, input)?;
            let target = path.join(&file);
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent).map_err(at(parent))?;
            }
            write_whole(&target, input.text.as_bytes())?;
            entries.push(InputEntry {
                role: input.role,
                name: input.name.clone(),
                file,
                sha256: digest::of_bytes(input.text.as_bytes()),
            });
        }
        let manifest = Manifest {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            question,
            plan_digest: plan_digest.to_owned(),
            inputs: entries,
            shard,
            parts: Vec::new(),
            ensemble_digest: None,
        };
        let folder = Self { path: path.to_owned(), manifest, _lock: lock };
        folder.save()?;
        Ok(folder)
    }

    /// Opens a run folder.
    ///
    /// # Errors
    ///
    /// [`FolderError::NotARun`], [`FolderError::Unreadable`], [`FolderError::Busy`],
    /// [`FolderError::Mismatch`] when another release computed it, [`FolderError::Io`].
    pub(super) fn open(path: &Path) -> Result<Self, FolderError> {
        let file = path.join(MANIFEST);
        let text = fs::read_to_string(&file).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                FolderError::NotARun(path.to_owned())
            }
            _ => FolderError::Io { path: file.clone(), source },
        })?;
        let unreadable = |why: String| FolderError::Unreadable { path: file.clone(), why };
        let manifest: Manifest =
            serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
        if manifest.format != FORMAT {
            return Err(unreadable(format!(
                "it has form {}, this release reads form {FORMAT}",
                manifest.format
            )));
        }
        if manifest.version != env!("CARGO_PKG_VERSION") {
            return Err(FolderError::Mismatch {
                path: path.to_owned(),
                what: "the version of zarya",
                there: manifest.version,
                here: env!("CARGO_PKG_VERSION").to_owned(),
            });
        }
        let shard_holds = manifest.shard.is_none_or(Shard::is_sound);
        let parts_hold = manifest.parts.iter().all(|part| {
            part.number < manifest.question.n_parts()
                && Path::new(&part.file) == Path::new(&part_file(part.number))
        });
        if !shard_holds || !parts_hold {
            return Err(unreadable("it lists parts that its question does not have".to_owned()));
        }
        let lock = lock(path)?;
        file::sweep(path);
        file::sweep(&path.join("parts"));
        Ok(Self { path: path.to_owned(), manifest, _lock: lock })
    }

    /// Returns where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns its manifest.
    pub(super) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Reads the inputs as they were used, and with that checks that they still are.
    ///
    /// # Errors
    ///
    /// [`FolderError::Damaged`] when one was edited since; [`FolderError::Io`].
    pub(super) fn inputs(&self) -> Result<Vec<InputFile>, FolderError> {
        let mut inputs = Vec::with_capacity(self.manifest.inputs.len());
        for (place, entry) in self.manifest.inputs.iter().enumerate() {
            let mut input =
                InputFile { role: entry.role, name: entry.name.clone(), text: String::new() };
            // The name is computed again rather than taken from the manifest, so that an edited
            // manifest cannot point outside.
            let file = input_file(place, &input)?;
            if file != entry.file {
                return Err(FolderError::BadName(entry.file.clone()));
            }
            let path = self.path.join(file);
            let bytes = fs::read(&path).map_err(at(&path))?;
            let damaged = |why: &str| FolderError::Damaged {
                path: path.clone(),
                why: why.to_owned(),
                help: "a run continues only with the inputs it began with: restore the file, or \
                       start a new run with `out`"
                    .to_owned(),
            };
            if digest::of_bytes(&bytes) != entry.sha256 {
                return Err(damaged("it was changed after the run began"));
            }
            input.text = String::from_utf8(bytes).map_err(|_| damaged("it is not UTF-8"))?;
            inputs.push(input);
        }
        Ok(inputs)
    }

    /// Returns the folder of station files that the run was asked of.
    pub(super) fn station_path(&self) -> PathBuf {
        self.path.join("inputs/station")
    }

    /// Returns the overlays laid on the station, in order: the name they went by, and where they
    /// are kept.
    pub(super) fn overlay_paths(&self) -> Vec<(String, PathBuf)> {
        let overlays = self.manifest.inputs.iter().filter(|i| i.role != InputRole::Station);
        overlays.map(|input| (input.name.clone(), self.path.join(&input.file))).collect()
    }

    /// Returns the numbers of parts still to be computed, and of those among them that are listed
    /// but damaged or gone.
    ///
    /// # Errors
    ///
    /// [`FolderError::Io`] when a part exists and cannot be read.
    pub(super) fn missing(&self) -> Result<(Vec<u32>, Vec<u32>), FolderError> {
        let mut missing = Vec::new();
        let mut damaged = Vec::new();
        for number in self.manifest.own_parts() {
            match self.entry(number) {
                None => missing.push(number),
                Some(entry) => match self.read(entry) {
                    Ok(_) => {}
                    Err(FolderError::Damaged { .. }) => {
                        missing.push(number);
                        damaged.push(number);
                    }
                    Err(error) => return Err(error),
                },
            }
        }
        Ok((missing, damaged))
    }

    /// Stores a finished part.
    ///
    /// # Errors
    ///
    /// [`FolderError::NotRepeatable`] when the part was there before and differs;
    /// [`FolderError::Io`], with everything stored before intact.
    ///
    /// # Panics
    ///
    /// If `outcomes` are not the histories of that part.
    pub(super) fn store(&mut self, number: u32, outcomes: &[Outcome]) -> Result<(), FolderError> {
        let histories = self.manifest.question.part_histories(number);
        let numbers = outcomes.iter().map(|outcome| outcome.history);
        assert!(numbers.eq(histories.clone()), "part {number} holds the histories {histories:?}");
        let rows = rows::encode(outcomes);
        let sha256 = digest::of_bytes(&rows);
        if let Some(entry) = self.entry(number)
            && entry.sha256 != sha256
        {
            return Err(FolderError::NotRepeatable {
                part: number,
                before: short(&entry.sha256),
                now: short(&sha256),
            });
        }
        let file = part_file(number);
        let path = self.path.join(&file);
        write_whole(&path, &compress(&rows))?;
        self.manifest.parts.retain(|part| part.number != number);
        self.manifest.parts.push(PartEntry {
            number,
            first_history: histories.start,
            histories: histories.len() as u32,
            file,
            sha256,
        });
        self.manifest.parts.sort_by_key(|part| part.number);
        self.save()
    }

    /// Reads the histories of a finished part.
    ///
    /// # Errors
    ///
    /// [`FolderError::Incomplete`] when it is not finished, [`FolderError::Damaged`],
    /// [`FolderError::Io`].
    pub(super) fn part(&self, number: u32) -> Result<Vec<Outcome>, FolderError> {
        let entry = self.entry(number).ok_or_else(|| {
            let histories = self.manifest.question.part_histories(number);
            FolderError::Incomplete {
                first: histories.start,
                missing: histories.len() as u32,
                help: self.resume_help(),
            }
        })?;
        self.read(entry)
    }

    /// Reads all histories of the folder, in order.
    ///
    /// # Errors
    ///
    /// As [`Self::part`].
    pub(super) fn outcomes(&self) -> Result<Vec<Outcome>, FolderError> {
        let mut outcomes = Vec::new();
        for number in self.manifest.own_parts() {
            outcomes.append(&mut self.part(number)?);
        }
        Ok(outcomes)
    }

    /// Enters the digest of the whole ensemble in the manifest.
    ///
    /// # Errors
    ///
    /// [`FolderError::Io`].
    pub(super) fn seal(&mut self, ensemble_digest: &str) -> Result<(), FolderError> {
        self.manifest.ensemble_digest = Some(ensemble_digest.to_owned());
        self.save()
    }

    /// Writes a file beside the manifest, whole or not at all.
    ///
    /// # Errors
    ///
    /// [`FolderError::Io`].
    pub(super) fn write(&self, name: &str, contents: &[u8]) -> Result<(), FolderError> {
        write_whole(&self.path.join(name), contents)
    }

    /// Writes a file beside the manifest through `fill`, whole or not at all.
    ///
    /// # Errors
    ///
    /// [`FolderError::Io`].
    pub(super) fn write_with(
        &self,
        name: &str,
        fill: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> Result<(), FolderError> {
        let path = self.path.join(name);
        file::write_with(&path, fill).map_err(at(&path))
    }

    /// Joins shards of one run in a new folder, whose digests are those of the run in one piece.
    ///
    /// # Errors
    ///
    /// [`FolderError::Mismatch`] when they are not of one run, [`FolderError::Incomplete`] when
    /// histories are missing, [`FolderError::Damaged`], [`FolderError::Occupied`],
    /// [`FolderError::Io`].
    ///
    /// # Panics
    ///
    /// If `shards` is empty.
    pub(super) fn merge(shards: &[Self], into: &Path) -> Result<Self, FolderError> {
        let first = shards.first().expect("at least one folder to merge");
        for other in &shards[1..] {
            if let Some((what, there, here)) = other.manifest.difference(&first.manifest) {
                return Err(FolderError::Mismatch { path: other.path.clone(), what, there, here });
            }
        }
        let question = &first.manifest.question;
        let mut holders = Vec::new();
        let mut gaps = Vec::new();
        for number in 0..question.n_parts() {
            match shards.iter().find(|shard| shard.entry(number).is_some()) {
                Some(holder) => holders.push(holder),
                None => gaps.push(question.part_histories(number)),
            }
            // Overlapping shards are fine as long as they agree.
            let digests = shards.iter().filter_map(|shard| shard.entry(number));
            let mut digests = digests.map(|entry| &entry.sha256);
            if let Some(before) = digests.next()
                && let Some(now) = digests.find(|now| *now != before)
            {
                return Err(FolderError::NotRepeatable {
                    part: number,
                    before: short(before),
                    now: short(now),
                });
            }
        }
        if let Some(gap) = gaps.first() {
            return Err(FolderError::Incomplete {
                first: gap.start,
                missing: gaps.iter().map(|gap| gap.len() as u32).sum(),
                help: "finish each shard with `resume` and name them all".to_owned(),
            });
        }
        let inputs = first.inputs()?;
        let mut merged =
            Self::create(into, question.clone(), &first.manifest.plan_digest, None, &inputs)?;
        let mut all = Vec::with_capacity(question.histories as usize);
        for (number, holder) in holders.into_iter().enumerate() {
            let mut outcomes = holder.part(number as u32)?;
            merged.store(number as u32, &outcomes)?;
            all.append(&mut outcomes);
        }
        merged.seal(&digest_of(&all))?;
        Ok(merged)
    }

    fn entry(&self, number: u32) -> Option<&PartEntry> {
        self.manifest.parts.iter().find(|part| part.number == number)
    }

    fn read(&self, entry: &PartEntry) -> Result<Vec<Outcome>, FolderError> {
        let path = self.path.join(part_file(entry.number));
        let damaged = |why: &str| FolderError::Damaged {
            path: path.clone(),
            why: why.to_owned(),
            help: self.resume_help(),
        };
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(damaged("it is gone"));
            }
            read => read.map_err(at(&path))?,
        };
        let rows = decompress(&bytes).ok_or_else(|| damaged("it is cut off or corrupt"))?;
        if digest::of_bytes(&rows) != entry.sha256 {
            return Err(damaged("its contents do not match the manifest"));
        }
        let outcomes =
            rows::decode(&rows).ok_or_else(|| damaged("its rows are of another form"))?;
        let expected = self.manifest.question.part_histories(entry.number);
        if !outcomes.iter().map(|outcome| outcome.history).eq(expected) {
            return Err(damaged("it holds other histories than its name says"));
        }
        Ok(outcomes)
    }

    fn resume_help(&self) -> String {
        format!("compute what is missing with `resume {}`", self.path.display())
    }

    fn save(&self) -> Result<(), FolderError> {
        let mut text = serde_json::to_string_pretty(&self.manifest).expect("plain values");
        text.push('\n');
        write_whole(&self.path.join(MANIFEST), text.as_bytes())
    }
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Occupied(path) => write!(
                f,
                "{} is not empty; name a new folder with `out`, or continue an interrupted run \
                 with `resume {0}`",
                path.display()
            ),
            Self::NotARun(path) => write!(
                f,
                "{} is not a run folder: it has no {MANIFEST}; `assess` makes one where it is asked to \
                 keep a run",
                path.display()
            ),
            Self::Unreadable { path, why } => {
                write!(f, "{} cannot be understood: {why}", path.display())
            }
            Self::Busy(path) => {
                write!(f, "another zarya is working in {}; wait for it to end", path.display())
            }
            Self::Mismatch { path, what, there, here } => write!(
                f,
                "{} belongs to another run: {what} is {there} there and {here} here; only parts \
                 of the same version, seed, question and inputs can be joined",
                path.display()
            ),
            Self::Damaged { path, why, help } => {
                write!(f, "{}: {why}; {help}", path.display())
            }
            Self::NotRepeatable { part, before, now } => write!(
                f,
                "part {part} came out with digest {now} and was {before} before: the same \
                 version, seed and inputs must give the same histories; please report this"
            ),
            Self::Incomplete { first, missing, help } => {
                write!(f, "{missing} histories are missing, the first is number {first}; {help}")
            }
            Self::TooManyShards { shard, n_parts, histories } => write!(
                f,
                "shard {shard} is not possible: {histories} histories are {n_parts} parts of \
                 {HISTORIES_PER_PART}, and a shard holds whole parts; use at most {n_parts} shards, \
                 or more histories"
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
            FolderError::Io { path, source } => return crate::open::unreadable(path, source),
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

fn at(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |source| FolderError::Io { path, source }
}

fn lock(path: &Path) -> Result<File, FolderError> {
    let file = path.join(LOCK);
    let lock = File::create(&file).map_err(at(&file))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(fs::TryLockError::WouldBlock) => Err(FolderError::Busy(path.to_owned())),
        // A file system without locks: nothing can be promised, and nothing is lost by going on.
        Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
            Ok(lock)
        }
        Err(fs::TryLockError::Error(error)) => Err(at(&file)(error)),
    }
}

fn part_file(number: u32) -> String {
    format!("parts/{number:05}.rows")
}

/// Returns where an input lies: station files by their name, overlays numbered by their place.
fn input_file(place: usize, input: &InputFile) -> Result<String, FolderError> {
    let name = Path::new(&input.name);
    let plain = name.components().all(|part| matches!(part, Component::Normal(_)));
    if input.name.is_empty() || input.name.contains('\\') || !plain {
        return Err(FolderError::BadName(input.name.clone()));
    }
    Ok(match input.role {
        InputRole::Station => format!("inputs/station/{}", input.name),
        role => format!("inputs/{}/{place:02}-{}", role.folder(), input.name),
    })
}

fn write_whole(path: &Path, contents: &[u8]) -> Result<(), FolderError> {
    file::write(path, contents).map_err(at(path))
}

fn compress(rows: &[u8]) -> Vec<u8> {
    snap::raw::Encoder::new().compress_vec(rows).expect("a part is far below 4 GiB")
}

fn decompress(bytes: &[u8]) -> Option<Vec<u8>> {
    // A length that cannot be: snappy never shrinks below 1/21 or so of its input.
    let length = snap::raw::decompress_len(bytes).ok()?;
    if 64 * bytes.len() + 64 < length {
        return None;
    }
    snap::raw::Decoder::new().decompress_vec(bytes).ok()
}
