"""ORU-BENCH-1 in SimPy 4.1: the comparison case of the engine benchmark.

200 unit types whose mean times between failures are in oru_bench_1.csv (log-uniform, 100 to 10,000 d),
a stock of max(1, int(2 * 60 / mtbf + 1)), two repairers, lognormal repair of mean 0.5 d with a
standard deviation of one twelfth of it, a resupply every 60 d that arrives with probability 0.95
and fills every stock up, 3,650 d.

    python -m venv peers && peers/bin/pip install simpy==4.1.1
    peers/bin/python bench/peers/simulation/oru_bench_1.py 20
"""

import math
import random
import sys
import time
from pathlib import Path

import simpy

SPAN_D = 3650.0
RESUPPLY_D = 60.0
ARRIVES = 0.95
REPAIR_MEAN_D = 0.5
SIGMA = math.sqrt(math.log(1.0 + (1.0 / 12.0) ** 2))
MU = math.log(REPAIR_MEAN_D) - SIGMA * SIGMA / 2.0


def mtbfs():
    text = Path(__file__).with_name("oru_bench_1.csv").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [float(line) for line in lines[1:]]


def history(lives, chance):
    env = simpy.Environment()
    repairers = simpy.Resource(env, capacity=2)
    full = [max(1, int(2 * RESUPPLY_D / life + 1)) for life in lives]
    stocks = [simpy.Container(env, capacity=n, init=n) for n in full]
    failures = 0

    def unit(life, stock):
        nonlocal failures
        while True:
            yield env.timeout(chance.expovariate(1.0 / life))
            failures += 1
            yield stock.get(1)
            with repairers.request() as repairer:
                yield repairer
                yield env.timeout(chance.lognormvariate(MU, SIGMA))

    def resupply():
        while True:
            yield env.timeout(RESUPPLY_D)
            if chance.random() < ARRIVES:
                for stock, n in zip(stocks, full):
                    # Whoever waits is served at once, and the stock is full afterwards.
                    while stock.level < n:
                        yield stock.put(n - stock.level)

    for life, stock in zip(lives, stocks):
        env.process(unit(life, stock))
    env.process(resupply())
    env.run(until=SPAN_D)
    return failures


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    lives = mtbfs()
    chance = random.Random(7)
    history(lives, chance)
    rates = []
    total = 0
    for _ in range(5):
        wall, cpu = time.perf_counter(), time.process_time()
        failures = sum(history(lives, chance) for _ in range(n))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        total += failures
        rates.append((failures / cpu, failures / wall))
    rates.sort()
    cpu, wall = rates[len(rates) // 2]
    print(
        f"SimPy {simpy.__version__}: {cpu:,.0f} failures/s of processor time ({wall:,.0f} of wall time), "
        f"mean {total / (5 * n):,.0f} failures per history, {5 * n} histories"
    )


if __name__ == "__main__":
    main()
