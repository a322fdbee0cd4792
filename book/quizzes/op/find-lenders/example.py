import numpy as np
import tensorflow as tf

tf.zeros(1)  # the first op of a process takes the fallback, which copies
room = np.zeros(128, np.uint8)
start = -room.ctypes.data % 64
array = room[start : start + 16].view(np.float32)

functions = {"squeeze": tf.squeeze, "constant": tf.constant, "square": tf.square}
print(lenders(functions, array), "expected ['squeeze']")
