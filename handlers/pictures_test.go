package handlers

import (
	"encoding/json"
	"os"
	"testing"

	"gradlab/mlcore/experiment"
)

// The kernels lab's script writes pictures into links, too: the same file is what its own tests hold it to.
func TestPicturesAreWrittenAlike(t *testing.T) {
	data, err := os.ReadFile("../static/check/pictures.json")
	if err != nil {
		t.Fatal(err)
	}
	var shared []struct {
		Runs [][2]int // grey, how many
		Text string
	}
	if err := json.Unmarshal(data, &shared); err != nil || len(shared) == 0 {
		t.Fatal("no pictures to compare:", err)
	}
	for _, s := range shared {
		var p experiment.Picture
		at := 0
		for _, run := range s.Runs {
			for range run[1] {
				p[at] = byte(run[0])
				at++
			}
		}
		if got := p.Encode(); got != s.Text {
			t.Errorf("%v is written as %q, want %q", s.Runs, got, s.Text)
		}
	}
}
