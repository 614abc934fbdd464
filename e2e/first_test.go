package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// inView says of elements whether all of each is within the window.
const inView = `(...selectors) => selectors.flatMap(selector => {
	const e = document.querySelector(selector), at = e?.getBoundingClientRect();
	const seen = at && at.width > 0 && at.height > 0 && at.top >= 0 && at.left >= 0 && at.bottom <= innerHeight && at.right <= innerWidth;
	return seen ? [] : [selector + (at ? ' from ' + Math.round(at.top) + ' to ' + Math.round(at.bottom) : ' is missing')];
})`

// Whoever opens the site for the first time sees, without scrolling, the sentence in its lines, the two controls and the network with
// the gradient that comes back. It is in the page itself, and the page with all that it loads is small.
func TestFirstScreen(t *testing.T) {
	t.Parallel()
	h := site(t, "")
	for _, s := range []struct {
		width, height int64
		lines         int
	}{{1280, 900, 2}, {390, 844, 4}} {
		t.Run(fmt.Sprint(s.width), func(t *testing.T) {
			p := open(t, h, "/about")
			p.size(s.width, s.height)
			p.scripts(false)
			p.visit("/")
			if got := eval[int](p, `document.querySelectorAll('.net-row .unit').length`); got != 40 {
				t.Errorf("without scripts: got %d units, want two rows of 20", got)
			}
			p.scripts(true)
			p.cold()
			p.visit("/")
			p.until("the chart", drawn)
			if out := eval[[]string](p, "("+inView+`)('.verdict', '[data-field=skip]', '[data-send-back]', '.plain-row', '.residual-row', '[data-chart=gradients]')`); len(out) > 0 {
				t.Errorf("not in sight: %q", out)
			}
			if got := eval[int](p, linesOf); got > s.lines {
				t.Errorf("the sentence has %d lines, want at most %d: %q", got, s.lines, p.text(".verdict"))
			}
			size := eval[int](p, `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, e) => sum + e.transferSize, 0)`)
			if size < 100_000 || size > 450_000 {
				t.Errorf("the first page loads %d bytes, want at most 450 KB", size)
			}
		})
	}
}

// linesOf is how many lines the sentence has.
const linesOf = `(e => {
	const words = document.createRange();
	words.selectNodeContents(e);
	return Math.round(words.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight));
})(document.querySelector('.verdict'))`

