package plan

import (
	"fmt"
	"strconv"
	"strings"

	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// An Explored is a run that may be submitted to an exploration.
type Explored struct {
	experiment.Run
	Path string // of its lab, with the query that says no more than the run needs: equal runs have equal paths
}

// Exploration finds the run that the lab at an address trains for an exploration, or says why it takes none.
func (s Desk) Exploration(stop classroom.Stop, path string) (Explored, error) {
	lab, query, found := s.Labs.At(path)
	start, _, _ := s.Labs.At(stop.Path)
	refuse := func(format string, args ...any) (Explored, error) {
		return Explored{}, &classroom.RefusedError{Field: "path", Reason: fmt.Sprintf(format, args...)}
	}
	if !found || lab.Takes == nil {
		return refuse("this is no lab that trains a network")
	}
	if lab.Name != start.Name {
		return refuse("this is explored in another lab: /labs/%s", start.Name)
	}
	page := lab.Page(query)
	for name, reason := range page.Errs {
		return refuse("this cannot be run: %s %s", name, reason)
	}
	runs := lab.Takes(page.Run)
	if len(runs) != 1 {
		return refuse("this lab trains more than one network at a time, so that no run has the goal’s number: explore /labs/train")
	}
	if cost := runs[0].Cost(); stop.Budget > 0 && cost > stop.Budget {
		return refuse("this takes %s multiply-adds, and the budget is %s: take fewer steps, fewer layers or a smaller batch", board.Quantity(cost), board.Quantity(stop.Budget))
	}
	return Explored{runs[0], views.Href("/labs/"+lab.Name, page.Run)}, nil
}

// Length is how many steps the lab at an address trains its network; 0 where it trains none, or several.
func (s Desk) Length(path string) int {
	run, err := s.Exploration(classroom.Stop{Path: path}, path)
	if err != nil {
		return 0
	}
	return run.Length()
}

// readExploration reads what is particular to an exploration.
func (s Desk) readExploration(stop *classroom.Stop, goal, budget string) error {
	stop.Goal = classroom.Goal(goal)
	if budget = strings.TrimSpace(budget); budget != "" {
		var err error
		if stop.Budget, err = strconv.ParseFloat(budget, 64); err != nil || !(stop.Budget > 0) {
			return &classroom.RefusedError{Field: "budget", Reason: "the budget is a number of multiply-adds above 0, such as 2e9"}
		}
	}
	if stop.Path == "" {
		return nil // Checked says so
	}
	_, err := s.Exploration(*stop, stop.Path)
	return err
}
