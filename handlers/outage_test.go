package handlers

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"gradlab/store"
	"gradlab/store/pgtest"
)

// The site on a PostgreSQL that is stopped in the midst of it, and comes back.
func TestDatabaseOutage(t *testing.T) {
	server := pgtest.New(t)
	dsn, err := server.CreateDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	site := newSiteOn(t, dsn)
	anna := site.client(t)
	const path = "/questions/residual-fit"
	form := func(text, revision string) url.Values {
		return url.Values{"part": {""}, "text": {text}, "revision": {revision}}
	}
	guessed := form("typed meanwhile", "0")
	guessed.Set("question", "vanishing-gradient")
	guessed.Set("guess-twice", "-6")
	guessed.Set("guess-larger", "It explodes, because every factor has doubled")
	site.do(t, anna, "GET", path, nil)
	if got := site.do(t, anna, "POST", path+"/draft", form("before", "0")); got.status != 200 {
		t.Fatalf("before the outage: %d %s", got.status, got.body)
	}

	for _, crash := range []bool{false, true} {
		if err := server.Stop(t.Context(), crash); err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			method, path string
			form         url.Values
			status       int
			contains     string
		}{
			{"GET", "/readyz", nil, 503, "the store does not answer"},
			{"GET", "/healthz", nil, 200, "ok"},
			{"GET", path, nil, 503, "cannot reach its database"},
			{"POST", path + "/draft", form("meanwhile", "1"), 503, "Your text is still in the box"},
			{"POST", path, form("handed in meanwhile", "1"), 503, "handed in meanwhile"},
			{"POST", "/lessons/why-it-vanishes/predictions/larger", guessed, 503, `value="-6"`},
			{"POST", "/lessons/why-it-vanishes/predictions/twice", guessed, 503, "typed meanwhile</textarea>"},
			{"POST", "/lessons/why-it-vanishes/keep", guessed, 503, "Your text is still in the box"},
			{"POST", "/lessons/why-it-vanishes/read", guessed, 503, "What you typed is still here"},
			{"GET", "/labs/chain", nil, 200, "The chain"},
			{"GET", "/api/chain", nil, 200, "grad_w"},
		} {
			got := site.do(t, anna, test.method, test.path, test.form)
			if got.status != test.status || !strings.Contains(got.body, test.contains) {
				t.Errorf("%s %s without the database: got %d, want %d and %q in %.300s", test.method, test.path, got.status, test.status, test.contains, got.body)
			}
		}
		if err := server.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			if site.do(t, anna, "GET", "/readyz", nil).status == 200 {
				break
			}
			if time.Now().After(end) {
				t.Fatal("the site does not find its database again")
			}
		}
		if got := site.do(t, anna, "GET", path, nil); got.status != 200 || !strings.Contains(got.body, "before") {
			t.Errorf("after the outage: got %d, want 200 and the answer", got.status)
		}
	}
	if got := site.do(t, anna, "POST", path+"/draft", form("meanwhile", "1")); got.status != 200 {
		t.Errorf("the waiting answer: got %d %s, want 200", got.status, got.body)
	}
}

// A damaged database is not ready, and says so.
func TestDamageIsNotReady(t *testing.T) {
	site := newSite(t, func(c *Config) { c.Answers = damaged{c.Answers.(*store.Store)} })
	if got := site.do(t, site.client(t), "GET", "/readyz", nil); got.status != 503 || !strings.Contains(got.body, "the database is damaged") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := site.do(t, site.client(t), "GET", "/healthz", nil); got.status != 200 {
		t.Errorf("the process: %d %s", got.status, got.body)
	}
}

type damaged struct{ *store.Store }

func (damaged) Ping(context.Context) error { return store.ErrNotADatabase }
