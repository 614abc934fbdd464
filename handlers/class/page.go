package class

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"gradlab/answers"
	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/handlers/plan"
	"gradlab/handlers/web"
	"gradlab/views"
)

// Student is a student's page, or the way in for who has not joined.
func (s *Pages) Student(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	if c.Code != web.Path(r, "code") { // typed in another way; cookies and links want one
		http.Redirect(w, r, "/class/"+c.Code, http.StatusFound)
		return nil
	}
	owner := web.EnsureVisitor(w, r)
	student, err := s.studentView(r.Context(), c, owner)
	if errors.Is(err, notMember) {
		return s.renderOut(w, r, http.StatusOK, c, "")
	}
	if err != nil {
		return err
	}
	s.hub.Saw(c.ID, student.member)
	return s.renderStudent(w, r, http.StatusOK, c, student)
}

// renderOut is the page of who is not in the class: the way in, and for whom the teacher took out what is left to them. Sent is what they
// handed in too late for it.
func (s *Pages) renderOut(w http.ResponseWriter, r *http.Request, status int, c classroom.Class, sent string) error {
	view := joinView(r, c)
	var err error
	if view.Taken, err = s.takenView(r, c); err != nil {
		return err
	}
	if view.Taken != nil {
		view.Frame.Scripts = append(view.Frame.Scripts, "class-kept.js")
		if sent != "" {
			view.Taken.Texts = append(view.Taken.Texts, views.ClassMark{Question: "What you sent just now, which was not taken any more", Text: sent})
		}
	}
	return web.Render(w, r, status, views.ClassJoinPage(view))
}

func (s *Pages) renderStudent(w http.ResponseWriter, r *http.Request, status int, c classroom.Class, student studentView) error {
	page := views.ClassPage{
		Frame: web.Frame(r, c.Title, "class", "class.js"), Code: c.Code, Spelled: classroom.SpellCode(c.Code), Title: c.Title,
		Nickname: student.nickname, Version: c.Version, State: student.state, Stage: student.stage, Mine: student.mine,
		Hand: student.hand, Branched: student.branched,
	}
	page.Frame.Path = "/class/" + c.Code
	var err error
	if page.Taken, err = s.takenView(r, c); err != nil {
		return err
	}
	return web.Render(w, r, status, views.ClassStudentPage(page))
}

// A studentView is what one student may see: the public part, the student's own guess and answers, and after the reveal what
// the teacher shows.
type studentView struct {
	member   string
	nickname string
	stage    views.ClassStage
	mine     views.ClassMine
	hand     views.ClassHand
	branched bool   // as the page said last
	state    string // the stage's name, "" while a revealed truth is being computed
}

