import tensorflow as tf

best = Best()
gains = [float(best.update(tf.constant(loss))) for loss in (5.0, 3.0, 4.0, 2.5)]
print("gains", gains, "expected [inf, 2.0, 0.0, 0.5]")
print("lowest", float(best.lowest), "expected 2.5")
print("last", [float(loss) for loss in best.last], "expected [3.0, 4.0, 2.5]")
print("calls", int(best.calls), "expected 4")
