package handlers

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gradlab/answers"
)

const questionPath = "/questions/vanishing-gradient"

func TestAnswerIsKeptAndShowsTheModelAfterAnAttempt(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	text := "Gradients <b>shrink</b> & vanish.\n\n<script>alert(1)</script>"
	draft := site.do(t, c, "POST", questionPath+"/draft", url.Values{"text": {text}, "revision": {"0"}})
	var saved struct {
		Revision int64
		Saved    string
	}
	if err := json.Unmarshal([]byte(draft.body), &saved); err != nil || draft.status != 200 || saved.Revision != 1 || saved.Saved == "" {
		t.Fatalf("%d %s", draft.status, draft.body)
	}
	page := site.do(t, c, "GET", questionPath, nil)
	if !strings.Contains(html.UnescapeString(page.body), text) || strings.Contains(page.body, "<script>alert") || strings.Contains(page.body, "A model answer") {
		t.Errorf("the draft is not shown as it was written: %s", page.body)
	}
	if list := site.do(t, c, "GET", "/questions", nil); !strings.Contains(list.body, ">draft<") {
		t.Error("the list does not show the draft")
	}
	attempt := site.do(t, c, "POST", questionPath, url.Values{"text": {strings.ReplaceAll(text, "\n", "\r\n")}, "revision": {"1"}, "submit": {"1"}})
	if attempt.status != 303 || attempt.header.Get("Location") != questionPath {
		t.Fatalf("%d %s", attempt.status, attempt.body)
	}
	if page = site.do(t, c, "GET", questionPath, nil); !strings.Contains(page.body, "A model answer") || !strings.Contains(page.body, "Sources") {
		t.Error("the model answer does not appear after an attempt")
	}
	if list := site.do(t, c, "GET", "/questions", nil); !strings.Contains(list.body, ">answered<") {
		t.Error("the list does not show the answer")
	}
	if other := site.do(t, site.client(t), "GET", questionPath, nil); strings.Contains(other.body, "&amp; vanish") {
		t.Error("another visitor sees the answer")
	}
}

func TestQuestionOfPartsIsAnsweredWhenAllAre(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	q, _ := site.config.Library.Question("then-and-now")
	for i, p := range q.Parts {
		part, want := p.ID, "draft"
		if i == len(q.Parts)-1 {
			want = "answered"
		}
		got := site.do(t, c, "POST", "/questions/then-and-now", url.Values{"part": {part}, "text": {"yes"}, "revision": {"0"}})
		if got.status != 303 || got.header.Get("Location") != "/questions/then-and-now#"+part {
			t.Fatalf("part %s: %d %s", part, got.status, got.body)
		}
		if list := site.do(t, c, "GET", "/questions", nil); !strings.Contains(list.body, ">"+want+"<") {
			t.Errorf("after part %s the list lacks %q", part, want)
		}
	}
}

func TestUnfitAnswersStayInTheBox(t *testing.T) {
	site := newSite(t)
	long := strings.Repeat("ä", answers.MaxCharacters+1)
	for _, test := range []struct {
		name, text string
		says       string
	}{
		{"too long", long, "up to 20,000 characters"},
		{"NUL", "a\x00b", "NUL"},
		{"not UTF-8", "a\xffb", "UTF-8"},
		{"nothing", " \n\t ", "Write something"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := site.client(t)
			got := site.do(t, c, "POST", questionPath, url.Values{"text": {test.text}, "revision": {"0"}})
			if got.status != 422 || !strings.Contains(html.UnescapeString(got.body), test.says) {
				t.Errorf("status %d lacks %q", got.status, test.says)
			}
			if kept := strings.ToValidUTF8(strings.Trim(test.text, "\x00"), ""); test.name == "too long" && !strings.Contains(got.body, kept) {
				t.Error("the text is not in the box any more")
			}
			if test.name == "nothing" {
				return // fit as a draft
			}
			draft := site.do(t, c, "POST", questionPath+"/draft", url.Values{"text": {test.text}, "revision": {"0"}})
			if draft.status != 422 || !strings.Contains(draft.body, test.says) || !strings.Contains(draft.body, `"fields":{"text"`) {
				t.Errorf("draft: %d %.300s", draft.status, draft.body)
			}
		})
	}
	c := site.client(t)
	fits := strings.Repeat("€", answers.MaxCharacters) // nine bytes each in a form
	if got := site.do(t, c, "POST", questionPath+"/draft", url.Values{"text": {fits}, "revision": {"0"}}); got.status != 200 {
		t.Errorf("20,000 characters: %d %.300s", got.status, got.body)
	}
	huge := strings.Repeat("x", 10<<20)
	for _, path := range []string{questionPath, questionPath + "/draft"} {
		if got := site.do(t, c, "POST", path, url.Values{"text": {huge}, "revision": {"1"}}); got.status != 413 || !strings.Contains(got.body, "Nothing was saved") {
			t.Errorf("10 MB to %s: %d %.300s", path, got.status, got.body)
		}
	}
}

