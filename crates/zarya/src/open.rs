//! Reads files for a door that has files: into [`Data`], under the names a question uses.
//!
//! Nothing else of the front door but run folders and what writes files whole touches one.

use crate::data::{Data, Folder};
use crate::orbit::hindcast::Jb2008;
use crate::refusal::{About, Kind, Refusal, Refusals};
use crate::stations;
use std::io::{self, Read as _};
use std::path::Path;
use zarya_station::{BYTES_MAX, BYTES_TOTAL_MAX, FILES_MAX};

/// Hands in what a question about a station names by paths: the folder of the station, and overlays that
/// are files. Names that are no paths are left to what is embedded.
///
/// # Errors
///
/// When a file cannot be read.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, check, open, stations};
///
/// let folder = std::env::temp_dir().join(format!("zarya-open-example-{}", std::process::id()));
/// stations::write(&folder, "tiny", false).unwrap();
/// let data = open::station(Data::embedded(), Some(&folder), &[])?;
/// let station = Some(folder.display().to_string());
/// let question = check::Question { station, ..check::Question::default() };
/// assert!(check::answer(&question, &data, &Control::silent())?.loads);
/// # std::fs::remove_dir_all(&folder).unwrap();
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn station(
    mut data: Data,
    station: Option<&Path>,
    overlays: &[&Path],
) -> Result<Data, Refusals> {
    if let Some(path) = station {
        let embedded = path.to_str().and_then(stations::named);
        if path.is_dir() && (embedded.is_none() || path.join("station.toml").is_file()) {
            let folder = folder(path).map_err(|error| unreadable(path, &error))?;
            data = data.with_folder(path.display().to_string(), folder);
        }
    }
    for path in overlays.iter().filter(|path| path.is_file()) {
        let bytes = bounded(path, BYTES_MAX + 1).map_err(|error| unreadable(path, &error))?;
        data = data.with_text(path.display().to_string(), bytes);
    }
    Ok(data)
}

/// Most bytes of a text, packed or not: a record of twenty years of an orbit with a set every few hours holds
/// a fifth of it.
pub const TEXT_BYTES_MAX: u64 = 64 << 20;

/// The name that stands for standard input wherever a file is read.
pub const STDIN: &str = "-";

/// Reads a text, unpacked where it is packed with gzip; `-` is standard input. Whether it is text is for the
/// question to say.
///
/// What is read is a file, or a pipe of this process (`/dev/stdin`, `/dev/fd/63`): nothing else ends for sure.
///
/// # Errors
///
/// When it cannot be read or unpacked, is no file, or holds more than [`TEXT_BYTES_MAX`], packed or not.
///
/// # Examples
///
/// ```
/// use zarya::{Data, open};
///
/// let path = std::env::temp_dir().join(format!("zarya-text-example-{}.csv", std::process::id()));
/// std::fs::write(&path, "id,mtbf_d\npump,400\n").unwrap();
/// let data = Data::embedded().with_text("units.csv", open::text(&path)?);
/// assert!(data.text("units", "units.csv")?.contains("pump"));
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn text(path: &Path) -> Result<Vec<u8>, Refusals> {
    let about = || About::Text(name(path));
    let mut bytes = Vec::new();
    let read = if is_stdin(path) {
        io::stdin().lock().take(TEXT_BYTES_MAX + 1).read_to_end(&mut bytes)
    } else {
        ends(path)?;
        let file = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
        file.take(TEXT_BYTES_MAX + 1).read_to_end(&mut bytes)
    };
    read.map_err(|error| unreadable(path, &error))?;
    let too_large = |bytes: &[u8], how: &str| {
        (TEXT_BYTES_MAX < bytes.len() as u64).then(|| {
            let why =
                format!("{how} more than {} MiB, the most that is read", TEXT_BYTES_MAX >> 20);
            Refusals::from(Refusal::unanswerable(about(), why).help("give a smaller part of it"))
        })
    };
    if let Some(refused) = too_large(&bytes, "holds") {
        return Err(refused);
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes.as_slice())
            .take(TEXT_BYTES_MAX + 1)
            .read_to_end(&mut unpacked)
            .map_err(|error| {
                let why = format!("packed with gzip, but it does not unpack ({error})");
                Refusal::unanswerable(about(), why).help("get the file again")
            })?;
        if let Some(refused) = too_large(&unpacked, "unpacks to") {
            return Err(refused);
        }
        bytes = unpacked;
    }
    Ok(bytes)
}

