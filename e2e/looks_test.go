package e2e

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// What teachers read and hand out, the inventory before it is answered, the last lesson, and what is said of a page that is not there.
func TestTeachersLooks(t *testing.T) {
	t.Parallel()
	h, dir := site(t, ""), os.Getenv("GRADLAB_SHOTS")
	paths := map[string]string{
		"teach": "/teach", "inventory": "/inventory", "inventory-form": "/inventory/inventory-before", "lesson-transformers": "/lessons/transformers",
		"embed-transformer": "/embed/transformer?layers=2&steps=30", "core-network": "/about/core?op=batchnorm",
	}
	for _, sheet := range []string{"chain", "kernel", "bets", "homework-chain", "slips", "rubric"} {
		paths["sheet-"+sheet] = "/teach/" + sheet
	}
	tour(t, h, dir, paths, drawn)
	t.Run("lost", func(t *testing.T) {
		p := open(t, h, "/about")
		p.problems.expect("404")
		p.tour(dir, "lost", "/nowhere", "document.querySelector('main h1')")
	})
}

// The inventory under way and after it: half a form, one form, both.
func TestInventoryLooks(t *testing.T) {
	t.Parallel()
	p, dir := open(t, site(t, ""), "/inventory/inventory-before"), os.Getenv("GRADLAB_SHOTS")
	choose := func(nth int) {
		t.Helper()
		eval[int](p, `(document.querySelectorAll('.inventory fieldset').forEach((f, i) => f.querySelectorAll('input')[(i + `+[]string{"0", "1"}[nth]+`) % 3].checked = true), 0)`)
	}
	choose(0)
	eval[int](p, `(document.querySelectorAll('.inventory fieldset')[3].querySelectorAll('input').forEach(i => i.checked = false), 0)`)
	p.problems.expect("422")
	p.click(".inventory button")
	p.until("what is missing", `document.querySelector('.inventory .error')`)
	p.looks("inventory-refused")
	choose(0)
	p.click(".inventory button")
	p.until("one form answered", `document.querySelector('.cards .state')`)
	p.tour(dir, "inventory-under-way", "/inventory", "document.querySelector('.cards .state')")
	p.cookie("theme", "light")
	p.visit("/inventory/inventory-after")
	choose(1)
	p.click(".inventory button")
	p.until("both forms answered", `document.querySelectorAll('.cards .state').length === 2`)
	p.eventually("the keys", func() (bool, error) {
		p.visit("/inventory")
		return eval[bool](p, `!!document.querySelector('.changes')`), nil
	})
	p.tour(dir, "inventory-after", "/inventory", "document.querySelector('.changes')")
	p.tour(dir, "inventory-form-done", "/inventory/inventory-before", "document.querySelector('.inventory fieldset[disabled]')")
}

