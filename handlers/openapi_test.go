package handlers

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"gradlab/handlers/labs"
	"gradlab/mlcore/experiment"
)

// described is the description of the API as the site gives it to scripts.
func described(t *testing.T, site *testSite) *openapi3.T {
	t.Helper()
	got := site.do(t, site.client(t), "GET", "/api/openapi.json", nil)
	if got.status != http.StatusOK || got.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%d %v", got.status, got.header)
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(got.body))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil || !doc.IsOpenAPI31OrLater() {
		t.Fatalf("OpenAPI %s: %v", doc.OpenAPI, err)
	}
	closed := false
	for _, s := range doc.Components.Schemas { // the description leaves room for more; the test does not
		if s.Value.Properties != nil {
			s.Value.AdditionalProperties = openapi3.AdditionalProperties{Has: &closed}
		}
	}
	return doc
}

// answersAs holds a body to what the description says of a status.
func answersAs(t *testing.T, op *openapi3.Operation, path string, got answer) {
	t.Helper()
	said := op.Responses.Status(got.status)
	if said == nil {
		t.Errorf("%s: nothing is said of status %d", path, got.status)
		return
	}
	var body any
	if err := json.Unmarshal([]byte(got.body), &body); err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	if err := said.Value.Content.Get("application/json").Schema.Value.VisitJSON(body, openapi3.EnableJSONSchema2020(), openapi3.MultiErrors()); err != nil {
		t.Errorf("%s is not what its description says: %v", path, err)
	}
}

// Each experiment's answer, and each refusal, has the shape that the description gives it, and each parameter that the tables know
// is described with the bounds that hold.
func TestOpenAPI(t *testing.T) {
	site := newSite(t)
	doc, client := described(t, site), site.client(t)
	short := map[string]string{"train": "steps=3&count=8&batch=8", "sweep": "show=gradient&count=8&batch=8", "blocks": "n=1&steps=3&count=8&batch=8", "kernels": "kernel=sobel-x", "transformer": "layers=1&steps=1"}
	for _, l := range labs.All() {
		for _, e := range append([]labs.Experiment{l.Experiment}, l.More...) {
			path := "/api/" + e.Name
			item := doc.Paths.Value(path)
			if item == nil {
				t.Errorf("%s is not described", path)
				continue
			}
			answersAs(t, item.Get, path, site.do(t, client, "GET", path+"?"+short[e.Name], nil))
			fields, _ := e.Run(nil)
			for _, f := range fields {
				p := item.Get.Parameters.GetByInAndName("query", f.Name)
				if p == nil {
					t.Errorf("%s: %s is not described", path, f.Name)
					continue
				}
				counts := f.Kind == experiment.Integer || f.Kind == experiment.Real
				low, high := p.Schema.Value.Min, p.Schema.Value.Max
				if counts != (low != nil && high != nil) || counts && (*low > f.Min || *high < f.Max) {
					t.Errorf("%s: %s takes %g to %g, and not what is said of it", path, f.Name, f.Min, f.Max)
				}
			}
			answersAs(t, item.Get, path, site.do(t, client, "GET", path+"?no_such_parameter=1", nil))
		}
	}
	feedback := "/api/questions/{slug}/feedback"
	for _, text := range []string{`{"text": "The gradient is a product of factors below one."}`, `{}`} {
		answersAs(t, doc.Paths.Value(feedback).Post, feedback,
			site.do(t, client, "POST", strings.Replace(feedback, "{slug}", "vanishing-gradient", 1), nil, "Content-Type", "application/json", "body", text))
	}
}
