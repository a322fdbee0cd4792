from random import Random

from selfcheck.checks import check, hidden


def agrees(s, a, b, wanted):
    got = s.same(a, b)
    assert bool(got) is wanted, f"expected {wanted} for same({a!r}, {b!r}), got {got}"


@check("takes neighbors as the same", section="floats-rounding")
def takes_neighbors_as_the_same(s):
    agrees(s, 0.1 + 0.2, 0.3, True)


@check("scales with the numbers", section="floats-spacing")
def scales_with_the_numbers(s):
    for exponent in (-200, -20, -3, 0, 3, 20, 200):
        a = hidden.uniform(1, 9) * 10.0**exponent * hidden.choice((-1, 1))
        for factor, wanted in ((1.0, True), (1.105, True), (1.12, False), (9, False)):
            agrees(s, a, a * factor, wanted)
            agrees(s, a * factor, a, wanted)


@check("tells numbers of other signs apart")
def tells_signs_apart(s):
    agrees(s, 2.5, -2.5, False)
    agrees(s, 0.0, -1e-300, False)


@check("takes zero as zero")
def takes_zero_as_zero(s):
    agrees(s, 0.0, -0.0, True)
