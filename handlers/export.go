package handlers

import (
	"bytes"
	"context"
	"net/http"

	"gradlab/export"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
	"gradlab/views"
)

// exportChain answers with a chain as a file, by the ending of the address.
func (s *site) exportChain(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseChain(web.Query(r))
	if errs != nil {
		return web.BadQuery(errs)
	}
	script := export.Chain(config, web.Origin(r)+views.Href("/labs/chain", config.Query()))
	switch ending := web.Path(r, "ending"); ending {
	case "py", "ipynb":
		return sendScript(w, script, ending)
	case "csv":
		plain, residual := board.ChainTwins(config)
		var b bytes.Buffer
		if err := export.ChainCSV(&b, plain, residual); err != nil {
			return err
		}
		web.SendFile(w, script.Name()+".csv", b.Bytes())
		return nil
	case "json":
		web.Attach(w, script.Name()+".json")
		return s.apiChain(w, r)
	}
	return web.NotFound
}

// exportTrain answers with a training run as a file, by the ending of the address. The numbers are those of the run and
// its twin; they are trained where no cache has them.
func (s *site) exportTrain(w http.ResponseWriter, r *http.Request) error {
	config, _, errs := s.parseRun(web.Query(r)) // twin is for streams: a file has the run that the query names, and the CSV its twin always
	if errs != nil {
		return web.BadQuery(errs)
	}
	script := export.Train(config, web.Origin(r)+views.Href("/labs/train", config.Query()))
	switch ending := web.Path(r, "ending"); ending {
	case "py", "ipynb":
		return sendScript(w, script, ending)
	case "csv":
		outcomes, err := s.finish(r.Context(), lanesOf(config)...)
		if err != nil {
			return err
		}
		w, end, err := s.turn(w, r)
		if err != nil {
			return err
		}
		defer end()
		var b bytes.Buffer
		if err := export.TrainCSV(&b, outcomes...); err != nil {
			return err
		}
		web.SendFile(w, script.Name()+".csv", b.Bytes())
		return nil
	case "json":
		outcomes, err := s.finish(r.Context(), config)
		if err != nil {
			return err
		}
		web.Attach(w, script.Name()+".json")
		return web.WriteJSON(w, http.StatusOK, board.NewTrainResult(outcomes[0]))
	}
	return web.NotFound
}

// lanesOf are a config and its twin, where it has one, plain first.
func lanesOf(config experiment.Train) []experiment.Train {
	switch {
	case !config.HasTwin():
		return []experiment.Train{config}
	case config.Residual():
		return []experiment.Train{config.Twin(), config}
	}
	return []experiment.Train{config, config.Twin()}
}

// finish trains configs, side by side where there are slots, and returns their outcomes.
func (s *site) finish(ctx context.Context, configs ...experiment.Train) ([]*experiment.Outcome, error) {
	followers := make([]*runner.Follower, len(configs))
	for i, config := range configs {
		follower, err := s.follow(ctx, config)
		if err != nil {
			return nil, err
		}
		defer follower.Close()
		followers[i] = follower
	}
	outcomes := make([]*experiment.Outcome, len(configs))
	for i, follower := range followers {
		outcome, err := follower.Wait(ctx)
		if err != nil {
			return nil, err
		}
		outcomes[i] = outcome
	}
	return outcomes, nil
}

// sendScript answers with a script, or with the notebook of it.
func sendScript(w http.ResponseWriter, script export.Script, ending string) error {
	var b bytes.Buffer
	write := script.Python
	if ending == "ipynb" {
		write = script.Notebook
	}
	if err := write(&b); err != nil {
		return err
	}
	web.SendFile(w, script.Name()+"."+ending, b.Bytes())
	return nil
}
