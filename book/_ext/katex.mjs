// Renders formulas for mathstatic.py: JSON in on stdin, JSON out on stdout, one call a page.
import { createRequire } from "node:module";

const katex = createRequire(process.argv[2] + "/")("katex");
let input = "";
for await (const chunk of process.stdin) input += chunk;

const render = ({ tex, display }, throwOnError) =>
  katex.renderToString(tex, { displayMode: display, strict: "ignore", throwOnError });

const results = JSON.parse(input).map((job) => {
  try {
    return { html: render(job, true) };
  } catch (error) {
    return { html: render(job, false), error: error.message };
  }
});
process.stdout.write(JSON.stringify(results));
