//! The loss of altitude after a date, predicted from what was known before it.

use super::{Burn, Date, Inputs, Quantiles, Series, Sun, Texts, texts};
use crate::control::Control;
use crate::data::Data;
use crate::refusal::{About, Found, Refusal, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zarya_orbit::choice::Wanted;
use zarya_orbit::hindcast::{Question as Asked, hindcast, past_of};
use zarya_orbit::jb2008::Drivers;
use zarya_orbit::{bounds, drag};
use zarya_units::digest;

/// Worlds drawn where nothing else is said.
pub const WORLDS_DEFAULT: u32 = 1000;
/// Burns of the past that an answer shows.
const PAST_BURNS: usize = 5;
/// Days before the start that a picture shows.
const KNOWN_D: f64 = 60.0;

question! {
    /// From which series, and for which days.
    pub struct Question {
        /// The past series, a text handed in or several of one object: CSV, TLE, OMM or OEM.
        pub altitudes: Texts,
        /// The object, where the texts hold several: catalog number (alpha-5 or not), international designator,
        /// or name.
        #[serde(default)]
        pub object: Option<String>,
        /// First day of the prediction; the last row may lie at most 30 days before it.
        #[schemars(with = "String")]
        pub from: Date,
        /// Last day of the prediction, at most 40 years later.
        #[schemars(with = "String")]
        pub through: Date,
        /// `observed`, or the month of a forecast as issued, `YYYY-MM`, not after the first day; without it the
        /// latest issue whose month had begun by the first day.
        sun,
        /// The drivers of JB2008, to take the density from it; only with the observed Sun.
        #[serde(default)]
        pub jb2008: Option<Jb2008>,
        worlds,
    }
}

/// The drivers of JB2008: two texts handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Jb2008 {
    /// The text of `SOLFSMY.TXT`.
    pub solfsmy: String,
    /// The text of `DTCFILE.TXT`.
    pub dtcfile: String,
}

/// What is predicted.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// `orbit hindcast`.
    pub command: &'static str,
    /// First day of the prediction.
    #[schemars(with = "String")]
    pub from: Date,
    /// Last day of the prediction.
    #[schemars(with = "String")]
    pub through: Date,
    /// Days between them.
    pub days: f64,
    /// The Sun.
    pub sun: Sun,
    /// The rows of the series before the first day.
    pub input: Series,
    /// Rows used.
    pub rows_used: usize,
    /// Day of the last row used.
    #[schemars(with = "String")]
    pub last_row_used: Date,
    /// Mean altitude at the start, carried there from the last rows, km.
    pub start_altitude_km: f64,
    /// Loss of mean altitude, km; null where the orbit sinks below 150 km before the last day.
    pub drop_km: Quantiles,
    /// Drag area at the start, m2/kg.
    pub drag_area_m2_kg: f64,
    /// Its standard error.
    pub drag_area_standard_error_m2_kg: f64,
    /// Factor on the model's density at the start.
    pub density_scale: f64,
    /// Its standard error.
    pub density_scale_standard_error: f64,
    /// Relative standard error of their product, which alone is observed.
    pub product_relative_standard_error: f64,
    /// Where the rows are sparse: the drag that the loss between them asks for.
    pub sparse: Option<Sparse>,
    /// The day on which the median world sinks below 150 km, if it does.
    #[schemars(with = "Option<String>")]
    pub sinks_below_150_km: Option<Date>,
    /// What tells drag area and density apart.
    pub prior: Prior,
    /// The last burns found before the start, five at most.
    pub past_burns: Vec<Burn>,
    /// Altitudes by day.
    pub days_km: Vec<Day>,
    /// What weakens the answer.
    pub caveats: Vec<String>,
    /// What it rests on.
    pub inputs: Inputs,
    /// Burns found before the start, for the text.
    #[serde(skip)]
    pub n_past_burns: usize,
    /// Rows of the days before the start, as modified Julian date and altitude in km, for a picture.
    #[serde(skip)]
    pub known_km: Vec<(f64, f64)>,
}

