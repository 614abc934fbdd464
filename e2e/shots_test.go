package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// The looks that every page must hold in: each theme, on a lecture hall's projector, a laptop and a phone.
var (
	themes = []string{"light", "dark", "projector"}
	sizes  = []struct{ width, height int64 }{{1920, 1080}, {1280, 900}, {390, 844}}
)

// looked says whether a page is looked at in a theme at a width: in all of them where dir, of the pictures, is not ""; else the other
// themes at one width each, the projector's large letters at the narrowest.
func looked(dir, theme string, width int64) bool {
	once := map[string]int64{"dark": 1280, "projector": 390}[theme]
	return dir != "" || once == 0 || width == once
}

// tour opens each path as looked says, tests it with axe-core, and writes what it looks like to dir/<page>-<theme>-<width>.png where
// dir is not "". ready is a JavaScript expression that is true once the page is drawn.
func tour(t *testing.T, h http.Handler, dir string, paths map[string]string, ready string) {
	for name, path := range paths {
		t.Run(name, func(t *testing.T) { open(t, h, "/about").tour(dir, name, path, ready) })
	}
}

// tour is a tour by one reader, of one path.
func (p *page) tour(dir, name, path, ready string) {
	p.t.Helper()
	for _, theme := range themes {
		p.cookie("theme", theme)
		for _, s := range sizes {
			if !looked(dir, theme, s.width) {
				continue
			}
			look := fmt.Sprintf("%s-%s-%d", name, theme, s.width)
			p.size(s.width, s.height)
			p.visit(path)
			p.until("a drawn page: "+look, ready)
			p.fits()
			p.accessible()
			if theme == "projector" && s.width == 1920 {
				p.readable()
			}
			if dir != "" {
				p.shoot(filepath.Join(dir, look+".png"))
			}
			if p.t.Failed() {
				p.t.Fatalf("so it is with %s", look)
			}
		}
	}
	if dir != "" {
		p.extremes(dir, name, path, ready)
	}
}

// looks tests a page as it stands, which no path leads back to, at two widths, and draws it in each theme where somebody wants to look.
func (p *page) looks(name string) {
	p.t.Helper()
	p.accessible()
	dir, width := os.Getenv("GRADLAB_SHOTS"), eval[int64](p, "innerWidth")
	for _, s := range sizes {
		if dir == "" && s.width == 1920 {
			continue
		}
		p.size(s.width, s.height)
		p.fits()
		for _, theme := range themes {
			if dir != "" {
				eval[int](p, `(document.documentElement.dataset.theme = '`+theme+`', 0)`)
				p.shoot(filepath.Join(dir, fmt.Sprintf("%s-%s-%d.png", name, theme, s.width)))
				if theme == "projector" && s.width == 1920 {
					p.readable()
				}
			}
		}
		eval[int](p, `(document.documentElement.dataset.theme = '', 0)`)
	}
	p.size(max(width, 390), 900)
}

// extremes draws a path as few see it, for whoever looks: on a very large screen, with the reader's own colours, without scripts, on
// paper, and in letters of twice the size.
func (p *page) extremes(dir, name, path, ready string) {
	p.cookie("theme", "light")
	draw := func(look string, width, height int64) {
		p.size(width, height)
		p.visit(path)
		if look != "no-scripts" {
			p.until("a drawn page: "+name+"-"+look, ready)
		}
		if look == "large-text" {
			eval[int](p, `(document.documentElement.style.fontSize = '200%', 0)`)
		}
		p.shoot(filepath.Join(dir, name+"-"+look+".png"))
	}
	for _, theme := range themes {
		p.cookie("theme", theme)
		draw(theme+"-3840", 3840, 2160)
	}
	p.cookie("theme", "light")
	draw("large-text", 390, 844)
	for look, scheme := range map[string]string{"forced-colours": "light", "forced-dark": "dark"} {
		p.emulate("", map[string]string{"prefers-reduced-motion": "reduce", "forced-colors": "active", "prefers-color-scheme": scheme})
		draw(look, 1280, 900)
	}
	p.paper(true)
	draw("paper", 1280, 900)
	p.print(filepath.Join(dir, name+".pdf"))
	p.paper(false)
	p.scripts(false)
	draw("no-scripts", 1280, 900)
	p.scripts(true)
}

