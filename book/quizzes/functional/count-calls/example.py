import keras

x = keras.Input((3,))
dense = keras.layers.Dense(3, name="dense")
hidden = keras.layers.Activation("relu", name="relu")(dense(x))
outputs = dense(hidden)
dense(outputs)  # leads nowhere
print(count_calls([outputs]), "expected dense: 2 and relu: 1")
