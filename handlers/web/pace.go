package web

import (
	"net/http"
	"time"
)

const (
	// WriteTime is how long a reader may take for the next piece of an answer. One who takes nothing for so long is gone, be
	// it in a page, a stream or a file.
	WriteTime = 30 * time.Second
	writeSize = 64 << 10 // bytes of a piece
)

// Paced gives each piece of an answer a deadline of its own. How long a run trains before there is something to write is not
// the reader's doing, and does not count.
func Paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&pacer{w, http.NewResponseController(w)}, r)
	})
}

type pacer struct {
	http.ResponseWriter
	to *http.ResponseController
}

func (p *pacer) Unwrap() http.ResponseWriter { return p.ResponseWriter }

func (p *pacer) Write(b []byte) (n int, err error) {
	for first := true; err == nil && (first || len(b) > 0); first = false {
		piece := b[:min(len(b), writeSize)]
		p.to.SetWriteDeadline(time.Now().Add(WriteTime)) // a writer of a test may have none
		var wrote int
		wrote, err = p.ResponseWriter.Write(piece)
		n, b = n+wrote, b[len(piece):]
	}
	return n, err
}

// Flush sends what was written; FlushError is it for a ResponseController.
func (p *pacer) Flush() { p.FlushError() }

func (p *pacer) FlushError() error {
	p.to.SetWriteDeadline(time.Now().Add(WriteTime))
	return p.to.Flush()
}
