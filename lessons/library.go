package lessons

import (
	"cmp"
	"embed"
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// content holds the questions that come with the program.
//
//go:embed questions/*.md questions/*.yaml
var content embed.FS

// A Library is a loaded folder of content. It does not change and is safe for concurrent use.
type Library struct {
	questions []Question
}

// Embedded loads the content that comes with the program.
func Embedded() (*Library, error) { return Load(content) }

// Load reads all content files of a folder: questions/*.md, none being no error, and beside each, where it
// is there, the rubric NN-slug.hints.yaml. A broken file is left
// out and named in the error, a LoadError; the Library is returned in either case and holds the rest.
func Load(fsys fs.FS) (*Library, error) {
	files, err := fs.Glob(fsys, "questions/*.md")
	if err != nil {
		return nil, err
	}
	var (
		library Library
		faults  LoadError
		numbers = map[int]string{}
		slugs   = map[string]string{}
	)
	for _, file := range files {
		d, err := readDocument(fsys, file)
		var question Question
		if err == nil {
			question, err = readQuestion(d)
		}
		if err == nil {
			question.Rubric, err = readRubric(fsys, question, strings.TrimSuffix(file, ".md")+".hints.yaml")
		}
		if err == nil {
			// The file's name holds both, but 01-a.md and 1-a.md could still clash.
			err = errors.Join(
				claimName(d, numbers, question.Number, "$.number", "number"),
				claimName(d, slugs, question.Slug, "$.slug", "slug"))
		}
		if err != nil {
			faults = append(faults, fileErrors(file, err)...)
			continue
		}
		library.questions = append(library.questions, question)
	}
	slices.SortFunc(library.questions, func(a, b Question) int { return cmp.Compare(a.Number, b.Number) })
	if len(faults) > 0 {
		return &library, faults
	}
	return &library, nil
}

// claimName records that a file uses a name, or returns an error where another one does already.
func claimName[K comparable](d *document, taken map[K]string, name K, path, what string) error {
	if other, found := taken[name]; found {
		return d.fault(path, "%s %v is taken by %s", what, name, other)
	}
	taken[name] = d.file
	return nil
}

// fileErrors lists the FileErrors that err joins.
func fileErrors(file string, err error) []*FileError {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*FileError
		for _, each := range joined.Unwrap() {
			all = append(all, fileErrors(file, each)...)
		}
		return all
	}
	var fault *FileError
	if !errors.As(err, &fault) {
		fault = &FileError{file, 0, err.Error()}
	}
	return []*FileError{fault}
}

// Questions returns the questions in the order of their numbers.
func (l *Library) Questions() []Question { return slices.Clone(l.questions) }

// Question returns the question of that slug.
func (l *Library) Question(slug string) (Question, bool) {
	for _, q := range l.questions {
		if q.Slug == slug {
			return q, true
		}
	}
	return Question{}, false
}
