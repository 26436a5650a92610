//! Channels, loops, gyroscopes, their failures and the orbit: the tables of `zarya power`, which
//! may also stand in a case of `zarya air`.

use super::reading::{FEW, Names, Tables};
use zarya_orbit::{geometry, node};
use zarya_station::Code;
use zarya_station::case::{Node, Reader, Span, Table, Tree};
use zarya_systems::attitude::{self, Attitude};
use zarya_systems::heat::{self, Loop};
use zarya_systems::outlook::{Failure, Light, Lost, Named, Plant, moment};
use zarya_systems::parameters::{self, row};
use zarya_systems::power::{self, CHARGERS, Channel};
use zarya_systems::span::Efficiency;
use zarya_units::{DAYS_PER_YEAR, Date};

/// Where the Sun stands: fixed, or from the orbit plane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Orbit {
    pub(crate) altitude_km: f64,
    inclination_deg: f64,
    node_deg: Option<f64>,
    beta_deg: Option<f64>,
}

/// What `zarya power` reads.
#[derive(Clone, Debug)]
pub(crate) struct PowerFile {
    pub(crate) from: Date,
    pub(crate) through: Date,
    pub(crate) orbit: Orbit,
    pub(crate) efficiency: Efficiency,
    pub(crate) plant: Plant,
    pub(crate) loops: Vec<String>,
    /// What the file left out and what stands in its place.
    pub(crate) taken: Vec<String>,
}

impl Orbit {
    /// Returns an orbit with the Sun in its plane, where the shadow is longest.
    pub(crate) fn in_plane(altitude_km: f64) -> Self {
        let inclination_deg = geometry::ISS_INCLINATION_DEG;
        Self { altitude_km, inclination_deg, node_deg: None, beta_deg: Some(0.0) }
    }

    /// Returns altitude and Sun so many days after `from`.
    pub(crate) fn light(&self, from: Date, day: f64) -> Light {
        let mjd = from.mjd() + day;
        let beta_deg = self.beta_deg.unwrap_or_else(|| {
            let precession =
                geometry::nodal_precession_deg_d(self.altitude_km, self.inclination_deg);
            let node = self.node_deg.map_or_else(
                || node::iss_raan_deg(mjd, self.altitude_km),
                |n| n + precession * day,
            );
            geometry::beta_angle_deg(mjd, node, self.inclination_deg)
        });
        Light { day, altitude_km: self.altitude_km, beta_deg }
    }
}

