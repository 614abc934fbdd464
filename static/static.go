// Package static holds the files that browsers load: our scripts and styles, and the third-party ones of vendor/.
//
// Everything is embedded and published under one content hash, /static/<hash>/js/app.js. The hash covers the whole
// tree, so it changes when any file does, every URL may be cached for ever, and the relative imports of ES modules and
// the relative urls of style sheets stay inside the same version without rewriting.
//
// Main flow: a view prints [Path]; the router mounts [Handler] at /static/. The package leaves out building the vendored
// files (vendor/build.mjs does that) and security headers (the router's middleware sets them on every response).
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed favicon.svg openapi.json css js vendor/echarts vendor/fonts vendor/katex jupyter
var embedded embed.FS

// assets reads the embedded tree once, on first use.
var assets = sync.OnceValue(func() *tree {
	t, err := load(embedded)
	if err != nil {
		panic("static: " + err.Error()) // an embedded file system that cannot be read is a broken build
	}
	return t
})

// prefix is where the router mounts Handler.
const prefix = "/static/"

// Path returns the URL path of an embedded file under the current hash: Path("js/app.js") is "/static/<hash>/js/app.js".
// It panics when there is no such file, since a name comes from a template and never from a visitor.
func Path(name string) string {
	t := assets()
	if t.files[name] == nil {
		panic(fmt.Sprintf("static: Path: no file %q is embedded", name))
	}
	return prefix + t.hash + "/" + name
}

// Handler serves GET and HEAD of /static/<hash>/<file>. The current hash is answered with a year of immutable caching;
// another hash, from a page that was open during an update, gets the current file with a minute of it.
// Unknown files and folders are 404.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { assets().ServeHTTP(w, r) })
}

// Favicon serves favicon.svg, for the fixed URL /favicon.ico that browsers ask for unprompted.
func Favicon() http.Handler { return fixed("favicon.svg") }

// OpenAPI serves the description of the API, for the fixed URL that scripts know.
func OpenAPI() http.Handler { return fixed("openapi.json") }

// fixed serves a file at a URL without a version.
func fixed(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := assets()
		t.serve(w, r, t.files[name], cacheFixedURL)
	})
}

// A tree is a set of files with one hash over their names and contents.
type tree struct {
	hash  string
	files map[string]*file
}

// load reads every file of fsys but hidden ones.
func load(fsys fs.FS) (*tree, error) {
	t := &tree{files: map[string]*file{}}
	sum := sha256.New()
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		body, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		f := newFile(name, body)
		t.files[name] = f
		// Names cannot hold NUL and the content is hashed to a fixed length, so two trees never feed the same bytes.
		fmt.Fprintf(sum, "%s\x00%s", name, f.hash)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load static files: %w", err)
	}
	t.hash = hex.EncodeToString(sum.Sum(nil))[:12]
	return t, nil
}
