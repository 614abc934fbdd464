package handlers

import (
	"net/http"
	"runtime"

	"gradlab/mlcore/kernel"
	"gradlab/views"
)

func (s *site) about(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, views.AboutPage(views.About{
		Frame: frame(r, "About", "about"), Version: s.Version, Go: runtime.Version(), Kernels: kernel.For[float32]().Name,
	}))
}
