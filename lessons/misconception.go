package lessons

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"gradlab/lessons/hint"
)

// A Misconception is a wrong belief that an answer to any question may hold, and the run that says otherwise.
type Misconception struct {
	Slug      string
	Says      string // "that degradation is overfitting"
	MeansHTML string // what is so instead: a paragraph
	Run       Lab
	Claims    []Claim
}

// Misconceptions are wrong beliefs, and the rules by which an answer's are found. The zero value has none.
type Misconceptions struct {
	All    []Misconception
	Rubric *hint.Rubric // finds them by their slugs
}

// In returns those that a text seems to hold.
func (m Misconceptions) In(text string) []Misconception {
	var held []Misconception
	for i, f := range m.Rubric.Find(text) {
		if f.Found {
			held = append(held, m.All[i])
		}
	}
	return held
}

// The files of the misconceptions, and of their rules.
const (
	misconceptionsFile = "misconceptions.yaml"
	misconceptionsHint = "misconceptions.hints.yaml"
)

// readMisconceptions reads both files of a folder. Where they are missing there are none.
func readMisconceptions(fsys fs.FS, experiments Experiments) (m Misconceptions, err error) {
	source, err := readFile(fsys, misconceptionsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, fileFault(misconceptionsFile, err)
	}
	if line, reason := boundYAML(source); reason != "" {
		return m, &FileError{misconceptionsFile, line, reason}
	}
	var entries []struct {
		Slug   string       `yaml:"slug"`
		Says   string       `yaml:"says"`
		Means  string       `yaml:"means"`
		Label  string       `yaml:"label"`
		Show   string       `yaml:"show"`
		Claims []claimFront `yaml:"claims"`
	}
	if err := yaml.UnmarshalWithOptions(source, &entries, yaml.Strict()); err != nil {
		line, reason := yamlReason(err)
		return m, &FileError{misconceptionsFile, line, reason}
	}
	var (
		faults []error
		slugs  []string
	)
	for i, e := range entries {
		at := fmt.Sprintf("$[%d]", i)
		wrong := func(path, format string, args ...any) {
			faults = append(faults, &FileError{misconceptionsFile, lineOf(source, at+strings.TrimPrefix(path, "$")), fmt.Sprintf(format, args...)})
		}
		one := Misconception{Slug: e.Slug, Says: words(e.Says), Claims: readClaims(e.Claims, e.Means, experiments, wrong)}
		if !name.MatchString(e.Slug) || slices.Contains(slugs, e.Slug) {
			wrong("$.slug", "slug %q is not of lower-case letters, digits and single hyphens, or stands twice", e.Slug)
		}
		if !strings.HasPrefix(one.Says, "that ") || words(e.Means) == "" {
			wrong("$.says", "misconception %q wants what is said, \"that …\", and what is so instead", e.Slug)
		}
		if one.Run, _, err = experiments.state(e.Show); err != nil {
			wrong("$.show", "%v", err)
		}
		if one.Run.Label = words(e.Label); one.Run.Label == "" {
			wrong("$.label", "the run has no label")
		}
		if one.MeansHTML, err = inlineHTML(e.Means); err != nil {
			wrong("$.means", "%v", err)
		}
		slugs, m.All = append(slugs, e.Slug), append(m.All, one)
	}
	if m.Rubric, err = readRubric(fsys, misconceptionsHint, "", slugs); err != nil {
		faults = append(faults, err)
	}
	return m, errors.Join(faults...)
}
