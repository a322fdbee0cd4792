import tensorflow as tf


class WindowType(tf.types.experimental.TraceType):
    """What a trace depends on when its argument is a window."""

    def __init__(self, window):
        self.window = window

    def is_subtype_of(self, other):
        return self == other

    def most_specific_common_supertype(self, others):
        return self if all(self == other for other in others) else None

    def placeholder_value(self, context):
        return self.window

    def __eq__(self, other):
        return isinstance(other, WindowType) and self.window is other.window

    def __hash__(self):
        return id(self.window)


class Window:
    """A window of `size` steps that moves by `stride`; `label` is for people."""

    def __init__(self, size, stride, label):
        self.size, self.stride, self.label = size, stride, label

    def __tf_tracing_type__(self, context):
        return WindowType(self)
