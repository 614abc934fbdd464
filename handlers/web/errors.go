package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gradlab/answers"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// A Problem is an error that a visitor may read.
type Problem struct {
	Status  int
	Heading string
	Text    string
	fields  experiment.FieldErrors // by field, of a bad query
}

func (p *Problem) Error() string { return fmt.Sprintf("%d: %s", p.Status, p.Text) }

var (
	NotFound         = &Problem{Status: http.StatusNotFound, Heading: "No such page", Text: "There is nothing at this address."}
	MethodNotAllowed = &Problem{Status: http.StatusMethodNotAllowed, Heading: "Not that way", Text: "This address does not answer to this method."}
	Retired          = &Problem{Status: http.StatusConflict, Heading: "Not kept", Text: "Meanwhile everything of yours was deleted, or another private link was made."}
	TooMany          = &Problem{Status: http.StatusTooManyRequests, Heading: "Slower, please", Text: "That was too often. Please wait a few seconds and try again."}
)

// BadQuery says what is wrong with the fields of a query.
func BadQuery(errs experiment.FieldErrors) *Problem {
	return &Problem{Status: http.StatusBadRequest, Heading: "Bad query", Text: "the query has bad fields: " + errs.Error(), fields: errs}
}

// A Handler answers a request, or returns an error before it has written anything.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Of adapts handlers of one thing, such as a lesson: find reads from the address which it is, and keeps out who may not come.
func Of[T any](find func(r *http.Request) (T, error)) func(serve func(w http.ResponseWriter, r *http.Request, it T) error) Handler {
	return func(serve func(w http.ResponseWriter, r *http.Request, it T) error) Handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			it, err := find(r)
			if err != nil {
				return err
			}
			return serve(w, r, it)
		}
	}
}

// An Adapter makes http handlers of handlers that return errors.
type Adapter struct {
	log      *slog.Logger
	stopping context.Context // ends when the server is about to stop: open streams are told and closed
	signOuts *SignOuts       // nil: no stream is anybody's
}

// NewAdapter returns one that logs there what no visitor may read.
func NewAdapter(log *slog.Logger, stopping context.Context) *Adapter {
	return &Adapter{log: log, stopping: stopping}
}

// enter lets a request in by the door, to its handler, and returns the form that it brought.
func enter(h Handler, w http.ResponseWriter, r *http.Request) (url.Values, error) {
	admitted, err := admit(r)
	if err != nil {
		if err == error(bodyOfGet) {
			w.Header().Set("Connection", "close") // what was announced is not waited for
			http.NewResponseController(w).SetReadDeadline(time.Now())
		}
		return nil, err
	}
	return Form(admitted), h(w, admitted)
}

// texts are the fields in which people write.
var texts = []string{"title", "text", "choices", "notes", "comment", "markdown"}

// written are the texts that a form brought.
func written(form url.Values) (all []string) {
	for _, name := range texts {
		for _, text := range form[name] {
			if strings.TrimSpace(text) != "" {
				all = append(all, Newlines(text))
			}
		}
	}
	return all
}

// Page adapts a handler whose errors are pages.
func (a *Adapter) Page(h Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		form, err := enter(h, w, r)
		if err == nil {
			return
		}
		p := a.ProblemOf(r, err)
		RetryLater(w, p)
		m := views.Message{Frame: Frame(r, p.Heading, ""), Heading: p.Heading, Text: p.Text, Written: written(form), RequestID: RequestID(r)}
		if r.Method == http.MethodGet && (p.Status >= 500 || p.Status == http.StatusTooManyRequests) { // it may be another answer the next time
			m.Again = LocalPath(m.Frame.Path)
		}
		Render(w, r, p.Status, views.MessagePage(m))
	}
}

// API adapts a handler whose errors are JSON.
func (a *Adapter) API(h Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, err := enter(h, w, r)
		if err == nil {
			return
		}
		p := a.ProblemOf(r, err)
		RetryLater(w, p)
		body := Refusal{Error: p.Text, Fields: p.fields}
		if p.Status >= 500 {
			body.Request = RequestID(r)
		}
		WriteJSON(w, p.Status, body)
	}
}

// Scripted adapts a handler that serves a form and a script alike: its errors are JSON for the script, pages for the form.
func (a *Adapter) Scripted(h Handler) http.HandlerFunc {
	page, api := a.Page(h), a.API(h)
	return func(w http.ResponseWriter, r *http.Request) {
		if WantsJSON(r) {
			api(w, r)
			return
		}
		page(w, r)
	}
}

// WantsJSON says whether a script asks, not a form.
func WantsJSON(r *http.Request) bool { return r.Header.Get("Accept") == "application/json" }

// ProblemOf finds what may be shown of an error. Other errors are logged in full and shown as a neutral sentence.
func (a *Adapter) ProblemOf(r *http.Request, err error) *Problem {
	var p *Problem
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &tooLarge):
		return &Problem{Status: http.StatusRequestEntityTooLarge, Heading: "Too much text",
			Text: fmt.Sprintf("What was sent is larger than the %d kB that an answer can need. Nothing was saved; go back to find your text.", tooLarge.Limit>>10)}
	case errors.Is(err, answers.ErrRetired):
		return Retired
	case errors.Is(err, answers.ErrRevision):
		return BadRevision
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		return &Problem{Status: 499, Heading: "Gone", Text: "The visitor hung up."} // nobody reads it; nginx's code
	}
	if p := Declined(err); p != nil {
		return p
	}
	if p := Outage(err); p != nil {
		a.log.ErrorContext(r.Context(), "the store cannot do its work", "request", RequestID(r), "method", r.Method, "path", r.URL.Path, "err", err)
		return p
	}
	a.log.ErrorContext(r.Context(), "request failed", "request", RequestID(r), "method", r.Method, "path", r.URL.Path, "err", err)
	return &Problem{Status: http.StatusInternalServerError, Heading: "Something went wrong",
		Text: "The server could not do this. It was written down under the number below; please try again."}
}
