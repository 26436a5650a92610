//! A hand-written station for tests of what reads a `Station`: two partners, two elements.

use std::collections::BTreeMap;
use zarya_station::Station;
use zarya_station::model::{
    Basis, Certificate, Claim, Commitment, Crew, Element, Identity, Milestone, Orbit, Oru, Partner,
    Policy, Power, Precision, RepairWhere, Source, Standing, Value, Worlds,
};
use zarya_units::Date;

pub(crate) fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

const fn exact(value: f64) -> Value {
    Value::exact(value, Basis::Assumed)
}

pub(crate) fn commitment(id: &str, through: &str, standing: Standing) -> Commitment {
    Commitment {
        id: id.into(),
        what: format!("takes part ({id})"),
        through: date(through),
        precision: Precision::Year,
        standing,
        stated_on: date("2023-04-25"),
        basis: Basis::Published,
        source: "letter".into(),
        supersedes: Vec::new(),
    }
}

pub(crate) fn certificate(id: &str, through: &str, standing: Standing) -> Certificate {
    Certificate {
        id: id.into(),
        what: format!("may be used ({id})"),
        through: date(through),
        precision: Precision::Day,
        standing,
        basis: Basis::Published,
        source: "letter".into(),
        supersedes: Vec::new(),
        alternatives: Vec::new(),
    }
}

pub(crate) fn milestone(id: &str, on: &str, depends_on: &[&str]) -> Milestone {
    Milestone {
        id: id.into(),
        what: format!("plan {id}"),
        date: date(on),
        precision: Precision::Day,
        depends_on: depends_on.iter().map(|d| (*d).to_owned()).collect(),
        conflict: None,
        source: "plan".into(),
    }
}

fn element(id: &str, partner: &str, certificates: Vec<Certificate>) -> Element {
    Element {
        id: id.into(),
        name: format!("Element {id}"),
        segment: partner.into(),
        partner: partner.into(),
        launched: Some(date("2020-01-01")),
        mass_kg: None,
        volume_m3: None,
        certificates,
        leak: None,
    }
}

/// A unit type of the subsystem `pumps`.
pub(crate) fn oru(id: &str) -> Oru {
    Oru {
        id: id.into(),
        name: id.into(),
        subsystem: "pumps".into(),
        serves: "cooling".into(),
        segment: "north".into(),
        installed: 1,
        needed: 1,
        partial: false,
        mtbf_d: exact(3000.0),
        error_factor: exact(2.0),
        rate_shape: None,
        in_service: None,
        shape: 1.0,
        duty: 1.0,
        life_limit_d: None,
        per_eva: None,
        beta: exact(0.0),
        together: None,
        common_cause_group: None,
        mass_kg: exact(10.0),
        spares_aboard: Some(1),
        spares_ground: Some(1),
        supplied: true,
        lead_time_d: exact(100.0),
        build_time_d: exact(300.0),
        external: false,
        repair_crew_h: exact(4.0),
        repair_where: RepairWhere::Inside,
        repair_also_from: Vec::new(),
        repair_evas: 1,
        reset_share: None,
        experience_factor: None,
        from_experience: false,
        volume_m3: None,
        ground_repair: None,
        cannibalize: Vec::new(),
        repair_skill: None,
    }
}

