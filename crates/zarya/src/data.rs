//! What a question may rest on: what is embedded, and texts that a door hands in by name.
//!
//! A question names a station, a case or a table; a door that has files reads them (see [`crate::open`])
//! and hands them in under the names the question uses. No room below knows a path.

use crate::refusal::{About, Found, Refusal, Refusals};
use crate::stations;
use std::collections::BTreeMap;
use zarya_station::{Diagnostic, Station};

/// The station that is meant when none is named.
pub const DEFAULT_STATION: &str = "iss";

/// Embedded data, and what was handed in beside them.
#[derive(Clone, Debug, Default)]
pub struct Data {
    folders: BTreeMap<String, Folder>,
    texts: BTreeMap<String, Vec<u8>>,
    warnings: BTreeMap<String, String>,
}

/// The files of a station: names relative to its folder, with `/`; `scenarios/` and `beliefs/` included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// Name and bytes, in the order of the names.
    pub files: Vec<(String, Vec<u8>)>,
}

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
    /// Where it came from: a folder, or `embedded iss`.
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

impl Data {
    /// Embedded data alone.
    ///
    /// # Examples
    ///
    /// ```
    /// use zarya::Data;
    ///
    /// let station = Data::embedded().station(None, &[])?.station;
    /// assert_eq!(station.identity.id, "iss");
    /// # Ok::<(), zarya::Refusals>(())
    /// ```
    pub fn embedded() -> Self {
        Self::default()
    }

    /// Adds the files of a station under a name. It hides an embedded station of that name.
    ///
    /// # Examples
    ///
    /// ```
    /// use zarya::{Data, Folder, stations};
    ///
    /// let tiny = stations::named("tiny").expect("it is embedded");
    /// let text = |text: &str| text.replace("410 km", "380 km").into_bytes();
    /// let files = tiny.files.iter().map(|(name, file)| ((*name).to_owned(), text(file)));
    /// let data = Data::embedded().with_folder("lower", Folder { files: files.collect() });
    /// let opened = data.station(Some("lower"), &[])?;
    /// assert_eq!((opened.station.orbit.altitude_km.value, &*opened.origin), (380.0, "lower"));
    /// # Ok::<(), zarya::Refusals>(())
    /// ```
    #[must_use]
    pub fn with_folder(mut self, name: impl Into<String>, folder: Folder) -> Self {
        self.folders.insert(name.into(), folder);
        self
    }

    /// Adds a text under a name: an overlay, a case, a table.
    ///
    /// # Examples
    ///
    /// ```
    /// use zarya::Data;
    ///
    /// let overlay = "why = \"a trial\"\n[[set]]\npath = \"orbit.altitude\"\nvalue = \"400 km\"\n";
    /// let data = Data::embedded().with_text("lower.toml", overlay);
    /// let opened = data.station(Some("tiny"), &["lower.toml".to_owned()])?;
    /// assert_eq!(opened.station.orbit.altitude_km.value, 400.0);
    /// # Ok::<(), zarya::Refusals>(())
    /// ```
    #[must_use]
    pub fn with_text(mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.texts.insert(name.into(), bytes.into());
        self
    }

    /// Adds what to say first wherever the text of that name is used.
    pub(crate) fn with_warning(mut self, name: &str, warning: impl Into<String>) -> Self {
        self.warnings.insert(name.to_owned(), warning.into());
        self
    }

    /// Returns what to say first where the text of that name is used.
    pub(crate) fn warning(&self, name: &str) -> Option<&str> {
        self.warnings.get(name).map(String::as_str)
    }

