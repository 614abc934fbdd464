package handlers

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"gradlab/classroom"
	"gradlab/handlers/labs"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/mlcore/runner"
	"gradlab/store"
)

// testSite is the real router over a real SQLite file.
type testSite struct {
	*httptest.Server
	store  *store.Store
	config Config
	stop   context.CancelFunc
	site   *site
}

// embedded is the content that comes with the program, read once for all tests: no test changes it.
var embedded = sync.OnceValues(func() (*lessons.Library, error) { return lessons.Embedded(labs.All().Lessons()) })

func newSite(t testing.TB, change ...func(*Config)) *testSite {
	t.Helper()
	return newSiteOn(t, filepath.Join(t.TempDir(), "answers.db"), change...)
}

// newSiteOn is newSite over the store that dsn names.
func newSiteOn(t testing.TB, dsn string, change ...func(*Config)) *testSite {
	t.Helper()
	library, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	answers, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answers.Close() })
	runs := runner.NewPool(runner.Options{Slots: 2})
	t.Cleanup(runs.Close)
	stopping, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	config := Config{
		Log: slog.New(slog.DiscardHandler), Answers: answers, Classes: answers, Plans: answers, Homework: answers, Operated: answers, Persons: answers, LTI: answers, Library: library, Runs: runs, Version: "test", Stopping: stopping,
	}
	for _, c := range change {
		c(&config)
	}
	if config.Bus == nil {
		config.Bus = &classroom.Memory{}
	}
	site := assemble(config)
	server := httptest.NewServer(site.handler())
	t.Cleanup(server.Close)
	return &testSite{server, answers, config, stop, site}
}

// client is a visitor who keeps cookies and does not follow redirects.
func (s *testSite) client(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// answer is a response, read whole.
type answer struct {
	status int
	header http.Header
	body   string
}

func (s *testSite) do(t *testing.T, c *http.Client, method, path string, form url.Values, header ...string) answer {
	t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, s.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "body" { // of another kind than a form
			r.Body = io.NopCloser(strings.NewReader(header[i+1]))
			continue
		}
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(b)}
}

// wants reports an answer of another status, whose body lacks a text, or holds one that it must not; "" is none.
func (a answer) wants(t *testing.T, status int, contains, lacks string) {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d", a.status, status)
	}
	if !strings.Contains(a.body, contains) {
		t.Errorf("the body lacks %q:\n%.3000s", contains, a.body)
	}
	if lacks != "" && strings.Contains(a.body, lacks) {
		t.Errorf("the body holds %q", lacks)
	}
}

func TestRoutes(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	for _, test := range []struct {
		name, method, path string
		status             int
		contains           string
		lacks              string
	}{
		{"home", "GET", "/", 200, `<svg class="units`, "<style"},
		{"home in its second act", "GET", "/?show=grad_w", 200, "what layer 20 gets", ""},
		{"board of home", "GET", "/board?depth=7", 200, `"query":"depth=7"`, ""},
		{"home with a bad field", "GET", "/?depth=0", 200, "Depth must be a whole number from 1 to 100", ""},
		{"labs", "GET", "/labs", 200, "/labs/train", ""},
		{"API", "GET", "/api", 200, "curl", ""},
		{"chain", "GET", "/labs/chain", 200, `id="option-gradients"`, "onclick"},
		{"the notebook's chain", "GET", "/labs/chain?activation=tanh&depth=4&skip=none&x=10", 200, "−0.1319", ""},
		{"what float32 rounds to 0", "GET", "/labs/chain?activation=tanh&depth=4&skip=none&x=10", 200, "<small>rounded</small>", ""},
		{"chain with scripts in fields", "GET", "/labs/chain?depth=%3Cscript%3Ealert(1)%3C/script%3E", 200, "&lt;script&gt;", "<script>alert"},
		{"chain with fields unknown", "GET", "/labs/chain?utm_source=mail", 200, "The chain", "not a parameter"},
		{"chain board", "GET", "/labs/chain/board?depth=7", 200, `"query":"depth=7"`, ""},
		{"train", "GET", "/labs/train?depth=20", 200, "Press Run", ""},
		{"train, cheap", "GET", "/labs/train?steps=3&count=10&batch=10", 200, "The loss goes", "Press Run"},
		{"train, refused", "GET", "/labs/train?batch=30", 200, "This cannot run. Batch size must divide", ""},
		{"train board", "GET", "/labs/train/board?steps=3&count=10&batch=10&depth=1", 200, `"residual":[{"step"`, ""},
		{"questions", "GET", "/questions", 200, "/questions/vanishing-gradient", ""},
		{"question", "GET", "/questions/vanishing-gradient", 200, "Question 1 of 7", "A model answer"},
		{"question 7 in four parts", "GET", "/questions/then-and-now", 200, "Is it a good paper now?", ""},
		{"no such question", "GET", "/questions/nothing", 404, "No such page", ""},
		{"about", "GET", "/about", 200, "Apache ECharts", ""},
		{"the core", "GET", "/about/core", 200, "Linear</a> returns x wᵀ + b", "Is backward right?"},
		{"the core, an op", "GET", "/about/core?op=batchnorm", 200, "Yes: backward agrees", "error-text"},
		{"the core, some programs left out", "GET", "/about/core?op=conv2d", 200, "more programs in the same way", "error-text"},
		{"the core, none left out", "GET", "/about/core?op=matmul", 200, "Yes: backward agrees", "more program"},
		{"the core, no op", "GET", "/about/core?op=%3Cb%3E", 404, "There is no operation “&lt;b&gt;”", "<b>"},
		{"licence of the images", "GET", "/about/licences/fashion-mnist", 200, "Zalando SE", ""},
		{"licences of the words", "GET", "/about/licences/scowl", 200, "Kevin Atkinson", ""},
		{"licences of the modules", "GET", "/about/licences/modules", 200, "github.com/go-chi/chi/v5 v5.", ""},
		{"licence of nothing", "GET", "/about/licences/nothing", 404, "No such page", ""},
		{"no such page", "GET", "/nothing", 404, "No such page", ""},
		{"wrong method", "POST", "/labs/chain", 405, "Not that way", ""},
		{"health", "GET", "/healthz", 200, `"ok"`, ""},
		{"ready", "GET", "/readyz", 200, `"ready"`, ""},
		{"favicon", "GET", "/favicon.ico", 200, "<svg", ""},
		{"head", "HEAD", "/labs/chain", 200, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			site.do(t, c, test.method, test.path, nil).wants(t, test.status, test.contains, test.lacks)
		})
	}
}

