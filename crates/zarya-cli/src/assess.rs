//! `zarya assess`, `merge`, `report`, `compare` and `explain`: the main job and what follows it.

mod running;

use crate::Answer;
use crate::door;
use crate::output::{self, Failure};
use clap::{Args, ValueEnum};
use running::Watch;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use zarya::Data;
use zarya::assess::{AssessError, Depth, HISTORIES_DEFAULT, Settings, recorded_cases};
use zarya::data::Opened;
use zarya::run::{self, FolderError, Question, RunFolder, Shard};
use zarya_assessment::Assessment;
use zarya_report::columns;
use zarya_report::comparison;
use zarya_report::{page, terminal, words};
use zarya_simulation::{HISTORIES_PER_WORLD, Outcome, Plan, PlanError, ensemble};
use zarya_station::Station;
use zarya_units::Date;

const ASSESS_EXAMPLES: &str = "\
Examples:
  zarya assess                                   can the ISS be operated through 2028?
  zarya assess --without routine-maintenance     the same claim, one condition withdrawn
  zarya assess --only systems                    station systems and supply alone
  zarya assess my-station --through 2030-12-31   your files (`zarya init my-station`), another date
  zarya assess --histories 2000 --seed 7 --json -
                                                 the whole answer as JSON on stdout
  zarya assess --histories 100000 --out run      a run that can be interrupted and resumed
  zarya assess --resume run                      go on where it stopped: the same digest
  zarya assess --histories 100000 --shard 2/4 --out part2
                                                 a quarter of it here; join with `zarya merge`

The first line is the verdict: supported, not supported, or undetermined on the public record,
with the probability of never being de-crewed, its band over what is not known, and what history
alone would say. Progress goes to stderr; Ctrl-C keeps what is done.

Exit status: 0 answered, 1 input refused, 2 usage, 3 a file cannot be read or written,
130 interrupted.";

const MERGE_EXAMPLES: &str = "\
Examples:
  zarya assess --histories 100000 --shard 1/2 --out a       on one machine
  zarya assess --histories 100000 --shard 2/2 --out b       on another
  zarya merge a b --out whole                               the digest of the run in one piece

All parts must come from the same version, seed, question and inputs; anything else is refused.";

const REPORT_EXAMPLES: &str = "\
Examples:
  zarya report run                     writes run/report.html again and prints the answer
  zarya report run --html page.html    writes the page elsewhere";

const COMPARE_EXAMPLES: &str = "\
Examples:
  zarya compare before after                       two run folders
  zarya compare before.json after.json --json -    two answers written with --json

Changes are given with the sampling error of a difference between independent runs; with the same
seed both runs draw the same worlds, and the true error is smaller.";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  zarya explain --history 17 --seed 7            one future of the ISS, told by date
  zarya explain tiny --history 3                 of the teaching station
  zarya explain --history 17 --without roscosmos

A report names histories worth reading under \u{201c}First causes\u{201d}. The history is the one that
`zarya assess` computes under that number and seed.";

/// What every question about a station has in common.
#[derive(Args, Clone, Debug)]
struct Asked {
    /// Folder of station files, or `iss` or `tiny` for an embedded station [default: iss].
    station: Option<PathBuf>,
    /// Last day of the claim, inclusive: YYYY-MM-DD [default: the claim in the files].
    #[arg(long, value_name = "DATE")]
    through: Option<Date>,
    /// Seed of all random numbers.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(0..=SEED_MAX))]
    seed: u64,
    /// Withdraw a condition, by id. May be repeated.
    #[arg(long, value_name = "CONDITION")]
    without: Vec<String>,
    /// Leave out the published constants of other owners: debris, crew transport, medical, fire.
    #[arg(long, value_enum)]
    only: Option<Only>,
    /// Scenario to apply: a file, or the name of one of the station's own. May be repeated.
    #[arg(long, value_name = "FILE")]
    scenario: Vec<PathBuf>,
    /// Beliefs to apply after the scenarios: a file, or a name. May be repeated.
    #[arg(long, value_name = "FILE")]
    beliefs: Vec<PathBuf>,
}

/// Whole numbers beyond 2^53 are not exact in JSON.
const SEED_MAX: u64 = (1 << 53) - 1;

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Only {
    /// Station systems and supply.
    Systems,
}