impl Tables<'_> {
    /// Reads a whole file of `zarya power`.
    pub(super) fn power_file(&mut self, root: &Table) -> Option<PowerFile> {
        const TOP: [&str; 11] = [
            "from",
            "through",
            "crew",
            "dynamic",
            "orbit",
            "efficiency",
            "channel",
            "load",
            "loop",
            "attitude",
            "failure",
        ];
        let entries = self.read.entries(root, "", &TOP);
        let find = |name: &str| entries.iter().find(|(key, _)| *key == name).map(|(_, v)| *v);
        let Some(from) = find("from") else {
            self.read.problem(
                Code::CaseKeyMissing,
                Reader::START,
                "`from` is missing",
                "add the first day, such as `from = 2025-07-01`: arrays age and the Sun moves from it",
            );
            return None;
        };
        self.from = self.read.date(from);
        let from = self.from?;
        let mut taken = Vec::new();
        let through = find("through").and_then(|value| {
            let through = self.read.date(value)?;
            let days = through.mjd() - from.mjd();
            if !(0.0..=36_525.0).contains(&days) {
                self.read.problem(
                    Code::CaseContradiction,
                    value.span,
                    format!("through {through}, {days} days after {from}"),
                    "end on or after the first day, and within a hundred years",
                );
                return None;
            }
            Some(through)
        });
        let through = through.unwrap_or_else(|| {
            taken.push("through: three years, where none is stated".to_owned());
            let three_years = from.mjd() + 3.0 * DAYS_PER_YEAR;
            // The calendar of this program ends with 2199.
            Date::in_calendar(three_years).unwrap_or_else(|| Date::from_mjd(124_592.0))
        });
        let crew = find("crew").and_then(|value| self.read.count(value, "crew"));
        if crew.is_none() {
            taken.push("crew: not stated, so no heat of bodies is counted".to_owned());
        }
        let orbit = self.orbit(find("orbit"), &mut taken);
        let efficiency = self.efficiency(find("efficiency"));
        let channels = self.channels(find("channel"), from, &mut taken);
        let loads = find("load").map_or_else(Vec::new, |value| self.loads(value));
        if loads.is_empty() {
            taken.push("loads: none stated, so only capability is answered, not margin".to_owned());
        }
        let (loops, names) = self.loops(find("loop"), &mut taken);
        let (attitude, momentum_nms_d) = self.attitude(find("attitude"), &mut taken);
        let dynamic = find("dynamic").is_some_and(|value| {
            self.read.truth(value, "docking and reboost pass up to 6 kW across") == Some(true)
        });
        let failures = find("failure").map_or_else(Vec::new, |value| {
            self.failures(value, &channels, &names, attitude.gyroscopes)
        });
        Some(PowerFile {
            from,
            through,
            orbit,
            efficiency,
            plant: Plant {
                channels,
                loads,
                dynamic,
                loops,
                crew: crew.unwrap_or(0.0),
                attitude,
                momentum_nms_d,
                failures,
            },
            loops: names,
            taken,
        })
    }

    fn orbit(&mut self, value: Option<&Node>, taken: &mut Vec<String>) -> Orbit {
        let mut orbit = Orbit {
            altitude_km: 415.0,
            inclination_deg: geometry::ISS_INCLINATION_DEG,
            node_deg: None,
            beta_deg: None,
        };
        let mut stated = [false; 2];
        if let Some(table) = value.and_then(|value| self.read.table(value)) {
            let known = ["altitude", "inclination", "node", "beta"];
            for (key, value) in self.read.entries(table, "orbit", &known) {
                if key == "altitude" {
                    stated[0] = true;
                    let Some(km) = self.read.quantity(value, "km", "\"415 km\"") else { continue };
                    if (150.0..=2000.0).contains(&km) {
                        orbit.altitude_km = km;
                    } else {
                        self.read.problem(
                            Code::CaseContradiction,
                            value.span,
                            format!("an altitude of {km} km"),
                            "150 to 2000 km: below there is no orbit, above no such station",
                        );
                    }
                    continue;
                }
                stated[1] = true;
                let Some(degrees) = self.read.quantity(value, "deg", "\"51.64 deg\"") else {
                    continue;
                };
                match key {
                    "inclination" => orbit.inclination_deg = degrees,
                    "node" => orbit.node_deg = Some(degrees),
                    _ if degrees.abs() <= 90.0 => orbit.beta_deg = Some(degrees),
                    _ => self.read.problem(
                        Code::CaseContradiction,
                        value.span,
                        format!("a beta angle of {degrees} degrees"),
                        "-90 to 90 degrees",
                    ),
                }
            }
        }
        if !stated[0] {
            taken.push("altitude: 415 km, assumed where none is stated".to_owned());
        }
        if orbit.beta_deg.is_none() && orbit.node_deg.is_none() {
            taken.push(
                "orbit plane: that of the International Space Station, carried forward from its \
                 record to August 2024; years later its beta is right in range, not in date"
                    .to_owned(),
            );
        }
        orbit
    }

    fn efficiency(&mut self, value: Option<&Node>) -> Efficiency {
        let mut efficiency = Efficiency::tables();
        let Some(table) = value.and_then(|value| self.read.table(value)) else { return efficiency };
        for (key, value) in
            self.read.entries(table, "efficiency", &["degradation", "battery", "bus"])
        {
            if key == "degradation" {
                let given = self.spread(value, "%/y", "\"1.5 %/y\"", "efficiency.degradation");
                let Some(given) = given else { continue };
                if given.low < 0.0 || given.high > 50.0 {
                    let message = format!("a loss of {} % a year", given.value);
                    self.read.problem(
                        Code::CaseContradiction,
                        value.span,
                        message,
                        "0 to 50 % a year",
                    );
                }
                efficiency.degradation = given.times(0.01);
                continue;
            }
            let Some(percent) = self.read.quantity(value, "%", "\"80 %\"") else { continue };
            if !(percent > 0.0 && percent <= 100.0) {
                let message = format!("an efficiency of {percent} %");
                self.read.problem(
                    Code::CaseContradiction,
                    value.span,
                    message,
                    "above 0 and at most 100 %",
                );
            }
            let share = percent / 100.0;
            if key == "battery" {
                efficiency.battery = share;
            } else {
                efficiency.bus = share;
            }
        }
        efficiency
    }

    /// The channels of the file, or the station's eight.
    fn channels(
        &mut self,
        value: Option<&Node>,
        from: Date,
        taken: &mut Vec<String>,
    ) -> Vec<Named> {
        let Some(value) = value else {
            let iss = power::iss_channels();
            taken.push(format!(
                "channels: the station's eight with the launch dates of their parts, counted to {}",
                iss.counted_to
            ));
            let counted = Date::parse(&iss.counted_to).map_or(from.mjd(), Date::mjd);
            let later = (from.mjd() - counted) / DAYS_PER_YEAR;
            let aged = |(id, mut channel): (String, Channel)| {
                channel.wing_years += later;
                channel.rollout_years += later;
                Named { id, channel }
            };
            return iss.channels.into_iter().map(aged).collect();
        };
        let (mut channels, mut names) = (Vec::new(), Names::default());
        for (index, (table, span)) in self.read.few_tables(value, FEW).into_iter().enumerate() {
            if let Some(named) = self.channel(table, span, index, from) {
                if !names.add(&named.id) {
                    let message = format!("a second channel `{}`", named.id);
                    self.read.problem(
                        Code::CaseContradiction,
                        span,
                        message,
                        "give each channel its own `id`",
                    );
                }
                channels.push(named);
            }
        }
        channels
    }

    fn channel(&mut self, table: &Table, span: Span, index: usize, from: Date) -> Option<Named> {
        let path = format!("channel.{index}");
        let mut id = None;
        let mut channel = Channel {
            wing_kw: 0.0,
            rollout_kw: 0.0,
            wing_years: 0.0,
            rollout_years: 0.0,
            wing_health: 1.0,
            chargers: CHARGERS,
            switched: true,
        };
        let known = ["id", "wing", "wing_since", "rollout", "rollout_since", "health", "chargers"];
        for (key, value) in self.read.entries(table, &path, &known) {
            match key {
                "id" => id = self.read.text(value, "a name").map(ToOwned::to_owned),
                "wing" => channel.wing_kw = self.kilowatts(value, "\"31 kW\"")?,
                "rollout" => channel.rollout_kw = self.kilowatts(value, "\"20 kW\"")?,
                "wing_since" => {
                    channel.wing_years =
                        (from.mjd() - self.read.date(value)?.mjd()) / DAYS_PER_YEAR;
                }
                "rollout_since" => {
                    channel.rollout_years =
                        (from.mjd() - self.read.date(value)?.mjd()) / DAYS_PER_YEAR;
                }
                "health" => channel.wing_health = self.share(value)?,
                _ => {
                    let count = self.read.count(value, "chargers")?;
                    if count > f64::from(CHARGERS) {
                        let message = format!("{count} chargers on a channel");
                        self.read.problem(
                            Code::CaseContradiction,
                            value.span,
                            message,
                            "a channel has three",
                        );
                    }
                    channel.chargers = (count as u32).min(CHARGERS);
                }
            }
        }
        let Some(id) = id else {
            self.read.problem(
                Code::CaseKeyMissing,
                span,
                "a channel without an `id`",
                "name it, such as `id = \"2B\"`",
            );
            return None;
        };
        if channel.wing_kw + channel.rollout_kw <= 0.0 {
            self.read.problem(
                Code::CaseKeyMissing,
                span,
                format!("channel `{id}` has no array"),
                "write `wing = \"31 kW\"` and `wing_since`, or `rollout` and `rollout_since`",
            );
            return None;
        }
        Some(Named { id, channel })
    }

    fn share(&mut self, value: &Node) -> Option<f64> {
        let percent = self.read.quantity(value, "%", "\"80 %\"")?;
        if !(0.0..=100.0).contains(&percent) {
            self.read.problem(
                Code::CaseContradiction,
                value.span,
                format!("a share of {percent} %"),
                "0 to 100 %",
            );
            return None;
        }
        Some(percent / 100.0)
    }

    fn loops(&mut self, value: Option<&Node>, taken: &mut Vec<String>) -> (Vec<Loop>, Vec<String>) {
        let Some(value) = value else {
            taken.push("loops: the station's two, A and B".to_owned());
            return (heat::station_loops().to_vec(), vec!["A".to_owned(), "B".to_owned()]);
        };
        let [whole, _] = heat::station_loops();
        let (mut loops, mut names) = (Vec::new(), Names::default());
        for (index, (table, span)) in self.read.few_tables(value, FEW).into_iter().enumerate() {
            let mut one = whole;
            let mut id = None;
            let known = ["id", "capacity", "radiators"];
            for (key, value) in self.read.entries(table, &format!("loop.{index}"), &known) {
                match key {
                    "id" => id = self.read.text(value, "a name").map(ToOwned::to_owned),
                    "capacity" => {
                        one.capacity_kw = self.kilowatts(value, "\"35 kW\"").unwrap_or(0.0);
                    }
                    _ => one.radiators = self.share(value).unwrap_or(1.0),
                }
            }
            match id {
                Some(id) => {
                    if self.new_id("loop", &id, &mut names, &format!("loop.{index}"), span) {
                        loops.push(one);
                    }
                }
                None => self.read.problem(
                    Code::CaseKeyMissing,
                    span,
                    "a loop without an `id`",
                    "name it, such as `id = \"A\"`",
                ),
            }
        }
        (loops, names.all)
    }

    fn attitude(&mut self, value: Option<&Node>, taken: &mut Vec<String>) -> (Attitude, f64) {
        let table = parameters::power();
        let mut attitude = Attitude {
            gyroscopes: row(table, "gyroscopes").value as u32,
            powered: true,
            cooled: true,
            thrusters: true,
            computers: true,
            propellant_kg: 0.0,
        };
        let mut momentum = attitude::momentum_per_day().value;
        let mut stated = [false; 2];
        if let Some(table) = value.and_then(|value| self.read.table(value)) {
            let known = ["gyroscopes", "thrusters", "computers", "propellant", "momentum"];
            for (key, value) in self.read.entries(table, "attitude", &known) {
                match key {
                    "gyroscopes" => {
                        let count = self.read.count(value, "gyroscopes");
                        attitude.gyroscopes = count.map_or(0, |count| count as u32);
                    }
                    "propellant" => {
                        stated[0] = true;
                        let kg = self.read.quantity(value, "kg", "\"800 kg\"").unwrap_or(0.0);
                        if kg < 0.0 {
                            let message = format!("{kg} kg of propellant");
                            self.read.problem(
                                Code::CaseContradiction,
                                value.span,
                                message,
                                "write 0 or more",
                            );
                        }
                        attitude.propellant_kg = kg;
                    }
                    "momentum" => {
                        stated[1] = true;
                        let nms = self.read.quantity(value, "Nms", "\"5000 Nms\"");
                        momentum = nms.unwrap_or(momentum).abs();
                    }
                    key => {
                        let on = self.read.truth(value, "whether they can be used");
                        if key == "thrusters" {
                            attitude.thrusters = on == Some(true);
                        } else {
                            attitude.computers = on == Some(true);
                        }
                    }
                }
            }
        }
        if !stated[0] {
            // Without a tank no statement about its end: a year's unloading and more.
            attitude.propellant_kg = f64::INFINITY;
            taken.push("propellant for unloading: not stated, so it does not end".to_owned());
        }
        if !stated[1] {
            taken.push(
                "momentum: 5,000 Nms a day is assumed (1,000 to 20,000); no record was read"
                    .to_owned(),
            );
        }
        (attitude, momentum)
    }

    fn failures(
        &mut self,
        value: &Node,
        channels: &[Named],
        loops: &[String],
        gyroscopes: u32,
    ) -> Vec<Failure> {
        let mut failures = Vec::new();
        let channels = Names::of(channels.iter().map(|named| named.id.as_str()));
        let loops = Names::of(loops.iter().map(String::as_str));
        for (index, (table, span)) in self.read.few_tables(value, FEW).into_iter().enumerate() {
            let path = format!("failure.{index}");
            let known = [
                "date",
                "day",
                "until",
                "share",
                "wing",
                "rollout",
                "charger",
                "battery",
                "channel",
                "pair",
                "loop",
                "radiators",
                "gyroscopes",
                "thrusters",
                "computers",
                "name",
            ];
            let (mut day, mut until, mut share) = (None, None, 1.0);
            let mut what = Vec::new();
            for (key, value) in self.read.entries(table, &path, &known) {
                match key {
                    "date" | "day" => {
                        if day.is_some() {
                            self.dated_twice(value, "a failure");
                        }
                        day = self.day(key, value);
                    }
                    "until" => until = self.day("date", value),
                    "share" => share = self.share(value).unwrap_or(1.0),
                    "name" => {
                        let _ = self.read.text(value, "a name");
                    }
                    _ => what.push((key, value)),
                }
            }
            let [(key, value)] = what.as_slice() else {
                self.read.problem(
                    Code::CaseKeyMissing,
                    span,
                    format!("a failure loses one thing, and this one names {}", what.len()),
                    "write one of wing, rollout, charger, battery, channel (its id), pair (1 to 4), \
                     loop, radiators (its id), gyroscopes (how many), thrusters or computers (true)",
                );
                continue;
            };
            let lost = self.lost(key, value, share, &channels, &loops);
            let Some(day) = day else {
                self.read.problem(
                    Code::CaseKeyMissing,
                    span,
                    "a failure without a usable date",
                    "add `date = YYYY-MM-DD`, and `until` if it is repaired",
                );
                continue;
            };
            if until.is_some_and(|until| until <= day) {
                self.read.problem(
                    Code::CaseContradiction,
                    span,
                    "repaired before it fails",
                    "`until` is the day of the repair, after `date`",
                );
            }
            if let Some(Lost::Gyroscopes(lost)) = lost
                && lost > gyroscopes
            {
                self.read.problem(
                    Code::CaseContradiction,
                    value.span,
                    format!("{lost} gyroscopes fail, and there are {gyroscopes}"),
                    "lose at most what [attitude] has; without it the station has four",
                );
                continue;
            }
            failures.extend(lost.map(|lost| Failure { day, until, lost }));
        }
        failures
    }

    fn lost(
        &mut self,
        key: &str,
        value: &Node,
        share: f64,
        channels: &Names,
        loops: &Names,
    ) -> Option<Lost> {
        let one_of = |tables: &mut Self, names: &Names| {
            let name = tables.read.text(value, "a name")?;
            let found = names.place(name);
            if found.is_none() {
                let help = tables.read.nearest(name, names.iter()).map_or_else(
                    || format!("known: {}", names.iter().take(40).collect::<Vec<_>>().join(", ")),
                    |near| format!("the nearest is `{near}`"),
                );
                let message = format!("no {key} `{name}`");
                tables.read.problem(Code::CaseContradiction, value.span, message, help);
            }
            found
        };
        Some(match key {
            "wing" => Lost::Wing(one_of(self, channels)?, share),
            "rollout" => Lost::Rollout(one_of(self, channels)?, share),
            "charger" => Lost::Charger(one_of(self, channels)?),
            "battery" => Lost::Battery(one_of(self, channels)?),
            "channel" => Lost::Channel(one_of(self, channels)?),
            "loop" => Lost::Loop(one_of(self, loops)?),
            "radiators" => Lost::Radiators(one_of(self, loops)?, share),
            "pair" => {
                let pairs = channels.all.len().div_ceil(2);
                let pair = self.read.count(value, "the number of a pair")? as usize;
                if !(1..=pairs).contains(&pair) {
                    let help = format!("pairs are 1 to {pairs}, two neighboring channels each");
                    self.read.problem(
                        Code::CaseContradiction,
                        value.span,
                        format!("no pair {pair}"),
                        help,
                    );
                    return None;
                }
                Lost::Pair(pair - 1)
            }
            "gyroscopes" => Lost::Gyroscopes(self.read.count(value, "gyroscopes")? as u32),
            _ => {
                if !matches!(value.tree, Tree::Boolean(true)) {
                    self.read.wrong(value, "true", "write `true` to lose them");
                    return None;
                }
                if key == "thrusters" { Lost::Thrusters } else { Lost::Computers }
            }
        })
    }

    /// What the channels of an air case can carry, day by day: from its `[orbit]`, `[[channel]]`,
    /// `[[failure]]` and `[efficiency]`, at the middle of the degradation.
    pub(super) fn channels_daily(
        &mut self,
        at: Span,
        tables: [Option<&Node>; 4],
        days: usize,
    ) -> Option<Vec<f64>> {
        let Some(from) = self.from else {
            self.read.problem(
                Code::CaseKeyMissing,
                at,
                "power from channels, and the file does not say from when days count",
                "add `from = YYYY-MM-DD` at the top: arrays age and the Sun moves from it",
            );
            return None;
        };
        let (plant, orbit, efficiency) = self.channels_from(from, tables);
        let model = efficiency.model(efficiency.degradation.value);
        let kw =
            |day: usize| moment(&plant, &orbit.light(from, day as f64), 0.0, &model).capability_kw;
        Some((0..days).map(kw).collect())
    }

    /// Judges the tables of channels where nothing draws on them: a slip in them is one all the same.
    pub(super) fn judge_channels(&mut self, tables: [Option<&Node>; 4]) {
        if tables.iter().any(Option::is_some) {
            let from = self.from.unwrap_or_else(|| Date::from_mjd(51_137.0));
            self.channels_from(from, tables);
        }
    }

    fn channels_from(
        &mut self,
        from: Date,
        [orbit, efficiency, channels, failures]: [Option<&Node>; 4],
    ) -> (Plant, Orbit, Efficiency) {
        let mut taken = Vec::new();
        let orbit = self.orbit(orbit, &mut taken);
        let efficiency = self.efficiency(efficiency);
        let channels = self.channels(channels, from, &mut taken);
        let (loops, names) = self.loops(None, &mut taken);
        let (attitude, momentum_nms_d) = self.attitude(None, &mut taken);
        let failures = failures.map_or_else(Vec::new, |value| {
            self.failures(value, &channels, &names, attitude.gyroscopes)
        });
        let plant = Plant {
            channels,
            loads: Vec::new(),
            dynamic: false,
            loops,
            crew: 0.0,
            attitude,
            momentum_nms_d,
            failures,
        };
        (plant, orbit, efficiency)
    }
}
