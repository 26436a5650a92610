#!/usr/bin/env python3
"""Fits how far launches slip, and how often a cause is shared, on statements of plans.

    ZARYA_SHARED=... python3 bench/slips/fit.py

Reads `reference/traffic/planned_vs_actual.csv` below ZARYA_SHARED: what was said of a launch on a day,
and when it flew. Prints the tables that stand in docs/iss-station.md and the values of
crates/zarya/stations/iss/vehicles.toml. Needs Python alone; the same input gives the same output.

What a statement says of a move: it is on time when the flight left within 3 days of the planned day, or
within 3 days of the planned month, third of a month or range; else its size is the distance from the
middle of what was said. The chance to be on time falls and the size grows with the lead L, as powers of
L / 180 d (L no more than 365 d):

    P(on time) = on_time ^ ((L / 180 d)^moves_growth)        size ~ lognormal, median * (L / 180 d)^growth

Several statements of one flight share the weight of one flight.
"""

import csv
import math
import os
import random
import sys

AS_OF_COLUMN = "known_by_2025_07_31"
ON_TIME_D = 3
LEAD_D, LEAD_MOST_D = 180.0, 365.0
Z90 = 1.2815515655446004
RESAMPLES = 400

# Groups of families that are fitted together; see docs/iss-station.md for the reasons.
GROUPS = {
    "soyuz-progress": ["Soyuz", "Progress"],
    "crew-dragon": ["Crew Dragon"],
    "us-cargo": ["Dragon-1", "Dragon-2 cargo", "Cygnus"],
    "partner-cargo": ["HTV", "ATV"],
}
# Causes that the engine has elsewhere: stand-downs after a loss (`loss`, `grounding`), a pad and its launcher lost
# (`[[pad]]`), a docked ship that is no way home any more (`lifeboat_failure`).
ELSEWHERE = ["ground-", "ms22-leak-2022"]
# Not of today's ships: development, first flights, the Shuttle.
APART = ["crew-dev", "first-flight", "shuttle-"]
# The shocks: causes that moved two or more flights, by what they hit and how long that has flown, in years to the as-of date.
EXPOSURE = {
    "soyuz-2.1a": (["Soyuz", "Progress"], 17.5, "from the first statement of 2008"),
    "falcon-9": (["Dragon-1", "Dragon-2 cargo", "Cygnus"], 12.8, "from the first regular cargo flight, October 2012"),
    "crew-dragon": (["Crew Dragon"], 4.7, "from the first rotation, November 2020"),
}


def read():
    shared = os.environ.get("ZARYA_SHARED")
    if not shared:
        sys.exit("set ZARYA_SHARED to the folder that holds reference/traffic")
    path = os.path.join(shared, "reference", "traffic", "planned_vs_actual.csv")
    with open(path, newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row[AS_OF_COLUMN] == "yes"]


def starts(cause, prefixes):
    return any(cause.startswith(prefix) for prefix in prefixes)


class Statement:
    def __init__(self, row):
        self.flight, self.family = row["flight"], row["family"]
        self.cause, self.flown = row["shared_cause"], row["actual_launch"]
        self.lead_d = float(row["lead_days"])
        self.scale = min(self.lead_d, LEAD_MOST_D) / LEAD_D
        slip = float(row["slip_days"])
        half = (float(row["slip_days_high"]) - float(row["slip_days_low"])) / 2
        self.slip_d = slip
        self.moved = abs(slip) > ON_TIME_D + half
        self.early = self.moved and slip < 0
        self.size_d = abs(slip)
        self.weight = 1.0


def statements(rows, families):
    # Sentences quoted in a later text are chosen because something moved: left out.
    return [
        Statement(r)
        for r in rows
        if r["family"] in families and r["routine"] == "yes" and r["batch_kind"] != "quoted"
    ]


def weigh(found):
    count = {}
    for s in found:
        count[s.flight] = count.get(s.flight, 0) + 1
    for s in found:
        s.weight = 1.0 / count[s.flight]
    return found


