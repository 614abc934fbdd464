package lti

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
)

// Scopes of the services.
const (
	scopeMembers  = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
	scopeScore    = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
	scopeLineItem = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
)

// A Client calls the services of platforms, each with a token that it asks for by a signed assertion [Sec 4.1].
type Client struct {
	HTTP  Doer
	Clock func() time.Time
	// Key is what signs now.
	Key func(ctx context.Context) (Key, error)

	mu     sync.Mutex
	tokens map[[2]string]token // by the platform's ID and the scope
}

type token struct {
	text string
	ends time.Time
}

// call sends a request of a service with a token of that scope. Where the platform does not know the token any more, it asks for
// another, once.
func (c *Client) call(ctx context.Context, p Platform, scope string, request func() (*http.Request, error), into any) (http.Header, error) {
	for again := true; ; again = false {
		text, err := c.token(ctx, p, scope)
		if err != nil {
			return nil, err
		}
		r, err := request()
		if err != nil {
			return nil, err
		}
		r.Header.Set("Authorization", "Bearer "+text)
		header, err := call(c.HTTP, r.WithContext(ctx), into)
		var status *StatusError
		if again && errors.As(err, &status) && status.Status == http.StatusUnauthorized {
			c.forget(p, scope)
			continue
		}
		return header, err
	}
}

// now is the time by the clock, where one is given.
func (c *Client) now() time.Time {
	if c.Clock != nil {
		return c.Clock()
	}
	return time.Now()
}

func (c *Client) forget(p Platform, scope string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.tokens, [2]string{p.ID, scope})
}

// token returns a token for a scope [Sec 4.1.1].
func (c *Client) token(ctx context.Context, p Platform, scope string) (string, error) {
	now := c.now()
	c.mu.Lock()
	have := c.tokens[[2]string{p.ID, scope}]
	c.mu.Unlock()
	if now.Before(have.ends) {
		return have.text, nil
	}
	key, err := c.Key(ctx)
	if err != nil {
		return "", err
	}
	audience := p.Audience
	if audience == "" {
		audience = p.TokenURL
	}
	assertion, err := key.sign(jwt.Claims{Issuer: p.ClientID, Subject: p.ClientID, Audience: jwt.Audience{audience}, IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(5 * time.Minute)), ID: Random()})
	if err != nil {
		return "", err
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {assertion}, "scope": {scope}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	var given struct {
		Token   string  `json:"access_token"`
		Type    string  `json:"token_type"`
		Expires float64 `json:"expires_in"`
	}
	if _, err := call(c.HTTP, r, &given); err != nil {
		return "", fmt.Errorf("no token for the service: %w", err)
	}
	if given.Token == "" || !strings.EqualFold(given.Type, "bearer") {
		return "", errors.New("no token for the service: the platform gave none")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tokens == nil {
		c.tokens = map[[2]string]token{}
	}
	lasts := min(max(given.Expires-60, 0), 3600) // it must not end on the way
	c.tokens[[2]string{p.ID, scope}] = token{given.Token, now.Add(time.Duration(lasts) * time.Second)}
	return given.Token, nil
}
