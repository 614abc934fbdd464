package handlers

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/persons"
	"gradlab/store"
)

const operatorKey = "an operator’s key of some length"

// operated is a class on a site that has an operator's key, and a client who has given it.
func operated(t *testing.T, dsn string) (c *testClass, operator *http.Client) {
	t.Helper()
	c = newTestClassOn(t, dsn, func(c *Config) { c.OperatorKey = operatorKey })
	operator = c.client(t)
	if got := c.do(t, operator, "POST", "/admin", url.Values{"key": {operatorKey}}); got.status != 303 {
		t.Fatalf("the key: %d %.200s", got.status, got.body)
	}
	return c, operator
}

// operatorRoutes are all of the operator's, and what the operator is answered.
var operatorRoutes = []struct {
	method, path string
	form         url.Values
	status       int
}{
	{"GET", "/admin", nil, 200},
	{"GET", "/admin/classes", nil, 200},
	{"POST", "/admin/classes/none", url.Values{"do": {"close"}}, 303},
	{"GET", "/admin/plans", nil, 200},
	{"POST", "/admin/plans/none", url.Values{"do": {"delete"}, "sure": {"1"}}, 303},
	{"GET", "/admin/homework", nil, 200},
	{"POST", "/admin/homework/none", url.Values{"do": {"delete"}, "sure": {"1"}}, 303},
	{"GET", "/admin/platforms", nil, 200},
	{"POST", "/admin/platforms/none", url.Values{"do": {"delete"}, "sure": {"1"}}, 303},
	{"GET", "/admin/log", nil, 200},
	{"GET", "/admin/audit.jsonl", nil, 200},
}

// The operator's pages are there for the operator: by the key, or as a person who has signed in as one. For a teacher, a student or a
// visitor there is nothing, and without a key not even a door.
func TestWhoMayOperate(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c, operator := operated(t, dsn)
		person := func(role persons.Role) *http.Client {
			client := c.client(t)
			c.signIn(t, client, persons.Identity{Issuer: "https://idp.example.edu", Subject: string(role), Role: role})
			return client
		}
		for name, who := range map[string]struct {
			client *http.Client
			may    bool
		}{
			"operator": {operator, true}, "operator by sign-on": {person(persons.Operator), true}, "teacher by sign-on": {person(persons.Teacher), false}, "student by sign-on": {person(persons.Student), false},
			"visitor": {c.visitor, false}, "student": {c.student, false}, "teacher": {c.teacher, false}, "nobody": {c.client(t), false},
		} {
			for _, r := range operatorRoutes {
				want := r.status
				if !who.may {
					want = 404
				}
				if !who.may && r.path == "/admin" {
					want = 200 // the door
				}
				got := c.do(t, who.client, r.method, r.path, r.form)
				if got.status != want || r.path == "/admin" && strings.Contains(got.body, "Connections") != who.may {
					t.Errorf("%s %s as %s: %d, want %d", r.method, r.path, name, got.status, want)
				}
			}
		}
		without := newTestClassOn(t, t.TempDir()+"/b.db")
		for _, r := range append(operatorRoutes, operatorRoutes[0]) {
			if got := without.do(t, operator, r.method, r.path, r.form); got.status != 404 {
				t.Errorf("%s %s without a key: %d, want 404", r.method, r.path, got.status)
			}
		}
		if got := without.do(t, without.client(t), "POST", "/admin", url.Values{"key": {""}}); got.status != 404 {
			t.Errorf("no key to a site without one: %d", got.status)
		}
	})
}

