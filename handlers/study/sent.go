package study

import (
	"net/http"

	"github.com/a-h/templ"

	"gradlab/handlers/web"
)

// A redrawn is what the script of a lesson, or of a question, puts in place.
type redrawn struct {
	Parts map[string]string `json:"parts"` // HTML, by the id of the element that it replaces
}

// A hinted acknowledges a text, with what it seems to mention.
type hinted struct {
	web.Saved
	redrawn
}

// Sent are the shapes of all JSON that the scripts of lessons and questions read.
var Sent = []any{redrawn{}, hinted{}}

// redraw answers a script with parts of its page, by their ids.
func redraw(w http.ResponseWriter, r *http.Request, parts map[string]templ.Component) error {
	rendered, err := web.Parts(r.Context(), parts)
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, redrawn{rendered})
}
