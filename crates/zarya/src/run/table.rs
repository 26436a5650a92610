//! The ensemble as tables: Parquet and CSV, one row per history, and one row per sample.
//!
//! Column names end in their unit, as in house tables; ids keep their words with `_` for `-`.
//! A breach that did not happen is null in Parquet and empty in CSV.

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;
use zarya_simulation::Plan;
use zarya_simulation::outcome::{Breach, Outcome, Rung};
use zarya_station::model::Count;
use zarya_units::{Date, Mjd};

/// The names that the lists of an [`Outcome`] are in the order of.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    /// Ids of the capabilities.
    pub(super) capabilities: Vec<String>,
    /// Names of the subsystems.
    pub(super) subsystems: Vec<String>,
    /// Ids of the unit types.
    pub(super) types: Vec<String>,
    /// Ids of the causes.
    pub(super) causes: Vec<String>,
    /// Id and unit of the sampled series.
    pub(super) series: Vec<(String, String)>,
    /// Dates of the samples.
    pub(super) sample_dates: Vec<Mjd>,
}

impl Layout {
    /// Returns the names of a plan.
    pub(super) fn of(plan: &Plan) -> Self {
        Self {
            capabilities: plan.capabilities.iter().map(|c| c.id.clone()).collect(),
            subsystems: plan.subsystems.clone(),
            types: plan.types.iter().map(|t| t.id.clone()).collect(),
            causes: plan.causes.iter().map(|c| c.id.clone()).collect(),
            series: plan.series.iter().map(|s| (s.id.clone(), s.unit.to_owned())).collect(),
            sample_dates: plan.sample_dates.clone(),
        }
    }
}

/// How a tier's first breach is read from an outcome.
type BreachOf = fn(&Outcome) -> Option<Breach>;

/// How days by unit type are read from an outcome.
type DaysOf = fn(&Outcome) -> &[f32];

/// One column of a table.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) values: Values,
}

impl Column {
    /// A column of that name.
    pub(super) fn new(name: &str, values: Values) -> Self {
        Self { name: name.to_owned(), values }
    }
}

/// The values of a column.
pub(super) enum Values {
    Whole(Vec<i64>),
    Double(Vec<f64>),
    Single(Vec<f32>),
    Text(Vec<String>),
    DoubleOrNone(Vec<Option<f64>>),
    TextOrNone(Vec<Option<String>>),
    Day(Vec<i32>),
    DayOrNone(Vec<Option<i32>>),
}

/// Modified Julian date of 1970-01-01, from which Parquet counts days.
const MJD_UNIX: f64 = 40_587.0;

/// Writes the ensemble as Parquet, a row group per part.
///
/// # Errors
///
/// Whatever reading a part or writing returns.
pub(super) fn write_parquet<W: Write + Send>(
    to: W,
    layout: &Layout,
    about: &[(&str, String)],
    parts: impl Iterator<Item = io::Result<Vec<Outcome>>>,
) -> io::Result<()> {
    let parts = parts.map(|part| part.map(|outcomes| history_columns(layout, &outcomes)));
    parquet_of(to, &history_columns(layout, &[]), about, parts)
}

/// Writes the sampled series as Parquet: one row per history and date, a column per series.
///
/// # Errors
///
/// Whatever reading a part or writing returns.
pub(super) fn write_series<W: Write + Send>(
    to: W,
    layout: &Layout,
    about: &[(&str, String)],
    parts: impl Iterator<Item = io::Result<Vec<Outcome>>>,
) -> io::Result<()> {
    let parts = parts.map(|part| part.map(|outcomes| series_columns(layout, &outcomes)));
    parquet_of(to, &series_columns(layout, &[]), about, parts)
}

/// Writes one table as Parquet.
///
/// # Errors
///
/// Whatever writing returns.
pub(super) fn write_columns<W: Write + Send>(
    to: W,
    columns: &[Column],
    about: &[(&str, String)],
) -> io::Result<()> {
    parquet_of(to, columns, about, std::iter::once(Ok(columns)))
}

