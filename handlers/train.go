package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// trainPresets are the settings that a lecture walks through.
var trainPresets = []views.Link{
	{Label: "the notebook’s", Href: "/labs/train"},
	{Label: "20 tanh layers", Href: "/labs/train?activation=tanh&depth=20&steps=40"},
	{Label: "20 ReLU layers", Href: "/labs/train?depth=20&steps=40"},
	{Label: "10 sigmoid layers", Href: "/labs/train?activation=sigmoid&depth=10&steps=60"},
}

func (s *site) trainPage(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseTrain(r.URL.Query())
	t := experiment.TrainTable()
	return s.render(w, r, http.StatusOK, views.TrainPage(views.Train{
		Frame:    frame(r, "Training", "train", "train.js"),
		Controls: controls("/labs/train", t.Fields(config), t.Values(config), errs, trainPresets),
		Board:    s.trainBoardView(r, config, errs),
	}))
}

// trainBoard answers the script of the train lab: what depends on the config, rendered, and on its run if that is known.
func (s *site) trainBoard(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseTrain(r.URL.Query())
	board := s.trainBoardView(r, config, errs)
	verdict, err := markup(r.Context(), views.TrainVerdict(board))
	if err != nil {
		return err
	}
	table, err := markup(r.Context(), views.TrainNumbers(board))
	if err != nil {
		return err
	}
	if len(board.Numbers) > 0 { // the run has ended
		keep(r)
	}
	return writeJSON(w, http.StatusOK, map[string]any{
		"query": config.Query().Encode(), "run": board.Run, "refusal": board.Refusal,
		"figures": map[string]any{
			board.Loss.ID:      map[string]any{"option": board.Loss.Option, "label": board.Loss.Label},
			board.Gradients.ID: map[string]any{"option": board.Gradients.Option, "label": board.Gradients.Label},
		},
		"parts": map[string]string{"verdict": verdict, "numbers": table}, "errors": errs,
	})
}

// apiTrain trains and answers with the result, or with a stream of it where the request accepts one.
func (s *site) apiTrain(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	streams := strings.Contains(r.Header.Get("Accept"), "text/event-stream")
	twin, after := query.Get("twin"), r.Header.Get("Last-Event-ID")
	if after == "" {
		after = query.Get("after")
	}
	errs := experiment.FieldErrors{}
	if twin != "" && twin != "0" && twin != "1" {
		errs["twin"] = "must be 0 or 1"
	}
	own := url.Values{}
	for name, values := range query {
		if name != "twin" && (name != "after" || !streams) {
			own[name] = values
		}
	}
	config, bad := experiment.ParseTrain(own)
	for name, message := range bad {
		errs[name] = message
	}
	if len(errs) > 0 {
		return badQuery(errs)
	}
	if streams {
		configs := []experiment.Train{config}
		if twin == "1" && config.HasTwin() {
			configs = append(configs, config.Twin())
		}
		return s.streamTrain(w, r, configs, after)
	}
	http.NewResponseController(w).SetWriteDeadline(time.Time{}) // a long run outlasts the deadline for pages
	outcomes, err := s.finish(r.Context(), config)
	if err != nil {
		return err
	}
	keep(r)
	return writeJSON(w, http.StatusOK, outcomeJSON(outcomes[0]))
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
		"test": map[string]float{"loss": {o.Test.Loss, bits}, "accuracy": {o.Test.Accuracy, 64}},
	}
	if last := o.Steps[len(o.Steps)-1]; last.Diverged {
		body["diverged"] = map[string]any{"step": last.Number, "message": divergence(last)}
	}
	return body
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
