# `make help` says what there is. Nothing but python3 (3.11 or later), make and a package index is needed.

PYTHON  ?= python3
# Hardly any test waits: more workers than cores only get into each other's way.
WORKERS ?= 2
VENV    := .venv
BIN     := $(VENV)/bin
BUILD   := build
DEMO    := $(BUILD)/demo
PLAN    ?= plans/restricted-3az.yaml

# `make bundle SANDBOX=1` takes the sandbox along, whose wheels fit this Python and platform only.
SANDBOX ?=

# For `make bench`: only these.
ONLY ?=

# For `make mutants`: one draw for each seed, of so many mutants, so many at a time, of these rooms.
SEED ?= 1 2 3
N    ?= 60
JOBS ?= 2
ROOM ?= engine reconcile

# For `make live` and `make live-clean`, which begin nothing without them; a domain of your own; and only these stages.
ACCOUNT ?=
REGION  ?=
DOMAIN  ?=
STAGES  ?=

# `make live-rehearsal ENDINGS=30 SEED=1` rehearses so often, ending each at a moment that the seed decides.
ENDINGS ?=

# For `make live-take-in`.
ANSWERS ?=

# `make lock UPGRADE=1` takes the newest versions; without it, only what no longer fits pyproject.toml changes.
UPGRADE ?=
LOCKER  := uv>=0.13,<0.14
LOCKED  := $(BUILD)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url $(if $(UPGRADE),--upgrade)

# What a virtual environment holds, as stamps: it is brought up to date when pyproject.toml or the lock changed.
RUNTIME := $(VENV)/.has-sandbox
TOOLS   := $(VENV)/.has-dev
BUNDLED := $(BUILD)/.has-bundle$(SANDBOX)

# Images often set it: each process, of the tests' thousands too, would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help test test-bundle demo lint types types-darwin format torture bench mutants live live-clean live-rehearsal live-take-in bundle docs models lock programs programs-torture clean

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

test: lint ## everything that has to be true before a change is done: lint, types, tests
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

test-bundle: $(TOOLS) bundle ## install from the bundle, and run what it installs: some minutes
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m 'bundle and not torture' tests/bundle

lint: $(TOOLS) ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory --jobs 2 types types-darwin

# Each has a cache of its own for its platform, so that they can go at the same time.
types: $(TOOLS)
	$(BIN)/mypy

