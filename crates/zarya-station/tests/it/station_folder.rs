//! Reads a folder the way the front door does; the loader itself opens no files.

use std::path::{Path, PathBuf};

pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// The folder of a station that is shipped with Zarya.
pub(crate) fn shipped(id: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../zarya/stations").join(id)
}

/// The files of a station, or the overlays in a folder.
pub(crate) fn read(folder: &Path) -> Files {
    let mut files = Vec::new();
    for (subfolder, prefix) in [(folder.to_owned(), ""), (folder.join("orus"), "orus/")] {
        for entry in std::fs::read_dir(&subfolder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let name = path.file_name().unwrap().to_str().unwrap();
                files.push((format!("{prefix}{name}"), std::fs::read(&path).unwrap()));
            }
        }
    }
    files
}

pub(crate) fn tiny() -> Files {
    read(&shipped("tiny"))
}
