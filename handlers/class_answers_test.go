package handlers

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gradlab/classroom"
)

// answered is a class at its question, to which students have handed in.
func answered(t *testing.T, texts ...string) (c *testClass, stop classroom.Stop, member map[string]string) {
	t.Helper()
	c = newTestClass(t)
	stop = c.to(t, classroom.Ask)
	for i, text := range texts {
		student := c.join(t, c.code, fmt.Sprint("Student ", i+1))
		if got := c.do(t, student, "POST", "/class/"+c.code+"/answer", url.Values{"stop": {stop.ID}, "text": {text}}); got.status != http.StatusSeeOther {
			t.Fatalf("answer: status %d", got.status)
		}
	}
	members, err := c.store.Members(t.Context(), c.stored(t).ID)
	if err != nil {
		t.Fatal(err)
	}
	member = map[string]string{}
	for _, m := range members {
		member[m.Nickname] = m.ID
	}
	return c, stop, member
}

var (
	listed      = regexp.MustCompile(`(?s)<li id="answer-[^>]*>.*?</li>`)
	listedText  = regexp.MustCompile(`<p class="kept">([^<]*)</p>`)
	hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)
)

// incoming are the answers on the teacher's page, by their texts: the list item of each, and the fields of its form.
func (c *testClass) incoming(t *testing.T, query string) (page string, items map[string]string, forms map[string]url.Values) {
	t.Helper()
	page = c.do(t, c.teacher, "GET", "/class/"+c.code+"/remote"+query, nil).body
	items, forms = map[string]string{}, map[string]url.Values{}
	for _, item := range listed.FindAllString(page, -1) {
		text := listedText.FindStringSubmatch(item)[1]
		items[text], forms[text] = item, url.Values{}
		for _, field := range hiddenField.FindAllStringSubmatch(item, -1) {
			forms[text].Add(field[1], field[2])
		}
	}
	return page, items, forms
}

// press presses a button of an answer's form, and follows where it leads.
func (c *testClass) press(t *testing.T, form url.Values, do string) (to, page string) {
	t.Helper()
	form.Set("do", do)
	got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/do", form)
	if got.status != http.StatusSeeOther {
		t.Fatalf("%s: status %d: %.300s", do, got.status, got.body)
	}
	to = got.header.Get("Location")
	return to, c.do(t, c.teacher, "GET", strings.Split(to, "#")[0], nil).body
}

// Without scripts, too: equal answers stand once with who wrote them, a fifth on the wall says before and after which one it replaces, and what
// is hidden is off the wall, can be brought back, and is in the file.
func TestAnswersAreSifted(t *testing.T) {
	c, stop, member := answered(t, "It vanishes", "Two", "it  vanishes", "Three", "Four", "Five", "Silly", "silly")
	page, items, forms := c.incoming(t, "")
	if len(items) != 6 || !strings.Contains(items["It vanishes"], "×2: who wrote it") || !strings.Contains(items["It vanishes"], "Student 1, Student 3") || strings.Contains(items["Two"], "×") {
		t.Fatalf("%d texts: %s", len(items), items["It vanishes"])
	}
	if at := []int{strings.Index(page, ">It vanishes<"), strings.Index(page, ">Two<"), strings.Index(page, ">Silly<")}; at[0] < 0 || at[0] > at[1] || at[1] > at[2] {
		t.Errorf("the order of coming: %v", at)
	}
	for _, text := range []string{"It vanishes", "Two", "Three", "Four"} {
		if strings.Contains(items[text], "instead of") {
			t.Errorf("%s would replace another though there is room", text)
		}
		c.press(t, forms[text], "pick")
		_, items, forms = c.incoming(t, "")
	}
	if !strings.Contains(items["Five"], "Show it instead of Student 1’s “It vanishes”") {
		t.Errorf("what a fifth replaces is not said: %s", items["Five"])
	}
	stale := forms["Five"]
	to, page := c.press(t, forms["Five"], "pick")
	if !strings.Contains(page, "Student 1’s answer is no longer on the wall") || !strings.Contains(to, "#answer-") {
		t.Errorf("what the fifth has replaced is not said; led to %s", to)
	}
	if again := c.do(t, c.teacher, "GET", to, nil).body; strings.Contains(again, "no longer on the wall") {
		t.Error("it is said again at the next look")
	}
	stale.Set("member", member["Student 7"])
	if got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/do", stale, "Accept", "application/json"); got.status != 422 || !strings.Contains(got.body, "not the one that this was to replace") {
		t.Errorf("a sixth instead of one that is not there: status %d %.200s", got.status, got.body)
	}
	if got := c.stored(t).Shown().Picked; len(got) != 4 || got[0] != member["Student 2"] || got[3] != member["Student 6"] {
		t.Errorf("picked %v", got)
	}

	_, _, forms = c.incoming(t, "")
	c.press(t, forms["Silly"], "fold")
	if _, page = c.press(t, forms["Two"], "fold"); !strings.Contains(page, "taken off the wall") || !strings.Contains(page, "Hidden (2)") {
		t.Error("that it was hidden, and is off the wall, is not said")
	}
	if wall := c.do(t, c.teacher, "GET", "/class/"+c.code+"/projector", nil).body; strings.Contains(wall, "Two") || !strings.Contains(wall, "Five") {
		t.Error("what is hidden is on the wall, or what is not hidden is not")
	}
	stale = url.Values{"stop": {stop.ID}, "member": {member["Student 4"]}, "revision": {"0"}, "do": {"fold"}}
	if got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/do", stale, "Accept", "application/json"); got.status != 422 || !strings.Contains(got.body, "changed meanwhile") {
		t.Errorf("hiding a text that is another now: status %d %.200s", got.status, got.body)
	}
	sheet, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.do(t, c.teacher, "GET", "/class/"+c.code+"/export.csv", nil).body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	hidden := map[string]string{}
	for _, line := range sheet[1:] {
		hidden[line[12]] = line[len(line)-1]
	}
	if sheet[0][12] != "answer" || sheet[0][len(sheet[0])-1] != "hidden" || len(sheet) != 9 || hidden["Silly"] != "yes" || hidden["silly"] != "yes" || hidden["Two"] != "yes" || hidden["Five"] != "" {
		t.Errorf("the file: %v", hidden)
	}
	if whole := c.do(t, c.teacher, "GET", "/class/"+c.code+"/export.json", nil).body; strings.Count(whole, `"hidden":true`) != 3 {
		t.Error("JSON does not say what is hidden")
	}
	_, _, forms = c.incoming(t, "")
	if _, page = c.press(t, forms["Two"], "unfold"); !strings.Contains(page, "It is in your list again.") || !strings.Contains(page, "Hidden (1)") {
		t.Error("it is not back")
	}
}

