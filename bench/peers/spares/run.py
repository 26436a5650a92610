"""Demand beside numpy and allocation beside HiGHS, in one run on one core.

    python -m venv venv && venv/bin/pip install numpy highspy
    cargo build --release --manifest-path bench/peers/spares/Cargo.toml
    taskset -c 0 venv/bin/python bench/peers/spares/run.py

The 76 unit types are those of cases/spares/unknown-rates.md; the synthetic instances have rows of
mean demand 10^U(-2,1) and mass lognormal(2.5, 1.3), P = 0.95. A knapsack file may be added as an
argument. Every time is the least of some repetitions.
"""

import json
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import highspy
import numpy as np

HERE = pathlib.Path(__file__).parent
BENCH = HERE / "target" / "release" / "spares-bench"


def units():
    page = (HERE / "../../../cases/spares/unknown-rates.md").read_text()
    lines = page.split("```csv\n")[1].split("```")[0].splitlines()
    header = lines[0].split(",")
    return [dict(zip(header, line.split(","))) for line in lines[1:]]


def least_ms(repetitions, work):
    best = math.inf
    for _ in range(repetitions):
        start = time.perf_counter()
        answer = work()
        best = min(best, (time.perf_counter() - start) * 1e3)
    return best, answer


def bench(kind, text):
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(text)
        file.flush()
        out = subprocess.run([BENCH, kind, file.name], capture_output=True, text=True, check=True)
    return json.loads(out.stdout)


def euler_nodes(t, a=18.4, averaged=11, plain=15):
    k = np.arange(plain + averaged + 1)
    s = (a + 2j * np.pi * k) / (2 * t)
    share = np.ones(len(k))
    binomial = np.array([math.comb(averaged, j) for j in range(averaged + 1)]) / 2.0**averaged
    for j in range(plain + 1, plain + averaged + 1):
        share[j] = binomial[j - plain :].sum()
    sign = np.where(k % 2 == 0, 1.0, -1.0) * np.where(k == 0, 0.5, 1.0)
    return s, share * sign * math.exp(a / 2) / t


Z = np.arange(-8.5, 8.51, 0.25)
WEIGHTS = np.exp(-Z * Z / 2) / np.exp(-Z * Z / 2).sum()


def numpy_demand(rows):
    """The same model, vectorized over the inversion's points."""
    variance = math.log(1 + (1 / 12) ** 2)
    times = np.exp(math.log(0.5) - variance / 2 + math.sqrt(variance) * Z)
    rates = [float(r["quantity"]) / float(r["mtbf_d"]) for r in rows]
    groups = {}
    for r, rate in zip(rows, rates):
        groups[r["group"]] = groups.get(r["group"], 0.0) + rate
    nodes = {}
    confidence = 0.99 ** (1 / 337)
    total = 0
    for r, rate in zip(rows, rates):
        net = np.array([1.0])
        for j in range(1, 11):
            t = float(r["running_h"]) / 24 * j
            if t not in nodes:
                s, w = euler_nodes(t)
                nodes[t] = s, w, np.exp(-np.outer(s, times)) @ WEIGHTS
            s, w, repair = nodes[t]
            group = groups[r["group"]]
            g = rate / (s + group - (group - rate) * repair)
            mean = rate * t
            n = int(mean + 8 * math.sqrt(mean) + 12)
            powers = np.cumprod(np.vstack([g / s * w, np.tile(repair * g, (n - 1, 1))]), axis=0)
            more = powers.real.sum(axis=1)
            more = more[: max(int(np.argmax(more < 1e-8)) + 1, 1)] if (more < 1e-8).any() else more
            pmf = -np.diff(np.concatenate([[1.0], more]))
            for _ in range(int(r["copies"])):
                net = np.convolve(net, pmf)
            total += int(np.argmax(np.cumsum(net) >= confidence))
    return total


def poisson_steps(mean, mass):
    """Gains in ln P of further spares of a row, until they are negligible."""
    pmf = [math.exp(-mean)]
    while pmf[-1] > 1e-17 or len(pmf) < mean:
        pmf.append(pmf[-1] * mean / len(pmf))
    tail = np.cumsum(np.array(pmf[::-1]))[::-1]
    log = np.log1p(-np.minimum(np.append(tail[1:], 0.0), 1 - 1e-300))
    gains = np.diff(log)
    return log[0], [(mass, gain) for gain in gains if gain > 1e-13]


def synthetic(n, seed):
    chance = random.Random(seed)
    start, lines = 0.0, []
    for row in range(n):
        mean = 10 ** chance.uniform(-2, 1)
        mass = round(chance.lognormvariate(2.5, 1.3), 3)
        log, steps = poisson_steps(mean, mass)
        start += log
        lines += [f"{row} {mass} {gain:.15e}" for mass, gain in steps]
    return f"{len(lines)} {math.log(0.95) - start:.15e}\n" + "\n".join(lines) + "\n"


def highs(text, seconds):
    lines = text.splitlines()
    target = float(lines[0].split()[1])
    masses, gains = [], []
    for line in lines[1:]:
        _, mass, gain = line.split()
        masses.append(float(mass))
        gains.append(float(gain))
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    model.setOptionValue("time_limit", float(seconds))
    model.setOptionValue("mip_rel_gap", 0.0)
    # The default of 1e-6 admits stocks that fall short of the target and weigh less.
    model.setOptionValue("mip_feasibility_tolerance", 1e-10)
    model.setOptionValue("primal_feasibility_tolerance", 1e-10)
    n = len(masses)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n, 1
    lp.col_cost_ = np.array(masses)
    lp.col_lower_, lp.col_upper_ = np.zeros(n), np.ones(n)
    lp.row_lower_, lp.row_upper_ = np.array([target]), np.array([highspy.kHighsInf])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array([0, n])
    lp.a_matrix_.index_ = np.arange(n)
    lp.a_matrix_.value_ = np.array(gains)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * n
    model.passModel(lp)
    start = time.perf_counter()
    model.run()
    ms = (time.perf_counter() - start) * 1e3
    info = model.getInfo()
    taken = np.array(model.getSolution().col_value).round()
    surplus = float(taken @ np.array(gains)) - target
    return ms, info.objective_function_value, info.mip_dual_bound, surplus


def main():
    print("load average", " ".join(f"{x:.1f}" for x in os.getloadavg()))
    rows = units()
    ours = bench(
        "demand",
        "".join(
            f"{r['group']},{r['quantity']},{r['mtbf_d']},{float(r['running_h']) / 24!r},{r['copies']}\n"
            for r in rows
        ),
    )
    ms, total = least_ms(5, lambda: numpy_demand(rows))
    print(f"demand, ten missions of {len(rows)} types: zarya {ours['ms']:.2f} ms, numpy {ms:.1f} ms;"
          f" thresholds {ours['thresholds']} and {total}")
    instances = [(f"synthetic {n}", synthetic(n, n)) for n in (76, 1000, 3000)]
    for path in sys.argv[1:]:
        instances.append((pathlib.Path(path).name, pathlib.Path(path).read_text()))
    for name, text in instances:
        ours = bench("steps", text)
        ms, kg, bound, surplus = highs(text, 15)
        proof = "proven" if ours["optimal"] else "gap"
        print(f"{name}: zarya {ours['ms']:.2f} ms {ours['mass_kg']:.3f} kg {proof};"
              f" HiGHS {ms:.0f} ms {kg:.3f} kg, bound {bound:.3f},"
              f" gain beyond target {surplus:.1e}", flush=True)


main()
