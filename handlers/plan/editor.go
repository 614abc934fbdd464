package plan

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/plans"
	"gradlab/views"
)

// A written acknowledges a stop that was saved, with what it looks like now.
type written struct {
	web.Saved
	Parts map[string]string `json:"parts"`
}

// Sent are the shapes of all JSON of this package that the site's own scripts read.
var Sent = []any{written{}}

// Page is the editor of a plan for its owner; others look at it.
func (s *Pages) Page(w http.ResponseWriter, r *http.Request, p Right) error {
	return s.render(w, r, http.StatusOK, p, func(*views.PlanPage) {})
}

// render shows a plan, with what change makes of the page.
func (s *Pages) render(w http.ResponseWriter, r *http.Request, status int, p Right, change func(*views.PlanPage)) error {
	page := views.PlanPage{
		Frame: web.Frame(r, p.Title, "class"), ID: p.ID, Title: p.Title, Named: p.Title, Owned: p.Owned, Copies: p.Copies, Saved: p.SavedAt, Most: classroom.MaxStops, Token: web.NewToken(),
	}
	page.Frame.Path = "/plans/" + p.ID
	if p.Owned {
		page.Frame.Scripts = []string{"plan.js"}
	}
	if n, found := cutCount(web.Noticed(w, r, page.Frame.Path)); found {
		page.Notice = n
	}
	if p.ViewLink != "" {
		page.ViewLink = web.Origin(r) + "/plans/" + p.ID + "/link#" + p.ViewLink
	}
	if p.CopyLink != "" {
		page.CopyLink = web.Origin(r) + "/plans/" + p.ID + "/link#" + p.CopyLink
	}
	chosen, at, _ := p.Stop(cmp.Or(web.Path(r, "stop"), web.Query(r).Get("stop")))
	if at < 0 && len(p.Stops) > 0 {
		chosen, at = p.Stops[0], 0
	}
	for i, stop := range p.Stops {
		line := views.PlanStop{ID: stop.ID, Title: stop.Title, TitleHTML: Heading(stop.Title), Kind: string(stop.Kind), Current: i == at, First: i == 0, Last: i == len(p.Stops)-1}
		if !p.Owned {
			stage, _ := s.preview(p.Plan, i)
			line.Stage, line.Notes, line.Lab = &stage, stop.Notes, stop.Path
		}
		page.Stops = append(page.Stops, line)
	}
	if at >= 0 {
		page.Stop, page.Revision, page.Form = chosen.ID, chosen.Revision, s.Form(chosen.Stop)
		page.Picture, page.Alt, page.Lab = chosen.Picture, chosen.Alt, s.Labs.Frame(chosen.Path, false)
		page.Wall, page.Phone = s.preview(p.Plan, at)
	}
	for _, l := range s.Labs.Views() {
		page.Labs = append(page.Labs, views.Link{Label: l.Name, Href: "/embed/" + l.Section})
	}
	change(&page)
	return web.Render(w, r, status, views.PlanEditorPage(page))
}

// cutCount makes words of the notice that an import leaves.
func cutCount(notice string) (string, bool) {
	var n int
	if len(notice) < 6 || notice[:5] != "lost " {
		return "", false
	}
	n, err := strconv.Atoi(notice[5:])
	if err != nil {
		return "", false
	}
	if n == 1 {
		return "One picture is not among yours, and was left out: add it again.", true
	}
	return strconv.Itoa(n) + " pictures are not among yours, and were left out: add them again.", true
}

// preview is what the wall and a phone show of a stop when a class comes to it.
func (s *Pages) preview(p plans.Plan, at int) (wall, phone views.ClassStage) {
	now := time.Now()
	c := classroom.Class{Plan: p.ForClass(), OpenedAt: now}
	if next, err := c.Do(classroom.Action{Do: "go", Stop: p.Stops[at].ID}, now); err == nil {
		c = next
	}
	phone = s.Stage(c.Public(now))
	if phone.Kind == string(classroom.Ask) {
		phone.Answer = &views.ClassAnswer{Open: true}
	}
	if stop := c.Shown(); stop.Kind == classroom.Explore {
		phone.Explored = board.Explored(stop, nil, nil, s.Length)
	}
	wall = phone
	wall.Projected, wall.Answer = true, nil
	return wall, phone
}

