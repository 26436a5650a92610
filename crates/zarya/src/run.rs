//! A run that is kept in a folder: begun, continued, split over machines, joined, read again.
//!
//! The folder holds what was asked, what it was asked of, and every history that was answered:
//!
//! ```text
//! DIR/manifest.json       question, version, seed; digests of the inputs, the parts, the files below and of itself
//! DIR/inputs/…            the station files and overlays as they were used
//! DIR/parts/00000.rows    500 histories each, compressed; 00001.rows, …
//! DIR/ensemble.parquet    one row per history        DIR/ensemble.csv   the same as text
//! DIR/worlds.parquet      one row per world
//! DIR/series.parquet      one row per history and sample date
//! DIR/assessment.json     the answer                 DIR/report.html    the answer, drawn by the door
//! ```
//!
//! Nothing in a folder is believed because it lies there. The manifest carries a digest of itself and lists
//! every other file with its digest; each part says inside its hashed bytes of which run it is; no link is
//! followed; the question is checked as if it were typed. A digest is no signature: who edits a folder and
//! computes every digest anew has made another folder.
//!
//! A part appears under its name only when it is whole: it is written under a temporary name,
//! flushed, renamed, and then entered in the manifest, which is itself replaced by renaming. A kill
//! or a full disk loses at most the part being written. Histories are a pure function of plan, seed
//! and number, so a missing or damaged part is simply computed again, and must come out the same.

mod error;
mod folder;
mod inputs;
mod manifest;
mod rows;
mod table;
mod worlds;

use crate::assess::{Answer, Posed, Question, judge, stage};
use crate::data::Folder;
use crate::refusal::{About, Found, Kind, Refusal, Refusals};
use crate::{Control, Data, compare};
use error::FolderError;
use folder::RunFolder;
use manifest::{ANSWER, HISTORIES_PER_PART, InputFile, InputRole, MANIFEST, PAGE};
pub use manifest::{Asked, Manifest, Shard};
use std::path::{Path, PathBuf};
use table::{Layout, write_columns, write_csv, write_parquet, write_series};
use zarya_simulation::{HISTORIES_PER_WORLD, Outcome};

/// What only a door knows of a run.
#[derive(Clone, Copy)]
pub struct Door<'a> {
    /// Draws an answer as a page, which is kept beside it; the question names its last day and whole worlds.
    pub page: &'a dyn Fn(&Answer, &Question) -> Option<String>,
    /// Seconds since the question was asked; none of them is part of a digest.
    pub seconds: &'a dyn Fn() -> f64,
}

impl Door<'_> {
    /// A door without pages and without a clock.
    pub fn silent() -> Door<'static> {
        Door { page: &|_, _| None, seconds: &|| 0.0 }
    }
}

/// What to say first of a folder that [`Run::protected`] is not true of.
pub const UNPROTECTED: &str = "kept by release 0.1.0, whose folders do not show an edit";

/// A run whose folder holds all it should.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Where it is.
    pub folder: PathBuf,
    /// What was asked.
    pub asked: Asked,
    /// The share it holds; none for a whole run.
    pub shard: Option<Shard>,
    /// Whether an edit of the folder would be noticed; not so for those of release 0.1.0.
    pub protected: bool,
    /// Parts that were listed but damaged, and were computed again.
    pub damaged: Vec<u32>,
    /// The answer; a shard has none of its own.
    pub answer: Option<Answer>,
}

/// Begins a run in a new folder and works until it is whole: all of it, or one shard.
///
/// A folder in which a run had only begun is taken for a new one.
///
/// # Errors
///
/// As [`crate::assess::answer`]; when the folder holds anything, cannot be written, or there are fewer parts than
/// shards. Stopped early, what is done is kept for [`resume`].
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, assess, run};
///
/// let folder = std::env::temp_dir().join(format!("zarya-run-example-{}", std::process::id()));
/// let question = assess::Question {
///     station: Some("tiny".to_owned()),
///     histories: 40,
///     depth: assess::Depth::Base,
///     ..assess::Question::default()
/// };
/// let data = Data::embedded();
/// let control = Control::silent();
/// let begun = run::start(&question, None, &data, &folder, run::Door::silent(), &control)?;
/// let kept = run::read(&folder)?;
/// assert_eq!(kept.answer, begun.answer);
/// assert_eq!(kept.asked.histories, 40);
/// # std::fs::remove_dir_all(&folder).unwrap();
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn start(
    question: &Question,
    shard: Option<Shard>,
    data: &Data,
    folder: &Path,
    door: Door<'_>,
    control: &Control<'_>,
) -> Result<Run, Refusals> {
    let mut found = Found::default();
    found.keep(question.check());
    if let Some(shard) = shard.filter(|shard| !shard.is_sound()) {
        let why = format!("`shard` {shard}: the index is from 1 to the number of shards");
        found.add(Refusal::field("shard", why));
    }
    found.done()?;
    let (posed, texts) = Posed::open(question, data)?;
    let (n_scenarios, n_beliefs) = (question.scenario.len(), question.beliefs.len());
    let station = question.station.as_deref();
    let inputs = inputs::gather(data, station, &texts, n_scenarios, n_beliefs)?;
    let asked = Asked {
        station: question.station.clone(),
        through: posed.through,
        histories: posed.histories,
        seed: posed.seed,
        without: posed.without.clone(),
        only_systems: posed.only_systems,
        scenario: question.scenario.clone(),
        beliefs: question.beliefs.clone(),
        depth: posed.depth,
        command: None,
    };
    let folder = RunFolder::create(folder, asked, &posed.plan.digest, shard, &inputs)?;
    work(folder, &posed, door, control)
}

