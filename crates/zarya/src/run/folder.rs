//! Creating, continuing, reading and merging run folders.
//!
//! Whoever reads works on what the manifest lists and nothing else, and compares each file with what the
//! manifest says of it. Only who writes takes the lock, so that a folder on read-only media can be read, and
//! one in which a run goes on.

use super::error::{FolderError, at};
use super::manifest::{
    ANSWER, FORMAT, INPUTS_MAX, InputEntry, InputFile, InputRole, MANIFEST, MANIFEST_BYTES_MAX,
    OutputEntry, PAGE, PartEntry, part_file, short,
};
use super::rows::{self, Head};
use super::{Asked, Manifest, Shard};
use crate::file::{self, Found, Inside};
use std::fs::{self, File};
use std::io;
use std::path::{Component, Path};
use zarya_assessment::ensemble::digest_of;
use zarya_simulation::outcome::Outcome;
use zarya_station::BYTES_MAX;
use zarya_units::digest;

const LOCK: &str = ".lock";
/// Far above an answer of the most unit types and dates.
const ANSWER_BYTES_MAX: u64 = 32 << 20;
/// Far above what lies in one folder of a run.
const NAMES_MAX: usize = 1 << 20;
/// How often a folder in which a run goes on is read before giving up.
const LOOKS_MAX: u32 = 4;

/// A run folder that is read, or that this process works in.
#[derive(Debug)]
pub(super) struct RunFolder {
    place: Inside,
    manifest: Manifest,
    /// Held, never read: the lock ends with it. Nobody writes without it.
    lock: Option<File>,
}

