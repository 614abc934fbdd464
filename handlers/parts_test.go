package handlers

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// A script that sends the form of a lesson or a question gets the parts of the page that change, and no more; what is refused it gets
// as a sentence, with the text that stands in the way.
func TestScriptsGetTheParts(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	const lesson = "/lessons/why-it-vanishes"
	type said struct {
		Parts    map[string]string
		Error    string
		Revision int64
		Current  *struct{ Text string }
	}
	ask := func(method, path string, form url.Values) (int, said) {
		t.Helper()
		got := site.do(t, c, method, path, form, "Accept", "application/json")
		var s said
		if err := json.Unmarshal([]byte(got.body), &s); err != nil {
			t.Fatalf("%s: %d %v: %.80s", path, got.status, err, got.body)
		}
		for id, html := range s.Parts {
			if strings.Contains(html, "<main") || !strings.Contains(strings.SplitN(html, ">", 2)[0], `id="`+id+`"`) {
				t.Errorf("%s: %s is %.80s", path, id, html)
			}
		}
		return got.status, s
	}
	for _, test := range []struct {
		method, path string
		form         url.Values
		status       int
		parts        string // their ids
		contains     string // in the first of them, or in the error
	}{
		{"GET", lesson + "/predictions/twice/outcome", nil, 200, "predict-twice", "Commit, then run"},
		{"GET", lesson + "/predictions/nothing/outcome", nil, 404, "", "nothing at this address"},
		{"POST", lesson + "/predictions/nothing", url.Values{"guess": {"1"}}, 404, "", "nothing at this address"},
		{"POST", lesson + "/predictions/twice", url.Values{"guess": {"many"}}, 422, "", "number"},
		{"POST", lesson + "/predictions/twice", url.Values{"guess": {"-6"}}, 200, "lab-forty predict-twice", "<iframe"},
		{"GET", lesson + "/predictions/twice/outcome", nil, 200, "predict-twice", "The core computes"},
		{"POST", questionPath + "/hints", url.Values{"text": {shrinking}, "revision": {"0"}}, 200, "hints-", "You seem to mention"},
		{"POST", questionPath + "/hints", url.Values{"text": {"another"}, "revision": {"0"}}, 409, "", "another tab"},
		{"POST", questionPath + "/run", url.Values{"run": {"/labs/nothing"}}, 422, "", "A run is the link"},
		{"POST", questionPath + "/run", url.Values{"run": {"/labs/chain?depth=7"}, "lesson": {"why-it-vanishes"}}, 200, "attach-", "Attach another run, or none"},
		{"POST", questionPath + "/run", url.Values{"run": {""}, "lesson": {"the-skip"}}, 200, "attach-", "Attach a run that shows it"},
	} {
		status, got := ask(test.method, test.path, test.form)
		ids := slices.Sorted(maps.Keys(got.Parts))
		text := got.Error
		if len(ids) > 0 {
			text = got.Parts[ids[0]]
		}
		if status != test.status || strings.Join(ids, " ") != test.parts || !strings.Contains(text, test.contains) {
			t.Errorf("%s %s %v: %d, parts %v, want %d, %s with %q in %.300s", test.method, test.path, test.form, status, ids, test.status, test.parts, test.contains, text)
		}
		if status == 409 && (got.Current == nil || got.Current.Text != shrinking) {
			t.Errorf("the text that stands in the way is %v", got.Current)
		}
	}
	if page := site.do(t, c, "GET", questionPath, nil); !strings.Contains(page.body, "shrinks exponentially") {
		t.Error("asking for hints did not keep the text")
	}
}
