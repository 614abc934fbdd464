package e2e

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

const (
	stepShown = `Number(document.querySelector('[data-part=step]').value)`
	// A run that comes with the page: cheap, with a twin.
	quickRun = "/labs/train?depth=1&steps=20&count=20&batch=20"
)

// The figures have other looks; each is a part of the address, and none of them changes the run.
func TestTrainViews(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), quickRun)
	p.until("the charts", drawn)
	p.until("the finished run", stepShown+` === 20`)
	sentence := eval[string](p, `document.querySelector('[data-part=verdict]').textContent`)
	for _, look := range []struct{ field, value, caption, part string }{
		{"curve", "log", "Cross-entropy", "caption-loss"},
		{"curve", "accuracy", "Share right", "caption-loss"},
		{"gradients", "heat", "over all steps", "caption-gradients"},
	} {
		p.click(`[data-set-field=` + look.field + `][data-set-value=` + look.value + `]`)
		p.until(look.value, `new URLSearchParams(location.search).get('`+look.field+`') === '`+look.value+`' && document.querySelector('[data-part=`+look.part+`]').textContent.includes('`+look.caption+`')`)
		p.until("its tab", `document.querySelector('[data-set-value=`+look.value+`]').getAttribute('aria-current') === 'true'`)
		p.accessible()
	}
	p.until("the sentence as it was", fmt.Sprintf(`document.querySelector('[data-part=verdict]').textContent === %q`, sentence))
	p.until("the playhead where it was", stepShown+` === 20`)

	// The scrubber goes with the keyboard, in either look.
	p.tabTo("input[data-part=scrub]")
	p.press(kb.ArrowLeft, kb.ArrowLeft)
	p.until("step 18", stepShown+` === 18`)
	p.click(`[data-set-field=gradients][data-set-value=bars]`)
	p.until("bars", `!new URLSearchParams(location.search).has('gradients')`)
	p.until("step 18 still", stepShown+` === 18`)
}

// What the nets learnt: samples with answers in words, an image to choose, kernels in numbers, the ledger.
func TestTrainLearnt(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), quickRun)
	p.until("the samples", `document.querySelectorAll('.sample').length === 16`)
	p.until("an answer in words", `/right|wrong/.test(document.querySelector('.answer').textContent)`)
	p.until("their pictures", `[...document.querySelectorAll('.picture image')].length === 26`) // 16, and 5 maps of each twin
	p.click(".sample:nth-child(10) a")
	p.until("the image in hand", `new URLSearchParams(location.search).get('image') === '9' && /Image 2 of the new ones/.test(document.querySelector('.sample-detail h3').textContent)`)
	p.until("the weights of both nets’ first kernels", `document.querySelectorAll('.kernel-row table td').length === 2 * 5 * 9`)
	p.click("[data-part=ledger] summary")
	p.until("the ledger", `document.querySelector('.ledger tfoot').textContent.includes('more than plain')`)
	p.accessible()
}

// Another net is another form; what both share goes along. A net without a layer to skip says so.
func TestTrainNets(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/train?seed=3&steps=5")
	p.until("a word that there is nothing to skip", `/nothing to skip/.test(document.querySelector('[data-part=aside]').textContent)`)
	p.set("#field-depth", "1")
	p.until("no such word", `!/nothing to skip/.test(document.querySelector('[data-part=aside]').textContent)`)
	p.set("#field-net", "mlp")
	p.until("the other form", `location.search.includes('net=mlp') && document.querySelector('[data-field=init]') && document.querySelector('#field-seed').value === '3' && document.querySelector('#field-steps').value === '5'`)
	p.until("no message", `[...document.querySelectorAll('.error')].every(e => !e.textContent.trim())`)
	p.accessible()
	// The learning rate's handle moves over decades.
	p.set("[data-slider=lr]", "-3")
	p.until("a thousandth", `document.querySelector('#field-lr').value === '0.001' && location.search.includes('lr=0.001')`)
}

// A finished run stays in grey, named by what differs, until it is cleared.
func TestTrainKeepsFinishedRuns(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), quickRun)
	p.until("the finished run", stepShown+` === 20`)
	eval[bool](p, `new Promise(done => setTimeout(() => done(true), 1100))`) // it is kept if it was looked at
	p.press("n")
	p.until("the run before in grey", `/Seed 0: plain [\d.]+, residual [\d.]+/i.test(document.querySelector('[data-part=kept]').textContent)`)
	p.accessible()
	p.click("[data-part=kept] button")
	p.until("nothing in grey", `document.querySelector('[data-part=kept]').hidden`)
}

// The train lab in every theme and size: before a run, with bars, with the map, with the garments.
func TestTrainTour(t *testing.T) {
	t.Parallel()
	tour(t, site(t, ""), os.Getenv("GRADLAB_SHOTS"), map[string]string{
		"train":      quickRun,
		"train-heat": quickRun + "&gradients=heat&curve=log&image=9",
	}, drawn)
}

