package handlers

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// A course is a lecture with its teacher, the wall by the projector link, and three students, and then homework on the plan of the lecture. Next
// alone moves the lecture.
func TestCourse(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		w := newTestWorkOn(t, dsn, []url.Values{
			{"kind": {"predict-choice"}, "title": {"Which twin learns?"}, "choices": {"plain\nresidual\nneither"}, "given": {"2"}, "path": {"/labs/chain?depth=9"}, "notes": {"Ask Ben"}},
			{"kind": {"explore"}, "title": {"Train it well"}, "path": {small}, "goal": {"loss"}, "budget": {"1e9"}},
			{"kind": {"ask"}, "title": {"Why do gradients vanish?"}, "question": {"vanishing-gradient/"}},
		})
		m := remotePath.FindStringSubmatch(w.do(t, w.owner, "POST", "/class", url.Values{"title": {"Week 3"}, "plan": {"own-" + w.id}}).header.Get("Location"))
		if m == nil {
			t.Fatal("the plan opens no class")
		}
		c := &testClass{testSite: w.testSite, teacher: w.owner, code: m[1], visitor: w.client(t)}
		homeworkAfter(t, w, lecture(t, c))
	})
}

// lecture gives the lecture of TestCourse to three students.
func lecture(t *testing.T, c *testClass) []*screen {
	at := "/class/" + c.code
	_, link, _ := strings.Cut(c.do(t, c.teacher, "GET", at+"/remote", nil).body, at+"/wall#")
	link, _, _ = strings.Cut(link, `"`)
	c.do(t, c.visitor, "POST", at+"/wall", url.Values{"secret": {link}}).wants(t, 303, "", "")
	wall, remote := c.screen(t, "the wall", c.visitor, "/board?view=projector"), c.screen(t, "the teacher", c.teacher, "/board")
	names := []string{"Anna", "Ben", "Clara"}
	var phones []*screen
	for _, name := range names {
		phones = append(phones, c.screen(t, name, c.join(t, c.code, name), ""))
	}
	stops := c.stored(t).Plan
	all := func(when string, wanted ...string) {
		t.Helper()
		for _, p := range phones {
			p.sees(t, when, wanted...)
		}
	}
	// what the class must never see, and not before the run
	never := []string{"not Ask Ben", "not Only you see this"}
	hidden := func(wanted ...string) []string {
		return append(wanted, append(never, "not ← the truth", "not /embed/")...)
	}
	next := func() {
		t.Helper()
		s := c.stored(t).Shown()
		c.act(t, "advance", "stop", s.ID, "phase", string(s.Phase), "round", fmt.Sprint(s.Round()))
	}
	vote := func(round int, choices ...string) {
		t.Helper()
		for i, choice := range choices {
			c.vote(t, phones[i].client, stops[0].ID, round, choice, "2").wants(t, 303, "", "")
			phones[i].open(t)
		}
	}
	const talk, bars = "Turn to your neighbour", `<table class="bars`

	all("asked", hidden("1 of 3 · Predict", "Which twin learns?", `name="round" value="1"`, "not "+bars)...)
	wall.sees(t, "asked", hidden("0 of 3 have predicted", "not <form", "not Anna")...)
	remote.sees(t, "asked", "Ask Ben", "Next: lock")
	vote(1, "0", "0", "1")
	for i, p := range phones {
		p.sees(t, "voted", hidden([]string{"A: plain", "A: plain", "B: residual"}[i], "You can change it until it is locked")...)
	}
	wall.sees(t, "all have voted", hidden("3 of 3 have predicted", "not "+bars)...)
	next()
	all("locked", hidden("Locked", "not "+bars, "not guess-form")...)
	wall.sees(t, "locked", hidden("Locked", "not "+bars)...)
	remote.sees(t, "locked", "Only you see this", "33 % right (1 of 3)", "Next: discuss")
	next()
	for i, p := range phones {
		p.sees(t, "discussed", hidden(talk, "Your first vote: <strong>"+[]string{"A: plain", "A: plain", "B: residual"}[i])...)
	}
	wall.sees(t, "discussed", hidden(talk, "not Your first vote")...)
	next()
	all("asked again", hidden("Predict again", `name="round" value="2"`, "not "+talk)...)
	wall.sees(t, "asked again", hidden("0 of 3 have predicted again")...)
	vote(2, "1", "1", "2")
	wall.sees(t, "all have voted again", hidden("3 of 3 have predicted again")...)
	next()
	all("locked again", hidden("Locked", "not guess-form")...)
	remote.sees(t, "locked again", "67 % right (2 of 3)", "Next: run")
	next()
	for _, s := range append([]*screen{wall}, phones...) {
		s.sees(t, "run", append(never, "The run", "/embed/chain?depth=9", "not ← the truth")...)
	}
	next()
	for _, s := range append([]*screen{wall}, phones...) {
		s.sees(t, "revealed", append(never, "Guesses and truth", "← the truth", `1</span> → 2`, "not moved from")...) // of three nobody is told who moved
	}

	next()
	all("exploration", "2 of 3 · Explore", "Train it well", "You can submit 10 more runs.")
	wall.sees(t, "exploration", "Nothing has been submitted yet.", "not <form")
	for i, run := range []string{small, small, small + "&seed=3"} {
		c.submit(t, phones[i].client, stops[1].ID, run).wants(t, 303, "", "")
	}
	all("computed", `data-computed="1"`, "You can submit 9 more runs.", "not <circle")
	wall.sees(t, "submitted", "3 runs submitted, 2 of them different", "not Anna")
	c.act(t, "stage", "path", small+"&seed=3")
	wall.sees(t, "a run on stage", "/embed/train", "seed=3", "not <circle")
	all("a run on stage", "/embed/train", "seed=3", "not <circle")
	c.act(t, "retreat")
	wall.sees(t, "the points again", "<circle")
	next()
	all("explored", "Explored, locked", "No more runs are taken.")

	next()
	all("question", "3 of 3 · Question", "Why do gradients vanish?", `id="class-answer"`)
	for i, text := range []string{shrinking, "It is the optimizer.", "I do not know."} {
		c.do(t, phones[i].client, "POST", at+"/answer", url.Values{"stop": {stops[2].ID}, "text": {text}, "revision": {"0"}}).wants(t, 303, "", "")
		phones[i].open(t)
		phones[i].sees(t, "answered", "Hand in again", text)
	}
	remote.sees(t, "answered", shrinking, "It is the optimizer.", "I do not know.")
	wall.sees(t, "answered", "3 of 3", "not optimizer", "not "+shrinking)
	members, err := c.store.Members(t.Context(), c.stored(t).ID)
	if err != nil || len(members) != 3 {
		t.Fatalf("%d members, %v", len(members), err)
	}
	member := map[string]string{}
	for _, m := range members {
		member[m.Nickname] = m.ID
	}
	c.act(t, "pick", "stop", stops[2].ID, "member", member["Anna"])
	wall.sees(t, "an answer is shown", shrinking, "not Anna")
	phones[1].sees(t, "an answer is shown", shrinking, "not Anna")
	next()
	all("the question locked", "Question, locked")
	next()
	wall.sees(t, "the concepts", "What the answers seem to name", "not Anna")
	if got := c.act(t, "advance").Shown(); got.ID != stops[2].ID {
		t.Errorf("after the last stop comes %q", got.Title)
	}

	for name, points := range map[string]string{"Anna": "2.5", "Ben": "0", "Clara": "1"} {
		c.do(t, c.teacher, "POST", at+"/marks", url.Values{"stop": {stops[2].ID}, "member": {member[name]}, "points": {points}, "comment": {"For " + name}, "revision": {"0"}}, "Accept", "application/json").wants(t, 200, "", "")
	}
	for _, p := range phones {
		p.open(t)
		p.sees(t, "marked", "not For "+p.name)
	}
	c.act(t, "release")
	for i, p := range phones {
		p.sees(t, "released", "For "+p.name, []string{"2.5 points", "0 points", "1 point"}[i], "not For "+names[(i+1)%3])
	}
	c.act(t, "close")
	all("the end", "This class is over")
	lectureKept(t, c)
	return phones
}

