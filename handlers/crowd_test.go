package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// A flood of fresh cookies fills no disk: beyond an allowance newcomers wait, on every route that keeps something, with their
// text in the box; who has something kept goes on.
func TestFreshCookiesAreLimited(t *testing.T) {
	if testing.Short() {
		t.Skip("more than 3,000 requests one after the other: no race is in them")
	}
	now := time.Now()
	site := newSite(t, func(c *Config) { c.Clock = func() time.Time { return now } })
	draft := func(c *http.Client, revision string) answer {
		return site.do(t, c, "POST", questionPath+"/draft", url.Values{"text": {"mine " + revision}, "revision": {revision}})
	}
	early := site.client(t)
	if got := draft(early, "0"); got.status != 200 {
		t.Fatalf("the first: %d", got.status)
	}
	refused := 0
	for range 3100 {
		if got := draft(site.client(t), "0"); got.status == 503 && got.header.Get("Retry-After") != "" && strings.Contains(got.body, "Very many") {
			refused++
		} else if got.status != 200 {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	if refused != 3100-2999 {
		t.Errorf("%d of 3,100 newcomers were refused", refused)
	}
	if got := draft(early, "1"); got.status != 200 {
		t.Errorf("who was there before: %d %s", got.status, got.body)
	}
	for path, form := range map[string]url.Values{
		questionPath: {"text": {"mine"}}, questionPath + "/hints": {"text": {"mine"}}, questionPath + "/run": {"run": {"/labs/chain"}}, questionPath + "/ticks": {"concept": {"x"}},
		"/lessons/the-chain/read": {}, "/lessons/the-chain/predictions/who": {"pass": {"1"}},
	} {
		got := site.do(t, site.client(t), "POST", path, form)
		if got.status != 503 || got.header.Get("Retry-After") == "" || form.Has("text") && !strings.Contains(got.body, "mine") {
			t.Errorf("a newcomer at %s: %d", path, got.status)
		}
	}
	got := site.do(t, site.client(t), "POST", "/inventory/inventory-before", filled(t, site.config.Library.Inventory()[0], 4))
	got.wants(t, 503, "What you chose is still here", "Choose one of the answers")
	if n := strings.Count(got.body, " checked"); n != 10 || got.header.Get("Retry-After") == "" {
		t.Errorf("%d of a newcomer’s 10 choices are kept", n)
	}
	now = now.Add(time.Minute)
	if got := draft(site.client(t), "0"); got.status != 200 {
		t.Errorf("a minute later: %d", got.status)
	}
	for range 240 {
		draft(early, "2")
	}
	if got := draft(early, "2"); got.status != 429 {
		t.Errorf("one visitor without end: %d, want 429", got.status)
	}
}
