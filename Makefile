# Two commands matter: `make run` and `make test`. Everything they need, they make first.
.PHONY: run test check bench shots stop lock clean .venv libraries browser

run: .venv libraries
	@exec .venv/bin/python manage.py runall --with-parent

# make test ARGS="tests/kernel -k scope" runs a part
test: .venv browser
	@scripts/with_services.sh .venv/bin/python -m pytest $(ARGS)

check: .venv libraries
	@scripts/with_services.sh scripts/check.sh

bench: .venv libraries
	@scripts/with_services.sh .venv/bin/python -m bench $(ARGS)

shots: .venv browser
	@scripts/with_services.sh .venv/bin/python -m tools.shots $(ARGS)

# the embedded servers, when something left them running
stop: .venv
	@.venv/bin/python manage.py services stop

.venv:
	@scripts/make_venv.sh

libraries:
	@scripts/system_libs.sh

browser:
	@scripts/system_libs.sh browser

# Versions and hashes only: the files name no registry, so that they install from any.
lock: .venv
	@for name in base dev; do \
	  .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-annotate --no-header requirements/$$name.in -o requirements/$$name.lock || exit 1; \
	done

# forgets the demonstration: the embedded servers are stopped and var/ is removed
clean:
	@scripts/clean.sh
