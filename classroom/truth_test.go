package classroom

import (
	"encoding/json"
	"testing"
)

// A truth is stored, and sent by forms, as the text that it always was.
func TestTruthsAreTexts(t *testing.T) {
	for text, want := range map[string]Truth{
		"":                        {},
		"chain grad_w[0]":         {Lab: "chain", Path: "grad_w[0]"},
		"train lower losses[-1]":  {Lab: "train", Path: "losses[-1]", Lower: true},
		"lesson the-chain/who-is": {Lesson: "the-chain", Predict: "who-is"},
	} {
		var stop Stop
		if err := json.Unmarshal([]byte(`{"truth":"`+text+`"}`), &stop); err != nil || stop.Truth != want || stop.Truth.String() != text {
			t.Errorf("%q is read as %+v, and written as %q: %v", text, stop.Truth, stop.Truth, err)
		}
	}
	for _, text := range []string{"chain", "lesson the-chain", "lesson"} {
		if got, err := ParseTruth(text); err == nil {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
	if text, err := json.Marshal(Stop{}); err != nil || string(text) != `{"id":"","kind":"","title":""}` {
		t.Errorf("no truth is written: %s, %v", text, err)
	}
}
