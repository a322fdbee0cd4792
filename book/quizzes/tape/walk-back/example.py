from collections import namedtuple

Record = namedtuple("Record", "inputs output backward")
# b = 3a, then c = a * b, at a = 2
records = [
    Record(["a"], "b", lambda dy: [3.0 * dy]),
    Record(["a", "b"], "c", lambda dy: [6.0 * dy, 2.0 * dy]),
]
print(backward(records, {"c": 1.0}))
print("expected c: 1.0, b: 2.0, a: 12.0")
