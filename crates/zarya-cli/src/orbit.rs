//! `zarya orbit`: decay, lifetime, keeping an altitude, the end, and what was flown.

use crate::export::ExportArgs;
use crate::output::{self, Failure};
use crate::watch::watched;
use crate::{Answer, door};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::path::{Path, PathBuf};
use zarya::orbit::{
    DENSITY_SCALE_DEFAULT, ISS_INCLINATION_DEG, SEED_DEFAULT, decay, deorbit, elements, hindcast,
    keep, lifetime, oem, reboosts, sets,
};
use zarya::units::Date;
use zarya::{Data, Refusals, open};
use zarya_report::columns::fitted;
use zarya_report::export::Exports;
use zarya_report::orbit as report;
use zarya_report::refusals::in_words_of;

/// Questions about the orbit of a station: drag, burns, how long it lasts.
#[derive(Subcommand)]
pub(crate) enum OrbitCommand {
    Decay(DecayArgs),
    Hindcast(HindcastArgs),
    Reboosts(ReboostsArgs),
    Elements(ElementsArgs),
    Lifetime(LifetimeArgs),
    Keep(KeepArgs),
    Deorbit(DeorbitArgs),
}

/// Answers an orbit question.
pub(crate) fn run(command: &OrbitCommand, quiet: bool) -> Answer {
    command.output().export.check()?;
    match command {
        OrbitCommand::Decay(args) => args.run(quiet),
        OrbitCommand::Hindcast(args) => args.run(quiet),
        OrbitCommand::Reboosts(args) => args.run(quiet),
        OrbitCommand::Elements(args) => args.run(quiet),
        OrbitCommand::Lifetime(args) => args.run(quiet),
        OrbitCommand::Keep(args) => args.run(quiet),
        OrbitCommand::Deorbit(args) => args.run(quiet),
    }
}

impl OrbitCommand {
    fn output(&self) -> &OutputArgs {
        match self {
            Self::Decay(args) => &args.output,
            Self::Hindcast(args) => &args.output,
            Self::Reboosts(args) => &args.output,
            Self::Elements(args) => &args.output,
            Self::Lifetime(args) => &args.output,
            Self::Keep(args) => &args.output,
            Self::Deorbit(args) => &args.output,
        }
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
    #[command(flatten)]
    export: ExportArgs,
}

/// The path for programs that fly an orbit.
#[derive(Args)]
struct PathArgs {
    /// Write the path as an orbit ephemeris message (CCSDS OEM, EME2000) to PATH. The phase in it is made
    /// up: see docs/orbit.md.
    #[arg(long, value_name = "PATH")]
    oem: Option<PathBuf>,
    /// Write the path as element sets of SGP4, one a day, to PATH: .tle or .txt (two lines), .json, .xml, .kvn, .omm or
    /// .csv (OMM). The phase in them is made up, too, and the catalog number is 0.
    #[arg(long, value_name = "PATH")]
    elements: Option<PathBuf>,
}

impl PathArgs {
    /// Refuses paths that could not be written. To be asked before anything is computed.
    fn check(&self) -> Answer {
        let stdout = Some(Path::new("-"));
        for (name, path) in [("--oem", &self.oem), ("--elements", &self.elements)] {
            if path.as_deref() == stdout {
                return Err(Failure::Usage(format!(
                    "{name} needs a path; stdout is for the answer"
                )));
            }
        }
        self.elements.as_deref().map_or(Ok(()), |path| notation(path, "").map(|_| ()))
    }

