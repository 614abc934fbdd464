package handlers

import (
	"net/url"
	"strings"
	"testing"

	"gradlab/homework"
)

// The operator sees homework, closes it for those with more time, too, replaces its owner's key, and deletes it once that is sure; all of it
// is told, and whose it is can give a later end.
func TestOperatorEndsHomework(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		w := newTestWork(t, dsn)
		operator, at := w.client(t), "/admin/homework/"+w.work
		enter := func() {
			t.Helper()
			w.do(t, operator, "POST", "/admin", url.Values{"key": {operatorKey}}).wants(t, 303, "", "")
		}
		enter()
		act := func(form url.Values) answer {
			t.Helper()
			got := w.do(t, operator, "POST", at, form)
			if got.status == 303 {
				got = w.do(t, operator, "GET", got.header.Get("Location"), nil)
			}
			return got
		}
		list := func(query string) string { return w.do(t, operator, "GET", "/admin/homework"+query, nil).body }
		if page := list(""); !strings.Contains(page, "draft") || strings.Contains(page, `value="close"`) || strings.Contains(page, "used last") {
			t.Errorf("a draft: %s", page[strings.Index(page, "operator-lines"):])
		}
		w.set(t)
		anna, _ := w.join(t, "Anna")
		first, second := "/stops/"+w.homework(t).Stops[0].ID, "/stops/"+w.homework(t).Stops[1].ID
		w.clock.set("2026-12-01T12:00Z")
		enter() // a session lasts half a day
		w.at(t, w.owner, "POST", "/extend", url.Values{"member": {w.sheet(t, "Anna").ID}, "until": {"2026-12-05T12:00"}}).wants(t, 303, "", "")
		w.at(t, anna, "POST", first+"/guess", url.Values{"guess": {"3"}, "confidence": {"2"}}).wants(t, 303, "", "")
		if page := list("?q=week"); !strings.Contains(page, "on · 4 stops · 1 student · 1 hand-in") || !strings.Contains(page, "used last") || !strings.Contains(page, `value="close"`) {
			t.Errorf("the list: %s", page[strings.Index(page, "operator-lines"):])
		}
		if page := list("?q=nowhere"); strings.Contains(page, at) {
			t.Error("it is found by what it does not hold")
		}
		w.clock.set("2026-12-03T12:00Z") // over for all but Anna
		enter()
		if got := act(url.Values{"do": {"close"}}); !strings.Contains(got.body, "The homework is closed.") || !strings.Contains(got.body, "over ·") || strings.Contains(got.body, `value="close"`) {
			t.Errorf("closing: %s", got.body[strings.Index(got.body, "operator-lines"):])
		}
		if h, m := w.homework(t), w.sheet(t, "Anna").Member; h.For(m, w.clock.Now()) != homework.Closed {
			t.Errorf("closed, and for Anna it is %s", h.For(m, w.clock.Now()))
		}
		if got := w.at(t, anna, "POST", second+"/guess", url.Values{"guess": {"-7"}, "confidence": {"2"}}); got.status != 409 {
			t.Errorf("handing in afterwards: %d %.300s", got.status, got.body)
		}
		act(url.Values{"do": {"close"}}) // once more, which changes nothing
		w.at(t, w.owner, "POST", "/teach", w.terms(t, "until", "2026-12-09T12:00")).wants(t, 303, "", "")
		if h := w.homework(t); h.For(homework.Member{}, w.clock.Now()) != homework.Open {
			t.Error("its teacher gave it a later end, and it is not open")
		}

		_, rest, _ := strings.Cut(list(""), `name="shelf" value="`)
		shelf, _, _ := strings.Cut(rest, `"`)
		key := secretOf(t, act(url.Values{"do": {"key"}, "shelf": {shelf}}).body, "/plans/key")
		if got := w.at(t, w.owner, "GET", "/teach", nil); got.status != 403 {
			t.Errorf("with the old key: %d", got.status)
		}
		other := w.client(t)
		w.do(t, other, "POST", "/plans/key", url.Values{"secret": {key}}).wants(t, 303, "", "")
		w.at(t, other, "GET", "/teach", nil).wants(t, 200, "Week 3", "")
		if got := act(url.Values{"do": {"key"}, "shelf": {"none"}}); !strings.Contains(got.body, "it had been deleted") {
			t.Errorf("the key of nobody: %.300s", got.body)
		}

		if got := act(url.Values{"do": {"delete"}}); !strings.Contains(got.body, "tick the box") {
			t.Error("deleted without being sure")
		}
		w.homework(t)
		if got := act(url.Values{"do": {"delete"}, "sure": {"1"}}); !strings.Contains(got.body, "The homework was deleted") || strings.Contains(got.body, at) {
			t.Errorf("deleting: %.200s", got.body)
		}
		w.at(t, anna, "GET", "", nil).wants(t, 404, "No such homework", "")
		for _, form := range []url.Values{{"do": {"close"}}, {"do": {"delete"}, "sure": {"1"}}} {
			if got := act(form); !strings.Contains(got.body, "it had been deleted") {
				t.Errorf("%v of what is gone: %d", form, got.status)
			}
		}
		operatorDid(t, w.rows, "homework deleted, key replaced, homework closed, operator came, operator came, operator came")
	})
}
