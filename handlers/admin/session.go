package admin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gradlab/audit"
	"gradlab/handlers/web"
	"gradlab/persons"
	"gradlab/views"
)

const (
	sessionCookie = "operator"
	// sessionTime is how long a browser may act as the operator after the key was given.
	sessionTime = 12 * time.Hour
)

// signed is a session: until when it lasts, sealed with the key. A new key ends all of them, on every replica.
func (s *Pages) signed(until time.Time) string {
	text := strconv.FormatInt(until.Unix(), 10)
	seal := hmac.New(sha256.New, []byte(s.key))
	seal.Write([]byte("gradlab operator until " + text))
	return text + "." + base64.RawURLEncoding.EncodeToString(seal.Sum(nil))
}

// holds says whether a request has a session that lasts.
func (s *Pages) holds(r *http.Request) bool {
	if s.key == "" {
		return false
	}
	for _, c := range r.CookiesNamed(sessionCookie) {
		text, _, _ := strings.Cut(c.Value, ".")
		until, err := strconv.ParseInt(text, 10, 64)
		if err == nil && s.now().Before(time.Unix(until, 0)) && hmac.Equal([]byte(c.Value), []byte(s.signed(time.Unix(until, 0)))) {
			return true
		}
	}
	return false
}

// operates says whether a request is the operator's: it has a session, or a person has signed in who is one.
func (s *Pages) operates(r *http.Request) bool {
	p, in := web.Person(r)
	if !s.holds(r) && (!in || p.Role != persons.Operator) {
		return false
	}
	audit.Operates(r.Context())
	return true
}

// Operated lets only the operator in; for others there is nothing here.
func (s *Pages) Operated(serve web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !s.operates(r) {
			return web.NotFound
		}
		return serve(w, r)
	}
}

// OperatedBy is Operated for programs, too, which give the key with each request.
func (s *Pages) OperatedBy(serve web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if given, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); found && s.key != "" {
			right, err := s.gate(r, s.key, given)
			if err != nil {
				return err
			}
			if !right {
				return wrongKey
			}
			audit.Operates(r.Context())
			return serve(w, r)
		}
		return s.Operated(serve)(w, r)
	}
}

var wrongKey = &web.Problem{Status: http.StatusForbidden, Heading: "Not the key", Text: "This is not the operator’s key."}

// Home is the overview for the operator, and the form for the key for others.
func (s *Pages) Home(w http.ResponseWriter, r *http.Request) error {
	if s.operates(r) {
		return s.overview(w, r)
	}
	if s.key == "" {
		return web.NotFound
	}
	return web.Render(w, r, http.StatusOK, views.OperatorDoorPage(views.OperatorDoor{Frame: frame(r, "Operator")}))
}

// Enter takes the key.
func (s *Pages) Enter(w http.ResponseWriter, r *http.Request) error {
	if s.key == "" {
		return web.NotFound
	}
	right, err := s.gate(r, s.key, web.Form(r).Get("key"))
	if err != nil {
		return err
	}
	if !right {
		door := views.OperatorDoor{Frame: frame(r, "Operator"), Error: wrongKey.Text}
		return web.Render(w, r, wrongKey.Status, views.OperatorDoorPage(door))
	}
	audit.Operates(r.Context())
	s.rows.Tell(r.Context(), audit.OperatorCame, "", "")
	s.giveSession(w, r, s.signed(s.now().Add(sessionTime)), int(sessionTime.Seconds()))
	http.Redirect(w, r, "/admin", http.StatusSeeOther)
	return nil
}

// Leave ends the session of this browser.
func (s *Pages) Leave(w http.ResponseWriter, r *http.Request) error {
	s.giveSession(w, r, "", -1)
	http.Redirect(w, r, "/admin", http.StatusSeeOther)
	return nil
}

func (s *Pages) giveSession(w http.ResponseWriter, r *http.Request, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: value, Path: "/admin", HttpOnly: true, Secure: web.Encrypted(r), SameSite: http.SameSiteStrictMode, MaxAge: seconds})
}
