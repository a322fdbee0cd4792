# ruff: noqa: F401
import tensorflow as tf


def double(x):
    ...