def bisect(function, low, high):
    """The root of a falling function."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return (low + high) / 2


def on_time_of(found, exponent):
    """Maximum likelihood with Jeffreys' half a flight on either side, at the lead of 180 d."""

    def slope(hazard):
        total = 0.5 / math.expm1(hazard) - 0.5 if hazard > 1e-12 else 1e12
        for s in found:
            power = s.scale**exponent
            total += s.weight * (power / math.expm1(hazard * power) if s.moved else -power)
        return total

    return math.exp(-bisect(slope, 1e-9, 20.0))


def sizes_of(found, growth):
    moved = [s for s in found if s.moved]
    weight = sum(s.weight for s in moved)
    if weight == 0:
        return None
    logs = [(s.weight, math.log(s.size_d) - growth * math.log(s.scale)) for s in moved]
    mean = sum(w * x for w, x in logs) / weight
    spread = math.sqrt(sum(w * (x - mean) ** 2 for w, x in logs) / weight)
    return mean, spread, weight


def log_likelihood_moves(groups, exponent):
    total = 0.0
    for found in groups:
        hazard = -math.log(on_time_of(found, exponent))
        for s in found:
            power = hazard * s.scale**exponent
            total += s.weight * (math.log(-math.expm1(-power)) if s.moved else -power)
    return total


def moves_growth_of(groups):
    return max((k / 20 for k in range(0, 31)), key=lambda e: log_likelihood_moves(groups, e))


def growth_of(groups):
    """Slope of log size on log lead within the groups."""
    above = below = 0.0
    for found in groups:
        moved = [s for s in found if s.moved]
        weight = sum(s.weight for s in moved)
        if weight == 0:
            continue
        x_mean = sum(s.weight * math.log(s.scale) for s in moved) / weight
        y_mean = sum(s.weight * math.log(s.size_d) for s in moved) / weight
        for s in moved:
            x = math.log(s.scale) - x_mean
            above += s.weight * x * (math.log(s.size_d) - y_mean)
            below += s.weight * x * x
    return max(0.0, above / below) if below > 0 else 0.0


class Fit:
    def __init__(self, groups):
        names = list(groups)
        lists = [groups[name] for name in names]
        self.moves_growth, self.growth = moves_growth_of(lists), growth_of(lists)
        self.on_time = {n: on_time_of(groups[n], self.moves_growth) for n in names}
        sizes = {n: sizes_of(groups[n], self.growth) for n in names}
        known = {n: s for n, s in sizes.items() if s is not None}
        weight = sum(s[2] for s in known.values())
        # Scatter pooled over groups: three to fifteen moved flights each.
        self.spread = math.sqrt(sum(s[2] * s[1] ** 2 for s in known.values()) / weight)
        pooled = sum(s[2] * s[0] for s in known.values()) / weight
        # The median of a group is drawn to that of all by the weight of one flight.
        self.median = {
            n: math.exp((known[n][0] * known[n][2] + pooled) / (known[n][2] + 1) if n in known else pooled)
            for n in names
        }
        moved = [s for found in lists for s in found if s.moved]
        early = sum(s.weight for s in moved if s.early)
        total = sum(s.weight for s in moved)
        self.early = (early + 0.5) / (total + 1.0)

    def p90(self, name):
        return self.median[name] * math.exp(Z90 * self.spread)

    def cumulative(self, name, s, slip_d):
        """Probability that a flight of this lead slips no more than so much."""
        stays = self.on_time[name] ** (s.scale**self.moves_growth)
        early = (1 - stays) * self.early
        median = self.median[name] * s.scale**self.growth

        def below(size):
            return 0.5 * math.erfc(-math.log(size / median) / self.spread / math.sqrt(2)) if size > 0 else 0.0

        if slip_d < -ON_TIME_D:
            return early * (1 - below(-slip_d))
        if slip_d <= ON_TIME_D:
            return early + stays
        return early + stays + (1 - stays - early) * below(slip_d)


