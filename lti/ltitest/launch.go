package ltitest

import (
	"errors"
	"fmt"
	"html"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

const claim = "https://purl.imsglobal.org/spec/lti/claim/"

// Login are the parameters with which the platform sends a browser to the tool (Security Framework 5.1.1.1). What is the id of a
// link, or "deep:COURSE" to choose one.
func (p *Platform) Login(user, what string) url.Values {
	p.mu.Lock()
	defer p.mu.Unlock()
	target := ""
	if l, found := p.link(what); found {
		target = l.URL
	} else {
		target = strings.TrimSuffix(p.tool.launch, "/lti/launch") + "/"
	}
	return url.Values{"iss": {p.URL}, "login_hint": {user}, "target_link_uri": {target}, "lti_message_hint": {what}, "client_id": {p.ClientID}, "lti_deployment_id": {p.Deployment}}
}

// LoginURL is where the platform sends a browser.
func (p *Platform) LoginURL(user, what string) string {
	v := p.Login(user, what)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tool.login + "?" + v.Encode()
}

// Token is the id_token of a launch, for that nonce.
func (p *Platform) Token(user, what, nonce string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.Clock()
	i := slices.IndexFunc(p.users, func(u User) bool { return u.ID == user })
	u := p.users[i]
	claims := map[string]any{
		"iss": p.URL, "aud": p.ClientID, "sub": u.ID, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "nonce": nonce,
		claim + "version": "1.3.0", claim + "deployment_id": p.Deployment, claim + "roles": u.Roles,
	}
	if !p.Quiet {
		claims["name"] = u.Name
	}
	course, deep := strings.CutPrefix(what, "deep:")
	if deep {
		claims[claim+"message_type"] = "LtiDeepLinkingRequest"
		claims["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"] = map[string]any{
			"deep_link_return_url": p.URL + "/chosen", "accept_types": []string{"link", "ltiResourceLink"}, "accept_presentation_document_targets": []string{"iframe", "window"},
			"accept_multiple": false, "data": "course " + course,
		}
	} else {
		l, _ := p.link(what)
		course = l.Course
		claims[claim+"message_type"] = "LtiResourceLinkRequest"
		claims[claim+"target_link_uri"] = l.URL
		claims[claim+"resource_link"] = map[string]any{"id": l.ID, "title": l.Title}
		grades := map[string]any{"scope": Scopes[:2], "lineitems": p.URL + "/courses/" + course + "/lineitems"}
		if l.LineItem != "" {
			grades["lineitem"] = l.LineItem
		}
		claims["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"] = grades
		claims["https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"] = map[string]any{"context_memberships_url": p.URL + "/courses/" + course + "/members", "service_versions": []string{"2.0"}}
	}
	claims[claim+"context"] = map[string]any{"id": course, "label": course, "title": "Course " + course, "type": []string{"http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"}}
	signing := p.keys[len(p.keys)-1]
	header := map[string]any{"alg": "RS256", "typ": "JWT", "kid": signing.id}
	if p.Claims != nil {
		p.Claims(claims)
	}
	if p.Header != nil {
		p.Header(header)
	}
	return Sign(signing.key, header, claims)
}

const session = "platform-session"

// auth sends a browser back with a token (Security Framework 5.1.1.2 and 5.1.1.3).
func (p *Platform) auth(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	p.mu.Lock()
	launch, client := p.tool.launch, p.ClientID
	p.mu.Unlock()
	for name, want := range map[string]string{"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none", "client_id": client, "redirect_uri": launch} {
		if got := r.Form.Get(name); got != want {
			p.fault(w, http.StatusBadRequest, "authentication request: %s is %q, want %q (Sec 5.1.1.2)", name, got, want)
			return
		}
	}
	if r.Form.Get("nonce") == "" || r.Form.Get("state") == "" {
		p.fault(w, http.StatusBadRequest, "authentication request without nonce or state (Sec 5.1.1.2)")
		return
	}
	user := r.Form.Get("login_hint")
	if c, err := r.Cookie(session); err == nil && c.Value != user {
		http.Error(w, "somebody else is signed in", http.StatusForbidden)
		return
	}
	page(w, `<form method="post" action="{{.At}}"><input name="id_token" value="{{.Token}}"><input name="state" value="{{.State}}"><button>Go on</button></form><script>document.forms[0].submit()</script>`,
		map[string]string{"At": launch, "Token": p.Token(user, r.Form.Get("lti_message_hint"), r.Form.Get("nonce")), "State": r.Form.Get("state")})
}

// course is the page of a course for one of its members, who is signed in by it: a link, in a frame.
func (p *Platform) course(w http.ResponseWriter, r *http.Request) {
	p.frame(w, r, r.FormValue("link"))
}

func (p *Platform) choose(w http.ResponseWriter, r *http.Request) {
	p.frame(w, r, "deep:"+r.FormValue("course"))
}

func (p *Platform) frame(w http.ResponseWriter, r *http.Request, what string) {
	user := r.FormValue("as")
	// The course page may be framed by nobody, and its session is of the platform's own site: Lax is enough, as it is for real ones.
	http.SetCookie(w, &http.Cookie{Name: session, Value: user, Path: "/", HttpOnly: true, SameSite: http.SameSiteNoneMode, Secure: true})
	page(w, `<h1>A course</h1><iframe title="tool" width="1100" height="700" src="{{.}}"></iframe>`, p.LoginURL(user, what))
}

// chosen takes what a teacher chose to link (Deep Linking 2.0, 4).
func (p *Platform) chosen(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	keys, err := p.toolKeys()
	if err != nil {
		p.fault(w, http.StatusBadRequest, "the tool’s keys: %v", err)
		return
	}
	claims, err := open(r.PostForm.Get("JWT"), keys)
	if err != nil {
		p.fault(w, http.StatusBadRequest, "deep linking response: %v", err)
		return
	}
	for name, want := range map[string]string{
		"iss": p.ClientID, claim + "message_type": "LtiDeepLinkingResponse", claim + "version": "1.3.0", claim + "deployment_id": p.Deployment,
	} {
		if claims[name] != want {
			p.fault(w, http.StatusBadRequest, "deep linking response: %s is %v, want %q", name, claims[name], want)
			return
		}
	}
	data, _ := claims["https://purl.imsglobal.org/spec/lti-dl/claim/data"].(string)
	course, found := strings.CutPrefix(data, "course ")
	if why := p.timed(claims, p.URL); why != "" || claims["nonce"] == nil || !found {
		p.fault(w, http.StatusBadRequest, "deep linking response: %s, nonce %v, data %q", why, claims["nonce"], data)
		return
	}
	items, _ := claims["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"].([]any)
	if len(items) > 1 {
		p.fault(w, http.StatusBadRequest, "%d items where one was asked for (DL 3.4.2)", len(items))
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, one := range items {
		item, _ := one.(map[string]any)
		title, _ := item["title"].(string)
		at, _ := item["url"].(string)
		_, graded := item["lineItem"].(map[string]any)
		if item["type"] != "ltiResourceLink" || at == "" {
			p.faults = append(p.faults, fmt.Sprintf("an item that is no link: %v (DL 3.2)", item))
			continue
		}
		p.addLink(course, title, at, graded)
	}
	page(w, `<p>{{.}} linked</p>`, len(items))
}

// timed says what is wrong with the audience and times of a token.
func (p *Platform) timed(claims map[string]any, audience string) string {
	now := float64(p.Clock().Unix())
	exp, _ := claims["exp"].(float64)
	iat, _ := claims["iat"].(float64)
	aud, _ := claims["aud"].([]any)
	if claims["aud"] != audience && !slices.Contains(aud, any(audience)) {
		return fmt.Sprintf("aud is %v, want %s", claims["aud"], audience)
	}
	if exp < now || iat > now+60 || exp-iat > 3600 {
		return fmt.Sprintf("iat %v, exp %v, now %v", iat, exp, now)
	}
	return ""
}

func page(w http.ResponseWriter, text string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	template.Must(template.New("").Parse(`<!DOCTYPE html><html lang="en"><title>Platform</title><body>`+text)).Execute(w, data)
}

var field = regexp.MustCompile(`name="([a-zA-Z_]+)" value="([^"]*)"`)

// Fields are those that the forms of a page have filled in; of several of one name the first.
func Fields(page string) url.Values {
	v := url.Values{}
	for _, m := range field.FindAllStringSubmatch(page, -1) {
		if v.Get(m[1]) == "" {
			v.Set(m[1], html.UnescapeString(m[2]))
		}
	}
	return v
}

// Come brings a browser that follows no redirect by itself from the platform as far as the launch, whose form it returns.
func (p *Platform) Come(b *http.Client, user, what string) (url.Values, error) {
	at := p.LoginURL(user, what)
	for _, want := range []int{http.StatusFound, http.StatusOK} {
		resp, err := b.Get(at)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			return nil, err
		}
		if resp.StatusCode != want {
			return nil, fmt.Errorf("%s: %s, want %d: %s", at, resp.Status, want, body)
		}
		if at = resp.Header.Get("Location"); at == "" {
			return Fields(string(body)), nil
		}
	}
	return nil, errors.New("the platform leads elsewhere")
}
