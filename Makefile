# Inside TensorFlow. `make help` lists the targets.
PYTHON ?= python3
PORT ?= 8888
TESTS ?=

RUN = .venv/bin/python
# Bytecode is compiled once: without it every kernel compiles TensorFlow anew.
unexport PYTHONDONTWRITEBYTECODE
export TF_CPP_MIN_LOG_LEVEL = 3
export TF_ENABLE_ONEDNN_OPTS = 0

.DEFAULT_GOAL := help
.PHONY: help setup serve book test lint check table links clean distclean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  Variables: PYTHON=$(PYTHON)  PORT=$(PORT)  TESTS=\"tests/test_tape.py -k name\""

setup: ## create .venv with the pinned packages (the other targets do it for you)
	@command -v $(PYTHON) >/dev/null || { \
	  echo "make: found no $(PYTHON). Install Python 3.11, or name yours: make PYTHON=/path/to/python serve" >&2; exit 1; }
	@$(PYTHON) tools/bootstrap.py

serve: setup ## build the book and serve it with live cells and graded quizzes
	@$(RUN) -m tools.serve --port $(PORT)

book: setup ## execute the changed chapters and build the site in _build/html
	@$(RUN) -m tools.build

test: setup ## run the tests (TESTS="..." passes arguments to pytest)
	@$(RUN) -m selfcheck.bundle --dev >/dev/null
	@$(RUN) -m pytest $(TESTS)

lint: setup ## ruff, types of the page's scripts, and the quizzes' own linter
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m selfcheck.bundle --dev --check
	@$(RUN) -m selfcheck.cli lint

check: lint book test ## what CI runs: linters, the strict build, all tests

table: setup ## print each chapter's time, memory, words, cells, asserts, and items
	@$(RUN) -m tools.table

links: setup ## ask every link of the book whether it still answers (network)
	@$(RUN) -m tools.build
	@.venv/bin/jupyter-book build . --builder linkcheck -q

clean: ## remove what the build made
	@rm -rf _build code/selfcheck/web/dist

distclean: clean ## remove the environment and the npm packages too
	@rm -rf .venv code/selfcheck/web/node_modules