// studentView reads what a visitor may see who is in a class; of another one the error is notMember.
func (s *Pages) studentView(ctx context.Context, c classroom.Class, owner string) (v studentView, err error) {
	stop, p := c.Shown(), c.Public(time.Now())
	desk, found, err := s.rows.Desk(ctx, c.ID, owner, stop.ID)
	if err == nil && !found {
		err = notMember
	}
	if err != nil {
		return v, err
	}
	v.member, v.nickname, v.stage, v.branched = desk.ID, desk.Nickname, s.classStage(c, p), !desk.BranchedAt.IsZero()
	if g := desk.Guesses[0]; g.Round != 0 && (stop.Again || p.Phase == classroom.Discuss) {
		v.stage.First = views.Join(views.T("Your first vote: "), views.Stressed(board.GuessWords(stop, g.Value)), views.T("."))
		v.stage.Reply = s.reply(stop, g.Value)
	}
	if g := desk.Guesses[p.Round-1]; g.Round != 0 {
		if p.Phase != classroom.Discuss {
			v.stage.Guess = views.Join(views.T("You said "), views.Stressed(board.GuessWords(stop, g.Value)), views.T(". "))
		}
		v.stage.GuessText, v.stage.Reply = board.GuessText(g.Value), s.reply(stop, g.Value)
		if g.Confidence != 0 {
			v.stage.Sure = strconv.Itoa(g.Confidence)
		}
		if i := int(g.Value); stop.Form == classroom.Choice && i < len(v.stage.Choices) {
			v.stage.Choices[i].Chosen = true
		}
	}
	if stop.Kind == classroom.Ask {
		box := &views.ClassAnswer{Stop: stop.ID, Open: c.Takes(stop, time.Now()), Most: answers.MaxCharacters}
		for _, a := range desk.Answers {
			if a.Stop == stop.ID {
				box.Text, box.Revision, box.Run, box.RunChip, box.Saved = a.Text, a.Revision, a.Run, s.labs.Chip(a.Run), a.UpdatedAt
			}
		}
		v.stage.Answer = box
	}
	v.hand = views.ClassHand{Code: c.Code, Up: !desk.HandAt.IsZero(), Over: p.Ended, Along: v.stage.Takes()}
	waits, err := s.reveal(ctx, c, &v.stage)
	if err != nil {
		return v, err
	}
	if _, err := s.explored(ctx, c, desk.ID, &v.stage); err != nil {
		return v, err
	}
	if !waits {
		v.state = stageName(c, p)
	}
	v.mine, err = s.mineView(ctx, c, desk)
	return v, err
}

// mineView lists what a student has handed in, with the marks where the teacher released them.
func (s *Pages) mineView(ctx context.Context, c classroom.Class, desk classroom.Desk) (views.ClassMine, error) {
	mine := views.ClassMine{Released: c.Released()}
	marks := map[string]classroom.Mark{}
	if mine.Released {
		all, err := s.rows.MemberMarks(ctx, c.ID, desk.ID)
		if err != nil {
			return mine, err
		}
		for _, mark := range all {
			marks[mark.Stop] = mark
		}
		mine.Total = board.SummaryTotal(c, all)
	}
	for _, stop := range c.Plan {
		for _, a := range desk.Answers {
			if a.Stop != stop.ID {
				continue
			}
			line := views.ClassMark{Question: stop.Title, Text: a.Text, Run: s.labs.Chip(a.Run)}
			if mark, found := marks[stop.ID]; found {
				line.Points, line.Comment = board.PointsOf(mark.Hundredths, stop.Most), mark.Comment
				line.Concepts = s.conceptLabels(stop, mark.Concepts)
			}
			mine.Lines = append(mine.Lines, line)
		}
	}
	return mine, nil
}

