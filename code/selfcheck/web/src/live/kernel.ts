/** One kernel on a Jupyter server: start it, run code on it, notice when it dies. */

import {
  KernelAPI,
  KernelConnection,
  ServerConnection,
  type KernelMessage,
} from "@jupyterlab/services";

export type Settings = ServerConnection.ISettings;
export type Message = KernelMessage.IIOPubMessage;

/**
 * How a kernel is. `revived`: it died and the server started it anew, empty.
 * `dead`: it is gone. `cut`: the server cannot be reached; it is tried again.
 */
export type Health =
  "starting" | "idle" | "busy" | "restarting" | "revived" | "dead" | "cut";

/** How a run ended; `lost` when the kernel went away under it. */
export type Outcome = "ok" | "error" | "aborted" | "lost";

export class Kernel {
  private gone = false;

  private constructor(
    private readonly connection: KernelConnection,
    private readonly settings: Settings,
    private readonly changed: (health: Health) => void,
  ) {
    connection.statusChanged.connect((_, status) => this.onStatus(status));
    connection.connectionStatusChanged.connect((_, status) => {
      if (status === "connecting") void this.ask();
      if (status === "disconnected" && !this.gone) this.changed("cut");
    });
  }

  /** Start a kernel; throws an Error that says what to do. */
  static async start(
    settings: Settings,
    changed: (health: Health) => void,
  ): Promise<Kernel> {
    changed("starting");
    try {
      const model = await KernelAPI.startNew({ name: "python3" }, settings);
      const connection = new KernelConnection({
        model,
        serverSettings: settings,
        handleComms: false,
      });
      const kernel = new Kernel(connection, settings, changed);
      if (await withinPatience(connection.info)) return kernel;
      kernel.shutdown();
      throw new Error(`it said nothing for ${PATIENCE / 1000} seconds`);
    } catch (error) {
      throw new Error(whyNot(error));
    }
  }

  /** Run `code`; every message that it sends out goes to `on`. */
  async run(code: string, on: (message: Message) => void): Promise<Outcome> {
    if (this.gone) return "lost";
    const future = this.connection.requestExecute({
      code,
      stop_on_error: true,
      allow_stdin: false,
    });
    // A kernel that was shut down elsewhere, or culled, says nothing at all.
    const silent = window.setTimeout(() => void this.ask(), 2000);
    future.onIOPub = (message) => {
      window.clearTimeout(silent);
      return on(message);
    };
    try {
      const reply = await future.done;
      const { status } = reply.content;
      return status === "ok" || status === "error" ? status : "aborted";
    } catch {
      return "lost"; // the connection cancels what was running when its kernel goes
    } finally {
      window.clearTimeout(silent);
    }
  }

  async interrupt(): Promise<void> {
    if (!this.gone) await this.connection.interrupt();
  }

  async restart(): Promise<void> {
    this.changed("restarting");
    await this.connection.restart();
  }

  /** End the kernel, also while the page is being left. */
  shutdown(): void {
    if (this.gone) return;
    this.gone = true;
    const { id } = this.connection;
    const settings = {
      ...this.settings,
      init: { ...this.settings.init, keepalive: true },
    };
    this.connection.dispose();
    KernelAPI.shutdownKernel(id, settings).catch(() => undefined);
  }

  private onStatus(status: string): void {
    if (this.gone) return;
    if (status === "autorestarting") this.changed("revived");
    else if (status === "dead") this.end();
    else if (status === "idle" || status === "busy") this.changed(status);
  }

  /** Nothing is heard: is the kernel still there? */
  private async ask(): Promise<void> {
    if (this.gone) return;
    try {
      const model = await KernelAPI.getKernelModel(this.connection.id, this.settings);
      if (!model) this.end();
    } catch {
      if (!this.gone) this.changed("cut");
    }
  }

  private end(): void {
    if (this.gone) return;
    this.gone = true;
    this.changed("dead");
    // at the end of this turn: the connection may be in the middle of a signal
    queueMicrotask(() => this.connection.dispose());
  }
}

const PATIENCE = 60_000;

/** Whether a promise is kept in the time that a kernel may take to start. */
function withinPatience(promise: Promise<unknown>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) =>
    window.setTimeout(resolve, PATIENCE, false),
  );
  return Promise.race([promise.then(() => true), late]);
}

function whyNot(error: unknown): string {
  if (error instanceof ServerConnection.NetworkError) {
    return "The server does not answer. Is it still running?";
  }
  if (error instanceof ServerConnection.ResponseError) {
    const { status } = error.response;
    if (status === 403) {
      return "The server does not know this browser any more. Open the address that it printed.";
    }
    return `The server could not start a kernel (status ${status}: ${error.message}).`;
  }
  return `The kernel did not start: ${(error as Error).message}.`;
}

/** Settings for the server behind this page: the cookie is enough, there is no token. */
export function localSettings(base: URL): Settings {
  return ServerConnection.makeSettings({
    baseUrl: base.href,
    token: "",
    appendToken: false,
  });
}