/// Where an answer goes besides the terminal.
#[derive(Args, Clone, Debug)]
struct Outputs {
    /// Write the answer as JSON to this file; `-` for stdout, which then holds nothing else.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    /// Write the report as one HTML page to this file.
    #[arg(long, value_name = "PATH")]
    html: Option<PathBuf>,
    /// Threads [default: all]. The answer does not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    threads: Option<u32>,
}

/// Ask whether a station can operate safely through a date, and what that depends on.
#[derive(Args)]
#[command(after_help = ASSESS_EXAMPLES)]
pub(crate) struct AssessArgs {
    #[command(flatten)]
    asked: Asked,
    /// Histories in all, spread over worlds of 20.
    #[arg(long, default_value_t = HISTORIES_DEFAULT, value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    histories: u32,
    #[command(flatten)]
    outputs: Outputs,
    /// Keep the run in this new folder: manifest, inputs, every history, the answer, the report.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Continue the run in this folder with what it was asked; the digest is that of a run in one go.
    #[arg(long, value_name = "DIR", conflicts_with_all = [
        "station", "through", "seed", "without", "only", "scenario", "beliefs", "histories",
        "out", "shard",
    ])]
    resume: Option<PathBuf>,
    /// Compute only share i of n (`2/4`) into --out; `zarya merge` joins the shares.
    #[arg(long, value_name = "I/N", requires = "out", conflicts_with_all = ["json", "html"])]
    shard: Option<Shard>,
}

/// Join the shards of a run into a whole with the same digest, and answer.
#[derive(Args)]
#[command(after_help = MERGE_EXAMPLES)]
pub(crate) struct MergeArgs {
    /// Run folders that together hold every part.
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// New folder for the whole run.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    outputs: Outputs,
}

/// Render the answer of a run folder again, without running anything.
#[derive(Args)]
#[command(after_help = REPORT_EXAMPLES)]
pub(crate) struct ReportArgs {
    /// Run folder.
    folder: PathBuf,
    /// Where to write the page [default: report.html in the folder].
    #[arg(long, value_name = "PATH")]
    html: Option<PathBuf>,
    /// Write the answer as JSON to this file; `-` for stdout.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
}

/// Say what changed between two answers, in words and numbers.
#[derive(Args)]
#[command(after_help = COMPARE_EXAMPLES)]
pub(crate) struct CompareArgs {
    /// Run folder or JSON answer before.
    before: PathBuf,
    /// Run folder or JSON answer after.
    after: PathBuf,
    /// Write the comparison as JSON to this file; `-` for stdout.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
}

/// Tell one history as dated sentences.
#[derive(Args)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    asked: Asked,
    /// Number of the history, from 0.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100_000_000))]
    history: u32,
    /// Write the history as JSON to this file; `-` for stdout.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
}

/// Runs `zarya assess`.
pub(crate) fn assess(args: &AssessArgs, quiet: bool) -> Answer {
    if let Some(path) = &args.resume {
        return resume(path, &args.outputs, quiet);
    }
    let histories = whole_worlds(args.histories, quiet);
    let (data, opened) = open_station(&args.asked)?;
    tell_warnings(&opened, quiet);
    let question = question(&args.asked, &opened.station, histories);
    let Some(out) = &args.out else {
        let job = Job::new(opened.station, &data, &args.asked, question, &args.outputs)?;
        return job.answer_from_memory(&args.outputs, quiet);
    };
    let (n_scenarios, n_beliefs) = (args.asked.scenario.len(), args.asked.beliefs.len());
    let name = door::name(args.asked.station.as_deref());
    let inputs = run::gather(&data, name.as_deref(), &opened, n_scenarios, n_beliefs)?;
    let job = Job::new(opened.station, &data, &args.asked, question, &args.outputs)?;
    let digest = &job.plan.digest;
    let folder = RunFolder::create(out, job.question.clone(), digest, args.shard, &inputs)
        .map_err(refused)?;
    job.answer_from_folder(folder, &args.outputs, quiet)
}

/// Runs `zarya merge`.
pub(crate) fn merge(args: &MergeArgs, quiet: bool) -> Answer {
    // An open folder is locked, so that the second opening would wait for ourselves.
    let mut places = Vec::new();
    for path in &args.folders {
        let place = path.canonicalize().unwrap_or_else(|_| path.clone());
        if places.contains(&place) {
            let path = path.display();
            let message = format!("{path} is named twice: name each folder once");
            return Err(Failure::Usage(message));
        }
        places.push(place);
    }
    let shards: Result<Vec<_>, _> = args.folders.iter().map(|path| RunFolder::open(path)).collect();
    let merged = RunFolder::merge(&shards.map_err(refused)?, &args.out).map_err(refused)?;
    let job = Job::of_folder(&merged, &args.outputs)?;
    job.answer_from_folder(merged, &args.outputs, quiet)
}

