package handlers

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"gradlab/export"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// cheapSweep is what a sweep may cost, in multiply-adds, to be computed without being asked: about a second on two cores.
const cheapSweep = 8e9

// sweepPage is /labs/sweep. A cheap sweep is computed for it; of others it shows what is known.
func (s *site) sweepPage(w http.ResponseWriter, r *http.Request) error { return s.showSweep(w, r, "") }

// showSweep is /labs/sweep; progress is how far a sweep is that was started without scripts.
func (s *site) showSweep(w http.ResponseWriter, r *http.Request, progress string) error {
	web.EnsureVisitor(w, r) // whose share of the cores the runs of this page take
	config, errs := s.parseSweep(web.Query(r))
	if plan := config.Plan(); errs == nil && plan.Cost() <= cheapSweep {
		ctx, cancel := context.WithTimeout(r.Context(), cheapTime)
		defer cancel()
		group := s.followAll(ctx, runsOf(plan))
		defer group.Close()
		group.Wait(ctx) // what is not there in time is streamed
	}
	w, end, err := s.turn(w, r)
	if err != nil {
		return err
	}
	defer end()
	form, together := board.SweepControls(config, errs)
	shown := s.sweepBoardView(config, errs)
	shown.Press = pressOf(shown.Run.Known == shown.Run.Of, errs != nil, progress)
	return web.Render(w, r, http.StatusOK, views.SweepPage(views.Sweep{
		Frame:    web.Frame(r, "Sweep", "sweep", "sweep.js"),
		Controls: form,
		Together: together,
		Show:     config.Show,
		Tabs:     board.SweepTabs(config),
		Remedies: board.SweepRemedies(config, errs),
		Board:    shown,
	}))
}

// sweepBoard answers the script of the sweep lab: what is known of a sweep, rendered. It trains nothing.
func (s *site) sweepBoard(w http.ResponseWriter, r *http.Request) error {
	config, errs := s.parseSweep(web.Query(r))
	board := s.sweepBoardView(config, errs)
	if errs == nil && board.Run.Known == board.Run.Of { // every run has ended
		web.Keep(r)
	}
	parts := map[string]string{}
	shown := map[string]templ.Component{
		"verdict": views.SweepVerdict(board), "grid": views.SweepCells(board), "numbers": views.SweepNumbers(board),
	}
	if board.Figure != nil {
		shown["keys"] = views.SweepKeys(board)
	}
	for name, part := range shown {
		html, err := web.Markup(r.Context(), part)
		if err != nil {
			return err
		}
		parts[name] = html
	}
	figures := map[string]any{}
	if board.Figure != nil {
		figures[board.Figure.ID] = map[string]any{"option": board.Figure.Option, "label": board.Figure.Label}
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{
		"query": config.Query().Encode(), "run": board.Run, "figures": figures, "parts": parts, "errors": errs,
	})
}

// apiSweep computes a sweep and answers with its points, or with a stream of them where the request accepts one.
func (s *site) apiSweep(w http.ResponseWriter, r *http.Request) error {
	query := web.Query(r)
	streams := strings.Contains(r.Header.Get("Accept"), "text/event-stream")
	after := r.Header.Get("Last-Event-ID")
	if after == "" {
		after = query.Get("after")
	}
	own := url.Values{}
	for name, values := range query {
		if name != "after" || !streams {
			own[name] = values
		}
	}
	config, errs := s.parseSweep(own)
	if errs != nil {
		return web.BadQuery(errs)
	}
	if streams {
		return s.streamSweep(w, r, config, after)
	}
	plan := config.Plan()
	outcomes, err := s.finishSweep(r, plan)
	if err != nil {
		return err
	}
	w, end, err := s.turn(w, r)
	if err != nil {
		return err
	}
	defer end()
	web.Keep(r)
	return web.WriteJSON(w, http.StatusOK, board.NewSweepResult(config, outcomes))
}

// sweepCSV writes a sweep, one line a point: line, depth, first_grad_norm, loss ("nan" where the run diverged) and the
// query of its run.
func (s *site) sweepCSV(w http.ResponseWriter, r *http.Request) error {
	config, errs := s.parseSweep(web.Query(r))
	if errs != nil {
		return web.BadQuery(errs)
	}
	plan := config.Plan()
	outcomes, err := s.finishSweep(r, plan)
	if err != nil {
		return err
	}
	w, end, err := s.turn(w, r)
	if err != nil {
		return err
	}
	defer end()
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	out.Write([]string{"line", "depth", "first_grad_norm", "loss", "run"})
	for i, p := range plan.Points {
		reading := experiment.Read(outcomes[i])
		out.Write([]string{
			plan.Lines[p.Line].ID, strconv.Itoa(p.Depth), export.Number(reading.Gradient, board.Bits(p.Run.DType)), export.Number(reading.Loss, 64), p.Run.Query().Encode(),
		})
	}
	out.Flush() // a buffer takes every write
	web.SendFile(w, "sweep-"+config.Show+".csv", b.Bytes())
	return nil
}

// finishSweep trains the runs of a plan to the end, however long that takes.
func (s *site) finishSweep(r *http.Request, plan experiment.Plan) ([]*experiment.Outcome, error) {
	group := s.followAll(r.Context(), runsOf(plan))
	defer group.Close()
	return group.Wait(r.Context())
}

// runsOf are the runs of a plan, in order.
func runsOf(plan experiment.Plan) []experiment.Train {
	runs := make([]experiment.Train, len(plan.Points))
	for i, p := range plan.Points {
		runs[i] = p.Run
	}
	return runs
}

// sweepBoardView shows a config, and as much of its result as is known. It trains nothing.
func (s *site) sweepBoardView(config experiment.Sweep, errs experiment.FieldErrors) views.SweepBoard {
	plan := config.Plan()
	outcomes := make([]*experiment.Outcome, len(plan.Points))
	for i, p := range plan.Points {
		outcomes[i], _ = s.Runs.Finished(p.Run)
	}
	return board.Sweep(config, errs, outcomes, plan.Cost() <= cheapSweep)
}
