"""The HTML of a quiz: questions that can be read without a script, and its data."""

import html
import json
from collections.abc import Iterator, Mapping
from typing import Any

Html = Mapping[tuple[str, int, str], str]

TASKS = {
    "choice": "Choose one answer.",
    "multiple": "Choose every answer that is right.",
    "output": "Write down what the program prints.",
    "numeric": "Write a number.",
    "text": "Write a short answer.",
    "order": "Put the lines that belong here in order.",
    "code": "Write a program.",
}


def article(entry: Mapping[str, Any], number: int, rendered: Html) -> str:
    """Return one variant of an item: prompt, task, options, and what to start from.

    `entry` is the item's public data; `rendered` holds the HTML of its texts.
    """
    name, kind = html.escape(entry["id"]), entry["type"]
    prompt = rendered[entry["id"], number, "prompt"]
    lines = [
        f'<article class="sc-item" data-item="{name}" data-variant="{number}"'
        f' data-type="{kind}">',
        f'<div class="sc-prompt">{prompt}</div>',
        f'<p class="sc-task">{TASKS[kind]}</p>',
    ]
    if entry["options"]:
        choices = "".join(
            f'<li data-option="{j}">{rendered[entry["id"], number, f"option.{j}"]}</li>'
            for j in range(entry["options"])
        )
        lines.append(f'<ol class="sc-options" type="A">{choices}</ol>')
    if entry["starter"]:
        lines.append(f'<pre class="sc-starter">{html.escape(entry["starter"])}</pre>')
    return "\n".join([*lines, "</article>"])


def section(data: Mapping[str, Any], rendered: Html, progress: str = "") -> str:
    """Return the section of a quiz; `progress` is the address of the progress page.

    Data with sealed keys get every variant, of which one is shown; data that name a
    script of answers get the first ones, for the script brings the others.
    """
    slug, articles = html.escape(data["quiz"]), "\n".join(_articles(data, rendered))
    content = (
        "<noscript><p>These are all the questions of the quiz. With JavaScript the "
        "page draws a few of them and judges your answers; in a terminal "
        f"<code>selfcheck take {slug}</code> does the same.</p></noscript>\n"
        f'<div class="sc-pool">\n{articles}\n</div>\n'
    )
    return _framed(data, content, progress)


def exam_section(
    data: Mapping[str, Any], pools: Mapping[str, Any], progress: str = ""
) -> str:
    """Return the section of an exam; `pools` have the `title` and `href` of each.

    It holds no questions: they come from the quizzes' own scripts.
    """
    slug = html.escape(data["quiz"])
    quizzes = ", ".join(
        f'<a href="{html.escape(pool.href)}">{html.escape(pool.title)}</a>'
        for pool in pools.values()
    )
    content = (
        f"<noscript><p>This exam draws its questions from other quizzes: {quizzes}. It "
        f"needs JavaScript; in a terminal <code>selfcheck take {slug}</code> does the "
        "same.</p></noscript>\n"
    )
    return _framed(data, content, progress)


def _framed(data: Mapping[str, Any], content: str, progress: str) -> str:
    slug = html.escape(data["quiz"])
    return (
        f'<section class="selfcheck" data-quiz="{slug}" id="quiz-{slug}"'
        f"{_attribute('data-progress', progress)}>\n{content}"
        f"{embedded(data, 'sc-data')}</section>\n"
    )


def _attribute(name: str, value: str) -> str:
    return f' {name}="{html.escape(value)}"' if value else ""


def _articles(data: Mapping[str, Any], rendered: Html) -> Iterator[str]:
    for entry in data["items"]:
        yield article(entry, 0, rendered)
        for number in range(1, entry["variants"] if "sealed" in entry else 1):
            text = article(entry, number, rendered)
            yield text.replace("<article ", "<article hidden ", 1)


def embedded(data: Mapping[str, Any], name: str) -> str:
    """Return data as a script element of class `name` that runs nothing."""
    # "<" never stands in the data, so nothing in it can end the script element.
    text = json.dumps(data, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")
    return f'<script type="application/json" class="{name}">{text}</script>\n'