/// What the loss between sparse rows says of the drag.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Sparse {
    /// Drag area times density scale by the last row, m2/kg: what a decay under the observed Sun needs.
    pub product_m2_kg: f64,
    /// Spans between rows that were used.
    pub spans: usize,
    /// Those in which a burn shows, which were not.
    pub spans_left_out: usize,
    /// Scatter of a row that was reckoned with, km.
    pub row_error_km: f64,
}

/// The prior of drag area and density scale.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Prior {
    /// Median of the drag area, m2/kg.
    pub drag_area_m2_kg: f64,
    /// Its spread, of the logarithm.
    pub drag_area_relative_spread: f64,
    /// Median of the density scale.
    pub density_scale: f64,
    /// Its spread, of the logarithm.
    pub density_scale_relative_spread: f64,
    /// Where it comes from.
    pub basis: String,
}

/// The altitude on a day; null below 150 km.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Day {
    /// The day.
    #[schemars(with = "String")]
    pub date: Date,
    /// Median over worlds, km.
    #[schemars(with = "Option<f64>")]
    pub altitude_km: f64,
    /// 5 %.
    #[schemars(with = "Option<f64>")]
    pub p05: f64,
    /// 95 %.
    #[schemars(with = "Option<f64>")]
    pub p95: f64,
}

