import numpy as np
import tensorflow as tf

print(int(add_exactly(tf.constant(1), np.float64(2.0))), "expected 3")
try:
    print(int(add_exactly(tf.constant(1), np.float64(2.5))), "expected an error")
except ValueError as error:
    print("ValueError:", error)
