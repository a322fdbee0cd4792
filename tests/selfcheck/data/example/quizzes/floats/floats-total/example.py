print(total([0.1] * 10))
print(total([1e16, 1.0, -1e16]))
