package e2e

import (
	"fmt"
	"slices"

	"github.com/chromedp/chromedp"
)

// spot is a JavaScript function: the middle of the first visible element that a selector matches, in the window's pixels,
// where a mouse would hit it; null while it is not there or something lies over it. "frame >> element" is an element
// within a frame. From then on the page notes in window.hit whether a click reached the element, or one that has taken
// its place.
const spot = `((path) => {
	if (document.readyState !== 'complete') return null;
	let doc = document, left = 0, top = 0, frame = null;
	for (;;) {
		const selector = path.shift(), e = [...doc.querySelectorAll(selector)].find((e) => e.checkVisibility({ visibilityProperty: true }));
		if (!e) return null;
		if (path.length) {
			e.loading = 'eager';
			const box = e.getBoundingClientRect();
			frame = e;
			left += box.left + e.clientLeft;
			top += box.top + e.clientTop;
			doc = e.contentDocument;
			if (doc?.readyState !== 'complete') return null;
			continue;
		}
		e.scrollIntoView({ block: 'center', behavior: 'instant' });
		if (frame) [left, top] = (({ left, top }) => [left + frame.clientLeft, top + frame.clientTop])(frame.getBoundingClientRect());
		const box = e.getClientRects()[0], x = box.left + box.width / 2, y = box.top + box.height / 2, over = doc.elementFromPoint(x, y);
		if (!over || !e.contains(over) && over.closest('label')?.control !== e) return null;
		if (frame && document.elementFromPoint(left + x, top + y) !== frame) return null;
		window.aim?.abort();
		window.aim = new AbortController();
		window.hit = e.tagName === 'IFRAME'; // what is in a frame gets its clicks
		const heard = ({ target }) => { window.hit ||= !!(target.closest(selector) || target.closest('label')?.control?.matches(selector)); };
		doc.addEventListener('click', heard, { capture: true, signal: window.aim.signal });
		return [left + x, top + y];
	}
})`

// click clicks the first visible element that a CSS selector matches, once it stands still and nothing lies over it, as a
// reader would. "frame >> element" clicks within a frame. Where the page moved under the pointer, it tries again.
func (p *page) click(selector string) {
	p.t.Helper()
	var before []float64
	p.eventually("a click on "+selector, func() (bool, error) {
		at, err := attempt(p, chromedp.Evaluate[[]float64](fmt.Sprintf("%s(%q.split(' >> '))", spot, selector)))
		if err != nil || len(at) == 0 || !slices.Equal(at, before) {
			before = at
			return false, err
		}
		p.do(chromedp.MouseClickXY(at[0], at[1]))
		if p.plain { // nothing can listen
			return true, nil
		}
		missed, err := attempt(p, chromedp.Evaluate[bool]("!!window.aim && !window.hit"))
		return err != nil || !missed, nil // a page that cannot answer has been left by the click
	})
}
