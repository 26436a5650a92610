//! Changes of texts and of values, drawn from (seed, target, number).

use zarya::json::{self, Value};
use zarya::units::random::{Source, Stream};

/// Numbers that break what was never thought of.
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "10",
    "12",
    "24",
    "60",
    "100",
    "255",
    "256",
    "257",
    "365",
    "1000",
    "1010",
    "10000",
    "65535",
    "65536",
    "100000",
    "1000000",
    "1e9",
    "2147483648",
    "4294967294",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "1e18",
    "1e30",
    "1e300",
    "1e308",
    "1e309",
    "-1e308",
    "1e-9",
    "1e-30",
    "1e-308",
    "5e-324",
    "0.1",
    "0.5",
    "0.9",
    "0.99",
    "0.9999",
    "0.999999999999",
    "1.0000000000000002",
    "1.5",
    "2.5",
    "-0.5",
    "1,5",
    "1.234,5",
    "nan",
    "NaN",
    "inf",
    "-inf",
    "null",
    "true",
    "",
];

/// Texts in place of a value.
const WORDS: &[&str] = &[
    "\"\"",
    "\"1 d\"",
    "\"1 kg\"",
    "\"5 %\"",
    "\"0 h\"",
    "\"-3 d\"",
    "\"1e9 y\"",
    "\"1e308 kg\"",
    "\"unknown\"",
    "\"all\"",
    "\"roscosmos\"",
    "\"nasa\"",
    "\"2026-01-01\"",
    "\"2026-02-30\"",
    "\"0001-01-01\"",
    "\"9999-12-31\"",
    "[]",
    "{}",
    "[[]]",
    "null",
    "\"exponential\"",
    "\"weibull:1.5\"",
    "\"weibull:0.01\"",
    "\"lognormal:3\"",
    "\"lognormal:1e6\"",
    "\"normal:0.2\"",
    "\"fixed:2\"",
    "\"instant\"",
    "\"none\"",
    "\"observed\"",
    "\"constant\"",
];

/// Pieces that texts of every kind are made of.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "\"\"\"",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "<",
    ">",
    "</",
    "=",
    ",",
    ";",
    "\t",
    ".",
    "\n",
    "\r\n",
    "\r",
    "#",
    "\\",
    "\\u0000",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "\u{1b}[2J",
    "\u{9b}",
    "ä",
    "天",
    "1 25544U ",
    "2 25544  ",
    "CCSDS_OEM_VERS = 2.0\n",
    "META_START\n",
    "META_STOP\n",
    "EPOCH = ",
    "<omm>",
    "</omm>",
    "<![CDATA[",
    "<!--",
    "&amp;",
    "&#x0;",
    "{\"data\":[",
    "null",
    "2026-01-01T00:00:00.000Z",
    "2026-02-30",
    "1979-05-27T07:32:00Z",
    "[[oru]]\n",
    "[[zone]]\n",
    "[stocks]\n",
    "id = \"x\"\n",
    "date,alt_mean_km\n",
    "id,mtbf_h\n",
    "sep=;\n",
    "Total,",
    "<html>",
    "No GP data found",
    "-----------------------------",
    "OBS,",
    "PRD,",
];

/// The draws of one input.
pub struct Changes {
    source: Source,
    stream: Stream,
    drawn: u32,
}

/// Most bytes that lines said again come to.
const LARGE_BYTES: usize = 8 << 20;

impl Changes {
    pub fn new(seed: u64, target: &str, number: u64) -> Self {
        Self { source: Source::new(seed, number), stream: Stream::new(target, "input"), drawn: 0 }
    }

