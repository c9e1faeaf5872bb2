# One line each: the same commands that CI calls.
DRIFTLINE := target/release/driftline
WASM := target/wasm32-unknown-unknown/wasm/driftline_web.wasm
# Each cargo call builds with features of its own: see ARCHITECTURE.md, "The same bits everywhere".
CORE := -p driftline-core -p driftline
.PHONY: run build test test-core test-benches test-web web lint bench wasm-target

run: build
	$(DRIFTLINE) run --compare --init-baseline

build:
	cargo build --release -p driftline

test: lint test-core test-web test-benches

lint:
	cargo fmt --all --check
	cargo clippy -q $(CORE) --all-targets --all-features -- -D warnings
	cargo clippy -q -p driftline-web -p driftline-bindgen --all-targets -- -D warnings
	cargo clippy -q -p driftline-benches --all-targets -- -D warnings
	RUSTDOCFLAGS=-Dwarnings cargo doc -q --no-deps --document-private-items $(CORE) -p driftline-web
	.ci/house-rules

test-core:
	cargo test $(CORE)

test-benches:
	cargo test -p driftline-benches --lib --tests

test-web: web
	cargo test -p driftline-web
	node --test web/tests/

web: wasm-target
	cargo build -p driftline-web --target wasm32-unknown-unknown --profile wasm
	cargo run -q -p driftline-bindgen -- $(WASM) nodejs web/dist/node

wasm-target:
	rustup target list --installed | grep -q wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

bench:
	cargo bench -p driftline-benches --bench analysis
