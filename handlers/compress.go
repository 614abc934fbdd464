package handlers

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

const (
	// gzipLevel: higher ones take more time than they save on pages of this size.
	gzipLevel = 5
	// gzipLeast is the smallest first write that is compressed: less fits one packet either way.
	gzipLeast = 1400
)

// gzipped are the types that gzip makes smaller. Static files are not among its business: they are compressed beforehand.
var gzipped = []string{"text/html", "text/css", "text/csv", "text/javascript", "text/markdown", "text/plain", "application/json", "image/svg+xml"}

// compressors are taken for as long as a body is written, and not for as long as a request lasts: each holds most of a
// megabyte, and a hall that asks at once, or listens to streams, would hold as many as it has requests.
var compressors = sync.Pool{New: func() any {
	gz, err := gzip.NewWriterLevel(nil, gzipLevel)
	if err != nil {
		panic("handlers: gzip: " + err.Error()) // the level is one of its own
	}
	return gz
}}

// compressed sends what is large enough with gzip, to those who take it.
func compressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !takesGzip(r.Header.Values("Accept-Encoding")) {
			next.ServeHTTP(w, r)
			return
		}
		p := &packer{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(p, r)
		p.close() // not after a panic: the error page is still to come
	})
}

// takesGzip reads the headers Accept-Encoding (RFC 9110, section 12.5.3): gzip is named with a weight above 0, or is not named
// and * is.
func takesGzip(headers []string) bool {
	others := false
	for _, one := range strings.Split(strings.Join(headers, ","), ",") {
		name, parameters, _ := strings.Cut(one, ";")
		weight := 1.0
		if q, found := strings.CutPrefix(strings.ToLower(strings.TrimSpace(parameters)), "q="); found {
			var err error
			if weight, err = strconv.ParseFloat(q, 64); err != nil {
				weight = 0
			}
		}
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "gzip", "x-gzip":
			return weight > 0
		case "*":
			others = weight > 0
		}
	}
	return others
}

// A packer decides at the first write whether to compress, and holds back the status until then.
type packer struct {
	http.ResponseWriter
	status  int
	decided bool
	gz      *gzip.Writer // nil where nothing is compressed
}

func (p *packer) Unwrap() http.ResponseWriter { return p.ResponseWriter }

func (p *packer) WriteHeader(status int) {
	if status < http.StatusOK { // informational: the answer is still to come
		p.ResponseWriter.WriteHeader(status)
		return
	}
	if !p.decided {
		p.status = status
	}
}

func (p *packer) Write(b []byte) (int, error) {
	if !p.decided {
		if p.Header().Get("Content-Type") == "" {
			p.Header().Set("Content-Type", http.DetectContentType(b)) // nobody could, of the compressed bytes
		}
		p.decide(len(b) >= gzipLeast)
	}
	if p.gz != nil {
		return p.gz.Write(b)
	}
	return p.ResponseWriter.Write(b)
}

// Flush sends what was written so far. What is flushed before it is written is a stream, and is not compressed.
func (p *packer) Flush() {
	p.decide(false)
	if p.gz != nil {
		p.gz.Flush()
	}
	http.NewResponseController(p.ResponseWriter).Flush()
}

// decide sends the header.
func (p *packer) decide(large bool) {
	if p.decided {
		return
	}
	p.decided = true
	h := p.Header()
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	if slices.Contains(gzipped, kind) && h.Get("Content-Encoding") == "" && h.Get("Content-Range") == "" {
		h.Add("Vary", "Accept-Encoding")
		if large {
			h.Set("Content-Encoding", "gzip")
			h.Del("Content-Length")
			p.gz = compressors.Get().(*gzip.Writer)
			p.gz.Reset(p.ResponseWriter)
		}
	}
	p.ResponseWriter.WriteHeader(p.status)
}

func (p *packer) close() {
	p.decide(false) // an answer without a body
	if p.gz == nil {
		return
	}
	p.gz.Close() // a visitor who hung up is no error of ours
	p.gz.Reset(nil)
	compressors.Put(p.gz)
	p.gz = nil
}
