//! Where answers go: data to stdout, everything else to stderr, and an exit status that says why.
//!
//! No name of a file acts on a terminal: what people read is cleaned here, and nowhere else. JSON, which
//! programs read, stays as it is.

use serde::Serialize;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zarya::text::clean;

/// Why a command did not answer. The exit status is the variant's.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The input is wrong (1): the text says what, where, why and what to do.
    Refused(String),
    /// The command line is wrong (2).
    Usage(String),
    /// Reading or writing failed (3).
    Io(String),
    /// Stopped by the user (130); what is done is kept.
    Interrupted(String),
}

impl Failure {
    /// Wraps an input/output error with the path it happened at.
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        Self::Io(format!("{}: {error}", path.display()))
    }
}

/// Turns the result of a command into an exit status and, for a failure, a message on stderr.
pub(crate) fn finish(answer: Result<(), Failure>) -> ExitCode {
    let (status, message) = match answer {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Refused(message)) => (1, message),
        Err(Failure::Usage(message)) => (2, message),
        Err(Failure::Io(message)) => (3, message),
        Err(Failure::Interrupted(message)) => (130, message),
    };
    // Diagnostics already carry their own `error[...]` heads.
    let head = if message.starts_with("error") { "" } else { "error: " };
    say(&format!("{head}{message}\n"));
    ExitCode::from(status)
}

/// Says something on stderr that is not an answer, as a line of its own.
pub(crate) fn tell(quiet: bool, text: &str) {
    if !quiet {
        say(&format!("{text}\n"));
    }
}

/// Says something on stderr as it stands.
pub(crate) fn say(text: &str) {
    let _ = write!(std::io::stderr(), "{}", clean(text));
}

/// Prints `text` and a line end to stdout, for people to read. A closed pipe is not an error.
pub(crate) fn text(text: &str) -> Result<(), Failure> {
    to_stdout(&clean(text))
}

fn to_stdout(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| if text.ends_with('\n') { Ok(()) } else { stdout.write_all(b"\n") })
        .and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::Io(format!("stdout: {error}"))),
        Ok(()) => Ok(()),
    }
}

/// Refuses two things on stdout; returns whether one is there. To be asked before anything is computed.
pub(crate) fn one_on_stdout(outputs: &[(&str, &Option<PathBuf>)]) -> Result<bool, Failure> {
    let to_stdout = outputs.iter().filter(|(_, path)| path.as_deref() == Some(Path::new("-")));
    let n = to_stdout.count();
    if n > 1 {
        let names: Vec<&str> = outputs.iter().map(|(name, _)| *name).collect();
        let (last, others) = names.split_last().unwrap_or((&"", &[]));
        return Err(Failure::Usage(format!(
            "only one of {} and {last} can be `-`: stdout holds one thing",
            others.join(", ")
        )));
    }
    Ok(n > 0)
}

/// Writes a page, picture or table to `path`, or to stdout for `-`.
pub(crate) fn to_path(path: &Path, contents: &str) -> Result<(), Failure> {
    write(path, &clean(contents))
}

fn write(path: &Path, contents: &str) -> Result<(), Failure> {
    if path == Path::new("-") {
        return to_stdout(contents);
    }
    zarya::file::write(path, contents.as_bytes()).map_err(|error| Failure::io(path, &error))
}

/// Writes `value` as indented JSON to `path`, or to stdout for `-`.
pub(crate) fn json<T: Serialize>(path: &Path, value: &T) -> Result<(), Failure> {
    let mut contents = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::Io(format!("the answer cannot be written as JSON: {error}")))?;
    contents.push('\n');
    write(path, &contents)
}

/// Writes an answer as JSON where asked, and prints its text unless stdout is taken by it.
pub(crate) fn answer<T: Serialize>(
    path: Option<&Path>,
    value: &T,
    told: impl FnOnce() -> String,
) -> Result<(), Failure> {
    if let Some(path) = path {
        json(path, value)?;
        if path == Path::new("-") {
            return Ok(());
        }
    }
    text(&told())
}