func TestEveryAnswerIsSecured(t *testing.T) {
	site := newSite(t)
	for _, path := range []string{"/", "/nothing", "/api/chain", "/api/chain?depth=0", "/healthz", "/static/x"} {
		got := site.do(t, site.client(t), "GET", path, nil)
		for name, want := range map[string]string{"Content-Security-Policy": "default-src 'self'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"} {
			if !strings.Contains(got.header.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, got.header.Get(name))
			}
		}
		if strings.Contains(got.header.Get("Content-Security-Policy"), "unsafe") || got.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: the policy is too wide: %v", path, got.header)
		}
		if got.header.Get("X-Request-Id") == "" {
			t.Errorf("%s has no request id", path)
		}
	}
}

func TestPagesAreCompressedAndStaticFilesKept(t *testing.T) {
	site := newSite(t)
	c := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	page := site.do(t, c, "GET", "/labs/chain", nil, "Accept-Encoding", "gzip")
	if page.header.Get("Content-Encoding") != "gzip" || page.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the page's headers are %v", page.header)
	}
	plain := site.do(t, c, "GET", "/labs/chain", nil)
	_, rest, _ := strings.Cut(plain.body, `href="/static/`)
	path, _, _ := strings.Cut(rest, `"`)
	file := site.do(t, c, "GET", "/static/"+path, nil, "Accept-Encoding", "gzip")
	if !strings.Contains(file.header.Get("Cache-Control"), "immutable") {
		t.Errorf("/static/%s: headers are %v", path, file.header)
	}
}

func TestCrossOriginWritesAreRefused(t *testing.T) {
	site := newSite(t)
	got := site.do(t, site.client(t), "POST", "/questions/vanishing-gradient/draft", url.Values{"text": {"x"}}, "Sec-Fetch-Site", "cross-site")
	if got.status != 403 {
		t.Errorf("a write from another site: status %d, want 403", got.status)
	}
}

func TestThemes(t *testing.T) {
	server := newSite(t)
	c := server.client(t)
	set := func(theme, back string) answer {
		return server.do(t, c, "POST", "/theme", url.Values{"theme": {theme}, "back": {back}})
	}
	if got := set("projector", "/labs/chain?depth=3"); got.status != 303 || got.header.Get("Location") != "/labs/chain?depth=3" {
		t.Errorf("got %d to %q", got.status, got.header.Get("Location"))
	}
	if got := server.do(t, c, "GET", "/", nil); !strings.Contains(got.body, `data-theme="projector"`) {
		t.Error("the theme was not kept")
	}
	set("projector", "/")
	if got := server.do(t, c, "GET", "/", nil); !strings.Contains(got.body, `data-theme=""`) {
		t.Error("choosing the theme again does not return to the system's")
	}
	if got := set("neon", "/"); got.status != 400 {
		t.Errorf("an unknown theme: status %d, want 400", got.status)
	}
	for _, back := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "", "/\t/evil.example"} {
		if got := set("dark", back); got.header.Get("Location") != "/" {
			t.Errorf("back to %q leads to %q", back, got.header.Get("Location"))
		}
	}
	// A page that answered a form leads back to one that can be asked for.
	for back, want := range map[string]string{
		"/lessons/first/predictions/guess": "/lessons/first", "/questions/vanishing/hints": "/questions/vanishing", "/class/join": "/class",
		"/class/KXR47QT/do?view=remote": "/class/KXR47QT", "/answers/delete": "/answers", "/labs/train?depth=3": "/labs/train?depth=3", "/theme": "/", "/nowhere": "/",
	} {
		if got := set("dark", back); got.header.Get("Location") != want {
			t.Errorf("back to %q leads to %q, want %q", back, got.header.Get("Location"), want)
		}
	}
	err := chi.Walk(routes(assemble(Config{})), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if method != http.MethodPost {
			return nil
		}
		back := strings.NewReplacer("{", "", "}", "").Replace(route)
		to := set("dark", back).header.Get("Location")
		if got := server.do(t, c, "GET", to, nil); got.status == 405 {
			t.Errorf("back from a form at %s leads to %s, which takes forms alone", route, to)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestPanicIsAPage(t *testing.T) {
	s := web.NewAdapter(slog.New(slog.DiscardHandler), t.Context())
	h := web.Numbered(s.Recovered(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("the cause") })))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if body := w.Body.String(); w.Code != 500 || !strings.Contains(body, "Something went wrong") || strings.Contains(body, "the cause") {
		t.Errorf("status %d, body %.300s", w.Code, body)
	}
}
