"""What each candidate likes best, kind by kind: schools, communes, groupements, départements, ZR, specific posts.

Schools are ranked by a random utility: what the school and its town are worth, less for distance from where one would
like to be, plus Gumbel noise (a Plackett-Luce ranking). Wider zones follow the schools: the commune of the best school
first. Nobody is given a zone that holds his own post, which the rules would delete.
"""

from __future__ import annotations

import numpy as np

from scenarios.draws import Flags, Floats, Ints, Streams, gumbel, pick_within, sums
from scenarios.intra.atlas import NOWHERE, Atlas
from scenarios.intra.people import People
from scenarios.intra.posts import Posts
from scenarios.intra.profile import PLACE_TYPES, Choices
from scenarios.intra.scene import Block, Scene, Tastes, blocks, build_scene
from scenarios.intra.sphere import distances

NUM_BEST = 24
"""Schools ranked for each candidate, in whose order wider zones come."""
LYCEE = PLACE_TYPES.index("LYC")

Best = dict[str, Ints]
"""Kind of wish -> int64[n, k]: numbers of zones of `Atlas.codes` (POST: rows of posts), best first, then `NOWHERE`."""


def rank_choices(
    choices: Choices, atlas: Atlas, posts: Posts, people: People, tastes: Tastes, streams: Streams
) -> Best:
    """Rank what every candidate could ask for."""
    scene = build_scene(choices, atlas, posts, streams)
    parts = [_rank(scene, block, streams) for block in blocks(atlas, posts, people, tastes)]
    order = np.argsort(np.concatenate([rows for rows, _ in parts]), kind="stable")
    best = {kind: _stacked([found[kind] for _, found in parts])[order] for kind in parts[0][1]}
    return best | {"POST": _specific_posts(posts, people, streams)}


def _rank(scene: Scene, block: Block, streams: Streams) -> tuple[Ints, Best]:
    """The best choices of a block of candidates, but for specific posts."""
    schools = _schools(scene, block, streams)
    taught = scene.taught[block.departments].transpose(1, 2, 0)[block.discipline, block.asked_type]
    replaced = scene.replaced[block.departments].T[block.discipline]
    return block.rows, {
        "ETB": schools,
        "COM": _around(scene, block, schools, "COM"),
        "GEO": _around(scene, block, schools, "GEO"),
        "DPT": _departments(scene, block, taught, _covering(scene, block, "DPT")),
        "ACA": _around(scene, block, schools, "ACA"),
        "ZRE": _replacement(scene, block, streams),
        "ZRD": _departments(scene, block, replaced, _own_replacement(scene, block, "DPT")),
        "ZRA": _academies(scene, block),
    }


def _schools(scene: Scene, block: Block, streams: Streams) -> Ints:
    """int64[r, NUM_BEST]: rows of places; the school that was closed first, the one held never."""
    atlas, here = scene.atlas, block.places
    type_of = atlas.type_of[here]
    away = distances(atlas.commune_position[block.home], atlas.position[here])
    utility = gumbel(streams.uniform(f"schools_{block.number}", *away.shape))
    utility += scene.worth[here] - scene.choices.distance_per_10_km.value * away / 10
    utility += block.town[:, None] * scene.town[here] + block.lycee[:, None] * (type_of == LYCEE)
    at_home = atlas.zone_of["DPT"][here] == atlas.commune_department[block.home][:, None]
    utility += block.department[:, None] * at_home
    admissible = scene.offered[here, :].T[block.discipline] & ~atlas.replacement[here]
    admissible &= (block.asked_type[:, None] == NOWHERE) | (block.asked_type[:, None] == type_of)
    utility[~admissible] = -np.inf
    _put(utility, block.held - here.start, -np.inf)
    utility[(np.arange(here.start, here.stop) == block.lost[:, None]) & admissible] = np.inf
    return _moved(_highest(utility), here.start)


def _highest(utility: Floats) -> Ints:
    """int64[r, k]: columns of the highest entries of each row, highest first, `NOWHERE` where minus infinity."""
    count = min(NUM_BEST, utility.shape[1])
    some = np.argpartition(-utility, count - 1, axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(utility, some, axis=1), axis=1, kind="stable")
    best = np.take_along_axis(some, order, axis=1)
    return np.where(np.isneginf(np.take_along_axis(utility, best, axis=1)), NOWHERE, best)


def _moved(columns: Ints, start: int) -> Ints:
    """The same counted from `start`, `NOWHERE` left as it is."""
    return np.where(columns == NOWHERE, NOWHERE, start + columns)


