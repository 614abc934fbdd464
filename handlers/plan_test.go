package handlers

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gradlab/classroom"
	"gradlab/plans"
)

var planPath = regexp.MustCompile(`^/plans/([A-Za-z0-9_-]{16})`)

// A testPlan is a plan with its owner.
type testPlan struct {
	*testSite
	owner *http.Client
	id    string
}

func newTestPlan(t *testing.T, s *testSite) *testPlan {
	t.Helper()
	p := &testPlan{testSite: s, owner: s.client(t)}
	p.id = p.follow(t, p.do(t, p.owner, "POST", "/plans", url.Values{"title": {"My plan"}}))
	return p
}

// follow is the plan that an answer leads to.
func (p *testPlan) follow(t *testing.T, got answer) string {
	t.Helper()
	m := planPath.FindStringSubmatch(got.header.Get("Location"))
	if got.status != http.StatusSeeOther || m == nil {
		t.Fatalf("status %d to %q\n%.500s", got.status, got.header.Get("Location"), got.body)
	}
	return m[1]
}

func (p *testPlan) stored(t *testing.T) plans.Plan {
	t.Helper()
	stored, err := p.store.Plan(t.Context(), p.id)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func (p *testPlan) post(t *testing.T, path string, form url.Values, headers ...string) answer {
	t.Helper()
	return p.do(t, p.owner, "POST", "/plans/"+p.id+path, form, headers...)
}

// add adds a stop that is asked in words.
func (p *testPlan) add(t *testing.T, title, after string) string {
	t.Helper()
	got := p.post(t, "/stops", url.Values{"kind": {"ask"}, "title": {title}, "after": {after}})
	_, id, found := strings.Cut(got.header.Get("Location"), "?stop=")
	if !found {
		t.Fatalf("adding: status %d\n%.500s", got.status, got.body)
	}
	return id
}

func (p *testPlan) titles(t *testing.T) string {
	t.Helper()
	var all []string
	for _, s := range p.stored(t).Stops {
		all = append(all, s.Title)
	}
	return strings.Join(all, " ")
}

// A plan outlives the class: it is written, moved, copied, opened as a class and kept from one, and every save can be taken back.
func TestPlan(t *testing.T) {
	site := newSite(t)
	p := newTestPlan(t, site)
	one := p.add(t, "one", "")
	two := p.add(t, "two", one)
	p.add(t, "three", two)
	if got := p.titles(t); got != "one two three" {
		t.Errorf("three stops that are added stand as %s", got)
	}
	for _, test := range []struct{ do, stop, to, want string }{
		{"up", one, "", "one two three"}, {"down", one, "", "two one three"}, {"move", one, "2", "two three one"}, {"move", one, "99", "two three one"}, {"up", one, "", "two one three"},
		{"move", two, "2", "one three two"}, {"move", two, "0", "two one three"}, {"repeat", one, "", "two one one three"}, {"drop", two, "", "one one three"},
	} {
		if got := p.post(t, "/do", url.Values{"do": {test.do}, "stop": {test.stop}, "to": {test.to}}); got.status != 303 || p.titles(t) != test.want {
			t.Errorf("%s: status %d, then %s, want %s", test.do, got.status, p.titles(t), test.want)
		}
	}
	versions, err := p.store.PlanVersions(t.Context(), p.id)
	if err != nil || len(versions) != 10 { // three stops added, seven changes: what moved nowhere is none
		t.Errorf("%d versions, %v", len(versions), err)
	}
	if got := p.do(t, p.owner, "GET", fmt.Sprintf("/plans/%s/versions?revision=%d", p.id, versions[0].Revision), nil); got.status != 200 || !strings.Contains(got.body, "## two") {
		t.Errorf("looking at a version: status %d", got.status)
	}
	if got := p.post(t, "/do", url.Values{"do": {"restore"}, "revision": {fmt.Sprint(versions[0].Revision)}}); got.status != 303 || p.titles(t) != "two one one three" {
		t.Errorf("restored: status %d, %s", got.status, p.titles(t))
	}

	exported := p.do(t, p.owner, "GET", "/plans/"+p.id+"/export.md", nil)
	again := &testPlan{testSite: site, owner: p.owner}
	again.id = again.follow(t, p.do(t, p.owner, "POST", "/plans/import", url.Values{"markdown": {exported.body}}))
	if back := again.stored(t); back.Title != "My plan" || again.titles(t) != p.titles(t) {
		t.Errorf("imported: %q, %s", back.Title, again.titles(t))
	}
	got := p.do(t, p.owner, "POST", "/class", url.Values{"title": {"x"}, "plan": {"own-" + p.id}})
	m := remotePath.FindStringSubmatch(got.header.Get("Location"))
	if m == nil {
		t.Fatalf("opening a class: status %d", got.status)
	}
	c, err := site.store.ClassByCode(t.Context(), m[1])
	if err != nil || len(c.Plan) != 4 || c.Shown().Title != "two" || c.Shown().Phase != classroom.Asked {
		t.Errorf("the class shows %+v, %v", c.Shown(), err)
	}
	kept := &testPlan{testSite: site, owner: p.owner}
	kept.id = kept.follow(t, p.do(t, p.owner, "POST", "/class/"+c.Code+"/plan/keep", nil))
	if kept.titles(t) != p.titles(t) || kept.stored(t).Stops[0].Phase != classroom.Waiting {
		t.Errorf("kept from a class: %s, %+v", kept.titles(t), kept.stored(t).Stops[0])
	}
}

// A stop of every kind that the page offers is begun by one button, which asks for nothing else.
func TestEveryKindOfStopCanBeBegun(t *testing.T) {
	p := newTestPlan(t, newSite(t))
	_, offered, _ := strings.Cut(p.do(t, p.owner, "GET", "/plans/"+p.id, nil).body, `id="new-kind"`)
	offered, _, _ = strings.Cut(offered, "</select>")
	kinds := regexp.MustCompile(`value="([^"]+)"`).FindAllStringSubmatch(offered, -1)
	if len(kinds) < 6 {
		t.Fatalf("%d kinds are offered", len(kinds))
	}
	for _, kind := range kinds {
		if got := p.post(t, "/stops", url.Values{"kind": {kind[1]}}); got.status != 303 {
			t.Errorf("%s: status %d", kind[1], got.status)
		}
	}
}

// What is wrong with a stop is said at its field, and what was typed is there; a newer text of another tab is shown, and neither is lost.
func TestPlanKeepsWhatIsTyped(t *testing.T) {
	p := newTestPlan(t, newSite(t))
	id := p.add(t, "one", "")
	at := p.stored(t).Stops[0].Revision
	form := func(title string, revision int64) url.Values {
		return url.Values{"kind": {"ask"}, "title": {title}, "notes": {"My notes"}, "revision": {fmt.Sprint(revision)}}
	}
	for _, test := range []struct{ title, path, at string }{{" ", "", "title"}, {strings.Repeat("x", 301), "", "title"}, {"x", "https://evil.example/", "path"}} {
		f := form(test.title, at)
		f.Set("path", test.path)
		if got := p.post(t, "/stops/"+id, f); got.status != 422 || !strings.Contains(got.body, `"add-`+test.at+`-error" aria-invalid="true"`) || !strings.Contains(got.body, "My notes") {
			t.Errorf("%.20q: status %d; want the reason at its field, and what was typed", test.title, got.status)
		}
		var body struct{ Fields map[string]string }
		got := p.post(t, "/stops/"+id, f, "Accept", "application/json")
		if err := json.Unmarshal([]byte(got.body), &body); err != nil || got.status != 422 || body.Fields[test.at] == "" {
			t.Errorf("%.20q to a script: status %d, %s", test.title, got.status, got.body)
		}
	}
	save := func(title string, revision int64) (status int, said struct {
		Revision int64
		Current  *struct {
			Revision int64
			Text     string
		}
		Parts map[string]string
	}) {
		got := p.post(t, "/stops/"+id, form(title, revision), "Accept", "application/json")
		if err := json.Unmarshal([]byte(got.body), &said); err != nil {
			t.Fatal(err, got.body)
		}
		return got.status, said
	}
	_, first := save("first tab", at)
	if status, again := save("first tab", at); status != 200 || again.Revision != first.Revision || !strings.Contains(again.Parts["wall"], "first tab") || !strings.Contains(again.Parts["phone"], "class-answer") {
		t.Errorf("the same again, its answer lost: status %d, %+v", status, again)
	}
	status, second := save("second tab", at)
	if status != 409 || second.Current == nil || !strings.Contains(second.Current.Text, "first tab") || p.titles(t) != "first tab" {
		t.Fatalf("a second tab: status %d, %+v", status, second)
	}
	if got := p.post(t, "/stops/"+id, form("second tab", at)); got.status != 409 || !strings.Contains(got.body, "second tab") || !strings.Contains(got.body, "first tab") {
		t.Errorf("without scripts: status %d; want both texts", got.status)
	}
	if status, _ := save("second tab", second.Current.Revision); status != 200 || p.titles(t) != "second tab" {
		t.Errorf("knowing the other: status %d, %s", status, p.titles(t))
	}
	versions, err := p.store.PlanVersions(t.Context(), p.id)
	// The empty plan, the stop before anybody typed in it, and the text that the second tab replaced: pauses in typing are no versions.
	if err != nil || len(versions) != 3 || versions[0].Stops[0].Title != "first tab" {
		t.Errorf("%d versions, the last %+v, %v; want the text that was replaced", len(versions), versions[0], err)
	}
	for _, test := range []struct {
		title, seen string
		status      int
		want        string
	}{{"Mine", "My plan", 303, "Mine"}, {"Yours", "My plan", 422, "Mine"}, {"Mine", "My plan", 303, "Mine"}, {"Yours", "Mine", 303, "Yours"}, {" ", "Yours", 422, "Yours"}} {
		got := p.post(t, "", url.Values{"title": {test.title}, "seen": {test.seen}})
		if now := p.stored(t).Title; got.status != test.status || now != test.want || got.status == 422 && (!strings.Contains(got.body, `value="`+test.title+`"`) || !strings.Contains(got.body, `name="seen" value="`+now+`"`)) {
			t.Errorf("%q over %q: status %d, then it is %q, want %d and %q; what is refused is in the form", test.title, test.seen, got.status, now, test.status, test.want)
		}
	}
	p.add(t, "another", id)
	p.post(t, "/do", url.Values{"do": {"drop"}, "stop": {id}})
	if got := p.post(t, "/stops/"+id, form("typed on", 2)); got.status != 422 || !strings.Contains(got.body, "typed on") || !strings.Contains(got.body, `action="/plans/`+p.id+`/stops"`) {
		t.Errorf("taken out meanwhile: status %d; want the form, to add it anew", got.status)
	}
	for range classroom.MaxStops - 1 {
		p.add(t, "x", "")
	}
	if got := p.post(t, "/stops", form("the 61st", 0)); got.status != 422 || !strings.Contains(got.body, "the 61st") || !strings.Contains(got.body, "at most 60 stops") {
		t.Errorf("the 61st stop: status %d", got.status)
	}
}

// send posts a picture.
func (p *testPlan) send(t *testing.T, stop string, content []byte, alt ...string) answer {
	t.Helper()
	body, kind := pictureForm(t, append(alt, "A boot")[0], content)
	return p.do(t, p.owner, "POST", "/plans/"+p.id+"/stops/"+stop+"/picture", nil, "body", body, "Content-Type", kind)
}

// pictureForm is a form with a picture, and its Content-Type.
func pictureForm(t *testing.T, alt string, content []byte) (form, kind string) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	w.WriteField("alt", alt)
	part, err := w.CreateFormFile("picture", "x.png")
	if err != nil {
		t.Fatal(err)
	}
	part.Write(content)
	w.Close()
	return body.String(), w.FormDataContentType()
}

