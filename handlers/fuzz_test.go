package handlers

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"gradlab/classroom"
)

var (
	fuzzRequests = flag.Int("requests", 4_000, "requests of TestAnyRequest to each database")
	fuzzSeed     = flag.Uint64("seed", 0, "seed of TestAnyRequest; 0 draws one")
)

const (
	worldLasts  = 400             // requests after which the classes and visitors are made anew: some requests delete them
	mostTime    = 2 * time.Second // after which a request of the test hangs up: what it may compute is bounded by it
	mostAnswer  = 16 << 20        // bytes; the longest are exports of runs
	mostRefusal = 512 << 10       // bytes of an answer that refuses: a page that shows a text which was too long again
)

// Whatever is asked of whatever route, by whomever, on either database: no bug shows. Each answer is what its header says, of a
// bounded size, and never a 5xx but a 503 that gives its reason. Routes list themselves. For more (make requests), or for one again:
//
//	go test ./handlers -run TestAnyRequest -timeout 0 -args -requests 1000000 -seed 7
func TestAnyRequest(t *testing.T) {
	if testing.Short() {
		t.Skip("one request after the other: no race is in them")
	}
	seed := *fuzzSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	onBothDatabases(t, func(t *testing.T, dsn string) {
		t.Logf("%d requests, -seed %d", *fuzzRequests, seed)
		f := newFuzzer(t, dsn)
		for i := range *fuzzRequests {
			if i%worldLasts == 0 {
				f.renew(t)
			}
			f.request(t, rand.New(rand.NewPCG(seed, uint64(i))), i)
			if t.Failed() {
				t.Fatalf("request %d of -seed %d", i, seed)
			}
		}
		t.Logf("answers by status: %v; the slowest took %v: %s", f.statuses, f.slowest, f.slowestIs)
		for route := range f.routes {
			if f.asked[route] == 0 {
				t.Errorf("%v was never asked", f.routes[route])
			}
		}
	})
}

// A fuzzer asks one site.
type fuzzer struct {
	site   *testSite
	routes [][2]string // method and pattern
	asked  []int       // by route
	ticks  atomic.Int64

	actors []string // headers Cookie: nobody, a visitor, a student, a teacher
	class  classroom.Class
	member string
	plan   string   // the teacher's own
	planed string   // a stop of it
	words  []string // what routes, forms and queries may mean

	statuses  map[int]int
	slowest   time.Duration
	slowestIs string
}

func newFuzzer(t *testing.T, dsn string) *fuzzer {
	f := &fuzzer{statuses: map[int]int{}}
	f.site = newSiteOn(t, dsn, func(c *Config) {
		c.Clock = func() time.Time { return time.Unix(0, 0).Add(time.Duration(f.ticks.Add(1)) * time.Minute) } // no limit is ever spent
	})
	err := chi.Walk(routes(assemble(Config{})), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		f.routes = append(f.routes, [2]string{method, route})
		return nil
	})
	if err != nil || len(f.routes) == 0 {
		t.Fatal(f.routes, err)
	}
	f.asked = make([]int, len(f.routes))
	return f
}

