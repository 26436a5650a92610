//! Where answers go: data to stdout, everything else to stderr, and an exit status that says why.

use serde::Serialize;
use std::ffi::OsString;
use std::fs::{OpenOptions, Permissions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
pub(crate) fn finish(answer: Result<(), Failure>, _quiet: bool) -> ExitCode {
    let (status, message) = match answer {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Refused(message)) => (1, message),
        Err(Failure::Usage(message)) => (2, message),
        Err(Failure::Io(message)) => (3, message),
        Err(Failure::Interrupted(message)) => (130, message),
    };
    // Diagnostics already carry their own `error[...]` heads.
    let head = if message.starts_with("error") { "" } else { "error: " };
    let _ = writeln!(std::io::stderr(), "{head}{message}");
    ExitCode::from(status)
}

/// Prints `text` and a line end to stdout. A closed pipe is not an error.
pub(crate) fn text(text: &str) -> Result<(), Failure> {
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

/// Writes `contents` to `path`, or to stdout for `-`.
///
/// A file is replaced as a whole, so that a full disk leaves no half of one; a link stays a link, and
/// what it leads to is replaced. What is no file (a device, a named pipe) is written to, never replaced.
pub(crate) fn to_path(path: &Path, contents: &str) -> Result<(), Failure> {
    if path == Path::new("-") {
        return text(contents);
    }
    let written = match std::fs::metadata(path) {
        Ok(about) if !about.is_file() => written_into(path, contents),
        Ok(about) => OpenOptions::new()
            .write(true) // Renaming would also replace what is write-protected.
            .open(path)
            .and_then(|_| path.canonicalize())
            .and_then(|file| replaced(&file, contents, Some(about.permissions()))),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            link_end(path).and_then(|file| replaced(&file, contents, None))
        }
        Err(error) => Err(error),
    };
    written.map_err(|error| Failure::io(path, &error))
}

/// Writes into what is there. A reader that went away is not an error.
fn written_into(path: &Path, contents: &str) -> std::io::Result<()> {
    let written = OpenOptions::new()
        .write(true)
        .open(path)
        .and_then(|mut there| there.write_all(contents.as_bytes()));
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Puts a whole file in the place of `file`, through a name beside it that nothing else has.
fn replaced(file: &Path, contents: &str, access: Option<Permissions>) -> std::io::Result<()> {
    let name = file.file_name().ok_or(ErrorKind::InvalidInput)?;
    for attempt in 0_u32.. {
        let mut beside = OsString::from(".");
        beside.push(name);
        beside.push(format!(".{}-{attempt}.tmp", std::process::id()));
        let temporary = file.with_file_name(beside);
        let mut new = match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            new => new?,
        };
        let written = new
            .write_all(contents.as_bytes())
            .and_then(|()| access.map_or(Ok(()), |access| new.set_permissions(access)))
            .and_then(|()| std::fs::rename(&temporary, file));
        if written.is_err() {
            let _ = std::fs::remove_file(&temporary); // The first error is the one that matters.
        }
        return written;
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Follows links to the name they end at, where nothing is yet.
fn link_end(path: &Path) -> std::io::Result<PathBuf> {
    let mut place = path.to_owned();
    // Links in a circle are an error of `metadata`; this holds if they are turned meanwhile.
    for _ in 0..40 {
        let Ok(next) = std::fs::read_link(&place) else { return Ok(place) };
        place = place.parent().unwrap_or(Path::new("")).join(next);
    }
    Err(ErrorKind::NotFound.into())
}

/// Writes `value` as indented JSON to `path`, or to stdout for `-`.
pub(crate) fn json<T: Serialize>(path: &Path, value: &T) -> Result<(), Failure> {
    let mut contents = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::Io(format!("the answer cannot be written as JSON: {error}")))?;
    contents.push('\n');
    to_path(path, &contents)
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};

    /// An empty folder of one test.
    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("zarya-output-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_link_stays_and_what_it_leads_to_is_replaced() {
        let folder = folder("link");
        fs::create_dir(folder.join("kept")).unwrap();
        let (file, link) = (folder.join("kept/answer.json"), folder.join("latest.json"));
        symlink("kept/answer.json", &link).unwrap();
        for contents in ["first", "second"] {
            // The first time the link leads to nothing.
            to_path(&link, contents).unwrap();
            assert!(link.is_symlink());
            assert_eq!(fs::read_to_string(&file).unwrap(), contents);
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn files_beside_stay_and_so_do_the_rights() {
        let folder = folder("beside");
        let file = folder.join("answer.json");
        let users = [folder.join("answer.json.tmp"), folder.join(".answer.json.tmp")];
        let taken = folder.join(format!(".answer.json.{}-0.tmp", std::process::id()));
        for users in users.iter().chain([&taken, &file]) {
            fs::write(users, "mine").unwrap();
        }
        fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
        to_path(&file, "answer").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "answer");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        for users in users.iter().chain([&taken]) {
            assert_eq!(fs::read_to_string(users).unwrap(), "mine");
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 4);
        let refused = to_path(&folder, "answer").unwrap_err();
        assert!(matches!(refused, Failure::Io(message) if message.contains("beside")));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_no_file_is_written_to() {
        let folder = folder("pipe");
        let pipe = folder.join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        // A pipe, and a link to one.
        symlink(&pipe, folder.join("link")).unwrap();
        for name in ["pipe", "link"] {
            let path = pipe.clone();
            let reader = std::thread::spawn(move || fs::read_to_string(path).unwrap());
            to_path(&folder.join(name), "answer").unwrap();
            assert_eq!(reader.join().unwrap(), "answer");
            assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
        fs::remove_dir_all(&folder).unwrap();
    }
}