    fn write(
        &self,
        quiet: bool,
        message: impl FnOnce() -> Result<String, Refusals>,
        daily: impl FnOnce(elements::Notation) -> Result<sets::Written, Refusals>,
    ) -> Answer {
        if let Some(path) = &self.oem {
            output::to_path(path, &message()?)?;
        }
        let Some(path) = &self.elements else { return Ok(()) };
        let written = daily(notation(path, "")?)?;
        output::to_path(path, &written.text)?;
        for caveat in written.caveats.iter().filter(|_| !quiet) {
            output::say(&fitted(&format!("note: {caveat}")));
        }
        Ok(())
    }
}

/// The notation that the ending of a path names.
fn notation(path: &Path, way_out: &str) -> Result<elements::Notation, Failure> {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    elements::Notation::of_ending(&ending).ok_or_else(|| {
        Failure::Usage(format!(
            "{} does not say by its ending which notation is meant: name it .tle or .txt (two-line sets), .json, .xml, .kvn, \
             .omm or .csv (OMM){way_out}",
            path.display()
        ))
    })
}

/// Which orbit, and from when.
#[derive(Args)]
struct OrbitArgs {
    /// Take what is not given below from a station: a folder, or the id of an embedded one.
    #[arg(long, value_name = "DIR|ID")]
    station: Option<PathBuf>,
    /// An overlay file for the station, or the name of one of its own scenarios; may be repeated.
    #[arg(long, value_name = "FILE")]
    scenario: Vec<PathBuf>,
    /// Mean altitude on the first day, km [default: the station's].
    #[arg(long, allow_negative_numbers = true, value_name = "KM")]
    altitude_km: Option<f64>,
    /// Cd A / m in m2/kg at density scale 1; the ISS has about 0.007 [default: the station's].
    #[arg(long, allow_negative_numbers = true, value_name = "M2/KG")]
    drag_area_m2_kg: Option<f64>,
    #[arg(long, allow_negative_numbers = true, value_name = "DEG", help = format!(
        "Inclination of the orbit, degrees [default: the station's, without one {ISS_INCLINATION_DEG}]"
    ))]
    inclination_deg: Option<f64>,
    /// First day [default: the station's as-of date].
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    #[command(flatten)]
    sun: SunArgs,
}

impl OrbitArgs {
    fn data(&self) -> Result<Data, Failure> {
        self.sun.read(door::station(self.station.as_deref(), &self.scenario)?)
    }
}

/// Which Sun.
#[derive(Args)]
struct SunArgs {
    /// `observed`, `constant` (with --f107-sfu and --ap), or the month of a forecast as issued, `YYYY-MM`;
    /// without it the latest issue whose month had begun by `--from`.
    #[arg(long, value_name = "observed|constant|YYYY-MM")]
    sun: Option<String>,
    /// Forecasts beside the archive: NASA Marshall's monthly table (jun2026f10_prd.txt), NOAA's
    /// predicted-solar-cycle.json, CelesTrak's SW-All.csv or SW-Last5Years.csv (or .txt; its observed days count,
    /// too), or CSV (columns issue, month, f107_p95, f107_p50, f107_p05, ap_p95, ap_p50, ap_p05; months as YYYY-MM).
    #[arg(long, value_name = "FILE")]
    forecasts: Option<PathBuf>,
    /// Month in which --forecasts was issued, where neither it nor its name says so.
    #[arg(long, value_name = "YYYY-MM")]
    issue: Option<String>,
    /// Observed days beside those of the program, which end with 2026-10-01: CelesTrak's SW-All.csv or .txt, or CSV
    /// (columns date, f107, ap).
    #[arg(long, value_name = "FILE")]
    observations: Option<PathBuf>,
    /// F10.7 of a constant Sun, solar flux units.
    #[arg(long, visible_alias = "f107", allow_negative_numbers = true, value_name = "SFU")]
    f107_sfu: Option<f64>,
    /// Ap of a constant Sun.
    #[arg(long, allow_negative_numbers = true, value_name = "AP")]
    ap: Option<f64>,
}

impl SunArgs {
    fn read(&self, data: Data) -> Result<Data, Failure> {
        self.forecasts
            .iter()
            .chain(&self.observations)
            .try_fold(data, |data, path| read(data, path))
    }
}

/// Hands in a text, packed with gzip or not.
fn read(data: Data, path: &Path) -> Result<Data, Failure> {
    Ok(data.with_text(open::name(path), open::text(path)?))
}

/// Which object of a file that holds several.
#[derive(Args)]
struct ObjectArgs {
    /// The object, where the files hold several: catalog number (alpha-5 or not), international designator,
    /// or name.
    #[arg(long, value_name = "NUMBER|NAME")]
    object: Option<String>,
}

