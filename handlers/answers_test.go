package handlers

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"gradlab/lessons"
)

const shrinking = "By the chain rule the gradient is a product of one factor per layer. Each factor is below one, so it shrinks exponentially and the early layers learn very slowly."

func TestFeedback(t *testing.T) {
	site := newSite(t)
	ask := func(body string) answer {
		return site.do(t, site.client(t), "POST", "/api"+questionPath+"/feedback", nil, "Content-Type", "application/json", "body", body)
	}
	got := ask(`{"text": "` + shrinking + `"}`)
	var result struct {
		Concepts []struct {
			ID    string
			Found bool
		}
	}
	if err := json.Unmarshal([]byte(got.body), &result); err != nil || got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	found := map[string]bool{}
	for _, c := range result.Concepts {
		found[c.ID] = c.Found
	}
	if len(result.Concepts) != 5 || !found["product-of-factors"] || !found["factors-below-one"] || found["saturating-activation"] {
		t.Errorf("got %s", got.body)
	}
	if got := ask(`{"text": ""}`); got.status != 200 || strings.Contains(got.body, "true") {
		t.Errorf("an empty text: %d %s", got.status, got.body)
	}
	for _, bad := range []string{``, `{`, `{}`, `[]`, `{"text": 5}`, `{"text": "a\u0000b"}`, `{"text": "` + strings.Repeat("x", 20_001) + `"}`} {
		if got := ask(bad); got.status != 400 || !strings.Contains(got.body, `"error"`) {
			t.Errorf("%.30s: %d %s", bad, got.status, got.body)
		}
	}
}

func TestHintsKeepTheDraft(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	got := site.do(t, c, "POST", questionPath+"/hints", url.Values{"text": {shrinking + " <b>"}, "revision": {"0"}})
	if got.status != 200 || !strings.Contains(got.body, "You seem to mention") || !strings.Contains(got.body, `<a href="/lessons/the-chain#the-chain-rule-with-the-numbers-in">Lesson 1: The chain rule, with the numbers in</a>`) || !strings.Contains(got.body, `&amp;x=0.5">In the lab: The chain</a>`) || !strings.Contains(got.body, "<mark>") || strings.Contains(got.body, "<b> ") || !strings.Contains(got.body, "&lt;b&gt;") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if page := site.do(t, c, "GET", questionPath, nil); !strings.Contains(page.body, "shrinks exponentially") {
		t.Error("asking for hints did not keep the text")
	}
}

// A weak answer is asked back, one question at a time, each opening the next; what a full answer names is the answer, and comes
// after the last of them.
func TestHintsAskBackBeforeTheyTell(t *testing.T) {
	site := newSite(t)
	for _, question := range []string{"vanishing-gradient", "four-limitations", "then-and-now"} {
		form := url.Values{"text": {"It is hard."}, "revision": {"0"}}
		if question == "then-and-now" {
			form.Set("part", "methods")
		}
		page := site.do(t, site.client(t), "POST", "/questions/"+question+"/hints", form).body
		_, hints, _ := strings.Cut(page, "data-hints tabindex")
		hints, _, _ = strings.Cut(hints, "found by rules, and no grade")
		seen, hidden, found := strings.Cut(hints, "<details>")
		if !found || strings.Count(seen, "data-ask") != 1 || strings.Contains(seen, "<li>") {
			t.Errorf("%s: want one question and nothing of the list in sight, got %s", question, seen)
		}
		if asked, list := strings.LastIndex(hidden, "data-ask"), strings.Index(hidden, "<li>"); list < 0 || asked > list {
			t.Errorf("%s: the list does not come after the last question: %s", question, hidden)
		}
		asked, q := strings.Count(hints, "data-ask"), questionOf(t, question)
		for _, c := range q.Concepts {
			if c.Ask == "" || strings.Contains(c.Ask, c.Label) {
				t.Errorf("%s: %s asks %q", question, c.ID, c.Ask)
			}
		}
		if want := len(q.Concepts); question != "then-and-now" && asked != want {
			t.Errorf("%s: %d questions, want one for each of %d concepts", question, asked, want)
		}
	}
}

