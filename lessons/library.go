package lessons

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync/atomic"
)

// embedded holds the content that comes with the program.
//
//go:embed questions/*.md questions/*.yaml content/*.md inventory/*.md *.yaml
var embedded embed.FS

// A Library is loaded content. It is safe for concurrent use; Replace and Follow change it as a whole.
type Library struct {
	experiments Experiments
	shelf       atomic.Pointer[shelf]
	stamp       uint64 // of the folder when it was first loaded; 0 where it is none
}

// A shelf is what a library holds at one time. It does not change.
type shelf struct {
	questions      []Question
	lessons        []Lesson
	terms          []Term
	misconceptions Misconceptions
	teaching       Teaching
	inventory      []Lesson
	index          index
	formulas       []Formula
	sheet          Sheet
}

// Embedded loads the content that comes with the program.
func Embedded(experiments Experiments) (*Library, error) { return Load(experiments, embedded) }

// Load reads all content files of the folders: glossary.yaml, misconceptions.yaml with its rules, teaching.yaml, questions/*.md, and beside
// each, where it is there, the rubric NN-slug.hints.yaml, and the lessons, content/*.md; none of either being no error. A file of a
// later folder replaces those of earlier ones that have its slug, a term its namesake, and misconceptions and teaching all that there were. A broken file is left out and named in
// the error, a LoadError; the Library is returned in either case and holds the rest. What lessons show and compute are states and
// runs of the experiments.
func Load(experiments Experiments, folders ...fs.FS) (*Library, error) {
	folders = slices.Clone(folders)
	var (
		s      shelf
		faults LoadError
		known  = references{terms: map[string]bool{}, questions: map[string]bool{}, experiments: experiments}
	)
	for i, folder := range folders { // what lessons refer to comes first
		folder := &folderSize{FS: folder}
		folders[i] = folder
		terms, err := readGlossary(folder)
		faults = append(faults, fileErrors("glossary.yaml", err)...)
		for _, t := range terms {
			s.terms = put(s.terms, t, func(t Term) string { return t.Slug })
			known.terms[t.Slug] = true
		}
		misconceptions, err := readMisconceptions(folder, experiments)
		faults = append(faults, fileErrors(misconceptionsFile, err)...)
		if err == nil && len(misconceptions.All) > 0 {
			s.misconceptions = misconceptions
		}
		teaching, err := readTeaching(folder)
		faults = append(faults, fileErrors(teachingFile, err)...)
		if err == nil && len(teaching.Guides) > 0 {
			s.teaching = teaching
		}
		questions, err := readAll(folder, "questions/*.md", func(d *document) (Question, int, string, error) {
			q, err := readQuestion(d, experiments)
			if err == nil {
				ids := make([]string, len(q.Concepts))
				for i, c := range q.Concepts {
					ids[i] = c.ID
				}
				q.Rubric, err = readRubric(folder, strings.TrimSuffix(d.file, ".md")+".hints.yaml", q.Title, ids)
			}
			return q, q.Number, q.Slug, err
		})
		faults = append(faults, fileErrors("questions", err)...)
		for _, q := range questions {
			s.questions = put(s.questions, q, func(q Question) string { return q.Slug })
			known.questions[q.Slug] = true
		}
	}
	for _, folder := range folders {
		lessons := func(where string) []Lesson {
			all, err := readAll(folder, where+"/*.md", func(d *document) (Lesson, int, string, error) {
				l, err := readLesson(d, known)
				return l, l.Number, l.Slug, err
			})
			faults = append(faults, fileErrors(where, err)...)
			return all
		}
		for _, l := range lessons("content") {
			s.lessons = put(s.lessons, l, func(l Lesson) string { return l.Slug })
		}
		for _, l := range lessons("inventory") {
			s.inventory = put(s.inventory, l, func(l Lesson) string { return l.Slug })
		}
	}
	slices.SortStableFunc(s.questions, func(a, b Question) int { return cmp.Compare(a.Number, b.Number) })
	slices.SortStableFunc(s.lessons, func(a, b Lesson) int { return cmp.Compare(a.Number, b.Number) })
	number(s.lessons)
	for i := range s.lessons {
		s.lessons[i].Minutes = minutes(s.lessons[i], s.questions)
	}
	slices.SortStableFunc(s.terms, func(a, b Term) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	s.index = newIndex(&s)
	s.typeset() // last: what is searched are words
	library := &Library{experiments: experiments}
	library.shelf.Store(&s)
	if len(faults) > 0 {
		return library, faults
	}
	return library, nil
}

// number gives lessons in their order the numbers of their places: the files may leave gaps. A tour keeps its 0.
func number(lessons []Lesson) {
	place := 0
	for i := range lessons {
		if lessons[i].Number > 0 {
			place++
			lessons[i].Number = place
		}
	}
}

// put replaces the element of the same name, or appends.
func put[T any](all []T, one T, name func(T) string) []T {
	if i := slices.IndexFunc(all, func(other T) bool { return name(other) == name(one) }); i >= 0 {
		all[i] = one
		return all
	}
	return append(all, one)
}

// readAll reads the documents of a folder that match. What is broken is left out and named in the error.
func readAll[T any](folder fs.FS, pattern string, read func(*document) (one T, number int, slug string, err error)) ([]T, error) {
	files, err := fs.Glob(folder, pattern)
	if err != nil {
		return nil, err
	}
	if len(files) > maxPattern {
		return nil, &FileError{pattern, 0, fmt.Sprintf("are %d files, want at most %d", len(files), maxPattern)}
	}
	var (
		all     []T
		faults  []error
		numbers = map[int]string{}
		slugs   = map[string]string{}
	)
	for _, file := range files {
		d, err := readDocument(folder, file)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		one, number, slug, err := read(d)
		if err == nil {
			// The file's name holds both, but 01-a.md and 1-a.md could still clash.
			err = errors.Join(
				claimName(d, numbers, number, "$.number", "number"),
				claimName(d, slugs, slug, "$.slug", "slug"))
		}
		if err != nil {
			faults = append(faults, err)
			continue
		}
		all = append(all, one)
	}
	return all, errors.Join(faults...)
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
	if err == nil {
		return nil
	}
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

// Experiments are those that the lessons were loaded with.
func (l *Library) Experiments() Experiments { return l.experiments }

// Replace takes over the content of another library, which is not to be used any longer.
func (l *Library) Replace(other *Library) { l.shelf.Store(other.shelf.Load()) }

// Questions returns the questions in the order of their numbers.
func (l *Library) Questions() []Question { return slices.Clone(l.shelf.Load().questions) }

// Question returns the question of that slug.
func (l *Library) Question(slug string) (Question, bool) {
	return find(l.shelf.Load().questions, func(q Question) bool { return q.Slug == slug })
}

// Lessons returns the lessons in the order of their numbers.
func (l *Library) Lessons() []Lesson { return slices.Clone(l.shelf.Load().lessons) }

// Lesson returns the lesson of that slug.
func (l *Library) Lesson(slug string) (Lesson, bool) {
	return find(l.shelf.Load().lessons, func(l Lesson) bool { return l.Slug == slug })
}

// Misconceptions returns the wrong beliefs that answers may hold.
func (l *Library) Misconceptions() Misconceptions { return l.shelf.Load().misconceptions }

// Inventory returns the two forms of the concept inventory, the one of before the lessons first; none where there are not two.
func (l *Library) Inventory() []Lesson {
	if forms := l.shelf.Load().inventory; len(forms) == 2 {
		return forms
	}
	return nil
}

// Teaching returns what there is for teachers.
func (l *Library) Teaching() Teaching { return l.shelf.Load().teaching }

// Terms returns the glossary, in the order of the names.
func (l *Library) Terms() []Term { return slices.Clone(l.shelf.Load().terms) }

func find[T any](all []T, is func(T) bool) (one T, found bool) {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], true
	}
	return one, false
}
