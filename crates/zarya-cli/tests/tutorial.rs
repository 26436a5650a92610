//! `docs/tutorial.md`, step by step: its commands run in an empty folder with its edits made, and print
//! what it shows.

#![allow(clippy::unwrap_used)] // a step that cannot be taken should say where

use std::path::{Path, PathBuf};
use std::process::Command;

/// A fenced block: the words behind its fence, its lines, and the line of the page it begins at.
struct Block<'p> {
    fence: Vec<&'p str>,
    lines: Vec<&'p str>,
    at: usize,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let (mut blocks, mut open) = (Vec::new(), None::<Block<'_>>);
    for (at, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(_), Some(block)) => blocks.push(block),
            (Some(fence), None) => {
                let fence = fence.split_whitespace().collect();
                open = Some(Block { fence, lines: Vec::new(), at: at + 1 });
            }
            (None, Some(mut block)) => {
                block.lines.push(line);
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is left open");
    blocks
}

/// Runs the commands of a block; returns what they print.
fn run(folder: &Path, block: &Block<'_>) -> String {
    let refused = block.fence.get(1) == Some(&"refused");
    let mut printed = String::new();
    for line in &block.lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words.first(), Some(&"zarya"), "line {}: {line}", block.at);
        let output = Command::new(env!("CARGO_BIN_EXE_zarya"))
            .args(&words[1..])
            .current_dir(folder)
            .output()
            .unwrap();
        let said =
            String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(i32::from(refused)), "{line}: {said}");
        printed.push_str(&said);
    }
    printed
}

/// The lines shown must follow each other somewhere in what was printed; `...` leaves some out.
fn compare(block: &Block<'_>, printed: &str) {
    let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
    let (mut from, mut gap) = (0, true);
    for line in &block.lines {
        if *line == "..." {
            gap = true;
            continue;
        }
        let ahead = printed[from..].iter().position(|printed| printed == line);
        let place = ahead.filter(|place| gap || *place == 0).unwrap_or_else(|| {
            panic!("line {}: `{line}` is not printed there:\n{}", block.at, printed.join("\n"))
        });
        (from, gap) = (from + place + 1, false);
    }
}

/// Replaces the lines marked `-` by those marked `+`; they must stand in the file once.
fn edit(folder: &Path, block: &Block<'_>) {
    let file = folder.join(block.fence[1]);
    let side = |mark: char| -> String {
        block
            .lines
            .iter()
            .filter_map(|l| l.strip_prefix(mark))
            .fold(String::new(), |text, line| text + line + "\n")
    };
    let (before, after) = (side('-'), side('+'));
    let text = std::fs::read_to_string(&file).unwrap();
    let found = text.matches(&before).count();
    assert_eq!(
        found, 1,
        "line {}: what is to be replaced stands {found} times in the file",
        block.at
    );
    std::fs::write(&file, text.replace(&before, &after)).unwrap();
}

fn write(folder: &Path, block: &Block<'_>) {
    let file: PathBuf = folder.join(block.fence[1]);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, block.lines.join("\n") + "\n").unwrap();
}

#[test]
fn every_step_of_the_tutorial_works() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/tutorial.md");
    let page = std::fs::read_to_string(page).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tutorial");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let (mut printed, mut compared) = (String::new(), 0);
    for block in blocks(&page) {
        match block.fence[0] {
            "sh" => printed = run(&folder, &block),
            "text" => {
                compare(&block, &printed);
                compared += 1;
            }
            "diff" => edit(&folder, &block),
            "toml" => write(&folder, &block),
            other => panic!("line {}: a block of `{other}`", block.at),
        }
    }
    assert!(8 <= compared, "{compared}");
}
