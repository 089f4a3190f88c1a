# The commands of this repository; each is a script that says what it does. See CONTRIBUTING.md.

SHELL := /bin/bash

.PHONY: test soak bench build fmt clean

test: ## install what tests need when absent, then run all checks and tests (under 15 minutes)
	@scripts/install-test-needs
	@scripts/test

soak: ## long fault runs, then every fuzz target for FUZZTIME each (default 60s)
	@scripts/soak

bench: ## the benchmarks with their yardsticks
	@scripts/bench

build: ## the program, as bin/goldthread
	@scripts/build

fmt: ## format the Go files of the tree
	@. scripts/lib.sh && go_files | xargs -0 gofmt -w

clean: ## remove what builds and tests leave behind; installed packages stay
	rm -rf bin coverage.out coverage.html e2e/browser/node_modules e2e/browser/test-results
