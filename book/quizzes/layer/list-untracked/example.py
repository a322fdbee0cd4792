import keras
import tensorflow as tf


class Course(keras.layers.Layer):
    def build(self, input_shape):
        self.w = tf.Variable(tf.ones(input_shape[-1]), name="w")
        self.b = self.add_weight(shape=(input_shape[-1],), name="b")

    def call(self, inputs):
        return inputs * self.w + self.b


print([v.name for v in untracked(Course(), tf.ones((2, 3)))], "expected ['course/w:0']")
