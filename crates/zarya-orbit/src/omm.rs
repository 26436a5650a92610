//! Orbit mean-elements messages (OMM): JSON in any collection, XML, key-value notation, rows of a table.
//!
//! A message is a list of named fields, whatever notation it came in; JSON is searched for messages and for
//! two-line sets at any depth, because services wrap them each in their own way.

use crate::elements;
use crate::error::OrbitError;
use crate::identity::{self, Identity};
use crate::reading::Reading;
use crate::sets::{Epoch, Set, Size, is_angle};
use crate::tle;
use crate::track::{Remark, instant, moment};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Fields of a message by their names in capitals.
pub(crate) type Fields = BTreeMap<String, String>;

/// Fields that make a collection of values a message.
const ELEMENTS: [&str; 8] = [
    "EPOCH",
    "MEAN_MOTION",
    "SEMI_MAJOR_AXIS",
    "ECCENTRICITY",
    "INCLINATION",
    "RA_OF_ASC_NODE",
    "ARG_OF_PERICENTER",
    "MEAN_ANOMALY",
];
/// How many of them a message has at least, be it faulty or not.
const ELEMENTS_MIN: usize = 4;
/// Fields that stand beside the elements, and count for them.
const AROUND: [&str; 10] = [
    "OBJECT_NAME",
    "OBJECT_ID",
    "NORAD_CAT_ID",
    "CENTER_NAME",
    "TIME_SYSTEM",
    "MEAN_ELEMENT_THEORY",
    "EPHEMERIS_TYPE",
    "SATID",
    "SATNAME",
    "NAME",
];

/// Reads a JSON text: OMM and two-line sets wherever they stand in it.
///
/// # Errors
///
/// [`OrbitError::Line`] where it is no JSON, [`OrbitError::Text`] where it holds neither.
pub(crate) fn read_json(text: &str) -> Result<Reading, OrbitError> {
    let mut reading = Reading::new("OMM");
    let mut found = Found::default();
    let (values, cut_off) = values(text)?;
    reading.caveats.extend(cut_off);
    for (line, value) in values {
        match value {
            Ok(value) => found.walk(&value, &Fields::new(), None),
            Err(why) => {
                found.messages += 1;
                found.broken.push(format!("line {line}: {why}"));
            }
        }
    }
    found.pair_loose(&Fields::new());
    for (_, line) in std::mem::take(&mut found.loose) {
        found.lonely(&line);
    }
    if found.fields.is_empty() && found.sets.is_empty() {
        return Err(OrbitError::Text(found.nothing(text)));
    }
    for why in std::mem::take(&mut found.broken) {
        reading.flaw(Identity::default(), Remark::bad(None, why));
    }
    let lines_alone = found.fields.is_empty();
    for (at, fields) in found.fields {
        add(&mut reading, &fields, &format!("record {at}"));
    }
    if lines_alone {
        reading.kind = "TLE";
    }
    for set in found.sets {
        let place = format!("record {}", set.at);
        tle::add(&mut reading, [&set.lines[0], &set.lines[1]], set.name.as_deref(), &place);
    }
    Ok(reading)
}

/// A value of a JSON text, or why there is none, with its line.
type Placed = (usize, Result<Value, String>);

