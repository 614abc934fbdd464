package lessons

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/goccy/go-yaml"
)

// A Guide is what a teacher wants to know of a lesson.
type Guide struct {
	Lesson string   `yaml:"lesson"` // its slug
	After  []string `yaml:"after"`  // the slugs of the lessons that it rests on
	Aim    string   `yaml:"aim"`    // what students can do afterwards
	Talk   []string `yaml:"talk"`   // points to make
	Wrong  string   `yaml:"wrong"`  // the answer to expect
	Rescue string   `yaml:"rescue"` // the question that helps
}

// A Plan is a class of so many minutes, made of what the lessons hold.
type Plan struct {
	Slug    string     `yaml:"slug"`
	Title   string     `yaml:"title"`
	Minutes int        `yaml:"minutes"`
	Steps   []PlanStep `yaml:"steps"`
}

// A PlanStep takes some minutes for some of a lesson's labs and predictions, by their ids, and questions, by their slugs.
type PlanStep struct {
	Minutes int      `yaml:"minutes"`
	Do      string   `yaml:"do"` // in words, for the teacher
	Lesson  string   `yaml:"lesson"`
	Items   []string `yaml:"items"`
}

// A Slip is a line of the notebook that is wrong, and what is.
type Slip struct {
	Code string `yaml:"code"`
	Says string `yaml:"says"`
}

// Teaching is what there is for teachers.
type Teaching struct {
	Guides []Guide `yaml:"guides"`
	Plans  []Plan  `yaml:"plans"`
	Slips  []Slip  `yaml:"slips"`
}

// Guide returns that of a lesson.
func (t Teaching) Guide(lesson string) (Guide, bool) {
	return find(t.Guides, func(g Guide) bool { return g.Lesson == lesson })
}

// Plan returns the plan of that slug.
func (t Teaching) Plan(slug string) (Plan, bool) {
	return find(t.Plans, func(p Plan) bool { return p.Slug == slug })
}

// Item returns the block of the lesson that a plan names: of a lab, a prediction or a question.
func (l Lesson) Item(id string) (Block, bool) {
	return find(l.Blocks, func(b Block) bool {
		return b.Lab != nil && b.Lab.ID == id || b.Predict != nil && b.Predict.ID == id || b.Question == id
	})
}

const teachingFile = "teaching.yaml"

// readTeaching reads teaching.yaml. A missing file has nothing for teachers.
func readTeaching(fsys fs.FS) (t Teaching, err error) {
	source, err := readFile(fsys, teachingFile)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		return t, fileFault(teachingFile, err)
	}
	if line, reason := boundYAML(source); reason != "" {
		return t, &FileError{teachingFile, line, reason}
	}
	if err := yaml.UnmarshalWithOptions(source, &t, yaml.Strict()); err != nil {
		line, reason := yamlReason(err)
		return Teaching{}, &FileError{teachingFile, line, reason}
	}
	var faults []error
	wrong := func(path, format string, args ...any) {
		faults = append(faults, &FileError{teachingFile, lineOf(source, path), fmt.Sprintf(format, args...)})
	}
	for i, g := range t.Guides {
		if g.Lesson == "" || g.Aim == "" || len(g.Talk) == 0 || g.Wrong == "" || g.Rescue == "" {
			wrong(fmt.Sprintf("$.guides[%d]", i), "a guide wants a lesson, an aim, something to talk about, the wrong answer to expect and the question that rescues")
		}
	}
	for i, p := range t.Plans {
		minutes := 0
		for _, s := range p.Steps {
			minutes += s.Minutes
		}
		if !name.MatchString(p.Slug) || p.Title == "" || minutes != p.Minutes {
			wrong(fmt.Sprintf("$.plans[%d]", i), "plan %q wants a slug, a title, and steps of %d minutes together; they take %d", p.Slug, p.Minutes, minutes)
		}
	}
	return t, errors.Join(faults...)
}

// checkTeaching finds what guides and plans name that is not there.
func (l *Library) checkTeaching(tell func(fault string)) {
	t := l.Teaching()
	for _, g := range t.Guides {
		for _, slug := range append(slices.Clone(g.After), g.Lesson) {
			if _, found := l.Lesson(slug); !found {
				tell(fmt.Sprintf("guide of %s: there is no lesson %q", g.Lesson, slug))
			}
		}
	}
	for _, p := range t.Plans {
		for _, s := range p.Steps {
			lesson, _ := l.Lesson(s.Lesson)
			for _, id := range s.Items {
				if _, found := lesson.Item(id); !found {
					tell(fmt.Sprintf("plan %s: lesson %q has no lab, prediction or question %q", p.Slug, s.Lesson, id))
				}
			}
		}
	}
}
