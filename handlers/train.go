package handlers

import (
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// trainPresets are the settings that a lecture walks through; a test of package experiment holds what each shows.
var trainPresets = []views.Link{
	{Label: "the notebook’s: memorising", Href: "/labs/train"},
	{Label: "20 tanh layers", Href: "/labs/train?activation=tanh&depth=20&steps=40"},
	{Label: "20 ReLU layers", Href: "/labs/train?depth=20&steps=40"},
	{Label: "10 sigmoid layers", Href: "/labs/train?activation=sigmoid&depth=10&steps=60"},
	{Label: "deep CNN without norm", Href: "/labs/train?curve=log&net=deep&norm=none"},
	{Label: "56 layers with batch norm", Href: "/labs/train?n=9&net=deep&steps=40"},
	{Label: "degradation: depth 8", Href: "/labs/train?batch=64&count=2048&lr=0.1&n=1&net=deep&steps=160"},
	{Label: "degradation: depth 20", Href: "/labs/train?batch=64&count=2048&lr=0.1&net=deep&steps=160"},
	{Label: "degradation: depth 56", Href: "/labs/train?batch=64&count=2048&lr=0.1&n=9&net=deep&steps=160"},
}

func (s *site) trainPage(w http.ResponseWriter, r *http.Request) error { return s.showTrain(w, r, "") }

// showTrain is /labs/train; progress is how far a run is that was started without scripts.
func (s *site) showTrain(w http.ResponseWriter, r *http.Request, progress string) error {
	ensureVisitor(w, r) // whose share of the cores the runs of this page take
	config, view, errs := experiment.ParseTrainLab(queryOf(r))
	board := s.trainBoardView(r, config, view, errs)
	board.Press = pressOf(len(board.Numbers) > 0, errs != nil, progress)
	return s.render(w, r, http.StatusOK, views.TrainPage(views.Train{
		Frame:    frame(r, "Training", "train", "train.js"),
		Controls: trainControls(config, errs, board.SkipNote),
		View:     trainViewFields(view),
		Board:    board,
	}))
}

// trainControls are the controls of a run; note is what holds of its skip.
func trainControls(config experiment.Train, errs experiment.FieldErrors, note string) views.Controls {
	t := experiment.TrainTable()
	c := controls("/labs/train", t.Fields(config), t.Values(config), errs, trainPresets)
	for i := range c.Shown {
		if c.Shown[i].Name == "skip" {
			c.Shown[i].Note = note
		}
	}
	return c
}

// trainViewFields are what is shown of a run: links beside the figures change it.
func trainViewFields(view experiment.TrainView) []views.Hidden {
	t := experiment.TrainViewTable()
	values := t.Values(view)
	var fields []views.Hidden
	for _, f := range t.Fields(view) {
		fields = append(fields, views.Hidden{Name: f.Name, Value: values[f.Name], Default: f.Default})
	}
	return fields
}

// trainBoard answers the script of the train lab: what depends on the config, rendered, and on its run if that is known.
func (s *site) trainBoard(w http.ResponseWriter, r *http.Request) error {
	config, view, errs := experiment.ParseTrainLab(queryOf(r))
	board := s.trainBoardView(r, config, view, errs)
	parts := map[string]string{"note-skip": board.SkipNote}
	for name, part := range map[string]templ.Component{
		"verdict": views.TrainVerdict(board), "numbers": views.TrainNumbers(board), "learnt": views.TrainLearntView(board), "ledger": views.TrainLedgerView(board),
		"curve-tabs": views.TrainTabs(board.CurveTabs), "gradient-tabs": views.TrainTabs(board.GradientTabs),
		"caption-" + board.Loss.ID: views.Words(board.Loss.Caption), "caption-" + board.Gradients.ID: views.Words(board.Gradients.Caption),
	} {
		html, err := markup(r.Context(), part)
		if err != nil {
			return err
		}
		parts[name] = html
	}
	if len(board.Numbers) > 0 { // the run has ended
		keep(r)
	}
	return writeJSON(w, http.StatusOK, map[string]any{
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
	query := maps.Clone(queryOf(r))
	streams := strings.Contains(r.Header.Get("Accept"), "text/event-stream")
	after := r.Header.Get("Last-Event-ID")
	if after == "" {
		after = query.Get("after")
	}
	if streams {
		query.Del("after")
	}
	config, twin, errs := parseRun(query)
	if errs != nil {
		return badQuery(errs)
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
	keep(r)
	return writeJSON(w, http.StatusOK, outcomeJSON(outcomes[0]))
}

// parseRun reads the query of a run as the API and the exports take it: its own fields, and twin, which is 0 or 1.
func parseRun(query url.Values) (config experiment.Train, twin bool, errs experiment.FieldErrors) {
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
	return config, twin, errs
}

// outcomeJSON is a finished run as the contract has it.
func outcomeJSON(o *experiment.Outcome) map[string]any {
	bits := bitsOf(o.Config.DType)
	losses := make([]float64, len(o.Steps))
	for i, step := range o.Steps {
		losses[i] = step.Loss
	}
	norms := map[string]float{}
	for name, norm := range o.FirstGradNorms {
		norms[name] = float{norm, bits}
	}
	body := map[string]any{
		"config": experiment.TrainTable().JSON(o.Config), "parameters": o.Info.Parameters,
		"losses": numbers{losses, bits}, "first_step_grad_norms": norms,
		"test": testJSON(o),
	}
	if last := o.Steps[len(o.Steps)-1]; last.Diverged {
		body["diverged"] = map[string]any{"step": last.Number, "message": divergence(last)}
	}
	return body
}

// testJSON is what the test images say of a finished run.
func testJSON(o *experiment.Outcome) map[string]float {
	return map[string]float{"loss": {o.Test.Loss, bitsOf(o.Config.DType)}, "accuracy": {o.Test.Accuracy, 64}}
}

// stepsJSON are steps as the stream and the page's script have them.
func stepsJSON(steps []experiment.Step, bits int) []map[string]any {
	out := make([]map[string]any, len(steps))
	for i, s := range steps {
		out[i] = map[string]any{
			"step": s.Number, "loss": float{s.Loss, bits}, "accuracy": float{s.Accuracy, 64}, "grad_norms": numbers{s.GradNorms, 32},
		}
		if s.Test != nil {
			out[i]["test"] = map[string]float{"loss": {s.Test.Loss, bits}, "accuracy": {s.Test.Accuracy, 64}}
		}
	}
	return out
}
