# Gradient Lab. `make run` serves it, `make test` tests it; neither needs more than Go.

SHELL := bash
.DELETE_ON_ERROR:
.PHONY: run test race claims kills text requests bench agree golden generate check fmt screenshots release jupyter

# What the tests use beside Go, as Debian packages: a browser, a database server, a C compiler for the race detector, a Python for
# the module that notebooks load, and the PyTorch that runs what is exported.
TEST_NEEDS := chromium gcc postgresql python3 python3-torch python3-torchvision python3-matplotlib

run:
	go run ./server

# Go's time limit is each package's own, and bounds what hangs, not what is slow: a machine whose cores are busy takes many times
# as long. The browser tests come by themselves and bound each page and each wait; together they may take as long as they need.
LIMIT := 90m

# What starts no goroutine of its own, so that the race detector has nothing to find there; what is shared is tested from above.
ALONE := export|handlers/(board|labs)|lessons/(guess|hint|katex)|mlcore|mlcore/(bench|book|data|experiment|internal/oracle|kernel|optim|torchrand)|static|views|views/chart
# What several cores compute together, in assembly where there is some.
SHARED := ./mlcore/nn ./mlcore/runner

# Three runs: the suite at full speed, the browser tests, and the race detector over the packages that start goroutines, in -short
# mode, since golden tests that train a network for hundreds of steps find no new races and take ten times as long under it. It does
# not see assembly, so what several cores compute together is run with the plain Go kernels.
test:
	.ci/need $(TEST_NEEDS)
	go test -shuffle=on -timeout $(LIMIT) $$(go list ./... | grep -v '/e2e$$')
	go test -shuffle=on -timeout 0 ./e2e
	$(MAKE) race

race:
	@if [ "$$(go env CGO_ENABLED)" = 1 ]; then \
	  go test -race -short -shuffle=on -timeout $(LIMIT) $$(go list ./... | grep -Ev '^gradlab/(e2e|mlcore/nn|$(ALONE))$$') && \
	  GRADLAB_KERNEL=go go test -race -short -timeout $(LIMIT) -run 'Workers|Shard|Pool|Run' $(SHARED); \
	else echo "no C compiler: the race detector is left out" >&2; [ "$$CI" != true ]; fi

# Everything that the lessons and the model answers say about our labs, over all the seeds that they speak of: the suite
# computes what takes seconds.
claims:
	go run ./server check lessons

# A thousand times (KILLS) on each database what writes, and the program in the midst of lectures over HTTP, or the database server, is ended by kill -9.
kills:
	.ci/need postgresql
	GRADLAB_KILLS=$${KILLS:-1000} go test -count=1 -timeout 3h -v -run TestKills ./store
	GRADLAB_KILLS=$${KILLS:-1000} go test -count=1 -timeout 0 -v -run TestKilledLectures ./e2e

# Many sequences of a teacher's and a student's actions, to see that no text is lost; `make test` tries one. A failure names its seed.
text:
	.ci/need chromium
	GRADLAB_TEXT_RUNS=$${RUNS:-30} GRADLAB_TEXT_STEPS=$${STEPS:-80} go test -count=1 -timeout 0 -run TestTextIsNeverLost ./e2e

# Debian's Jupyter with the module that it loads from us: tables, drawings, the live lab, and the notebook of the questions.
jupyter:
	.ci/need python3-nbconvert python3-ipykernel python3-numpy python3-pandas python3-matplotlib
	GRADLAB_JUPYTER=1 go test -count=1 -v -run TestJupyter ./server

# Many requests at random to every route on both databases; `make test` asks some thousands. A failure names its seed.
requests:
	.ci/need postgresql
	go test -count=1 -timeout 0 -v -run TestAnyRequest ./handlers -args -requests $${REQUESTS:-200000} -seed $${SEED:-0}

bench:
	go test -run '^$$' -bench . -benchmem ./...
	go run ./mlcore/bench/ratio -python "$${PYTHON:-/usr/bin/python3}" mlcore/bench/pytorch/pytorch.py

# PyTorch, for what is judged by it: Debian's python3-torch. The images are the project's own.
PYTHON ?= /usr/bin/python3
ORACLE := mlcore/internal/oracle

# Judges the server by PyTorch on CASES configs that SEED draws at random from all that the labs accept.
agree:
	dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; go build -o "$$dir/gradlab" ./server && \
	  $(PYTHON) $(ORACLE)/pytorch/agree.py --server "$$dir/gradlab" --cases $${CASES:-200} --seed $${SEED:-1}

# Writes anew what the tests, which run without PyTorch, have of its numbers on such configs, of its activations and of its transformers.
golden:
	set -o pipefail; $(PYTHON) $(ORACLE)/pytorch/agree.py --freeze 240 --seed 20261128 | gzip -9n > $(ORACLE)/testdata/agree.json.gz
	set -o pipefail; $(PYTHON) $(ORACLE)/pytorch/barcode.py --freeze 240 --seed 20261128 | gzip -9n > $(ORACLE)/testdata/barcode.json.gz
	set -o pipefail; $(PYTHON) $(ORACLE)/pytorch/transformer.py --freeze 200 --seed 20261128 | gzip -9n > $(ORACLE)/testdata/transformer.json.gz
	set -o pipefail; $(PYTHON) $(ORACLE)/pytorch/activations.py | gzip -9n > $(ORACLE)/testdata/activations.json.gz
	set -o pipefail; $(PYTHON) $(ORACLE)/pytorch/encoder.py | gzip -9n > $(ORACLE)/testdata/encoder.json.gz
	set -o pipefail; $(PYTHON) $(ORACLE)/pytorch/sequence.py | gzip -9n > $(ORACLE)/testdata/sequence.json.gz
	set -o pipefail; $(PYTHON) $(ORACLE)/pytorch/blocks.py --cases 12 --seed 20261128 | gzip -9n > $(ORACLE)/testdata/blocks.json.gz

# Rewrites every committed generated file. The third-party assets need node; without it they stay as they are.
generate:
	go tool templ generate
	go generate ./static/licences
	go run ./handlers/declare > static/check/json.d.ts
	described=$$(go run ./handlers/openapi) && echo "$$described" > static/openapi.json
	rooms=$$(go run ./docs/rooms) && echo "$$rooms" > docs/rooms.md
	go test -count=1 ./server -run Documented -write
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
	  cd static/vendor && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs; \
	else echo "no node and npm: static/vendor is left as it is"; fi

fmt:
	gofmt -w $$(git ls-files '*.go' | grep -v _templ.go)
	go tool templ fmt views

check:
	@out=$$(gofmt -l $$(git ls-files '*.go' | grep -v _templ.go)); [ -z "$$out" ] || { echo "gofmt would change:"; echo "$$out"; exit 1; }
	go tool templ fmt -fail views
	.ci/check-generated
	go vet ./...
	.ci/check-lint
	.ci/check-vendor
	.ci/check-scripts

# Every kind of page in three themes and three widths, on a very large screen, in forced colours, without scripts, on paper and in large letters, as PNG files to look at, and what a class sees on its way.
screenshots:
	.ci/need chromium
	GRADLAB_SHOTS=$(CURDIR)/shots go test -count=1 -timeout 0 -run 'Screenshots|Looks|Tour|Lecture|Collected|TooLate|BadStop' ./e2e

# Binaries for six systems, their checksums and a bill of materials, in dist: make release VERSION=v1.2.3
release:
	deploy/release "$(VERSION)"
