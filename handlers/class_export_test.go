package handlers

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gradlab/classroom"
)

// An export says what was meant: choices in their words, the truth beside each guess, when it was handed in; and no text in the
// CSV is a formula.
func TestClassExport(t *testing.T) {
	c := newTestClass(t)
	at := "/class/" + c.code
	power := c.to(t, classroom.Predict) // computed by the chain: 1.9·10⁻¹⁴
	guess := func(stop, value string) {
		t.Helper()
		if got := c.do(t, c.student, "POST", at+"/guess", url.Values{"stop": {stop}, "guess": {value}}); got.status != http.StatusSeeOther {
			t.Fatalf("guess %s: status %d", value, got.status)
		}
	}
	guess(power.ID, "-6")
	c.do(t, c.teacher, "POST", at+"/plan", url.Values{"kind": {"predict-choice"}, "title": {"Which?"}, "choices": {"left\n=right"}, "given": {"2"}, "go": {"1"}})
	choice := c.stored(t).Shown()
	guess(choice.ID, "0")
	ask := c.to(t, classroom.Ask)
	answer := url.Values{"stop": {ask.ID}, "text": {"first;=cmd|' /C calc'!A0\n-2"}}
	if got := c.do(t, c.student, "POST", at+"/answer", answer); got.status != http.StatusSeeOther {
		t.Fatalf("answer: status %d", got.status)
	}

	var whole struct{ Rows []map[string]any }
	if err := json.Unmarshal([]byte(c.do(t, c.teacher, "GET", at+"/export.json", nil).body), &whole); err != nil || len(whole.Rows) != 3 {
		t.Fatalf("JSON of %d rows, %v; want 3", len(whole.Rows), err)
	}
	sheet := c.do(t, c.teacher, "GET", at+"/export.csv", nil)
	text, marked := strings.CutPrefix(sheet.body, "\ufeff")
	if !marked || sheet.header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("the CSV does not say that it is UTF-8: %.20q, %s", sheet.body, sheet.header.Get("Content-Type"))
	}
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(lines) != 4 {
		t.Fatalf("CSV of %d lines, %v; want 4", len(lines), err)
	}
	for i, want := range []struct {
		guess, truth any
		csv          map[string]string
	}{
		{-6.0, -13.7, map[string]string{"kind": "predict", "guess": "-6"}},
		{"left", "=right", map[string]string{"guess": "left", "truth": "'=right", "nickname": "Anna"}},
		{nil, nil, map[string]string{"guess": "", "truth": "", "answer": "first;'=cmd|' /C calc'!A0\n'-2"}},
	} {
		row := whole.Rows[i]
		if number, is := row["truth"].(float64); is {
			row["truth"] = float64(int(number*10)) / 10
		}
		if row["guess"] != want.guess || row["truth"] != want.truth {
			t.Errorf("row %d says guess %v, truth %v; want %v, %v", i, row["guess"], row["truth"], want.guess, want.truth)
		}
		if handedIn, err := time.Parse(time.RFC3339, row["handed_in"].(string)); err != nil || time.Since(handedIn) > time.Hour {
			t.Errorf("row %d was handed in at %v", i, row["handed_in"])
		}
		for column, name := range lines[0] {
			if text, asked := want.csv[name]; asked && lines[i+1][column] != text {
				t.Errorf("row %d of the CSV: %s is %q, want %q", i, name, lines[i+1][column], text)
			}
			if name == "handed_in" && !strings.HasSuffix(lines[i+1][column], "Z") {
				t.Errorf("row %d of the CSV: handed in at %q, want a time with its zone", i, lines[i+1][column])
			}
		}
	}
}
