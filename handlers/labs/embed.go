package labs

import (
	"maps"
	"net/http"
	"strings"

	"gradlab/handlers/web"
	"gradlab/views"
)

// embedPolicy is the policy of a page that may stand in a frame of any site: nothing in it changes what a visitor keeps.
var embedPolicy = strings.Replace(web.Policy, "frame-ancestors 'none'", "frame-ancestors *", 1)

// Embedded shows a lab's page without the site's frame around it, for an iframe in a lesson or in a course page. The
// parameter controls, which only this page knows, names the controls to show (depth,skip), the others keep a readout.
func Embedded(lab web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		query := maps.Clone(web.Query(r))
		var e views.Embed
		if given, found := query["controls"]; found {
			e.Chosen = true
			e.Controls = strings.FieldsFunc(strings.Join(given, ","), func(c rune) bool { return c == ',' || c == ' ' })
			query.Del("controls")
		}
		r = web.WithQuery(r.WithContext(views.WithEmbed(r.Context(), e)), query)
		w.Header().Set("Content-Security-Policy", embedPolicy)
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		return lab(w, r)
	}
}
