/** The second bundle: kernels, the code editor, live cells. Loaded on first need. */

import type { GradeRecord } from "./core/types";
import { bookRoot, type Server } from "./server";

export interface Editor {
  element: HTMLElement;
  value: string;
  focus(): void;
  lock(locked: boolean): void;
}

export interface EditorOptions {
  value: string;
  label: string;
  /** What assistive technology reads after the label. */
  describedBy?: string;
  changed?(value: string): void;
  /** Shift-Enter, Ctrl-Enter. */
  run?(): void;
}

/** Where Binder is, as the page's live bar says. */
export interface BinderSpot {
  hub: string;
  spec: string;
}

export interface Request {
  action: "grade" | "run";
  item: string;
  source: string;
}

export interface KernelBundle {
  editor(options: EditorOptions): Editor;
  /** Start a server on Binder, or return the one that is connected. */
  connectBinder(spot: BinderSpot, say: (line: string) => void): Promise<void>;
  binderConnected(): boolean;
  /** Grade in a kernel on the connected Binder server. */
  gradeOnBinder(request: Request): Promise<GradeRecord>;
  /** Turn the page's cells into editors on a kernel of this server or of Binder. */
  goLive(bar: HTMLElement, server: Extract<Server, { kind: "ready" }> | "binder"): void;
}

/** Which kernel bundle was built together with this script: none else is loaded. */
declare const __KERNEL__: string;

declare global {
  interface Window {
    selfcheckKernel?: KernelBundle;
  }
}

// The bundle stands beside this script, whatever folder the site is in; a notebook
// holds the script inline, and then it comes from the book's own server.
const source = (document.currentScript as HTMLScriptElement | null)?.src;
const here = (): string => source || new URL("_static/selfcheck/", bookRoot()).href;
let loading: Promise<KernelBundle> | null = null;

/** Load the bundle with a script element, which works from file:// too. */
export function kernelBundle(): Promise<KernelBundle> {
  if (window.selfcheckKernel) return Promise.resolve(window.selfcheckKernel);
  loading ??= new Promise<KernelBundle>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(`selfcheck-kernel.js?v=${__KERNEL__}`, here()).href;
    script.onload = () => {
      if (window.selfcheckKernel) resolve(window.selfcheckKernel);
      else reject(new Error("selfcheck-kernel.js did not start"));
    };
    script.onerror = () => {
      loading = null;
      script.remove();
      reject(new Error("selfcheck-kernel.js could not be loaded"));
    };
    document.head.append(script);
  });
  return loading;
}

/** Where this page's live bar says that Binder is, if it does. */
export function binderSpot(): BinderSpot | null {
  const bar = document.querySelector<HTMLElement>("[data-live][data-binder]");
  const { binder, binderhub } = bar?.dataset ?? {};
  return binder && binderhub ? { spec: binder, hub: binderhub } : null;
}