// renew opens a class that a student is in, at a question that the student has answered, a plan of its teacher, and a visitor with an answer.
func (f *fuzzer) renew(t *testing.T) {
	t.Helper()
	s := f.site
	var code string
	teacher, code := s.openClass(t)
	student := s.join(t, code, "Anna")
	c := &testClass{testSite: s, code: code, teacher: teacher, student: student}
	ask := c.to(t, classroom.Ask)
	s.do(t, student, "POST", "/class/"+code+"/answer", url.Values{"stop": {ask.ID}, "text": {"Gradients shrink."}, "revision": {"0"}})
	visitor := s.client(t)
	s.do(t, visitor, "POST", questionPath, url.Values{"text": {"Gradients vanish."}, "revision": {"0"}})
	f.class = c.stored(t)
	plan := &testPlan{testSite: s, owner: teacher}
	plan.id = plan.follow(t, s.do(t, teacher, "POST", "/plans", url.Values{"title": {"My plan"}}))
	f.plan, f.planed = plan.id, plan.add(t, "Why?", "")
	plan.post(t, "/share", url.Values{"kind": {"copy"}})
	members, err := s.store.Members(t.Context(), f.class.ID)
	if err != nil {
		t.Fatal(err)
	}
	f.actors = []string{""}
	f.words = []string{
		code, strings.ToLower(code), f.class.ID, f.plan, f.planed, "own-" + f.plan, plan.stored(t).CopyLink, "anna", "1", "0", "-1", "2", "3", "0.5", "1e-3", "-0", "1e308", "NaN", "inf", "9007199254740991", "9007199254740992", "-9223372036854775808",
		"18446744073709551616", "10^-12", "true", "none", "identity", "relu", "tanh", "deep", "mlp", "batch", "adam", "log", "noise", "plain", "residual", "py", "ipynb", "csv", "json", "own", "learnt",
		"svg", "light", "dark", "projector", "MIT", "the-chain", "the-skip", "who", "three", "then-and-now", "residual-fit", "vanishing-gradient", "four-limitations", "first", "kernels", "images", "samples",
		"predict-number", "predict-choice", "predict-power", "ask", "show", "ask-x", "then-and-now/then", "/labs/chain?depth=3", "/labs/train?steps=1", "/labs/sweep", "/labs/kernels?kernel=blur", "/", "//evil.example", "/class/" + code,
		"chain loss", "train loss", "chain grad_w 1", "train lower loss", "plain=1&residual=1", "points=1", "a\nb\nc", " ", "ä", "a\u0308", "\u202e", "\U0001F4A5", "<script>alert(1)</script>", "'; DROP TABLE answers; --", "=cmd|' /C calc'!A0",
		"gradient-shrinks", "\x00", "\xff\xfe", "\xed\xa0\x80", "\r\nSet-Cookie: a=b", strings.Repeat("x", 5000), strings.Repeat("\u00e4 ", 9000), strings.Repeat("((((", 500), "%00", "%ff", "{{.}}", "",
	}
	words := f.words
	for _, client := range []*http.Client{visitor, student, teacher} {
		cookie := ""
		for _, path := range []string{"/", "/class/" + code, "/plans/" + f.plan} {
			u, _ := url.Parse(s.URL + path)
			for _, k := range client.Jar.Cookies(u) {
				if pair := k.Name + "=" + k.Value; !strings.Contains(cookie, pair) {
					cookie += pair + "; "
					words = append(words, k.Value)
				}
			}
		}
		f.actors = append(f.actors, strings.TrimSuffix(cookie, "; "))
	}
	f.member = members[0].ID
	words = append(words, f.member)
	for _, stop := range f.class.Plan {
		words = append(words, stop.ID)
	}
	words = append(words, classroom.Actions...)
	f.words = words
}

// names of fields, of queries and forms alike; those of experiments besides.
var fuzzNames = strings.Fields(`part text revision run concept stop guess pass do path member title plan password code nickname kind notes choices truth
	given question go points comment theme back then sure token key version view names at q deleted after twin controls depth weight x target activation
	skip dtype layer order check net n channels width batch count steps lr optimizer momentum seed init norm data curve gradients clip decay show remedies
	kernel weights stride pad image pixels unit index row column pool stage every from markdown talk alt picture remove secret seen round confidence seconds`)

// fuzzPath are what parameters of routes can be.
var fuzzPath = map[string][]string{
	"slug": {"the-chain", "the-skip", "kernels", "residual-fit", "then-and-now", "vanishing-gradient", "four-limitations"}, "id": {"who", "three"},
	"ending": {"py", "ipynb", "csv", "json"}, "picture": {"first", "samples"}, "name": {"MIT"},
}

