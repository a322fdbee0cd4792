print(gap(1.5))
print(gap(1e16))
