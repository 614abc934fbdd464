package e2e

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// typeset is true when every formula of the page is set, without an error.
const typeset = `[...document.querySelectorAll('[data-tex]')].every(e => e.querySelector('.katex') && !e.querySelector('.katex-error'))`

func TestChainScreenshots(t *testing.T) {
	t.Parallel()
	tour(t, site(t, ""), os.Getenv("GRADLAB_SHOTS"), map[string]string{
		"chain-layer": "/labs/chain?layer=3&check=on",
		"chain-graph": "/labs/chain?activation=tanh&check=on&depth=3&layer=1&skip=none&x=10",
	}, drawn+" && "+typeset)
}

// clickLayer clicks the column of a layer, where its bars are.
func (p *page) clickLayer(layer int) {
	p.t.Helper()
	eval[int](p, fmt.Sprintf(`(() => {
		const canvas = document.querySelector('[data-chart] canvas').getBoundingClientRect(), column = document.querySelector('[data-layer="%d"]').getBoundingClientRect();
		document.elementFromPoint(column.left + column.width / 2, canvas.top + canvas.height * .6).click();
		return 0;
	})()`, layer))
}

// A reader clicks a layer, walks to the next, checks it, and puts it away again; the address keeps all of it.
func TestChainLayerInHand(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/chain?depth=4&activation=tanh&skip=none&x=10")
	p.until("the chart", drawn)
	p.clickLayer(3)
	p.until("layer 3 in the address", `new URLSearchParams(location.search).get('layer') === '3'`)
	p.until("its formulas", `document.querySelectorAll('.formula .katex').length === 2 && `+typeset)
	p.reads(".insight-head h2", "Layer 3: ∂L/∂w, taken apart")
	// The product's last number is the gradient that the notebook prints for its third weight.
	p.until("the formula’s number", `document.querySelector('[data-part=product] .twin-card .formula:last-child .katex-html').innerText.replace('-', '−').includes('−0.1319')`)

	p.press("[")
	p.until("layer 2", `document.querySelector('.insight-head h2')?.textContent.includes('Layer 2')`)
	p.tabTo("[data-keep-focus=previous]")
	p.press(kb.Enter)
	p.until("layer 1", `document.querySelector('.insight-head h2')?.textContent.includes('Layer 1')`)

	p.tabTo("[data-keep-focus=check]")
	p.press(kb.Enter)
	p.until("the check", `document.querySelector('.check-verdict')?.textContent.includes('Float32 says 0')`)
	p.until("the focus on the same button", `document.activeElement.textContent.includes('Close the check')`)
	p.reads(".check table", "−5.997") // the float64 gradient, −6·10⁻⁹
	p.accessible()

	// The address alone restores all of it.
	p.visit(eval[string](p, "location.pathname + location.search"))
	p.until("the check again", `document.querySelector('.check-verdict')?.textContent.includes('Float32 says 0')`)

	p.click("[data-keep-focus=close]")
	p.until("no layer", `!document.querySelector('.insight-head') && !location.search.includes('layer')`)
}

// Every quantity has bars, a sentence and a formula.
func TestChainQuantities(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/chain?depth=8&layer=5")
	p.until("the chart", drawn)
	for _, quantity := range []string{"grad_a", "grad_z", "factor", "z", "grad_w"} {
		p.set("#field-show", quantity)
		p.until(quantity+" in the address", `(new URLSearchParams(location.search).get('show') ?? 'grad_w') === '`+quantity+`'`)
		p.until("its formulas", `document.querySelectorAll('.formula').length === 4 && `+typeset)
	}
}

// The graph is stepped through by keys and by buttons.
func TestChainGraphSteps(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/chain?depth=2")
	p.until("the graph", `document.querySelector('[data-step-text]')?.textContent.includes('14 steps')`)
	hidden := `[...document.querySelectorAll('[data-graph] .node')].filter(n => getComputedStyle(n.querySelector('.number')).visibility === 'hidden').length`
	p.press(".")
	p.until("the start", `document.querySelector('[data-step-text]').textContent.includes('are given')`)
	p.until("the 7 results hidden", hidden+` === 7`)
	p.press(".", ".")
	p.until("step 2", `document.querySelector('[data-step-text]').textContent.startsWith('2 of 14. Forward: h₁ = sigmoid(a₁) = ')`)
	p.until("5 of them still hidden", hidden+` === 5`)
	p.press(",")
	p.until("step 1", `document.querySelector('[data-step-text]').textContent.startsWith('1 of 14.')`)
	p.tabTo("[data-step=forward]")
	for range 7 {
		p.press(kb.Enter)
	}
	p.until("the way back", `document.querySelector('[data-step-text]').textContent.startsWith('8 of 14. Back: ∂L/∂L = 1 ')`)
	p.accessible()
	p.click("[data-step=last]")
	p.until("all of it", hidden+` === 0`)

	// Deeper than it is drawn, the page says so and leads to a chain that is not.
	p.visit("/labs/chain")
	p.click("[data-part=graph] a")
	p.until("the graph of depth 4", `document.querySelectorAll('[data-graph] .node').length === 18`)
}