/// Hands in every text of a series; standard input can be read only once.
fn read_all(data: Data, paths: &[PathBuf]) -> Result<Data, Failure> {
    if paths.iter().filter(|path| open::name(path) == open::name(Path::new(open::STDIN))).count()
        > 1
    {
        return Err(Failure::Usage("`-` is given twice: standard input is one text".into()));
    }
    paths.iter().try_fold(data, |data, path| read(data, path))
}

/// A question about an orbit with what is typed for all of them, then its own.
macro_rules! question {
    ($room:ident, $orbit:ident, { $($own:tt)* }) => {
        $room::Question {
            altitude_km: $orbit.altitude_km,
            drag_area_m2_kg: $orbit.drag_area_m2_kg,
            inclination_deg: $orbit.inclination_deg,
            from: $orbit.from,
            sun: $orbit.sun.sun.clone(),
            forecasts: door::name($orbit.sun.forecasts.as_deref()),
            issue: $orbit.sun.issue.clone(),
            observations: door::name($orbit.sun.observations.as_deref()),
            f107_sfu: $orbit.sun.f107_sfu,
            ap: $orbit.sun.ap,
            station: door::name($orbit.station.as_deref()),
            scenario: door::names(&$orbit.scenario),
            $($own)*
        }
    };
}

/// Writes JSON, picture and text as asked, caveats to stderr.
fn told<A: Serialize>(
    output: &OutputArgs,
    quiet: bool,
    (answer, caveats): (&A, &[String]),
    text: fn(&A) -> String,
    svg: fn(&A) -> String,
) -> Answer {
    beside(output, quiet, (answer, caveats), text, svg)?;
    output::answer(output.json.as_deref(), answer, || worded(&text(answer)))
}

fn worded(text: &str) -> String {
    in_words_of(text, &door::typed)
}

/// Writes what goes beside the text: caveats, picture, export.
fn beside<A: Serialize>(
    output: &OutputArgs,
    quiet: bool,
    (answer, caveats): (&A, &[String]),
    text: fn(&A) -> String,
    svg: fn(&A) -> String,
) -> Answer {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    // What the text below says itself is not said twice.
    let below = output.json.as_deref() != Some(Path::new("-"));
    let told = if below { plain(&text(answer)) } else { String::new() };
    for caveat in caveats.iter().filter(|caveat| !quiet && !told.contains(&plain(caveat))) {
        output::say(&fitted(&worded(&format!("note: {caveat}"))));
    }
    if let Some(path) = &output.plot {
        if path == Path::new("-") {
            return Err(Failure::Usage("--plot needs a path; stdout is for the answer".into()));
        }
        output::to_path(path, &svg(answer))?;
    }
    output
        .export
        .write(quiet, || Exports::of(answer).with("picture", "The answer drawn", svg(answer)))
}

/// Print the altitude day by day if nobody pushes.
///
/// With `--sun observed` one line; with a forecast the median and the 5-95 % band over worlds, each
/// with its own Sun and density.
#[derive(Args)]
#[command(after_help = "Examples:\n  zarya orbit decay --altitude-km 415 --drag-area-m2-kg 0.007 \
    --from 2023-01-01 --through 2023-06-30 --sun observed\n  zarya orbit decay --altitude-km 415 \
    --drag-area-m2-kg 0.007 --from 2026-03-01 --through 2027-03-01 --json -\n  zarya orbit decay \
    --station iss --through 2026-07-31\n\n`altitude` is the mean (Brouwer) semi-major axis minus \
    6378.137 km; `drag area` is Cd A / m. The orbit is circular.")]
