//! What a text is, whatever it was taken for.
//!
//! A failed download is a web page, a list may be a workbook: saying so is worth more than the line at which a
//! reader of something else gave up. What is looked at are the first bytes, the first lines and the shape of the
//! whole, never the name of a file.

use std::fmt;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Nothing, or blanks alone.
    Empty,
    /// Packed with gzip.
    Gzip,
    /// Packed with another packer (zip, xz, bzip2, zstd, 7-Zip, compress).
    Archive,
    /// A workbook of a spreadsheet (XLSX, ODS, XLS) or another document of an office suite.
    Workbook,
    /// A PDF.
    Pdf,
    /// A picture.
    Picture,
    /// A text in UTF-16 or UTF-32.
    Utf16,
    /// No text.
    Binary,
    /// A text in an old encoding of eight bits.
    NotUtf8,
    /// A web page.
    WebPage,
    /// XML.
    Xml,
    /// JSON: it begins as an object or a list.
    Json,
    /// Two-line element sets.
    TwoLineSets,
    /// An orbit ephemeris message of the CCSDS in keywords.
    Oem,
    /// A mean-elements message of the CCSDS in keywords.
    Omm,
    /// Another message of the CCSDS in keywords.
    Ccsds,
    /// TOML.
    Toml,
    /// Rows and columns.
    Table,
    /// A few words, as a service answers that has nothing.
    Message,
    /// Lines of words.
    Prose,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "an empty text",
            Self::Gzip => "a text packed with gzip",
            Self::Archive => "a packed archive",
            Self::Workbook => "a workbook of a spreadsheet",
            Self::Pdf => "a PDF",
            Self::Picture => "a picture",
            Self::Utf16 => "a text in UTF-16",
            Self::Binary => "no text",
            Self::NotUtf8 => "a text that is not in UTF-8",
            Self::WebPage => "a web page",
            Self::Xml => "XML",
            Self::Json => "JSON",
            Self::TwoLineSets => "two-line element sets",
            Self::Oem => "an orbit ephemeris message (OEM)",
            Self::Omm => "a mean-elements message (OMM)",
            Self::Ccsds => "a message of the CCSDS of another type",
            Self::Toml => "TOML",
            Self::Table => "a table",
            Self::Message => "a message",
            Self::Prose => "a text in words",
        })
    }
}

impl Kind {
    /// Whether no reader of data can do anything with it.
    pub fn is_foreign(self) -> bool {
        self.advice().is_some()
    }

    /// Returns what to do with a text that no reader of data reads.
    pub fn advice(self) -> Option<&'static str> {
        Some(match self {
            Self::Empty => "nothing came: get the file again, and look at what the source answers",
            Self::WebPage | Self::Message => {
                "the download failed: open the address in a browser, see what it says, and get the file again"
            }
            Self::Archive => "unpack it first; a text packed with gzip is read as it is",
            Self::Workbook => "save the sheet as CSV (UTF-8)",
            Self::Pdf | Self::Picture => "give the numbers as a text, such as CSV",
            Self::Utf16 | Self::NotUtf8 => "save it as UTF-8",
            Self::Gzip => "unpack it first",
            Self::Binary => "give a text",
            _ => return None,
        })
    }
}

/// Bytes of the head that are looked at for marks.
const HEAD_BYTES: usize = 4096;
/// Lines that are looked at for a shape.
const LINES: usize = 60;
/// Longest message of a service, in bytes.
const MESSAGE_BYTES_MAX: usize = 400;

/// Returns what bytes are.
///
/// # Examples
///
/// ```
/// use zarya_text::kind::{Kind, of};
///
/// assert_eq!(of(b"<!DOCTYPE html><html><body>403 Forbidden"), Kind::WebPage);
/// assert_eq!(of(b"No GP data found"), Kind::Message);
/// assert_eq!(of(b"id,mtbf_h\npump,50000\n"), Kind::Table);
/// ```
pub fn of(bytes: &[u8]) -> Kind {
    if let Some(kind) = packed(bytes) {
        return kind;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => of_text(text),
        Err(_) if is_binary(bytes) => Kind::Binary,
        Err(_) => {
            // What it says in ASCII is enough to tell a page in an old encoding.
            let lossy = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD_BYTES)]);
            if of_text(&lossy) == Kind::WebPage { Kind::WebPage } else { Kind::NotUtf8 }
        }
    }
}

