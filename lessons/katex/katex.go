// Package katex typesets formulas on the server with KaTeX, the very file that browsers load, so that a page shows them
// without scripts, and so that whoever writes lessons learns which formulas KaTeX refuses.
//
// KaTeX runs in goja, a JavaScript engine in Go, which makes the program about 8 MB larger. [New] takes the source of
// katex.min.js, [Typesetter.Typeset] one formula. KaTeX places pieces by style attributes, which the site's
// Content-Security-Policy forbids; here each becomes a class, and its declarations a rule of a style sheet.
package katex

import (
	"errors"
	"fmt"
	"hash/fnv"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/dop251/goja"
)

const (
	mostCalls = 4000 // within one another: what is nested deeper is no formula
	mostKept  = 4000 // formulas
)

// A Typesetter typesets formulas, each once. It is safe for concurrent use.
type Typesetter struct {
	mu     sync.Mutex
	vm     *goja.Runtime
	render goja.Callable
	kept   map[source]Set
}

type source struct {
	tex     string
	display bool
}

// A Set formula is HTML without style attributes, and what its classes stand for; or Fault says why KaTeX refuses it.
type Set struct {
	HTML  string
	Rules map[string]string // declarations by class; a class stands for the same ones in every formula
	Fault error
}

// New loads KaTeX from its source.
func New(source string) (*Typesetter, error) {
	vm := goja.New()
	vm.SetMaxCallStackSize(mostCalls)
	module := vm.NewObject()
	exports := vm.NewObject()
	if err := module.Set("exports", exports); err != nil {
		return nil, err
	}
	for name, value := range map[string]any{"module": module, "exports": exports} {
		if err := vm.Set(name, value); err != nil {
			return nil, err
		}
	}
	if _, err := vm.RunScript("katex.min.js", source); err != nil {
		return nil, fmt.Errorf("load KaTeX: %w", err)
	}
	render, ok := goja.AssertFunction(module.Get("exports").ToObject(vm).Get("renderToString"))
	if !ok {
		return nil, fmt.Errorf("load KaTeX: it exports no renderToString")
	}
	return &Typesetter{vm: vm, render: render}, nil
}

// Typeset sets a formula, as one of a line or as one that stands alone.
func (t *Typesetter) Typeset(tex string, display bool) Set {
	t.mu.Lock()
	defer t.mu.Unlock()
	set, known := t.kept[source{tex, display}]
	if !known {
		set = t.typeset(tex, display)
		if t.kept == nil || len(t.kept) >= mostKept {
			t.kept = map[source]Set{}
		}
		t.kept[source{tex, display}] = set
	}
	return set
}

func (t *Typesetter) typeset(tex string, display bool) Set {
	options := map[string]any{"displayMode": display, "throwOnError": true, "strict": "ignore"}
	value, err := t.render(goja.Undefined(), t.vm.ToValue(tex), t.vm.ToValue(options))
	var thrown *goja.Exception
	switch {
	case errors.As(err, &thrown):
		reason, _, _ := strings.Cut(thrown.Value().String(), "\n")
		return Set{Fault: errors.New(strings.TrimPrefix(reason, "ParseError: "))}
	case err != nil:
		return Set{Fault: errors.New("is nested too deep")}
	}
	return classed(value.String())
}

// styled matches the tag of an element that KaTeX styles, up to its style's end. A quotation mark of the formula's own is
// written &quot; there.
var styled = regexp.MustCompile(`<(\w+)(?: class="([^"]*)")?((?: [\w-]+="[^"]*")*?) style="([^"]*)"`)

// classed puts a class in the place of each style attribute.
func classed(markup string) Set {
	set := Set{Rules: map[string]string{}}
	set.HTML = styled.ReplaceAllStringFunc(markup, func(tag string) string {
		m := styled.FindStringSubmatch(tag)
		name := className(m[4])
		set.Rules[name] = m[4]
		return `<` + m[1] + ` class="` + strings.TrimSpace(m[2]+" "+name) + `"` + m[3]
	})
	return set
}

// className is the same for the same declarations, in whichever process: a page and its style sheet may come from two.
func className(declarations string) string {
	sum := fnv.New64a()
	sum.Write([]byte(declarations))
	return "k" + strconv.FormatUint(sum.Sum64(), 36)
}

// Rule writes a class as a rule of a style sheet. It has the rank that the style attribute had.
func Rule(class, declarations string) string {
	return "." + class + "{" + strings.ReplaceAll(strings.TrimSuffix(declarations, ";"), ";", "!important;") + "!important}"
}
