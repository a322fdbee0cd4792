"""Variables: TensorFlow first, the miniature second, under the same asserts."""

import numpy as np
import pytest
import tensorflow as tf

import microtf as mt
from microtf import resource
from microtf.spec import TensorSpec

BOTH = pytest.mark.parametrize("lib", [tf, mt], ids=["tensorflow", "microtf"])


def memory(tensor):
    """Return a tensor's own memory: NumPy's for the miniature, else a view of it."""
    return (
        tensor.numpy()
        if isinstance(tensor, mt.Tensor)
        else np.asarray(memoryview(tensor))
    )


def shared(a, b):
    return np.shares_memory(memory(a), memory(b))


def address(variable):
    return memory(variable.read_value()).ctypes.data


def ones(lib, *shape):
    return lib.constant(np.ones(shape, np.float32))


def write_row(variable, row, value):
    if isinstance(variable, mt.Variable):
        variable.scatter_update([row], [value])
    else:
        slices = tf.IndexedSlices(tf.constant([value]), tf.constant([row]))
        variable.scatter_update(slices)


@BOTH
def test_a_promise_is_read_when_it_is_used(lib):
    v = lib.Variable(1.0)
    assert float(v.assign_add(1.0) + v.assign_add(1.0)) == 6.0


@BOTH
def test_reading_at_once_keeps_the_value_of_now(lib):
    v = lib.Variable(1.0)
    first = v.assign_add(1.0).read_value()
    second = v.assign_add(1.0).read_value()
    assert (float(first), float(second)) == (2.0, 3.0)


@BOTH
def test_two_reads_share_one_buffer(lib):
    v = lib.Variable(ones(lib, 100))
    assert shared(v.read_value(), v.read_value())


@BOTH
@pytest.mark.parametrize("method", ["assign_add", "assign_sub"])
def test_an_update_that_nobody_sees_is_in_place(lib, method):
    v = lib.Variable(np.ones(100, np.float32))
    getattr(v, method)(ones(lib, 100))  # from here on the buffer is the variable's own
    before = address(v)
    getattr(v, method)(ones(lib, 100))
    assert address(v) == before


@BOTH
def test_an_update_leaves_its_readers_what_they_read(lib):
    v = lib.Variable(np.zeros(100, np.float32))
    reader = v.read_value()
    v.assign_add(ones(lib, 100))
    assert not shared(reader, v.read_value())
    assert memory(reader)[0] == 0.0
    assert v.numpy()[0] == 1.0


@BOTH
def test_a_reader_of_a_part_counts_as_a_reader(lib):
    v = lib.Variable(np.zeros(100, np.float32))
    part = memory(v.read_value())[50:]
    v.assign_add(ones(lib, 100))
    assert part.tolist() == [0.0] * 50


@BOTH
def test_an_assignment_takes_the_buffer_over(lib):
    v, value = lib.Variable(np.zeros(100, np.float32)), ones(lib, 100) + ones(lib, 100)
    v.assign(value)
    assert shared(v.read_value(), value)
    v.assign_add(value)
    assert memory(value)[0] == 2.0 and v.numpy()[0] == 4.0


@BOTH
def test_a_row_is_written_behind_the_back_of_no_reader(lib):
    v = lib.Variable(np.zeros(100, np.float32))
    reader = v.read_value()
    write_row(v, 3, 7.0)
    assert memory(reader)[3] == 0.0
    assert v.numpy()[3] == 7.0


@BOTH
def test_reads_are_copies_after_the_first_access_by_rows(lib):
    v = lib.Variable(np.zeros(100, np.float32))
    write_row(v, 3, 7.0)
    assert not shared(v.read_value(), v.read_value())
    v.assign(ones(lib, 100))
    assert not shared(v.read_value(), v.read_value())


def test_looking_a_row_up_is_access_by_rows():
    v = tf.Variable(tf.zeros(100))
    assert float(tf.gather(v, [3])[0]) == 0.0
    assert not shared(v.value(), v.value())
    var = resource.Var(TensorSpec([100]), np.zeros(100, np.float32))
    assert var.gather(np.array([3])).tolist() == [0.0]
    assert not np.shares_memory(var.read(), var.read())


@BOTH
def test_an_update_after_access_by_rows_counts(lib):
    v = lib.Variable(np.zeros(100, np.float32))
    write_row(v, 3, 7.0)
    v.assign_add(ones(lib, 100))
    assert v.numpy()[[3, 4]].tolist() == [8.0, 1.0]


@BOTH
def test_a_value_of_another_shape_is_refused(lib):
    with pytest.raises(ValueError, match="shape"):
        lib.Variable(1.0).assign(ones(lib, 2))


def test_a_named_resource_outlives_its_handles_and_an_anonymous_one_does_not():
    def handle(name):
        return tf.raw_ops.VarHandleOp(dtype=tf.float32, shape=[], shared_name=name)

    tf.raw_ops.AssignVariableOp(resource=handle("outlives"), value=3.0)
    read = tf.raw_ops.ReadVariableOp(resource=handle("outlives"), dtype=tf.float32)
    assert float(read) == 3.0
    tf.raw_ops.DestroyResourceOp(resource=handle("outlives"))
    with pytest.raises(tf.errors.FailedPreconditionError):
        tf.raw_ops.ReadVariableOp(resource=handle("outlives"), dtype=tf.float32)

    spec = TensorSpec([])
    resource.ResourceHandle(spec, "outlives").resource.assign(np.float32(3.0))
    assert resource.ResourceHandle(spec, "outlives").resource.read() == 3.0
    last = resource.ResourceHandle(spec, "outlives")
    resource.destroy(last)
    with pytest.raises(LookupError, match="deleted"):
        last.resource  # noqa: B018


def network(lib):
    class Block(lib.Module):
        def __init__(self, value):
            self.w = lib.Variable(value)
            self.frozen = lib.Variable(-value, trainable=False)

    class Network(lib.Module):
        def __init__(self):
            self.blocks = [Block(1.0), {"deep": (Block(2.0),)}]
            self.zeta = lib.Variable(9.0)
            self.alpha = {"b": lib.Variable(4.0), "a": lib.Variable(3.0)}
            self.again = self.blocks[0]
            hidden = lib.Variable(8.0)
            self.function = lambda: hidden
            self.itself = self

    return Network()


def test_modules_find_the_same_variables_in_the_same_order():
    expected, found = network(tf), network(mt)
    values = [float(v) for v in expected.variables]
    assert values == [3.0, 4.0, 9.0, -1.0, 1.0, -2.0, 2.0]
    assert [float(v) for v in found.variables] == values
    trained = [float(v) for v in expected.trainable_variables]
    assert [float(v) for v in found.trainable_variables] == trained
    assert len(found.submodules) == len(expected.submodules) == 2
