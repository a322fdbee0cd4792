// Plays quizzes on the page's core: node bots.mjs core.mjs < request.json
//
// A request names the quiz, how many readers there are, how many rounds each plays, and
// what the bot does: `memory` keeps the keys that were open to it, `clear` throws the
// stored progress away after a round, `peek` looks under the seal of one item in `peek`.
// Prints one line of JSON per attempt: what was drawn, what of it was known, the points.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const core = await import(pathToFileURL(process.argv[2]).href);
const { quiz, readers, rounds, seed, ...bot } = JSON.parse(readFileSync(0, "utf8"));
const items = new Map(quiz.items.map((item) => [item.id, item]));
const MINUTE = 60_000;
// How many answers to an open question seem worth a try to a guesser.
const PLAUSIBLE = { output: 50, numeric: 100, text: 100, code: 100 };

/** Numbers in [0, 1) from a seed (mulberry32). */
function randomFrom(start) {
  let a = start >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = randomFrom(seed);
const pick = (list) => list[Math.floor(random() * list.length)];
const range = (n) => Array.from({ length: n }, (_, j) => j);

/** All orders of `n` of the things in `list`. */
function orders(list, n) {
  if (!n) return [[]];
  return list.flatMap((one) =>
    orders(
      list.filter((other) => other !== one),
      n - 1,
    ).map((rest) => [one, ...rest]),
  );
}

/** What can be answered to a question that shows its options. */
function listed(item, key) {
  if (item.type === "choice") return range(item.options).map((j) => ({ options: [j] }));
  if (item.type === "order")
    return orders(range(item.options), key.lines.length).map((lines) => ({ lines }));
  return range(2 ** item.options - 1).map((bits) => ({
    options: range(item.options).filter((j) => ((bits + 1) >> j) & 1),
  }));
}

/** The answer that a key asks for, in the shape in which a reader gives it. */
function answerOf(key) {
  if (key.accept) return { text: key.accept[0] };
  return "value" in key ? { text: String(key.value) } : key;
}

/** A guess that was not made before; for a program, whether it happens to be right. */
function guess(asked, entry) {
  const { type } = asked.item;
  const open = PLAUSIBLE[type];
  const lucky = random() < 1 / (open - entry.tries.length);
  if (type === "code") return { answer: { source: "" }, right: lucky };
  const key = core.keyOf(asked);
  if (open) {
    const answer = lucky ? answerOf(key) : { text: "-7777.5 nothing" };
    return { answer, right: core.judge(asked, answer) };
  }
  const tried = entry.tries.map((one) => JSON.stringify(one.answer));
  const left = listed(asked.item, key).filter(
    (one) => !tried.includes(JSON.stringify(one)),
  );
  const answer = pick(left);
  return { answer, right: core.judge(asked, answer) };
}

function play(reader) {
  const memory = new Map();
  let state = null;
  let clock = Date.parse("2030-01-01T00:00:00.000Z");
  const dispatch = (event) => {
    clock += 1000;
    const now = new Date(clock).toISOString();
    // as after a reload: nothing lives on but what was stored
    state = JSON.parse(JSON.stringify(core.reduce(quiz, state, { ...event, now })));
  };
  const learn = () => {
    for (const round of state.rounds)
      for (const { items: entries } of round.attempts)
        for (const entry of entries) {
          if (entry.state === "open" || !core.keyIsOpen(quiz, round, entry)) continue;
          const { id, variant } = entry;
          const item = items.get(id);
          if (item.type !== "code") memory.set(id, { item, variant, salt: quiz.salt });
        }
  };
  let forced = 0;
  for (let round = 0; round < rounds; round++) {
    for (let nth = 0; nth < quiz.attempts; nth++) {
      dispatch({ type: "start", seed: `${seed}-${reader}-${round}-${nth}` });
      const entries = () => core.lastAttempt(state).items;
      const known = entries().flatMap(({ id }) => (memory.has(id) ? [id] : []));
      for (const { id } of entries()) {
        const entry = () => entries().find((one) => one.id === id);
        while (entry().state === "open") {
          const asked = {
            item: items.get(id),
            variant: entry().variant,
            salt: quiz.salt,
          };
          const sees = known.includes(id) || random() < (bot.peek ?? 0);
          const key = sees && asked.item.type !== "code" ? core.keyOf(asked) : null;
          const said = key
            ? { answer: answerOf(key), right: core.judge(asked, answerOf(key)) }
            : guess(asked, entry());
          dispatch({ type: "answer", item: id, ...said, confidence: "guess" });
        }
      }
      const attempt = core.lastAttempt(state);
      const { points, passed } = core.summary(quiz, attempt);
      const drawn = attempt.items.map(({ id }) => id);
      if (bot.memory) learn();
      // whoever cannot wait tries the door
      const before = attempts(state);
      if (core.gate(quiz, state, new Date(clock).toISOString())) {
        dispatch({ type: "start", seed: "now" });
        forced += attempts(state) - before;
      }
      console.log(
        JSON.stringify({ reader, round, nth, drawn, known, points, passed, forced }),
      );
      if (passed) break;
    }
    for (const aim of state.gate?.sections ?? [])
      dispatch({ type: "visit", objective: aim });
    clock += quiz.gate * MINUTE;
    if (bot.clear) state = null;
  }
}

const attempts = ({ rounds: all }) =>
  all.reduce((sum, round) => sum + round.attempts.length, 0);

for (let reader = 0; reader < readers; reader++) play(reader);
