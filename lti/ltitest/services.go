package ltitest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// token gives a token for services (Security Framework 4.1.1).
func (p *Platform) token(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	if r.PostForm.Get("grant_type") != "client_credentials" || r.PostForm.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		p.fault(w, http.StatusBadRequest, "token request: %v", r.PostForm)
		return
	}
	keys, err := p.toolKeys()
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	claims, err := open(r.PostForm.Get("client_assertion"), keys)
	if err != nil {
		p.fault(w, http.StatusUnauthorized, "token request: %v", err)
		return
	}
	jti, _ := claims["jti"].(string)
	why := p.timed(claims, p.URL+"/token")
	p.mu.Lock()
	if why == "" && (claims["iss"] != p.ClientID || claims["sub"] != p.ClientID || jti == "" || p.jtis[jti]) {
		why = fmt.Sprintf("iss %v, sub %v, jti %q", claims["iss"], claims["sub"], jti)
	}
	p.jtis[jti] = true
	given := fmt.Sprintf("token-%d", len(p.tokens)+1)
	scope := r.PostForm.Get("scope")
	for _, s := range strings.Fields(scope) {
		if !slices.Contains(Scopes, s) {
			why = "scope " + s
		}
	}
	p.tokens[given] = scope
	p.mu.Unlock()
	if why != "" || scope == "" {
		p.fault(w, http.StatusUnauthorized, "token request: %s", why)
		return
	}
	send(w, "application/json", map[string]any{"access_token": given, "token_type": "Bearer", "expires_in": 3600, "scope": scope})
}

// Forget has the platform know no token of its services any more.
func (p *Platform) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tokens = map[string]string{"gone": ""}
}

// may says whether a request carries a token for a scope.
func (p *Platform) may(w http.ResponseWriter, r *http.Request, scope string) bool {
	given, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	p.mu.Lock()
	scopes, known := p.tokens[given]
	p.mu.Unlock()
	switch {
	case !found || !known:
		http.Error(w, "no such token", http.StatusUnauthorized)
	case !slices.Contains(strings.Fields(scopes), scope):
		p.fault(w, http.StatusForbidden, "%s with a token for %s", r.URL.Path, scopes)
	default:
		return true
	}
	return false
}