// fuzzForms are forms and queries that a route takes, of which some fields are then changed. {ask} is the stop that is shown. A
// route that is not here is sent fields at random.
var fuzzForms = map[string]string{
	"POST /lessons/{slug}/predictions/{id}": "guess=3",
	"POST /lessons/{slug}/keep":             "guess-who=3&question=vanishing-gradient&part=&text=vanish&revision=1&drawn=x&run=/labs/chain",
	"POST /lessons/{slug}/read":             "guess-who=3&question=vanishing-gradient&part=&text=vanish&revision=1&drawn=x&run=/labs/chain",
	"POST /questions/{slug}":                "part=&text=Gradients+shrink&revision=1&run=",
	"POST /questions/{slug}/keep":           "part=then&text=vanish&revision=1&part=now&text=Gradients+grow&revision=1",
	"POST /questions/{slug}/draft":          "part=&text=Gradients+grow&revision=1",
	"POST /questions/{slug}/hints":          "part=&text=vanish&revision=1",
	"POST /questions/{slug}/run":            "part=&run=/labs/chain%3Fdepth=7",
	"POST /questions/{slug}/ticks":          "concept=gradient-shrinks&concept=x",
	"POST /answers/delete":                  "sure=1",
	"POST /class":                           "title=Nets&plan=the-chain",
	"POST /class/join":                      "code={code}&nickname=Ben",
	"POST /class/{code}/join":               "nickname=Ben",
	"POST /class/{code}/answer":             "stop={ask}&text=because&revision=1&run=/labs/chain",
	"POST /class/{code}/submit":             "stop={ask}&run=/labs/train",
	"POST /class/{code}/guess":              "stop={ask}&guess=1",
	"POST /class/{code}/do":                 "do=show&path=/labs/chain%3Fdepth=4",
	"POST /class/{code}/plan":               "kind=predict-number&title=How+large%3F&path=/labs/chain&truth=chain+loss&go=1",
	"POST /class/{code}/marks":              "stop={ask}&member={member}&points=2.5&comment=Well+put&revision=0&concept=gradient-shrinks&then=/class",
	"POST /class/{code}/delete":             "code={code}",
	"POST /plans":                           "title=Nets",
	"POST /plans/import":                    "markdown=%23%23+One%0A%0AA+text+with+$x$.%0A%0A```predict%0Akind:+choice%0Achoices:%0A++-+says:+a%0A++-+says:+b%0A```",
	"POST /plans/{plan}":                    "title=Deep+nets&seen=My+plan",
	"POST /plans/{plan}/do":                 "do=repeat&stop={planed}",
	"POST /plans/{plan}/stops":              "kind=predict-number&title=How+large%3F&path=/labs/chain&truth=chain+loss&after={planed}",
	"POST /plans/{plan}/stops/{stop}":       "kind=ask&title=Why%3F&text=Because+$x$&revision=2",
	"POST /plans/{plan}/share":              "kind=view",
	"POST /plans/{plan}/delete":             "sure=1",
	"GET /plans/{plan}/versions":            "revision=1",
	"POST /theme":                           "theme=dark&back=/labs",
	"GET /labs/chain/board":                 "depth=4&layer=2&check=1",
	"GET /labs/kernels/pixel":               "kernel=blur&row=3&column=4",
	"GET /class/{code}/marks":               "stop={ask}&at=1&names=1",
	"GET /class/{code}/state":               "version=1",
	"GET /search":                           "q=gradient",
	"GET /answers/attach":                   "run=/labs/chain%3Fdepth=7",
}

// fill makes what a route takes, changed here and there.
func (f *fuzzer) fill(r *rand.Rand, route string) url.Values {
	base, found := fuzzForms[route]
	if !found || r.IntN(8) == 0 {
		return f.values(r)
	}
	values, _ := url.ParseQuery(strings.NewReplacer("{code}", f.class.Code, "{ask}", f.class.Shown().ID, "{member}", f.member, "{plan}", f.plan, "{planed}", f.planed).Replace(base))
	for name := range values {
		if r.IntN(5) == 0 {
			values[name] = []string{f.word(r)}
		}
	}
	if r.IntN(5) == 0 {
		values.Add(fuzzNames[r.IntN(len(fuzzNames))], f.word(r))
	}
	return values
}

func (f *fuzzer) word(r *rand.Rand) string {
	text := f.words[r.IntN(len(f.words))]
	for r.IntN(6) == 0 { // mutated
		b := []byte(text)
		switch at := r.IntN(len(b) + 1); r.IntN(5) {
		case 0:
			b = slices.Insert(b, at, byte(r.IntN(256)))
		case 1:
			b = append(b[:at:at], f.words[r.IntN(len(f.words))]...)
		case 2:
			b = b[:at]
		case 3:
			if len(b) > 0 {
				b[r.IntN(len(b))] ^= 1 << r.IntN(8)
			}
		case 4:
			b = append(b, b...)
		}
		if text = string(b); len(text) > 40_000 {
			break
		}
	}
	return text
}

func (f *fuzzer) values(r *rand.Rand) url.Values {
	values := url.Values{}
	for range r.IntN(6) {
		name := fuzzNames[r.IntN(len(fuzzNames))]
		if r.IntN(20) == 0 {
			name = f.word(r)
		}
		values.Add(name, f.word(r))
	}
	return values
}

