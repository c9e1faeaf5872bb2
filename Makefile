# One line each: the same commands that CI calls.
DRIFTLINE := target/release/driftline
WASM := target/wasm32-unknown-unknown/wasm/driftline_web.wasm
# Each cargo call builds with features of its own: see ARCHITECTURE.md, "The same bits everywhere".
CORE := -p driftline-core -p driftline
WEB := -p driftline-web -p driftline-bindgen
.PHONY: run build test lint test-core test-web test-benches web wasm-target node bench budgets evaluate-verdict evaluate-changes

# Builds driftline, measures the 48 benchmarks, and compares them with the baseline; the first time
# they become the baseline. Forced: who types this twice wants to see a comparison, although the
# programs are the same.
run: build
	$(DRIFTLINE) run --compare --init-baseline --force

# With the page in it, for `driftline report` and `driftline view`, where there is Node.js to build it.
build: $(if $(shell command -v node),web)
	cargo build --release -p driftline $(if $(shell command -v node),--features page)

# Everything that a change must pass.
test: lint test-core test-web test-benches

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

test-web: node web
	node --test web/tests/

test-benches:
	cargo test -p driftline-benches

# The core as a wasm module, with its JavaScript side: for node (the tests), as an ES module (the
# page), and as a classic script (the page in one file).
web: wasm-target
	cargo build -p driftline-web --target wasm32-unknown-unknown --profile wasm
	cargo run -q -p driftline-bindgen -- $(WASM) nodejs web/dist/node
	cargo run -q -p driftline-bindgen -- $(WASM) web web/dist/page/core
	cargo run -q -p driftline-bindgen -- $(WASM) no-modules web/dist/no-modules

# What the page weighs, and how long the wasm module takes beside the native program.
budgets: build node
	node web/tests/budgets.mjs $(DRIFTLINE)

wasm-target:
	@rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

node:
	@command -v node >/dev/null || { echo "node is missing: install Node.js 20 or newer (https://nodejs.org)" >&2; exit 1; }

# How well change points are found, beside the peers: make evaluate-changes SEED=2 HISTORIES=1000
evaluate-changes:
	cargo run -q --release -p driftline-core --example evaluate_changes -- $(or $(SEED),1) $(or $(HISTORIES),200)

# The core's own hot paths.
bench:
	cargo bench -p driftline-benches --bench analysis --bench changes

# How often the verdict is right on recorded launches of known truth, beside other tools' rules.
# RECORDING=file: on a history of one's own unchanged runs.
evaluate-verdict:
	cargo run -q --release -p driftline-core --example evaluate_verdict -- $(RECORDING)
