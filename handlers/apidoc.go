package handlers

import (
	"net/http"
	"net/url"

	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// apiPage documents the API from the tables that parse it.
func (s *site) apiPage(w http.ResponseWriter, r *http.Request) error {
	curl := func(path string, flags string) string { return "curl " + flags + "'" + web.Origin(r) + path + "'" }
	chain := fieldDocs(experiment.ChainTable().Fields(experiment.ChainTable().Default()))
	var nets []views.FieldGroup
	for _, net := range []string{"notebook", "deep", "mlp"} {
		config, _ := experiment.ParseTrain(url.Values{"net": {net}})
		nets = append(nets, views.FieldGroup{Title: "With net=" + net, Fields: fieldDocs(experiment.TrainTable().Fields(config))})
	}
	kernels := fieldDocs(experiment.KernelsTable().Fields(experiment.KernelsTable().Default()))
	var sweeps []views.FieldGroup
	for _, option := range experiment.SweepTable()[0].Choices {
		config, _ := experiment.ParseSweep(url.Values{experiment.SweepTable()[0].Name: {option.Value}})
		sweeps = append(sweeps, views.FieldGroup{Title: "With " + experiment.SweepTable()[0].Name + "=" + option.Value, Fields: fieldDocs(experiment.SweepTable().Fields(config))})
	}
	return web.Render(w, r, http.StatusOK, views.APIPage(views.API{
		Frame: web.Frame(r, "API", "labs"),
		Endpoints: []views.Endpoint{
			{Request: "GET /api/chain", Answer: "config, loss, w, a, z, grad_w, grad_a, grad_z of one forward and backward pass; z and grad_z have one value more, the input first.",
				Example: curl("/api/chain?depth=4&activation=tanh&skip=none&x=10", ""), Groups: []views.FieldGroup{{Fields: chain}}},
			{Request: "GET /api/graph", Answer: "The chain’s computational graph: nodes with their values and gradients, edges with the local derivative. With Accept: text/vnd.graphviz, in Graphviz’s language. Parameters are those of /api/chain.",
				Example: curl("/api/graph?depth=2", "-H 'Accept: text/vnd.graphviz' ")},
			{Request: "GET /api/train", Answer: "config, parameters, losses, first_step_grad_norms by PyTorch’s parameter names, and test {loss, accuracy}; diverged {step, message} where the run broke off. With Accept: text/event-stream, the run as it happens: events queued, start, step (at most thirty a second, no step lost), diverged, done, failed; twin=1 streams the twin too; a reader who comes back with Last-Event-ID goes on from there.",
				Example: curl("/api/train?net=notebook&steps=100", ""), Groups: nets},
			{Request: "GET /api/network", Answer: "The layers of a run’s net with shape, parameters and multiply-adds for one image, and the difference to the twin. Parameters are those of /api/train.",
				Example: curl("/api/network?net=deep&n=3&skip=B", "")},
			{Request: "GET /api/sweep", Answer: "One point for each depth and net: the first layer’s gradient at the start and the mean loss of the last steps. With Accept: text/event-stream, point by point.",
				Example: curl("/api/sweep?"+experiment.SweepTable()[0].Name+"="+experiment.SweepTable()[0].Choices[0].Value, ""), Groups: sweeps},
			{Request: "GET /api/kernels", Answer: "The maps that a stack of kernels makes of an image.",
				Example: curl("/api/kernels", ""), Groups: []views.FieldGroup{{Fields: kernels}}},
			{Request: "GET /export/{chain,train,kernels}.{py,ipynb,csv,json}", Answer: "The experiment as a PyTorch script or notebook that prints what the lab shows, or its numbers as a file.",
				Example: curl("/export/train.py?net=deep&n=3", "-O ")},
			{Request: "POST /api/questions/{slug}/feedback", Answer: "concepts [{id, found}]: what {text} seems to mention; never a grade.",
				Example: "curl -d '{\"text\": \"The gradient is a product of factors below one.\"}' '" + web.Origin(r) + "/api/questions/vanishing-gradient/feedback'"},
		},
	}))
}

func fieldDocs(fields []experiment.Field) []views.FieldDoc {
	docs := make([]views.FieldDoc, len(fields))
	for i, f := range fields {
		docs[i] = views.FieldDoc{Name: f.Name, Accepts: f.Range(), Default: f.Default, Help: f.Help}
	}
	return docs
}
