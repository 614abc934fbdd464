package labs

import (
	"net/url"
	"strings"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// groups are the choices of a field, each of which has parameters of its own.
func groups(field experiment.Field) []Group {
	var all []Group
	for _, o := range field.Choices {
		all = append(all, Group{Title: "With " + field.Name + "=" + o.Value, Query: url.Values{field.Name: {o.Value}}})
	}
	return all
}

// Endpoints document what scripts may ask of the labs, from the tables that parse it. origin is the address of the site.
func (all Labs) Endpoints(origin string) []views.Endpoint {
	var docs []views.Endpoint
	var files []string // by their endings
	named := map[string][]string{}
	for _, l := range all {
		for _, e := range append([]Experiment{l.Experiment}, l.More...) {
			docs = append(docs, e.endpoint(origin))
		}
		var endings []string
		for _, e := range l.Exports {
			endings = append(endings, e.Ending)
		}
		if of := strings.Join(endings, ","); of != "" {
			if named[of] == nil {
				files = append(files, of)
			}
			named[of] = append(named[of], l.Name)
		}
	}
	for _, endings := range files {
		labs := named[endings]
		lab, _ := all.Named(labs[0])
		first, _, _ := strings.Cut(endings, ",")
		doc := views.Endpoint{
			Request: "GET /export/" + oneOf(strings.Join(labs, ",")) + "." + oneOf(endings),
			Answer:  "The experiment as a file, with the numbers that the lab shows.",
			Example: "curl -O '" + origin + "/export/" + lab.Name + "." + first + lab.Doc.Example + "'",
		}
		if first == "py" {
			doc.Answer = "The experiment as a PyTorch script or notebook that prints what the lab shows, or its numbers as a file."
		}
		docs = append(docs, doc)
	}
	return docs
}

// oneOf puts several names in braces.
func oneOf(names string) string {
	if !strings.Contains(names, ",") {
		return names
	}
	return "{" + names + "}"
}

func (e Experiment) endpoint(origin string) views.Endpoint {
	doc := views.Endpoint{Request: "GET /api/" + e.Name, Answer: e.Doc.Answer, Example: "curl " + e.Doc.Flags + "'" + origin + "/api/" + e.Name + e.Doc.Example + "'"}
	for _, g := range e.Doc.Fields {
		fields, _ := e.Run(g.Query)
		doc.Groups = append(doc.Groups, views.FieldGroup{Title: g.Title, Fields: fieldDocs(fields)})
	}
	return doc
}

func fieldDocs(fields []experiment.Field) []views.FieldDoc {
	docs := make([]views.FieldDoc, len(fields))
	for i, f := range fields {
		docs[i] = views.FieldDoc{Name: f.Name, Accepts: f.Range(), Default: f.Default, Help: f.Help}
	}
	return docs
}
