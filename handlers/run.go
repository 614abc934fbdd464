package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/store"
	"gradlab/views"
)

// runLabs are the labs whose state can stand beside an answer.
var runLabs = map[string]string{"/labs/chain": "the chain", "/labs/train": "training", "/labs/sweep": "the sweep", "/labs/kernels": "kernels"}

// readRun reads what a visitor gives as a run: a link to one of our labs, with or without the address of the site. It
// returns the lab's path and query; "" of nothing.
func readRun(r *http.Request, text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	bad := &web.Problem{Status: http.StatusUnprocessableEntity, Heading: "No such run",
		Text: "A run is the link of one of the labs here, such as /labs/chain?depth=20. Open the lab, set it, and copy its link."}
	u, err := url.Parse(text)
	if err != nil || u.Host != "" && u.Host != r.Host || u.User != nil || runLabs[strings.TrimSuffix(u.Path, "/")] == "" {
		return "", bad
	}
	query, err := web.ParseQuery(u.RawQuery)
	run := views.Href(strings.TrimSuffix(u.Path, "/"), query)
	if err != nil || len(run) > store.MaxRun {
		return "", bad
	}
	return run, nil
}

// runChip shows an attached run, nil where there is none.
func runChip(run string) *views.Run {
	u, err := url.Parse(run)
	if run == "" || err != nil {
		return nil
	}
	chip := &views.Run{Href: run, Label: runLabs[u.Path]}
	var settings []string
	for name, values := range u.Query() {
		if len(values[0]) <= 20 { // a drawn picture says nothing in letters
			settings = append(settings, name+" "+values[0])
		}
	}
	slices.Sort(settings)
	if len(settings) > 0 {
		chip.Label += ": " + strings.Join(settings, ", ")
	}
	if u.Path == "/labs/chain" {
		chip.Image = "/labs/chain/picture.svg?" + u.RawQuery
	}
	return chip
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
