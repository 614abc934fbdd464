package plan

import (
	"errors"
	"net/http"
	"slices"

	"gradlab/audit"
	"gradlab/handlers/web"
	"gradlab/plans"
	"gradlab/views"
)

// keyed is the shelf whose key a request carries.
func (s *Pages) keyed(r *http.Request) (shelf plans.Shelf, key string, found bool, err error) {
	for _, cookie := range r.CookiesNamed(keyCookie) {
		if shelf, found, err = s.rows.Shelf(r.Context(), plans.Hash(cookie.Value)); found || err != nil {
			return shelf, cookie.Value, found, err
		}
	}
	return plans.Shelf{}, "", false, nil
}

// Shelves are those of a request: of who has signed in, and then the one whose key it carries.
func (s *Pages) Shelves(r *http.Request) (all []plans.Shelf, err error) {
	if p, in := web.Person(r); in {
		if all, err = s.rows.ShelvesOf(r.Context(), p.ID); err != nil {
			return nil, err
		}
	}
	shelf, _, found, err := s.keyed(r)
	if found && !has(all, shelf.ID) {
		all = append(all, shelf)
	}
	return all, err
}

func has(all []plans.Shelf, id string) bool {
	return slices.ContainsFunc(all, func(shelf plans.Shelf) bool { return shelf.ID == id })
}

// planner is who holds the key of a shelf.
func planner(shelf plans.Shelf) audit.Who { return audit.ByKey("owner of plans", shelf.KeyHash) }

// A Right is a plan and what a visitor may do with it.
type Right struct {
	plans.Plan
	Owned, Copies bool
}

// Seen finds the plan of an address for whoever may look at it: its owner, and holders of its links.
func (s *Pages) Seen(r *http.Request) (Right, error) {
	p, err := s.rows.Plan(r.Context(), web.Path(r, "plan"))
	if err != nil {
		return Right{}, problemOf(err)
	}
	shelves, err := s.Shelves(r)
	if err != nil {
		return Right{}, err
	}
	if at := slices.IndexFunc(shelves, func(shelf plans.Shelf) bool { return shelf.ID == p.Shelf }); at >= 0 {
		audit.Identify(r.Context(), planner(shelves[at]))
		return Right{p, true, true}, nil
	}
	for _, cookie := range r.CookiesNamed(linkCookie) {
		if view, copies := p.Opens(cookie.Value); view {
			return Right{p, false, copies}, nil
		}
	}
	return Right{}, notOwner
}

// Copied is Seen for whoever may copy the plan.
func (s *Pages) Copied(r *http.Request) (Right, error) {
	p, err := s.Seen(r)
	if err == nil && !p.Copies {
		err = noCopy
	}
	return p, err
}

// Owned is Seen for the owner alone.
func (s *Pages) Owned(r *http.Request) (Right, error) {
	p, err := s.Seen(r)
	if err == nil && !p.Owned {
		err = notOwner
	}
	if err == nil && r.Method == http.MethodPost && !s.writes.Allow(p.Shelf) {
		err = web.TooMany
	}
	return p, err
}

// giveKey lets a browser act as the owner of a shelf.
func giveKey(w http.ResponseWriter, r *http.Request, key string) {
	web.SetCookie(w, r, &http.Cookie{Name: keyCookie, Value: key, Path: "/", HttpOnly: true, Secure: web.Encrypted(r), SameSite: http.SameSiteLaxMode, MaxAge: 400 * 24 * 3600})
}

// KeyPage is where the link leads that an owner keeps.
func (s *Pages) KeyPage(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, views.SecretLinkPage(keyView(r, "")))
}

func keyView(r *http.Request, wrong string) views.SecretLink {
	view := views.SecretLink{
		Frame: web.Frame(r, "Your plans", "class", "secret.js"), Title: "Your plans", Text: "The link that you kept opens them; this browser then has their key.",
		Action: "/plans/key", Button: "To my plans", AtOnce: true, Error: wrong,
	}
	view.Frame.Path = view.Action
	return view
}

