package e2e

import (
	"fmt"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"gradlab/static"
)

// samplePolicy is the strict policy that the vendored files must live under.
const samplePolicy = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'"

// sample serves a page with body and a script, and the real static files.
func sample(body, script string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/static/", static.Handler())
	mux.Handle("/favicon.ico", static.Favicon())
	page := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", samplePolicy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte(`<!DOCTYPE html><html lang="en"><head><title>Sample</title>
			<meta name="viewport" content="width=device-width, initial-scale=1">
			<link rel="stylesheet" href="` + static.Path("vendor/fonts/fonts.css") + `">
			<link rel="stylesheet" href="` + static.Path("vendor/katex/katex.min.css") + `">
			<script type="module" src="/page.js"></script></head><body><main><h1>Sample</h1>` + body + `</main></body></html>`))
	}
	mux.HandleFunc("/{$}", page)
	mux.HandleFunc("/about", page)
	mux.HandleFunc("/page.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		w.Write([]byte(script))
	})
	return mux
}

func TestProblemsAreFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, body, script, want string }{
		{"console error", "", `console.error('the chart has no data', 7)`, "console error: the chart has no data 7"},
		{"exception", "", `missing()`, "exception: ReferenceError: missing is not defined"},
		{"rejection", "", `Promise.reject(new Error('no answer'))`, "exception: Error: no answer"},
		{"inline script", `<script>1</script>`, "", "Content Security Policy"},
		{"inline style", `<p style="color:red">x</p>`, "", "Content Security Policy"},
		{"eval", "", `try { new Function('return 1')() } catch {}`, "browser error (security)"},
		{"dialog", "", `alert('Are you there?')`, "dialog (alert): Are you there?"},
		{"missing file", "", `fetch('/nowhere')`, "request answered 404: GET http"},
		{"another host", "", `fetch('http://127.0.0.1:1/').catch(() => {})`, "Content Security Policy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := open(t, sample(c.body, c.script), "/")
			var found []string
			for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
				found = append(found, p.problems.take()...)
				if slices.ContainsFunc(found, func(s string) bool { return strings.Contains(s, c.want) }) {
					p.problems.expect("") // one cause may be complained of twice
					return
				}
			}
			t.Errorf("got problems %q, want one with %q", found, c.want)
		})
	}
}

func TestExpectedProblemsPass(t *testing.T) {
	t.Parallel()
	p := open(t, sample("", ""), "/")
	p.problems.expect("answered 404")
	eval[int](p, "fetch('/nowhere').then((r) => r.status)")
	if got := p.problems.take(); len(got) != 0 {
		t.Errorf("got problems %q, want none", got)
	}
}

func TestAxeFindsViolations(t *testing.T) {
	t.Parallel()
	p := open(t, sample(`<img src="`+static.Path("favicon.svg")+`"><input><iframe src="/about"></iframe>`, ""), "/")
	var got []string
	for _, v := range p.axe() {
		got = append(got, v.ID)
	}
	slices.Sort(got)
	if want := []string{"frame-title", "image-alt", "label"}; !slices.Equal(got, want) {
		t.Errorf("violations: got %q, want %q", got, want)
	}
}

// Large letters of 3.9:1 are good enough for AA, and too faint for the projector.
func TestAxeWantsMoreOfTheProjector(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.cookie("theme", "projector")
	p.visit("/about")
	eval[int](p, `(document.documentElement.style.setProperty('--ink', '#808080'), document.documentElement.style.setProperty('--paper', '#ffffff'), 0)`)
	var got []string
	for _, v := range p.axe() {
		got = append(got, v.ID)
	}
	if want := []string{"color-contrast-enhanced"}; !slices.Equal(got, want) {
		t.Errorf("violations: got %q, want %q", got, want)
	}
}

// TestVendoredFilesWork draws a chart, sets a formula and loads each font under the strict policy.
func TestVendoredFilesWork(t *testing.T) {
	t.Parallel()
	script := `import * as echarts from '` + static.Path("vendor/echarts/echarts.min.js") + `';
	import katex from '` + static.Path("vendor/katex/katex.js") + `';
	katex.render(String.raw` + "`\\frac{\\partial L}{\\partial w_1}`" + `, document.querySelector('#maths'));
	const chart = echarts.init(document.querySelector('#chart'), null, { renderer: 'svg' });
	chart.on('finished', () => { window.drawn = true; });
	const draw = (depth) => chart.setOption({
		animation: false, aria: { enabled: true }, tooltip: { renderMode: 'richText' },
		xAxis: { type: 'category', data: [...Array(depth).keys()] }, yAxis: { type: 'log', min: 1e-6, startValue: 1e-6 },
		series: [{ type: 'bar', data: [...Array(depth).keys()].map((i) => 10 ** -(i % 6)) }, { type: 'line', data: [0.1, 0.01] },
			{ type: 'scatter', data: [1] }, { type: 'custom', data: [1], renderItem: () => null }],
	}, { replaceMerge: ['xAxis', 'series'] });
	draw(4);
	document.querySelector('#depth').addEventListener('input', (e) => { draw(+e.target.value); document.dispatchEvent(new Event('drawn')); });
	Promise.all(['400 16px "Inter Variable"', '600 16px "Source Serif 4 Variable"', 'italic 400 16px "Source Serif 4 Variable"'].map(
		(font) => document.fonts.load(font, 'w = 10⁻¹⁴ ∂L'))).then((faces) => { window.faces = faces.map((f) => f.length); });`
	p := open(t, sample(`<label>depth <input type="range" id="depth" min="1" max="20" value="4"></label>
		<p id="maths"></p><p id="superscript"></p><div id="chart"></div>`, script), "/")
	eval[string](p, `document.querySelector('#chart').style.height = '300px'`)
	p.until("a drawn chart", "window.drawn")
	if got := eval[int](p, "document.querySelectorAll('#maths .katex-html .mfrac').length"); got != 1 { // set before the chart
		t.Errorf("fractions set by KaTeX: got %d, want 1", got)
	}
	p.until("loaded fonts", "window.faces")
	// Upright text takes the Latin and the mathematical face; the italic has a Latin one only.
	if got, want := eval[[]int](p, "window.faces"), []int{2, 2, 1}; !slices.Equal(got, want) {
		t.Errorf("font faces for a power of ten: got %v, want %v", got, want)
	}
	if got := p.drags("#depth", "#chart", 3); len(got) != 3 || slices.Min(got) <= 0 {
		t.Errorf("times of three drags: got %v ms, want three above zero", got)
	}
}

func TestKeyboardHelpers(t *testing.T) {
	t.Parallel()
	p := open(t, sample(`<a href="/">Home</a> <button id="run">Run</button> <label>Seed <input name="seed"></label>`,
		`document.querySelector('#run').onclick = (e) => { e.target.textContent = 'Running'; };`), "/")
	p.tabTo("button")
	if got, want := p.focused(), `button#run "Run"`; got != want {
		t.Errorf("focused: got %s, want %s", got, want)
	}
	p.press(kb.Enter)
	p.until("the press", `document.querySelector('#run').textContent === 'Running'`)
	p.tabTo("input")
	p.press("4", "2")
	p.hold("a", chromedp.ModifierCtrl)
	p.press("7")
	if got := eval[string](p, "document.querySelector('input').value"); got != "7" {
		t.Errorf("typed over the selection: got %q, want 7", got)
	}
	p.hold(kb.Tab, chromedp.ModifierShift)
	if got, want := p.focused(), `button#run "Running"`; got != want {
		t.Errorf("focused after Shift+Tab: got %s, want %s", got, want)
	}
}

