//! Power and cooling inside the balance: who is served first, and what a shortage leaves.

use super::flows::{Flows, UnitFlow};
use super::model::{Consumer, Model};
use super::{State, UNITS};
use crate::heat;
use crate::processor::{Segment, State as Running};
use crate::supply::{Cause, Draw, segment_index};

/// One round of serving: what is drawn, and the processors that do not get what they ask.
struct Round {
    units: [UnitFlow; UNITS],
    draws: [Draw; 2],
    /// Cause and the most it can make; `None` for the latter when it gets too little to idle.
    short: [Option<(Cause, Option<f64>)>; UNITS],
}

impl Flows {
    /// Returns the flows of a model in a state.
    ///
    /// Processors with set points are on or off as [`Model::control`] has left them.
    pub fn new(model: &Model, state: &State) -> Self {
        let mut flows = if model.supplies.stated() {
            supplied(model, state)
        } else {
            let mut capacity = [0.0; UNITS];
            for (capacity, unit) in capacity.iter_mut().zip(&model.units) {
                *capacity = unit.capacity;
            }
            Self::within(model, state, &capacity)
        };
        flows.draw_beside(model, state);
        flows
    }
}

/// Returns the flows with every processor held to the power and cooling it gets.
///
/// # Model
///
/// All ask for what the balance wants of them; those in line that cannot be served are held to what
/// is left for them, and the balance is taken anew, since others may take over and then ask for
/// more. Every round holds processors lower than before, so that few rounds are needed; if a chain
/// of take-overs does not end, the processors in question are switched off. One that is held stays
/// held even where a later round would have left it a little more.
fn supplied(model: &Model, state: &State) -> Flows {
    let mut capacity = [0.0; UNITS];
    for (capacity, unit) in capacity.iter_mut().zip(&model.units) {
        *capacity = unit.capacity;
    }
    let mut derated = [None; UNITS];
    let mut dark = [false; UNITS];
    let mut rounds = 0;
    loop {
        let mut flows = Flows::within(model, state, &capacity);
        let round = serve(model, state, &flows, &dark);
        if round.short.iter().any(Option::is_some) {
            rounds += 1;
            for (i, short) in round.short.into_iter().enumerate() {
                let Some((cause, most)) = short else { continue };
                let most = if rounds < ROUNDS { most } else { None };
                capacity[i] = most.unwrap_or(0.0).min(capacity[i]);
                dark[i] = most.is_none();
                derated[i] = Some((cause, capacity[i]));
            }
            continue;
        }
        flows.units = round.units;
        for (unit, derated) in flows.units.iter_mut().zip(derated) {
            unit.derated = derated;
        }
        flows.draws = round.draws;
        return flows;
    }
}

/// Rounds after which who is still short is switched off.
const ROUNDS: usize = 2 * UNITS;
/// Relative shortage that is rounding.
const SERVED: f64 = 1e-9;

fn serve(model: &Model, state: &State, flows: &Flows, dark: &[bool; UNITS]) -> Round {
    let outputs = model.output_of_units(flows);
    let mut round = Round {
        units: [UnitFlow::default(); UNITS],
        draws: [Draw::default(); 2],
        short: [None; UNITS],
    };
    for (segment, draw) in round.draws.iter_mut().enumerate() {
        let of = |all: &[Option<crate::supply::Available>; 2]| {
            all[segment].as_ref().map_or(f64::INFINITY, |available| available.on(state.day))
        };
        draw.power_available_kw = of(&model.supplies.power);
        draw.cooling_available_kw = of(&model.supplies.cooling);
    }
    // The crew's own heat goes first; it is the American loops' where these are stated.
    let cools =
        usize::from(model.supplies.cooling[0].is_none() && model.supplies.cooling[1].is_some());
    round.draws[cools].heat_kw = heat::load_kw(0.0, model.crew);
    for segment in [Segment::Us, Segment::Russian] {
        let place = segment_index(segment);
        if segment == Segment::Russian && model.supplies.transfer_kw > 0.0 {
            let margin = round.draws[0].power_available_kw - round.draws[0].power_kw;
            let asked = asked_kw(model, &outputs, dark, segment);
            let missing = asked - round.draws[place].power_available_kw;
            let sent = missing.min(margin).min(model.supplies.transfer_kw).max(0.0);
            round.draws[place].power_available_kw += sent;
            round.draws[0].power_kw += sent;
        }
        for consumer in &model.served {
            match *consumer {
                Consumer::Unit(i) if model.units[i].owner == 1 + place && !dark[i] => {
                    serve_unit(model, i, outputs[i], &mut round, place);
                }
                Consumer::Load(i) if model.supplies.loads[i].segment == segment => {
                    let asked = model.supplies.loads[i].power_kw;
                    let draw = &mut round.draws[place];
                    let got = asked
                        .min(draw.power_available_kw - draw.power_kw)
                        .min(draw.cooling_available_kw - draw.heat_kw)
                        .max(0.0);
                    draw.power_kw += got;
                    draw.heat_kw += got;
                    draw.shed_kw += asked - got;
                }
                _ => {}
            }
        }
    }
    round
}

/// The state a processor draws power in: one without capacity that was not held there is off.
fn drawing(model: &Model, i: usize) -> Running {
    if model.units[i].capacity > 0.0 { Running::Running } else { Running::Off }
}

fn asked_kw(model: &Model, outputs: &[f64; UNITS], dark: &[bool; UNITS], segment: Segment) -> f64 {
    let owner = 1 + segment_index(segment);
    let units = model.units.iter().enumerate().filter(|(i, unit)| unit.owner == owner && !dark[*i]);
    let loads = model.supplies.loads.iter().filter(|load| load.segment == segment);
    units.map(|(i, unit)| unit.processor.power_kw(drawing(model, i), outputs[i])).sum::<f64>()
        + loads.map(|load| load.power_kw).sum::<f64>()
}

fn serve_unit(model: &Model, i: usize, output: f64, round: &mut Round, place: usize) {
    let (processor, state) = (model.units[i].processor, drawing(model, i));
    let (power, heat) = (processor.power_kw(state, output), processor.heat_kw(state, output));
    let draw = &mut round.draws[place];
    let power_left = (draw.power_available_kw - draw.power_kw).max(0.0);
    let cooling_left = (draw.cooling_available_kw - draw.heat_kw).max(0.0);
    let (power_short, heat_short) =
        (power > power_left + SERVED * power, heat > cooling_left + SERVED * heat);
    let (mut power, mut heat) = (power, heat);
    if power_short || heat_short {
        let by_power = processor.output_within(power_left, f64::INFINITY).unwrap_or(-1.0);
        let by_heat = processor.output_within(f64::INFINITY, cooling_left).unwrap_or(-1.0);
        let cause = if by_power <= by_heat { Cause::Power } else { Cause::Cooling };
        let most = processor.output_within(power_left, cooling_left);
        round.short[i] = Some((cause, most));
        let got = most.map_or(Running::Off, |_| state);
        power = processor.power_kw(got, most.unwrap_or(0.0)).min(power);
        heat = processor.heat_kw(got, most.unwrap_or(0.0)).min(heat);
    }
    draw.power_kw += power;
    draw.heat_kw += heat;
    round.units[i] = UnitFlow { power_kw: power, heat_kw: heat, derated: None };
}
