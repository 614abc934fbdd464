package web

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

const (
	// gzipLevel: higher ones take more time than they save on pages of this size.
	gzipLevel = 5
	// gzipLeast is the smallest body that is compressed: less fits one packet either way.
	gzipLeast = 1400
)

// gzipped are the types that gzip makes smaller: no pictures, and no streams, whose events are to be there at once. Static files are
// not among its business: they are compressed beforehand.
var gzipped = []string{"text/html", "text/css", "text/csv", "text/javascript", "text/markdown", "text/plain", "application/json", "image/svg+xml"}

// Compressed sends what is large enough with gzip, to those who name it (a mere * does not count). Who asks by HEAD is told of the
// answer as it is.
func Compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.ContentTypes(gzipped), gzhttp.MinSize(gzipLeast), gzhttp.CompressionLevel(gzipLevel), gzhttp.EnableZstd(false))
	if err != nil {
		panic("web: gzip: " + err.Error()) // the level is one of its own
	}
	return wrap(next)
}
