package web

import (
	"net/http"
	"path"
	"strings"
)

// FileTypes are the media types of the files by their ending.
var FileTypes = map[string]string{
	"py": "text/x-python; charset=utf-8", "ipynb": "application/x-ipynb+json", "csv": "text/csv; charset=utf-8", "json": "application/json",
}

// SendFile answers with a file to be kept.
func SendFile(w http.ResponseWriter, name string, content []byte) {
	Attach(w, name)
	w.Header().Set("Content-Type", FileTypes[strings.TrimPrefix(path.Ext(name), ".")])
	w.Write(content) // a visitor who hung up is no error of ours
}

// Attach names the file that the browser keeps the answer as. The name needs no quoting: letters, digits, hyphens,
// underscores, and a dot.
func Attach(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

// Origin is the address that the visitor sees the site at.
func Origin(r *http.Request) string {
	scheme := "http"
	if Encrypted(r) {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
