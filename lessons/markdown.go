package lessons

import (
	"bytes"
	"errors"
	"strings"

	"github.com/gohugoio/hugo-goldmark-extensions/passthrough"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown converts GitHub's Markdown with formulas. Table cells are aligned by attribute, since the
// site's Content-Security-Policy forbids inline styles.
var markdown = goldmark.New(
	goldmark.WithExtensions(
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		extension.Linkify,
		extension.Strikethrough,
		extension.TaskList,
		formulas,
	),
	goldmark.WithRendererOptions(renderer.WithNodeRenderers(
		// Before goldmark's own renderers, which stand at 1000.
		util.Prioritized(plainHTML{}, 100),
		util.Prioritized(formulaRenderer{}, 90),
	)),
)

// markdownHTML converts a text as a whole.
func markdownHTML(source []byte) (string, error) {
	if _, reason := boundMarkdown(source); reason != "" {
		return "", errors.New(reason)
	}
	var out bytes.Buffer
	err := markdown.Convert(source, &out)
	return out.String(), err
}

// A section is what stands between one heading of the second level and the next.
type section struct {
	heading string // as written, without Markdown's marks
	offset  int    // of the heading, or of the text where there is none, in the source
	html    string // what follows the heading
}

// markdownSections converts a text section by section. Text before the first heading makes a section
// without one. Headings of other levels are part of their section.
func markdownSections(source []byte) ([]section, error) {
	document := markdown.Parser().Parse(text.NewReader(source))
	var (
		sections []section
		parts    []*ast.Document
	)
	for node := document.FirstChild(); node != nil; {
		next := node.NextSibling()
		heading, starts := node.(*ast.Heading)
		if starts = starts && heading.Level == 2; starts || len(sections) == 0 {
			s := section{offset: offset(node)}
			if starts {
				s.heading = strings.TrimSpace(string(heading.Lines().Value(source)))
			}
			sections, parts = append(sections, s), append(parts, ast.NewDocument())
		}
		if !starts {
			last := parts[len(parts)-1]
			last.AppendChild(last, node)
		}
		node = next
	}
	for i, part := range parts {
		var out bytes.Buffer
		if err := markdown.Renderer().Render(&out, source, part); err != nil {
			return nil, err
		}
		sections[i].html = out.String()
	}
	return sections, nil
}

// offset returns where a block's text starts in the source; blocks without text of their own (lists,
// tables) start with their first child's.
func offset(node ast.Node) int {
	for ; node != nil; node = node.FirstChild() {
		if node.Type() == ast.TypeBlock && node.Lines().Len() > 0 {
			return node.Lines().At(0).Start
		}
		// A paragraph with a formula has been put together anew, and knows its lines by its words alone.
		switch node := node.(type) {
		case *ast.Text:
			return node.Segment.Start
		case *passthrough.PassthroughInline:
			return node.Segment.Start
		}
	}
	return 0
}

// plainHTML shows HTML in the source as the text that it is, so that an author sees at once that it
// does nothing. (goldmark itself would drop it without a word.)
type plainHTML struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (plainHTML) RegisterFuncs(register renderer.NodeRendererFuncRegisterer) {
	register.Register(ast.KindRawHTML, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			writeEscaped(w, n.(*ast.RawHTML).Segments.Value(source))
		}
		return ast.WalkSkipChildren, nil
	})
	register.Register(ast.KindHTMLBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			block := n.(*ast.HTMLBlock)
			w.WriteString("<p>")
			writeEscaped(w, block.Lines().Value(source))
			if block.HasClosure() {
				writeEscaped(w, block.ClosureLine.Value(source))
			}
			w.WriteString("</p>\n")
		}
		return ast.WalkSkipChildren, nil
	})
}

func writeEscaped(w util.BufWriter, text []byte) {
	html.DefaultWriter.RawWrite(w, text)
}