// A wrong key opens nothing, nor does a session that is forged, of another key, or over.
func TestOperatorsKeyAndSession(t *testing.T) {
	now := time.Now()
	site := newSite(t, func(c *Config) { c.OperatorKey, c.Clock = operatorKey, func() time.Time { return now } })
	client := site.client(t)
	for _, wrong := range []string{"", " ", "wrong", operatorKey[:len(operatorKey)-1], operatorKey + "x"} {
		got := site.do(t, client, "POST", "/admin", url.Values{"key": {wrong}})
		if got.status != 403 || !strings.Contains(got.body, "This is not the operator’s key.") || strings.Contains(got.header.Get("Set-Cookie"), "operator=") {
			t.Errorf("key %q: %d, cookie %q", wrong, got.status, got.header.Get("Set-Cookie"))
		}
	}
	got := site.do(t, client, "POST", "/admin", url.Values{"key": {operatorKey}})
	cookie := got.header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Strict", "Path=/admin", "Max-Age=43200"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie lacks %s: %s", want, cookie)
		}
	}
	if strings.Contains(cookie, url.QueryEscape(operatorKey)) || strings.Contains(cookie, operatorKey) {
		t.Error("the cookie holds the key")
	}
	value, _, _ := strings.Cut(strings.TrimPrefix(cookie, "operator="), ";")
	opens := func(on *testSite, value string) bool {
		return on.do(t, on.client(t), "GET", "/admin/log", nil, "Cookie", "operator="+value).status == 200
	}
	until, seal, _ := strings.Cut(value, ".")
	other := newSite(t, func(c *Config) { c.OperatorKey = operatorKey + " another" })
	if !opens(site, value) || opens(other, value) {
		t.Error("a session opens its own site, and that alone")
	}
	for _, forged := range []string{until + "0." + seal, until + ".", "." + seal, until + "." + seal[1:], "9999999999." + seal, "", "x"} {
		if opens(site, forged) {
			t.Errorf("%q opens", forged)
		}
	}
	now = now.Add(12*time.Hour + time.Second)
	if opens(site, value) {
		t.Error("a session opens after its time")
	}
	if got := site.do(t, client, "GET", "/admin/audit.jsonl", nil, "Authorization", "Bearer wrong"); got.status != 403 {
		t.Errorf("a wrong bearer token: %d", got.status)
	}
	if got := site.do(t, site.client(t), "GET", "/admin/audit.jsonl", nil, "Authorization", "Bearer "+operatorKey); got.status != 200 {
		t.Errorf("the key as a bearer token: %d", got.status)
	}
	if got := site.do(t, site.client(t), "GET", "/admin/classes", nil, "Authorization", "Bearer "+operatorKey); got.status != 404 {
		t.Errorf("pages take a session alone: %d", got.status)
	}
}

// The operator closes and deletes a class, replaces keys, and deletes a plan; what is not ticked is not deleted; and all of it is told.
func TestOperatorEndsThings(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c, operator := operated(t, dsn)
		class := c.stored(t)
		at := "/admin/classes/" + class.ID
		act := func(path string, form url.Values) answer {
			t.Helper()
			got := c.do(t, operator, "POST", path, form)
			if got.status == 303 {
				got = c.do(t, operator, "GET", got.header.Get("Location"), nil)
			}
			return got
		}
		if page := c.do(t, operator, "GET", "/admin/classes?q="+strings.ToLower(classroom.SpellCode(c.code)), nil).body; !strings.Contains(page, at) || !strings.Contains(page, "1 student") || strings.Count(page, "What to do</summary>") != 1 {
			t.Errorf("looking for its code: %.2000s", page)
		}
		if got := act(at, url.Values{"do": {"close"}}); !strings.Contains(got.body, "The class is closed.") || c.stored(t).ClosedAt.IsZero() {
			t.Errorf("closing: %v", c.stored(t).ClosedAt)
		}
		fresh := act(at, url.Values{"do": {"key"}})
		key := secretOf(t, fresh.body, "/class/"+c.code+"/key")
		if got := c.do(t, c.teacher, "GET", "/class/"+c.code+"/remote", nil); got.status != 403 {
			t.Errorf("with the old key: %d", got.status)
		}
		if got := c.do(t, c.client(t), "POST", "/class/"+c.code+"/key", url.Values{"secret": {key}}); got.status != 303 {
			t.Errorf("with the new key: %d", got.status)
		}
		if got := act(at, url.Values{"do": {"delete"}}); !strings.Contains(got.body, "tick the box") {
			t.Error("deleted without being sure")
		}
		c.stored(t)
		if got := act(at, url.Values{"do": {"delete"}, "sure": {"1"}}); !strings.Contains(got.body, "The class was deleted") {
			t.Errorf("deleting: %.300s", got.body)
		}
		if got := c.do(t, c.student, "GET", "/class/"+c.code, nil); got.status != 404 {
			t.Errorf("the class afterwards: %d", got.status)
		}
		for _, form := range []url.Values{{"do": {"close"}}, {"do": {"key"}}, {"do": {"delete"}, "sure": {"1"}}} {
			if got := act(at, form); !strings.Contains(got.body, "it had been deleted") {
				t.Errorf("%v of what is gone: %d", form, got.status)
			}
		}
		if got := act(at, url.Values{"do": {"paint"}}); !strings.Contains(got.body, "no such action") {
			t.Errorf("no action: %d", got.status)
		}

		planner := c.client(t)
		made := c.do(t, planner, "POST", "/plans", url.Values{"title": {"Mine <b>"}})
		id := strings.TrimPrefix(made.header.Get("Location"), "/plans/")
		page := c.do(t, operator, "GET", "/admin/plans?q=mine", nil).body
		_, rest, _ := strings.Cut(page, `name="shelf" value="`)
		shelf, _, found := strings.Cut(rest, `"`)
		if !found || strings.Contains(page, "Mine <b>") {
			t.Fatalf("the plan: %.2000s", page)
		}
		link := secretOf(t, act("/admin/plans/"+id, url.Values{"do": {"key"}, "shelf": {shelf}}).body, "/plans/key")
		if got := c.do(t, planner, "GET", "/plans/"+id, nil); got.status != 403 {
			t.Errorf("with the old key of plans: %d", got.status)
		}
		if got := c.do(t, planner, "POST", "/plans/key", url.Values{"secret": {link}}); got.status != 303 {
			t.Errorf("with the new key of plans: %d", got.status)
		}
		act("/admin/plans/"+id, url.Values{"do": {"delete"}, "sure": {"1"}})
		if got := c.do(t, planner, "GET", "/plans/"+id, nil); got.status != 404 {
			t.Errorf("the plan afterwards: %d", got.status)
		}
		operatorDid(t, c.store, "plan deleted, key replaced, class deleted, key replaced, class closed, operator came")
	})
}