/// Returns how far an orbit sinks after a date if nobody pushes, from the rows before it alone.
///
/// # Errors
///
/// When a field lies outside its bounds, a text is missing or wrong, the rows do not carry an estimate, or
/// the Sun asked for looks ahead or does not reach.
///
/// # Examples
///
/// ```
/// use zarya::units::Date;
/// use zarya::{Control, Data, orbit::hindcast};
///
/// let first = Date::parse("2016-03-01")?;
/// let rows = (0..60).map(|day| {
///     format!("{},{:.3}\n", first.plus_days(day), 404.0 - 0.05 * f64::from(day))
/// });
/// let series = format!("date,alt_mean_km\n{}", rows.collect::<String>());
/// let question: hindcast::Question = serde_json::from_str(
///     r#"{"altitudes": "iss.csv", "from": "2016-04-20", "through": "2016-05-20"}"#,
/// )?;
/// let data = Data::embedded().with_text("iss.csv", series);
/// let answer = hindcast::answer(&question, &data, &Control::silent())?;
/// assert!((0.5..3.5).contains(&answer.drop_km.p50), "{:?}", answer.drop_km);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    let q = question;
    let mut found = Found::default();
    texts::check(&mut found, "altitudes", &q.altitudes, q.object.as_deref());
    super::within(&mut found, "through", bounds::span(q.from, "through", q.through));
    super::worlds_within(&mut found, q.worlds, &super::WORLDS);
    let asked_sun = super::asked_sun!(q);
    let wanted = asked_sun.wanted(&mut found);
    if matches!(wanted, Wanted::Constant { .. }) {
        let why = "a hindcast learns the drag under the Sun that shone: a constant one is none";
        found.add(Refusal::field("sun", why));
    }
    if q.jb2008.is_some() && wanted != Wanted::Observed {
        let why = "`jb2008` needs `sun` observed: its drivers are measured, nobody forecasts them";
        found.add(Refusal::field("jb2008", why));
    }
    found.done()?;

    let mut found = Found::default();
    let track = found.keep(texts::series(data, "altitudes", &q.altitudes, q.object.as_deref()));
    let jb2008 = found.keep(q.jb2008.as_ref().map(|named| drivers(data, named)).transpose());
    let chosen = asked_sun.chosen(data, wanted, q.from, true);
    let chosen = found.keep(chosen);
    found.done()?;
    let (Some(track), Some(jb2008), Some((sun, mut caveats))) = (track, jb2008, chosen) else {
        unreachable!("found before")
    };

    let asked = Asked {
        from: q.from.mjd(),
        through: q.through.mjd(),
        sun: sun.choice(),
        jb2008: jb2008.as_ref().map(|(drivers, _)| drivers),
        worlds: q.worlds,
        seed: q.seed,
    };
    let cast =
        hindcast(&track, &asked, &super::watch(control)).map_err(|error| super::refused(&error))?;
    caveats.extend(cast.caveats);
    let mut inputs = Inputs::new(Some((q.worlds, q.seed))).under(&asked_sun, data);
    if let Some((_, digest)) = jb2008 {
        inputs.air = "JB2008, averaged over revolutions".into();
        inputs.jb2008_drivers_sha256 = Some(digest);
    }
    let start = q.from.mjd();
    let before = start - KNOWN_D..start;
    let known = track.fixes.iter().filter(|fix| before.contains(&fix.mjd));
    let day = |(i, km): (usize, &Quantiles)| Day {
        date: q.from.plus_days(i as i32),
        altitude_km: km.p50,
        p05: km.p05,
        p95: km.p95,
    };
    let past = cast.burns.len().saturating_sub(PAST_BURNS);
    Ok(Answer {
        command: "orbit hindcast",
        from: q.from,
        through: q.through,
        days: q.through.mjd() - start,
        sun: Sun::of(&sun),
        // Of the rows before the start: what came after must not show.
        input: Series::of(past_of(&track, start).as_ref().unwrap_or(&track)),
        rows_used: cast.rows,
        last_row_used: Date::from_mjd(cast.last_fix),
        start_altitude_km: cast.start_altitude_km,
        drop_km: cast.drop_km,
        drag_area_m2_kg: cast.split.drag_area_m2_kg,
        drag_area_standard_error_m2_kg: cast.split.drag_area_error_m2_kg,
        density_scale: cast.split.density_scale,
        density_scale_standard_error: cast.split.density_scale_error,
        product_relative_standard_error: cast.ln_drag_error,
        sparse: cast.loss.as_ref().map(|loss| Sparse {
            product_m2_kg: loss.product_m2_kg,
            spans: loss.spans,
            spans_left_out: loss.risen.len() + loss.doubtful.len(),
            row_error_km: loss.noise_km,
        }),
        sinks_below_150_km: cast.reentry,
        prior: Prior {
            drag_area_m2_kg: drag::PRIOR_DRAG_AREA_M2_KG,
            drag_area_relative_spread: drag::PRIOR_LN_AREA_SPREAD,
            density_scale: 1.0,
            density_scale_relative_spread: drag::PRIOR_LN_SCALE_SPREAD,
            basis:
                "assumed: only the product is observed; lognormal, about the station's drag before \
                    2012 and the error of the density model"
                    .into(),
        },
        past_burns: cast.burns[past..].iter().map(Burn::of).collect(),
        days_km: cast.days.iter().enumerate().map(day).collect(),
        caveats,
        inputs,
        n_past_burns: cast.burns.len(),
        known_km: known.map(|fix| (fix.mjd, fix.altitude_km)).collect(),
    })
}

/// Reads the drivers of JB2008, and returns their digest, too.
fn drivers(data: &Data, named: &Jb2008) -> Result<(Drivers, String), Refusals> {
    let about = || About::Field("jb2008".to_owned());
    let mut found = Found::default();
    for name in [&named.solfsmy, &named.dtcfile] {
        if data.bytes(name).is_none() {
            let why = format!(
                "`jb2008`: no {name} there; the drivers of JB2008 are SOLFSMY.TXT and DTCFILE.TXT of Space \
                 Environment Technologies, which may not be passed on and are not part of this program"
            );
            found.add(Refusal::unanswerable(about(), why));
        }
    }
    found.done()?;
    let solfsmy = data.text("jb2008", &named.solfsmy)?;
    let dtcfile = data.text("jb2008", &named.dtcfile)?;
    let drivers = Drivers::read(solfsmy, dtcfile)
        .map_err(|error| Refusal::unanswerable(about(), error.to_string()))?;
    Ok((drivers, digest::of_bytes((solfsmy.to_owned() + dtcfile).as_bytes())))
}
