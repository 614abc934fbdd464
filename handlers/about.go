package handlers

import (
	"net/http"
	"runtime"

	"gradlab/handlers/web"
	"gradlab/lessons/hint"
	"gradlab/mlcore/data"
	"gradlab/mlcore/kernel"
	"gradlab/static/licences"
	"gradlab/views"
)

func (s *site) about(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, views.AboutPage(views.About{
		Frame: web.Frame(r, "About", "about"), Version: s.Version, Go: runtime.Version(), Kernels: kernel.For[float32]().Name,
	}))
}

// licenceTexts are those of embedded data and of the linked modules; those of what browsers load stand beside it in package static.
var licenceTexts = map[string]string{"fashion-mnist": data.FashionLicence, "scowl": hint.WordsLicence, "modules": licences.Modules}

func (s *site) licence(w http.ResponseWriter, r *http.Request) error {
	text, found := licenceTexts[web.Path(r, "name")]
	if !found {
		return web.NotFound
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte(text))
	return nil
}