// The log is exported whole, over many pages of it, as an object a line; what came after a moment can be had alone. Lists have a bound,
// and lead on.
func TestOperatorExportsTheLog(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c, operator := operated(t, dsn)
		const many = 1203
		for i := range many {
			c.store.Tell(t.Context(), audit.KeyUsed, fmt.Sprint("class ", i), "\"x\" </script>")
		}
		lines := func(path string) (acts map[string]int) {
			acts = map[string]int{}
			got := c.do(t, operator, "GET", path, nil)
			if got.status != 200 || !strings.HasPrefix(got.header.Get("Content-Type"), "application/jsonl") || !strings.Contains(got.header.Get("Content-Disposition"), "log.jsonl") {
				t.Errorf("%s: %d %v", path, got.status, got.header)
			}
			for scan := bufio.NewScanner(strings.NewReader(got.body)); scan.Scan(); {
				var e struct {
					ID, Who, Course, Act, About, Detail string
					At                                  time.Time
				}
				if err := json.Unmarshal(scan.Bytes(), &e); err != nil || e.At.IsZero() || e.ID == "" {
					t.Fatalf("%s: %v", scan.Text(), err)
				}
				acts[e.Act]++
			}
			return acts
		}
		if all := lines("/admin/audit.jsonl"); all["key used"] != many || all["class opened"] < 1 || all["operator came"] != 1 || all["log exported"] != 1 {
			t.Errorf("exported are %v", all)
		}
		if later := lines("/admin/audit.jsonl?after=" + url.QueryEscape(time.Now().Add(time.Hour).Format(time.RFC3339))); len(later) != 0 {
			t.Errorf("after now: %v", later)
		}
		if got := c.do(t, operator, "GET", "/admin/audit.jsonl?after=yesterday", nil); got.status != 400 {
			t.Errorf("after yesterday: %d", got.status)
		}
		path, pages, rows := "/admin/log?q=key+used", 0, 0
		for path != "" && pages < 100 {
			body := c.do(t, operator, "GET", path, nil).body
			pages, rows = pages+1, rows+strings.Count(body, `<th scope="row">key used`)
			path = ""
			if _, rest, more := strings.Cut(body, `class="button secondary" href="/admin/log`); more {
				next, _, _ := strings.Cut(rest, `"`)
				path = "/admin/log" + strings.ReplaceAll(next, "&amp;", "&")
			}
		}
		if pages != 25 || rows != many {
			t.Errorf("%d pages have %d events, want 25 with %d", pages, rows, many)
		}
		for _, odd := range []string{"from=x", "from=1.%00", "from=99999999999999999999.a", "from=-5.a", "q=" + strings.Repeat("é", 3000), "q=%25", "q=%5C"} {
			for _, list := range []string{"log", "classes", "plans", "homework"} {
				if got := c.do(t, operator, "GET", "/admin/"+list+"?"+odd, nil); got.status != 200 && got.status != 400 {
					t.Errorf("%s?%.20s: %d", list, odd, got.status)
				}
			}
		}
	})
}

// operatorDid fails the test where the log tells other acts of operators, the latest first.
func operatorDid(t *testing.T, rows *store.Store, want string) {
	t.Helper()
	events, err := rows.Events(t.Context(), "operator", audit.Event{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	var did []string
	for _, e := range events {
		if e.Name == "operator" {
			did = append(did, string(e.Act))
		}
	}
	if got := strings.Join(did, ", "); got != want {
		t.Errorf("told is %s, want %s", got, want)
	}
}
