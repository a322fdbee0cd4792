# fails: fills a body of several layers
import tensorflow as tf


def restore_body(prefix, body):
    reader = tf.train.load_checkpoint(prefix)
    for name in ("kernel", "bias"):
        for edge in (f"_{name}", name):
            key = f"model/body/{edge}/.ATTRIBUTES/VARIABLE_VALUE"
            if reader.has_tensor(key):
                getattr(body, name).assign(reader.get_tensor(key))
                break
        else:
            raise AssertionError(f"no value for {name}")