/// Tells what is no UTF-8 text by its first bytes.
fn packed(bytes: &[u8]) -> Option<Kind> {
    const MARKS: [(&[u8], Kind); 17] = [
        (b"\x1f\x8b", Kind::Gzip),
        (b"BZh", Kind::Archive),
        (b"\xfd7zXZ\0", Kind::Archive),
        (b"\x28\xb5\x2f\xfd", Kind::Archive),
        (b"7z\xbc\xaf\x27\x1c", Kind::Archive),
        (b"\x1f\x9d", Kind::Archive),
        (b"Rar!", Kind::Archive),
        (b"\xd0\xcf\x11\xe0", Kind::Workbook),
        (b"%PDF-", Kind::Pdf),
        (b"\x89PNG", Kind::Picture),
        (b"\xff\xd8\xff", Kind::Picture),
        (b"GIF8", Kind::Picture),
        (b"RIFF", Kind::Picture),
        (b"\xff\xfe", Kind::Utf16),
        (b"\xfe\xff", Kind::Utf16),
        (b"\0\0\xfe\xff", Kind::Utf16),
        (b"PAR1", Kind::Binary),
    ];
    if bytes.starts_with(b"PK\x03\x04") {
        let head = &bytes[..bytes.len().min(HEAD_BYTES)];
        let holds = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
        let is_office = holds(b"[Content_Types]") || holds(b"xl/") || holds(b"opendocument");
        return Some(if is_office { Kind::Workbook } else { Kind::Archive });
    }
    if let Some((_, kind)) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Some(*kind);
    }
    // UTF-16 without its mark: every other byte of a text in Latin letters is 0.
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let half = head.len() / 2;
    if 4 <= half
        && [zeros(0), zeros(1)].iter().any(|n| half * 4 / 5 <= *n)
        && half > zeros(0).min(zeros(1)) * 2
    {
        return Some(Kind::Utf16);
    }
    head.contains(&0).then_some(Kind::Binary)
}

/// Whether bytes that are not UTF-8 hold more controls than a text does.
fn is_binary(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let controls = head.iter().filter(|b| **b < 9 || (13 < **b && **b < 32)).count();
    head.len() < controls * 20
}

/// Returns what a text is.
pub fn of_text(text: &str) -> Kind {
    let text = text.trim_start_matches('\u{feff}').trim();
    let head_end = (0..=HEAD_BYTES.min(text.len())).rev().find(|i| text.is_char_boundary(*i));
    let head = text[..head_end.unwrap_or(0)].to_ascii_lowercase();
    if head.is_empty() {
        return Kind::Empty;
    }
    if head.starts_with('<') {
        return if is_page(&head) { Kind::WebPage } else { Kind::Xml };
    }
    if head.starts_with('{') || (head.starts_with('[') && !is_toml_table(&head)) {
        return Kind::Json;
    }
    let lines: Vec<&str> =
        text.lines().map(str::trim_end).filter(|l| !l.trim().is_empty()).take(LINES).collect();
    if lines.windows(2).any(|pair| is_set_line(pair[0], '1') && is_set_line(pair[1], '2')) {
        return Kind::TwoLineSets;
    }
    if let Some(first) =
        lines.iter().find(|line| !line.starts_with("COMMENT") && !line.starts_with('#'))
    {
        let first = first.trim_start().to_ascii_uppercase();
        if first.starts_with("CCSDS_OEM_VERS") {
            return Kind::Oem;
        }
        if first.starts_with("CCSDS_OMM_VERS") {
            return Kind::Omm;
        }
        if first.starts_with("CCSDS_") && first.contains("_VERS") {
            return Kind::Ccsds;
        }
    }
    let data: Vec<&str> =
        lines.iter().copied().filter(|line| !line.trim_start().starts_with('#')).collect();
    let assigns = |line: &&&str| is_toml_line(line);
    if data.first().is_some_and(|line| is_toml_line(line))
        && data.len() < 2 * data.iter().filter(assigns).count()
    {
        return Kind::Toml;
    }
    if is_table(&data) {
        return Kind::Table;
    }
    if text.len() <= MESSAGE_BYTES_MAX && data.len() <= 6 { Kind::Message } else { Kind::Prose }
}

/// Whether a text in small letters that begins with a tag is a web page: its document type or first element says
/// so, whatever declarations and comments stand before.
fn is_page(head: &str) -> bool {
    const ELEMENTS: [&str; 12] = [
        "html", "head", "body", "title", "meta", "script", "style", "div", "p", "h1", "center",
        "pre",
    ];
    let mut rest = head;
    loop {
        rest = rest.trim_start();
        let end = match rest {
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<?") => "?>",
            _ => break,
        };
        let Some(at) = rest.find(end) else { return false };
        rest = &rest[at + end.len()..];
    }
    if let Some(document) = rest.strip_prefix("<!doctype") {
        return document.trim_start().starts_with("html");
    }
    let name = rest.strip_prefix('<').unwrap_or("");
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
    ELEMENTS.contains(&name)
}

/// Whether a line is one of an element set: its number, and the number of an object.
fn is_set_line(line: &str, number: char) -> bool {
    let mut fields = line.split_whitespace();
    let starts = fields.next().is_some_and(|field| field.len() == 1 && field.starts_with(number));
    let object = fields.next().unwrap_or("").trim_end_matches(['U', 'C', 'S', 'u', 'c', 's']);
    let is_number =
        (1..=9).contains(&object.len()) && object.chars().skip(1).all(|c| c.is_ascii_digit());
    starts && is_number && object.chars().all(|c| c.is_ascii_alphanumeric()) && 5 <= fields.count()
}

