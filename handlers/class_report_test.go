package handlers

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gradlab/classroom"
)

// table is a sheet of the class, by the student and the head of a column.
func (c *testClass) table(t *testing.T) map[string]map[string]string {
	t.Helper()
	got := c.do(t, c.teacher, "GET", "/class/"+c.code+"/students.csv", nil)
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.body, "\ufeff"))).ReadAll()
	if err != nil || len(lines) == 0 {
		t.Fatalf("status %d, %v", got.status, err)
	}
	all := map[string]map[string]string{}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, head := range lines[0] {
			if _, twice := row[head]; twice {
				head += " again"
			}
			row[head] = line[i]
		}
		all[line[0]] = row
	}
	return all
}

// The report compares both votes with the truth, tells the gain and the flows of a hall but not of four, and says who was there and who handed in
// nothing; a student was there who handed something in, though nobody saw the page open.
func TestReportOfAClass(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newTestClassOn(t, dsn)
		at := "/class/" + c.code
		page := func(query string) string {
			t.Helper()
			got := c.do(t, c.teacher, "GET", at+"/report"+query, nil)
			got.wants(t, 200, "What came of the class", "")
			return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(got.body, " ")), " ")
		}
		students := []*http.Client{c.student}
		for _, name := range []string{"Ben", "Clara", "=Dora", "Emil"} {
			students = append(students, c.join(t, c.code, name))
		}
		c.do(t, c.teacher, "POST", at+"/plan", url.Values{"kind": {"predict-choice"}, "title": {"Which?"}, "choices": {"left\nright"}, "given": {"2"}, "go": {"1"}})
		choice := c.stored(t).Shown()
		for i, s := range students[:4] {
			c.vote(t, s, choice.ID, 1, []string{"0", "0", "1", "0"}[i], "2")
		}
		c.act(t, "lock")
		c.act(t, "discuss")
		c.act(t, "again")
		for i, s := range students[:4] {
			c.vote(t, s, choice.ID, 2, []string{"1", "1", "1", "0"}[i], "")
		}
		text := page("")
		for _, want := range []string{
			"5 students joined; 1 of them handed in nothing.", "First vote: 1 of 4 right (25 %).", "Second vote: 3 of 4 right (75 %).", "Fewer than 5 voted twice", "It is B: right",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("the report of four votes lacks %q:\n%s", want, text)
			}
		}
		if strings.Contains(text, "normalised gain of") || strings.Contains(text, "moved from") {
			t.Errorf("of four students a gain or flows are told:\n%s", text)
		}
		zed := c.join(t, c.code, "Zed")
		c.act(t, "lock")
		c.act(t, "unlock")
		c.do(t, zed, "POST", at+"/guess", url.Values{"stop": {choice.ID}, "round": {"2"}, "guess": {"1"}})
		members, err := c.store.Members(t.Context(), c.stored(t).ID)
		if err != nil {
			t.Fatal(err)
		}
		if text := page(""); !strings.Contains(text, "Second vote: 4 of 5 right (80 %).") || !strings.Contains(text, "Fewer than 5 voted twice") {
			t.Errorf("who voted once counts for the gain:\n%s", text)
		}
		if err := c.store.Seen(t.Context(), c.stored(t).ID, nil, []string{members[0].ID, members[2].ID}); err != nil {
			t.Fatal(err)
		}
		ask := c.to(t, classroom.Ask)
		c.do(t, c.student, "POST", at+"/answer", url.Values{"stop": {ask.ID}, "text": {"=1+1"}, "run": {"/labs/chain?depth=20"}}).wants(t, 303, "", "")
		c.do(t, c.teacher, "POST", at+"/marks", url.Values{"stop": {ask.ID}, "member": {members[0].ID}, "points": {"7.5"}, "revision": {"0"}}, "Accept", "application/json").wants(t, 200, "", "")
		most := func(typed string) answer {
			t.Helper()
			return c.do(t, c.teacher, "POST", at+"/report/points", url.Values{"stop": {ask.ID}, "most": {typed}})
		}
		most("ten").wants(t, 422, `value="ten"`, "")
		most("7").wants(t, 422, "An answer has 7.5 points already.", "")
		most("10").wants(t, 303, "", "")
		c.do(t, c.teacher, "POST", at+"/report/points", url.Values{"stop": {choice.ID}, "most": {"10"}}).wants(t, 422, "There is no such question in this class.", "")
		c.do(t, c.teacher, "GET", at+"/marks", nil).wants(t, 200, "Points, at most 10", "")
		c.do(t, c.teacher, "POST", at+"/marks", url.Values{"stop": {ask.ID}, "member": {members[0].ID}, "points": {"10.5"}, "revision": {"1"}}, "Accept", "application/json").wants(t, 422, "at most 10 points", "")
		text = page("?show=nothing")
		for _, want := range []string{"1 of 6 handed in an answer; 1 of them is marked, with 7.5 of 10 points.", "Handed in nothing 1", "Emil"} {
			if !strings.Contains(text, want) {
				t.Errorf("the report lacks %q:\n%s", want, text)
			}
		}
		if _, rows, _ := strings.Cut(text, "Stops there"); strings.Contains(rows, "Clara") {
			t.Errorf("who handed in nothing: %s", rows)
		}

		table, which, why := c.table(t), "Which?", ask.Title
		number := func(title string) string {
			i := slices.IndexFunc(c.stored(t).Plan, func(s classroom.Stop) bool { return s.Title == title })
			return fmt.Sprintf("%d. %s: ", i+1, title)
		}
		for _, want := range []struct{ student, column, cell string }{
			{"Anna", number(which) + "truth", "right"}, {"Anna", number(which) + "first vote", "left"}, {"Anna", number(which) + "how sure (1 to 3)", "2"},
			{"Anna", number(which) + "second vote", "right"}, {"Anna", number(which) + "there", "yes"}, {"Emil", number(which) + "first vote", ""},
			{"Anna", number(why) + "answer", "'=1+1"}, {"Anna", number(why) + "run", "/labs/chain?depth=20"}, {"Anna", number(why) + "points of 10", "7.5"}, {"Anna", "points", "7.5"},
			{"Ben", number(why) + "there", "yes"}, {"Anna", number(why) + "there", "yes"}, {"Clara", number(why) + "there", "no"}, {"'=Dora", "nickname", "'=Dora"}, {"Emil", "stops handed in", "0"}, {"Anna", "stops handed in", "2"},
		} {
			if got := table[want.student][want.column]; got != want.cell {
				t.Errorf("%s, %s: %q, want %q", want.student, want.column, got, want.cell)
			}
		}
		if len(table) != 6 || table["Emil"]["first seen"] == "" {
			t.Errorf("the sheet has %d students: %v", len(table), table["Emil"])
		}
	})
}

