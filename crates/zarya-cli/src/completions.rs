//! `zarya completions`: what shells need to complete commands and options.

use crate::output::{self, Failure};
use crate::{Answer, Cli};
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

const EXAMPLES: &str = "\
Examples:
  zarya completions bash > ~/.local/share/bash-completion/completions/zarya
  zarya completions zsh > ~/.zfunc/_zarya          with `fpath+=~/.zfunc` before `compinit`
  zarya completions fish > ~/.config/fish/completions/zarya.fish";

/// Print a completion script for a shell.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

/// Runs `zarya completions`.
pub(crate) fn completions(args: &CompletionsArgs) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "zarya", &mut script);
    let script = String::from_utf8(script)
        .map_err(|error| Failure::Io(format!("the script is not text: {error}")))?;
    output::text(&script)
}
