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
		Notebook: "!curl -sO " + web.Origin(r) + "/jupyter/gradlab.py\n" + `import gradlab

gradlab.chain(depth=50, activation="tanh", w=0.9).plot()
run = gradlab.train(net="deep", n=3, skip="A", steps=100)
run.losses[-1], run.frame(), run.lab()`,
		Endpoints: append(s.Labs.Endpoints(web.Origin(r)), views.Endpoint{
			Request: "POST /api/questions/{slug}/feedback", Answer: "concepts [{id, found}], and misconceptions [{id, says, run}]: what {text} seems to say; never a grade.",
			Example: "curl -d '{\"text\": \"The gradient is a product of factors below one.\"}' '" + web.Origin(r) + "/api/questions/vanishing-gradient/feedback'",
		}),
	}))
}
