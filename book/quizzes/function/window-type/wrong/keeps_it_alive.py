# fails: lets windows go
import tensorflow as tf


class WindowType(tf.types.experimental.TraceType):
    def __init__(self, window):
        self.key, self.window = (window.size, window.stride), window

    def is_subtype_of(self, other):
        return self == other

    def most_specific_common_supertype(self, others):
        return self if all(self == other for other in others) else None

    def placeholder_value(self, context):
        return self.window

    def __eq__(self, other):
        return isinstance(other, WindowType) and self.key == other.key

    def __hash__(self):
        return hash(self.key)


class Window:
    def __init__(self, size, stride, label):
        self.size, self.stride, self.label = size, stride, label

    def __tf_tracing_type__(self, context):
        return WindowType(self)