// Of a hall of 500 the report shows a page of students at a time, what it is narrowed to stays in its links, and all are on one page to be printed; a gain is told
// of so many.
func TestReportOfAHall(t *testing.T) {
	c := newTestClass(t)
	at := "/class/" + c.code
	c.do(t, c.teacher, "POST", at+"/plan", url.Values{"kind": {"predict-choice"}, "title": {"Which?"}, "choices": {"left\nright"}, "given": {"2"}, "go": {"1"}})
	const all = 500
	for i := 1; i < all; i++ { // Anna is in it
		if _, err := c.store.Join(t.Context(), c.stored(t).ID, fmt.Sprint("owner ", i), classroom.NewMember(fmt.Sprintf("No. %03d", i))); err != nil {
			t.Fatal(err)
		}
	}
	vote := func(round, right int) {
		t.Helper()
		now := c.stored(t)
		for i := 1; i <= 100; i++ {
			value := 0.0
			if i <= right {
				value = 1
			}
			if err := c.store.SaveGuess(t.Context(), now.ID, now.Version, fmt.Sprint("owner ", i), classroom.Guess{Stop: now.Shown().ID, Round: round, Value: value}); err != nil {
				t.Fatal(err)
			}
		}
	}
	vote(1, 40)
	c.act(t, "lock")
	c.act(t, "discuss")
	c.act(t, "again")
	vote(2, 70)
	row := regexp.MustCompile(`<th scope="row">((?:No\.|Anna)[^<]*)</th>`)
	for query, want := range map[string]struct {
		rows  int
		links []string
	}{
		"":                     {100, []string{`/report?page=2#students`, `/report?all=1#students`, `/report?show=nothing#students`}},
		"?page=5":              {100, []string{`/report?page=4#students`}},
		"?show=nothing&page=4": {100, []string{`/report?page=3&amp;show=nothing#students`}},
		"?all=1":               {500, nil},
		"?page=many":           {100, nil},
	} {
		got := c.do(t, c.teacher, "GET", at+"/report"+query, nil)
		if rows := row.FindAllString(got.body, -1); got.status != 200 || len(rows) != want.rows {
			t.Errorf("%q: status %d, %d students, want %d", query, got.status, len(rows), want.rows)
		}
		for _, link := range want.links {
			if !strings.Contains(got.body, link) {
				t.Errorf("%q lacks the link %s", query, link)
			}
		}
		for _, words := range []string{"of 100 right (40 %)", "Of the 100 who voted twice, 40 were right before the talk and 70 after it", "0.50", "30 moved from A to B"} {
			if !strings.Contains(got.body, words) {
				t.Errorf("%q does not say %q", query, words)
			}
		}
	}
}
