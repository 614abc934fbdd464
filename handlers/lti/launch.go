package lti

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"gradlab/audit"
	"gradlab/handlers/web"
	"gradlab/lti"
	"gradlab/persons"
	"gradlab/views"
)

// browserCookie names a browser from its login to its launch, so that nobody is signed in by a launch that another browser began.
const browserCookie = "lti"

// stateTime is how long somebody may take to sign in at the platform on the way.
const stateTime = time.Hour

// A state is what a browser takes to the platform and back.
type state struct {
	Platform string
	Nonce    string
	Browser  string // the hash of its cookie
	At       time.Time
	Login    lti.Login
}

// Login begins a launch [Sec 5.1.1.1]. A platform may send it by GET or by POST.
func (s *Pages) Login(w http.ResponseWriter, r *http.Request) error {
	values := web.Query(r)
	if r.Method == http.MethodPost {
		values = web.Form(r)
	}
	l, err := lti.ReadLogin(values)
	if err != nil {
		return problemOf(err)
	}
	p, err := s.rows.PlatformOf(r.Context(), l.Issuer, l.Client)
	if err != nil {
		return problemOf(err)
	}
	web.LetFrame(w, origins(p, ""))
	if _, err := s.target(l.Target); err != nil {
		return err
	}
	browser := ""
	for _, c := range r.CookiesNamed(browserCookie) {
		if web.ValidToken(c.Value) {
			browser = c.Value
		}
	}
	if browser == "" {
		browser = web.NewToken()
	}
	// Always of the framed kind: the platform comes back with a form of its own, which no other cookie is sent with.
	web.SetCookie(w, web.Framed(r), &http.Cookie{Name: browserCookie, Value: browser, Path: "/lti/", HttpOnly: true, MaxAge: int(stateTime.Seconds())})
	st := state{p.ID, lti.Random(), web.Owner(browser), s.now(), l}
	sealed, err := s.seal(lti.State, st)
	if err != nil {
		return err
	}
	http.Redirect(w, r, p.SignIn(l, s.tool.Launch(), sealed, st.Nonce), http.StatusFound)
	return nil
}

var (
	noState     = &web.Problem{Status: http.StatusBadRequest, Heading: "This launch did not begin here", Text: "Open the link from your course again."}
	otherState  = &web.Problem{Status: http.StatusForbidden, Heading: "This launch began in another browser", Text: "Open the link from your course in this browser."}
	notDeployed = &web.Problem{Status: http.StatusForbidden, Heading: "Not registered for this part of the platform", Text: "The launch comes from a deployment of the platform that is not registered here. Whoever runs the platform can register it."}
)

// Launch takes what a browser brings back from its platform.
func (s *Pages) Launch(w http.ResponseWriter, r *http.Request) error {
	form := web.Form(r)
	var st state
	if !s.unseal(lti.State, form.Get("state"), &st) || s.now().Sub(st.At).Abs() > stateTime {
		return noState
	}
	p, err := s.rows.Platform(r.Context(), st.Platform)
	if err != nil {
		return problemOf(err)
	}
	web.LetFrame(w, origins(p, ""))
	if form.Get("error") != "" { // [Sec 5.1.1.5]
		return &web.Problem{Status: http.StatusForbidden, Heading: "The learning platform did not sign you in", Text: "Sign in there, and open the link from your course again."}
	}
	l, err := s.keys.Launch(r.Context(), p, form.Get("id_token"), st.Nonce)
	if err != nil {
		s.log.WarnContext(r.Context(), "a launch is refused", "platform", p.Issuer, "request", web.RequestID(r), "reason", err.Error())
		return problemOf(err)
	}
	web.LetFrame(w, origins(p, l.ReturnURL))
	kept := r.CookiesNamed(browserCookie)
	if len(kept) == 0 {
		return s.newTab(w, r, st)
	}
	if !sameBrowser(kept, st.Browser) {
		return otherState
	}
	if err := s.rows.UseNonce(r.Context(), st.Nonce); err != nil {
		return problemOf(err)
	}
	if st.Login.Deployment != "" && st.Login.Deployment != l.Deployment { // [Core 4.1.2]
		return notDeployed
	}
	if may, first := p.Deployed(l.Deployment); !may {
		return notDeployed
	} else if first {
		if err := s.rows.AddDeployment(r.Context(), p.ID, l.Deployment); err != nil {
			return notDeployed
		}
	}
	return s.open(w, r, p, l)
}

func sameBrowser(kept []*http.Cookie, hash string) bool {
	for _, c := range kept {
		if web.ValidToken(c.Value) && web.Owner(c.Value) == hash {
			return true
		}
	}
	return false
}

// newTab begins the launch again outside of the frame, where the browser keeps our cookies.
func (s *Pages) newTab(w http.ResponseWriter, r *http.Request, st state) error {
	view := views.LTITab{Frame: web.Frame(r, "Open in a new tab", ""), Title: "One more click", Href: s.tool.Login() + "?" + st.Login.Values().Encode(), Label: "Open in a new tab",
		Text: "Your browser keeps no cookies for pages inside other pages. In a tab of its own it does."}
	if !framed(r) {
		view.Title, view.Label = "Your browser keeps no cookies", "Try again"
		view.Text = "Without one, this site cannot know that it is you whom the course sends. Allow cookies for this site, and try again."
	}
	view.Frame.Bare = true
	return web.Render(w, r, http.StatusOK, views.LTITabPage(view))
}