// bomb is a PNG of some bytes that says that it is very large.
func bomb(t *testing.T, w, h uint32) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	content := b.Bytes()
	binary.BigEndian.PutUint32(content[16:], w)
	binary.BigEndian.PutUint32(content[20:], h)
	binary.BigEndian.PutUint32(content[29:], crc32.ChecksumIEEE(content[12:29]))
	return content
}

// A picture is decoded within bounds, and written anew; what is none, or too much, is refused at its field.
func TestPicture(t *testing.T) {
	p := newTestPlan(t, newSite(t))
	id := p.add(t, "one", "")
	var good bytes.Buffer
	if err := png.Encode(&good, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	tail := append(slices.Clone(good.Bytes()), "<script>alert(1)</script>"...)
	for name, test := range map[string]struct {
		content []byte
		want    string
	}{
		"nothing":          {nil, "Choose a picture first"},
		"20 MB":            {make([]byte, 20<<20), "larger than 1 MB"},
		"no picture":       {[]byte("GIF89a"), "no PNG and no JPEG"},
		"a web page":       {[]byte("<svg onload=alert(1)>"), "no PNG and no JPEG"},
		"a bomb":           {bomb(t, 50_000, 50_000), "50000 × 50000 pixels"},
		"many pixels":      {bomb(t, 11_000, 11_000), "11000 × 11000 pixels"},
		"one that is long": {bomb(t, 1<<31-1, 1), "pixels"},
		"a damaged one":    {bomb(t, 2000, 2000), "damaged"},
	} {
		if got := p.send(t, id, test.content); got.status != 422 || !strings.Contains(got.body, test.want) || !strings.Contains(got.body, `value="A boot"`) {
			t.Errorf("%s: status %d, want %q at the field: %.300s", name, got.status, test.want, got.body)
		}
	}
	refused := p.send(t, id, good.Bytes(), strings.Repeat("x", classroom.MaxTitle+1))
	if picture, err := plans.ReadPicture(good.Bytes()); err != nil || refused.status != 422 {
		t.Errorf("with too many words: status %d, %v", refused.status, err)
	} else if _, stray, err := p.store.Picture(t.Context(), picture.Name); stray || err != nil {
		t.Errorf("what the plan does not take is kept: %v, %v", stray, err)
	}
	if got := p.send(t, id, tail); got.status != 303 {
		t.Fatalf("a good one: status %d: %.300s", got.status, got.body)
	}
	stop := p.stored(t).Stops[0]
	got := p.do(t, p.client(t), "GET", "/pictures/"+stop.Picture, nil)
	if stop.Alt != "A boot" || got.status != 200 || got.header.Get("Content-Type") != "image/png" || !strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox") || strings.Contains(got.body, "script") {
		t.Errorf("served: %+v, status %d, %v", stop, got.status, got.header)
	}
	if back, _, err := image.Decode(strings.NewReader(got.body)); err != nil || back.Bounds() != image.Rect(0, 0, 40, 30) {
		t.Errorf("served: %v", err)
	}
	got = p.do(t, p.owner, "POST", "/class", url.Values{"plan": {"own-" + p.id}})
	if wall := p.do(t, p.owner, "GET", strings.Replace(got.header.Get("Location"), "remote", "projector", 1), nil); !strings.Contains(wall.body, "/pictures/"+stop.Picture) || !strings.Contains(wall.body, `alt="A boot"`) {
		t.Error("the wall does not show the picture")
	}
}

