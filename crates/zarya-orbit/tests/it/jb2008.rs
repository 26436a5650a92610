//! JB2008 beside Orekit 13.1.9, and its drivers read well and badly.

use zarya_orbit::air::Point;
use zarya_orbit::geometry::SunDirection;
use zarya_orbit::jb2008::{Drivers, Proxies, Unusable, day_rate, density_kg_m3, usable};

/// Values of Orekit (Apache-2.0), printed by `bench/peers/orbit/orekit_jb2008.py`.
#[test]
fn densities_are_those_of_orekit() {
    let mut worst: f64 = 0.0;
    let mut points = 0;
    for line in include_str!("orekit_jb2008.csv").lines().skip(1) {
        let v: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        let sun = SunDirection { right_ascension_rad: v[1], declination_rad: v[2] };
        let place = Point {
            height_km: v[5],
            latitude_rad: v[4],
            hour_angle_rad: v[3] - v[1],
            universal_h: 0.0,
        };
        let proxies = Proxies {
            f10: [v[6], v[7]],
            s10: [v[8], v[9]],
            m10: [v[10], v[11]],
            y10: [v[12], v[13]],
        };
        let density = density_kg_m3(v[0], sun, place, &proxies, v[14]);
        worst = worst.max((density / v[15] - 1.0).abs());
        points += 1;
    }
    assert_eq!(points, 120);
    assert!(worst < 1e-12, "{worst:e}");
}

const SOLAR: &str = "# comment\n\
    2000 1 2451545.0 130 140 131 141 132 142 133 143 1111\n\
    2000 2 2451546.0 131 140 132 141 133 142 134 143 1111\n\
    2000 3 2451547.0 132 140 133 141 134 142 135 143 1111\n\
    2000 4 2451548.0 133 140 0.0 141 135 142 136 143 1111\n\
    2000 5 2451549.0 134 140 135 141 136 142 137 143 1111\n\
    2000 6 2451550.0 135 140 136 141 137 142 138 143 1111\n";

fn storms() -> String {
    let days: Vec<String> =
        (1..=7).map(|day| format!("DTC 2000 {day} {}\n", "24 ".repeat(24))).collect();
    days.concat()
}

/// The lags are those of the file's own heading: F10 and S10 a day, M10 two, Y10 five.
#[test]
fn every_proxy_has_its_lag() {
    let drivers = Drivers::read(SOLAR, &storms()).unwrap();
    let sixth = 51_549.25;
    let proxies = drivers.proxies(sixth).unwrap();
    assert_eq!(
        (proxies.f10[0], proxies.s10[0], proxies.m10[0], proxies.y10[0]),
        (134.0, 135.0, 135.0, 133.0)
    );
    // S10 of the fourth is missing, and Y10 reaches back five days.
    assert_eq!(drivers.proxies(sixth - 1.0), None);
    let (first, last) = drivers.span();
    assert_eq!((first.to_string(), last.to_string()), ("2000-01-06".into(), "2000-01-07".into()));
    assert_eq!(drivers.storms_k(sixth).unwrap()[23], 24.0);
    assert_eq!(drivers.storms_k(51_551.0), None);
}

/// In July 2024 the drivers are beyond the fit of the semiannual variation.
#[test]
fn days_beyond_the_fit_are_not_computed() {
    let beyond = SOLAR.replace(" 141 ", " 60 ");
    let drivers = Drivers::read(&beyond, &storms()).unwrap();
    let sixth = 51_549.25;
    assert!(matches!(usable(&drivers, sixth), Err(Unusable::BeyondFit(index)) if index > 90.0));
    assert!(day_rate(&drivers, sixth, 400.0, 51.6, 0.0).is_err());
    let drivers = Drivers::read(SOLAR, &storms()).unwrap();
    assert!(day_rate(&drivers, sixth, 400.0, 51.6, 0.0).unwrap() > 0.0);
    assert_eq!(usable(&drivers, sixth - 1.0), Err(Unusable::Missing));
    // The highest and the lowest orbit stay inside the heights of the model, the next are refused.
    for inclination_deg in [0.0, 51.6, 90.0] {
        let rate = |km| day_rate(&drivers, sixth, km, inclination_deg, 0.0);
        assert!(rate(150.0).unwrap() > rate(465.0).unwrap());
        assert_eq!(rate(465.1), Err(Unusable::Altitude(465.1)));
        assert_eq!(rate(149.0), Err(Unusable::Altitude(149.0)));
    }
}

#[test]
fn bad_drivers_are_named_with_their_line() {
    let refused = |solar: &str, storms: &str| Drivers::read(solar, storms).unwrap_err().to_string();
    let storms = storms();
    let gap = SOLAR.replace("2000 3 2451547.0", "2000 8 2451552.0");
    let text = refused(&gap, &storms);
    assert!(text.contains("SOLFSMY.TXT, line 4") && text.contains("2000-01-03"), "{text}");
    for bad in ["NaN", "-5", "1e9", "x"] {
        let text = refused(
            &SOLAR.replace("135.0 140", "").replace(" 131 141", &format!(" {bad} 141")),
            &storms,
        );
        assert!(text.contains("SOLFSMY.TXT, line 2"), "{bad}: {text}");
    }
    let text = refused(&SOLAR.replace("2451549.0", "2451549.5"), &storms);
    assert!(text.contains("line 6"), "{text}");
    let text = refused(SOLAR, &storms.replace("DTC 2000 3 24", "DTC 2000 3"));
    assert!(text.contains("DTCFILE.TXT, line 3"), "{text}");
    for day in ["0", "367", "341000000", "-2147483648"] {
        let text = refused(SOLAR, &storms.replace("DTC 2000 3 24", &format!("DTC 2000 {day} 24")));
        assert!(text.contains("DTCFILE.TXT, line 3"), "{day}: {text}");
    }
    assert!(refused("# nothing\n", &storms).contains("SOLFSMY.TXT"));
    assert!(refused(SOLAR, "").contains("DTCFILE.TXT"));
}