// A chain's picture has the net above its bars: the ribbons in their colours, and as wide a ground as the figure.
func TestChainPNG(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/chain")
	p.until("the chart", drawn)
	eval[int](p, `(() => {
		const own = HTMLCanvasElement.prototype.toDataURL;
		HTMLCanvasElement.prototype.toDataURL = function (type) { window.image = this; return own.call(this, type); };
		HTMLAnchorElement.prototype.click = function () { window.saved = this.download + ' ' + this.href.slice(0, 22) + ' ' + this.href.length; };
		return 0;
	})()`)
	p.click("[data-save-png]")
	p.until("the picture", `/^chain-gradients.png data:image.png;base64, [1-9]\d{3,}$/.test(window.saved)`)
	colours := eval[[]string](p, `(() => {
		const { data, width } = image.getContext('2d').getImageData(0, 0, image.width, image.height), scale = 2, figure = document.querySelector('[data-network]').getBoundingClientRect();
		const colour = (e, x, y) => {
			const box = e.getBoundingClientRect(), rows = document.querySelector('.net-rows').getBoundingClientRect(), bars = document.querySelector('.canvas').getBoundingClientRect();
			const below = image.height - scale * (bars.bottom - rows.top); // the frame's lines above and below the drawing
			const left = Math.round(28 + scale * (box.left + x * box.width - figure.left)), top = Math.round(scale * (box.top + y * box.height - rows.top));
			for (let y = top; y < top + below; y++) {
				const at = 4 * (y * width + left);
				if ('rgb(' + data.slice(at, at + 3).join(', ') + ')' === getComputedStyle(e).fill) return '';
			}
			return 'no ' + getComputedStyle(e).fill + ' at the ribbon of the ' + e.closest('.net-row').className;
		};
		return [colour(document.querySelector('.plain-row .ribbon path'), .99, .5), colour(document.querySelector('.residual-row .ribbon path'), .5, .5)].filter(Boolean);
	})()`)
	if len(colours) > 0 {
		t.Error(colours)
	}
}

// On a phone the two handles that matter most stay on the screen with the figure.
func TestChainOnAPhone(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.size(390, 844)
	p.visit("/labs/chain")
	p.until("the chart", drawn)
	eval[int](p, `(document.querySelector('[data-network]').scrollIntoView({ block: 'start' }), 0)`)
	p.until("the figure and its handles in sight", "("+inView+`)('.plain-row', '.residual-row', '[data-chart=gradients]', '[data-slider=depth]', '[data-slider=w]').length === 0`)
}

// The chart fills the screen and gives it back, by the button and by its key.
func TestChainFullScreen(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/chain")
	p.until("the chart", drawn)
	p.click("[data-full-screen]")
	p.until("the full screen", `document.fullscreenElement?.dataset.figure === 'gradients'`)
	p.press("f")
	p.until("the page again", `!document.fullscreenElement`)
}

// BenchmarkChainLatency drives a slider of the real page: milliseconds from its event to the finished figure, strip, ribbons and bars.
func BenchmarkChainLatency(b *testing.B) {
	for _, c := range []struct{ name, path, slider string }{
		{"first", "/", "w"},
		{"first-depth", "/", "depth"},
		{"default", "/labs/chain", "w"},
		{"layer", "/labs/chain?layer=3&check=on", "w"},
		{"depth-100", "/labs/chain?depth=100&layer=3", "w"},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := open(b, site(b, ""), c.path)
			p.until("the chart", drawn)
			drags := func(n int) []float64 { return p.drags("[data-slider="+c.slider+"]", "[data-network]", n) }
			drags(20) // the first ones compile the page's scripts
			var took []float64
			for b.Loop() {
				took = append(took, drags(100)...)
			}
			reportLatency(b, took)
		})
	}
}

// The words beside the bars stand between the rows of the net and the figure's end, with and without a line above the rows.
func TestCaptionBesideTheBars(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	for _, s := range sizes {
		p.size(s.width, s.height)
		for _, path := range []string{"/", "/labs/chain"} {
			p.visit(path)
			p.until("a figure with bars", "document.querySelector('.network .canvas canvas, .network .canvas svg')")
			if over := eval[float64](p, `(() => {
				const rows = document.querySelector('.network .net-rows').getBoundingClientRect();
				return rows.bottom - document.querySelector('.network figcaption').getBoundingClientRect().top;
			})()`); over > 0 {
				t.Errorf("%s at %d px: the caption begins %g px above the line under the net's rows", path, s.width, over)
			}
			if narrow := eval[float64](p, `document.querySelector('.net-rows').offsetWidth - document.querySelector('.network .canvas').offsetWidth`); narrow != 0 {
				t.Errorf("%s at %d px: the bars are %g px narrower than the net's rows", path, s.width, narrow)
			}
		}
	}
}

// Where the reader's own colours rule, the letters of the drawn net are in them, whatever theme was chosen.
func TestNetInTheReadersColours(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.cookie("theme", "light")
	p.media("forced-colors", "active")
	p.visit("/labs/chain?depth=100")
	p.until("a drawn net", "document.querySelector('.zeros text')")
	if off := eval[[]string](p, `(() => {
		const ink = getComputedStyle(document.body).color;
		return [...document.querySelectorAll('.units text, .zeros text')].filter(e => getComputedStyle(e).fill !== ink).map(e => e.textContent + ' ' + getComputedStyle(e).fill);
	})()`); len(off) > 0 {
		t.Errorf("not in the colour of the page's text: %q", off)
	}
}