/// The values of a JSON text, and what is to be said about its end. Where it is one value a line, a broken one
/// costs itself; where it breaks off, what was whole before counts.
fn values(text: &str) -> Result<(Vec<Placed>, Option<String>), OrbitError> {
    let whole = |text: &str| {
        serde_json::Deserializer::from_str(text).into_iter::<Value>().collect::<Result<Vec<_>, _>>()
    };
    // Some programs write numbers that JSON does not have.
    let error = match whole(text).or_else(|error| whole(&without_nan(text)).map_err(|_| error)) {
        Ok(values) => return Ok((values.into_iter().map(|value| (1, Ok(value))).collect(), None)),
        Err(error) => error,
    };
    let lines: Vec<(usize, &str)> = text
        .lines()
        .enumerate()
        .map(|(i, line)| (i + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty())
        .collect();
    let values: Vec<Placed> = lines
        .iter()
        .map(|(at, line)| {
            let value = serde_json::from_str(&without_nan(line));
            (*at, value.map_err(|error| format!("not JSON: {}", bare(&error))))
        })
        .collect();
    let good = values.iter().filter(|(_, value)| matches!(value, Ok(Value::Object(_)))).count();
    if good > 0 && 2 * good >= values.len() {
        return Ok((values, None));
    }
    if error.is_eof()
        && let Some(value) =
            closed(text).and_then(|text| serde_json::from_str(&without_nan(&text)).ok())
    {
        let line = error.line();
        let said = format!(
            "the JSON breaks off in line {line}: the record there was left out, the file is cut off"
        );
        return Ok((vec![(1, Ok(value))], Some(said)));
    }
    let why = if error.is_eof() {
        "the JSON breaks off: the file is cut off; get it again".to_owned()
    } else {
        format!("not JSON: {}", bare(&error))
    };
    Err(OrbitError::Line { line: error.line().max(1), why })
}

/// Closes the lists and objects that are open behind the last whole object of a text that breaks off.
fn closed(text: &str) -> Option<String> {
    /// What serde follows.
    const DEPTH_MAX: usize = 128;
    let (mut inside, mut escaped) = (false, false);
    let mut open: Vec<char> = Vec::new();
    // Where the last object ended, and what was open around it.
    let mut last: Option<(usize, String)> = None;
    for (at, sign) in text.char_indices() {
        if inside {
            inside = sign != '"' || escaped;
            escaped = sign == '\\' && !escaped;
            continue;
        }
        match sign {
            '"' => inside = true,
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' => {
                if open.pop() != Some(sign) {
                    return None;
                }
                if sign == '}' {
                    last = Some((at + 1, open.iter().rev().collect()));
                }
            }
            _ => {}
        }
        if open.len() > DEPTH_MAX {
            return None;
        }
    }
    let (end, tail) = last?;
    Some(format!("{}{tail}", &text[..end]))
}

/// An error without the place that the text of serde adds.
fn bare(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(head, _)| head.to_owned())
}

/// Puts `null` for the NaN and Infinity of other languages.
fn without_nan(text: &str) -> String {
    const WORDS: [&str; 4] = ["-Infinity", "Infinity", "NaN", "nan"];
    let mut clean = String::with_capacity(text.len());
    let (mut inside, mut escaped) = (false, false);
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        let word = WORDS.iter().find(|word| !inside && rest.starts_with(**word));
        if let Some(word) = word {
            clean.push_str("null");
            rest = &rest[word.len()..];
            continue;
        }
        if inside {
            let ends = sign == '"' && !escaped;
            escaped = sign == '\\' && !escaped;
            inside = !ends;
        } else {
            inside = sign == '"';
        }
        clean.push(sign);
        rest = &rest[sign.len_utf8()..];
    }
    clean
}

/// What a JSON text was found to hold.
#[derive(Default)]
struct Found {
    /// Records met, of whatever kind.
    messages: usize,
    fields: Vec<(usize, Fields)>,
    sets: Vec<Pair>,
    broken: Vec<String>,
    /// Lines of sets in the order met, whose partner stands elsewhere.
    loose: Vec<(usize, String)>,
    /// How many more of them are line 1 than line 2.
    excess: i64,
}

/// A two-line set in JSON.
struct Pair {
    at: usize,
    name: Option<String>,
    lines: [String; 2],
}

impl Found {
    /// Looks for messages and two-line sets in a value; `around` holds what is said about the object outside
    /// it, `key` the name it has there.
    fn walk(&mut self, value: &Value, around: &Fields, key: Option<&str>) {
        match value {
            Value::Object(members) => self.walk_object(members, around, key),
            Value::Array(values) => {
                let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
                self.take_texts(&texts, around);
                for value in values.iter().filter(|value| !value.is_string()) {
                    self.walk(value, around, None);
                }
            }
            Value::String(text) => self.take_texts(&[text], around),
            _ => {}
        }
    }

