package plan

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/plans"
	"gradlab/views"
)

// Rows keeps plans; package store implements it.
type Rows interface {
	CreateShelf(ctx context.Context, shelf plans.Shelf, first plans.Plan) error
	Shelf(ctx context.Context, keyHash string) (plans.Shelf, bool, error)
	ShelvesOf(ctx context.Context, person string) ([]plans.Shelf, error)
	ClaimShelf(ctx context.Context, shelf plans.Shelf, person string) error
	Rekey(ctx context.Context, shelf plans.Shelf, keyHash string) error
	Plans(ctx context.Context, shelf string) ([]plans.Line, error)
	Plan(ctx context.Context, id string) (plans.Plan, error)
	CreatePlan(ctx context.Context, p plans.Plan) error
	UpdatePlan(ctx context.Context, p plans.Plan) error
	EndTyping(ctx context.Context, id string) error
	SharePlan(ctx context.Context, p plans.Plan) error
	DeletePlan(ctx context.Context, id string) error
	PlanVersions(ctx context.Context, plan string) ([]plans.Version, error)
	SavePicture(ctx context.Context, p plans.Picture) error
	DropPictures(ctx context.Context, names ...string) error
	Picture(ctx context.Context, name string) (plans.Picture, bool, error)
	HasPicture(ctx context.Context, shelf, name string) (bool, error)
	Tell(ctx context.Context, act audit.Act, about, detail string)
	// PlansKept says for how long plans are kept that nobody looks at.
	PlansKept() string
}

// Config is what the pages of plans need.
type Config struct {
	Desk
	Rows Rows
	// MayOpen says whether a visitor may have a shelf, as it does for classes, WhyNot what to say else, Password whether that takes one, and
	// OnlyTeachers whether it takes signing in as a teacher.
	MayOpen      func(r *http.Request, visitor string) (bool, error)
	WhyNot       func() string
	Password     bool
	OnlyTeachers bool
	Clock        func() time.Time // of the limits; nil is the time's own
}

// Pages are those of plans.
type Pages struct {
	Desk
	rows   Rows
	config Config
	writes classroom.Limiter // of a shelf
}

// New returns the pages of plans.
func New(c Config) *Pages {
	return &Pages{Desk: c.Desk, rows: c.Rows, config: c, writes: classroom.Limiter{Rate: 5, Burst: 100, Now: c.Clock}}
}

// keyCookie holds the key of a shelf, linkCookie the secret of a link to one plan.
const (
	keyCookie  = "plans"
	linkCookie = "plan"
)

var (
	noPlan   = &web.Problem{Status: http.StatusNotFound, Heading: "No such plan", Text: "There is no plan at this address: it may have been deleted."}
	notOwner = &web.Problem{Status: http.StatusForbidden, Heading: "Somebody else’s plan", Text: "This plan belongs to whoever made it. Open it with the link that they kept, or one by which they share it."}
	noCopy   = &web.Problem{Status: http.StatusForbidden, Heading: "To look at", Text: "The link that you came by is for looking at this plan. Ask for one by which you can copy it."}
	noRoom   = &web.Problem{Status: http.StatusServiceUnavailable, Heading: "Full", Text: "This site keeps plans of as many people as it can. Please tell whoever runs it."}
	changing = &web.Problem{Status: http.StatusServiceUnavailable, Heading: "Once more, please", Text: "The plan changed at this very moment. Please try again."}
)

// problemOf is what may be shown of an error of a plan; other errors pass.
func problemOf(err error) error {
	var refused *classroom.RefusedError
	var conflict *plans.ConflictError
	switch {
	case errors.As(err, &refused):
		return &web.Problem{Status: http.StatusUnprocessableEntity, Heading: "Not like that", Text: web.Sentence(refused.Reason)}
	case errors.As(err, &conflict):
		return &web.Problem{Status: http.StatusConflict, Heading: "Saved from another tab", Text: conflict.Error()}
	case errors.Is(err, plans.ErrNone):
		return noPlan
	case errors.Is(err, plans.ErrRoom):
		return noRoom
	case errors.Is(err, plans.ErrStale):
		return changing
	case errors.Is(err, plans.ErrFull), errors.Is(err, plans.ErrHeavy):
		return &web.Problem{Status: http.StatusConflict, Heading: "No room", Text: web.Sentence(err.Error())}
	}
	return err
}

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

