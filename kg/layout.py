"""Where to draw the vertices of a graph: forces, then room for every label. The same every time."""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Pairs = NDArray[np.int64]

ITERATIONS, ITERATIONS_OF_MANY, MANY = 240, 90, 600
ASPECT = 1.25
GAP = 40.0


def positions(pairs: Pairs, boxes: Points, *, aspect: float = ASPECT) -> Points:
    """Centres of n boxes, shape (n, 2), in the units of `boxes` (width and height of each, shape (n, 2)).

    `pairs` are the edges, shape (edges, 2). Connected parts are laid out by forces (edges pull, all
    vertices push, more so those with many neighbours), freed of overlaps, and packed side by side, the
    largest first. `aspect` is the width of the whole over its height, about. O(n²) time and memory a step.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(boxes)
    if n == 0:
        return np.empty((0, 2))
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    _, part_of = connected_components(links, directed=False)
    place = np.zeros((n, 2))
    parts = [np.flatnonzero(part_of == part) for part in range(int(part_of.max()) + 1)]
    parts.sort(key=lambda rows: (-len(rows), int(rows[0])))
    for rows in parts:
        inside = pairs[np.isin(pairs[:, 0], rows)]
        place[rows] = _one_part(np.searchsorted(rows, inside), boxes[rows], aspect)
    _pack(place, boxes, parts, aspect)
    return place


def _one_part(pairs: Pairs, boxes: Points, aspect: float) -> Points:
    n = len(boxes)
    if n == 1:
        return np.zeros((1, 2))
    place = _lying_down(_forces(n, pairs))
    if n > 12:  # fill the window; a handful of vertices keeps its own shape
        width, height = np.ptp(place, axis=0)
        stretch = (aspect * height / width) ** 0.5
        place *= (stretch, 1 / stretch)
    # scale so that the boxes fill about a third of the area they lie in
    area = float(np.prod(np.ptp(place, axis=0) + 1e-9))
    wanted = 3.0 * float((boxes[:, 0] * boxes[:, 1]).sum())
    place *= (wanted / max(area, 1e-9)) ** 0.5 if n > 2 else 2 * boxes.max() / np.ptp(place)
    return _without_overlaps(place, boxes)


def _forces(n: int, pairs: Pairs) -> Points:
    """Force-directed layout of one connected part, after ForceAtlas2 (Jacomy et al. 2014,
    doi:10.1371/journal.pone.0098679): push (degree + 1)(degree + 1) / distance, pull by distance, with
    a step that shrinks.
    """
    rng = np.random.default_rng(7)
    steps = ITERATIONS if n <= MANY else ITERATIONS_OF_MANY
    place = (rng.normal(size=(n, 2)) * n**0.5).astype(np.float32)
    mass = (np.bincount(pairs.ravel(), minlength=n) + 1).astype(np.float32)
    low, high = pairs[:, 0], pairs[:, 1]
    strength = (4.0 / np.sqrt(np.minimum(mass[low], mass[high])))[:, None]
    away = np.empty((n, n), dtype=np.float32)
    for step in range(steps):
        square = (place**2).sum(axis=1)
        np.matmul(place, -2 * place.T, out=away)
        away += square[:, None] + np.float32(0.01)
        away += square[None, :]
        np.maximum(away, np.float32(0.01), out=away)
        np.divide(mass[None, :], away, out=away)
        np.fill_diagonal(away, 0.0)
        force = mass[:, None] * (away.sum(axis=1)[:, None] * place - away @ place)
        pull = (place[high] - place[low]) * strength
        for axis in (0, 1):
            force[:, axis] += np.bincount(low, pull[:, axis], n) - np.bincount(high, pull[:, axis], n)
        force -= 0.05 * mass[:, None] * place
        length = np.linalg.norm(force, axis=1) + 1e-9
        longest = n**0.5 * 1.2 * (1 - step / steps) + 0.02
        place += force / length[:, None] * np.minimum(length / mass, longest)[:, None]
    return np.asarray(place, dtype=np.float64)


def _lying_down(place: Points) -> Points:
    """Turned so that the longest way across is level: screens are wide."""
    place = place - place.mean(axis=0)
    _, axes = np.linalg.eigh(place.T @ place)
    axes = axes[:, ::-1]
    axes = axes * np.where(axes.sum(axis=0) < 0, -1.0, 1.0)
    return np.asarray(place @ axes, dtype=np.float64)


def _without_overlaps(place: Points, boxes: Points, rounds: int = 300) -> Points:
    """Push boxes apart that lie over each other, along the shorter way out; where that jams, widen all."""
    from scipy.spatial import cKDTree

    place = place.copy()
    reach = float(boxes.max())
    for number in range(rounds):
        if number % 20 == 19:
            place *= 1.06
        close = cKDTree(place).query_pairs(reach, p=np.inf, output_type="ndarray")
        first, second = close[:, 0], close[:, 1]
        apart = place[first] - place[second]
        inside = (boxes[first] + boxes[second]) / 2 - np.abs(apart)
        over = (inside > 0).all(axis=1)
        if not over.any():
            break
        first, second, apart, inside = first[over], second[over], apart[over], inside[over]
        axis = np.argmin(inside, axis=1)
        each = np.arange(len(axis))
        shift = 0.31 * inside[each, axis] * np.where(apart[each, axis] >= 0, 1.0, -1.0)
        np.add.at(place, (first, axis), shift)
        np.add.at(place, (second, axis), -shift)
    return place


def _pack(place: Points, boxes: Points, parts: list[NDArray[np.int64]], aspect: float) -> None:
    """Lay the parts out in rows below the first and largest, in place."""
    half = boxes / 2
    left = top = row_height = 0.0
    width = 0.0
    for number, rows in enumerate(parts):
        low = (place[rows] - half[rows]).min(axis=0)
        size = (place[rows] + half[rows]).max(axis=0) - low
        if number == 0:
            width = max(float(size[0]), float(np.sqrt((boxes[:, 0] * boxes[:, 1]).sum() * 3 * aspect)))
            offset = (width - float(size[0])) / 2
            place[rows] += (offset, 0) - low
            top = float(size[1]) + 2 * GAP
            continue
        if left and left + float(size[0]) > width:
            left, top, row_height = 0.0, top + row_height + GAP, 0.0
        place[rows] += (left, top) - low
        left += float(size[0]) + GAP
        row_height = max(row_height, float(size[1]))
