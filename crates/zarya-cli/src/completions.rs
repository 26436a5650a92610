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

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;
    use std::path::Path;

    /// Every command's help, as it is printed at 100 columns, in the order of the commands.
    fn reference() -> String {
        let mut out = String::from(
            "# Commands\n\n\
             The help of every command, made from the command line's own declaration\n\
             (`ZARYA_BLESS=1 cargo test --release -p zarya-cli` writes it anew).\n\n\
             Exit status: 0 answered, 1 input refused, 2 usage, 3 a file cannot be read or written,\n\
             130 interrupted with what is done kept. Data goes to stdout, everything else to stderr;\n\
             `--json -` leaves JSON alone on stdout. Dates are ISO 8601 in UTC, and `through` is\n\
             inclusive.\n\n| command | does |\n|---|---|\n",
        );
        let mut command = Cli::command().term_width(100);
        command.build();
        list(&mut out, &command, "zarya");
        add(&mut out, &mut command, "zarya", 2);
        out
    }

    /// A row for every command that answers, with a link to its help.
    fn list(out: &mut String, command: &clap::Command, path: &str) {
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            let path = format!("{path} {}", sub.get_name());
            if sub.has_subcommands() {
                list(out, sub, &path);
            } else {
                let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
                let _ = writeln!(out, "| [`{path}`](#{}) | {about} |", path.replace(' ', "-"));
            }
        }
    }

    fn add(out: &mut String, command: &mut clap::Command, path: &str, level: usize) {
        let help = command.render_long_help().to_string();
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        let head = "#".repeat(level);
        let _ = write!(out, "\n{head} `{path}`\n\n```text\n{}\n```\n", lines.join("\n").trim_end());
        for sub in command.get_subcommands_mut() {
            if sub.get_name() != "help" {
                let path = format!("{path} {}", sub.get_name());
                add(out, sub, &path, (level + 1).min(4));
            }
        }
    }

    #[test]
    fn the_reference_page_is_the_help() {
        let page = reference();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/commands.md");
        if std::env::var_os("ZARYA_BLESS").is_some() {
            std::fs::write(&path, &page).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(page == kept, "docs/commands.md is out of step: run this test with ZARYA_BLESS=1");
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn each_shell_gets_a_script_that_knows_the_commands() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Elvish] {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "zarya", &mut script);
            let script = String::from_utf8(script).unwrap();
            for word in ["assess", "explain", "merge"] {
                assert!(script.contains(word), "{shell}: {word}");
            }
        }
    }
}
