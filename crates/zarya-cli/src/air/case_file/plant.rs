//! Channels, loops, gyroscopes, their failures and the orbit: the tables of `zarya power`, which
//! may also stand in a case of `zarya air`.

use super::{Reader, Value, nearest};
use std::ops::Range;
use toml::de::DeTable;
use zarya_orbit::{geometry, node};
use zarya_systems::attitude::{self, Attitude};
use zarya_systems::heat::{self, Loop};
use zarya_systems::outlook::{Failure, Light, Lost, Named, Plant, moment};
use zarya_systems::parameters::{self, Spread, row};
use zarya_systems::power::{self, CHARGERS, Channel, PowerModel};
use zarya_units::{DAYS_PER_YEAR, Date};

/// Where the Sun stands: fixed, or from the orbit plane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Orbit {
    pub(crate) altitude_km: f64,
    inclination_deg: f64,
    node_deg: Option<f64>,
    beta_deg: Option<f64>,
}

/// How much of the power is left: losses a year and efficiencies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Efficiency {
    /// Share of array power lost per year.
    pub(crate) degradation: Spread,
    pub(crate) battery: f64,
    pub(crate) bus: f64,
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

impl Efficiency {
    /// The published values.
    fn tables() -> Self {
        let table = parameters::power();
        Self {
            degradation: row(table, "degradation").spread("%/y").times(0.01),
            battery: row(table, "battery-efficiency").value,
            bus: row(table, "bus-efficiency").value,
        }
    }

    /// Returns the model at a yearly loss.
    pub(crate) fn model(&self, degradation_per_year: f64) -> PowerModel {
        PowerModel {
            degradation_per_year,
            battery_efficiency: self.battery,
            bus_efficiency: self.bus,
            covered_share: row(parameters::power(), "covered-share").value,
        }
    }
}

