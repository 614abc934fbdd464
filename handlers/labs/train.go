package labs

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"io"
	"maps"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"gradlab/export"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
	"gradlab/views"
)

// training is the run of a network: what the lab asks for, and what the API answers.
func training() Experiment {
	return Experiment{
		Name:  "train",
		Run:   readTrain,
		Takes: theRun,
		Sized: true,
		Asks: func(query url.Values) (url.Values, experiment.FieldErrors) {
			own, _, errs := withoutTwin(query)
			return own, errs
		},
		Stream: streamTrain,
		Result: func(_ url.Values, outcomes []*experiment.Outcome) (any, error) {
			return board.NewTrainResult(outcomes[0]), nil
		},
		Facts: func(_ url.Values, outcomes []*experiment.Outcome) (any, error) {
			return board.NewTrainFacts(outcomes[0]), nil
		},
		Doc: Doc{
			Shape:   board.TrainResult{},
			Answer:  "config, parameters, losses, first_step_grad_norms by PyTorch’s parameter names, and test {loss, accuracy}; diverged {step, message} where the run broke off. With Accept: text/event-stream, the run as it happens: events queued, start, step (at most thirty a second, no step lost), diverged, done, failed; twin=1 streams the twin too; a reader who comes back with Last-Event-ID goes on from there.",
			Example: "?net=notebook&steps=100",
			Fields:  groups(experiment.TrainTable().Field(experiment.TrainTable().Default(), "net")),
		},
	}
}

// train is the lab in which a network learns, beside its twin.
func train() Lab {
	e := training()
	return Lab{
		Experiment: e,
		Menu:       "Training", Title: "Training", Noun: "training",
		Text: "The course notebook’s CNN learns random labels: plain and residual side by side, step by step.", Start: "?depth=20&activation=tanh&steps=40",
		Script: "train.js", Sheet: "train", Parts: []string{"strip", "learnt", "ledger"},
		Page: trainPage,
		Progress: func(query url.Values, v runner.GroupView) string {
			c, _, _ := experiment.ParseTrainLab(query)
			steps := 0
			for _, n := range v.Steps {
				steps += n
			}
			return fmt.Sprintf("%d of %s are computed.", steps/len(v.Steps), board.Counted(c.Steps, "step"))
		},
		Truths: []Truth{
			{Path: "losses[-1]", Label: "training: the last loss"},
			{Path: "test.accuracy", Label: "training: the test accuracy, 0 to 1"},
			{Path: "test.loss", Label: "training: the test loss"},
			{Path: "parameters", Label: "training: how many parameters"},
			{Path: "losses[-1]", Lower: true, Label: "training: which twin ends lower (choices plain, residual)"},
		},
		Exports: files(e, nil, trainScript, Export{
			Ending: "csv",
			Takes: func(query url.Values) []experiment.Run {
				c, _ := experiment.ParseTrain(query)
				return bothTwins(c)
			},
			Write: func(w io.Writer, link string, query url.Values, outcomes []*experiment.Outcome) (string, error) {
				return trainScript(link, query, nil).Name(), export.TrainCSV(w, outcomes...)
			},
		}),
		More: []Experiment{network()},
		Own:  []Route{{"{picture}.png", trainPicture}},
	}
}

func trainPage(query url.Values) Page {
	c, v, errs := experiment.ParseTrainLab(query)
	p := Page{
		Fields: append(experiment.TrainTable().Fields(c), experiment.TrainViewTable().Fields(v)...), Errs: errs,
		Run: c.Query(), Residual: c.Residual(),
		Show: func(outcomes []*experiment.Outcome, errs experiment.FieldErrors) Shown {
			return showTrain(c, v, errs, outcomes)
		},
	}
	if errs == nil {
		p.Trains = bothTwins(c)
		p.Outcomes = func(ctx context.Context, runs *Runs) []*experiment.Outcome { return runs.Known(ctx, p.Trains...) }
	}
	if c.HasTwin() {
		p.Twin = v.Query(c.Twin())
	}
	return p
}

// A trainDrawn is what the script of training gets.
type trainDrawn struct {
	Drawn
	Run     views.TrainRun `json:"run"`
	Refusal string         `json:"refusal"` // why the config cannot be run; "" if it can
}

