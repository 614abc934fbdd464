package study

import (
	"net/http"
	"net/url"
	"strings"

	"gradlab/answers"
	"gradlab/handlers/labs"
	"gradlab/handlers/web"
	"gradlab/views"
)

// ReadRun reads what a visitor gives as a run: a link to one of our labs, with or without the address of the site. It
// returns the lab's path and query; "" of nothing.
func ReadRun(all labs.Labs, r *http.Request, text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	bad := &web.Problem{Status: http.StatusUnprocessableEntity, Heading: "No such run",
		Text: "A run is the link of one of the labs here, such as /labs/chain?depth=20. Open the lab, set it, and copy its link."}
	u, err := url.Parse(text)
	if err != nil || u.Host != "" && u.Host != r.Host || u.User != nil {
		return "", bad
	}
	path := strings.TrimSuffix(u.Path, "/")
	query, err := web.ParseQuery(u.RawQuery)
	run := views.Href(path, query)
	if _, _, found := all.At(path); !found {
		return "", bad
	}
	if err != nil || len(run) > answers.MaxRun {
		return "", bad
	}
	return run, nil
}
