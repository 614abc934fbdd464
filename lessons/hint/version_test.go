package hint

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What decides what is found is part of the version: every file of the package but those that only document it.
func TestVersionCoversTheCode(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, err := code.ReadFile(file); err != nil && !strings.HasSuffix(file, "_test.go") && !slices.Contains([]string{"doc.go", "labelled.go", "licence.go"}, file) {
			t.Errorf("%s is not embedded in version.go: what it changes would not be found anew", file)
		}
	}
}

func TestVersion(t *testing.T) {
	version := func(rules, question string, ids ...string) string {
		r, err := ParseRubric([]byte(rules), question, ids)
		if err != nil {
			t.Fatal(err)
		}
		return r.Version()
	}
	same := version("concepts: {a: [(x)]}", "Q", "a")
	if again := version("concepts: {a: [(x)]}", "Q", "a"); again != same {
		t.Errorf("the same rules have the versions %s and %s", same, again)
	}
	for name, other := range map[string]string{
		"rules": version("concepts: {a: [(y)]}", "Q", "a"), "question": version("concepts: {a: [(x)]}", "R", "a"), "ids": version("concepts: {a: [(x)]}", "Q", "a", "b"),
	} {
		if other == same {
			t.Errorf("other %s have the same version", name)
		}
	}
}
