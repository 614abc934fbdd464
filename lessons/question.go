package lessons

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"gradlab/lessons/hint"
)

// A Question is asked, answered in place, and has a model answer.
type Question struct {
	Number int
	Slug   string // its name in addresses and in the store
	Title  string // the question in full
	// Parts are answered one by one. A question that is answered as a whole has one, with an empty ID
	// and Text.
	Parts    []Part
	Concepts []Concept // what a full answer names
	// Pick is how many of the concepts make a full answer, any of them; 0 means all.
	Pick    int
	Labs    []Lab
	Sources []Source
	Claims  []Claim
	// Rubric finds the concepts in an answer. It is nil, and finds nothing, where nobody wrote one.
	Rubric *hint.Rubric
}

// A Part is what one text box answers.
type Part struct {
	ID        string
	Text      string
	ModelHTML string // the model answer as safe HTML; formulas are typeset
}

// Part returns the part of that id.
func (q Question) Part(id string) (Part, bool) {
	i := slices.IndexFunc(q.Parts, func(p Part) bool { return p.ID == id })
	if i < 0 {
		return Part{}, false
	}
	return q.Parts[i], true
}

// A Concept is one idea that an answer may name. Its ID is part of the API.
type Concept struct {
	ID    string
	Part  string // the ID of the part that it belongs to
	Label string // one sentence in plain words
	Ask   string // a question that leads to it without saying it; may be empty
	See   string // the address of the lab state, or of the place in a lesson, that shows it; may be empty
}

// A Lab is a state of a lab that shows what the question is about.
type Lab struct {
	Label string
	Name  string     // of the lab: /labs/{name}
	Query url.Values // its parameters
}

// Href is the address of the lab in that state.
func (l Lab) Href() string {
	if len(l.Query) == 0 {
		return "/labs/" + l.Name
	}
	return "/labs/" + l.Name + "?" + l.Query.Encode()
}

// A Source is a publication that the model answer rests on.
type Source struct {
	Title   string
	Authors string
	Year    int
	URL     string // https
}

// questionFront is the front matter of a question, field by field.
type questionFront struct {
	Number int    `yaml:"number"`
	Slug   string `yaml:"slug"`
	Title  string `yaml:"title"`
	Parts  []struct {
		ID   string `yaml:"id"`
		Text string `yaml:"text"`
	} `yaml:"parts"`
	Concepts []struct {
		ID    string `yaml:"id"`
		Part  string `yaml:"part"`
		Label string `yaml:"label"`
		Ask   string `yaml:"ask"`
		See   string `yaml:"see"` // "chain?depth=20" or "/lessons/the-skip#one-addition"
	} `yaml:"concepts"`
	Pick int `yaml:"pick"`
	Labs []struct {
		Label string `yaml:"label"`
		Show  string `yaml:"show"` // "chain?depth=20&w=0.1"
	} `yaml:"labs"`
	Sources []sourceFront `yaml:"sources"`
	Claims  []claimFront  `yaml:"claims"`
}

