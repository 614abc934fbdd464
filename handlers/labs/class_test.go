package labs

import "testing"

func TestFlipSkip(t *testing.T) {
	for path, want := range map[string]string{
		"/labs/chain": "/labs/chain?skip=none", "/labs/chain?depth=3&skip=none": "/labs/chain?depth=3", "/labs/train?net=deep&skip=A": "/labs/train?net=deep&skip=none",
		"/labs/kernels": "", "": "",
	} {
		if got, flips := All().Flip(path); got != want || flips != (want != "") {
			t.Errorf("%q: got %q, %v; want %q", path, got, flips, want)
		}
	}
}
