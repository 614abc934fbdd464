package ltitest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

const ticket = "a registration token of one use"

// Registration is what a platform adds to the address at which a tool registers (LTI Dynamic Registration 1.0, 3.3).
func (p *Platform) Registration() (configuration, token string) {
	return p.URL + "/.well-known/openid-configuration", ticket
}

// Scopes are those of the services.
var Scopes = []string{
	"https://purl.imsglobal.org/spec/lti-ags/scope/lineitem", "https://purl.imsglobal.org/spec/lti-ags/scope/score",
	"https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
}

func (p *Platform) configuration(w http.ResponseWriter, _ *http.Request) {
	send(w, "application/json", map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/auth", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/jwks",
		"registration_endpoint": p.URL + "/register", "token_endpoint_auth_methods_supported": []string{"private_key_jwt"},
		"token_endpoint_auth_signing_alg_values_supported": []string{"RS256"}, "scopes_supported": append([]string{"openid"}, Scopes...),
		"response_types_supported": []string{"id_token"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"RS256"},
		"claims_supported": []string{"iss", "sub", "name"},
		"https://purl.imsglobal.org/spec/lti-platform-configuration": map[string]any{
			"product_family_code": "test platform", "version": "1",
			"messages_supported": []map[string]any{{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}},
		},
	})
}

func (p *Platform) register(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+ticket {
		p.fault(w, http.StatusUnauthorized, "registration without its token (DR 3.5.2)")
		return
	}
	var got struct {
		Type      string   `json:"application_type"`
		Responses []string `json:"response_types"`
		Grants    []string `json:"grant_types"`
		Login     string   `json:"initiate_login_uri"`
		Redirects []string `json:"redirect_uris"`
		Name      string   `json:"client_name"`
		Keys      string   `json:"jwks_uri"`
		Method    string   `json:"token_endpoint_auth_method"`
		Scope     string   `json:"scope"`
		Tool      struct {
			Domain   string `json:"domain"`
			Target   string `json:"target_link_uri"`
			Messages []struct {
				Type string `json:"type"`
			} `json:"messages"`
			Claims []string `json:"claims"`
		} `json:"https://purl.imsglobal.org/spec/lti-tool-configuration"`
	}
	if err := json.NewDecoder(r.Body).Decode(&got); err != nil || r.Header.Get("Content-Type") != "application/json" {
		p.fault(w, http.StatusBadRequest, "registration: %v, %s", err, r.Header.Get("Content-Type"))
		return
	}
	switch {
	case got.Type != "web", !slices.Contains(got.Responses, "id_token"), !slices.Contains(got.Grants, "implicit"), !slices.Contains(got.Grants, "client_credentials"),
		got.Login == "", len(got.Redirects) == 0, got.Name == "", got.Keys == "", got.Method != "private_key_jwt", got.Tool.Domain == "", len(got.Tool.Messages) == 0, len(got.Tool.Claims) == 0:
		p.fault(w, http.StatusBadRequest, "registration lacks what it must have: %+v", got)
		return
	}
	for _, scope := range strings.Fields(got.Scope) {
		if !slices.Contains(Scopes, scope) {
			p.fault(w, http.StatusBadRequest, "registration wants the scope %q", scope)
			return
		}
	}
	p.mu.Lock()
	p.tool = tool{got.Login, got.Redirects[0], got.Keys}
	p.mu.Unlock()
	answer := map[string]any{"client_id": p.ClientID, "client_name": got.Name, "redirect_uris": got.Redirects}
	if p.Names {
		answer["https://purl.imsglobal.org/spec/lti-tool-configuration"] = map[string]any{"deployment_id": p.Deployment, "domain": got.Tool.Domain}
	}
	send(w, "application/json", answer)
}

// Use makes a tool known without registration.
func (p *Platform) Use(login, launch, keys string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tool = tool{login, launch, keys}
}
