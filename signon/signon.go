// Package signon signs people in by OpenID Connect: the code flow with PKCE (RFC 7636), state and nonce, as OpenID Connect Core 1.0, section
// 3.1, has it. The library go-oidc checks signatures, issuer, audience and expiry; what it leaves to its caller is checked here.
//
// A provider that is away takes nothing along: it is looked for at the first sign-in, asked for a bounded time and size, and not asked again
// for a few seconds after it failed. The package knows no handlers and no database.
package signon

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"gradlab/persons"
)

// Bounds of what a provider may take and send.
const (
	answerTime = 5 * time.Second // of one request
	answerSize = 1 << 20         // bytes of one answer
	pauseTime  = 10 * time.Second
)

// Why nobody is signed in. Each comes with its reason, for the log.
var (
	// ErrAway says that the provider does not answer, or not as one.
	ErrAway = errors.New("the sign-on does not answer")
	// ErrRefused says that what came back is no proof of who somebody is.
	ErrRefused = errors.New("the sign-on did not say who this is")
)

// Config names a provider and what we are to it.
type Config struct {
	Issuer   string // its address, below which its configuration is found
	ClientID string
	Secret   string // "" for a client that has none
	Redirect string // our address that people come back to
	Name     string // what people call it: "the University of Example"
	Roles    Roles
	Now      func() time.Time  // nil is the time's own
	Base     http.RoundTripper // nil is http.DefaultTransport
}

// A Provider signs people in. Its methods are safe for concurrent use.
type Provider struct {
	config Config
	client *http.Client
	asking singleflight.Group

	mu    sync.Mutex
	found *oidc.Provider
	fault error // of the last time that it was looked for
	until time.Time
}

// New returns a provider, which is not asked yet.
func New(c Config) *Provider {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Base == nil {
		c.Base = http.DefaultTransport
	}
	return &Provider{config: c, client: &http.Client{
		Timeout: answerTime, Transport: bounded{c.Base},
		// Configuration, keys and tokens stand where the provider says: whoever could redirect us could give others'.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Name is what people call the provider.
func (p *Provider) Name() string { return p.config.Name }

// bounded reads no more of an answer than it may have.
type bounded struct{ base http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.base.RoundTrip(r)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, answerSize), resp.Body}
	}
	return resp, err
}

// provider finds the configuration, once. Who asks while another does waits for the same.
func (p *Provider) provider(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	found, fault, until := p.found, p.fault, p.until
	p.mu.Unlock()
	if found != nil {
		return found, nil
	}
	if fault != nil && p.config.Now().Before(until) {
		return nil, fault
	}
	result := p.asking.DoChan("", func() (any, error) {
		// Not by the context of whoever asked first: others wait, too. The client's own time bounds it.
		found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.config.Issuer)
		p.mu.Lock()
		defer p.mu.Unlock()
		if err != nil {
			p.fault, p.until = fmt.Errorf("%w: %w", ErrAway, err), p.config.Now().Add(pauseTime)
			return nil, p.fault
		}
		p.found = found
		return found, nil
	})
	select {
	case r := <-result:
		found, _ := r.Val.(*oidc.Provider)
		return found, r.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Pending is what a browser keeps from when it leaves for the provider until it comes back: by it, what comes back is known to be meant for
// this browser (State), made for this sign-in (Nonce), and of use to nobody else (Verifier).
type Pending struct{ State, Nonce, Verifier string }

// Begin returns where to send a browser, and what it is to keep meanwhile. The error is ErrAway.
func (p *Provider) Begin(ctx context.Context) (address string, pending Pending, err error) {
	found, err := p.provider(ctx)
	if err != nil {
		return "", Pending{}, err
	}
	pending = Pending{random(), random(), oauth2.GenerateVerifier()}
	return p.oauth(found).AuthCodeURL(pending.State, oidc.Nonce(pending.Nonce), oauth2.S256ChallengeOption(pending.Verifier)), pending, nil
}

func random() string {
	var b [24]byte
	rand.Read(b[:]) // never fails, by its documentation
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func (p *Provider) oauth(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.config.ClientID, ClientSecret: p.config.Secret, RedirectURL: p.config.Redirect, Endpoint: found.Endpoint(), Scopes: p.scopes(found)}
}

// scopes are what is asked for: who somebody is and what they are called, and the groups where roles are made of them and the provider has
// such a scope.
func (p *Provider) scopes(found *oidc.Provider) []string {
	scopes := []string{oidc.ScopeOpenID, "profile"}
	var supported struct {
		Scopes []string `json:"scopes_supported"`
	}
	if p.config.Roles.Claim != "" && found.Claims(&supported) == nil && slices.Contains(supported.Scopes, p.config.Roles.Claim) {
		scopes = append(scopes, p.config.Roles.Claim)
	}
	return scopes
}

// Finish returns who somebody is who came back with a code; issuer is what came with it under that name, "" where nothing did. The error is
// ErrAway or ErrRefused.
func (p *Provider) Finish(ctx context.Context, code, issuer string, pending Pending) (persons.Identity, error) {
	if issuer != "" && issuer != p.config.Issuer { // RFC 9207, section 2.4: another provider's answer
		return persons.Identity{}, fmt.Errorf("%w: it comes from another issuer", ErrRefused)
	}
	found, err := p.provider(ctx)
	if err != nil {
		return persons.Identity{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	oauth := p.oauth(found)
	token, err := oauth.Exchange(ctx, code, oauth2.VerifierOption(pending.Verifier))
	if err != nil {
		return persons.Identity{}, away(err)
	}
	raw, _ := token.Extra("id_token").(string)
	proof, err := found.VerifierContext(ctx, &oidc.Config{ClientID: p.config.ClientID, Now: p.config.Now}).Verify(ctx, raw)
	if err != nil {
		return persons.Identity{}, away(err)
	}
	if proof.Nonce != pending.Nonce {
		return persons.Identity{}, fmt.Errorf("%w: it was made for another sign-in", ErrRefused)
	}
	var said claims
	if err := proof.Claims(&said); err != nil {
		return persons.Identity{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	// OpenID Connect Core, section 3.1.3.7, 4 and 5: a proof for several must say for whom it was made.
	if party, _ := said["azp"].(string); party != p.config.ClientID && (party != "" || len(proof.Audience) > 1) {
		return persons.Identity{}, fmt.Errorf("%w: it was made for another application", ErrRefused)
	}
	if p.config.Roles.lacking(said) || said.name() == "" {
		// Some tell here alone. One that does not answer leaves what is known already.
		if more, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token)); err == nil && more.Subject == proof.Subject { // section 5.3.2
			var rest claims
			if more.Claims(&rest) == nil {
				said = rest.with(said)
			}
		}
	}
	who, err := persons.Identity{Issuer: p.config.Issuer, Subject: proof.Subject, Name: said.name(), Role: p.config.Roles.of(said)}.Checked()
	if err != nil {
		return persons.Identity{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return who, nil
}

// away says which of the two an error of a provider is: one that it answered with, or that it did not answer.
func away(err error) error {
	var answered *oauth2.RetrieveError
	var lost interface{ Timeout() bool } // of net/http's and net's errors
	if errors.As(err, &answered) && answered.Response.StatusCode >= 500 || !errors.As(err, &answered) && errors.As(err, &lost) {
		return fmt.Errorf("%w: %w", ErrAway, err)
	}
	return fmt.Errorf("%w: %w", ErrRefused, err)
}