types-darwin: $(TOOLS)
	$(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin ocpprov

format: $(TOOLS) ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

torture: $(TOOLS) ## the whole matrices of faults, drift, changes and combinations: long
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m torture

mutants: $(TOOLS) ## small mistakes in engine/ and reconcile/, and which of them no test notices: some minutes; SEED=4 N=20 JOBS=1 ROOM=plan
	$(BIN)/python -m mutants --seed $(SEED) --number $(N) --jobs $(JOBS) --room $(ROOM)

bench: $(TOOLS) ## measure what runs cost in calls, seconds, CPU and memory, beside the bound and other tools; the table goes into benchmarks/history.jsonl: half an hour; ONLY='speed calls' measures these
	$(BIN)/python -m benchmarks --keep $(ONLY)

# The sandbox of the demo keeps its state apart, so that one of your own goes on undisturbed.
demo: export XDG_STATE_HOME = $(CURDIR)/$(DEMO)/state
demo: $(RUNTIME) ## see it work: apply a plan in the sandbox, show the outputs, destroy it again
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	@set -e; \
	trap '$(BIN)/ocpprov sandbox stop' EXIT; trap 'exit 130' INT TERM; \
	say() { printf '\n$$ ocpprov %s\n' "$$*"; $(BIN)/ocpprov "$$@"; }; \
	say apply $(PLAN) --sandbox --yes --dir $(DEMO); \
	say outputs $(PLAN) --sandbox --dir $(DEMO); \
	say destroy $(PLAN) --sandbox --yes --dir $(DEMO)

live: $(RUNTIME) ## the first real run, on AWS itself: make live ACCOUNT=123456789012 REGION=eu-west-1
	@$(BIN)/python -m live run --account '$(ACCOUNT)' --region '$(REGION)' --domain '$(DOMAIN)' $(STAGES:%=--stage '%')

live-clean: $(RUNTIME) ## take away what any such run has left: make live-clean ACCOUNT=123456789012 REGION=eu-west-1
	@$(BIN)/python -m live clean --account '$(ACCOUNT)' --region '$(REGION)'

live-rehearsal: $(RUNTIME) ## the same in the sandbox, with a new account's quotas; ENDINGS=30 SEED=1 ends it so often, at random
	@$(BIN)/python -m live $(if $(ENDINGS),endings --number $(ENDINGS) --seed $(firstword $(SEED)),rehearse) \
		--folder $(BUILD)/live-rehearsal --domain '$(DOMAIN)' $(STAGES:%=--stage '%')

live-take-in: $(RUNTIME) ## keep what AWS answered as facts: make live-take-in ANSWERS=build/live/answers-….json
	@$(BIN)/python -m live take-in '$(ANSWERS)'

docs: $(TOOLS) ## make docs/reference/ from the code, and the documents as HTML in build/site/
	$(BIN)/python -m documents --site $(BUILD)/site

models: $(TOOLS) ## botocore's descriptions of services, cut to what ocpprov calls, after a new call or a new botocore
	$(BIN)/python -m bundle.cut_models

bundle: $(BUNDLED) ## one archive to install from where there is no internet, in build/
	@test -e "$$(sed 's/^[^ ]* *//' $(BUNDLED))" || { rm $(BUNDLED); $(MAKE) --no-print-directory $(BUNDLED); }
	@cat $(BUNDLED)

# Without a list of its inputs it would be made anew each time, and each worker of test-bundle asks for it.
$(BUNDLED): $(TOOLS) $(wildcard requirements/*.txt) $(shell find bundle docs documents ocpprov plans -type f ! -name '*.pyc') $(wildcard *.md) LICENSE NOTICE
	@mkdir -p $(BUILD)
	@$(BIN)/python -m bundle --into $(BUILD) $(if $(SANDBOX),--with-sandbox) > $@.new
	@mv $@.new $@

# Those that hold less take their versions from the first.
lock: export UV_CUSTOM_COMPILE_COMMAND = make lock
lock: | $(BUILD)/lock/bin/uv ## make requirements/ fit pyproject.toml again; with UPGRADE=1, take the newest of everything
	$(LOCKED) pyproject.toml --all-extras --group build --output-file requirements/dev.txt
	$(LOCKED) pyproject.toml --extra sandbox --constraint requirements/dev.txt --output-file requirements/sandbox.txt
	$(LOCKED) pyproject.toml --extra fleet --constraint requirements/dev.txt --output-file requirements/fleet.txt
	$(LOCKED) pyproject.toml --constraint requirements/dev.txt --output-file requirements/runtime.txt
	$(LOCKED) --group build --constraint requirements/dev.txt --output-file requirements/build.txt

$(BUILD)/lock/bin/uv: | $(VENV)/bin/python
	$(BIN)/python -m venv $(BUILD)/lock
	$(BUILD)/lock/bin/pip install --quiet '$(LOCKER)'

programs: ## what some tests want of Debian, where it can be had without ado; they say so where it is missing
	@command -v ip >/dev/null && command -v tinyproxy >/dev/null && exit; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		{ apt-get -qq update && apt-get -qq install --no-install-recommends iproute2 tinyproxy-bin; } >/dev/null 2>&1 </dev/null \
			|| echo 'iproute2 and tinyproxy-bin could not be installed: some tests will say that they are left out'; \
	else echo 'some tests will say that they are left out, for want of iproute2 or tinyproxy-bin'; fi

programs-torture: programs ## the same for torture, which has no test that may be left out: chromium opens the report, ignition judges its pointer, nftables filters as groups and ACLs do
	@command -v chromium >/dev/null && command -v ignition-validate >/dev/null && command -v nft >/dev/null \
		|| { apt-get -qq update && apt-get -qq install --no-install-recommends chromium fonts-dejavu-core ignition nftables; } </dev/null

clean: ## remove what make made
	rm -rf $(VENV) $(BUILD) *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find ocpprov tests bundle benchmarks documents live mutants -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'ocpprov needs Python 3.11 or later: make PYTHON=/path/to/python3.11 ...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo 'This python3 cannot make a virtual environment: install the package python3-venv, then try again.' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The project itself has no hash; all that it needs, and what builds it, is there from the lock by then.
INSTALL  = $(BIN)/pip install --quiet --require-hashes --requirement
EDITABLE = PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .

$(RUNTIME): pyproject.toml requirements/sandbox.txt requirements/build.txt | $(VENV)/bin/python
	$(INSTALL) requirements/sandbox.txt --requirement requirements/build.txt
	$(EDITABLE)
	@touch $@

$(TOOLS): pyproject.toml requirements/dev.txt | $(VENV)/bin/python
	$(INSTALL) requirements/dev.txt
	$(EDITABLE)
	@touch $@ $(RUNTIME)
