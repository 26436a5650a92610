//! `zarya assess`, `merge`, `report`, `compare` and `explain`: the main job and what follows it.

use crate::export::ExportArgs;
use crate::output::{self, Failure};
use crate::watch::{Watch, stopped};
use crate::{Answer, door};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use zarya::assess::{
    self, Depth, HISTORIES, HISTORIES_DEFAULT, HISTORIES_QUICK, Only, Question, SEED_DEFAULT,
    SEED_MAX,
};
use zarya::assessment::Assessment;
use zarya::run::{self, Door, Run, Shard};
use zarya::units::Date;
use zarya::{Control, Data, compare as comparing, explain as explaining, open};
use zarya_report::export::Exports;
use zarya_report::{command, compare as compared, explain as explained, page, terminal, words};

const ASSESS_EXAMPLES: &str = "\
Examples:
  zarya assess                                   can the ISS be operated through 2028?
  zarya assess --without routine-maintenance     the same claim, one condition withdrawn
  zarya assess --only systems                    station systems and supply alone
  zarya assess my-station --through 2030-12-31   your files (`zarya init my-station`), another date
  zarya assess --histories 2000 --seed 7 --json -
                                                 the whole answer as JSON on stdout
  zarya assess --export tables                   every table as CSV and every plot as SVG
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
  zarya report run --html page.html    writes the page elsewhere
  zarya report run --export tables     every table as CSV and every plot as SVG";

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
    #[arg(long, default_value_t = SEED_DEFAULT, value_parser = clap::value_parser!(u64).range(0..=SEED_MAX))]
    seed: u64,
    /// Withdraw a condition, by id. May be repeated.
    #[arg(long, value_name = "CONDITION")]
    without: Vec<String>,
    /// Leave out what the files pass through from other owners: debris, crew transport, medical, fire.
    #[arg(long, value_enum)]
    only: Option<OnlyArg>,
    /// Scenario to apply: a file, or the name of one of the station's own. May be repeated.
    #[arg(long, value_name = "FILE")]
    scenario: Vec<PathBuf>,
    /// Beliefs to apply after the scenarios: a file, or a name. May be repeated.
    #[arg(long, value_name = "FILE")]
    beliefs: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OnlyArg {
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
    #[command(flatten)]
    export: ExportArgs,
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
    /// Histories in all, spread over worlds of 20 [default: 10000, with --quick 2000].
    #[arg(long, value_name = "N",
          value_parser = clap::value_parser!(u32).range(
              i64::from(*HISTORIES.start())..=i64::from(*HISTORIES.end())))]
    histories: Option<u32>,
    /// Headline, record, what is worth knowing, and each condition once on few worlds: no break-evens, wider errors.
    #[arg(long)]
    quick: bool,
    #[command(flatten)]
    outputs: Outputs,
    /// Keep the run in this new folder: manifest, inputs, every history, the answer, the report.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Continue the run in this folder with what it was asked; the digest is that of a run in one go.
    #[arg(long, value_name = "DIR", conflicts_with_all = [
        "station", "through", "seed", "without", "only", "scenario", "beliefs", "histories",
        "quick", "out", "shard",
    ])]
    resume: Option<PathBuf>,
    /// Compute only share i of n (`2/4`) into --out; `zarya merge` joins the shares.
    #[arg(long, value_name = "I/N", requires = "out", conflicts_with_all = ["json", "html", "export"])]
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
    #[command(flatten)]
    export: ExportArgs,
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
    #[command(flatten)]
    export: ExportArgs,
}

/// Tell one history as dated sentences.
#[derive(Args)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    asked: Asked,
    /// Number of the history, from 0.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=i64::from(explaining::HISTORY_MAX)))]
    history: u32,
    /// Tell only what does not happen in any year; planned flights, burns and upkeep are counted.
    #[arg(long)]
    brief: bool,
    /// Write the history as JSON to this file, every line of it; `-` for stdout.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    #[command(flatten)]
    export: ExportArgs,
}

