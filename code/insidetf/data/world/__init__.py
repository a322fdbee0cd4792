"""The picture world "garden": flowers, mushrooms, butterflies on grass, paths, ponds.

Every picture is a function of a seed, drawn with NumPy (`scene.draw_scene`).
"""
