package handlers

import (
	"errors"
	"net/http"

	"gradlab/store"
)

// outages are the troubles of the store that pass, or that whoever runs the site can end, as a visitor reads them.
var outages = []struct {
	err error
	problem
}{
	{store.ErrUnavailable, problem{status: http.StatusServiceUnavailable, heading: "Back in a moment",
		text: "The server cannot reach its database just now. What was saved is safe; please try again in a moment. The labs work meanwhile."}},
	{store.ErrBusy, problem{status: http.StatusServiceUnavailable, heading: "Back in a moment",
		text: "The server’s database is busy just now. Please try again in a moment."}},
	{store.ErrFull, problem{status: http.StatusServiceUnavailable, heading: "No room left",
		text: "The server’s disk is full, so nothing can be saved. What was saved is safe; please tell whoever runs this site."}},
	{store.ErrReadOnly, problem{status: http.StatusServiceUnavailable, heading: "Nothing can be saved",
		text: "The server may not write to its database. What was saved is safe; please tell whoever runs this site."}},
	{store.ErrNotADatabase, problem{status: http.StatusServiceUnavailable, heading: "The database is damaged",
		text: "The server’s database is damaged, so this cannot be read or saved. Please tell whoever runs this site."}},
	{store.ErrDisk, problem{status: http.StatusServiceUnavailable, heading: "The disk fails",
		text: "The server’s disk cannot be read or written just now. Please tell whoever runs this site."}},
}

// outage is what may be shown of an error of the store, nil where the error is something else.
func outage(err error) *problem {
	for _, o := range outages {
		if errors.Is(err, o.err) {
			return &o.problem
		}
	}
	return nil
}

// retryLater tells programs, and balancers, when to come again after an outage.
func retryLater(w http.ResponseWriter, p *problem) {
	if p.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "2")
	}
}
