"""Where to put the boxes of an acyclic graph: layers, in reading order.

The method is that of Sugiyama, Tagawa, and Toda (1981) in its plainest form: layers by
longest path; an arrow past a layer takes a narrow place in it, so that it never runs
through a box; neighbors are sorted by the mean place of what they hang on.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

GAP = 0.22  # between neighbors of a layer, in inches
LANE = 0.12  # the width that an arrow takes where it passes a layer

Edge = tuple[Hashable, Hashable]
Point = tuple[float, int]


@dataclass(frozen=True)
class Layout:
    """Nodes as (x in inches, number of the layer), edges as points to pass through."""

    place: dict[Hashable, Point]
    route: dict[Edge, list[Point]]


def layered(widths: Mapping[Hashable, float], edges: Iterable[Edge]) -> Layout:
    """Place nodes of the given widths, each layer below all that it depends on.

    >>> layout = layered({"a": 1, "b": 1, "c": 1}, [("a", "b"), ("b", "c"), ("a", "c")])
    >>> [layer for _, layer in layout.place.values()]
    [0, 1, 2]
    >>> len(layout.route["a", "c"])  # it passes the layer of "b" beside the box
    3
    """
    edges = list(dict.fromkeys(edges))
    depth = _depths(list(widths), edges)
    chains = {edge: _chain(edge, depth) for edge in edges}
    links = nx.DiGraph()
    links.add_nodes_from(widths)
    links.add_edges_from(pair for chain in chains.values() for pair in pairwise(chain))
    layers: list[list[Hashable]] = [
        [] for _ in range(max(depth.values(), default=0) + 1)
    ]
    for node in links:
        layers[depth[node]].append(node)
    for _ in range(4):
        _sort(layers, links.predecessors)
        _sort(layers[::-1], links.successors)
    x = _straighten(layers, links, {node: widths.get(node, LANE) for node in links})
    place = {node: (x[node], depth[node]) for node in links}
    return Layout(
        {node: place[node] for node in widths},
        {edge: [place[node] for node in chain] for edge, chain in chains.items()},
    )


def _depths(nodes: list[Hashable], edges: list[Edge]) -> dict[Hashable, int]:
    """Number the layers, as high as a node can stand, or as low if that is shorter."""
    graph = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    layers = nx.topological_generations(graph)
    depth = {node: number for number, layer in enumerate(layers) for node in layer}
    for node in reversed(list(nx.topological_sort(graph))):
        below = [depth[successor] for successor in graph.successors(node)]
        if below and graph.in_degree(node) <= len(below):
            depth[node] = min(below) - 1  # what is used late stands just above its use
    return depth


def _chain(edge: Edge, depth: dict[Hashable, int]) -> list[Hashable]:
    """Put a nameless node into every layer that an edge passes."""
    tail, head = edge
    passed = [(edge, number) for number in range(depth[tail] + 1, depth[head])]
    depth |= {lane: lane[1] for lane in passed}
    return [tail, *passed, head]


def _sort(layers: list[list[Hashable]], neighbors) -> None:
    """Order each layer by the mean position of its nodes' neighbors in the last one."""
    for before, layer in pairwise(layers):
        at = {node: i / max(len(before) - 1, 1) for i, node in enumerate(before)}
        now = {node: i / max(len(layer) - 1, 1) for i, node in enumerate(layer)}

        def mean(node: Hashable, at=at, now=now) -> float:
            found = [at[n] for n in neighbors(node) if n in at]
            return sum(found) / len(found) if found else now[node]

        layer.sort(key=mean)


def _straighten(
    layers: list[list[Hashable]], links: nx.DiGraph, width: dict[Hashable, float]
) -> dict[Hashable, float]:
    """Choose x within each layer: near the neighbors, in order, and without overlap."""
    x = {node: float(i) for layer in layers for i, node in enumerate(layer)}
    for sweep in range(12):
        down = sweep % 2 == 0
        for layer in layers if down else layers[::-1]:
            wish = {}
            for node in layer:
                near = links.predecessors(node) if down else links.successors(node)
                known = [x[n] for n in near]
                wish[node] = sum(known) / len(known) if known else x[node]
            x |= _spread(layer, wish, width)
    return x


def _spread(
    layer: list[Hashable], wish: dict[Hashable, float], width: dict[Hashable, float]
) -> dict[Hashable, float]:
    """Push neighbors apart, to the right and to the left, and take the mean."""

    def push(nodes: list[Hashable], sign: int) -> dict[Hashable, float]:
        at: dict[Hashable, float] = {}
        for i, node in enumerate(nodes):
            at[node] = sign * wish[node]
            if i:
                last = nodes[i - 1]
                apart = (width[last] + width[node]) / 2 + GAP
                at[node] = max(at[node], at[last] + apart)
        return {node: sign * value for node, value in at.items()}

    right, left = push(layer, 1), push(layer[::-1], -1)
    return {node: (right[node] + left[node]) / 2 for node in layer}
