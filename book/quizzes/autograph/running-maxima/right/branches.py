import tensorflow as tf


@tf.function(input_signature=[tf.TensorSpec([None])])
def maxima(x):
    n = tf.shape(x)[0]
    array = tf.TensorArray(tf.float32, size=0, dynamic_size=True, element_shape=[])
    largest = x.dtype.min
    for i in tf.range(n):
        if x[i] > largest:
            largest = x[i]
        array = array.write(i, largest)
    return array.stack()
