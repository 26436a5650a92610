"""Decay of a circular orbit over a year with satkit's numerical propagator, beside `zarya orbit decay`.

usage: python satkit_decay.py FROM ALTITUDE_KM DRAG_AREA_M2_KG DAYS PATH_TO_ZARYA

Needs `pip install satkit satkit-data` (the second holds Earth orientation, space weather and the
JPL ephemeris, so that nothing is downloaded). Prints the loss of
mean altitude of both and the seconds each took.
"""
import datetime
import json
import math
import os
import pathlib
import subprocess
import sys
import time

import numpy as np
import satkit_data

DATA = pathlib.Path(satkit_data.__file__).parent / "data"
os.environ.setdefault("SATKIT_DATA", str(DATA))
os.environ.setdefault("SATKIT_JPLEPHEM_FILE", str(DATA / "linux_p1550p2650.440"))
import satkit as sk  # noqa: E402

RE, MU, J2 = 6378.137e3, 3.986004418e14, 1.08262668e-3


def mean_altitude_km(states):
    """Brouwer mean semi-major axis of a near-circular orbit from states over whole revolutions."""
    axes = []
    for s in states:
        r, v = s[:3], s[3:6]
        a = 1.0 / (2.0 / np.linalg.norm(r) - v @ v / MU)
        h = np.cross(r, v)
        cos_i = h[2] / np.linalg.norm(h)
        sin2_i = 1.0 - cos_i**2
        sin2_u = (r[2] / np.linalg.norm(r)) ** 2 / sin2_i
        gamma = J2 * RE**2 / (2.0 * a * a)
        axes.append(a - 3.0 * gamma * a * sin2_i * (1.0 - 2.0 * sin2_u))
    return (np.mean(axes) - RE) / 1e3


def main():
    start, altitude_km, drag, days, zarya = sys.argv[1:6]
    altitude_km, drag, days = float(altitude_km), float(drag), int(days)
    year, month, day = (int(x) for x in start.split("-"))
    begin = sk.time(year, month, day)
    inclination = math.radians(51.64)
    # Start on the osculating circular orbit whose mean altitude is the one asked for: two rounds.
    target, osculating = altitude_km, altitude_km
    settings = sk.propsettings()
    wanted = {
        "abs_error": 1e-8,
        "rel_error": 1e-8,
        "use_spaceweather": True,
        "gravity_degree": 4,
        "gravity_order": 4,
        "use_relativistic_correction": False,
    }
    if hasattr(sk, "gravmodel") and hasattr(sk.gravmodel, "jgm3"):
        wanted["gravity_model"] = sk.gravmodel.jgm3
    for name, value in wanted.items():
        if hasattr(settings, name):
            setattr(settings, name, value)
    satellite = sk.satproperties(cdaoverm=drag)
    calm = sk.satproperties(cdaoverm=0.0)

    def state(osculating_km):
        a = RE + osculating_km * 1e3
        v = math.sqrt(MU / a)
        return np.array([a, 0, 0, 0, v * math.cos(inclination), v * math.sin(inclination)])

    def day_mean(begin, s, properties):
        end = begin + sk.duration(days=1)
        result = sk.propagate(s, begin, end, propsettings=settings, satproperties=properties)
        return mean_altitude_km(
            [result.interp(begin + sk.duration(seconds=60.0 * i)) for i in range(1440)]
        )

    for _ in range(3):
        osculating += target - day_mean(begin, state(osculating), calm)
    s = state(osculating)
    clock = time.perf_counter()
    now, left = begin, days
    while left > 0:
        step = min(left, 30)
        end = now + sk.duration(days=step)
        s = sk.propagate(s, now, end, propsettings=settings, satproperties=satellite).state
        now, left = end, left - step
    seconds = time.perf_counter() - clock
    final = day_mean(now, s, calm)
    through = datetime.date(year, month, day) + datetime.timedelta(days=days)
    clock = time.perf_counter()
    answer = subprocess.run(
        [zarya, "orbit", "decay", "--altitude-km", str(altitude_km), "--drag-area-m2-kg", str(drag),
         "--from", start, "--through", str(through), "--sun", "observed", "--json", "-", "--quiet"],
        check=True, capture_output=True, text=True,
    )
    process = time.perf_counter() - clock
    ours = json.loads(answer.stdout)["days"][-1]["altitude_km"]
    loss, loss_ours = altitude_km - final, altitude_km - ours
    print(f"{start} {altitude_km} km {drag} m2/kg {days} d: satkit {loss:.3f} km in {seconds:.1f} s, "
          f"zarya {loss_ours:.3f} km in {process:.3f} s (whole process), "
          f"difference {100 * (loss_ours / loss - 1):+.2f} %")


if __name__ == "__main__":
    main()
