package class

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"time"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/views"
)

// keyCookie holds the teacher's key. Its path is that of the class, so a teacher of several has one for each.
const keyCookie = "teacher"

var (
	noClass      = &web.Problem{Status: http.StatusNotFound, Heading: "No such class", Text: "There is no class with this code: it may be mistyped, or the class was deleted."}
	notTeacher   = &web.Problem{Status: http.StatusForbidden, Heading: "For the teacher", Text: "This page belongs to the class’s teacher. Open it with the link that you kept when you opened the class."}
	notMember    = &web.Problem{Status: http.StatusForbidden, Heading: "Join first", Text: "You are not in this class: join it with its code."}
	classIsOver  = &web.Problem{Status: http.StatusConflict, Heading: "This class is over", Text: "Nothing can be handed in any more."}
	noSuchSign   = &web.Problem{Status: http.StatusUnprocessableEntity, Heading: "Not like that", Text: "Say which hand, or which stop of the plan."}
	classLocked  = &web.Problem{Status: http.StatusConflict, Heading: "Locked", Text: "The teacher has locked this: nothing can be handed in any more."}
	allSubmitted = &web.Problem{Status: http.StatusConflict, Heading: "Ten runs are all", Text: "You have submitted ten runs here; no more are taken."}
	voteOver     = &web.Problem{Status: http.StatusConflict, Heading: "That vote is over", Text: "This was for a vote that is over, and does not count."}
	classFull    = &web.Problem{Status: http.StatusServiceUnavailable, Heading: "Full", Text: "The class is full. Please tell your teacher."}
	noRoom       = &web.Problem{Status: http.StatusServiceUnavailable, Heading: "Full", Text: "This site keeps as many classes as it can. Delete one that is over, or tell whoever runs the site."}
	classRetries = &web.Problem{Status: http.StatusServiceUnavailable, Heading: "Once more, please", Text: "The class changed at this very moment. Please try again."}
)

// problemOf is what may be shown of an error of a class; other errors pass.
func problemOf(err error) error {
	var refused *classroom.RefusedError
	switch {
	case errors.As(err, &refused):
		return &web.Problem{Status: http.StatusUnprocessableEntity, Heading: "Not like that", Text: web.Sentence(refused.Reason)}
	case errors.Is(err, classroom.ErrNone):
		return noClass
	case errors.Is(err, classroom.ErrClosed):
		return classIsOver
	case errors.Is(err, classroom.ErrLocked):
		return classLocked
	case errors.Is(err, classroom.ErrUsed):
		return allSubmitted
	case errors.Is(err, classroom.ErrRound):
		return voteOver
	case errors.Is(err, classroom.ErrFull):
		return classFull
	case errors.Is(err, classroom.ErrStale):
		return classRetries
	}
	return err
}

// At finds the class that an address names, as it is stored.
func (s *Pages) At(r *http.Request) (classroom.Class, error) { return s.classAt(r, -1) }

// classAt finds the class that an address names, at that version at least; at -1 as it is stored.
func (s *Pages) classAt(r *http.Request, version int64) (classroom.Class, error) {
	return s.classByCode(r, web.Path(r, "code"), version)
}

// classByCode finds a class by the code that a visitor gives. Wrong codes wait at a turnstile, so that nobody finds one by trying,
// and where many are tried, newcomers with a right one wait their turn. The teacher and the students of a class do not: one who
// tries codes cannot bring a lecture to a stop.
func (s *Pages) classByCode(r *http.Request, text string, version int64) (classroom.Class, error) {
	code, ok := classroom.ParseCode(text)
	if !ok {
		return classroom.Class{}, noClass
	}
	c, err := s.hub.Class(r.Context(), code, version)
	none := errors.Is(err, classroom.ErrNone)
	if err != nil && !none {
		return classroom.Class{}, err
	}
	visitor := web.Visitor(r)
	leave, free := s.limits.codes.enterNow()
	if !free {
		// Asked of no class, too: the time that it takes must not tell.
		if _, joined, err := s.rows.Member(r.Context(), c.ID, visitor); err != nil || joined || watches(r, c) {
			return c, err
		}
		if leave, err = s.limits.codes.enter(r.Context()); err != nil {
			return classroom.Class{}, err
		}
	}
	defer leave()
	if none {
		s.counts.WrongSecret("code")
		s.limits.codes.wrong(visitor)
		return classroom.Class{}, noClass
	}
	return c, nil
}

