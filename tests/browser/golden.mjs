// Runs the page's core on the golden vectors: node golden.mjs core.mjs golden.json
// Prints one JSON object: cases per group, and what differed.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";

const [, , corePath, vectorsPath] = process.argv;
const core = await import(pathToFileURL(corePath).href);
const vectors = JSON.parse(readFileSync(vectorsPath, "utf8"));

/** What JSON cannot hold stands as text in the vectors. */
const plain = (x) => (typeof x === "number" && !Number.isFinite(x) ? pythonName(x) : x);
const pythonName = (x) => (Number.isNaN(x) ? "nan" : x < 0 ? "-inf" : "inf");

/** What `run` returns, or the error that it throws, as a text. */
function attempt(run) {
  try {
    return run();
  } catch (error) {
    return `${error}`;
  }
}

/** What `run` returns, or null where a pool is too small. */
function draw(run) {
  try {
    return run();
  } catch (error) {
    if (error instanceof core.PoolTooSmallError) return null;
    throw error;
  }
}

/** What the core says of a state: all that a page shows of it. */
function look(quiz, state, now, closely) {
  const last = core.lastAttempt(state);
  const round = core.lastRound(state);
  const seen = {
    summary: last ? core.summary(quiz, last) : null,
    over: state.rounds.map((one) => core.isOver(quiz, one)),
    keys: last ? last.items.map((entry) => core.keyIsOpen(quiz, round, entry)) : [],
    gate: core.gate(quiz, state, now),
    due: core.due(quiz, state, now),
  };
  if (!closely) return seen;
  const mastery = core.mastery(quiz, state);
  return { ...seen, mastery, calibration: core.calibration([state]) };
}

/** A stream of events: the number of the first step that differs, if one does. */
function replay({ quizzes, state, steps, expect }) {
  for (const [n, { quiz, event, refused = false, look: seen }] of steps.entries()) {
    const rules = quizzes[quiz];
    const before = JSON.stringify(state);
    const after = draw(() => core.reduce(rules, state, event));
    if (JSON.stringify(state) !== before) return { step: n, event, changed: "input" };
    if ((after === null) !== refused) return { step: n, event, refused: !refused };
    state = after ?? state;
    const got = look(rules, state, event.now, "mastery" in seen);
    if (!isDeepStrictEqual(got, seen)) return { step: n, event, want: seen, got };
  }
  return isDeepStrictEqual(state, expect) ? "equal" : { want: expect, got: state };
}

const groups = {
  h53: (c) => core.h53(c.text, c.seed),
  sample: (c) => draw(() => core.sample(c.items, c.draw, c.seed, c.seen, c.retired)),
  variant: (c) => core.variant(c.item, c.count, c.seed),
  option_order: (c) => core.optionOrder(c.item, c.n, c.seed),
  seal: (c) => core.seal(c.text, c.salt, c.label),
  parse_number: (c) => plain(core.parseNumber(c.text)),
  compare_number: (c) => core.compareNumber(c.answer, c.key, c.tolerance),
  compare_output: (c) => core.compareOutput(c.answer, c.key, c.compare),
  compare_text: (c) => core.compareText(c.answer, c.accept),
  judge: (c) => ({
    right: core.isRight(c.type, c.key, c.answer),
    trap: core.whichTrap(c.type, c.traps, c.answer),
  }),
  stamp: ({ text }) => {
    const valid = core.isStamp(text);
    return [valid, valid ? core.later(text, 21 * core.DAY + 10) : null];
  },
  migrate: (c) => {
    const expect = core.upgrade(c.from);
    return { expect, loaded: core.reduce(c.quiz, expect.quizzes.q, c.event) };
  },
  reduce: replay,
};
const expected = {
  judge: ({ right, trap }) => ({ right, trap }),
  migrate: ({ expect, loaded }) => ({ expect, loaded }),
  reduce: () => "equal",
};

const counts = {};
const differ = [];
for (const [name, cases] of Object.entries(vectors)) {
  if (!Array.isArray(cases)) continue;
  counts[name] = cases.length;
  if (!(name in groups)) {
    differ.push({ group: name, problem: "the page's core has no such function" });
    continue;
  }
  for (const [index, c] of cases.entries()) {
    const want = name in expected ? expected[name](c) : c.expect;
    const got = attempt(() => groups[name](c));
    // JSON writes -0 as 0 in one language and -0.0 in the other
    const same = isDeepStrictEqual(got, want) || (got === 0 && want === 0);
    if (!same) differ.push({ group: name, index, want, got });
  }
}
for (const c of vectors.seal ?? []) {
  const got = attempt(() => core.unseal(c.expect, c.salt, c.label));
  if (got !== c.text) differ.push({ group: "unseal", want: c.text, got });
}
console.log(
  JSON.stringify({ counts, differ: differ.slice(0, 5), wrong: differ.length }),
);
