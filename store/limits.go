package store

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"gradlab/answers"
)

const (
	// maxName bounds the bytes of an owner, a question's slug and a part's id.
	maxName = 200
	// maxRevision is the largest integer that JSON carries to a browser and back unharmed.
	maxRevision = 1<<53 - 1
)

// ErrName refuses an owner or a Key that the caller should not have let pass: empty, too long, or not
// printable text.
var ErrName = errors.New("invalid owner or question name")

func checkNames(owner string, key answers.Key) error {
	if owner == "" || key.Question == "" {
		return fmt.Errorf("%w: empty", ErrName)
	}
	for _, name := range []string{owner, key.Question, key.Part} {
		if len(name) > maxName || !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
			return fmt.Errorf("%w: longer than %d bytes, not UTF-8 or with a NUL character", ErrName, maxName)
		}
	}
	return nil
}