// Taught finds the class of an address for its teacher, and nobody else.
func (s *Pages) Taught(r *http.Request) (classroom.Class, error) {
	c, err := s.At(r)
	if err == nil && !teaches(r, c) {
		err = notTeacher
	}
	if err != nil {
		return classroom.Class{}, err
	}
	audit.Identify(r.Context(), keyHolder(c))
	return c, nil
}

// keyHolder is who holds the key of a class.
func keyHolder(c classroom.Class) audit.Who { return audit.ByKey("teacher", c.KeyHash) }

// Steered is Taught for what changes the class, so many times a second.
func (s *Pages) Steered(r *http.Request) (classroom.Class, error) {
	c, err := s.Taught(r)
	if err == nil && !s.limits.control.Allow(c.ID) {
		err = web.TooMany
	}
	return c, err
}

// teaches says whether a request is the teacher's: it carries the key of the class, or comes from the person whose class it is.
func teaches(r *http.Request, c classroom.Class) bool {
	p, in := web.Person(r)
	return in && p.ID == c.Person || keyOf(r, c) != nil
}

// keyOf is the cookie with the key of a class, nil where a request carries none.
func keyOf(r *http.Request, c classroom.Class) *http.Cookie {
	for _, cookie := range r.CookiesNamed(keyCookie) {
		if c.Holds(cookie.Value) {
			return cookie
		}
	}
	return nil
}

// teacher says whether a request comes from somebody who has signed in as a teacher.
func teacher(r *http.Request) bool {
	p, in := web.Person(r)
	return in && p.Teaches()
}

// joined returns nil where the visitor of a request is in a class.
func (s *Pages) joined(r *http.Request, c classroom.Class) error {
	_, found, err := s.rows.Member(r.Context(), c.ID, web.Visitor(r))
	if err == nil && !found {
		err = notMember
	}
	return err
}

func (s *Pages) Home(w http.ResponseWriter, r *http.Request) error {
	web.EnsureVisitor(w, r)
	return s.renderClassHome(w, r, http.StatusOK, views.ClassHome{Plan: web.Query(r).Get("plan")})
}

func (s *Pages) renderClassHome(w http.ResponseWriter, r *http.Request, status int, view views.ClassHome) error {
	view.Frame, view.Password = web.Frame(r, "Class", "class", "class-kept.js"), s.teacherPassword != "" && !s.onlyTeachers && !teacher(r)
	view.Frame.Path, view.SignIn = "/class", s.onlyTeachers && !teacher(r)
	if p, in := web.Person(r); in {
		classes, err := s.rows.ClassesOf(r.Context(), p.ID)
		if err != nil {
			return err
		}
		view.Classes = classLines(classes)
	}
	var err error
	if view.Joined, err = s.Joined(r); err != nil {
		return err
	}
	if view.Plans, err = s.PlanNames(r); err != nil {
		return err
	}
	return web.Render(w, r, status, views.ClassHomePage(view))
}

func classLines(classes []classroom.Class) (lines []views.ClassLine) {
	for _, c := range classes {
		lines = append(lines, views.ClassLine{Code: c.Code, Spelled: classroom.SpellCode(c.Code), Title: c.Title, Opened: c.OpenedAt, Over: c.Ended(time.Now())})
	}
	return lines
}

// Joined are the classes that the visitor of a request is in as a student, the latest first.
func (s *Pages) Joined(r *http.Request) ([]views.ClassLine, error) {
	classes, err := s.rows.ClassesJoined(r.Context(), web.Visitor(r))
	return classLines(classes), err
}

// Open makes a class and its teacher, and leads to the teacher's page.
func (s *Pages) Open(w http.ResponseWriter, r *http.Request) error {
	owner, title := web.EnsureVisitor(w, r), strings.TrimSpace(web.Form(r).Get("title"))
	view := views.ClassHome{Title: title, Plan: web.Form(r).Get("plan")}
	if s.teacherPassword == "" && !s.limits.open.Allow(owner) {
		return web.TooMany
	}
	if may, err := s.MayOpen(r, owner); err != nil {
		return err
	} else if !may {
		view.OpenError = s.WhyNot()
		return s.renderClassHome(w, r, http.StatusForbidden, view)
	}
	if title == "" {
		title = "A class on deep nets"
	}
	c, key, err := s.Begin(r, title, web.Form(r).Get("plan"))
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		view.OpenError = web.Sentence(refused.Reason)
		return s.renderClassHome(w, r, http.StatusUnprocessableEntity, view)
	} else if err != nil {
		return err
	}
	giveKey(w, r, c, key)
	http.Redirect(w, r, "/class/"+c.Code+"/remote", http.StatusSeeOther)
	return nil
}

