package handlers

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gradlab/answers"
	"gradlab/handlers/web"
)

// A plain is a browser in which no script runs, on a page whose one form is "typed".
type plain struct {
	t      *testing.T
	site   *testSite
	client *http.Client
	status int
	body   string
	typed  map[string]string // by the name of a field, and which of that name it is, from 0
}

func (b *plain) visit(path string) *plain {
	b.t.Helper()
	got := b.site.do(b.t, b.client, "GET", path, nil)
	b.status, b.body, b.typed = got.status, got.body, map[string]string{}
	return b
}

// write types into a field, or chooses among those of that name.
func (b *plain) write(name string, at int, text string) *plain {
	b.typed[fmt.Sprint(name, at)] = text
	return b
}

var (
	control   = regexp.MustCompile(`(?s)<(input|textarea|button)\b([^>]*)>`)
	attribute = regexp.MustCompile(`([a-z-]+)(?:="([^"]*)")?`)
)

// press presses a button of the form, which sends all of its fields; Enter in one presses the first.
func (b *plain) press(label string, at int) *plain {
	b.t.Helper()
	form, pressed := url.Values{}, map[string]string(nil)
	_, inside, _ := strings.Cut(b.body, `id="typed"`)
	inside, _, _ = strings.Cut(inside, "</form>")
	for _, c := range control.FindAllStringSubmatchIndex(b.body, -1) {
		tag, is, rest := b.body[c[0]:c[1]], b.body[c[2]:c[3]], b.body[c[1]:]
		content, _, _ := strings.Cut(rest, "</"+is+">")
		has := map[string]string{}
		for _, a := range attribute.FindAllStringSubmatch(b.body[c[4]:c[5]], -1) {
			has[a[1]] = html.UnescapeString(a[2])
		}
		if _, off := has["disabled"]; off || has["form"] != "typed" && !strings.Contains(inside, tag) {
			continue
		}
		name, value := has["name"], has["value"]
		_, checked := has["checked"]
		typed, edited := b.typed[fmt.Sprint(name, len(form[name]))]
		switch {
		case is == "button":
			if pressed == nil && (label == "Enter" || strings.Contains(content, label)) {
				if at--; at < 0 {
					pressed = has
				}
			}
			continue
		case has["type"] == "radio" && edited:
			checked = typed == value
		case is == "textarea" && !edited:
			value = html.UnescapeString(strings.TrimPrefix(content, "\n"))
		case edited && has["type"] != "hidden":
			value = typed
		}
		if checked || has["type"] != "radio" && has["type"] != "checkbox" {
			form.Add(name, strings.ReplaceAll(value, "\n", "\r\n"))
		}
	}
	if pressed == nil {
		b.t.Fatalf("there is no button %q", label)
	}
	if pressed["name"] != "" {
		form.Add(pressed["name"], pressed["value"])
	}
	to := pressed["formaction"]
	if to == "" {
		to = regexp.MustCompile(`action="([^"]*)" id="typed"`).FindStringSubmatch(b.body)[1]
	}
	got := b.site.do(b.t, b.client, "POST", to, form)
	b.status, b.body, b.typed = got.status, got.body, map[string]string{}
	if at, found := got.header["Location"]; found {
		path, _, _ := strings.Cut(at[0], "#")
		b.visit(path)
	}
	return b
}

// wants finds each text on the page, in its order; one that begins with "no " is nowhere.
func (b *plain) wants(status int, texts ...string) {
	b.t.Helper()
	if b.status != status || strings.Count(b.body, " autofocus") > 1 {
		b.t.Errorf("status %d, want %d; %d places have the focus", b.status, status, strings.Count(b.body, " autofocus"))
	}
	rest := b.body
	for _, text := range texts {
		if absent, none := strings.CutPrefix(text, "no "); none {
			if strings.Contains(b.body, absent) {
				b.t.Errorf("the page holds %q", absent)
			}
			continue
		}
		_, after, found := strings.Cut(rest, text)
		if !found {
			b.t.Errorf("the page lacks %q after the others", text)
			continue
		}
		rest = after
	}
}

