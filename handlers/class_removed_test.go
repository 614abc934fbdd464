package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gradlab/classroom"
)

// Two devices of one student are put together, and a student is taken out while typing: no text is lost, and each is told what happened.
// What was typed wrong is said, and stands in its field.
func TestTakingStudentsOut(t *testing.T) {
	c := newTestClass(t)
	at := "/class/" + c.code
	second := c.join(t, c.code, "Clara")
	members, err := c.store.Members(t.Context(), c.stored(t).ID)
	if err != nil || len(members) != 2 {
		t.Fatal(members, err)
	}
	anna, clara := members[0].ID, members[1].ID
	change := func(status int, says, path string, other string) {
		t.Helper()
		got := c.do(t, c.teacher, "POST", at+"/people/"+path, url.Values{"other": {other}})
		if got.status != status || !strings.Contains(got.body, says) {
			t.Errorf("%s with %q: status %d, want %d and %q: %.600s", path, other, got.status, status, says, got.body)
		}
	}
	change(422, "This is the same device", clara+"/merge", "clara")
	change(422, "Nobody in this class is called that", clara+"/merge", "Nobody")
	change(422, `value="Nobody"`, clara+"/merge", "Nobody")
	change(409, "Gone meanwhile", "nobody/merge", "Anna")
	change(409, "Gone meanwhile", "nobody/remove", "")
	ask := c.to(t, classroom.Ask)
	c.do(t, second, "POST", at+"/answer", url.Values{"stop": {ask.ID}, "text": {"On the second device"}})
	c.act(t, "pick", "stop", ask.ID, "member", clara)
	change(303, "", clara+"/merge", "anna")
	if own := c.do(t, c.student, "GET", at, nil).body; !strings.Contains(own, "On the second device") {
		t.Error("what the second device handed in is not on the first one’s page")
	}
	if got := c.stored(t).Shown().Picked; len(got) != 1 || got[0] != anna {
		t.Errorf("on the wall: %v, want %v", got, anna)
	}
	if own := c.do(t, second, "GET", at, nil).body; !strings.Contains(own, "put two devices of yours together") {
		t.Error("the second device is not told what happened")
	}
	change(303, "", anna+"/remove", "")
	late := c.do(t, c.student, "POST", at+"/answer", url.Values{"stop": {ask.ID}, "text": {"Typed meanwhile"}, "revision": {"1"}})
	if late.status != http.StatusForbidden || !strings.Contains(late.body, "Typed meanwhile") || !strings.Contains(late.body, "On the second device") {
		t.Errorf("what a student sent who was taken out: status %d: %.900s", late.status, late.body)
	}
	if csv := c.do(t, c.teacher, "GET", at+"/export.csv", nil).body; strings.Contains(csv, "On the second device") {
		t.Error("the answer of one who was taken out is in the export")
	}
	if got := c.stored(t).Shown().Picked; len(got) != 0 {
		t.Errorf("on the wall after its writer was taken out: %v", got)
	}
	c.do(t, c.student, "POST", at+"/join", url.Values{"nickname": {"Anna"}})
	if own := c.do(t, c.student, "GET", at, nil).body; !strings.Contains(own, "On the second device") {
		t.Error("who joined again has lost what was handed in before")
	}
}