/// Writes the ensemble as CSV with a header line.
///
/// # Errors
///
/// Whatever reading a part or writing returns.
pub(super) fn write_csv<W: Write>(
    to: W,
    layout: &Layout,
    parts: impl Iterator<Item = io::Result<Vec<Outcome>>>,
) -> io::Result<()> {
    let mut to = io::BufWriter::new(to);
    let head = history_columns(layout, &[]);
    let names: Vec<_> = head.iter().map(|column| quoted(&column.name)).collect();
    writeln!(to, "{}", names.join(","))?;
    let mut line = String::new();
    for part in parts {
        let outcomes = part?;
        let columns = history_columns(layout, &outcomes);
        for row in 0..outcomes.len() {
            line.clear();
            for (place, column) in columns.iter().enumerate() {
                if place != 0 {
                    line.push(',');
                }
                column.values.push_cell(row, &mut line);
            }
            writeln!(to, "{line}")?;
        }
    }
    to.flush()
}

fn history_columns(layout: &Layout, outcomes: &[Outcome]) -> Vec<Column> {
    let mut columns = Vec::new();
    let mut add = |name: String, values: Values| columns.push(Column { name, values });
    let whole = |get: &dyn Fn(&Outcome) -> i64| Values::Whole(outcomes.iter().map(get).collect());
    let double = |get: &dyn Fn(&Outcome) -> f64| Values::Double(outcomes.iter().map(get).collect());

    add("history".into(), whole(&|o| o.history.into()));
    add("world".into(), whole(&|o| o.world.into()));
    let ends = outcomes.iter().map(|o| o.end_state.name().to_owned());
    add("end_state".into(), Values::Text(ends.collect()));
    let tiers: [(&str, BreachOf); 5] = [
        ("survives", |o| o.survives),
        ("crewed", |o| o.crewed),
        ("full", |o| o.full),
        ("own_survives", |o| o.own_survives),
        ("own_crewed", |o| o.own_crewed),
    ];
    for (tier, breach) in tiers {
        let days = outcomes.iter().map(|o| breach(o).map(|b| (b.at.floor() - MJD_UNIX) as i32));
        add(format!("{tier}_breach_date"), Values::DayOrNone(days.collect()));
        let instants = outcomes.iter().map(|o| breach(o).map(|b| b.at));
        add(format!("{tier}_breach_mjd"), Values::DoubleOrNone(instants.collect()));
        let name = |index: u16| {
            layout.causes.get(usize::from(index)).map_or_else(|| index.to_string(), Clone::clone)
        };
        let direct = outcomes.iter().map(|o| breach(o).map(|b| name(b.cause.direct)));
        add(format!("{tier}_breach_cause"), Values::TextOrNone(direct.collect()));
        let root = outcomes.iter().map(|o| breach(o).map(|b| name(b.cause.root)));
        add(format!("{tier}_breach_root"), Values::TextOrNone(root.collect()));
    }
    add("past_missed".into(), whole(&|o| o.past_missed.into()));
    for (bit, rung) in Rung::ALL.into_iter().enumerate() {
        let name = format!("reached_{}", rung_name(rung));
        add(name, whole(&|o| i64::from(o.rungs >> bit & 1)));
    }
    for count in Count::every("") {
        let name = format!("n_{}", word(&count.to_string()));
        add(name, whole(&|o| o.counts.get(count).into()));
    }
    add("cargo_kg".into(), double(&|o| o.cargo_kg));
    add("research_h".into(), double(&|o| o.research_h));
    add("upkeep_h".into(), double(&|o| o.upkeep_h));
    add("propellant_kg".into(), double(&|o| o.propellant_kg));
    add("deorbit_share".into(), double(&|o| o.deorbit_share));
    for (place, id) in layout.capabilities.iter().enumerate() {
        let days = outcomes.iter().map(|o| o.short_d.get(place).copied().unwrap_or(0.0));
        add(format!("short_{}_d", word(id)), Values::Single(days.collect()));
    }
    for (place, id) in layout.subsystems.iter().enumerate() {
        let of = |o: &Outcome| o.failures_by_subsystem.get(place).copied().unwrap_or(0).into();
        add(format!("failures_{}", word(id)), whole(&of));
    }
    for (place, id) in layout.types.iter().enumerate() {
        let of = |o: &Outcome| o.failures_by_type.get(place).copied().unwrap_or(0).into();
        add(format!("failures_of_{}", word(id)), whole(&of));
    }
    let lists: [(&str, DaysOf); 2] =
        [("stock_out", |o| &o.stock_out_d), ("own_stock_out", |o| &o.own_stock_d)];
    for (name, list) in lists {
        for (place, id) in layout.types.iter().enumerate() {
            let days = outcomes
                .iter()
                .map(|o| list(o).get(place).filter(|d| d.is_finite()).map(|d| f64::from(*d)));
            add(format!("{name}_{}_d", word(id)), Values::DoubleOrNone(days.collect()));
        }
    }
    columns
}

