use std::f64::consts::TAU;
use zarya_orbit::air::{SunDay, orbit_mean_rate};
use zarya_orbit::decay::{decay_daily, decay_over};
use zarya_orbit::geometry::{ISS_INCLINATION_DEG, day_of_year};
use zarya_orbit::table::PathRates;
use zarya_orbit::{DecayTable, SunPath};
use zarya_units::Date;
use zarya_units::random::{Source, Stream};

/// The direct average over 24 points and 8 nodes, on the Sun of days drawn from the record.
#[test]
fn the_table_repeats_the_direct_average() {
    let table = DecayTable::embedded();
    let source = Source::new(1, 0);
    let stream = Stream::new("table", "points");
    let (mut square, mut sum, mut worst, mut close) = (0.0, 0.0, 0.0_f64, 0);
    let n = 400;
    for i in 0..n {
        let mjd = 51_000.0 + (source.uniform(stream, 2 * i) * 10_000.0).floor();
        let altitude = 160.0 + 335.0 * source.uniform(stream, 2 * i + 1);
        let sun = SunPath::observed(mjd, 1).unwrap().days()[0];
        let day = day_of_year(mjd);
        let direct = (0..8)
            .map(|k| {
                let node = TAU * f64::from(k) / 8.0;
                orbit_mean_rate(altitude, ISS_INCLINATION_DEG, node, day, sun, 24)
            })
            .sum::<f64>()
            / 8.0;
        let error = table.rate_km_d(altitude, sun.f107, sun.f107_81, sun.ap, day) / direct - 1.0;
        square += error * error;
        sum += error;
        worst = worst.max(error.abs());
        close += i32::from(error.abs() < 0.005);
    }
    let (rms, mean) = ((square / f64::from(n)).sqrt(), sum / f64::from(n));
    eprintln!(
        "table against direct average: mean {mean:.5} rms {rms:.5} worst {worst:.5} close {close}"
    );
    assert!(mean.abs() < 0.001 && rms < 0.002 && worst < 0.01 && close >= 396);
}

/// Weekly and monthly steps against daily ones, over years of the observed Sun.
#[test]
fn long_steps_keep_the_loss_of_a_year() {
    let table = DecayTable::embedded();
    for year in [2001, 2005, 2008, 2012, 2014, 2019, 2023] {
        let from = Date::new(year, 1, 1).unwrap().mjd();
        let sun = SunPath::observed(from, 360).unwrap();
        let (_, daily) = decay_daily(table, 420.0, 0.003, from, 360, &sun, |_| 1.0);
        let weekly = decay_over(table, 420.0, 0.003, 1.0, from, 360.0, &sun);
        let rates = PathRates::new(table, &sun, 30);
        let monthly = (0..rates.blocks()).fold(420.0, |z, b| rates.after_block(z, 0.003, b));
        let loss = 420.0 - daily.altitude_km;
        let (a, b) = ((420.0 - weekly.altitude_km) / loss - 1.0, (420.0 - monthly) / loss - 1.0);
        eprintln!(
            "{year}: loss {loss:.2} km, weekly {:.3} %, monthly {:.3} %",
            100.0 * a,
            100.0 * b
        );
        assert!(a.abs() < 0.005 && b.abs() < 0.005, "{year} {a} {b}");
    }
}

#[test]
fn more_drag_never_climbs_and_the_floor_holds() {
    let table = DecayTable::embedded();
    let sun = SunPath::constant(60_000.0, 400, SunDay { f107: 150.0, f107_81: 150.0, ap: 12.0 });
    let end = |drag| decay_over(table, 300.0, drag, 1.0, 60_000.0, 60.0, &sun);
    assert!(end(0.002).altitude_km > end(0.004).altitude_km);
    let gone = end(0.2);
    assert!(gone.reentered && gone.days < 60.0 && gone.altitude_km == 150.0);
}