/// Runs `zarya report`.
pub(crate) fn report(args: &ReportArgs, quiet: bool) -> Answer {
    let folder = RunFolder::open(&args.folder).map_err(refused)?;
    let answer = read_answer(&args.folder)?;
    let page = page::html(&answer, &folder.manifest().question.command);
    match &args.html {
        Some(path) => output::to_path(path, &page)?,
        None => folder.write("report.html", page.as_bytes()).map_err(refused)?,
    }
    if let Some(path) = &args.json {
        output::json(path, &answer)?;
    }
    let stdout_taken =
        [&args.json, &args.html].iter().any(|p| p.as_deref() == Some(Path::new("-")));
    if stdout_taken {
        return Ok(());
    }
    let path = args.html.clone().unwrap_or_else(|| args.folder.join("report.html"));
    tell(quiet, &format!("report: {}", path.display()));
    output::text(&terminal::answer(&answer, &folder.manifest().question.command))
}

/// Runs `zarya compare`.
pub(crate) fn compare(args: &CompareArgs) -> Answer {
    let comparison = comparison::compare(&read_answer(&args.before)?, &read_answer(&args.after)?);
    if let Some(path) = &args.json {
        output::json(path, &comparison)?;
        if path == Path::new("-") {
            return Ok(());
        }
    }
    output::text(&columns::fitted(&comparison.to_string()))
}

/// Runs `zarya explain`.
pub(crate) fn explain(args: &ExplainArgs) -> Answer {
    let (_, opened) = open_station(&args.asked)?;
    let question = question(&args.asked, &opened.station, HISTORIES_PER_WORLD);
    let plan = compile(&opened.station, &settings(&question, &args.asked.overlays(), 1))?;
    let (outcome, notes) = ensemble::tell(&plan, args.asked.seed, args.history);
    let told = Told {
        station: opened.station.identity.name.clone(),
        history: outcome.history,
        world: outcome.world,
        seed: args.asked.seed,
        from: plan.as_of,
        through: plan.through,
        end_state: outcome.end_state.name(),
        inputs_digest: plan.digest.clone(),
        notes: notes
            .into_iter()
            .map(|note| Dated { date: Date::from_mjd(note.at), text: note.text })
            .collect(),
    };
    if let Some(path) = &args.json {
        output::json(path, &told)?;
        if path == Path::new("-") {
            return Ok(());
        }
    }
    output::text(&told.prose(&plan, &outcome))
}

/// One history as data.
#[derive(Serialize)]
struct Told {
    station: String,
    history: u32,
    world: u32,
    seed: u64,
    from: Date,
    through: Date,
    end_state: &'static str,
    inputs_digest: String,
    notes: Vec<Dated>,
}

/// One dated sentence.
#[derive(Serialize)]
struct Dated {
    date: Date,
    text: String,
}

impl Told {
    fn prose(&self, plan: &Plan, outcome: &Outcome) -> String {
        let mut out = format!(
            "{}: history {} of seed {}, {} through {}, ends {}.\n",
            self.station,
            self.history,
            self.seed,
            self.from,
            self.through,
            words::plain(self.end_state)
        );
        for (breach, what) in [
            (outcome.survives, "Crew or station lost"),
            (outcome.crewed, "Nobody aboard, or crew lost,"),
            (outcome.full, "Full operation first broken"),
        ] {
            let Some(breach) = breach else { continue };
            let text = |index: u16| plan.causes.get(usize::from(index)).map_or("", |c| &c.text);
            let (direct, root) = (text(breach.cause.direct), text(breach.cause.root));
            let behind =
                if root == direct { String::new() } else { format!("; behind it: {root}") };
            let date = Date::from_mjd(breach.at);
            let _ = writeln!(out, "{what} on {date}: {direct}{behind}.");
        }
        let mut out = columns::fitted(&out);
        out.push('\n');
        let mut before = None;
        for note in &self.notes {
            let same = before == Some(note.date);
            let date = if same { String::new() } else { note.date.to_string() };
            out.push_str(&columns::hanging(&format!("{date:<10}  "), &note.text));
            before = Some(note.date);
        }
        out
    }
}

