# fails: takes an empty list
from fractions import Fraction


def total(numbers):
    exact = Fraction(numbers[0])
    for number in numbers[1:]:
        exact += Fraction(number)
    return float(exact)
