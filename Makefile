# Every target sets up what it needs, on a machine with python3 (3.11 or newer), python3-venv and make.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check install --constraint constraints.txt

.PHONY: demo test test-crash bench lint clean
.DELETE_ON_ERROR:

demo: .venv/runtime.stamp
	$(BIN)/jikim demo

test: .venv/dev.stamp
	tools/install-test-servers
	tools/install-test-browser
	$(BIN)/pytest -n 3 -m "not crash"

test-crash: .venv/dev.stamp
	tools/install-test-servers
	$(BIN)/pytest -m crash -s

bench: .venv/dev.stamp
	tools/install-test-servers
	$(BIN)/python -m bench $(BENCH)

lint: .venv/dev.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf .venv .servers .jikim .hypothesis .*_cache build dist src/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "jikim needs Python 3.11 or newer; say which with: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "this Python cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/runtime.stamp: pyproject.toml constraints.txt | $(BIN)/pip
	$(PIP) --editable .
	touch $@

.venv/dev.stamp: pyproject.toml constraints.txt | $(BIN)/pip
	$(PIP) --editable '.[dev]'
	touch $@ .venv/runtime.stamp
