//! The arrows between crates only point up the list of `ARCHITECTURE.md`, what a lower crate must not know it
//! does not name, and inside a crate no files name each other in a loop.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const UNITS: &str = "zarya-units";
const TEXT: &str = "zarya-text";
const ORBIT: &str = "zarya-orbit";
const RELIABILITY: &str = "zarya-reliability";
const SYSTEMS: &str = "zarya-systems";
const STATION: &str = "zarya-station";
const SIMULATION: &str = "zarya-simulation";
const ASSESSMENT: &str = "zarya-assessment";
const FRONT: &str = "zarya";
const REPORT: &str = "zarya-report";

/// Every crate, and those of ours it may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    (UNITS, &[]),
    (TEXT, &[]),
    (ORBIT, &[UNITS, TEXT]),
    (RELIABILITY, &[UNITS, TEXT]),
    (SYSTEMS, &[UNITS, TEXT]),
    (STATION, &[UNITS, TEXT]),
    (SIMULATION, &[UNITS, ORBIT, RELIABILITY, SYSTEMS, STATION]),
    (ASSESSMENT, &[UNITS, STATION, SIMULATION]),
    (FRONT, &[UNITS, TEXT, ORBIT, RELIABILITY, SYSTEMS, STATION, SIMULATION, ASSESSMENT]),
    (REPORT, &[FRONT]),
    ("zarya-cli", &[FRONT, REPORT]),
];

/// The doors: what asks on behalf of somebody.
const DOORS: &[&str] = &["zarya-cli"];

/// Heavy or worldly libraries that only the doors may use.
const DOORS_ONLY: &[&str] = &["clap", "clap_complete", "ctrlc", "indicatif"];

/// What only a door may name.
const WORLDLY: &[&str] = &[
    "std::env",
    "std::net",
    "process::Command",
    "process::exit",
    "SystemTime",
    "Instant::now",
    "print!",
    "println!",
    "eprint",
    "stdout()",
    "stderr()",
];

/// What touches a file, through `Path` too; standard input is read as one.
const FILES: &[&str] = &[
    "stdin()",
    "std::fs",
    "File::open",
    "OpenOptions",
    "read_dir(",
    ".canonicalize()",
    ".is_file()",
    ".is_dir()",
    ".exists()",
    ".metadata()",
];

/// What a report must not do: ask, open, run.
const ASKING: &[&str] = &["::answer(", "Data::", "open::", "file::", "run::start", "run::resume"];

/// Most lines of the command.
const COMMAND_LINES_MAX: usize = 4_500;

/// Files of the front door that read or write files: readers, the writer, run folders, embedded stations.
const FRONT_DOOR_FILES: &[&str] = &["open.rs", "file.rs", "file", "run.rs", "run", "stations.rs"];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("crates/").to_owned()
}

/// The names of a manifest's dependencies for its product.
fn dependencies(manifest: &str) -> Vec<String> {
    let (mut names, mut inside) = (Vec::new(), false);
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            // `[dependencies]`, `[dependencies.x]`, `[target.'cfg(unix)'.dependencies]`; not those of
            // tests and builds.
            let table = line.trim_matches(['[', ']']);
            inside = table == "dependencies" || table.ends_with(".dependencies");
            names.extend(table.strip_prefix("dependencies.").map(str::to_owned));
        } else if inside && let Some((name, _)) = line.split_once(['.', '=', ' ']) {
            // `x = { package = "y" }` is y.
            let package = line.split_once("package").and_then(|(_, rest)| rest.split('"').nth(1));
            names.push(package.unwrap_or(name).trim().to_owned());
        }
    }
    names
}

/// A source without the tests inside it.
fn product(text: &str) -> &str {
    let tests = text.match_indices("#[cfg(test)]").find(|(at, _)| {
        // A module of its own, not the declaration of one: it reaches to the end of the file.
        let rest = text[*at..].lines().skip(1).find(|line| !line.starts_with("#["));
        rest.is_some_and(|line| line.starts_with("mod ") && line.ends_with('{'))
    });
    tests.map_or(text, |(at, _)| &text[..at])
}

/// The first of some words that a line of the product names: not a comment, `use std::{fs, …}` spelled out.
fn worldly<'w>(text: &str, words: &[&'w str]) -> Option<&'w str> {
    let lines = product(text).lines().filter(|line| !line.trim_start().starts_with("//"));
    let lines: Vec<String> = lines
        .map(|line| match line.split_once("std::{") {
            Some((_, list)) => list.split(',').fold(String::new(), |all, part| {
                all + "std::" + part.trim_matches(['{', '}', ' ', ';']) + ";"
            }),
            None => line.to_owned(),
        })
        .collect();
    words.iter().copied().find(|word| lines.iter().any(|line| line.contains(word)))
}

