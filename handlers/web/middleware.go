package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5/middleware"
)

type requestIDKey struct{}

// Numbered gives each request a number of our own, which errors show and logs hold.
func Numbered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var b [8]byte
		rand.Read(b[:]) // never fails, by its documentation
		id := hex.EncodeToString(b[:])
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

func RequestID(r *http.Request) string {
	id, _ := r.Context().Value(requestIDKey{}).(string)
	return id
}

// Logged writes one line a request: never a query, an answer, a cookie or an address.
func (a *Adapter) Logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			a.log.DebugContext(r.Context(), "request", "request", RequestID(r), "method", r.Method, "path", r.URL.Path,
				"status", ww.Status(), "bytes", ww.BytesWritten(), "took", time.Since(start))
		}()
		next.ServeHTTP(ww, r)
	})
}

// Recovered turns a panic into an error page. A panic is a bug: it is logged with its stack.
func (a *Adapter) Recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v)
			}
			a.log.ErrorContext(r.Context(), "panic", "request", RequestID(r), "path", r.URL.Path, "value", fmt.Sprint(v), "stack", string(debug.Stack()))
			a.Page(func(http.ResponseWriter, *http.Request) error {
				return &Problem{Status: http.StatusInternalServerError, Heading: "Something went wrong",
					Text: "The server met a bug of its own. It was written down under the number below."}
			})(w, r)
		}()
		next.ServeHTTP(w, r)
	})
}

// Policy lets a page load from its own server and nowhere else, with nothing inline.
const Policy = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"

// Secured sets the security headers of every answer. Pages depend on cookies, so nothing but static files is cached.
func Secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", Policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
