package lti

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"gradlab/audit"
	"gradlab/handlers/web"
	"gradlab/lti"
	"gradlab/views"
)

// RegisterPage is where a platform sends whoever adds this site to it [DR 3.3], with the operator's secret in the address; without that,
// it is where a platform is added by hand.
func (s *Pages) RegisterPage(w http.ResponseWriter, r *http.Request) error {
	query := web.Query(r)
	view := s.registering(r, query)
	if from := query.Get("openid_configuration"); from != "" {
		if !s.knows(query.Get("key")) {
			return wrongSecret
		}
		s.framedBy(w, from)
	}
	return web.Render(w, r, http.StatusOK, views.LTIRegisterPage(view))
}

var wrongSecret = &web.Problem{Status: http.StatusForbidden, Heading: "Not the key", Text: "The address has not the key with which platforms are registered here. Ask whoever runs this site for the whole address."}

// framedBy lets the page of a platform that is about to be registered frame an answer: its administrator's, who has the secret.
func (s *Pages) framedBy(w http.ResponseWriter, from string) {
	if u, err := url.Parse(from); err == nil && (u.Scheme == "https" || u.Scheme == "http" && lti.Loopback(u.Hostname())) && !strings.ContainsAny(u.Host, " ;,'\"") {
		web.LetFrame(w, []string{u.Scheme + "://" + u.Host})
		w.Header().Set("Cross-Origin-Opener-Policy", "unsafe-none") // it may be a window that the platform waits for
	}
}

func (s *Pages) registering(r *http.Request, given url.Values) views.LTIRegister {
	view := views.LTIRegister{Frame: web.Frame(r, "Register a learning platform", ""), From: given.Get("openid_configuration"), Ticket: given.Get("registration_token"), Key: given.Get("key"),
		Issuer: given.Get("issuer"), Client: given.Get("client"), Auth: given.Get("auth"), Token: given.Get("token"), Keys: given.Get("keys"), Deployment: given.Get("deployment"),
		Login: s.tool.Login(), Launch: s.tool.Launch(), JWKS: s.tool.Keys(), Base: s.tool.Base + "/"}
	if view.From != "" {
		view.Host = lti.Origin(view.From)
	}
	view.Frame.Path, view.Frame.Bare = "/lti/register", view.From != ""
	return view
}

// Register makes a platform known: by its own word [DR], or by what somebody typed.
func (s *Pages) Register(w http.ResponseWriter, r *http.Request) error {
	form := web.Form(r)
	view := s.registering(r, form)
	refuse := func(status int, field, text string) error {
		view.Field, view.Error = field, text
		return web.Render(w, r, status, views.LTIRegisterPage(view))
	}
	if !s.knows(form.Get("key")) {
		if view.From != "" {
			return wrongSecret
		}
		return refuse(http.StatusForbidden, "key", "This is not the key with which platforms are registered here.")
	}
	var p lti.Platform
	var err error
	if view.From != "" {
		s.framedBy(w, view.From)
		p, err = lti.Register(r.Context(), lti.NewHTTP(), s.tool, view.From, view.Ticket)
	} else {
		p = lti.Platform{Issuer: view.Issuer, ClientID: view.Client, Name: "registered by hand", AuthURL: view.Auth, TokenURL: view.Token, KeysURL: view.Keys}
		if view.Deployment != "" {
			p.Deployments = []string{view.Deployment}
		}
		err = p.Check()
	}
	if err != nil {
		s.log.WarnContext(r.Context(), "a platform is not registered", "from", view.Host, "reason", err.Error())
		var refused *lti.RefusedError
		if errors.As(err, &refused) {
			return refuse(http.StatusUnprocessableEntity, "", refused.Reason)
		}
		return refuse(http.StatusBadGateway, "", web.Sentence(strings.TrimSuffix(err.Error(), ".")))
	}
	p.ID = lti.Random()[:16]
	audit.Identify(r.Context(), audit.Who{Name: "holder of the key for platforms"})
	if _, err := s.rows.SavePlatform(r.Context(), p); err != nil {
		return err
	}
	s.log.InfoContext(r.Context(), "a platform is registered", "issuer", p.Issuer, "client", p.ClientID)
	view.Frame = web.Frame(r, "Registered", "", "lti.js")
	view.Frame.Path, view.Frame.Bare = "/lti/register", view.From != ""
	view.Done = p.Issuer
	return web.Render(w, r, http.StatusOK, views.LTIRegisterPage(view))
}
