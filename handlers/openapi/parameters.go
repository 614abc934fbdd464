package main

import (
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"gradlab/handlers/labs"
	"gradlab/mlcore/experiment"
)

// parameters are the fields of an experiment in all of its cases, each once.
func parameters(l labs.Lab, e labs.Experiment) openapi3.Parameters {
	groups := e.Doc.Fields
	if groups == nil {
		groups = l.Doc.Fields
	}
	var names []string
	variants := map[string][]variant{}
	for _, g := range groups {
		fields, _ := e.Run(g.Query)
		for _, f := range fields {
			if variants[f.Name] == nil {
				names = append(names, f.Name)
			}
			variants[f.Name] = append(variants[f.Name], variant{f, g.Title})
		}
	}
	all := make(openapi3.Parameters, len(names))
	for i, name := range names {
		all[i] = &openapi3.ParameterRef{Value: openapi3.NewQueryParameter(name).
			WithDescription(explained(variants[name], len(groups))).WithSchema(merged(variants[name]))}
	}
	return all
}

// A variant is a field as it is in one case.
type variant struct {
	experiment.Field
	in string
}

// explained says what a field is, and in which cases it applies where that is not in all.
func explained(variants []variant, cases int) string {
	says := variants[0].Help
	if len(variants) == cases {
		return says
	}
	for _, v := range variants {
		says += " " + v.in + "."
	}
	return says
}

// merged is what a field takes in any of its cases. The server says which value does not go with the others.
func merged(variants []variant) *openapi3.Schema {
	s := openapi3.NewSchema()
	first := variants[0]
	switch first.Kind {
	case experiment.Integer, experiment.Real:
		s = openapi3.NewFloat64Schema()
		if first.Kind == experiment.Integer {
			s = openapi3.NewIntegerSchema()
		}
		low, high := first.Min, first.Max
		for _, v := range variants {
			low, high = min(low, v.Min), max(high, v.Max)
		}
		s.WithMin(low).WithMax(high)
	case experiment.Choice:
		s = openapi3.NewStringSchema()
		for _, v := range variants {
			for _, o := range v.Choices {
				if !slices.Contains(s.Enum, any(o.Value)) {
					s.Enum = append(s.Enum, o.Value)
				}
			}
		}
	case experiment.Text:
		s = openapi3.NewStringSchema().WithMaxLength(int64(first.Most))
		s.Description = "It must be " + first.Form + "."
	}
	if !slices.ContainsFunc(variants, func(v variant) bool { return v.Default != first.Default }) {
		s.Default = standard(first.Field)
	}
	return s
}

func standard(f experiment.Field) any {
	if f.Kind == experiment.Integer || f.Kind == experiment.Real {
		if v, err := strconv.ParseFloat(f.Default, 64); err == nil {
			return v
		}
	}
	return f.Default
}
