// Bundles the page side of selfcheck into dist/. Run by `python -m selfcheck.bundle`.
import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "dist");
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

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
  define: { __VERSION__: JSON.stringify(version), "process.env.NODE_ENV": '"production"' },
};
const script = { ...common, format: "iife", platform: "browser" };
const node = { ...common, format: "esm", platform: "node", minify: false };

const targets = [
  { ...script, entryPoints: ["src/page.ts"], outfile: "dist/selfcheck.js" },
  { ...script, entryPoints: ["src/kernel.ts"], outfile: "dist/selfcheck-kernel.js" },
  { ...common, entryPoints: ["src/style/selfcheck.css"], outfile: "dist/selfcheck.css" },
];
// The core alone, for the tests that compare it with the Python one.
const core = { ...node, entryPoints: ["src/core/index.ts"], outfile: "dist/node/core.mjs" };

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
  const text = file ? readFileSync(join(root, file), "utf8").trim() : "(no license file in the package)";
  return `${name} ${about.version} (${about.license})\n\n${text}\n`;
}

mkdirSync(join(out, "node"), { recursive: true });
const results = await Promise.all([...targets, core].map((target) => build(target)));
const names = new Set(results.slice(0, targets.length).flatMap((r) => [...packagesOf(r.metafile)]));
const rule = `\n${"-".repeat(78)}\n\n`;
const head = "Software of others that selfcheck's scripts contain, with its licenses.\n";
writeFileSync(join(out, "LICENSES.txt"), [head, ...[...names].sort().map(licenseOf)].join(rule));

for (const { outfile } of targets) {
  const bytes = readFileSync(join(here, outfile));
  const kb = (n) => (n / 1000).toFixed(1).padStart(6);
  console.log(`${outfile.padEnd(28)}${kb(bytes.length)} kB ${kb(gzipSync(bytes, { level: 9 }).length)} kB gz`);
}
