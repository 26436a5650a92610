//! `zarya orbit`: decay, reboosts and natural lifetime on their own, without a station file.

mod deorbit;
mod elements;
mod hindcast;
mod keep;
mod lifetime;
mod plot;

use crate::output::{self, Failure};
use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::Read;
use std::path::{Path, PathBuf};
use zarya_orbit::forecast::{Forecast, parse_csv};
use zarya_orbit::jb2008::Drivers;
use zarya_orbit::worlds::SunChoice;
use zarya_orbit::{DecayTable, OrbitError, archive, sun};
use zarya_report::columns::fitted;
use zarya_units::Date;

/// Questions about the orbit of a station: drag, burns, how long it lasts.
#[derive(Subcommand)]
pub(crate) enum OrbitCommand {
    Decay(lifetime::DecayArgs),
    Hindcast(hindcast::HindcastArgs),
    Reboosts(elements::ReboostsArgs),
    Lifetime(lifetime::LifetimeArgs),
    Keep(keep::KeepArgs),
    Deorbit(deorbit::DeorbitArgs),
}

/// Answers an orbit question.
pub(crate) fn run(command: &OrbitCommand, quiet: bool) -> Result<(), Failure> {
    match command {
        OrbitCommand::Decay(args) => lifetime::decay(args, quiet),
        OrbitCommand::Hindcast(args) => hindcast::hindcast(args, quiet),
        OrbitCommand::Reboosts(args) => elements::reboosts(args, quiet),
        OrbitCommand::Lifetime(args) => lifetime::lifetime(args, quiet),
        OrbitCommand::Keep(args) => keep::keep(args, quiet),
        OrbitCommand::Deorbit(args) => deorbit::deorbit(args, quiet),
    }
}

/// Where answers go.
#[derive(Args)]
struct OutputArgs {
    /// Write the answer as JSON to PATH, or alone to stdout for `-`.
    #[arg(long, value_name = "PATH|-")]
    json: Option<PathBuf>,
    /// Draw the answer as SVG to PATH.
    #[arg(long, value_name = "PATH")]
    plot: Option<PathBuf>,
}

/// Which Sun.
#[derive(Args)]
struct SunArgs {
    /// `observed`, or the month of a NASA forecast as issued, `YYYY-MM`; without it the latest issue
    /// whose month had begun by `--from`.
    #[arg(long, value_name = "observed|YYYY-MM")]
    sun: Option<String>,
    /// Forecasts newer than the archive, as CSV (columns issue, month, f107_p95, f107_p50, f107_p05,
    /// ap_p95, ap_p50, ap_p05; months as YYYY-MM).
    #[arg(long, value_name = "FILE.csv")]
    forecasts: Option<PathBuf>,
}

/// A Sun that was chosen: the observed one, or an issue.
enum ChosenSun {
    Observed,
    Issue(Box<Forecast>),
}

impl ChosenSun {
    fn choice(&self) -> SunChoice<'_> {
        match self {
            Self::Observed => SunChoice::Observed,
            Self::Issue(issue) => SunChoice::Issue(issue),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Observed => json!({"kind": "observed", "source": sun::attribution()}),
            Self::Issue(issue) => json!({
                "kind": "forecast",
                "issue": issue.name(),
                "source": "NASA Marshall Space Flight Center, MSAFE, as issued",
                "observed_before": sun::attribution(),
            }),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Observed => "the observed Sun".into(),
            Self::Issue(issue) => format!("NASA's forecast issued {}", issue.name()),
        }
    }
}

