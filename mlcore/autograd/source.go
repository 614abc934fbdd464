package autograd

import "embed"

// Source is this package's own Go files, for package book.
//
//go:embed *.go
var Source embed.FS