// name is what ids and slugs look like.
var name = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// readQuestion makes a question of a document. It reports every fault that it finds, joined.
func readQuestion(d *document, experiments Experiments) (Question, error) {
	var front questionFront
	if err := d.decode(&front); err != nil {
		return Question{}, err
	}
	var faults []error
	wrong := func(path, format string, args ...any) {
		faults = append(faults, d.fault(path, format, args...))
	}
	q := Question{Number: front.Number, Slug: front.Slug, Title: strings.TrimSpace(front.Title), Pick: front.Pick}
	if q.Number < 1 {
		wrong("$.number", "number is %d, want 1 or more", q.Number)
	}
	if !name.MatchString(q.Slug) {
		wrong("$.slug", "slug %q is not of lower-case letters, digits and single hyphens", q.Slug)
	} else if want := fmt.Sprintf("%02d-%s.md", q.Number, q.Slug); path.Base(d.file) != want {
		wrong("$.slug", "number and slug want the file name %s", want)
	}
	if q.Title == "" {
		wrong("$.title", "title is missing")
	}

	for i, p := range front.Parts {
		at := fmt.Sprintf("$.parts[%d]", i)
		if !name.MatchString(p.ID) {
			wrong(at+".id", "part id %q is not of lower-case letters, digits and single hyphens", p.ID)
		}
		if _, twice := q.Part(p.ID); twice {
			wrong(at+".id", "part id %q is used twice", p.ID)
		}
		if strings.TrimSpace(p.Text) == "" {
			wrong(at, "part %q has no text", p.ID)
		}
		q.Parts = append(q.Parts, Part{ID: p.ID, Text: strings.TrimSpace(p.Text)})
	}
	if len(front.Parts) == 0 {
		q.Parts = []Part{{}}
	}

	for i, c := range front.Concepts {
		at := fmt.Sprintf("$.concepts[%d]", i)
		if !name.MatchString(c.ID) {
			wrong(at+".id", "concept id %q is not of lower-case letters, digits and single hyphens", c.ID)
		}
		if slices.ContainsFunc(q.Concepts, func(other Concept) bool { return other.ID == c.ID }) {
			wrong(at+".id", "concept id %q is used twice", c.ID)
		}
		if strings.TrimSpace(c.Label) == "" {
			wrong(at, "concept %q has no label", c.ID)
		}
		if _, found := q.Part(c.Part); !found {
			wrong(at+".part", "concept %q belongs to part %q, which the question does not have", c.ID, c.Part)
		}
		see, err := readSee(c.See, experiments)
		if err != nil {
			wrong(at+".see", "%v", err)
		}
		q.Concepts = append(q.Concepts, Concept{ID: c.ID, Part: c.Part, Label: words(c.Label), Ask: words(c.Ask), See: see})
	}
	if len(q.Concepts) == 0 {
		wrong("$.concepts", "concepts are missing: say what a full answer names")
	}
	if q.Pick < 0 || q.Pick > len(q.Concepts) {
		wrong("$.pick", "pick is %d, want 0 (all) to %d", q.Pick, len(q.Concepts))
	}

	for i, l := range front.Labs {
		lab, _, err := experiments.state(l.Show)
		lab.Label = strings.TrimSpace(l.Label)
		if err != nil {
			wrong(fmt.Sprintf("$.labs[%d].show", i), "%v", err)
		}
		if lab.Label == "" {
			wrong(fmt.Sprintf("$.labs[%d]", i), "lab has no label")
		}
		q.Labs = append(q.Labs, lab)
	}
	q.Sources = readSources(front.Sources, wrong)
	q.Claims = readClaims(front.Claims, string(d.body), experiments, wrong)

	if err := readModel(d, q.Parts); err != nil {
		faults = append(faults, err)
	}
	return q, errors.Join(faults...)
}

// readSee returns the address of what shows a concept: a place in a lesson, or the state of a lab. Whether there is such a place
// is for Check to say, when all lessons are read.
func readSee(see string, experiments Experiments) (href string, err error) {
	if see == "" || strings.HasPrefix(see, "/lessons/") {
		return see, nil
	}
	lab, _, err := experiments.state(see)
	return lab.Href(), err
}

// words puts one space wherever the text has white space, so that a line may break anywhere.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// readModel renders the document's body into the parts' ModelHTML.
func readModel(d *document, parts []Part) error {
	if len(parts) == 1 && parts[0].ID == "" {
		html, err := markdownHTML(d.body)
		if err != nil {
			return &FileError{d.file, d.bodyLine, err.Error()}
		}
		if strings.TrimSpace(html) == "" {
			return &FileError{d.file, d.bodyLine, "the model answer is missing"}
		}
		parts[0].ModelHTML = html
		return nil
	}
	sections, err := markdownSections(d.body)
	if err != nil {
		return &FileError{d.file, d.bodyLine, err.Error()}
	}
	var faults []error
	for _, s := range sections {
		i := slices.IndexFunc(parts, func(p Part) bool { return p.ID == s.heading })
		switch {
		case s.heading == "":
			faults = append(faults, &FileError{d.file, d.lineAt(s.offset), "text stands before the first section (## part id)"})
		case i < 0:
			faults = append(faults, &FileError{d.file, d.lineAt(s.offset), fmt.Sprintf("section %q is not the id of a part", s.heading)})
		case parts[i].ModelHTML != "":
			faults = append(faults, &FileError{d.file, d.lineAt(s.offset), fmt.Sprintf("section %q stands twice", s.heading)})
		default:
			parts[i].ModelHTML = s.html
		}
	}
	for i, p := range parts {
		if strings.TrimSpace(p.ModelHTML) == "" {
			faults = append(faults, d.fault(fmt.Sprintf("$.parts[%d]", i), "part %q has no model answer: want a section ## %s", p.ID, p.ID))
		}
	}
	return errors.Join(faults...)
}
