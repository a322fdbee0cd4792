import keras
import numpy as np
from selfcheck.checks import check, fail, random_input, values_close


def network():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.01), "mse")
    model.set_weights([random_input(w.shape).numpy() for w in model.get_weights()])
    return model


def pairs(count=3):
    shapes = ((4, 2), (4, 1))
    return [
        tuple(random_input(shape).numpy() for shape in shapes) for _ in range(count)
    ]


class Diary(keras.callbacks.Callback):
    """Writes down each hook with its number, and the loss in its logs."""

    def __init__(self, wish=None):
        super().__init__()
        self.wish, self.lines, self.losses = wish, [], []

    def note(self, *line, logs=None):
        self.lines.append(line)
        self.losses.append((logs or {}).get("loss"))
        if line == self.wish:
            self.model.stop_training = True

    def on_train_begin(self, logs=None):
        self.note("on_train_begin", logs=logs)

    def on_epoch_begin(self, epoch, logs=None):
        self.note("on_epoch_begin", epoch, logs=logs)

    def on_train_batch_begin(self, batch, logs=None):
        self.note("on_train_batch_begin", batch, logs=logs)

    def on_train_batch_end(self, batch, logs=None):
        self.note("on_train_batch_end", batch, logs=logs)

    def on_epoch_end(self, epoch, logs=None):
        self.note("on_epoch_end", epoch, logs=logs)

    def on_train_end(self, logs=None):
        self.note("on_train_end", logs=logs)


def expected(model, batches, epochs, wish=None):
    diary = Diary(wish)
    x, y = (np.concatenate(part) for part in zip(*batches))
    model.fit(x, y, len(batches[0][0]), epochs, 0, callbacks=[diary], shuffle=False)
    return diary.lines


def compare(s, wish=None, epochs=3):
    batches, diary = pairs(), Diary(wish)
    lines = expected(network(), batches, epochs, wish)
    s.drive(network(), batches, [diary], epochs)
    if diary.lines != lines:
        asked = f" with a wish to stop at {wish}" if wish else ""
        fail(f"expected the hooks of fit{asked}, {lines}, got {diary.lines}")


@check("gives the members their model", section="callback-order")
def model_is_known(s):
    model, members = network(), [keras.callbacks.Callback()]
    s.drive(model, pairs(), members, 1)
    if members[0].model is not model:
        fail(f"expected a member to know the model, it has {members[0].model}")
    told = {name: (members[0].params or {}).get(name) for name in ("epochs", "steps")}
    if told != {"epochs": 1, "steps": 3}:
        fail(f"expected the params of a member to be epochs 1 and steps 3, got {told}")


@check("calls the hooks in the order of fit", section="callback-order")
def order(s):
    compare(s)


@check("trains the model", section="callback-order")
def trains(s):
    batches, model, other = pairs(), network(), network()
    other.set_weights(model.get_weights())
    s.drive(model, batches, [], 2)
    for x, y in batches * 2:
        other.train_on_batch(x, y)
    values_close(model.get_weights()[0], other.get_weights()[0], what="the kernel")


def run(s, epochs=2):
    model, batches, diary = network(), pairs(), Diary()
    twin = network()
    twin.set_weights(model.get_weights())
    losses = [
        [float(twin.train_on_batch(x, y)) for x, y in batches] for _ in range(epochs)
    ]
    history = s.drive(model, batches, [diary], epochs)
    heard = {}
    for (hook, *_), loss in zip(diary.lines, diary.losses):
        heard.setdefault(hook, []).append(loss)
    return np.array(losses), heard, history


@check("gives the loss of a batch", section="callback-order")
def batch_losses(s):
    losses, heard, _ = run(s)
    values_close(
        heard["on_train_batch_end"], losses.ravel(), what="the losses of the batches"
    )


@check("gives the mean of an epoch", section="callback-order")
def epoch_losses(s):
    losses, heard, _ = run(s)
    means = losses.mean(axis=1)
    values_close(heard["on_epoch_end"], means, what="the losses of the epochs")
    values_close(heard["on_train_end"], means[-1:], what="the loss at the end")


@check("returns the history", section="callback-order")
def history(s):
    losses, _, found = run(s)
    if not isinstance(found, keras.callbacks.History):
        fail(f"expected a keras.callbacks.History, got {type(found).__name__}")
    if found.epoch != [0, 1]:
        fail(f"expected the epochs [0, 1] in the history, got {found.epoch}")
    values_close(found.history["loss"], losses.mean(axis=1), what="the history")


@check("hears a wish to stop after an epoch", section="callback-change")
def stop_after_epoch(s):
    compare(s, ("on_epoch_end", 1))


@check("hears a wish to stop after a batch", section="callback-change")
def stop_in_epoch(s):
    compare(s, ("on_train_batch_end", 1))
    compare(s, ("on_train_begin",))


@check("takes an old wish down", section="callback-change")
def old_wish(s):
    model, diary = network(), Diary()
    model.stop_training = True
    s.drive(model, pairs(), [diary], 2)
    done = sum(line[0] == "on_train_batch_end" for line in diary.lines)
    if done != 6:
        fail(
            f"expected 6 steps of a model that was stopped in an earlier training, got "
            f"{done}"
        )
