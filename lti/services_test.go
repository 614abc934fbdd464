package lti_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gradlab/lti"
	"gradlab/lti/ltitest"
)

// A course of 5,000 is read page by page; names may hold anything, or be kept back.
func TestMembers(t *testing.T) {
	p := ltitest.New(t)
	for i := range 5000 {
		p.Enrol(ltitest.User{ID: fmt.Sprint("u-", i), Name: fmt.Sprintf("<script>alert(%d)</script>", i), Roles: []string{ltitest.Learner}})
	}
	made := newTool(t)
	known := registered(t, made, p)
	from := p.URL + "/courses/c1/members"
	all, err := made.client.Members(t.Context(), known, from)
	if err != nil || len(all) != 5001 || !all[0].Teaches() || all[1].Teaches() || all[5000].Name != "<script>alert(4999)</script>" {
		t.Fatalf("%d members, %v", len(all), err)
	}
	if n := p.Calls("/token"); n != 1 {
		t.Errorf("%d tokens for one roster, want 1", n)
	}
	p.Forget()
	if all, err := made.client.Members(t.Context(), known, from); err != nil || len(all) != 5001 {
		t.Errorf("after the platform forgot its tokens: %d members, %v", len(all), err)
	}
	p.Away(true)
	if _, err := made.client.Members(t.Context(), known, from); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("while the platform is away: %v", err)
	}
}

// A list that never ends, or leads elsewhere with our token, is broken off.
func TestMembersAreBounded(t *testing.T) {
	p := ltitest.New(t)
	made := newTool(t)
	known := registered(t, made, p)
	next := ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", strings.ReplaceAll(next, "{}", lti.Random()))
		var b strings.Builder
		b.WriteString(`{"members":[`)
		for i := range 100 {
			fmt.Fprintf(&b, `{"user_id":"%d"},`, i)
		}
		w.Write([]byte(strings.TrimSuffix(b.String(), ",") + "]}"))
	}))
	t.Cleanup(s.Close)
	for link, want := range map[string]string{
		`<` + s.URL + `/?p={}>; rel="next"`: "more than 10000", `<` + s.URL + `/same>; rel=next`: "does not end",
		`<https://elsewhere.example/>; rel="next"`: "another site", `<` + s.URL + `/>; rel="prev"`: "",
	} {
		next = link
		all, err := made.client.Members(t.Context(), known, s.URL+"/")
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) || len(all) > lti.MaxMembers {
			t.Errorf("%s: %d members, %v, want %q", link, len(all), err, want)
		}
	}
}

// Of two scores the later one stays, and the same one may come again.
func TestScores(t *testing.T) {
	p := ltitest.New(t, "Sue")
	made := newTool(t)
	known := registered(t, made, p)
	link := p.AddLink("c1", "Graded", made.Base+"/class", true)
	at := time.Now()
	s := lti.Score{Subject: "s-1", Given: 7.5, Maximum: 10, At: at}
	for range 2 {
		if err := made.client.SendScore(t.Context(), known, link.LineItem, s); err != nil {
			t.Fatal(err)
		}
	}
	earlier := lti.Score{Subject: "s-1", Given: 1, Maximum: 10, At: at.Add(-time.Minute)}
	if err := made.client.SendScore(t.Context(), known, link.LineItem, earlier); err != nil {
		t.Errorf("an earlier score: %v", err)
	}
	if got := p.Scores()[[2]string{link.LineItem, "s-1"}]; got.Given != 7.5 || got.Maximum != 10 {
		t.Errorf("the gradebook has %+v", got)
	}
	taken := lti.Score{Subject: "s-1", None: true, At: at.Add(time.Minute)}
	if err := made.client.SendScore(t.Context(), known, link.LineItem, taken); err != nil {
		t.Errorf("a score that is taken back: %v", err)
	}
	if got := p.Scores()[[2]string{link.LineItem, "s-1"}]; !got.Cleared || got.Given != 0 {
		t.Errorf("after it was taken back the gradebook has %+v", got)
	}
	stranger := lti.Score{Subject: "s-99", Given: 1, Maximum: 10, At: at}
	if err := made.client.SendScore(t.Context(), known, link.LineItem, stranger); !lti.Final(err) {
		t.Errorf("of one who is not in the course: %v, want one that stays", err)
	}
	p.Away(true)
	if err := made.client.SendScore(t.Context(), known, link.LineItem, s); err == nil || lti.Final(err) {
		t.Errorf("while the platform is away: %v, want one that passes", err)
	}
}

// A link's column is found, or made once.
func TestLineItem(t *testing.T) {
	p := ltitest.New(t)
	made := newTool(t)
	known := registered(t, made, p)
	link := p.AddLink("c1", "Not graded yet", made.Base+"/class", false)
	g := lti.Grades{LineItems: p.URL + "/courses/c1/lineitems", Scopes: ltitest.Scopes}
	if !g.Scored() || (lti.Grades{LineItems: "x"}).Scored() {
		t.Error("what a launch grants is misread")
	}
	first, err := made.client.LineItem(t.Context(), known, g, link.ID, "A label", 20)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := made.client.LineItem(t.Context(), known, g, link.ID, "A label", 20); err != nil || second != first {
		t.Errorf("%q, then %q, %v", first, second, err)
	}
	g.LineItem = "https://lms.example/7"
	if own, err := made.client.LineItem(t.Context(), known, g, link.ID, "A label", 20); err != nil || own != g.LineItem {
		t.Errorf("%q, %v", own, err)
	}
}

// Our keys change: a new one is published before it signs, and an old one after.
func TestRing(t *testing.T) {
	begun := time.Now()
	old, err := lti.NewKey(begun)
	if err != nil {
		t.Fatal(err)
	}
	ring := lti.Ring{old}
	if ring.Due(begun.Add(89*24*time.Hour)) || !ring.Due(begun.Add(90*24*time.Hour)) || !(lti.Ring{}).Due(begun) {
		t.Error("a key is made at the wrong time")
	}
	if ring.Signer(begun).ID != old.ID {
		t.Error("the first key does not sign at once")
	}
	young, err := lti.NewKey(begun.Add(90 * 24 * time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	ring = lti.Ring{young, old}
	if ring.Signer(young.Made.Add(time.Hour)).ID != old.ID || ring.Signer(young.Made.Add(25*time.Hour)).ID != young.ID || len(ring.Public().Keys) != 2 {
		t.Error("the new key signs too early or too late")
	}
	sealed, err := old.Sealed("the operator’s secret")
	if err != nil {
		t.Fatal(err)
	}
	if back, err := lti.OpenKey("the operator’s secret", old.ID, old.Made, sealed); err != nil || !back.Private.Equal(old.Private) {
		t.Errorf("sealed and opened: %v", err)
	}
	if _, err := lti.OpenKey("another", old.ID, old.Made, sealed); err == nil {
		t.Error("another secret opens the key")
	}
}
