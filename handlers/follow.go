package handlers

import (
	"context"
	"fmt"

	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
)

// follow joins a run for the reader of a context. A run that is on the stage of a class is the class's, whoever looks at it.
func (s *site) follow(ctx context.Context, config experiment.Train) (*runner.Follower, error) {
	return s.Runs.Follow(s.readerFor(ctx, config), config)
}

// followAll joins the runs of one experiment, as follow does.
func (s *site) followAll(ctx context.Context, configs []experiment.Train) *runner.Group {
	return s.Runs.FollowAll(s.readerFor(ctx, configs...), configs)
}

func (s *site) readerFor(ctx context.Context, configs ...experiment.Train) runner.Reader {
	if len(configs) > 0 {
		if class := s.class.ClassOf(configs[0]); class != "" {
			return runner.Reader{Key: class, Class: true}
		}
	}
	return web.Reader(ctx)
}

// train trains for a lesson, or finds the run among those that are known.
func (s *site) train(ctx context.Context, run experiment.Train) (*experiment.Outcome, error) {
	outcomes, err := s.finish(ctx, run)
	if err != nil {
		return nil, err
	}
	return outcomes[0], nil
}

// waitWords tells a reader where a run stands, and why it waits.
func waitWords(v runner.View) string {
	for_ := "for a free core"
	if v.Crowded {
		for_ = "for memory that other runs hold"
	}
	switch {
	case v.Paused:
		return "Your run pauses while others go first; it will go on by itself."
	case v.Place == 1:
		return "Your run is next; it is waiting " + for_ + "."
	}
	return fmt.Sprintf("Your run is %s in line, waiting %s; shorter runs go first.", ordinal(v.Place), for_)
}

// ordinal is a number as a place in a line: 1st, 2nd, 3rd, 4th, 11th, 21st.
func ordinal(n int) string {
	suffix := "th"
	if tens := n / 10 % 10; tens != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprint(n, suffix)
}
