package e2e

import (
	"os"
	"testing"
)

// smallBlocks is an experiment whose training takes a moment.
const smallBlocks = "/labs/blocks?n=2&steps=40&count=64&batch=32"

const blocksSay = `document.querySelector('[data-part=verdict]').textContent`

// trainedBlocks trains whatever the page shows, and is true once that is drawn.
const trainedBlocks = `(() => {
	const run = document.querySelector('[data-act=run]');
	if (!run.disabled && run.textContent === 'Run') run.click();
	return document.querySelector('[data-part=status]').textContent === 'trained' && document.querySelectorAll('.figures canvas').length === 3;
})()`

func TestBlocksLooks(t *testing.T) {
	t.Parallel()
	paths := map[string]string{"blocks": smallBlocks + "&out=2", "blocks-swapped": smallBlocks + "&skip=B&click=swap&held=1", "blocks-refused": smallBlocks + "&out=9"}
	ready := map[string]string{"blocks": trainedBlocks, "blocks-swapped": trainedBlocks, "blocks-refused": drawn}
	if dir := os.Getenv("GRADLAB_SHOTS"); dir != "" { // to be looked at: the nets as they are by themselves
		paths["blocks-default"], ready["blocks-default"] = "/labs/blocks?out=5", trainedBlocks
		paths["blocks-invitation"], ready["blocks-invitation"] = "/labs/blocks?seed=7", drawn
		paths["blocks-26"], ready["blocks-26"] = "/labs/blocks?n=4&out=4%2C6&swap=2-3", trainedBlocks
	}
	for name, path := range paths {
		tour(t, site(t, ""), os.Getenv("GRADLAB_SHOTS"), map[string]string{name: path}, ready[name])
	}
}

// A visitor trains both nets, takes a block out by the mouse and another by a key, swaps two, and puts all back. The address is the
// state, and a bad one is named at its field.
func TestBlocksPath(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), smallBlocks)
	p.until("the invitation", `/Press Run/.test(`+blocksSay+`) && document.querySelector('.figures').hidden`)
	p.press(" ")
	p.until("both nets are whole", `/of the test images right/.test(`+blocksSay+`)`)
	p.accessible()

	p.click(".net.plain [data-block='2']")
	p.until("block 2 in the address", `new URLSearchParams(location.search).get('out') === '2' && /^\s*Without block 2 /.test(`+blocksSay+`)`)
	p.until("both draw it out", `document.querySelectorAll('.block.out').length === 2`)
	p.until("the field knows", `document.querySelector('#field-out').value === '2'`)
	p.until("the bars move", `+document.querySelector('[data-bar=plain]').getAttribute('width') <= 1000`)
	p.press("5")
	p.until("and block 5", `new URLSearchParams(location.search).get('out') === '2,5' && /^\s*Without blocks 2 and 5 /.test(`+blocksSay+`)`)
	p.accessible()
	p.press("0")
	p.until("all are back", `!location.search.includes('out') && document.querySelectorAll('.block.out').length === 0 && !document.querySelector('.mend')`)

	p.click(".views a:not([aria-current])")
	p.until("a click swaps", `new URLSearchParams(location.search).get('click') === 'swap'`)
	p.click(".net.residual [data-block='1']")
	p.until("block 1 waits, and 3 fits in no other place", `document.querySelectorAll('.block.held').length === 2 && !document.querySelector('a[data-block="3"]')`)
	p.click(".net.residual [data-block='2']")
	p.until("both have changed places", `/^\s*With blocks 1 and 2 swapped /.test(`+blocksSay+`) && document.querySelectorAll('.block.moved').length === 4`)
	p.accessible()

	p.set("#field-out", "2, 7")
	p.until("the message at its field", `/names block 7; these nets have 6/.test(document.querySelector('#error-out').textContent)`)
	p.until("what was typed is kept", `document.querySelector('#field-out').value === '2, 7'`)
	p.set("#field-out", "")
	p.until("the message is gone", `document.querySelector('#error-out').textContent === ''`)
	p.press("n")
	p.until("other weights are not trained yet", `/Press Run/.test(`+blocksSay+`) && document.querySelector('.figures').hidden`)
}

// Who clicks a block while the nets learn does not stop them.
func TestBlocksWhileTheyLearn(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/blocks?n=2&steps=400&count=64&batch=32")
	p.click("[data-act=run]")
	p.until("a run", `document.querySelector('[data-act=run]').textContent === 'Pause'`)
	p.press("2")
	p.until("block 2 in the address", `new URLSearchParams(location.search).get('out') === '2'`)
	p.until("the trained nets without it", `/Without block 2 /.test(`+blocksSay+`)`)
}

// Without scripts the nets are trained by a form, and every block is a link.
func TestBlocksWithoutScripts(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.scripts(false)
	p.visit(smallBlocks)
	p.click(".no-script form[method=post] button")
	p.until("the nets are trained", `/of the test images right/.test(`+blocksSay+`)`)
	p.click(".net.residual [data-block='2']")
	p.until("block 2 is out", `/Without block 2 /.test(`+blocksSay+`) && document.querySelector('[data-bar=plain]').getAttribute('width') > 0`)
	p.click(".mend")
	p.until("and back", `/of the test images right/.test(`+blocksSay+`)`)
}

// A frame names no setting that has no value: "Taken out", and then nothing.
func TestFrameNamesNoEmptySetting(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/embed/blocks?controls=several")
	if bare := eval[[]string](p, `[...document.querySelectorAll('.readout')].filter(e => e.checkVisibility() && !e.querySelector('b').textContent).map(e => e.textContent.trim())`); len(bare) > 0 {
		t.Errorf("settings without a value are shown: %q", bare)
	}
	if n := eval[int](p, `[...document.querySelectorAll('.readout')].filter(e => e.checkVisibility()).length`); n == 0 {
		t.Error("no setting is shown")
	}
}
