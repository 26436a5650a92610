//! Who provides what, and what is lost on the day a partner leaves.
//!
//! A provider ends with its partner unless it stays aboard and needs nobody of the partner to use
//! it (a stock of candles). What is then short draws on stores and on the buffer; the days left
//! are counted with and without the substitutes that others could bring in.

use crate::parameters::Basis;
use serde::Deserialize;
use std::sync::OnceLock;

/// How providers add up to a capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The sum of rates must reach the need.
    Sum,
    /// So many providers must work: k of n.
    Count,
}

/// Whether a provider runs today or could be brought in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Runs today.
    #[default]
    Primary,
    /// Could be brought in.
    Substitute,
}

/// One provider of a capability.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its id.
    pub id: String,
    /// The partner with whom it ends.
    pub partner: String,
    /// What it gives, in the capability's unit; 1 where providers are counted.
    pub rate: f64,
    /// How many there are.
    #[serde(default = "one")]
    pub count: u32,
    /// Whether it runs today.
    #[serde(default)]
    pub role: Role,
    /// A store, in unit times days; without it the provider goes on.
    pub amount: Option<f64>,
    /// A store that stays usable when its partner leaves.
    #[serde(default)]
    pub stays: bool,
    /// A capability it depends on.
    pub needs: Option<String>,
    /// What stands behind its numbers.
    pub basis: Basis,
    /// Source, or reason.
    pub source: String,
}

fn one() -> u32 {
    1
}

/// Something the station must keep doing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// Its id.
    pub id: String,
    /// The unit of need and rates.
    pub unit: String,
    /// How providers add up.
    pub rule: Rule,
    /// What is needed whatever the crew.
    #[serde(default)]
    pub need: f64,
    /// What each crew member needs.
    #[serde(default)]
    pub need_per_crew: f64,
    /// What lasts when nothing is provided: unit times days to the limit; days where providers are
    /// counted.
    pub buffer: f64,
    /// What stands behind the buffer.
    pub buffer_basis: Basis,
    /// Source, or reason.
    pub buffer_source: String,
    /// Capabilities without which this one fails.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Who provides it.
    #[serde(rename = "provider")]
    pub providers: Vec<Provider>,
}

/// What a partner's leaving does to one capability.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The capability.
    pub capability: String,
    /// What is needed, in its unit.
    pub need: f64,
    /// What is provided by primary providers before.
    pub before: f64,
    /// What is provided by primary providers after.
    pub after: f64,
    /// The providers that end.
    pub ended: Vec<String>,
    /// Whether the need is still met without substitutes.
    pub holds: bool,
    /// Days to the limit without substitutes; `None` when it holds.
    pub days_without_substitutes: Option<f64>,
    /// Days to the limit with substitutes; `None` when it then holds.
    pub days_with_substitutes: Option<f64>,
}

/// Returns the station's table of who provides what.
///
/// # Source
///
/// `data/capabilities.toml`, a reading of sources named there per row.
pub fn station_table() -> &'static [Capability] {
    #[derive(Deserialize)]
    struct File {
        capability: Vec<Capability>,
    }
    static TABLE: OnceLock<Vec<Capability>> = OnceLock::new();
    TABLE.get_or_init(|| {
        toml::from_str::<File>(include_str!("../data/capabilities.toml"))
            .unwrap_or_else(|error| panic!("embedded capabilities: {error}"))
            .capability
    })
}

/// Returns what becomes of each capability, in the table's order, when `partners` leave.
///
/// # Model
///
/// A capability short of its need draws its stores first and then its buffer, in closed form. It
/// ends no later than the capabilities it needs.
pub fn withdraw(table: &[Capability], crew: f64, partners: &[&str]) -> Vec<Loss> {
    let days = |substitutes: bool| {
        let mut days: Vec<Option<f64>> = table
            .iter()
            .map(|capability| own_days(capability, crew, partners, substitutes, &[]))
            .collect();
        // Dependencies form chains shorter than the table.
        for _ in 0..table.len() {
            let lost: Vec<&str> = table
                .iter()
                .zip(&days)
                .filter(|(_, days)| **days == Some(0.0))
                .map(|(capability, _)| capability.id.as_str())
                .collect();
            days = table
                .iter()
                .map(|capability| {
                    let own = own_days(capability, crew, partners, substitutes, &lost);
                    let needed = capability.needs.iter().filter_map(|id| {
                        let at = table.iter().position(|other| other.id == *id)?;
                        // What is needed may go; the buffer here outlasts it.
                        days[at].map(|days| days + buffer_days(capability, crew))
                    });
                    needed.chain(own).min_by(f64::total_cmp)
                })
                .collect();
        }
        days
    };
    let (without, with) = (days(false), days(true));
    table
        .iter()
        .zip(without.into_iter().zip(with))
        .map(|(capability, (without, with))| {
            let primary = |left: bool| -> f64 {
                let providers = capability
                    .providers
                    .iter()
                    .filter(|p| p.role == Role::Primary && !(left && ends(p, partners)));
                // From zero: the sum of nothing is minus zero.
                providers.fold(0.0, |sum, p| sum + p.rate * f64::from(p.count))
            };
            Loss {
                capability: capability.id.clone(),
                need: need(capability, crew),
                before: primary(false),
                after: primary(true),
                ended: capability
                    .providers
                    .iter()
                    .filter(|provider| ends(provider, partners))
                    .map(|provider| provider.id.clone())
                    .collect(),
                holds: without.is_none(),
                days_without_substitutes: without,
                days_with_substitutes: with,
            }
        })
        .collect()
}

