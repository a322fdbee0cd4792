import tensorflow as tf


class Model(tf.Module):
    def __init__(self):
        super().__init__()
        self.w = tf.Variable([1.0, 2.0])


model = Model()
keeper = Keeper(model)
keeper.remember()
model.w.assign_add([10.0, 10.0])
keeper.restore()
print(model.w.numpy().tolist(), "expected [1.0, 2.0]")
print(len(keeper.variables), "variable, expected 1")