impl RunFolder {
    /// Makes a new run folder with its inputs, and no part yet. One that was left before its manifest was
    /// written is begun anew.
    ///
    /// # Errors
    ///
    /// [`FolderError::Occupied`] when the folder holds anything that is not of this run;
    /// [`FolderError::TooManyShards`]; [`FolderError::Io`].
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
        let mut files = Vec::with_capacity(inputs.len());
        for (place, input) in inputs.iter().enumerate() {
            files.push((input_file(place, input)?, input.text.as_bytes()));
        }
        let place = Inside::new(path);
        fs::create_dir_all(path).map_err(at(path))?;
        vacant(&place, &files)?;
        let lock = lock(&place)?;
        vacant(&place, &files)?; // Somebody may have begun in it before the lock was ours.
        sweep(&place);
        for folder in ["parts", "inputs"] {
            place.make_folder(folder).map_err(at(&place.path(folder)))?;
        }
        let mut entries = Vec::with_capacity(inputs.len());
        for ((file, text), input) in files.into_iter().zip(inputs) {
            let target = place.path(&file);
            let parent = file.rsplit_once('/').map_or("", |(parent, _)| parent);
            place.make_folder(parent).map_err(at(&target))?;
            place.write(&file, text).map_err(at(&target))?;
            let sha256 = digest::of_bytes(text);
            entries.push(InputEntry { role: input.role, name: input.name.clone(), file, sha256 });
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
            outputs: Vec::new(),
            digest: String::new(),
        };
        let mut folder = Self { place, manifest, lock: Some(lock) };
        folder.save()?;
        Ok(folder)
    }

    /// Opens a run folder to work in it.
    ///
    /// # Errors
    ///
    /// As [`Self::look`]; [`FolderError::Busy`]; [`FolderError::Unprotected`].
    pub(super) fn open(path: &Path) -> Result<Self, FolderError> {
        let folder = Self::open_any(path)?;
        if !folder.manifest.is_protected() {
            return Err(FolderError::Unprotected(path.to_owned()));
        }
        Ok(folder)
    }

    /// As [`Self::open`], one of 0.1.0 too.
    fn open_any(path: &Path) -> Result<Self, FolderError> {
        let place = Inside::new(path);
        manifest_of(&place)?; // Nothing is made in what is no run.
        let lock = lock(&place)?;
        let manifest = manifest_of(&place)?;
        sweep(&place);
        Ok(Self { place, manifest, lock: Some(lock) })
    }

    /// Opens a run folder to read it, beside a run that may go on in it.
    ///
    /// # Errors
    ///
    /// [`FolderError::NotARun`], [`FolderError::NothingKept`], [`FolderError::Unreadable`],
    /// [`FolderError::Question`], [`FolderError::Mismatch`] when another release computed it,
    /// [`FolderError::Damaged`] when it was edited, [`FolderError::Io`].
    pub(super) fn look(path: &Path) -> Result<Self, FolderError> {
        let place = Inside::new(path);
        let manifest = manifest_of(&place)?;
        Ok(Self { place, manifest, lock: None })
    }

    /// Returns where it is.
    pub(super) fn path(&self) -> &Path {
        self.place.root()
    }

    /// Returns its manifest.
    pub(super) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Reads the answer, after every file that the manifest lists was compared with it.
    ///
    /// Tables and page are not what the answer is read from: where one is gone, nothing is lost.
    ///
    /// # Errors
    ///
    /// [`FolderError::NoAnswer`], [`FolderError::Damaged`], [`FolderError::Foreign`],
    /// [`FolderError::Moving`], [`FolderError::Io`].
    pub(super) fn answer(path: &Path) -> Result<(Self, Vec<u8>), FolderError> {
        for _ in 0..LOOKS_MAX {
            let folder = Self::look(path)?;
            let answer = folder.whole_answer();
            // What a run that goes on has just changed is no edit.
            let now = Self::look(path)?;
            if now.manifest == folder.manifest {
                return answer.map(|answer| (folder, answer));
            }
        }
        Err(FolderError::Moving(path.to_owned()))
    }

    fn whole_answer(&self) -> Result<Vec<u8>, FolderError> {
        let gone = || FolderError::NoAnswer(self.path().to_owned());
        let listed = self.manifest.output(ANSWER);
        if self.manifest.is_protected() && listed.is_none() {
            return Err(gone());
        }
        let file = self.place.path(ANSWER);
        let bytes = match self.place.read(ANSWER, ANSWER_BYTES_MAX) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(gone()),
            read => read.map_err(at(&file))?,
        };
        if let Some(entry) = listed
            && entry.sha256 != digest::of_bytes(&bytes)
        {
            return Err(self.edited(entry, &digest::of_bytes(&bytes)));
        }
        for entry in self.manifest.outputs.iter().filter(|entry| entry.file != ANSWER) {
            match self.place.digest(&entry.file) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                found => {
                    let found = found.map_err(at(&self.place.path(&entry.file)))?;
                    if found != entry.sha256 {
                        return Err(self.edited(entry, &found));
                    }
                }
            }
        }
        self.inputs()?;
        for number in self.manifest.own_parts() {
            self.unpacked(self.listed(number)?)?;
        }
        Ok(bytes)
    }

    fn edited(&self, entry: &OutputEntry, found: &str) -> FolderError {
        FolderError::Damaged {
            path: self.place.path(&entry.file),
            why: format!(
                "it was changed after the run wrote it: its SHA-256 is {}, and manifest.json lists {}",
                short(found),
                short(&entry.sha256)
            ),
            help: format!("restore it, or have it written again by `resume {}`", self.shown()),
        }
    }

    /// Reads the inputs as they were used, and with that checks that they still are.
    ///
    /// # Errors
    ///
    /// [`FolderError::Damaged`] when one was edited since; [`FolderError::Io`].
    pub(super) fn inputs(&self) -> Result<Vec<InputFile>, FolderError> {
        let mut inputs = Vec::with_capacity(self.manifest.inputs.len());
        for (number, entry) in self.manifest.inputs.iter().enumerate() {
            let mut input =
                InputFile { role: entry.role, name: entry.name.clone(), text: String::new() };
            // The name is computed again rather than taken from the manifest, so that an edited
            // manifest cannot point outside.
            let file = input_file(number, &input)?;
            if file != entry.file {
                return Err(FolderError::BadName(entry.file.clone()));
            }
            let path = self.place.path(&file);
            let damaged = |why: &str| FolderError::Damaged {
                path: path.clone(),
                why: why.to_owned(),
                help: "a run continues only with the inputs it began with: restore the file, or \
                       start a new run with `out`"
                    .to_owned(),
            };
            let bytes = match self.place.read(&file, BYTES_MAX as u64) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Err(damaged("it is gone"));
                }
                read => read.map_err(at(&path))?,
            };
            if digest::of_bytes(&bytes) != entry.sha256 {
                return Err(damaged(
                    "it was changed after the run began: manifest.json lists another SHA-256",
                ));
            }
            input.text = String::from_utf8(bytes).map_err(|_| damaged("it is not UTF-8"))?;
            inputs.push(input);
        }
        Ok(inputs)
    }

    /// Returns the numbers of parts still to be computed, and of those among them that are listed
    /// but damaged or gone.
    ///
    /// # Errors
    ///
    /// [`FolderError::Foreign`] when a part is one of another run; [`FolderError::Io`] when a part exists
    /// and cannot be read.
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
        let part = rows::encode(&Head::of(&self.manifest, number), outcomes);
        let most = rows::bytes_max(outcomes.len());
        if most < part.len() {
            return Err(FolderError::TooLarge { part: number, bytes: part.len(), most });
        }
        let sha256 = digest::of_bytes(&part);
        if let Some(entry) = self.entry(number)
            && entry.sha256 != sha256
        {
            return Err(FolderError::NotRepeatable {
                what: format!("part {number}"),
                before: short(&entry.sha256),
                now: short(&sha256),
            });
        }
        let file = part_file(number);
        self.write(&file, &rows::compress(&part))?;
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
    /// [`FolderError::Foreign`], [`FolderError::Io`].
    pub(super) fn part(&self, number: u32) -> Result<Vec<Outcome>, FolderError> {
        self.read(self.listed(number)?)
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

    /// Returns the bytes of a file that the manifest lists and that is as it lists it.
    pub(super) fn kept(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.manifest.output(name)?;
        let bytes = self.place.read(name, ANSWER_BYTES_MAX).ok()?;
        (digest::of_bytes(&bytes) == entry.sha256).then_some(bytes)
    }

    /// Writes a file beside the manifest, whole or not at all, unless it is there already; returns it as the
    /// manifest shall list it.
    ///
    /// # Errors
    ///
    /// [`FolderError::NotPlain`], [`FolderError::Io`].
    pub(super) fn keep(&self, name: &str, contents: &[u8]) -> Result<OutputEntry, FolderError> {
        let entry = OutputEntry { file: name.to_owned(), sha256: digest::of_bytes(contents) };
        if self.place.digest(name).is_ok_and(|found| found == entry.sha256) {
            return Ok(entry);
        }
        self.write(name, contents)?;
        Ok(entry)
    }

    /// Writes a file beside the manifest through `fill`, whole or not at all, unless it is there as the
    /// manifest lists it; returns it as the manifest shall list it.
    ///
    /// # Errors
    ///
    /// [`FolderError::NotPlain`], [`FolderError::Io`].
    pub(super) fn keep_with(
        &self,
        name: &str,
        fill: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> Result<OutputEntry, FolderError> {
        let found = self.place.digest(name).ok();
        if let Some(entry) =
            self.manifest.output(name).filter(|e| Some(&e.sha256) == found.as_ref())
        {
            return Ok(entry.clone());
        }
        let path = self.place.path(name);
        self.locked();
        self.place.write_with(name, fill).map_err(at(&path))?;
        let sha256 = self.place.digest(name).map_err(at(&path))?;
        Ok(OutputEntry { file: name.to_owned(), sha256 })
    }

    /// Enters the digest of the whole ensemble in the manifest, and the files that were written with it.
    ///
    /// # Errors
    ///
    /// [`FolderError::Io`].
    pub(super) fn seal(
        &mut self,
        ensemble_digest: &str,
        outputs: Vec<OutputEntry>,
    ) -> Result<(), FolderError> {
        let before = self.manifest.clone();
        self.manifest.ensemble_digest = Some(ensemble_digest.to_owned());
        self.manifest.outputs = outputs;
        if self.manifest == before { Ok(()) } else { self.save() }
    }

    /// Returns whether this very page is there, and listed where the manifest lists files.
    pub(super) fn has_page(&self, page: &[u8]) -> bool {
        let digest = digest::of_bytes(page);
        let listed = self.manifest.output(PAGE).is_some_and(|entry| entry.sha256 == digest);
        (listed || !self.manifest.is_protected())
            && self.place.digest(PAGE).is_ok_and(|found| found == digest)
    }

    /// Writes the page of a folder anew and enters it in the manifest, where that lists files.
    ///
    /// # Errors
    ///
    /// As [`Self::open`]; [`FolderError::NotPlain`], [`FolderError::Io`].
    pub(super) fn turn_page(path: &Path, page: &[u8]) -> Result<(), FolderError> {
        let mut folder = Self::open_any(path)?;
        let entry = folder.keep(PAGE, page)?;
        if !folder.manifest.is_protected() {
            return Ok(());
        }
        folder.manifest.outputs.retain(|output| output.file != PAGE);
        folder.manifest.outputs.push(entry);
        folder.save()
    }

    /// Joins shards of one run in a new folder, whose digests are those of the run in one piece.
    ///
    /// # Errors
    ///
    /// [`FolderError::Mismatch`] when they are not of one run, [`FolderError::Unprotected`],
    /// [`FolderError::Incomplete`] when histories are missing, [`FolderError::Damaged`],
    /// [`FolderError::Occupied`], [`FolderError::Io`].
    ///
    /// # Panics
    ///
    /// If `shards` is empty.
    pub(super) fn merge(shards: &[Self], into: &Path) -> Result<Self, FolderError> {
        let first = shards.first().expect("at least one folder to merge");
        if let Some(old) = shards.iter().find(|shard| !shard.manifest.is_protected()) {
            return Err(FolderError::Unprotected(old.path().to_owned()));
        }
        let run = first.manifest.identity();
        for other in &shards[1..] {
            if let Some((what, there, here)) = other.manifest.identity().difference(&run) {
                let path = other.path().to_owned();
                return Err(FolderError::Mismatch { path, what, there, here });
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
                    what: format!("part {number}"),
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
        merged.seal(&digest_of(&all), Vec::new())?;
        Ok(merged)
    }

    fn entry(&self, number: u32) -> Option<&PartEntry> {
        self.manifest.parts.iter().find(|part| part.number == number)
    }

    fn listed(&self, number: u32) -> Result<&PartEntry, FolderError> {
        self.entry(number).ok_or_else(|| {
            let histories = self.manifest.question.part_histories(number);
            FolderError::Incomplete {
                first: histories.start,
                missing: histories.len() as u32,
                help: self.resume_help(),
            }
        })
    }

    fn read(&self, entry: &PartEntry) -> Result<Vec<Outcome>, FolderError> {
        let part = self.unpacked(entry)?;
        let damaged = |why: &str| self.damaged(entry, why);
        let form = || damaged("its rows are of another form");
        let (_, rows) = rows::head(&part).ok_or_else(form)?;
        let outcomes = rows::decode(rows).ok_or_else(form)?;
        let expected = self.manifest.question.part_histories(entry.number);
        if !outcomes.iter().map(|outcome| outcome.history).eq(expected) {
            return Err(damaged("it holds other histories than its name says"));
        }
        Ok(outcomes)
    }

    /// Reads a part, unpacks it and compares it with what the manifest says of it, and with the run.
    fn unpacked(&self, entry: &PartEntry) -> Result<Vec<u8>, FolderError> {
        let path = self.place.path(&part_file(entry.number));
        let damaged = |why: &str| self.damaged(entry, why);
        let n = entry.histories as usize;
        let packed = match self.place.read(&part_file(entry.number), rows::packed_max(n)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(damaged("it is gone"));
            }
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                return Err(damaged(&error.to_string()));
            }
            read => read.map_err(at(&path))?,
        };
        let part =
            rows::decompress(&packed, n).ok_or_else(|| damaged("it is cut off or corrupt"))?;
        if !self.manifest.is_protected() {
            // What 0.1.0 wrote has no head: all there is to compare is the digest.
            if rows::is_protected(&part) {
                let why = "it is of a newer form than manifest.json";
                return Err(FolderError::Damaged { path, why: why.to_owned(), help: apart() });
            }
            let same = digest::of_bytes(&part) == entry.sha256;
            let why = "its contents do not match manifest.json".to_owned();
            let help = apart();
            return if same { Ok(part) } else { Err(FolderError::Damaged { path, why, help }) };
        }
        let (head, expected) = (rows::head(&part), Head::of(&self.manifest, entry.number));
        if let Some((head, _)) = &head
            && let Some((what, there, here)) = head.of.difference(&expected.of)
        {
            return Err(FolderError::Foreign { path, what, there, here });
        }
        if digest::of_bytes(&part) != entry.sha256 {
            return Err(match head {
                Some((head, _)) if head != expected => {
                    damaged(&format!("it is part {} of the run under another name", head.part))
                }
                Some(_) => damaged("its contents do not match manifest.json"),
                None => damaged("it is no part of this form of run folders"),
            });
        }
        match head {
            Some((head, _)) if head == expected => Ok(part),
            _ => Err(damaged("it says that it is another part than manifest.json lists")),
        }
    }

    fn damaged(&self, entry: &PartEntry, why: &str) -> FolderError {
        FolderError::Damaged {
            path: self.place.path(&part_file(entry.number)),
            why: why.to_owned(),
            help: self.resume_help(),
        }
    }

    fn resume_help(&self) -> String {
        if !self.manifest.is_protected() {
            return apart();
        }
        format!("compute what is missing with `resume {}`", self.shown())
    }

    fn shown(&self) -> std::path::Display<'_> {
        self.path().display()
    }

    fn write(&self, name: &str, contents: &[u8]) -> Result<(), FolderError> {
        self.locked();
        self.place.write(name, contents).map_err(at(&self.place.path(name)))
    }

    fn locked(&self) {
        assert!(self.lock.is_some(), "nobody writes into a folder that is only read");
    }

    fn save(&mut self) -> Result<(), FolderError> {
        let text = self.manifest.text();
        self.write(MANIFEST, text.as_bytes())
    }
}