/// A question about a station, compiled.
struct Job {
    station: Station,
    cases: Vec<Station>,
    plan: Plan,
    question: Question,
    settings: Settings,
}

impl Job {
    fn new(
        station: Station,
        data: &Data,
        asked: &Asked,
        question: Question,
        outputs: &Outputs,
    ) -> Result<Self, Failure> {
        let cases = recorded_cases(data, door::name(asked.station.as_deref()).as_deref())?;
        let settings = settings(&question, &asked.overlays(), outputs.threads());
        let plan = compile(&station, &settings)?;
        Ok(Self { station, cases, plan, question, settings })
    }

    /// Compiles what a run folder was asked from the inputs it keeps.
    fn of_folder(folder: &RunFolder, outputs: &Outputs) -> Result<Self, Failure> {
        // Reading them checks that nobody changed them since.
        let inputs = folder.inputs().map_err(refused)?;
        let station = folder.station_path();
        let overlays = folder.overlay_paths();
        let overlay_paths: Vec<PathBuf> = overlays.iter().map(|(_, path)| path.clone()).collect();
        let (data, opened) = door::opened(Some(&station), &overlay_paths)?;
        drop(inputs);
        let cases = recorded_cases(&data, door::name(Some(&station)).as_deref())?;
        let question = folder.manifest().question.clone();
        let names: Vec<String> = overlays.into_iter().map(|(name, _)| name).collect();
        let settings = settings(&question, &names, outputs.threads());
        let plan = compile(&opened.station, &settings)?;
        if plan.digest != folder.manifest().plan_digest {
            return Err(refused(FolderError::Mismatch {
                path: folder.path().to_owned(),
                what: "the compiled plan",
                there: folder.manifest().plan_digest.clone(),
                here: plan.digest,
            }));
        }
        Ok(Self { station: opened.station, cases, plan, question, settings })
    }

    fn answer_from_memory(&self, outputs: &Outputs, quiet: bool) -> Answer {
        let watch = Watch::start(quiet)?;
        let outcomes = zarya::assess::base_ensemble(&self.plan, &self.settings, &watch.control());
        let answer = self.judge(&outcomes, &watch)?;
        self.print(&answer, outputs, quiet)?;
        if running::stopped() {
            let done = answer.run.histories;
            let asked = self.question.histories;
            return Err(Failure::Interrupted(format!(
                "interrupted: the answer above rests on {done} of {asked} histories; with --out DIR \
                 a run can be continued"
            )));
        }
        Ok(())
    }

    fn answer_from_folder(&self, mut folder: RunFolder, outputs: &Outputs, quiet: bool) -> Answer {
        let watch = Watch::start(quiet)?;
        let place = folder.path().display().to_string();
        self.fill(&mut folder, &watch, quiet).map_err(|failure| match failure {
            Failure::Io(message) => Failure::Io(format!(
                "{message}\nhelp: finished parts are kept; when there is room again, continue with \
                 `zarya assess --resume {place}`"
            )),
            other => other,
        })?;
        let interrupted = || {
            Failure::Interrupted(format!(
                "interrupted: what is done is kept; continue with `zarya assess --resume {place}`"
            ))
        };
        if running::stopped() {
            return Err(interrupted());
        }
        if let Some(shard) = folder.manifest().shard {
            tell(quiet, &format!("shard {shard} is complete in {place}"));
            return output::text(&format!(
                "shard {shard} of {} histories is in {place}\nnext: zarya merge {place} DIR... --out WHOLE\n",
                self.question.histories
            ));
        }
        let outcomes = folder.outcomes().map_err(refused)?;
        let answer = self.judge(&outcomes, &watch)?;
        if running::stopped() {
            return Err(interrupted());
        }
        folder.seal(&answer.ensemble_digest).map_err(refused)?;
        self.write_tables(&folder, &outcomes)?;
        let mut json = serde_json::to_string_pretty(&answer)
            .map_err(|error| Failure::Io(format!("assessment.json: {error}")))?;
        json.push('\n');
        folder.write("assessment.json", json.as_bytes()).map_err(refused)?;
        let page = page::html(&answer, &self.question.command);
        folder.write("report.html", page.as_bytes()).map_err(refused)?;
        tell(quiet, &format!("report: {place}/report.html"));
        self.print(&answer, outputs, quiet)
    }

