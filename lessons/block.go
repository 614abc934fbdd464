package lessons

import (
	"bytes"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/yuin/goldmark/ast"
)

// A Block is one piece of a lesson, from top to bottom: exactly one of its fields is set.
type Block struct {
	HTML     string // prose, as safe HTML
	Lab      *LabBlock
	Predict  *Predict
	Question string // the slug of a question to be answered here
	Step     *Step
}

// A LabBlock is a lab in place.
type LabBlock struct {
	ID string // its name within the lesson
	Lab
	Controls    []string // which controls are shown; the others keep a readout
	CaptionHTML string
	// After is the prediction to commit before the lab is shown; "" for none.
	After string
	cost  float64 // multiply-adds of the training that it shows
}

// A Step is one station of presenting the lesson: it sets labs on the page.
type Step struct {
	TitleHTML string
	Sets      []Set
}

// A Set puts a lab of the lesson into a state.
type Set struct {
	ID string // of the LabBlock
	Lab
}

// blockKinds are the fenced blocks that are more than code.
var blockKinds = []string{"lab", "predict", "question", "step"}

// A blockSource is the YAML of a fenced block and where it stands.
type blockSource struct {
	text []byte
	line int // of the file
}

func sourceOf(d *document, node *ast.FencedCodeBlock) *blockSource {
	b := &blockSource{text: node.Lines().Value(d.body)}
	if node.Lines().Len() > 0 {
		b.line = d.lineAt(node.Lines().At(0).Start)
	} else if node.Info != nil {
		b.line = d.lineAt(node.Info.Segment.Start)
	}
	return b
}

// lineOf is the line of the file on which a field of the block begins.
func (b *blockSource) lineOf(field string) int {
	for i, line := range bytes.Split(b.text, []byte("\n")) {
		if bytes.HasPrefix(bytes.TrimLeft(line, " -"), []byte(field+":")) {
			return b.line + i
		}
	}
	return b.line
}

func (b *blockSource) decode(v any, wrong func(field, format string, args ...any)) bool {
	if len(bytes.TrimSpace(b.text)) == 0 {
		wrong("", "the block is empty")
		return false
	}
	line, reason := boundYAML(b.text)
	if reason == "" {
		if err := yaml.UnmarshalWithOptions(b.text, v, yaml.Strict()); err != nil {
			line, reason = yamlReason(err)
		}
	}
	if reason != "" {
		old := b.line
		b.line += max(0, line-1)
		wrong("", "%s", reason)
		b.line = old
		return false
	}
	return true
}

func readLab(b *blockSource, terms *termLinks, wrong func(field, format string, args ...any)) *LabBlock {
	var f struct {
		ID       string `yaml:"id"`
		Show     string `yaml:"show"`
		Controls string `yaml:"controls"`
		Caption  string `yaml:"caption"`
		After    string `yaml:"after"`
	}
	if !b.decode(&f, wrong) {
		return nil
	}
	lab := &LabBlock{ID: f.ID, After: f.After, CaptionHTML: terms.inline(f.Caption, "caption", wrong)}
	if !name.MatchString(f.ID) {
		wrong("id", "lab id %q is not of lower-case letters, digits and single hyphens", f.ID)
	}
	var err error
	var known []string
	if lab.Lab, known, err = terms.known.experiments.state(f.Show); err != nil {
		wrong("show", "show: %v", err)
		return lab
	}
	if e, found := terms.known.experiments.named(lab.Name); found {
		lab.cost = e.cost(lab.Query)
	}
	lab.Label = words(f.Caption)
	if lab.Label == "" {
		wrong("caption", "lab %q has no caption: say what it shows", f.ID)
	}
	lab.Controls = strings.FieldsFunc(f.Controls, func(r rune) bool { return r == ',' || r == ' ' })
	for _, control := range lab.Controls {
		if !slices.Contains(known, control) {
			wrong("controls", "lab %s has no control %q in this state; it has %s", lab.Name, control, strings.Join(known, ", "))
		}
	}
	return lab
}

func readStep(b *blockSource, terms *termLinks, wrong func(field, format string, args ...any)) *Step {
	var f struct {
		Title string        `yaml:"title"`
		Sets  yaml.MapSlice `yaml:"sets"`
	}
	if !b.decode(&f, wrong) {
		return nil
	}
	step := &Step{TitleHTML: terms.inline(f.Title, "title", wrong)}
	if step.TitleHTML == "" || len(f.Sets) == 0 {
		wrong("title", "a step wants a title, and sets: lab id and what it is to show")
	}
	for _, item := range f.Sets {
		id, _ := item.Key.(string)
		show, _ := item.Value.(string)
		set := Set{ID: id}
		var err error
		if set.Lab, _, err = terms.known.experiments.state(show); err != nil {
			wrong(id, "sets: %v", err)
		}
		step.Sets = append(step.Sets, set)
	}
	return step
}
