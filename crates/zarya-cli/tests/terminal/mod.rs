//! Whether what a command prints fits a terminal of 80 columns.

use std::process::Output;

/// Fails where a line of what was printed, notes included, is longer.
pub(crate) fn fits(output: &Output, of: &str) {
    for printed in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(printed.clone()).expect("text is UTF-8");
        for line in text.lines() {
            let columns = line.chars().count();
            assert!(columns <= 80, "{of}: {columns} columns: {line}");
        }
    }
}