fn manifests() -> BTreeMap<String, Vec<String>> {
    let entries = std::fs::read_dir(crates()).expect("crates/ can be listed");
    let folders = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir());
    folders
        .map(|folder| {
            let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
            let manifest = std::fs::read_to_string(folder.join("Cargo.toml"))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, dependencies(&manifest))
        })
        .collect()
}

#[test]
fn no_arrow_points_down() {
    let manifests = manifests();
    for (name, found) in &manifests {
        let allowed = ALLOWED.iter().find(|(known, _)| known == name);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("{name} is not on the list of crates"));
        for dependency in found {
            if dependency.starts_with("zarya") {
                assert!(allowed.contains(&&**dependency), "{name} must not depend on {dependency}");
            }
            let worldly = DOORS_ONLY.contains(&&**dependency);
            assert!(!worldly || DOORS.contains(&&**name), "{dependency} belongs in a door: {name}");
        }
    }
    for (name, _) in ALLOWED {
        assert!(manifests.contains_key(*name), "{name} is listed, but is not there");
    }
}

/// Calls `check` with every source file of a folder that is no test.
fn sources(folder: &Path, check: &mut dyn FnMut(&Path, &str)) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            sources(&path, check);
        } else if path.extension().is_some_and(|end| end == "rs") && name != "tests.rs" {
            check(&path, &std::fs::read_to_string(&path).expect("a source file"));
        }
    }
}

#[test]
fn only_doors_know_files_clocks_and_terminals() {
    for (name, _) in ALLOWED.iter().filter(|(name, _)| !DOORS.contains(name)) {
        let src = crates().join(name).join("src");
        sources(&src, &mut |path, text| {
            let inside = path.strip_prefix(&src).expect("inside src");
            let files = FRONT_DOOR_FILES.iter().any(|allowed| inside.starts_with(allowed));
            let mut words = WORLDLY.to_vec();
            if *name != FRONT || !files {
                words.extend(FILES);
            }
            if *name == REPORT {
                words.extend(ASKING);
            }
            let found = worldly(text, &words);
            assert!(found.is_none(), "{name}/src/{} names {found:?}", inside.display());
        });
    }
}

/// What tells a user to type something on a command line.
fn typed(text: &str) -> bool {
    let option = |at: usize| {
        let before = text[..at].chars().next_back();
        let apart = before.is_none_or(|c| c.is_whitespace() || "`(\"'".contains(c));
        apart && text[at + 2..].starts_with(|c: char| c.is_ascii_lowercase())
    };
    text.match_indices("--").any(|(at, _)| option(at))
        || ["`zarya ", "zarya init", "command line"].iter().any(|word| text.contains(word))
}

/// The string literals of a source, with the lines they begin on.
fn literals(source: &str) -> Vec<(usize, String)> {
    let (mut found, mut line) = (Vec::new(), 1);
    let mut rest = source.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' => line += 1,
            '/' if rest.peek() == Some(&'/') => {
                rest.by_ref().find(|c| *c == '\n');
                line += 1;
            }
            // The characters '"' and '\"' begin no text.
            '\'' if rest.peek() == Some(&'"') => drop(rest.next()),
            '\'' if rest.peek() == Some(&'\\') => drop(rest.nth(1)),
            '"' => {
                let (mut text, begins) = (String::new(), line);
                while let Some(c) = rest.next() {
                    line += usize::from(c == '\n');
                    match c {
                        '"' => break,
                        '\\' => {
                            let escaped = rest.next().unwrap_or_default();
                            line += usize::from(escaped == '\n');
                            text.push(if escaped == 'n' { ' ' } else { escaped });
                        }
                        _ => text.push(c),
                    }
                }
                found.push((begins, text));
            }
            _ => {}
        }
    }
    found
}

/// A library says what is missing, by the field; only a door says what to type.
#[test]
fn only_a_door_says_what_to_type() {
    let tells = |name: &str| name == REPORT || DOORS.contains(&name);
    for (name, _) in ALLOWED.iter().filter(|(name, _)| !tells(name)) {
        let src = crates().join(name).join("src");
        sources(&src, &mut |path, text| {
            let product = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
            for (line, literal) in literals(product) {
                let place = path.strip_prefix(&src).expect("inside src").display();
                assert!(!typed(&literal), "{name}/src/{place}:{line}: {literal:?}");
            }
        });
    }
}

#[test]
fn what_is_typed_is_found_in_literals_and_nowhere_else() {
    let source =
        "// \"a --b\"\nlet a = '\"'; f(\"x -- y\");\nf(\"set\\n--seed\", \"\\\"`zarya check`\")";
    let found = literals(source);
    assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 3]);
    let told: Vec<bool> = found.iter().map(|(_, text)| typed(text)).collect();
    assert_eq!(told, [false, true, true]);
}

