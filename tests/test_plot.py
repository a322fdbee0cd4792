"""Colors that everybody can read, and drawings of live objects."""

import itertools

import matplotlib as mpl
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt

import microtf as mt
from insidetf import draw, lens, plot
from insidetf.layout import GAP, layered

WHITE, BLACK = "#ffffff", "#14181e"  # the theme's two backgrounds

# Linear RGB as people without one kind of cone see it (Machado et al. 2009).
DEFICIENCIES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    "normal": np.eye(3).tolist(),
}


def linear(color):
    rgb = np.array(mpl.colors.to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(a, b):
    light, dark = sorted(linear(c) @ [0.2126, 0.7152, 0.0722] for c in (a, b))[::-1]
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    ) @ np.clip(rgb, 0, 1)
    f = np.cbrt(xyz / [0.95047, 1.0, 1.08883])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("color", [*plot.COLORS, plot.INK])
def test_colors_stand_out_from_both_themes(color):
    assert contrast(color, WHITE) >= 3
    assert contrast(color, BLACK) >= 3


@pytest.mark.parametrize("color", plot.COLORS)
def test_boxes_carry_white_text(color):
    assert contrast(color, WHITE) >= 4.5


def test_ink_is_read_as_text_on_both_themes():
    assert min(contrast(plot.INK, WHITE), contrast(plot.INK, BLACK)) >= 4


@pytest.mark.parametrize("vision", DEFICIENCIES)
def test_colors_differ_for_every_eye(vision):
    seen = [lab(np.array(DEFICIENCIES[vision]) @ linear(c)) for c in plot.COLORS]
    for a, b in itertools.combinations(seen, 2):
        assert np.linalg.norm(a - b) >= 20


def test_series_differ_in_more_than_color():
    plot.use_book_style()
    styles = [s["linestyle"] for s in plt.rcParams["axes.prop_cycle"]]
    assert len(set(styles)) == len(styles) == len(plot.COLORS)


def test_figures_have_no_background():
    plot.use_book_style()
    figure = plot.draw_dag({"a": plot.Node("A")}, [])
    assert figure.get_facecolor()[3] == 0
    assert plt.rcParams["savefig.transparent"]


GRAPHS = st.integers(1, 12).flatmap(
    lambda n: st.lists(
        st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(
            lambda edge: edge[0] < edge[1]
        ),
        max_size=24,
    ).map(lambda edges: (n, edges))
)


@settings(max_examples=100, deadline=None)
@given(GRAPHS)
def test_layout_puts_every_box_below_what_it_depends_on_and_beside_the_others(graph):
    count, edges = graph
    widths = {node: 1.0 + node % 3 for node in range(count)}
    layout = layered(widths, edges)
    for tail, head in edges:
        assert layout.place[tail][1] < layout.place[head][1]
        points = layout.route[tail, head]
        assert [y for _, y in points] == list(range(points[0][1], points[-1][1] + 1))
    for a, b in itertools.combinations(range(count), 2):
        (xa, ya), (xb, yb) = layout.place[a], layout.place[b]
        if ya == yb:
            assert abs(xa - xb) >= (widths[a] + widths[b]) / 2 + GAP - 1e-9


def test_arrow_past_a_layer_runs_beside_its_boxes():
    widths = dict.fromkeys("abcd", 1.0)
    layout = layered(widths, [("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")])
    for x, y in layout.route["a", "d"][1:-1]:
        for node, (at, layer) in layout.place.items():
            assert layer != y or abs(at - x) > widths[node] / 2, node


def texts(figure):
    return [text.get_text().strip() for text in figure.axes[0].texts]


def test_tape_of_tensorflow_is_drawn_with_unrecorded_ops_faded():
    x, w = tf.constant([[1.0, 2.0]]), tf.Variable([[3.0], [4.0]])
    with lens.tap_ops() as log, tf.GradientTape():
        tf.square((x - tf.reduce_mean(x)) @ w)
    figure = draw.draw_tape(log, names={"x": x, "w": w}, notes={3: "first"})
    labels = texts(figure)
    assert labels[:2] == ["x", "w"]
    assert labels[2:] == ["Mean", "Sub", "ReadVariableOp", "MatMul", "first", "Square"]
    faded = {
        text.get_text()
        for text in figure.axes[0].texts
        if text.get_bbox_patch() and text.get_bbox_patch().get_facecolor()[3] == 0
    }
    assert faded == {"Mean", "Sub"}


def test_tape_of_the_miniature_is_drawn_from_its_records():
    x, w = mt.constant([[1.0, 2.0]]), mt.Variable([[3.0], [4.0]])
    with mt.GradientTape() as tape:
        mt.square(x @ w)
    figure = draw.draw_tape(tape.records, names={"x": x, "w": w})
    assert texts(figure) == ["x", "w", "ReadVariableOp", "MatMul", "Square"]
    arrows = [p for p in figure.axes[0].patches if hasattr(p, "get_arrowstyle")]
    assert len(arrows) == 4


def test_graph_is_drawn_with_data_and_order():
    v = tf.Variable(1.0)

    @tf.function
    def f(x):
        v.assign_add(x)
        return v * 2.0

    concrete = f.get_concrete_function(tf.TensorSpec(()))
    figure = draw.draw_graph(concrete)
    types = [op.type for op in concrete.graph.get_operations()]
    assert sorted(texts(figure)) == sorted(types)
    arrows = [p for p in figure.axes[0].patches if hasattr(p, "get_arrowstyle")]
    assert {"-", ":"} == {arrow.get_linestyle() for arrow in arrows}
    named = draw.draw_graph(concrete.graph, names=True)
    assert any("\n" in text for text in texts(named))


def test_arrows_stay_within_the_picture():
    nodes = {name: plot.Node(name) for name in "abcdefg"}
    edges = [(a, b) for a, b in itertools.combinations("abcdefg", 2)]
    axes = plot.draw_dag(nodes, edges).axes[0]
    low, high = axes.get_xlim()
    arrows = [p for p in axes.patches if hasattr(p, "get_arrowstyle")]
    assert len(arrows) == len(edges)
    for arrow in arrows:
        x = arrow.get_path().vertices[:, 0]
        assert low <= x.min() and x.max() <= high


@pytest.mark.parametrize("lib", [tf, mt], ids=["tensorflow", "microtf"])
def test_inputs_that_a_graph_captures_are_marked_with_their_names(lib):
    v, table = lib.Variable(1.0), lib.constant(np.ones(200, np.float32))
    f = lib.function(lambda x: x * v + lib.reduce_sum(table))
    concrete = f.get_concrete_function(lib.TensorSpec(()))
    figure = draw.draw_graph(concrete, outside={"v": v, "table": table})
    assert {"Placeholder\nv", "Placeholder\ntable"} <= set(texts(figure))
    assert texts(figure).count("Placeholder") == 1


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")
