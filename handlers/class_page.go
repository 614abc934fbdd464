package handlers

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"gradlab/classroom"
	"gradlab/store"
	"gradlab/views"
)

// classPage is a student's page, or the way in for who has not joined.
func (s *site) classPage(w http.ResponseWriter, r *http.Request) error {
	c, err := s.classAt(r, -1)
	if err != nil {
		return err
	}
	if c.Code != chi.URLParam(r, "code") { // typed in another way; cookies and links want one
		http.Redirect(w, r, "/class/"+c.Code, http.StatusFound)
		return nil
	}
	m, found, err := s.Classes.Member(r.Context(), c.ID, ensureVisitor(w, r))
	if err != nil {
		return err
	}
	if !found {
		return s.render(w, r, http.StatusOK, views.ClassJoinPage(joinView(r, c)))
	}
	return s.renderStudent(w, r, http.StatusOK, c, m, nil)
}

// renderStudent shows a student's page; change puts a message at what was refused.
func (s *site) renderStudent(w http.ResponseWriter, r *http.Request, status int, c classroom.Class, m classroom.Member, change func(*views.ClassStage)) error {
	stage, mine, state, err := s.studentView(r.Context(), c, m)
	if err != nil {
		return err
	}
	if change != nil {
		change(&stage)
	}
	page := views.ClassPage{
		Frame: frame(r, c.Title, "class", "class.js"), Code: c.Code, Spelled: classroom.SpellCode(c.Code), Title: c.Title,
		Nickname: m.Nickname, State: state, Stage: stage, Mine: mine,
	}
	page.Frame.Path = "/class/" + c.Code
	return s.render(w, r, status, views.ClassStudentPage(page))
}

// studentView is what one student may see: the public part, the student's own guess and answer, and after the reveal what
// the teacher shows.
func (s *site) studentView(ctx context.Context, c classroom.Class, m classroom.Member) (stage views.ClassStage, mine views.ClassMine, state string, err error) {
	stop, p := c.Shown(), c.Public(time.Now())
	stage, guess := classStage(c, p), ""
	if stop.Kind == classroom.Predict {
		v, found, err := s.Classes.Guess(ctx, c.ID, stop.ID, m.ID)
		if err != nil {
			return stage, mine, "", err
		}
		if found {
			guess = strconv.FormatFloat(v, 'g', -1, 64)
			stage.Guess, stage.GuessText = views.Join(views.T("You said "), strong(guessWords(stop, v)), views.T(". ")), minusSign(guess)
			if stop.Form == classroom.Choice && int(v) < len(stage.Choices) {
				stage.Choices[int(v)].Chosen = true
			}
		}
	}
	answers, err := s.Classes.MemberAnswers(ctx, c.ID, m.ID)
	if err != nil {
		return stage, mine, "", err
	}
	if stop.Kind == classroom.Ask {
		box := &views.ClassAnswer{Stop: stop.ID, Open: c.Accepts(stop, time.Now()) == nil, Most: store.MaxCharacters}
		for _, a := range answers {
			if a.Stop == stop.ID {
				box.Text, box.Revision, box.Run, box.RunChip, box.Saved = a.Text, a.Revision, a.Run, runChip(a.Run), clock(a.UpdatedAt)
			}
		}
		stage.Answer = box
	}
	known, err := s.reveal(ctx, c, &stage)
	if err != nil {
		return stage, mine, "", err
	}
	mine, err = s.mineView(ctx, c, m, answers)
	return stage, mine, stateOf(p, strings.Join(stop.Picked, ","), strconv.FormatBool(known)), err
}

// mineView lists what a student has handed in, with the marks where the teacher released them.
func (s *site) mineView(ctx context.Context, c classroom.Class, m classroom.Member, answers []classroom.Answer) (views.ClassMine, error) {
	mine := views.ClassMine{Released: c.Released()}
	marks := map[string]classroom.Mark{}
	if mine.Released {
		all, err := s.Classes.MemberMarks(ctx, c.ID, m.ID)
		if err != nil {
			return mine, err
		}
		for _, mark := range all {
			marks[mark.Stop] = mark
		}
	}
	total, any := int64(0), false
	for _, stop := range c.Plan {
		for _, a := range answers {
			if a.Stop != stop.ID {
				continue
			}
			line := views.ClassMark{Question: stop.Title, Text: a.Text, Run: runChip(a.Run)}
			if mark, found := marks[stop.ID]; found {
				line.Points, line.Comment = mark.Points(), mark.Comment
				line.Concepts = s.conceptLabels(stop, mark.Concepts)
				if mark.Hundredths >= 0 {
					total, any = total+mark.Hundredths, true
				}
			}
			mine.Lines = append(mine.Lines, line)
		}
	}
	if any {
		mine.Total = "Together " + classroom.Mark{Hundredths: total}.Points() + " points."
	}
	return mine, nil
}

