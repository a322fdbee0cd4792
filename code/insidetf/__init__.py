"""The techniques of the book on real TensorFlow and Keras."""
