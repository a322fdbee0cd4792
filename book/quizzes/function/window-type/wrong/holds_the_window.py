# fails: a changed window
import tensorflow as tf


class WindowType(tf.types.experimental.TraceType):
    def __init__(self, window):
        self.window = window

    def is_subtype_of(self, other):
        return self == other

    def most_specific_common_supertype(self, others):
        return self if all(self == other for other in others) else None

    def placeholder_value(self, context):
        return self.window

    def key(self):
        return self.window.size, self.window.stride

    def __eq__(self, other):
        return isinstance(other, WindowType) and self.key() == other.key()

    def __hash__(self):
        return 0


class Window:
    def __init__(self, size, stride, label):
        self.size, self.stride, self.label = size, stride, label

    def __tf_tracing_type__(self, context):
        return WindowType(self)