def _put(utility: Floats, column: Ints, value: float) -> None:
    """Sets one entry of each row whose column is inside the table."""
    inside = np.flatnonzero((column >= 0) & (column < utility.shape[1]))
    utility[inside, column[inside]] = value


def _around(scene: Scene, block: Block, schools: Ints, kind: str) -> Ints:
    """int64[r, k]: zones of a kind in the order of the best schools, each once; never one that holds the post held."""
    zone_of = np.append(scene.atlas.zone_of[kind], NOWHERE)
    zones = zone_of[schools]
    zones[zones == _covering(scene, block, kind)[:, None]] = NOWHERE
    return _distinct(zones)


def _covering(scene: Scene, block: Block, kind: str) -> Ints:
    """int64[r]: the zone of a kind that holds the school held, if asked for with the type of school asked for."""
    atlas = scene.atlas
    other = (block.asked_type != NOWHERE) & (block.asked_type != np.append(atlas.type_of, NOWHERE)[block.held])
    zone_of = np.append(np.where(atlas.replacement, NOWHERE, atlas.zone_of[kind]), NOWHERE)
    return np.where(other, NOWHERE, zone_of[block.held])


def _own_replacement(scene: Scene, block: Block, kind: str) -> Ints:
    """int64[r]: the zone of a kind that holds the ZR held, `NOWHERE` for those who hold none."""
    zone_of = np.append(np.where(scene.atlas.replacement, scene.atlas.zone_of[kind], NOWHERE), NOWHERE)
    return zone_of[block.held]


def _departments(scene: Scene, block: Block, offering: Flags, own: Ints) -> Ints:
    """int64[r, k]: départements, that of the home first, then by distance; those `offering` (bool[r, number of
    départements]) posts, never the `own` one."""
    atlas, here = scene.atlas, block.departments
    away = distances(atlas.commune_position[block.home], scene.middle[here])
    _put(away, atlas.commune_department[block.home] - here.start, 0.0)
    away[~offering] = np.inf
    _put(away, own - here.start, np.inf)
    return _moved(_highest(-away), here.start)


def _replacement(scene: Scene, block: Block, streams: Streams) -> Ints:
    """int64[r, k]: zones de remplacement that serve the discipline, by distance and noise; never the one held."""
    atlas = scene.atlas
    zones = block.places.start + np.flatnonzero(atlas.replacement[block.places])
    away = distances(atlas.commune_position[block.home], atlas.position[zones])
    utility = gumbel(streams.uniform(f"zones_{block.number}", *away.shape))
    utility -= scene.choices.distance_per_10_km.value * away / 10
    utility[~scene.offered[zones].T[block.discipline] | (zones == block.held[:, None])] = -np.inf
    best = _highest(utility)
    return np.where(best == NOWHERE, NOWHERE, zones[best])


def _academies(scene: Scene, block: Block) -> Ints:
    """int64[r, 1]: the académie, for those who hold no ZR in it."""
    academy = scene.atlas.zone_of["ACA"][block.places.start]
    free = _own_replacement(scene, block, "ACA") == NOWHERE
    return np.where(free, academy, NOWHERE)[:, None]


def _specific_posts(posts: Posts, people: People, streams: Streams) -> Ints:
    """int64[n, 2]: up to two specific posts of the discipline in the académie, the one held left out."""
    weights = posts.specific.astype(np.float64)
    market = people.academy * posts.num_disciplines + people.discipline
    some = sums(weights, posts.ptr)[market] > 0
    drawn = np.full((len(people), 2), NOWHERE, dtype=np.int64)
    for column in range(2):
        uniform = streams.uniform(f"specific_{column}", len(people))[some]
        drawn[some, column] = pick_within(uniform, weights, posts.ptr, market[some])
    drawn[drawn == people.held[:, None]] = NOWHERE
    return _distinct(drawn)


def _stacked(parts: list[Ints]) -> Ints:
    """The rows of all parts; académies differ in how many choices they have."""
    width = max(part.shape[1] for part in parts)
    padded = [np.pad(part, ((0, 0), (0, width - part.shape[1])), constant_values=NOWHERE) for part in parts]
    return np.vstack(padded)


def _distinct(items: Ints) -> Ints:
    """int64[r, k]: each entry of a row once, in the order of first appearance, `NOWHERE` behind."""
    repeated = np.tril(items[:, :, None] == items[:, None, :], -1).any(axis=2)
    once = np.where(repeated, NOWHERE, items)
    order = np.argsort(once == NOWHERE, axis=1, kind="stable")
    return np.take_along_axis(once, order, axis=1)
