package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"gradlab/handlers/web"
)

// draftTo is the question of the site to which students write drafts beside the lecture.
const draftTo = "residual-fit"

// A killedLecture is given over HTTP by a teacher to three students, while the program goes and comes back. Each of them does one thing after
// the other, and does it again until it is answered, as pages do.
type killedLecture struct {
	*testing.T
	ctx    context.Context
	url    string
	ledger *ledger
}

// A somebody is in the lecture, with cookies of their own.
type somebody struct {
	*killedLecture
	name string
	http *http.Client
}

func (l *killedLecture) somebody(name string) *somebody {
	jar, err := cookiejar.New(nil)
	if err != nil {
		l.Error(err)
	}
	return &somebody{l, name, &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// send sends a form, or asks where it is nil, until there is an answer of a program that is well; its Location and its body. The status is 0
// where the lectures are over, or where it was sent before, without an answer, and is refused now: it may have been done already.
func (s *somebody) send(path string, form url.Values) (status int, location, body string) {
	for tries := 0; s.ctx.Err() == nil; tries++ {
		if tries > 0 {
			time.Sleep(10 * time.Millisecond)
		}
		method, content := http.MethodGet, io.Reader(nil)
		if form != nil {
			method, content = http.MethodPost, strings.NewReader(form.Encode())
		}
		r, err := http.NewRequestWithContext(s.ctx, method, s.url+path, content)
		if err != nil {
			s.Error(err)
			break
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if strings.HasSuffix(path, "/marks") || strings.HasSuffix(path, "/answer") || strings.Contains(path, "/stops/") {
			r.Header.Set("Accept", "application/json")
		}
		resp, err := s.http.Do(r)
		if err != nil {
			continue // nothing listens, or it was killed in the midst of it
		}
		b, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err == nil && resp.StatusCode < 500 && resp.StatusCode != http.StatusTooManyRequests {
			if tries > 0 && resp.StatusCode >= 400 {
				return 0, "", string(b)
			}
			return resp.StatusCode, resp.Header.Get("Location"), string(b)
		}
	}
	return 0, "", ""
}

// write sends a form, and notes what is acknowledged, under its name; it returns the revision that the answer names, or where it leads.
func (s *somebody) write(path string, form url.Values, n int64, name ...string) (revision, location string) {
	status, location, body := s.send(path, form)
	switch {
	case status == http.StatusOK || status == http.StatusSeeOther:
		if len(name) > 0 {
			s.ledger.acknowledge(n, name...)
		}
	case status != 0:
		s.Errorf("%s of %s: status %d: %.300s", path, s.name, status, body)
	}
	var said struct{ Revision json.Number }
	json.Unmarshal([]byte(body), &said) // of a page there is none
	return said.Revision.String(), location
}

var (
	placeOf  = regexp.MustCompile(`^/(?:plans|class|homework)/([A-Za-z0-9_-]+)`)
	memberOf = regexp.MustCompile(`/people/([A-Za-z0-9_-]+)/merge`)
	pointsOf = regexp.MustCompile(`name="points-([^"]+)"`)
	stopOf   = regexp.MustCompile(`name="stop" value="([^"]+)"`)
)

// leadsTo is the plan, class or homework to which an answer leads.
func leadsTo(location string) string {
	if m := placeOf.FindStringSubmatch(location); m != nil {
		return m[1]
	}
	return "none"
}

// give gives the lecture, until its end or that of all lectures.
func (l *killedLecture) give() {
	teacher := l.somebody("the teacher")
	_, at := teacher.write("/plans", url.Values{"title": {"A lecture"}}, 0)
	plan := leadsTo(at)
	var stops []string
	for _, form := range []url.Values{
		{"kind": {"predict-number"}, "title": {"How many?"}, "given": {"3"}, "path": {"/labs/chain?depth=7"}},
		{"kind": {"explore"}, "title": {"Train it"}, "path": {"/labs/train?steps=2&count=4&batch=2&depth=1"}, "goal": {"loss"}},
		{"kind": {"ask"}, "title": {"Why?"}},
	} {
		if len(stops) > 0 {
			form.Set("after", stops[len(stops)-1])
		}
		_, at := teacher.write("/plans/"+plan+"/stops", form, 0)
		_, stop, _ := strings.Cut(at, "?stop=")
		stops = append(stops, stop)
		l.ledger.acknowledge(1, "plan", plan, "stop", stop)
	}
	if l.ctx.Err() != nil {
		return
	}
	_, _, page := teacher.send("/plans/"+plan+"?stop="+stops[2], nil)
	revision := "0"
	if m := regexp.MustCompile(`name="revision" value="(\d+)"`).FindStringSubmatch(page); m != nil {
		revision = m[1]
	}
	for n := range int64(3) {
		revision, _ = teacher.write("/plans/"+plan+"/stops/"+stops[2], url.Values{"kind": {"ask"}, "title": {"Why?"}, "notes": {wordy(n + 1)}, "revision": {revision}}, n+1, "plan", plan, "notes", stops[2])
	}
	_, at = teacher.write("/class", url.Values{"title": {"A lecture"}, "plan": {"own-" + plan}}, 0)
	code := leadsTo(at)
	teacher.lecture(code)
	_, at = teacher.write("/plans/"+plan+"/homework", url.Values{"zone": {"UTC"}}, 0)
	work := leadsTo(at)
	teacher.homework(work)
}

// students do something each, all at the same time.
func (l *killedLecture) students(all []*somebody, do func(*somebody)) {
	var class sync.WaitGroup
	for _, s := range all {
		class.Go(func() { do(s) })
	}
	class.Wait()
}

// lecture goes through the plan in a class.
func (s *somebody) lecture(code string) {
	at := "/class/" + code
	act := func(form ...string) {
		values := url.Values{}
		for i := 0; i < len(form); i += 2 {
			values.Set(form[i], form[i+1])
		}
		s.write(at+"/do", values, 0)
	}
	_, _, page := s.send(at+"/remote", nil)
	var stops []string
	_, planned, _ := strings.Cut(page, `data-part="plan"`)
	for _, m := range stopOf.FindAllStringSubmatch(planned, -1) {
		if len(stops) == 0 || stops[len(stops)-1] != m[1] {
			stops = append(stops, m[1])
		}
	}
	if len(stops) != 3 { // one was added twice, since the answer to the first time was lost: another lecture begins
		return
	}
	all := []*somebody{s.somebody("Anna"), s.somebody("Ben"), s.somebody("Clara")}
	s.students(all, func(s *somebody) {
		s.send("/class", nil) // which makes this browser a visitor: who joins twice is one student then
		s.write("/class/join", url.Values{"code": {code}, "nickname": {s.name}}, 1, "class", code, "joined", s.name)
		s.drafts()
	})
	vote := func(round string) {
		s.students(all, func(s *somebody) {
			for n := range int64(3) {
				s.write(at+"/guess", url.Values{"stop": {stops[0]}, "round": {round}, "guess": {fmt.Sprint(n + 1)}, "confidence": {"2"}}, n+1, "class", code, "vote", s.name, round)
			}
		})
	}
	vote("1")
	for _, from := range []string{"asked", "locked", "discuss"} {
		act("do", "advance", "stop", stops[0], "phase", from, "round", "1")
	}
	vote("2")
	for _, from := range []string{"asked", "locked", "ran"} {
		act("do", "advance", "stop", stops[0], "phase", from, "round", "2")
	}
	act("do", "go", "stop", stops[1])
	s.students(all, func(s *somebody) {
		for seed := range 2 {
			run := fmt.Sprint(seed + 1 + 10*int(s.name[0]))
			s.write(at+"/submit", url.Values{"stop": {stops[1]}, "run": {"/labs/train?steps=2&count=4&batch=2&depth=1&seed=" + run}}, 1, "class", code, "run", s.name, run)
		}
	})
	act("do", "go", "stop", stops[2])
	s.students(all, func(s *somebody) {
		revision := "0"
		for n := range int64(3) {
			revision, _ = s.write(at+"/answer", url.Values{"stop": {stops[2]}, "text": {wordy(n + 1)}, "revision": {revision}}, n+1, "class", code, "answer", s.name)
		}
	})
	_, _, page = s.send(at+"/people", nil)
	for _, m := range memberOf.FindAllStringSubmatch(page, -1) {
		revision := "0"
		for n := range int64(2) {
			revision, _ = s.write(at+"/marks", url.Values{"stop": {stops[2]}, "member": {m[1]}, "points": {"1"}, "comment": {wordy(n + 1)}, "revision": {revision}}, n+1, "class", code, "mark", m[1])
		}
	}
	act("do", "release")
}

// drafts writes an answer to a question of the site, without handing it in.
func (s *somebody) drafts() {
	s.send("/questions/"+draftTo, nil)
	revision := "0"
	for n := range int64(2) {
		form := url.Values{"part": {""}, "text": {wordy(n + 1)}, "revision": {revision}}
		revision, _ = s.write("/questions/"+draftTo+"/draft", form, n+1)
		at, err := url.Parse(s.url)
		if err != nil {
			s.Error(err)
			return
		}
		for _, cookie := range s.http.Jar.Cookies(at) {
			if cookie.Name == "visitor" && revision == fmt.Sprint(n+1) {
				s.ledger.acknowledge(n+1, "draft", web.Owner(cookie.Value), draftTo)
			}
		}
	}
}

// homework sets the plan, and students do it.
func (s *somebody) homework(work string) {
	_, _, page := s.send("/homework/"+work+"/teach", nil)
	var stops []string // that count: the prediction and the question
	for _, m := range pointsOf.FindAllStringSubmatch(page, -1) {
		stops = append(stops, m[1])
	}
	if len(stops) != 2 { // see lecture
		return
	}
	at, now := "/homework/"+work, time.Now().UTC()
	terms := url.Values{"title": {"At home"}, "zone": {"UTC"}, "grace": {"15"}, "from": {now.Add(-time.Hour).Format("2006-01-02T15:04")}, "until": {now.Add(24 * time.Hour).Format("2006-01-02T15:04")}, "set": {"1"}}
	for _, stop := range stops {
		terms.Set("points-"+stop, "10")
		terms.Set("weight-"+stop, "1")
	}
	s.write(at+"/teach", terms, 0)
	s.students([]*somebody{s.somebody("Anna"), s.somebody("Ben")}, func(s *somebody) {
		s.send(at, nil)
		s.write(at+"/join", url.Values{"nickname": {s.name}}, 1, "homework", work, "joined", s.name)
		s.write(at+"/stops/"+stops[0]+"/guess", url.Values{"guess": {"3"}}, 3, "homework", work, "guess", s.name)
		revision := "0"
		for n := range int64(3) {
			form := url.Values{"part": {""}, "text": {wordy(n + 1)}, "revision": {revision}}
			revision, _ = s.write(at+"/stops/"+stops[1]+"/answer/draft", form, n+1, "homework", work, "answer", s.name)
		}
	})
}
