import tensorflow as tf

total = tf.Variable(0.0)


@tf.function
def f(x):
    tf.exp(x)
    total.assign_add(tf.sin(x))
    return tf.cos(x)


graph = f.get_concrete_function(tf.TensorSpec(())).graph
operations = graph.get_operations()
effects = [op for op in operations if op.type == "AssignAddVariableOp"]
types = {graph.get_operation_by_name(name).type for name in live(graph, effects)}
print(sorted(types & {"Exp", "Sin", "Cos"}), "expected ['Cos', 'Sin']")