// to leads back to a stop of a plan.
func to(w http.ResponseWriter, r *http.Request, p plans.Plan, stop string) error {
	query := url.Values{}
	if _, _, found := p.Stop(stop); found {
		query.Set("stop", stop)
	}
	http.Redirect(w, r, views.Href("/plans/"+p.ID, query), http.StatusSeeOther)
	return nil
}

// Retitle gives a plan another title.
func (s *Pages) Retitle(w http.ResponseWriter, r *http.Request, p Right) error {
	form := web.Form(r)
	title := form.Get("title")
	next, err := s.change(r.Context(), p.Plan, func(p plans.Plan) (plans.Plan, error) { return p.Retitled(title, form.Get("seen"), time.Now()) })
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		p.Plan = next // as it is now
		return s.render(w, r, http.StatusUnprocessableEntity, p, func(page *views.PlanPage) {
			page.Title, page.TitleError = title, web.Sentence(refused.Reason)
		})
	}
	if err != nil {
		return problemOf(err)
	}
	return to(w, r, next, form.Get("stop"))
}

// begun is a new stop of a kind, as its writer finds it.
func begun(kind string) url.Values {
	form := url.Values{"kind": {kind}, "title": {"A new prediction"}}
	switch kind {
	case "predict-choice":
		form.Set("choices", "The first choice\nThe second choice")
	case "ask":
		form.Set("title", "A new question")
	case "explore":
		form.Set("title", "A new experiment")
		form.Set("path", "/labs/train")
		form.Set("goal", string(classroom.LowestLoss))
	case "show":
		form.Set("title", "A lab to look at")
		form.Set("path", "/labs/chain")
	}
	return form
}

// Add adds a stop: a new one of a kind, or one that comes filled in.
func (s *Pages) Add(w http.ResponseWriter, r *http.Request, p Right) error {
	form := web.Form(r)
	filled := form.Has("title")
	if !filled {
		form = begun(form.Get("kind"))
	}
	stop, err := s.Read(r, form)
	var id string
	if err == nil {
		stop.Token = web.Form(r).Get("token")
		p.Plan, err = s.change(r.Context(), p.Plan, func(p plans.Plan) (next plans.Plan, err error) {
			next, id, err = p.Add(stop, web.Form(r).Get("after"), time.Now())
			return next, err
		})
	}
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		return s.render(w, r, http.StatusUnprocessableEntity, p, func(page *views.PlanPage) {
			if filled {
				page.Stop, page.Gone, page.Form = "", true, s.Refilled(form, refused)
			} else {
				page.AddError = web.Sentence(refused.Reason)
			}
		})
	}
	if err != nil {
		return problemOf(err)
	}
	return to(w, r, p.Plan, id)
}