pub(crate) struct DecayArgs {
    #[command(flatten)]
    orbit: OrbitArgs,
    /// Last day.
    #[arg(long, value_name = "DATE")]
    through: Date,
    /// Factor on the density of NRLMSISE-00 (observed Sun; the median with a forecast).
    #[arg(long, allow_negative_numbers = true, default_value_t = DENSITY_SCALE_DEFAULT)]
    density_scale: f64,
    /// Worlds drawn with a forecast.
    #[arg(long, default_value_t = decay::WORLDS_DEFAULT)]
    worlds: u32,
    /// Seed of the draws.
    #[arg(long, default_value_t = SEED_DEFAULT)]
    seed: u64,
    #[command(flatten)]
    path: PathArgs,
    #[command(flatten)]
    output: OutputArgs,
}

impl DecayArgs {
    fn run(&self, quiet: bool) -> Answer {
        let orbit = &self.orbit;
        self.path.check()?;
        let question = question!(decay, orbit, {
            density_scale: self.density_scale,
            through: self.through,
            worlds: self.worlds,
            seed: self.seed,
        });
        let data = orbit.data()?;
        let answer = watched(quiet, |control| decay::answer(&question, &data, control))?;
        self.path.write(quiet, || oem::decay(&answer), |to| sets::decay(&answer, to))?;
        let said = (&answer, answer.caveats.as_slice());
        told(&self.output, quiet, said, report::decay::text, report::decay::svg)
    }
}

/// Predict the loss of altitude after a date from what was known before it.
///
/// Only rows dated before `--from` and forecasts issued by then are used: drag and density are
/// estimated from the days without burns, and carried forward under the chosen Sun.
#[derive(Args)]
#[command(after_help = "Examples:\n  zarya orbit hindcast --altitudes iss.csv --from 2014-11-15 \
    --through 2015-01-27\n  zarya orbit hindcast --altitudes iss.csv --from 2014-11-15 --through \
    2015-01-27 --sun observed --json -\n  zarya orbit hindcast --altitudes iss.csv --from 2014-11-15 \
    --through 2015-01-27 --sun observed --jb2008 drivers\n\nOnly the product of drag area and density is observed. \
    They are told apart under a stated prior (see `prior` in the JSON). The last row may lie at most 30 days before \
    `--from`. A quantile is null when the orbit sinks below 150 km in it.")]
pub(crate) struct HindcastArgs {
    /// The past series: CSV, TLE, OMM or OEM, `-` for standard input; may be repeated for parts of one series.
    #[arg(long, value_name = "FILE", required = true)]
    altitudes: Vec<PathBuf>,
    #[command(flatten)]
    object: ObjectArgs,
    /// First day of the prediction.
    #[arg(long, value_name = "DATE")]
    from: Date,
    /// Last day of the prediction.
    #[arg(long, value_name = "DATE")]
    through: Date,
    #[command(flatten)]
    sun: SunArgs,
    /// Take the density from JB2008, with the drivers SOLFSMY.TXT and DTCFILE.TXT of this folder; only
    /// with `--sun observed`.
    #[arg(long, value_name = "FOLDER")]
    jb2008: Option<PathBuf>,
    /// Worlds drawn.
    #[arg(long, default_value_t = hindcast::WORLDS_DEFAULT)]
    worlds: u32,
    /// Seed of the draws.
    #[arg(long, default_value_t = SEED_DEFAULT)]
    seed: u64,
    #[command(flatten)]
    output: OutputArgs,
}

impl HindcastArgs {
    fn run(&self, quiet: bool) -> Answer {
        let mut data = read_all(self.sun.read(Data::embedded())?, &self.altitudes)?;
        let mut jb2008 = None;
        if let Some(folder) = &self.jb2008 {
            let (with_drivers, named) = open::jb2008(data, folder)?;
            (data, jb2008) = (with_drivers, Some(named));
        }
        let question = hindcast::Question {
            altitudes: door::names(&self.altitudes).into(),
            object: self.object.object.clone(),
            from: self.from,
            through: self.through,
            sun: self.sun.sun.clone(),
            forecasts: door::name(self.sun.forecasts.as_deref()),
            issue: self.sun.issue.clone(),
            observations: door::name(self.sun.observations.as_deref()),
            f107_sfu: self.sun.f107_sfu,
            ap: self.sun.ap,
            jb2008,
            worlds: self.worlds,
            seed: self.seed,
        };
        let answer = watched(quiet, |control| hindcast::answer(&question, &data, control))?;
        let said = (&answer, answer.caveats.as_slice());
        told(&self.output, quiet, said, report::hindcast::text, report::hindcast::svg)
    }
}

