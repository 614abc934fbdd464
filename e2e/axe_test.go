package e2e

import (
	_ "embed"
	"fmt"
	"strings"
)

// axeSource is axe-core, written here by static/vendor/build.mjs from the version that its lock file pins.
//
//go:embed testdata/axe.min.js
var axeSource string

// A violation is a rule of axe-core that a page breaks, and the elements that break it.
type violation struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		Target  []any  `json:"target"`
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

func (v violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n    %v\n        %s\n        %s", n.Target, shorten(n.HTML), strings.ReplaceAll(n.Summary, "\n", "\n        "))
	}
	return b.String()
}

// axe returns what axe-core finds on the page as it is now: WCAG 2.0 to 2.2, A and AA, and its best practices; in the projector's
// theme, which is read from the last row, AAA of contrast, too. It does not look into frames, which have no axe-core to answer it, and
// else waits half a second for each that is silent.
func (p *page) axe() []violation {
	p.t.Helper()
	if !eval[bool](p, "'axe' in window") {
		eval[int](p, axeSource+";0") // the protocol's evaluation is not subject to the page's Content-Security-Policy
	}
	return eval[[]violation](p, axeRun)
}

const axeRun = `axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'], iframes: false,
		rules: { 'label-content-name-mismatch': { enabled: true }, 'css-orientation-lock': { enabled: true }, 'color-contrast-enhanced': { enabled: document.documentElement.dataset.theme === 'projector' } },
	}).then((r) => r.violations)`

// accessible fails the test for each violation on the page.
func (p *page) accessible() {
	p.t.Helper()
	for _, v := range p.axe() {
		p.t.Errorf("%s: axe: %s", p.where(), v)
	}
}
