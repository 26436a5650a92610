//! What a run was asked of, gathered for its folder.

use super::{InputFile, InputRole};
use crate::open::{DEFAULT_STATION, Opened};
use crate::stations;
use std::io;
use std::path::Path;

/// Overlays for recorded years carry this prefix among the station's own.
const RECORD: &str = "scenarios/record-";

/// Returns the inputs of a station as it was opened: its files and its overlays for recorded
/// years, then the overlays laid on it, of which the first `n_scenarios` are scenarios and the
/// others beliefs. The station files among them make a station folder again.
///
/// # Errors
///
/// When an overlay for recorded years cannot be read, or a file is not UTF-8.
pub fn gather(
    path: Option<&Path>,
    opened: &Opened,
    n_scenarios: usize,
    n_beliefs: usize,
) -> io::Result<Vec<InputFile>> {
    let n_files = opened.texts.len() - n_scenarios - n_beliefs;
    let mut inputs = Vec::with_capacity(opened.texts.len() + 4);
    for (name, bytes) in &opened.texts[..n_files] {
        let name = within(path, name);
        inputs.push(InputFile { role: InputRole::Station, name, text: utf8(bytes)? });
    }
    inputs.extend(recorded(path)?);
    for (place, (name, bytes)) in opened.texts[n_files..].iter().enumerate() {
        let role = if place < n_scenarios { InputRole::Scenario } else { InputRole::Beliefs };
        let name = Path::new(name).file_name().unwrap_or_default().to_string_lossy().into_owned();
        inputs.push(InputFile { role, name, text: utf8(bytes)? });
    }
    Ok(inputs)
}

/// The name of a file inside its station: names are shown with the folder, or with
/// `<embedded id>/`, before them.
fn within(path: Option<&Path>, shown: &str) -> String {
    if let Some((_, inside)) = shown.strip_prefix("<embedded ").and_then(|s| s.split_once(">/")) {
        return inside.to_owned();
    }
    let inside = path.and_then(|folder| Path::new(shown).strip_prefix(folder).ok());
    inside.map_or_else(|| shown.to_owned(), |inside| inside.to_string_lossy().replace('\\', "/"))
}

fn recorded(path: Option<&Path>) -> io::Result<Vec<InputFile>> {
    let input = |name: String, text: String| InputFile { role: InputRole::Station, name, text };
    let folder = path.filter(|path| path.join("station.toml").is_file());
    let Some(folder) = folder else {
        let id = path.and_then(Path::to_str).unwrap_or(DEFAULT_STATION);
        let files = stations::named(id).map_or(&[][..], |embedded| embedded.files);
        let recorded = files.iter().filter(|(name, _)| name.starts_with(RECORD));
        return Ok(recorded.map(|(name, text)| input((*name).into(), (*text).into())).collect());
    };
    let Ok(entries) = std::fs::read_dir(folder.join("scenarios")) else { return Ok(Vec::new()) };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .map(|name| format!("scenarios/{name}"))
        .filter(|name| name.starts_with(RECORD) && name.split('.').next_back() == Some("toml"))
        .collect();
    names.sort();
    let read = |name: String| Ok(input(name.clone(), std::fs::read_to_string(folder.join(name))?));
    names.into_iter().map(read).collect()
}

fn utf8(bytes: &[u8]) -> io::Result<String> {
    String::from_utf8(bytes.to_vec())
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}