// kept are the texts that the store holds of the visitor, by part; handed in ones end in "!".
func (b *plain) kept(question string) map[string]string {
	b.t.Helper()
	address, err := url.Parse(b.site.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	all, err := b.site.config.Answers.Answers(b.t.Context(), web.Owner(b.client.Jar.Cookies(address)[0].Value))
	if err != nil {
		b.t.Fatal(err)
	}
	texts := map[string]string{}
	for _, a := range all {
		if a.Question == question {
			texts[a.Part] = a.Text + map[bool]string{true: "!"}[a.Submitted()]
		}
	}
	return texts
}

const severalParts = "/questions/then-and-now"

// Without scripts, whichever button of a question with several parts is pressed, what is typed at every other part is kept.
func TestNoButtonLosesAnotherPart(t *testing.T) {
	for name, test := range map[string]struct {
		button string
		at     int
		handed bool
	}{
		"handing in": {"Hand in", 1, true}, "hints": {"Hints", 1, false}, "a run": {"Attach", 1, false}, "Enter": {"Enter", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			site := newSite(t)
			b := &plain{t: t, site: site, client: site.client(t)}
			b.visit(severalParts).write("text", 0, "Then:\nsmall nets.").write("text", 1, "Now: <i>deep</i> ones.").write("run", 3, "/labs/chain?depth=9").press(test.button, test.at)
			b.wants(200, "Then:\nsmall nets.</textarea>", "Now: &lt;i&gt;deep&lt;/i&gt; ones.</textarea>", `value="/labs/chain?depth=9"`)
			now := "Now: <i>deep</i> ones." + map[bool]string{true: "!"}[test.handed]
			if got, want := b.kept("then-and-now"), map[string]string{"then": "Then:\nsmall nets.", "now": now}; fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("kept are %q, want %q", got, want)
			}
			if strings.Contains(b.body, "A model answer") != test.handed {
				t.Errorf("the model answer is shown: %v", !test.handed)
			}
		})
	}
}

// What cannot be kept of one part has its reason at its box, and every text; the others are kept, and the one that was handed in is.
func TestOnePartIsRefused(t *testing.T) {
	site := newSite(t)
	b := &plain{t: t, site: site, client: site.client(t)}
	long := strings.Repeat("l", answers.MaxCharacters+1)
	b.visit(severalParts).write("text", 0, "Then.").write("text", 1, long).write("text", 2, "Changed.").press("Hand in", 0)
	b.wants(422, "Then.</textarea>", "A model answer", long+"</textarea>", "this one has 20,001", "Changed.</textarea>")
	if got := b.kept("then-and-now"); len(got) != 2 || got["then"] != "Then.!" || got["changed"] != "Changed." {
		t.Errorf("kept are %.300q", got)
	}
	b.write("text", 1, "Shorter.").press("Hand in", 1)
	b.wants(200, "Shorter.</textarea>", "A model answer")

	b.write("text", 0, "Then, again.").write("text", 1, " ").press("Hand in", 0) // the button is Hand in again, of the first part
	if got := b.kept("then-and-now"); got["then"] != "Then, again.!" || got["now"] != " !" {
		t.Errorf("kept are %.300q", got)
	}
	b.write("text", 2, " ").write("text", 3, "Other methods.").press("Hand in", 2)
	b.wants(422, "Write something first", "Other methods.</textarea>")
	if got := b.kept("then-and-now"); got["changed"] != "Changed." || got["methods"] != "Other methods." {
		t.Errorf("kept are %.300q", got)
	}
}

// A text from another tab is replaced by none that nobody typed meanwhile, and by none whose writer has not seen it.
func TestAnotherTabWritesAnotherPart(t *testing.T) {
	site := newSite(t)
	one := &plain{t: t, site: site, client: site.client(t)}
	one.visit(severalParts).write("text", 0, "Then.").write("text", 1, "Now.").press("Keep", 0)
	two := &plain{t: t, site: site, client: one.client}
	two.visit(severalParts).write("text", 0, "Then, from the other tab.").write("text", 1, "Now, from the other tab.").press("Keep", 0)
	one.write("text", 1, "Now, in this one.").write("text", 2, "Changed.").press("Hand in", 2)
	one.wants(409, "Then, from the other tab.</textarea>", "Now, in this one.</textarea>", "changed in another tab", "Now, from the other tab.</p>", "Changed.</textarea>", "A model answer")
	if got := one.kept("then-and-now"); got["then"] != "Then, from the other tab." || got["now"] != "Now, from the other tab." || got["changed"] != "Changed.!" {
		t.Errorf("kept are %q", got)
	}
	one.press("Keep", 0)
	one.wants(200, "Now, in this one.</textarea>", "no Now, from the other tab.")
}

