package handlers

import (
	"maps"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestLessonPages(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	for _, test := range []struct {
		name, method, path string
		form               url.Values
		status             int
		contains, lacks    string
	}{
		{"list", "GET", "/lessons", nil, 200, "Why the gradient vanishes", "class=\"state"},
		{"lesson", "GET", "/lessons/why-it-vanishes", nil, 200, "Lesson 2 of ", "The core computes"},
		{"its lab waits", "GET", "/lessons/ten-minute-tour", nil, 200, "once you have committed a guess", "<iframe"},
		{"its question", "GET", "/lessons/why-it-vanishes", nil, 200, `action="/questions/vanishing-gradient"`, "A model answer"},
		{"its neighbours", "GET", "/lessons/why-it-vanishes", nil, 200, `rel="next" href="/lessons/the-skip"`, ""},
		{"its terms", "GET", "/lessons/why-it-vanishes", nil, 200, `id="term-sigmoid"`, ""},
		{"no such lesson", "GET", "/lessons/nothing", nil, 404, "No such page", ""},
		{"no such prediction", "POST", "/lessons/why-it-vanishes/predictions/nothing", url.Values{"guess": {"1"}}, 404, "No such page", ""},
		{"no guess", "POST", "/lessons/why-it-vanishes/predictions/twice", url.Values{}, 422, "Write a number first", "The core computes"},
		{"a script as a guess", "POST", "/lessons/why-it-vanishes/predictions/twice", url.Values{"guess": {`"><script>alert(1)</script>`}}, 422, "&lt;script&gt;", "<script>alert"},
		{"a choice that is none", "POST", "/lessons/why-it-vanishes/predictions/larger", url.Values{"guess": {"All of it"}}, 422, "Choose one", "The core computes"},
		{"tour", "GET", "/lessons/ten-minute-tour", nil, 200, "Before the lessons", "The core computes"},
		{"home", "GET", "/", nil, 200, `<a href="/lessons/the-chain">`, ""},
		{"glossary", "GET", "/glossary", nil, 200, `<div id="saturation">`, ""},
		{"search", "GET", "/search?q=saturated", nil, 200, `<mark>saturated</mark>`, ""},
		{"search for nothing", "GET", "/search?q=zzzz", nil, 200, "Nothing is found for “zzzz”", ""},
		{"search with a script", "GET", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", nil, 200, "&lt;script&gt;", "<script>alert"},
		{"search for bytes", "GET", "/search?q=%ff%00", nil, 400, "not text (UTF-8)", ""},
		{"empty search", "GET", "/search", nil, 200, "Search", "Nothing is found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			site.do(t, c, test.method, test.path, test.form).wants(t, test.status, test.contains, test.lacks)
		})
	}
}

// A guess is committed once; the truth, the lab and the reader's progress appear with it, for this reader alone.
func TestPredictThenCompare(t *testing.T) {
	site := newSite(t)
	anna, ben := site.client(t), site.client(t)
	const page, sigmoid = "/lessons/why-it-vanishes", "/lessons/why-it-vanishes/predictions/twice"
	got := site.do(t, anna, "POST", sigmoid, url.Values{"guess": {"−6"}})
	if got.status != 303 || got.header.Get("Location") != page+"#predict-twice" {
		t.Fatalf("got %d to %s", got.status, got.header.Get("Location"))
	}
	site.do(t, anna, "POST", sigmoid, url.Values{"guess": {"-14"}}) // with the truth in sight
	body := site.do(t, anna, "GET", page, nil).body
	for _, want := range []string{
		`You said 10<sup>−6</sup>. The core computes 4.2·10<sup>−26</sup>, 19 powers of ten smaller.`,
		`src="/embed/chain?activation=sigmoid&amp;controls=depth&amp;depth=40`,
		"Twice the layers square", "But each layer\nmultiplies", "because every factor has doubled", "once you have committed a guess", // the second prediction still waits
	} {
		if !strings.Contains(body, want) {
			t.Errorf("anna's page lacks %q", want)
		}
	}
	site.do(t, anna, "POST", "/lessons/why-it-vanishes/predictions/larger", url.Values{"pass": {"1"}})
	if body := site.do(t, anna, "GET", page, nil).body; !strings.Contains(body, ": It vanishes, because larger sums lie where tanh is flat.") {
		t.Errorf("after a pass, anna's page lacks the truth")
	}
	if body := site.do(t, anna, "GET", "/lessons", nil).body; !strings.Contains(body, "2 of 2 predicted") {
		t.Error("the list does not know what anna predicted")
	}
	if body := site.do(t, ben, "GET", page, nil).body; strings.Contains(body, "The core computes") {
		t.Error("ben sees a truth without a guess")
	}
}

func TestRightAndWrong(t *testing.T) {
	site := newSite(t)
	for guess, want := range map[string]string{
		"It vanishes, because larger sums lie where tanh is flat": "<strong>You were right. </strong>The core computes 1.09·10<sup>−14</sup>.",
		"It explodes, because every factor has doubled":           "You chose “It explodes, because every factor has doubled”. The core computes 1.09·10<sup>−14</sup>: <strong>It vanishes, because larger sums lie where tanh is flat</strong>.",
	} {
		c := site.client(t)
		site.do(t, c, "POST", "/lessons/why-it-vanishes/predictions/larger", url.Values{"guess": {guess}})
		if body := site.do(t, c, "GET", "/lessons/why-it-vanishes", nil).body; !strings.Contains(body, want) {
			t.Errorf("%s: the page lacks %q", guess, want)
		}
	}
	c := site.client(t)
	site.do(t, c, "POST", "/lessons/kernels/predictions/field", url.Values{"guess": {"7"}})
	if body := site.do(t, c, "GET", "/lessons/kernels", nil).body; !strings.Contains(body, "You said 7 pixels. The core computes 18 pixels, more than that.") {
		t.Error("the kernels' page does not compare 7 with 18 pixels")
	}
}

// Whoever guessed is answered to that guess, before what is said to all.
func TestTheChosenGuessIsAnswered(t *testing.T) {
	site := newSite(t)
	for guess, want := range map[string]string{
		"It is about a twentieth, because twenty layers share the blame":         "Blame is not shared out here.",
		"It is less than a millionth, because every layer hands back a fraction": "A fraction of a fraction",
	} {
		c := site.client(t)
		site.do(t, c, "POST", "/lessons/ten-minute-tour/predictions/sigmoid", url.Values{"guess": {guess}})
		body := site.do(t, c, "GET", "/lessons/ten-minute-tour", nil).body
		if strings.Count(body, "Blame is not shared out here.")+strings.Count(body, "A fraction of a fraction") != 1 || !strings.Contains(body, want) {
			t.Errorf("to %q the page does not say %q alone", guess, want)
		}
		if !strings.Contains(body, "Nineteen factors of 0.22 to 0.23") {
			t.Error("the page does not say what is said to all")
		}
	}
}

func TestReadLesson(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	got := site.do(t, c, "POST", "/lessons/the-chain/read", url.Values{})
	if got.status != 303 || got.header.Get("Location") != "/lessons/why-it-vanishes" {
		t.Errorf("got %d to %s, want the next lesson", got.status, got.header.Get("Location"))
	}
	library, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	all := library.Lessons()
	if got := site.do(t, c, "POST", "/lessons/"+all[len(all)-1].Slug+"/read", url.Values{}); got.header.Get("Location") != "/lessons" {
		t.Errorf("the last one leads to %s, want the list", got.header.Get("Location"))
	}
	if body := site.do(t, c, "GET", "/lessons", nil).body; strings.Count(body, `class="state read"`) != 2 {
		t.Error("the list does not show two lessons as read")
	}
	if body := site.do(t, c, "GET", "/lessons/the-chain", nil).body; !strings.Contains(body, "You have read this lesson") {
		t.Error("the lesson does not know that it was read")
	}
}

// An answer that is handed in within a lesson leads back to the lesson, one from elsewhere to its own page.
func TestAnswerLeadsBackToTheLesson(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	if body := site.do(t, c, "GET", "/lessons/why-it-vanishes", nil).body; strings.Count(body, `name="lesson" value="why-it-vanishes"`) != 1 {
		t.Error("the form of the lesson does not say that it stands there")
	}
	if body := site.do(t, c, "GET", "/questions/vanishing-gradient", nil).body; strings.Contains(body, `name="lesson"`) {
		t.Error("the question's own page says that it stands in a lesson")
	}
	for i, test := range []struct{ lesson, want string }{
		{"why-it-vanishes", "/lessons/why-it-vanishes#question"},
		{"the-skip", "/questions/vanishing-gradient"}, // which asks another question
		{"//elsewhere.example", "/questions/vanishing-gradient"},
		{"", "/questions/vanishing-gradient"},
	} {
		form := url.Values{"text": {"A product of small factors."}, "part": {""}, "revision": {"1"}, "lesson": {test.lesson}}
		if i == 0 {
			form.Set("revision", "0")
		}
		got := site.do(t, c, "POST", "/questions/vanishing-gradient", form)
		location := got.header.Get("Location")
		if got.status != 303 || location != test.want {
			t.Errorf("from %q: %d to %s, want %s", test.lesson, got.status, location, test.want)
		}
	}
	if body := site.do(t, c, "GET", "/lessons/why-it-vanishes", nil).body; !strings.Contains(body, "A model answer") {
		t.Error("the lesson does not show the model answer after an attempt")
	}
	if body := site.do(t, c, "GET", "/lessons", nil).body; !strings.Contains(body, "answered") {
		t.Error("the list does not say that the question is answered")
	}
}

// Formulas come typeset, as MathML and as HTML, so that they are there without scripts; their places are classes of one style
// sheet, since the pages' policy lets no style attribute through.
func TestFormulasComeTypeset(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	sheet := ""
	for _, path := range []string{"/lessons/why-it-vanishes", "/glossary", "/questions/how-skips-help"} {
		if strings.HasPrefix(path, "/questions/") { // its model answer comes after an attempt
			site.do(t, c, "POST", path, url.Values{"text": {"By adding."}, "revision": {"0"}, "submit": {"1"}}).wants(t, 303, "", "")
		}
		page := site.do(t, c, "GET", path, nil).body
		formulas, set := strings.Count(page, "<tex-math"), strings.Count(page, `class="katex-html"`)
		if formulas == 0 || set < formulas || strings.Count(page, "<math ") < formulas {
			t.Errorf("%s: of %d formulas %d are typeset", path, formulas, set)
		}
		if strings.Contains(page, " style=") {
			t.Errorf("%s has a style attribute", path)
		}
		link := regexp.MustCompile(`href="(/formulas\.css\?v=\w+)"`).FindStringSubmatch(page)
		if link == nil {
			t.Fatalf("%s links no style sheet of its formulas", path)
		}
		if sheet == "" {
			got := site.do(t, c, "GET", link[1], nil)
			got.wants(t, 200, "", "")
			if sheet = got.body; !strings.Contains(got.header.Get("Cache-Control"), "immutable") || got.header.Get("Content-Type") != "text/css; charset=utf-8" {
				t.Errorf("the style sheet is served as %q, %q", got.header.Get("Content-Type"), got.header.Get("Cache-Control"))
			}
		}
		for _, class := range regexp.MustCompile(`[" ](k[0-9a-z]{10,13})"`).FindAllStringSubmatch(page, -1) {
			if !strings.Contains(sheet, "."+class[1]+"{") {
				t.Errorf("%s: the style sheet has no rule for %s", path, class[1])
			}
		}
	}
	if got := site.do(t, c, "GET", "/formulas.css?v=0", nil); got.status != 200 || strings.Contains(got.header.Get("Cache-Control"), "immutable") {
		t.Errorf("under another version: %d, kept for %q", got.status, got.header.Get("Cache-Control"))
	}
}

// A form that stands in a lesson is answered there: what is refused with its reason at its field, what was typed kept, and hints.
func TestLessonsKeepTheirForms(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	const lesson = "Lesson 2 of "
	form := url.Values{"text": {" "}, "revision": {"0"}, "lesson": {"why-it-vanishes"}}
	for _, test := range []struct {
		name, path     string
		set            url.Values
		status         int
		contains, lack string
	}{
		{"an empty box", questionPath, nil, 422, "Write something first", "question-page"},
		{"one on the question's own page", questionPath, url.Values{"lesson": {""}}, 422, "Write something first", lesson},
		{"in a lesson without the question", questionPath, url.Values{"lesson": {"the-skip"}}, 422, "Write something first", "Lesson 3"},
		{"hints", questionPath + "/hints", url.Values{"text": {"It shrinks."}}, 200, "data-ask", ""},
		{"what is no run", questionPath + "/run", url.Values{"text": {"It shrinks."}, "revision": {"1"}, "run": {"/labs/none?x=1"}}, 422, `value="/labs/none?x=1"`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			sent := maps.Clone(form)
			maps.Copy(sent, test.set)
			got := site.do(t, c, "POST", test.path, sent)
			got.wants(t, test.status, test.contains, test.lack)
			if stays := sent.Get("lesson") == "why-it-vanishes"; strings.Contains(got.body, lesson) != stays || strings.Count(got.body, " autofocus") != 1 {
				t.Errorf("in the lesson: %v; %d places have the focus", strings.Contains(got.body, lesson), strings.Count(got.body, " autofocus"))
			}
		})
	}
}

// Skips come with lesson 3: the labs of the two before it draw one net, and name no skip's 1.
func TestNoTwinBeforeSkips(t *testing.T) {
	site := newSite(t)
	library, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range library.Lessons() {
		for _, b := range l.Blocks {
			if b.Lab == nil || l.Number < 1 || l.Number > 2 {
				continue
			}
			address := strings.Replace(b.Lab.Href(), "/labs/", "/embed/", 1) + "&controls=" + strings.Join(b.Lab.Controls, ",")
			page := site.do(t, site.client(t), "GET", address, nil)
			page.wants(t, 200, "plain-row", "residual-row")
			page.wants(t, 200, "", "[+ 1]")
		}
	}
}
