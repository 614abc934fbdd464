package handlers

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gradlab/classroom"
)

// testClass is a class with its teacher and one student, and a teacher and a student of another.
type testClass struct {
	*testSite
	code                                  string
	visitor, student, other, otherStudent *http.Client
	teacher                               *http.Client
}

var remotePath = regexp.MustCompile(`^/class/([A-Z0-9]{7})/remote$`)

// openClass opens a class and returns its teacher and its code.
func (s *testSite) openClass(t *testing.T) (teacher *http.Client, code string) {
	t.Helper()
	teacher = s.client(t)
	s.do(t, teacher, "GET", "/class", nil)
	got := s.do(t, teacher, "POST", "/class", url.Values{"title": {"Deep nets"}})
	m := remotePath.FindStringSubmatch(got.header.Get("Location"))
	if got.status != http.StatusSeeOther || m == nil {
		t.Fatalf("opening a class: status %d to %q\n%.500s", got.status, got.header.Get("Location"), got.body)
	}
	return teacher, m[1]
}

// join lets a new student join by the code.
func (s *testSite) join(t *testing.T, code, nickname string) *http.Client {
	t.Helper()
	c := s.client(t)
	s.do(t, c, "GET", "/class", nil)
	if got := s.do(t, c, "POST", "/class/join", url.Values{"code": {strings.ToLower(code)}, "nickname": {nickname}}); got.status != http.StatusSeeOther {
		t.Fatalf("joining: status %d\n%.500s", got.status, got.body)
	}
	return c
}

func newTestClass(t *testing.T, change ...func(*Config)) *testClass {
	t.Helper()
	return newTestClassOn(t, filepath.Join(t.TempDir(), "answers.db"), change...)
}

func newTestClassOn(t *testing.T, dsn string, change ...func(*Config)) *testClass {
	t.Helper()
	c := &testClass{testSite: newSiteOn(t, dsn, change...)}
	c.teacher, c.code = c.openClass(t)
	c.student = c.join(t, c.code, "Anna")
	var otherCode string
	c.other, otherCode = c.openClass(t)
	c.otherStudent = c.join(t, otherCode, "Ben")
	c.visitor = c.client(t)
	c.do(t, c.visitor, "GET", "/class", nil)
	return c
}

// act does an action as the teacher, and returns the class as it is stored then.
func (c *testClass) act(t *testing.T, do string, more ...string) classroom.Class {
	t.Helper()
	form := url.Values{"do": {do}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	if got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/do", form, "Accept", "application/json"); got.status != 200 {
		t.Fatalf("%s: status %d: %s", do, got.status, got.body)
	}
	return c.stored(t)
}

