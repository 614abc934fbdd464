package hint

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"sync"
)

// code is what decides, beside a question's rules, what Find finds.
//
//go:embed choose.go find.go formula.go hit.go index.go keywords.go match.go negation.go notation.go parse.go rubric.go scan.go sentence.go spell.go token.go version.go
//go:embed terms.yaml words/english.txt.gz
var code embed.FS

// edition is the sum of it all, so that what was found before is found anew when any of it changes.
var edition = sync.OnceValue(func() []byte {
	sum := sha256.New()
	err := fs.WalkDir(code, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := code.ReadFile(path)
		add(sum, path, text)
		return err
	})
	if err != nil {
		panic("hint: embedded code: " + err.Error())
	}
	return sum.Sum(nil)
})

// add adds values to a sum so that none runs into the next.
func add(sum hash.Hash, values ...any) {
	for _, v := range values {
		fmt.Fprintf(sum, "%q\n", v)
	}
}

// Version names the rules and the code that reads by them: what Find has found holds as long as it is the same. A nil
// Rubric has "".
func (r *Rubric) Version() string {
	if r == nil {
		return ""
	}
	return r.version
}

// versionOf returns the version of a rubric. The stems of its vocabulary stand for the stemmer, which is another module.
func versionOf(source []byte, question string, ids []string, s *speller) string {
	sum := sha256.New()
	add(sum, edition(), source, question, ids)
	for _, c := range s.words {
		add(sum, c.stem)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
