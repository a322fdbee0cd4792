"""What Binder is given: pins, configuration that the real programs read, the pages."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from traitlets.config import PyFileConfigLoader

ROOT = Path(__file__).parents[1]
BINDER = ROOT / "binder"
ONLY_THERE = {"jupyterlab"}


def pins(path):
    """The exact versions of a requirements file, by name."""
    found = {}
    for line in path.read_text("utf-8").splitlines():
        requirement = line.split("#")[0].split(";")[0].strip()
        if "==" in requirement:
            name, version = requirement.split("==")
            found[name.lower().replace("_", "-")] = version
    return found


def test_binder_has_the_pins_of_the_book():
    here, book = pins(BINDER / "requirements.txt"), pins(ROOT / "requirements.txt")
    assert {"tensorflow-cpu", "keras", "jupytext", "pydantic"} <= here.keys()
    assert {name: book.get(name) for name in here.keys() - ONLY_THERE} == {
        name: version for name, version in here.items() if name not in ONLY_THERE
    }


def test_every_line_of_binder_s_requirements_is_a_pin():
    for line in (BINDER / "requirements.txt").read_text("utf-8").splitlines():
        assert re.fullmatch(r"|#.*|[A-Za-z0-9._-]+==[0-9A-Za-z.]+", line), line


def test_binder_runs_a_python_that_the_book_supports():
    version = (BINDER / "runtime.txt").read_text("utf-8").strip()
    assert version == "python-3.11"
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize("name", ["postBuild", "start", "fetch_site.sh"])
def test_script_is_executable_and_its_syntax_is_right(name):
    assert os.access(BINDER / name, os.X_OK)
    subprocess.run(["bash", "-n", BINDER / name], check=True)


def test_start_runs_what_it_is_given_with_the_kernels_environment():
    done = subprocess.run(
        [BINDER / "start", "sh", "-c", "echo $TF_CPP_MIN_LOG_LEVEL; exit 7"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (7, "3\n")


@pytest.fixture
def prefix(tmp_path):
    command = [sys.executable, "-S", BINDER / "configure.py", "--prefix", tmp_path]
    subprocess.run([*command, "--repository", ROOT], check=True, capture_output=True)
    return tmp_path


def test_kernel_configuration_is_read_by_traitlets(prefix):
    folder = str(prefix / "etc" / "ipython")
    config = PyFileConfigLoader("ipython_kernel_config.py", folder).load_config()
    assert config.IPKernelApp.capture_fd_output is False


def test_configuration_names_the_folders_of_the_repository(prefix):
    path = prefix / "etc" / "jupyter" / "jupyter_selfcheck_server_config.json"
    book = json.loads(path.read_text("utf-8"))["BookServer"]
    assert Path(book["pools"]) == ROOT / "book" / "quizzes"
    assert Path(book["pools"], "selfcheck.toml").is_file()
    assert Path(book["site"]) == ROOT / "_build" / "html"


def test_markdown_opens_as_a_notebook(prefix):
    path = prefix / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    viewers = json.loads(path.read_text("utf-8"))[
        "@jupyterlab/docmanager-extension:plugin"
    ]["defaultViewers"]
    assert viewers == {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}


def fetch(tmp_path, origin, python="exit 1"):
    """Run the script with a `python` that does what it is told."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "python").write_text(f"#!/bin/sh\n{python}\n")
    (tools / "python").chmod(0o755)
    env = os.environ | {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "SITE_REPOSITORY": str(origin),
    }
    site = tmp_path / "_build" / "html"
    done = subprocess.run(
        ["bash", BINDER / "fetch_site.sh", site],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return site, done


def published(tmp_path):
    """A repository with the branch that the site is published on."""
    origin = tmp_path / "origin"
    origin.mkdir()
    (origin / "index.html").write_text("published")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for arguments in (
        ["init", "-q", "-b", "gh-pages"],
        ["add", "."],
        ["commit", "-qm", "site"],
    ):
        subprocess.run([*git, *arguments], cwd=origin, check=True)
    return origin


def test_pages_are_fetched_from_the_published_branch(tmp_path):
    site, done = fetch(tmp_path, f"file://{published(tmp_path)}")
    assert (site / "index.html").read_text() == "published"
    assert not (site / ".git").exists()
    assert "pages: fetched" in done.stdout


def test_pages_are_built_where_none_are_published(tmp_path):
    building = 'case "$*" in "-m tools.build") mkdir -p _build/html &&'
    building += " echo built > _build/html/index.html;; esac"
    site, done = fetch(tmp_path, tmp_path / "nowhere", building)
    assert (site / "index.html").read_text() == "built\n"
    assert "pages: built" in done.stdout


def test_image_without_pages_is_still_an_image(tmp_path):
    _, done = fetch(tmp_path, tmp_path / "nowhere")
    assert "will find nothing" in done.stderr
