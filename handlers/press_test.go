package handlers

import (
	"strings"
	"testing"
)

// What is too heavy to start by itself runs without scripts, too: by a form that is sent to the page's own address.
func TestPressRuns(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	for _, lab := range []struct{ path, before string }{
		{"/labs/train?activation=tanh&batch=200&count=2000&depth=4&steps=12", "Press Run"},
		{"/embed/train?batch=200&controls=depth&count=2000&depth=4&steps=13", "Press Run"},
		{"/labs/sweep?count=256&points=2&show=loss&steps=12", "Press Run"},
	} {
		before := s.do(t, c, "GET", lab.path, nil)
		if before.status != 200 || !strings.Contains(before.body, lab.before) || !strings.Contains(before.body, `method="post" target="_self"`) {
			t.Fatalf("%s: got %d, want a page with %q and its form", lab.path, before.status, lab.before)
		}
		for presses := 1; ; presses++ {
			got := s.do(t, c, "POST", lab.path, nil)
			if got.status == 303 {
				if at := got.header.Get("Location"); at != lab.path {
					t.Errorf("%s: the result stands at %s", lab.path, at)
				}
				break
			}
			if got.status != 200 || !strings.Contains(got.body, "Go on") || presses > 20 {
				t.Fatalf("%s, press %d: got %d, want the result or a way to go on", lab.path, presses, got.status)
			}
		}
		after := s.do(t, c, "GET", lab.path, nil)
		if after.status != 200 || strings.Contains(after.body, lab.before) || strings.Contains(after.body, `method="post" target="_self"`) {
			t.Errorf("%s: its result is still to be run", lab.path)
		}
	}
	if got := s.do(t, c, "POST", "/labs/train?steps=0", nil); got.status != 200 || !strings.Contains(got.body, "This cannot run") {
		t.Errorf("a press of what cannot run: got %d", got.status)
	}
}
