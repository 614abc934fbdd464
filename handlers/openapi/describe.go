package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"gradlab/answers"
	"gradlab/handlers/labs"
	"gradlab/handlers/study"
	"gradlab/handlers/web"
)

// describe is the whole description, checked against the specification.
func describe() (*openapi3.T, error) {
	d := description{
		doc: &openapi3.T{
			OpenAPI: "3.1.0",
			Info: &openapi3.Info{
				Title: "Gradient Lab", Version: "1",
				Description: "What the labs show, for scripts. Parameters have the labs' names and defaults; one that does not apply to a query is passed over. " +
					"Numbers that JSON lacks are the strings \"nan\", \"inf\" and \"-inf\".",
			},
			Servers:    openapi3.Servers{{URL: "/", Description: "the site that serves this description"}},
			Paths:      openapi3.NewPaths(),
			Components: &openapi3.Components{Schemas: numbers(), Responses: openapi3.ResponseBodies{}},
		},
	}
	refused, err := d.schema(web.Refusal{})
	if err != nil {
		return nil, err
	}
	d.doc.Components.Responses["Refused"] = &openapi3.ResponseRef{Value: openapi3.NewResponse().
		WithDescription("Nothing could be answered: why, and what is wrong with which parameter.").
		WithContent(openapi3.NewContentWithJSONSchemaRef(refused))}
	for _, l := range labs.All() {
		for _, e := range append([]labs.Experiment{l.Experiment}, l.More...) {
			if err := d.experiment(l, e); err != nil {
				return nil, fmt.Errorf("/api/%s: %w", e.Name, err)
			}
		}
		d.export(l)
	}
	if err := d.feedback(); err != nil {
		return nil, err
	}
	if err := openapi3.NewLoader().ResolveRefsIn(d.doc, nil); err != nil {
		return nil, err
	}
	return d.doc, d.doc.Validate(context.Background())
}

type description struct {
	doc *openapi3.T
}

// experiment describes GET /api/{name}.
func (d description) experiment(l labs.Lab, e labs.Experiment) error {
	answer, err := d.schema(e.Doc.Shape)
	if err != nil {
		return err
	}
	content := openapi3.NewContentWithJSONSchemaRef(answer)
	if e.Stream != nil {
		content["text/event-stream"] = openapi3.NewMediaType().WithSchema(openapi3.NewStringSchema())
	}
	if e.DOT != nil {
		content[labs.Graphviz] = openapi3.NewMediaType().WithSchema(openapi3.NewStringSchema())
	}
	d.get("/api/"+e.Name, e.Name, l.Title, e.Doc.Answer, parameters(l, e), content)
	return nil
}

// export describes GET /export/{name}.{ending}.
func (d description) export(l labs.Lab) {
	if l.Exports == nil {
		return
	}
	endings := openapi3.NewStringSchema()
	for _, e := range l.Exports {
		endings.Enum = append(endings.Enum, e.Ending)
	}
	all := append(openapi3.Parameters{{Value: openapi3.NewPathParameter("ending").WithDescription("Which kind of file.").WithSchema(endings)}}, parameters(l, l.Experiment)...)
	d.get("/export/"+l.Name+".{ending}", "export_"+l.Name, l.Title, "The experiment as a file, with the numbers that the lab shows.", all,
		openapi3.Content{"*/*": openapi3.NewMediaType()})
}

func (d description) get(path, name, tag, says string, parameters openapi3.Parameters, content openapi3.Content) {
	d.doc.Paths.Set(path, &openapi3.PathItem{Get: &openapi3.Operation{
		OperationID: name, Tags: []string{tag}, Description: says, Parameters: parameters, Responses: d.responses(says, content),
	}})
}

// feedback describes POST /api/questions/{slug}/feedback.
func (d description) feedback() error {
	answer, err := d.schema(study.Mentioned{})
	if err != nil {
		return err
	}
	text := openapi3.NewObjectSchema().WithProperty("text", openapi3.NewStringSchema().WithMaxLength(answers.MaxCharacters))
	text.Required = []string{"text"}
	const says = "What the text of an answer seems to say, and which wrong beliefs it seems to hold; never a grade."
	d.doc.Paths.Set("/api/questions/{slug}/feedback", &openapi3.PathItem{Post: &openapi3.Operation{
		OperationID: "feedback", Tags: []string{"Questions"}, Description: says,
		Parameters:  openapi3.Parameters{{Value: openapi3.NewPathParameter("slug").WithDescription("The question, as its page's address names it.").WithSchema(openapi3.NewStringSchema())}},
		RequestBody: &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithRequired(true).WithJSONSchema(text)},
		Responses:   d.responses(says, openapi3.NewContentWithJSONSchemaRef(answer)),
	}})
	return nil
}

func (d description) responses(says string, content openapi3.Content) *openapi3.Responses {
	first, _, _ := strings.Cut(says, ".")
	refused := &openapi3.ResponseRef{Ref: "#/components/responses/Refused", Value: d.doc.Components.Responses["Refused"].Value}
	return openapi3.NewResponses(
		openapi3.WithStatus(200, &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription(first + ".").WithContent(content)}),
		openapi3.WithStatus(400, refused),
		openapi3.WithName("default", refused.Value),
	)
}