// change makes the next state of a plan by a pure function, and stores it; where another tab was quicker, on what that made.
func (s *Pages) change(ctx context.Context, p plans.Plan, edit func(plans.Plan) (plans.Plan, error)) (plans.Plan, error) {
	for range 8 {
		next, err := edit(p)
		if err != nil || next.Revision == p.Revision {
			return p, err
		}
		if err = s.rows.UpdatePlan(ctx, next); err == nil {
			return next, nil
		}
		if !errors.Is(err, plans.ErrStale) {
			return p, err
		}
		if p, err = s.rows.Plan(ctx, p.ID); err != nil {
			return p, err
		}
	}
	return p, plans.ErrStale
}

// giveKey lets a browser act as the owner of a shelf.
func giveKey(w http.ResponseWriter, r *http.Request, key string) {
	web.SetCookie(w, r, &http.Cookie{Name: keyCookie, Value: key, Path: "/", HttpOnly: true, Secure: web.Encrypted(r), SameSite: http.SameSiteLaxMode, MaxAge: 400 * 24 * 3600})
}

// Keep puts a new plan on the visitor's shelf, which is made where there is none.
func (s *Pages) Keep(w http.ResponseWriter, r *http.Request, title string, stops []classroom.Stop) (plans.Plan, error) {
	shelves, err := s.Shelves(r)
	if err != nil {
		return plans.Plan{}, err
	}
	shelf, key := plans.NewShelf()
	if len(shelves) > 0 {
		shelf = shelves[0]
	}
	p, err := plans.New(shelf.ID, title, stops, time.Now())
	if err != nil {
		return p, err
	}
	if len(shelves) > 0 {
		if !s.writes.Allow(shelf.ID) {
			return p, web.TooMany
		}
		return p, s.rows.CreatePlan(r.Context(), p)
	}
	person, in := web.Person(r)
	shelf.Person = person.ID
	if err := s.rows.CreateShelf(r.Context(), shelf, p); err != nil {
		return p, err
	}
	if !in {
		giveKey(w, r, key)
	}
	return p, nil
}

// KeepTitled is Keep for a plan whose title may be longer than a plan's can be, and returns its id.
func (s *Pages) KeepTitled(w http.ResponseWriter, r *http.Request, title string, stops []classroom.Stop) (string, error) {
	p, err := s.Keep(w, r, clipped(title), stops)
	return p.ID, problemOf(err)
}

func clipped(title string) string {
	if runes := []rune(title); len(runes) > plans.MaxTitle {
		return string(runes[:plans.MaxTitle-1]) + "…"
	}
	return title
}

