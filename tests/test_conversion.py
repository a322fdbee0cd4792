"""The looking glass for AutoGraph's passes."""

import inspect

import tensorflow as tf

from insidetf.conversion import body_of, conversion_stages, source_lines


def halve(step, limit):
    while step > limit:
        step = step * 0.5
        if step < 0.01:
            break
    return step


def test_stages_come_in_the_order_in_which_the_passes_run():
    default = list(conversion_stages(halve))
    everything = list(conversion_stages(halve, all_features=True))
    assert default[:4] == ["source", "functions", "directives", "break_statements"]
    added = [name for name in everything if name not in default]
    assert added == ["asserts", "lists", "slices"]
    assert [name for name in everything if name in default] == default


def test_the_last_stage_is_the_code_that_tensorflow_shows():
    last = list(conversion_stages(halve).values())[-1]
    assert body_of(last) == body_of(tf.autograph.to_code(halve)).rstrip()


def test_the_glass_leaves_the_converters_as_they_were():
    before = tf.autograph.to_code(halve)
    conversion_stages(halve)
    assert tf.autograph.to_code(halve) == before


def test_lines_of_converted_code_know_where_they_come_from():
    lines = source_lines(halve)
    (origin,) = [n for line, n in lines if line.endswith("* 0.5")]
    assert origin == inspect.getsourcelines(halve)[1] + 2