    /// Returns the bytes handed in under a name.
    ///
    /// # Examples
    ///
    /// ```
    /// let data = zarya::Data::embedded().with_text("units.csv", "id,mtbf_d\npump,400\n");
    /// assert_eq!(data.bytes("units.csv").map(<[u8]>::len), Some(19));
    /// assert_eq!(data.bytes("spares.csv"), None);
    /// ```
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.texts.get(name).map(Vec::as_slice)
    }

    /// Returns the text that a field of a question names.
    ///
    /// # Errors
    ///
    /// When nothing of that name was handed in, or it is not UTF-8.
    ///
    /// # Examples
    ///
    /// ```
    /// use zarya::Data;
    ///
    /// let data = Data::embedded().with_text("units.csv", "id,mtbf_d\npump,400\n");
    /// assert!(data.text("units", "units.csv")?.starts_with("id"));
    /// let refused = data.text("units", "spares.csv").unwrap_err();
    /// assert!(refused.to_string().starts_with("`units`: no text named spares.csv was handed in"));
    /// # Ok::<(), zarya::Refusals>(())
    /// ```
    pub fn text(&self, field: &str, name: &str) -> Result<&str, Refusals> {
        let bytes = self.bytes(name).ok_or_else(|| {
            Refusal::field(field, format!("no text named {name} was handed in"))
                .help("hand it in with the question")
        })?;
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let line = bytes[..error.valid_up_to()].split(|b| *b == b'\n').count();
            let about = About::Text(name.to_owned());
            Refusal::unanswerable(about, format!("not text in UTF-8, from line {line} on"))
                .help("save it as UTF-8")
        })?;
        Ok(text)
    }

    /// Opens a station and applies overlays in the order given.
    ///
    /// `name` is a folder handed in, or else the id of an embedded station; without it the embedded ISS
    /// is meant. An overlay is a text handed in, or else the name of one of the station's own scenarios
    /// or beliefs (`as-of-2026-06` for `scenarios/as-of-2026-06.toml`).
    ///
    /// # Errors
    ///
    /// When a name is not known (fields `station` and `scenario`), or the files are wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// use zarya::Data;
    ///
    /// let later = "as-of-2026-06".to_owned();
    /// let opened = Data::embedded().station(Some("iss"), &[later])?;
    /// assert_eq!(opened.station.identity.as_of.to_string(), "2026-06-05");
    /// # Ok::<(), zarya::Refusals>(())
    /// ```
    pub fn station(&self, name: Option<&str>, overlays: &[String]) -> Result<Opened, Refusals> {
        self.believed(name, overlays, &[])
    }

    /// Opens a station with scenarios, then beliefs, laid on.
    ///
    /// # Errors
    ///
    /// When names are not known (fields `station`, `scenario` and `beliefs`), or the files are wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// use zarya::Data;
    ///
    /// let data = Data::embedded();
    /// let refused = data.believed(Some("tiny"), &["x".into()], &["y".into()]).unwrap_err();
    /// assert!(refused.to_string().starts_with("`scenario`: there is no file x"));
    /// assert_eq!(refused.problems.len(), 2);
    /// ```
    pub fn believed(
        &self,
        name: Option<&str>,
        scenario: &[String],
        beliefs: &[String],
    ) -> Result<Opened, Refusals> {
        let place = self.place(name)?;
        let files = place.files();
        let named = scenario.iter().map(|overlay| ("scenario", overlay));
        let named = named.chain(beliefs.iter().map(|overlay| ("beliefs", overlay)));
        let mut found = Found::default();
        let changes: Vec<(String, Vec<u8>)> = named
            .filter_map(|(field, overlay)| found.keep(self.overlay(&place, field, overlay)))
            .collect();
        found.done()?;
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
                    let overlay = texts[n_files..].iter().any(|(name, _)| *name == place.file);
                    if of_station || (!place.file.is_empty() && !overlay) {
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
                Err(Refusals::of_files(diagnostics, texts))
            }
        }
    }

    /// Returns a station's own overlays, by name (`scenarios/record-2020.toml`) in its order.
    ///
    /// # Errors
    ///
    /// When the station is not known.
    ///
    /// # Examples
    ///
    /// ```
    /// let overlays = zarya::Data::embedded().overlays(Some("iss"))?;
    /// assert!(overlays.iter().any(|(name, _)| name == "scenarios/as-of-2026-06.toml"));
    /// # Ok::<(), zarya::Refusals>(())
    /// ```
    pub fn overlays(&self, name: Option<&str>) -> Result<Vec<(String, Vec<u8>)>, Refusals> {
        let place = self.place(name)?;
        Ok(place.overlays().map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).collect())
    }

    /// Returns a station's own files without its overlays, by name in its order.
    ///
    /// # Errors
    ///
    /// When the station is not known.
    ///
    /// # Examples
    ///
    /// ```
    /// let files = zarya::Data::embedded().files(Some("tiny"))?;
    /// assert!(files.iter().any(|(name, _)| name == "orus/power.toml"));
    /// # Ok::<(), zarya::Refusals>(())
    /// ```
    pub fn files(&self, name: Option<&str>) -> Result<Vec<(String, Vec<u8>)>, Refusals> {
        Ok(self.place(name)?.files())
    }

    fn place<'d>(&'d self, name: Option<&'d str>) -> Result<Place<'d>, Refusals> {
        let name = name.unwrap_or(DEFAULT_STATION);
        if let Some(folder) = self.folders.get(name) {
            return Ok(Place::Folder(name, folder));
        }
        stations::named(name).map(Place::Embedded).ok_or_else(|| {
            let known: Vec<&str> = stations::ALL.iter().map(|station| station.id).collect();
            let why =
                format!("there is no folder {name}; embedded stations are {}", known.join(", "));
            Refusal::field("station", why).into()
        })
    }

    fn overlay(
        &self,
        place: &Place<'_>,
        field: &str,
        wanted: &str,
    ) -> Result<(String, Vec<u8>), Refusals> {
        if let Some(bytes) = self.bytes(wanted) {
            return Ok((wanted.to_owned(), bytes.to_vec()));
        }
        let candidates = [
            wanted.to_owned(),
            format!("scenarios/{wanted}"),
            format!("beliefs/{wanted}"),
            format!("scenarios/{wanted}.toml"),
            format!("beliefs/{wanted}.toml"),
        ];
        let own: Vec<(&str, &[u8])> = place.overlays().collect();
        let found = candidates.iter().find_map(|name| own.iter().find(|(own, _)| own == name));
        if let Some((name, bytes)) = found {
            return Ok((place.overlay_name(name), bytes.to_vec()));
        }
        let names: Vec<&str> = own.iter().map(|(name, _)| *name).collect();
        let mut why = format!("there is no file {wanted}");
        if !names.is_empty() {
            why = format!("{why}; the station's own overlays are {}", names.join(", "));
        }
        Err(Refusal::field(field, why).into())
    }
}

