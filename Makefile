# One line each: the same commands that CI calls.
DRIFTLINE := target/release/driftline
WASM := target/wasm32-unknown-unknown/wasm
# Each cargo call builds with features of its own: see ARCHITECTURE.md, "The same bits everywhere".
CORE := -p driftline-core -p driftline
# What a page can wait for while it shows the first rows (web/bindgen/src/split.rs): the calls that judge.
DEFERRED := $(addprefix session_,judge reference agreement changes calibrate explain markdown csv)
WEB := -p driftline-web -p driftline-web-formats -p driftline-bindgen
.PHONY: run build test lint test-core test-web test-benches test-github web wasm-target node bench budgets chromium evaluate-verdict evaluate-changes evaluate-changes-peers parsing-speed compare-peers

# Builds driftline, measures the 48 benchmarks, and compares them with the baseline; the first time
# they become the baseline. Forced: who types this twice wants to see a comparison, although the
# programs are the same.
run: build
	$(DRIFTLINE) run --compare --init-baseline --force

# With the page in it, for `driftline report` and `driftline view`, where there is Node.js to build it.
build: $(if $(shell command -v node),web)
	cargo build --release -p driftline $(if $(shell command -v node),--features page)

# Everything that a change must pass.
test: lint test-core test-web test-benches test-github

lint:
	cargo fmt --all --check
	.ci/house-rules
	cargo clippy -q $(CORE) --all-targets --all-features -- -D warnings
	cargo clippy -q $(WEB) --all-targets -- -D warnings
	cargo clippy -q -p driftline-benches --all-targets -- -D warnings
	RUSTDOCFLAGS=-Dwarnings cargo doc -q --no-deps --document-private-items $(CORE)
	RUSTDOCFLAGS=-Dwarnings cargo doc -q --no-deps $(WEB)
	RUSTDOCFLAGS=-Dwarnings cargo doc -q --no-deps -p driftline-benches

test-core:
	cargo test $(CORE)

test-web: web chromium
	cd web && npx --no-install prettier --check . >/dev/null && npx --no-install tsc --noEmit
	node --test web/tests/*.test.mjs web/tests/unit/*.test.mjs
	node --test web/tests/browser/*.test.mjs

test-benches:
	cargo test -p driftline-benches

# The workflows: actionlint, zizmor and shellcheck over them, and their scripts run against a repository
# in a temporary folder, with a stand-in for gh. UPDATE_SNAPSHOTS=1 writes the comments anew.
test-github: .github/tests/node_modules
	.github/tests/prepare
	cargo build -q -p driftline
	node --test --test-concurrency=4 .github/tests/*.test.mjs

.github/tests/node_modules: .github/tests/package-lock.json | node
	cd .github/tests && npm ci --no-audit --no-fund --silent
	touch $@

# The core as two wasm modules, the analysis and the readers of what harnesses write, with their
# JavaScript sides: for node (the tests), as ES modules (the page), and as classic scripts (the page in
# one file). Then the page itself: web/dist/page is served by any static host, web/dist/page/report.html
# opens from the disk.
web: wasm-target web/node_modules
	cargo build -p driftline-web -p driftline-web-formats --target wasm32-unknown-unknown --profile wasm
	cargo build -q -p driftline-bindgen
	for module in driftline_web driftline_web_formats; do \
	  target/debug/driftline-bindgen $(WASM)/$$module.wasm nodejs web/dist/node && \
	  target/debug/driftline-bindgen $(WASM)/$$module.wasm web web/dist/page/core && \
	  target/debug/driftline-bindgen $(WASM)/$$module.wasm no-modules web/dist/no-modules || exit 1; \
	done
	for folder in web/dist/page/core web/dist/no-modules; do \
	  target/debug/driftline-bindgen split $$folder/driftline_web_bg.wasm \
	    $$folder/driftline_web_analysis.wasm $(DEFERRED) || exit 1; \
	done
	node web/build.mjs

web/node_modules: web/package-lock.json | node
	cd web && npm ci --no-audit --no-fund --silent
	touch $@

chromium:
	@web/tests/browser/install-chromium

# What the page weighs, how long the wasm module takes beside the native program, and how long the page
# takes in a browser: first rows, frames. FILE=history.jsonl measures the latter on that, too.
budgets: build web chromium
	node web/tests/budgets.mjs $(DRIFTLINE)
	node web/tests/browser/budgets.mjs $(FILE)

wasm-target:
	@rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

node:
	@command -v node >/dev/null || { echo "node is missing: install Node.js 20 or newer (https://nodejs.org)" >&2; exit 1; }

# How well change points are found, beside the peers: make evaluate-changes SEED=2 HISTORIES=1000
evaluate-changes:
	cargo run -q --release -p driftline-core --example evaluate_changes -- $(or $(SEED),1) $(or $(HISTORIES),200)

# The same histories in the noise of CI machines, through other methods: needs python3 and PyPI.
evaluate-changes-peers:
	test -d target/peers || python3 -m venv target/peers
	target/peers/bin/pip install -q ruptures==1.1.10 apache-otava==0.8.0
	cargo run -q --release -p driftline-core --example evaluate_changes -- $(or $(SEED),1) $(or $(HISTORIES),400) target/peers/histories.jsonl
	target/peers/bin/python core/examples/evaluate_changes/peers.py target/peers/histories.jsonl

# The core's own hot paths.
bench:
	cargo bench -p driftline-benches --bench analysis --bench changes

# How often the verdict is right on recorded launches of known truth, beside other tools' rules.
# RECORDING=file: on a history of one's own unchanged runs.
evaluate-verdict:
	cargo run -q --release -p driftline-core --example evaluate_verdict -- $(RECORDING)

# How fast each harness's output is read, as a table; needs python3.
parsing-speed:
	cargo bench -q -p driftline-benches --bench analysis -- analysis/parse --quiet >/dev/null
	python3 benches/parsing_speed.py

# How long comparing takes beside pytest-benchmark and critcmp: needs python3, PyPI and crates.io.
compare-peers:
	cargo build --release -p driftline
	test -d target/peers || python3 -m venv target/peers
	target/peers/bin/pip install -q pytest-benchmark==5.3.1
	test -x target/peers/bin/critcmp || cargo install -q --locked --root target/peers critcmp@0.1.8
	python3 benches/compare_peers.py
