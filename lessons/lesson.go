package lessons

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// A Lesson is a page of prose with labs, predictions and questions in their places.
type Lesson struct {
	Number       int    // its place among the lessons; 0 of what comes before them: a tour
	Slug         string // its name in addresses and in the store
	Title        string
	Minutes      int    // that it takes
	HookHTML     string // the question or the scene that it begins with
	TakeawayHTML string
	Blocks       []Block
	Contents     []Heading
	Sources      []Source
	Claims       []Claim
	Terms        []string // the slugs of the glossary's terms that it links to
	Text         string   // all of it in plain words, for the search
}

// A Heading is an entry of a lesson's table of contents.
type Heading struct{ ID, Text string }

// Name is what the lesson is called beside others: "Lesson 3: The skip".
func (l Lesson) Name() string { return l.Place(l.Title) }

// Place is what a section of the lesson is called elsewhere. The tour has no number.
func (l Lesson) Place(section string) string {
	if l.Number == 0 {
		return section
	}
	return fmt.Sprintf("Lesson %d: %s", l.Number, section)
}

// Predict returns the lesson's prediction of that id.
func (l Lesson) Predict(id string) (Predict, bool) {
	for _, b := range l.Blocks {
		if b.Predict != nil && b.Predict.ID == id {
			return *b.Predict, true
		}
	}
	return Predict{}, false
}

// Predicts are the lesson's predictions, in order.
func (l Lesson) Predicts() []Predict {
	var all []Predict
	for _, b := range l.Blocks {
		if b.Predict != nil {
			all = append(all, *b.Predict)
		}
	}
	return all
}

// Questions are the slugs of the questions that the lesson asks.
func (l Lesson) Questions() []string {
	var all []string
	for _, b := range l.Blocks {
		if b.Question != "" {
			all = append(all, b.Question)
		}
	}
	return all
}

func (l Lesson) lab(id string) *LabBlock {
	for _, b := range l.Blocks {
		if b.Lab != nil && b.Lab.ID == id {
			return b.Lab
		}
	}
	return nil
}

// lessonFront is the front matter of a lesson, field by field.
type lessonFront struct {
	Number   int           `yaml:"number"`
	Slug     string        `yaml:"slug"`
	Title    string        `yaml:"title"`
	Minutes  int           `yaml:"minutes"` // of lessons written before they were computed
	Hook     string        `yaml:"hook"`
	Takeaway string        `yaml:"takeaway"`
	Sources  []sourceFront `yaml:"sources"`
	Claims   []claimFront  `yaml:"claims"`
}

// readLesson makes a lesson of a document. It reports every fault that it finds, joined.
func readLesson(d *document, known references) (Lesson, error) {
	var front lessonFront
	if err := d.decode(&front); err != nil {
		return Lesson{}, err
	}
	var faults []error
	wrong := func(path, format string, args ...any) {
		faults = append(faults, d.fault(path, format, args...))
	}
	l := Lesson{Number: front.Number, Slug: front.Slug, Title: words(front.Title)}
	if l.Number < 0 {
		wrong("$.number", "number is %d, want 1 or more, or 0 for what comes before the lessons", l.Number)
	}
	if !name.MatchString(l.Slug) {
		wrong("$.slug", "slug %q is not of lower-case letters, digits and single hyphens", l.Slug)
	} else if want := fmt.Sprintf("%02d-%s.md", l.Number, l.Slug); path.Base(d.file) != want {
		wrong("$.slug", "number and slug want the file name %s", want)
	}
	if l.Title == "" || words(front.Hook) == "" || words(front.Takeaway) == "" {
		wrong("$.title", "a lesson wants a title, a hook and a takeaway")
	}
	terms := &termLinks{known: known}
	inFront := func(field, format string, args ...any) { wrong("$."+field, format, args...) }
	l.HookHTML = terms.html(front.Hook, "hook", inFront)
	l.TakeawayHTML = terms.html(front.Takeaway, "takeaway", inFront)
	l.Sources = readSources(front.Sources, wrong)
	l.Claims = readClaims(front.Claims, strings.Join([]string{front.Hook, front.Takeaway, string(d.body)}, " "), known.experiments, wrong)

	reader := blockReader{d: d, terms: terms, known: known}
	l.Blocks, l.Contents = reader.read()
	faults = append(faults, reader.faults...)
	faults = append(faults, reader.crossed(l)...)
	l.Text, l.Terms = plainText(l), terms.used
	return l, errors.Join(faults...)
}

// A blockReader takes a lesson's body apart.
type blockReader struct {
	d      *document
	terms  *termLinks
	known  references
	faults []error
}

func (r *blockReader) fault(line int, format string, args ...any) {
	r.faults = append(r.faults, &FileError{r.d.file, line, fmt.Sprintf(format, args...)})
}

