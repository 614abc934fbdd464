package labs

import (
	"encoding/json"
	"io"
	"net/url"

	"gradlab/export"
	"gradlab/mlcore/experiment"
)

// A scriptOf writes an experiment as PyTorch code. link is the address of the lab's page.
type scriptOf func(link string, query url.Values, outcomes []*experiment.Outcome) export.Script

// files are an experiment as a PyTorch script and as a notebook, which take the runs that takes names, as a table, and as the
// JSON of the API. All have the script's name.
func files(e Experiment, takes func(url.Values) []experiment.Run, script scriptOf, csv Export) []Export {
	as := func(ending string, write func(export.Script, io.Writer) error) Export {
		return Export{Ending: ending, Takes: takes, Write: func(w io.Writer, link string, query url.Values, outcomes []*experiment.Outcome) (string, error) {
			s := script(link, query, outcomes)
			return s.Name(), write(s, w)
		}}
	}
	return []Export{as("py", export.Script.Python), as("ipynb", export.Script.Notebook), csv, {
		Ending: "json", Takes: e.Takes,
		Write: func(w io.Writer, link string, query url.Values, outcomes []*experiment.Outcome) (string, error) {
			result, err := e.Result(query, outcomes)
			if err != nil {
				return "", err
			}
			return script(link, query, outcomes).Name(), json.NewEncoder(w).Encode(result)
		},
	}}
}
