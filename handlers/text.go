package handlers

import "strings"

// newlines undoes what forms do to line ends: a text is kept with \n alone, however it came.
func newlines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
