"""The miniature's callbacks against Keras's: hooks, logs, stopping, rates, the best."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from microtf.keras import callbacks, layers, losses, monitors, sgd
from microtf.keras.layer import Layer
from microtf.keras.schedules import ExponentialDecay
from microtf.keras.trainer import Trainer


class MicroModel(Trainer, Layer):
    """The part of the miniature's Model that these tests need."""


KERAS = SimpleNamespace(
    Model=keras.Model,
    layers=keras.layers,
    losses=keras.losses,
    Callback=keras.callbacks.Callback,
    CallbackList=keras.callbacks.CallbackList,
    History=keras.callbacks.History,
    LambdaCallback=keras.callbacks.LambdaCallback,
    LearningRateScheduler=keras.callbacks.LearningRateScheduler,
    EarlyStopping=keras.callbacks.EarlyStopping,
    ReduceLROnPlateau=keras.callbacks.ReduceLROnPlateau,
    SGD=keras.optimizers.SGD,
    Decay=keras.optimizers.schedules.ExponentialDecay,
    quiet={"verbose": 0},
)
MICRO = SimpleNamespace(
    Model=MicroModel,
    layers=layers,
    losses=losses,
    Callback=callbacks.Callback,
    CallbackList=callbacks.CallbackList,
    History=callbacks.History,
    LambdaCallback=callbacks.LambdaCallback,
    LearningRateScheduler=callbacks.LearningRateScheduler,
    EarlyStopping=monitors.EarlyStopping,
    ReduceLROnPlateau=monitors.ReduceLROnPlateau,
    SGD=sgd.SGD,
    Decay=ExponentialDecay,
    quiet={},
)

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(40, 4)).astype(np.float32)
Y = RANDOM.normal(size=(40, 1)).astype(np.float32)
WEIGHTS = [RANDOM.normal(size=(4, 1)).astype(np.float32), np.zeros(1, np.float32)]


@pytest.fixture(params=[KERAS, MICRO], ids=["keras", "microtf"])
def lib(request):
    """Keras first, the miniature second, under the same assert."""
    return request.param


def compiled(lib, rate=0.01, **options):
    """Return a linear model with the same weights in both libraries."""

    class Line(lib.Model):
        def __init__(self):
            super().__init__()
            self.only = lib.layers.Dense(1)

        def call(self, inputs):
            return self.only(inputs)

    model = Line()
    model(X[:1])
    model.set_weights(WEIGHTS)
    model.compile(lib.SGD(rate), lib.losses.MeanSquaredError(), **options)
    return model


def fit(lib, model, *called, epochs=2, **options):
    arguments = {"batch_size": 4, "shuffle": False, **lib.quiet, **options}
    return model.fit(X, Y, epochs=epochs, callbacks=list(called), **arguments)


def recorder(lib, log, label=""):
    """Return a callback that writes down each hook, with its number."""

    def note(hook):
        def method(self, *args, **kwargs):
            log.append((label + hook, *(a for a in args if isinstance(a, int))))

        return method

    hooks = {hook: note(hook) for hook in callbacks.HOOKS}
    return type("Recorder", (lib.Callback,), hooks)()


RUNS = {
    "fit": lambda lib, model, called: fit(lib, model, called),
    "fit with validation": lambda lib, model, called: fit(
        lib, model, called, validation_data=(X[:9], Y[:9])
    ),
    "evaluate": lambda lib, model, called: model.evaluate(
        X, Y, 16, callbacks=[called], **lib.quiet
    ),
    "predict": lambda lib, model, called: model.predict(
        X, 16, callbacks=[called], **lib.quiet
    ),
    "fit of no epoch": lambda lib, model, called: fit(lib, model, called, epochs=0),
}


# The miniature predicts one batch at a time, whatever is asked for.
@pytest.mark.parametrize(
    ("run", "steps"), [(r, s) for r in RUNS for s in (1, 4) if (r, s) != ("predict", 4)]
)
def test_hooks_come_in_the_order_and_with_the_numbers_of_keras(run, steps):
    logs = []
    for lib in (KERAS, MICRO):
        logs.append([])
        model = compiled(lib, steps_per_execution=steps)
        RUNS[run](lib, model, recorder(lib, logs[-1]))
    assert logs[1] == logs[0] and len(logs[0]) >= 2


