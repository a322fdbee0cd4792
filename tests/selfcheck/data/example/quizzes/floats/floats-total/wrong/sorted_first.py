# fails: keeps small terms beside large ones
def total(numbers):
    result = 0.0
    for number in sorted(numbers, key=abs):
        result += number
    return round(result, 12)
