package lessons

import (
	"bytes"

	"github.com/gohugoio/hugo-goldmark-extensions/passthrough"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// formulas keeps Markdown away from TeX: between the delimiters, * and _ and \ stay what they are.
// A dollar sign that is none is written \$.
var formulas = passthrough.New(passthrough.Config{
	InlineDelimiters: []passthrough.Delimiters{{Open: "$", Close: "$"}, {Open: `\(`, Close: `\)`}},
	BlockDelimiters:  []passthrough.Delimiters{{Open: "$$", Close: "$$"}, {Open: `\[`, Close: `\]`}},
})

// formulaRenderer writes TeX, escaped and without its delimiters, into an element that is typeset when all is loaded.
// (The extension's own renderer writes the source as it is, unescaped.)
type formulaRenderer struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (formulaRenderer) RegisterFuncs(register renderer.NodeRendererFuncRegisterer) {
	register.Register(passthrough.KindPassthroughInline, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			inline := n.(*passthrough.PassthroughInline)
			w.WriteString(`<tex-math data-display="false">`)
			writeEscaped(w, tex(inline.Segment.Value(source), inline.Delimiters))
			w.WriteString(`</tex-math>`)
		}
		return ast.WalkSkipChildren, nil
	})
	register.Register(passthrough.KindPassthroughBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			block := n.(*passthrough.PassthroughBlock)
			w.WriteString(`<tex-math data-display="true">`)
			writeEscaped(w, tex(block.Lines().Value(source), block.Delimiters))
			w.WriteString("</tex-math>\n")
		}
		return ast.WalkSkipChildren, nil
	})
}

func tex(segment []byte, d *passthrough.Delimiters) []byte {
	segment = bytes.TrimPrefix(bytes.TrimSpace(segment), []byte(d.Open))
	return bytes.TrimSpace(bytes.TrimSuffix(segment, []byte(d.Close)))
}
