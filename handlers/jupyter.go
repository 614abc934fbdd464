package handlers

import (
	"bytes"
	"fmt"
	"net/http"

	"gradlab/handlers/web"
	"gradlab/static"
)

// jupyterModule is the Python module for notebooks, which knows the site that it comes from.
func (s *site) jupyterModule(w http.ResponseWriter, r *http.Request) error {
	text, err := static.Read("jupyter/gradlab.py")
	if err != nil {
		return err
	}
	w.Header().Add("Vary", "Host")
	web.SendFile(w, "gradlab.py", bytes.Replace(text, []byte(`site = "http://localhost:8080"`), fmt.Appendf(nil, "site = %q", web.Origin(r)), 1))
	return nil
}
