# `make run` and `make test` each work alone on a fresh clone; a second run installs nothing.

HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
export GRANIAN_BLOCKING_THREADS ?= 16

# A shim on the path may know no Python here, because of .python-version.
PYTHON = $(or $(shell for p in python3 /usr/bin/python3; do $$p -c "" 2>/dev/null && echo $$p && break; done),python3)
UV := .tools/bin/uv
MANAGE := .venv/bin/python manage.py
ROOT := $(if $(filter 0,$(shell id -u)),,sudo -n)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))

# $(call quietly,doing what,command,sentence): what the command says goes to .setup/log; if it
# fails, the sentence is all that is said.
quietly = @mkdir -p .setup; echo "$(1) …"; { $(2); } >.setup/log 2>&1 || { echo "$(3) (details: .setup/log)." >&2; exit 1; }
apt = { $(ROOT) apt-get update && $(ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(1); }
# $(call debian,program,package): a program that Debian has.
debian = @command -v $(1) >/dev/null || { mkdir -p .setup; echo "Installing $(1) …"; $(call apt,$(2)) >.setup/log 2>&1; } || { echo "$(1) is missing and could not be installed: install Debian's $(2), then try again (details: .setup/log)." >&2; exit 1; }

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help install run dev accounts brochure charts-gallery test bench bench-growth bench-saving check lock messages screenshots setup database address chromium java nginx node wrk

help:
	@echo "make run          serve the plan on http://$(HOST):$(PORT)/ (HOST=, PORT=, WORKERS=)"
	@echo "make install      what a server needs and no database: packages, texts, static files"
	@echo "make dev          the same with debug pages, reloading what you change"
	@echo "make accounts     an account of each role, to try the desk with"
	@echo "make brochure     the brochures as files in build/brochure/"
	@echo "make charts-gallery  the charts as pictures in build/charts/, with a page to look at them"
	@echo "make test         all tests (ARGS= goes to pytest)"
	@echo "make check        style, types, the directions of the house, templates, settings"
	@echo "make bench        measure the site beside nginx and Datasette (TOPICS=)"
	@echo "make bench-growth measure every page at 1, 10, 100 and 1,000 times the plan"
	@echo "make bench-saving measure how fast coordinators save at once (SECONDS=, PEOPLE=)"
	@echo "make messages     collect the texts to translate into locale/"
	@echo "make screenshots  picture the pages"
	@echo "make lock         renew the lock files"

install: .setup/runtime $(CATALOGUES) .setup/static

# Who tries the desk has no second factor at hand; whoever serves it otherwise asks for one.
run dev accounts: export SECOND_FACTOR := 0
run: address .setup/runtime .env .setup/static $(CATALOGUES) database
	@echo "The plan: http://$(HOST):$(PORT)/"
	@echo "Accounts for http://$(HOST):$(PORT)/admin/: make accounts"
	@exec .venv/bin/granian --interface wsgi --host $(HOST) --port $(PORT) --workers $(WORKERS) --no-ws nextgen.wsgi:application

dev: address .setup/runtime .env $(CATALOGUES) database
	@DEBUG=1 $(MANAGE) runserver $(HOST):$(PORT)

accounts: .setup/runtime .env database
	@$(MANAGE) demonstration_accounts

brochure: .setup/runtime .env $(CATALOGUES) database
	@$(MANAGE) brochures --output build/brochure

charts-gallery: .setup/runtime .env $(CATALOGUES) database
	@$(MANAGE) charts build/charts

test: .setup/dev .env .setup/static $(CATALOGUES) chromium java nginx node_modules/.package-lock.json
	@.venv/bin/pytest -n auto --maxprocesses 4 --dist worksteal $(ARGS)

# Settings as in production; no .env of this machine is read.
check: export ENV_FILE := /dev/null
check: export SECRET_KEY := a-key-that-serves-to-check-the-code-and-nothing-else-0123456789
check: export HTTPS := 1
check: export ALLOWED_HOSTS := example.org
check: export EMAIL_URL := smtp+tls://example.org:587
check: .setup/dev $(CATALOGUES)
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo
	@$(MANAGE) check --deploy --fail-level WARNING
	@$(MANAGE) makemigrations --check --dry-run
	@.venv/bin/pytest -q -p no:cacheprovider tests/test_setup.py

# As root, PostgreSQL is measured as well, in a cluster of its own.
WITH_POSTGRESQL := $(if $(filter 0,$(shell id -u)),$(and $(wildcard /usr/lib/postgresql/*/bin/initdb),FSYNC=on .ci/with-postgresql))
MEASURE := PYTHONPATH=.:.setup/datasette $(WITH_POSTGRESQL) .venv/bin/python -m
bench: .setup/dev .env .setup/static $(CATALOGUES) nginx wrk .setup/datasette/done
	@$(MEASURE) benchmarks $(TOPICS)
	@.venv/bin/python -m benchmarks.report

bench-growth: .setup/dev .env .setup/static $(CATALOGUES)
	@$(MEASURE) benchmarks.growth
	@.venv/bin/python -m benchmarks.report

bench-saving: .setup/dev .env .setup/static $(CATALOGUES)
	@.venv/bin/python benchmarks/saving.py

messages: .setup/dev .env
	@$(MANAGE) messages

screenshots: .setup/dev .env .setup/static $(CATALOGUES) chromium
	@.venv/bin/python tests/browser/screenshots.py
	@.venv/bin/python tests/browser/desk_screenshots.py

# The locks name no index: every machine asks its own.
lock: .tools/bin/uv node
	@$(UV) pip compile $(COMPILE) --group tools -o requirements-tools.lock
	@$(UV) pip compile $(COMPILE) pyproject.toml -o requirements.lock
	@$(UV) pip compile $(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	@npm update --package-lock-only
COMPILE := -q --upgrade --universal --python-version 3.13 --generate-hashes --no-header

# A database that people have worked in is brought up to date, never filled again. A brochure that
# cannot be set keeps nobody from the site.
database: .setup/runtime .env
	@$(MANAGE) migrate --noinput -v 0 --skip-checks
	@$(MANAGE) import_plan fixtures/belgium --if-empty --skip-checks
	-@$(MANAGE) brochures --skip-checks

address:
	@$(PYTHON) -c "$$ADDRESS" "$(HOST)" "$(PORT)"

define ADDRESS
import socket, sys
host, port = sys.argv[1:]
if not (port.isdecimal() and 0 < int(port) < 65536):
    sys.exit(f"PORT={port} is not a port: write for example PORT=8080.")
try:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    socket.create_server((host, int(port)), family=family).close()
except OSError as error:
    why = str(error.strerror).split(" (")[0]
    sys.exit(f"Port {port} of {host} cannot be used ({why}): write another PORT= or HOST=.")
endef
export ADDRESS

.env:
	@umask 077; $(PYTHON) -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(50))' >$@
	@echo "Wrote .env with a random SECRET_KEY"

.tools/bin/uv: requirements-tools.lock
	$(call quietly,Creating .tools,$(PYTHON) -m venv .tools || { $(call apt,python3-venv) && $(PYTHON) -m venv --clear .tools; },Python's venv is missing and could not be installed: install Debian's python3-venv$(comma) then try again)
	$(call quietly,Installing uv into .tools,.tools/bin/pip install --require-hashes -r requirements-tools.lock,uv could not be installed: is there a network?)
	@touch $@
comma := ,

.venv/pyvenv.cfg: .python-version | .tools/bin/uv
	$(call quietly,Creating .venv,$(UV) venv --allow-existing --python "$$(cat .python-version)" .venv,Python $$(cat .python-version) is missing and could not be downloaded: install it$(comma) then try again)
	@touch $@

.setup/runtime: requirements.lock .venv/pyvenv.cfg | .tools/bin/uv
	$(call quietly,Installing requirements.lock,$(UV) pip install --python .venv/bin/python --compile-bytecode --require-hashes -r requirements.lock,The Python packages could not be installed: is there a network?)
	@touch $@

.setup/dev: requirements-dev.lock .venv/pyvenv.cfg | .tools/bin/uv
	$(call quietly,Installing requirements-dev.lock,$(UV) pip sync --python .venv/bin/python --compile-bytecode --require-hashes requirements-dev.lock,The Python packages could not be installed: is there a network?)
	@touch .setup/runtime $@

.setup/static: $(shell find static 2>/dev/null) requirements.lock nextgen/settings.py | .setup/runtime .env
	@$(MANAGE) collectstatic --noinput -v 0
	@touch $@

# Only the benchmarks need Datasette, so it stands apart from what the site needs.
.setup/datasette/done: | .tools/bin/uv .venv/pyvenv.cfg
	$(call quietly,Installing Datasette,$(UV) pip install --python .venv/bin/python --target .setup/datasette datasette==0.65.5,Datasette could not be installed: is there a network?)
	@touch $@

%.mo: %.po | .setup/runtime
	@.venv/bin/pybabel -q compile -i $< -o $@

chromium: ; $(call debian,chromium,chromium)
nginx: ; $(call debian,nginx,nginx libnginx-mod-http-brotli-static)
java: ; $(call debian,java,default-jre-headless)
wrk: ; $(call debian,wrk,wrk)
node: ; $(call debian,npm,nodejs npm)

node_modules/.package-lock.json: package.json package-lock.json .npmrc | node
	$(call quietly,Installing package-lock.json,npm ci,The node tools could not be installed: is there a network?)
	@touch $@
