// Command openapi writes the description of the API in OpenAPI 3.1, from the tables that parse its queries and the structs that its
// answers are written from:
//
//	go run ./handlers/openapi > static/openapi.json
//
// The site serves it at /api/openapi.json. OpenAPI: https://spec.openapis.org/oas/v3.1.1.html.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	doc, err := describe()
	if err == nil {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", " ")
		out.SetEscapeHTML(false)
		err = out.Encode(doc)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