def resampled(groups, generator):
    new = {}
    for name, found in groups.items():
        flights = sorted({s.flight for s in found})
        by_flight = {f: [s for s in found if s.flight == f] for f in flights}
        new[name] = [s for _ in flights for s in by_flight[generator.choice(flights)]]
    return new


def band(values):
    values = sorted(values)
    return values[int(0.05 * len(values))], values[int(0.95 * len(values))]


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(q * len(values)))] if values else float("nan")


def of_flights(rows, keep):
    return {
        name: weigh([s for s in statements(rows, families) if keep(s)]) for name, families in GROUPS.items()
    }


def shared(rows):
    """Causes shared by two or more regular flights of today's families, not the engine's elsewhere."""
    families = [f for fs in GROUPS.values() for f in fs] + ["private"]
    flights = {}
    for s in statements(rows, families):
        if s.cause and not starts(s.cause, ELSEWHERE + APART) and s.moved:
            flights.setdefault(s.cause, {}).setdefault(s.flight, []).append(s)
    return {cause: of for cause, of in flights.items() if len(of) > 1}


def gamma_quantile(shape, q):
    """By bisection of the incomplete gamma function's series."""

    def below(x):
        term = total = 1.0 / shape
        n = shape
        while term > total * 1e-15:
            n += 1
            term *= x / n
            total += term
        return total * math.exp(-x + shape * math.log(x) - math.lgamma(shape))

    return bisect(lambda x: q - below(x), 1e-12, 100.0)


