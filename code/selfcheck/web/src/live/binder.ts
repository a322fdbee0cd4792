/** A server on Binder: launched on a click, kept for the page, never stored. */

import { ServerConnection } from "@jupyterlab/services";
import type { BinderSpot, Request } from "../bundle";
import type { GradeRecord } from "../core/types";
import { Kernel, type Settings } from "./kernel";

const RECORD = "application/vnd.selfcheck.grade.v1+json";
const PHASES: Record<string, string> = {
  waiting: "Binder has queued the request…",
  fetching: "Binder is fetching the repository…",
  unknown: "Binder is at work…",
  building: "Binder is building the image; this can take some minutes…",
  pushing: "Binder is storing the image…",
  built: "The image is ready; Binder is starting a server…",
  launching: "Binder is starting a server…",
};

let settings: Settings | null = null;
let launching: Promise<void> | null = null;
let grader: Promise<Kernel> | null = null;

export function binderSettings(): Settings | null {
  return settings;
}

/** Launch a server, telling every phase; throws an Error with Binder's own reason. */
export function connectBinder(
  spot: BinderSpot,
  say: (line: string) => void,
): Promise<void> {
  if (settings) return Promise.resolve();
  launching ??= launch(spot, say).finally(() => {
    launching = null;
  });
  return launching;
}

interface Line {
  phase?: string;
  message?: string;
  url?: string;
  token?: string;
}

/**
 * Follow the hub's event stream until a server is ready.
 *
 * A plain EventSource: it sends no header that a hub would have to allow first.
 */
function launch({ hub, spec }: BinderSpot, say: (line: string) => void): Promise<void> {
  const stream = new EventSource(
    new URL(`build/${spec}`, `${hub.replace(/\/$/, "")}/`),
  );
  return new Promise<void>((resolve, reject) => {
    stream.onmessage = ({ data }) => {
      const { phase = "", message = "", url, token = "" } = JSON.parse(data) as Line;
      if (phase === "failed") {
        reject(new Error(`Binder could not start a server: ${message.trim()}`));
      } else if (phase === "ready" && url) {
        settings = ServerConnection.makeSettings({
          baseUrl: url,
          token,
          appendToken: true,
        });
        resolve();
      } else {
        say(PHASES[phase] ?? message.trim());
      }
    };
    // The hub closes the stream when it is done, or it cannot be reached at all.
    stream.onerror = () => {
      reject(new Error("Binder cannot be reached, or it ended without a server."));
    };
  }).finally(() => stream.close());
}

/** Grade, or run the example, in a kernel of its own beside the live one. */
export async function gradeOnBinder(request: Request): Promise<GradeRecord> {
  if (!settings) throw new Error("Binder is not connected.");
  grader ??= Kernel.start(settings, (health) => {
    if (health === "dead" || health === "revived") grader = null;
  });
  const kernel = await grader.catch((error: Error) => {
    grader = null;
    throw error;
  });
  let record: GradeRecord | undefined;
  let trouble = "";
  await kernel.run(callOf(request), (message) => {
    const { content } = message as {
      content: { data?: Record<string, unknown>; evalue?: string };
    };
    record ??= content.data?.[RECORD] as GradeRecord | undefined;
    trouble ||= content.evalue ?? "";
  });
  if (record) return record;
  throw new Error(`The grader on Binder gave no result. ${trouble} Try again.`);
}

function callOf(request: Request): string {
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `from selfcheck.kernel import grade_message; grade_message("${btoa(text)}")`;
}
