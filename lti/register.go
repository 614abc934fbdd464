package lti

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// A Tool is what this site tells platforms of itself. All addresses begin with Base, which has no slash at its end.
type Tool struct{ Name, Description, Base string }

// Addresses of the tool.
func (t Tool) Login() string  { return t.Base + "/lti/login" }
func (t Tool) Launch() string { return t.Base + "/lti/launch" }
func (t Tool) Keys() string   { return t.Base + "/lti/jwks.json" }

// configuration is what a platform says of itself [DR 3.4].
type configuration struct {
	Issuer       string `json:"issuer"`
	Auth         string `json:"authorization_endpoint"`
	Token        string `json:"token_endpoint"`
	Keys         string `json:"jwks_uri"`
	Registration string `json:"registration_endpoint"`
	Server       string `json:"authorization_server"`
	Platform     struct {
		Family string `json:"product_family_code"`
	} `json:"https://purl.imsglobal.org/spec/lti-platform-configuration"`
}

// Register makes the tool known to the platform whose configuration is at that address, and returns it as it is to be kept, without an
// ID. Ticket is the registration_token that the platform gave, "" where it gave none [DR 3.3].
func Register(ctx context.Context, do Doer, t Tool, from, ticket string) (Platform, error) {
	at, err := address(from)
	if err != nil {
		return Platform{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return Platform{}, err
	}
	r.Header.Set("Accept", "application/json")
	var c configuration
	if _, err := call(do, r, &c); err != nil {
		return Platform{}, err
	}
	p := Platform{Issuer: c.Issuer, Name: c.Platform.Family, AuthURL: c.Auth, TokenURL: c.Token, KeysURL: c.Keys, Audience: c.Server, ClientID: "not given yet"}
	if err := p.Check(); err != nil {
		return Platform{}, err
	}
	if issuer, err := url.Parse(c.Issuer); err != nil || issuer.Hostname() != at.Hostname() { // [DR 3.5.1]
		return Platform{}, refuse("DR 3.5.1", "The platform says that it is another site than the one that was asked.")
	}
	if _, err := address(c.Registration); err != nil {
		return Platform{}, refuse("DR 3.4", "The platform does not say where tools register.")
	}
	body, err := json.Marshal(t.registration())
	if err != nil {
		return Platform{}, err
	}
	if r, err = http.NewRequestWithContext(ctx, http.MethodPost, c.Registration, bytes.NewReader(body)); err != nil {
		return Platform{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	if ticket != "" {
		r.Header.Set("Authorization", "Bearer "+ticket) // [DR 3.5.2]
	}
	var given struct {
		ClientID string `json:"client_id"`
		Tool     struct {
			Deployment string `json:"deployment_id"`
		} `json:"https://purl.imsglobal.org/spec/lti-tool-configuration"`
	}
	if _, err := call(do, r, &given); err != nil {
		return Platform{}, fmt.Errorf("the platform did not register this site: %w", err)
	}
	p.ClientID = given.ClientID
	if given.Tool.Deployment != "" {
		p.Deployments = []string{given.Tool.Deployment}
	}
	return p, p.Check()
}

// registration is what the tool asks for [DR 3.5.2]: names, but no address of anybody.
func (t Tool) registration() map[string]any {
	base, _ := url.Parse(t.Base)
	return map[string]any{
		"application_type":           "web",
		"response_types":             []string{"id_token"},
		"grant_types":                []string{"implicit", "client_credentials"},
		"initiate_login_uri":         t.Login(),
		"redirect_uris":              []string{t.Launch()},
		"client_name":                t.Name,
		"jwks_uri":                   t.Keys(),
		"token_endpoint_auth_method": "private_key_jwt",
		"scope":                      scopeScore + " " + scopeLineItem + " " + scopeMembers,
		"https://purl.imsglobal.org/spec/lti-tool-configuration": map[string]any{
			"domain": base.Host, "description": t.Description, "target_link_uri": t.Base + "/",
			"claims": []string{"iss", "sub", "name", "given_name", "family_name"},
			"messages": []map[string]any{
				{"type": ResourceLink, "target_link_uri": t.Base + "/"},
				{"type": DeepLinking, "target_link_uri": t.Base + "/", "label": "Choose from " + t.Name},
			},
		},
	}
}
