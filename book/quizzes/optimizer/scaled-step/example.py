import keras
import numpy as np

model = keras.Sequential(
    [
        keras.Input((1,)),
        keras.layers.Dense(1, use_bias=False, kernel_initializer="ones"),
    ]
)
optimizer = keras.optimizers.LossScaleOptimizer(
    keras.optimizers.SGD(0.25), initial_scale=64.0
)
optimizer.build(model.trainable_variables)
step = make_step(model, keras.losses.MeanSquaredError(), optimizer)
one = np.ones((1, 1), np.float32)
print(float(step(one, 3 * one)), "expected 4.0")
print(model.get_weights()[0].item(), "expected 2.0")