func (r *blockReader) read() (blocks []Block, contents []Heading) {
	root := markdown.Parser().Parse(text.NewReader(r.d.body))
	prose := ast.NewDocument()
	flush := func() {
		if !prose.HasChildren() {
			return
		}
		var out bytes.Buffer
		if err := markdown.Renderer().Render(&out, r.d.body, prose); err != nil {
			r.fault(r.d.bodyLine, "%v", err)
		}
		blocks = append(blocks, Block{HTML: out.String()})
		prose = ast.NewDocument()
	}
	for node := root.FirstChild(); node != nil; {
		next := node.NextSibling()
		fenced, _ := node.(*ast.FencedCodeBlock)
		if fenced != nil && slices.Contains(blockKinds, string(fenced.Language(r.d.body))) {
			flush()
			blocks = append(blocks, r.block(fenced)...)
			node = next
			continue
		}
		if heading, is := node.(*ast.Heading); is {
			if heading.Level == 1 {
				r.fault(r.d.lineAt(offset(node)), "a heading of the first level: the title is in the front matter")
			}
			if heading.Level == 2 {
				h := Heading{Text: strings.TrimSpace(string(heading.Lines().Value(r.d.body)))}
				h.ID = anchor(h.Text)
				if slices.ContainsFunc(contents, func(other Heading) bool { return other.ID == h.ID }) || h.ID == "" {
					r.fault(r.d.lineAt(offset(node)), "heading %q stands twice, or has no letters", h.Text)
				}
				heading.SetAttributeString("id", []byte(h.ID))
				contents = append(contents, h)
			}
		}
		r.inProse(node)
		prose.AppendChild(prose, node)
		node = next
	}
	flush()
	return blocks, contents
}

// inProse mends the links of a piece of prose and finds what is wrong with it.
func (r *blockReader) inProse(node ast.Node) {
	line := r.d.lineAt(offset(node))
	ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Link:
			if entering {
				r.terms.link(n, func(_, format string, args ...any) { r.fault(line, format, args...) })
			}
		case *ast.FencedCodeBlock:
			if entering && slices.Contains(blockKinds, string(n.Language(r.d.body))) {
				r.fault(line, "a %s block within a list or a quotation: it must stand by itself, at the left margin", n.Language(r.d.body))
			}
		}
		return ast.WalkContinue, nil
	})
}

// block reads a fenced block; none comes back where it is broken.
func (r *blockReader) block(node *ast.FencedCodeBlock) []Block {
	source := sourceOf(r.d, node)
	wrong := func(field, format string, args ...any) { r.fault(source.lineOf(field), format, args...) }
	switch string(node.Language(r.d.body)) {
	case "lab":
		if lab := readLab(source, r.terms, wrong); lab != nil {
			return []Block{{Lab: lab}}
		}
	case "predict":
		if predict := readPredict(source, r.terms, wrong); predict != nil {
			return []Block{{Predict: predict}}
		}
	case "step":
		if step := readStep(source, r.terms, wrong); step != nil {
			return []Block{{Step: step}}
		}
	case "question":
		var f struct {
			Slug string `yaml:"slug"`
		}
		if !source.decode(&f, wrong) {
			return nil
		}
		if !r.known.questions[f.Slug] {
			wrong("slug", "there is no question %q", f.Slug)
		}
		return []Block{{Question: f.Slug}}
	}
	return nil
}

// crossed finds what does not fit between the blocks of a lesson.
func (r *blockReader) crossed(l Lesson) (faults []error) {
	wrong := func(format string, args ...any) {
		faults = append(faults, &FileError{r.d.file, 0, fmt.Sprintf(format, args...)})
	}
	seen := map[string]bool{}
	once := func(what, id string) {
		if seen[what+id] {
			wrong("%s %q stands twice", what, id)
		}
		seen[what+id] = true
	}
	questions := 0
	for _, b := range l.Blocks {
		switch {
		case b.Lab != nil:
			once("lab", b.Lab.ID)
			if b.Lab.After != "" && !seen["predict"+b.Lab.After] {
				wrong("lab %q comes after the prediction %q, which does not stand before it", b.Lab.ID, b.Lab.After)
			}
		case b.Predict != nil:
			once("predict", b.Predict.ID)
		case b.Question != "":
			if questions++; questions > 1 {
				wrong("a lesson asks one question in place; the second is %q", b.Question)
			}
		case b.Step != nil:
			for _, set := range b.Step.Sets {
				if lab := l.lab(set.ID); lab == nil {
					wrong("a step sets the lab %q, which the lesson does not have", set.ID)
				} else if lab.Name != set.Name {
					wrong("a step sets the lab %q, a %s, to a %s", set.ID, lab.Name, set.Name)
				}
			}
		}
	}
	return faults
}

// notAnchor is what an anchor leaves out.
var notAnchor = regexp.MustCompile(`[^a-z0-9]+`)

func anchor(heading string) string {
	return strings.Trim(notAnchor.ReplaceAllString(strings.ToLower(heading), "-"), "-")
}
