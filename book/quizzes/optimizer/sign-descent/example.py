import keras
import tensorflow as tf

weight = keras.Variable([0.0, 0.0])
optimizer = SignDescent(0.5, beta=0.5)
for gradient in ([-3.0, 1.0], [1.0, 1.0]):
    optimizer.apply([tf.constant(gradient)], [weight])
    print(weight.numpy().tolist())
print("expected [0.5, -0.5], then [1.0, -1.0]")
