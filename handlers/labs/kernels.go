package labs

import (
	"context"
	"encoding/csv"
	"errors"
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

// kernels is the lab of weights that slide over an image. Those of a trained network take its run.
func kernels() Lab {
	e := Experiment{
		Name: "kernels",
		Run: func(query url.Values) ([]experiment.Field, experiment.FieldErrors) {
			c, errs := experiment.ParseKernels(query)
			return experiment.KernelsTable().Fields(c), errs
		},
		Takes: teacher,
		Result: func(query url.Values, outcomes []*experiment.Outcome) (any, error) {
			return board.NewKernelsResult(stackOf(query, outcomes)), nil
		},
		Facts: func(query url.Values, outcomes []*experiment.Outcome) (any, error) {
			if len(outcomes) > 0 && outcomes[0].FirstKernels == nil {
				return nil, errors.New("the run has no kernels to show")
			}
			return board.NewKernelsFacts(stackOf(query, outcomes)), nil
		},
		Doc: Doc{Shape: board.KernelsResult{}, Answer: "The maps that a stack of kernels makes of an image.", Fields: []Group{{}}},
	}
	return Lab{
		Experiment: e,
		Menu:       "Kernels", Title: "Kernels", Noun: "kernels",
		Text:   "A few weights slide over a garment or your own drawing; every product and sum is there to see.",
		Script: "kernels.js", Sheet: "kernels",
		Page: func(query url.Values) Page {
			c, errs := experiment.ParseKernels(query)
			return Page{
				Fields: experiment.KernelsTable().Fields(c), Errs: errs, Run: c.Query(),
				Outcomes: func(ctx context.Context, runs *Runs) []*experiment.Outcome { return taughtBy(ctx, runs, c) },
				Show: func(outcomes []*experiment.Outcome, errs experiment.FieldErrors) Shown {
					return showKernels(c, errs, outcomes)
				},
			}
		},
		Own:     []Route{{"pixel", movePixel}},
		Exports: files(e, teacher, kernelsScript, Export{Ending: "csv", Takes: teacher, Write: kernelsCSV}),
	}
}

// A kernelsDrawn is what the kernels' script gets.
type kernelsDrawn struct {
	Drawn
	State views.KernelState `json:"state"`
}

func showKernels(c experiment.Kernels, errs experiment.FieldErrors, outcomes []*experiment.Outcome) Shown {
	lack := lackOf(c, outcomes)
	b := board.Kernels(stack(c, outcomes), lack)
	return Shown{
		Query: c.Query(), Errs: errs, Known: lack == board.Nothing,
		Page: func(f views.Frame, _ *views.Press) templ.Component {
			return views.KernelsPage(views.Kernels{Frame: f, Controls: board.KernelControls("/labs/kernels", c, errs), Board: b})
		},
		Parts: map[string]templ.Component{
			"verdict": views.VerdictWords(b.Verdict, ""), "aside": views.KernelAside(b), "stages": views.KernelStages(b), "pixel": views.KernelPixel(b), "numbers": views.KernelNumbers(b),
		},
		Answer: func(d Drawn) any { return kernelsDrawn{d, b.State} },
	}
}

// taughtBy looks up the run whose kernels a stack uses: one that has finished, or is cheap enough to train at once.
func taughtBy(ctx context.Context, runs *Runs, c experiment.Kernels) []*experiment.Outcome {
	return runs.Known(ctx, teacherOf(c)...)
}

// lackOf says whether a stack waits for its run, or needs one that is too long to be trained unasked.
func lackOf(c experiment.Kernels, outcomes []*experiment.Outcome) board.Lack {
	switch {
	case len(outcomes) == 0 || outcomes[0] != nil:
		return board.Nothing
	case c.LearntBy().Cost() <= cheapCost:
		return board.Awaited
	}
	return board.TooLong
}

// A pixelDrawn is what changes while the pixel looked at moves.
type pixelDrawn struct {
	Query string                   `json:"query"`
	Parts map[string]string        `json:"parts"`
	Pixel map[string]int           `json:"pixel"`
	Marks map[string]views.MapMark `json:"marks"`
}

// movePixel answers the script while the pixel looked at moves: that pixel, and where its marks are.
func movePixel(s *Site, w http.ResponseWriter, r *http.Request) error {
	c, _ := experiment.ParseKernels(web.Query(r))
	outcomes := taughtBy(r.Context(), s.Runs, c)
	w, end, err := s.turn(w, r, ownWork)
	if err != nil {
		return err
	}
	defer end()
	moved := board.Pixel(stack(c, outcomes))
	pixel, err := web.Markup(r.Context(), views.KernelPixel(views.KernelBoard{Pixel: moved.View}))
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, pixelDrawn{
		Query: c.Query().Encode(), Parts: map[string]string{"pixel": pixel, "said": moved.Said}, Pixel: moved.At, Marks: moved.Marks,
	})
}

// teacher is the run whose kernels a stack uses; none where it uses none.
func teacher(query url.Values) []experiment.Run {
	c, _ := experiment.ParseKernels(query)
	return teacherOf(c)
}

func teacherOf(c experiment.Kernels) []experiment.Run {
	if !c.Learnt() {
		return nil
	}
	return []experiment.Run{c.LearntBy()}
}

// stackOf is stack for an address.
func stackOf(query url.Values, outcomes []*experiment.Outcome) experiment.KernelsResult {
	c, _ := experiment.ParseKernels(query)
	return stack(c, outcomes)
}

// stack computes a stack of kernels, given what its run learnt, if that is known.
func stack(c experiment.Kernels, outcomes []*experiment.Outcome) experiment.KernelsResult {
	if len(outcomes) == 0 || outcomes[0] == nil {
		return c.Run(nil)
	}
	return c.Run(outcomes[0].FirstKernels)
}

func kernelsScript(link string, query url.Values, outcomes []*experiment.Outcome) export.Script {
	return export.Kernels(stackOf(query, outcomes), link)
}

// kernelsCSV writes every number of every map as a line: map, stage, row, column, value.
func kernelsCSV(w io.Writer, link string, query url.Values, outcomes []*experiment.Outcome) (string, error) {
	result := stackOf(query, outcomes)
	out := csv.NewWriter(w)
	out.Write([]string{"map", "stage", "row", "column", "value"})
	write := func(name string, stage int, m experiment.Map) {
		for i, v := range m.Values {
			out.Write([]string{name, strconv.Itoa(stage), strconv.Itoa(i / m.Side), strconv.Itoa(i % m.Side), export.Number(v, 32)})
		}
	}
	write("image", 0, result.Image)
	for _, stage := range result.Stages {
		write("kernel", stage.Number, experiment.Map{Side: stage.Kernel.Size, Values: stage.Kernel.Weights})
		write("sum", stage.Number, stage.Sum)
		write("activated", stage.Number, stage.Active)
		write("output", stage.Number, stage.Output)
	}
	out.Flush()
	return export.Kernels(result, link).Name(), out.Error()
}