/// Find the burns that were flown in a series of elements or altitudes.
///
/// Reads two-line element sets (with or without names, alone or inside JSON), OMM (JSON, XML, KVN, CSV), OEM
/// (XML, KVN) and CSV with columns found by name, separated by commas, semicolons or tabs: `mjd` or `date`;
/// `a_km`, `a_mean_km` or `alt_mean_km` (above 6378.137 km). Drag is taken out with NRLMSISE-00 under the
/// observed Sun; what is left between burns is flat.
#[derive(Args)]
#[command(after_help = "Examples:\n  zarya orbit reboosts iss.tle\n  zarya orbit reboosts \
    altitudes.csv --json -\n  zarya orbit reboosts 2024.tle 2025.json\n  zarya orbit reboosts stations.tle --object \
    48274\n\nA step smaller than the scatter of the series is not found; burns less \
    than two days apart may come out as one; across a gap of more than three days nothing is looked \
    for. In a series of one row a day (the median of that day's element sets) the date is the \
    likeliest of the two days that a clean step leaves open. Rows that cannot be used are left out \
    and named in a note.")]
pub(crate) struct ReboostsArgs {
    /// The series, `-` for standard input; several files are merged by time, and may be of several kinds.
    #[arg(required = true)]
    file: Vec<PathBuf>,
    #[command(flatten)]
    object: ObjectArgs,
    #[command(flatten)]
    output: OutputArgs,
}

impl ReboostsArgs {
    fn run(&self, quiet: bool) -> Answer {
        let data = read_all(Data::embedded(), &self.file)?;
        let question = reboosts::Question {
            file: door::names(&self.file).into(),
            object: self.object.object.clone(),
        };
        let answer = watched(quiet, |control| reboosts::answer(&question, &data, control))?;
        let said = (&answer, answer.caveats.as_slice());
        told(&self.output, quiet, said, report::reboosts::text, report::reboosts::svg)
    }
}

/// List element sets, and write them in another notation.
///
/// Reads two-line element sets (with or without names, alone or inside JSON) and OMM (JSON, XML, KVN, CSV), and prints them as a
/// table. With --out or --to they are written as two-line sets or OMM, as they were published: of every object of a group file, unless
/// --object picks one, and in the order of the file.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  zarya orbit elements iss.tle\n  zarya orbit elements stations.tle --out stations.json\n  \
    zarya orbit elements 2024.tle 2025.json --object 25544 --from 2024-12-01 --out iss.csv\n  zarya orbit elements \
    stations.json --to tle > stations.tle\n\nA set without argument of pericenter, mean anomaly or the mean motion of SGP4 is left \
    out and named; where the drag term, a derivative or a number is missing, 0 is written and a note says so. Two-line sets hold catalog numbers to \
    339999 (alpha-5) and epochs of 1957 to 2056: others are left out and named. Several files are merged in order of time; a set that \
    stands in more than one counts once."
)]
pub(crate) struct ElementsArgs {
    /// The element sets, `-` for standard input; several files may be of several kinds.
    #[arg(required = true)]
    file: Vec<PathBuf>,
    /// The object, where not all are meant: catalog number (alpha-5 or not), international designator, or name.
    #[arg(long, value_name = "NUMBER|NAME")]
    object: Option<String>,
    /// First day of the sets [default: all].
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Last day of the sets [default: all].
    #[arg(long, value_name = "DATE")]
    through: Option<Date>,
    /// The notation to write: tle, omm-json, omm-kvn, omm-xml or omm-csv [default: by the ending of --out]. Without --out
    /// the sets go to stdout.
    #[arg(long, value_name = "NOTATION")]
    to: Option<elements::Notation>,
    /// Write the sets to PATH, or to stdout for `-`: .tle or .txt (two lines), .json, .xml, .kvn, .omm or .csv (OMM).
    #[arg(long, value_name = "PATH|-")]
    out: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

impl ElementsArgs {
    fn run(&self, quiet: bool) -> Answer {
        let out = self.out.clone().or(self.to.map(|_| PathBuf::from("-")));
        let on_stdout = out.as_deref() == Some(Path::new("-"));
        output::one_on_stdout(&[("--out", &out), ("--json", &self.output.json)])?;
        let by_ending = |path: &PathBuf| match self.to {
            Some(to) => Ok(to),
            None => notation(path, ", or give --to"),
        };
        let to = out.as_ref().map(by_ending).transpose()?;
        let question = elements::Question {
            file: door::names(&self.file).into(),
            object: self.object.clone(),
            from: self.from,
            through: self.through,
            to,
        };
        let data = read_all(Data::embedded(), &self.file)?;
        let answer = watched(quiet, |control| elements::answer(&question, &data, control))?;
        let (text, svg) = (report::elements::text, report::elements::svg);
        let said = (&answer, answer.caveats.as_slice());
        if let (Some(path), Some(written)) = (&out, &answer.text) {
            output::to_path(path, written)?;
        }
        if !on_stdout {
            return told(&self.output, quiet, said, text, svg);
        }
        beside(&self.output, quiet, said, text, svg)?;
        self.output.json.as_deref().map_or(Ok(()), |path| output::json(path, &answer))
    }
}

/// Tell how long an orbit lasts if nobody pushes.
///
/// Days until given altitudes, with 5, 50 and 95 % over worlds: each with its own Sun drawn from
/// the forecast as issued and its own path of the density scale.
#[derive(Args)]
#[command(after_help = "Examples:\n  zarya orbit lifetime --altitude-km 418 --drag-area-m2-kg \
    0.007 --from 2026-03-15 --to-km 330,180\n  zarya orbit lifetime --altitude-km 418 \
    --drag-area-m2-kg 0.007 --from 2024-09-01 --to-km 330,180 --sun 2024-09 --seed 7 --json -\n  \
    zarya orbit lifetime --station iss --to-km 330\n\n\
    A quantile beyond the last month of the forecast is null: the Sun after it is not known.")]
pub(crate) struct LifetimeArgs {
    #[command(flatten)]
    orbit: OrbitArgs,
    /// Altitudes to reach, km, separated by commas.
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "KM,KM…",
        value_delimiter = ',',
        required = true
    )]
    to_km: Vec<f64>,
    /// Worlds drawn.
    #[arg(long, default_value_t = lifetime::WORLDS_DEFAULT)]
    worlds: u32,
    /// Seed of the draws.
    #[arg(long, default_value_t = SEED_DEFAULT)]
    seed: u64,
    #[command(flatten)]
    output: OutputArgs,
}