// Write saves a stop: as it is typed, or by the form's button. What was typed is on the page again, whatever is wrong with it.
func (s *Pages) Write(w http.ResponseWriter, r *http.Request, p Right) error {
	form, id := web.Form(r), web.Path(r, "stop")
	base, err := web.Revision(form)
	if err != nil {
		return err
	}
	stop, err := s.Read(r, form)
	if err == nil {
		p.Plan, err = s.change(r.Context(), p.Plan, func(p plans.Plan) (plans.Plan, error) { return p.Write(id, stop, base, time.Now()) })
	}
	var refused *classroom.RefusedError
	var conflict *plans.ConflictError
	switch {
	case errors.As(err, &refused):
		if web.WantsJSON(r) {
			field := cmp.Or(refused.Field, "kind")
			return web.WriteJSON(w, http.StatusUnprocessableEntity, web.Refusal{Error: web.Sentence(refused.Reason), Fields: map[string]string{field: web.Sentence(refused.Reason)}})
		}
		_, _, there := p.Stop(id)
		return s.render(w, r, http.StatusUnprocessableEntity, p, func(page *views.PlanPage) {
			if page.Form, page.Revision = s.Refilled(form, refused), base; !there {
				page.Stop, page.Gone = "", true
			}
		})
	case errors.As(err, &conflict):
		if err := s.rows.EndTyping(r.Context(), p.ID); err != nil { // who saves again replaces another's text, which is then to be a version
			return err
		}
		other := Markdown(p.Title, []classroom.Stop{conflict.Current.Stop})
		if web.WantsJSON(r) {
			return web.WriteJSON(w, http.StatusConflict, web.Refusal{Error: conflict.Error(), Current: &web.Kept{Revision: conflict.Current.Revision, Text: other}})
		}
		return s.render(w, r, http.StatusConflict, p, func(page *views.PlanPage) {
			page.Form, page.Other, page.Conflict = s.Refilled(form, &classroom.RefusedError{Field: "none"}), other, conflict.Error()
			page.Revision = conflict.Current.Revision
		})
	case err != nil:
		return problemOf(err)
	}
	if !web.WantsJSON(r) {
		return to(w, r, p.Plan, id)
	}
	saved, at, _ := p.Stop(id)
	wall, phone := s.preview(p.Plan, at)
	parts, err := web.Parts(r.Context(), map[string]templ.Component{"wall": views.ClassStageView(wall), "phone": views.ClassStageView(phone)})
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, written{web.SavedAt(saved.Revision, p.SavedAt), parts})
}

// Depict puts a picture at a stop, describes the one that is there, or takes it away.
func (s *Pages) Depict(w http.ResponseWriter, r *http.Request, p Right) error {
	id := web.Path(r, "stop")
	old, _, found := p.Stop(id)
	if !found {
		return noPlan
	}
	sent, form, tooLarge, err := web.File(r, "picture", plans.MaxPicture)
	if err != nil {
		return err
	}
	name := old.Picture
	switch {
	case form.Get("remove") != "":
		name = ""
	case tooLarge:
		err = &classroom.RefusedError{Field: "picture", Reason: "this picture is larger than 1 MB: make it smaller, or save it as JPEG"}
	case len(sent) > 0 || name == "":
		var picture plans.Picture
		if picture, err = plans.ReadPicture(sent); err == nil {
			name = picture.Name
			err = s.rows.SavePicture(r.Context(), picture)
		}
	}
	if err == nil {
		p.Plan, err = s.change(r.Context(), p.Plan, func(p plans.Plan) (plans.Plan, error) { return p.Depict(id, name, form.Get("alt"), time.Now()) })
	}
	if err != nil && name != "" && name != old.Picture { // kept for this plan, which does not take it
		if err := s.rows.DropPictures(r.Context(), name); err != nil {
			return err
		}
	}
	var refused *classroom.RefusedError
	if errors.As(err, &refused) || errors.Is(err, plans.ErrHeavy) {
		reason := plans.ErrHeavy.Error()
		if refused != nil {
			reason = refused.Reason
		}
		return s.render(w, r, http.StatusUnprocessableEntity, p, func(page *views.PlanPage) {
			page.Alt, page.PictureError = form.Get("alt"), web.Sentence(reason)
		})
	}
	if err != nil {
		return problemOf(err)
	}
	return to(w, r, p.Plan, id)
}

// Do moves, repeats and takes out stops, and restores versions.
func (s *Pages) Do(w http.ResponseWriter, r *http.Request, p Right) error {
	form := web.Form(r)
	stop := form.Get("stop")
	var restored *plans.Version
	if form.Get("do") == "restore" {
		var err error
		if restored, err = s.version(r, p.Plan, form.Get("revision")); err != nil {
			return err
		}
	}
	next, err := s.change(r.Context(), p.Plan, func(p plans.Plan) (plans.Plan, error) {
		_, at, _ := p.Stop(stop)
		switch form.Get("do") {
		case "up":
			return p.Move(stop, at-1, time.Now())
		case "down":
			return p.Move(stop, at+1, time.Now())
		case "move":
			place, err := strconv.Atoi(form.Get("to"))
			if err != nil {
				return p, &classroom.RefusedError{Reason: "there is no such place in the plan"}
			}
			return p.Move(stop, place, time.Now())
		case "repeat":
			next, id, err := p.Repeat(stop, time.Now())
			if err == nil {
				stop = id
			}
			return next, err
		case "drop":
			return p.Drop(stop, time.Now())
		case "restore":
			return p.Restore(*restored, time.Now()), nil
		}
		return p, &classroom.RefusedError{Reason: "there is no such action"}
	})
	if err != nil {
		return problemOf(err)
	}
	return to(w, r, next, stop)
}

