//! `--export DIR`: every table of an answer as CSV, every picture as SVG, in a folder of their own.

use crate::output::{self, Failure};
use clap::Args;
use std::collections::BTreeMap;
use std::fs::symlink_metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use zarya::units::digest;
use zarya_report::export::{Exports, INDEX, INDEX_HEAD};

/// Where tables and pictures go.
#[derive(Args, Clone, Debug)]
pub(crate) struct ExportArgs {
    /// Write every table as CSV and every picture as SVG into this folder, with an index.csv. It is new,
    /// empty, or holds an earlier export, which is replaced.
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
}

impl ExportArgs {
    /// Whether it is asked for.
    pub(crate) fn is_asked(&self) -> bool {
        self.export.is_some()
    }

    /// Refuses a folder that could not be written. To be asked before anything is computed.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.export.as_deref().map_or(Ok(()), |folder| earlier(folder).map(|_| ()))
    }

    /// Writes the exports where asked, and says so.
    pub(crate) fn write(&self, quiet: bool, made: impl FnOnce() -> Exports) -> Result<(), Failure> {
        let Some(folder) = &self.export else { return Ok(()) };
        let exports = made();
        write(folder, &exports)?;
        let (counted, place) = (exports.counted(), folder.display());
        output::tell(quiet, &format!("export: {counted} in {place}, listed in {place}/{INDEX}"));
        Ok(())
    }
}

/// The files of an earlier export in a folder; none where it is new or empty.
///
/// Whatever was not written by an export, or was changed since, is a reason to stop.
fn earlier(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: &std::io::Error| Failure::io(folder, error);
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(&error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(|error| failed(&error))?.file_name();
        names.push(name.into_string().unwrap_or_else(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let refused = |why: &str| {
        let place = folder.display();
        Failure::Refused(format!(
            "{place} {why}\n  help: name a new folder, or empty this one; nothing was written"
        ))
    };
    let index = folder.join(INDEX);
    let text = if plain_file(&index)? {
        std::fs::read_to_string(&index).unwrap_or_default()
    } else {
        String::new()
    };
    if text.lines().next() != Some(INDEX_HEAD) {
        return Err(refused("holds something else than an earlier export"));
    }
    let known: BTreeMap<&str, &str> = text
        .lines()
        .skip(1)
        .filter_map(|line| Some((line.split(',').next()?, line.rsplit(',').next()?)))
        .collect();
    let mut ours = Vec::new();
    for name in names.iter().filter(|name| *name != INDEX) {
        let path = folder.join(name);
        let Some(written) = known.get(name.as_str()) else {
            return Err(refused(&format!("holds `{name}`, which no export has written")));
        };
        if !plain_file(&path)? {
            return Err(refused(&format!("holds `{name}`, which is no plain file")));
        }
        let bytes = std::fs::read(&path).map_err(|error| Failure::io(&path, &error))?;
        if digest::of_bytes(&bytes) != *written {
            return Err(refused(&format!(
                "holds `{name}`, which was changed since it was written"
            )));
        }
        ours.push(path);
    }
    Ok(ours)
}

/// Whether a file is there and is no link, folder or device.
fn plain_file(path: &Path) -> Result<bool, Failure> {
    match symlink_metadata(path) {
        Ok(about) => Ok(about.is_file()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Failure::io(path, &error)),
    }
}

fn write(folder: &Path, exports: &Exports) -> Result<(), Failure> {
    let old = earlier(folder)?;
    let failed = |path: &Path, error: &std::io::Error| Failure::io(path, error);
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    for path in &old {
        std::fs::remove_file(path).map_err(|error| failed(path, &error))?;
    }
    for (name, text) in exports.files() {
        let path = folder.join(name);
        zarya::file::write(&path, text.as_bytes()).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use zarya::{Control, Data, ledger};

    fn exports() -> Exports {
        let question = ledger::Question { station: Some("tiny".into()), ..Default::default() };
        Exports::of(&ledger::answer(&question, &Data::embedded(), &Control::silent()).unwrap())
    }

    /// A folder of one test that is not there yet.
    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("zarya-export-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        folder
    }

    fn why(result: Result<(), Failure>) -> String {
        match result {
            Err(Failure::Refused(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_export_replaces_an_earlier_one_and_nothing_else() {
        let folder = folder("replaces");
        let mut exports = exports();
        write(&folder, &exports).unwrap();
        let files = |folder: &Path| std::fs::read_dir(folder).unwrap().count();
        assert_eq!(files(&folder), exports.tables.len() + 1);
        // A table less: its file goes.
        let gone = exports.tables.pop().unwrap();
        write(&folder, &exports).unwrap();
        assert!(!folder.join(format!("{}.csv", gone.name)).exists());
        assert_eq!(files(&folder), exports.tables.len() + 1);

        let edited = folder.join("answer.csv");
        std::fs::write(&edited, "mine\n").unwrap();
        assert!(why(write(&folder, &exports)).contains("`answer.csv`, which was changed"));
        assert_eq!(std::fs::read_to_string(&edited).unwrap(), "mine\n");
        std::fs::remove_file(&edited).unwrap();
        std::fs::write(folder.join("notes.txt"), "mine").unwrap();
        assert!(why(write(&folder, &exports)).contains("`notes.txt`, which no export"));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_folder_of_other_things_is_refused() {
        let folder = folder("other");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("thesis.tex"), "x").unwrap();
        assert!(why(write(&folder, &exports())).contains("something else"));
        // Nor does an index of somebody else's make it ours.
        std::fs::write(folder.join(INDEX), "a,b\n").unwrap();
        assert!(why(write(&folder, &exports())).contains("something else"));
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let (folder, other) = (folder("link"), folder("link-other"));
        write(&folder, &exports()).unwrap();
        std::fs::create_dir_all(&other).unwrap();
        let kept = other.join("kept.csv");
        std::fs::copy(folder.join("answer.csv"), &kept).unwrap();
        std::fs::remove_file(folder.join("answer.csv")).unwrap();
        std::os::unix::fs::symlink(&kept, folder.join("answer.csv")).unwrap();
        let before = std::fs::read(&kept).unwrap();
        assert!(why(write(&folder, &exports())).contains("no plain file"));
        assert_eq!(std::fs::read(&kept).unwrap(), before);
        std::fs::remove_dir_all(&folder).unwrap();
        std::fs::remove_dir_all(&other).unwrap();
    }
}