// UseKey gives this browser the key that an owner kept.
func (s *Pages) UseKey(w http.ResponseWriter, r *http.Request) error {
	key := web.Secret(web.Form(r).Get("secret"))
	shelf, found, err := s.rows.Shelf(r.Context(), plans.Hash(key))
	if err != nil {
		return err
	}
	if !found {
		view := keyView(r, "This link does not open any plans: it is not whole, or another one has been made since.")
		view.Secret = web.Form(r).Get("secret")
		return web.Render(w, r, http.StatusForbidden, views.SecretLinkPage(view))
	}
	audit.Identify(r.Context(), planner(shelf))
	s.rows.Tell(r.Context(), audit.KeyUsed, "shelf "+shelf.ID, "")
	giveKey(w, r, key)
	http.Redirect(w, r, "/plans", http.StatusSeeOther)
	return nil
}

// NewKey gives a shelf another key: the link that was kept opens nothing any more.
func (s *Pages) NewKey(w http.ResponseWriter, r *http.Request) error {
	shelf, _, found, err := s.keyed(r)
	if err != nil {
		return err
	}
	if !found {
		return notOwner
	}
	audit.Identify(r.Context(), planner(shelf))
	fresh, key := plans.NewShelf()
	if err := s.rows.Rekey(r.Context(), shelf, fresh.KeyHash); err != nil {
		return problemOf(err)
	}
	giveKey(w, r, key)
	http.Redirect(w, r, "/plans", http.StatusSeeOther)
	return nil
}

// Claim keeps the plans whose key this browser has for the person who has signed in, in every browser.
func (s *Pages) Claim(w http.ResponseWriter, r *http.Request) error {
	p, in := web.Person(r)
	shelf, _, found, err := s.keyed(r)
	if err != nil {
		return err
	}
	if !in || !found {
		return notOwner
	}
	if err := s.rows.ClaimShelf(r.Context(), shelf, p.ID); err != nil && !errors.Is(err, plans.ErrStale) { // pressed twice
		return err
	}
	http.Redirect(w, r, "/plans", http.StatusSeeOther)
	return nil
}

// LinkPage is where a link leads by which a plan is shared.
func (s *Pages) LinkPage(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, views.SecretLinkPage(linkView(r, "")))
}

func linkView(r *http.Request, wrong string) views.SecretLink {
	view := views.SecretLink{
		Frame: web.Frame(r, "A plan", "class", "secret.js"), Title: "A plan that somebody shares with you", Text: "The link opens it in this browser.",
		Action: "/plans/" + web.Path(r, "plan") + "/link", Button: "To the plan", AtOnce: true, Error: wrong,
	}
	view.Frame.Path = view.Action
	return view
}

// UseLink lets this browser look at a plan, or copy it.
func (s *Pages) UseLink(w http.ResponseWriter, r *http.Request) error {
	link := web.Secret(web.Form(r).Get("secret"))
	p, err := s.rows.Plan(r.Context(), web.Path(r, "plan"))
	if err != nil && !errors.Is(err, plans.ErrNone) {
		return err
	}
	if view, _ := p.Opens(link); !view {
		view := linkView(r, "This link does not open the plan: it is not whole, or the plan is not shared by it any more.")
		view.Secret = web.Form(r).Get("secret")
		return web.Render(w, r, http.StatusForbidden, views.SecretLinkPage(view))
	}
	web.SetCookie(w, r, &http.Cookie{Name: linkCookie, Value: link, Path: "/plans/" + p.ID, HttpOnly: true, Secure: web.Encrypted(r), SameSite: http.SameSiteLaxMode, MaxAge: 400 * 24 * 3600})
	http.Redirect(w, r, "/plans/"+p.ID, http.StatusSeeOther)
	return nil
}
