package handlers

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"

	"gradlab/export"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// exportKernels answers with a stack of kernels as a file, by the ending of the address. A run that its kernels are from
// is trained where no cache has it.
func (s *site) exportKernels(w http.ResponseWriter, r *http.Request) error {
	ending := web.Path(r, "ending")
	if ending != "py" && ending != "ipynb" && ending != "csv" && ending != "json" {
		return web.NotFound
	}
	config, learnt, err := s.askedKernels(r)
	if err != nil {
		return err
	}
	w, end, err := s.turn(w, r)
	if err != nil {
		return err
	}
	defer end()
	result := config.Run(learnt)
	script := export.Kernels(result, web.Origin(r)+views.Href("/labs/kernels", result.Config.Query()))
	switch ending {
	case "csv":
		web.SendFile(w, script.Name()+".csv", kernelsCSV(result))
		return nil
	case "json":
		web.Attach(w, script.Name()+".json")
		return web.WriteJSON(w, http.StatusOK, board.NewKernelsResult(result))
	}
	return sendScript(w, script, ending)
}

// kernelsCSV writes every number of every map as a line: map, stage, row, column, value.
func kernelsCSV(result experiment.KernelsResult) []byte {
	var b bytes.Buffer
	out := csv.NewWriter(&b) // a buffer never fails
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
	return b.Bytes()
}