/// Runs `zarya assess`.
pub(crate) fn assess(args: &AssessArgs, quiet: bool) -> Answer {
    let outputs = &args.outputs;
    outputs.on_stdout()?;
    outputs.export.check()?;
    if let Some(path) = &args.resume {
        let asked = outputs.json.is_some() || outputs.html.is_some() || outputs.export.is_asked();
        if asked && run::manifest(path)?.shard.is_some() {
            let message =
                "a shard has no answer of its own: join it with the others by `zarya merge`";
            return Err(Failure::Usage(message.to_owned()));
        }
        return outputs.run(quiet, |door, control| Ok(run::resume(path, door, control)?));
    }
    let (depth, histories) =
        if args.quick { (Depth::Quick, HISTORIES_QUICK) } else { (Depth::Full, HISTORIES_DEFAULT) };
    let histories = args.histories.unwrap_or(histories);
    let question = Question { histories, depth, ..args.asked.question() };
    let (asked, whole) = (question.histories, question.whole_histories());
    if whole != asked {
        let each = assess::HISTORIES_PER_WORLD;
        let notice =
            format!("{asked} histories are rounded up to {whole}: worlds hold {each} each");
        output::tell(quiet, &notice);
    }
    let data = args.asked.data(quiet)?;
    if let Some(out) = &args.out {
        return outputs.run(quiet, |door, control| {
            Ok(run::start(&question, args.shard, &data, out, door, control)?)
        });
    }
    let watch = Watch::start(quiet)?;
    let mut answer = assess::answer(&question, &data, &watch.control(outputs.threads))?;
    answer.run.seconds = watch.seconds();
    drop(watch);
    outputs.print(&answer, &question, quiet)?;
    if stopped() {
        let done = answer.run.histories;
        return Err(Failure::Interrupted(format!(
            "interrupted: the answer above rests on {done} of {whole} histories; with --out DIR a run \
             can be continued"
        )));
    }
    Ok(())
}

/// Runs `zarya merge`.
pub(crate) fn merge(args: &MergeArgs, quiet: bool) -> Answer {
    args.outputs.on_stdout()?;
    args.outputs.export.check()?;
    args.outputs
        .run(quiet, |door, control| Ok(run::merge(&args.folders, &args.out, door, control)?))
}

/// Runs `zarya report`.
pub(crate) fn report(args: &ReportArgs, quiet: bool) -> Answer {
    let taken = output::one_on_stdout(&[("--json", &args.json), ("--html", &args.html)])?;
    args.export.check()?;
    let Run { asked, protected, answer: Some(answer), .. } = run::read(&args.folder)? else {
        unreachable!("what is read has an answer");
    };
    let again = command::again(&asked.question(), asked.through);
    let warning = (!protected).then_some(run::UNPROTECTED);
    let html = page::html(&answer, &again, warning);
    let mut said = String::new();
    if let Some(path) = &args.html {
        output::to_path(path, &html)?;
        said = format!("report: {}", path.display());
    } else {
        // The answer is there to be read, on read-only media too.
        match run::turn_page(&args.folder, &html) {
            Ok(_) => said = format!("report: {}/report.html", args.folder.display()),
            Err(refused) => {
                let why = zarya_report::refusals::text(&refused, &door::typed);
                let way = "help: the page is not written; --html PATH writes it elsewhere";
                output::tell(false, &format!("{why}\n  {way}"));
            }
        }
    }
    if let Some(path) = &args.json {
        output::json(path, &answer)?;
    }
    args.export.write(quiet, || page::exports(&answer, &again))?;
    if taken {
        if let Some(warning) = warning {
            output::tell(false, &format!("warning: {warning}"));
        }
        return Ok(());
    }
    if !said.is_empty() {
        output::tell(quiet, &said);
    }
    let first = warning.map_or_else(String::new, |warning| format!("Not protected: {warning}.\n"));
    output::text(&(first + &terminal::answer(&answer, &again.answer)))
}

/// Runs `zarya compare`.
pub(crate) fn compare(args: &CompareArgs, quiet: bool) -> Answer {
    args.export.check()?;
    let (data, before) = open::answer(Data::embedded(), &args.before)?;
    let (data, after) = open::answer(data, &args.after)?;
    let question = comparing::Question { before, after };
    let answer = comparing::answer(&question, &data, &Control::silent())?;
    args.export.write(quiet, || Exports::of(&answer))?;
    output::answer(args.json.as_deref(), &answer, || compared::text(&answer))
}