fn series_columns(layout: &Layout, outcomes: &[Outcome]) -> Vec<Column> {
    let n_dates = layout.sample_dates.len();
    let n_series = layout.series.len();
    let rows = || outcomes.iter().flat_map(|o| (0..n_dates).map(move |date| (o, date)));
    let mut columns = vec![
        Column {
            name: "history".into(),
            values: Values::Whole(rows().map(|(o, _)| o.history.into()).collect()),
        },
        Column {
            name: "date".into(),
            values: Values::Day(
                rows()
                    .map(|(_, date)| (layout.sample_dates[date].floor() - MJD_UNIX) as i32)
                    .collect(),
            ),
        },
    ];
    for (place, (id, unit)) in layout.series.iter().enumerate() {
        let sample = |(o, date): (&Outcome, usize)| {
            // A history ends where it ends; later samples do not exist.
            o.samples.get(date * n_series + place).copied().unwrap_or(f32::NAN)
        };
        let unit = word(&unit.replace('/', "_"));
        let name =
            if unit.is_empty() || unit == "1" { word(id) } else { format!("{}_{unit}", word(id)) };
        columns.push(Column { name, values: Values::Single(rows().map(sample).collect()) });
    }
    columns
}

fn rung_name(rung: Rung) -> &'static str {
    match rung {
        Rung::Workaround => "workaround",
        Rung::Rationing => "rationing",
        Rung::ExpeditedFlight => "expedited_flight",
        Rung::Shelter => "shelter",
        Rung::Isolation => "isolation",
        Rung::CrewReduction => "crew_reduction",
        Rung::Evacuation => "evacuation",
        Rung::LossOfStation => "loss_of_station",
    }
}

/// An id as a column name: letters, digits and `_`.
fn word(id: &str) -> String {
    id.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect()
}

