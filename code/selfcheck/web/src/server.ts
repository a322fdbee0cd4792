/** The book's own server, when the page comes from it; asked on a click only. */

export type Server =
  | { kind: "ready"; base: URL }
  /** The server is there, but this browser has no valid cookie for it. */
  | { kind: "login" }
  | { kind: "none" };

/** What a reader types to serve the book with its grader: the build puts it here. */
export function serveCommand(): string {
  const script = document.querySelector<HTMLElement>("script[data-serve]");
  return script?.dataset.serve ?? "python -m selfcheck.server";
}

/** The book's root folder: `…/book/` when a server of ours hands it out. */
export function bookRoot(): URL {
  return new URL(document.documentElement.dataset.content_root ?? "./", location.href);
}

/** Whether a server of ours may be behind this page: known without asking it. */
export function mayBeServed(): boolean {
  return base() !== null;
}

/** The address under which `selfcheck/api/` and Jupyter's `api/` would be. */
function base(): URL | null {
  const root = bookRoot();
  const served = /^https?:$/.test(root.protocol) && root.pathname.endsWith("/book/");
  return served ? new URL("../", root) : null;
}

export async function findServer(): Promise<Server> {
  const at = base();
  if (!at) return { kind: "none" };
  try {
    const answer = await fetch(new URL("selfcheck/api/ping", at), {
      credentials: "same-origin",
      headers: { Accept: "application/json" },
      cache: "no-store",
    });
    if (answer.status === 401 || answer.status === 403) return { kind: "login" };
    const found = answer.ok ? ((await answer.json()) as { grader?: boolean }) : {};
    return found.grader ? { kind: "ready", base: at } : { kind: "none" };
  } catch {
    // a static host, whose page for a missing file is no JSON, or no network
    return { kind: "none" };
  }
}

/** Jupyter's cross-site cookie, which a POST repeats; of two, the server reads the last. */
function xsrf(): string {
  const values = document.cookie
    .split("; ")
    .filter((pair) => pair.startsWith("_xsrf="));
  return values.pop()?.slice("_xsrf=".length) ?? "";
}

/** POST JSON to the server; throws an Error that says what to do. */
export async function post<T>(at: URL, path: string, body: unknown): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(new URL(path, at), {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-XSRFToken": xsrf() },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error(
      `The server does not answer. Is “${serveCommand()}” still running? Your program ` +
        "is kept.",
    );
  }
  if (answer.status === 401 || answer.status === 403) {
    throw new Error(
      "The server does not know this browser any more. Open the address that " +
        `“${serveCommand()}” printed last. Your program is kept.`,
    );
  }
  const data = (await answer.json().catch(() => ({}))) as T & { message?: string };
  if (!answer.ok) {
    throw new Error(
      data.message || `The server answered with status ${answer.status}.`,
    );
  }
  return data;
}
