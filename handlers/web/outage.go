package web

import (
	"errors"
	"net/http"

	"gradlab/store"
)

// outages are the troubles of the store that pass, or that whoever runs the site can end, as a visitor reads them.
var outages = []struct {
	err error
	Problem
}{
	{store.ErrUnavailable, Problem{Status: http.StatusServiceUnavailable, Heading: "Back in a moment",
		Text: "The server cannot reach its database just now. What was saved is safe; please try again in a moment. The labs work meanwhile."}},
	{store.ErrBusy, Problem{Status: http.StatusServiceUnavailable, Heading: "Back in a moment",
		Text: "The server’s database is busy just now. Please try again in a moment."}},
	{store.ErrFull, Problem{Status: http.StatusServiceUnavailable, Heading: "No room left",
		Text: "The server’s disk is full, so nothing can be saved. What was saved is safe; please tell whoever runs this site."}},
	{store.ErrReadOnly, Problem{Status: http.StatusServiceUnavailable, Heading: "Nothing can be saved",
		Text: "The server may not write to its database. What was saved is safe; please tell whoever runs this site."}},
	{store.ErrNotADatabase, Problem{Status: http.StatusServiceUnavailable, Heading: "The database is damaged",
		Text: "The server’s database is damaged, so this cannot be read or saved. Please tell whoever runs this site."}},
	{store.ErrDisk, Problem{Status: http.StatusServiceUnavailable, Heading: "The disk fails",
		Text: "The server’s disk cannot be read or written just now. Please tell whoever runs this site."}},
}

// Outage is what may be shown of an error of the store, nil where the error is something else.
func Outage(err error) *Problem {
	for _, o := range outages {
		if errors.Is(err, o.err) {
			return &o.Problem
		}
	}
	return nil
}

// RetryLater tells programs, and balancers, when to come again after an outage.
func RetryLater(w http.ResponseWriter, p *Problem) {
	if p.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "2")
	}
}
