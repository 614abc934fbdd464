package handlers

import (
	"strings"
	"testing"
)

func TestEmbeddedLabs(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	for _, test := range []struct {
		name, path      string
		contains, lacks []string
	}{
		{"all controls", "/embed/chain?depth=7", []string{`name="depth" value="7"`, `data-slider="depth"`, `class="presets"`, `href="/labs/chain?depth=7"`, `target="_top"`},
			[]string{`class="bar"`, "readout"}},
		{"some controls", "/embed/chain?controls=depth,skip&depth=7&w=-2", []string{`data-slider="depth"`, `<b>−2</b>`, `<input type="hidden" name="w" value="-2"`, `action="/embed/chain"`},
			[]string{`data-slider="w"`, "not a parameter"}},
		{"no controls", "/embed/chain?controls=", []string{`<b>sigmoid</b>`, `data-controls=""`}, []string{"data-slider"}},
		{"controls by several", "/embed/chain?controls=depth&controls=w+x", []string{`data-slider="depth"`, `data-slider="w"`, `data-slider="x"`}, []string{`type="radio"`}},
		{"rare ones", "/embed/chain?controls=more", []string{`id="field-target"`}, []string{`id="field-depth"`}},
		{"a bad value", "/embed/chain?controls=depth&depth=0", []string{"Depth must be a whole number from 1 to 100"}, nil},
		{"a script as a control", "/embed/chain?controls=%22%3E%3Cscript%3E", []string{"&gt;&lt;script&gt;"}, []string{`"><script>`}},
		{"training", "/embed/train?controls=skip&steps=3&count=10&batch=10", []string{`data-act="run"`, "<b>3</b>"}, []string{`class="bar"`}},
		{"kernels", "/embed/kernels?controls=kernel", []string{`data-lab="kernels"`}, []string{`class="bar"`}},
		{"sweep", "/embed/sweep?controls=seed", []string{`data-lab="sweep"`}, []string{`class="bar"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := site.do(t, c, "GET", test.path, nil)
			if got.status != 200 {
				t.Errorf("status %d, want 200", got.status)
			}
			for _, want := range test.contains {
				if !strings.Contains(got.body, want) {
					t.Errorf("the page lacks %q", want)
				}
			}
			for _, bad := range test.lacks {
				if strings.Contains(got.body, bad) {
					t.Errorf("the page holds %q", bad)
				}
			}
		})
	}
	if got := site.do(t, c, "GET", "/embed/nothing", nil); got.status != 404 {
		t.Errorf("/embed/nothing: status %d, want 404", got.status)
	}
}

// Only what is meant to be embedded may stand in a frame.
func TestWhoMayFrame(t *testing.T) {
	site := newSite(t)
	for path, want := range map[string]string{"/embed/chain": "frame-ancestors *", "/labs/chain": "frame-ancestors 'none'", "/": "frame-ancestors 'none'", "/embed/nothing": "frame-ancestors 'none'"} {
		got := site.do(t, site.client(t), "GET", path, nil).header.Get("Content-Security-Policy")
		if !strings.HasSuffix(got, want) {
			t.Errorf("%s: the policy is %q, want it to end in %q", path, got, want)
		}
	}
}