// Ten seconds, and no formula: what vanishes, and what the skip does.
func TestFirstTenSeconds(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/")
	p.media("prefers-reduced-motion", "no-preference")
	p.reads(".verdict", "Layer 1 hears only half a trillionth of what layer 20 is told. With skips it hears all of it.")
	if !eval[bool](p, `(document.querySelector('[data-send-back]').click(), !!document.querySelector('[data-network].coming .pulse'))`) {
		t.Error("nothing is sent back")
	}
	p.until("its end", `!document.querySelector('[data-network].coming, .pulse')`)
	p.reads(".plain-row .net-says", "4.9·10−13")
	p.reads(".residual-row .net-says", "1.5")

	// The skip off: its row, its bars and its sentence go.
	p.click("[data-field=skip] label:first-child")
	p.until("one row", `document.querySelectorAll('.net-row').length === 1 && !document.querySelector('.verdict').textContent.includes('skip')`)
	p.until("the gradient sent back anew", `!document.querySelector('[data-network].coming')`)
	p.click("[data-field=skip] label:last-child")
	p.until("both rows", `document.querySelectorAll('.net-row').length === 2`)

	// The second act: what each weight gets.
	p.click("[data-field=show] label:last-child")
	p.until("its sentence", `location.search === '?show=grad_w' && document.querySelector('.verdict').textContent.includes('of what layer 20 gets')`)
	p.click("[data-field=show] label:first-child")
	p.until("the address without it", `location.search === ''`)

	// A layer, by keys: its words, its product, and away again.
	p.tabTo("[data-layer='1']")
	p.press(kb.ArrowRight, kb.ArrowRight)
	if got := p.focused(); got == "" {
		t.Error("no focus after the arrows")
	}
	p.until("layer 3 in focus", `document.activeElement.dataset.layer === '3' && getComputedStyle(document.activeElement.nextElementSibling).display === 'block'`)
	p.press(kb.Enter)
	p.until("its product on this page, in sight", `location.pathname === '/' && location.search === '?layer=3' && document.querySelector('[data-part=product] h2')?.textContent.startsWith('Layer 3:') && `+typeset)
	p.accessible()
	p.press("]")
	p.until("layer 4", `document.querySelector('[data-part=product] h2')?.textContent.startsWith('Layer 4:')`)
	p.click("[data-keep-focus=close]")
	p.until("no layer", `location.search === '' && !document.querySelector('[data-part=product] h2')`)

	// One change glides: what is drawn is the same elements before and after. Under a hand that drags, nothing lags behind.
	// Nor do the bars: of those that glide the picture is another in the end than when the change is drawn.
	type movement struct {
		Ribbon int
		Bars   bool
	}
	weight := func(values string) movement {
		return eval[movement](p, `(async () => {
			const bars = () => document.querySelector('[data-chart=gradients] canvas').toDataURL();
			const slider = document.querySelector('[data-slider=w]'), ribbon = document.querySelector('.plain-row .ribbon path'), box = document.querySelector('.unit');
			await new Promise((go) => setTimeout(go, 400));
			const values = [`+values+`], field = slider.closest('[data-field]').dataset;
			const drawn = new Promise((go) => document.addEventListener('drawn', function last({ detail }) {
				if (+(new URLSearchParams(detail).get('w') ?? field.default) !== values.at(-1)) return;
				document.removeEventListener('drawn', last);
				go();
			}));
			for (const value of values) {
				slider.value = value;
				slider.dispatchEvent(new Event('input', { bubbles: true }));
			}
			await drawn;
			const gliding = ribbon.getAnimations().length, drawing = bars();
			await new Promise((go) => setTimeout(go, 400));
			return { Ribbon: ribbon.isConnected && box.isConnected ? gliding : -1, Bars: drawing !== bars() };
		})()`)
	}
	if m := weight("1.5"); m != (movement{1, true}) {
		t.Errorf("after one change: got %+v, want one movement of the ribbon and of the bars; -1: it is another element", m)
	}
	if m := weight("1.4, 1.3"); m != (movement{}) {
		t.Errorf("under a hand that drags: got %+v, want no movement; -1: the ribbon is another element", m)
	}

	// Who wants no motion sees the end of it.
	p.media("prefers-reduced-motion", "reduce")
	if m := weight("1"); m != (movement{}) {
		t.Errorf("for a reader who wants no motion: got %+v, want none; -1: the ribbon is another element", m)
	}
	p.click("[data-send-back]")
	if eval[bool](p, `!!document.querySelector('[data-network].coming, .pulse')`) {
		t.Error("the gradient moves for a reader who wants no motion")
	}
	p.click(".next-steps a")
	p.until("the tour", `location.pathname === '/lessons/ten-minute-tour'`)
}

// Nothing moves while a handle is dragged, wherever it goes; and the sentence keeps to its lines.
func TestNothingMovesWhileDragging(t *testing.T) {
	t.Parallel()
	h := site(t, "")
	for _, c := range []struct {
		path          string
		width, height int64
		lines         int
	}{{"/", 1280, 900, 2}, {"/?show=grad_w", 1280, 900, 2}, {"/", 390, 844, 4}, {"/labs/chain", 1280, 900, 2}, {"/labs/chain?activation=relu&show=factor", 1280, 900, 2}} {
		t.Run(fmt.Sprint(c.path, c.width), func(t *testing.T) {
			p := open(t, h, "/about")
			p.size(c.width, c.height)
			p.visit(c.path)
			p.until("the chart", drawn)
			moved := eval[[]string](p, fmt.Sprintf(`(async () => {
				const found = new Set();
				new PerformanceObserver(list => {
					for (const e of list.getEntries()) for (const s of e.sources) if (s.node) found.add('moved: ' + (s.node.className || s.node.nodeName) + ' from ' + s.previousRect.top + ' to ' + s.currentRect.top);
				}).observe({ type: 'layout-shift' });
				for (const name of ['depth', 'w', 'depth']) {
					const slider = document.querySelector('[data-slider=' + name + ']'), low = +slider.min, high = +slider.max;
					for (let i = 0; i <= 20; i++) {
						slider.value = low + (high - low) * i / 20;
						const drawn = new Promise(go => document.addEventListener('drawn', go, { once: true }));
						slider.dispatchEvent(new Event('input', { bubbles: true }));
						await drawn;
						await new Promise(requestAnimationFrame);
						const lines = %s;
						if (lines > %d) found.add(lines + ' lines: ' + document.querySelector('.verdict').textContent.trim());
						const aside = document.querySelector('.aside');
						if (aside.scrollHeight > aside.clientHeight + 1) found.add('the aside is cut: ' + aside.textContent);
					}
				}
				await new Promise(go => setTimeout(go, 300));
				return [...found].slice(0, 12);
			})()`, linesOf, c.lines))
			if len(moved) > 0 {
				t.Errorf("%s at %d: %q", c.path, c.width, moved)
			}
		})
	}
}
