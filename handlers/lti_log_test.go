package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gradlab/audit"
)

// What is done from a course is in the log: by whom, and from which course, also where it is done on the class's own pages, and by the program
// itself. What a platform calls its people is not.
func TestLogOfACourse(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newCourse(t, dsn, "Sue")
		_, at, tara, mark := c.marked(t)
		second := c.another(t) // whose clock goes as fast as the course's
		pass := func() { t.Helper(); passBack(t, second) }
		do := func(path string, form url.Values) {
			t.Helper()
			if got := c.do(t, tara, "POST", at+path, form); got.status != http.StatusSeeOther {
				t.Fatalf("%s %v: status %d: %.1000s", path, form, got.status, got.body)
			}
		}
		pass()
		do("/gradebook", url.Values{"points": {"20"}})
		do("/do", url.Values{"do": {"withhold"}})
		pass()
		c.platform.Away(true)
		mark.Set("points", "7")
		mark.Set("revision", "1")
		do("/marks", mark)
		do("/do", url.Values{"do": {"release"}})
		for range 90 {
			pass()
			c.now.Add(1)
		}
		do("/delete", url.Values{"code": {strings.TrimPrefix(at, "/class/")}})

		events, err := c.store.EventsAfter(t.Context(), audit.Event{}, 100)
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, e := range events {
			who, _, _ := strings.Cut(e.Name, " ") // a person, or a teacher with a key
			about, _, _ := strings.Cut(e.About, " ")
			said = append(said, strings.Join([]string{who, string(e.Act), about, e.Course}, ", "))
			if all := e.Name + e.About + e.Detail; strings.Contains(all, "s-1") || strings.Contains(all, "Sue") || strings.Contains(all, "t-1") {
				t.Errorf("the log holds too much: %+v", e)
			}
			if strings.HasPrefix(string(e.Act), "score") && !strings.HasSuffix(e.Detail, ", member "+mark.Get("member")) {
				t.Errorf("whose score? %+v", e)
			}
		}
		const course = "Course c1"
		want := []string{
			"holder, platform registered, platform, ",
			"person, link given to a course, platform, " + course,
			"person, link opened, link, " + course, "person, class opened, class, " + course,
			"person, link opened, link, " + course, // by the student
			"person, mark changed, class, " + course, "person, marks released, class, " + course, "this, score sent, class, " + course,
			"person, link set, link, " + course,
			"person, marks withheld, class, " + course, "this, score taken back, class, " + course,
			"person, mark changed, class, " + course, "person, marks released, class, " + course,
			"person, class deleted, class, " + course, "this, score given up, class, " + course, // an hour later, by the clock of what sends
		}
		if !slices.Equal(said, want) {
			t.Errorf("told is\n%s,\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
		}
	})
}
