package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Cache-Control by how a URL names its content.
const (
	cacheImmutable = "public, max-age=31536000, immutable" // the hash in the URL changes when the content does
	cacheOtherHash = "public, max-age=60"                  // the URL names a version that this process does not have
	cacheFixedURL  = "public, max-age=86400"               // the URL has no version
)

// contentTypes are given here, since package mime would depend on the machine's own tables.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".png":   "image/png",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}

// compressed formats gain nothing from gzip.
var compressed = map[string]bool{".png": true, ".woff2": true}

// A file is one embedded file, with the gzip copy that the first request for it makes.
type file struct {
	contentType string
	hash        string
	body        []byte
	gzipped     func() []byte // nil where gzip does not make it smaller
}

func newFile(name string, body []byte) *file {
	ext := path.Ext(name)
	f := &file{contentType: contentTypes[ext], body: body}
	if f.contentType == "" { // LICENSE, NOTICE
		f.contentType = "text/plain; charset=utf-8"
	}
	sum := sha256.Sum256(body)
	f.hash = hex.EncodeToString(sum[:])[:16]
	f.gzipped = sync.OnceValue(func() []byte {
		if compressed[ext] {
			return nil
		}
		return compress(body)
	})
	return f
}

// compress returns body at gzip's best level, or nil when that is no smaller.
func compress(body []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the error is for a bad level only
	z.Write(body)                                         // a bytes.Buffer takes every write
	z.Close()
	if b.Len() >= len(body) {
		return nil
	}
	return b.Bytes()
}

// ServeHTTP answers /static/<hash>/<file>.
func (t *tree) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	hash, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, prefix), "/")
	f := t.files[name]
	if f == nil {
		http.NotFound(w, r)
		return
	}
	cache := cacheImmutable
	if hash != t.hash {
		cache = cacheOtherHash
	}
	t.serve(w, r, f, cache)
}

// serve writes f, gzipped where the client takes that; conditional and range requests are ServeContent's.
func (t *tree) serve(w http.ResponseWriter, r *http.Request, f *file, cache string) {
	h := w.Header()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	body, tag := f.body, f.hash
	h.Set("Vary", "Accept-Encoding") // also where a middleware has said so already
	if acceptsGzip(r.Header.Values("Accept-Encoding")) {
		if z := f.gzipped(); z != nil {
			body, tag = z, f.hash+"-gz"
			h.Set("Content-Encoding", "gzip")
			h.Set("Content-Length", strconv.Itoa(len(z))) // ServeContent leaves it out of encoded responses
		}
	}
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", cache)
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// acceptsGzip reports whether Accept-Encoding headers allow gzip, by name or by "*", with a weight above zero
// (RFC 9110, section 12.5.3).
func acceptsGzip(headers []string) bool {
	any := false
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		coding, params, _ := strings.Cut(part, ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(params)), "q="); ok {
			weight, _ = strconv.ParseFloat(strings.TrimSpace(q), 64) // a broken weight refuses, which is always safe
		}
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			return weight > 0
		case "*":
			any = weight > 0
		}
	}
	return any
}