    fn walk_object(&mut self, members: &Map<String, Value>, around: &Fields, key: Option<&str>) {
        let mut here = around.clone();
        if let Some(number) = key.and_then(identity::catalog_number) {
            here.insert("NORAD_CAT_ID".into(), number.to_string());
        }
        // Metadata may stand in a member of its own beside the elements.
        for beside in members.values().filter_map(Value::as_object) {
            let is_line =
                |value: &Value| value.as_str().is_some_and(|text| tle::which(text).is_some());
            if elements_in(beside) < ELEMENTS_MIN
                && !beside.values().any(|v| holds_more(v) || is_line(v))
            {
                here.extend(scalars(beside, &|name| AROUND.contains(&name)));
            }
        }
        let own = scalars(members, &|_| true);
        if elements_in(members) >= ELEMENTS_MIN {
            self.messages += 1;
            let at = self.messages;
            let mut fields = here;
            fields.extend(own);
            let lines = own_lines(members, at, &fields);
            // A message that cannot be used may have its two lines beside it.
            if let Some(lines) = lines.filter(|_| set_from_fields(&fields).is_err()) {
                self.sets.push(lines);
            } else {
                self.fields.push((at, fields));
            }
            return;
        }
        here.extend(scalars(members, &|name| AROUND.contains(&name)));
        if let Some(lines) = own_lines(members, self.messages + 1, &own) {
            self.messages += 1;
            self.sets.push(lines);
        } else {
            for (key, text) in
                members.iter().filter_map(|(key, value)| Some((key, value.as_str()?)))
            {
                // A member that is named as one line of two, and is alone: its partner is lost, not elsewhere.
                let is_one_of_two = key.ends_with(['1', '2']);
                if is_one_of_two && tle::which(text).is_some() && !text.trim().contains('\n') {
                    self.lonely(text);
                } else {
                    self.take_texts(&[text], &here);
                }
            }
        }
        for (key, value) in
            members.iter().filter(|(_, value)| value.is_object() || value.is_array())
        {
            self.walk(value, &here, Some(key));
        }
        self.pair_loose(&here);
    }

    /// Takes the sets of texts that follow one another: whole files, sets of two lines, or a line each.
    fn take_texts(&mut self, texts: &[&str], around: &Fields) {
        let name_around =
            ["OBJECT_NAME", "SATNAME", "NAME"].iter().find_map(|name| around.get(*name));
        let texts: Vec<String> = texts.iter().map(|text| broken_into_lines(text)).collect();
        let lines = texts.iter().flat_map(|text| text.split(['\n', '\r']));
        let lines: Vec<&str> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
        let mut at = 0;
        let mut name: Option<&str> = None;
        while at < lines.len() {
            match (tle::which(lines[at]), lines.get(at + 1).and_then(|next| tle::which(next))) {
                (Some(1), Some(2)) => {
                    self.messages += 1;
                    self.sets.push(Pair {
                        at: self.messages,
                        name: name.map(str::to_owned).or_else(|| name_around.cloned()),
                        lines: [lines[at].to_owned(), lines[at + 1].to_owned()],
                    });
                    (name, at) = (None, at + 2);
                }
                (Some(which), _) => {
                    self.messages += 1;
                    self.excess += if which == 1 { 1 } else { -1 };
                    self.loose.push((self.messages, lines[at].to_owned()));
                    (name, at) = (None, at + 1);
                }
                (None, _) => (name, at) = (Some(lines[at]), at + 1),
            }
        }
    }

    /// Pairs lines that stand in lists of their own, where there are as many of each: the first line 1 with
    /// the first line 2, and so on.
    fn pair_loose(&mut self, around: &Fields) {
        if self.excess != 0 {
            return;
        }
        let loose = std::mem::take(&mut self.loose);
        let is_first = |(_, line): &(usize, String)| tle::which(line) == Some(1);
        let (first, second): (Vec<_>, Vec<_>) = loose.into_iter().partition(is_first);
        let name = around.get("OBJECT_NAME");
        for ((at, first), (_, second)) in first.into_iter().zip(second) {
            self.sets.push(Pair { at, name: name.cloned(), lines: [first, second] });
        }
    }

    /// Notes a line of a set that is alone.
    fn lonely(&mut self, line: &str) {
        self.messages += 1;
        let missing = if tle::which(line) == Some(1) { "line 2" } else { "line 1" };
        let at = self.messages;
        self.broken.push(format!("record {at}: a line of an element set without its {missing}"));
    }