/// Where a station's files are.
enum Place<'d> {
    Folder(&'d str, &'d Folder),
    Embedded(&'static stations::Embedded),
}

impl Place<'_> {
    /// What it is, and what stands before the names of its files when they are shown.
    fn names(&self) -> (String, String) {
        match self {
            Self::Folder(name, _) => {
                let slash = if name.ends_with(std::path::MAIN_SEPARATOR) { "" } else { "/" };
                ((*name).to_owned(), format!("{name}{slash}"))
            }
            Self::Embedded(station) => {
                (format!("embedded {}", station.id), format!("<embedded {}>/", station.id))
            }
        }
    }

    fn all(&self) -> Box<dyn Iterator<Item = (&str, &[u8])> + '_> {
        match self {
            Self::Folder(_, folder) => {
                Box::new(folder.files.iter().map(|(name, bytes)| (&**name, bytes.as_slice())))
            }
            Self::Embedded(station) => {
                Box::new(station.files.iter().map(|(name, text)| (*name, text.as_bytes())))
            }
        }
    }

    fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.all()
            .filter(|(name, _)| !is_overlay(name))
            .map(|(name, bytes)| (name.to_owned(), bytes.to_vec()))
            .collect()
    }

    fn overlays(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.all().filter(|(name, _)| is_overlay(name))
    }

    /// What an overlay of its own is called when it is shown.
    fn overlay_name(&self, name: &str) -> String {
        match self {
            Self::Folder(..) => format!("{}{name}", self.names().1),
            Self::Embedded(_) => name.to_owned(),
        }
    }
}

fn is_overlay(name: &str) -> bool {
    name.starts_with("scenarios/") || name.starts_with("beliefs/")
}
