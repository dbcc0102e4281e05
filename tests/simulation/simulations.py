"""Simulations of small campaigns, and what two of them have in common."""

from __future__ import annotations

from pathlib import Path

from tests.campaigns import write_campaign

EQUALS = {
    "places": "place_id,kind\n14,ACA\n17,ACA\n24,ACA\n",
    "posts": "post_id,place_id,discipline,seats\nM-14,14,L1300,1\nM-17,17,L1300,1\nM-24,24,L1300,0\n",
    "candidates": "candidate_id,discipline,held_post,mandatory\na,L1300,M-24,false\nb,L1300,M-24,false\n"
    "c,L1300,,false\nd,L1300,,true\n",
    "wishes": "candidate_id,rank,kind,code,points\na,1,ACA,14,20\na,2,ACA,17,20\nb,1,ACA,14,20\nb,2,ACA,17,20\n"
    "c,1,ACA,17,20\nc,2,ACA,14,20\nc,3,ACA,24,20\nd,1,ACA,14,20\nd,2,ACA,24,20\n",
}
"""Four candidates with the same points and no birth dates: lots alone decide."""

SETTINGS_NONE = """schema = 1
id = "equals"
movement = "inter"
rulebook = "none"
session = 2025
seed = 7
options = {extension = "none"}
"""


def equals(folder: Path) -> Path:
    return write_campaign(folder, SETTINGS_NONE, **EQUALS)


def content(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
