package handlers

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gradlab/mlcore/experiment"
	"gradlab/mlcore/nn"
	"gradlab/views"
	"gradlab/views/chart"
)

const (
	// cheapCost is what a run may cost, in multiply-adds, to be trained for a page without being asked.
	cheapCost = 3e9
	// cheapTime bounds the wait for it: the page comes without the result if the machine is busy.
	cheapTime = 1500 * time.Millisecond
	// embeddedNumbers bounds how much of a finished run comes with the page; more is streamed when the reader runs it.
	embeddedNumbers = 40_000
	// tableRows bounds the table of steps.
	tableRows = 101
)

// pair are a run and its twin, as far as they are known: nil while not trained. Without a twin both are the same run.
type pair struct{ plain, residual *experiment.Outcome }

func (p pair) known() bool { return p.plain != nil && p.residual != nil }

// outcomes looks a run and its twin up, and trains them where that is cheap.
func (s *site) outcomes(ctx context.Context, config experiment.Train) pair {
	ctx, cancel := context.WithTimeout(ctx, cheapTime)
	defer cancel()
	find := func(c experiment.Train) *experiment.Outcome {
		if o, found := s.Runs.Finished(c); found || c.Cost() > cheapCost {
			return o
		}
		follower, err := s.Runs.Follow(c)
		if err != nil {
			return nil
		}
		defer follower.Close()
		o, _ := follower.Wait(ctx)
		return o
	}
	own, twin := find(config), (*experiment.Outcome)(nil)
	if twin = own; config.HasTwin() {
		twin = find(config.Twin())
	}
	if config.Residual() {
		return pair{plain: twin, residual: own}
	}
	return pair{plain: own, residual: twin}
}

// trainBoardView shows a config, and its run where it is known.
func (s *site) trainBoardView(r *http.Request, config experiment.Train, errs experiment.FieldErrors) views.TrainBoard {
	query := config.Query()
	board := views.TrainBoard{
		APILink: link("/api/train", query),
		Run:     views.TrainRun{Steps: config.Steps, Twins: config.HasTwin(), Subject: laneName(config)},
	}
	var p pair
	if errs == nil {
		board.Exports = exports("train", query)
		query.Set("twin", "1")
		board.Run.Stream = link("/api/train", query)
		board.Verdict = trainInvitation(config)
		p = s.outcomes(r.Context(), config)
	} else {
		board.Refusal = refusalOf(config, errs)
	}
	if p.known() {
		board.Verdict = trainVerdict(config, p)
		board.Numbers = stepRows(config, p)
		board.KernelsAt = learntKernelsAt(config, p)
		if numbers := config.Steps * (4 + len(p.plain.Info.Layers)); numbers <= embeddedNumbers {
			bits := bitsOf(config.DType)
			board.Run.Finished = map[string]any{"plain": stepsJSON(p.plain.Steps, bits)}
			if config.HasTwin() {
				board.Run.Finished["residual"] = stepsJSON(p.residual.Steps, bits)
			}
		}
	}
	if errs == nil {
		board.Run.Layers = config.Layers()
		board.Layers, board.LedgerNote = ledgerRows(config.Ledger()), ledgerNote(config)
	}
	board.Loss = lossFigure(config, p, board.Verdict)
	board.Gradients = gradientFigure(config, board.Run.Layers, p)
	return board
}

// refusalOf names the fields that keep a config from being run.
func refusalOf(config experiment.Train, errs experiment.FieldErrors) string {
	var parts []string
	for _, f := range experiment.TrainTable().Fields(config) {
		if message := errs[f.Name]; message != "" {
			parts = append(parts, f.Label+" "+message+".")
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "This cannot run. " + strings.Join(parts, " ")
}

// ledgerRows are a net's layers with what they cost; activations, which cost nothing that is counted, are left out.
func ledgerRows(ledger nn.Ledger) []views.LayerRow {
	var rows []views.LayerRow
	for _, layer := range ledger {
		if layer.Parameters == 0 && strings.HasPrefix(layer.Kind, "activation") {
			continue
		}
		shape := make([]string, len(layer.Output))
		for i, n := range layer.Output {
			shape[i] = strconv.Itoa(n)
		}
		rows = append(rows, views.LayerRow{Name: layer.Name, Kind: layer.Kind, Shape: strings.Join(shape, " × "),
			Parameters: grouped(int64(layer.Parameters)), MultiplyAdds: grouped(layer.MultiplyAdds)})
	}
	return rows
}

// ledgerNote compares a net's parameters with its twin's.
func ledgerNote(config experiment.Train) views.Text {
	own := config.Ledger()
	note := views.T(fmt.Sprintf("%s parameters, %s multiply-adds an image.", grouped(int64(own.Parameters())), grouped(own.MultiplyAdds())))
	if !config.HasTwin() {
		return note
	}
	plain, residual := config, config.Twin()
	if config.Residual() {
		plain, residual = residual, plain
	}
	extra := int64(residual.Ledger().Parameters() - plain.Ledger().Parameters())
	return views.Join(note, views.T(" The "), views.Residual("residual"), views.T(" net has "), views.Strong(grouped(extra)),
		views.T(" parameters more than the "), views.Plain("plain"), views.T(" one."))
}

// grouped writes a count with thin spaces between thousands.
func grouped(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10)
	}
	return fmt.Sprintf("%s %03d", grouped(n/1000), n%1000)
}

