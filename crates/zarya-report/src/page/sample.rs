//! An answer made up for the tests of the report. No number here says anything about a station.

use zarya::assessment::*;
use zarya::ledger::{Alternative, Conflict, Ledger, LedgerEntry};
use zarya::units::{Date, math};

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn estimate(mean: f64, low: f64, high: f64) -> Estimate {
    Estimate {
        mean,
        low,
        high,
        standard_error: 0.006,
        low_error: Some(0.02),
        high_error: Some(0.009),
        band: Band::Worlds,
    }
}

fn entry(id: &str, on: &str, what: &str, of: &str, basis: &str) -> LedgerEntry {
    LedgerEntry {
        id: id.into(),
        date: date(on),
        what: what.into(),
        of: of.into(),
        source: "made-up".into(),
        basis: basis.into(),
        precision: "year".into(),
        alternatives: vec![],
        days_short: 0,
        note: String::new(),
    }
}

fn spread(mean: f64) -> Spread {
    Spread { mean, p05: 0.6 * mean, p50: 0.95 * mean, p95: 1.7 * mean }
}

fn fan(id: &str, name: &str, unit: &str, start: f64, end: f64, width: f64) -> Fan {
    let first = date("2025-07-31");
    let dates: Vec<Date> = (0..=17).map(|i| first.plus_days(73 * i)).collect();
    let curve = |z: f64| -> Vec<f64> {
        (0..=17)
            .map(|i| {
                let t = f64::from(i) / 17.0;
                let saw = 0.25 * width * math::sin(9.0 * t);
                (start + t * (end - start) + saw + z * width * t.sqrt()).max(0.0)
            })
            .collect()
    };
    Fan {
        id: id.into(),
        name: name.into(),
        unit: unit.into(),
        date: dates,
        p05: curve(-1.6),
        p25: curve(-0.7),
        p50: curve(0.0),
        p75: curve(0.7),
        p95: curve(1.6),
    }
}

fn lasting(id: &str, exact: f64, days: Option<f64>, agrees: bool) -> Lasting {
    Lasting {
        id: id.into(),
        name: format!("the {id}"),
        stock: 2.25,
        exact,
        simulated: exact + 0.004,
        standard_error: 0.003,
        agrees,
        differs: (!agrees).then(|| "a made-up reason".to_owned()),
        with_flights: 0.97,
        with_flights_to_claim: 0.8,
        days,
        exact_rates_times: 0.8 * exact,
        days_rates_times: Some(55.0),
    }
}

