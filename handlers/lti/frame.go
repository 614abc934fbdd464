package lti

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"gradlab/handlers/web"
	"gradlab/lti"
	"gradlab/views"
)

// seal makes a text of a value that a browser keeps for us, and can neither read nor change.
func (s *Pages) seal(p lti.Purpose, v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	sealed, err := lti.Seal(s.secret, p, b)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// unseal reads what seal made, and says whether it did.
func (s *Pages) unseal(p lti.Purpose, text string, v any) bool {
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return false
	}
	b, err := lti.Unseal(s.secret, p, sealed)
	return err == nil && json.Unmarshal(b, v) == nil
}

// frameCookie says who may frame what. It is kept inside that frame alone, so nobody else's frame is ever sent it.
const frameCookie = "frame"

// A frame is what a launch inside one opened.
type frame struct {
	Origins []string  // that may frame it
	Path    string    // under which it is
	Until   time.Time // as long as its session
}

// holds says whether a path belongs to what was launched, or to launching.
func (f frame) holds(path string) bool {
	return path == f.Path || strings.HasPrefix(path, f.Path+"/") || strings.HasPrefix(path, "/lti/")
}

// maxCookie is what browsers keep of a cookie, with its name and attributes left room for.
const maxCookie = 3800

// keepFrame gives the browser the cookie of a frame.
func (s *Pages) keepFrame(w http.ResponseWriter, r *http.Request, f frame) error {
	text, err := s.seal(lti.Framing, f)
	if err == nil && len(text) <= maxCookie {
		web.SetCookie(w, web.Framed(r), &http.Cookie{Name: frameCookie, Value: text, Path: "/", HttpOnly: true, MaxAge: int(f.Until.Sub(s.now()).Seconds())})
	}
	return err
}

// Middleware lets what was launched stand in its frame. What lies elsewhere on the site opens in a tab of its own, which a short page in the
// frame says.
func (s *Pages) Middleware(next http.Handler) http.Handler {
	if !s.On() {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, c := range r.CookiesNamed(frameCookie) {
			var f frame
			if !s.unseal(lti.Framing, c.Value, &f) || !s.now().Before(f.Until) {
				continue
			}
			r = web.Framed(r)
			dest := r.Header.Get("Sec-Fetch-Dest")
			inside := dest == "iframe"
			if dest != "empty" && (inside || f.holds(r.URL.Path)) { // what a script asks for is no page
				web.LetFrame(w, f.Origins)
			}
			if inside && !f.holds(r.URL.Path) && r.Method == http.MethodGet && !strings.HasPrefix(r.URL.Path, "/embed/") {
				view := views.LTITab{Frame: web.Frame(r, "In a tab of its own", ""), Title: "This page opens in a tab of its own", Text: "The course page shows what it links, and nothing else of the site.", Href: web.Frame(r, "", "").Path, Label: "Open it"}
				view.Frame.Bare = true
				web.Render(w, r, http.StatusOK, views.LTITabPage(view))
				return
			}
			break
		}
		next.ServeHTTP(w, r)
	})
}

// origins are the pages that may frame a launch: of the platform's own addresses, and of the course page that it says to be on.
func origins(p lti.Platform, returns string) []string {
	all := []string{lti.Origin(p.Issuer), lti.Origin(p.AuthURL)}
	if o := lti.Origin(returns); strings.HasPrefix(o, "https://") || o != "" && lti.Loopback(strings.Split(strings.TrimPrefix(o, "http://"), ":")[0]) {
		all = append(all, o)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