/// Finds the Sun asked for; an issue later than `from` is refused when `strict`, else a caveat.
fn choose_sun(
    args: &SunArgs,
    from: Date,
    strict: bool,
    caveats: &mut Vec<String>,
) -> Result<ChosenSun, Failure> {
    if args.sun.as_deref() == Some("observed") {
        return Ok(ChosenSun::Observed);
    }
    let newer = match &args.forecasts {
        None => Vec::new(),
        Some(path) => parse_csv(&read_text(path)?)
            .map_err(|error| Failure::Refused(format!("{}: {error}", path.display())))?,
    };
    let issue = match &args.sun {
        None => {
            let from_file = newer.iter().rfind(|issue| issue.issue() <= from);
            let from_archive = archive::forecast_as_of(from);
            match (from_file, from_archive) {
                (Some(a), Ok(b)) if a.issue() >= b.issue() => a.clone(),
                (Some(a), Err(_)) => a.clone(),
                (_, Ok(b)) => b.clone(),
                (None, Err(error)) => return Err(refused(&error)),
            }
        }
        Some(text) => {
            let month = Date::parse(text).ok().filter(|_| text.len() == 7).ok_or_else(|| {
                Failure::Usage(format!(
                    "--sun {text}: write `observed`, or the month of an issue as YYYY-MM"
                ))
            })?;
            if month > from {
                let what =
                    format!("the forecast issued {text} was not known on {from}: it looks ahead");
                if strict {
                    return Err(Failure::Refused(format!(
                        "{what}; choose an issue of {:04}-{:02} or before",
                        from.year(),
                        from.month()
                    )));
                }
                caveats.push(what);
            }
            match newer.iter().find(|issue| issue.issue() == month) {
                Some(issue) => issue.clone(),
                None => archive::forecast_of(month).map_err(|error| refused(&error))?.clone(),
            }
        }
    };
    let age_days = from.mjd() - issue.issue().mjd();
    if age_days > 92.0 {
        caveats.push(format!(
            "the latest forecast used was issued {} months before {from}; a newer one can be given \
             with --forecasts",
            (age_days / 30.44).round()
        ));
    }
    Ok(ChosenSun::Issue(Box::new(issue)))
}

/// What every answer carries to be repeated.
fn inputs(worlds: Option<u32>, seed: Option<u64>) -> Value {
    let mut inputs = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "air": "NRLMSISE-00, averaged over revolutions, tabulated",
        "decay_table_sha256": DecayTable::embedded().digest(),
        "forecast_archive_sha256": archive::digest(),
    });
    if let (Some(worlds), Some(seed)) = (worlds, seed) {
        inputs["worlds"] = json!(worlds);
        inputs["seed"] = json!(seed);
    }
    inputs
}

fn refused(error: &OrbitError) -> Failure {
    Failure::Refused(error.to_string())
}

/// Reads a text, packed with gzip or not.
fn read_text(path: &Path) -> Result<String, Failure> {
    /// Far above any series of altitudes; what unpacks to more is not one.
    const UNPACKED_BYTES_MAX: u64 = 1 << 30;
    let mut bytes = std::fs::read(path).map_err(|error| Failure::io(path, &error))?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes.as_slice())
            .take(UNPACKED_BYTES_MAX)
            .read_to_end(&mut unpacked)
            .map_err(|error| {
                Failure::Refused(format!(
                    "{}: packed with gzip, but it does not unpack ({error}); get the file again",
                    path.display()
                ))
            })?;
        bytes = unpacked;
    }
    String::from_utf8(bytes).map_err(|_| {
        Failure::Refused(format!(
            "{}: the file is not text in UTF-8; TLE, OMM, OEM or CSV is expected (a \
             text in another encoding must be saved as UTF-8)",
            path.display()
        ))
    })
}

/// Reads the drivers of JB2008 from a folder; each file may be packed with gzip. Returns their digest,
/// too.
fn read_jb2008(folder: &Path) -> Result<(Drivers, String), Failure> {
    let file = |name: &str| {
        let plain = folder.join(name);
        let packed = folder.join(format!("{name}.gz"));
        match (plain.is_file(), packed.is_file()) {
            (true, _) => read_text(&plain),
            (false, true) => read_text(&packed),
            (false, false) => Err(Failure::Refused(format!(
                "--jb2008 {}: no {name} (or {name}.gz) there; the drivers of JB2008 are SOLFSMY.TXT and \
                 DTCFILE.TXT of Space Environment Technologies, which may not be passed on and are not \
                 part of this program",
                folder.display()
            ))),
        }
    };
    let (solfsmy, dtcfile) = (file("SOLFSMY.TXT")?, file("DTCFILE.TXT")?);
    let drivers = Drivers::read(&solfsmy, &dtcfile)
        .map_err(|error| Failure::Refused(format!("{}: {error}", folder.display())))?;
    Ok((drivers, zarya_units::digest::of_bytes((solfsmy + &dtcfile).as_bytes())))
}

