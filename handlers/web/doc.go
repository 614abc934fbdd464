// Package web is what every room of the site answers requests with, and nothing that one room alone needs.
//
// A handler returns an error; an Adapter turns it into a page or, for scripts, into JSON (errors.go). What a request says comes
// in by the door (door.go): Query, Form, Path, JSON. Whose request it is, visitor.go and reader.go know. Answers leave by Render,
// WriteJSON, SendFile, or as a stream of Events. The rest is middleware: the numbers of requests, the headers of security, the
// pace of writing, compression, and the answers that are kept.
//
// It knows no lab, no lesson and no class; TestWebIsCapped in package server holds what it may import.
package web
