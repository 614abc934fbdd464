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

// visitorOf is the owner of a visitor's answers, "" where the request has no cookie of ours. The store sees a hash, so
// that nobody who reads the database can act as a visitor.
func visitorOf(r *http.Request) string {
	c, err := r.Cookie(visitorCookie)
	if err != nil {
		return ""
	}
	token, err := base64.RawURLEncoding.Strict().DecodeString(c.Value)
	if err != nil || len(token) != 32 { // forged or damaged: as good as none
		return ""
	}
	sum := sha256.Sum256(token)
	return hex.EncodeToString(sum[:])
}

// ensureVisitor gives a visitor without a cookie one, and returns the owner. A visit renews the cookie for 400 days, the
// most that browsers keep.
func ensureVisitor(w http.ResponseWriter, r *http.Request) string {
	owner, value := visitorOf(r), ""
	if owner == "" {
		var token [32]byte
		rand.Read(token[:])
		sum := sha256.Sum256(token[:])
		owner, value = hex.EncodeToString(sum[:]), base64.RawURLEncoding.EncodeToString(token[:])
	} else if c, err := r.Cookie(visitorCookie); err == nil {
		value = c.Value
	}
	http.SetCookie(w, &http.Cookie{Name: visitorCookie, Value: value, Path: "/", HttpOnly: true, Secure: r.TLS != nil,
		SameSite: http.SameSiteLaxMode, MaxAge: int((400 * 24 * time.Hour).Seconds())})
	return owner
}