// encoded is a query or a form, sometimes broken.
func (f *fuzzer) encoded(r *rand.Rand, values url.Values) string {
	text := values.Encode()
	switch r.IntN(30) {
	case 0:
		text += ";x=1"
	case 1:
		text += "&a=%zz"
	case 2:
		text = strings.Repeat("a=1&", r.IntN(20_000))
	case 3:
		b := []byte(text)
		for range r.IntN(4) {
			if len(b) > 0 {
				b[r.IntN(len(b))] = byte(r.IntN(256))
			}
		}
		text = string(b)
	}
	return text
}

// request makes the i-th request, asks it, and judges the answer.
func (f *fuzzer) request(t *testing.T, r *rand.Rand, i int) {
	n := r.IntN(len(f.routes))
	if i < len(f.routes) {
		n = i // each at least once
	}
	f.asked[n]++
	method, path := f.routes[n][0], f.routes[n][1]
	segments := strings.Split(path, "/")
	for j, s := range segments {
		if open, rest, found := strings.Cut(s, "{"); found {
			name, ending, _ := strings.Cut(rest, "}")
			word := f.word(r)
			one, isOne := map[string]string{"code": f.class.Code, "plan": f.plan, "stop": f.planed}[name]
			if good := fuzzPath[name]; isOne && r.IntN(8) > 0 {
				word = one
			} else if len(good) > 0 && r.IntN(4) > 0 {
				word = good[r.IntN(len(good))]
			}
			segments[j] = open + url.PathEscape(word) + ending
		} else if s == "*" {
			segments[j] = url.PathEscape(f.word(r))
		}
	}
	if path = strings.Join(segments, "/"); r.IntN(50) == 0 {
		path = "/" + url.PathEscape(f.word(r))
	}
	if r.IntN(50) == 0 {
		method = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}[r.IntN(7)]
	}
	route := method + " " + f.routes[n][1]
	query := f.values(r)
	if method == http.MethodGet {
		query = f.fill(r, route)
	}
	if known := fuzzForms[route] != ""; !known && r.IntN(3) > 0 { // runs that are small, so that some come to their end
		for name, value := range map[string]string{"steps": "1", "count": "4", "batch": "4", "depth": "2"} {
			query.Set(name, value)
		}
	}
	target := path
	if text := f.encoded(r, query); text != "" && (method == http.MethodGet && r.IntN(8) > 0 || r.IntN(4) == 0) {
		target += "?" + text
	}
	var raw bytes.Buffer
	host := "site.example"
	if r.IntN(20) == 0 {
		host = []string{"", "localhost", "127.0.0.1:8080", "[::1]:80", strings.Repeat("h", 5000), "%00"}[r.IntN(6)]
	}
	fmt.Fprintf(&raw, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, strings.Map(targetRune, target), host)
	header := func(name string, values ...string) {
		if value := values[r.IntN(len(values))]; value != "" {
			fmt.Fprintf(&raw, "%s: %s\r\n", name, strings.Map(targetRune, value))
		}
	}
	header("Accept", "", "", "application/json", "text/event-stream", "text/html", "*/*")
	header("Accept-Encoding", "", "", "gzip", "gzip;q=0", "br, gzip;q=0.5", "identity;q=0, *")
	cookie := f.actors[r.IntN(len(f.actors))]
	if strings.Contains(route, " /plans/{plan}") && r.IntN(4) > 0 {
		cookie = f.actors[3]
	} else if strings.HasPrefix(route, "GET /class/{code}/") || strings.HasPrefix(route, "POST /class/{code}/") && r.IntN(4) > 0 {
		cookie = f.actors[2+r.IntN(2)]
	}
	header("Cookie", cookie, cookie, cookie, cookie, cookie, cookie, "visitor=x; teacher=\"y", "theme=dark; theme=light; visitor="+f.word(r))
	header("Last-Event-ID", "", "", "", "plain=1&residual=1", "points=99999999", f.word(r))
	header("Referer", "", "", "", "http://"+host+"/lessons/the-chain", f.word(r))
	header("X-Forwarded-Proto", "", "", "https", f.word(r))
	header("Range", "", "", "", "bytes=0-10", "bytes=-1")
	header("Sec-Fetch-Site", "", "", "", "", "", "same-origin", "same-origin", "same-origin", "cross-site")
	if method == "POST" {
		body := f.encoded(r, f.fill(r, route))
		kind := "application/x-www-form-urlencoded"
		switch r.IntN(12) {
		case 0:
			b, _ := json.Marshal(map[string]any{"text": f.word(r)})
			body, kind = string(b), "application/json"
		case 1:
			kind = []string{"", "text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded; charset=\"", "a/b;;;"}[r.IntN(5)]
		case 2:
			body = f.word(r)
		case 3:
			body = "text=" + strings.Repeat("%C3%A4", r.IntN(120_000))
		default:
			if strings.HasSuffix(route, "/picture") {
				picture := bomb(t, 4<<r.IntN(3), 4)
				picture[r.IntN(len(picture))] ^= byte(r.IntN(2) << r.IntN(8))
				body, kind = pictureForm(t, f.word(r), picture)
			}
		}
		fmt.Fprintf(&raw, "Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s", kind, len(body), body)
	} else {
		raw.WriteString("\r\n")
	}
	said := raw.String()
	request, err := http.ReadRequest(bufio.NewReader(strings.NewReader(said)))
	if err != nil {
		return // the server would not have let it in
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	defer time.AfterFunc(mostTime, cancel).Stop()
	w := &fuzzWriter{ResponseRecorder: httptest.NewRecorder(), hangUp: cancel}
	start := time.Now()
	f.site.Config.Handler.ServeHTTP(w, request.WithContext(ctx))
	if took := time.Since(start); took > f.slowest {
		f.slowest, f.slowestIs = took, fmt.Sprintf("%.200q", said)
	}
	f.statuses[w.Code]++
	if err := judge(w.Result(), request.Method, w.Body.Bytes()); err != nil {
		t.Errorf("%v\n%.3000q\n%d: %.1000q", err, said, w.Code, w.Body.String())
	}
}