// The teacher reads the answers with a concept or without it, or those that name none, and stays with them when one is shown.
func TestAnswersAreFiltered(t *testing.T) {
	full := "Each layer multiplies the gradient by a derivative below one, so with more layers the product shrinks exponentially."
	c, stop, _ := answered(t, full, "I like trains.")
	question, _ := c.config.Library.Question(stop.Question)
	c.incoming(t, "") // has them read
	c.waitRead(t, stop, question.Rubric.Version(), 2)
	page, _, _ := c.incoming(t, "?filter=none")
	if !strings.Contains(page, "1 of 2 answers.") || strings.Contains(page, "Each layer multiplies") || !strings.Contains(page, ">I like trains.<") {
		t.Error("those that name none are others")
	}
	concepts := regexp.MustCompile(`<option value="with ([a-z-]+)">`).FindAllStringSubmatch(page, -1)
	if len(concepts) < 2 {
		t.Fatalf("%d concepts to filter by", len(concepts))
	}
	found := 0
	for _, m := range concepts {
		_, with, forms := c.incoming(t, "?filter=with+"+m[1])
		_, without, _ := c.incoming(t, "?filter=without+"+m[1])
		if len(with)+len(without) != 2 {
			t.Errorf("%s: %d with and %d without, of 2", m[1], len(with), len(without))
		}
		if _, in := with[full]; in {
			if found++; found == 1 {
				if to, page := c.press(t, forms[full], "pick"); !strings.HasPrefix(to, "/class/"+c.code+"/remote?filter=with+"+m[1]+"#answer-") || strings.Contains(page, ">I like trains.<") || !strings.Contains(page, "selected") {
					t.Errorf("after picking one the filter is gone: %s", to)
				}
			}
		}
	}
	if found == 0 {
		t.Error("the full answer names nothing")
	}
	if page, items, _ := c.incoming(t, "?filter=with+of-another"); len(items) != 2 || strings.Contains(page, "of 2 answers") {
		t.Error("a filter of another question hides something")
	}
}

// Who leaves is no more on the wall, and takes no place there: a pick that had room replaces nobody.
func TestWhoLeavesIsOffTheWall(t *testing.T) {
	c, stop, _ := answered(t)
	clara := c.join(t, c.code, "Clara")
	c.do(t, clara, "POST", "/class/"+c.code+"/answer", url.Values{"stop": {stop.ID}, "text": {"It vanishes"}}).wants(t, 303, "", "")
	_, _, forms := c.incoming(t, "")
	c.press(t, forms["It vanishes"], "pick")
	if got := c.stored(t).Shown().Picked; len(got) != 1 {
		t.Fatalf("picked %v", got)
	}
	c.do(t, clara, "POST", "/class/"+c.code+"/leave", nil).wants(t, 303, "", "")
	if got := c.stored(t).Shown().Picked; len(got) != 0 {
		t.Errorf("still picked: %v", got)
	}
}