/// Continues the run in a folder with what it was asked; its digest is that of a run in one go.
///
/// # Errors
///
/// When it is not the folder of a run of this release, its manifest, an input or a part is not of this run,
/// a name in it is a link, or a file cannot be read or written. A part that is only damaged is computed
/// again. Stopped early, what is done is kept.
///
/// # Examples
///
/// ```
/// use zarya::{Control, run};
///
/// let nowhere = std::path::Path::new("no-such-folder");
/// let refused = run::resume(nowhere, run::Door::silent(), &Control::silent()).unwrap_err();
/// assert!(refused.to_string().contains("is not a run folder"));
/// ```
pub fn resume(folder: &Path, door: Door<'_>, control: &Control<'_>) -> Result<Run, Refusals> {
    let folder = RunFolder::open(folder)?;
    let posed = posed_in(&folder)?;
    work(folder, &posed, door, control)
}

/// Joins the shards of a run in a new folder, whose digests are those of the run in one piece, and answers.
///
/// # Errors
///
/// When a folder is named twice, they are not of one run, histories are missing, or a file cannot be read or
/// written.
///
/// # Examples
///
/// ```
/// use std::path::{Path, PathBuf};
/// use zarya::{Control, run};
///
/// let twice = [PathBuf::from("a"), PathBuf::from("a")];
/// let merged = run::merge(&twice, Path::new("whole"), run::Door::silent(), &Control::silent());
/// assert!(merged.unwrap_err().to_string().contains("a is named twice"));
/// ```
pub fn merge(
    folders: &[PathBuf],
    out: &Path,
    door: Door<'_>,
    control: &Control<'_>,
) -> Result<Run, Refusals> {
    if folders.is_empty() {
        return Err(Refusal::field("folders", "no folder is named").into());
    }
    let mut places = Vec::new();
    for path in folders {
        let place = path.canonicalize().unwrap_or_else(|_| path.clone());
        if places.contains(&place) {
            let why = format!("{} is named twice", path.display());
            let refusal = Refusal::new(Kind::Malformed, About::Question, why);
            return Err(refusal.help("name each folder once").into());
        }
        places.push(place);
    }
    let shards = folders.iter().map(|path| RunFolder::look(path)).collect::<Result<Vec<_>, _>>()?;
    let merged = RunFolder::merge(&shards, out)?;
    let posed = posed_in(&merged)?;
    work(merged, &posed, door, control)
}

/// Reads the answer of a run folder without running anything.
///
/// Every file that the manifest lists is compared with it, and the answer with the digest it carries. Nothing
/// is locked or written: a folder on read-only media is read, and one in which a run goes on.
///
/// # Errors
///
/// When it is not the folder of a run of this release or of 0.1.0, it has no answer yet, or a file in it is
/// not the one that the run wrote.
///
/// # Examples
///
/// ```
/// let refused = zarya::run::read(std::path::Path::new("no-such-folder")).unwrap_err();
/// assert!(refused.to_string().contains("is not a run folder"));
/// ```
pub fn read(folder: &Path) -> Result<Run, Refusals> {
    let (answer, manifest) = answered(folder)?;
    let protected = manifest.is_protected();
    let Manifest { mut question, shard, .. } = manifest;
    if !protected {
        // What was typed then is not known; what was read is in the folder.
        let kept = |role: InputRole| {
            let of_role = manifest.inputs.iter().filter(move |input| input.role == role);
            of_role.map(|input| folder.join(&input.file).display().to_string()).collect()
        };
        question.station = Some(station_in(folder));
        question.scenario = kept(InputRole::Scenario);
        question.beliefs = kept(InputRole::Beliefs);
    }
    let folder = folder.to_owned();
    let (asked, answer, damaged) = (question, Some(answer.0), Vec::new());
    Ok(Run { folder, asked, shard, protected, damaged, answer })
}

