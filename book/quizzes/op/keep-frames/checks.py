import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close


class Camera:
    """Fills one buffer again and again, at an address that 64 divides or not."""

    def __init__(self, offset=0, dtype=np.float32):
        room = np.zeros(1024, np.uint8)
        start = -room.ctypes.data % 64 + offset
        size = np.dtype(dtype).itemsize * 12
        self.frame = room[start : start + size].view(dtype).reshape(3, 4)
        self.values = random_input([8, 3, 4], "int32", 0, 99).numpy().astype(dtype)
        self.reads = 0

    def read(self):
        self.frame[:] = self.values[self.reads]
        self.reads += 1
        return self.frame


@check("each frame stays", section="op-memory")
def values(s):
    for offset in (0, 16):
        camera = Camera(offset)
        n = int(random_input([], "int32", 3, 6))
        frames = list(s.collect(camera, n))
        if len(frames) != n:
            fail(f"expected {n} frames, got {len(frames)}")
        camera.frame[:] = -1
        for k, frame in enumerate(frames):
            expected = camera.values[k][None]
            values_close(tf.convert_to_tensor(frame), expected, what=f"frame {k}")


@check("one read per frame", section="op-memory")
def reads(s):
    camera = Camera()
    s.collect(camera, 4)
    if camera.reads != 4:
        fail(f"expected 4 reads for 4 frames, got {camera.reads}")


@check("tensors of the camera's dtype", section="op-memory")
def dtype(s):
    for wanted in (np.uint8, np.float32):
        frame = list(s.collect(Camera(dtype=wanted), 1))[0]
        if not isinstance(frame, tf.Tensor) or frame.dtype != wanted:
            fail(f"expected a tensor of {wanted.__name__}, got {frame!r:.80}")