/// Returns the made-up answer.
pub(super) fn answer() -> Assessment {
    let claim = ClaimSummary {
        id: "sample".into(),
        text: "The sample station can operate safely through 2028 <provided & so on>".into(),
        through: date("2028-12-31"),
        provided: vec!["routine-maintenance".into(), "upgrade-arrays".into()],
        threshold: 0.9,
        source: "made-up".into(),
    };
    let survival = (0..=17)
        .map(|i| {
            let t = f64::from(i) / 17.0;
            let q = |rate: f64| math::exp(-rate * t);
            SurvivalPoint {
                date: date("2025-07-31").plus_days(73 * i),
                probability: q(0.14),
                low: q(0.33),
                high: q(0.05),
                survives: q(0.03),
                full: q(0.9),
            }
        })
        .collect();
    let condition = |id: &str, provided: &str, drop: f64, error: f64| ConditionValue {
        id: id.into(),
        provided: provided.into(),
        kind: "provider".into(),
        without: 0.87 - drop,
        drop,
        standard_error: error,
        systems: Difference::default(),
        survives: Difference::default(),
        full: Difference::default(),
        station: Some(Difference { without: 0.92 - drop, drop, standard_error: error }),
        histories: 2_000,
        kept: 1_740,
        remains: "hardware stays".into(),
        substitutes: "the other segment, slower".into(),
        may_help: None,
    };
    let mut conditions = vec![
        condition(
            "partner-east",
            "the eastern partner keeps its crew, flights, propellant and control",
            0.83,
            0.01,
        ),
        condition(
            "spares-resupply",
            "spares keep flying on every cargo flight with room for them",
            0.21,
            0.012,
        ),
        condition("routine-maintenance", "routine maintenance continues", 0.12, 0.009),
        condition(
            "leak-repair",
            "the leaking transfer chamber is repaired or its hatch kept shut",
            0.04,
            0.006,
        ),
        condition("upgrade-arrays", "two further arrays are installed", 0.004, 0.004),
        condition("small-crew", "the crew is kept at seven", -0.03, 0.007),
    ];
    conditions[0].kept = 0;
    conditions[5].may_help = Some("fewer people draw less water and oxygen".into());
    let row = |what: &str, observed: f64, low: f64, mean: f64, high: f64| RecordRow {
        what: what.into(),
        from: date("2021-01-01"),
        through: date("2025-07-31"),
        observed,
        low,
        mean,
        high,
        prior_mean: mean,
        inside: (low..=high).contains(&observed),
        validates: what != "evas",
        in_view: (what == "evas").then(|| "the row was seen before a rule was changed".to_owned()),
        tail: 0.3,
        method: "same dates".into(),
        source: "made-up".into(),
        alone: None,
    };
    let caveat = |text: &str, basis: &str, values: u32| Caveat {
        text: text.into(),
        basis: basis.into(),
        weight: 1.0,
        values,
        paths: vec!["oru.pump.mtbf".into(), "oru.pump.error_factor".into()],
        why: vec!["no public record of this unit".into()],
        touches: vec!["failure-rates".into()],
    };
    let mut nauka = entry(
        "lab-certificate",
        "2027-12-31",
        "Certificate of the laboratory",
        "laboratory",
        "disputed",
    );
    nauka.alternatives = vec![Alternative { date: date("2030-12-31"), source: "made-up".into() }];
    nauka.note = "One source gives it as extendable.".into();
    let own = StationLine {
        mean: 0.92,
        low: 0.8,
        high: 0.98,
        standard_error: 0.006,
        prior_mean: 0.86,
        band: Band::Worlds,
        low_error: Some(0.02),
        high_error: Some(0.01),
    };
    let mut answer = Assessment {
        station: StationName { id: "sample".into(), name: "Sample station".into(), as_of: date("2025-07-31"), own: Some(own) },
        claim: claim.clone(),
        verdict: Verdict::Undetermined,
        decides: "the failure rates of the eastern segment: at 1.4 times the assumed rates the claim fails".into(),
        endings: Vec::new(),
        deciding: vec![DecidingInput { name: "failure rates of the eastern segment".into(), correlation: -0.4, standard_error: 0.08 }],
        probability: estimate(0.87, 0.72, 0.95),
        likelihood: "likely".into(),
        prior: estimate(0.81, 0.55, 0.95),
        thresholds: Some(Thresholds {
            supported_up_to: Some(0.72),
            not_supported_above: Some(0.95),
            marks: vec![Mark { value: 0.9, whose: "made-up".into() }],
        }),
        power: Some(Power { station: 1.0, all_risks: 0.94 }),
        effective_worlds: 212.0,
        largest_weight: 0.004,
        pareto_k: Some(0.1),
        consistency: vec![Consistency {
            from: date("2011-01-01"),
            through: date("2019-12-31"),
            probability: 0.9,
            base_rate: Some(0.75),
            weighted_on: vec!["2020-01-01 to 2025-07-31".into()],
            in_view: None,
        }],
        tiers: Tiers {
            survives: estimate(0.97, 0.93, 0.99),
            crewed: estimate(0.87, 0.72, 0.95),
            full: estimate(0.41, 0.2, 0.62),
        },
        split: Split {
            systems: OwnerShare { mean: 0.93, standard_error: 0.005, incidence: 0.06 },
            debris: OwnerShare { mean: 0.99, standard_error: 0.002, incidence: 0.01 },
            crew_rotation: OwnerShare { mean: 0.999, standard_error: 0.001, incidence: 0.001 },
            crew_transport: OwnerShare { mean: 0.97, standard_error: 0.003, incidence: 0.03 },
            medical: OwnerShare { mean: 0.98, standard_error: 0.003, incidence: 0.02 },
            fire_toxic_collision: OwnerShare { mean: 0.992, standard_error: 0.002, incidence: 0.008 },
        },
        owners: [(Owner::Systems, "computed here"), (Owner::Medical, "rates picked by us from a disputed range")]
            .map(|(owner, rests_on)| OwnerNote { owner, rests_on: rests_on.into(), left_out: false })
            .to_vec(),
        survival,
        end_states: EndStates {
            nominal: 0.41,
            reduced: 0.34,
            de_crewed: 0.1,
            loss_of_crew: 0.012,
            loss_of_escape_vehicle: 0.12,
            loss_of_station: 0.018,
        },
        rungs: Rungs {
            workaround: 1.0,
            rationing: 0.22,
            expedited_flight: 0.5,
            shelter: 0.16,
            isolation: 0.07,
            crew_reduction: 0.3,
            evacuation: 0.1,
            loss_of_station: 0.018,
        },
        first_causes: vec![
            FirstCause {
                tier: "crewed".into(),
                cause: "oxygen ran out".into(),
                root: "oxygen generator, common cause".into(),
                owner: Owner::Systems,
                share: 0.031,
                worlds: 60,
                effective_worlds: 31.4,
                thin: false,
                example_history: 1_204,
                rank: 1,
            },
            FirstCause {
                tier: "crewed".into(),
                cause: "medical return".into(),
                root: "medical return".into(),
                owner: Owner::Medical,
                share: 0.02,
                worlds: 4,
                effective_worlds: 1.6,
                thin: true,
                example_history: 17,
                rank: 1,
            },
        ],
        short: vec![
            ShortCapability { id: "power-us".into(), name: "Power, western segment".into(), share: 0.6, days_mean: 41.0, days_p95: 160.0 },
            ShortCapability { id: "eva-us".into(), name: "EVA capability, western segment".into(), share: 0.9, days_mean: 88.0, days_p95: 240.0 },
        ],
        conditions,
        value_of_information: vec![
            InformationValue {
                line: "all_risks".into(),
                input: "failure rates of the eastern segment".into(),
                who_has_it: "Eastern agency".into(),
                chance_it_settles: 0.12,
                to_supported: 0.09,
                value: 0.004,
                standard_error: 0.0009,
            },
            InformationValue {
                line: "all_risks".into(),
                input: "everything".into(),
                who_has_it: "nobody: a bound".into(),
                chance_it_settles: 1.0,
                to_supported: 0.4,
                value: 0.05,
                standard_error: 0.0,
            },
        ],
        ruptures: vec![RuptureValue {
            element: "chamber".into(),
            name: "Transfer chamber".into(),
            upper: 0.87,
            lower: 0.41,
            standard_error: 0.01,
            tried_per_y: 0.2,
            at_threshold_per_y: None,
            at_drop_per_y: Some(0.021),
            histories: 2_000,
        }],
        break_even: vec![
            BreakEvenValue {
                id: "rates".into(),
                what: "failure rates of all units".into(),
                scale: "failure-rates".parse().expect("a scale"),
                factor: Some(0.71),
                factor_error: Some(0.04),
                low: 0.25,
                high: 4.0,
                at_low: 0.95,
                at_high: 0.4,
                own_low: Some(0.5),
                own_high: Some(2.0),
                at_own_low: Some(0.92),
                at_own_high: Some(0.65),
                outside_own: false,
                nearly: false,
                station: Some(StationBreakEven {
                    factor: Some(1.4),
                    factor_error: Some(0.1),
                    at_low: 0.97,
                    at_high: 0.6,
                    standard_error: 0.01,
                }),
                at_factor: Some(0.9),
                standard_error: 0.01,
                bound: None,
                histories: 2_000,
            },
            BreakEvenValue {
                id: "medical".into(),
                what: "rate of medical returns".into(),
                scale: "medical".parse().expect("a scale"),
                factor: None,
                factor_error: None,
                low: 0.1,
                high: 10.0,
                at_low: 0.88,
                at_high: 0.61,
                own_low: None,
                own_high: None,
                at_own_low: None,
                at_own_high: None,
                outside_own: false,
                nearly: true,
                station: None,
                at_factor: None,
                standard_error: 0.01,
                bound: Some("1 in 25 years to 1 in 3 years".into()),
                histories: 2_000,
            },
        ],
        caveats: vec![
            caveat("Failure rates of the eastern segment are assumed function-level blocks", "assumed", 61),
            caveat("Sources disagree on the laboratory's certificate", "disputed", 1),
        ],
        record: vec![
            row("de-crewings", 0.0, 0.0, 0.1, 1.0),
            row("crew-reductions", 1.0, 0.0, 0.9, 3.0),
            row("evas", 57.0, 41.0, 52.0, 66.0),
            row("cargo-mass-kg", 151_000.0, 128_000.0, 150_000.0, 171_000.0),
            row("failures:pump-module", 3.0, 0.0, 0.7, 2.0),
        ],
        weighting: vec![row("reboosts", 60.0, 48.0, 59.0, 70.0)],
        yardstick: Some(Yardstick {
            years: 24.74,
            events: 0,
            span_years: 3.42,
            mean: 0.94,
            low: 0.77,
            high: 0.99,
            text: "The model is lower than history alone because the fleet is smaller now.".into(),
        }),
        ledger: Ledger {
            claim,
            first_break: Some(nauka.clone()),
            breaks: vec![nauka],
            no_margin: vec![entry("group", "2028-12-31", "Certificate of the group", "second element", "published")],
            conflicts: vec![Conflict {
                id: "lowering-before-deorbit-vehicle".into(),
                date: date("2028-06-30"),
                what: "Lowering begins before the vehicle that ends it exists".into(),
                depends_on: vec!["deorbit-vehicle".into()],
                source: "made-up".into(),
            }],
            warnings: vec![entry("life", "2013-11-20", "Design life of the first element", "first element", "published")],
            contracts: vec![entry("cargo", "2026-12-31", "Cargo contract", "west", "published")],
            covers: vec![
                entry("east", "2028-12-31", "Government decision of the eastern partner", "east", "published"),
                entry("west", "2030-09-30", "Law of the western partner", "west", "published"),
            ],
        },
        series: vec![
            fan("oxygen", "Oxygen", "kg", 900.0, 700.0, 160.0),
            fan("altitude", "Mean altitude", "km", 415.0, 417.0, 3.0),
            fan("crew", "Crew aboard", "people", 7.0, 6.8, 0.6),
            fan("propellant", "Propellant", "kg", 4_800.0, 3_600.0, 900.0),
            fan("research", "Research", "h/week", 72.0, 58.0, 14.0),
        ],
        sufficiency: Sufficiency {
            days: 270.0,
            target: 0.9,
            rates_times: 2.0,
            disagreements: 1,
            station: lasting("station", 0.31, Some(80.0), true),
            without_worst: vec![WithoutWorst { id: "suit".into(), exact: 0.6, days: Some(150.0) }],
            subsystems: vec![lasting("oxygen", 0.5, Some(110.0), true), lasting("power", 0.99, None, true)],
            types: vec![lasting("suit", 0.52, Some(110.0), false), lasting("pump", 0.96, None, true)],
        },
        failures: [("oxygen", 21.0), ("power", 9.0), ("cooling", 4.2), ("eastern-blocks", 0.7)]
            .into_iter()
            .map(|(name, mean)| SubsystemFailures { subsystem: name.into(), per_history: spread(mean) })
            .collect(),
        contingency_deorbit: Spread { mean: 0.92, p05: 0.61, p50: 0.97, p95: 1.0 },
        research_hours: spread(9_400.0),
        counts: vec![CountSpread { what: "crew_reductions".into(), per_history: spread(0.4) }],
        inputs: Inputs {
            digest: "3f".repeat(32),
            station_digest: "4a".repeat(32),
            overlays: vec!["as-of-2026-06.toml".into()],
        },
        provenance: Provenance {
            published: 240,
            derived: 60,
            claimed: 31,
            assumed: 402,
            disputed: 9,
            sources: vec![SourceUse { key: "made-up".into(), title: "Nothing at all".into(), known_from: date("2020-01-01"), values: 12 }],
        },
        run: Run {
            version: "0.0.0".into(),
            seed: 7,
            histories: 10_000,
            worlds: 500,
            condition_histories: 2_000,
            break_even_histories: 2_000,
            record_histories_per_world: 4,
            without: vec![],
            only_systems: false,
            threads: 2,
            seconds: 61.0,
            complete: true,
        },
        ensemble_digest: "9c".repeat(32),
        digest: String::new(),
    };
    answer.digest = answer.compute_digest();
    answer
}
