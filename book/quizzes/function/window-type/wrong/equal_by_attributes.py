# fails: windows made anew
import tensorflow as tf


class Window:
    def __init__(self, size, stride, label):
        self.size, self.stride, self.label = size, stride, label

    def __eq__(self, other):
        if not isinstance(other, Window):
            return False
        return (self.size, self.stride) == (other.size, other.stride)

    def __hash__(self):
        return hash((self.size, self.stride))
