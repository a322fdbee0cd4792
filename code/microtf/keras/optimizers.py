"""Optimizers under one roof, as in Keras: keras/src/optimizers/__init__.py."""

from microtf.keras import schedules as schedules
from microtf.keras.adam import Adam as Adam
from microtf.keras.adam import AdamW as AdamW
from microtf.keras.loss_scale import LossScaleOptimizer as LossScaleOptimizer
from microtf.keras.optimizer import Optimizer as Optimizer
from microtf.keras.sgd import SGD as SGD
