from collections import namedtuple

Entry = namedtuple("Entry", "inputs output backward")
# b = 3a, then c = a * b, at a = 2
record = [
    Entry(["a"], "b", lambda dy: [3.0 * dy]),
    Entry(["a", "b"], "c", lambda dy: [6.0 * dy, 2.0 * dy]),
]
print(backward(record, {"c": 1.0}))
print("expected c: 1.0, b: 2.0, a: 12.0")