// lossFigure draws the losses of both twins over the steps, on the training and on the test images.
func lossFigure(config experiment.Train, p pair, verdict views.Text) views.Figure {
	series := []chart.Series{
		{ID: "plain", Name: "plain", Values: losses(p.plain)}, {ID: "plain-test", Name: "plain, test", Values: testLosses(p.plain)},
	}
	if config.HasTwin() {
		series = append(series, chart.Series{ID: "residual", Name: "residual", Values: losses(p.residual)},
			chart.Series{ID: "residual-test", Name: "residual, test", Values: testLosses(p.residual)})
	}
	return views.Figure{
		ID: "loss", Height: "short", Keys: keysOf(config),
		Caption: views.T("Cross-entropy loss: training batch (line), test images (dashed)"),
		Option:  chart.LinesByStep("training step", "loss", series...),
		Label:   "Lines of the loss over the training steps, plain and residual, on training and test images. " + verdict.String(),
	}
}

// gradientFigure draws the gradient of each layer's weights at one step; the script moves it through the steps.
func gradientFigure(config experiment.Train, layers []string, p pair) views.Figure {
	series := []chart.Series{{ID: "plain", Name: "plain", Values: lastGradients(p.plain)}}
	if config.HasTwin() {
		series = append(series, chart.Series{ID: "residual", Name: "residual", Values: lastGradients(p.residual)})
	}
	return views.Figure{
		ID: "gradients", Height: "short", Keys: keysOf(config),
		Caption: views.T("Gradient of each layer’s weights, L2 norm, at the step shown"),
		Option:  chart.BarsByLayer(layers, "weighted layer, from the input to the output", series...),
		Label:   "Bars of the gradient norm of each layer’s weights at the step shown, plain and residual, on a logarithmic axis.",
	}
}

// keysOf are the twins that a run's figures show.
func keysOf(config experiment.Train) []string {
	if config.HasTwin() {
		return bothTwins
	}
	return []string{laneName(config)}
}

func losses(o *experiment.Outcome) []float64 {
	if o == nil {
		return nil
	}
	values := make([]float64, len(o.Steps))
	for i, step := range o.Steps {
		values[i] = step.Loss
	}
	return values
}

// testLosses are the test losses by step, NaN where a step has none; the last is after the last update.
func testLosses(o *experiment.Outcome) []float64 {
	if o == nil {
		return nil
	}
	values := make([]float64, len(o.Steps), len(o.Steps)+1)
	for i, step := range o.Steps {
		values[i] = math.NaN()
		if step.Test != nil {
			values[i] = step.Test.Loss
		}
	}
	return append(values, o.Test.Loss)
}

func lastGradients(o *experiment.Outcome) []float64 {
	if o == nil {
		return nil
	}
	return o.Steps[len(o.Steps)-1].GradNorms
}

// stepRows is the table of a finished run, thinned where it is long.
func stepRows(config experiment.Train, p pair) []views.StepRow {
	n := max(len(p.plain.Steps), len(p.residual.Steps))
	every := (n + tableRows - 1) / tableRows
	var rows []views.StepRow
	for i := 0; i < n; i += every {
		row := views.StepRow{Step: i, Plain: stepCells(p.plain, i)}
		if config.HasTwin() {
			row.Residual = stepCells(p.residual, i)
		}
		rows = append(rows, row)
	}
	end := views.StepRow{Step: n, Plain: testCells(p.plain.Test)}
	if config.HasTwin() {
		end.Residual = testCells(p.residual.Test)
	}
	return append(rows, end)
}

func stepCells(o *experiment.Outcome, i int) views.StepCells {
	if i >= len(o.Steps) {
		return views.StepCells{}
	}
	step := o.Steps[i]
	cells := views.StepCells{}
	if step.Test != nil {
		cells = testCells(*step.Test)
	}
	cells.Loss, cells.Accuracy = views.Num(step.Loss, 4), views.T(percent(step.Accuracy))
	return cells
}

func testCells(e experiment.Evaluation) views.StepCells {
	return views.StepCells{TestLoss: views.Num(e.Loss, 4), TestAccuracy: views.T(percent(e.Accuracy))}
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }
