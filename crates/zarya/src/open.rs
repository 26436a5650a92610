//! Opens station folders and overlays; everything below this crate is handed bytes.

use crate::stations::{self, Embedded};
use std::fmt;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use zarya_station::{BYTES_MAX, BYTES_TOTAL_MAX, Diagnostic, FILES_MAX, Station};

/// The station that is meant when none is named.
pub const DEFAULT_STATION: &str = "iss";

/// A station with what came up on loading it.
#[derive(Debug)]
pub struct Opened {
    /// The station, checked, with its overlays applied.
    pub station: Station,
    /// Warnings and lints. File names are those of `texts`.
    pub warnings: Vec<Diagnostic>,
    /// Files and overlays as read, by the name a person would use for them: for
    /// [`zarya_station::render`].
    pub texts: Vec<(String, Vec<u8>)>,
    /// Where it was opened from: a folder, or `embedded iss`.
    pub origin: String,
    /// What stands before the names of the station's files in `texts`.
    shown: String,
}

impl Opened {
    /// Returns the name in `texts` of a file by the name in a [`zarya_station::model::Place`] of a fact.
    pub fn file_name(&self, name: &str) -> String {
        let full = format!("{}{name}", self.shown);
        if self.texts.iter().any(|(known, _)| *known == full) { full } else { name.to_owned() }
    }
}

/// Why a station could not be opened.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// There is neither a folder nor an embedded station of that name.
    StationMissing(PathBuf),
    /// There is neither a file nor an overlay of the station of that name: the name, and the
    /// names of the station's own overlays.
    OverlayMissing(PathBuf, Vec<String>),
    /// Reading failed.
    Io(PathBuf, io::Error),
    /// The files are wrong. File names of the diagnostics are those of the texts.
    Refused {
        /// Everything that is wrong.
        diagnostics: Vec<Diagnostic>,
        /// Files and overlays as read, for [`zarya_station::render`].
        texts: Vec<(String, Vec<u8>)>,
    },
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StationMissing(path) => {
                let known: Vec<&str> = stations::ALL.iter().map(|station| station.id).collect();
                write!(
                    f,
                    "there is no folder {}; embedded stations are {}",
                    path.display(),
                    known.join(", ")
                )
            }
            Self::OverlayMissing(path, own) => {
                write!(f, "there is no file {}", path.display())?;
                if own.is_empty() {
                    return Ok(());
                }
                write!(f, "; the station's own overlays are {}", own.join(", "))
            }
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Refused { diagnostics, texts } => {
                f.write_str(&zarya_station::render(diagnostics, texts))
            }
        }
    }
}

impl std::error::Error for OpenError {}

/// Opens a station and applies overlays in the order given.
///
/// `path` is a folder, or else the id of an embedded station; without it the embedded ISS is
/// opened. An overlay is a file, or else the name of one of the station's own scenarios or beliefs
/// (`as-of-2026-06` for `scenarios/as-of-2026-06.toml`).
///
/// # Errors
///
/// See [`OpenError`].
pub fn station(path: Option<&Path>, overlays: &[&Path]) -> Result<Opened, OpenError> {
    let place = Place::of(path)?;
    let files = place.files()?;
    let mut changes = Vec::with_capacity(overlays.len());
    for overlay in overlays {
        changes.push(place.overlay(overlay)?);
    }
    let (origin, shown) = place.names();
    let loaded = zarya_station::load(&files, &changes);
    // From here on files go by the names a person can open.
    let n_files = files.len();
    let mut texts: Vec<(String, Vec<u8>)> =
        files.into_iter().map(|(name, bytes)| (format!("{shown}{name}"), bytes)).collect();
    texts.extend(changes);
    let rename = |mut diagnostics: Vec<Diagnostic>| {
        for diagnostic in &mut diagnostics {
            let places = std::iter::once(&mut diagnostic.place)
                .chain(diagnostic.related.as_mut().map(|(place, _)| place));
            for place in places {
                let full = format!("{shown}{}", place.file);
                let of_station = texts[..n_files].iter().any(|(name, _)| *name == full);
                if of_station
                    || (!place.file.is_empty() && !is_overlay(&texts[n_files..], &place.file))
                {
                    place.file = full;
                }
            }
        }
        diagnostics
    };
    match loaded {
        Ok((station, warnings)) => {
            let warnings = rename(warnings);
            Ok(Opened { station, warnings, texts, origin, shown })
        }
        Err(diagnostics) => {
            let diagnostics = rename(diagnostics);
            Err(OpenError::Refused { diagnostics, texts })
        }
    }
}