func (c *testClass) stored(t *testing.T) classroom.Class {
	t.Helper()
	stored, err := c.store.ClassByCode(t.Context(), c.code)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

// to moves to the first stop of a kind, from the current one on.
func (c *testClass) to(t *testing.T, kind classroom.Kind) classroom.Stop {
	t.Helper()
	for _, stop := range c.stored(t).Plan {
		if stop.Kind == kind && stop.Phase == classroom.Waiting {
			c.act(t, "go", "stop", stop.ID)
			return c.stored(t).Shown()
		}
	}
	t.Fatalf("no stop to %s", kind)
	return classroom.Stop{}
}

// Before the reveal nothing that a student can fetch holds the truth, the lab that shows it, or what others guessed; nobody
// but the teacher ever sees notes and names.
func TestNothingLeaksBeforeTheReveal(t *testing.T) {
	c := newTestClass(t)
	stop := c.to(t, classroom.Predict)
	third := c.join(t, c.code, "Clara")
	if got := c.do(t, third, "POST", "/class/"+c.code+"/guess", url.Values{"stop": {stop.ID}, "guess": {"-7"}}); got.status != 303 {
		t.Fatalf("guess: %d", got.status)
	}
	secrets := []string{"1.9", "−13", "grad_w", "¼", "Clara", "skip=none", "10<sup>−7", "−7 to"}
	look := func(when string, allowed ...string) {
		t.Helper()
		for _, path := range []string{"/class/" + c.code, "/class/" + c.code + "/state"} {
			got := c.do(t, c.student, "GET", path, nil)
			for _, secret := range secrets {
				if strings.Contains(strings.Join(allowed, "|"), secret) {
					continue
				}
				if strings.Contains(got.body, secret) || strings.Contains(got.body, string(mustJSON(secret))) {
					t.Errorf("%s: %s holds %q", when, path, secret)
				}
			}
		}
	}
	look("asked")
	c.act(t, "lock")
	look("locked")
	c.act(t, "run")
	if got := c.do(t, third, "POST", "/class/"+c.code+"/guess", url.Values{"stop": {stop.ID}, "guess": {"-13"}}); got.status != 409 {
		t.Errorf("a guess after the run: status %d, want 409", got.status)
	}
	look("running", "skip=none")
	c.act(t, "reveal")
	got := c.do(t, c.student, "GET", "/class/"+c.code, nil)
	if !strings.Contains(got.body, "−1.9·10") || !strings.Contains(got.body, "← the truth") {
		t.Errorf("revealed: the truth is not on the page:\n%s", got.body)
	}
	look("revealed", "1.9", "−13", "skip=none", "10<sup>−7", "−7 to")
	wall := c.do(t, c.teacher, "GET", "/class/"+c.code+"/projector", nil).body
	if strings.Contains(wall, "Clara") || strings.Contains(wall, "¼") {
		t.Error("the wall shows names or notes")
	}
}

func mustJSON(s string) []byte {
	b, _ := json.Marshal(s)
	return b[1 : len(b)-1]
}

// No student reads another's answer, until the teacher shows it, and then without a name; marks come when released.
func TestAnswersBelongToTheirWriters(t *testing.T) {
	c := newTestClass(t)
	stop := c.to(t, classroom.Ask)
	clara := c.join(t, c.code, "Clara")
	handIn := func(client *http.Client, text, revision string) answer {
		return c.do(t, client, "POST", "/class/"+c.code+"/answer", url.Values{"stop": {stop.ID}, "text": {text}, "revision": {revision}, "run": {"/labs/chain?depth=7"}}, "Accept", "application/json")
	}
	if got := handIn(clara, "Clara’s own thought", "0"); got.status != 200 || !strings.Contains(got.body, `"revision":1`) {
		t.Fatalf("hand in: %d %s", got.status, got.body)
	}
	if got := handIn(clara, "from an older tab", "0"); got.status != 409 || !strings.Contains(got.body, "Clara’s own thought") {
		t.Errorf("from another tab: %d %s", got.status, got.body)
	}
	for text, want := range map[string]int{"": 422, "  \n ": 422, "a\x00b": 422, strings.Repeat("x", 20_001): 422} {
		if got := handIn(c.student, text, "0"); got.status != want {
			t.Errorf("an answer of %d characters: status %d, want %d", len(text), got.status, want)
		}
	}
	if got := c.do(t, c.student, "GET", "/class/"+c.code+"/state", nil); strings.Contains(got.body, "own thought") {
		t.Error("a student reads another’s answer")
	}
	members, _ := c.store.Members(t.Context(), c.stored(t).ID)
	c.act(t, "pick", "stop", stop.ID, "member", members[len(members)-1].ID)
	if got := c.do(t, c.student, "GET", "/class/"+c.code+"/state", nil); !strings.Contains(got.body, "own thought") || strings.Contains(got.body, "\"Clara") {
		t.Errorf("the picked answer: %s", got.body)
	}

	page := c.do(t, c.teacher, "GET", "/class/"+c.code+"/marks", nil).body
	if strings.Contains(page, "Clara<") || !strings.Contains(page, "Clara’s own thought") {
		t.Error("marking is not blind, or lacks the answer")
	}
	if !strings.Contains(c.do(t, c.teacher, "GET", "/class/"+c.code+"/marks?names=1", nil).body, "Clara ·") {
		t.Error("names are not shown though asked for")
	}
	mark := url.Values{"stop": {stop.ID}, "member": {members[len(members)-1].ID}, "points": {"2.5"}, "comment": {"Well put."}, "concept": {"gradient-shrinks"}, "revision": {"0"}}
	if got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/marks", mark, "Accept", "application/json"); got.status != 200 && got.status != 422 {
		t.Errorf("mark: %d %s", got.status, got.body)
	}
	mark.Del("concept")
	if got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/marks", mark, "Accept", "application/json"); got.status != 200 {
		t.Fatalf("mark: %d %s", got.status, got.body)
	}
	for field, value := range map[string]string{"points": "many", "concept": "nothing-like-it", "stop": "elsewhere", "member": "nobody"} {
		bad := url.Values{}
		for name, v := range mark {
			bad[name] = v
		}
		bad.Set(field, value)
		if got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/marks", bad, "Accept", "application/json"); got.status != 422 && got.status != 404 {
			t.Errorf("%s %q: status %d, want a refusal", field, value, got.status)
		}
	}
	if strings.Contains(c.do(t, clara, "GET", "/class/"+c.code, nil).body, "Well put") {
		t.Error("a mark is seen before it is released")
	}
	c.act(t, "release")
	if !strings.Contains(c.do(t, clara, "GET", "/class/"+c.code, nil).body, "Well put") || strings.Contains(c.do(t, c.student, "GET", "/class/"+c.code, nil).body, "Well put") {
		t.Error("a released mark reaches its student, and no other")
	}
	sheet := c.do(t, c.teacher, "GET", "/class/"+c.code+"/export.csv", nil)
	if !strings.Contains(sheet.body, "Clara’s own thought") || !strings.Contains(sheet.body, "2.5") || !strings.Contains(sheet.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("export: %s", sheet.body)
	}
}