// targetRune drops what would end a line, and a blank of a target.
func targetRune(c rune) rune {
	if unicode.IsControl(c) || c == ' ' {
		return -1
	}
	return c
}

// A fuzzWriter hangs up when a stream has said something three times, or nothing more for a moment.
type fuzzWriter struct {
	*httptest.ResponseRecorder
	flushes int
	hangUp  func()
}

func (w *fuzzWriter) Flush() {
	w.ResponseRecorder.Flush()
	switch w.flushes++; w.flushes {
	case 1:
		time.AfterFunc(20*time.Millisecond, w.hangUp)
	case 3:
		w.hangUp()
	}
}

// judge says what is wrong with an answer.
func judge(resp *http.Response, method string, body []byte) error {
	switch {
	case resp.StatusCode == http.StatusServiceUnavailable && (resp.Header.Get("Retry-After") == "" || len(body) == 0 && method != http.MethodHead):
		return errors.New("a 503 without a reason")
	case resp.StatusCode >= 500 && resp.StatusCode != http.StatusServiceUnavailable:
		return errors.New("a bug")
	case len(body) > mostAnswer, resp.StatusCode >= 400 && len(body) > mostRefusal:
		return fmt.Errorf("%d bytes", len(body))
	}
	for name, values := range resp.Header {
		for _, v := range values {
			if strings.ContainsFunc(v, unicode.IsControl) || !utf8.ValidString(v) {
				return fmt.Errorf("header %s: %q", name, v)
			}
		}
	}
	if method == http.MethodHead {
		return nil // the server sends no body
	}
	if resp.Header.Get("Content-Encoding") == "gzip" && resp.StatusCode != http.StatusPartialContent && len(body) > 0 {
		gz, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return fmt.Errorf("said to be gzip: %w", err)
		}
		if body, err = io.ReadAll(gz); err != nil {
			return fmt.Errorf("said to be gzip: %w", err)
		}
	}
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil && len(body) > 0 {
		return fmt.Errorf("content type: %w", err)
	}
	if resp.StatusCode == http.StatusPartialContent {
		return nil // a part of a text need not be one
	}
	if (strings.HasPrefix(kind, "text/") || kind == "image/svg+xml" || kind == "application/json") && !utf8.Valid(body) {
		return errors.New("not UTF-8")
	}
	switch {
	case kind == "application/json" && len(body) > 0 && !json.Valid(body):
		return errors.New("not JSON")
	case kind == "text/event-stream":
		for line := range bytes.Lines(body) {
			if data, found := bytes.CutPrefix(line, []byte("data: ")); found && !json.Valid(data) {
				return fmt.Errorf("event is not JSON: %.100q", data)
			}
		}
	}
	return nil
}
