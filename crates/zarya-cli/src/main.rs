//! The `zarya` command.

mod assess;
mod completions;
mod output;

use clap::{Parser, Subcommand};
use output::Failure;

/// Asks whether a crewed space station can operate safely through a date.
#[derive(Parser)]
#[command(name = "zarya", version, about, long_about = None, max_term_width = 100)]
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
    Merge(assess::MergeArgs),
    Report(assess::ReportArgs),
    Compare(assess::CompareArgs),
    Explain(assess::ExplainArgs),
    Completions(completions::CompletionsArgs),
    /// Print the version.
    Version,
}

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    let answer = match cli.command {
        Command::Assess(args) => assess::assess(&args, cli.quiet),
        Command::Merge(args) => assess::merge(&args, cli.quiet),
        Command::Report(args) => assess::report(&args, cli.quiet),
        Command::Compare(args) => assess::compare(&args),
        Command::Explain(args) => assess::explain(&args),
        Command::Completions(args) => completions::completions(&args),
        Command::Version => output::text(env!("CARGO_PKG_VERSION")),
    };
    output::finish(answer, cli.quiet)
}

/// What a command returns.
type Answer = Result<(), Failure>;
