import numpy as np
import tensorflow as tf

table = tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
print(rows(table, [2, 0]).numpy().tolist(), "expected [[5.0, 6.0], [1.0, 2.0]]")
reads = [np.asarray(memoryview(tensor)) for tensor in (table.value(), table.value())]
print("two reads share memory:", np.shares_memory(*reads), "expected True")
