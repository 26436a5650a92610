//! Why a question has no answer: all problems at once, each with a field or a place, and a way out.
//!
//! A library says what is missing; only a door says what to type. Texts name the fields of a question as
//! its JSON does, in backticks (`` `final_km` ``); the command turns them into options, a page into the
//! labels of its form, Python into keywords.

use serde::Serialize;
use std::fmt;
use zarya_station::{Diagnostic, Severity};

/// What a refusal is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum About {
    /// A field of the question, named as in its JSON.
    Field(String),
    /// A text that was handed in, by the name it was handed in under.
    Text(String),
    /// A place in a text, with a stable code.
    Place(Box<Diagnostic>),
    /// The question as a whole.
    Question,
}

/// Whose move it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// The question is not one: a field outside its bounds, two that exclude each other.
    Malformed,
    /// The question is one, but these data, or the models, do not answer it.
    Unanswerable,
    /// A file could not be read or written.
    Unreadable,
    /// Somebody asked to stop before there was an answer.
    Stopped,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Whose move it is.
    pub kind: Kind,
    /// What it is about.
    pub about: About,
    /// What is wrong and why, in one sentence without a full stop.
    pub why: String,
    /// What to do; may be empty.
    pub help: String,
}

impl Refusal {
    /// A field that cannot be asked like this.
    pub fn field(field: &str, why: impl Into<String>) -> Self {
        Self::new(Kind::Malformed, About::Field(field.to_owned()), why)
    }

    /// A question that these data, or the models, do not answer.
    pub fn unanswerable(about: About, why: impl Into<String>) -> Self {
        Self::new(Kind::Unanswerable, about, why)
    }

    /// Somebody asked to stop.
    pub fn stopped() -> Self {
        Self::new(Kind::Stopped, About::Question, "stopped before there was an answer")
    }

    /// A problem of any kind.
    pub fn new(kind: Kind, about: About, why: impl Into<String>) -> Self {
        Self { kind, about, why: why.into(), help: String::new() }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

/// Everything that is wrong with a question or its data: at least one problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusals {
    /// The problems, in the order found.
    pub problems: Vec<Refusal>,
    /// Texts that [`About::Place`] points into, by name, so that a line can be shown.
    pub texts: Vec<(String, Vec<u8>)>,
}

impl Refusals {
    /// Refuses with the problems of files; `texts` are the files by the names the places use.
    pub fn of_files(diagnostics: Vec<Diagnostic>, texts: Vec<(String, Vec<u8>)>) -> Self {
        let problem = |diagnostic: Diagnostic| Refusal {
            kind: Kind::Unanswerable,
            why: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            about: About::Place(Box::new(diagnostic)),
        };
        Self { problems: diagnostics.into_iter().map(problem).collect(), texts }
    }

    /// The diagnostics among the problems, warnings included.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.problems.iter().filter_map(|problem| match &problem.about {
            About::Place(diagnostic) => Some(&**diagnostic),
            _ => None,
        })
    }

    /// Whose move it is: that of the first kind among the problems, in the order of [`Kind`]. A question that
    /// is none comes before what the data leave open.
    pub fn kind(&self) -> Kind {
        self.problems.iter().map(|problem| problem.kind).min().unwrap_or(Kind::Unanswerable)
    }
}

impl From<Refusal> for Refusals {
    fn from(problem: Refusal) -> Self {
        Self { problems: vec![problem], texts: Vec::new() }
    }
}

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Refusal { about, why, help, .. }) in self.problems.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            match about {
                About::Field(field) => write!(f, "`{field}`: {why}")?,
                About::Text(name) => write!(f, "{name}: {why}")?,
                About::Place(diagnostic) => {
                    let word = match diagnostic.severity() {
                        Severity::Error => "error",
                        Severity::Warning => "warning",
                    };
                    let place = &diagnostic.place;
                    write!(f, "{}:{}:{}: ", place.file, place.line, place.column)?;
                    write!(f, "{word}[{}]: {why}", diagnostic.code.id())?;
                }
                About::Question => f.write_str(why)?,
            }
            if !help.is_empty() {
                write!(f, "; {help}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Refusals {}

/// Problems as they are found, for a check that collects them all.
///
/// # Examples
///
/// ```
/// use zarya::refusal::{Found, Refusal};
///
/// let mut found = Found::default();
/// found.within("days", 0.5, 1.0..=14_640.0, "days of a span");
/// let refused = found.done().unwrap_err();
/// assert_eq!(refused.to_string(), "`days`: 0.5 lies outside 1 to 14640, days of a span");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Found {
    problems: Vec<Refusal>,
}

impl Found {
    /// Adds a problem.
    pub fn add(&mut self, problem: Refusal) {
        self.problems.push(problem);
    }

    /// Checks that a field lies within bounds, both allowed; `what` says what they bound.
    pub fn within(
        &mut self,
        field: &str,
        value: f64,
        bounds: std::ops::RangeInclusive<f64>,
        what: &str,
    ) {
        if !bounds.contains(&value) {
            let (low, high) = (bounds.start(), bounds.end());
            let why = format!("{value} lies outside {low} to {high}, {what}");
            self.add(Refusal::field(field, why));
        }
    }

    /// Keeps a value, or the problems that come instead.
    pub fn keep<T>(&mut self, result: Result<T, Refusals>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(refusals) => {
                self.problems.extend(refusals.problems);
                None
            }
        }
    }

    /// Refuses if anything was found.
    ///
    /// # Errors
    ///
    /// Everything that was found.
    pub fn done(self) -> Result<(), Refusals> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(Refusals { problems: self.problems, texts: Vec::new() })
        }
    }
}