// A click waits for what it is to hit: until it is there, stands still and is not covered; within a frame, too.
func TestClickWaits(t *testing.T) {
	t.Parallel()
	p := open(t, sample(`<div id="cover"></div><button id="late" hidden>Late</button><iframe src="/about"></iframe>`, `
		const cover = document.querySelector('#cover'), late = document.querySelector('#late');
		Object.assign(cover.style, { position: 'fixed', inset: 0 });
		setTimeout(() => { late.hidden = false; }, 100);
		setTimeout(() => { cover.style.width = '1px'; }, 200);
		let top = 0;
		const move = () => { late.style.marginTop = ++top + 'px'; if (top < 20) setTimeout(move, 16); };
		move();
		window.clicks = 0;
		late?.addEventListener('click', () => { parent.clicks++; });`), "/")
	p.click("#late")
	p.until("one click", "clicks === 1")
	p.click("iframe >> #late")
	p.until("another, in the frame", "clicks === 2")
}

func TestSizeAndCookie(t *testing.T) {
	t.Parallel()
	p := open(t, sample("", ""), "/")
	p.size(390, 844)
	p.cookie("theme", "dark")
	p.visit("/")
	if got, want := eval[string](p, "[innerWidth, devicePixelRatio, document.cookie].join(' ')"), "390 1 theme=dark"; got != want {
		t.Errorf("phone: got %q, want %q", got, want)
	}
}

func TestWidePageIsFound(t *testing.T) {
	t.Parallel()
	p := open(t, sample(`<canvas width="1500" height="9"></canvas>`, ""), "/")
	if got := p.tooWide(); len(got) < 2 {
		t.Errorf("a canvas of 1500 px in 1280: got %q, want it named", got)
	}
	p.size(1920, 1080)
	p.until("the wider window", "innerWidth === 1920")
	if got := p.tooWide(); len(got) > 0 {
		t.Errorf("a canvas of 1500 px in 1920: got %q, want nothing", got)
	}
}

func TestTourVisitsEveryLook(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tour(t, sample("<h2>Depth</h2>", "window.ready = true"), dir, map[string]string{"home": "/"}, "window.ready")
	for _, theme := range themes {
		for _, s := range sizes {
			file := filepath.Join(dir, fmt.Sprintf("home-%s-%d.png", theme, s.width))
			f, err := os.Open(file)
			if err != nil {
				t.Error(err)
				continue
			}
			defer f.Close()
			if shot, err := png.DecodeConfig(f); err != nil || shot.Width != int(s.width) || shot.Height < int(s.height) {
				t.Errorf("%s: got %d × %d, error %v; want %d × %d or taller", file, shot.Width, shot.Height, err, s.width, s.height)
			}
		}
	}
}