// framed says whether a launch comes in a frame. A browser that does not tell is taken to be in one: a cookie for a frame works in a tab, too.
func framed(r *http.Request) bool { return r.Header.Get("Sec-Fetch-Dest") != "document" }

// open signs in whom the platform vouches for, and leads to what the launch is for.
func (s *Pages) open(w http.ResponseWriter, r *http.Request, p lti.Platform, l lti.Launch) error {
	in := framed(r)
	if in {
		r = web.Framed(r)
		web.LetFrame(w, origins(p, l.ReturnURL))
	}
	f := frame{origins(p, l.ReturnURL), "/lti", s.now().Add(persons.FramedTime)}
	person, err := s.signIn(w, r, p, l, in)
	if err != nil {
		return err
	}
	if person.ID != "" {
		token := web.NewToken()
		session, err := s.rows.OpenSession(r.Context(), person.ID, web.Owner(token), in)
		if err != nil {
			return err
		}
		web.BeginSession(w, r, token, session)
		r = web.As(r, person, token)
		audit.Identify(r.Context(), audit.Person(person.ID))
	}
	audit.Identify(r.Context(), audit.Who{Course: persons.Line(l.Context.Title)})
	if l.Type == lti.DeepLinking {
		if !l.Teaches() {
			return onlyTeachers
		}
		if in {
			if err := s.keepFrame(w, r, f); err != nil {
				return err
			}
		}
		return s.choose(w, r, http.StatusOK, chosen{Platform: p.ID, Launch: l, At: s.now()}, "", "")
	}
	to, err := s.target(l.Target)
	if err != nil {
		return err
	}
	link, err := s.rows.Launched(r.Context(), lti.Placement{ID: lti.Random()[:16], Platform: p.ID, Deployment: l.Deployment, Context: l.Context.ID, Link: l.Link.ID,
		Title: persons.Line(l.Link.Title), Course: persons.Line(l.Context.Title), Target: to.path, Points: to.points, Members: l.Members, Grades: l.Grades}, person.Owner, l.Subject)
	if err != nil {
		return err
	}
	return s.lead(w, r, f, in, link, l)
}

// signIn is the person of a launch; nobody where the platform does not say who it is [Core 5.3.6.1].
func (s *Pages) signIn(w http.ResponseWriter, r *http.Request, p lti.Platform, l lti.Launch, in bool) (person persons.Person, err error) {
	if l.Subject == "" {
		return person, nil
	}
	if person, err = s.rows.SignIn(r.Context(), persons.Identity{Issuer: p.Issuer, Subject: l.Subject, Name: l.Name}); err != nil {
		return person, err
	}
	if l.Context.ID != "" {
		role := persons.Student
		if l.Teaches() {
			role = persons.Teacher
		}
		// A course that cannot be noted, as one too many, keeps nobody out of it.
		if err := s.rows.Enrol(r.Context(), person.ID, persons.Course{Issuer: p.Issuer + " " + l.Deployment, Context: l.Context.ID, Title: l.Context.Title, Role: role, Name: l.Name}); err != nil {
			s.log.WarnContext(r.Context(), "a course is not noted", "request", web.RequestID(r), "err", err)
		}
	}
	return person, nil
}

// A target is what a link opens: a path and query of ours.
type target struct {
	path   string // "" where nothing was chosen yet
	under  string // the path that what is opened lies under
	plan   string // of a class
	class  bool
	work   string // the homework's ID
	points int64  // hundredths, in the gradebook
}

var elsewhere = &web.Problem{Status: http.StatusBadRequest, Heading: "A link to elsewhere", Text: "The link in the course leads to what this site does not have, or does not open from courses. Whoever teaches the course can choose anew."}

// target reads the address of a link [Core 5.3.4]: one of ours, of a kind that courses open.
func (s *Pages) target(text string) (target, error) {
	base, err := url.Parse(s.tool.Base)
	if err != nil {
		return target{}, err
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != base.Scheme || u.Host != base.Host || u.User != nil {
		return target{}, elsewhere
	}
	path := strings.TrimPrefix(u.EscapedPath(), base.EscapedPath())
	query, err := web.ParseQuery(u.RawQuery)
	if err != nil {
		return target{}, err
	}
	t := target{path: views.Href(path, query), under: path}
	kind, name, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	found := false
	switch {
	case path == "" || path == "/" || path == "/lti/launch":
		return target{under: "/lti"}, nil
	case kind == "lessons":
		_, found = s.library.Lesson(name)
	case kind == "questions":
		_, found = s.library.Question(name)
	case kind == "labs":
		_, found = s.labs.Named(name)
	case kind == "homework": // whether there is such a one is said where it opens
		t.work, found = name, name != "" && !strings.Contains(name, "/")
		t.path = path
	case path == "/class":
		t.class, t.plan, found = true, query.Get("plan"), true
		if t.points, err = lti.ParsePoints(query.Get("points")); err != nil {
			return target{}, elsewhere
		}
	}
	if !found {
		return target{}, elsewhere
	}
	return t, nil
}
