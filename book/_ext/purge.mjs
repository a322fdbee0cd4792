// Joins style sheets, keeps the rules that some page or script can use, minifies them.
// Usage: node purge.mjs WEB_FOLDER SITE_FOLDER OUTPUT SHEET...   (all relative to SITE)
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const [web, site, output, ...sheets] = process.argv.slice(2);
const load = createRequire(web + "/");
const esbuild = load("esbuild");
const { PurgeCSS } = load("purgecss");

// A sheet's relative URLs must hold from where the joined sheet stands.
const rebase = (css, from) =>
  css.replace(/url\((["']?)(?!data:|https?:|#|\/)([^)"']+)\1\)/g, (_, quote, target) => {
    const file = path.posix.join(path.posix.dirname(from), target);
    return `url(${quote}${path.posix.relative(path.posix.dirname(output), file)}${quote})`;
  });
// A sheet with those that it imports in their place.
const read = (sheet) =>
  readFileSync(path.join(site, sheet), "utf8")
    .replace(/@charset [^;]+;/g, "")
    .split(/(@import [^;]+;)/)
    .map((part) => {
      const imported = /^@import (?:url\()?["']?([^"');]+)/.exec(part);
      return imported
        ? read(path.posix.join(path.posix.dirname(sheet), imported[1]))
        : rebase(part, sheet);
    })
    .join("");
const joined = sheets.map(read).join("\n");

const [{ css }] = await new PurgeCSS().purge({
  content: [`${site}/**/*.html`, `${site}/_static/**/*.js`],
  css: [{ raw: joined }],
  // State that scripts set through attributes, and names they put together.
  safelist: { standard: [/^(show|showing|hide|hiding|collaps|active|fade|tooltip|bs-)/], greedy: [/data-(theme|mode|bs)/, /aria-/] },
  dynamicAttributes: ["data-theme", "data-mode", "data-bs-theme", "data-live", "open", "aria-expanded"],
  fontFace: false,
  keyframes: false,
  variables: false,
});
const { code } = await esbuild.transform(css, { loader: "css", minify: true, legalComments: "inline" });
writeFileSync(path.join(site, output), code);