// members lists the members of a course, some at a time (NRPS 2).
func (p *Platform) members(w http.ResponseWriter, r *http.Request) {
	if !p.may(w, r, Scopes[2]) {
		return
	}
	const kind = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
	if r.Header.Get("Accept") != kind {
		p.fault(w, http.StatusNotAcceptable, "members as %q", r.Header.Get("Accept"))
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	from, _ := strconv.Atoi(r.FormValue("from"))
	size := 100 // what was asked for is a wish
	to := min(from+size, len(p.users))
	var list []map[string]any
	for _, u := range p.users[min(from, to):to] {
		m := map[string]any{"user_id": u.ID, "roles": u.Roles, "status": "Active"}
		if !p.Quiet {
			m["name"] = u.Name
		}
		list = append(list, m)
	}
	here := p.URL + r.URL.Path
	if to < len(p.users) {
		w.Header().Set("Link", fmt.Sprintf(`<%s?from=%d>; rel="next"`, here, to))
	}
	send(w, kind, map[string]any{"id": here, "context": map[string]any{"id": r.PathValue("course")}, "members": list})
}

const itemKind = "application/vnd.ims.lis.v2.lineitem+json"

// lineItems lists and makes columns of the gradebook (AGS 3.2).
func (p *Platform) lineItems(w http.ResponseWriter, r *http.Request) {
	if !p.may(w, r, Scopes[0]) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.Method == http.MethodPost {
		var item struct {
			Label   string  `json:"label"`
			Maximum float64 `json:"scoreMaximum"`
			Link    string  `json:"resourceLinkId"`
		}
		if err := json.NewDecoder(r.Body).Decode(&item); err != nil || item.Label == "" || item.Maximum <= 0 || r.Header.Get("Content-Type") != itemKind {
			p.faults = append(p.faults, fmt.Sprintf("a line item without label or maximum: %+v (AGS 3.2.4)", item))
			http.Error(w, "no line item", http.StatusBadRequest)
			return
		}
		at := p.addItem(r.PathValue("course"))
		for i := range p.links {
			if p.links[i].ID == item.Link {
				p.links[i].LineItem = at
			}
		}
		w.Header().Set("Content-Type", itemKind)
		w.WriteHeader(http.StatusCreated)
		json.NewEncoder(w).Encode(map[string]any{"id": at, "label": item.Label, "scoreMaximum": item.Maximum, "resourceLinkId": item.Link})
		return
	}
	list := []map[string]any{}
	for _, l := range p.links {
		if l.Course == r.PathValue("course") && l.LineItem != "" && (r.FormValue("resource_link_id") == "" || r.FormValue("resource_link_id") == l.ID) {
			list = append(list, map[string]any{"id": l.LineItem, "label": l.Title, "scoreMaximum": 10, "resourceLinkId": l.ID})
		}
	}
	send(w, "application/vnd.ims.lis.v2.lineitemcontainer+json", list)
}

// score takes a score (AGS 3.4).
func (p *Platform) score(w http.ResponseWriter, r *http.Request) {
	if !p.may(w, r, Scopes[1]) {
		return
	}
	at := p.URL + strings.TrimSuffix(r.URL.Path, "/scores") + "?" + r.URL.RawQuery
	var s struct {
		User     string   `json:"userId"`
		Given    *float64 `json:"scoreGiven"`
		Maximum  *float64 `json:"scoreMaximum"`
		At       string   `json:"timestamp"`
		Activity string   `json:"activityProgress"`
		Grading  string   `json:"gradingProgress"`
	}
	err := json.NewDecoder(r.Body).Decode(&s)
	when, wrong := time.Parse(time.RFC3339Nano, s.At)
	_, zone, _ := strings.Cut(s.At, ".")
	p.mu.Lock()
	p.posts++
	known := slices.Contains(p.items, at)
	is := slices.ContainsFunc(p.users, func(u User) bool { return u.ID == s.User })
	before, have := p.scores[[2]string{at, s.User}]
	p.mu.Unlock()
	switch {
	case err != nil || r.Header.Get("Content-Type") != "application/vnd.ims.lis.v1.score+json":
		p.fault(w, http.StatusBadRequest, "a score as %q: %v", r.Header.Get("Content-Type"), err)
	case !known:
		p.fault(w, http.StatusNotFound, "a score for the line item %s, which is none", at)
	case wrong != nil || len(zone) < 3:
		p.fault(w, http.StatusBadRequest, "a score of the time %q, which wants fractions of a second and a zone (AGS 3.4.9)", s.At)
	case s.Given != nil && (*s.Given < 0 || s.Maximum == nil) || s.Maximum != nil && *s.Maximum <= 0:
		p.fault(w, http.StatusBadRequest, "a score that is negative, or without its maximum (AGS 3.4.4)")
	case !slices.Contains([]string{"Initialized", "Started", "InProgress", "Submitted", "Completed"}, s.Activity) || !slices.Contains([]string{"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"}, s.Grading):
		p.fault(w, http.StatusBadRequest, "a score of %q and %q (AGS 3.4.7, 3.4.8)", s.Activity, s.Grading)
	case !is:
		http.Error(w, "nobody of this course", http.StatusNotFound)
	case have && when.Before(before.At):
		http.Error(w, "there is a later one", http.StatusConflict)
	case have && when.Equal(before.At) && before != scored(at, s.User, s.Given, s.Maximum, when):
		p.fault(w, http.StatusConflict, "another score of the same time (AGS 3.4.9)")
	default:
		p.mu.Lock()
		p.scores[[2]string{at, s.User}] = scored(at, s.User, s.Given, s.Maximum, when)
		p.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	}
}

// scored is what the gradebook has after a score: none where nothing is given, whatever it had before (AGS 3.4.4).
func scored(item, user string, given, maximum *float64, at time.Time) Score {
	s := Score{LineItem: item, User: user, At: at, Cleared: given == nil}
	if given != nil {
		s.Given, s.Maximum = *given, *maximum
	}
	return s
}
