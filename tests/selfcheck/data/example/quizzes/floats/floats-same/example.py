print(same(0.1 + 0.2, 0.3))
print(same(1e-12, 2e-12))
