package store

import (
	"reflect"
	"testing"

	"gradlab/classroom"
)

// Hints are kept with the revision that they were found in: a later text has none, and takes none that come late.
func TestHintsBelongToARevision(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c := newClass(t, s)
		stop, member := c.Plan[1].ID, join(t, s, c, "anna")
		save := func(text string, base int64) {
			t.Helper()
			if _, err := s.SaveClassAnswer(t.Context(), c.ID, c.Version, "anna", classroom.Answer{Stop: stop, Text: text, Revision: base}); err != nil {
				t.Fatal(err)
			}
		}
		hinted := func(rules string) ([]string, bool) {
			t.Helper()
			a, found, err := s.ClassAnswer(t.Context(), c.ID, stop, member)
			if err != nil || !found {
				t.Fatalf("the answer: %v, %v", found, err)
			}
			return a.Hinted(rules)
		}
		keep := func(h classroom.Hints) {
			t.Helper()
			if err := s.SaveHints(t.Context(), c.ID, stop, member, h); err != nil {
				t.Fatal(err)
			}
		}
		save("one", 0)
		if _, done := hinted("v1"); done {
			t.Error("an answer that was not read has hints")
		}
		keep(classroom.Hints{Concepts: []string{"a", "b"}, Rules: "v1", Revision: 1})
		if got, done := hinted("v1"); !done || !reflect.DeepEqual(got, []string{"a", "b"}) {
			t.Errorf("hints %v, %v; want a, b", got, done)
		}
		if _, done := hinted("v2"); done {
			t.Error("hints hold for other rules")
		}
		save("two", 1)
		if _, done := hinted("v1"); done {
			t.Error("hints hold for another text")
		}
		keep(classroom.Hints{Concepts: []string{"a"}, Rules: "v1", Revision: 1})
		if _, done := hinted("v1"); done {
			t.Error("hints of the text before were kept for this one")
		}
		if _, found, err := s.ClassAnswer(t.Context(), c.ID, stop, "nobody"); found || err != nil {
			t.Errorf("nobody's answer: %v, %v", found, err)
		}
	})
}