    /// Computes the parts of a folder that are not there yet.
    fn fill(&self, folder: &mut RunFolder, watch: &Watch, quiet: bool) -> Result<(), Failure> {
        let (missing, damaged) = folder.missing().map_err(refused)?;
        for number in damaged {
            tell(quiet, &format!("part {number} is damaged and is computed again"));
        }
        let n_of = |number| self.question.part_histories(number).len() as u64;
        let total: u64 = missing.iter().map(|number| n_of(*number)).sum();
        let mut before = 0;
        for number in missing {
            let histories = self.question.part_histories(number);
            let worlds = histories.start / HISTORIES_PER_WORLD..histories.end / HISTORIES_PER_WORLD;
            let outcomes = watch.run_worlds(&self.plan, &self.settings, worlds, before, total);
            if running::stopped() && outcomes.len() < histories.len() {
                return Ok(());
            }
            folder.store(number, &outcomes).map_err(refused)?;
            before += n_of(number);
            if running::stopped() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn judge(&self, outcomes: &[Outcome], watch: &Watch) -> Result<Assessment, Failure> {
        let mut answer = zarya::assess::answer(
            &self.station,
            &self.cases,
            &self.plan,
            outcomes,
            &self.settings,
            &watch.control(),
        )
        .map_err(|error| match error {
            AssessError::Plan(error) => unplanned(&error),
            AssessError::Nothing => Failure::Interrupted(format!("interrupted: {error}")),
            _ => Failure::Refused(error.to_string()),
        })?;
        watch.finish();
        answer.run.threads = self.settings.threads as u32;
        answer.run.seconds = watch.seconds();
        Ok(answer)
    }

    fn write_tables(&self, folder: &RunFolder, outcomes: &[Outcome]) -> Result<(), Failure> {
        let layout = run::Layout::of(&self.plan);
        let digest = folder.manifest().ensemble_digest.clone().unwrap_or_default();
        let about = [
            ("zarya", env!("CARGO_PKG_VERSION").to_owned()),
            ("seed", self.question.seed.to_string()),
            ("inputs_digest", self.plan.digest.clone()),
            ("ensemble_digest", digest),
        ];
        let part = run::HISTORIES_PER_PART as usize;
        let parts = || outcomes.chunks(part).map(|part| Ok(part.to_vec()));
        folder
            .write_with("ensemble.parquet", |file| {
                run::write_parquet(file, &layout, &about, parts())
            })
            .map_err(refused)?;
        folder
            .write_with("series.parquet", |file| run::write_series(file, &layout, &about, parts()))
            .map_err(refused)?;
        folder
            .write_with("ensemble.csv", |file| run::write_csv(file, &layout, parts()))
            .map_err(refused)
    }

    fn print(&self, answer: &Assessment, outputs: &Outputs, quiet: bool) -> Answer {
        if let Some(path) = &outputs.html {
            output::to_path(path, &page::html(answer, &self.question.command))?;
            tell(quiet, &format!("report: {}", path.display()));
        }
        if let Some(path) = &outputs.json {
            output::json(path, answer)?;
        }
        if outputs.stdout_taken() {
            Ok(())
        } else {
            output::text(&terminal::answer(answer, &self.question.command))
        }
    }
}

fn resume(path: &Path, outputs: &Outputs, quiet: bool) -> Answer {
    let folder = RunFolder::open(path).map_err(refused)?;
    if folder.manifest().shard.is_some() && (outputs.json.is_some() || outputs.html.is_some()) {
        let message = "a shard has no answer of its own: join it with the others by `zarya merge`";
        return Err(Failure::Usage(message.to_owned()));
    }
    let job = Job::of_folder(&folder, outputs)?;
    job.answer_from_folder(folder, outputs, quiet)
}

impl Asked {
    fn overlays(&self) -> Vec<String> {
        let paths = self.scenario.iter().chain(&self.beliefs);
        paths.map(|path| path.file_name().unwrap_or_default().to_string_lossy().into()).collect()
    }

    /// The command line that asks the same again.
    fn command(&self, through: Date, histories: u32) -> String {
        let mut words = vec!["zarya".to_owned(), "assess".to_owned()];
        let mut add = |flag: &str, value: String| {
            if !flag.is_empty() {
                words.push(flag.to_owned());
            }
            words.push(quoted(value));
        };
        if let Some(station) = &self.station {
            add("", station.display().to_string());
        }
        add("--through", through.to_string());
        add("--histories", histories.to_string());
        add("--seed", self.seed.to_string());
        for id in &self.without {
            add("--without", id.clone());
        }
        if self.only.is_some() {
            add("--only", "systems".to_owned());
        }
        for path in &self.scenario {
            add("--scenario", path.display().to_string());
        }
        for path in &self.beliefs {
            add("--beliefs", path.display().to_string());
        }
        words.join(" ")
    }
}

impl Outputs {
    fn threads(&self) -> usize {
        let all = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.threads.map_or_else(all, |n| n as usize)
    }

    fn stdout_taken(&self) -> bool {
        [&self.json, &self.html].iter().any(|path| path.as_deref() == Some(Path::new("-")))
    }
}

/// A word as a shell takes it.
fn quoted(word: String) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:,+=@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

fn question(asked: &Asked, station: &Station, histories: u32) -> Question {
    let through = asked.through.unwrap_or(station.claim.through);
    // The order in which conditions are named changes nothing.
    let mut without = asked.without.clone();
    without.sort();
    without.dedup();
    Question {
        through,
        histories,
        seed: asked.seed,
        without,
        only_systems: asked.only.is_some(),
        command: asked.command(through, histories),
    }
}

fn settings(question: &Question, overlays: &[String], threads: usize) -> Settings {
    Settings {
        through: question.through,
        histories: question.histories,
        seed: question.seed,
        without: question.without.clone(),
        only_systems: question.only_systems,
        threads,
        overlays: overlays.to_vec(),
        depth: Depth::Full,
    }
}

fn compile(station: &Station, settings: &Settings) -> Result<Plan, Failure> {
    zarya::assess::base_plan(station, settings).map_err(|error| match error {
        AssessError::Plan(error) => unplanned(&error),
        other => Failure::Refused(other.to_string()),
    })
}

fn open_station(asked: &Asked) -> Result<(Data, Opened), Failure> {
    let overlays: Vec<PathBuf> = asked.scenario.iter().chain(&asked.beliefs).cloned().collect();
    door::opened(asked.station.as_deref(), &overlays)
}

fn unplanned(error: &PlanError) -> Failure {
    let PlanError::UnknownCondition(id, known) = error else {
        return Failure::Refused(error.to_string());
    };
    let nearest = known
        .iter()
        .max_by(|a, b| strsim::jaro_winkler(id, a).total_cmp(&strsim::jaro_winkler(id, b)));
    let nearest = nearest.filter(|known| 0.75 < strsim::jaro_winkler(id, known));
    let hint = nearest.map_or_else(String::new, |known| format!("\nhelp: did you mean `{known}`?"));
    Failure::Refused(format!("{error}{hint}"))
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` hands over")]
fn refused(error: FolderError) -> Failure {
    match error {
        FolderError::Io { .. } => Failure::Io(error.to_string()),
        _ => Failure::Refused(error.to_string()),
    }
}

/// Reads the answer of a run folder, or an answer by its own name.
fn read_answer(path: &Path) -> Result<Assessment, Failure> {
    let file = if path.is_dir() { path.join("assessment.json") } else { path.to_owned() };
    let text = std::fs::read_to_string(&file).map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound && path.is_dir() {
            let place = path.display();
            Failure::Refused(format!(
                "{place} holds no assessment.json: a run that was interrupted is finished with \
                 `zarya assess --resume {place}`, shards are joined with `zarya merge`"
            ))
        } else {
            Failure::io(&file, &error)
        }
    })?;
    serde_json::from_str(&text).map_err(|error| {
        let place = file.display();
        Failure::Refused(format!("{place} is not an answer of `zarya assess --json`: {error}"))
    })
}

/// Rounds histories up to whole worlds, and says so.
fn whole_worlds(histories: u32, quiet: bool) -> u32 {
    let whole = histories.next_multiple_of(HISTORIES_PER_WORLD);
    if whole != histories {
        let notice = format!(
            "{histories} histories are rounded up to {whole}: worlds hold {HISTORIES_PER_WORLD} each"
        );
        tell(quiet, &notice);
    }
    whole
}

fn tell_warnings(opened: &Opened, quiet: bool) {
    let n = opened.warnings.len();
    if n != 0 {
        let name = opened.origin.trim_start_matches("embedded ");
        let noun = words::counted(n, "warning");
        tell(quiet, &format!("{noun} about the station files: see `zarya check {name}`"));
    }
}

/// Says something on stderr that is not an answer.
fn tell(quiet: bool, text: &str) {
    use std::io::Write as _;
    if !quiet {
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}
