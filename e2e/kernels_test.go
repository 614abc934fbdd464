package e2e

import (
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"gradlab/mlcore/experiment"
)

// kernelsOf reads the config of the page's address.
func (p *page) kernelsOf() experiment.Kernels {
	p.t.Helper()
	query, err := url.ParseQuery(strings.TrimPrefix(eval[string](p, "location.search"), "?"))
	if err != nil {
		p.t.Fatal(err)
	}
	c, errs := experiment.ParseKernels(query)
	if errs != nil {
		p.t.Fatalf("%s: %v", p.where(), errs)
	}
	return c
}

// draws waits for the address to hold a picture that is as wanted.
func (p *page) draws(what string, want func(experiment.Picture) bool) {
	p.t.Helper()
	p.eventually(what, func() (bool, error) { return want(p.kernelsOf().Picture()), nil })
}

// point moves the mouse to a share of an element's box, pressed or not.
func (p *page) point(kind input.DispatchMouseEventType, selector string, x, y float64, options ...chromedp.MouseOption) {
	p.t.Helper()
	box := eval[[]float64](p, fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		e.scrollIntoView({ block: 'center' });
		const b = e.getBoundingClientRect();
		return [b.left, b.top, b.width, b.height];
	})()`, selector))
	p.do(chromedp.MouseEvent(kind, box[0]+x*box[2], box[1]+y*box[3], options...))
}

// A visitor looks at pixels under the pointer and by the arrow keys; the sum shown is the core's, and the address follows.
func TestKernelsPixel(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/kernels?pool=max")
	p.until("the grid of weights", `document.querySelectorAll('[data-grid=weights] input').length === 9`)
	p.point(chromedp.MouseMoved, "[data-map=sum-1] svg", 14.5/28, 8.5/28)
	p.until("row 8, column 14", `document.querySelector('.pixel figcaption').textContent.includes('row 8, column 14')`)
	p.until("the address", `location.search.includes('row=8') && location.search.includes('column=14')`)
	c := p.kernelsOf()
	p.reads(".steps p", strings.ReplaceAll(fmt.Sprintf("%.4g", c.Run(nil).Pixel.Sum), "-", "−"))
	frame := func(at string) string {
		return `['x', 'y', 'width'].map(a => document.querySelector('[data-map=` + at + `] .mark').getAttribute(a)).join()`
	}
	p.until("the patch framed", frame("in-1")+` === '13,7,3'`)
	p.until("the pooled pixel framed", frame("out-1")+` === '7,4,1'`)

	p.tabTo("[data-map=sum-1]")
	p.press(kb.ArrowDown, kb.ArrowDown, kb.ArrowLeft)
	p.until("row 10, column 13", `document.querySelector('.pixel figcaption').textContent.includes('row 10, column 13')`)
	p.until("what is said", `document.querySelector('[data-part=said]').textContent.startsWith('Row 10, column 13: sum')`)
	p.until("the focus on the map still", `document.activeElement.matches('[data-map=sum-1]')`)
	p.until("the address", `location.search.includes('row=10') && location.search.includes('column=13')`)
	p.visit(eval[string](p, "location.pathname + location.search"))
	p.reads(".pixel figcaption", "row 10, column 13")
}

// A visitor edits a kernel, makes it larger, stacks a second stage on it and looks at that.
func TestKernelsEdit(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/kernels")
	p.until("the grid of weights", `document.querySelectorAll('[data-grid=weights] input').length === 9`)
	cell := func(i int, value string) {
		eval[int](p, fmt.Sprintf(`(() => { const e = document.querySelectorAll('[data-grid=weights] input')[%d]; e.value = %q; e.dispatchEvent(new Event('input', {bubbles: true})); return 0 })()`, i, value))
	}
	cell(4, "0.5")
	p.until("the edited kernel in the address", `new URLSearchParams(location.search).get('weights') === '-1,0,1,-2,0.5,2,-1,0,1'`)
	cell(0, "1000") // out of range: it is left out until it is right
	p.until("the verdict", `document.querySelector('.verdict').textContent.includes('edited by hand')`)
	p.click("[data-size='5'][data-of=weights]")
	p.until("25 weights", `document.querySelectorAll('[data-grid=weights] input').length === 25`)
	p.until("25 products", `document.querySelector('.pixel').textContent.includes('twenty-five')`)
	p.until("the larger kernel in the address", `new URLSearchParams(location.search).get('weights') === '0,0,0,0,0,0,-1,0,1,0,0,-2,0.5,2,0,0,-1,0,1,0,0,0,0,0,0'`)
	p.set("[name=kernel2]", "blur")
	p.until("a second stage", `document.querySelector('[data-map=sum-2]')`)
	p.point(chromedp.MouseMoved, "[data-map=sum-2] svg", 14.5/26, 14.5/26)
	p.until("the second stage in hand", `document.querySelector('.pixel figcaption').textContent.startsWith('Stage 2, row 14')`)
	p.accessible()
	eval[int](p, `HTMLAnchorElement.prototype.click = function () { window.saved = this.href; }, 0`)
	p.click("[data-save-maps]")
	p.until("the PNG", "window.saved?.startsWith('data:image/png') && window.saved.length >= 5000")
	p.click(".presets a[href*=laplacian]")
	p.until("the preset", `document.querySelector('.verdict').textContent.includes('Laplacian')`)
	p.click("[data-garment='2']")
	p.until("the trouser", `document.querySelector('.tile-title').textContent.includes('Trouser')`)
	eval[int](p, `document.activeElement.blur(), 0`)
	p.press("k", "g")
	p.until("the next kernel and garment", `location.search.includes('kernel=blur') && location.search.includes('garment=3')`)

	// A pixel that is pointed at while the board for another kernel is under way is kept, and so is the kernel.
	eval[int](p, `(() => {
		const kernel = document.querySelector('[name=kernel]'), map = document.querySelector('[data-map=sum-1] svg'), box = map.getBoundingClientRect();
		kernel.value = 'sobel_y';
		kernel.dispatchEvent(new Event('input', { bubbles: true }));
		map.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, clientX: box.left + box.width * 5.5 / 28, clientY: box.top + box.height * 6.5 / 28 }));
		return 0;
	})()`)
	p.until("both in the address", `['kernel=sobel_y', 'row=6', 'column=5'].every(s => location.search.includes(s))`)
	p.until("both on the page", `document.querySelector('.pixel figcaption').textContent.includes('row 6, column 5') && document.querySelector('.verdict').textContent.includes('Sobel')`)
	p.until("both in the form", `document.querySelector('[name=row]').value === '6' && document.querySelector('[name=kernel]').value === 'sobel_y'`)
}

// A visitor draws with the mouse and with the keys; the link restores the picture.
func TestKernelsDrawing(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/kernels?image=own")
	p.until("the grid of weights", `document.querySelectorAll('[data-grid=weights] input').length === 9`)
	p.point(chromedp.MousePressed, "[data-draw]", 7.5/28, 7.5/28, chromedp.ButtonLeft)
	p.point(chromedp.MouseMoved, "[data-draw]", 21.5/28, 7.5/28, chromedp.ButtonLeft)
	p.point(chromedp.MouseReleased, "[data-draw]", 21.5/28, 7.5/28, chromedp.ButtonLeft)
	p.draws("the line from 7, 7 to 21, 7", func(q experiment.Picture) bool {
		return q[7*28+7] == 255 && q[7*28+14] == 255 && q[7*28+21] == 255 && q[14*28+14] == 0
	})

	eval[int](p, `document.querySelector('[data-draw]').focus(), 0`)
	p.press("g", kb.ArrowDown, kb.ArrowDown, kb.ArrowDown, " ") // from where the line began
	p.until("the grey pen", `document.querySelector('[data-pen="128"]').getAttribute('aria-pressed') === 'true'`)
	p.draws("a grey dab at 7, 10 below the line", func(q experiment.Picture) bool { return q[10*28+7] == 128 && q[10*28+8] == 128 && q[7*28+7] == 255 })
	p.until("the dab in the maps", `[...document.querySelectorAll('[data-map=in-1] path')].some(e => ['#808080', '#7d7d7d', '#818181'].includes(e.getAttribute('fill')))`)
	p.until("the dab on the canvas", `document.querySelector('[data-draw]').getContext('2d').getImageData(8, 10, 1, 1).data[0] === 128`)
	before := p.kernelsOf().Picture()
	p.visit(eval[string](p, "location.pathname + location.search"))
	if p.kernelsOf().Picture() != before {
		t.Error("a reload changed the picture")
	}
	p.until("the canvas restored", `document.querySelector('[data-draw]').getContext('2d').getImageData(14, 7, 1, 1).data[0] === 255`)
	p.accessible()
	p.click("[data-draw-copy]")
	garment, _ := experiment.ParseKernels(nil)
	p.draws("the ankle boot", func(q experiment.Picture) bool { return q == garment.Picture() })
	p.click("[data-draw-clear]")
	p.until("an empty picture", `!new URLSearchParams(location.search).get('pixels') && document.querySelector('.verdict').textContent.includes('even')`)
}

// A visitor uploads pictures, good and bad.
func TestKernelsUpload(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/kernels?image=own")
	p.until("the grid of weights", `document.querySelectorAll('[data-grid=weights] input').length === 9`)
	dir := t.TempDir()
	half := image.NewRGBA(image.Rect(0, 0, 300, 200)) // its middle square is black on the left, white on the right
	for y := range 200 {
		for x := range 300 {
			grey := uint8(0)
			if x >= 150 {
				grey = 255
			}
			half.SetRGBA(x, y, color.RGBA{grey, grey, grey, 255})
		}
	}
	write := func(name string, encode func(*os.File) error) string {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := encode(f); err != nil {
			t.Fatal(err)
		}
		return f.Name()
	}
	bytes := func(b []byte) func(*os.File) error {
		return func(f *os.File) error { _, err := f.Write(b); return err }
	}
	upload := func(file string) {
		p.do(chromedp.SetUploadFiles(chromedp.CSS("[data-upload]"), []string{file}))
	}
	for _, file := range []string{
		write("half.png", func(f *os.File) error { return png.Encode(f, half) }),
		write("half.jpg", func(f *os.File) error { return jpeg.Encode(f, half, nil) }),
	} {
		p.visit("/labs/kernels?image=own")
		upload(file)
		p.draws("the halves of "+filepath.Base(file), func(q experiment.Picture) bool {
			return q[10*28+2] <= 10 && q[10*28+25] >= 245 && q[2*28+11] <= 10 && q[26*28+16] >= 245
		})
	}
	huge := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x00\x00\x00\x01\x00\x00"), make([]byte, 100)...)
	broken := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10"), make([]byte, 100)...)
	for _, c := range []struct{ file, says string }{
		{write("large.png", bytes(make([]byte, 6<<20))), "at most 5 MB"},
		{write("huge.png", bytes(huge)), "65536 × 65536 pixels"},
		{write("broken.png", bytes(broken)), "cannot read it"},
		{write("page.png", bytes([]byte("<svg onload='alert(1)'/>"))), "neither a PNG nor a JPEG"},
		{write("empty.jpg", bytes(nil)), "neither a PNG nor a JPEG"},
		{write("cut.jpg", bytes([]byte{0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})), "neither a PNG nor a JPEG"},
	} {
		before := eval[string](p, "document.querySelector('[data-upload-error]').textContent = '', location.search")
		upload(c.file)
		p.until(c.says, fmt.Sprintf(`document.querySelector('[data-upload-error]').textContent.includes(%q)`, c.says))
		if got := eval[string](p, "location.search"); got != before {
			t.Errorf("%s changed the picture", c.file)
		}
	}
}

// The kernels of a run that was just trained, and one that is too long to be trained unasked.
func TestKernelsLearnt(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/kernels?kernel=learnt&scale=net&run="+url.QueryEscape("steps=3&count=10&batch=10"))
	p.until("the learnt kernel", `document.querySelector('.verdict').textContent.includes('learnt kernel of channel 0')`)
	for _, s := range sizes {
		p.size(s.width, s.height)
		p.until("the kernel in its own place", `(() => { const tile = document.querySelector('.weights-tile'); return tile.querySelector('table').getBoundingClientRect().right <= tile.getBoundingClientRect().right + 1; })()`)
	}
	p.size(1280, 900)
	first := p.text(".weights-tile")
	p.set("[name=unit]", "3")
	p.until("channel 3", `document.querySelector('.verdict').textContent.includes('learnt kernel of channel 3')`)
	p.until("other weights", fmt.Sprintf(`document.querySelector('.weights-tile').innerText.trim() !== %q`, first))
	p.visit("/labs/kernels?kernel=learnt&run=steps%3D5000")
	p.reads(".aside a", "Train it in the train lab")
}

// A weight that is blanked says at its cell which one counts, and stays blank until there is a number again.
func TestKernelsBlankWeight(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/kernels")
	const cell = `[data-grid=weights] input:nth-child(3)`
	p.until("the grid of weights", `document.querySelector('`+cell+`')`)
	p.set(cell, "")
	p.reads("[data-weights-error=weights]", "Row 0, column 2: a weight is a number from −100 to 100. Until there is one, 1 counts.")
	p.set(`[data-grid=weights] input:nth-child(1)`, "-5")
	p.until("another weight taken, and this one still blank", `location.search.includes('weights=-5') && document.querySelector('`+cell+`').value === ''`)
	p.set(cell, "2")
	p.until("the message gone", `document.querySelector('[data-weights-error=weights]').textContent === '' && location.search.includes('weights=-5%2C0%2C2')`)
}

// Nothing moves while the handles are dragged: the place of the sentence is kept, whatever it says.
func TestKernelsKeepTheirPlace(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/kernels?garment=2")
	p.until("the grid of weights", `document.querySelectorAll('[data-grid=weights] input').length === 9`)
	if moved := p.shift(`[data-slider=garment]`, `[data-slider=row]`, `[data-slider=column]`); moved != 0 {
		t.Errorf("the layout shifts by %g", moved)
	}
}

// shift drags sliders from end to end and back, waits for what follows each, and returns by how much the layout shifted (CLS).
func (p *page) shift(sliders ...string) float64 {
	p.t.Helper()
	eval[int](p, `((fetched => { window.flying = 0; window.fetch = (...to) => { flying++; return fetched(...to).finally(() => flying--); }; })(window.fetch), window.shifted = 0, new PerformanceObserver(list => { for (const e of list.getEntries()) shifted += e.value; }).observe({ type: 'layout-shift' }), 0)`)
	for _, slider := range sliders {
		for step := range 40 {
			share := float64(step) / 20
			if share > 1 {
				share = 2 - share
			}
			eval[string](p, fmt.Sprintf(`(async () => {
				const s = document.querySelector(%q);
				s.value = +s.min + (s.max - s.min) * %g;
				s.dispatchEvent(new Event('input', { bubbles: true }));
				for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
				return s.value;
			})()`, slider, share))
		}
		p.until("the last answer", `flying === 0`)
	}
	return eval[float64](p, `shifted`)
}

// Without scripts garments and named kernels are a plain form.
func TestKernelsWithoutScripts(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.scripts(false)
	p.visit("/labs/kernels")
	p.click(".controls .no-script .button")
	p.until("the form's own address", `location.search.includes('kernel=sobel_x') && document.querySelector('[data-map=sum-1] path')`)
	if got := p.text(".controls"); strings.Contains(got, " must be ") {
		t.Errorf("the form it sends has errors: %s", got)
	}
}

func TestKernelsScreenshots(t *testing.T) {
	t.Parallel()
	tour(t, site(t, ""), os.Getenv("GRADLAB_SHOTS"), map[string]string{
		"kernels":       "/labs/kernels?row=8&column=16",
		"kernels-stack": "/labs/kernels?garment=2&kernel=gaussian5&kernel2=sobel_x&kernel3=blur&padding=2&pool=max&pool2=max&row=9&column=15",
		"kernels-own":   "/labs/kernels?image=own&pixels=" + ring().Encode() + "&kernel=custom&weights=1,1,1,1,-8,1,1,1,1&activation=identity",
	}, `document.querySelectorAll('[data-grid=weights] input').length`)
}

// ring is a picture as a visitor might draw it.
func ring() (q experiment.Picture) {
	for i := range q {
		if y, x := i/28-14, i%28-14; x*x+y*y < 100 && x*x+y*y > 49 {
			q[i] = 255
		}
	}
	return q
}
