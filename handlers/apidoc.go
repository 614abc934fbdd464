package handlers

import (
	"net/http"

	"gradlab/handlers/web"
	"gradlab/views"
)

// apiPage documents the API from the tables that parse it.
func (s *site) apiPage(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, views.APIPage(views.API{
		Frame: web.Frame(r, "API", "labs"),
		Endpoints: append(s.Labs.Endpoints(web.Origin(r)), views.Endpoint{
			Request: "POST /api/questions/{slug}/feedback", Answer: "concepts [{id, found}], and misconceptions [{id, says, run}]: what {text} seems to say; never a grade.",
			Example: "curl -d '{\"text\": \"The gradient is a product of factors below one.\"}' '" + web.Origin(r) + "/api/questions/vanishing-gradient/feedback'",
		}),
	}))
}