// A plan with something of everything, as its teacher works at it and as others look at it. What is set in the lab by hand is the stop's.
func TestPlanLooks(t *testing.T) {
	t.Parallel()
	h, dir := site(t, ""), os.Getenv("GRADLAB_SHOTS")
	p := open(t, h, "/plans")
	p.tour(dir, "plans-none", "/plans", "document.querySelector('#new-plan')")
	p.cookie("theme", "light")
	p.size(1280, 900)
	p.visit("/plans")
	p.set("#plan-title", "Deep nets, third lecture: why the first layers hardly learn, and what a skip changes")
	p.click(`form[action="/plans"] button`)
	add := func(kind string, fields map[string]string) {
		t.Helper()
		p.until("the plan", `document.querySelector('#new-kind')`)
		p.set("#new-kind", kind)
		p.click(`form[action$="/stops"] button`)
		p.until("the stop", `document.querySelector('#add-kind')?.value === '`+kind+`'`)
		if fields == nil {
			return
		}
		for name, value := range fields {
			p.set("#add-"+name, value)
		}
		p.until("saved", `/^Saved/.test(document.querySelector('[data-stop-saved]').textContent)`)
	}
	add("predict-choice", map[string]string{"title": "Which layer learns least?", "choices": "The first\nThe last\nAll learn the same", "given": "1"})
	add("ask", map[string]string{"title": "Why do gradients vanish?", "question": "vanishing-gradient/"})
	add("explore", nil)
	add("show", map[string]string{"title": "The slope of $\\tanh$ at the layer $l$", "notes": "Ten minutes. Ask for the factor first.",
		"text": "Each layer multiplies the gradient by $w_l \\cdot f'(a_l)$:\n\n$$\\frac{\\partial L}{\\partial z_1} = \\frac{\\partial L}{\\partial z_{20}} \\prod_{l=2}^{20} w_l f'(a_l)$$\n\n- of **twenty** factors below one\n- nothing is left"})
	p.click(`[data-choose-lab="/embed/chain"]`)
	p.until("the lab", inFrame(`doc.querySelector('[data-slider=depth]') && doc.querySelector('[data-chart] canvas')`))
	p.tabTo("iframe >> [data-slider=depth]")
	p.press(kb.ArrowRight)
	p.until("its address in the field", `document.querySelector('#add-path').value.includes('depth=21')`)
	p.until("saved with it", `/^Saved/.test(document.querySelector('[data-stop-saved]').textContent)`)
	eval[int](p, `(async () => {
		const canvas = Object.assign(document.createElement('canvas'), { width: 900, height: 500 }), pen = canvas.getContext('2d');
		pen.fillStyle = '#fff'; pen.fillRect(0, 0, 900, 500); pen.strokeStyle = '#0072b2'; pen.lineWidth = 6; pen.beginPath(); pen.moveTo(50, 450);
		for (let x = 50; x < 850; x += 5) pen.lineTo(x, 450 - 400 * Math.exp(-(((x - 450) / 150) ** 2))); pen.stroke();
		const blob = await new Promise(done => canvas.toBlob(done)), files = new DataTransfer();
		files.items.add(new File([blob], 'slope.png', { type: 'image/png' }));
		document.querySelector('#stop-picture').files = files.files;
		document.querySelector('#stop-alt').value = 'The slope of tanh: a bell';
		return 0;
	})()`)
	p.click(`[data-plan-picture] .button`)
	p.until("the picture", `document.querySelector('.stop-picture')?.complete && /stop=/.test(location.search)`)
	at := eval[string](p, `location.pathname + location.search`)
	plan := eval[string](p, `location.pathname`)
	p.tour(dir, "plan-editor", at, `document.querySelector('.stop-picture').complete && `+inFrame(`doc.querySelector('[data-chart] canvas')`))
	p.cookie("theme", "light")
	p.scripts(true)
	p.visit(plan + "/versions")
	p.tour(dir, "plan-versions", eval[string](p, `document.querySelector('.plan-lines a').getAttribute('href')`), "document.querySelector('.plan-source')")
	p.tour(dir, "plans", "/plans", "document.querySelector('.plan-lines')")
	p.cookie("theme", "light")
	p.visit(at)
	// The last stop is carried to the first place.
	const order = `[...document.querySelectorAll('[data-plan-stops] > li')].map(line => line.dataset.stop)`
	was := eval[[]string](p, order)
	last := len(was) - 1
	eval[int](p, fmt.Sprintf(`(() => {
		const lines = document.querySelectorAll('[data-plan-stops] > li'), dataTransfer = new DataTransfer();
		for (const [type, at] of [['dragstart', %d], ['dragover', 0], ['drop', 0]]) lines[at].dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
		return 0;
	})()`, last))
	p.until("the stop in its new place", fmt.Sprintf(`%s.join() === %q`, order, strings.Join(append([]string{was[last]}, was[:last]...), ",")))
	p.visit(at)
	eval[int](p, `(document.querySelector('#share').open = true, 0)`)
	p.click(`#share form:has([value=copy]) button`)
	p.until("the link", `document.querySelector('#share input.wide')`)
	other := open(t, h, "/about")
	other.visit(eval[string](p, `(a => a.slice(a.indexOf('/plans')))(document.querySelector('#share input.wide').value)`))
	other.until("the plan", `document.querySelector('.plan-seen')`)
	other.tour(dir, "plan-seen", eval[string](other, `location.pathname`), "document.querySelector('.plan-seen')")
	for _, reader := range []*page{p, other} { // in letters of twice the size, the editor and what is seen by the link
		reader.cookie("theme", "light")
		reader.size(390, 844)
		reader.visit(eval[string](reader, `location.pathname + location.search`))
		reader.until("the plan", `document.querySelector('.plan-seen, .plan-stops')`)
		eval[int](reader, `(document.documentElement.style.fontSize = '200%', 0)`)
		reader.fits()
	}
}