fn need(capability: &Capability, crew: f64) -> f64 {
    capability.need + capability.need_per_crew * crew
}

fn ends(provider: &Provider, partners: &[&str]) -> bool {
    !provider.stays && partners.contains(&provider.partner.as_str())
}

fn buffer_days(capability: &Capability, crew: f64) -> f64 {
    match capability.rule {
        Rule::Count => capability.buffer,
        Rule::Sum => capability.buffer / need(capability, crew),
    }
}

/// Days until the stores and the buffer of a capability are gone, `None` when its need is met.
fn own_days(
    capability: &Capability,
    crew: f64,
    partners: &[&str],
    substitutes: bool,
    lost: &[&str],
) -> Option<f64> {
    let usable = |provider: &&Provider| {
        !ends(provider, partners)
            && (substitutes || provider.role == Role::Primary)
            && provider.needs.as_deref().is_none_or(|id| !lost.contains(&id))
    };
    let providers = || capability.providers.iter().filter(usable);
    let lasting: f64 =
        providers().filter(|p| p.amount.is_none()).map(|p| p.rate * f64::from(p.count)).sum();
    let mut stores: Vec<(f64, f64)> =
        providers().filter_map(|p| p.amount.map(|amount| (p.rate, amount))).collect();
    let short = need(capability, crew) - lasting;
    if short <= 0.0 {
        return None;
    }
    // A count that is short fails as a whole: its buffer drains at one day a day.
    let scale = if capability.rule == Rule::Count { 1.0 / short } else { 1.0 };
    let mut buffer = capability.buffer;
    let mut days = 0.0;
    loop {
        let mut asked = short;
        let draws: Vec<f64> = stores
            .iter()
            .map(|(rate, amount)| {
                let draw = if *amount > 0.0 { rate.min(asked) } else { 0.0 };
                asked -= draw;
                draw
            })
            .collect();
        let empties = stores
            .iter()
            .zip(&draws)
            .filter(|(_, draw)| **draw > 0.0)
            .map(|((_, amount), draw)| amount / draw)
            .min_by(f64::total_cmp);
        let drains = (asked > 0.0).then(|| buffer / (asked * scale));
        match (empties, drains) {
            (Some(empties), drains) if drains.is_none_or(|drains| empties < drains) => {
                days += empties;
                buffer -= asked * scale * empties;
                for ((_, amount), draw) in stores.iter_mut().zip(&draws) {
                    *amount -= draw * empties;
                    if *amount < 1e-12 {
                        *amount = 0.0;
                    }
                }
            }
            (_, Some(drains)) => return Some(days + drains),
            (_, None) => return Some(days),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss<'l>(losses: &'l [Loss], id: &str) -> &'l Loss {
        losses.iter().find(|loss| loss.capability == id).expect("in the table")
    }

    #[test]
    fn every_need_names_a_capability() {
        let table = station_table();
        for capability in table {
            let providers = capability.providers.iter().filter_map(|p| p.needs.as_ref());
            for id in capability.needs.iter().chain(providers) {
                assert!(table.iter().any(|other| other.id == *id), "{id}");
            }
        }
    }

    #[test]
    fn the_whole_station_holds() {
        for loss in withdraw(station_table(), 7.0, &[]) {
            let finite = loss.capability == "pressure";
            assert!(loss.holds || finite, "{loss:?}");
        }
    }

    /// What the sources say Roscosmos provides, and that the American segment has no substitute
    /// for the Russian computers or crew.
    #[test]
    fn without_roscosmos_thrusters_and_seats_go() {
        let losses = withdraw(station_table(), 7.0, &["roscosmos"]);
        let unloading = loss(&losses, "attitude-unloading");
        assert!((unloading.days_without_substitutes.unwrap() - 3.9).abs() < 1e-9);
        assert!(unloading.after == 0.0 && unloading.after.is_sign_positive(), "not minus zero");
        assert!(!loss(&losses, "reboost").holds);
        assert_eq!(loss(&losses, "reboost").days_with_substitutes, None);
        let seats = loss(&losses, "crew-return");
        assert_eq!((seats.need, seats.before, seats.after), (7.0, 7.0, 4.0));
        assert!(loss(&losses, "oxygen-supply").holds, "9.2 kg/d serve seven");
        assert!(loss(&losses, "cooling-us").holds);
        // Six of seven crew are served by one bed: the buffer and the other bed decide.
        assert!(loss(&losses, "carbon-dioxide-removal").days_without_substitutes.is_some());
        assert_eq!(loss(&losses, "carbon-dioxide-removal").days_with_substitutes, None);
    }

    #[test]
    fn without_nasa_power_and_cooling_go_and_take_the_converters() {
        let losses = withdraw(station_table(), 7.0, &["nasa"]);
        for id in ["power-us", "cooling-us", "attitude-momentum", "power-russian"] {
            assert_eq!(loss(&losses, id).days_without_substitutes, Some(0.0), "{id}");
        }
        // 5 kg/d of 5.712 is made; 51 kg of cabin oxygen last for the rest.
        let oxygen = loss(&losses, "oxygen-supply");
        assert!((oxygen.days_without_substitutes.unwrap() - 51.0 / 0.712).abs() < 1e-6);
        assert!((oxygen.days_with_substitutes.unwrap() - 83.0 / 0.712).abs() < 1e-6);
    }
}