    /// Says that a JSON text holds nothing of use, and what it seems to be.
    fn nothing(&self, text: &str) -> String {
        const KEYS_SHOWN: usize = 8;
        if let Some(why) = self.broken.first() {
            return format!("no element set can be used: {why}");
        }
        let value: Option<Value> = serde_json::from_str(text).ok();
        let first = match &value {
            Some(Value::Array(values)) if values.is_empty() => {
                return "an empty JSON list: the service found nothing, so check what was asked of it".into();
            }
            Some(Value::Array(values)) => values.first().and_then(Value::as_object),
            Some(value) => value.as_object(),
            None => None,
        };
        let said = first.and_then(|members| {
            let is_word = |key: &str| {
                ["error", "message", "msg", "detail", "reason"]
                    .contains(&key.to_lowercase().as_str())
            };
            members.iter().find_map(|(key, value)| value.as_str().filter(|_| is_word(key)))
        });
        if let Some(said) = said {
            let shown: String = said.chars().take(80).collect();
            return format!(
                "a message of a service, not elements (`{}`): the download failed, get the file again",
                shown.escape_debug()
            );
        }
        let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
        if let Some((key, _)) =
            first.iter().flat_map(|it| it.iter()).find(|(_, value)| is_empty(value))
        {
            return format!(
                "JSON whose list `{}` is empty: the service found nothing, so check what was asked of it",
                shown(key)
            );
        }
        let keys: Vec<String> = first
            .iter()
            .flat_map(|members| members.keys())
            .take(KEYS_SHOWN)
            .map(|key| format!("`{}`", key.chars().take(40).collect::<String>().escape_debug()))
            .collect();
        let keys = if keys.is_empty() {
            String::new()
        } else {
            format!(" (its keys: {})", keys.join(", "))
        };
        format!(
            "JSON that holds neither an OMM (`EPOCH`, `MEAN_MOTION`, `ECCENTRICITY`, `INCLINATION`, `RA_OF_ASC_NODE`) \
             nor two-line sets{keys}: give elements in one of these forms"
        )
    }
}

/// Takes line 1 and line 2 that are members of one object, under whatever names.
fn own_lines(members: &Map<String, Value>, at: usize, fields: &Fields) -> Option<Pair> {
    const NAMES: [&str; 6] = ["OBJECT_NAME", "TLE_LINE0", "TLE0", "LINE0", "NAME", "SATNAME"];
    let of = |wanted: u8| {
        let texts = members.values().filter_map(Value::as_str).map(str::trim);
        let mut lines =
            texts.filter(|text| !text.contains('\n') && tle::which(text) == Some(wanted));
        let only = lines.next()?;
        lines.next().is_none().then(|| only.to_owned())
    };
    let lines = [of(1)?, of(2)?];
    let name = NAMES.iter().find_map(|name| fields.get(*name)).cloned();
    Some(Pair { at, name, lines })
}

/// Breaks a text where its lines were joined by a mark in place of an end.
fn broken_into_lines(text: &str) -> String {
    ["\\r", "\\n", "<br>", "<br/>", "<br />"]
        .iter()
        .fold(text.to_owned(), |text, mark| text.replace(mark, "\n"))
}

/// How many of the elements of a message an object names.
fn elements_in(members: &Map<String, Value>) -> usize {
    let names = members.keys().map(|key| canonical(key));
    names.filter(|name| ELEMENTS.contains(&name.as_str())).count()
}

fn holds_more(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// The members of an object that are single values and whose names are wanted.
fn scalars(members: &Map<String, Value>, wanted: &dyn Fn(&str) -> bool) -> Fields {
    members
        .iter()
        .map(|(key, value)| (canonical(key), value))
        .filter(|(name, value)| wanted(name) && !holds_more(value))
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (name, text)
        })
        .collect()
}

/// Writes a name as the standard does: `meanMotion`, `mean-motion` and `Mean Motion` are `MEAN_MOTION`.
fn canonical(key: &str) -> String {
    let mut name = String::with_capacity(key.len() + 4);
    let mut after_small = false;
    for sign in key.trim().chars() {
        if sign.is_uppercase() && after_small {
            name.push('_');
        }
        after_small = sign.is_lowercase() || sign.is_ascii_digit();
        name.extend(if matches!(sign, '-' | ' ') { '_' } else { sign }.to_uppercase());
    }
    name
}

