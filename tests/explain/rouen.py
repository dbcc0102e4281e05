"""A small campaign around Rouen, told to those it concerns: zones, types, an ordered list, an exchange, an extension.

c1 enters the commune on the only free seat; improvement gives him the seat of c3, who takes his. c2 stays in Le Havre.
d, obliged, finds every zone full and goes on to the zone de remplacement.
"""

from __future__ import annotations

SETTINGS = """schema = 1
id = "rouen"
movement = "intra"
rulebook = "none"
session = 2015
seed = 4
[options]
improvement = "zone"
extension = "residual"
"""
PLACES = """place_id,kind,label,school_type,commune,grouping,department,academy,lat,lon
E1,ETB,Collège Un,CLG,76540,ROUEN,76,21,49.44,1.10
E2,ETB,Collège Deux,CLG,76540,ROUEN,76,21,49.45,1.08
E3,ETB,Collège Trois,CLG,76351,HAVRE,76,21,49.49,0.11
E4,ETB,Lycée Quatre,LYC,76540,ROUEN,76,21,49.44,1.09
Z1,ZR,ZR Rouen,,,,76,21,,
"""
POSTS = """post_id,place_id,discipline,seats
E1-M,E1,M,1
E2-M,E2,M,0
E3-M,E3,M,0
E4-M,E4,M,0
Z1-M,Z1,M,1
"""
ZONES = """zone_kind,zone_code,place_id,position
GEO,SEINE,E1,1
GEO,SEINE,E2,1
GEO,SEINE,E4,1
GEO,SEINE,E3,2
"""
CANDIDATES = """candidate_id,discipline,held_post,mandatory
c1,M,,true
c2,M,E3-M,false
c3,M,E2-M,false
d,M,,true
"""
WISHES = """candidate_id,rank,kind,code,school_type,points
c1,1,ETB,E4,,200
c1,2,COM,76540,,200
c2,1,COM,76540,,180
c3,1,ETB,E1,,120
d,1,GEO,SEINE,,50
d,2,DPT,76,CLG,40
"""
EXTENSION = """origin_kind,origin_code,position,kind,code,school_type
GEO,SEINE,1,DPT,76,
GEO,SEINE,2,ZRA,21,
"""
TABLES = {
    "places": PLACES,
    "posts": POSTS,
    "zones": ZONES,
    "candidates": CANDIDATES,
    "wishes": WISHES,
    "extension": EXTENSION,
}
