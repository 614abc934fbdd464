package hint

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"
)

// englishWords holds about 50,000 English words in American and British spelling, one a line: the
// "small" lists of SCOWL (see words/LICENSE). A word that is in it was meant.
//
//go:embed words/english.txt.gz
var englishWords []byte

var english = sync.OnceValue(func() map[string]bool {
	r, err := gzip.NewReader(bytes.NewReader(englishWords))
	if err != nil {
		panic("hint: embedded word list: " + err.Error())
	}
	list, err := io.ReadAll(r)
	if err != nil {
		panic("hint: embedded word list: " + err.Error())
	}
	words := map[string]bool{}
	for w := range strings.Lines(string(list)) {
		words[strings.TrimSuffix(w, "\n")] = true
	}
	return words
})

// A speller mends slips of the keyboard towards a vocabulary, and nothing else: a word that is English
// or in the vocabulary stays as it is.
type speller struct {
	words []string // sorted
	stems map[string]bool
	stem  []string // of each word
}

func newSpeller(vocabulary []string) *speller {
	s := &speller{words: slices.Clone(vocabulary), stems: map[string]bool{}}
	slices.Sort(s.words)
	s.words = slices.Compact(s.words)
	for _, w := range s.words {
		s.stems[stem(w)] = true
		s.stem = append(s.stem, stem(w))
	}
	return s
}

// mend returns the word that was meant.
func (s *speller) mend(w string) string {
	stemmed := stem(w)
	if len(w) < 4 || s.stems[stemmed] || english()[w] {
		return w
	}
	// A word of the vocabulary in a form that the list lacks ("overfits") differs at its end alone, which
	// the stemmer has dealt with; what remains is a slip.
	best, bestDistance, bestStart := w, slip(len(w))+1, 0
	for i, candidate := range s.words {
		if len(candidate) < 4 || candidate[0] != w[0] && distance(w, candidate) > 1 {
			continue
		}
		d := min(distance(w, candidate), distance(stemmed, s.stem[i]))
		if d > slip(len(candidate)) || d > bestDistance {
			continue
		}
		// Of two words as near, the one that starts like what was written: "swep" is "sweep", not "step".
		if start := common(w, candidate); d < bestDistance || best != w && start > bestStart {
			best, bestDistance, bestStart = candidate, d, start
		}
	}
	return best
}

// common is how many letters two words start with alike.
func common(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// slip is how many letters may be wrong in a word of n letters.
func slip(n int) int {
	if n >= 8 {
		return 2
	}
	return 1
}

// distance is Levenshtein's, with two swapped neighbours counted as one slip where they are the only one.
func distance(a, b string) int {
	if max(len(a)-len(b), len(b)-len(a)) > slip(max(len(a), len(b))) {
		return len(a) + len(b) // too far apart to be counted
	}
	d := levenshtein.ComputeDistance(a, b)
	if d == 2 && len(a) == len(b) {
		for i := range len(a) - 1 {
			if a[i] == b[i+1] && a[i+1] == b[i] && a[:i] == b[:i] && a[i+2:] == b[i+2:] {
				return 1
			}
		}
	}
	return d
}