// Duplicate makes a plan of one's own of another, or of one's own.
func (s *Pages) Duplicate(w http.ResponseWriter, r *http.Request, p Right) error {
	made, wrong, err := s.made(w, r, clipped("Copy of "+p.Title), p.ForClass())
	if err != nil {
		return problemOf(err)
	}
	if wrong != "" { // a password is wanted, and the form for it is there
		return s.renderHome(w, r, http.StatusForbidden, views.PlansPage{TitleError: "To keep plans here, make one first: that takes the password for teachers."})
	}
	http.Redirect(w, r, "/plans/"+made.ID, http.StatusSeeOther)
	return nil
}

// Export sends a plan as Markdown.
func (s *Pages) Export(w http.ResponseWriter, r *http.Request, p Right) error {
	web.Attach(w, "plan.md")
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	w.Write([]byte(Markdown(p.Title, p.ForClass()))) // a visitor who hung up is no error of ours
	return nil
}

// Share makes a link by which others see or copy a plan, or ends it.
func (s *Pages) Share(w http.ResponseWriter, r *http.Request, p Right) error {
	next, err := p.Plan.Share(web.Form(r).Get("kind"), web.Form(r).Get("end") == "")
	if err == nil {
		err = s.rows.SharePlan(r.Context(), next)
	}
	if err != nil {
		return problemOf(err)
	}
	http.Redirect(w, r, "/plans/"+p.ID+"#share", http.StatusSeeOther)
	return nil
}

// Delete deletes a plan for good.
func (s *Pages) Delete(w http.ResponseWriter, r *http.Request, p Right) error {
	if web.Form(r).Get("sure") == "" {
		return &web.Problem{Status: http.StatusUnprocessableEntity, Heading: "Not deleted", Text: "Tick the box to delete the plan with all its versions."}
	}
	if err := s.rows.DeletePlan(r.Context(), p.ID); err != nil {
		return err
	}
	http.Redirect(w, r, "/plans", http.StatusSeeOther)
	return nil
}

// version is one of a plan's, by its number.
func (s *Pages) version(r *http.Request, p plans.Plan, number string) (*plans.Version, error) {
	all, err := s.rows.PlanVersions(r.Context(), p.ID)
	for _, v := range all {
		if strconv.FormatInt(v.Revision, 10) == number {
			return &v, nil
		}
	}
	if err == nil {
		err = &web.Problem{Status: http.StatusNotFound, Heading: "No such version", Text: "This version is no longer kept."}
	}
	return nil, err
}

// Versions lists the versions of a plan, and shows one.
func (s *Pages) Versions(w http.ResponseWriter, r *http.Request, p Right) error {
	all, err := s.rows.PlanVersions(r.Context(), p.ID)
	if err != nil {
		return err
	}
	page := views.PlanVersions{Frame: web.Frame(r, "Versions of "+p.Title, "class"), ID: p.ID, Title: p.Title, Most: plans.MaxVersions}
	for _, v := range all {
		page.Versions = append(page.Versions, views.PlanVersion{Revision: strconv.FormatInt(v.Revision, 10), Title: v.Title, Stops: len(v.Stops), Until: v.Until})
	}
	if number := web.Query(r).Get("revision"); number != "" {
		v, err := s.version(r, p.Plan, number)
		if err != nil {
			return err
		}
		old := plans.Plan{Title: v.Title, Stops: v.Stops}
		page.Shown, page.Markdown = number, Markdown(old.Title, old.ForClass())
	}
	return web.Render(w, r, http.StatusOK, views.PlanVersionsPage(page))
}
