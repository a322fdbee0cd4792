/** The second bundle: everything that needs a kernel or an editor. */

import type { KernelBundle } from "./bundle";
import { editor } from "./code/editor";
import { binderSettings, connectBinder, gradeOnBinder } from "./live/binder";
import { localSettings } from "./live/kernel";
import { LivePage } from "./live/page";

const bundle: KernelBundle = {
  editor,
  connectBinder,
  binderConnected: () => binderSettings() !== null,
  gradeOnBinder,
  goLive(bar, server) {
    const settings =
      server === "binder" ? binderSettings() : localSettings(server.base);
    if (!settings) throw new Error("Binder is not connected");
    const near = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);
    const where =
      server === "binder" ? "Binder" : near ? "this computer" : location.host;
    new LivePage(bar, settings, where);
  },
};

window.selfcheckKernel = bundle;
