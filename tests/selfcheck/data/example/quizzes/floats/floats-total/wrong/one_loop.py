# fails: adds numbers of one size
def total(numbers):
    result = 0.0
    for number in numbers:
        result += number
    return result