/// Reads OMM as `KEY = value` text; a new message begins with `CCSDS_OMM_VERS`.
pub(crate) fn read_kvn(text: &str) -> Reading {
    let mut messages: Vec<(usize, Fields)> = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with("COMMENT") || line.starts_with('#') {
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = canonical(key);
        // Some archives write the head once: a repeated epoch begins the next message, too.
        let begins = key == "CCSDS_OMM_VERS"
            || messages.last().is_none_or(|(_, message)| {
                (key == "OBJECT_NAME" && message.contains_key("EPOCH"))
                    || (key == "EPOCH" && message.contains_key("EPOCH"))
            });
        if begins {
            // What is said once about the object counts for the messages that follow under one head.
            let head = messages.last().filter(|_| key == "EPOCH").map(|(_, last)| {
                let is_around = |(name, _): &(&String, &String)| AROUND.contains(&name.as_str());
                last.iter().filter(is_around).map(|(k, v)| (k.clone(), v.clone())).collect()
            });
            messages.push((i + 1, head.unwrap_or_default()));
        }
        // A unit may follow a number in brackets.
        let value = if AROUND.contains(&key.as_str()) {
            value
        } else {
            value.split('[').next().unwrap_or("")
        };
        if let Some((_, message)) = messages.last_mut() {
            message.insert(key, value.trim().to_owned());
        }
    }
    let mut reading = Reading::new("OMM");
    for (i, (line, fields)) in messages.iter().enumerate() {
        // A head of a collection is no message.
        if ELEMENTS.iter().any(|name| fields.contains_key(*name)) {
            add(&mut reading, fields, &format!("message {} (line {line})", i + 1));
        }
    }
    reading
}

/// Reads OMM as XML: every `omm` element is a message, and a broken one costs itself.
///
/// # Errors
///
/// [`OrbitError::Text`] where there is no message.
pub(crate) fn read_xml(text: &str) -> Result<Reading, OrbitError> {
    let mut reading = Reading::new("OMM");
    let messages = xml_elements(text, "omm");
    for (i, message) in messages.iter().enumerate() {
        let place = format!("message {} (line {})", i + 1, message.line);
        if !message.is_whole {
            reading.caveats.push(format!(
                "the file ends inside message {}, which was left out: it is cut off",
                i + 1
            ));
            continue;
        }
        match xml_fields(message.text) {
            Ok(fields) => add(&mut reading, &fields, &place),
            Err(why) => reading.flaw(
                Identity::default(),
                Remark::bad(reading.last_mjd(), format!("{place}: {why}")),
            ),
        }
    }
    if messages.iter().all(|message| !message.is_whole) {
        let why = if messages.is_empty() {
            no_message(text)
        } else {
            "the XML ends inside its first `omm` message: the file is cut off; get it again".into()
        };
        return Err(OrbitError::Text(why));
    }
    Ok(reading)
}

/// Says that XML holds no message, and what its first element is.
fn no_message(text: &str) -> String {
    let tag = text.split('<').skip(1).find(|tag| tag.starts_with(|c: char| c.is_alphabetic()));
    let root: String = tag
        .unwrap_or("")
        .chars()
        .take_while(|c| c.is_alphanumeric() || "_-:".contains(*c))
        .collect();
    if root.to_lowercase().contains("error") {
        return format!(
            "a message of a service (`{}`), not elements: the download failed, get the file again",
            shown(&root)
        );
    }
    format!(
        "XML whose first element is `{}` and that holds no `omm` or `oem`: give one of these, two-line sets or a CSV",
        shown(&root)
    )
}

/// An element of an XML text.
struct Piece<'a> {
    line: usize,
    text: &'a str,
    is_whole: bool,
}

/// Finds the elements of a name, with whatever prefix, by their tags alone.
fn xml_elements<'a>(text: &'a str, name: &str) -> Vec<Piece<'a>> {
    /// A name with its prefix is shorter.
    const SIGNS_MAX: usize = 64;
    let mut pieces = Vec::new();
    let mut open: Option<usize> = None;
    let mut at = 0;
    let (mut line, mut counted) = (1, 0);
    while let Some(step) = text[at..].find('<') {
        let start = at + step;
        let rest = &text[start + 1..];
        // A comment hides what is in it.
        if rest.starts_with("!--") {
            at = rest.find("-->").map_or(text.len(), |end| start + 1 + end);
            continue;
        }
        let (closes, tag) = rest.strip_prefix('/').map_or((false, rest), |tag| (true, tag));
        let ends = |sign: &u8| sign.is_ascii_whitespace() || matches!(sign, b'>' | b'/');
        let full: Vec<u8> = tag.bytes().take(SIGNS_MAX).take_while(|sign| !ends(sign)).collect();
        let full = String::from_utf8_lossy(&full);
        let local = full.rsplit(':').next().unwrap_or("");
        at = start + 1;
        if !local.eq_ignore_ascii_case(name) {
            continue;
        }
        let mut push = |from: usize, to: usize, is_whole: bool| {
            line += text[counted..from].matches('\n').count();
            counted = from;
            pieces.push(Piece { line, text: &text[from..to], is_whole });
        };
        match (closes, open.take()) {
            (false, None) => open = Some(start),
            // A message that does not end before the next begins is broken; the next may be whole.
            (false, Some(from)) => {
                push(from, start, true);
                open = Some(start);
            }
            (true, Some(from)) => {
                let end = rest.find('>').map_or(text.len(), |end| start + 2 + end);
                push(from, end, true);
                at = end;
            }
            (true, None) => {}
        }
    }
    if let Some(from) = open {
        line += text[counted..from].matches('\n').count();
        pieces.push(Piece { line, text: &text[from..], is_whole: false });
    }
    pieces
}

