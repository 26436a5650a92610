//! The stations that come with Zarya: embedded in the binary, written out for editing.

use crate::file::{Inside, NotPlain};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A station embedded in the binary.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// Its folder's name, e.g. `iss`.
    pub id: &'static str,
    /// Files by their name relative to the folder; scenarios and beliefs included.
    pub files: &'static [(&'static str, &'static str)],
}

/// All embedded stations, by id.
pub const ALL: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/stations.rs"));

/// Returns the embedded station of that id.
///
/// # Examples
///
/// ```
/// let tiny = zarya::stations::named("tiny").expect("it is embedded");
/// assert!(tiny.files.iter().any(|(name, _)| *name == "station.toml"));
/// assert!(zarya::stations::named("mir").is_none());
/// ```
pub fn named(id: &str) -> Option<&'static Embedded> {
    ALL.iter().find(|station| station.id == id)
}

/// Why a station could not be written out.
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// There is no embedded station of that id.
    Unknown(String),
    /// The folder holds something already.
    NotEmpty(PathBuf),
    /// Writing failed.
    Io(PathBuf, io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(id) => {
                let known: Vec<&str> = ALL.iter().map(|station| station.id).collect();
                write!(f, "there is no embedded station `{id}`; known are {}", known.join(", "))
            }
            Self::NotEmpty(folder) => {
                write!(f, "the folder {} is not empty", folder.display())
            }
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for WriteError {}

/// Writes the embedded station `id` into `folder` and returns the files written.
///
/// The folder is made if need be. With `force` a folder that is not empty is accepted, and files
/// of the same name are overwritten. A link in it is not followed.
///
/// # Errors
///
/// See [`WriteError`].
///
/// # Examples
///
/// ```
/// use zarya::stations::{self, WriteError};
///
/// let folder = std::env::temp_dir().join(format!("zarya-stations-example-{}", std::process::id()));
/// let written = stations::write(&folder, "tiny", false)?;
/// assert!(written.contains(&folder.join("station.toml")));
/// let again = stations::write(&folder, "tiny", false);
/// assert!(matches!(again, Err(WriteError::NotEmpty(_))));
/// # std::fs::remove_dir_all(&folder).unwrap();
/// # Ok::<(), WriteError>(())
/// ```
pub fn write(folder: &Path, id: &str, force: bool) -> Result<Vec<PathBuf>, WriteError> {
    let station = named(id).ok_or_else(|| WriteError::Unknown(id.to_owned()))?;
    let failed = |path: &Path, error: io::Error| {
        let at = error.get_ref().and_then(|error| error.downcast_ref::<NotPlain>());
        WriteError::Io(at.map_or(path, |at| &at.path).to_owned(), error)
    };
    if !force {
        let there = match std::fs::read_dir(folder) {
            Ok(mut entries) => entries.next().is_some(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(failed(folder, error)),
        };
        if there {
            return Err(WriteError::NotEmpty(folder.to_owned()));
        }
    }
    let inside = Inside::new(folder);
    let mut written = Vec::with_capacity(station.files.len());
    for (name, text) in station.files {
        let path = inside.path(name);
        let parent = name.rsplit_once('/').map_or("", |(parent, _)| parent);
        inside.make_folder(parent).map_err(|error| failed(&inside.path(parent), error))?;
        inside.write(name, text.as_bytes()).map_err(|error| failed(&path, error))?;
        written.push(path);
    }
    Ok(written)
}