/// What to do with a folder that cannot be continued.
fn apart() -> String {
    "restore the file, or ask the question again with a new `out`".to_owned()
}

/// Reads the manifest of a folder and checks it: its question as if it were typed, its lists, its digest.
fn manifest_of(place: &Inside) -> Result<Manifest, FolderError> {
    let path = place.path(MANIFEST);
    let bytes = match place.read(MANIFEST, MANIFEST_BYTES_MAX) {
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            let path = place.root().to_owned();
            let left = unfinished(place)?;
            return Err(if left {
                FolderError::NothingKept(path)
            } else {
                FolderError::NotARun(path)
            });
        }
        read => read.map_err(at(&path))?,
    };
    let unreadable = |why: String| FolderError::Unreadable { path: path.clone(), why };
    let (manifest, digest) = Manifest::parse(&bytes).map_err(unreadable)?;
    if manifest.version != env!("CARGO_PKG_VERSION") && manifest.is_protected() {
        return Err(FolderError::Mismatch {
            path,
            what: "the version of zarya",
            there: manifest.version,
            here: env!("CARGO_PKG_VERSION").to_owned(),
        });
    }
    let edited = (manifest.digest != digest).then(|| {
        let why = format!(
            "it was changed after the run wrote it: its contents have the digest {}, and it says {}",
            short(&digest),
            short(&manifest.digest)
        );
        match foreign(place, &manifest) {
            Some(what) => format!("{why}; {what}"),
            None => why,
        }
    });
    if let Err(problems) = manifest.question.check() {
        return Err(FolderError::Question { path, problems, why: edited });
    }
    if let Some(why) = edited {
        let help = "restore it, or ask the question again with a new `out`".to_owned();
        return Err(FolderError::Damaged { path, why, help });
    }
    if let Some(why) = manifest.flaw() {
        return Err(unreadable(why));
    }
    Ok(manifest)
}

