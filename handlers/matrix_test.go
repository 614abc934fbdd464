package handlers

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"gradlab/classroom"
	"gradlab/persons"
)

// roles are everybody who may come, in the order in which they come and of the statuses in the matrix. Nobody has no cookie yet; the
// holders have what links give: a student's private link, the key that a teacher kept, and the wall's. Who has signed in may do what a visitor
// may, and finds what is theirs: TestSigningIn, TestAccountsOfTeachers.
var roles = []string{"nobody", "visitor", "student of another class", "teacher of another class", "holder of the private link", "student", "holder of the key", "teacher", "holder of the projector link", "signed-in student", "signed-in teacher"}

// matrix says of every route what each role is answered. A route that stands for all methods is tried with GET.
var matrix = []struct {
	method, route string
	path          string // and query, where the route has parameters or needs some
	form          url.Values
	statuses      string // of each role, or one of all
}{
	{"GET", "/", "", nil, "200"},
	{"GET", "/lessons", "", nil, "200"},
	{"GET", "/lessons/{slug}", "/lessons/the-chain", nil, "200"},
	{"POST", "/lessons/{slug}/predictions/{id}", "/lessons/the-chain/predictions/none", nil, "404"},
	{"GET", "/lessons/{slug}/predictions/{id}/outcome", "/lessons/the-chain/predictions/who/outcome", nil, "200"},
	{"POST", "/lessons/{slug}/keep", "/lessons/the-chain/keep", url.Values{}, "303"},
	{"POST", "/lessons/{slug}/read", "/lessons/the-chain/read", url.Values{}, "303"},
	{"GET", "/glossary", "", nil, "200"},
	{"GET", "/formulas.css", "", nil, "200"},
	{"GET", "/inventory", "", nil, "200"},
	{"GET", "/inventory/{form}", "/inventory/inventory-before", nil, "200"},
	{"POST", "/inventory/{form}", "/inventory/inventory-before", url.Values{}, "422"},
	{"GET", "/teach", "", nil, "200"},
	{"GET", "/teach/{sheet}", "/teach/chain", nil, "200"},
	{"GET", "/teach/{homework}.ipynb", "/teach/homework-chain.ipynb", nil, "200"},
	{"GET", "/search", "/search?q=skip", nil, "200"},
	{"GET", "/labs", "", nil, "200"},
	{"GET", "/labs/chain", "", nil, "200"},
	{"GET", "/board", "", nil, "200"},
	{"GET", "/labs/chain/board", "", nil, "200"},
	{"GET", "/labs/chain/picture.svg", "", nil, "200"},
	{"GET", "/labs/train", "", nil, "200"},
	{"POST", "/labs/train", "/labs/train", url.Values{"batch": {"30"}}, "303"},
	{"GET", "/labs/train/board", "/labs/train/board?steps=1&count=2&batch=2&depth=1", nil, "200"},
	{"GET", "/labs/train/{picture}.png", "/labs/train/none.png", nil, "404"},
	{"GET", "/labs/kernels", "", nil, "200"},
	{"GET", "/labs/kernels/board", "", nil, "200"},
	{"GET", "/labs/kernels/pixel", "/labs/kernels/pixel?row=1&column=1", nil, "200"},
	{"GET", "/labs/sweep", "", nil, "200"},
	{"POST", "/labs/sweep", "/labs/sweep", url.Values{}, "303"},
	{"GET", "/labs/sweep/board", "", nil, "200"},
	{"GET", "/labs/barcode", "", nil, "200"},
	{"GET", "/labs/barcode/board", "", nil, "200"},
	{"GET", "/embed/barcode", "", nil, "200"},
	{"GET", "/labs/blocks", "", nil, "200"},
	{"POST", "/labs/blocks", "/labs/blocks?out=10", url.Values{}, "200"}, // which cannot be run: the page says why
	{"GET", "/labs/blocks/board", "", nil, "200"},
	{"GET", "/labs/transformer", "", nil, "200"},
	{"POST", "/labs/transformer", "/labs/transformer?heads=5", url.Values{}, "200"}, // which cannot be run: the page says why
	{"GET", "/labs/transformer/board", "", nil, "200"},
	{"GET", "/embed/transformer", "", nil, "200"},
	{"POST", "/embed/transformer", "/embed/transformer?layers=1&steps=1", url.Values{}, "303"},
	{"GET", "/api/transformer", "/api/transformer?layers=1&steps=1", nil, "200"},
	{"GET", "/export/transformer.{ending}", "/export/transformer.csv?layers=1&steps=1", nil, "200"},
	{"GET", "/labs/stream", "", nil, "200"},
	{"GET", "/labs/stream/board", "", nil, "200"},
	{"GET", "/embed/stream", "", nil, "200"},
	{"GET", "/api/stream", "", nil, "200"},
	{"GET", "/export/stream.{ending}", "/export/stream.csv", nil, "200"},
	{"GET", "/embed/chain", "", nil, "200"},
	{"GET", "/embed/train", "", nil, "200"},
	{"POST", "/embed/train", "/embed/train", url.Values{}, "303"},
	{"GET", "/embed/sweep", "", nil, "200"},
	{"POST", "/embed/sweep", "/embed/sweep", url.Values{}, "303"},
	{"GET", "/embed/kernels", "", nil, "200"},
	{"GET", "/embed/blocks", "", nil, "200"},
	{"POST", "/embed/blocks", "/embed/blocks?n=1&steps=1&count=16&batch=16", url.Values{}, "303"},
	{"GET", "/questions", "", nil, "200"},
	{"GET", "/questions/{slug}", "/questions/residual-fit", nil, "200"},
	{"POST", "/questions/{slug}", "/questions/residual-fit", url.Values{"text": {" "}}, "422"},
	{"POST", "/questions/{slug}/draft", "/questions/how-skips-help/draft", url.Values{"text": {"x"}, "revision": {"0"}}, "200"},
	{"POST", "/questions/{slug}/hints", "/questions/how-skips-help/hints", url.Values{"text": {"x"}, "revision": {"0"}}, "200"},
	{"POST", "/questions/{slug}/run", "/questions/how-skips-help/run", url.Values{"run": {"/labs/chain"}}, "303"},
	{"POST", "/questions/{slug}/keep", "/questions/how-skips-help/keep", url.Values{}, "303"},
	{"POST", "/questions/{slug}/ticks", "/questions/how-skips-help/ticks", url.Values{}, "303"},
	{"GET", "/answers", "", nil, "200"},
	{"GET", "/answers.md", "", nil, "200"},
	{"POST", "/answers/delete", "/answers/delete", url.Values{}, "400"}, // not sure
	{"GET", "/answers/attach", "/answers/attach?run=/labs/chain", nil, "200"},
	{"GET", "/answers/here", "", nil, "200"},
	{"POST", "/answers/here", "/answers/here", url.Values{"secret": {"short"}}, "422"},
	{"GET", "/answers/everything.json", "", nil, "200"},
	{"GET", "/privacy", "", nil, "200"},
	{"GET", "/sign-in", "", nil, "404"}, // without a provider: TestComingBack
	{"GET", "/sign-in/back", "", nil, "404"},
	{"GET", "/sign-in/answers", "", nil, "403 403 403 403 403 403 403 403 403 303 303"},
	{"POST", "/sign-in/answers", "/sign-in/answers", url.Values{"along": {"0"}}, "403 403 403 403 403 403 403 403 403 303 303"},
	{"GET", "/me", "", nil, "200"},
	{"POST", "/me/leave", "/me/leave", url.Values{"issuer": {"x"}, "context": {"x"}}, "403 403 403 403 403 403 403 403 403 303 303"},
	{"POST", "/me/untie", "/me/untie", nil, "403 403 403 403 403 403 403 403 403 400 400"}, // not sure
	{"GET", "/class", "", nil, "200"},
	{"POST", "/class", "/class", url.Values{"title": {"x"}}, "303"},
	{"POST", "/class/join", "/class/join", url.Values{"code": {"AAAAAAA"}}, "404"},
	{"GET", "/class/{code}", "", nil, "200"}, // the way in, for who is not in
	{"GET", "/class/{code}/qr.svg", "", nil, "200"},
	{"GET", "/class/{code}/events", "", nil, "403 403 403 403 200 200 200 200 200"},
	{"GET", "/class/{code}/state", "", nil, "403 403 403 403 200 200 403 403 403"},
	{"POST", "/class/{code}/guess", "", url.Values{"stop": {"{predict}"}, "guess": {"-3"}}, "403 403 403 403 303 303 403 403 403"},
	{"POST", "/class/{code}/submit", "", url.Values{"stop": {"{explore}"}, "run": {"/labs/train?steps=1&count=2&batch=2&depth=1"}}, "403 403 403 403 303 303 403 403 403"},
	{"POST", "/class/{code}/answer", "", url.Values{"stop": {"{ask}"}, "text": {"Anna’s own words"}, "revision": {"1"}}, "403 403 403 403 303 303 403 403 403"},
	{"POST", "/class/{code}/hand", "", url.Values{"hand": {"up"}}, "403 403 403 403 303 303 403 403 403"},
	{"POST", "/class/{code}/branch", "", url.Values{"stop": {"{predict}"}}, "403 403 403 403 204 204 403 403 403"},
	{"GET", "/class/{code}/key", "", nil, "200"},
	{"POST", "/class/{code}/key", "", url.Values{"secret": {"wrong"}}, "403"},
	// Of a plan, its owner, and the holders of the links by which it is shared, are asked in TestWhoMayDoWhatWithPlans.
	{"GET", "/plans", "", nil, "200"},
	{"POST", "/plans", "/plans", url.Values{"title": {strings.Repeat("x", 101)}}, "422"},
	{"POST", "/plans/import", "/plans/import", url.Values{"markdown": {"## A text\n\nSo it is."}}, "303"},
	{"GET", "/plans/key", "", nil, "200"},
	{"POST", "/plans/key", "/plans/key", url.Values{"secret": {"wrong"}}, "403"},
	{"GET", "/plans/{plan}", "/plans/none", nil, "404"},
	{"POST", "/plans/{plan}", "/plans/none", url.Values{}, "404"},
	{"GET", "/plans/{plan}/link", "/plans/none/link", nil, "200"},
	{"POST", "/plans/{plan}/link", "/plans/none/link", url.Values{"secret": {"wrong"}}, "403"},
	{"POST", "/plans/{plan}/do", "/plans/none/do", url.Values{}, "404"},
	{"POST", "/plans/{plan}/stops", "/plans/none/stops", url.Values{}, "404"},
	{"POST", "/plans/{plan}/stops/{stop}", "/plans/none/stops/x", url.Values{}, "404"},
	{"POST", "/plans/{plan}/stops/{stop}/picture", "/plans/none/stops/x/picture", url.Values{}, "404"},
	{"POST", "/plans/{plan}/copy", "/plans/none/copy", url.Values{}, "404"},
	{"GET", "/plans/{plan}/export.md", "/plans/none/export.md", nil, "404"},
	{"GET", "/plans/{plan}/versions", "/plans/none/versions", nil, "404"},
	{"POST", "/plans/{plan}/share", "/plans/none/share", url.Values{}, "404"},
	{"POST", "/plans/{plan}/delete", "/plans/none/delete", url.Values{}, "404"},
	// Of homework, its teacher and its students are asked in TestWhoMayDoWhatWithHomework.
	{"GET", "/homework", "", nil, "200"},
	{"POST", "/plans/{plan}/homework", "/plans/none/homework", nil, "404"},
	{"GET", "/homework/{homework}", "/homework/none", nil, "404"},
	{"POST", "/homework/{homework}/join", "/homework/none/join", nil, "404"},
	{"POST", "/homework/{homework}/resume", "/homework/none/resume", nil, "404"},
	{"POST", "/homework/{homework}/code", "/homework/none/code", nil, "404"},
	{"POST", "/homework/{homework}/leave", "/homework/none/leave", nil, "404"},
	{"GET", "/homework/{homework}/stops/{stop}", "/homework/none/stops/x", nil, "404"},
	{"POST", "/homework/{homework}/stops/{stop}/guess", "/homework/none/stops/x/guess", nil, "404"},
	{"POST", "/homework/{homework}/stops/{stop}/answer", "/homework/none/stops/x/answer", nil, "404"},
	{"POST", "/homework/{homework}/stops/{stop}/answer/run", "/homework/none/stops/x/answer/run", nil, "404"},
	{"POST", "/homework/{homework}/stops/{stop}/answer/draft", "/homework/none/stops/x/answer/draft", nil, "404"},
	{"GET", "/homework/{homework}/teach", "/homework/none/teach", nil, "404"},
	{"POST", "/homework/{homework}/teach", "/homework/none/teach", nil, "404"},
	{"POST", "/homework/{homework}/extend", "/homework/none/extend", nil, "404"},
	{"POST", "/homework/{homework}/recode", "/homework/none/recode", nil, "404"},
	{"GET", "/homework/{homework}/marks", "/homework/none/marks", nil, "404"},
	{"POST", "/homework/{homework}/marks", "/homework/none/marks", nil, "404"},
	{"POST", "/homework/{homework}/release", "/homework/none/release", nil, "404"},
	{"GET", "/homework/{homework}/export.csv", "/homework/none/export.csv", nil, "404"},
	{"GET", "/homework/{homework}/gradebook", "/homework/none/gradebook", nil, "404"},
	{"POST", "/homework/{homework}/gradebook/retry", "/homework/none/gradebook/retry", url.Values{}, "404"},
	{"POST", "/homework/{homework}/delete", "/homework/none/delete", nil, "404"},
	{"GET", "/pictures/{name}", "/pictures/none.png", nil, "404"},
	// With an operator's key they are asked in TestWhoMayOperate.
	{"GET", "/admin", "", nil, "404"},
	{"POST", "/admin", "/admin", url.Values{"key": {""}}, "404"},
	{"POST", "/admin/leave", "/admin/leave", url.Values{}, "303"},
	{"GET", "/admin/classes", "", nil, "404"},
	{"POST", "/admin/classes/{id}", "/admin/classes/none", url.Values{}, "404"},
	{"GET", "/admin/plans", "", nil, "404"},
	{"POST", "/admin/plans/{id}", "/admin/plans/none", url.Values{}, "404"},
	{"GET", "/admin/homework", "", nil, "404"},
	{"POST", "/admin/homework/{id}", "/admin/homework/none", url.Values{}, "404"},
	{"GET", "/admin/platforms", "", nil, "404"},
	{"POST", "/admin/platforms/{id}", "/admin/platforms/none", url.Values{}, "404"},
	{"GET", "/admin/log", "", nil, "404"},
	{"GET", "/admin/audit.jsonl", "", nil, "404"},
	{"GET", "/class/{code}/remote", "", nil, "403 403 403 403 403 403 200 200 403"},
	{"GET", "/class/{code}/projector", "", nil, "403 403 403 403 403 403 200 200 200"},
	{"GET", "/class/{code}/board", "", nil, "403 403 403 403 403 403 200 200 403"},
	{"GET", "/class/{code}/board", "/class/{code}/board?view=projector", nil, "403 403 403 403 403 403 200 200 200"},
	{"GET", "/class/{code}/wall", "", nil, "200"},
	{"POST", "/class/{code}/wall", "", url.Values{"secret": {"wrong"}}, "403"},
	{"POST", "/class/{code}/do", "", url.Values{"do": {"bigger"}}, "403 403 403 403 403 403 303 303 403"},
	{"POST", "/class/{code}/plan", "", url.Values{"kind": {"ask"}, "title": {"Why?"}}, "403 403 403 403 403 403 303 303 403"},
	{"GET", "/class/{code}/gain", "", nil, "403 403 403 403 403 403 200 200 403"},
	{"GET", "/class/{code}/board", "/class/{code}/board?view=people", nil, "403 403 403 403 403 403 200 200 403"},
	{"POST", "/class/{code}/hands", "", url.Values{"all": {"1"}}, "403 403 403 403 403 403 303 303 403"},
	{"GET", "/class/{code}/people", "", nil, "403 403 403 403 403 403 200 200 403"},
	{"POST", "/class/{code}/people/{member}", "/class/{code}/people/{member}", url.Values{"name": {"Anna"}}, "403 403 403 403 403 403 303 303 403"},
	{"POST", "/class/{code}/people/{member}/merge", "/class/{code}/people/none/merge", url.Values{"other": {""}}, "403 403 403 403 403 403 422 422 403"},
	{"POST", "/class/{code}/people/{member}/remove", "/class/{code}/people/none/remove", url.Values{}, "403 403 403 403 403 403 409 409 403"},
	{"GET", "/class/{code}/summary", "", nil, "403 403 403 403 200 200 403 403 403"},
	{"GET", "/class/{code}/report", "", nil, "403 403 403 403 403 403 200 200 403"},
	{"POST", "/class/{code}/report/points", "", url.Values{"stop": {"{ask}"}, "most": {"10"}}, "403 403 403 403 403 403 303 303 403"},
	{"GET", "/class/{code}/students.csv", "", nil, "403 403 403 403 403 403 200 200 403"},
	{"GET", "/class/{code}/marks", "", nil, "403 403 403 403 403 403 200 200 403"},
	{"POST", "/class/{code}/marks", "", url.Values{"stop": {"{ask}"}, "member": {"{member}"}, "points": {"1"}}, "403 403 403 403 403 403 303 303 403"},
	{"GET", "/class/{code}/export.{ending}", "/class/{code}/export.csv", nil, "403 403 403 403 403 403 200 200 403"},
	// Without the operator's key there is no platform, and no class that was opened from one: see TestWhoMayDoWhatFromCourses.
	{"GET", "/lti/login", "", nil, "404"},
	{"POST", "/lti/login", "", url.Values{}, "404"},
	{"POST", "/lti/launch", "", url.Values{}, "404"},
	{"POST", "/lti/choose", "", url.Values{}, "404"},
	{"GET", "/lti/jwks.json", "", nil, "404"},
	{"GET", "/lti/register", "", nil, "404"},
	{"POST", "/lti/register", "", url.Values{}, "404"},
	{"GET", "/class/{code}/gradebook", "", nil, "403 403 403 403 403 403 404 404 403"},
	{"POST", "/class/{code}/gradebook", "", url.Values{}, "403 403 403 403 403 403 404 404 403"},
	{"POST", "/class/{code}/gradebook/retry", "", url.Values{}, "403 403 403 403 403 403 404 404 403"},
	{"POST", "/class/{code}/delete", "", url.Values{"code": {"wrong"}}, "403 403 403 403 403 403 422 422 403"},
	{"GET", "/about", "", nil, "200"},
	{"GET", "/about/core", "/about/core?op=linear", nil, "200"},
	{"GET", "/about/licences/{name}", "/about/licences/modules", nil, "200"},
	{"POST", "/theme", "/theme", url.Values{"theme": {"dark"}, "back": {"/"}}, "303"},
	{"GET", "/api", "", nil, "200"},
	{"GET", "/api/chain", "", nil, "200"},
	{"GET", "/api/graph", "", nil, "200"},
	{"GET", "/api/train", "/api/train?steps=1&count=2&batch=2&depth=1", nil, "200"},
	{"GET", "/api/network", "", nil, "200"},
	{"GET", "/api/kernels", "", nil, "200"},
	{"GET", "/export/kernels.{ending}", "/export/kernels.csv", nil, "200"},
	{"GET", "/api/barcode", "", nil, "200"},
	{"GET", "/export/barcode.{ending}", "/export/barcode.csv", nil, "200"},
	{"GET", "/api/sweep", "/api/sweep?depth=2", nil, "200"},
	{"GET", "/api/blocks", "/api/blocks?n=1&steps=1&count=16&batch=16", nil, "200"},
	{"GET", "/export/blocks.{ending}", "/export/blocks.csv?n=1&steps=1&count=16&batch=16", nil, "200"},
	{"GET", "/export/sweep.{ending}", "/export/sweep.csv?depth=2", nil, "200"},
	{"GET", "/export/chain.{ending}", "/export/chain.csv", nil, "200"},
	{"GET", "/export/train.{ending}", "/export/train.py", nil, "200"},
	{"GET", "/api/openapi.json", "/api/openapi.json", nil, "200"},
	{"GET", "/jupyter/gradlab.py", "", nil, "200"},
	{"GET", "/jupyter/questions.ipynb", "", nil, "200"},
	{"POST", "/api/questions/{slug}/feedback", "/api/questions/residual-fit/feedback", url.Values{}, "400"}, // JSON is wanted
	{"GET", "/healthz", "", nil, "200"},
	{"GET", "/readyz", "", nil, "200"},
	{"GET", "/accessibility", "", nil, "200"},
	{"GET", "/accessibility/openacr.yaml", "", nil, "200"},
	{"*", "/metrics", "", nil, "200"},
	{"*", "/favicon.ico", "", nil, "200"},
	{"*", "/static/*", "/static/none", nil, "404"},
	// What changes who somebody is, or takes them out, comes last; roles come in their order.
	{"POST", "/class/{code}/plan/keep", "", nil, "403 403 403 403 403 403 303 303 403"},
	{"POST", "/plans/claim", "/plans/claim", nil, "403"}, // of plans nobody's, for who has signed in: TestAccountsOfTeachers
	{"POST", "/plans/key/new", "/plans/key/new", nil, "403 303 303 303 303 303 303 303 303 403 403"},
	{"POST", "/class/{code}/leave", "", nil, "403 403 403 403 303 403 403 403 403"}, // the private link is its student
	{"POST", "/class/{code}/join", "", url.Values{"nickname": {"x"}}, "303"},
	{"POST", "/class/{code}/wall/new", "", nil, "403 403 403 403 403 403 303 303 403"},
	{"POST", "/class/{code}/key/new", "", nil, "403 403 403 403 403 403 303 403 403"}, // whoever makes another key has it alone
	{"POST", "/answers/link", "/answers/link", nil, "303"},
	// Last, since they end what the roles came with.
	{"POST", "/me/everywhere", "/me/everywhere", nil, "403 403 403 403 403 403 403 403 403 303 303"},
	{"POST", "/sign-out", "/sign-out", nil, "303"},
}

