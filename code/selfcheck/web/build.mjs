// Bundles the page side of selfcheck into dist/. Run by `python -m selfcheck.bundle`.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "dist");

// A classic script works from file:// where a module does not load.
const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  metafile: true,
  charset: "utf8",
  target: ["es2021"],
  legalComments: "none", // LICENSES.txt carries them whole
  logLevel: "warning",
  define: { "process.env.NODE_ENV": '"production"' },
};
const script = { ...common, format: "iife", platform: "browser" };
const node = { ...common, format: "esm", platform: "node", minify: false };

const kernel = {
  ...script,
  entryPoints: ["src/kernel.ts"],
  outfile: "dist/selfcheck-kernel.js",
};
const page = { ...script, entryPoints: ["src/page.ts"], outfile: "dist/selfcheck.js" };
// The page with the reader's progress has a script of its own: no other page needs it.
const progress = {
  ...script,
  entryPoints: ["src/progress-page.ts"],
  outfile: "dist/selfcheck-progress.js",
};
const style = {
  ...common,
  entryPoints: ["src/style/selfcheck.css"],
  outfile: "dist/selfcheck.css",
};
// The core alone, for the tests that compare it with the Python one.
const core = {
  ...node,
  entryPoints: ["src/core/index.ts"],
  outfile: "dist/node/core.mjs",
};

/** The packages whose files went into a bundle. */
function packagesOf(metafile) {
  const found = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = input.match(/^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    if (match) found.add(match[1]);
  }
  return found;
}

/** Name, version, license and the license's own text of one package. */
function licenseOf(name) {
  const root = join(here, "node_modules", name);
  const about = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const file = readdirSync(root).find((f) => /^(licen[sc]e|copying)/i.test(f));
  const text = file
    ? readFileSync(join(root, file), "utf8").trim()
    : "(no license file in the package)";
  return `${name} ${about.version} (${about.license})\n\n${text}\n`;
}

mkdirSync(join(out, "node"), { recursive: true });
const [first, styled] = await Promise.all([build(kernel), build(style), build(core)]);
// The page asks for this very bundle, whatever a browser's cache still holds.
const hash = createHash("sha256")
  .update(readFileSync(join(here, kernel.outfile)))
  .digest("hex");
const define = { ...common.define, __KERNEL__: JSON.stringify(hash.slice(0, 12)) };
const pages = [page, progress].map((options) => build({ ...options, define }));
const results = [first, styled, ...(await Promise.all(pages))];
const names = new Set(results.flatMap((result) => [...packagesOf(result.metafile)]));
const rule = `\n${"-".repeat(78)}\n\n`;
// Formulas are rendered while the book is built; style sheet and fonts go into the site.
names.add("katex");
const head =
  "Software of others in the site's scripts and formulas, with its licenses.\n";
writeFileSync(
  join(out, "LICENSES.txt"),
  [head, ...[...names].sort().map(licenseOf)].join(rule),
);

for (const { outfile } of [page, progress, kernel, style]) {
  const bytes = readFileSync(join(here, outfile));
  const kb = (n) => (n / 1000).toFixed(1).padStart(6);
  console.log(
    `${outfile.padEnd(28)}${kb(bytes.length)} kB ${kb(gzipSync(bytes, { level: 9 }).length)} kB gz`,
  );
}