impl Reader {
    /// Reads a whole file of `zarya power`.
    pub(super) fn power_file(&mut self, root: &DeTable<'_>) -> Option<PowerFile> {
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
        let entries = self.entries(root, "", &TOP);
        let find = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, v)| *v);
        let Some(from) = find("from") else {
            self.problem(
                "ZA004",
                0..0,
                "`from` is missing",
                "add the first day, such as `from = 2025-07-01`: arrays age and the Sun moves from it",
            );
            return None;
        };
        self.from = self.date(from);
        let from = self.from?;
        let mut taken = Vec::new();
        let through = find("through").and_then(|value| {
            let through = self.date(value)?;
            let days = through.mjd() - from.mjd();
            if !(0.0..=36_525.0).contains(&days) {
                self.problem(
                    "ZA005",
                    value.span(),
                    format!("through {through}, {days} days after {from}"),
                    "end on or after the first day, and within a hundred years",
                );
            }
            Some(through)
        });
        let through = through.unwrap_or_else(|| {
            taken.push("through: three years, where none is stated".to_owned());
            Date::from_mjd(from.mjd() + 3.0 * DAYS_PER_YEAR)
        });
        let crew = find("crew").and_then(|value| self.count(value, "crew"));
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
            let on = value.get_ref().as_bool();
            if on.is_none() {
                self.wrong(value, "true or false", "docking and reboost pass up to 6 kW across");
            }
            on == Some(true)
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

    fn orbit(&mut self, value: Option<&Value<'_>>, taken: &mut Vec<String>) -> Orbit {
        let mut orbit = Orbit {
            altitude_km: 415.0,
            inclination_deg: geometry::ISS_INCLINATION_DEG,
            node_deg: None,
            beta_deg: None,
        };
        let mut stated = [false; 2];
        if let Some(table) = value.and_then(|value| self.table(value)) {
            let known = ["altitude", "inclination", "node", "beta"];
            for (key, value) in self.entries(table, "orbit", &known) {
                if key == "altitude" {
                    stated[0] = true;
                    let Some(km) = self.quantity(value, "km", "\"415 km\"") else { continue };
                    if (150.0..=2000.0).contains(&km) {
                        orbit.altitude_km = km;
                    } else {
                        self.problem(
                            "ZA005",
                            value.span(),
                            format!("an altitude of {km} km"),
                            "150 to 2000 km: below there is no orbit, above no such station",
                        );
                    }
                    continue;
                }
                stated[1] = true;
                let Some(degrees) = self.quantity(value, "deg", "\"51.64 deg\"") else { continue };
                match key.as_str() {
                    "inclination" => orbit.inclination_deg = degrees,
                    "node" => orbit.node_deg = Some(degrees),
                    _ if degrees.abs() <= 90.0 => orbit.beta_deg = Some(degrees),
                    _ => self.problem(
                        "ZA005",
                        value.span(),
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

    fn efficiency(&mut self, value: Option<&Value<'_>>) -> Efficiency {
        let mut efficiency = Efficiency::tables();
        let Some(table) = value.and_then(|value| self.table(value)) else { return efficiency };
        for (key, value) in self.entries(table, "efficiency", &["degradation", "battery", "bus"]) {
            if key == "degradation" {
                let given = self.spread(value, "%/y", "\"1.5 %/y\"", "efficiency.degradation");
                let Some(given) = given else { continue };
                if given.low < 0.0 || given.high > 50.0 {
                    let message = format!("a loss of {} % a year", given.value);
                    self.problem("ZA005", value.span(), message, "0 to 50 % a year");
                }
                efficiency.degradation = given.times(0.01);
                continue;
            }
            let Some(percent) = self.quantity(value, "%", "\"80 %\"") else { continue };
            if !(percent > 0.0 && percent <= 100.0) {
                let message = format!("an efficiency of {percent} %");
                self.problem("ZA005", value.span(), message, "above 0 and at most 100 %");
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
        value: Option<&Value<'_>>,
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
        let mut channels: Vec<Named> = Vec::new();
        for (index, (table, span)) in self.tables(value).into_iter().enumerate() {
            if let Some(named) = self.channel(table, span.clone(), index, from) {
                if channels.iter().any(|known| known.id == named.id) {
                    let message = format!("a second channel `{}`", named.id);
                    self.problem("ZA005", span, message, "give each channel its own `id`");
                }
                channels.push(named);
            }
        }
        channels
    }

    fn channel(
        &mut self,
        table: &DeTable<'_>,
        span: Range<usize>,
        index: usize,
        from: Date,
    ) -> Option<Named> {
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
        for (key, value) in self.entries(table, &path, &known) {
            match key.as_str() {
                "id" => id = self.text(value, "a name").map(ToOwned::to_owned),
                "wing" => channel.wing_kw = self.kilowatts(value, "\"31 kW\"")?,
                "rollout" => channel.rollout_kw = self.kilowatts(value, "\"20 kW\"")?,
                "wing_since" => {
                    channel.wing_years = (from.mjd() - self.date(value)?.mjd()) / DAYS_PER_YEAR;
                }
                "rollout_since" => {
                    channel.rollout_years = (from.mjd() - self.date(value)?.mjd()) / DAYS_PER_YEAR;
                }
                "health" => channel.wing_health = self.share(value)?,
                _ => {
                    let count = self.count(value, "chargers")?;
                    if count > f64::from(CHARGERS) {
                        let message = format!("{count} chargers on a channel");
                        self.problem("ZA005", value.span(), message, "a channel has three");
                    }
                    channel.chargers = (count as u32).min(CHARGERS);
                }
            }
        }
        let Some(id) = id else {
            self.problem(
                "ZA004",
                span,
                "a channel without an `id`",
                "name it, such as `id = \"2B\"`",
            );
            return None;
        };
        if channel.wing_kw + channel.rollout_kw <= 0.0 {
            self.problem(
                "ZA004",
                span,
                format!("channel `{id}` has no array"),
                "write `wing = \"31 kW\"` and `wing_since`, or `rollout` and `rollout_since`",
            );
            return None;
        }
        Some(Named { id, channel })
    }

    fn share(&mut self, value: &Value<'_>) -> Option<f64> {
        let percent = self.quantity(value, "%", "\"80 %\"")?;
        if !(0.0..=100.0).contains(&percent) {
            self.problem("ZA005", value.span(), format!("a share of {percent} %"), "0 to 100 %");
            return None;
        }
        Some(percent / 100.0)
    }

    fn loops(
        &mut self,
        value: Option<&Value<'_>>,
        taken: &mut Vec<String>,
    ) -> (Vec<Loop>, Vec<String>) {
        let Some(value) = value else {
            taken.push("loops: the station's two, A and B".to_owned());
            return (heat::station_loops().to_vec(), vec!["A".to_owned(), "B".to_owned()]);
        };
        let [whole, _] = heat::station_loops();
        let (mut loops, mut names) = (Vec::new(), Vec::new());
        for (index, (table, span)) in self.tables(value).into_iter().enumerate() {
            let mut one = whole;
            let mut id = None;
            let known = ["id", "capacity", "radiators"];
            for (key, value) in self.entries(table, &format!("loop.{index}"), &known) {
                match key.as_str() {
                    "id" => id = self.text(value, "a name").map(ToOwned::to_owned),
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
                None => self.problem(
                    "ZA004",
                    span,
                    "a loop without an `id`",
                    "name it, such as `id = \"A\"`",
                ),
            }
        }
        (loops, names)
    }

    fn attitude(&mut self, value: Option<&Value<'_>>, taken: &mut Vec<String>) -> (Attitude, f64) {
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
        if let Some(table) = value.and_then(|value| self.table(value)) {
            let known = ["gyroscopes", "thrusters", "computers", "propellant", "momentum"];
            for (key, value) in self.entries(table, "attitude", &known) {
                match key.as_str() {
                    "gyroscopes" => {
                        let count = self.count(value, "gyroscopes");
                        attitude.gyroscopes = count.map_or(0, |count| count as u32);
                    }
                    "propellant" => {
                        stated[0] = true;
                        let kg = self.quantity(value, "kg", "\"800 kg\"").unwrap_or(0.0);
                        if kg < 0.0 {
                            let message = format!("{kg} kg of propellant");
                            self.problem("ZA005", value.span(), message, "write 0 or more");
                        }
                        attitude.propellant_kg = kg;
                    }
                    "momentum" => {
                        stated[1] = true;
                        let nms = self.quantity(value, "Nms", "\"5000 Nms\"");
                        momentum = nms.unwrap_or(momentum).abs();
                    }
                    key => {
                        let on = value.get_ref().as_bool();
                        if on.is_none() {
                            self.wrong(value, "true or false", "whether they can be used");
                        }
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
        value: &Value<'_>,
        channels: &[Named],
        loops: &[String],
        gyroscopes: u32,
    ) -> Vec<Failure> {
        let mut failures = Vec::new();
        for (index, (table, span)) in self.tables(value).into_iter().enumerate() {
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
            let entries = self.entries(table, &path, &known);
            for (key, value) in &entries {
                match key.as_str() {
                    "date" | "day" => {
                        if day.is_some() {
                            self.dated_twice(value, "a failure");
                        }
                        day = self.day(key, value);
                    }
                    "until" => until = self.day("date", value),
                    "share" => share = self.share(value).unwrap_or(1.0),
                    "name" => {
                        let _ = self.text(value, "a name");
                    }
                    _ => what.push((key.as_str(), *value)),
                }
            }
            let [(key, value)] = what.as_slice() else {
                self.problem(
                    "ZA004",
                    span,
                    format!("a failure loses one thing, and this one names {}", what.len()),
                    "write one of wing, rollout, charger, battery, channel (its id), pair (1 to 4), \
                     loop, radiators (its id), gyroscopes (how many), thrusters or computers (true)",
                );
                continue;
            };
            let lost = self.lost(key, value, share, channels, loops);
            let Some(day) = day else {
                self.problem(
                    "ZA004",
                    span,
                    "a failure without a usable date",
                    "add `date = YYYY-MM-DD`, and `until` if it is repaired",
                );
                continue;
            };
            if until.is_some_and(|until| until <= day) {
                self.problem(
                    "ZA005",
                    span,
                    "repaired before it fails",
                    "`until` is the day of the repair, after `date`",
                );
            }
            if let Some(Lost::Gyroscopes(lost)) = lost
                && lost > gyroscopes
            {
                self.problem(
                    "ZA005",
                    value.span(),
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
        value: &Value<'_>,
        share: f64,
        channels: &[Named],
        loops: &[String],
    ) -> Option<Lost> {
        let one_of = |reader: &mut Self, names: Vec<&str>| {
            let name = reader.text(value, "a name")?;
            let found = names.iter().position(|known| *known == name);
            if found.is_none() {
                let near = nearest(name, &names);
                let help = near.map_or_else(
                    || format!("known: {}", names.join(", ")),
                    |near| format!("the nearest is `{near}`"),
                );
                reader.problem("ZA005", value.span(), format!("no {key} `{name}`"), help);
            }
            found
        };
        let channel_names = || channels.iter().map(|named| named.id.as_str()).collect::<Vec<_>>();
        let loop_names = || loops.iter().map(String::as_str).collect::<Vec<_>>();
        Some(match key {
            "wing" => Lost::Wing(one_of(self, channel_names())?, share),
            "rollout" => Lost::Rollout(one_of(self, channel_names())?, share),
            "charger" => Lost::Charger(one_of(self, channel_names())?),
            "battery" => Lost::Battery(one_of(self, channel_names())?),
            "channel" => Lost::Channel(one_of(self, channel_names())?),
            "loop" => Lost::Loop(one_of(self, loop_names())?),
            "radiators" => Lost::Radiators(one_of(self, loop_names())?, share),
            "pair" => {
                let pairs = channels.len().div_ceil(2);
                let pair = self.count(value, "the number of a pair")? as usize;
                if !(1..=pairs).contains(&pair) {
                    let help = format!("pairs are 1 to {pairs}, two neighboring channels each");
                    self.problem("ZA005", value.span(), format!("no pair {pair}"), help);
                    return None;
                }
                Lost::Pair(pair - 1)
            }
            "gyroscopes" => Lost::Gyroscopes(self.count(value, "gyroscopes")? as u32),
            _ => {
                if value.get_ref().as_bool() != Some(true) {
                    self.wrong(value, "true", "write `true` to lose them");
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
        at: Range<usize>,
        [orbit, efficiency, channels, failures]: [Option<&Value<'_>>; 4],
        days: usize,
    ) -> Option<Vec<f64>> {
        let Some(from) = self.from else {
            self.problem(
                "ZA004",
                at,
                "power from channels, and the file does not say from when days count",
                "add `from = YYYY-MM-DD` at the top: arrays age and the Sun moves from it",
            );
            return None;
        };
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
        let model = efficiency.model(efficiency.degradation.value);
        let kw =
            |day: usize| moment(&plant, &orbit.light(from, day as f64), 0.0, &model).capability_kw;
        Some((0..days).map(kw).collect())
    }
}