fn is_overlay(overlays: &[(String, Vec<u8>)], name: &str) -> bool {
    overlays.iter().any(|(overlay, _)| overlay == name)
}

/// Where a station's files are.
enum Place {
    Folder(PathBuf),
    Embedded(&'static Embedded),
}

impl Place {
    fn of(path: Option<&Path>) -> Result<Self, OpenError> {
        let path = path.unwrap_or(Path::new(DEFAULT_STATION));
        let given = path.to_str().and_then(stations::named);
        if path.is_dir() && (given.is_none() || path.join("station.toml").is_file()) {
            return Ok(Self::Folder(path.to_owned()));
        }
        given.map(Self::Embedded).ok_or_else(|| OpenError::StationMissing(path.to_owned()))
    }

    /// What it is, and what stands before the names of its files when they are shown.
    fn names(&self) -> (String, String) {
        match self {
            Self::Folder(folder) => {
                let folder = folder.display().to_string();
                let slash = if folder.ends_with(std::path::MAIN_SEPARATOR) { "" } else { "/" };
                (folder.clone(), format!("{folder}{slash}"))
            }
            Self::Embedded(station) => {
                (format!("embedded {}", station.id), format!("<embedded {}>/", station.id))
            }
        }
    }

    fn files(&self) -> Result<Vec<(String, Vec<u8>)>, OpenError> {
        match self {
            Self::Embedded(station) => Ok(station
                .files
                .iter()
                .filter(|(name, _)| !is_own_overlay(name))
                .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
                .collect()),
            Self::Folder(folder) => {
                let mut files = toml_files(folder, "")?;
                let orus = folder.join("orus");
                if orus.is_dir() {
                    files.extend(toml_files(&orus, "orus/")?);
                }
                Ok(files)
            }
        }
    }

    /// An overlay by its path, or by its name among the station's own.
    fn overlay(&self, path: &Path) -> Result<(String, Vec<u8>), OpenError> {
        if path.is_file() {
            return Ok((path.display().to_string(), read_bounded(path, BYTES_MAX + 1)?));
        }
        let wanted = path.to_string_lossy();
        let candidates = [
            wanted.to_string(),
            format!("scenarios/{wanted}"),
            format!("beliefs/{wanted}"),
            format!("scenarios/{wanted}.toml"),
            format!("beliefs/{wanted}.toml"),
        ];
        for candidate in candidates.iter().filter(|name| is_own_overlay(name)) {
            match self {
                Self::Embedded(station) => {
                    let own = station.files.iter().find(|(name, _)| name == candidate);
                    if let Some((name, text)) = own {
                        return Ok(((*name).to_owned(), text.as_bytes().to_vec()));
                    }
                }
                Self::Folder(folder) => {
                    let own = folder.join(candidate);
                    if own.is_file() {
                        return Ok((own.display().to_string(), read_bounded(&own, BYTES_MAX + 1)?));
                    }
                }
            }
        }
        Err(OpenError::OverlayMissing(path.to_owned(), self.own_overlays()))
    }

    fn own_overlays(&self) -> Vec<String> {
        match self {
            Self::Embedded(station) => {
                let names = station.files.iter().map(|(name, _)| (*name).to_owned());
                names.filter(|name| is_own_overlay(name)).collect()
            }
            Self::Folder(folder) => ["scenarios/", "beliefs/"]
                .iter()
                .flat_map(|prefix| toml_files(&folder.join(prefix), prefix).unwrap_or_default())
                .map(|(name, _)| name)
                .collect(),
        }
    }
}

fn is_own_overlay(name: &str) -> bool {
    name.starts_with("scenarios/") || name.starts_with("beliefs/")
}

/// Reads the `.toml` files right in a folder, by name.
fn toml_files(folder: &Path, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, OpenError> {
    let failed = |error| OpenError::Io(folder.to_owned(), error);
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        let toml = path.extension().is_some_and(|extension| extension == "toml");
        // One more than allowed is enough for the loader to refuse.
        if toml && !hidden && path.is_file() && paths.len() <= FILES_MAX {
            paths.push(path);
        }
    }
    paths.sort();
    let mut room = BYTES_TOTAL_MAX + 1;
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let bytes = read_bounded(&path, room)?;
        room -= bytes.len();
        files.push((format!("{prefix}{name}"), bytes));
    }
    Ok(files)
}

/// Reads a file, but not more than the loader would take: it refuses what is cut off here.
fn read_bounded(path: &Path, room: usize) -> Result<Vec<u8>, OpenError> {
    let failed = |error| OpenError::Io(path.to_owned(), error);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(room.min(BYTES_MAX + 1) as u64).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}
