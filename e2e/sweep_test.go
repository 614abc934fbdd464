package e2e

import (
	"os"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// cheapLoss and cheapGrid are sweeps whose training takes a test's time; it is not so cheap as to come with the page.
const (
	cheapLoss = "/labs/sweep?show=loss&n=3&points=3&count=64&batch=32&steps=80"
	cheapGrid = "/labs/sweep?show=grid&n=2&count=64&batch=32&steps=90"
)

const (
	sweepSays  = `['verdict', 'aside'].map(name => document.querySelector('[data-part=' + name + ']').textContent).join(' ')`
	sweepKnown = `[...document.querySelectorAll('[data-part=numbers] tbody td')].filter(e => !e.querySelector('.unknown')).length`
)

func TestSweepLooks(t *testing.T) {
	t.Parallel()
	tour(t, site(t, ""), os.Getenv("GRADLAB_SHOTS"), map[string]string{
		"sweep":      "/labs/sweep?activation=sigmoid&remedies=relu,xavier_normal,batch,identity,rezero,highway&together=yes",
		"sweep-loss": "/labs/sweep?show=loss&n=3&points=3&count=16&batch=16&steps=2", "sweep-grid": "/labs/sweep?show=grid&n=1&count=16&batch=16&steps=2",
	}, drawn+` && !/^starting|point/.test(document.querySelector('[data-part=status]').textContent)`)
}

// A visitor changes depth and remedies: the lines, the sentence and the address follow by themselves, since it is cheap.
func TestSweepGradientPath(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/sweep")
	p.until("the chart", drawn)
	p.until("the sentence", `/vanished/.test(`+sweepSays+`)`)
	p.tabTo("[data-slider=depth]")
	p.press(kb.ArrowLeft)
	p.until("depth 39 in the address", `new URLSearchParams(location.search).get('depth') === '39'`)
	p.until("its points", `document.querySelector('[data-part=numbers] tbody tr:last-child th').textContent === '39' && !document.querySelector('.unknown')`)
	p.click("input[value=rezero]")
	p.until("the remedy in the address", `new URLSearchParams(location.search).get('remedies') === 'relu,xavier_normal,batch,identity,rezero'`)
	p.until("its line", `/ReZero/.test(`+sweepSays+`)`)
	p.until("its marker", `/ReZero/.test(document.querySelector('[data-part=keys]').textContent)`)
	p.accessible()

	// A bad value is named at its control, and the page says that this cannot run.
	p.set("#field-depth", "500")
	p.until("the message at depth", `/from 1 to 100/.test(document.querySelector('#error-depth').textContent)`)

	// Another net has other remedies.
	p.set("[name=net]", "deep")
	p.until("the deep net's remedies", `document.querySelector('input[value=group]')`)
}

// A visitor runs the plain and the residual nets, pauses, goes on, and opens a point's run.
func TestSweepLossPath(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), cheapLoss)
	p.until("the chart", drawn)
	if n := eval[int](p, sweepKnown); n != 0 {
		t.Fatalf("%d numbers are known before the run", n)
	}
	p.click("[data-act=run]")
	p.until("a first point", sweepKnown+` > 0`)
	p.press(" ") // the button has the focus: Space presses it
	p.until("Run again or the end", `document.querySelector('[data-act=run]').textContent === 'Run'`)
	p.accessible()
	// It may have come to its end before the pause did, even while this is asked.
	p.until("every number", `(() => { const run = document.querySelector('[data-act=run]'); if (run.textContent === 'Run') run.click(); return `+sweepKnown+` === 12; })()`)
	p.until("the sentence", `/^\s*The plain net’s training loss (rises|goes) from/.test(`+sweepSays+`)`)
	p.until("the end", `/6 runs/.test(document.querySelector('[data-part=status]').textContent)`)
	p.accessible()

	// A click on a point of the chart opens its run; so does its link in the table.
	before := eval[string](p, `document.querySelector('a[data-point="residual:20"]').getAttribute('href')`)
	eval[int](p, `(() => { document.querySelector('.numbers').open = true; document.querySelector('a[data-point="residual:20"]').click(); return 0 })()`)
	p.until("the run", `location.pathname + location.search === `+strconv.Quote(before))
}

func TestSweepGridPath(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), cheapGrid)
	p.press(" ") // Space runs, from anywhere
	p.until("four cells", `document.querySelectorAll('.grid-table dd').length === 8 && !document.querySelector('.grid-table .unknown')`)
	p.until("the sentence", `/the loss ends lowest/.test(`+sweepSays+`)`)
	p.accessible()
	p.press("n") // other weights
	p.until("the next seed", `new URLSearchParams(location.search).get('seed') === '1'`)
	p.until("its cells", `document.querySelectorAll('.grid-table .unknown').length === 8`)
}

// Without scripts the sweep is a form, too: the boxes are sent one by one.
func TestSweepWithoutScripts(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.scripts(false)
	p.visit("/labs/sweep?depth=8&points=2")
	p.until("nothing that a script alone works", `[...document.querySelectorAll('.needs-script')].every(e => getComputedStyle(e).display === 'none')`)
	p.click("input[value=highway]")
	p.click(".controls .button")
	p.until("the line", `/highway/.test(`+sweepSays+`)`)
}
