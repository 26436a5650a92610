"""The usual two ways of moving a station's air and stores through time, timed.

The crew of seven, main processors, leak, arrivals and changes of
`crates/zarya-systems/benches/air.rs`, in one zone and with 14 inventories (fewer than there):

- `lsoda`: `scipy.integrate.solve_ivp` (method LSODA, rtol 1e-9), one output an hour, restarted at
  each arrival and change;
- `euler`: one explicit step an hour in plain Python, the scheme of most open life-support
  simulators.

Run: python -m venv VENV && VENV/bin/pip install scipy && VENV/bin/python cabin.py
"""

import statistics
import time

import numpy as np
from scipy.integrate import solve_ivp

CREW = 7
HOUR = 1.0 / 24.0
O2, N2, CO2, VAPOR, TANK_O2, TANK_N2, POTABLE, WASTE, URINE, BRINE, FOOD, TRASH, VENT, LEAK = range(14)
RATE = dict(o2=0.816, co2=1.0501, drink=2.4758, vapor=1.9184, urine=1.6751, food=1.4854, feces=0.1333)
LEAK_PER_DAY = 0.2 / 1090.0
START = np.array([253.0, 822.0, 6.7, 8.1, 180, 180, 2000, 0, 0, 0, 3000, 0, 0, 0], dtype=float)


def flows(y, on):
    """Rates in kg/d; `on` scales the oxygen generator."""
    out = np.zeros(14)
    use = RATE["o2"] * CREW
    asked = use + LEAK_PER_DAY * y[O2]
    made = min(asked, 9.2 * on)
    tank = asked - made if y[TANK_O2] > 0 else 0.0
    out[O2] = made + tank - asked
    out[TANK_O2] = -tank
    nitrogen = LEAK_PER_DAY * y[N2] if y[TANK_N2] > 0 else 0.0
    out[N2] = nitrogen - LEAK_PER_DAY * y[N2]
    out[TANK_N2] = -nitrogen
    out[CO2] = 0.0
    out[VENT] = RATE["co2"] * CREW - LEAK_PER_DAY * y[CO2] + made * 0.126
    out[VAPOR] = 0.0
    condensate = RATE["vapor"] * CREW - LEAK_PER_DAY * y[VAPOR]
    urine_in = min(9.0, RATE["urine"] * CREW)
    distillate = 0.74 * urine_in
    out[URINE] = RATE["urine"] * CREW - urine_in
    out[BRINE] = urine_in - distillate
    # The waste tank passes on what it gets; an emptying tank would make an ODE solver chatter.
    cleaned = min(93.4, condensate + distillate)
    out[WASTE] = condensate + distillate - cleaned
    out[POTABLE] = cleaned - RATE["drink"] * CREW - made * 1.126
    out[FOOD] = -RATE["food"] * CREW if y[FOOD] > 0 else 0.0
    out[TRASH] = RATE["feces"] * CREW
    out[LEAK] = LEAK_PER_DAY * (y[O2] + y[N2] + y[CO2] + y[VAPOR])
    return out


def events():
    arrivals = [(45.0 * n, "arrival") for n in range(1, 81)]
    changes = [(10.0 * n, n % 2) for n in range(1, 365)]
    return sorted(arrivals + changes, key=lambda event: event[0])


def happen(y, on, what):
    if what == "arrival":
        y = y.copy()
        y[POTABLE] += 420
        y[FOOD] += 500
        y[TANK_N2] += 40
        y[TANK_O2] += 20
        return y, on
    return y, float(what)


def lsoda(days):
    y, on, now, rows = START.copy(), 1.0, 0.0, 0
    due = [event for event in events() if event[0] < days]
    for day, what in due + [(days, None)]:
        if day > now:
            hours = np.arange(np.ceil(now / HOUR), np.floor(day / HOUR)) * HOUR
            hours = hours[(hours >= now) & (hours <= day)]
            answer = solve_ivp(
                lambda _, y: flows(y, on), (now, day), y, method="LSODA", rtol=1e-9, t_eval=hours
            )
            rows += answer.y.shape[1]
            y = answer.y[:, -1] if answer.y.shape[1] else y
            now = day
        if what is not None:
            y, on = happen(y, on, what)
    return rows


def euler(days):
    y, on = START.copy(), 1.0
    due = events()
    steps = int(days / HOUR)
    for n in range(steps):
        while due and due[0][0] <= n * HOUR:
            y, on = happen(y, on, due.pop(0)[1])
        y = np.maximum(y + flows(y, on) * HOUR, 0.0)
    return steps


# Speed is per simulated hour, so that the slow way is given fewer of them.
for name, work, days in (("euler", euler, 365.25), ("lsoda", lsoda, 30.5)):
    work(days)
    times = []
    for _ in range(5):
        start = time.process_time()
        work(days)
        times.append(time.process_time() - start)
    seconds = statistics.median(times)
    speed = days * 24 / seconds / 1e6
    print(f"{name:6} {speed:9.4f} M simulated hours per CPU second (median of 5, {days} d)", flush=True)
