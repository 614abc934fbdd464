package export

import (
	"encoding/csv"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A sheet says that it is UTF-8, quotes every cell, and reads back as what was written where nothing begins a formula.
func TestSheet(t *testing.T) {
	var b strings.Builder
	at := time.Date(2026, 11, 28, 9, 30, 5, 0, time.FixedZone("CET", 3600))
	if err := Sheet(&b, [][]any{{"a", 1, -2.5, nil, at, time.Time{}}, {"say \"x\",\ny", "é", "", "", "", ""}}); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(b.String(), "\ufeff")
	if !marked {
		t.Error("no byte order mark: Excel would take it for Latin-1")
	}
	if first, want := strings.SplitN(text, "\r\n", 2)[0], `"a","1","-2.5","","2026-11-28T08:30:05Z",""`; first != want {
		t.Errorf("the first line is %s, want %s", first, want)
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if want := [][]string{{"a", "1", "-2.5", "", "2026-11-28T08:30:05Z", ""}, {"say \"x\",\ny", "é", "", "", "", ""}}; err != nil || !reflect.DeepEqual(rows, want) {
		t.Errorf("it reads as %q, %v; want %q", rows, err, want)
	}
}

// However a spreadsheet splits a line, no cell of text begins with a formula.
func TestSheetHoldsNoFormula(t *testing.T) {
	formula := regexp.MustCompile("^[\\s\"`\u00a0\u200b\ufeff]*[=+\\-@＝＋－＠]")
	split := regexp.MustCompile("[,;|:\t\r\n]")
	check := func(t interface{ Errorf(string, ...any) }, text string) {
		var b strings.Builder
		if err := Sheet(&b, [][]any{{"x", text}}); err != nil {
			t.Errorf("%v", err)
		}
		for _, cell := range split.Split(strings.TrimPrefix(b.String(), "\ufeff"), -1) {
			if formula.MatchString(cell) {
				t.Errorf("%q is written as %q, where the cell %q begins a formula", text, b.String(), cell)
			}
		}
	}
	for _, text := range []string{"=1+1", "x;=cmd|' /C calc'!A0", "-x1Yz", "x\t@SUM(A1)", "x\n+1", "x,-1", `x;"=1`, "; =1", "＝1", "x\r=1", "'=1", "a|=b"} {
		check(t, text)
	}
	rapid.Check(t, func(t *rapid.T) {
		check(t, rapid.StringOfN(rapid.RuneFrom([]rune("ab=+-@;,\t\n\r\"' |:＝")), 0, 30, -1).Draw(t, "text"))
	})
}
