import numpy as np

block = Block(4, 2)
print(block(np.ones((1, 8, 8, 1), "float32")).shape, "expected (1, 4, 4, 4)")
print(block.count_params(), "expected 188")
