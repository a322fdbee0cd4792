import math

from selfcheck.checks import check, hidden


def measures(s, x):
    wanted = min(x - math.nextafter(x, 0.0), math.ulp(x))
    got = s.gap(x)
    assert got == wanted, f"expected {wanted!r} beside {x!r}, got {got!r}"


@check("measures beside 1.5", section="floats-spacing")
def measures_beside_one_and_a_half(s):
    measures(s, 1.5)


@check("measures beside any float", section="floats-spacing")
def measures_beside_any_float(s):
    for exponent in range(-1000, 1000, 50):
        measures(s, hidden.uniform(1, 2) * 2.0**exponent)


@check("measures beside powers of two", section="floats-spacing")
def measures_beside_powers_of_two(s):
    for exponent in (-1000, -3, 0, 3, 52, 1000):
        measures(s, 2.0**exponent)