func TestTwoTabsDoNotOverwriteEachOther(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	save := func(text, revision string) answer {
		return site.do(t, c, "POST", questionPath+"/draft", url.Values{"text": {text}, "revision": {revision}})
	}
	save("first", "0")
	save("first, longer", "1")
	late := save("from the other tab", "1")
	if late.status != 409 || !strings.Contains(late.body, "first, longer") || !strings.Contains(late.body, `"revision":2`) {
		t.Errorf("a stale write: %d %s", late.status, late.body)
	}
	form := site.do(t, c, "POST", questionPath, url.Values{"text": {"from the other tab"}, "revision": {"1"}})
	if form.status != 409 || !strings.Contains(form.body, "from the other tab") || !strings.Contains(form.body, "first, longer") {
		t.Errorf("a stale attempt: %d", form.status)
	}
	if got := save("both", "2"); got.status != 200 {
		t.Errorf("the write that has seen the other text: %d %s", got.status, got.body)
	}
}

func TestMissingAndForgedCookies(t *testing.T) {
	site := newSite(t)
	none := &http.Client{}
	got := site.do(t, none, "POST", questionPath+"/draft", url.Values{"text": {"no cookie"}, "revision": {"0"}})
	if got.status != 200 || !strings.Contains(got.header.Get("Set-Cookie"), "visitor=") {
		t.Errorf("without a cookie: %d %v", got.status, got.header)
	}
	cookie := got.header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie %q lacks %s", cookie, want)
		}
	}
	for _, forged := range []string{"x", "../../etc/passwd", strings.Repeat("A", 43), strings.Repeat("A", 5000), "'; DROP TABLE answers; --"} {
		got := site.do(t, none, "GET", questionPath, nil, "Cookie", "visitor="+forged)
		if got.status != 200 || strings.Contains(got.body, "no cookie") {
			t.Errorf("forged cookie %.20q: %d", forged, got.status)
		}
	}
}

func TestBadForms(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	for name, form := range map[string]url.Values{
		"no such part":  {"part": {"nothing"}, "text": {"x"}},
		"bad revision":  {"text": {"x"}, "revision": {"one"}},
		"huge revision": {"text": {"x"}, "revision": {strconv.FormatUint(1<<63-1, 10)}},
	} {
		if got := site.do(t, c, "POST", questionPath+"/draft", form); got.status != 400 {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
}

// Every lab that a question points to answers, and without an error beside a control.
func TestLabsOfQuestionsExist(t *testing.T) {
	site := newSite(t)
	fault := regexp.MustCompile(`data-error="[^"]*" role="status">\s*[^<\s]`)
	if got := site.do(t, site.client(t), "GET", "/labs/chain?depth=0", nil); !fault.MatchString(got.body) {
		t.Fatal("an error beside a control is not found")
	}
	for _, q := range site.config.Library.Questions() {
		for _, lab := range q.Labs {
			got := site.do(t, site.client(t), "GET", lab.Href(), nil)
			if said := fault.FindString(got.body); got.status != 200 || said != "" {
				t.Errorf("%s points to %s: %d %s", q.Slug, lab.Href(), got.status, said)
			}
		}
	}
}