// In the projector's theme the sentence, the transport and both figures fit a screen of 1920 × 1080.
func TestTrainFitsTheProjector(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.cookie("theme", "projector")
	p.size(1920, 1080)
	p.visit(quickRun)
	p.until("the charts", drawn)
	p.until("figures that end on the screen", `document.querySelector('.figures').getBoundingClientRect().bottom <= 1080`)
}

// While a run is under way the sentence says what it has come to, and not what to press; a reset takes it back.
func TestTrainSentenceDuringARun(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/train?depth=20&activation=tanh&steps=2000")
	sentence := `document.querySelector('[data-part=verdict]').textContent`
	p.until("an invitation", `/Press Run/.test(`+sentence+`)`)
	p.until("a word on the empty charts", `document.querySelectorAll('.canvas[data-empty]').length === 2`)
	p.click("[data-act=run]")
	p.until("the losses so far", `/After \d+ of 2000 steps the plain net’s loss is [\d.]+, the residual net’s [\d.]+\./.test(`+sentence+`)`)
	p.until("full charts", `document.querySelectorAll('.canvas[data-empty]').length === 0`)
	p.click("[data-act=run]")
	p.until("the pause told", `new RegExp('After '+`+stepShown+`+' of').test(`+sentence+`) && document.querySelector('[data-part=verdict]').getAttribute('aria-live') === 'polite'`)
	p.accessible()
	p.click("[data-act=reset]")
	p.until("the invitation again", `/Press Run/.test(`+sentence+`)`)
}

// The net is drawn by the server, and its ribbons are those that the script draws; they follow the scrubber, and a block opens its
// numbers by a click, by the arrows and by [ and ].
func TestTrainNetDrawn(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/train?depth=6&activation=tanh&skip=identity&steps=20&count=20&batch=20")
	p.until("the charts", drawn)
	p.click("[data-act=run]")
	p.until("the run", stepShown+` === 20 && document.querySelectorAll('.sample').length > 0`)
	p.visit(eval[string](p, "location.pathname + location.search"))
	p.until("the finished run", stepShown+` === 20`)

	const paths = `.map((e) => e.getAttribute('d')).join()`
	const ribbons = `[...document.querySelectorAll('[data-ribbon]')]` + paths
	p.until("the server's paths", `(async () => {
		const sent = new DOMParser().parseFromString(await (await fetch(location)).text(), 'text/html');
		return `+ribbons+` === [...sent.querySelectorAll('[data-ribbon]')]`+paths+` && !/,,|^,|,$/.test(`+ribbons+`);
	})()`)
	p.until("eight boxes and six arcs", `document.querySelectorAll('[data-strip-row=residual] .run-box').length === 8 && document.querySelectorAll('[data-strip-row=residual] .run-arcs path')[0].getAttribute('d').split('M').length === 7`)

	p.set("[data-part=scrub]", "1")
	p.until("the start now", `['plain', 'residual'].every((twin) => { const [start, now] = document.querySelectorAll('[data-strip-row=' + twin + '] [data-ribbon]'); return start.getAttribute('d') === now.getAttribute('d'); })`)

	p.click("[data-strip-row=residual] [data-unit='3']")
	p.until("its numbers", `new URLSearchParams(location.search).get('block') === '4' && /extra\.2, 3 of 6/.test(document.querySelector('#block-title')?.textContent)`)
	p.until("at the step shown", `document.querySelector('[data-gradient=plain][data-moment=start]').textContent === document.querySelector('[data-gradient=plain][data-moment=now]').textContent && `+stepShown+` === 1`)
	p.accessible()
	p.press("]")
	p.until("the next", `/extra\.3/.test(document.querySelector('#block-title')?.textContent)`)
	p.tabTo(".run-unit")
	p.press(kb.ArrowRight)
	p.until("the one after it, and the depth as it was", `/extra\.4/.test(document.querySelector('#block-title')?.textContent) && document.querySelector('#field-depth').value === '6'`)
	p.until("the focus on its box", `document.activeElement.dataset.unit === '5'`)
	p.press(kb.Home)
	p.until("the first", `/conv1/.test(document.querySelector('#block-title')?.textContent)`)
	p.click("[data-keep-focus=block-close]")
	p.until("nothing in hand", `!document.querySelector('#block-title') && !new URLSearchParams(location.search).has('block')`)

	// Without scripts the net stands as the server drew it, and its boxes are links.
	p.scripts(false)
	p.visit("/labs/train?depth=6&activation=tanh&skip=identity&steps=20&count=20&batch=20")
	p.until("its ribbons", `[...document.querySelectorAll('[data-ribbon]')].every((e) => e.getAttribute('d'))`)
	p.click("[data-strip-row=plain] [data-unit='7']")
	p.until("the head", `/head/i.test(document.querySelector('#block-title')?.textContent)`)
}