impl LifetimeArgs {
    fn run(&self, quiet: bool) -> Answer {
        let orbit = &self.orbit;
        let question = question!(lifetime, orbit, {
            to_km: self.to_km.clone(),
            worlds: self.worlds,
            seed: self.seed,
            curve: self.output.plot.is_some() || self.output.export.is_asked(),
        });
        let data = orbit.data()?;
        let answer = watched(quiet, |control| lifetime::answer(&question, &data, control))?;
        let said = (&answer, answer.caveats.as_slice());
        told(&self.output, quiet, said, report::lifetime::text, report::lifetime::svg)
    }
}

/// Plan the reboosts that keep an altitude band to a date.
///
/// One plan per percentile of the solar forecast: dates, delta-v and propellant by vehicle, with a
/// reserve for debris avoidance.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  zarya orbit keep --altitude-km 418 --low-km 414 --high-km 419 \
    --drag-area-m2-kg 0.007 --mass-kg 430000 --from 2026-03-15 --through 2028-12-31\n  zarya orbit \
    keep … --vehicle progress:300:800 --vehicle zvezda:290 --json -\n  zarya orbit keep --station iss \
    --through 2028-12-31\n\nA vehicle is NAME:ISP_S or NAME:ISP_S:PROPELLANT_KG; the first that has \
    the propellant pushes."
)]
pub(crate) struct KeepArgs {
    #[command(flatten)]
    orbit: OrbitArgs,
    /// Last day.
    #[arg(long, value_name = "DATE")]
    through: Date,
    /// Altitude at which a reboost is flown, km [default: the station's].
    #[arg(long, allow_negative_numbers = true, value_name = "KM")]
    low_km: Option<f64>,
    /// Altitude it leads to, km [default: the station's].
    #[arg(long, allow_negative_numbers = true, value_name = "KM")]
    high_km: Option<f64>,
    /// Factor on the density of NRLMSISE-00, which is too dense in deep solar minimum: 2018 to 2020 match
    /// 0.7, 2015-2016 and 2023 match 1.0 to 1.1.
    #[arg(long, allow_negative_numbers = true, default_value_t = DENSITY_SCALE_DEFAULT)]
    density_scale: f64,
    /// Mass of the station, kg [default: the station's].
    #[arg(long, allow_negative_numbers = true, value_name = "KG")]
    mass_kg: Option<f64>,
    /// A vehicle that pushes: NAME:ISP_S[:PROPELLANT_KG]; may be repeated.
    #[arg(long, value_name = "NAME:ISP_S[:KG]")]
    vehicle: Vec<keep::Pusher>,
    #[arg(long, allow_negative_numbers = true, value_name = "N", help = format!(
        "Avoidance burns in a year; 23 were flown in the 10.9 years to November 2024 [default: the \
         station's, without one {}]", keep::AVOIDANCE_PER_YEAR_DEFAULT
    ))]
    avoidance_per_year: Option<f64>,
    #[arg(long, allow_negative_numbers = true, value_name = "M/S", help = format!(
        "Delta-v of one, m/s; 0.3 to 1.0 is typical [default: the station's, without one {}]",
        keep::AVOIDANCE_M_S_DEFAULT
    ))]
    avoidance_m_s: Option<f64>,
    #[command(flatten)]
    path: PathArgs,
    #[command(flatten)]
    output: OutputArgs,
}

