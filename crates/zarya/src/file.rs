//! Files are written whole or not at all.

mod inside;

pub(crate) use inside::{Found, Inside, NotPlain};
use std::ffi::OsString;
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Writes `contents` to `path`, whole or not at all; see [`write_with`].
///
/// # Errors
///
/// When it cannot be written; what was there before still is.
///
/// # Examples
///
/// ```
/// let path = std::env::temp_dir().join(format!("zarya-file-example-{}", std::process::id()));
/// zarya::file::write(&path, b"whole")?;
/// assert_eq!(std::fs::read(&path)?, b"whole");
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write(path: &Path, contents: &[u8]) -> io::Result<()> {
    write_with(path, |file| file.write_all(contents))
}

/// Writes what `fill` writes to `path`, whole or not at all.
///
/// A file is replaced as a whole and flushed before, so that a full disk or a kill leaves no half of
/// one; a link stays a link, and what it leads to is replaced. What is no file (a device, a named pipe) is
/// written to, never replaced; a reader of it that went away is not an error.
///
/// # Errors
///
/// When it cannot be written; what was there before still is.
///
/// # Examples
///
/// ```
/// use std::io::{Error, Write as _};
/// use zarya::file::write_with;
///
/// let path = std::env::temp_dir().join(format!("zarya-fill-example-{}", std::process::id()));
/// write_with(&path, |file| writeln!(file, "whole"))?;
/// let failed = write_with(&path, |file| {
///     write!(file, "half")?;
///     Err(Error::other("the rest is lost"))
/// });
/// assert!(failed.is_err());
/// assert_eq!(std::fs::read_to_string(&path)?, "whole\n");
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Error>(())
/// ```
pub fn write_with(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    match std::fs::metadata(path) {
        Ok(about) if !about.is_file() => {
            let written = OpenOptions::new().write(true).open(path).and_then(|mut f| fill(&mut f));
            match written {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
                written => written,
            }
        }
        Ok(about) => OpenOptions::new()
            .write(true) // Renaming would also replace what is write-protected.
            .open(path)
            .and_then(|_| path.canonicalize())
            .and_then(|file| replaced(&file, fill, Some(about.permissions()))),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            link_end(path).and_then(|file| replaced(&file, fill, None))
        }
        Err(error) => Err(error),
    }
}

/// Puts a whole file in the place of `file`, through a name beside it that nothing else has.
fn replaced(
    file: &Path,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
    access: Option<Permissions>,
) -> io::Result<()> {
    let name = file.file_name().ok_or(ErrorKind::InvalidInput)?;
    let (temporary, mut new) = beside(file, name)?;
    let written = fill(&mut new)
        .and_then(|()| access.map_or(Ok(()), |access| new.set_permissions(access)))
        .and_then(|()| new.sync_all())
        .and_then(|()| std::fs::rename(&temporary, file))
        .and_then(|()| sync_folder(file.parent().unwrap_or(Path::new(""))));
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary); // The first error is the one that matters.
    }
    written
}

/// Makes the names in a folder as lasting as the files: a new name lives in its folder, which is written out
/// apart. Not every file system can, and only on Unix can it be asked for.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    // What may be written into but not read cannot be opened.
    let Ok(folder) = File::open(folder) else { return Ok(()) };
    match folder.sync_all() {
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {
            Ok(())
        }
        synced => synced,
    }
}

/// Makes a new file beside `file`.
fn beside(file: &Path, name: &std::ffi::OsStr) -> io::Result<(PathBuf, File)> {
    for attempt in 0_u32.. {
        let mut beside = OsString::from(".");
        beside.push(name);
        beside.push(format!(".{}-{attempt}.tmp", std::process::id()));
        let temporary = file.with_file_name(beside);
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            new => return Ok((temporary, new?)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Removes what processes that were killed while they wrote left right in a folder. Nobody may be writing
/// there.
pub(crate) fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_left_over(&entry.file_name().to_string_lossy()) {
            let _ = std::fs::remove_file(entry.path()); // Room is all that is lost.
        }
    }
}

/// Whether a name is that of a file which was being written.
pub(crate) fn is_left_over(name: &str) -> bool {
    let middle = name.strip_prefix('.').and_then(|name| name.strip_suffix(".tmp"));
    let numbers = middle.and_then(|name| name.rsplit_once('.')?.1.split_once('-'));
    numbers.is_some_and(|(id, attempt)| id.parse::<u32>().and(attempt.parse::<u32>()).is_ok())
}

/// Follows links to the name they end at, where nothing is yet.
fn link_end(path: &Path) -> io::Result<PathBuf> {
    let mut place = path.to_owned();
    // Links in a circle are an error of `metadata`; this holds if they are turned meanwhile.
    for _ in 0..40 {
        let Ok(next) = std::fs::read_link(&place) else { return Ok(place) };
        place = place.parent().unwrap_or(Path::new("")).join(next);
    }
    Err(ErrorKind::NotFound.into())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};

    /// An empty folder of one test.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("zarya-file-{}-{name}", std::process::id()));
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
            write(&link, contents.as_bytes()).unwrap();
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
        write(&file, b"answer").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "answer");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        for users in users.iter().chain([&taken]) {
            assert_eq!(fs::read_to_string(users).unwrap(), "mine");
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 4);
        assert!(write(&folder, b"answer").is_err());
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
            write(&folder.join(name), b"answer").unwrap();
            assert_eq!(reader.join().unwrap(), "answer");
            assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
        fs::remove_dir_all(&folder).unwrap();
    }
}
