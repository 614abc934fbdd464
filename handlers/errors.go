package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"gradlab/mlcore/experiment"
	"gradlab/store"
	"gradlab/views"
)

// A problem is an error that a visitor may read.
type problem struct {
	status  int
	heading string
	text    string
	fields  experiment.FieldErrors // by field, of a bad query
}

func (p *problem) Error() string { return fmt.Sprintf("%d: %s", p.status, p.text) }

var (
	notFound         = &problem{status: http.StatusNotFound, heading: "No such page", text: "There is nothing at this address."}
	methodNotAllowed = &problem{status: http.StatusMethodNotAllowed, heading: "Not that way", text: "This address does not answer to this method."}
)

func badQuery(errs experiment.FieldErrors) *problem {
	return &problem{status: http.StatusBadRequest, heading: "Bad query", text: "the query has bad fields: " + errs.Error(), fields: errs}
}

// A handler answers a request, or returns an error before it has written anything.
type handler func(w http.ResponseWriter, r *http.Request) error

// enter lets a request in by the door, to its handler.
func enter(h handler, w http.ResponseWriter, r *http.Request) error {
	admitted, err := admit(r)
	if err != nil {
		if err == error(bodyOfGet) {
			w.Header().Set("Connection", "close") // what was announced is not waited for
			http.NewResponseController(w).SetReadDeadline(time.Now())
		}
		return err
	}
	return h(w, admitted)
}

// page adapts a handler whose errors are pages.
func (s *site) page(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := enter(h, w, r)
		if err == nil {
			return
		}
		p := s.problemOf(r, err)
		retryLater(w, p)
		s.render(w, r, p.status, views.MessagePage(views.Message{
			Frame: frame(r, p.heading, ""), Heading: p.heading, Text: p.text, RequestID: idOf(r),
		}))
	}
}

// api adapts a handler whose errors are JSON: {error, fields}.
func (s *site) api(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := enter(h, w, r)
		if err == nil {
			return
		}
		p := s.problemOf(r, err)
		retryLater(w, p)
		body := map[string]any{"error": p.text}
		if p.fields != nil {
			body["fields"] = p.fields
		}
		if p.status >= 500 {
			body["request"] = idOf(r)
		}
		writeJSON(w, p.status, body)
	}
}

// problemOf finds what may be shown of an error. Other errors are logged in full and shown as a neutral sentence.
func (s *site) problemOf(r *http.Request, err error) *problem {
	var p *problem
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &tooLarge):
		return &problem{status: http.StatusRequestEntityTooLarge, heading: "Too much text",
			text: fmt.Sprintf("What was sent is larger than the %d kB that an answer can need. Nothing was saved; go back to find your text.", tooLarge.Limit>>10)}
	case errors.Is(err, store.ErrRevision):
		return badRevision
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		return &problem{status: 499, heading: "Gone", text: "The visitor hung up."} // nobody reads it; nginx's code
	}
	if p := declined(err); p != nil {
		return p
	}
	if p := outage(err); p != nil {
		s.Log.ErrorContext(r.Context(), "the store cannot do its work", "request", idOf(r), "method", r.Method, "path", r.URL.Path, "err", err)
		return p
	}
	s.Log.ErrorContext(r.Context(), "request failed", "request", idOf(r), "method", r.Method, "path", r.URL.Path, "err", err)
	return &problem{status: http.StatusInternalServerError, heading: "Something went wrong",
		text: "The server could not do this. It was written down under the number below; please try again."}
}
