from fractions import Fraction

from selfcheck.checks import check, hidden


def exact(numbers):
    return float(sum(map(Fraction, numbers)))


@check("adds numbers of one size", section="floats-rounding")
def adds_numbers_of_one_size(s):
    numbers = [0.1] * 10
    got = s.total(numbers)
    assert got == 1.0, f"expected 1.0 for ten times 0.1, got {got!r}"


@check("keeps small terms beside large ones", section="floats-rounding")
def keeps_small_terms(s):
    for _ in range(20):
        large = [hidden.uniform(-1e16, 1e16) for _ in range(4)]
        numbers = [*large, hidden.uniform(0.1, 9), *(-x for x in large[::-1])]
        got, wanted = s.total(list(numbers)), exact(numbers)
        assert got == wanted, f"expected {wanted!r} for {numbers}, got {got!r}"


@check("takes an empty list")
def takes_an_empty_list(s):
    got = s.total([])
    assert got == 0, f"expected 0 for an empty list, got {got!r}"