#[test]
fn the_command_is_thin() {
    let mut lines = 0;
    sources(&crates().join("zarya-cli/src"), &mut |_, text| lines += text.lines().count());
    assert!(0 < lines && lines <= COMMAND_LINES_MAX, "{lines} lines in the command");
}

#[test]
fn what_a_crate_names_is_found_in_every_form() {
    let words = ["std::fs", "std::env", "print!", ".exists()"];
    for bad in [
        "use std::{fs, io};",
        "    std::fs::read(path)",
        "let x = std::env::var(\"x\");",
        "if p.exists() {",
    ] {
        assert!(worldly(bad, &words).is_some(), "{bad}");
    }
    let declared = "#[cfg(test)]\nmod sample;\nfn f() { std::fs::read(p) }";
    assert_eq!(worldly(declared, &words), Some("std::fs"));
    let tested = "fn f() {}\n#[cfg(test)]\n#[cfg(unix)]\nmod tests {\n    use std::fs;\n}";
    assert_eq!(worldly(tested, &words), None);
    assert_eq!(worldly("// std::fs is not for this crate", &words), None);
}

#[test]
fn manifests_are_read_in_every_form() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\na.workspace = true\nb = \"1\"\n\n[dependencies.c]\n\
                    path = \"c\"\n[target.'cfg(unix)'.dependencies]\nd = { version = \"1\" }\nf = { package = \"zarya-cli\", path = \"g\" }\n[dev-dependencies]\ne = \"1\"\n";
    let found = dependencies(manifest);
    for name in ["a", "b", "c", "d", "zarya-cli"] {
        assert!(found.iter().any(|known| known == name), "{name}: {found:?}");
    }
    assert!(!found.iter().any(|known| known == "e"));
}

/// The source files of a crate by module path; `lib.rs` and `main.rs` are the empty one.
fn modules(src: &Path) -> BTreeMap<Vec<String>, String> {
    let mut modules = BTreeMap::new();
    sources(src, &mut |path, text| {
        let inside = path.strip_prefix(src).expect("inside src").with_extension("");
        let mut module: Vec<String> =
            inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if module.last().is_some_and(|last| ["mod", "lib", "main"].contains(&&**last)) {
            module.pop();
        }
        modules.insert(module, text.to_owned());
    });
    modules
}