/// Returns in what a manifest differs from what the first of its parts says of the run.
fn foreign(place: &Inside, manifest: &Manifest) -> Option<String> {
    let number = manifest.parts.first()?.number;
    let n = super::manifest::HISTORIES_PER_PART as usize;
    let packed = place.read(&part_file(number), rows::packed_max(n)).ok()?;
    let part = rows::decompress(&packed, n)?;
    let (head, _) = rows::head(&part)?;
    let (what, there, here) = head.of.difference(&manifest.identity())?;
    Some(format!("{what} is {there} in {}, and {here} in the manifest", part_file(number)))
}

/// Returns whether a folder without a manifest looks like one in which a run had only begun.
fn unfinished(place: &Inside) -> Result<bool, FolderError> {
    if !place.root().is_dir() || place.found(LOCK).ok() != Some(Found::File) {
        return Ok(false);
    }
    let names = place.names("", NAMES_MAX).map_err(at(place.root()))?;
    let ours = |name: &str| [LOCK, "inputs", "parts"].contains(&name) || file::is_left_over(name);
    Ok(names.iter().all(|name| ours(name)))
}

/// Refuses a folder that holds anything but what a run of these inputs leaves when it ends before its
/// manifest is written. Nothing is removed or overwritten that is not exactly what would be written.
fn vacant(place: &Inside, inputs: &[(String, &[u8])]) -> Result<(), FolderError> {
    let mut open = vec![String::new()];
    while let Some(folder) = open.pop() {
        let names = place.names(&folder, NAMES_MAX).map_err(at(&place.path(&folder)))?;
        for name in names {
            let inside = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let occupied = |what: Option<String>| FolderError::Occupied {
                path: place.root().to_owned(),
                what,
            };
            if inside == MANIFEST {
                return Err(occupied(None));
            }
            let path = place.path(&inside);
            let ours = match place.found(&inside).map_err(at(&path))? {
                Found::File => {
                    inside == LOCK
                        || (["", "parts"].contains(&&*folder) || folder.starts_with("inputs"))
                            && file::is_left_over(&name)
                        || inputs.iter().any(|(known, text)| {
                            *known == inside
                                && place.read(known, text.len() as u64).is_ok_and(|b| b == *text)
                        })
                }
                Found::Folder => {
                    let before = format!("{inside}/");
                    let ours = ["parts", "inputs"].contains(&&*inside)
                        || inputs.iter().any(|(known, _)| known.starts_with(&before));
                    if ours {
                        open.push(inside.clone());
                    }
                    ours
                }
                Found::Nothing => true, // Somebody else's that is gone by now.
                Found::Other => false,
            };
            if !ours {
                return Err(occupied(Some(inside)));
            }
        }
    }
    Ok(())
}

