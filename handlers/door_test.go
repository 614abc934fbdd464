package handlers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/store/pgtest"
)

// onBothDatabases runs a test of the site on SQLite and on PostgreSQL.
func onBothDatabases(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Run("SQLite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "answers.db")) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, pgtest.Database(t)) })
}

// What is no text, or no number that can be, is refused alike on both databases, and nothing of it is kept.
func TestUnfitFormsAreRefused(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newTestClassOn(t, dsn)
		ask := c.to(t, classroom.Ask)
		class := "/class/" + c.code
		if got := c.do(t, c.student, "POST", class+"/answer", url.Values{"stop": {ask.ID}, "text": {"mine"}}); got.status != 303 {
			t.Fatalf("an answer: %d", got.status)
		}
		members, err := c.store.Members(t.Context(), c.stored(t).ID)
		if err != nil || len(members) != 1 {
			t.Fatal(members, err)
		}
		member := members[0].ID
		for _, test := range []struct {
			name   string
			client *http.Client
			path   string
			form   url.Values
			status int
		}{
			{"title", c.teacher, "/class", url.Values{"title": {"\xff\xfe"}}, 422},
			{"title with NUL", c.teacher, "/class", url.Values{"title": {"a\x00b"}}, 422},
			{"nickname", c.visitor, class + "/join", url.Values{"nickname": {"\xff\xfe"}}, 422},
			{"code", c.visitor, "/class/join", url.Values{"code": {"\xff\xfe"}}, 422},
			{"guess in a lesson", c.visitor, "/lessons/the-chain/predictions/who", url.Values{"guess": {"\xff\xfe"}}, 422},
			{"class answer", c.student, class + "/answer", url.Values{"stop": {ask.ID}, "text": {"\xff\xfe"}, "revision": {"1"}}, 422},
			{"run of a class answer", c.student, class + "/answer", url.Values{"stop": {ask.ID}, "text": {"x"}, "run": {"/labs/chain?depth=%FF"}, "revision": {"1"}}, 422},
			{"revision of a class answer, below 0", c.student, class + "/answer", url.Values{"stop": {ask.ID}, "text": {"x"}, "revision": {"-1"}}, 400},
			{"revision of a class answer, 2⁵³", c.student, class + "/answer", url.Values{"stop": {ask.ID}, "text": {"x"}, "revision": {"9007199254740992"}}, 400},
			{"revision of a class answer, no number", c.student, class + "/answer", url.Values{"stop": {ask.ID}, "text": {"x"}, "revision": {"1e9"}}, 400},
			{"comment", c.teacher, class + "/marks", url.Values{"stop": {ask.ID}, "member": {member}, "comment": {"\xff"}}, 422},
			{"comment with NUL", c.teacher, class + "/marks", url.Values{"stop": {ask.ID}, "member": {member}, "comment": {"\x00"}}, 422},
			{"marked member with NUL", c.teacher, class + "/marks", url.Values{"stop": {ask.ID}, "member": {"\x00"}}, 422},
			{"revision of a mark, below 0", c.teacher, class + "/marks", url.Values{"stop": {ask.ID}, "member": {member}, "revision": {"-1"}}, 400},
			{"revision of a mark, 2⁵³", c.teacher, class + "/marks", url.Values{"stop": {ask.ID}, "member": {member}, "revision": {"9007199254740992"}}, 400},
			{"picked member", c.teacher, class + "/do", url.Values{"do": {"pick"}, "member": {"\xff"}}, 422},
			{"answer", c.visitor, questionPath, url.Values{"text": {"\xff"}}, 422},
			{"revision of an answer", c.visitor, questionPath, url.Values{"text": {"x"}, "revision": {"-1"}}, 400},
			{"run beside an answer", c.visitor, questionPath + "/run", url.Values{"run": {"/labs/chain?a=%ff"}}, 422},
			{"name of a field", c.visitor, questionPath, url.Values{"te\xffxt": {"x"}}, 422},
			{"many fields", c.visitor, questionPath, url.Values{"text": make([]string, web.MaxParameters+1)}, 422},
		} {
			for _, header := range [][]string{nil, {"Accept", "application/json"}} {
				got := c.do(t, test.client, "POST", test.path, test.form, header...)
				if got.status != test.status || !utf8.ValidString(got.body) {
					t.Errorf("%s %v: %d, want %d: %.300s", test.name, header, got.status, test.status, got.body)
				}
			}
		}
		for _, path := range []string{class, class + "/remote", class + "/marks?names=1", class + "/export.json", "/answers.md"} {
			if got := c.do(t, c.teacher, "GET", path, nil); !utf8.ValidString(got.body) {
				t.Errorf("%s holds what is no text", path)
			}
		}
	})
}

// A text is kept in one normal form, however a keyboard composes it.
func TestTextIsKeptInNormalForm(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	site.do(t, c, "POST", questionPath+"/draft", url.Values{"text": {"Ma\u0308chtig"}, "revision": {"0"}})
	if got := site.do(t, c, "POST", questionPath+"/draft", url.Values{"text": {"M\u00e4chtig"}, "revision": {"0"}}); got.status != 200 {
		t.Errorf("the same text, composed: %d %s", got.status, got.body)
	}
	if got := site.do(t, c, "GET", "/answers.md", nil); !strings.Contains(got.body, "M\u00e4chtig") {
		t.Errorf("kept: %q", got.body)
	}
}

// A query that cannot be read is no other experiment.
func TestMalformedQueries(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	many := strings.Repeat("a=1&", 10_001)
	names := strings.Repeat("x", 38) + "="
	var unknown strings.Builder
	for i := range 150 {
		unknown.WriteString(names[:20+i%17] + strings.Repeat("y", i%80) + "=1&")
	}
	for _, query := range []string{"depth=%zz", "depth=7;skip=none", "depth=%", many, "depth=%ff", "depth=%00", strings.Repeat("x", 300) + "=1", unknown.String(), "x=" + strings.Repeat("y", 50_000)} {
		for path, isJSON := range map[string]bool{"/labs/chain": false, "/": false, "/labs/train": false, "/api/chain": true, "/api/train": true, "/api/sweep": true, "/labs/chain/board": true, "/export/chain.py": true, "/embed/chain": false} {
			if query == unknown.String() && !strings.HasPrefix(path, "/api") && !strings.HasPrefix(path, "/export") {
				continue // a page passes over names that it does not know, as those that mail programs add to links
			}
			got := site.do(t, c, "GET", path+"?"+query, nil)
			if got.status != 400 || len(got.body) > 64<<10 {
				t.Errorf("%s?%.40s: %d with %d bytes, want 400", path, query, got.status, len(got.body))
			}
			if isJSON {
				var body struct{ Error string }
				if err := json.Unmarshal([]byte(got.body), &body); err != nil || body.Error == "" || len(got.body) > 4<<10 {
					t.Errorf("%s?%.40s: %v, %d bytes: %.200s", path, query, err, len(got.body), got.body)
				}
			}
		}
	}
}

// A host that is no host is no reason for a bug.
func TestLongHost(t *testing.T) {
	c := newTestClass(t)
	r, err := http.NewRequestWithContext(t.Context(), "GET", c.URL+"/class/"+c.code+"/qr.svg", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = strings.Repeat("a", 5000)
	resp, err := c.teacher.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 400 {
		t.Errorf("status %d, want 400", resp.StatusCode)
	}
}
