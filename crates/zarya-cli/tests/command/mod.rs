//! The `zarya` command as a test calls it: from the repository's root, with files of the test's own.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs the command.
pub(crate) fn zarya(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zarya"))
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the command starts")
}

/// Runs a command that must answer with JSON alone on stdout.
pub(crate) fn answer(arguments: &[&str]) -> Value {
    let output = zarya(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    serde_json::from_slice(&output.stdout).expect("stdout holds JSON alone")
}

/// Writes a file into the folder of this test binary and returns its path.
pub(crate) fn written(name: &str, text: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME"));
    std::fs::create_dir_all(&folder).expect("a folder for cases");
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a case is written");
    path.display().to_string()
}

/// The number of a JSON value.
pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("not a number: {value}"))
}
