//! The `zarya` command.

mod air;
mod assess;
mod check;
mod completions;
mod door;
#[cfg(test)]
mod examples;
mod export;
mod import;
mod init;
mod ledger;
mod orbit;
mod output;
mod power;
mod spares;
mod watch;

use clap::{Parser, Subcommand};
use output::Failure;

const EXAMPLES: &str = "\
Examples:
  zarya assess                          the International Space Station through 2028
  zarya assess --html report.html       the same, with a report to read in a browser
  zarya ledger                          what lapses on paper before then
  zarya explain --history 17            one possible future, told by date
  zarya init my-station                 station files to change; then `zarya assess my-station`

`zarya COMMAND --help` explains each command with examples.";

/// Asks whether a crewed space station can operate safely through a date.
#[derive(Parser)]
#[command(name = "zarya", version, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    /// Print nothing on stderr but errors.
    #[arg(long, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Assess(assess::AssessArgs),
    Explain(assess::ExplainArgs),
    Report(assess::ReportArgs),
    Compare(assess::CompareArgs),
    Merge(assess::MergeArgs),
    Check(check::CheckArgs),
    Init(init::InitArgs),
    Import(import::ImportArgs),
    Ledger(ledger::Ledger),
    /// Decay and lifetime of an orbit, keeping it, its end, and what was flown.
    #[command(subcommand)]
    Orbit(Box<orbit::OrbitCommand>),
    /// How many spares are needed, whether those at hand last, which to carry.
    #[command(subcommand)]
    Spares(Box<spares::Spares>),
    /// Life support on its own: days to each limit, and a time series.
    #[command(subcommand)]
    Air(air::Air),
    Power(power::PowerArgs),
    Completions(completions::CompletionsArgs),
    /// Print the version.
    Version,
}

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    let answer = match cli.command {
        Command::Check(args) => check::check(&args, cli.quiet),
        Command::Init(args) => init::init(&args, cli.quiet),
        Command::Import(args) => import::import(&args),
        Command::Air(command) => air::answer(command, cli.quiet),
        Command::Power(args) => power::power(args, cli.quiet),
        Command::Ledger(arguments) => ledger::run(&arguments, cli.quiet),
        Command::Orbit(command) => orbit::run(&command, cli.quiet),
        Command::Spares(command) => spares::run(&command, cli.quiet),
        Command::Assess(args) => assess::assess(&args, cli.quiet),
        Command::Merge(args) => assess::merge(&args, cli.quiet),
        Command::Report(args) => assess::report(&args, cli.quiet),
        Command::Compare(args) => assess::compare(&args, cli.quiet),
        Command::Explain(args) => assess::explain(&args, cli.quiet),
        Command::Completions(args) => completions::completions(&args),
        Command::Version => output::text(env!("CARGO_PKG_VERSION")),
    };
    output::finish(answer)
}

/// What a command returns.
type Answer = Result<(), Failure>;