fn parquet_of<W: Write + Send>(
    to: W,
    head: &[Column],
    about: &[(&str, String)],
    parts: impl Iterator<Item = io::Result<impl AsRef<[Column]>>>,
) -> io::Result<()> {
    let fields = head.iter().map(|column| column.field().map(Arc::new));
    let fields = fields.collect::<Result<Vec<_>, _>>().map_err(io_error)?;
    let schema = Type::group_type_builder("ensemble").with_fields(fields).build();
    let schema = Arc::new(schema.map_err(io_error)?);
    let about = about.iter().map(|(key, value)| KeyValue::new((*key).into(), value.clone()));
    let properties = WriterProperties::builder()
        .set_created_by(format!("zarya {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(about.collect()))
        .build();
    let mut writer =
        SerializedFileWriter::new(to, schema, Arc::new(properties)).map_err(io_error)?;
    for part in parts {
        let columns = part?;
        let mut group = writer.next_row_group().map_err(io_error)?;
        for column in columns.as_ref() {
            let mut to = group
                .next_column()
                .map_err(io_error)?
                .expect("as many columns in a part as in the head");
            column.values.write(to.untyped()).map_err(io_error)?;
            to.close().map_err(io_error)?;
        }
        group.close().map_err(io_error)?;
    }
    writer.close().map_err(io_error)?;
    Ok(())
}

fn io_error(error: ParquetError) -> io::Error {
    match error {
        // A full disk comes through here; keep its kind.
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(inner) => *inner,
            Err(inner) => io::Error::other(inner),
        },
        other => io::Error::other(other),
    }
}

impl Column {
    fn field(&self) -> Result<Type, ParquetError> {
        let (physical, logical, repetition) = match self.values {
            Values::Whole(_) => (Physical::INT64, None, Repetition::REQUIRED),
            Values::Double(_) => (Physical::DOUBLE, None, Repetition::REQUIRED),
            Values::Single(_) => (Physical::FLOAT, None, Repetition::REQUIRED),
            Values::Text(_) => {
                (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::REQUIRED)
            }
            Values::DoubleOrNone(_) => (Physical::DOUBLE, None, Repetition::OPTIONAL),
            Values::TextOrNone(_) => {
                (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::OPTIONAL)
            }
            Values::Day(_) => (Physical::INT32, Some(LogicalType::Date), Repetition::REQUIRED),
            Values::DayOrNone(_) => {
                (Physical::INT32, Some(LogicalType::Date), Repetition::OPTIONAL)
            }
        };
        Type::primitive_type_builder(&self.name, physical)
            .with_logical_type(logical)
            .with_repetition(repetition)
            .build()
    }
}

impl Values {
    fn write(&self, to: &mut ColumnWriter) -> Result<(), ParquetError> {
        let text = |t: &String| ByteArray::from(t.as_bytes().to_vec());
        match (self, to) {
            (Self::Whole(values), ColumnWriter::Int64ColumnWriter(to)) => {
                to.write_batch(values, None, None)?;
            }
            (Self::Double(values), ColumnWriter::DoubleColumnWriter(to)) => {
                to.write_batch(values, None, None)?;
            }
            (Self::Single(values), ColumnWriter::FloatColumnWriter(to)) => {
                to.write_batch(values, None, None)?;
            }
            (Self::Text(values), ColumnWriter::ByteArrayColumnWriter(to)) => {
                to.write_batch(&values.iter().map(text).collect::<Vec<_>>(), None, None)?;
            }
            (Self::Day(values), ColumnWriter::Int32ColumnWriter(to)) => {
                to.write_batch(values, None, None)?;
            }
            (Self::DoubleOrNone(values), ColumnWriter::DoubleColumnWriter(to)) => {
                let some: Vec<f64> = values.iter().flatten().copied().collect();
                to.write_batch(&some, Some(&levels(values)), None)?;
            }
            (Self::DayOrNone(values), ColumnWriter::Int32ColumnWriter(to)) => {
                let some: Vec<i32> = values.iter().flatten().copied().collect();
                to.write_batch(&some, Some(&levels(values)), None)?;
            }
            (Self::TextOrNone(values), ColumnWriter::ByteArrayColumnWriter(to)) => {
                let some: Vec<_> = values.iter().flatten().map(text).collect();
                to.write_batch(&some, Some(&levels(values)), None)?;
            }
            _ => unreachable!("the writer follows the column's own field"),
        }
        Ok(())
    }

    fn push_cell(&self, row: usize, line: &mut String) {
        let day = |day: i32| Date::from_mjd(f64::from(day) + MJD_UNIX);
        let _ = match self {
            Self::Whole(values) => write!(line, "{}", values[row]),
            Self::Double(values) => write!(line, "{}", values[row]),
            Self::Single(values) => write!(line, "{}", values[row]),
            Self::Text(values) => write!(line, "{}", quoted(&values[row])),
            Self::Day(values) => write!(line, "{}", day(values[row])),
            Self::DoubleOrNone(values) => values[row].map_or(Ok(()), |v| write!(line, "{v}")),
            Self::DayOrNone(values) => values[row].map_or(Ok(()), |v| write!(line, "{}", day(v))),
            Self::TextOrNone(values) => {
                values[row].as_ref().map_or(Ok(()), |v| write!(line, "{}", quoted(v)))
            }
        };
    }
}

/// Definition levels of an optional column: 1 where there is a value.
fn levels<T>(values: &[Option<T>]) -> Vec<i16> {
    values.iter().map(|value| i16::from(value.is_some())).collect()
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
