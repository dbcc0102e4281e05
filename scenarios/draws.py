"""Seeded draws: one stream per subject, and the few ways of turning uniforms into whole numbers.

Only `Generator.random` is used, the most stable of numpy's streams, and only comparisons decide: the same seed gives
the same population on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]


class Streams:
    """Independent streams of uniforms, one per subject: adding a subject does not reshuffle the others."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def uniform(self, subject: str, *shape: int) -> Floats:
        """Uniforms in [0, 1) of the stream of `subject`: the same at every call."""
        sequence = np.random.SeedSequence(self._seed, spawn_key=(crc32(subject.encode()),))
        return np.random.Generator(np.random.PCG64(sequence)).random(shape)

    def flags(self, subject: str, count: int, share: float | Floats) -> Flags:
        """bool[count]: True with probability `share`."""
        flags: Flags = self.uniform(subject, count) < share
        return flags

    def pick(self, subject: str, count: int, weights: Sequence[float] | Floats) -> Ints:
        """int64[count]: an index into `weights`, drawn in proportion to them."""
        return pick(self.uniform(subject, count), np.asarray(weights, dtype=np.float64))

    def pick_rows(self, subject: str, weights: Floats, row: Ints) -> Ints:
        """int64[n]: for each entry of `row`, an index drawn in proportion to that row of `weights`."""
        cumulative = np.cumsum(weights, axis=1)
        cumulative /= cumulative[:, -1:]
        draw = self.uniform(subject, len(row))[:, None]
        chosen: Ints = (draw >= cumulative[row]).sum(axis=1)
        return chosen

    def allot(self, subject: str, count: int, weights: Floats) -> Ints:
        """int64[count]: indices into `weights`, in numbers exactly proportional to them, dealt in random order."""
        counts = apportion(count, weights)
        order = np.argsort(self.uniform(subject, count), kind="stable")
        return np.repeat(np.arange(len(counts)), counts)[order]

    def number(self, subject: str, count: int, weights: Mapping[int, float]) -> Ints:
        """int64[count]: whole numbers drawn from a table of weights."""
        values = np.array(list(weights), dtype=np.int64)
        return values[self.pick(subject, count, list(weights.values()))]

    def label(self, subject: str, count: int, weights: Mapping[str, float]) -> Words:
        """object[count]: words drawn from a table of weights."""
        return choose(list(weights), self.pick(subject, count, list(weights.values())))


def pick(uniform: Floats, weights: Floats) -> Ints:
    """int64[n]: the index whose share of `weights` each uniform falls into."""
    cumulative = np.cumsum(weights)
    return np.searchsorted(cumulative / cumulative[-1], uniform, side="right").astype(np.int64)


def gumbel(uniform: Floats) -> Floats:
    """Standard Gumbel noise from uniforms; its largest values decide a Plackett-Luce ranking."""
    exponential = np.maximum(-np.log1p(-uniform), np.finfo(np.float64).tiny)
    noise: Floats = -np.log(exponential)
    return noise


def choose(words: Sequence[str], index: Ints) -> Words:
    """object[n]: the word of each index."""
    return np.array(words, dtype=np.object_)[index]


def only_where(kept: Flags, words: Words) -> Words:
    """object[n]: the words where `kept`, None elsewhere."""
    some = np.full(len(kept), None, dtype=np.object_)
    some[kept] = words[kept]
    return some


def apportion(total: int, weights: Floats) -> Ints:
    """int64[len(weights)]: whole numbers in proportion to `weights` that add up to `total` (largest remainders)."""
    share: Floats = total * weights / weights.sum()
    whole: Ints = np.floor(share).astype(np.int64)
    order = np.argsort(whole - share, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def pick_within(uniform: Floats, weights: Floats, ptr: Ints, group: Ints) -> Ints:
    """int64[n]: for each entry of `group`, an index drawn in proportion to the weights of that group.

    Parameters
    ----------
    weights : the groups one after the other; those of group g are ``weights[ptr[g]:ptr[g+1]]``, with a positive sum
        where the group is drawn from
    """
    cumulative = np.concatenate(([0.0], np.cumsum(weights)))
    low, high = cumulative[ptr[group]], cumulative[ptr[group + 1]]
    found = np.searchsorted(cumulative[1:], low + uniform * (high - low), side="right")
    chosen: Ints = np.clip(found, ptr[group], ptr[group + 1] - 1).astype(np.int64)
    return chosen


def sums(values: Floats | Ints, ptr: Ints) -> Floats:
    """float64[g]: the sum of each group of values, as in `pick_within`; 0 where a group is empty."""
    cumulative = np.concatenate(([0.0], np.cumsum(values)))
    total: Floats = cumulative[ptr[1:]] - cumulative[ptr[:-1]]
    return total
