"""Prints the names of mutants of one package, drawn with a fixed seed, one a line.

Usage: cargo mutants --list -p PACKAGE | python3 bench/mutants/sample.py COUNT SEED [SHARD/SHARDS]
"""

import random
import sys

count, seed = int(sys.argv[1]), int(sys.argv[2])
shard, shards = (int(n) for n in sys.argv[3].split("/")) if len(sys.argv) > 3 else (0, 1)
names = sorted(line.rstrip("\n") for line in sys.stdin if line.strip())
drawn = random.Random(seed).sample(names, min(count, len(names)))
print("\n".join(drawn[shard::shards]))
