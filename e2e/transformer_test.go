package e2e

import (
	"os"
	"testing"
)

// smallTransformer is an experiment whose training takes a moment.
const smallTransformer = "/labs/transformer?layers=2&steps=30"

const transformerSays = `document.querySelector('[data-part=verdict]').textContent`

// trainedTransformer trains whatever the page shows, and is true once that is drawn.
const trainedTransformer = `(() => {
	const run = document.querySelector('[data-act=run]');
	if (!run.disabled && run.textContent === 'Run') run.click();
	return /new tokens right/.test(` + transformerSays + `) && document.querySelectorAll('.figures canvas').length === 2;
})()`

func TestTransformerLooks(t *testing.T) {
	t.Parallel()
	paths := map[string]string{"transformer": smallTransformer, "transformer-refused": smallTransformer + "&tokens=40"}
	ready := map[string]string{"transformer": trainedTransformer, "transformer-refused": drawn}
	if dir := os.Getenv("GRADLAB_SHOTS"); dir != "" { // to be looked at: the nets as they are by themselves
		paths["transformer-default"], ready["transformer-default"] = "/labs/transformer?step=20", trainedTransformer
		paths["transformer-invitation"], ready["transformer-invitation"] = "/labs/transformer?seed=7", drawn
		paths["transformer-warm"], ready["transformer-warm"] = "/labs/transformer?warmup=60", trainedTransformer
		paths["transformer-long"], ready["transformer-long"] = "/embed/transformer?layers=3&tokens=32&steps=5&vocabulary=64", trainedTransformer
	}
	for name, path := range paths {
		tour(t, site(t, ""), os.Getenv("GRADLAB_SHOTS"), map[string]string{name: path}, ready[name])
	}
}

// A visitor trains both nets by a key, pauses, goes on, and looks at the gradients of another step. The address is the state, and a
// bad one is named at its field.
func TestTransformerPath(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/transformer?layers=3&steps=150")
	p.until("the invitation", `/Press Run/.test(`+transformerSays+`) && document.querySelector('[data-part=scrub]').disabled`)
	p.press(" ")
	p.until("steps arrive", `/^\s*At step \d+ post-LN’s loss is/.test(`+transformerSays+`)`)
	p.press(" ")
	p.until("a pause", `/paused after \d+ of 150 steps/.test(document.querySelector('[data-part=status]').textContent)`)
	p.press(" ")
	p.until("both nets have learnt", `/^\s*Without warm-up, .*new tokens right/.test(`+transformerSays+`) && document.querySelector('[data-act=run]').disabled`)
	p.until("a sequence", `document.querySelectorAll('.sequence tr').length === 4`)
	p.accessible()

	p.set("[data-part=scrub]", "20")
	p.until("step 20 in hand", `location.search.includes('step=20') && document.querySelector('[data-part=step]').textContent === '20'`)
	p.press("[")
	p.until("the step before", `location.search.includes('step=19')`)

	p.set("[name=warmup]", "30")
	p.until("other runs are not trained yet", `/with a warm-up of 30 steps. Press Run/.test(`+transformerSays+`)`)
	p.set("[name=tokens]", "40")
	p.until("the message at its field", `/must be a whole number from 1 to 32/.test(document.querySelector('#error-tokens').textContent) && document.querySelector('[data-act=run]').disabled`)
}

// Without scripts the nets are trained by a form.
func TestTransformerWithoutScripts(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.scripts(false)
	p.visit(smallTransformer)
	p.click(".no-script form[method=post] button")
	p.reads(".verdict", "new tokens right")
	p.reads(".sequence", "right")
}
