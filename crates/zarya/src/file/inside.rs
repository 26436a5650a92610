//! A folder that somebody else may have made: its files are read and written without following a link.
//!
//! A link in such a folder leads wherever its maker wanted, so that reading through it tells what it
//! should not and writing through it overwrites what is not ours. Every step below the folder is looked at
//! first, and the file itself is opened in a way that follows nothing. Somebody who changes the folder in
//! the very moment between the two can still lead a step astray; the files alone cannot.

use super::{replaced, sync_folder};
use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use zarya_units::digest::Running;

/// A folder by its path, which may itself lead through links: it is the user's own.
#[derive(Clone, Debug)]
pub(crate) struct Inside {
    root: PathBuf,
}

/// What a name inside a folder leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing.
    Nothing,
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A link, a device, a named pipe or a socket.
    Other,
}

/// Why a name inside a folder is not used: it is there, and is neither a file nor a folder of its own.
#[derive(Debug)]
pub(crate) struct NotPlain {
    /// Where.
    pub path: PathBuf,
    /// What it is.
    pub what: &'static str,
}

impl fmt::Display for NotPlain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it is {}", self.what)
    }
}

impl std::error::Error for NotPlain {}

impl Inside {
    /// The folder at a path, whether it is there or not.
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Where the folder is.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where a file of it is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Returns what a name leads to, when the folders before it are folders.
    pub(crate) fn found(&self, name: &str) -> io::Result<Found> {
        let Some(about) = self.about(name)? else { return Ok(Found::Nothing) };
        Ok(match about.file_type() {
            kind if kind.is_file() => Found::File,
            kind if kind.is_dir() => Found::Folder,
            _ => Found::Other,
        })
    }