// Every route of a plan as everybody who may come.
func TestWhoMayDoWhatWithPlans(t *testing.T) {
	c := newTestClass(t)
	p := newTestPlan(t, c.testSite)
	id := p.add(t, "The secret stop", "")
	p.add(t, "two", id)
	other := newTestPlan(t, c.testSite)
	other.add(t, "another", "")
	for _, kind := range []string{"view", "copy"} {
		p.post(t, "/share", url.Values{"kind": {kind}})
	}
	stored := p.stored(t)
	holder := func(link string) *http.Client {
		client := c.client(t)
		if got := c.do(t, client, "POST", "/plans/"+p.id+"/link", url.Values{"secret": {"https://x/plans/" + p.id + "/link#" + link}}); got.status != 303 {
			t.Fatalf("a link: status %d", got.status)
		}
		return client
	}
	who := []struct {
		name   string
		client *http.Client
	}{{"visitor", c.visitor}, {"other owner", other.owner}, {"student", c.student}, {"teacher", c.teacher}, {"view link", holder(stored.ViewLink)}, {"copy link", holder(stored.CopyLink)}, {"owner", p.owner}}
	for _, test := range []struct {
		method, path string
		form         url.Values
		statuses     string // of who
	}{
		{"GET", "", nil, "403 403 403 403 200 200 200"},
		{"POST", "", url.Values{"title": {"Mine now"}, "seen": {"My plan"}}, "403 403 403 403 403 403 303"},
		{"POST", "/do", url.Values{"do": {"down"}, "stop": {id}}, "403 403 403 403 403 403 303"},
		{"POST", "/stops", url.Values{"kind": {"ask"}}, "403 403 403 403 403 403 303"},
		{"POST", "/stops/" + id, url.Values{"kind": {"ask"}, "title": {"x"}, "revision": {fmt.Sprint(stored.Stops[0].Revision)}}, "403 403 403 403 403 403 303"},
		{"POST", "/stops/" + id + "/picture", nil, "403 403 403 403 403 403 400"},
		{"GET", "/export.md", nil, "403 403 403 403 403 200 200"},
		{"POST", "/copy", nil, "403 403 403 403 403 303 303"},
		{"GET", "/versions", nil, "403 403 403 403 403 403 200"},
		{"POST", "/share", url.Values{"kind": {"view"}}, "403 403 403 403 403 403 303"},
		{"GET", "", nil, "403 403 403 403 403 200 200"}, // the link to look at it is another one now
		{"POST", "/delete", nil, "403 403 403 403 403 403 422"},
		{"POST", "/delete", url.Values{"sure": {"1"}}, "403 403 403 403 403 403 303"},
		{"GET", "", nil, "404 404 404 404 404 404 404"},
	} {
		want := strings.Fields(test.statuses)
		for i, w := range who {
			status, body := c.ask(t, w.client, test.method, "/plans/"+p.id+test.path, test.form)
			if status != want[i] {
				t.Errorf("%s %s as %s: status %s, want %s: %.200s", test.method, test.path, w.name, status, want[i], body)
			}
			if status == "403" && strings.Contains(body, "secret stop") {
				t.Errorf("%s %s shows the plan to the %s", test.method, test.path, w.name)
			}
		}
	}
	for _, w := range who[:6] {
		if got := c.do(t, w.client, "POST", "/class", url.Values{"plan": {"own-" + other.id}}); (got.status == 303) != (w.name == "other owner") {
			t.Errorf("a class with another's plan, as %s: status %d", w.name, got.status)
		}
	}

	// The key that was kept opens the plans elsewhere, until another one is made.
	page := c.do(t, other.owner, "GET", "/plans", nil).body
	_, rest, _ := strings.Cut(page, "/plans/key#")
	key, _, _ := strings.Cut(rest, `"`)
	elsewhere := c.client(t)
	if got := c.do(t, elsewhere, "POST", "/plans/key", url.Values{"secret": {key}}); got.status != 303 || c.do(t, elsewhere, "GET", "/plans/"+other.id, nil).status != 200 {
		t.Errorf("the key that was kept: status %d", got.status)
	}
	c.do(t, other.owner, "POST", "/plans/key/new", nil)
	if c.do(t, elsewhere, "GET", "/plans/"+other.id, nil).status != 403 || c.do(t, other.owner, "GET", "/plans/"+other.id, nil).status != 200 {
		t.Error("after another key was made, the old one still opens the plans, or the new one does not")
	}
}
