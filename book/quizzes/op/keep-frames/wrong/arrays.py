# fails: tensors of the camera's dtype
def collect(camera, n):
    return [camera.read()[None].copy() for _ in range(n)]