/// Reads the fields of one message in XML.
fn xml_fields(text: &str) -> Result<Fields, String> {
    let unread = |error: quick_xml::Error| format!("the XML cannot be read: {error}");
    let mut reader = Reader::from_str(text);
    let mut fields = Fields::new();
    let (mut name, mut body) = (String::new(), String::new());
    loop {
        match reader.read_event().map_err(unread)? {
            Event::Start(tag) => {
                name = tag.local_name().as_ref().to_uppercase();
                body.clear();
            }
            // A text with an entity in it comes in pieces.
            Event::Text(piece) => body += &piece,
            Event::GeneralRef(entity) => match entity.resolve_char_ref().map_err(unread)? {
                Some(sign) => body.push(sign),
                None => body += signs(&entity),
            },
            Event::End(_) => {
                let value = body.trim();
                if !value.is_empty() {
                    *fields.entry(std::mem::take(&mut name)).or_default() += value;
                }
                name.clear();
                body.clear();
            }
            Event::Eof => return Ok(fields),
            _ => {}
        }
    }
}

/// What an entity of XML's own stands for.
fn signs(entity: &str) -> &'static str {
    match entity {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "?",
    }
}

pub(crate) fn xml_error(
    text: &str,
    reader: &Reader<&[u8]>,
    error: &quick_xml::Error,
) -> OrbitError {
    let at = (reader.error_position() as usize).min(text.len());
    let line = text.char_indices().filter(|(i, c)| *c == '\n' && *i < at).count() + 1;
    OrbitError::Line { line, why: format!("the XML cannot be read: {error}") }
}

/// Adds the set of a message to what a text came to.
pub(crate) fn add(reading: &mut Reading, fields: &Fields, place: &str) {
    match set_from_fields(fields) {
        Ok(set) => elements::add(reading, set),
        Err(why) => {
            let mjd =
                fields.get("EPOCH").and_then(|epoch| instant(epoch).ok()).or(reading.last_mjd());
            reading.flaw(object(fields), Remark::bad(mjd, format!("{place}: {why}")));
        }
    }
}

/// Reads whose message it is.
fn object(fields: &Fields) -> Identity {
    let text = |names: &[&str]| {
        let found = names.iter().filter_map(|name| fields.get(*name)).map(|text| text.trim());
        let is_known = |text: &&str| !is_missing(text) && !text.eq_ignore_ascii_case("unknown");
        found.filter(is_known).map(str::to_owned).next()
    };
    let number = text(&["NORAD_CAT_ID", "SATID"]).and_then(|text| identity::catalog_number(&text));
    // Sets of objects that have none carry a zero.
    let number = number.filter(|number| *number > 0);
    let id = text(&["OBJECT_ID"]).map(|text| Identity::of(&text)).unwrap_or_default();
    let name = text(&["OBJECT_NAME", "SATNAME"]).and_then(|text| identity::name(&text));
    Identity { number, designator: None, name }.or(id)
}

/// Whether a text says that there is no value.
fn is_missing(text: &str) -> bool {
    ["", "null", "none", "nan", "n/a", "na", "-"].contains(&text.trim().to_lowercase().as_str())
}

