schedule = Stepwise([2, 5], [1.0, 0.5, 0.25])
print([float(schedule(step)) for step in range(7)])
print("expected [1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25]")