def test_a_batch_of_a_hook_is_an_execution(lib):
    log = []
    fit(lib, compiled(lib, steps_per_execution=4), recorder(lib, log), epochs=1)
    begins = [n for hook, *n in log if hook == "on_train_batch_begin"]
    ends = [n for hook, *n in log if hook == "on_train_batch_end"]
    assert begins == [[0], [4], [8]]
    assert ends == [[3], [7], [11]]  # of ten batches


def test_each_hook_goes_through_the_whole_list_before_the_next(lib):
    log = []
    first, second = recorder(lib, log, "1 "), recorder(lib, log, "2 ")
    fit(lib, compiled(lib), first, second, epochs=1)
    assert [hook[2:] for hook, *_ in log[::2]] == [hook[2:] for hook, *_ in log[1::2]]
    assert {hook[0] for hook, *_ in log[::2]} == {"1"}


class Number:
    """Counts how often somebody wants it as a float."""

    asked = 0

    def __float__(self):
        self.asked += 1
        return 0.5


def test_logs_become_numbers_once_for_all_callbacks_and_also_for_none(lib):
    for members in ([], [lib.Callback()], [lib.Callback(), lib.Callback()]):
        number = Number()
        lib.CallbackList(members).on_train_batch_end(0, {"loss": number})
        assert number.asked == 1


def test_callbacks_of_one_hook_share_one_dictionary_that_nobody_else_sees(lib):
    seen, given = [], {"loss": 1.0}

    def add(epoch, logs=None):
        seen.append(logs)
        logs["added"] = 1.0

    two = [lib.LambdaCallback(on_epoch_end=add) for _ in range(2)]
    lib.CallbackList(two).on_epoch_end(0, given)
    assert seen[0] is seen[1] and seen[0]["added"] == 1.0
    assert given == {"loss": 1.0}


def test_the_history_comes_last_unless_it_was_put_first(lib):
    def add(epoch, logs=None):
        logs["added"] = 1.0

    adding = lib.LambdaCallback(on_epoch_end=add)
    assert "added" in fit(lib, compiled(lib), adding).history
    own = lib.History()
    found = fit(lib, compiled(lib), own, adding)
    assert found is own and "added" not in own.history


def test_a_history_goes_on_but_counts_epochs_anew(lib):
    own, model = lib.History(), compiled(lib)
    for _ in range(2):
        fit(lib, model, own)
    assert own.epoch == [0, 1] and len(own.history["loss"]) == 4


def test_logs_of_a_batch_are_means_over_the_epoch_so_far(lib):
    seen = []
    hook = lib.LambdaCallback(
        on_train_batch_end=lambda b, logs: seen.append(logs["loss"])
    )
    fit(lib, compiled(lib, 0.0), hook, epochs=1)
    kernel, bias = WEIGHTS
    errors = ((X @ kernel + bias - Y) ** 2).reshape(10, 4).mean(axis=1)
    means = np.cumsum(errors) / np.arange(1, 11)
    np.testing.assert_allclose(seen, means, rtol=1e-5)


STOPS = {  # hook: executions, batches of validation, epochs that are done after it
    "on_train_begin": "btE",
    "on_epoch_begin": "bbbbbbbbbbtEbtE",
    "on_train_batch_begin": "bbtE",
    "on_train_batch_end": "bbtE",
    "on_test_begin": "bbbbbbbbbbtE",
    "on_epoch_end": "bbbbbbbbbbtEbbbbbbbbbbtE",
}


@pytest.mark.parametrize("hook", STOPS)
def test_a_wish_to_stop_is_heard_after_an_execution_and_after_an_epoch(lib, hook):
    log, model = [], compiled(lib)

    def stop(*args, **kwargs):
        if hook in ("on_train_begin", "on_test_begin") or args[0] == 1:
            model.stop_training = True

    letters = {"on_train_batch_end": "b", "on_test_batch_end": "t", "on_epoch_end": "E"}

    def note(letter):
        return lambda self, *args, **kwargs: log.append(letter)

    hooks = {name: note(letter) for name, letter in letters.items()}
    counting = type("Counting", (lib.Callback,), hooks)()
    stopping = lib.Callback()
    setattr(stopping, hook, stop)
    fit(lib, model, stopping, counting, epochs=3, validation_data=(X[:4], Y[:4]))
    assert "".join(log) == STOPS[hook]


