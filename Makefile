# One word runs everything; each creates and keeps its own virtual environment in .venv.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3

.PHONY: bench dist docs pythons site run renew test test-tools check notebooks clean

run: $(VENV)/installed  ## check the content, answer a first question, draw the map
	$(BIN)/partnergraph check
	$(BIN)/partnergraph ask investments-in entity=OpenAI --as-of 2024-12-31
	$(BIN)/partnergraph map -o partnergraph.html

test: test-tools check  ## everything that must hold: style, types, content, tests
	$(BIN)/python -m pytest -q -n auto --dist loadfile

test-tools: $(VENV)/developed  ## the programs that only tests need: installs what is missing as root on Debian, else names it
	@$(BIN)/python tests/tools.py

notebooks: $(VENV)/developed  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab --notebook-dir notebooks $$(test "$$(id -u)" != 0 || echo --allow-root)

check: $(VENV)/developed  ## style, types and content, without the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/partnergraph fmt --check
	$(BIN)/partnergraph check

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("partnergraph needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { test "$$(id -u)" = 0 && .ci/install python3-venv; } \
		|| { echo "install the package python3-venv first"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install -q -e .
	@touch $@

$(VENV)/developed: $(VENV)/installed
	$(BIN)/python -m pip install -q -e '.[notebook]' --group dev
	@touch $@

renew: $(VENV)/installed  ## write anew what is made from the content: answers, counts, bounds; git diff shows what changed
	$(BIN)/python tests/renew.py

docs: $(VENV)/installed  ## write anew what is made from the code: the pages of reference, the picture of the rooms
	$(BIN)/python docs/reference.py
	$(BIN)/python docs/pages.py
	$(BIN)/python docs/rooms.py

site: $(VENV)/developed  ## build the documentation as web pages in site/, which ask for nothing from elsewhere
	$(BIN)/python docs/web.py site

dist: $(VENV)/developed  ## the sdist, the wheel made from it, and a bill of materials of what installing it brings (CycloneDX)
	rm -rf dist
	$(BIN)/python -m build --no-isolation -o dist .
	$(PYTHON) -m venv dist/environment
	dist/environment/bin/pip install -q dist/*.whl
	$(PYTHON) -m venv dist/tool && dist/tool/bin/pip install -q 'cyclonedx-bom>=7,<8'
	dist/tool/bin/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml --of JSON -o dist/partnergraph.cdx.json dist/environment
	rm -rf dist/environment dist/tool

pythons: $(VENV)/developed  ## try wheel and sdist on every Python that is found
	$(BIN)/python tests/pythons.py

bench: $(VENV)/developed  ## measure beside rdflib, oxrdflib, pyoxigraph and pySHACL; writes docs/benchmarks.md
	$(BIN)/python -m benchmarks --markdown docs/benchmarks.md

clean:  ## forget the environment and everything generated
	rm -rf $(VENV) dist build site partnergraph.html