// conceptLabels are the concepts of a stop's question with these ids.
func (s *site) conceptLabels(stop classroom.Stop, ids []string) []string {
	q, _ := s.Library.Question(stop.Question)
	var labels []string
	for _, c := range q.Concepts {
		for _, id := range ids {
			if c.ID == id {
				labels = append(labels, c.Label)
			}
		}
	}
	return labels
}

// classState answers the script of a student's page: what has changed, rendered.
func (s *site) classState(w http.ResponseWriter, r *http.Request) error {
	version, err := strconv.ParseInt(r.URL.Query().Get("version"), 10, 64)
	if err != nil || version < 0 {
		version = -1
	}
	c, m, err := s.studentsClass(r, version)
	if err != nil {
		return err
	}
	stage, mine, state, err := s.studentView(r.Context(), c, m)
	if err != nil {
		return err
	}
	stagePart, err := markup(r.Context(), views.ClassStageView(stage))
	if err != nil {
		return err
	}
	minePart, err := markup(r.Context(), views.ClassMineView(mine))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]any{
		"version": c.Version, "state": state, "lab": stage.Lab, "runs": stage.Runs, "waits": waits(c, state),
		"parts": map[string]string{"stage": stagePart, "mine": minePart},
	})
}

// waits says whether a revealed truth is still being computed, so that the page asks again.
func waits(c classroom.Class, state string) bool {
	stop := c.Shown()
	return stop.TruthShown() && stop.Truth != "" && strings.HasSuffix(state, "|false")
}

// projectorPage is the page for the wall.
func (s *site) projectorPage(w http.ResponseWriter, r *http.Request) error {
	c, err := s.teachersClass(r)
	if err != nil {
		return err
	}
	stage, state, err := s.projectorView(r.Context(), c)
	if err != nil {
		return err
	}
	found, _ := s.addresses(r, "/class/"+c.Code)
	page := views.ClassProjector{
		Frame: frame(r, c.Title, "class", "class.js"), Code: c.Code, Spelled: classroom.SpellCode(c.Code),
		Address: strings.TrimSuffix(found[0].Short, "/"+c.Code), State: state, Stage: stage,
	}
	page.Frame.Theme, page.Frame.Bare = "projector", true
	return s.render(w, r, http.StatusOK, views.ClassProjectorPage(page))
}

func (s *site) projectorView(ctx context.Context, c classroom.Class) (views.ClassStage, string, error) {
	p := c.Public(time.Now())
	stage := classStage(c, p)
	stage.Projected, stage.Lab = true, framePath(p.Path, true)
	n, err := s.Classes.ClassCount(ctx, c.ID, p.Stop)
	if err != nil {
		return stage, "", err
	}
	if p.Kind != classroom.Show && !p.Phase.Reached(classroom.Ran) && len(c.Shown().Picked) == 0 {
		stage.Count = countLine(p.Kind, n)
	}
	known, err := s.reveal(ctx, c, &stage)
	if p.Kind == classroom.Ask && (len(stage.Picked) > 0 || p.Phase == classroom.Revealed) || p.Kind == classroom.Predict && p.Phase == classroom.Revealed {
		stage.Lab = "" // the wall shows one thing at a time
	}
	return stage, stateOf(p, strconv.FormatBool(known)), err
}