def test_an_evaluation_within_an_epoch_takes_the_metrics_away(lib):
    def losses_with(action):
        model = compiled(lib)

        def act(batch, logs=None):
            if batch == 8:
                action(model)

        return fit(
            lib, model, lib.LambdaCallback(on_train_batch_end=act), epochs=1
        ).history["loss"]

    plain = losses_with(lambda model: None)
    assert losses_with(lambda model: model.predict(X, **lib.quiet)) == plain
    evaluated = losses_with(lambda model: model.evaluate(X, Y, **lib.quiet))
    assert abs(evaluated[0] - plain[0]) > 1e-3


def test_metrics_are_reset_before_an_epoch_begins_and_not_after_the_hook(lib):
    def losses_with(hook):
        model, tested = compiled(lib), []

        def evaluate(epoch, logs=None):
            tested.append(model.evaluate(X, 10.0 * Y, 4, **lib.quiet))

        called = lib.LambdaCallback(**{hook: evaluate} if hook else {})
        return fit(lib, model, called).history["loss"], tested

    plain, _ = losses_with(None)
    assert losses_with("on_epoch_end")[0] == plain
    mixed, tested = losses_with("on_epoch_begin")
    np.testing.assert_allclose(mixed, np.add(tested, plain) / 2, rtol=1e-5)


def test_a_rate_counts_from_the_next_step_and_a_frozen_layer_does_not(lib):
    def change(action):
        model, seen = compiled(lib), []

        def act(epoch, logs=None):
            seen.append(model.get_weights()[0])
            if epoch == 0:
                action(model)

        fit(lib, model, lib.LambdaCallback(on_epoch_end=act))
        return float(np.abs(seen[1] - seen[0]).max())

    def freeze(model):
        model.only.trainable = False

    def freeze_and_trace(model):
        model.only.kernel.trainable = False
        model.make_train_function(force=True)

    assert change(lambda model: None) > 1e-3
    assert change(lambda model: setattr(model.optimizer, "learning_rate", 0.0)) == 0.0
    assert change(freeze) > 1e-3
    assert change(freeze_and_trace) == 0.0


def scripted(lib, name, values):
    """Return a callback that puts given values into the logs, epoch by epoch."""

    def add(epoch, logs=None):
        logs[name] = values[epoch]

    return lib.LambdaCallback(on_epoch_end=add)


NAN = float("nan")
WATCHED = [  # values, options, (epochs, best epoch, stopped epoch)
    ([3, 2, 2.5, 2.4, 2.3, 1], {"patience": 2}, (4, 1, 3)),
    ([3, 2, 2.5, 2.4, 2.3, 1], {"patience": 0}, (3, 1, 2)),
    ([3, 2, 2.5, 2.4, 2.3, 1], {"patience": 1}, (3, 1, 2)),
    ([3, 2, 2.5, 2.4, 2.3, 1], {"patience": 4}, (6, 5, 0)),
    ([3, 2, 2.5, 2.4, 2.3, 1], {"patience": 2, "start_from_epoch": 3}, (6, 5, 0)),
    ([1, 2, 3, 4, 5, 6], {"patience": 1, "start_from_epoch": 2}, (4, 2, 3)),
    ([5, 4, 3, 3, 3, 3], {"patience": 2, "baseline": 2.0}, (4, 2, 3)),
    ([5, 4, 1, 3, 3, 3], {"patience": 2, "baseline": 2.0}, (5, 2, 4)),
    ([3, 2.9, 2.8, 2.7, 2.6], {"patience": 2, "min_delta": 0.15}, (5, 4, 0)),
    ([3, 2.9, 2.8, 2.7, 2.6], {"patience": 2, "min_delta": 0.5}, (3, 0, 2)),
    ([NAN, 3, 2, 1], {"patience": 2}, (3, 0, 2)),
    ([3, NAN, 2, 2.5, 2.6, 3], {"patience": 2}, (5, 2, 4)),
    ([1, 2, 1.5, 1.6, 3], {"patience": 2, "mode": "max"}, (4, 1, 3)),
]


