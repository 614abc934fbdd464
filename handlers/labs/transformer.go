package labs

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"gradlab/export"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// transformer is the lab in which two Transformers learn, with their layer norms after and before.
func transformer() Lab {
	e := Experiment{
		Name: "transformer",
		Run: func(query url.Values) ([]experiment.Field, experiment.FieldErrors) {
			c, errs := experiment.ParseTransformer(query)
			return experiment.TransformerTable().Fields(c), errs
		},
		Takes:  transformerRuns,
		Sized:  true,
		Stream: streamTransformer,
		Result: func(query url.Values, outcomes []*experiment.Outcome) (any, error) {
			c, _ := experiment.ParseTransformer(query)
			return board.NewTransformerResult(c, outcomes), nil
		},
		Facts: func(query url.Values, outcomes []*experiment.Outcome) (any, error) {
			c, _ := experiment.ParseTransformer(query)
			return board.NewTransformerFacts(c, outcomes), nil
		},
		Doc: Doc{
			Answer:  "Of a post-LN and a pre-LN Transformer from the same weights: losses and accuracies by step, grad_norms by step and layer, first_to_last, what the first layer’s is of the last’s; tail_loss, the mean of the last steps; test {loss, accuracy} of new sequences, and sequence, the first of these. With Accept: text/event-stream, the runs post and pre as they happen: events queued, start, step, diverged, done, failed.",
			Shape:   board.TransformerResult{},
			Example: "?layers=2&steps=10",
			Fields:  []Group{{}},
		},
	}
	return Lab{
		Experiment: e,
		Menu:       "Transformer", Title: "Train a Transformer", Noun: "the Transformers",
		Text:   "Two Transformers learn to reverse a sequence. Where the norm stands decides whether one needs a warm-up.",
		Script: "transformer.js", Sheet: "transformer", Parts: []string{"sequence", "figures"}, Hand: []string{"warmup", "lr", "layers", "task", "seed"},
		Page:     transformerPage,
		Progress: workDone(transformerRuns),
		Truths: []Truth{
			{Path: "post.test.accuracy", Label: "Transformer: the share of tokens that post-LN gets right, 0 to 1"},
			{Path: "pre.test.accuracy", Label: "Transformer: the share of tokens that pre-LN gets right, 0 to 1"},
			{Path: "post.first_to_last[-1]", Label: "Transformer: in post-LN, what the first layer gets of the last layer’s gradient"},
		},
		Exports: files(e, nil, transformerScript, Export{Ending: "csv", Takes: transformerRuns, Write: transformerCSV}),
	}
}

func transformerPage(query url.Values) Page {
	c, v, errs := experiment.ParseTransformerLab(query)
	p := Page{
		Fields: append(experiment.TransformerTable().Fields(c), experiment.TransformerViewTable().Fields(v)...), Errs: errs, Run: c.Query(),
		Show: func(outcomes []*experiment.Outcome, errs experiment.FieldErrors) Shown {
			return showTransformer(c, v, errs, outcomes)
		},
	}
	if errs == nil {
		p.Trains = experiment.Runs(c.Runs()...)
	}
	return p
}

// A transformerDrawn is what the lab's script gets.
type transformerDrawn struct {
	Drawn
	Run views.TransformerRun `json:"run"`
}

func showTransformer(c experiment.Transformer, v experiment.TransformerView, errs experiment.FieldErrors, outcomes []*experiment.Outcome) Shown {
	var p board.TransformerTwins
	if errs == nil && len(outcomes) == 2 {
		p = board.TransformerTwins{Post: outcomes[0], Pre: outcomes[1]}
	}
	b := board.Transformer(c, v, errs, p)
	return Shown{
		Query: v.Query(c), Errs: errs, Known: b.Run.Known,
		Page: func(f views.Frame, press *views.Press) templ.Component {
			b := b
			b.Press = press
			form, step := board.TransformerControls(c, v, errs)
			return views.TransformerPage(views.Transformer{Frame: f, Controls: form, View: step, Board: b})
		},
		Parts: map[string]templ.Component{
			"verdict": views.VerdictWords(b.Verdict, b.Refusal), "aside": views.Words(b.Verdict.Aside),
			"sequence": views.TransformerSequence(b), "numbers": views.TransformerNumbers(b),
		},
		Figures: b.Figures,
		Answer:  func(d Drawn) any { return transformerDrawn{d, b.Run} },
	}
}

// transformerRuns are both trainings, post-LN first.
func transformerRuns(query url.Values) []experiment.Run {
	c, _ := experiment.ParseTransformer(query)
	return experiment.Runs(c.Runs()...)
}

// streamTransformer trains both while the reader listens, as the runs post and pre. See streamLanes; its results are the API's.
func streamTransformer(s *Site, w http.ResponseWriter, r *http.Request) error {
	query, after := goOn(r)
	c, errs := experiment.ParseTransformer(query)
	if errs != nil {
		return web.BadQuery(errs)
	}
	var lanes []*lane
	for _, run := range c.Runs() {
		lanes = append(lanes, &lane{name: run.Norm, run: run, config: experiment.TransformerTable().JSON(c), dtype: c.DType})
	}
	return s.streamLanes(w, r, after, lanes, func(outcomes []*experiment.Outcome) any { return board.NewTransformerResult(c, outcomes) })
}

func transformerScript(link string, query url.Values, _ []*experiment.Outcome) export.Script {
	c, _ := experiment.ParseTransformer(query)
	return export.Transformer(c, link)
}

// transformerCSV writes a line for each step of each net; the last of each is of new sequences, after the last update.
func transformerCSV(w io.Writer, link string, query url.Values, outcomes []*experiment.Outcome) (string, error) {
	c, _ := experiment.ParseTransformer(query)
	bits := board.Bits(c.DType)
	out := csv.NewWriter(w)
	head := []string{"net", "step", "loss", "accuracy"}
	for l := range c.Layers {
		head = append(head, fmt.Sprintf("grad_norm layers.%d", l))
	}
	out.Write(head)
	for i, run := range c.Runs() {
		row := func(step string, loss, accuracy float64, norms []float64) {
			cells := []string{run.Norm, step, export.Number(loss, bits), export.Number(accuracy, 64)}
			for l := range c.Layers {
				if l < len(norms) {
					cells = append(cells, export.Number(norms[l], bits))
				} else {
					cells = append(cells, "")
				}
			}
			out.Write(cells)
		}
		for _, step := range outcomes[i].Steps {
			row(strconv.Itoa(step.Number), step.Loss, step.Accuracy, step.GradNorms)
		}
		row("new", outcomes[i].Test.Loss, outcomes[i].Test.Accuracy, nil)
	}
	out.Flush()
	return export.Transformer(c, link).Name(), out.Error()
}
