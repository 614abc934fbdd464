package handlers

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"time"
)

const visitorCookie = "visitor"

// visitorToken is the value of a visitor's cookie, "" where the request has none of ours.
func visitorToken(r *http.Request) string {
	c, err := r.Cookie(visitorCookie)
	if err != nil || !validToken(c.Value) { // forged or damaged: as good as none
		return ""
	}
	return c.Value
}

// visitorOf is the owner of a visitor's answers, "" without a cookie.
func visitorOf(r *http.Request) string {
	if token := visitorToken(r); token != "" {
		return ownerOf(token)
	}
	return ""
}

// ownerOf is the name under which the store keeps a visitor's answers: a hash, so that nobody who reads the database can
// act as a visitor.
func ownerOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// ensureVisitor gives a visitor without a cookie one, renews it where there is one, and returns the owner.
func ensureVisitor(w http.ResponseWriter, r *http.Request) string {
	token := visitorToken(r)
	if token == "" {
		token = newToken()
	}
	setVisitor(w, r, token)
	return ownerOf(token)
}

// setVisitor makes the browser the visitor of a token for 400 days, the most that browsers keep.
func setVisitor(w http.ResponseWriter, r *http.Request, token string) {
	http.SetCookie(w, &http.Cookie{Name: visitorCookie, Value: token, Path: "/", HttpOnly: true, Secure: encrypted(r),
		SameSite: http.SameSiteLaxMode, MaxAge: int((400 * 24 * time.Hour).Seconds())})
}

// tokenBytes is the size of a visitor's token, which nobody guesses.
const tokenBytes = 32

func newToken() string {
	var b [tokenBytes]byte
	rand.Read(b[:]) // never fails, by its documentation
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// validToken says whether a text has the form of a token.
func validToken(token string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	return err == nil && len(b) == tokenBytes
}

// encrypted reports whether the visitor speaks HTTPS with us, or with a proxy in front that says so. Whoever forges the
// header gets a stricter cookie, and nothing else.
func encrypted(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}
