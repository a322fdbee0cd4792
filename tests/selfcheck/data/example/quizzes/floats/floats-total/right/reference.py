from fractions import Fraction


def total(numbers):
    exact = Fraction(0)
    for number in numbers:
        exact += Fraction(number)
    return float(exact)
