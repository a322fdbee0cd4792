"""AutoGraph in miniature: control flow of Python that decides what it is while it runs.

>>> def relu(x):
...     if x > 0:
...         return x
...     return 0
"""

from microtf.autograph.api import do_not_convert as do_not_convert
from microtf.autograph.api import stages as stages
from microtf.autograph.api import tf_convert as tf_convert
from microtf.autograph.api import to_code as to_code
