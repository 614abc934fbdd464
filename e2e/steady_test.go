package e2e

import (
	"fmt"
	"testing"

	"gradlab/handlers/labs"
)

// watching notes every layout shift from now on, those after a reader's own input, too, and where the page's parts stand.
const watching = `(() => {
	globalThis.shifts = [];
	new PerformanceObserver((list) => {
		for (const e of list.getEntries()) shifts.push(e.value.toFixed(5) + ' by ' + e.sources.map((s) => s.node?.outerHTML?.slice(0, 80) ?? s.node?.textContent + ' in ' + s.node?.parentElement?.outerHTML.slice(0, 80)).join(' | '));
	}).observe({ type: 'layout-shift' });
	globalThis.places = () => ['.verdict-place', '.transport', '[data-act=run]', '.scrub', '[data-strip]', '.figures', '[data-figure]', '[data-chart]', '.controls', '.controls > :last-child']
		.map((at) => { const box = document.querySelector(at)?.getBoundingClientRect(); return at + ' ' + (box ? Math.round(box.left) + ',' + Math.round(box.top + scrollY) : '-'); }).join('; ');
	return 0;
})()`

// drag moves every slider of the form through its range, back and forth, as fast as the board follows; but not the one that takes a
// layer of the chain in hand, which opens the layer's product.
const drag = `(async () => {
	const moved = new Set(), before = places();
	const settled = () => new Promise((go) => { document.addEventListener('drawn', () => go(), { once: true }); setTimeout(go, 1500); });
	for (const slider of document.querySelectorAll('.controls [data-slider]:not([data-slider=layer])')) {
		const began = slider.value, low = +slider.min, high = +slider.max;
		for (const share of [0, .1, .9, 1, .5, .25, 0]) {
			slider.value = low + (high - low) * share;
			const drawn = settled();
			slider.dispatchEvent(new Event('input', { bubbles: true }));
			await drawn;
			if (document.querySelector('.controls .error:not(:empty)')) continue; // what is refused is said at its field
			const now = places();
			if (now !== before) moved.add(slider.dataset.slider + ' at ' + slider.value + ': ' + now);
		}
		slider.value = began;
		const drawn = settled();
		slider.dispatchEvent(new Event('input', { bubbles: true }));
		await drawn;
	}
	return [...moved].map((m) => m + ' instead of ' + before);
})()`

// However the handles of a lab are dragged, nothing on the page moves but them: not the Run button, not a figure. Other states of a
// lab than its first have other parts.
func TestNothingMovesWhileASliderIsDragged(t *testing.T) {
	t.Parallel()
	states := map[string][]string{
		"train":   {quickRun, "/labs/train?depth=20&activation=tanh&skip=identity&steps=60"},
		"sweep":   {"/labs/sweep?remedies=relu,xavier_normal,batch,identity,rezero,highway"},
		"kernels": {"/labs/kernels?kernel1=custom&kernel2=laplacian"},
	}
	p := open(t, site(t, ""), "/about")
	for _, lab := range labs.All() {
		for i, path := range append([]string{"/labs/" + lab.Name}, states[lab.Name]...) {
			t.Run(fmt.Sprint(lab.Name, i), func(t *testing.T) {
				for _, s := range []struct{ width, height int64 }{{1280, 900}, {390, 844}} {
					p.size(s.width, s.height)
					p.visit(path)
					p.until("the page at rest", "document.readyState === 'complete' && ("+drawn+" || !document.querySelector('[data-chart]')?.offsetParent)")
					eval[int](p, watching)
					for _, moved := range eval[[]string](p, drag) {
						t.Errorf("%d wide: %s", s.width, moved)
					}
					for _, shift := range eval[[]string](p, "shifts") {
						t.Errorf("%d wide: a shift of %s", s.width, shift)
					}
					if n := eval[int](p, "document.querySelectorAll('.controls [data-slider]').length"); n == 0 {
						t.Error("no slider was dragged")
					}
				}
			})
		}
	}
}

// In a run that plays to its end nothing moves, either.
func TestNothingMovesWhileARunPlays(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/train?depth=4&activation=tanh&skip=identity&steps=30")
	p.until("the charts", drawn)
	eval[int](p, watching)
	before := eval[string](p, "places()")
	p.click("[data-act=run]")
	p.until("its end", stepShown+` === 30 && document.querySelectorAll('.sample').length > 0`)
	if after := eval[string](p, "places()"); after != before {
		t.Errorf("after the run: %s\nbefore: %s", after, before)
	}
	for _, shift := range eval[[]string](p, "shifts") {
		t.Errorf("a shift of %s", shift)
	}
}

// The bar of a run under way has its place before and after: on a quick machine a run may end before it is seen.
func TestTheBarOfARunHasItsPlace(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	for _, path := range []string{"/labs/sweep", "/labs/blocks"} {
		for _, s := range []struct{ width, height int64 }{{1280, 900}, {390, 844}} {
			p.size(s.width, s.height)
			p.visit(path)
			eval[int](p, watching)
			for _, moved := range eval[[]string](p, `(() => {
				const share = document.querySelector('[data-part=share]'), at = () => places() + [...share.parentElement.children].map((x) => JSON.stringify(x.getBoundingClientRect()));
				const shown = at();
				share.hidden = !share.hidden;
				return at() === shown ? [] : [at() + ' instead of ' + shown];
			})()`) {
				t.Errorf("%s, %d wide: %s", path, s.width, moved)
			}
		}
	}
}

// The first screen of a run at 1280 × 900 has the sentence, the net and the beginning of both figures, side by side.
func TestTrainFirstScreen(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), quickRun)
	p.until("the charts", drawn)
	p.until("both figures begin on the first screen, side by side", `(() => {
		const [loss, gradients] = ['loss', 'gradients'].map((id) => document.querySelector('[data-figure=' + id + ']').getBoundingClientRect());
		return loss.top === gradients.top && loss.right <= gradients.left && gradients.top < 650;
	})()`)
	for _, fault := range []struct{ what, is string }{
		{"the sentence", `document.querySelector('.verdict').getBoundingClientRect().height <= 2 * 1.31 * parseFloat(getComputedStyle(document.querySelector('.verdict')).fontSize)`},
		{"the net", `document.querySelector('.run-axis').getBoundingClientRect().bottom < 900`},
	} {
		if !eval[bool](p, fault.is) {
			t.Error(fmt.Sprint(fault.what, " does not stand where it should"))
		}
	}
}