/// Runs `zarya explain`.
pub(crate) fn explain(args: &ExplainArgs, quiet: bool) -> Answer {
    args.export.check()?;
    let data = door::station(args.asked.station.as_deref(), &args.asked.overlays())?;
    let Question { station, through, seed, without, only, scenario, beliefs, .. } =
        args.asked.question();
    let history = args.history;
    let question =
        explaining::Question { station, through, history, seed, without, only, scenario, beliefs };
    let answer = explaining::answer(&question, &data, &Control::silent())?;
    args.export.write(quiet, || Exports::of(&answer))?;
    let told = if args.brief { explained::brief } else { explained::text };
    output::answer(args.json.as_deref(), &answer, || told(&answer))
}

impl Asked {
    fn overlays(&self) -> Vec<PathBuf> {
        self.scenario.iter().chain(&self.beliefs).cloned().collect()
    }

    fn question(&self) -> Question {
        Question {
            station: door::name(self.station.as_deref()),
            through: self.through,
            seed: self.seed,
            without: self.without.clone(),
            only: self.only.map(|OnlyArg::Systems| Only::Systems),
            scenario: door::names(&self.scenario),
            beliefs: door::names(&self.beliefs),
            ..Question::default()
        }
    }

    /// Reads the files, and says so when there are warnings about them.
    fn data(&self, quiet: bool) -> Result<Data, Failure> {
        let data = door::station(self.station.as_deref(), &self.overlays())?;
        let Question { station, scenario, beliefs, .. } = self.question();
        let opened = data.believed(station.as_deref(), &scenario, &beliefs)?;
        let n = opened.warnings.len();
        if n != 0 {
            let name = opened.origin.trim_start_matches("embedded ");
            let noun = words::counted(n, "warning");
            output::tell(
                quiet,
                &format!("{noun} about the station files: see `zarya check {name}`"),
            );
        }
        Ok(data)
    }
}

impl Outputs {
    /// Whether one of the outputs is stdout; two are refused.
    fn on_stdout(&self) -> Result<bool, Failure> {
        output::one_on_stdout(&[("--json", &self.json), ("--html", &self.html)])
    }

    /// Works in a run folder, then draws its page and prints its answer.
    fn run(
        &self,
        quiet: bool,
        work: impl FnOnce(Door<'_>, &Control<'_>) -> Result<Run, Failure>,
    ) -> Answer {
        let watch = Watch::start(quiet)?;
        let page = |answer: &Assessment, question: &Question| {
            Some(page::html(answer, &command::again(question, answer.claim.through), None))
        };
        let door = Door { page: &page, seconds: &|| watch.seconds() };
        let run = work(door, &watch.control(self.threads))?;
        drop(watch);
        for number in &run.damaged {
            output::tell(quiet, &format!("part {number} is damaged and is computed again"));
        }
        let place = run.folder.display();
        match (&run.answer, run.shard) {
            (Some(answer), _) => {
                output::tell(quiet, &format!("report: {place}/report.html"));
                self.print(answer, &run.asked.question(), quiet)
            }
            (None, Some(shard)) => {
                output::tell(quiet, &format!("shard {shard} is complete in {place}"));
                output::text(&format!(
                    "shard {shard} of {} histories is in {place}\nnext: zarya merge {place} DIR... \
                     --out WHOLE\n",
                    run.asked.histories
                ))
            }
            (None, None) => unreachable!("a whole run has an answer"),
        }
    }

    fn print(&self, answer: &Assessment, question: &Question, quiet: bool) -> Answer {
        let again = command::again(question, answer.claim.through);
        if let Some(path) = &self.html {
            output::to_path(path, &page::html(answer, &again, None))?;
            output::tell(quiet, &format!("report: {}", path.display()));
        }
        if let Some(path) = &self.json {
            output::json(path, answer)?;
        }
        self.export.write(quiet, || page::exports(answer, &again))?;
        if self.on_stdout()? {
            return Ok(());
        }
        output::text(&terminal::answer(answer, &again.answer))
    }
}
