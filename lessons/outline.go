package lessons

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
)

// An Outline is a text in the format of lessons as a plan for a class reads and writes it: headings, what stands below them, and blocks. It
// takes nothing for granted that the blocks name.
type Outline struct {
	Title string
	Slug  string // of the lesson that it is; "" for a plan
	Parts []Passage
}

// A Passage is a block with the text before it, or a text without one, under a heading.
type Passage struct {
	Line    int    // of the text, from 1, at which it begins
	Heading string // as written
	Text    string // in Markdown
	Kind    string // of the block: "lab", "predict", "question", "step", "explore"; "" where there is none
	Fields  Fields
}

// Fields are those of all kinds of blocks, those of lessons and those that plans add: title, text, picture, alt, notes, lesson, given, lower,
// talk, right, goal, budget.
type Fields struct {
	Title    string   `yaml:"title"`
	Text     string   `yaml:"text"`
	Picture  string   `yaml:"picture"`
	Alt      string   `yaml:"alt"`
	ID       string   `yaml:"id"`
	Show     string   `yaml:"show"`
	Question string   `yaml:"question"`
	Kind     string   `yaml:"kind"`
	As       string   `yaml:"as"`
	Choices  []Offer  `yaml:"choices"`
	Compute  string   `yaml:"compute"`
	Lower    bool     `yaml:"lower"` // the question is which twin has less of what is computed
	Lesson   string   `yaml:"lesson"`
	Given    *float64 `yaml:"given"`
	Talk     string   `yaml:"talk"`
	Slug     string   `yaml:"slug"`
	Part     string   `yaml:"part"`
	Notes    string   `yaml:"notes"`
	Goal     string   `yaml:"goal"`
	Budget   float64  `yaml:"budget"`

	// What lessons say beside, and a plan does not keep or keeps as notes.
	Controls  string `yaml:"controls"`
	Caption   string `yaml:"caption"`
	After     string `yaml:"after"`
	Tolerance any    `yaml:"tolerance"`
	Unit      string `yaml:"unit"`
	Reveal    string `yaml:"reveal"`
	Replies   any    `yaml:"replies"`
	Sets      any    `yaml:"sets"`
}

// An Offer is a choice of a prediction.
type Offer struct {
	Says   string `yaml:"says"`
	Right  bool   `yaml:"right"` // by the word of whoever wrote it
	From   any    `yaml:"from"`
	Below  any    `yaml:"below"`
	Reveal string `yaml:"reveal"`
}

// Bounds of an outline: YAML takes time by the square of some texts.
const (
	MaxOutline = 2 << 20   // bytes
	maxFields  = 128 << 10 // bytes of a block
)

var (
	fence    = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})[ \t]*([^ \t`]*)")
	subtitle = regexp.MustCompile(`^ {0,3}##(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$`)
)

// ReadOutline takes a text apart, of at most so many parts. The error is a *FileError with the line.
func ReadOutline(text string, most int) (Outline, error) {
	var o Outline
	if len(text) > MaxOutline {
		return o, &FileError{"the text", 0, fmt.Sprintf("has %d bytes, want at most %d", len(text), MaxOutline)}
	}
	lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), "\n")
	at := 0
	if lines[0] == "---" {
		end := 1
		for end < len(lines) && lines[end] != "---" {
			end++
		}
		if end == len(lines) {
			return o, &FileError{"the text", 1, "front matter does not end: want a second line of ---"}
		}
		var front struct {
			Title string `yaml:"title"`
			Slug  string `yaml:"slug"`
		}
		if err := decodeAt(lines[1:end], 2, &front, false); err != nil {
			return o, err
		}
		o.Title, o.Slug, at = words(front.Title), front.Slug, end+1
	}
	part := Passage{Line: at + 1}
	var prose []string
	flush := func() bool {
		part.Text = strings.Trim(strings.Join(prose, "\n"), "\n")
		if prose = nil; part.Kind != "" || strings.TrimSpace(part.Text) != "" {
			o.Parts = append(o.Parts, part)
		}
		return len(o.Parts) <= most
	}
	for ; at < len(lines); at++ {
		line := lines[at]
		if m := subtitle.FindStringSubmatch(line); m != nil {
			if !flush() {
				break
			}
			part = Passage{Line: at + 1, Heading: strings.TrimSpace(m[1])}
			continue
		}
		m := fence.FindStringSubmatch(line)
		if m == nil {
			prose = append(prose, line)
			continue
		}
		end := at + 1
		for end < len(lines) && !closes(lines[end], m[1]) {
			end++
		}
		kind := m[2]
		if !isBlock(kind) || line[0] == ' ' { // code
			prose = append(prose, lines[at:min(end+1, len(lines))]...)
			at = end
			continue
		}
		part.Kind = kind
		if err := decodeAt(lines[at+1:end], at+2, &part.Fields, true); err != nil {
			return o, err
		}
		if !flush() {
			break
		}
		part = Passage{Line: end + 2, Heading: part.Heading}
		at = end
	}
	if at == len(lines) || len(o.Parts) <= most {
		flush()
	}
	return o, nil
}