func TestRunsGoWithAnswers(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	attach := func(run string) answer {
		return site.do(t, c, "POST", questionPath+"/run", url.Values{"run": {run}})
	}
	for _, bad := range []string{"/labs/nothing", "https://evil.example/labs/chain", "//evil.example/labs/chain", "javascript:alert(1)", "/labs/chain?x=%zz", "/labs/chain?x=" + strings.Repeat("1", 5000), "/questions"} {
		if got := attach(bad); got.status != 422 {
			t.Errorf("%.40s: %d, want 422", bad, got.status)
		}
	}
	if got := attach(site.URL + "/labs/chain?depth=7&x=2"); got.status != 303 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	page := site.do(t, c, "GET", questionPath, nil)
	if !strings.Contains(page.body, `href="/labs/chain?depth=7&amp;x=2"`) || !strings.Contains(page.body, "the chain: depth 7, x 2") {
		t.Error("the page does not show the run")
	}
	picture := site.do(t, c, "GET", "/labs/chain/picture.svg?depth=7&x=2", nil)
	if picture.header.Get("Content-Type") != "image/svg+xml" || strings.Count(picture.body, "<rect") < 10 {
		t.Errorf("the picture is %.200s", picture.body)
	}
	if got := site.do(t, c, "GET", "/answers/attach?run=%2Flabs%2Fchain%3Fdepth%3D3", nil); got.status != 200 || !strings.Contains(got.body, "/questions/vanishing-gradient?run=%2Flabs%2Fchain%3Fdepth%3D3") {
		t.Errorf("choosing an answer: %d", got.status)
	}
	if got := attach(""); got.status != 303 || strings.Contains(site.do(t, c, "GET", questionPath, nil).body, "Run attached") {
		t.Error("the run cannot be taken away")
	}
}

// Whatever form of the page is sent without scripts, what is in the box goes along, and is kept; so is a link that leads to no run.
func TestNoFormLosesTheAnswer(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	form := func(text, run string, revision string) url.Values {
		return url.Values{"part": {""}, "text": {text}, "run": {run}, "revision": {revision}}
	}
	kept := func(what, text string) {
		t.Helper()
		if page := site.do(t, c, "GET", questionPath, nil); !strings.Contains(page.body, text+"</textarea>") {
			t.Errorf("%s: the box holds %.200q", what, page.body[strings.Index(page.body, "<textarea"):])
		}
	}
	site.do(t, c, "POST", questionPath+"/run", form("One.", "/labs/chain?depth=7", "0")).wants(t, 303, "", "")
	kept("attaching", "One.")
	site.do(t, c, "POST", questionPath+"/run", form("Two.", "/labs/none", "1")).wants(t, 422, `value="/labs/none"`, "")
	kept("a bad run", "Two.")
	site.do(t, c, "POST", questionPath+"/hints", form("Three.", "/labs/non", "2")).wants(t, 200, `value="/labs/non"`, "")
	kept("hints", "Three.")
	site.do(t, c, "POST", questionPath, form(" ", "/labs/chain?depth=9", "3")).wants(t, 422, `value="/labs/chain?depth=9"`, "")
	site.do(t, c, "POST", questionPath, form("Four.", "/labs/chain?depth=9", "3")).wants(t, 303, "", "")
	kept("handing in", "Four.")
	if page := site.do(t, c, "GET", questionPath, nil); !strings.Contains(page.body, `href="/labs/chain?depth=9"`) {
		t.Error("the run that was typed when the answer was handed in is not beside it")
	}
	ticked := form("Five.", "", "4")
	ticked.Set("concept", "product-of-factors")
	site.do(t, c, "POST", questionPath+"/ticks", ticked).wants(t, 303, "", "")
	kept("ticking", "Five.")
	site.do(t, c, "GET", questionPath, nil).wants(t, 200, `value="product-of-factors" checked`, "")
}