/// Reads the answer of a run folder as the text that holds it, with its name, checked as [`read`] does;
/// and whether the folder is protected.
pub(crate) fn text(folder: &Path) -> Result<(String, Vec<u8>, bool), Refusals> {
    let ((_, bytes), manifest) = answered(folder)?;
    Ok((answer_in(folder), bytes, manifest.is_protected()))
}

/// The answer of a folder, its text, and what the folder says about itself.
fn answered(folder: &Path) -> Result<((Answer, Vec<u8>), Manifest), Refusals> {
    let (kept, bytes) = RunFolder::answer(folder)?;
    let name = answer_in(folder);
    let answer = compare::parse(&name, &bytes)?;
    let manifest = kept.manifest().clone();
    if let Some((what, there, here)) = manifest.answers(&answer) {
        let path = PathBuf::from(name);
        return Err(FolderError::Foreign { path, what, there, here }.into());
    }
    Ok(((answer, bytes), manifest))
}

fn answer_in(folder: &Path) -> String {
    folder.join(ANSWER).display().to_string()
}

fn station_in(folder: &Path) -> String {
    folder.join("inputs/station").display().to_string()
}

/// Puts a page beside the answer of a run folder; returns whether it had to be written.
///
/// A page that is there already is left alone, so that nothing is written on read-only media.
///
/// # Errors
///
/// As [`read`]; when another process works in the folder, or it cannot be written.
///
/// # Examples
///
/// ```
/// let refused = zarya::run::turn_page(std::path::Path::new("no-such-folder"), "").unwrap_err();
/// assert!(refused.to_string().contains("is not a run folder"));
/// ```
pub fn turn_page(folder: &Path, page: &str) -> Result<bool, Refusals> {
    let bytes = page.as_bytes();
    if RunFolder::look(folder)?.has_page(bytes) {
        return Ok(false);
    }
    RunFolder::turn_page(folder, bytes)?;
    Ok(true)
}

/// Reads what a run folder says about itself, without its files.
///
/// # Errors
///
/// When it is not the folder of a run of this release or of 0.1.0, or was edited.
///
/// # Examples
///
/// ```
/// let refused = zarya::run::manifest(std::path::Path::new("no-such-folder")).unwrap_err();
/// assert!(refused.to_string().contains("is not a run folder"));
/// ```
pub fn manifest(folder: &Path) -> Result<Manifest, Refusals> {
    Ok(RunFolder::look(folder)?.manifest().clone())
}

/// Compiles what a run folder was asked from the inputs it keeps: from the texts that were compared with
/// the manifest, and nothing that lies beside them.
fn posed_in(folder: &RunFolder) -> Result<Posed, Refusals> {
    let inputs = folder.inputs()?;
    let station = station_in(folder.path());
    let (mut files, mut names) = (Vec::new(), Vec::new());
    let (mut scenario, mut beliefs) = (Vec::new(), Vec::new());
    let mut data = Data::embedded();
    for (input, entry) in inputs.into_iter().zip(&folder.manifest().inputs) {
        let InputFile { role, name, text } = input;
        if role == InputRole::Station {
            files.push((name, text.into_bytes()));
        } else {
            let place = folder.path().join(&entry.file).display().to_string();
            data = data.with_text(place.clone(), text);
            if role == InputRole::Beliefs { &mut beliefs } else { &mut scenario }.push(place);
            names.push(name);
        }
    }
    files.sort();
    let data = data.with_folder(station.clone(), Folder { files });
    let Manifest { question: asked, plan_digest, .. } = folder.manifest();
    let question = Question { station: Some(station), scenario, beliefs, ..asked.question() };
    let posed = Posed { overlays: names, ..Posed::open(&question, &data)?.0 };
    if posed.plan.digest != *plan_digest {
        return Err(Refusals::from(FolderError::Mismatch {
            path: folder.path().join(MANIFEST),
            what: "the compiled plan",
            there: plan_digest.clone(),
            here: posed.plan.digest,
        }));
    }
    Ok(posed)
}

