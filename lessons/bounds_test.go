package lessons

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// lessonOf is a lesson with more front matter and a body.
func lessonOf(front, body string) string {
	return "---\nnumber: 10\nslug: mine\ntitle: Mine\nminutes: 3\nhook: Why?\ntakeaway: So.\n" + front + "---\n## One\n\n" + body + "\n"
}

// Files that were made to take the parsers' time, memory or stack are refused with a reason. Without the bounds the first one
// takes gigabytes and ends the program, and the others do not end in minutes.
func TestAttacksOnTheParsers(t *testing.T) {
	for _, test := range []struct{ name, file, text, says string }{
		{"nested YAML", "content/10-mine.md", lessonOf("claims: "+strings.Repeat("{a: ", 24_000)+"\n", "x"), "within one another"},
		{"nested YAML in a line of dashes", "content/10-mine.md", lessonOf("claims:\n  "+strings.Repeat("- ", 24_000)+"a\n", "x"), "blanks and dashes"},
		{"nested YAML in the glossary", "glossary.yaml", strings.Repeat("[", 97_000), "within one another"},
		{"nested YAML in a block", "content/10-mine.md", lessonOf("", "```lab\n"+strings.Repeat("[", 5000)+"\n```"), "within one another"},
		{"emphasis that does not match", "content/10-mine.md", lessonOf("", strings.Repeat("*a_ ", 30_000)), "without an empty line"},
		{"emphasis in a term", "glossary.yaml", "- slug: a\n  name: A\n  means: \"" + strings.Repeat("*a_ ", 30_000) + "\"\n", "without an empty line"},
		{"emphasis in a caption", "content/10-mine.md", lessonOf("", "```lab\nid: a\nshow: chain?depth=2\ncaption: \""+strings.Repeat("*a_ ", 1_900)+"\n\n "+strings.Repeat("b ", 4000)+"\"\n```"), "without an empty line"},
		{"brackets", "content/10-mine.md", lessonOf("", strings.Repeat("[a]", 40_000)), "without an empty line"},
		{"quotations within quotations", "content/10-mine.md", lessonOf("", strings.Repeat(">", 5000)+"a"), "lists and quotations"},
		{"an alias", "content/10-mine.md", lessonOf("claims: [&a {says: x, check: y}, *a]\n", "x"), "anchor or an alias"},
		{"a long file", "content/10-mine.md", lessonOf("", strings.Repeat("*a_ ", 60_000)), "want at most"},
		{"a long rubric", "questions/01-why.hints.yaml", strings.Repeat("# a\n", 60_000), "want at most"},
	} {
		folder := fstest.MapFS{test.file: {Data: []byte(test.text)}}
		if strings.HasPrefix(test.file, "questions") {
			folder["questions/01-why.md"] = &fstest.MapFile{Data: []byte(whole)}
		}
		library, err := Load(apparatus, folder)
		if library == nil || err == nil || !strings.Contains(err.Error(), test.says) || len(err.Error()) > 4000 {
			t.Errorf("%s: %.300v, want %q", test.name, err, test.says)
		}
	}
	many := fstest.MapFS{}
	for i := range 100 {
		many[filepath.Join("content", strings.Repeat("1", 1+i)+"-a.md")] = &fstest.MapFile{Data: []byte(strings.Repeat("x\n\n", 30_000))}
	}
	if _, err := Load(apparatus, many); err == nil || !strings.Contains(err.Error(), "bytes of content") {
		t.Errorf("a folder of 9 MB: %.300v", err)
	}
}

// What is no file is not opened: a pipe would wait for ever.
func TestWhatIsNoFileIsNotOpened(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "content", "10-mine.md"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "glossary.yaml")); err != nil {
		t.Skip(err)
	}
	_, err := LoadWith(apparatus, dir)
	if err == nil || strings.Count(err.Error(), "is not a file") != 2 {
		t.Errorf("a folder and a device: %v", err)
	}
}

// A folder that changes into an attack leaves the library with the lessons that load, and the program alive.
func TestFollowOutlivesAttacks(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "content", "10-mine.md")
	if err := os.Mkdir(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(lessonOf("", "x"))
	library, err := LoadWith(apparatus, dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	reports := make(chan error)
	go library.Follow(ctx, dir, time.Millisecond, func(err error) {
		select {
		case reports <- err:
		case <-ctx.Done():
		}
	})
	for _, text := range []string{lessonOf("claims: "+strings.Repeat("{a: ", 24_000)+"\n", "x"), lessonOf("", strings.Repeat("*a_ ", 60_000)), lessonOf("", strings.Repeat("[a]", 90_000))} {
		write(text)
		if err := <-reports; err == nil {
			t.Error("an attack loads without a fault")
		}
		if _, found := library.Lesson("the-chain"); !found {
			t.Error("the other lessons are gone")
		}
	}
	write(lessonOf("", "better"))
	for err := range reports {
		if err == nil {
			break
		}
	}
	if _, found := library.Lesson("mine"); !found {
		t.Error("the mended lesson is not read")
	}
}

// What changes after a folder was loaded and before it is followed is seen.
func TestFollowMissesNoChange(t *testing.T) {
	dir := t.TempDir()
	library, err := LoadWith(apparatus, dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "content"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "content", "10-mine.md"), []byte(lessonOf("", "x")), 0o644); err != nil {
		t.Fatal(err)
	}
	read := make(chan error, 1)
	go library.Follow(t.Context(), dir, time.Millisecond, func(err error) { read <- err })
	select {
	case err := <-read:
		if _, found := library.Lesson("mine"); err != nil || !found {
			t.Errorf("the new lesson: found %v, error %v", found, err)
		}
	case <-time.After(time.Minute): // it reads within a moment; without this a failure would not end
		t.Error("the change is not seen")
	}
}
