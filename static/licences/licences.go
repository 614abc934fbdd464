// Package licences holds the licence texts of all modules that are linked into the program, and of Go itself.
package licences

import _ "embed"

// Modules are the texts, each with the modules that are under it. It is written by gen.
//
//go:generate go run ./gen modules.txt gradlab/server
//go:embed modules.txt
var Modules string