// The key opens the class from another browser, and nothing else does, until there is another key.
func TestTeachersKey(t *testing.T) {
	c := newTestClass(t)
	at := "/class/" + c.code
	keyOn := func(client *http.Client) string {
		t.Helper()
		key := regexp.MustCompile(`/key#([A-Za-z0-9_-]{43})`).FindStringSubmatch(c.do(t, client, "GET", at+"/remote", nil).body)
		if key == nil {
			t.Fatal("the teacher’s page shows no link to keep")
		}
		return key[1]
	}
	key := keyOn(c.teacher)
	again := c.client(t)
	for _, link := range []string{at + "/key", at + "/key?key=" + key} { // an older link
		if got := c.do(t, again, "GET", link, nil); got.status != 200 || got.header.Get("Set-Cookie") != "" {
			t.Errorf("the link alone: status %d, sets %q", got.status, got.header.Get("Set-Cookie"))
		}
	}
	if got := c.do(t, again, "POST", at+"/key", url.Values{"secret": {c.URL + at + "/key#" + key}}); got.status != 303 {
		t.Fatalf("the link to keep: status %d", got.status)
	}
	if got := c.do(t, again, "GET", at+"/remote", nil); got.status != 200 {
		t.Errorf("with the key: status %d, want 200", got.status)
	}
	stored := c.stored(t)
	if strings.Contains(fmt.Sprintf("%+v", stored), key) {
		t.Error("the database holds the key itself")
	}
	for _, wrong := range []string{"", stored.KeyHash, key[:42], key + "A", strings.Repeat("A", 43)} {
		if got := c.do(t, c.visitor, "POST", at+"/key", url.Values{"secret": {wrong}}); got.status != 403 {
			t.Errorf("key %q: status %d, want 403", wrong, got.status)
		}
	}

	r, err := http.NewRequestWithContext(t.Context(), "GET", c.URL+at+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := (&http.Client{Jar: again.Jar}).Do(r)
	if err != nil || stream.StatusCode != 200 {
		t.Fatalf("the stream of the other browser: %v, %v", stream, err)
	}
	defer stream.Body.Close()
	if got := c.do(t, c.teacher, "POST", at+"/key/new", nil); got.status != 303 {
		t.Fatalf("another key: status %d", got.status)
	}
	if _, err := io.Copy(io.Discard, stream.Body); err != nil { // to its end
		t.Errorf("the stream with the old key: %v", err)
	}
	if got := c.do(t, again, "GET", at+"/remote", nil); got.status != 403 {
		t.Errorf("the other browser, with the old key: status %d, want 403", got.status)
	}
	if got := c.do(t, c.visitor, "POST", at+"/key", url.Values{"secret": {key}}); got.status != 403 {
		t.Errorf("the old link: status %d, want 403", got.status)
	}
	if keyOn(c.teacher) == key {
		t.Error("the teacher’s page still shows the old link")
	}
}

// A deleted class is gone for everybody, with all that was in it.
func TestDeleteClass(t *testing.T) {
	c := newTestClass(t)
	id := c.stored(t).ID
	if got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/delete", url.Values{"code": {classroom.SpellCode(c.code)}}); got.status != 303 {
		t.Fatalf("delete: status %d", got.status)
	}
	if members, err := c.store.Members(t.Context(), id); err != nil || len(members) != 0 {
		t.Errorf("members after the deletion: %v, %v", members, err)
	}
	for _, client := range []*http.Client{c.student, c.teacher} {
		if got := c.do(t, client, "GET", "/class/"+c.code, nil); got.status != 404 {
			t.Errorf("a deleted class: status %d, want 404", got.status)
		}
	}
}

func TestTeacherPassword(t *testing.T) {
	s := newSite(t, func(c *Config) { c.TeacherPassword = "chalk" })
	c := s.client(t)
	s.do(t, c, "GET", "/class", nil)
	for password, want := range map[string]int{"": 403, "cheese": 403, "chalk": 303} {
		if got := s.do(t, c, "POST", "/class", url.Values{"password": {password}}); got.status != want {
			t.Errorf("password %q: status %d, want %d", password, got.status, want)
		}
	}
}