/// Returns the name under which a door hands in what [`text`] reads.
///
/// # Examples
///
/// ```
/// assert_eq!(zarya::open::name("-".as_ref()), "stdin");
/// assert_eq!(zarya::open::name("units.csv".as_ref()), "units.csv");
/// ```
pub fn name(path: &Path) -> String {
    if is_stdin(path) { "stdin".to_owned() } else { path.display().to_string() }
}

/// Whether a path stands for standard input.
fn is_stdin(path: &Path) -> bool {
    path == Path::new(STDIN) || path == Path::new("/dev/stdin")
}

/// Refuses what is not known to end: devices, sockets, and pipes that nobody may be writing to.
fn ends(path: &Path) -> Result<(), Refusals> {
    let kind = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    let is_own_pipe = ["/dev/fd", "/proc/self/fd"].iter().any(|own| path.starts_with(own));
    if kind.is_file() || (is_own_pipe && !kind.is_dir()) {
        return Ok(());
    }
    let what =
        if kind.is_dir() { "is a folder, not a file" } else { "is a device or a pipe, not a file" };
    let refused = Refusal::new(Kind::Unreadable, About::Text(name(path)), what.to_owned());
    let refused = if kind.is_dir() {
        refused.help("name a file in it")
    } else {
        refused.help("pipe it in, and name `-` as the file")
    };
    Err(refused.into())
}

/// Hands in the drivers of JB2008 that a folder holds, each packed with gzip or not, and returns their
/// names. One that is not there is left to the question to miss.
///
/// # Errors
///
/// When a file cannot be read or unpacked.
///
/// # Examples
///
/// ```
/// use zarya::{Data, open};
///
/// let (data, drivers) = open::jb2008(Data::embedded(), "no-such-folder".as_ref())?;
/// assert!(drivers.solfsmy.ends_with("SOLFSMY.TXT"));
/// assert_eq!(data.bytes(&drivers.solfsmy), None, "the question says what it misses");
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn jb2008(mut data: Data, folder: &Path) -> Result<(Data, Jb2008), Refusals> {
    let mut named = ["SOLFSMY.TXT", "DTCFILE.TXT"].map(|name| folder.join(name));
    for path in &mut named {
        let packed = path.with_extension("TXT.gz");
        if !path.is_file() && packed.is_file() {
            *path = packed;
        }
        if path.is_file() {
            data = data.with_text(path.display().to_string(), text(path)?);
        }
    }
    let [solfsmy, dtcfile] = named.map(|path| path.display().to_string());
    Ok((data, Jb2008 { solfsmy, dtcfile }))
}

/// Hands in an answer to a claim under the name that is returned: a JSON file, or that of a run folder.
///
/// # Errors
///
/// When it cannot be read, or the run has no answer yet.
///
/// # Examples
///
/// ```
/// use zarya::{Data, open, refusal};
///
/// let refused = open::answer(Data::embedded(), "no-such-file.json".as_ref()).unwrap_err();
/// assert_eq!(refused.kind(), refusal::Kind::Unreadable);
/// ```
pub fn answer(data: Data, path: &Path) -> Result<(Data, String), Refusals> {
    let file = if path.is_dir() { path.join("assessment.json") } else { path.to_owned() };
    let bytes = std::fs::read(&file).map_err(|error| {
        if error.kind() != io::ErrorKind::NotFound || !path.is_dir() {
            return unreadable(&file, &error);
        }
        let place = path.display();
        let why = format!("{place} holds no assessment.json");
        let help = format!(
            "a run that was interrupted is finished with `resume {place}`, shards are joined with `merge`"
        );
        Refusal::unanswerable(About::Question, why).help(help).into()
    })?;
    let name = file.display().to_string();
    Ok((data.with_text(name.clone(), bytes), name))
}

