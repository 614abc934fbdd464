package handlers

import (
	"context"
	"net/http"
	"strings"
	"time"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/handlers/web"
)

const (
	noting   = 8 // visits at most are being noted at a time; one that comes then is noted on another day
	noteTime = 5 * time.Second
)

// presence notes that visitors are here, each once a day and beside their requests: what is kept of those who are away for long may go,
// and no page waits for that.
type presence struct {
	note   func(ctx context.Context, owner string) error
	daily  classroom.Limiter
	places chan struct{}
}

func newPresence(c Config) *presence {
	return &presence{note: c.Answers.VisitorSeen, daily: classroom.Limiter{Rate: 1.0 / (24 * 60 * 60), Burst: 1, Now: c.Clock}, places: make(chan struct{}, noting)}
}

// attended gives each request a place in which a guard says who is behind it, and notes its visitor.
func (s *site) attended(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if owner := web.Visitor(r); owner != "" && !strings.HasPrefix(r.URL.Path, "/static/") {
			s.presence.see(owner)
		}
		r = r.WithContext(audit.Known(r.Context()))
		if p, in := web.Person(r); in {
			audit.Identify(r.Context(), audit.Person(p.ID))
		}
		next.ServeHTTP(w, r)
	})
}

func (p *presence) see(owner string) {
	if !p.daily.Allow(owner) {
		return
	}
	select {
	case p.places <- struct{}{}:
		go func() {
			defer func() { <-p.places }()
			ctx, cancel := context.WithTimeout(context.Background(), noteTime)
			defer cancel()
			p.note(ctx, owner) // a visit that cannot be noted now is on another day
		}()
	default:
	}
}
