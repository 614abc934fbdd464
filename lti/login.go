package lti

import (
	"crypto/rand"
	"encoding/base64"
	"net/url"
)

// A Login is how a platform asks the tool to sign a browser in [Sec 5.1.1.1].
type Login struct {
	Issuer      string
	Hint        string // login_hint: of whom, for the platform alone to read
	Target      string // target_link_uri
	MessageHint string // lti_message_hint [Core 4.1.1]; may be empty
	Deployment  string // lti_deployment_id [Core 4.1.2]; may be empty
	Client      string // client_id [Core 4.1.3]; may be empty
}

// maxHint bounds what a platform may have us hand back to it.
const maxHint = 8 << 10

// ReadLogin reads the parameters of a login; the error is a *RefusedError.
func ReadLogin(v url.Values) (Login, error) {
	l := Login{Issuer: v.Get("iss"), Hint: v.Get("login_hint"), Target: v.Get("target_link_uri"), MessageHint: v.Get("lti_message_hint"), Deployment: v.Get("lti_deployment_id"), Client: v.Get("client_id")}
	if l.Issuer == "" || l.Hint == "" || l.Target == "" {
		return l, refuse("Sec 5.1.1.1", "The course page did not say who it is, whom it sends, or where to. Open the link from your course again.")
	}
	if len(l.Issuer) > maxURL || len(l.Target) > 4*maxURL || len(l.Hint)+len(l.MessageHint) > maxHint || len(l.Client) > maxID || len(l.Deployment) > maxID {
		return l, refuse("Sec 5.1.1.1", "What the course page sent is longer than it can be.")
	}
	return l, nil
}

// Values are the parameters of the login, to begin it again.
func (l Login) Values() url.Values {
	v := url.Values{"iss": {l.Issuer}, "login_hint": {l.Hint}, "target_link_uri": {l.Target}}
	for name, value := range map[string]string{"lti_message_hint": l.MessageHint, "lti_deployment_id": l.Deployment, "client_id": l.Client} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// SignIn is where a browser is sent, to come back to that address of ours with an id_token [Sec 5.1.1.2].
func (p Platform) SignIn(l Login, back, state, nonce string) string {
	v := url.Values{
		"scope": {"openid"}, "response_type": {"id_token"}, "response_mode": {"form_post"}, "prompt": {"none"},
		"client_id": {p.ClientID}, "redirect_uri": {back}, "login_hint": {l.Hint}, "state": {state}, "nonce": {nonce},
	}
	if l.MessageHint != "" {
		v.Set("lti_message_hint", l.MessageHint)
	}
	u, _ := url.Parse(p.AuthURL) // was checked
	query := u.Query()
	for name, values := range v {
		query[name] = values
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// Random is a text that nobody guesses: a state, a nonce, the id of a token.
func Random() string {
	var b [32]byte
	rand.Read(b[:]) // never fails, by its documentation
	return base64.RawURLEncoding.EncodeToString(b[:])
}