// conceptLabels are the concepts of a stop's question with these ids.
func (s *Pages) conceptLabels(stop classroom.Stop, ids []string) []string {
	q, _ := s.library.Question(stop.Question)
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

// State answers the script of a student's page: what has changed, rendered, of the class at that version at least; nothing,
// unless it is at another version than the one that a page without a stream has, or its time has made another stage of the same one.
func (s *Pages) State(w http.ResponseWriter, r *http.Request) error {
	version, err := strconv.ParseInt(web.Query(r).Get("version"), 10, 64)
	if err != nil || version < 0 {
		version = -1
	}
	c, err := s.classAt(r, version)
	if err != nil {
		return err
	}
	if unless, err := strconv.ParseInt(web.Query(r).Get("unless"), 10, 64); err == nil && unless == c.Version && web.Query(r).Get("stage") == stageName(c, c.Public(time.Now())) {
		m, found, err := s.rows.Member(r.Context(), c.ID, web.Visitor(r))
		if err == nil && !found {
			err = notMember
		}
		if err != nil {
			return err
		}
		s.hub.Saw(c.ID, m.ID) // a page without a stream
		n, err := s.rows.ComputedRuns(r.Context(), c.ID, c.Shown().ID, m.ID)
		if err != nil {
			return err
		}
		if strconv.Itoa(n) == cmp.Or(web.Query(r).Get("computed"), "0") && strconv.FormatBool(!m.HandAt.IsZero()) == cmp.Or(web.Query(r).Get("hand"), "false") {
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
	}
	answer, err := s.stateAnswer(r.Context(), c, web.Visitor(r))
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, answer)
}

// stateAnswer is what a student's page shows of a class.
func (s *Pages) stateAnswer(ctx context.Context, c classroom.Class, owner string) (*studentState, error) {
	student, err := s.studentView(ctx, c, owner)
	if err != nil {
		return nil, err
	}
	shown, err := showing(ctx, c, student.stage, student.state == "", map[string]templ.Component{
		"stage": views.ClassStageView(student.stage), "runs": views.ClassOwnRuns(student.stage), "mine": views.ClassMineView(student.mine),
		"hand": views.ClassHandView(student.hand),
	})
	if err != nil {
		return nil, err
	}
	return &studentState{shown, student.state}, nil
}

// A pageState is what the script of any of a class's pages is told: parts of the page, rendered, and the lab.
type pageState struct {
	Version int64             `json:"version"`
	Lab     string            `json:"lab"`
	Runs    int               `json:"runs"`
	Closing int64             `json:"closing"` // see closing
	Waits   bool              `json:"waits"`   // a revealed truth is still being computed, so that the page asks again
	Parts   map[string]string `json:"parts"`
}

// A studentState is what a student's is told.
type studentState struct {
	pageState
	State string `json:"state"` // the stage's name, "" while a revealed truth is being computed
}

// A boardState is what the teacher's two are told.
type boardState struct {
	pageState
	Blank bool   `json:"blank"`
	Zoom  int    `json:"zoom"`
	Ended bool   `json:"ended"`
	Stage string `json:"stage"` // its name
	Note  string `json:"note"`  // what was just done, where the page does not show it
}

// Sent are the shapes of all JSON that the scripts of a class's pages read.
var Sent = []any{studentState{}, boardState{}, change{}, guessed{}, submitted{}, computed{}, handTold{}, peopleState{}}

// showing renders parts of a page.
func showing(ctx context.Context, c classroom.Class, stage views.ClassStage, waits bool, parts map[string]templ.Component) (pageState, error) {
	rendered, err := web.Parts(ctx, parts)
	return pageState{c.Version, stage.Lab, stage.Runs, stage.Closing, waits, rendered}, err
}

// Projector is the page for the wall.
func (s *Pages) Projector(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	stage, joined, _, err := s.projectorView(r.Context(), c)
	if err != nil {
		return err
	}
	found, _ := s.addresses(r, "/class/"+c.Code)
	page := views.ClassProjector{
		Frame: web.Frame(r, c.Title, "class", "class.js"), Code: c.Code, Spelled: classroom.SpellCode(c.Code),
		Address: strings.TrimSuffix(found[0].Short, "/"+c.Code), Stage: stage, Joined: joined, Steers: teaches(r, c),
	}
	page.Frame.Theme, page.Frame.Bare = "projector", true
	return web.Render(w, r, http.StatusOK, views.ClassProjectorPage(page))
}

// projectorView is what the wall shows. waits says that a revealed truth is still being computed.
func (s *Pages) projectorView(ctx context.Context, c classroom.Class) (stage views.ClassStage, joined int, waits bool, err error) {
	p := c.Public(time.Now())
	stage = s.classStage(c, p)
	stage.Projected, stage.Lab = true, s.labs.Frame(p.Path, true)
	n, err := s.rows.ClassCount(ctx, c.ID, p.Stop, p.Round)
	if err != nil {
		return stage, 0, false, err
	}
	if p.Kind != classroom.Show && p.Kind != classroom.Explore && !p.Phase.Reached(classroom.Discuss) && len(c.Shown().Picked) == 0 {
		stage.Count = board.CountLine(p.Kind, p.Round, n)
	}
	if waits, err = s.reveal(ctx, c, &stage); err != nil {
		return stage, 0, waits, err
	}
	computing, err := s.explored(ctx, c, "", &stage)
	waits = waits || computing
	// The wall shows one thing at a time, in letters for the last row: the lab, the answers, or what is revealed.
	switch {
	case p.Phase == classroom.Revealed:
		stage.Lab = ""
		if len(stage.Concepts) > 0 {
			stage.Picked = nil
		}
	case p.Kind == classroom.Explore && p.Staged:
	case p.Votes, len(stage.Picked) > 0, p.Kind == classroom.Explore:
		stage.Lab = ""
	}
	return stage, n.Members, waits, err
}

// Remote is the teacher's own page.
func (s *Pages) Remote(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	return s.renderRemote(w, r, http.StatusOK, c, func(*views.ClassRemote) {})
}

// renderRemote shows the teacher's own page, with what change makes of it.
func (s *Pages) renderRemote(w http.ResponseWriter, r *http.Request, status int, c classroom.Class, change func(*views.ClassRemote)) error {
	view, _, err := s.boardView(r.Context(), c, web.Query(r).Get("filter"))
	if err != nil {
		return err
	}
	found, loopback := s.addresses(r, "/class/"+c.Code)
	page := views.ClassRemote{
		Frame: web.Frame(r, c.Title, "class", "class.js"), Code: c.Code, Spelled: classroom.SpellCode(c.Code), Title: c.Title,
		Addresses: found, Loopback: loopback, Until: c.Expires().Format("2 January 2006"), Board: view, Add: s.desk.Form(classroom.Stop{}), Token: web.NewToken(),
		Gradebook: s.Linked(r.Context(), c.ID),
	}
	page.Frame.Path = "/class/" + c.Code + "/remote"
	if page.Notice, err = s.said(r.Context(), c, web.Noticed(w, r, page.Frame.Path)); err != nil {
		return err
	}
	if cookie := keyOf(r, c); cookie != nil {
		page.Key = found[0].URL + "/key#" + cookie.Value
		if wall := c.WallKey(cookie.Value); c.ShowsWall(wall) { // a class of an older version has none yet
			page.Wall = found[0].URL + "/wall#" + wall
		}
	}
	change(&page)
	return web.Render(w, r, status, views.ClassRemotePage(page))
}

// boardView is everything that the teacher sees. waits says that a revealed truth is still being computed, or answers are being read
// for their hints. filter is which answers are wanted, see [board.Incoming].
func (s *Pages) boardView(ctx context.Context, c classroom.Class, filter string) (b views.ClassBoard, waits bool, err error) {
	stop, p := c.Shown(), c.Public(time.Now())
	stage := s.classStage(c, p)
	stage.Projected, stage.LabPage = true, stop.Path
	b = views.ClassBoard{
		Code: c.Code, Next: stop.StepOn(), Votes: stop.Votes, Notes: stop.Notes, NotesHTML: plan.Notes(stop.Notes), Blank: c.Blank, EyesUp: c.EyesUp, Zoom: c.Zoom,
		Ended: p.Ended, Closed: !c.ClosedAt.IsZero(), Released: p.Released,
	}
	_, b.Skip = s.labs.Flip(p.Path)
	n, err := s.rows.ClassCount(ctx, c.ID, stop.ID, p.Round)
	if err != nil {
		return b, false, err
	}
	b.Members, b.Here, stage.Count = n.Members, n.Here, board.CountLine(stop.Kind, p.Round, n)
	if b.Hands, err = s.handsView(ctx, c, n.Hands); err != nil {
		return b, false, err
	}
	switch stop.Kind {
	case classroom.Predict:
		guesses, err := s.rows.Guesses(ctx, c.ID, stop.ID)
		if err != nil {
			return b, false, err
		}
		var truth float64
		known := false
		if stop.Phase.Reached(classroom.Locked) || stop.Again {
			truth, known = s.soonTruth(asClass(ctx, c), stop)
			waits = !known && !stop.Truth.None()
			if known {
				b.Share, b.Advice = board.ShareWords(stop, guesses, truth, s.tolerance(stop, truth))
			}
		}
		if known = known && stop.TruthShown(); stop.TruthShown() {
			stage.Truth, b.Flows = board.TruthWords(stop, truth, known, guesses), board.FlowWords(stop, guesses)
		}
		b.Guesses = board.GuessBars(stop, guesses, truth, known)
	case classroom.Explore:
		if waits, err = s.explored(ctx, c, "", &stage); err != nil {
			return b, false, err
		}
	case classroom.Ask:
		answers, err := s.rows.ClassAnswers(ctx, c.ID, stop.ID)
		if err != nil {
			return b, false, err
		}
		members, err := s.rows.Members(ctx, c.ID)
		if err != nil {
			return b, false, err
		}
		q, found := s.library.Question(stop.Question)
		if found {
			waits = s.reader.want(c.ID, q, answers...) > 0
			b.Concepts = board.ConceptBars(q, stop.Part, answers)
		}
		b.Answers = board.Incoming(stop, q, answers, filter, classroom.Names(members), s.labs.Chip)
	}
	b.Plan = plannedStops(c)
	b.Stage = stage
	return b, waits, nil
}

// plannedStops are the stops of the plan, as the teacher's own page lists them.
func plannedStops(c classroom.Class) (all []views.ClassPlanned) {
	for i, planned := range c.Plan {
		all = append(all, views.ClassPlanned{
			ID: planned.ID, Title: planned.Title, Kind: string(planned.Kind), Phase: string(planned.Phase),
			Current: i == c.Current, Droppable: i != c.Current && planned.Phase == classroom.Waiting,
		})
	}
	return all
}

// Board answers the scripts of the teacher's pages. Who may be shown the wall alone is told what stands there.
func (s *Pages) Board(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	if !onWall(web.Query(r)) && !teaches(r, c) {
		return notTeacher
	}
	if web.Query(r).Get("view") == "people" {
		return s.peopleBoard(w, r, c)
	}
	return s.board(w, r, c, "")
}

// board sends what one of the teacher's two pages shows of a class, with a note of what was just done.
func (s *Pages) board(w http.ResponseWriter, r *http.Request, c classroom.Class, note string) error {
	answer, err := s.boardAnswer(r.Context(), c, web.Query(r))
	if err != nil {
		return err
	}
	answer.Note = note
	return web.WriteJSON(w, http.StatusOK, answer)
}

// onWall says whether a query asks for what the wall shows.
func onWall(query url.Values) bool { return query.Get("view") == "projector" }

// boardAnswer is what one of the teacher's two pages shows of a class.
func (s *Pages) boardAnswer(ctx context.Context, c classroom.Class, query url.Values) (boardState, error) {
	var parts map[string]templ.Component
	var stage views.ClassStage
	var waits bool
	var err error
	if onWall(query) {
		var joined int
		stage, joined, waits, err = s.projectorView(ctx, c)
		parts = map[string]templ.Component{"stage": views.ClassStageView(stage), "joined": views.ClassJoined(joined)}
	} else {
		var b views.ClassBoard
		b, waits, err = s.boardView(ctx, c, query.Get("filter"))
		stage = b.Stage
		parts = map[string]templ.Component{
			"controls": views.ClassControls(b), "now": views.ClassNow(b), "sieve": views.ClassSieve(b), "answers": views.ClassAnswerList(b),
			"plan": views.ClassPlan(b), "ending": views.ClassEnding(b), "hands": views.ClassHandsView(b.Hands),
		}
	}
	if err != nil {
		return boardState{}, err
	}
	shown, err := showing(ctx, c, stage, waits, parts)
	return boardState{pageState: shown, Blank: c.Blank, Zoom: c.Zoom, Ended: c.Ended(time.Now()), Stage: stageName(c, c.Public(time.Now()))}, err
}
