package e2e

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestBarcodeLooks(t *testing.T) {
	t.Parallel()
	tour(t, site(t, ""), os.Getenv("GRADLAB_SHOTS"), map[string]string{
		"barcode": "/labs/barcode", "barcode-refused": "/labs/barcode?to=0",
	}, drawn)
}

// A visitor makes the net deeper, turns the skip off and takes a stripe in hand; the sentence, the stripes and the address follow.
func TestBarcodePath(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/barcode?depth=1")
	p.until("the chart", drawn)
	p.reads("[data-part=verdict]", "flow into one another")
	p.set("#field-depth", "24")
	p.until("noise", `document.querySelector('[data-part=verdict]').textContent.includes('look like white noise')`)
	p.until("the default address", `location.search === ''`)
	eval[int](p, `document.activeElement.blur(), 0`)
	p.press("s")
	p.until("the residual barcode stands back", `document.querySelectorAll('.stripes.faint').length === 1 && location.search === '?skip=none'`)

	p.point(chromedp.MousePressed, ".stripes", 9.5/256, .5, chromedp.ButtonLeft)
	p.point(chromedp.MouseReleased, ".stripes", 9.5/256, .5, chromedp.ButtonLeft)
	p.until("picture 10 in hand", `document.querySelector('.hands figcaption').textContent.includes('Picture 10 ') && location.search.includes('point=10')`)
	p.press("]")
	p.until("picture 11", `document.querySelector('.hands figcaption').textContent.includes('Picture 11 ') && document.querySelector('.stripes .mark').getAttribute('x') === '10' && getComputedStyle(document.querySelector('.stripes .mark')).display !== 'none'`)

	// What cannot be computed is said at its field, and goes when it is mended.
	p.click(".more summary")
	p.set("#field-to", "0")
	p.until("the message", `document.querySelector('#error-to').textContent.includes('another one') && document.querySelector('[data-part=verdict]').textContent.includes('This cannot run')`)
	p.accessible()
	p.set("#field-to", "7")
	p.until("stripes again", `document.querySelectorAll('.stripes').length === 4 && location.search.includes('to=7')`)

	// Another net has other controls.
	p.click("input[name=net][value=deep]")
	p.until("the blocks", `!!document.querySelector('#field-n') && location.search.includes('net=deep') && location.search.includes('skip=none')`)
	p.accessible()
}

// Without scripts the stripes are there, and the form sets them.
func TestBarcodeWithoutScripts(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.scripts(false)
	p.visit("/labs/barcode")
	p.until("four barcodes", `document.querySelectorAll('.stripes path').length > 40`)
	p.click(".controls .button")
	p.until("the form's own address", `location.search.includes('depth=24') && document.querySelectorAll('.stripes').length === 4`)
}