// WhyNot is what to say to whom MayOpen refuses.
func (s *Pages) WhyNot() string {
	if s.onlyTeachers {
		return "Only teachers open classes and keep plans here: sign in as one."
	}
	return "This is not the password for teachers."
}

// MayOpen says whether a visitor may open a class now: after the password where one is wanted of somebody who has not signed in as a teacher, else in turn. Whoever knows the
// password waits for nobody's classes, and for those who try passwords no longer than the turnstile says.
func (s *Pages) MayOpen(r *http.Request, owner string) (bool, error) {
	gate := &s.limits.openings
	if s.onlyTeachers && !teacher(r) {
		return false, nil
	}
	free := s.teacherPassword == "" || teacher(r)
	if !free {
		gate = &s.limits.passwords
	}
	leave, err := gate.enter(r.Context())
	if err != nil {
		return false, err
	}
	defer leave()
	if free {
		gate.wrong(owner)
		return true, nil
	}
	return s.right(gate, "password", owner, s.teacherPassword, web.Form(r).Get("password")), nil
}

// right compares a secret at its gate.
func (s *Pages) right(gate *turnstile, what, owner, want, got string) bool {
	a, b := sha256.Sum256([]byte(want)), sha256.Sum256([]byte(got)) // of one length: that must not tell, either
	if subtle.ConstantTimeCompare(a[:], b[:]) != 1 {
		s.counts.WrongSecret(what)
		gate.wrong(owner)
		return false
	}
	return true
}

// Operator says whether what somebody gives is the operator's key. Who tries waits for nobody else's tries but those of that key.
func (s *Pages) Operator(r *http.Request, want, got string) (bool, error) {
	leave, err := s.limits.operators.enter(r.Context())
	if err != nil {
		return false, err
	}
	defer leave()
	return s.right(&s.limits.operators, "operator key", web.Visitor(r), want, got), nil
}

// giveKey lets a browser act as the class's teacher for as long as the class is kept.
func giveKey(w http.ResponseWriter, r *http.Request, c classroom.Class, key string) {
	giveCookie(w, r, c, keyCookie, key)
}

func giveCookie(w http.ResponseWriter, r *http.Request, c classroom.Class, name, key string) {
	web.SetCookie(w, r, &http.Cookie{Name: name, Value: key, Path: "/class/" + c.Code, HttpOnly: true, Secure: web.Encrypted(r),
		SameSite: http.SameSiteLaxMode, MaxAge: int(time.Until(c.Expires()).Seconds())})
}

// KeyPage is where the link leads that a teacher keeps.
func (s *Pages) KeyPage(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	return web.Render(w, r, http.StatusOK, views.SecretLinkPage(keyView(r, c)))
}

func keyView(r *http.Request, c classroom.Class) views.SecretLink {
	view := views.SecretLink{
		Frame: web.Frame(r, c.Title, "class", "secret.js"), Title: "The teacher’s page of class " + classroom.SpellCode(c.Code),
		Text:   "The link that you kept opens it; this browser then has the class’s key.",
		Action: "/class/" + c.Code + "/key", Button: "To my page", Secret: web.Query(r).Get("key"), AtOnce: true,
	}
	view.Frame.Path = view.Action
	return view
}

// UseKey gives this browser the key that a teacher kept, and leads to the teacher's page.
func (s *Pages) UseKey(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	key := web.Secret(web.Form(r).Get("secret"))
	if !c.Holds(key) { // 32 random bytes: nobody finds them by trying
		view := keyView(r, c)
		view.Secret, view.Error = web.Form(r).Get("secret"), "This link does not open the class: part of it is missing, or its teacher has made a new one since."
		return web.Render(w, r, http.StatusForbidden, views.SecretLinkPage(view))
	}
	audit.Identify(r.Context(), keyHolder(c))
	s.rows.Tell(r.Context(), audit.KeyUsed, "class "+c.ID, c.Code)
	giveKey(w, r, c, key)
	http.Redirect(w, r, "/class/"+c.Code+"/remote", http.StatusSeeOther)
	return nil
}

