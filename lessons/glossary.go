package lessons

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// A Term is an entry of the glossary. A lesson links to it as [words](term:slug).
type Term struct {
	Slug      string
	Name      string
	Also      []string // other names
	MeansHTML string
}

// readGlossary reads glossary.yaml: a list of slug, name, also and means. A missing file is an empty glossary.
func readGlossary(fsys fs.FS) ([]Term, error) {
	const file = "glossary.yaml"
	source, err := readFile(fsys, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fileFault(file, err)
	}
	if line, reason := boundYAML(source); reason != "" {
		return nil, &FileError{file, line, reason}
	}
	var entries []struct {
		Slug  string   `yaml:"slug"`
		Name  string   `yaml:"name"`
		Also  []string `yaml:"also"`
		Means string   `yaml:"means"`
	}
	if err := yaml.UnmarshalWithOptions(source, &entries, yaml.Strict()); err != nil {
		line, reason := yamlReason(err)
		return nil, &FileError{file, line, reason}
	}
	var (
		terms  []Term
		faults []error
	)
	for _, e := range entries {
		line := 1 + bytes.Count(source[:max(0, bytes.Index(source, []byte("slug: "+e.Slug+"\n")))], []byte("\n"))
		if !name.MatchString(e.Slug) || e.Name == "" || e.Means == "" {
			faults = append(faults, &FileError{file, line, fmt.Sprintf("term %q wants a slug, a name and what it means", e.Slug)})
		}
		if slices.ContainsFunc(terms, func(t Term) bool { return t.Slug == e.Slug }) {
			faults = append(faults, &FileError{file, line, fmt.Sprintf("term %q stands twice", e.Slug)})
		}
		html, err := inlineHTML(e.Means)
		if err != nil {
			faults = append(faults, &FileError{file, line, err.Error()})
		}
		terms = append(terms, Term{Slug: e.Slug, Name: e.Name, Also: e.Also, MeansHTML: html})
	}
	return terms, errors.Join(faults...)
}

// references are what a lesson may refer to.
type references struct {
	terms       map[string]bool
	questions   map[string]bool
	experiments Experiments
}

// termLinks turns links to terms into links to the glossary, and checks the links to labs.
type termLinks struct {
	known references
	used  []string // the slugs of the terms that were linked to, each once
}

// link mends one link.
func (t *termLinks) link(link *ast.Link, wrong func(field, format string, args ...any)) {
	to := string(link.Destination)
	if slug, is := strings.CutPrefix(to, "term:"); is {
		if !t.known.terms[slug] {
			wrong("", "the glossary has no term %q", slug)
		}
		if !slices.Contains(t.used, slug) {
			t.used = append(t.used, slug)
		}
		link.Destination = []byte("/glossary#" + slug)
		link.SetAttributeString("class", []byte("term"))
		link.SetAttributeString("data-term", []byte(slug))
		return
	}
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" && u.Scheme != "https" && u.Scheme != "http" && u.Scheme != "mailto" {
		wrong("", "the link to %q leads nowhere: want https, or a path of this site", to)
		return
	}
	if slug, is := strings.CutPrefix(u.Path, "/questions/"); is && u.Host == "" && !t.known.questions[slug] {
		wrong("", "the link to %q: there is no such question", to)
	}
	if lab, is := strings.CutPrefix(u.Path, "/labs/"); is && u.Host == "" {
		show := lab
		if u.RawQuery != "" {
			show += "?" + u.RawQuery
		}
		if _, _, err := t.known.experiments.state(show); err != nil {
			wrong("", "the link to %q: %v", to, err)
		}
	}
}

// html converts a text of Markdown; its faults are those of the field.
func (t *termLinks) html(source, field string, wrong func(field, format string, args ...any)) string {
	if _, reason := boundMarkdown([]byte(source)); reason != "" {
		wrong(field, "%s", reason)
		return ""
	}
	root := markdown.Parser().Parse(text.NewReader([]byte(source)))
	ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if link, is := n.(*ast.Link); is && entering {
			t.link(link, func(_, format string, args ...any) { wrong(field, format, args...) })
		}
		return ast.WalkContinue, nil
	})
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, []byte(source), root); err != nil {
		wrong(field, "%v", err)
	}
	return out.String()
}

// inline converts a text that is a single paragraph, and leaves the paragraph's own element out.
func (t *termLinks) inline(source, field string, wrong func(field, format string, args ...any)) string {
	return unwrapped(t.html(source, field, wrong))
}

func inlineHTML(source string) (string, error) {
	html, err := markdownHTML([]byte(source))
	return unwrapped(html), err
}

func unwrapped(html string) string {
	html = strings.TrimSpace(html)
	inner, opens := strings.CutPrefix(html, "<p>")
	inner, closes := strings.CutSuffix(inner, "</p>")
	if !opens || !closes || strings.Contains(inner, "<p>") {
		return html
	}
	return inner
}
