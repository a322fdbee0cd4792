from collections import namedtuple

import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close

Record = namedtuple("Record", "inputs output backward")
# Seeded by the grader: other numbers in every grading, the same for the same seed.
random = np.random.default_rng(random_input([2], "int32", 0, 2**31 - 1).numpy())


def compare(got, right, where):
    if not isinstance(got, dict):
        fail(f"expected a dict, got a {type(got).__name__} for {where}")
    if set(got) != set(right):
        fail(f"expected gradients of {sorted(right)}, got {sorted(got)} for {where}")
    for tensor, gradient in right.items():
        what = f"the gradient of {tensor!r} for {where}"
        values_close(got[tensor], gradient, what=what)


@check("a chain", section="tape-backward")
def chain(s):
    p, q, r = random.normal(size=3)
    records = [
        Record(["a"], "b", lambda dy: [p * dy]),
        Record(["b"], "c", lambda dy: [q * dy]),
    ]
    got = s.backward(records, {"c": r})
    compare(got, {"c": r, "b": q * r, "a": p * q * r}, "a -> b -> c")


@check("a tensor used twice", section="tape-backward")
def used_twice(s):
    p, q, r = random.normal(size=3)
    records = [
        Record(["a"], "b", lambda dy: [p * dy]),
        Record(["a", "b"], "c", lambda dy: [q * dy, r * dy]),
    ]
    compare(
        s.backward(records, {"c": 1.0}),
        {"c": 1.0, "b": r, "a": q + p * r},
        "c(a, b(a))",
    )
    records = [Record(["a", "a"], "b", lambda dy: [p * dy, q * dy])]
    compare(s.backward(records, {"b": 1.0}), {"b": 1.0, "a": p + q}, "b(a, a)")


@check("a target inside", section="tape-backward")
def target_inside(s):
    p, q = random.normal(size=2)
    records = [
        Record(["a"], "b", lambda dy: [p * dy]),
        Record(["b"], "c", lambda dy: [q * dy]),
    ]
    right = {"c": 1.0, "b": q + 3.0, "a": p * (q + 3.0)}
    compare(s.backward(records, {"b": 3.0, "c": 1.0}), right, "seeds for b and c")


@check("dead records", section="tape-backward")
def dead_records(s):
    def never(dy):
        fail(
            "expected no call of a backward function whose output received no "
            f"gradient, got one with {dy!r}"
        )

    records = [
        Record(["a"], "b", lambda dy: [2.0 * dy]),
        Record(["b"], "dead", never),
        Record(["dead"], "end", never),
        Record(["b"], "c", lambda dy: [5.0 * dy]),
    ]
    compare(
        s.backward(records, {"c": 1.0}), {"c": 1.0, "b": 5.0, "a": 10.0}, "a branch"
    )


@check("None for an input", section="tape-backward")
def none_for_an_input(s):
    records = [
        Record(["i"], "n", lambda dy: [None]),
        Record(["a", "n", "a"], "b", lambda dy: [2.0 * dy, None, 3.0 * dy]),
    ]
    compare(s.backward(records, {"b": 1.0}), {"b": 1.0, "a": 5.0}, "b(a, n, a)")


@check("one call per record", section="tape-backward")
def one_call(s):
    calls = []

    def double(dy):
        calls.append(dy)
        return [dy, dy]

    n = 8
    records = [Record([k, k], k + 1, double) for k in range(n)]
    got = s.backward(records, {n: 1.0})
    if len(calls) != n:
        fail(
            f"expected {n} calls for {n} records that use their input twice, "
            f"got {len(calls)}"
        )
    values_close(got[0], 2.0**n, what="the gradient of the first tensor")


@check("seeds are left alone", section="tape-backward")
def seeds_alone(s):
    records = [
        Record(["a"], "b", lambda dy: [dy]),
        Record(["b"], "c", lambda dy: [2.0 * dy]),
    ]
    seeds = {"b": np.ones(3), "c": np.ones(3)}
    s.backward(records, seeds)
    same = set(seeds) == {"b", "c"} and all(np.all(seeds[k] == 1.0) for k in "bc")
    if not same:
        fail(f"expected the caller's seeds unchanged, got {seeds}")


@check("equal to tf.GradientTape", section="tape-backward")
def like_tensorflow(s):
    for _ in range(5):
        tape, records, tensors = random_program(steps=10)
        target = records[-1].output
        right = tape.gradient(tensors[target], tensors)
        right = {k: g for k, g in enumerate(right) if g is not None}
        got = s.backward(records, {target: tf.ones_like(tensors[target])})
        compare(got, right, "a random program of ten ops")


def random_program(steps):
    """Run random ops; return the tape, my records of them, and all tensors."""
    tensors = [tf.constant(random.normal(size=3)) for _ in range(3)]
    records = []
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(tensors)
        for _ in range(steps):
            i, j = (int(k) for k in random.integers(len(tensors), size=2))
            make = random.choice([product, total, wave])
            y, inputs, backward = make(tensors, i, j)
            tensors.append(y)
            records.append(Record(inputs, len(tensors) - 1, backward))
    return tape, records, tensors


def product(t, i, j):
    x, y = t[i], t[j]
    return x * y, [i, j], lambda dy: [dy * y, dy * x]


def total(t, i, j):
    return t[i] + t[j], [i, j], lambda dy: [dy, dy]


def wave(t, i, j):
    x = t[i]
    return tf.sin(x), [i], lambda dy: [dy * tf.cos(x)]
