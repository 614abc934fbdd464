package classroom

import (
	"fmt"
	"testing"
)

// Texts that differ in white space or case alone are one group, in the order of coming.
func TestGrouped(t *testing.T) {
	got := Grouped([]string{"It vanishes.", "Because", " it\n vanishes. ", "because!", "IT VANISHES."}, func(s string) string { return s })
	if want := `[["It vanishes." " it\n vanishes. " "IT VANISHES."] ["Because"] ["because!"]]`; fmt.Sprintf("%q", got) != want {
		t.Errorf("%q, want %s", got, want)
	}
}
