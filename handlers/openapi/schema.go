package main

import (
	"reflect"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3gen"

	"gradlab/handlers/board"
)

// schema is the shape of a value in JSON; the structs in it are named among the components.
func (d description) schema(of any) (*openapi3.SchemaRef, error) {
	return openapi3gen.NewSchemaRefForValue(of, d.doc.Components.Schemas,
		openapi3gen.SchemaCustomizer(customized),
		openapi3gen.CreateComponentSchemas(openapi3gen.ExportComponentSchemasOptions{ExportComponentSchemas: true, ExportTopLevelSchema: true}))
}

// numbers are the schemas of the types that write their own JSON, which no reflection knows.
func numbers() openapi3.Schemas {
	float := openapi3.NewOneOfSchema(openapi3.NewFloat64Schema(), openapi3.NewStringSchema().WithEnum("nan", "inf", "-inf"))
	return openapi3.Schemas{
		reflect.TypeFor[board.Float]().Name():  float.NewRef(),
		reflect.TypeFor[board.Floats]().Name(): openapi3.NewArraySchema().WithItems(float).NewRef(),
	}
}

// customized says of a struct what is always there, and of what may be null that it may.
func customized(_ string, t reflect.Type, _ reflect.StructTag, s *openapi3.Schema) error {
	if t.Kind() == reflect.Struct {
		for _, f := range reflect.VisibleFields(t) {
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name != "" && name != "-" && !strings.Contains(options, "omit") {
				s.Required = append(s.Required, name)
			}
		}
	}
	if s.Nullable { // the generator's word is OpenAPI 3.0's
		s.Nullable = false
		*s.Type = append(*s.Type, openapi3.TypeNull)
	}
	return nil
}
