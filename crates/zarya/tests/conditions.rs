//! What withdrawing a condition of the ISS does to the systems' own answer.

use std::sync::atomic::AtomicBool;
use zarya::Data;
use zarya_simulation::{Control, Outcome, Plan, Variant, ensemble};
use zarya_station::model::ConditionKind;

const WORLDS: u32 = 50;

fn crewed(without: &[&str]) -> Vec<Outcome> {
    let station = Data::embedded().station(None, &[]).expect("the embedded ISS loads").station;
    let variant = Variant {
        without: without.iter().map(|id| (*id).to_owned()).collect(),
        only_systems: true,
        ..Variant::default()
    };
    let plan = Plan::compile(&station, station.claim.through, &variant).expect("compiles");
    let stop = AtomicBool::new(false);
    let control = Control { threads: 2, histories_per_world: 20, stop: &stop, progress: &|_| {} };
    ensemble::run(&plan, 7, 0..WORLDS, &control)
}

/// Paired histories, error clustered by world, three standard errors.
#[test]
fn withdrawing_a_provider_stock_or_maintenance_condition_does_not_help() {
    let station = Data::embedded().station(None, &[]).expect("the embedded ISS loads").station;
    let base = crewed(&[]);
    let mut asked = 0;
    for condition in &station.conditions {
        match condition.kind {
            ConditionKind::Maintenance
            | ConditionKind::Stock
            | ConditionKind::Provider
            | ConditionKind::Carrier
            | ConditionKind::Partner => {}
            ConditionKind::Upgrade | ConditionKind::Policy | ConditionKind::Crew => continue,
        }
        let without = crewed(&[&condition.id]);
        let gains: Vec<f64> = base
            .chunks_exact(20)
            .zip(without.chunks_exact(20))
            .map(|(a, b)| {
                let kept = |o: &[Outcome]| o.iter().filter(|o| o.crewed.is_none()).count() as f64;
                (kept(b) - kept(a)) / 20.0
            })
            .collect();
        let n = gains.len() as f64;
        let gain = gains.iter().sum::<f64>() / n;
        let variance = gains.iter().map(|g| (g - gain) * (g - gain)).sum::<f64>() / (n - 1.0);
        let error = (variance / n).sqrt();
        println!("{:<22} {gain:+.3} +- {error:.3}", condition.id);
        assert!(
            gain <= 3.0 * error || condition.may_help.is_some(),
            "withdrawing {} raises the probability by {gain} +- {error}",
            condition.id
        );
        asked += 1;
    }
    assert!(asked >= 10, "{asked}");
}
