package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"gradlab/persons"
	"gradlab/views"
)

// sessionCookie holds the token of a session, whose hash the store knows.
const sessionCookie = "session"

type personKey struct{}

// Sessions know whose the token of a session is, by its hash; package store implements it.
type Sessions interface {
	SessionPerson(ctx context.Context, hash string) (persons.Person, bool, error)
}

// SignedIn finds out who has signed in, for everything after it: Visitor is then the person's owner. Where that cannot be read nothing is
// answered: what somebody writes must not go to another. Static files are everybody's, and wait for no database. Where people can sign in,
// every page leads there.
func (a *Adapter) SignedIn(sessions Sessions, can bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if can {
				r = r.WithContext(views.WithAccounts(r.Context()))
			}
			if !strings.HasPrefix(r.URL.Path, "/static/") {
				for _, c := range r.CookiesNamed(sessionCookie) {
					if !ValidToken(c.Value) {
						continue
					}
					p, found, err := sessions.SessionPerson(r.Context(), Owner(c.Value))
					if err != nil {
						a.Scripted(func(http.ResponseWriter, *http.Request) error { return err })(w, r)
						return
					}
					if found {
						r = r.WithContext(context.WithValue(r.Context(), personKey{}, &signed{p, c.Value}))
						break
					}
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// signed is who has signed in, and by which token.
type signed struct {
	person persons.Person
	token  string
}

// Person is who has signed in; false for a visitor without a name.
func Person(r *http.Request) (persons.Person, bool) {
	if s, ok := r.Context().Value(personKey{}).(*signed); ok {
		return s.person, true
	}
	return persons.Person{}, false
}

// Mark is how scripts know whose page it is, so that what they keep in the browser is shown to nobody else; "" of a visitor without a name.
func Mark(r *http.Request) string {
	p, in := Person(r)
	if !in {
		return ""
	}
	sum := sha256.Sum256([]byte("kept in the browser for " + p.ID))
	return hex.EncodeToString(sum[:6])
}

// Carry has the browser give what its scripts have kept for one reader to another, each by their Mark; see js/reader.js.
func Carry(w http.ResponseWriter, r *http.Request, from, to string) {
	value := cmp.Or(from, "-") + "." + cmp.Or(to, "-")
	SetCookie(w, r, &http.Cookie{Name: "carried", Value: value, Path: "/", Secure: Encrypted(r), SameSite: http.SameSiteLaxMode, MaxAge: int(cookieAge.Seconds())})
}

// As is a request of that person, who has signed in with it just now by that token.
func As(r *http.Request, p persons.Person, token string) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), personKey{}, &signed{p, token}))
}

// SessionHash is the hash of the token by which a person has signed in, "" where nobody has.
func SessionHash(r *http.Request) string {
	if s, ok := r.Context().Value(personKey{}).(*signed); ok {
		return Owner(s.token)
	}
	return ""
}

// BeginSession gives the browser the token of a session. A framed one is kept and sent inside the frame of the site that has launched us,
// and nowhere else (CHIPS): browsers take such a cookie over HTTPS, and from localhost.
func BeginSession(w http.ResponseWriter, r *http.Request, token string, s persons.Session) {
	http.SetCookie(w, sessionOf(r, token, s.Framed, int(time.Until(s.Expires).Seconds())))
}

// EndSession takes the token away, of whichever kind; the caller ends the session in the store.
func EndSession(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, sessionOf(r, "", false, -1))
	http.SetCookie(w, sessionOf(r, "", true, -1))
}

func sessionOf(r *http.Request, token string, framed bool, seconds int) *http.Cookie {
	c := &http.Cookie{Name: sessionCookie, Value: token, Path: "/", HttpOnly: true, Secure: Encrypted(r), SameSite: http.SameSiteLaxMode, MaxAge: seconds}
	if framed {
		c.Secure, c.SameSite, c.Partitioned = true, http.SameSiteNoneMode, true
	}
	return c
}