fn read_track(path: &Path) -> Result<zarya_orbit::series::Track, Failure> {
    zarya_orbit::series::read(&read_text(path)?)
        .map_err(|error| Failure::Refused(format!("{}: {error}", path.display())))
}

/// Checks the order of two dates and returns the days between them.
fn span(from: Date, through: Date) -> Result<usize, Failure> {
    span_to(from, "--through", through)
}

/// Checks the order of `--from` and the date of another option.
fn span_to(from: Date, name: &str, through: Date) -> Result<usize, Failure> {
    let days = through.mjd() - from.mjd();
    if days < 1.0 {
        return Err(Failure::Usage(format!("{name} {through} must lie after --from {from}")));
    }
    if days > 40.0 * 366.0 {
        return Err(Failure::Usage("a span of more than 40 years is not computed".into()));
    }
    Ok(days as usize)
}

fn positive(name: &str, value: f64) -> Result<f64, Failure> {
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    Err(Failure::Usage(format!("{name} must be a positive number, got {value}")))
}

/// Checks that the tables reach an altitude.
fn altitude(name: &str, value: f64) -> Result<f64, Failure> {
    positive(name, value)?;
    let (low, high) = zarya_orbit::table::ALTITUDE_KM;
    if (low..=high).contains(&value) {
        return Ok(value);
    }
    Err(Failure::Refused(format!(
        "{name} {value} lies outside the {low} to {high} km that are covered: an orbit below lasts about a day, \
         one above is not in the tables"
    )))
}

/// Checks a drag area: a slip of units is the usual error.
fn drag_area(value: f64) -> Result<f64, Failure> {
    positive("--drag-area-m2-kg", value)?;
    if (1e-5..=1.0).contains(&value) {
        return Ok(value);
    }
    Err(Failure::Usage(format!(
        "--drag-area-m2-kg {value}: Cd A / m of a spacecraft lies between 0.00001 and 1 m2/kg; the \
         ISS has about 0.007"
    )))
}

/// Checks a mass: what flies is not heavier than a hundred thousand tonnes.
fn mass(value: f64) -> Result<f64, Failure> {
    positive("--mass-kg", value)?;
    if value <= 1e8 {
        return Ok(value);
    }
    Err(Failure::Usage(format!("--mass-kg {value}: the mass in kg; the ISS has about 430000")))
}

/// Checks a specific impulse: an exhaust velocity in its place is the usual error.
fn isp(name: &str, value: f64) -> Result<f64, Failure> {
    if (50.0..=10_000.0).contains(&value) {
        return Ok(value);
    }
    Err(Failure::Usage(format!(
        "{name} {value}: a specific impulse in seconds lies between 50 and 10000; storable propellants \
         give 220 to 330 s"
    )))
}

/// Writes JSON, picture and text as asked, caveats to stderr.
fn answer<T: Serialize>(
    output: &OutputArgs,
    quiet: bool,
    value: &T,
    caveats: &[String],
    text: &str,
    picture: impl FnOnce() -> String,
) -> Result<(), Failure> {
    if !quiet {
        for caveat in caveats {
            eprint!("{}", fitted(&format!("note: {caveat}")));
        }
    }
    if let Some(path) = &output.plot {
        if path == Path::new("-") {
            return Err(Failure::Usage("--plot needs a path; stdout is for the answer".into()));
        }
        output::to_path(path, &picture())?;
    }
    match &output.json {
        Some(path) => {
            output::json(path, value)?;
            if path == Path::new("-") { Ok(()) } else { output::text(&fitted(text)) }
        }
        None => output::text(&fitted(text)),
    }
}