    /// Returns a number below `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        let uniform = self.source.uniform(self.stream, self.drawn);
        self.drawn += 1;
        ((uniform * n as f64) as usize).min(n - 1)
    }

    /// Returns one of several.
    pub fn one<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        let at = self.below(among.len());
        &among[at]
    }

    /// Whether something that happens once in `n` happens.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// Changes a text a few times; `others` are texts to take pieces of.
    pub fn text(&mut self, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
        for _ in 0..1 + self.below(5) {
            self.change(bytes, others);
        }
        if self.once_in(3000) {
            // Something large: a block of it again and again.
            let (start, length) = (self.below(bytes.len() + 1), 1 + self.below(200));
            let block = bytes[start..(start + length).min(bytes.len())].to_vec();
            if !block.is_empty() {
                let times = (1 << (16 + self.below(7))) / block.len();
                bytes.splice(start..start, block.repeat(times));
            }
        }
    }

    fn change(&mut self, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
        let at = self.below(bytes.len() + 1);
        let start = bytes[..at].iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
        let end = bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| at + n + 1);
        match self.below(16) {
            0 => {
                let bit = self.below(8);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
            1 => {
                let byte = self.below(256) as u8;
                if let Some(there) = bytes.get_mut(at) {
                    *there = byte;
                }
            }
            2 => {
                let piece = self.one(PIECES);
                bytes.splice(at..at, piece.bytes());
            }
            3 => {
                let length = 1 + self.below(40);
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            4 => drop(bytes.drain(start..end)),
            5 => {
                let line = bytes[start..end].to_vec();
                let times = if self.once_in(10) { 1 + self.below(200) } else { 1 };
                // A text of one line would grow without end.
                let times = times.min(LARGE_BYTES / line.len().max(1)).max(1);
                bytes.splice(start..start, line.repeat(times));
            }
            6..=9 => {
                // A number in place of a number.
                let digit = |b: &u8| b.is_ascii_digit() || b".-+".contains(b);
                let Some(from) = bytes[at..].iter().position(digit).map(|n| at + n) else { return };
                let to =
                    bytes[from..].iter().position(|b| !digit(b)).map_or(bytes.len(), |n| from + n);
                let number = self.one(NUMBERS);
                bytes.splice(from..to, number.bytes());
            }
            10 | 11 => {
                // Another value in place of a value: behind `=` or `:`, or between separators.
                let mark = |b: &u8| b"=:,;\t".contains(b);
                let Some(from) = bytes[at..end.max(at)].iter().position(mark).map(|n| at + n + 1)
                else {
                    return;
                };
                let stop = |b: &u8| b",;\t\r\n}]".contains(b);
                let to = bytes[from..].iter().position(stop).map_or(bytes.len(), |n| from + n);
                let word = if self.once_in(2) { self.one(WORDS) } else { self.one(NUMBERS) };
                bytes.splice(from..to, word.bytes());
            }
            12 => {
                let other = self.one(others);
                let from = self.below(other.len() + 1);
                let length = 1 + self.below(400);
                let piece = other[from..(from + length).min(other.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            13 => bytes.truncate(at),
            14 => {
                // Lines change places.
                let to = self.below(bytes.len() + 1);
                let line: Vec<u8> = bytes.drain(start..end).collect();
                let to = to.min(bytes.len());
                let to = bytes[..to].iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
                bytes.splice(to..to, line);
            }
            _ => {
                let (from, into) = *self.one(&[
                    (b',', b';'),
                    (b';', b','),
                    (b' ', b'\t'),
                    (b'\n', b'\r'),
                    (b'.', b','),
                ]);
                for byte in bytes.iter_mut().filter(|byte| **byte == from) {
                    *byte = into;
                }
            }
        }
    }

    /// Changes values of a question, not its form.
    pub fn values(&mut self, value: &mut Value) {
        match value {
            Value::Object(fields) => fields.values_mut().for_each(|field| self.values(field)),
            Value::Array(items) => {
                if self.once_in(30) && !items.is_empty() {
                    let again = items[0].clone();
                    items.extend(std::iter::repeat_n(again, 40));
                }
                items.iter_mut().for_each(|item| self.values(item));
            }
            leaf => {
                if self.once_in(6) {
                    let text = match leaf {
                        // Most values stay near what holds: what is absurd is refused at once.
                        Value::Number(number) if !self.once_in(3) => {
                            let factor =
                                *self.one(&[0.0, 0.01, 0.1, 0.5, 0.9, 1.1, 2.0, 10.0, 100.0, -1.0]);
                            let value = number.as_f64().unwrap_or(0.0) * factor;
                            if number.is_f64() {
                                format!("{value:?}")
                            } else {
                                format!("{:.0}", value.round())
                            }
                        }
                        Value::String(_) | Value::Null => (*self.one(WORDS)).to_owned(),
                        _ => (*self.one(NUMBERS)).to_owned(),
                    };
                    *leaf = json::from_str(&text).unwrap_or(Value::Null);
                }
            }
        }
    }
}