// NewKey gives a class another key: the link that was kept opens nothing any more, and all other devices with the old one are out.
func (s *Pages) NewKey(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	var key string
	c, err := s.hub.Change(r.Context(), c.Code, func(c classroom.Class) (classroom.Class, error) {
		if !teaches(r, c) { // another device was quicker
			return c, notTeacher
		}
		var next classroom.Class
		next, key = c.Rekeyed()
		return next, nil
	})
	if err != nil {
		return problemOf(err)
	}
	giveKey(w, r, c, key)
	http.Redirect(w, r, "/class/"+c.Code+"/remote", http.StatusSeeOther)
	return nil
}

// JoinByCode is the form on which a student types the code.
func (s *Pages) JoinByCode(w http.ResponseWriter, r *http.Request) error {
	view := views.ClassHome{Code: web.Form(r).Get("code"), Nickname: web.Form(r).Get("nickname")}
	c, err := s.classByCode(r, view.Code, -1)
	if errors.Is(err, noClass) {
		view.JoinError = "There is no class with this code. It has seven letters and digits, like KXR-47QT."
		return s.renderClassHome(w, r, http.StatusNotFound, view)
	}
	if err != nil {
		return err
	}
	return s.Join(w, r, c)
}

// Join is the form of a class's own page.
func (s *Pages) Join(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	if !s.limits.write.Allow(web.EnsureVisitor(w, r)) {
		return web.TooMany
	}
	name, err := classroom.Nickname(web.Form(r).Get("nickname"))
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		view := joinView(r, c)
		view.Error = "The nickname: " + refused.Reason + "."
		return web.Render(w, r, http.StatusUnprocessableEntity, views.ClassJoinPage(view))
	}
	if c.Ended(time.Now()) {
		return web.Render(w, r, http.StatusConflict, views.ClassJoinPage(joinView(r, c)))
	}
	if _, err := web.Writing(w, r, func(owner string) error {
		_, err := s.rows.Join(r.Context(), c.ID, owner, classroom.NewMember(name))
		return err
	}); err != nil {
		return problemOf(err)
	}
	s.hub.Arrived(c.ID)
	http.Redirect(w, r, "/class/"+c.Code, http.StatusSeeOther)
	return nil
}

func joinView(r *http.Request, c classroom.Class) views.ClassJoin {
	view := views.ClassJoin{
		Frame: web.Frame(r, "Join "+classroom.SpellCode(c.Code), "class"), Code: c.Code, Spelled: classroom.SpellCode(c.Code),
		Title: c.Title, Nickname: web.Form(r).Get("nickname"), Ended: c.Ended(time.Now()), Teacher: teaches(r, c),
	}
	view.Frame.Path = "/class/" + c.Code
	return view
}

// Leave takes a student out, with everything that they handed in.
func (s *Pages) Leave(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	m, found, err := s.rows.Member(r.Context(), c.ID, web.Visitor(r))
	if err != nil {
		return err
	}
	if !found {
		return notMember
	}
	if err := s.rows.Leave(r.Context(), c.ID, web.Visitor(r)); err != nil {
		return err
	}
	if err := s.departed(r, c, m.ID, ""); err != nil {
		return err
	}
	http.Redirect(w, r, "/class", http.StatusSeeOther)
	return nil
}

// Delete deletes a class and everything in it, when its code was typed.
func (s *Pages) Delete(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	if code, _ := classroom.ParseCode(web.Form(r).Get("code")); code != c.Code {
		return s.renderRemote(w, r, http.StatusUnprocessableEntity, c, func(page *views.ClassRemote) {
			page.DeleteCode, page.DeleteError = web.Form(r).Get("code"), "This is not the code of this class. Nothing was deleted."
		})
	}
	if err := s.rows.DeleteClass(r.Context(), c.ID); err != nil {
		return err
	}
	s.hub.Deleted(r.Context(), c.ID)
	web.SetCookie(w, r, &http.Cookie{Name: keyCookie, Path: "/class/" + c.Code, MaxAge: -1})
	http.Redirect(w, r, "/class", http.StatusSeeOther)
	return nil
}