// Mine are the plans of a visitor, for a choice of them.
func (s *Pages) Mine(r *http.Request) ([]plans.Line, error) {
	shelves, err := s.Shelves(r)
	if err != nil {
		return nil, err
	}
	var all []plans.Line
	for _, shelf := range shelves {
		lines, err := s.rows.Plans(r.Context(), shelf.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	return all, nil
}

// ForClass are the stops of a plan of the visitor's own, for a class.
func (s *Pages) ForClass(r *http.Request, id string) ([]classroom.Stop, error) {
	p, err := s.rows.Plan(r.Context(), id)
	if err != nil {
		return nil, problemOf(err)
	}
	if shelves, err := s.Shelves(r); err != nil {
		return nil, err
	} else if !has(shelves, p.Shelf) {
		return nil, notOwner
	}
	return p.ForClass(), nil
}

// made is Keep behind the door for whoever has no shelf yet, as for opening a class; wrong is what to say at the password.
func (s *Pages) made(w http.ResponseWriter, r *http.Request, title string, stops []classroom.Stop) (p plans.Plan, wrong string, err error) {
	visitor := web.EnsureVisitor(w, r)
	if shelves, err := s.Shelves(r); err != nil {
		return p, "", err
	} else if len(shelves) == 0 {
		may, err := s.config.MayOpen(r, visitor)
		if err != nil {
			return p, "", err
		}
		if !may {
			return p, s.config.WhyNot(), nil
		}
	}
	p, err = s.Keep(w, r, title, stops)
	return p, "", err
}

// Home lists the plans of a visitor.
func (s *Pages) Home(w http.ResponseWriter, r *http.Request) error {
	return s.renderHome(w, r, http.StatusOK, views.PlansPage{})
}

func (s *Pages) renderHome(w http.ResponseWriter, r *http.Request, status int, view views.PlansPage) error {
	shelf, key, found, err := s.keyed(r)
	if err != nil {
		return err
	}
	lines, err := s.Mine(r)
	if err != nil {
		return err
	}
	person, in := web.Person(r)
	view.Account, view.Claim = in, in && found && shelf.Person == ""
	view.Frame, view.Password = web.Frame(r, "Plans", "class", "plans.js"), s.config.Password && !s.config.OnlyTeachers && !found && len(lines) == 0 && !person.Teaches()
	view.SignIn = s.config.OnlyTeachers && !found && len(lines) == 0 && !person.Teaches()
	view.Frame.Path, view.KeptFor = "/plans", s.config.Rows.PlansKept()
	if view.Notice == "" {
		view.Notice = web.Noticed(w, r, "/plans")
	}
	if found {
		view.Key = web.Origin(r) + "/plans/key#" + key
	}
	for _, l := range lines {
		view.Plans = append(view.Plans, views.PlanLine{ID: l.ID, Title: l.Title, Stops: l.Stops, Saved: l.SavedAt})
	}
	return web.Render(w, r, status, views.PlansHomePage(view))
}

// New makes an empty plan.
func (s *Pages) New(w http.ResponseWriter, r *http.Request) error {
	title := web.Form(r).Get("title")
	p, wrong, err := s.made(w, r, title, nil)
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		wrong = web.Sentence(refused.Reason)
	} else if err != nil {
		return problemOf(err)
	}
	if wrong != "" {
		return s.renderHome(w, r, http.StatusUnprocessableEntity, views.PlansPage{Title: title, TitleError: wrong})
	}
	http.Redirect(w, r, "/plans/"+p.ID, http.StatusSeeOther)
	return nil
}

// Import makes a plan of a text in the format of lessons.
func (s *Pages) Import(w http.ResponseWriter, r *http.Request) error {
	text := web.Newlines(web.Form(r).Get("markdown"))
	shelves, err := s.Shelves(r)
	if err != nil {
		return err
	}
	var fault error
	title, stops, lost, err := s.ReadMarkdown(text, func(name string) bool {
		for _, shelf := range shelves {
			has, err := s.rows.HasPicture(r.Context(), shelf.ID, name)
			if fault = errors.Join(fault, err); has {
				return true
			}
		}
		return false
	})
	if fault != nil {
		return fault
	}
	var p plans.Plan
	wrong := ""
	if err == nil {
		p, wrong, err = s.made(w, r, clipped(title), stops)
	}
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		wrong = web.Sentence(refused.Reason)
	} else if err != nil {
		return problemOf(err)
	}
	if wrong != "" {
		return s.renderHome(w, r, http.StatusUnprocessableEntity, views.PlansPage{Markdown: text, MarkdownError: wrong})
	}
	if lost > 0 {
		web.Notify(w, r, "/plans/"+p.ID, "lost "+strconv.Itoa(lost))
	}
	http.Redirect(w, r, "/plans/"+p.ID, http.StatusSeeOther)
	return nil
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

// Picture serves a picture to whoever knows its name. It can do nothing but be looked at, and never changes.
func (s *Pages) Picture(w http.ResponseWriter, r *http.Request) error {
	p, found, err := s.rows.Picture(r.Context(), web.Path(r, "name"))
	if err != nil {
		return err
	}
	if !found {
		return web.NotFound
	}
	w.Header().Set("Content-Type", p.Media)
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	w.Write(p.Content) // a visitor who hung up is no error of ours
	return nil
}