// isBlock knows the blocks of lessons, and the one that only plans have.
func isBlock(kind string) bool { return kind == "explore" || slices.Contains(blockKinds, kind) }

// closes says whether a line ends code that a fence has begun.
func closes(line, opened string) bool {
	line = strings.TrimRight(strings.TrimLeft(line, " "), " \t")
	return len(line) >= len(opened) && strings.Trim(line, opened[:1]) == ""
}

// decodeAt decodes YAML that stands from a line on.
func decodeAt(lines []string, line int, v any, strict bool) error {
	text := []byte(strings.Join(lines, "\n"))
	if len(text) > maxFields {
		return &FileError{"the text", line, fmt.Sprintf("the block has %d bytes, want at most %d", len(text), maxFields)}
	}
	if len(strings.TrimSpace(string(text))) == 0 {
		return nil
	}
	if at, reason := boundYAML(text); reason != "" {
		return &FileError{"the text", line + at - 1, reason}
	}
	options := []yaml.DecodeOption{}
	if strict {
		options = append(options, yaml.Strict())
	}
	if err := yaml.UnmarshalWithOptions(text, v, options...); err != nil {
		at, reason := yamlReason(err)
		return &FileError{"the text", line + max(at, 1) - 1, reason}
	}
	return nil
}

// String writes the outline, so that reading it gives the same again: titles of one line, and text without white space around it.
func (o Outline) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %s\n---\n", quoted(o.Title))
	for _, p := range o.Parts {
		b.WriteString(p.string())
	}
	return b.String()
}

// string writes a part: with its heading and its text as they are, where they come back; else within the block.
func (p Passage) string() string {
	plain := p.written()
	if back, err := ReadOutline(plain, 1); err == nil && len(back.Parts) == 1 && back.Parts[0].Heading == p.Heading && back.Parts[0].Text == p.Text && back.Parts[0].Kind == p.Kind {
		return plain
	}
	p.Fields.Title, p.Fields.Text = p.Heading, p.Text
	p.Heading, p.Text = "", ""
	if p.Kind == "" {
		p.Kind = "lab"
	}
	return p.written()
}

func (p Passage) written() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## %s\n", p.Heading)
	if p.Text != "" {
		fmt.Fprintf(&b, "\n%s\n", p.Text)
	}
	if p.Kind == "" {
		return b.String()
	}
	fmt.Fprintf(&b, "\n```%s\n", p.Kind)
	f := p.Fields
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, quoted(value))
		}
	}
	field("title", f.Title)
	field("text", f.Text)
	field("show", f.Show)
	field("slug", f.Slug)
	field("part", f.Part)
	field("kind", f.Kind)
	field("as", f.As)
	field("compute", f.Compute)
	if f.Lower {
		b.WriteString("lower: true\n")
	}
	field("lesson", f.Lesson)
	field("id", f.ID)
	field("talk", f.Talk)
	if f.Given != nil {
		fmt.Fprintf(&b, "given: %v\n", yamlNumber(*f.Given))
	}
	if len(f.Choices) > 0 {
		b.WriteString("choices:\n")
	}
	for _, c := range f.Choices {
		fmt.Fprintf(&b, "  - says: %s\n", inQuotes(c.Says))
		if c.Right {
			b.WriteString("    right: true\n")
		}
	}
	field("goal", f.Goal)
	if f.Budget != 0 {
		fmt.Fprintf(&b, "budget: %v\n", yamlNumber(f.Budget))
	}
	field("picture", f.Picture)
	field("alt", f.Alt)
	field("notes", f.Notes)
	b.WriteString("```\n")
	return b.String()
}

// yamlNumber is a number as YAML takes it for one.
func yamlNumber(v float64) string {
	text := fmt.Sprintf("%v", v)
	if mantissa, exponent, found := strings.Cut(text, "e"); found && !strings.Contains(mantissa, ".") {
		return mantissa + ".0e" + exponent
	}
	return text
}

// literal matches a text that YAML takes line by line as it stands.
var literal = regexp.MustCompile(`^[\pL\pN“(][^\p{C}]*[^\s\p{C}](\n\n?[\pL\pN“(][^\p{C}]*[^\s\p{C}])+$`)

// quoted is a text as a value of YAML: lines as they stand where they come back so, else between quotation marks.
func quoted(text string) string {
	if literal.MatchString(text) && !strings.ContainsAny(text, "\u2028\u2029\u0085\ufeff\t") {
		return "|-\n  " + strings.ReplaceAll(strings.ReplaceAll(text, "\n", "\n  "), "\n  \n", "\n\n")
	}
	return inQuotes(text)
}

func inQuotes(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
