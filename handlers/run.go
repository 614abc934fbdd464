package handlers

import (
	"net/http"
	"net/url"
	"strings"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/store"
	"gradlab/views"
)

// readRun reads what a visitor gives as a run: a link to one of our labs, with or without the address of the site. It
// returns the lab's path and query; "" of nothing.
func (s *site) readRun(r *http.Request, text string) (string, error) {
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
	if _, _, found := s.Labs.At(path); !found {
		return "", bad
	}
	if err != nil || len(run) > store.MaxRun {
		return "", bad
	}
	return run, nil
}

// chainPicture draws a chain small: the bars of its gradients, plain and residual, as the lab draws them large.
func (s *site) chainPicture(w http.ResponseWriter, r *http.Request) error {
	config, _ := experiment.ParseChain(web.Query(r))
	picture, err := web.Markup(r.Context(), views.ChainPicture(board.ChainPicture(config)))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	w.Write([]byte(picture))
	return nil
}
