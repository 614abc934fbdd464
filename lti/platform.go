package lti

import (
	"net"
	"net/url"
	"slices"
	"strings"
)

// A Platform is a registration: this tool, known to a learning management system under ClientID. One system may know the tool
// several times.
type Platform struct {
	ID       string // ours
	Issuer   string
	ClientID string
	Name     string // what it says that it is
	AuthURL  string // where browsers are sent to sign in
	TokenURL string // where service tokens are given
	KeysURL  string // its public keys
	// Audience is what a service token is asked of, where that is not TokenURL.
	Audience string
	// Deployments are those that may launch. A platform that named none at registration adds the first that it launches with.
	Deployments []string
}

const (
	maxURL = 2000 // bytes of an address
	maxID  = 255  // characters of an id [Core 5.3.3, 5.3.5, 5.3.6]
)

// Check says what is wrong with a registration; the error is a *RefusedError.
func (p Platform) Check() error {
	if p.Issuer == "" || len(p.Issuer) > maxURL || p.ClientID == "" || len(p.ClientID) > maxID {
		return refuse("Sec 5.1.1.1", "The platform gave no issuer or no client id, or one that is too long.")
	}
	for _, text := range []string{p.Issuer, p.AuthURL, p.TokenURL, p.KeysURL} {
		if _, err := address(text); err != nil {
			return err
		}
	}
	return nil
}

// Deployed says whether a deployment may launch, and whether it does so for the first time and is to be kept.
func (p Platform) Deployed(id string) (may, first bool) {
	if len(p.Deployments) == 0 {
		return true, true
	}
	return slices.Contains(p.Deployments, id), false
}

// address reads an address that a platform gave: over TLS [Sec 3], or on this machine, for tests.
func address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || len(text) > maxURL || u.Host == "" || u.User != nil || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !Loopback(u.Hostname())) {
		return nil, refuse("Sec 3", "The platform gave an address that is none, or not one of HTTPS.")
	}
	return u, nil
}

// Loopback says whether a host is this machine.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// Origin is the scheme and host of an address that was checked.
func Origin(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