// Where the reader's own colours rule, and are dark, the theme that was chosen does not: what is current is told apart, and every word has
// the reader's ink.
func TestForcedColours(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.cookie("theme", "light")
	p.emulate("", map[string]string{"prefers-reduced-motion": "reduce", "forced-colors": "active", "prefers-color-scheme": "dark"})
	is := func(path, selector, property, system string) {
		t.Helper()
		p.visit(path)
		p.until(selector, `document.querySelector('`+selector+`')`)
		got := eval[[]string](p, fmt.Sprintf(`(own => [own, Object.assign(document.body.appendChild(document.createElement('i')).style, { color: %q }) && getComputedStyle(document.body.lastChild).color])(getComputedStyle(document.querySelector(%q))[%q])`, system, selector, property))
		if got[0] != got[1] {
			t.Errorf("%s: %s of %s is %s, want %s, %s", path, property, selector, got[0], system, got[1])
		}
	}
	is("/labs/train", ".run-axis text", "fill", "CanvasText")
	is("/labs/train", ".views a:not([aria-current])", "borderBottomColor", "Canvas")
	is("/about/core?op=conv2d", ".presets [aria-current]", "color", "HighlightText")
	if scheme := eval[string](p, `getComputedStyle(document.documentElement).colorScheme`); scheme != "light dark" {
		t.Errorf("what is drawn follows the theme, not the reader's ground: %s", scheme)
	}
}

// What a figure is kept as says what it is: a picture of each lab, wider than its drawing and higher by what is written around it.
func TestKeptPictures(t *testing.T) {
	t.Parallel()
	h, dir := site(t, ""), os.Getenv("GRADLAB_SHOTS")
	for name, lab := range map[string]struct{ path, ready string }{
		"chain": {"/labs/chain", drawn}, "stream": {"/labs/stream", drawn}, "barcode": {"/labs/barcode", drawn}, "transformer": {smallTransformer, trainedTransformer},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, h, lab.path)
			p.until("the figure", lab.ready)
			eval[int](p, `(HTMLAnchorElement.prototype.click = function () { window.saved = this.href; }, 0)`)
			p.click("[data-save-png]")
			p.until("the picture", `window.saved`)
			content, err := base64.StdEncoding.DecodeString(eval[string](p, `saved.split(',')[1]`))
			if err != nil {
				t.Fatal(err)
			}
			size, err := png.DecodeConfig(bytes.NewReader(content))
			canvas := eval[[]int](p, `(c => [c.width, c.height])(document.querySelector('main canvas'))`)
			if err != nil || size.Width < canvas[0] || size.Height < canvas[1]+100 {
				t.Errorf("a picture of %d × %d, %v, of a drawing of %v", size.Width, size.Height, err, canvas)
			}
			if dir != "" {
				if err := os.WriteFile(filepath.Join(dir, "kept-"+name+".png"), content, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// On paper, which is as narrow as a phone, nothing lies over anything else or waits for a hand, no table's end is cut off, and a figure
// is at rest.
func TestPaper(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.size(700, 900)
	p.paper(true)
	for _, path := range []string{"/", "/labs/chain", "/labs/kernels", "/about/core?op=conv2d", "/privacy"} {
		p.visit(path)
		p.until("a drawn page", drawn)
		if over := eval[[]string](p, `[...document.querySelectorAll('main, main *')].filter(e => {
			const { position, overflowX } = getComputedStyle(e);
			return e.checkVisibility() && (e.matches('.slider, .transport, [data-save-png]') || position === 'fixed' || position === 'sticky' && !e.matches('th') || e.matches('.scroll, .sideways') && overflowX !== 'visible');
		}).map(e => e.tagName + ' ' + e.className + ' ' + (e.dataset.field ?? ''))`); len(over) > 0 {
			t.Errorf("%s: %q", path, over)
		}
	}
	p.visit("/labs/chain")
	p.media("prefers-reduced-motion", "no-preference")
	p.until("the gradient on its way", `document.querySelector('[data-send-back]').click() ?? document.querySelector('.coming')`)
	if !eval[bool](p, "dispatchEvent(new Event('beforeprint')) && !document.querySelector('.coming')") {
		t.Error("a figure in motion is printed")
	}
	eval[bool](p, "dispatchEvent(new Event('afterprint'))")
}
