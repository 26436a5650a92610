//! What a run was asked of, gathered for its folder.

use super::{InputFile, InputRole};
use crate::assess::{RECORDED, Texts};
use crate::refusal::About;
use crate::{Data, Refusal, Refusals};
use std::path::Path;

/// Returns the inputs of a station as they were read: its files and its overlays for recorded
/// years, then the overlays laid on it, of which the first `n_scenarios` are scenarios and the
/// others beliefs. The station files among them make a station folder again.
///
/// # Errors
///
/// When an overlay for recorded years cannot be read, or a file is not UTF-8.
pub(super) fn gather(
    data: &Data,
    station: Option<&str>,
    texts: &Texts,
    n_scenarios: usize,
    n_beliefs: usize,
) -> Result<Vec<InputFile>, Refusals> {
    let n_files = texts.len() - n_scenarios - n_beliefs;
    let mut inputs = Vec::with_capacity(texts.len() + 4);
    for (name, bytes) in &texts[..n_files] {
        let name = within(station, name);
        inputs.push(InputFile { role: InputRole::Station, text: utf8(&name, bytes)?, name });
    }
    for (name, bytes) in data.overlays(station)? {
        if name.starts_with(RECORDED) {
            let text = utf8(&name, &bytes)?;
            inputs.push(InputFile { role: InputRole::Station, name, text });
        }
    }
    for (place, (name, bytes)) in texts[n_files..].iter().enumerate() {
        let role = if place < n_scenarios { InputRole::Scenario } else { InputRole::Beliefs };
        let name = Path::new(name).file_name().unwrap_or_default().to_string_lossy().into_owned();
        inputs.push(InputFile { role, text: utf8(&name, bytes)?, name });
    }
    Ok(inputs)
}

/// The name of a file inside its station: names are shown with the folder, or with
/// `<embedded id>/`, before them.
fn within(station: Option<&str>, shown: &str) -> String {
    if let Some((_, inside)) = shown.strip_prefix("<embedded ").and_then(|s| s.split_once(">/")) {
        return inside.to_owned();
    }
    let inside = station.and_then(|folder| Path::new(shown).strip_prefix(folder).ok());
    inside.map_or_else(|| shown.to_owned(), |inside| inside.to_string_lossy().replace('\\', "/"))
}

fn utf8(name: &str, bytes: &[u8]) -> Result<String, Refusals> {
    String::from_utf8(bytes.to_vec()).map_err(|error| {
        Refusal::unanswerable(About::Text(name.to_owned()), error.to_string()).into()
    })
}