def main():
    rows = read()
    shocks = shared(rows)

    def own(s):
        return not s.cause or not (starts(s.cause, ELSEWHERE + APART) or s.cause in shocks)

    print(f"{len(rows)} statements known by the as-of date of {len({r['flight'] for r in rows})} flights\n")
    print("What was said and what flew, regular flights, whatever the cause")
    print("group            lead d    n  flights  on time  early  late: median  p90  largest")
    for name, families in GROUPS.items():
        for low, high in ((0, 60), (60, 180), (180, 366), (366, 10_000)):
            found = [s for s in statements(rows, families) if low <= s.lead_d < high]
            late = [s.size_d for s in found if s.moved and not s.early]
            if found:
                stays = sum(not s.moved for s in found)
                print(
                    f"{name:15} {low:4}-{high if high < 1000 else '':<4} {len(found):3} {len({s.flight for s in found}):7}"
                    f" {stays:8} {sum(s.early for s in found):6}"
                    + (f" {quantile(late, .5):12.0f} {quantile(late, .9):5.0f} {max(late):7.0f}" if late else "")
                )

    print("\nA group's families and eras, causes the engine has elsewhere and shocks left out: flights' weight, share on time")
    for name, families in GROUPS.items():
        for family in families:
            found = weigh([s for s in statements(rows, [family]) if own(s)])
            weight = sum(s.weight for s in found)
            stays = sum(s.weight for s in found if not s.moved)
            print(f"{name:15} {family:15} {weight:5.0f} {stays / weight:6.2f}")
        for era, low, high in (("to 2015", "0", "2016"), ("from 2016", "2016", "9")):
            found = weigh([s for s in statements(rows, families) if own(s) and low <= s.flown < high])
            weight = sum(s.weight for s in found)
            if weight:
                stays = sum(s.weight for s in found if not s.moved)
                print(f"{name:15} {era:15} {weight:5.0f} {stays / weight:6.2f}")

    groups = of_flights(rows, own)
    fit = Fit(groups)
    generator = random.Random(20250731)
    again = [Fit(resampled(groups, generator)) for _ in range(RESAMPLES)]
    print("\nThe fit: value (5 to 95 % of resampled flights), at a lead of 180 d")
    print("group            flights  moved  on_time             median d         p90 d")
    for name, found in groups.items():
        low, high = band([a.on_time[name] for a in again])
        m_low, m_high = band([a.median[name] for a in again])
        p_low, p_high = band([a.p90(name) for a in again])
        print(
            f"{name:15} {sum(s.weight for s in found):8.0f} {sum(s.weight for s in found if s.moved):6.1f}"
            f"  {fit.on_time[name]:.2f} ({low:.2f} to {high:.2f})"
            f"  {fit.median[name]:4.0f} ({m_low:.0f} to {m_high:.0f})  {fit.p90(name):5.0f} ({p_low:.0f} to {p_high:.0f})"
        )
    for label, value, values in (
        ("early, share of the moved", fit.early, [a.early for a in again]),
        ("moves_growth", fit.moves_growth, [a.moves_growth for a in again]),
        ("growth", fit.growth, [a.growth for a in again]),
        ("p90 / median", math.exp(Z90 * fit.spread), [math.exp(Z90 * a.spread) for a in again]),
    ):
        low, high = band(values)
        print(f"{label:26} {value:.2f} ({low:.2f} to {high:.2f})")

    print("\nHoldout: fitted on flights before the date, asked of those after it")
    print("date        group            n  on time: fitted  seen   slip <= fitted p50  p90  p95")
    for cut in ("2016-01-01", "2018-10-01", "2021-01-01"):
        before = of_flights(rows, lambda s: own(s) and s.flown < cut)
        known = {n: f for n, f in before.items() if f}
        past = Fit(known)
        for name in known:
            after = weigh([s for s in statements(rows, GROUPS[name]) if own(s) and s.flown >= cut])
            weight = sum(s.weight for s in after)
            if not after:
                continue
            stays = sum(s.weight * past.on_time[name] ** (s.scale**past.moves_growth) for s in after)
            seen = sum(s.weight for s in after if not s.moved)

            def share(q):
                # A step of the law covers a quantile when any of it lies at or below.
                hit = 0.0
                for s in after:
                    at = past.cumulative(name, s, s.slip_d if s.moved else 0.0)
                    under = past.cumulative(name, s, -ON_TIME_D - 1e-9) if not s.moved else at
                    hit += s.weight * (1.0 if at <= q else max(0.0, (q - under) / (at - under)) if under < q else 0.0)
                return hit / weight

            print(
                f"{cut}  {name:15} {len(after):3} {stays / weight:12.2f} {seen / weight:9.2f}"
                f" {share(.5):14.2f} {share(.9):9.2f} {share(.95):5.2f}"
            )

    print("\nShocks: causes that moved two or more regular flights")
    print("cause               flight          slip d  lead d")
    for cause, flights in sorted(shocks.items()):
        for flight, found in flights.items():
            for s in found:
                print(f"{cause:19} {flight:15} {s.slip_d:6.0f} {s.lead_d:7.0f}")
    print("\nhits         causes  years  rate 1/y: median (5 to 95 %), Jeffreys   delay d: median, smallest, largest of flights' largest")
    for hits, (families, years, since) in EXPOSURE.items():
        of = {
            c: [max(s.slip_d for s in found) for flight, found in flights.items() if found[0].family in families]
            for c, flights in shocks.items()
        }
        of = {c: sizes for c, sizes in of.items() if any(x > 0 for x in sizes)}
        n = len(of)
        late = [x for sizes in of.values() for x in sizes if x > 0]
        middle = math.exp(sum(math.log(x) for x in late) / len(late)) if late else float("nan")
        low, middle_rate, high = (gamma_quantile(n + 0.5, q) / years for q in (0.05, 0.5, 0.95))
        print(
            f"{hits:12} {n:6} {years:6}  {middle_rate:.2f} ({low:.3f} to {high:.2f})"
            f"  {middle:4.0f} ({min(late, default=0):.0f} to {max(late, default=0):.0f})  {since}: {', '.join(sorted(of))}"
        )


main()
