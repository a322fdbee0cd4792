import numpy as np
import tensorflow as tf

tf.zeros(1)  # the first op of a process takes the fallback, which copies


class Camera:
    def __init__(self):
        room = np.zeros(256, np.uint8)
        start = -room.ctypes.data % 64
        self.frame = room[start : start + 64].view(np.float32).reshape(4, 4)

    def read(self):
        self.frame += 1.0  # the camera fills one buffer again and again
        return self.frame


frames = collect(Camera(), 3)
print([float(frame[0, 0, 0]) for frame in frames], "expected [1.0, 2.0, 3.0]")
