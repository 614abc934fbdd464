// Command declare writes the TypeScript declarations of all JSON that the server sends to its own scripts, from the Go structs that it
// is written from:
//
//	go run ./handlers/declare > static/check/json.d.ts
//
// A field that Go leaves out when it is empty is optional, and one that may be null is declared so. The scripts name the types in
// their comments, @type {json.TrainBoard}, and tsc holds them to it.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"gradlab/handlers/board"
	"gradlab/handlers/class"
	"gradlab/handlers/labs"
	"gradlab/handlers/plan"
	"gradlab/handlers/study"
	"gradlab/handlers/web"
)

// written are the types that write their own JSON.
var written = map[reflect.Type]string{
	reflect.TypeFor[board.Float]():  `number | "nan" | "inf" | "-inf"`,
	reflect.TypeFor[board.Floats](): `(number | "nan" | "inf" | "-inf")[]`,
	reflect.TypeFor[time.Time]():    "string",
}

func main() {
	if err := declare(os.Stdout, slices.Concat(web.Sent, labs.Sent, study.Sent, class.Sent, plan.Sent)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// declare writes an interface for each of the values' types, and for those that they are made of, in the order in which they are met.
func declare(w io.Writer, values []any) error {
	d := declarations{names: map[string]reflect.Type{}}
	for _, v := range values {
		if _, err := d.typeOf(reflect.TypeOf(v)); err != nil {
			return err
		}
	}
	fmt.Fprint(w, "// Written by handlers/declare from the structs of the server: change those.\n\ndeclare namespace json {\n")
	for i, t := range d.order {
		if i > 0 {
			fmt.Fprintln(w)
		}
		extends, fields, err := d.membersOf(t)
		if err != nil {
			return err
		}
		head := t.Name()
		if extends != nil {
			head += " extends " + strings.Join(extends, ", ")
		}
		fmt.Fprintf(w, "  interface %s {\n", head)
		for _, f := range fields {
			fmt.Fprintf(w, "    %s;\n", f)
		}
		fmt.Fprint(w, "  }\n")
	}
	_, err := fmt.Fprint(w, "}\n")
	return err
}

type declarations struct {
	names map[string]reflect.Type // a name in TypeScript is one type
	order []reflect.Type
}

var marshaler = reflect.TypeFor[json.Marshaler]()

// typeOf is a type's name in TypeScript. A struct that is new is declared, with all that it is made of.
func (d *declarations) typeOf(t reflect.Type) (string, error) {
	if name, known := written[t]; known {
		return name, nil
	}
	if t.Implements(marshaler) {
		return "", fmt.Errorf("%v writes its own JSON: say in written what it is", t)
	}
	switch t.Kind() {
	case reflect.String:
		return "string", nil
	case reflect.Bool:
		return "boolean", nil
	case reflect.Interface:
		return "any", nil
	case reflect.Pointer:
		name, err := d.typeOf(t.Elem())
		return name + " | null", err
	case reflect.Slice, reflect.Array:
		name, err := d.typeOf(t.Elem())
		if strings.Contains(name, " ") {
			name = "(" + name + ")"
		}
		return name + "[]", err
	case reflect.Map:
		name, err := d.typeOf(t.Elem())
		return "Record<string, " + name + ">", err
	case reflect.Struct:
		if other, taken := d.names[t.Name()]; taken && other != t {
			return "", fmt.Errorf("%v and %v have one name", t, other)
		} else if taken {
			return t.Name(), nil
		}
		d.names[t.Name()] = t
		d.order = append(d.order, t)
		_, _, err := d.membersOf(t)
		return t.Name(), err
	}
	if t.ConvertibleTo(reflect.TypeFor[float64]()) {
		return "number", nil
	}
	return "", fmt.Errorf("%v has no JSON", t)
}

// membersOf are what a struct's interface extends, which are the structs that it embeds, and the lines of its own fields.
func (d *declarations) membersOf(t reflect.Type) (extends, lines []string, err error) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			inner, err := d.typeOf(f.Type)
			if err != nil {
				return nil, nil, err
			}
			extends = append(extends, inner)
			continue
		case name == "-" || !f.IsExported():
			continue
		case name == "":
			return nil, nil, fmt.Errorf("%v.%s has no name in JSON", t, f.Name)
		}
		of := f.Type
		optional := ""
		if strings.Contains(options, "omit") {
			optional = "?"
			if of.Kind() == reflect.Pointer {
				of = of.Elem()
			}
		}
		ts, err := d.typeOf(of)
		if err != nil {
			return nil, nil, fmt.Errorf("%v.%s: %w", t, f.Name, err)
		}
		if said := f.Tag.Get("ts"); said != "" { // of a type from above the field's own package
			ts = said
		}
		lines = append(lines, name+optional+": "+ts)
	}
	return extends, lines, nil
}
