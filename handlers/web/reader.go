package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"gradlab/mlcore/runner"
)

type readerKey struct{}

// AsVisitor says for whom a request's runs are followed: the visitor of its cookie. Scripts have none, and share the cores as
// one for each address that they come from.
func AsVisitor(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reader := runner.Reader{Key: Visitor(r)}
		if reader.Key == "" {
			if reader.Key, _, _ = net.SplitHostPort(r.RemoteAddr); reader.Key == "" {
				reader.Key = r.RemoteAddr
			}
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), readerKey{}, reader)))
	})
}

// WithReader is a context whose runs are followed for another reader.
func WithReader(ctx context.Context, reader runner.Reader) context.Context {
	return context.WithValue(ctx, readerKey{}, reader)
}

// Reader is for whom runs are followed.
func Reader(ctx context.Context) runner.Reader {
	reader, _ := ctx.Value(readerKey{}).(runner.Reader)
	return reader
}

// Declined is what may be shown of a run that the scheduler refuses, nil where the error is something else.
func Declined(err error) *Problem {
	var large runner.TooLarge
	switch {
	case errors.Is(err, runner.ErrBusy):
		return &Problem{Status: http.StatusServiceUnavailable, Heading: "Busy",
			Text: "Too many runs are waiting, and this one would be the last of them. Please try again in a minute; shorter runs are served sooner."}
	case errors.Is(err, runner.ErrOwn):
		return &Problem{Status: http.StatusTooManyRequests, Heading: "Too many at once",
			Text: "Too many runs of yours are under way. Wait for one of them to end, or close its page."}
	case errors.As(err, &large):
		return &Problem{Status: http.StatusUnprocessableEntity, Heading: "Too large",
			Text: fmt.Sprintf("This run needs %d MB of memory, and this server gives one run %d MB at most. Lower the batch, the width or the depth.", large.Need>>20, large.Most>>20)}
	}
	return nil
}
