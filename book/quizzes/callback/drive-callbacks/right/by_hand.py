import keras


def drive(model, batches, members, epochs):
    history = keras.callbacks.History()
    called = [*members, history]
    for member in called:
        member.set_model(model)
        member.set_params({"epochs": epochs, "steps": len(batches)})

    def call(hook, *args):
        logs = dict(args[-1] or {})
        for member in called:
            getattr(member, hook)(*args[:-1], logs=logs)

    model.stop_training, logs, epoch = False, {}, 0
    call("on_train_begin", None)
    while epoch < epochs and not (epoch and model.stop_training):
        call("on_epoch_begin", epoch, None)
        total = done = 0
        while done < len(batches) and not (done and model.stop_training):
            call("on_train_batch_begin", done, None)
            loss = model.train_on_batch(*batches[done])
            total += loss
            call("on_train_batch_end", done, {"loss": loss})
            done += 1
        logs = {"loss": float(total / done)}
        call("on_epoch_end", epoch, logs)
        epoch += 1
    call("on_train_end", logs)
    return history