/// Refuses because a file cannot be read or written.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Refusals {
    Refusal::new(Kind::Unreadable, About::Text(name(path)), error.to_string()).into()
}

/// Reads the `.toml` files of a station's folder. What is beyond the loader's limits is cut where the
/// loader notices.
fn folder(path: &Path) -> io::Result<Folder> {
    let mut files = toml_files(path, "")?;
    let within = |name: &str| path.join(name);
    for (name, prefix) in [("orus", "orus/"), ("scenarios", "scenarios/"), ("beliefs", "beliefs/")]
    {
        if within(name).is_dir() {
            files.extend(toml_files(&within(name), prefix)?);
        }
    }
    Ok(Folder { files })
}

/// Reads the `.toml` files right in a folder, by name.
fn toml_files(folder: &Path, prefix: &str) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
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
        let bytes = bounded(&path, room)?;
        room -= bytes.len();
        files.push((format!("{prefix}{name}"), bytes));
    }
    Ok(files)
}

/// Reads a file, but not more than the loader would take: it refuses what is cut off here.
fn bounded(path: &Path, room: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(room.min(BYTES_MAX + 1) as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    /// A file of a test, gone with it.
    struct Kept(std::path::PathBuf);

    impl Kept {
        fn new(name: &str, bytes: &[u8]) -> Self {
            let path =
                std::env::temp_dir().join(format!("zarya-open-{}-{name}", std::process::id()));
            std::fs::write(&path, bytes).unwrap();
            Self(path)
        }
    }

    impl Drop for Kept {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0); // It may never have been.
        }
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        let mut encoder = flate2::write::GzEncoder::new(&mut packed, flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap();
        packed
    }

    #[test]
    fn a_packed_text_is_unpacked_and_a_broken_one_refused() {
        let whole = packed(b"date,a_km\n");
        assert_eq!(text(&Kept::new("whole.gz", &whole).0).unwrap(), b"date,a_km\n");
        let refused = text(&Kept::new("cut.gz", &whole[..whole.len() - 4]).0).unwrap_err();
        assert_eq!(refused.kind(), Kind::Unanswerable);
        assert!(refused.to_string().contains("get the file again"), "{refused}");
        assert_eq!(text("no-such-file".as_ref()).unwrap_err().kind(), Kind::Unreadable);
    }

    #[test]
    fn what_is_too_large_is_refused_and_never_cut() {
        let most = vec![b' '; TEXT_BYTES_MAX as usize + 1];
        for (name, bytes) in [("plain", most.clone()), ("bomb.gz", packed(&most))] {
            let refused = text(&Kept::new(name, &bytes).0).unwrap_err();
            assert!(refused.to_string().contains("more than 64 MiB"), "{refused}");
        }
        let fits = Kept::new("fits.gz", &packed(&most[1..]));
        assert_eq!(text(&fits.0).unwrap().len() as u64, TEXT_BYTES_MAX);
    }

    #[cfg(unix)]
    #[test]
    fn what_may_never_end_is_not_opened() {
        let pipe = std::env::temp_dir().join(format!("zarya-open-{}-pipe", std::process::id()));
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        for path in [pipe.as_path(), "/dev/zero".as_ref(), &std::env::temp_dir()] {
            let refused = text(path).unwrap_err();
            assert_eq!(refused.kind(), Kind::Unreadable);
            assert!(refused.to_string().contains("not a file"), "{refused}");
        }
        std::fs::remove_file(&pipe).unwrap();
    }
}
