package homework

import (
	"errors"
	"strings"
	"testing"
	"time"

	"gradlab/classroom"
)

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// set is homework with a question, a prediction that is judged, and a lab to look at, open from noon for a day, with a quarter of an hour of grace.
func set(t *testing.T) Homework {
	t.Helper()
	given := 3.0
	h, err := New("shelf", "Deep nets", []classroom.Stop{
		{Kind: classroom.Ask, Title: "Why?"},
		{Kind: classroom.Predict, Title: "How much?", Form: classroom.Number, Given: &given},
		{Kind: classroom.Show, Title: "Look", Path: "/labs/chain"},
	}, "UTC", noon)
	if err == nil {
		h, err = h.Termed(terms(h, "2026-12-01T12:00", "2026-12-02T12:00"), noon)
	}
	if err == nil {
		h, err = h.Set(noon)
	}
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func terms(h Homework, from, until string) Terms {
	return Terms{
		Title: "Deep nets", From: from, Until: until, Zone: "UTC", Grace: "15",
		Points: map[string]string{h.Stops[0].ID: "10", h.Stops[1].ID: "1.5"}, Weights: map[string]string{h.Stops[0].ID: "1", h.Stops[1].ID: "2"},
	}
}

func fieldOf(t *testing.T, err error) string {
	t.Helper()
	var refused *classroom.RefusedError
	if err == nil {
		return "none"
	}
	if !errors.As(err, &refused) {
		t.Fatalf("%v is no refusal", err)
	}
	return refused.Field
}

// Homework goes from draft to released by its clock, by what is marked, and by its teacher's two acts, and in no other way.
func TestPhases(t *testing.T) {
	h := set(t)
	draft := h
	draft.SetAt = time.Time{}
	day := 24 * time.Hour
	extended := Member{Extended: noon.Add(3 * day)}
	for _, c := range []struct {
		after          time.Duration // noon
		whole, another Phase         // of everybody but one who has two days more, and of that one
	}{
		{-time.Minute, Waiting, Waiting}, {0, Open, Open}, {day - 1, Open, Open}, {day, Grace, Open}, {day + 15*time.Minute - 1, Grace, Open},
		{day + 15*time.Minute, Closed, Open}, {3 * day, Closed, Grace}, {3*day + 15*time.Minute, Closed, Closed},
	} {
		now := noon.Add(c.after)
		if got := h.For(Member{}, now); got != c.whole {
			t.Errorf("%v after noon: %s, want %s", c.after, got, c.whole)
		}
		if got := h.For(extended, now); got != c.another {
			t.Errorf("%v after noon, extended: %s, want %s", c.after, got, c.another)
		}
		if got := h.Phase(extended.Extended, 1, now); got != c.another {
			t.Errorf("%v after noon, the whole: %s, want %s", c.after, got, c.another)
		}
		if got := draft.For(extended, now); got != Draft {
			t.Errorf("%v after noon, a draft is %s", c.after, got)
		}
		accepts := c.whole == Open || c.whole == Grace
		if err := h.Accepts(Member{}, now); (err == nil) != accepts {
			t.Errorf("%v after noon: accepts: %v", c.after, err)
		}
		if _, err := h.Release(time.Time{}, 0, map[string]Truth{h.Stops[1].ID: {Value: 3}}, now); (err == nil) != (c.whole == Closed) {
			t.Errorf("%v after noon: release: %v", c.after, err)
		}
	}
	over := noon.Add(4 * day)
	if got := h.Phase(extended.Extended, 0, over); got != Marked {
		t.Errorf("with every mark: %s", got)
	}
	for name, unready := range map[string]func() error{
		"an answer is not marked": func() error {
			_, err := h.Release(time.Time{}, 1, map[string]Truth{h.Stops[1].ID: {}}, over)
			return err
		},
		"a truth is not known": func() error { _, err := h.Release(time.Time{}, 0, nil, over); return err },
		"one may hand in": func() error {
			_, err := h.Release(over.Add(day), 0, map[string]Truth{h.Stops[1].ID: {}}, over)
			return err
		},
	} {
		if unready() == nil {
			t.Errorf("released while %s", name)
		}
	}
	done, err := h.Release(extended.Extended, 0, map[string]Truth{h.Stops[1].ID: {Value: 3}}, over)
	if err != nil || done.For(Member{}, over) != Released || done.Version != h.Version+1 {
		t.Fatalf("release: %v, %+v", err, done)
	}
	if again, err := done.Release(extended.Extended, 5, nil, over); err != nil || again.Version != done.Version {
		t.Errorf("released twice: %v, version %d", err, again.Version)
	}
	if _, err := done.Termed(terms(h, "2026-12-01T12:00", "2026-12-09T12:00"), over); err == nil {
		t.Error("released homework took other terms")
	}
	if _, err := done.Extend(Member{}, "2026-12-09T12:00", over); err == nil {
		t.Error("released homework was extended")
	}
}

// Whoever runs the site ends homework at once, with its grace and extra time; its teacher can give it a later end. What is a draft, over or
// released stays as it is.
func TestClose(t *testing.T) {
	h := set(t)
	day, extended := 24*time.Hour, noon.Add(3*24*time.Hour)
	for after, last := range map[time.Duration]time.Time{-time.Hour: {}, 0: {}, time.Hour: {}, day + time.Minute: {}, 2 * day: extended} {
		now := noon.Add(after)
		closed := h.Close(last, now)
		if got := closed.Phase(time.Time{}, 1, now); got != Closed || closed.Version != h.Version+1 || closed.Accepts(Member{}, now) == nil {
			t.Errorf("closed %v after noon, it is %s: %+v", after, got, closed)
		}
		words := terms(h, Field(closed.From, time.UTC), "2026-12-09T12:00")
		if again, err := closed.Termed(words, now); err != nil || again.Phase(time.Time{}, 1, now.Add(time.Hour)) != Open {
			t.Errorf("closed %v after noon, it takes no later end: %v", after, err)
		}
		same := terms(h, Field(closed.From, time.UTC), Field(closed.Until, time.UTC))
		if _, err := closed.Termed(same, now); err != nil {
			t.Errorf("closed %v after noon, it takes no other points: %v", after, err)
		}
	}
	draft, released := h, h
	draft.SetAt, released.ReleasedAt = time.Time{}, noon
	for name, c := range map[string]struct {
		of  Homework
		now time.Time
	}{"a draft": {draft, noon.Add(time.Hour)}, "released": {released, noon.Add(time.Hour)}, "over": {h, noon.Add(2 * day)}} {
		if got := c.of.Close(time.Time{}, c.now); got.Version != c.of.Version {
			t.Errorf("%s, and closed: %+v", name, got)
		}
	}
}

// What is wrong with the terms is said at its field, and nothing changes.
func TestTerms(t *testing.T) {
	h := set(t)
	draft := h
	draft.SetAt = time.Time{}
	for _, c := range []struct {
		name  string
		of    Homework
		now   time.Time
		write func(*Terms)
		field string
	}{
		{"as it is", draft, noon, func(t *Terms) {}, "none"},
		{"no title", draft, noon, func(t *Terms) { t.Title = " " }, "title"},
		{"a long title", draft, noon, func(t *Terms) { t.Title = strings.Repeat("x", MaxTitle+1) }, "title"},
		{"ends before it opens", draft, noon, func(t *Terms) { t.Until = "2026-12-01T11:59" }, "until"},
		{"ends as it opens", draft, noon, func(t *Terms) { t.Until = t.From }, "until"},
		{"60 days", draft, noon, func(t *Terms) { t.Until = "2027-01-30T12:00" }, "none"},
		{"more than 60 days", draft, noon, func(t *Terms) { t.Until = "2027-01-30T12:01" }, "until"},
		{"in two years", draft, noon, func(t *Terms) { t.From, t.Until = "2028-12-01T12:00", "2028-12-02T12:00" }, "from"},
		{"no day", draft, noon, func(t *Terms) { t.From = "tomorrow" }, "from"},
		{"the 31st of June", draft, noon, func(t *Terms) { t.Until = "2026-06-31T12:00" }, "until"},
		{"no zone", draft, noon, func(t *Terms) { t.Zone = "" }, "zone"},
		{"this machine's zone", draft, noon, func(t *Terms) { t.Zone = "Local" }, "zone"},
		{"a file", draft, noon, func(t *Terms) { t.Zone = "../../etc/passwd" }, "zone"},
		{"another grace", draft, noon, func(t *Terms) { t.Grace = "17" }, "grace"},
		{"points below 0", draft, noon, func(t *Terms) { t.Points[h.Stops[0].ID] = "-1" }, "points-" + h.Stops[0].ID},
		{"a huge weight", draft, noon, func(t *Terms) { t.Weights[h.Stops[0].ID] = "101" }, "weight-" + h.Stops[0].ID},
		{"opened: other from", h, noon.Add(time.Hour), func(t *Terms) { t.From = "2026-12-01T13:00" }, "from"},
		{"opened: later end", h, noon.Add(time.Hour), func(t *Terms) { t.Until = "2026-12-05T13:00" }, "none"},
		{"opened: an end that is over", h, noon.Add(2 * time.Hour), func(t *Terms) { t.Until = "2026-12-01T13:00" }, "until"},
		{"over: only the weights", h, noon.Add(48 * time.Hour), func(t *Terms) { t.Weights[h.Stops[0].ID] = "3" }, "none"},
	} {
		form := terms(h, "2026-12-01T12:00", "2026-12-02T12:00")
		c.write(&form)
		if got := fieldOf(t, second(c.of.Termed(form, c.now))); got != c.field {
			t.Errorf("%s: refused at %s, want %s", c.name, got, c.field)
		}
	}
	if got := fieldOf(t, second(draft.Set(noon.Add(48*time.Hour)))); got != "until" {
		t.Errorf("set when it is over: refused at %s", got)
	}
	for text, want := range map[string]string{"": "none", "2026-12-03T12:00": "none", "2026-12-02T12:00": "extend", "2027-03-01T12:00": "extend", "soon": "extend"} {
		if got := fieldOf(t, second(h.Extend(Member{}, text, noon))); got != want {
			t.Errorf("extended to %q: refused at %s, want %s", text, got, want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// A local time is the moment that its zone's clocks show: also in a day of 23 or 25 hours, where some do not come, and some come twice.
func TestMoments(t *testing.T) {
	for _, c := range []struct{ text, zone, earlier, later string }{
		{"2026-12-06T23:59", "Europe/Berlin", "2026-12-06T22:59Z", "2026-12-06T22:59Z"},
		{"2026-12-06T23:59:00", "UTC", "2026-12-06T23:59Z", "2026-12-06T23:59Z"},
		{"2027-03-28T01:59", "Europe/Berlin", "2027-03-28T00:59Z", "2027-03-28T00:59Z"},
		{"2027-03-28T02:30", "Europe/Berlin", "", ""},
		{"2027-03-28T03:00", "Europe/Berlin", "2027-03-28T01:00Z", "2027-03-28T01:00Z"},
		{"2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30Z", "2026-10-25T01:30Z"},
		{"2026-10-25T03:00", "Europe/Berlin", "2026-10-25T02:00Z", "2026-10-25T02:00Z"},
		{"2026-11-01T01:30", "America/New_York", "2026-11-01T05:30Z", "2026-11-01T06:30Z"},
		{"2027-04-04T01:45", "Australia/Lord_Howe", "2027-04-03T14:45Z", "2027-04-03T15:15Z"}, // clocks go back by half an hour
		{"2011-12-30T12:00", "Pacific/Apia", "", ""},                                          // a day that Samoa left out
		{"2026-12-06T12:00", "Asia/Kathmandu", "2026-12-06T06:15Z", "2026-12-06T06:15Z"},
	} {
		zone, err := Zone(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		for choice, want := range map[Choice]string{Earlier: c.earlier, Later: c.later} {
			got, err := Moment(c.text, zone, choice)
			if want == "" {
				if err == nil {
					t.Errorf("%s in %s does not exist, and is %v", c.text, c.zone, got)
				}
				continue
			}
			if err != nil || got.Format("2006-01-02T15:04Z") != want {
				t.Errorf("%s in %s: %v, %v, want %s", c.text, c.zone, got, err, want)
			}
			if said := Twice(got, zone); (said != "") != (c.earlier != c.later) {
				t.Errorf("%s in %s: said %q", c.text, c.zone, said)
			}
			if back := Field(got, zone); !strings.HasPrefix(c.text, back) {
				t.Errorf("%s in %s comes back as %s", c.text, c.zone, back)
			}
		}
	}
	zone, _ := Zone("Europe/Berlin")
	if _, err := Moment("2027-03-28T02:30", zone, Later); err == nil || !strings.Contains(err.Error(), "there is no 02:30") || !strings.Contains(err.Error(), "03:30") {
		t.Errorf("said of a time that does not exist: %v", err)
	}
}

// The total is the sum of weighted points, rounded once; what is not handed in, or not right, has none.
func TestScores(t *testing.T) {
	h := set(t)
	ask, predict := h.Stops[0].ID, h.Stops[1].ID
	truths := map[string]Truth{predict: {Value: 3, Tolerance: 0.3}}
	mark := func(hundredths int64) []Mark {
		return []Mark{{Mark: classroom.Mark{Stop: ask, Hundredths: hundredths, Revision: 1}}}
	}
	for _, c := range []struct {
		name  string
		sheet Sheet
		want  int64
	}{
		{"nothing", Sheet{}, 0},
		{"a mark", Sheet{Marks: mark(750)}, 750},
		{"a comment without points", Sheet{Marks: mark(-1)}, 0},
		{"a mark from before the maximum was lowered", Sheet{Marks: mark(2000)}, 1000},
		{"a right guess, which counts twice", Sheet{Guesses: []classroom.Guess{{Stop: predict, Value: 3.3}}}, 300},
		{"a wrong guess", Sheet{Guesses: []classroom.Guess{{Stop: predict, Value: 4}}}, 0},
		{"both", Sheet{Marks: mark(1000), Guesses: []classroom.Guess{{Stop: predict, Value: 3}}}, 1300},
	} {
		by, total := h.Scores(c.sheet, truths)
		if total != (Score{c.want, 1300}) || by[ask].Of != 1000 || by[predict].Of != 300 {
			t.Errorf("%s: %+v, %+v", c.name, total, by)
		}
	}
	h.Stops[0].Weight, h.Stops[1].Points = 33, 0
	if _, total := h.Scores(Sheet{Marks: mark(333)}, truths); total != (Score{110, 330}) { // 3.33 × 0.33 = 1.0989
		t.Errorf("weighted by a third: %+v", total)
	}
	if got := fieldOf(t, second(h.Checked(Mark{Mark: classroom.Mark{Stop: ask, Hundredths: 1001}}))); got != "points" {
		t.Errorf("more than the maximum: refused at %s", got)
	}
	if _, err := h.Checked(Mark{Mark: classroom.Mark{Stop: predict}}); err == nil {
		t.Error("a prediction was marked")
	}
}

// An answer that was changed after its mark is not marked.
func TestUnmarked(t *testing.T) {
	h := set(t)
	ask := h.Stops[0].ID
	sheet := Sheet{Answers: []Answer{{Answer: classroom.Answer{Stop: ask, Text: "So", UpdatedAt: noon}}}}
	if n := h.Unmarked(sheet); n != 1 {
		t.Errorf("%d answers without a mark", n)
	}
	sheet.Marks = []Mark{{Mark: classroom.Mark{Stop: ask, Hundredths: 0, Revision: 1, UpdatedAt: noon.Add(time.Hour)}}}
	if n := h.Unmarked(sheet); n != 0 {
		t.Errorf("marked: %d without a mark", n)
	}
	sheet.Answers[0].UpdatedAt = noon.Add(2 * time.Hour) // after an extension
	if n := h.Unmarked(sheet); n != 1 {
		t.Errorf("changed since: %d without a mark", n)
	}
	sheet.Answers[0].Text = " "
	if n := h.Unmarked(sheet); n != 0 {
		t.Errorf("nothing written: %d without a mark", n)
	}
	if !h.Late(Answer{Answer: classroom.Answer{UpdatedAt: h.Until.Add(time.Second)}}, Member{}) || h.Late(Answer{Answer: classroom.Answer{UpdatedAt: h.Until}}, Member{}) {
		t.Error("late is what comes after the end")
	}
}

// A draft is open for a week of its teacher's days, however the clocks are changed in it.
func TestNew(t *testing.T) {
	stops := []classroom.Stop{{Kind: classroom.Ask, Title: "Why?"}}
	for zone, want := range map[string]string{"Europe/Berlin": "2026-10-30T22:59Z", "nowhere": "2026-10-30T23:59Z"} { // an hour later than a week
		h, err := New("shelf", "x", stops, zone, time.Date(2026, 10, 23, 12, 30, 0, 0, time.UTC))
		if got := h.Until.Format("2006-01-02T15:04Z"); err != nil || got != want || h.From.Format("15:04") != "13:00" {
			t.Errorf("in %s from %v until %s, %v, want %s", zone, h.From, got, err, want)
		}
	}
	for _, bad := range [][]classroom.Stop{nil, make([]classroom.Stop, classroom.MaxStops+1), {{Kind: classroom.Ask}}} {
		if _, err := New("shelf", "x", bad, "UTC", noon); err == nil {
			t.Errorf("%d stops are homework", len(bad))
		}
	}
}

// A code is read as people type it.
func TestResume(t *testing.T) {
	_, code := NewMember("")
	if got, ok := ParseResume(" " + strings.ToLower(SpellResume(code))); !ok || got != code {
		t.Errorf("%s is read as %q, %v", SpellResume(code), got, ok)
	}
	if _, ok := ParseResume("KXR-47QT"); ok {
		t.Error("a class's code is taken for one of homework")
	}
}
