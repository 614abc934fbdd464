package account

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"gradlab/handlers/web"
	"gradlab/signon"
)

const (
	// pendingCookie begins the name of what a browser keeps of a sign-in that it has begun; the rest is of its state, since several tabs may.
	pendingCookie = "sign-in-"
	pendingTime   = 10 * 60 // seconds
	maxPending    = 5       // of one browser: of more the others are dropped, so that its requests do not grow
	maxReturn     = 1000    // bytes of the address to lead back to, which stands in the cookie
)

var (
	noSignOn = &web.Problem{Status: http.StatusNotFound, Heading: "Nobody signs in here", Text: "This site has no sign-on: everything works without an account."}
	notBegun = &web.Problem{Status: http.StatusForbidden, Heading: "Not signed in",
		Text: "This sign-in was not begun in this browser, or longer than ten minutes ago, or it is over already. Please sign in again from here."}
)

// A pending is a sign-in that a browser has begun.
type pending struct {
	signon.Pending
	Back string
}

func pendingName(state string) string { return pendingCookie + state[:min(len(state), 16)] }

func pendingOf(r *http.Request, name, value string, seconds int) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/sign-in", HttpOnly: true, Secure: web.Encrypted(r), SameSite: http.SameSiteLaxMode, MaxAge: seconds}
}

// SignIn sends a browser to the provider.
func (s *Pages) SignIn(w http.ResponseWriter, r *http.Request) error {
	if s.provider == nil {
		return noSignOn
	}
	address, begun, err := s.provider.Begin(r.Context())
	if err != nil {
		return s.problemOf(r, err)
	}
	to := web.LocalPath(web.Query(r).Get("back"))
	if len(to) > maxReturn {
		to = "/"
	}
	value := url.Values{"state": {begun.State}, "nonce": {begun.Nonce}, "verifier": {begun.Verifier}, "back": {to}}.Encode()
	others := 0
	for _, c := range r.Cookies() {
		if strings.HasPrefix(c.Name, pendingCookie) {
			if others++; others >= maxPending {
				web.SetCookie(w, r, pendingOf(r, c.Name, "", -1))
			}
		}
	}
	web.SetCookie(w, r, pendingOf(r, pendingName(begun.State), base64.RawURLEncoding.EncodeToString([]byte(value)), pendingTime))
	http.Redirect(w, r, address, http.StatusFound)
	return nil
}

// Back is where the provider sends a browser, which then has a session of whoever the provider says it is.
func (s *Pages) Back(w http.ResponseWriter, r *http.Request) error {
	if s.provider == nil {
		return noSignOn
	}
	query := web.Query(r)
	state := query.Get("state")
	begun, found := readPending(r, state)
	if !found {
		return notBegun
	}
	web.SetCookie(w, r, pendingOf(r, pendingName(state), "", -1)) // it serves once
	if query.Has("error") {                                       // RFC 6749, section 4.1.2.1: denied, mostly
		return &web.Problem{Status: http.StatusForbidden, Heading: "Not signed in", Text: s.provider.Name() + " did not sign you in. You can go on without, or try again."}
	}
	identity, err := s.provider.Finish(r.Context(), query.Get("code"), query.Get("iss"), begun.Pending)
	if err != nil {
		return s.problemOf(r, err)
	}
	p, err := s.rows.SignIn(r.Context(), identity)
	if err != nil {
		return err
	}
	token := web.NewToken() // another one at each sign-in: who has set one before knows nothing
	session, err := s.rows.OpenSession(r.Context(), p.ID, web.Owner(token), false)
	if err != nil {
		return err
	}
	if before := web.SessionHash(r); before != "" {
		if err := s.close(r.Context(), before); err != nil {
			return err
		}
	}
	web.BeginSession(w, r, token, session)
	to := begun.Back
	if owner := web.Nameless(r); owner != "" {
		held, err := s.rows.Held(r.Context(), owner, p.Owner)
		if err != nil {
			return err
		}
		if held.Any() {
			to = "/sign-in/answers?" + url.Values{"back": {to}}.Encode()
		}
	}
	if to == "/me" {
		web.Notify(w, r, "/me", "in")
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// readPending is what this browser keeps of the sign-in of a state.
func readPending(r *http.Request, state string) (begun pending, found bool) {
	c, err := r.Cookie(pendingName(state))
	if err != nil || state == "" {
		return begun, false
	}
	value, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return begun, false
	}
	kept, err := web.ParseQuery(string(value))
	if err != nil {
		return begun, false
	}
	begun = pending{signon.Pending{State: kept.Get("state"), Nonce: kept.Get("nonce"), Verifier: kept.Get("verifier")}, web.LocalPath(kept.Get("back"))}
	return begun, begun.State == state
}