#[test]
fn no_files_name_each_other_in_a_loop() {
    for (name, _) in ALLOWED {
        let found = circles(&modules(&crates().join(name).join("src")));
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

#[test]
fn loops_are_found_through_re_exports_and_not_between_a_child_and_its_parent() {
    let crate_of = |files: &[(&str, &str)]| {
        let module = |path: &str| path.split("::").map(str::to_owned).collect();
        circles(&files.iter().map(|(path, text)| (module(path), (*text).to_owned())).collect())
    };
    let long = [
        ("a", "use crate::b::{self, B};\nfn f() {}\n"),
        ("b", "mod deep;\npub use deep::Deep;\n"),
        ("b::deep", "fn f() {\n    crate::c::g();\n}\n"),
        ("c", "use crate::{\n    a::{x, y as z},\n    d,\n};\n"),
        ("d", "use crate::b::Deep;\n"),
    ];
    // `b` itself only hands `Deep` on; `d` leads to the file behind it.
    assert_eq!(crate_of(&long), [["b::deep", "c", "d"]]);
    let nested = [
        ("plan", "mod compile;\nfn f() {\n    compile::run();\n}\n"),
        ("plan::compile", "use super::Plan;\nuse crate::air::Air;\n"),
        (
            "air",
            "// use crate::plan::Plan;\n#[cfg(test)]\nmod tests {\n    use crate::plan::Plan;\n}\n",
        ),
    ];
    assert!(crate_of(&nested).is_empty());
    let mut around = nested.to_vec();
    around[2].1 = "use crate::plan::Plan;\n";
    assert_eq!(crate_of(&around), [["air", "plan", "plan::compile"]]);
}

/// The files of a crate that name each other in a loop, however long; each loop as a list of modules.
///
/// A file stands for its module. It names another where one of its paths (by `crate`, `super`, `self` or a
/// child that it declares) leads to something defined there; a re-export makes no arrow itself and is
/// followed to where it leads. Tests do not count, nor what stands in `lib.rs` and `main.rs`. What a file
/// takes from a module that it lies in makes no arrow: a child uses its parent's types, as Rust nests them,
/// and the two are one room. A way round through any other file is a circle.
fn circles(files: &BTreeMap<Vec<String>, String>) -> Vec<Vec<String>> {
    let products: BTreeMap<&[String], Vec<Named>> =
        files.iter().map(|(module, text)| (&module[..], named(module, text))).collect();
    let arrows: BTreeMap<&[String], BTreeSet<&[String]>> = products
        .iter()
        .map(|(module, paths)| {
            let ends = paths.iter().filter(|path| !path.handed_on);
            let ends = ends.filter_map(|path| defined_in(&products, &path.path, 0));
            (*module, ends.filter(|end| !end.is_empty() && !module.starts_with(end)).collect())
        })
        .collect();
    let reached = |from: &[String]| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(module) = open.pop() {
            for end in arrows.get(module).into_iter().flatten() {
                if seen.insert(*end) {
                    open.push(end);
                }
            }
        }
        seen
    };
    let reach: BTreeMap<&[String], _> =
        arrows.keys().map(|module| (*module, reached(module))).collect();
    let mut circles: Vec<Vec<String>> = Vec::new();
    for (module, ends) in &reach {
        let circle: Vec<String> = ends
            .iter()
            .filter(|end| ends.contains(*module) && reach[*end].contains(*module))
            .map(|end| end.join("::"))
            .collect();
        if !circle.is_empty() && !circles.contains(&circle) {
            circles.push(circle);
        }
    }
    circles
}

/// A path that a file names, from the crate's root.
struct Named {
    path: Vec<String>,
    /// It is a re-export.
    handed_on: bool,
}

/// All paths into its own crate that a file names.
fn named(module: &[String], text: &str) -> Vec<Named> {
    let product = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    let text: String = product
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line.split(" // ").next().unwrap_or(line), "\n"])
        .collect();
    let children: Vec<String> = text
        .lines()
        .filter_map(|line| line.split_once("mod ")?.1.strip_suffix(';').map(str::to_owned))
        .collect();
    let from_root = |path: &[String]| -> Option<Vec<String>> {
        let mut at = module.to_vec();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" => {
                at.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|first| first == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
            }
            child if children.iter().any(|known| known == child) => {}
            _ => return None,
        }
        at.extend_from_slice(rest);
        Some(at)
    };
    let mut found = Vec::new();
    let mut rest = String::new();
    for statement in text.split_inclusive(';') {
        // A `use` stands at the start of a line, perhaps after the end of what comes before it.
        let at = ["\nuse ", "\n    use ", "\n        use ", "\npub use ", "\npub(crate) use "]
            .iter()
            .find_map(|word| {
                let place = format!("\n{statement}").find(word)?;
                Some((place, word.trim_start().starts_with("pub"), place + word.len() - 1))
            });
        match at {
            Some((place, handed_on, tree)) => {
                rest.push_str(&statement[..place.saturating_sub(1).min(statement.len())]);
                for path in spelled_out(&statement[tree..statement.len() - 1]) {
                    found.extend(from_root(&path).map(|path| Named { path, handed_on }));
                }
            }
            None => rest.push_str(statement),
        }
    }
    // Paths in the middle of the code.
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    for word in rest.split(|c| !is_path(c)).filter(|word| word.contains("::")) {
        let path: Vec<String> = word.split("::").map(str::to_owned).collect();
        found.extend(from_root(&path).map(|path| Named { path, handed_on: false }));
    }
    found
}

/// `a::{b, c::{d, e as f}}` as `a::b`, `a::c::d` and `a::c::e`.
fn spelled_out(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    let Some((head, inner)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or(tree);
        return vec![path.split("::").map(|part| part.trim().to_owned()).collect()];
    };
    let head: Vec<String> = head
        .split("::")
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in inner.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().expect("one at least").push(c);
    }
    parts
        .iter()
        .filter(|part| !part.trim().is_empty())
        .flat_map(|part| spelled_out(part))
        .map(|path| {
            let tail = path.into_iter().filter(|part| part != "self");
            head.iter().cloned().chain(tail).collect()
        })
        .collect()
}

/// The file in which what a path leads to is defined.
fn defined_in<'a>(
    products: &BTreeMap<&'a [String], Vec<Named>>,
    path: &[String],
    followed: u32,
) -> Option<&'a [String]> {
    let of = |n: usize| products.get_key_value(&path[..n]);
    let (n, (module, paths)) = (0..=path.len()).rev().find_map(|n| Some((n, of(n)?)))?;
    let name = path.get(n);
    let onward =
        paths.iter().find(|path| path.handed_on && name.is_some() && path.path.last() == name);
    match onward {
        Some(onward) if followed < 8 => {
            let rest = onward.path.iter().chain(&path[n + 1..]).cloned().collect::<Vec<_>>();
            defined_in(products, &rest, followed + 1)
        }
        _ => Some(module),
    }
}