// remotePage is the teacher's own page.
func (s *site) remotePage(w http.ResponseWriter, r *http.Request) error {
	c, err := s.teachersClass(r)
	if err != nil {
		return err
	}
	board, state, err := s.boardView(r.Context(), c)
	if err != nil {
		return err
	}
	found, loopback := s.addresses(r, "/class/"+c.Code)
	page := views.ClassRemote{
		Frame: frame(r, c.Title, "class", "class.js"), Code: c.Code, Spelled: classroom.SpellCode(c.Code), Title: c.Title, State: state,
		Addresses: found, Loopback: loopback, Until: c.Expires().Format("2 January 2006"), Board: board, Truths: classTruths,
	}
	page.Frame.Path = "/class/" + c.Code + "/remote"
	if cookie, err := r.Cookie(keyCookie); err == nil {
		page.Key = strings.TrimSuffix(found[0].URL, "/class/"+c.Code) + "/class/" + c.Code + "/key?key=" + cookie.Value
	}
	for _, q := range s.Library.Questions() {
		for _, part := range q.Parts {
			option := views.Option{Value: q.Slug + "/" + part.ID, Label: q.Title}
			if part.Text != "" {
				option.Label = part.Text
			}
			page.Questions = append(page.Questions, option)
		}
	}
	return s.render(w, r, http.StatusOK, views.ClassRemotePage(page))
}

// boardView is everything that the teacher sees.
func (s *site) boardView(ctx context.Context, c classroom.Class) (views.ClassBoard, string, error) {
	stop, p := c.Shown(), c.Public(time.Now())
	stage := classStage(c, p)
	stage.Projected, stage.LabPage = true, stop.Path
	b := views.ClassBoard{
		Code: c.Code, Spelled: classroom.SpellCode(c.Code), Version: c.Version, Notes: stop.Notes, Blank: c.Blank, Zoom: c.Zoom,
		Ended: p.Ended, Released: p.Released,
	}
	_, b.Skip = flipSkip(p.Path)
	n, err := s.Classes.ClassCount(ctx, c.ID, stop.ID)
	if err != nil {
		return b, "", err
	}
	b.Members, stage.Count = n.Members, countLine(stop.Kind, n)
	known := false
	switch stop.Kind {
	case classroom.Predict:
		guesses, err := s.Classes.Guesses(ctx, c.ID, stop.ID)
		if err != nil {
			return b, "", err
		}
		var truth float64
		if stop.TruthShown() {
			truth, known = s.truth(ctx, stop)
			stage.Truth = truthWords(stop, truth, known, guesses)
		}
		b.Guesses = guessBars(stop, guesses, truth, known)
	case classroom.Ask:
		answers, err := s.Classes.ClassAnswers(ctx, c.ID, stop.ID)
		if err != nil {
			return b, "", err
		}
		for _, a := range answers {
			b.Answers = append(b.Answers, views.ClassIncoming{Member: a.Member, Text: a.Text, Run: runChip(a.Run), Picked: slices.Contains(stop.Picked, a.Member)})
		}
		if q, found := s.Library.Question(stop.Question); found {
			b.Concepts = conceptBars(q, stop.Part, answers)
		}
	}
	for i, planned := range c.Plan {
		b.Plan = append(b.Plan, views.ClassPlanned{
			ID: planned.ID, Title: planned.Title, Kind: string(planned.Kind), Phase: string(planned.Phase),
			Current: i == c.Current, Droppable: i != c.Current && planned.Phase == classroom.Waiting,
		})
	}
	b.Stage = stage
	return b, stateOf(p, strconv.FormatBool(known)), nil
}

// classBoard answers the scripts of the teacher's two pages.
func (s *site) classBoard(w http.ResponseWriter, r *http.Request) error {
	c, err := s.teachersClass(r)
	if err != nil {
		return err
	}
	return s.writeBoard(w, r, c)
}

func (s *site) writeBoard(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	answer := map[string]any{"version": c.Version, "blank": c.Blank, "zoom": c.Zoom}
	parts := map[string]string{}
	if r.URL.Query().Get("view") == "projector" {
		stage, state, err := s.projectorView(r.Context(), c)
		if err != nil {
			return err
		}
		if parts["stage"], err = markup(r.Context(), views.ClassStageView(stage)); err != nil {
			return err
		}
		answer["lab"], answer["runs"], answer["state"], answer["waits"] = stage.Lab, stage.Runs, state, waits(c, state)
	} else {
		board, state, err := s.boardView(r.Context(), c)
		if err != nil {
			return err
		}
		for name, part := range map[string]templ.Component{
			"controls": views.ClassControls(board), "now": views.ClassNow(board), "plan": views.ClassPlan(board), "ending": views.ClassEnding(board),
		} {
			if parts[name], err = markup(r.Context(), part); err != nil {
				return err
			}
		}
		answer["lab"], answer["runs"], answer["state"], answer["waits"] = board.Stage.Lab, board.Stage.Runs, state, waits(c, state)
	}
	answer["parts"] = parts
	return writeJSON(w, http.StatusOK, answer)
}
