package handlers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"gradlab/classroom"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
)

type readerKey struct{}

// asVisitor says for whom a request's runs are followed: the visitor of its cookie. Scripts have none, and share the cores as
// one for each address that they come from.
func asVisitor(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reader := runner.Reader{Key: visitorOf(r)}
		if reader.Key == "" {
			if reader.Key, _, _ = net.SplitHostPort(r.RemoteAddr); reader.Key == "" {
				reader.Key = r.RemoteAddr
			}
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), readerKey{}, reader)))
	})
}

// asClass has runs followed for a class: while it is on, its truths come first.
func asClass(ctx context.Context, c classroom.Class) context.Context {
	if c.Public(time.Now()).Ended {
		return ctx
	}
	return context.WithValue(ctx, readerKey{}, runner.Reader{Key: c.ID, Class: true})
}

// readerOf is for whom runs are followed.
func readerOf(ctx context.Context) runner.Reader {
	reader, _ := ctx.Value(readerKey{}).(runner.Reader)
	return reader
}

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
		if class := s.stages.class(configs[0]); class != "" {
			return runner.Reader{Key: class, Class: true}
		}
	}
	return readerOf(ctx)
}

// declined is what may be shown of a run that the scheduler refuses, nil where the error is something else.
func declined(err error) *problem {
	var large runner.TooLarge
	switch {
	case errors.Is(err, runner.ErrBusy):
		return &problem{status: http.StatusServiceUnavailable, heading: "Busy",
			text: "Too many runs are waiting, and this one would be the last of them. Please try again in a minute; shorter runs are served sooner."}
	case errors.Is(err, runner.ErrOwn):
		return &problem{status: http.StatusTooManyRequests, heading: "Too many at once",
			text: "Too many runs of yours are under way. Wait for one of them to end, or close its page."}
	case errors.As(err, &large):
		return &problem{status: http.StatusUnprocessableEntity, heading: "Too large",
			text: fmt.Sprintf("This run needs %d MB of memory, and this server gives one run %d MB at most. Lower the batch, the width or the depth.", large.Need>>20, large.Most>>20)}
	}
	return nil
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
