package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// readers are pages that everybody may open.
var readers = []string{
	"/", "/lessons", "/lessons/why-it-vanishes", "/glossary", "/search?q=saturated+unit", "/questions", "/questions/vanishing-gradient", "/answers", "/class", "/homework", "/plans", "/teach", "/inventory",
	"/labs", "/labs/chain", "/labs/train", "/labs/sweep", "/labs/kernels", "/labs/blocks", "/labs/barcode", "/labs/stream", "/labs/transformer", "/about", "/about/core", "/privacy", "/accessibility", "/api", "/nowhere",
}

// spaced sets letters, words, lines and paragraphs as far apart as WCAG 1.4.12 says, and names what is then cut off: a box that hides
// what is larger than it, and words of a drawing beyond its edge.
const spaced = `(async () => {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }');
	document.adoptedStyleSheets.push(sheet);
	for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame); // charts take the size that is left
	const name = ` + named + `;
	return [...document.body.querySelectorAll('*')].filter((e) => {
		if (!e.checkVisibility({ visibilityProperty: true }) || e.closest('.unseen, .katex-mathml, canvas')) return false;
		const own = [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent.trim());
		if (e instanceof SVGElement) {
			const svg = e.ownerSVGElement, box = e.getBoundingClientRect(), all = svg?.getBoundingClientRect();
			return e.tagName === 'text' && getComputedStyle(svg).overflow !== 'visible' && (box.left < all.left - 1 || box.right > all.right + 1);
		}
		const style = getComputedStyle(e);
		if (!/hidden|clip/.test(style.overflowX + style.overflowY) || !e.innerText.trim() && !own) return false;
		return style.overflowX !== 'auto' && e.scrollWidth > e.clientWidth + 1 || style.overflowY !== 'auto' && e.scrollHeight > e.clientHeight + 1;
	}).map((e) => name(e) + ' .' + e.getAttribute('class'));
})()`

// Letters, words and lines set apart as far as WCAG 1.4.12 says take no word away; and a window of 320 px, which is one of 1280 px
// enlarged four times, is not scrolled sideways (1.4.10).
func TestEveryPageReflows(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.problems.expect("404")
	for _, width := range []int64{1280, 320} {
		p.size(width, 800)
		for _, path := range readers {
			p.visit(path)
			p.until("a page", "document.querySelector('main')")
			p.fits()
			if cut := eval[[]string](p, spaced); len(cut) > 0 {
				t.Errorf("%s at %d px cuts off, with its text set apart: %q", path, width, cut)
			}
			p.fits()
		}
	}
}

// focusHere is "" where the focus is on an element that it marks and that is in sight; else what is wrong. "end" is where Tab has left
// the page, or come back to where it began.
const focusHere = `(() => {
	const e = ` + active + `, name = ` + named + `, doc = e.ownerDocument, view = doc.defaultView;
	if (e === doc.body || e === doc.documentElement) return 'end';
	if (e.walked) return e.walked === 1 ? 'end' : 'again ' + name(e);
	e.walked = top.walked = (top.walked ?? 0) + 1;
	const marked = (x) => { const s = view.getComputedStyle(x); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 || (x instanceof view.SVGElement && s.stroke !== 'none' && parseFloat(s.strokeWidth) >= 2); };
	const marks = [e, e.nextElementSibling, e.closest('label'), e.parentElement, ...e.querySelectorAll(':scope > *')].filter(Boolean);
	if (!marks.some(marked)) return 'no mark on ' + name(e);
	let boxes = [...e.getClientRects()];
	if (boxes.every((b) => b.width <= 1)) boxes = [...(e.closest('label') ?? e.parentElement).getClientRects()];
	const frame = view.frameElement?.getBoundingClientRect() ?? { left: 0, top: 0 };
	const seen = boxes.some((b) => [.02, .25, .5, .75, .98].some((i) => [.1, .5, .9].some((j) => {
		const x = b.left + i * b.width, y = b.top + j * b.height;
		const outer = top.document.elementFromPoint(x + frame.left, y + frame.top);
		if (view.frameElement) return outer === view.frameElement;
		return outer && (e.contains(outer) || outer.contains(e) || e.closest('label')?.contains(outer));
	})));
	return seen ? '' : 'hidden: ' + name(e) + ' ' + JSON.stringify(boxes[0]);
})()`

// Tab alone goes through every page and leaves it again: no control keeps the focus (WCAG 2.1.2), each shows that it has it (2.4.7), and
// nothing that stays in sight while one scrolls hides it (2.4.11).
func TestTabGoesThroughEveryPage(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.problems.expect("404")
	for _, path := range readers {
		p.visit(path)
		p.until("a page", "document.querySelector('main')")
		stops := 0
		for ; stops < 1500; stops++ {
			p.hold(kb.Tab)
			at := eval[string](p, focusHere)
			if at == "end" {
				break
			}
			if at != "" {
				t.Errorf("%s: %s", path, at)
			}
		}
		if stops < 8 || stops == 1500 {
			t.Errorf("%s: Tab made %d stops", path, stops)
		}
		t.Logf("%s: %d stops", path, stops)
	}
}

// What a figure says where one points can be dismissed by Escape without moving the pointer (WCAG 1.4.13), and comes when one points anew: the
// net over its bars, and a chart, whose words are drawn.
func TestEscapeDismissesWhatAFigureSays(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/chain")
	const says = `[...document.querySelectorAll('.column-says')].filter((e) => e.checkVisibility()).length`
	p.point(chromedp.MouseMoved, `[data-layer="9"]`, .5, .5)
	p.until("what is said of a layer", says+` === 1`)
	p.press(kb.Escape)
	p.until("nothing said", says+` === 0`)
	p.point(chromedp.MouseMoved, `[data-layer="12"]`, .5, .5)
	p.until("what is said of another", says+` === 1`)

	p.visit("/labs/sweep")
	p.until("the end of the runs", `/40 runs/.test(document.querySelector('[data-part=status]').textContent) && document.querySelector('[data-chart] canvas')`)
	const drawn = `(async () => { // once it rests
		const look = () => document.querySelector('[data-chart] canvas').toDataURL();
		for (let before = '', now = look(); ; before = now, now = look()) {
			if (now === before) return now;
			await new Promise((done) => setTimeout(done, 300));
		}
	})()`
	eval[int](p, `(document.querySelector('[data-chart]').scrollIntoView({ block: 'center', behavior: 'instant' }), 0)`)
	bare := eval[string](p, drawn)
	p.point(chromedp.MouseMoved, "[data-chart]", .4, .5) // it comes from somewhere
	p.point(chromedp.MouseMoved, "[data-chart]", .5, .5)
	said := eval[string](p, drawn)
	p.shot("chart-says")
	if said == bare {
		t.Fatal("the chart says nothing where one points")
	}
	p.press(kb.Escape)
	if eval[string](p, drawn) != bare {
		t.Error("Escape leaves what the chart says")
	}
	p.point(chromedp.MouseMoved, "[data-chart]", .6, .5)
	if eval[string](p, drawn) == bare {
		t.Error("the chart says nothing where one points anew")
	}
}