// TestWhoMayDoWhat tries every route as everybody. A route that stands not in the matrix fails it. And nobody is shown what is
// another's: an answer in a class is its student's and its teacher's, a draft its writer's alone, and notes the teacher's.
func TestWhoMayDoWhat(t *testing.T) {
	if testing.Short() {
		t.Skip("asks one thing after the other, as TestAnyRequest does: left out of -short")
	}
	c := newTestClass(t)
	predict := c.to(t, classroom.Predict)
	ask := c.to(t, classroom.Ask)
	at := "/class/" + c.code
	c.do(t, c.student, "POST", at+"/answer", url.Values{"stop": {ask.ID}, "text": {"Anna’s own words"}})
	c.do(t, c.student, "POST", "/questions/vanishing-gradient/draft", url.Values{"text": {"Anna’s draft"}, "revision": {"0"}})
	c.do(t, c.teacher, "POST", at+"/plan", url.Values{"kind": {"show"}, "title": {"x"}, "path": {"/labs/chain"}, "notes": {"The teacher’s notes"}, "go": {"1"}})
	c.act(t, "previous")
	explore := c.exploration(t, "loss", "")
	c.act(t, "go", "stop", ask.ID)
	fill := strings.NewReplacer("{code}", c.code, "{predict}", predict.ID, "{ask}", ask.ID, "{explore}", explore.ID, "{member}", c.memberID(t))
	for _, id := range []string{predict.ID, ask.ID} {
		c.act(t, "unlock", "stop", id)
	}
	clients := map[string]*http.Client{"visitor": c.visitor, "student of another class": c.otherStudent, "teacher of another class": c.other, "student": c.student, "teacher": c.teacher}
	for role, link := range map[string]struct {
		from       *http.Client
		page, take string
	}{"holder of the private link": {c.student, "/answers", "/answers/here"}, "holder of the key": {c.teacher, at + "/remote", at + "/key"}, "holder of the projector link": {c.teacher, at + "/remote", at + "/wall"}} {
		_, rest, found := strings.Cut(c.do(t, link.from, "GET", link.page, nil).body, link.take+"#")
		secret, _, _ := strings.Cut(rest, `"`)
		clients[role] = c.client(t)
		if got := c.do(t, clients[role], "POST", link.take, url.Values{"secret": {secret}}); !found || got.status != http.StatusSeeOther {
			t.Fatalf("%s: the link was there: %v; taking it: status %d", role, found, got.status)
		}
	}
	for role, as := range map[string]persons.Role{"signed-in student": persons.Student, "signed-in teacher": persons.Teacher} {
		clients[role] = c.client(t)
		c.signIn(t, clients[role], persons.Identity{Issuer: "https://idp.example.edu", Subject: role, Role: as})
	}
	private := map[string][]string{
		"Anna’s own words":    {"holder of the private link", "student", "holder of the key", "teacher"},
		"Anna’s draft":        {"holder of the private link", "student"},
		"The teacher’s notes": {"holder of the key", "teacher"},
	}
	listed := map[string]bool{}
	for _, m := range matrix {
		listed[m.method+" "+m.route] = true
		path := m.path
		if path == "" {
			path = m.route
		}
		form := url.Values{}
		for name, values := range m.form {
			form.Set(name, fill.Replace(values[0]))
		}
		want := strings.Fields(m.statuses)
		for i, role := range roles {
			client := clients[role]
			if client == nil { // nobody is somebody else at each request
				client = c.client(t)
			}
			status, body := c.ask(t, client, strings.Replace(m.method, "*", "GET", 1), fill.Replace(path), form)
			if i >= len(want) && len(want) > 1 { // who has signed in, where the row does not say otherwise
				i = slices.Index(roles, "visitor")
			}
			if want := want[i%len(want)]; status != want {
				t.Errorf("%s %s as %s: status %s, want %s: %.300s", m.method, m.route, role, status, want, body)
			}
			for secret, theirs := range private {
				if strings.Contains(body, secret) && !strings.Contains(strings.Join(theirs, ","), role) {
					t.Errorf("%s %s shows %q to the %s", m.method, m.route, secret, role)
				}
			}
		}
	}
	if err := chi.Walk(routes(assemble(Config{})), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if !listed[method+" "+route] && !listed["* "+route] {
			t.Errorf("%s %s: nobody has said who may do this", method, route)
		}
		delete(listed, method+" "+route)
		return nil
	}); err != nil {
		t.Error(err)
	}
	for left := range listed {
		if !strings.HasPrefix(left, "* ") {
			t.Errorf("%s stands in the matrix, and is no route", left)
		}
	}
}

// ask asks, and does not read what may be an endless stream.
func (c *testClass) ask(t *testing.T, client *http.Client, method, path string, form url.Values) (status, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, c.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.Header.Get("Content-Type") != "text/event-stream" {
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		body = string(b)
	}
	return resp.Status[:3], body
}
