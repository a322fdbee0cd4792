# fails: doubles its input
def double(x):
    return x * 3.0
