package labs

import (
	"encoding/csv"
	"io"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"gradlab/export"
	"gradlab/handlers/board"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// stream is the lab of words that go through a transformer. What it shows is computed at once.
func stream() Lab {
	result := func(query url.Values, _ []*experiment.Outcome) (any, error) {
		c, _ := experiment.ParseStream(query)
		return board.NewStreamResult(c.Run()), nil
	}
	e := Experiment{
		Name: "stream",
		Run: func(query url.Values) ([]experiment.Field, experiment.FieldErrors) {
			c, errs := experiment.ParseStream(query)
			return experiment.StreamTable().Fields(c), errs
		},
		Result: result, Facts: result,
		Doc: Doc{
			Shape:   board.StreamResult{},
			Answer:  "config, and by layer, the words as they come in first: difference, how much the words differ relative to their size; size, their root mean square length; places, by word the two numbers that are drawn.",
			Example: "?skip=none&layers=4", Fields: []Group{{}},
		},
	}
	return Lab{
		Experiment: e,
		Menu:       "Stream", Title: "The residual stream", Noun: "the residual stream",
		Text:   "Words go through the layers of a Transformer. Without skips all of them become the same word.",
		Script: "stream.js", Sheet: "stream", Hand: []string{"layers", "skip", "mlp", "norm", "tokens", "seed"},
		Page: func(query url.Values) Page {
			c, v, errs := experiment.ParseStreamLab(query)
			return Page{
				Fields: append(experiment.StreamTable().Fields(c), experiment.StreamViewTable().Fields(v)...), Errs: errs,
				Run: c.Query(), Twin: v.Query(c.Twin()), Residual: c.Residual(),
				Show: func(_ []*experiment.Outcome, errs experiment.FieldErrors) Shown { return showStream(c, v, errs) },
			}
		},
		Truths: []Truth{
			{Path: "difference[-1]", Label: "residual stream: how much the words differ after the last layer"},
			{Path: "difference[-1]", Lower: true, Label: "residual stream: whose words differ less (choices plain, residual)"},
		},
		Exports: files(e, nil, streamScript, Export{Ending: "csv", Write: streamCSV}),
	}
}

// A streamDrawn is what the stream's script gets.
type streamDrawn struct {
	Drawn
	State views.StreamState `json:"state"`
}

func showStream(c experiment.Stream, v experiment.StreamView, errs experiment.FieldErrors) Shown {
	b := board.Stream(c, v, errs)
	return Shown{
		Query: v.Query(c), Errs: errs, Known: true,
		Page: func(f views.Frame, _ *views.Press) templ.Component {
			return views.StreamPage(views.Stream{Frame: f, Controls: board.StreamControls(c, errs), Layer: experiment.StreamViewTable().Values(v)["layer"], Board: b})
		},
		Parts:   map[string]templ.Component{"verdict": views.VerdictWords(b.Verdict, b.Refusal), "numbers": views.StreamNumbers(b)},
		Figures: []views.Figure{b.Figure},
		Answer:  func(d Drawn) any { return streamDrawn{d, b.State} },
	}
}

func streamScript(link string, query url.Values, _ []*experiment.Outcome) export.Script {
	c, _ := experiment.ParseStream(query)
	return export.Stream(c, link)
}

// streamCSV writes a line a layer.
func streamCSV(w io.Writer, link string, query url.Values, outcomes []*experiment.Outcome) (string, error) {
	c, _ := experiment.ParseStream(query)
	plain, residual := board.StreamTwins(c)
	out := csv.NewWriter(w)
	out.Write([]string{"layer", "plain_difference", "residual_difference", "plain_size", "residual_size"})
	for l := range plain.Difference {
		row := []string{strconv.Itoa(l)}
		for _, v := range []float64{plain.Difference[l], residual.Difference[l], plain.Size[l], residual.Size[l]} {
			row = append(row, export.Number(v, 64))
		}
		out.Write(row)
	}
	out.Flush()
	return export.Stream(c, link).Name(), out.Error()
}
