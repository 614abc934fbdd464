package web

import (
	"context"
	"net/http"
)

// SignOuts tell the streams of a session, in every process of the site, that it has ended.
type SignOuts struct {
	// Bus carries events to every process; see package classroom.
	Bus interface {
		Publish(ctx context.Context, topic string, payload []byte) error
		Subscribe(topic string) (<-chan []byte, func())
	}
	Sessions Sessions
}

func sessionTopic(hash string) string { return "session:" + hash }

// Tell says that sessions, by their hashes, have ended; the store knows it already.
func (s *SignOuts) Tell(ctx context.Context, hashes ...string) error {
	for _, hash := range hashes {
		if err := s.Bus.Publish(ctx, sessionTopic(hash), []byte("ended")); err != nil {
			return err
		}
	}
	return nil
}

// Heed ends streams whose session has ended.
func (a *Adapter) Heed(s *SignOuts) { a.signOuts = s }

// session is that of a stream: heard brings something when it may have ended, and over says whether it has. Of a stream by which nobody has
// signed in nothing is heard. The caller ends it by stop.
func (a *Adapter) session(r *http.Request) (heard <-chan []byte, over func() bool, stop func()) {
	hash := SessionHash(r)
	if hash == "" || a.signOuts == nil {
		return nil, func() bool { return false }, func() {}
	}
	heard, stop = a.signOuts.Bus.Subscribe(sessionTopic(hash))
	return heard, func() bool {
		_, found, err := a.signOuts.Sessions.SessionPerson(r.Context(), hash)
		return err == nil && !found // where the database is away, word comes again when it is back
	}, stop
}
