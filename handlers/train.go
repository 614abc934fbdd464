package handlers

import (
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

func (s *site) trainPage(w http.ResponseWriter, r *http.Request) error { return s.showTrain(w, r, "") }

// showTrain is /labs/train; progress is how far a run is that was started without scripts.
func (s *site) showTrain(w http.ResponseWriter, r *http.Request, progress string) error {
	web.EnsureVisitor(w, r) // whose share of the cores the runs of this page take
	config, view, errs := s.parseTrainLab(web.Query(r))
	p := s.outcomes(r.Context(), config, errs)
	w, end, err := s.turn(w, r)
	if err != nil {
		return err
	}
	defer end()
	shown := board.Train(config, view, errs, p)
	shown.Press = pressOf(len(shown.Numbers) > 0, errs != nil, progress)
	return web.Render(w, r, http.StatusOK, views.TrainPage(views.Train{
		Frame:    web.Frame(r, "Training", "train", "train.js"),
		Controls: board.TrainControls(config, errs, shown.SkipNote),
		View:     board.TrainViewFields(view),
		Board:    shown,
	}))
}

// trainBoard answers the script of the train lab: what depends on the config, rendered, and on its run if that is known.
func (s *site) trainBoard(w http.ResponseWriter, r *http.Request) error {
	config, view, errs := s.parseTrainLab(web.Query(r))
	p := s.outcomes(r.Context(), config, errs)
	w, end, err := s.turn(w, r)
	if err != nil {
		return err
	}
	defer end()
	board := board.Train(config, view, errs, p)
	parts := map[string]string{"note-skip": board.SkipNote}
	for name, part := range map[string]templ.Component{
		"verdict": views.TrainVerdict(board), "numbers": views.TrainNumbers(board), "learnt": views.TrainLearntView(board), "ledger": views.TrainLedgerView(board),
		"curve-tabs": views.TrainTabs(board.CurveTabs), "gradient-tabs": views.TrainTabs(board.GradientTabs),
		"caption-" + board.Loss.ID: views.Words(board.Loss.Caption), "caption-" + board.Gradients.ID: views.Words(board.Gradients.Caption),
	} {
		html, err := web.Markup(r.Context(), part)
		if err != nil {
			return err
		}
		parts[name] = html
	}
	if len(board.Numbers) > 0 { // the run has ended
		web.Keep(r)
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{
		"query": view.Query(config).Encode(), "run": board.Run, "refusal": board.Refusal,
		"figures": map[string]any{
			board.Loss.ID:      map[string]any{"option": board.Loss.Option, "label": board.Loss.Label},
			board.Gradients.ID: map[string]any{"option": board.Gradients.Option, "label": board.Gradients.Label},
		},
		"parts": parts, "errors": errs,
	})
}

// apiTrain trains and answers with the result, or with a stream of it where the request accepts one.
func (s *site) apiTrain(w http.ResponseWriter, r *http.Request) error {
	query := maps.Clone(web.Query(r))
	streams := strings.Contains(r.Header.Get("Accept"), "text/event-stream")
	after := r.Header.Get("Last-Event-ID")
	if after == "" {
		after = query.Get("after")
	}
	if streams {
		query.Del("after")
	}
	config, twin, errs := s.parseRun(query)
	if errs != nil {
		return web.BadQuery(errs)
	}
	if streams {
		configs := []experiment.Train{config}
		if twin && config.HasTwin() {
			configs = append(configs, config.Twin())
		}
		return s.streamTrain(w, r, configs, after)
	}
	outcomes, err := s.finish(r.Context(), config)
	if err != nil {
		return err
	}
	w, end, err := s.turn(w, r)
	if err != nil {
		return err
	}
	defer end()
	web.Keep(r)
	return web.WriteJSON(w, http.StatusOK, board.NewTrainResult(outcomes[0]))
}

// parseRun reads the query of a run as the API and the exports take it: its own fields, and twin, which is 0 or 1.
func (s *site) parseRun(query url.Values) (config experiment.Train, twin bool, errs experiment.FieldErrors) {
	own := maps.Clone(query)
	delete(own, "twin")
	config, errs = experiment.ParseTrain(own)
	switch given, asked := query["twin"]; {
	case asked && (len(given) != 1 || given[0] != "0" && given[0] != "1" && given[0] != ""):
		if errs == nil {
			errs = experiment.FieldErrors{}
		}
		errs["twin"] = "must be 0 or 1"
	case asked:
		twin = given[0] == "1"
	}
	if errs == nil {
		if errs = s.overMemory(config); errs == nil && twin {
			errs = s.overMemory(config.Twin())
		}
	}
	return config, twin, errs
}