/// Works in a folder until it holds all it should.
fn work(
    mut folder: RunFolder,
    posed: &Posed,
    door: Door<'_>,
    control: &Control<'_>,
) -> Result<Run, Refusals> {
    let place = folder.path().display().to_string();
    let damaged = fill(&mut folder, posed, control).map_err(|error| {
        let mut refusals = Refusals::from(error);
        for problem in refusals.problems.iter_mut().filter(|p| p.kind == Kind::Unreadable) {
            problem.help = format!(
                "finished parts are kept; when there is room again, continue with `resume {place}`"
            );
        }
        refusals
    })?;
    let stopped = || {
        let why = "interrupted: what is done is kept";
        let help = format!("continue with `resume {place}`");
        Err(Refusal::new(Kind::Stopped, About::Question, why).help(help).into())
    };
    if control.stopped() {
        return stopped();
    }
    let mut answer = None;
    if folder.manifest().shard.is_none() {
        let outcomes = folder.outcomes()?;
        let mut whole = judge(posed, &outcomes, control)?;
        if control.stopped() {
            return stopped();
        }
        whole.run.seconds = (door.seconds)();
        answer = Some(finish(&mut folder, posed, &outcomes, whole, door)?);
    }
    let Manifest { question, shard, .. } = folder.manifest().clone();
    let folder = folder.path().to_owned();
    Ok(Run { folder, asked: question, shard, protected: true, damaged, answer })
}

/// Writes what a whole run leaves beside its parts, then lists it in the manifest. A folder that was finished
/// before must come to the same answer; what is there as it should be is not touched.
fn finish(
    folder: &mut RunFolder,
    posed: &Posed,
    outcomes: &[Outcome],
    whole: Answer,
    door: Door<'_>,
) -> Result<Answer, Refusals> {
    let again = |what: &str, before: &str, now: &str| FolderError::NotRepeatable {
        what: what.to_owned(),
        before: manifest::short(before),
        now: manifest::short(now),
    };
    if let Some(before) = folder.manifest().ensemble_digest.as_ref()
        && *before != whole.ensemble_digest
    {
        return Err(again("the ensemble", before, &whole.ensemble_digest).into());
    }
    // How long it took, and on how many threads, stays what it was when the answer was written.
    let answer = match folder.kept(ANSWER) {
        None => whole,
        Some(bytes) => {
            let before = compare::parse(&answer_in(folder.path()), &bytes)?;
            if before.digest != whole.digest {
                return Err(again("the answer", &before.digest, &whole.digest).into());
            }
            before
        }
    };
    let mut outputs = Vec::new();
    let layout = Layout::of(&posed.plan);
    let about = [
        ("zarya", env!("CARGO_PKG_VERSION").to_owned()),
        ("seed", posed.seed.to_string()),
        ("inputs_digest", posed.plan.digest.clone()),
        ("ensemble_digest", answer.ensemble_digest.clone()),
    ];
    let part = HISTORIES_PER_PART as usize;
    let parts = || outcomes.chunks(part).map(|part| Ok(part.to_vec()));
    outputs.push(
        folder
            .keep_with("ensemble.parquet", |file| write_parquet(file, &layout, &about, parts()))?,
    );
    outputs.push(
        folder.keep_with("series.parquet", |file| write_series(file, &layout, &about, parts()))?,
    );
    outputs.push(folder.keep_with("worlds.parquet", |file| {
        write_columns(file, &worlds::columns(posed, outcomes), &about)
    })?);
    outputs.push(folder.keep_with("ensemble.csv", |file| write_csv(file, &layout, parts()))?);
    let mut json = serde_json::to_string_pretty(&answer).expect("plain values");
    json.push('\n');
    outputs.push(folder.keep(ANSWER, json.as_bytes())?);
    if let Some(page) = (door.page)(&answer, &folder.manifest().question.question()) {
        outputs.push(folder.keep(PAGE, page.as_bytes())?);
    } else {
        // Who draws no page leaves that of another door as it was listed.
        outputs.extend(folder.manifest().output(PAGE).cloned());
    }
    folder.seal(&answer.ensemble_digest, outputs)?;
    Ok(answer)
}

/// Computes the parts of a folder that are not there yet; returns those among them that were damaged.
fn fill(
    folder: &mut RunFolder,
    posed: &Posed,
    control: &Control<'_>,
) -> Result<Vec<u32>, FolderError> {
    let (missing, damaged) = folder.missing()?;
    let asked = folder.manifest().question.clone();
    let n_of = |number| asked.part_histories(number).len() as u64;
    let total: u64 = missing.iter().map(|number| n_of(*number)).sum();
    let mut before = 0;
    for number in missing {
        if control.stopped() {
            break;
        }
        let histories = asked.part_histories(number);
        let worlds = histories.start / HISTORIES_PER_WORLD..histories.end / HISTORIES_PER_WORLD;
        let outcomes = posed.run(worlds, control, &|done| {
            (control.progress)(stage::BASE, before + done, total);
        });
        if outcomes.len() < histories.len() {
            break;
        }
        folder.store(number, &outcomes)?;
        before += n_of(number);
    }
    Ok(damaged)
}

#[cfg(test)]
mod tests;