// Letters of twice the size fit a phone, on every page that a student opens.
func TestLargeTextFitsAPhone(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.size(390, 844)
	for _, path := range []string{"/", "/lessons", "/lessons/why-it-vanishes", "/glossary", "/questions/vanishing-gradient", "/answers", "/class", "/homework", "/labs", "/labs/chain", "/labs/train", "/labs/sweep", "/labs/kernels", "/labs/blocks", "/labs/barcode", "/labs/stream", "/labs/transformer", "/about", "/privacy", "/api"} {
		p.visit(path)
		p.until("a page", "document.querySelector('main')")
		eval[int](p, `(document.documentElement.style.fontSize = '200%', 0)`)
		p.fits()
	}
}

// A formula on a line of its own fits a phone: what had to be scrolled to would not be seen to be there.
func TestFormulasFitAPhone(t *testing.T) {
	t.Parallel()
	library, err := content()
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, site(t, ""), "/about")
	p.size(390, 844)
	paths := []string{"/glossary"}
	for _, l := range library.Lessons() {
		paths = append(paths, "/lessons/"+l.Slug)
	}
	for _, path := range paths {
		p.visit(path)
		if wide := eval[[]string](p, `[...document.querySelectorAll('tex-math[data-display=true], .katex-display')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.trim().slice(0, 60) + ': ' + e.scrollWidth + ' of ' + e.clientWidth)`); len(wide) > 0 {
			t.Errorf("%s: %q", path, wide)
		}
	}
}

// fits fails the test when the page is wider than its window: a phone's reader would have to scroll sideways.
func (p *page) fits() {
	p.t.Helper()
	if wide := p.tooWide(); len(wide) > 0 {
		p.t.Errorf("%s does not fit its window: %q", p.where(), wide)
	}
}

// tooWide names what makes the page wider than its window; it is empty when the page fits.
func (p *page) tooWide() []string {
	p.t.Helper()
	return eval[[]string](p, `(() => {
		const root = document.documentElement, width = root.clientWidth;
		if (root.scrollWidth <= width) return [];
		const over = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > width + 1);
		return ['the page is ' + root.scrollWidth + ' px wide', ...over.slice(0, 5).map((e) =>
			e.tagName.toLowerCase() + ' ' + (e.getAttribute('class') || '') + ' to ' + e.getBoundingClientRect().right)];
	})()`)
}

// The words on a projector are large: nothing of a page in its theme is below 24 px at 1920, excepted a formula’s small signs and
// what is a picture of another page, in small: a preview.
const smallWords = `(() => {
	const least = 24 * innerWidth / 1920, found = new Map();
	const walk = (doc) => {
		const words = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT);
		while (words.nextNode()) {
			const text = words.currentNode.textContent.trim(), e = words.currentNode.parentElement;
			if (!text || e.closest('script, style, noscript, sup, sub, .sub, .katex, math, kbd, [inert], [aria-hidden=true]') || !e.checkVisibility({ visibilityProperty: true })) continue;
			const box = e.getBoundingClientRect();
			if (box.width <= 1 || getComputedStyle(e).clipPath !== 'none') continue;
			const size = parseFloat(getComputedStyle(e).fontSize) * (e.ownerSVGElement?.getScreenCTM().a ?? e.currentCSSZoom);
			if (size < least - 1) found.set(text.slice(0, 40), size.toFixed(1));
		}
	};
	walk(document);
	for (const frame of document.querySelectorAll('iframe')) if (frame.contentDocument?.body) walk(frame.contentDocument);
	return [...found].map(([text, size]) => text + ': ' + size + ' px');
})()`

// readable fails the test for what a reader in the last row cannot read.
func (p *page) readable() {
	p.t.Helper()
	if small := eval[[]string](p, smallWords); len(small) > 0 {
		p.t.Errorf("%s: too small for the last row: %q", p.where(), small)
	}
}

// shoot writes the whole page, not only what is in view, as a PNG file.
func (p *page) shoot(file string) {
	p.t.Helper()
	// From its top: what stays in sight while one scrolls would lie over the middle of a whole page.
	at := eval[float64](p, `(y => { scrollTo(0, 0); return y; })(scrollY)`)
	png, err := attempt(p, chromedp.FullScreenshot(100))
	eval[int](p, fmt.Sprintf(`(scrollTo(0, %v), 0)`, at))
	if err != nil {
		p.t.Errorf("screenshot for %s: %v", file, err)
		return
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// print writes the page as a browser prints it, sheet by sheet.
func (p *page) print(file string) {
	p.t.Helper()
	pdf, err := attempt(p, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
	if err == nil {
		err = os.WriteFile(file, pdf, 0o644)
	}
	if err != nil {
		p.t.Errorf("print %s: %v", file, err)
	}
}