/// Whether a text that begins with a bracket begins with the header of a table in TOML.
fn is_toml_table(head: &str) -> bool {
    let line = head.lines().next().unwrap_or("").split('#').next().unwrap_or("").trim();
    let name = line.trim_matches(['[', ']']);
    line.ends_with(']')
        && !name.is_empty()
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

/// Whether a line assigns a value to a key, or heads a table.
fn is_toml_line(line: &str) -> bool {
    let line = line.trim();
    if line.starts_with('[') {
        return is_toml_table(line);
    }
    line.split_once('=').is_some_and(|(key, value)| {
        let key = key.trim();
        !key.is_empty()
            && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-.\"".contains(c))
            && !value.trim().is_empty()
    })
}

/// Whether most lines have as many cells as the first, and more than one.
fn is_table(lines: &[&str]) -> bool {
    let Some(first) = lines.first() else { return false };
    [',', ';', '\t'].iter().any(|separator| {
        let cells = |line: &str| line.matches(*separator).count();
        let wanted = cells(first);
        let alike = lines.iter().filter(|line| cells(line).abs_diff(wanted) <= 1).count();
        // A sentence with a comma is no header.
        let is_header = !first.contains(". ")
            && first.split(*separator).all(|cell| cell.split_whitespace().count() <= 6);
        0 < wanted && is_header && lines.len() <= alike * 2
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SET: &str = "1 25544U 98067A   21021.51041667  .00001000  00000-0  25000-4 0  9991\n\
                       2 25544  51.6457 300.0000 0000500 100.0000 260.0000 15.48900000265001\n";

    #[test]
    fn a_text_is_named_by_what_it_is() {
        let cases: &[(&[u8], Kind)] = &[
            (b"", Kind::Empty),
            (b"\xef\xbb\xbf \r\n\t", Kind::Empty),
            (b"\x1f\x8b\x08\0\0", Kind::Gzip),
            (b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml", Kind::Workbook),
            (b"PK\x03\x04\x14\0\0\0\0\0tle.txt", Kind::Archive),
            (b"%PDF-1.7\n", Kind::Pdf),
            (b"\xff\xfei\0d\0,\0m\0", Kind::Utf16),
            (b"i\0d\0,\0m\0t\0b\0f\0", Kind::Utf16),
            (b"\0\0\0\0\0\0\0\0", Kind::Binary),
            (b"id;name\n1;K\xfchlpumpe\n", Kind::NotUtf8),
            (b"<!DOCTYPE html>\n<html lang=\"en\">", Kind::WebPage),
            (b"  <html><head><title>403 Forbidden</title>", Kind::WebPage),
            (
                b"<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\">",
                Kind::WebPage,
            ),
            (b"<?xml version=\"1.0\"?>\n<ndm><omm>", Kind::Xml),
            (b"<oem id=\"CCSDS_OEM_VERS\" version=\"2.0\">\n<header>\n<body>", Kind::Xml),
            (b"<!-- saved from url -->\n<HTML><HEAD>", Kind::WebPage),
            (b"<ndm><oem><header></header><body><segment>", Kind::Xml),
            (b"<h1>Service unavailable</h1>", Kind::WebPage),
            (b"[{\"EPOCH\": \"2021-01-21T12:00:00\"}]", Kind::Json),
            (b"{\"error\": \"not logged in\"}", Kind::Json),
            (b"[[oru]]\nid = \"pump\"\nmtbf = \"50000 h\"\n", Kind::Toml),
            (b"# a case\ncrew = 2\n", Kind::Toml),
            (b"CCSDS_OEM_VERS = 2.0\nCREATION_DATE = 2022-02-01\n", Kind::Oem),
            (b"COMMENT made by hand\nCCSDS_OMM_VERS = 2.0\n", Kind::Omm),
            (b"CCSDS_TDM_VERS = 1.0\n", Kind::Ccsds),
            (b"id;mtbf_h\npump;50000\n", Kind::Table),
            (b"mjd\talt_km\n59000\t418\n", Kind::Table),
            (b"No GP data found", Kind::Message),
            (b"Invalid query: \"GROUP=stationz\" (GROUP not found)", Kind::Message),
            (
                b"You've queried too much, please wait. Your address is blocked, ask for help.",
                Kind::Message,
            ),
        ];
        for (bytes, kind) in cases {
            assert_eq!(of(bytes), *kind, "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(of_text(SET), Kind::TwoLineSets);
        assert_eq!(
            of_text(&format!("ISS (ZARYA)\r\n{}", SET.replace('\n', "\r\n"))),
            Kind::TwoLineSets
        );
        let collapsed = SET.split(' ').filter(|f| !f.is_empty()).collect::<Vec<_>>().join(" ");
        assert_eq!(of_text(&collapsed), Kind::TwoLineSets);
    }

    #[test]
    fn what_nobody_reads_has_advice() {
        for kind in [Kind::Empty, Kind::WebPage, Kind::Message, Kind::Workbook, Kind::Utf16] {
            assert!(kind.is_foreign(), "{kind}");
        }
        for kind in [Kind::Json, Kind::Xml, Kind::Table, Kind::TwoLineSets, Kind::Oem, Kind::Toml] {
            assert!(!kind.is_foreign(), "{kind}");
        }
    }
}
