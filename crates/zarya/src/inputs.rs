//! What an answer rests on, so that it can be repeated and told from another.

use crate::data::{Data, Opened};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use zarya_units::digest;

/// What an answer rests on, to be repeated: with the same question, it is the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Inputs {
    /// Version of the program, and with it of its tables.
    pub version: String,
    /// SHA-256 of each text that was read beside a station's files and the overlays laid on them, by its
    /// name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, String>,
    /// The station that was asked of; absent where none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub station: Option<OfStation>,
    /// Seed of all random numbers; absent where nothing is drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// The station that an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OfStation {
    /// Where the station came from: a folder, or `embedded iss`.
    pub station: String,
    /// Id in its files.
    pub id: String,
    /// SHA-256 over the station's files and overlays.
    pub digest: String,
    /// Names of the overlays that were laid on it, in their order.
    pub overlays: Vec<String>,
}

impl Inputs {
    /// What rests on the program alone.
    pub(crate) fn new() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            texts: BTreeMap::new(),
            station: None,
            seed: None,
        }
    }

    /// What rests on a text that was handed in.
    pub(crate) fn of_text(data: &Data, name: &str) -> Self {
        Self::new().text(name, data.bytes(name).unwrap_or_default())
    }

    /// What rests on a station under overlays, as the question names them.
    pub(crate) fn of_station(opened: &Opened, overlays: &[String]) -> Self {
        let station = OfStation {
            station: opened.origin.clone(),
            id: opened.station.identity.id.clone(),
            digest: opened.station.digest.clone(),
            overlays: overlay_names(overlays),
        };
        Self { station: Some(station), ..Self::new() }
    }

    /// Adds a text.
    pub(crate) fn text(mut self, name: &str, bytes: &[u8]) -> Self {
        self.texts.insert(name.to_owned(), digest::of_bytes(bytes));
        self
    }

    /// Adds the seed.
    pub(crate) fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }
}

/// Returns the names of overlays for the reader: a file by its own name, wherever it lies.
pub(crate) fn overlay_names(overlays: &[String]) -> Vec<String> {
    let name = |name: &String| {
        Path::new(name).file_name().unwrap_or_default().to_string_lossy().into_owned()
    };
    overlays.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_stations_are_told_by_their_digests() {
        let data = Data::embedded().with_text("abc.txt", "abc");
        let inputs = Inputs::of_text(&data, "abc.txt");
        // The digest that FIPS 180-2 publishes for these three letters.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(inputs.texts["abc.txt"], abc);
        assert!(inputs.station.is_none() && inputs.seed.is_none());

        let overlays = ["scenarios/as-of-2026-06.toml".to_owned()];
        let digest = |overlays: &[String]| {
            let opened = data.station(Some("iss"), overlays).unwrap();
            let station = Inputs::of_station(&opened, overlays).station.unwrap();
            assert_eq!((&*station.station, &*station.id), ("embedded iss", "iss"));
            (station.digest, station.overlays)
        };
        let (plain, laid) = (digest(&[]), digest(&overlays));
        assert_ne!(plain.0, laid.0);
        assert_eq!(laid.1, ["as-of-2026-06.toml"]);
        assert!(plain.1.is_empty());
    }
}