/// As of mid-2025, claim through 2028, partners north (to 2030) and south (to 2028).
pub(crate) fn small_station() -> Station {
    let partner = |id: &str, commitments| Partner {
        id: id.into(),
        name: format!("Partner {id}"),
        commitments,
    };
    let source = |known_from| Source { title: "A source".into(), known_from, note: None };
    Station {
        identity: Identity {
            id: "small".into(),
            name: "Small Station".into(),
            as_of: date("2025-07-31"),
            segments: vec!["north".into(), "south".into()],
            volume_m3: exact(100.0),
            mass_kg: exact(40_000.0),
            crewed_since: Some(date("2000-11-02")),
            hindsight: false,
        },
        orbit: Orbit {
            altitude_km: exact(415.0),
            inclination_deg: exact(51.6),
            drag_area_m2_kg: exact(0.01),
            keep_above_km: exact(410.0),
            reboost_to_km: exact(420.0),
            crew_leaves_below_km: None,
            floor_km: exact(280.0),
            avoidance_per_y: exact(3.0),
            avoidance_m_s: exact(0.5),
            deorbit_reserve_kg: exact(1000.0),
            attitude_capability: "attitude".into(),
            push: None,
            push_capability: None,
        },
        worlds: Worlds {
            programme_error_factor: exact(2.0),
            subsystem_error_factor: exact(2.0),
            segment_error_factor: exact(2.0),
            repair_error_factor: exact(2.0),
            stocking_confidence: exact(0.9),
            resupply_gap_d: exact(270.0),
            reset_share: exact(0.3),
            experience_factor: exact(0.5),
            life_limit_factor: exact(1.5),
            expired_factor: exact(2.0),
            burn_in_d: exact(1000.0),
        },
        partners: vec![
            partner("north", vec![commitment("north-law", "2030-12-31", Standing::InForce)]),
            partner("south", vec![commitment("south-decision", "2028-12-31", Standing::InForce)]),
        ],
        elements: vec![
            element(
                "core",
                "south",
                vec![
                    certificate("core-design-life", "2015-07-12", Standing::Stated),
                    certificate("core-group", "2028-12-31", Standing::InForce),
                ],
            ),
            element("lab", "south", vec![certificate("lab-life", "2027-12-31", Standing::InForce)]),
        ],
        capabilities: Vec::new(),
        orus: Vec::new(),
        common_causes: Vec::new(),
        defects: Vec::new(),
        stocks: Vec::new(),
        cabin: None,
        power: Power {
            battery_efficiency: Power::BATTERY_EFFICIENCY_DEFAULT,
            channels: Vec::new(),
        },
        crew: Crew {
            nominal: 4,
            minimum: 2,
            workday_h: exact(6.5),
            upkeep_h_week: exact(40.0),
            research_goal_h_week: exact(35.0),
            eva_preparation_d: exact(14.0),
            eva_preparation_urgent_d: None,
            eva_preparation_other_side_d: exact(Crew::OTHER_SIDE_DEFAULT_D),
            eva_spacing_d: exact(Crew::EVA_SPACING_DEFAULT_D),
            eva_crew_h: exact(60.0),
            eva: Vec::new(),
            robotic_capability: None,
            eva_planned_per_y: exact(2.0),
            trained_minimum: Vec::new(),
            training_lead_d: exact(700.0),
        },
        phases: Vec::new(),
        policy: Policy::default(),
        vehicles: Vec::new(),
        pads: Vec::new(),
        ports: Vec::new(),
        shocks: Vec::new(),
        docked: Vec::new(),
        flights: Vec::new(),
        tasks: Vec::new(),
        upgrades: Vec::new(),
        hazards: Vec::new(),
        conditions: Vec::new(),
        claim: Claim {
            provided: Vec::new(),
            id: "through-2028".into(),
            text: "operates safely through 2028".into(),
            through: date("2028-12-31"),
            threshold: exact(0.9),
            source: "statement".into(),
            deorbit_stock: None,
        },
        milestones: Vec::new(),
        break_evens: Vec::new(),
        observations: Vec::new(),
        data: Vec::new(),
        detections: Vec::new(),
        unit_service: Vec::new(),
        sources: BTreeMap::from([
            ("letter".to_owned(), source(date("2023-04-25"))),
            ("plan".to_owned(), source(date("2024-06-01"))),
            ("late".to_owned(), source(date("2026-01-01"))),
        ]),
        facts: BTreeMap::new(),
        digest: "0".repeat(64),
    }
}