// The concepts that one ticks and the text of each part are sent together.
func TestTicksKeepEveryPart(t *testing.T) {
	site := newSite(t)
	b := &plain{t: t, site: site, client: site.client(t)}
	b.visit(severalParts).write("text", 0, "Then.").press("Hand in", 0)
	b.write("text", 3, "Others.").write("text", 0, "Then, changed.").press("Keep", 1)
	b.wants(200, "Then, changed.</textarea>", "Others.</textarea>")
}

// A form that is none of ours keeps nothing.
func TestFormsOfSeveralParts(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	good := url.Values{"part": {"then", "now"}, "text": {"a", "b"}, "revision": {"0", "0"}, "submit": {"now"}}
	for name, change := range map[string]url.Values{
		"no text of one":      {"text": {"a"}},
		"a part of no name":   {"part": {"then", "nothing"}},
		"a question of none":  {"question": {"then-and-now", "nothing"}},
		"another question's":  {"question": {"then-and-now", "residual-fit"}},
		"no button's":         {"submit": {"nothing"}},
		"a revision of words": {"revision": {"0", "one"}},
	} {
		form := url.Values{}
		for field, values := range good {
			form[field] = slices.Clone(values)
		}
		for field, values := range change {
			form[field] = values
		}
		if got := site.do(t, c, "POST", severalParts, form); got.status != 400 {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	if got := site.do(t, c, "GET", severalParts, nil).body; strings.Contains(got, "Saved ") {
		t.Error("something was kept")
	}
	site.do(t, c, "POST", severalParts, good).wants(t, 303, "", "")
}

// Without scripts, what is typed in a lesson and not committed is there again after any button; no guess is committed but by its own.
func TestNoButtonLosesAGuess(t *testing.T) {
	const lesson = "/lessons/why-it-vanishes"
	for name, test := range map[string]struct {
		button string
		at     int
		status int
		texts  []string
	}{
		"a guess":        {"Commit, then run", 1, 200, []string{`value="-6"`, "The core computes 1.09", "It shrinks.</textarea>", "no You said 10"}},
		"a pass":         {"Show me without", 1, 200, []string{`value="-6"`, "The core computes 1.09", "It shrinks.</textarea>", "no You said 10"}},
		"Enter":          {"Enter", 0, 200, []string{`value="-6"`, " checked", "It shrinks.</textarea>", "no The core computes"}},
		"handing in":     {"Hand in", 0, 200, []string{`value="-6"`, " checked", "It shrinks.</textarea>", "A model answer", "no The core computes"}},
		"hints":          {"Hints", 0, 200, []string{`value="-6"`, " checked", "It shrinks.</textarea>", "data-ask", "no The core computes"}},
		"reading":        {"Mark as read", 0, 200, []string{`value="-6"`, " checked", "It shrinks.</textarea>", "You have read", "no The core computes"}},
		"another's text": {"Commit, then run", 0, 200, []string{"You said 10", " checked", "It shrinks.</textarea>", "no The core computes 1.09"}},
	} {
		t.Run(name, func(t *testing.T) {
			site := newSite(t)
			b := &plain{t: t, site: site, client: site.client(t)}
			b.visit(lesson).write("guess-twice", 0, "-6").write("guess-larger", 0, "It vanishes, because larger sums lie where tanh is flat").write("text", 0, "It shrinks.").press(test.button, test.at)
			b.wants(test.status, test.texts...)
			b.visit(lesson)
			b.wants(200, "It shrinks.</textarea>")
		})
	}
	site := newSite(t)
	b := &plain{t: t, site: site, client: site.client(t)}
	b.visit(lesson).write("guess-twice", 0, "many").write("guess-larger", 0, "It vanishes, because larger sums lie where tanh is flat").write("text", 0, "It shrinks.").press("Commit, then run", 0)
	b.wants(422, `value="many"`, "power alone", " checked", "It shrinks.</textarea>", "no The core computes")
	b.visit(lesson).write("text", 0, "It shrinks, and shrinks.").press("Mark as read", 0)
	b.wants(200, "Lesson 3 of ")
	b.visit(lesson)
	b.wants(200, "It shrinks, and shrinks.</textarea>", "You have read")
}
