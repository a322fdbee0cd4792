"""Write the configuration of a session on Binder below the environment's prefix.

`python binder/configure.py --repository <folder>`; standard library only.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

# One click on a chapter's Markdown opens it as a notebook; no question comes first.
LAB = {
    "@jupyterlab/docmanager-extension:plugin": {
        "defaultViewers": {
            "markdown": "Jupytext Notebook",
            "myst": "Jupytext Notebook",
        }
    },
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "fetchNews": "false",
    },
}
# ipykernel would copy TensorFlow's C++ log into the cells.
KERNEL = """\
c = get_config()
c.IPKernelApp.capture_fd_output = False
c.IPKernelApp.log_level = "ERROR"
"""
# A forgotten kernel with TensorFlow holds a third of the session's memory.
IDLE_SECONDS = 900


def files(repository: Path) -> dict[str, str]:
    """The files by their path below the prefix."""
    server = {
        "ServerApp": {"jpserver_extensions": {"selfcheck.server": True}},
        "MappingKernelManager": {
            "cull_idle_timeout": IDLE_SECONDS,
            "cull_interval": 60,
        },
    }
    book = {
        "BookServer": {
            "site": str(repository / "_build" / "html"),
            "pools": str(repository / "book" / "quizzes"),
        }
    }
    return {
        "etc/jupyter/jupyter_server_config.d/inside-tensorflow.json": _json(server),
        "etc/jupyter/jupyter_selfcheck_server_config.json": _json(book),
        "etc/ipython/ipython_kernel_config.py": KERNEL,
        "share/jupyter/lab/settings/overrides.json": _json(LAB),
    }


def _json(data: object) -> str:
    return json.dumps(data, indent=2) + "\n"


def main(arguments: list[str] | None = None) -> None:
    """Write the files and name them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prefix", type=Path, default=Path(sys.prefix))
    parser.add_argument("--repository", type=Path, required=True)
    options = parser.parse_args(arguments)
    for name, text in files(options.repository.resolve()).items():
        path = options.prefix / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path}")


if __name__ == "__main__":
    main()
