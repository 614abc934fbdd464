package e2e

import (
	"database/sql"
	"io"
	"log"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gradlab/classroom"
	"gradlab/lti/ltitest"
	"gradlab/store"
	"gradlab/store/pgtest"
)

// The program is ended by kill -9 with a score in its hands, before the platform has it and after, and once right after a mark: the gradebook has
// each score, once, after the program is started again.
func TestScoresOutliveKills(t *testing.T) {
	t.Parallel()
	t.Run("SQLite, before it arrives", func(t *testing.T) {
		t.Parallel()
		killedBeforePassback(t, filepath.Join(t.TempDir(), "answers.db"), "/token", 1)
	})
	t.Run("PostgreSQL, after it arrived", func(t *testing.T) {
		t.Parallel()
		killedBeforePassback(t, pgtest.Database(t), "/scores", 2)
	})
}

// killedBeforePassback kills the program while the platform hangs at what it is asked for, after which so many posts have brought the score.
func killedBeforePassback(t *testing.T, dsn, hang string, posts int) {
	c := linkedProgram(t, dsn)
	link := c.platform.AddLink("c1", "A class", c.url+"/class?points=10", true)
	teacher, anna := c.browser(), c.browser()
	code := strings.Split(c.launch(teacher, "t-1", link.ID), "/")[2]
	at := "/class/" + code
	c.launch(anna, "s-1", link.ID)
	class, err := c.rows.ClassByCode(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	members, err := c.rows.Members(t.Context(), class.ID)
	if err != nil || len(members) != 1 {
		t.Fatalf("members %v, %v", members, err)
	}
	ask := ""
	for _, stop := range class.Plan {
		if stop.Kind == classroom.Ask && ask == "" {
			ask = stop.ID
		}
	}
	mark := func(points, revision int) {
		t.Helper()
		c.post(teacher, at+"/marks", url.Values{"stop": {ask}, "member": {members[0].ID}, "points": {strconv.Itoa(points)}, "revision": {strconv.Itoa(revision)}})
	}
	c.post(teacher, at+"/do", url.Values{"do": {"go"}, "stop": {ask}})
	c.post(anna, at+"/answer", url.Values{"stop": {ask}, "text": {"Slopes multiply."}})
	mark(3, 0)
	c.platform.Hang(hang)
	c.post(teacher, at+"/do", url.Values{"do": {"release"}})
	c.eventually("the program is in the middle of sending", func() bool { return c.platform.Hanging() > 0 })
	c.program.kill()
	c.platform.Hang("")
	c.laterThanLeases(dsn)
	c.program.start()

	bound, err := c.rows.LinkOf(t.Context(), class.ID)
	if err != nil {
		t.Fatal(err)
	}
	has := func(points float64) {
		t.Helper()
		c.eventually("the score is there, and noted as sent", func() bool {
			kept, err := c.rows.LinkScores(t.Context(), bound.ID)
			return err == nil && len(kept) == 1 && !kept[0].Sent.IsZero() && float64(kept[0].Given)/100 == points
		})
		if all := c.platform.Scores(); len(all) != 1 || all[[2]string{link.LineItem, "s-1"}].Given != points {
			t.Errorf("the gradebook has %v, want %v points", all, points)
		}
	}
	if has(3); c.platform.Posts() != posts {
		t.Errorf("%d posts, want %d", c.platform.Posts(), posts)
	}
	mark(4, 1)
	c.program.kill()
	c.laterThanLeases(dsn)
	c.program.start()
	has(4)
}

// A linked is the program, which a platform knows, behind a proxy that browsers reach over TLS.
type linked struct {
	*testing.T
	program  *program
	platform *ltitest.Platform
	front    *httptest.Server
	url      string
	rows     *store.Store // of the program's database
}

func linkedProgram(t *testing.T, dsn string) *linked {
	t.Helper()
	const key = "an operator’s key of some length"
	c := &linked{T: t, platform: ltitest.New(t, "Anna")}
	var to atomic.Pointer[url.URL] // it listens there over every start
	c.front = httptest.NewTLSServer(&httputil.ReverseProxy{ErrorLog: log.New(io.Discard, "", 0), Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to.Load())
		r.Out.Host = r.In.Host
	}})
	t.Cleanup(c.front.Close)
	c.url = c.front.URL
	c.program = buildOn(t, dsn, "GRADLAB_LTI_KEY="+key, "GRADLAB_URL="+c.url)
	to.Store(&url.URL{Scheme: "http", Host: c.program.address})
	c.platform.HTTP = c.front.Client()
	var err error
	if c.rows, err = store.Open(t.Context(), dsn); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.rows.Close() })
	from, ticket := c.platform.Registration()
	if status, _ := c.send(c.browser(), "/lti/register", url.Values{"key": {key}, "openid_configuration": {from}, "registration_token": {ticket}}); status != http.StatusOK {
		t.Fatalf("register: status %d", status)
	}
	return c
}

// laterThanLeases lets the time pass for which a score belongs to a process that has died.
func (c *linked) laterThanLeases(dsn string) {
	c.Helper()
	driver := "sqlite"
	if strings.HasPrefix(dsn, "postgres") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		c.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(c.Context(), "UPDATE lti_scores SET next_at = 0 WHERE next_at > 0"); err != nil {
		c.Fatal(err)
	}
}

// browser is a client of its own, which follows no redirect by itself.
func (c *linked) browser() *http.Client {
	c.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		c.Fatal(err)
	}
	return &http.Client{Jar: jar, Transport: c.front.Client().Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// send sends a form; its status and where it leads to.
func (c *linked) send(b *http.Client, path string, form url.Values) (status int, location string) {
	c.Helper()
	resp, err := b.PostForm(c.url+path, form)
	if err != nil {
		c.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode, resp.Header.Get("Location")
}

// post sends a form that is to be taken, and returns where it leads to.
func (c *linked) post(b *http.Client, path string, form url.Values) string {
	c.Helper()
	status, location := c.send(b, path, form)
	if status != http.StatusSeeOther {
		c.Fatalf("%s %v: status %d", path, form, status)
	}
	return location
}

// launch follows a link of a course, and returns where that leads to.
func (c *linked) launch(b *http.Client, user, what string) string {
	c.Helper()
	form, err := c.platform.Come(b, user, what)
	if err != nil {
		c.Fatal(err)
	}
	return c.post(b, "/lti/launch", form)
}

// eventually waits for something to be so.
func (c *linked) eventually(what string, is func() bool) {
	c.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			c.Fatalf("not after %v: %s; the gradebook has %v after %d posts", patience, what, c.platform.Scores(), c.platform.Posts())
		}
	}
}