func TestAnswersPage(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	if got := site.do(t, c, "GET", "/answers", nil); !strings.Contains(got.body, "Nothing yet") || strings.Contains(got.body, "Delete") {
		t.Error("without answers the page is not empty")
	}
	site.do(t, c, "POST", questionPath+"/draft", url.Values{"text": {"Mine, <i>only</i> mine."}, "revision": {"0"}})
	site.do(t, c, "POST", questionPath+"/run", url.Values{"run": {"/labs/chain?depth=3"}})
	page := site.do(t, c, "GET", "/answers", nil)
	if !strings.Contains(page.body, "Mine, &lt;i&gt;only&lt;/i&gt; mine.") || !strings.Contains(page.body, "/labs/chain?depth=3") {
		t.Errorf("the page lacks the answer: %s", page.body)
	}
	file := site.do(t, c, "GET", "/answers.md", nil)
	if !strings.Contains(file.header.Get("Content-Disposition"), "answers.md") || !strings.Contains(file.body, "Mine, <i>only</i> mine.") || !strings.Contains(file.body, "Run: <"+site.URL+"/labs/chain?depth=3>") {
		t.Errorf("the file is %s", file.body)
	}

	// The private link opens them elsewhere, after a question. Its secret stands where no browser sends it.
	_, rest, _ := strings.Cut(page.body, "/answers/here#")
	token, _, _ := strings.Cut(rest, `"`)
	other := site.client(t)
	for _, link := range []string{"/answers/here", "/answers/here?token=" + token} { // an older link
		if got := site.do(t, other, "GET", link, nil); got.status != 200 || got.header.Get("Set-Cookie") != "" {
			t.Errorf("the link alone: %d, sets %q", got.status, got.header.Get("Set-Cookie"))
		}
	}
	if got := site.do(t, other, "POST", "/answers/here", url.Values{"secret": {site.URL + "/answers/here#" + token}}); got.status != 303 {
		t.Errorf("using it: %d", got.status)
	}
	if got := site.do(t, other, "GET", "/answers", nil); !strings.Contains(got.body, "Mine, ") {
		t.Error("the other browser does not show the answers")
	}
	site.do(t, other, "POST", "/answers/here", url.Values{"secret": {"short"}}).wants(t, 422, `value="short"`, "")

	// Another link makes the old one, and the browsers that used it, open nothing.
	if got := site.do(t, c, "POST", "/answers/link", url.Values{}); got.status != 303 {
		t.Errorf("another link: %d", got.status)
	}
	if got := site.do(t, other, "GET", "/answers", nil); !strings.Contains(got.body, "Nothing yet") {
		t.Error("the old link still opens the answers")
	}
	page = site.do(t, c, "GET", "/answers", nil)
	page.wants(t, 200, "Mine, ", token)
	_, rest, _ = strings.Cut(page.body, "/answers/here#")
	token, _, _ = strings.Cut(rest, `"`)
	site.do(t, other, "POST", "/answers/here", url.Values{"secret": {token}})

	// Deleting wants to be sure, and deletes.
	if got := site.do(t, c, "POST", "/answers/delete", url.Values{}); got.status != 400 {
		t.Errorf("deleting without being sure: %d", got.status)
	}
	if got := site.do(t, c, "POST", "/answers/delete", url.Values{"sure": {"1"}}); got.status != 303 {
		t.Errorf("deleting: %d", got.status)
	}
	if got := site.do(t, other, "GET", "/answers", nil); !strings.Contains(got.body, "Nothing yet") {
		t.Error("something is left")
	}
}

func TestTicks(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	site.do(t, c, "POST", questionPath, url.Values{"text": {"x"}, "revision": {"0"}})
	site.do(t, c, "POST", questionPath+"/ticks", url.Values{"concept": {"product-of-factors", "nonsense"}})
	page := site.do(t, c, "GET", questionPath, nil)
	if !strings.Contains(page.body, `value="product-of-factors" checked`) || strings.Count(page.body, " checked>") > 1 {
		t.Error("the tick was not kept alone")
	}
}

// questionOf is one of our own questions.
func questionOf(t *testing.T, slug string) lessons.Question {
	t.Helper()
	library, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	q, found := library.Question(slug)
	if !found {
		t.Fatalf("there is no question %q", slug)
	}
	return q
}
