// Package katex typesets formulas with KaTeX, the very file that browsers load, to find out which of them it refuses.
//
// KaTeX runs in goja, a JavaScript engine in Go, which makes the program about 8 MB larger: a lecturer can check formulas
// without node. [New] takes the source of katex.min.js, [Checker.Check] one formula.
package katex

import (
	"fmt"
	"strings"

	"github.com/dop251/goja"
)

// A Checker typesets formulas. It is for one goroutine.
type Checker struct {
	vm     *goja.Runtime
	render goja.Callable
}

// New loads KaTeX from its source.
func New(source string) (*Checker, error) {
	vm := goja.New()
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
	return &Checker{vm, render}, nil
}

// Check returns nil for a formula that KaTeX typesets, else why it does not.
func (c *Checker) Check(tex string, display bool) error {
	options := map[string]any{"displayMode": display, "throwOnError": true, "strict": "ignore"}
	_, err := c.render(goja.Undefined(), c.vm.ToValue(tex), c.vm.ToValue(options))
	if thrown, is := err.(*goja.Exception); is {
		reason, _, _ := strings.Cut(thrown.Value().String(), "\n")
		return fmt.Errorf("%s", strings.TrimPrefix(reason, "ParseError: "))
	}
	return err
}
