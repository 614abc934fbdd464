package labs

import (
	"encoding/csv"
	"fmt"
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

// blocks is the lab in which trained nets lose blocks.
func blocks() Lab {
	e := Experiment{
		Name: "blocks",
		Run: func(query url.Values) ([]experiment.Field, experiment.FieldErrors) {
			c, errs := experiment.ParseBlocks(query)
			return experiment.BlocksTable().Fields(c), errs
		},
		Takes:  lesionedRuns,
		Sized:  true,
		Stream: streamBlocks,
		Work: func(query url.Values) float64 {
			c, _, _ := experiment.ParseBlocksLab(query)
			return c.Work()
		},
		Result: blocksResult,
		Facts:  blocksResult,
		Doc: Doc{
			Shape:   board.BlocksResult{},
			Answer:  "Of a plain and a residual net from the same weights: accuracy as trained (whole), with the given blocks out and swapped (accuracy), with each block out (singles), with every two swapped that can be (swaps), with random draws of several out (several); and of the residual net the gradients along its paths. Blocks are counted from 1. With Accept: text/event-stream, how far the training is: events queued, progress, done, failed.",
			Example: "?n=2&steps=64&out=3",
			Fields:  []Group{{}},
		},
	}
	return Lab{
		Experiment: e,
		Menu:       "Break a block", Title: "Break a block", Noun: "the broken nets",
		Text: "Take blocks out of a trained net: the plain one falls to chance, the residual one goes on.", Start: "?out=5",
		Script: "blocks.js", Sheet: "blocks", Parts: []string{"nets", "several", "paths"}, Hand: []string{"out", "swap"},
		Page:     blocksPage,
		Progress: workDone(lesionedRuns),
		Truths: []Truth{
			{Path: "plain.accuracy", Label: "blocks: the plain net’s accuracy as it stands, 0 to 1"},
			{Path: "residual.accuracy", Label: "blocks: the residual net’s accuracy as it stands, 0 to 1"},
			{Path: "plain.mean_single", Label: "blocks: the plain net’s mean accuracy with one block out, 0 to 1"},
			{Path: "residual.mean_single", Label: "blocks: the residual net’s mean accuracy with one block out, 0 to 1"},
		},
		Exports: ofTrained(files(e, lesionedRuns, blocksScript, Export{Ending: "csv", Takes: lesionedRuns, Write: blocksCSV})),
	}
}

func blocksPage(query url.Values) Page {
	c, v, errs := experiment.ParseBlocksLab(query)
	p := Page{
		Fields: append(experiment.BlocksTable().Fields(c), experiment.BlocksViewTable().Fields(v)...), Errs: errs, Run: c.Query(),
		Show: func(outcomes []*experiment.Outcome, errs experiment.FieldErrors) Shown {
			return showBlocks(c, v, errs, outcomes)
		},
	}
	if errs == nil {
		p.Trains = experiment.Runs(c.Runs()...)
	}
	return p
}

// A blocksDrawn is what the blocks' script gets.
type blocksDrawn struct {
	Drawn
	Run views.BlocksRun `json:"run"`
}

func showBlocks(c experiment.Blocks, v experiment.BlocksView, errs experiment.FieldErrors, outcomes []*experiment.Outcome) Shown {
	var p board.BlocksTwins
	if errs == nil && len(outcomes) == 2 {
		p = board.BlocksTwins{Plain: outcomes[0], Residual: outcomes[1]}
	}
	b := board.Blocks(c, v, errs, p)
	shown := Shown{
		Query: v.Query(c), Errs: errs, Known: b.Run.Known,
		Page: func(f views.Frame, press *views.Press) templ.Component {
			b := b
			b.Press = press
			form, hidden := board.BlocksControls(c, v, errs)
			return views.BlocksPage(views.Blocks{Frame: f, Controls: form, View: hidden, Board: b})
		},
		Parts: map[string]templ.Component{
			"verdict": views.VerdictWords(b.Verdict, b.Refusal), "aside": views.Words(b.Verdict.Aside), "clicks": views.BlocksClicks(b), "why": views.BlocksWhy(b), "numbers": views.BlocksNumbers(b),
		},
		Figures: b.Figures,
		Answer:  func(d Drawn) any { return blocksDrawn{d, b.Run} },
	}
	for _, net := range b.Nets {
		shown.Parts["said-"+net.Twin], shown.Parts["net-"+net.Twin] = views.BlocksSaid(net), views.BlocksNetView(net)
	}
	for _, f := range b.Figures {
		shown.Parts["caption-"+f.ID] = views.Words(f.Caption)
	}
	return shown
}

// lesionedRuns are the trainings of both nets, plain first.
func lesionedRuns(query url.Values) []experiment.Run {
	c, _ := experiment.ParseBlocks(query)
	return experiment.Runs(c.Runs()...)
}

func blocksResult(query url.Values, outcomes []*experiment.Outcome) (any, error) {
	if err := untrained(outcomes); err != nil {
		return nil, err
	}
	c, _ := experiment.ParseBlocks(query)
	return board.NewBlocksResult(c, outcomes), nil
}

// untrained says that a net has diverged, which no config can tell beforehand; nil where both can be broken.
func untrained(outcomes []*experiment.Outcome) error {
	if (board.BlocksTwins{Plain: outcomes[0], Residual: outcomes[1]}).Lesioned() {
		return nil
	}
	return &web.Problem{Status: http.StatusUnprocessableEntity, Heading: "Nothing to break", Text: board.BlocksDiverged}
}

// ofTrained refuses files of nets that diverged.
func ofTrained(files []Export) []Export {
	for i, file := range files {
		files[i].Write = func(w io.Writer, link string, query url.Values, outcomes []*experiment.Outcome) (string, error) {
			if err := untrained(outcomes); err != nil {
				return "", err
			}
			return file.Write(w, link, query, outcomes)
		}
	}
	return files
}

func blocksScript(link string, query url.Values, outcomes []*experiment.Outcome) export.Script {
	c, _ := experiment.ParseBlocks(query)
	return export.Blocks(c, outcomes, link)
}

// blocksCSV writes every accuracy that is known, one line each: the net, the blocks that are out, those that are swapped.
func blocksCSV(w io.Writer, link string, query url.Values, outcomes []*experiment.Outcome) (string, error) {
	c, _ := experiment.ParseBlocks(query)
	r := board.NewBlocksResult(c, outcomes)
	out := csv.NewWriter(w)
	out.Write([]string{"net", "out", "swapped", "accuracy"})
	for _, twin := range []struct {
		name string
		net  board.LesionedNet
	}{{"plain", r.Plain}, {"residual", r.Residual}} {
		write := func(blocks, swapped string, accuracy board.Float) {
			out.Write([]string{twin.name, blocks, swapped, export.Number(accuracy.Value, 64)})
		}
		for _, several := range twin.net.Several {
			for _, draw := range several.Draws {
				write(spaced(draw.Out), "", draw.Accuracy)
			}
		}
		for _, swap := range twin.net.Swaps {
			write("", fmt.Sprintf("%d-%d", swap.Swap[0][0], swap.Swap[0][1]), swap.Accuracy)
		}
	}
	out.Flush()
	return export.Blocks(c, outcomes, link).Name(), out.Error()
}

func spaced(blocks []int) string {
	text := ""
	for i, b := range blocks {
		if i > 0 {
			text += " "
		}
		text += strconv.Itoa(b)
	}
	return text
}

// streamBlocks tells how far the training of both nets is.
func streamBlocks(s *Site, w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseBlocks(web.Query(r))
	if errs != nil {
		return web.BadQuery(errs)
	}
	return s.streamGroup(w, r, experiment.Runs(config.Runs()...), func(_ *web.Events, outcomes []*experiment.Outcome) int { return countKnown(outcomes) })
}
