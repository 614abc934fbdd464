package hint_test

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// longest is how many letters an answer may have, which is store.MaxCharacters.
const longest = 20_000

// hostile are answers of the longest kind that cost most: words that are in no list, words that every rule starts with,
// claims that hold but for one part, and what makes many sentences, clauses or negations.
func hostile(t testing.TB) map[string]string {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	letters := make([]byte, longest)
	for i := range letters {
		letters[i] = "abcdefghijklmnopqrstuvwxyz    "[random.IntN(30)]
	}
	var honest, slips strings.Builder
	for _, q := range questions(t) {
		for _, a := range answers(t, "dev", q.Slug) {
			honest.WriteString(a.Text)
			for _, w := range strings.Fields(a.Text) {
				slips.WriteString(w[:len(w)/2] + string(rune('a'+random.IntN(26))) + w[len(w)/2:] + " ")
			}
		}
	}
	all := map[string]string{"random letters": string(letters), "honest answers": honest.String(), "their words with slips": slips.String()}
	for _, piece := range []string{
		"a. ", "d ", "dL/dw ", "(", "\n", "- a\n", "not that ", "not small gradient early ", "late, early and ", "gradient layer early small ",
		"sigmoid they flat not ", "tanh satur not ", "relu, init, norm, gate, ", "gradiemt ", "abcdefghijklmno ", "same tool move over whole ",
		"skip not adds weight projection ", "plain fit not mapping ", "degradation cause vanish gradient but not ", "x", "x_", "f(x", "3x", "0,",
	} {
		all[piece] = strings.Repeat(piece, longest/len(piece))
	}
	return all
}

// TestWorkIsBounded bounds what an answer takes by counts, which, unlike times, are the same on every machine: for each of
// its tokens a few comparisons, of the hundreds of words, and a few tries, of the hundred rules.
func TestWorkIsBounded(t *testing.T) {
	for name, text := range hostile(t) {
		for _, q := range questions(t) {
			w := q.Rubric.Work(text[:min(len(text), longest)])
			for _, count := range []struct {
				name               string
				got, perToken, and int
			}{
				{"comparisons with a word", w.Compared, 8, 0},
				{"tries of a rule", w.Tried, 1, w.Rules},
				{"tries of a phrase", w.Matched, 12, w.Rules},
				{"choices", w.Steps, 10, w.Rules},
			} {
				if most := count.perToken*w.Tokens + count.and; count.got > most {
					t.Errorf("%.20q of %s: %d %s for %d tokens, want at most %d", name, q.Slug, count.got, count.name, w.Tokens, most)
				}
			}
		}
	}
}