/// Removes what killed processes left half written; the lock is held.
fn sweep(place: &Inside) {
    for folder in ["", "parts"] {
        if folder.is_empty() || place.found(folder).is_ok_and(|found| found == Found::Folder) {
            file::sweep(&place.path(folder));
        }
    }
}

fn lock(place: &Inside) -> Result<File, FolderError> {
    let file = place.path(LOCK);
    let lock = place.open_lock(LOCK).map_err(at(&file))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(fs::TryLockError::WouldBlock) => Err(FolderError::Busy(place.root().to_owned())),
        // A file system without locks: nothing can be promised, and nothing is lost by going on.
        Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
            Ok(lock)
        }
        Err(fs::TryLockError::Error(error)) => Err(at(&file)(error)),
    }
}

/// Returns where an input lies: station files by their name, overlays numbered by their place.
fn input_file(place: usize, input: &InputFile) -> Result<String, FolderError> {
    let name = Path::new(&input.name);
    let plain = name.components().all(|part| matches!(part, Component::Normal(_)));
    // A path may be spelled in ways that lead to the same file; one is enough.
    let spelled = input.name.split('/').all(|part| !["", ".", ".."].contains(&part));
    if !spelled || input.name.contains(['\\', '\0']) || !plain || INPUTS_MAX <= place {
        return Err(FolderError::BadName(input.name.clone()));
    }
    Ok(match input.role {
        InputRole::Station => format!("inputs/station/{}", input.name),
        role => format!("inputs/{}/{place:02}-{}", role.folder(), input.name),
    })
}