/// Takes an element set from named fields; an error says which is wrong. Fields that an altitude does not need
/// are not looked at.
pub(crate) fn set_from_fields(fields: &Fields) -> Result<Set, String> {
    let present =
        |name: &str| fields.get(name).map(|text| text.trim()).filter(|text| !is_missing(text));
    let field = |name: &str| {
        present(name).ok_or_else(|| match fields.get(name).map(|text| text.trim()) {
            None => format!("no `{name}`"),
            Some("") => format!("`{name}` is empty"),
            Some(text) => format!("`{name}` is {}", shown(text)),
        })
    };
    let read = |name: &str, text: &str| -> Result<f64, String> {
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
        value.ok_or_else(|| format!("`{name}` is `{}`, not a number", shown(text)))
    };
    let number = |name: &str| field(name).and_then(|text| read(name, text));
    if let Some(center) =
        present("CENTER_NAME").filter(|center| !center.eq_ignore_ascii_case("earth"))
    {
        return Err(format!(
            "the center is `{}`: only orbits of EARTH are answered",
            shown(center)
        ));
    }
    let (midnight, days) = moment(field("EPOCH")?).map_err(|why| format!("`EPOCH`: {why}"))?;
    // What an altitude does not need cannot cost a message.
    let perhaps = |name: &str| number(name).ok();
    let angle = |name: &str| perhaps(name).filter(|degrees| is_angle(*degrees));
    let count = |name: &str| {
        let whole =
            |value: &f64| value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(value);
        perhaps(name).filter(whole).map(|value| value as u32)
    };
    Ok(Set {
        object: object(fields),
        epoch: Epoch::new(midnight, days),
        size: size(present("MEAN_ELEMENT_THEORY"), present("EPHEMERIS_TYPE"), &present, &number)?,
        eccentricity: number("ECCENTRICITY")?,
        inclination_deg: number("INCLINATION")?,
        raan_deg: number("RA_OF_ASC_NODE")?,
        pericenter_deg: angle("ARG_OF_PERICENTER"),
        anomaly_deg: angle("MEAN_ANOMALY"),
        bstar: perhaps("BSTAR"),
        mean_motion_dot: perhaps("MEAN_MOTION_DOT"),
        mean_motion_ddot: perhaps("MEAN_MOTION_DDOT"),
        set_number: count("ELEMENT_SET_NO"),
        revolution: count("REV_AT_EPOCH"),
        class: present("CLASSIFICATION_TYPE").and_then(identity::class),
        ephemeris_type: count("EPHEMERIS_TYPE")
            .and_then(|kind| u8::try_from(kind).ok().filter(|kind| *kind < 10)),
    })
}

/// Reads how large the orbit is.
///
/// # Source
///
/// CCSDS 502.0-B-3, table 4-3: a semi-major axis in km, or, where the theory is SGP or SGP4, the mean motion in
/// revolutions a day. An axis under SGP4 could come from the mean motion after Kozai or after Brouwer, which
/// differ by some 0.5 km at 51.6°; under other theories it is the mean axis itself.
fn size<'a>(
    theory: Option<&str>,
    kind: Option<&str>,
    present: &dyn Fn(&str) -> Option<&'a str>,
    number: &dyn Fn(&str) -> Result<f64, String>,
) -> Result<Size, String> {
    let name = theory.unwrap_or("SGP4").to_uppercase();
    let is_sgp = ["SGP", "SDP", "PPT3"].iter().any(|known| name.contains(known));
    let is_osculating = name.contains("OSC");
    if is_sgp {
        if present("MEAN_MOTION").is_none() && present("SEMI_MAJOR_AXIS").is_some() {
            let said = if theory.is_some() {
                ""
            } else {
                ", which counts where `MEAN_ELEMENT_THEORY` is not given,"
            };
            return Err(format!(
                "`SEMI_MAJOR_AXIS` stands in the place of `MEAN_MOTION`: SGP4{said} is published with a mean motion, and \
                 an axis may be made of it in two ways that differ by some 0.5 km; give `MEAN_MOTION`, name the theory \
                 of the axis in `MEAN_ELEMENT_THEORY`, or write the axis as `a_mean_km` of a CSV"
            ));
        }
        let rev_d = number("MEAN_MOTION")?;
        let is_xp = name.contains("XP") || kind == Some(tle::SGP4_XP);
        return Ok(if is_xp { Size::Brouwer(rev_d) } else { Size::Kozai(rev_d) });
    }
    if is_osculating || present("SEMI_MAJOR_AXIS").is_none() {
        let why = if is_osculating { "they are not mean ones" } else { "no `SEMI_MAJOR_AXIS`" };
        return Err(format!(
            "elements of the theory `{}` cannot be used: {why}; give those of SGP4, or mean ones with \
             `SEMI_MAJOR_AXIS`",
            shown(theory.unwrap_or(""))
        ));
    }
    Ok(Size::Axis(number("SEMI_MAJOR_AXIS")?))
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect::<String>().escape_debug().to_string()
}