// lectureKept reads the files of the lecture.
func lectureKept(t *testing.T, c *testClass) {
	var whole struct {
		Rows []struct {
			Number                                 int
			Nickname, Letter, Run, Points, Comment string
			Value                                  any
		}
	}
	if err := json.Unmarshal([]byte(c.do(t, c.teacher, "GET", "/class/"+c.code+"/export.json", nil).body), &whole); err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, r := range whole.Rows {
		words := fmt.Sprint(r.Number, " ", r.Nickname, " ", r.Letter, " ", r.Points, " ", r.Comment)
		if _, query, is := strings.Cut(r.Run, "depth=1"); is {
			words += fmt.Sprint(query, " computed: ", r.Value != nil)
		}
		rows = append(rows, strings.Join(strings.Fields(words), " "))
	}
	slices.Sort(rows)
	want := []string{
		"1 Anna A", "1 Anna B", "1 Ben A", "1 Ben B", "1 Clara B", "1 Clara C",
		"2 Anna &steps=2 computed: true", "2 Ben &steps=2 computed: true", "2 Clara &seed=3&steps=2 computed: true",
		"3 Anna 2.5 For Anna", "3 Ben 0 For Ben", "3 Clara 1 For Clara",
	}
	if !slices.Equal(rows, want) {
		t.Errorf("export.json has\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
	for file, lines := range map[string]int{"export.csv": 1 + len(want), "students.csv": 4} {
		text := strings.TrimPrefix(c.do(t, c.teacher, "GET", "/class/"+c.code+"/"+file, nil).body, "\ufeff")
		if got, err := csv.NewReader(strings.NewReader(text)).ReadAll(); err != nil || len(got) != lines || !strings.Contains(text, shrinking) || !strings.Contains(text, "For Ben") {
			t.Errorf("%s has %d lines, %v; want %d, with answers and comments:\n%s", file, len(got), err, lines, text)
		}
	}
}

// homeworkAfter sets the plan of the lecture as homework, and the students do it in the browsers that they had there; one goes on elsewhere.
func homeworkAfter(t *testing.T, w *testWork, students []*screen) {
	w.set(t)
	h := w.homework(t)
	predict, explore, ask := "/stops/"+h.Stops[0].ID, "/stops/"+h.Stops[1].ID, "/stops/"+h.Stops[2].ID
	w.clock.set("2026-12-01T11:00Z")
	guess, text, points := []string{"0", "1", "1"}, []string{shrinking, "It is the activation.", "I looked it up."}, []string{"9", "4", "0.5"}
	for i, s := range students {
		w.at(t, s.client, "POST", "/join", url.Values{"nickname": {s.name}}).wants(t, 303, "", "")
		overview := w.at(t, s.client, "GET", "", nil)
		overview.wants(t, 200, "Which twin learns?", "Ask Ben")
		w.at(t, s.client, "GET", predict, nil).wants(t, 200, "Which twin learns?", "/embed/chain")
		w.at(t, s.client, "POST", predict+"/guess", url.Values{"guess": {guess[i]}, "confidence": {"1"}}).wants(t, 303, "", "")
		w.at(t, s.client, "GET", predict, nil).wants(t, 200, []string{"That is not it.", "You were right.", "You were right."}[i], "Ask Ben")
		w.at(t, s.client, "GET", explore, nil).wants(t, 200, "Train it well", "<circle")
		w.at(t, s.client, "POST", ask+"/answer/draft", url.Values{"part": {""}, "text": {"Begun at home by " + s.name}, "revision": {"0"}}).wants(t, 200, `"revision":1`, "")
		at := s.client
		if i == 0 {
			code := resumeCode.FindStringSubmatch(overview.body)
			if code == nil {
				t.Fatal("no code to go on elsewhere")
			}
			at = w.client(t)
			w.at(t, at, "POST", "/resume", url.Values{"code": {code[1]}}).wants(t, 303, "", "")
			w.at(t, at, "GET", ask, nil).wants(t, 200, "Begun at home by Anna", "")
		}
		w.at(t, at, "POST", ask+"/answer", url.Values{"text": {text[i]}, "revision": {"1"}}).wants(t, 303, "", "")
	}
	w.clock.set("2026-12-02T11:20Z")
	for i, s := range students {
		w.at(t, s.client, "POST", ask+"/answer", url.Values{"text": {"Too late"}, "revision": {"2"}}).wants(t, 409, "Too late", "")
		w.at(t, s.client, "GET", ask, nil).wants(t, 200, text[i], "<textarea")
		mark := url.Values{"stop": {h.Stops[2].ID}, "member": {w.sheet(t, s.name).ID}, "points": {points[i]}, "comment": {"For " + s.name}, "by": {"KF"}, "revision": {"0"}}
		w.at(t, w.owner, "POST", "/marks", mark, "Accept", "application/json").wants(t, 200, `"revision":1`, "")
		w.at(t, s.client, "GET", "", nil).wants(t, 200, "not released", "For "+s.name)
	}
	w.at(t, w.owner, "POST", "/release", nil).wants(t, 303, "", "")
	sheet := w.at(t, w.owner, "GET", "/export.csv", nil).body
	for i, s := range students {
		w.at(t, s.client, "GET", "", nil).wants(t, 200, "For "+s.name, "For "+students[(i+1)%3].name)
		if !strings.Contains(sheet, text[i]) || !strings.Contains(sheet, "For "+s.name) {
			t.Errorf("the file lacks what %s wrote, or the mark:\n%s", s.name, sheet)
		}
	}
}
