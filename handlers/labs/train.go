package labs

import (
	"fmt"
	"io"
	"net/url"

	"gradlab/export"
	"gradlab/handlers/board"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
)

// train is the lab in which a network learns, beside its twin.
func train() Lab {
	e := Experiment{
		Name:  "train",
		Run:   readTrain,
		Takes: theRun,
		Result: func(_ url.Values, outcomes []*experiment.Outcome) (any, error) {
			return board.NewTrainResult(outcomes[0]), nil
		},
		Facts: func(_ url.Values, outcomes []*experiment.Outcome) (any, error) {
			return board.NewTrainFacts(outcomes[0]), nil
		},
		Doc: Doc{
			Answer:  "config, parameters, losses, first_step_grad_norms by PyTorch’s parameter names, and test {loss, accuracy}; diverged {step, message} where the run broke off. With Accept: text/event-stream, the run as it happens: events queued, start, step (at most thirty a second, no step lost), diverged, done, failed; twin=1 streams the twin too; a reader who comes back with Last-Event-ID goes on from there.",
			Example: "?net=notebook&steps=100",
			Fields:  groups(experiment.TrainTable().Fields(experiment.TrainTable().Default()), "net"),
		},
	}
	return Lab{
		Experiment: e,
		Menu:       "Training", Title: "Training", Noun: "training",
		Text: "The notebook’s CNN learns random labels: plain and residual side by side, step by step.", Start: "?depth=20&activation=tanh&steps=40",
		Sheet: "train", Parts: []string{"learnt", "ledger"},
		Page: func(query url.Values) Page {
			c, v, errs := experiment.ParseTrainLab(query)
			p := Page{
				Fields: append(experiment.TrainTable().Fields(c), experiment.TrainViewTable().Fields(v)...), Errs: errs,
				Run: c.Query(), Residual: c.Residual(),
			}
			if c.HasTwin() {
				p.Twin = v.Query(c.Twin())
			}
			return p
		},
		Trains: func(query url.Values) []experiment.Train {
			c, _, _ := experiment.ParseTrainLab(query)
			return bothTwins(c)
		},
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
			Takes: func(query url.Values) []experiment.Train {
				c, _ := experiment.ParseTrain(query)
				return bothTwins(c)
			},
			Write: func(w io.Writer, link string, query url.Values, outcomes []*experiment.Outcome) (string, error) {
				return trainScript(link, query, nil).Name(), export.TrainCSV(w, outcomes...)
			},
		}),
		More: []Experiment{network()},
	}
}

func readTrain(query url.Values) ([]experiment.Field, experiment.FieldErrors) {
	c, errs := experiment.ParseTrain(query)
	return experiment.TrainTable().Fields(c), errs
}

// theRun is the one that a query names.
func theRun(query url.Values) []experiment.Train {
	c, _ := experiment.ParseTrain(query)
	return []experiment.Train{c}
}

// bothTwins are a run and its twin, where it has one, plain first.
func bothTwins(c experiment.Train) []experiment.Train {
	switch {
	case !c.HasTwin():
		return []experiment.Train{c}
	case c.Residual():
		return []experiment.Train{c.Twin(), c}
	}
	return []experiment.Train{c, c.Twin()}
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
			Answer:  "The layers of a run’s net with shape, parameters and multiply-adds for one image, and the difference to the twin. Parameters are those of /api/train.",
			Example: "?net=deep&n=3&skip=B",
		},
	}
}
