package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

const visitorCookie = "visitor"

// Token is the value of a visitor's cookie, "" where the request has none of ours.
func Token(r *http.Request) string {
	c, err := r.Cookie(visitorCookie)
	if err != nil || !ValidToken(c.Value) { // forged or damaged: as good as none
		return ""
	}
	return c.Value
}

// Visitor is the owner of a visitor's answers, "" without a cookie.
func Visitor(r *http.Request) string {
	if token := Token(r); token != "" {
		return Owner(token)
	}
	return ""
}

// Owner is the name under which the store keeps a visitor's answers: a hash, so that nobody who reads the database can
// act as a visitor.
func Owner(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// EnsureVisitor gives a visitor without a cookie one, renews it where there is one, and returns the owner.
func EnsureVisitor(w http.ResponseWriter, r *http.Request) string {
	token := Token(r)
	if token == "" {
		token = NewToken()
	}
	SetVisitor(w, r, token)
	return Owner(token)
}

// SetVisitor makes the browser the visitor of a token for 400 days, the most that browsers keep.
func SetVisitor(w http.ResponseWriter, r *http.Request, token string) {
	http.SetCookie(w, &http.Cookie{Name: visitorCookie, Value: token, Path: "/", HttpOnly: true, Secure: Encrypted(r),
		SameSite: http.SameSiteLaxMode, MaxAge: int((400 * 24 * time.Hour).Seconds())})
}

// ForgetVisitor takes the cookie away.
func ForgetVisitor(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: visitorCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// tokenBytes is the size of a visitor's token, which nobody guesses.
const tokenBytes = 32

// NewToken is a token for a visitor who has none.
func NewToken() string {
	var b [tokenBytes]byte
	rand.Read(b[:]) // never fails, by its documentation
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// ValidToken says whether a text has the form of a token.
func ValidToken(token string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	return err == nil && len(b) == tokenBytes
}

// Encrypted reports whether the visitor speaks HTTPS with us, or with a proxy in front that says so. Whoever forges the
// header gets a stricter cookie, and nothing else.
func Encrypted(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

// Secret is the secret of a link that was pasted whole, or the secret alone. Older links have it in their query.
func Secret(text string) string {
	text = strings.TrimSpace(text)
	for _, mark := range []string{"#", "?key=", "?token="} {
		if _, secret, found := strings.Cut(text, mark); found {
			return secret
		}
	}
	return text
}
