package hint

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"math/bits"
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
	stems map[string]bool
	words []candidate // sorted
}

// A candidate is a word of the vocabulary that may have been meant. Their letters rule out nearly all of them before a
// distance is counted.
type candidate struct {
	word, stem               string
	wordLetters, stemLetters letters
}

// letters is the set of a word's letters from a to z. One slip changes at most two of them.
type letters uint32

func lettersOf(w string) letters {
	var in letters
	for i := range len(w) {
		if c := w[i] - 'a'; c < 26 {
			in |= 1 << c
		}
	}
	return in
}

// apart reports whether two words differ by more than some slips, as far as their letters tell.
func (a letters) apart(b letters, slips int) bool { return bits.OnesCount32(uint32(a^b)) > 2*slips }

// shortestMended is how many letters a word has at least that is mended, or meant.
const shortestMended = 4

func newSpeller(vocabulary []string) *speller {
	words := slices.Clone(vocabulary)
	slices.Sort(words)
	s := &speller{stems: map[string]bool{}, words: make([]candidate, 0, len(words))}
	for _, w := range slices.Compact(words) {
		stemmed := stem(w)
		s.stems[stemmed] = true
		if len(w) >= shortestMended {
			s.words = append(s.words, candidate{w, stemmed, lettersOf(w), lettersOf(stemmed)})
		}
	}
	return s
}

// mend returns the word that was meant, the stem of what was written being given, and with how many candidates it was
// compared letter by letter.
func (s *speller) mend(w, stemmed string) (meant string, compared int) {
	if len(w) < shortestMended || len(w) > longestWord || s.stems[stemmed] || english()[w] {
		return w, 0
	}
	// A word of the vocabulary in a form that the list lacks ("overfits") differs at its end alone, which
	// the stemmer has dealt with; what remains is a slip.
	wordLetters, stemLetters := lettersOf(w), lettersOf(stemmed)
	best, bestDistance, bestStart := w, slip(len(w))+1, 0
	for i := range s.words {
		c := &s.words[i]
		most := min(slip(len(c.word)), bestDistance)
		byWord, byStem := !wordLetters.apart(c.wordLetters, most), !stemLetters.apart(c.stemLetters, most)
		if sameStart := c.word[0] == w[0]; !byWord && !(byStem && sameStart) {
			continue
		}
		compared++
		d := distance(w, c.word)
		if c.word[0] != w[0] && d > 1 {
			continue
		}
		if byStem {
			d = min(d, distance(stemmed, c.stem))
		}
		if d > most {
			continue
		}
		// Of two words as near, the one that starts like what was written: "swep" is "sweep", not "step".
		if start := common(w, c.word); d < bestDistance || best != w && start > bestStart {
			best, bestDistance, bestStart = c.word, d, start
		}
	}
	return best, compared
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
