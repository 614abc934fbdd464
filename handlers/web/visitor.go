package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"gradlab/answers"
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

// Visitor is the owner of a visitor's answers: the person's who has signed in, else the one that the cookie stands for, "" without a cookie.
func Visitor(r *http.Request) string {
	if p, in := Person(r); in {
		return p.Owner
	}
	return Nameless(r)
}

// Nameless is the owner that this browser's cookie stands for, whoever has signed in; "" without a cookie.
func Nameless(r *http.Request) string {
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

// EnsureVisitor gives a visitor without a cookie one, renews it where there is one, and returns the owner. Whoever has signed in needs none.
func EnsureVisitor(w http.ResponseWriter, r *http.Request) string {
	if p, in := Person(r); in {
		return p.Owner
	}
	token := Token(r)
	if token == "" {
		token = NewToken()
	}
	SetVisitor(w, r, token)
	return Owner(token)
}

// Writing lets f keep something that a visitor does by hand, for the owner that it returns. A visitor without a cookie gets one, and so
// does one whose name is retired: what is done after everything was deleted is a new visitor's. Of a person it is refused then: a person's
// words are nobody else's.
func Writing(w http.ResponseWriter, r *http.Request, f func(owner string) error) (owner string, err error) {
	owner = EnsureVisitor(w, r)
	_, in := Person(r)
	if err = f(owner); errors.Is(err, answers.ErrRetired) && !in {
		token := NewToken()
		SetVisitor(w, r, token)
		owner = Owner(token)
		err = f(owner)
	}
	return owner, err
}

// Writer is the owner of what a page sends by itself. Such a request renews no cookie: its answer may come when the browser has another
// one already.
func Writer(w http.ResponseWriter, r *http.Request) string {
	if owner := Visitor(r); owner != "" {
		return owner
	}
	return EnsureVisitor(w, r)
}

// cookieAge is the most that browsers keep.
const cookieAge = 400 * 24 * time.Hour

// SetVisitor makes the browser the visitor of a token.
func SetVisitor(w http.ResponseWriter, r *http.Request, token string) {
	w.Header()["Set-Cookie"] = slices.DeleteFunc(w.Header()["Set-Cookie"], func(line string) bool { return strings.HasPrefix(line, visitorCookie+"=") })
	SetCookie(w, r, &http.Cookie{Name: visitorCookie, Value: token, Path: "/", HttpOnly: true, Secure: Encrypted(r),
		SameSite: http.SameSiteLaxMode, MaxAge: int(cookieAge.Seconds())})
}

// ForgetVisitor takes the cookie away, and has the browser forget what its scripts have kept there (js/reader.js): by a cookie, since
// no link can set one, and since browsers know the header Clear-Site-Data over HTTPS alone. Of who has signed in the session ends; the
// visitor without a name that this browser was before is another.
func ForgetVisitor(w http.ResponseWriter, r *http.Request) {
	whose := "1"
	if _, in := Person(r); in {
		whose = Mark(r)
		EndSession(w, r)
	} else {
		SetCookie(w, r, &http.Cookie{Name: visitorCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	SetCookie(w, r, &http.Cookie{Name: "deleted", Value: whose, Path: "/", Secure: Encrypted(r), SameSite: http.SameSiteLaxMode, MaxAge: int(cookieAge.Seconds())})
}

// noticeCookie says on the page that a form leads to what was done. A link that somebody else made cannot say so.
const noticeCookie = "notice"

// Notify leaves a notice for the page at a path.
func Notify(w http.ResponseWriter, r *http.Request, path, notice string) {
	SetCookie(w, r, &http.Cookie{Name: noticeCookie, Value: notice, Path: path, HttpOnly: true, Secure: Encrypted(r), SameSite: http.SameSiteLaxMode, MaxAge: 60})
}

// Noticed returns the notice to the page at a path, once.
func Noticed(w http.ResponseWriter, r *http.Request, path string) string {
	c, err := r.Cookie(noticeCookie)
	if err != nil {
		return ""
	}
	SetCookie(w, r, &http.Cookie{Name: noticeCookie, Path: path, MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return c.Value
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
