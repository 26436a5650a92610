//! A run that is kept in a folder: begun, continued, split over machines, joined, read again.
//!
//! The folder holds what was asked, what it was asked of, and every history that was answered:
//!
//! ```text
//! DIR/manifest.json       question, version, seed, digests of the inputs and of each part
//! DIR/inputs/…            the station files and overlays as they were used
//! DIR/parts/00000.rows    500 histories each, compressed; 00001.rows, …
//! DIR/ensemble.parquet    one row per history        DIR/ensemble.csv   the same as text
//! DIR/series.parquet      one row per history and sample date
//! DIR/assessment.json     the answer                 DIR/report.html    the answer, drawn by the door
//! ```
//!
//! A part appears under its name only when it is whole: it is written under a temporary name,
//! flushed, renamed, and then entered in the manifest, which is itself replaced by renaming. A kill
//! or a full disk loses at most the part being written. Histories are a pure function of plan, seed
//! and number, so a missing or damaged part is simply computed again, and must come out the same.

mod folder;
mod inputs;
mod manifest;
mod rows;
mod table;

use crate::assess::{Answer, Only, Posed, Question, judge, stage};
use crate::refusal::{About, Found, Kind, Refusal, Refusals};
use crate::{Control, Data, compare, open};
use folder::{FolderError, RunFolder};
pub use manifest::{Asked, Manifest, Shard};
use manifest::{HISTORIES_PER_PART, InputEntry, InputFile, InputRole, PartEntry};
use std::path::{Path, PathBuf};
use table::{Layout, write_csv, write_parquet, write_series};
use zarya_simulation::{HISTORIES_PER_WORLD, Outcome};

/// What only a door knows of a run.
#[derive(Clone, Copy)]
pub struct Door<'a> {
    /// What asks the same again, such as a command line; it is asked with `through` named and whole worlds.
    pub repeat: &'a dyn Fn(&Question) -> String,
    /// Seconds since the question was asked; none of them is part of a digest.
    pub seconds: &'a dyn Fn() -> f64,
}

impl Door<'_> {
    /// A door without words and without a clock.
    pub fn silent() -> Door<'static> {
        Door { repeat: &|_| String::new(), seconds: &|| 0.0 }
    }
}

/// A run whose folder holds all it should.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Where it is.
    pub folder: PathBuf,
    /// What was asked.
    pub asked: Asked,
    /// The share it holds; none for a whole run.
    pub shard: Option<Shard>,
    /// Parts that were listed but damaged, and were computed again.
    pub damaged: Vec<u32>,
    /// The answer; a shard has none of its own.
    pub answer: Option<Answer>,
}

/// Begins a run in a new folder and works until it is whole: all of it, or one shard.
///
/// The page `report.html` is not written: a door draws it from the answer.
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
    let whole =
        Question { through: Some(posed.through), histories: posed.histories, ..question.clone() };
    let asked = Asked {
        through: posed.through,
        histories: posed.histories,
        seed: posed.seed,
        without: posed.without.clone(),
        only_systems: posed.only_systems,
        depth: posed.depth,
        command: (door.repeat)(&whole),
    };
    let folder = RunFolder::create(folder, asked, &posed.plan.digest, shard, &inputs)?;
    work(folder, &posed, door, control)
}

/// Continues the run in a folder with what it was asked; its digest is that of a run in one go.
///
/// # Errors
///
/// When it is not the folder of a run of this release, an input was changed, or a file cannot be read or
/// written. Stopped early, what is done is kept.
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
    // An open folder is locked, so that the second opening would wait for ourselves.
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
    let shards = folders.iter().map(|path| RunFolder::open(path)).collect::<Result<Vec<_>, _>>()?;
    let merged = RunFolder::merge(&shards, out)?;
    let posed = posed_in(&merged)?;
    work(merged, &posed, door, control)
}

/// Reads the answer of a run folder without running anything.
///
/// # Errors
///
/// When it is not the folder of a run of this release, or it has no answer yet.
///
/// # Examples
///
/// ```
/// let refused = zarya::run::read(std::path::Path::new("no-such-folder")).unwrap_err();
/// assert!(refused.to_string().contains("is not a run folder"));
/// ```
pub fn read(folder: &Path) -> Result<Run, Refusals> {
    let Manifest { question, shard, .. } = manifest(folder)?;
    let (data, name) = open::answer(Data::embedded(), folder)?;
    let answer = Some(compare::read(&data, "folder", &name)?);
    Ok(Run { folder: folder.to_owned(), asked: question, shard, damaged: Vec::new(), answer })
}

/// Reads what a run folder says about itself.
///
/// # Errors
///
/// When it is not the folder of a run of this release, or another process works in it.
///
/// # Examples
///
/// ```
/// let refused = zarya::run::manifest(std::path::Path::new("no-such-folder")).unwrap_err();
/// assert!(refused.to_string().contains("is not a run folder"));
/// ```
pub fn manifest(folder: &Path) -> Result<Manifest, Refusals> {
    Ok(RunFolder::open(folder)?.manifest().clone())
}

/// Compiles what a run folder was asked from the inputs it keeps.
fn posed_in(folder: &RunFolder) -> Result<Posed, Refusals> {
    folder.inputs()?; // Reading them checks that nobody changed them since.
    let station = folder.station_path();
    let (names, paths): (Vec<String>, Vec<PathBuf>) = folder.overlay_paths().into_iter().unzip();
    let overlays: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let data = open::station(Data::embedded(), Some(&station), &overlays)?;
    let Manifest { question: asked, plan_digest, .. } = folder.manifest();
    let question = Question {
        station: Some(station.display().to_string()),
        through: Some(asked.through),
        histories: asked.histories,
        seed: asked.seed,
        without: asked.without.clone(),
        only: asked.only_systems.then_some(Only::Systems),
        scenario: paths.iter().map(|path| path.display().to_string()).collect(),
        beliefs: Vec::new(),
        depth: asked.depth,
    };
    let posed = Posed { overlays: names, ..Posed::open(&question, &data)?.0 };
    if posed.plan.digest != *plan_digest {
        return Err(Refusals::from(FolderError::Mismatch {
            path: folder.path().to_owned(),
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
        folder.seal(&whole.ensemble_digest)?;
        write_tables(&folder, posed, &outcomes)?;
        let mut json = serde_json::to_string_pretty(&whole).expect("plain values");
        json.push('\n');
        folder.write("assessment.json", json.as_bytes())?;
        answer = Some(whole);
    }
    let Manifest { question, shard, .. } = folder.manifest().clone();
    Ok(Run { folder: folder.path().to_owned(), asked: question, shard, damaged, answer })
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

fn write_tables(
    folder: &RunFolder,
    posed: &Posed,
    outcomes: &[Outcome],
) -> Result<(), FolderError> {
    let layout = Layout::of(&posed.plan);
    let digest = folder.manifest().ensemble_digest.clone().unwrap_or_default();
    let about = [
        ("zarya", env!("CARGO_PKG_VERSION").to_owned()),
        ("seed", posed.seed.to_string()),
        ("inputs_digest", posed.plan.digest.clone()),
        ("ensemble_digest", digest),
    ];
    let part = HISTORIES_PER_PART as usize;
    let parts = || outcomes.chunks(part).map(|part| Ok(part.to_vec()));
    folder.write_with("ensemble.parquet", |file| write_parquet(file, &layout, &about, parts()))?;
    folder.write_with("series.parquet", |file| write_series(file, &layout, &about, parts()))?;
    folder.write_with("ensemble.csv", |file| write_csv(file, &layout, parts()))
}

#[cfg(test)]
mod tests;