func showTrain(c experiment.Train, v experiment.TrainView, errs experiment.FieldErrors, outcomes []*experiment.Outcome) Shown {
	var p board.TrainTwins
	if errs == nil {
		p = board.TrainTwins{Plain: outcomes[0], Residual: outcomes[len(outcomes)-1]}
	}
	b := board.Train(c, v, errs, p)
	return Shown{
		Query: v.Query(c), Errs: errs, Known: len(b.Numbers) > 0,
		Page: func(f views.Frame, press *views.Press) templ.Component {
			b := b
			b.Press = press
			return views.TrainPage(views.Train{Frame: f, Controls: board.TrainControls(c, errs), View: board.TrainViewFields(v), Board: b})
		},
		Parts: map[string]templ.Component{
			"verdict": views.VerdictWords(b.Verdict, b.Refusal), "aside": views.Words(b.Verdict.Aside), "numbers": views.TrainNumbers(b),
			"strip": views.TrainNetRows(b.Strip), "block": views.TrainNetUnitTable(b.Strip),
			"learnt": views.TrainLearntView(b), "ledger": views.TrainLedgerView(b),
			"curve-tabs": views.TrainTabs(b.CurveTabs), "gradient-tabs": views.TrainTabs(b.GradientTabs),
			"caption-" + b.Loss.ID: views.Words(b.Loss.Caption), "caption-" + b.Gradients.ID: views.Words(b.Gradients.Caption),
		},
		Figures: []views.Figure{b.Loss, b.Gradients},
		Answer:  func(d Drawn) any { return trainDrawn{d, b.Run, b.Refusal} },
	}
}

// trainPicture answers with what a finished run keeps, as one grey PNG of squares beside each other. It trains nothing: a run
// that is not known any more has no pictures.
func trainPicture(s *Site, w http.ResponseWriter, r *http.Request) error {
	c, v, errs := experiment.ParseTrainLab(web.Query(r))
	if errs != nil {
		return web.BadQuery(errs)
	}
	outcome, found := s.Runs.Finished(c)
	if !found {
		return web.NotFound
	}
	picture := board.TrainPicture(outcome, v, web.Path(r, "picture"))
	if picture == nil {
		return web.NotFound
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "private, max-age=300") // a run is what its query says, until a new version
	w.Write(b.Bytes())                                      // a visitor who hung up is no error of ours
	return nil
}

// withoutTwin takes the API's own parameter from a query: whether a stream brings the twin, 0 or 1.
func withoutTwin(query url.Values) (own url.Values, twin bool, errs experiment.FieldErrors) {
	own = maps.Clone(query)
	delete(own, "twin")
	given, asked := query["twin"]
	if asked && (len(given) != 1 || given[0] != "0" && given[0] != "1" && given[0] != "") {
		errs = experiment.FieldErrors{"twin": "must be 0 or 1"}
	}
	return own, asked && given[0] == "1", errs
}

func readTrain(query url.Values) ([]experiment.Field, experiment.FieldErrors) {
	c, errs := experiment.ParseTrain(query)
	return experiment.TrainTable().Fields(c), errs
}

// theRun is the one that a query names.
func theRun(query url.Values) []experiment.Run {
	c, _ := experiment.ParseTrain(query)
	return []experiment.Run{c}
}

// bothTwins are a run and its twin, where it has one, plain first.
func bothTwins(c experiment.Train) []experiment.Run {
	switch {
	case !c.HasTwin():
		return []experiment.Run{c}
	case c.Residual():
		return []experiment.Run{c.Twin(), c}
	}
	return []experiment.Run{c, c.Twin()}
}

func trainScript(link string, query url.Values, _ []*experiment.Outcome) export.Script {
	c, _ := experiment.ParseTrain(query)
	return export.Train(c, link)
}

// network is a run's net, which nothing is trained for.
func network() Experiment {
	return Experiment{
		Name: "network",
		Run:  readTrain,
		Result: func(query url.Values, _ []*experiment.Outcome) (any, error) {
			c, _ := experiment.ParseTrain(query)
			return board.NewNetworkResult(c), nil
		},
		Facts: func(query url.Values, _ []*experiment.Outcome) (any, error) {
			c, _ := experiment.ParseTrain(query)
			return board.NewNetworkFacts(c), nil
		},
		Doc: Doc{
			Shape:   board.NetworkResult{},
			Answer:  "The layers of a run’s net with shape, parameters and multiply-adds for one image, and the difference to the twin. Parameters are those of /api/train.",
			Example: "?net=deep&n=3&skip=B",
		},
	}
}