    /// Reads a file of at most so many bytes.
    pub(crate) fn read(&self, name: &str, most: u64) -> io::Result<Vec<u8>> {
        let file = self.open(name)?;
        let mut bytes = Vec::new();
        file.take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            let why = format!("it holds more than the {most} bytes that it can need");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
        }
        Ok(bytes)
    }

    /// Returns the SHA-256 of a file, however long it is.
    pub(crate) fn digest(&self, name: &str) -> io::Result<String> {
        let mut file = self.open(name)?;
        let mut running = Running::default();
        let mut some = vec![0; 1 << 16];
        loop {
            match file.read(&mut some) {
                Ok(0) => return Ok(running.finish()),
                Ok(n) => running.update(&some[..n]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes a file, whole or not at all, into a folder that is there.
    pub(crate) fn write(&self, name: &str, contents: &[u8]) -> io::Result<()> {
        self.write_with(name, |file| file.write_all(contents))
    }

    /// Writes what `fill` writes, whole or not at all, into a folder that is there.
    pub(crate) fn write_with(
        &self,
        name: &str,
        fill: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> io::Result<()> {
        let path = self.path(name);
        let access = match self.about(name)? {
            None => None,
            Some(about) => {
                self.plain(&about, name)?;
                // Renaming would also replace what is write-protected.
                without_links(OpenOptions::new().write(true)).open(&path)?;
                Some(about.permissions())
            }
        };
        replaced(&path, fill, access)
    }

    /// Makes a folder, and those before it.
    pub(crate) fn make_folder(&self, name: &str) -> io::Result<()> {
        fs::create_dir_all(&self.root)?;
        let mut step = String::new();
        for part in name.split('/').filter(|part| !part.is_empty()) {
            if !step.is_empty() {
                step.push('/');
            }
            step.push_str(part);
            match self.found(&step)? {
                Found::Folder => {}
                Found::Nothing => {
                    let path = self.path(&step);
                    fs::create_dir(&path)?;
                    sync_folder(path.parent().unwrap_or(&self.root))?;
                }
                Found::File | Found::Other => return Err(self.not_plain(&step)),
            }
        }
        Ok(())
    }

    /// Opens a file that is written to by nobody, for locking, and makes it where there is none. Its
    /// contents stay.
    pub(crate) fn open_lock(&self, name: &str) -> io::Result<File> {
        if let Some(about) = self.about(name)? {
            self.plain(&about, name)?;
        }
        let mut how = OpenOptions::new();
        how.read(true).write(true).create(true).truncate(false);
        let file = without_links(&mut how).open(self.path(name))?;
        self.plain(&file.metadata()?, name)?;
        Ok(file)
    }

    /// Returns the names right in one of its folders, in order; an error beyond `most` of them.
    pub(crate) fn names(&self, folder: &str, most: usize) -> io::Result<Vec<String>> {
        if !folder.is_empty() && self.found(folder)? != Found::Folder {
            return Err(self.not_plain(folder));
        }
        let mut names = Vec::new();
        for entry in fs::read_dir(self.path(folder))? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
            if most < names.len() {
                let why = format!("it holds more than {most} entries");
                return Err(io::Error::other(why));
            }
        }
        names.sort();
        Ok(names)
    }

    /// Opens a file for reading.
    fn open(&self, name: &str) -> io::Result<File> {
        let about = self.about(name)?.ok_or(io::ErrorKind::NotFound)?;
        self.plain(&about, name)?;
        let file = without_links(OpenOptions::new().read(true)).open(self.path(name))?;
        self.plain(&file.metadata()?, name)?;
        Ok(file)
    }

    /// Looks at a name without following it, after the folders before it.
    fn about(&self, name: &str) -> io::Result<Option<Metadata>> {
        let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
        assert!(Path::new(name).components().all(plain), "a name inside the folder: {name}");
        for (at, _) in name.match_indices('/') {
            match fs::symlink_metadata(self.path(&name[..at])) {
                Ok(step) if step.is_dir() => {}
                Ok(_) => return Err(self.not_plain(&name[..at])),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        match fs::symlink_metadata(self.path(name)) {
            Ok(about) => Ok(Some(about)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn plain(&self, about: &Metadata, name: &str) -> io::Result<()> {
        if about.is_file() { Ok(()) } else { Err(self.not_plain(name)) }
    }

    fn not_plain(&self, name: &str) -> io::Error {
        let path = self.path(name);
        let what = match fs::symlink_metadata(&path).map(|about| about.file_type()) {
            Ok(kind) if kind.is_symlink() => "a link",
            Ok(kind) if kind.is_dir() => "a folder where a file belongs",
            Ok(kind) if kind.is_file() => "a file where a folder belongs",
            _ => "no file",
        };
        io::Error::new(io::ErrorKind::InvalidInput, NotPlain { path, what })
    }
}

/// Opens what is named and nothing that it leads to, without waiting for somebody at the other end.
#[cfg(unix)]
fn without_links(how: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    how.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
}

#[cfg(not(unix))]
fn without_links(how: &mut OpenOptions) -> &mut OpenOptions {
    how
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A folder with a link of every kind in it, and what they lead to beside it.
    fn linked(name: &str) -> (PathBuf, Inside) {
        let place = std::env::temp_dir().join(format!("zarya-in-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&place);
        fs::create_dir_all(place.join("run/real")).unwrap();
        fs::create_dir(place.join("victims")).unwrap();
        fs::write(place.join("victim"), "precious").unwrap();
        fs::write(place.join("victims/a"), "precious").unwrap();
        fs::write(place.join("run/real/a"), "ours").unwrap();
        symlink("../victim", place.join("run/file")).unwrap();
        symlink("../victims", place.join("run/folder")).unwrap();
        symlink("../nothing", place.join("run/dangling")).unwrap();
        let inside = Inside::new(&place.join("run"));
        (place, inside)
    }

    #[test]
    fn nothing_is_read_or_written_through_a_link() {
        let (place, inside) = linked("links");
        for name in ["file", "folder/a", "dangling"] {
            let refused = [
                inside.read(name, 100).map(drop),
                inside.digest(name).map(drop),
                inside.write(name, b"overwritten"),
                inside.open_lock(name).map(drop),
            ];
            for (which, refused) in refused.into_iter().enumerate() {
                let error = refused.unwrap_err();
                assert!(error.to_string().contains("is a link"), "{name} {which}: {error}");
            }
        }
        assert!(inside.make_folder("folder/new").is_err() && inside.names("folder", 9).is_err());
        assert_eq!(fs::read(place.join("victim")).unwrap(), b"precious");
        assert_eq!(fs::read(place.join("victims/a")).unwrap(), b"precious");
        assert_eq!(fs::read_dir(place.join("victims")).unwrap().count(), 1);
        assert!(!place.join("nothing").exists());
        assert_eq!(fs::read_dir(place.join("run")).unwrap().count(), 4, "no temporary stays");
        fs::remove_dir_all(&place).unwrap();
    }

    #[test]
    fn what_is_ours_is_read_written_and_bounded() {
        let (place, inside) = linked("ours");
        assert_eq!(inside.read("real/a", 4).unwrap(), b"ours");
        assert_eq!(inside.read("real/a", 3).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(inside.read("real/b", 9).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!(inside.digest("real/a").unwrap(), zarya_units::digest::of_bytes(b"ours"));
        inside.make_folder("real/deep/er").unwrap();
        inside.write("real/deep/er/b", b"new").unwrap();
        assert_eq!(inside.names("real", 2).unwrap(), ["a", "deep"]);
        assert!(inside.names("real", 1).is_err());
        inside.open_lock("real/a").unwrap();
        assert_eq!(fs::read(place.join("run/real/a")).unwrap(), b"ours", "a lock empties nothing");
        // A pipe that nobody writes to would keep a reader waiting.
        let pipe = place.join("run/pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(inside.read("pipe", 9).is_err() && inside.write("pipe", b"x").is_err());
        fs::remove_dir_all(&place).unwrap();
    }
}
