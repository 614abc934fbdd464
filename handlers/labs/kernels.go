package labs

import (
	"encoding/csv"
	"errors"
	"io"
	"net/url"
	"strconv"

	"gradlab/export"
	"gradlab/handlers/board"
	"gradlab/mlcore/experiment"
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
			return board.NewKernelsResult(stack(query, outcomes)), nil
		},
		Facts: func(query url.Values, outcomes []*experiment.Outcome) (any, error) {
			if len(outcomes) > 0 && outcomes[0].FirstKernels == nil {
				return nil, errors.New("the run has no kernels to show")
			}
			return board.NewKernelsFacts(stack(query, outcomes)), nil
		},
		Doc: Doc{Answer: "The maps that a stack of kernels makes of an image.", Fields: []Group{{}}},
	}
	return Lab{
		Experiment: e,
		Menu:       "Kernels", Title: "Kernels", Noun: "kernels",
		Text:  "A few weights slide over a garment or your own drawing; every product and sum is there to see.",
		Sheet: "kernels",
		Page: func(query url.Values) Page {
			c, errs := experiment.ParseKernels(query)
			return Page{Fields: experiment.KernelsTable().Fields(c), Errs: errs, Run: c.Query()}
		},
		Exports: files(e, teacher, kernelsScript, Export{Ending: "csv", Takes: teacher, Write: kernelsCSV}),
	}
}

// teacher is the run whose kernels a stack uses; none where it uses none.
func teacher(query url.Values) []experiment.Train {
	c, _ := experiment.ParseKernels(query)
	if !c.Learnt() {
		return nil
	}
	return []experiment.Train{c.LearntBy()}
}

// stack computes a stack of kernels, given what its run learnt.
func stack(query url.Values, outcomes []*experiment.Outcome) experiment.KernelsResult {
	c, _ := experiment.ParseKernels(query)
	if len(outcomes) == 0 {
		return c.Run(nil)
	}
	return c.Run(outcomes[0].FirstKernels)
}

func kernelsScript(link string, query url.Values, outcomes []*experiment.Outcome) export.Script {
	return export.Kernels(stack(query, outcomes), link)
}

// kernelsCSV writes every number of every map as a line: map, stage, row, column, value.
func kernelsCSV(w io.Writer, link string, query url.Values, outcomes []*experiment.Outcome) (string, error) {
	result := stack(query, outcomes)
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