impl KeepArgs {
    fn run(&self, quiet: bool) -> Answer {
        let orbit = &self.orbit;
        self.path.check()?;
        let question = question!(keep, orbit, {
            low_km: self.low_km,
            high_km: self.high_km,
            density_scale: self.density_scale,
            mass_kg: self.mass_kg,
            vehicle: self.vehicle.clone(),
            avoidance_per_year: self.avoidance_per_year,
            avoidance_m_s: self.avoidance_m_s,
            through: self.through,
        });
        let data = orbit.data()?;
        let answer = watched(quiet, |control| keep::answer(&question, &data, control))?;
        self.path.write(quiet, || oem::keep(&answer), |to| sets::keep(&answer, to))?;
        let said = (&answer, answer.caveats.as_slice());
        told(&self.output, quiet, said, report::keep::text, report::keep::svg)
    }
}

/// Plan the controlled end of a station.
///
/// When to stop holding the altitude, by when the crew leaves, which burns are flown on which day
/// against what a vehicle carries, with margins as probabilities over worlds.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  zarya orbit deorbit --altitude-km 415 --drag-area-m2-kg 0.007 \
    --mass-kg 430000 --from 2026-03-15 --entry 2031-01-15\n  zarya orbit deorbit … --capacity-kg \
    16000 --isp-s 300 --crew-off-km 330,220 --crew-off-days 120 --json -\n  zarya orbit deorbit \
    --station iss --entry 2031-01-15\n\nThe altitude is held until lowering starts, on --from at the \
    earliest. Drag lowers the orbit from the start of lowering. Where it has not reached the leaving \
    altitude --crew-off-days before entry, burns do so on that day; --final-days before entry the last \
    burns lead to --final-km, and on the day of entry the perigee is lowered. Sources disagree whether \
    the crew leaves at 330 or 220 km: each altitude of --crew-off-km gets a plan of its own, the first \
    one in full. An altitude that is not above --final-km has no burns of its own: the crew leaves \
    before the last burns."
)]
pub(crate) struct DeorbitArgs {
    #[command(flatten)]
    orbit: OrbitArgs,
    /// Mass of the station at the end, kg, without the propellant of the burns [default: the
    /// station's].
    #[arg(long, allow_negative_numbers = true, value_name = "KG")]
    mass_kg: Option<f64>,
    /// The day of entry.
    #[arg(long, value_name = "DATE")]
    entry: Date,
    /// Altitudes at which the crew may leave, km, separated by commas: a plan for each.
    #[arg(long, allow_negative_numbers = true, value_name = "KM,KM…", value_delimiter = ',', default_values_t = deorbit::CREW_OFF_KM_DEFAULT)]
    crew_off_km: Vec<f64>,
    /// Days before entry by which the crew has left; without it 183, since the last crew is to leave
    /// about six months before entry.
    #[arg(long, allow_negative_numbers = true, value_name = "DAYS", value_parser = clap::value_parser!(u32)
        .range(i64::from(*deorbit::CREW_OFF_DAYS.start())..=i64::from(*deorbit::CREW_OFF_DAYS.end())))]
    crew_off_days: Option<u32>,
    /// Altitude of the last burns before the entry burn, km (below it only thrusters hold the
    /// attitude of the ISS).
    #[arg(long, allow_negative_numbers = true, value_name = "KM", default_value_t = deorbit::FINAL_KM_DEFAULT)]
    final_km: f64,
    /// Days before entry of those burns (a report on the plan for the ISS has four).
    #[arg(long, allow_negative_numbers = true, value_name = "DAYS", default_value_t = deorbit::FINAL_DAYS_DEFAULT)]
    final_days: u32,
    /// Perigee that the entry burn aims at, km (as NASA asked of the vehicle in 2022).
    #[arg(long, allow_negative_numbers = true, value_name = "KM", default_value_t = deorbit::PERIGEE_KM_DEFAULT)]
    perigee_km: f64,
    /// Propellant of the vehicle that ends it, kg; the planned one carries about 16 t.
    #[arg(long, allow_negative_numbers = true, value_name = "KG", default_value_t = deorbit::CAPACITY_KG_DEFAULT)]
    capacity_kg: f64,
    /// Its specific impulse, s (assumed: storable propellants).
    #[arg(long, allow_negative_numbers = true, value_name = "S", default_value_t = deorbit::ISP_S_DEFAULT)]
    isp_s: f64,
    /// Share of worlds in which drag may pass the final altitude before the last burns.
    #[arg(long, allow_negative_numbers = true, default_value_t = deorbit::EARLY_SHARE_DEFAULT)]
    early_share: f64,
    /// Worlds drawn.
    #[arg(long, default_value_t = deorbit::WORLDS_DEFAULT)]
    worlds: u32,
    /// Seed of the draws.
    #[arg(long, default_value_t = SEED_DEFAULT)]
    seed: u64,
    #[command(flatten)]
    path: PathArgs,
    #[command(flatten)]
    output: OutputArgs,
}

impl DeorbitArgs {
    fn run(&self, quiet: bool) -> Answer {
        let orbit = &self.orbit;
        self.path.check()?;
        let question = question!(deorbit, orbit, {
            mass_kg: self.mass_kg,
            entry: self.entry,
            crew_off_km: self.crew_off_km.clone(),
            crew_off_days: self.crew_off_days,
            final_km: self.final_km,
            final_days: self.final_days,
            perigee_km: self.perigee_km,
            capacity_kg: self.capacity_kg,
            isp_s: self.isp_s,
            early_share: self.early_share,
            worlds: self.worlds,
            seed: self.seed,
        });
        let data = orbit.data()?;
        let answer = watched(quiet, |control| deorbit::answer(&question, &data, control))?;
        self.path.write(quiet, || oem::deorbit(&answer), |to| sets::deorbit(&answer, to))?;
        let said = (&answer, answer.caveats.as_slice());
        told(&self.output, quiet, said, report::deorbit::text, report::deorbit::svg)
    }
}
