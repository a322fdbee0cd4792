// A bot in the page: it reads what stands there, clicks, and types; nothing else.
// `clicker.attempt()` plays an attempt to its result, `clicker.learn()` reads the keys
// that are open in a result, `clicker.memory` maps a prompt to the answer it asks for;
// `clicker.scrape()` reads all that the page has loaded for keys in clear.
window.clicker = (() => {
  const memory = {};
  const keys = {};
  const quiz = () => document.querySelector(".sc-quiz");
  const all = (css, root = quiz()) => [...root.querySelectorAll(css)];
  const one = (css, root = quiz()) => root.querySelector(css);
  const text = (node) => (node ? node.textContent.trim() : "");
  const button = (name) => all("button").find((b) => text(b) === name);
  const pick = (list) => list[Math.floor(Math.random() * list.length)];
  const prompt = (question) => text(one(".sc-prompt", question));
  const optionText = (row) => {
    const copy = one(".sc-option-text", row).cloneNode(true);
    copy.querySelector(".sc-mark")?.remove();
    return text(copy);
  };

  /** Tick the options with these texts, or any. */
  function choose(question, texts) {
    const rows = all(".sc-option", question);
    const single = one("input[type=radio]", question);
    let wanted = texts && rows.filter((row) => texts.includes(optionText(row)));
    wanted ??= single ? [pick(rows)] : rows.filter(() => Math.random() < 0.5);
    if (!wanted.length) wanted = [pick(rows)];
    for (const row of rows) {
      const input = one("input", row);
      if (input.checked !== wanted.includes(row)) input.click();
    }
  }

  /** Add the lines with these texts in turn, or any two. */
  function arrange(question, texts) {
    for (const used of all("[data-act=Remove]", question)) used.click();
    const rows = () => all(".sc-lines-rest > li", question);
    for (let n = 0; n < (texts?.length ?? 2); n++) {
      const row = texts
        ? rows().find((r) => text(one(".sc-line-text", r)) === texts[n])
        : pick(rows());
      one("[data-act=Add]", row).click();
    }
  }

  /** Type an answer, or any word of the page. */
  function type(question, words) {
    const field = one(".sc-typed", question);
    const page = document.body.innerText.split(/\s+/).filter(Boolean);
    const numeric = text(one("label", question)) === "Your number";
    field.value =
      words ?? (numeric ? String(Math.floor(Math.random() * 100)) : pick(page));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function fill(question, known) {
    if (one(".sc-option", question)) choose(question, known);
    else if (one(".sc-order", question)) arrange(question, known);
    else type(question, known);
  }

  /** A key in clear, as texts of the options or lines that it names. */
  function spoken(question, key) {
    const named = (css, index) => all(css, question).find((row) => row.matches(index));
    if (key?.options)
      return key.options.map((j) =>
        optionText(named(".sc-option", `:has(input[value="${j}"])`)),
      );
    if (key?.lines)
      return key.lines.map((j) =>
        text(one(".sc-line-text", named("[data-line]", `[data-line="${j}"]`))),
      );
    const typed = key?.text ?? key?.accept?.[0] ?? key?.value;
    return typed === undefined ? undefined : String(typed);
  }

  /** Answer the question on the screen until it is settled. */
  function answer() {
    const asked = one(".sc-question");
    const known = memory[prompt(asked)] ?? spoken(asked, keys[asked.dataset.item]);
    for (let tries = 0; one(".sc-confidence") && tries < 5; tries++) {
      fill(one(".sc-question"), known);
      button(pick(["Guess", "Unsure", "Sure"])).click();
    }
    const { item } = one(".sc-question").dataset;
    const right = Boolean(one(".sc-step[aria-current] .sc-icon-right"));
    return { item, known: known !== undefined, right };
  }

  /** Start, where the page lets one, and answer everything; null where it does not. */
  function attempt() {
    all(".sc-again button")[0].click();
    if (!one(".sc-steps")) return null;
    const answers = [];
    for (let asked = 0; asked < 40; asked++) {
      answers.push(answer());
      all(".sc-onward button")[0].click();
      const result = one(".sc-result");
      if (result) return { answers, passed: text(result).startsWith("Passed") };
    }
    throw new Error("the attempt does not come to its end");
  }

  /** The answer that a question in a result gives away; undefined where it does not. */
  function shown(question) {
    const marked = all('[data-mark="right"], [data-mark="key"]', question);
    if (marked.length) return marked.map(optionText);
    const said = one(".sc-verdict", question);
    const ordered = all("ol.sc-lines > li", said ?? question).map(text);
    if (ordered.length) return ordered;
    const after = (label) => {
      const head = all(".sc-label", question).find((p) => text(p) === label);
      return head && text(head.nextElementSibling);
    };
    const number = after("The number")?.split(" ")[0];
    const form = after("Accepted answers")?.split(", ")[0];
    const right = said?.classList.contains("sc-verdict-right");
    const own = right ? one(".sc-typed", question)?.value : undefined;
    return after("It prints") ?? number ?? form ?? own;
  }

  /** Read a result: every key that is open in it. Resolves when all rows are. */
  async function learn() {
    const rows = all(".sc-results > li > details");
    for (const row of rows) row.open = true;
    await new Promise((done) => setTimeout(done, 50)); // rows fill when they opened
    for (const row of rows) {
      const question = one(".sc-question", row);
      const key = shown(question);
      const closed = text(question).includes("opens when this round is over");
      if (key !== undefined && key.length && !closed) memory[prompt(question)] = key;
    }
    return Object.keys(memory).length;
  }

  /** All text that came with the page: its source, its files, its storage. */
  async function sources() {
    const loaded = all("script[src], link[href]", document).map((e) => e.src || e.href);
    const own = [location.href, ...loaded].filter((address) =>
      address.startsWith("http"),
    );
    const files = [...new Set(own)].map(async (address) =>
      (await fetch(address)).text(),
    );
    const stored = Object.values(localStorage);
    const scripts = all("script:not([src])", document).map((node) => node.textContent);
    const page = document.documentElement.outerHTML;
    return [page, ...scripts, ...stored, ...(await Promise.all(files))];
  }

  /** What a text says as JSON, plainly or in base64; itself where it is neither. */
  function readable(value) {
    if (typeof value !== "string") return value;
    for (const form of [(text) => text, atob]) {
      try {
        return JSON.parse(form(value));
      } catch {
        // not so
      }
    }
    return value;
  }

  /** Look through a value for keys, under the id of the item they belong to. */
  function search(value, item) {
    if (typeof value !== "object" || value === null) return;
    const key = readable(value.key);
    const fields = ["options", "lines", "text", "value", "accept"];
    if (item && key && typeof key === "object" && fields.some((f) => f in key))
      keys[item] ??= key;
    for (const [name, part] of Object.entries(value)) {
      const named = Array.isArray(value) ? undefined : value.id;
      search(part, named ?? (/^[a-z]+-[a-z0-9-]+$/.test(name) ? name : item));
    }
  }

  /** Read everything for keys; returns all text that was read. */
  async function scrape() {
    const texts = await sources();
    for (const text of texts) {
      const object = text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1);
      search(readable(object), undefined);
    }
    search(window.selfcheckAnswers, undefined);
    return texts;
  }

  return { memory, keys, attempt, learn, scrape };
})();
