package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gradlab/classroom"
	"gradlab/homework"
)

// A run stands beside an answer to homework: it is attached with what is being typed, or when that is handed in, a link that is none costs no text,
// and whoever marks sees it, as the export does and after the release the student.
func TestRunBesideHomework(t *testing.T) {
	w := newTestWorkOn(t, filepath.Join(t.TempDir(), "answers.db"), []url.Values{{"kind": {"ask"}, "title": {"Why do gradients vanish?"}, "question": {"vanishing-gradient/"}}})
	h := w.homework(t)
	stop := h.Stops[0].ID
	w.at(t, w.owner, "POST", "/teach", url.Values{"title": {"Week 3"}, "from": {"2026-12-01T12:00"}, "until": {"2026-12-02T12:00"}, "zone": {"Europe/Berlin"}, "grace": {"15"},
		"points-" + stop: {"10"}, "weight-" + stop: {"1"}, "set": {"1"}}).wants(t, 303, "", "")
	clients := map[string]*http.Client{}
	for _, name := range []string{"Anna", "Ben", "Clara"} {
		clients[name], _ = w.join(t, name)
	}
	w.clock.set("2026-12-01T11:30Z")
	ask := "/stops/" + stop
	post := func(name, path, text, revision, run string) answer {
		return w.at(t, clients[name], "POST", ask+path, url.Values{"text": {text}, "revision": {revision}, "run": {run}})
	}
	post("Anna", "/answer/run", "Being typed", "0", "https://elsewhere.example/labs/chain").wants(t, 422, "A run is the link of one of the labs here", "")
	page := w.at(t, clients["Anna"], "GET", ask, nil)
	page.wants(t, 200, "Being typed", "Run attached")
	post("Anna", "/answer/run", "Being typed still", "1", "/labs/chain?depth=20").wants(t, 303, "", "")
	page = w.at(t, clients["Anna"], "GET", ask, nil)
	page.wants(t, 200, "Being typed still", "")
	page.wants(t, 200, "Run attached", "")
	if a, _ := w.sheet(t, "Anna").Answer(stop); !a.HandedAt.IsZero() || a.Run != "/labs/chain?depth=20" {
		t.Errorf("attaching a run made of the answer %+v", a)
	}
	post("Anna", "/answer/run", "From another tab", "0", "/labs/chain").wants(t, 409, "From another tab", "")
	post("Anna", "/answer", "Each layer multiplies", "2", "/labs/chain?depth=20").wants(t, 303, "", "")
	post("Ben", "/answer", "Each layer multiplies", "0", "/labs/nothing").wants(t, 422, `value="/labs/nothing"`, "")
	if a, _ := w.sheet(t, "Ben").Answer(stop); a.Text != "Each layer multiplies" || a.HandedAt.IsZero() || a.Run != "" {
		t.Errorf("a link that is none cost the answer: %+v", a)
	}
	post("Clara", "/answer/run", "", "0", "/labs/chain?depth=7").wants(t, 303, "", "")
	w.clock.set("2026-12-03T11:30Z")
	post("Anna", "/answer/run", "Each layer multiplies", "3", "/labs/chain?depth=9").wants(t, 409, "/labs/chain?depth=9", "")

	// Of two who wrote the same, the runs differ: they are marked one by one, and who attached a run alone is marked, too.
	var marked string
	for i := range 3 {
		got := w.at(t, w.owner, "GET", fmt.Sprintf("/marks?at=%d", i+1), nil)
		got.wants(t, 200, fmt.Sprintf("%d of 3", i+1), "")
		marked += got.body
	}
	for _, want := range []string{"/embed/chain?depth=20", "/embed/chain?depth=7", "the run is all that was handed in"} {
		if !strings.Contains(marked, want) {
			t.Errorf("who marks does not see %q", want)
		}
	}
	w.at(t, w.owner, "GET", "/export.csv", nil).wants(t, 200, `"Each layer multiplies","/labs/chain?depth=20"`, "")
	for _, name := range []string{"Anna", "Ben", "Clara"} {
		w.at(t, w.owner, "POST", "/marks", url.Values{"stop": {stop}, "member": {w.sheet(t, name).ID}, "points": {"5"}, "revision": {"0"}}, "Accept", "application/json").wants(t, 200, "", "")
	}
	w.at(t, w.owner, "POST", "/release", nil).wants(t, 303, "", "")
	w.at(t, clients["Anna"], "GET", "", nil).wants(t, 200, "/labs/chain?depth=20", "")
}

// The teacher's table shows a page of the students at a time, and what it is narrowed to stays in its links.
func TestHomeworkTableOfManyStudents(t *testing.T) {
	w := newTestWork(t, filepath.Join(t.TempDir(), "answers.db"))
	w.set(t)
	h := w.homework(t)
	const all = 130
	for i := range all {
		m, code := homework.NewMember(fmt.Sprintf("Student no. %03d", i+1))
		if _, err := w.rows.JoinHomework(t.Context(), h.ID, fmt.Sprint("owner ", i), m, homework.Hash(code)); err != nil {
			t.Fatal(err)
		}
		if i < 60 {
			if _, err := w.rows.WriteAnswer(t.Context(), h, homework.Answer{Answer: classroom.Answer{Stop: h.Stops[2].ID, Member: m.ID, Text: "So"}}, true); err != nil {
				t.Fatal(err)
			}
		}
	}
	row := regexp.MustCompile(`<th scope="row">([^<]*)</th>`)
	for query, want := range map[string]struct {
		first, last string
		rows        int
		links       []string
	}{
		"":                       {"001", "050", 50, []string{"/teach?page=2", "/teach?show=nothing"}},
		"?page=3":                {"101", "130", 30, []string{"/teach?page=2"}},
		"?page=999":              {"101", "130", 30, []string{"/teach?page=2"}},
		"?page=-1":               {"001", "050", 50, nil},
		"?show=unmarked&page=2":  {"051", "060", 10, []string{`"/homework/` + w.work + `/teach?show=unmarked"`, `/extend?page=2&amp;show=unmarked"`}},
		"?show=nothing":          {"061", "110", 50, []string{"/teach?page=2&amp;show=nothing"}},
		"?show=what+there+is+no": {"001", "050", 50, nil},
	} {
		got := w.at(t, w.owner, "GET", "/teach"+query, nil)
		names := row.FindAllStringSubmatch(got.body, -1)
		if got.status != 200 || len(names) != want.rows || !strings.HasSuffix(names[0][1], want.first) || !strings.HasSuffix(names[len(names)-1][1], want.last) {
			t.Errorf("%q: status %d, %d rows, %v", query, got.status, len(names), names)
		}
		for _, link := range want.links {
			if !strings.Contains(got.body, link) {
				t.Errorf("%q: no link %s", query, link)
			}
		}
		if !strings.Contains(got.body, "130 students") {
			t.Errorf("%q: the students are not counted", query)
		}
	}
	m := w.sheet(t, "Student no. 077")
	got := w.at(t, w.owner, "POST", "/extend?page=2&show=nothing", url.Values{"member": {m.ID}, "until": {"2026-12-04T12:00"}})
	if at := got.header.Get("Location"); got.status != 303 || at != "/homework/"+w.work+"/teach?page=2&show=nothing" {
		t.Errorf("more time leads to %s, status %d", at, got.status)
	}
}
