//! From what was typed to what a question rests on, and from a refusal to what may be typed instead.

use crate::output::Failure;
use crate::watch::watched;
use std::path::{Path, PathBuf};
use zarya::refusal::{About, Kind};
use zarya::{Control, Data, Refusals, open};

/// Reads the files of a station and of its overlays.
pub(crate) fn station(station: Option<&Path>, overlays: &[PathBuf]) -> Result<Data, Failure> {
    let overlays: Vec<&Path> = overlays.iter().map(PathBuf::as_path).collect();
    Ok(open::station(Data::embedded(), station, &overlays)?)
}

/// Asks a question of what was read, watched until it is answered.
///
/// What is wrong with the question itself is said even where a file could not be read, and decides the exit
/// status.
pub(crate) fn ask<T>(
    quiet: bool,
    read: Result<Data, Refusals>,
    ask: impl Fn(&Data, &Control<'_>) -> Result<T, Refusals>,
) -> Result<T, Failure> {
    let unread = match read {
        Ok(data) => return watched(quiet, |control| ask(&data, control)),
        Err(unread) => unread,
    };
    // A room judges the question before its data: with an empty text in place of what is missing it gets no
    // further than that.
    let missing = |about: &About| matches!(about, About::Field(field) if field == "station");
    let mut data = Data::embedded();
    for problem in &unread.problems {
        if let About::Text(name) = &problem.about {
            data = data.with_text(name.clone(), Vec::new());
        }
    }
    let Err(mut refused) = ask(&data, &Control::silent()) else { return Err(unread.into()) };
    refused.problems.retain(|problem| problem.kind == Kind::Malformed && !missing(&problem.about));
    refused.problems.extend(unread.problems);
    refused.texts.extend(unread.texts);
    Err(refused.into())
}

/// The name by which a question knows what was typed as a path.
pub(crate) fn name(path: Option<&Path>) -> Option<String> {
    path.map(open::name)
}

/// The names by which a question knows what was typed as paths.
pub(crate) fn names(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| open::name(path)).collect()
}

impl From<Refusals> for Failure {
    /// Names options where the question has fields.
    fn from(refusals: Refusals) -> Self {
        let mut message = zarya_report::refusals::text(&refusals, &typed);
        let of_station = About::Field("station".to_owned());
        if refusals.problems.iter().any(|p| p.about == of_station && p.help.is_empty()) {
            message.push_str(
                "\n  help: `zarya init DIR` writes one out; `zarya check iss` needs no folder",
            );
        }
        match refusals.kind() {
            Kind::Malformed => Self::Usage(message),
            Kind::Unreadable => Self::Io(message),
            Kind::Stopped => Self::Interrupted(message),
            _ => Self::Refused(message),
        }
    }
}

/// What is typed for a field of the command that runs: the option of that name, or the argument in
/// capitals; for what is done with a run folder, the command.
pub(crate) fn typed(field: &str) -> Option<String> {
    let (word, rest) =
        field.split_once(' ').map_or((field, ""), |(word, _)| (word, &field[word.len()..]));
    match word {
        "resume" => return Some(format!("`zarya assess --resume{rest}`")),
        "out" if !rest.is_empty() => return Some(format!("`--out{rest}`")),
        "merge" | "assess" if rest.is_empty() => return Some(format!("`zarya {word}`")),
        _ => {}
    }
    // The options of another command may be named like a column of a file.
    let mut running = &<crate::Cli as clap::CommandFactory>::command();
    for word in std::env::args_os().skip(1) {
        running = running.find_subcommand(word).unwrap_or(running);
    }
    search(running, &field.replace('_', "-"))
}

fn search(command: &clap::Command, name: &str) -> Option<String> {
    let own = command.get_arguments().find_map(|argument| match argument.get_long() {
        Some(long) if long == name => Some(format!("--{long}")),
        None if argument.is_positional() && argument.get_id().as_str() == name => {
            Some(name.to_uppercase())
        }
        _ => None,
    });
    own.or_else(|| command.get_subcommands().find_map(|sub| search(sub, name)))
}

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn fields_are_options_or_arguments() {
        assert_eq!(typed("final_km").as_deref(), Some("--final-km"));
        assert_eq!(typed("station").as_deref(), Some("STATION"));
        assert_eq!(typed("no_such_field"), None);
        assert_eq!(typed("resume my run").as_deref(), Some("`zarya assess --resume my run`"));
    }
}