@pytest.mark.parametrize(("values", "options", "expected"), WATCHED)
def test_early_stopping_waits_stops_and_remembers(lib, values, options, expected):
    options = {"mode": "min", **options}
    early = lib.EarlyStopping("seen", restore_best_weights=True, **options)
    model, after = compiled(lib), []
    keep = lib.LambdaCallback(
        on_epoch_end=lambda epoch, logs: after.append(model.get_weights())
    )
    run = fit(
        lib, model, keep, scripted(lib, "seen", values), early, epochs=len(values)
    )
    assert (len(run.epoch), early.best_epoch, early.stopped_epoch) == expected
    for restored, best in zip(
        model.get_weights(), after[early.best_epoch], strict=True
    ):
        np.testing.assert_array_equal(restored, best)
    assert int(np.asarray(model.optimizer.iterations)) == 10 * len(run.epoch)


def test_early_stopping_forgets_between_two_trainings(lib):
    early, model = lib.EarlyStopping("loss", patience=5), compiled(lib)
    fit(lib, model, early)
    first = early.best
    fit(lib, model, early, scripted(lib, "loss", [9.0, 9.0]), epochs=1)
    fit(lib, model, scripted(lib, "loss", [9.0]), early, epochs=1)
    assert early.best == 9.0 > first


def test_a_value_that_is_not_there_is_warned_of_and_stops_nothing(lib):
    with pytest.warns(UserWarning, match="val_loss"):
        run = fit(lib, compiled(lib), lib.EarlyStopping(), epochs=3)
    assert run.epoch == [0, 1, 2]


def test_a_value_without_a_direction_is_refused(lib):
    with pytest.raises(ValueError, match="mode"):
        fit(lib, compiled(lib), scripted(lib, "x", [1, 1]), lib.EarlyStopping("x"))


PLATEAUS = [
    {"patience": 1},
    {"patience": 2},
    {"patience": 1, "cooldown": 2},
    {"patience": 1, "min_lr": 0.003},
    {"patience": 2, "min_delta": 0.5},
]


@pytest.mark.parametrize("options", PLATEAUS)
def test_plateau_lowers_the_rate_as_keras_does(options):
    values = [3, 3, 2.9, 2.9, 2.9, 2.9, 2.9, 1, 1, 1]
    found = []
    for lib in (KERAS, MICRO):
        reduce = lib.ReduceLROnPlateau("seen", factor=0.5, mode="min", **options)
        run = fit(lib, compiled(lib), scripted(lib, "seen", values), reduce, epochs=10)
        found.append(run.history["learning_rate"])
    np.testing.assert_allclose(found[1], found[0], rtol=1e-6)
    assert found[0][-1] < found[0][0]


def test_plateau_refuses_a_factor_that_does_not_reduce(lib):
    with pytest.raises(ValueError, match="factor"):
        lib.ReduceLROnPlateau(factor=1.0)


def test_a_scheduler_starts_from_the_rate_that_is_there(lib):
    model = compiled(lib, 0.08)
    halve = lib.LearningRateScheduler(lambda epoch, rate: rate / 2)
    rates = [
        rate
        for _ in range(2)
        for rate in fit(lib, model, halve).history["learning_rate"]
    ]
    np.testing.assert_allclose(rates, [0.04, 0.02, 0.01, 0.005], rtol=1e-6)


def test_a_schedule_of_the_optimizer_is_not_to_be_set(lib):
    for called in (
        lib.LearningRateScheduler(lambda epoch, rate: rate / 2),
        lib.ReduceLROnPlateau("loss", patience=0),
    ):
        model = compiled(lib, lib.Decay(0.01, 10, 0.5))
        with pytest.raises(TypeError, match="chedule"):
            fit(lib, model, scripted(lib, "loss", 3 * [1.0]), called, epochs=3)


def test_lambda_callback_calls_what_it_was_given(lib):
    log = []
    hooks = {
        "on_train_begin": lambda logs: log.append("begin"),
        "on_train_batch_begin": lambda batch, logs: log.append(batch),
        "on_train_end": lambda logs: log.append("end"),
    }
    fit(lib, compiled(lib), lib.LambdaCallback(**hooks), epochs=1)
    assert log == ["begin", *range(10), "end"]


def test_the_miniature_refuses_a_hook_that_nobody_calls():
    with pytest.raises(ValueError, match="on_epoch_ends"):
        callbacks.LambdaCallback(on_epoch_ends=print)
    keras.callbacks.LambdaCallback(on_epoch_ends=print)  # Keras takes it and is silent
