package handlers

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"gradlab/handlers/labs"
	"gradlab/handlers/web"
	"gradlab/static"
	"gradlab/views"
)

// maxBody bounds what a request may send: the answers to the four parts of a question, each the longest, percent-encoded at its worst,
// and the other fields.
const maxBody = 1 << 20

// maxUpload bounds what plans are sent: a text that makes one, percent-encoded, and pictures, which are read to their end so that whoever
// sends one that is too large hears of it.
const maxUpload = 32 << 20

// bounded bounds the body of each request.
func bounded(next http.Handler) http.Handler {
	small, large := middleware.RequestSize(maxBody)(next), middleware.RequestSize(maxUpload)(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/plans/import" || strings.HasPrefix(r.URL.Path, "/plans/") && strings.HasSuffix(r.URL.Path, "/picture") {
			large.ServeHTTP(w, r)
			return
		}
		small.ServeHTTP(w, r)
	})
}

// ownForms refuses forms of other sites, but for those with which a learning platform sends a browser: their content says whose they are.
func ownForms() *http.CrossOriginProtection {
	p := http.NewCrossOriginProtection()
	p.AddInsecureBypassPattern("POST /lti/login")
	p.AddInsecureBypassPattern("POST /lti/launch")
	return p
}

// routes is the map of the site: every URL, its method and its middleware.
func routes(s *site) chi.Router {
	r := chi.NewRouter()
	r.Use(s.lab.Named, web.Paced, web.Numbered, s.Logged, s.metrics.measured, s.Recovered, web.Secured, s.lti.Middleware, s.SignedIn(s.Persons, s.SignOn != nil), web.AsVisitor, s.attended, web.NewResponses(web.KeptBytes).Middleware, web.Compressed, ownForms().Handler, bounded, middleware.GetHead)
	r.NotFound(s.Page(func(http.ResponseWriter, *http.Request) error { return web.NotFound }))
	r.MethodNotAllowed(s.Page(func(http.ResponseWriter, *http.Request) error { return web.MethodNotAllowed }))

	r.Get("/", s.Page(s.home))
	r.Get("/about", s.Page(s.about))
	r.Get("/accessibility", s.Page(s.accessibility))
	r.Get("/accessibility/openacr.yaml", s.Page(s.openACR))
	r.Get("/about/core", s.Page(s.lab.InTurn(s.core)))
	r.Get("/about/licences/{name}", s.Page(s.licence))
	r.Post("/theme", s.Page(s.setTheme))
	r.Get("/api", s.Page(s.apiPage))
	r.Get("/api/openapi.json", static.OpenAPI().ServeHTTP)
	r.Get("/jupyter/gradlab.py", s.Page(s.jupyterModule))
	r.Get("/healthz", s.healthz)
	r.Get("/readyz", s.readyz)
	if !s.metricsApart {
		r.Handle("/metrics", s.metrics.handler(s.MetricsToken))
	}
	r.Handle("/favicon.ico", static.Favicon())
	r.Handle("/static/*", static.Handler())

	labRoutes(r, s)
	studyRoutes(r, s)
	classRoutes(r, s)
	planRoutes(r, s)
	ltiRoutes(r, s)
	accountRoutes(r, s)
	adminRoutes(r, s)
	return r
}

// ltiRoutes are those of learning platforms, and of the gradebook of a class that was opened from a course.
func ltiRoutes(r chi.Router, s *site) {
	only, taught, steered := s.lti.Only, web.Of(s.class.Taught), web.Of(s.class.Steered)
	r.Get("/lti/login", s.Page(only(s.lti.Login)))
	r.Post("/lti/login", s.Page(only(s.lti.Login)))
	r.Post("/lti/launch", s.Page(only(s.lti.Launch)))
	r.Post("/lti/choose", s.Page(only(s.lti.Choose)))
	r.Get("/lti/jwks.json", s.API(only(s.lti.Keys)))
	r.Get("/lti/register", s.Page(only(s.lti.RegisterPage)))
	r.Post("/lti/register", s.Page(only(s.lti.Register)))
	r.Get("/class/{code}/gradebook", s.Page(taught(s.lti.Gradebook)))
	r.Post("/class/{code}/gradebook", s.Page(steered(s.lti.SetPoints)))
	r.Post("/class/{code}/gradebook/retry", s.Page(steered(s.lti.Retry)))
	setter := web.Of(s.homework.Taught)
	r.Get("/homework/{homework}/gradebook", s.Page(setter(s.lti.HomeworkBook)))
	r.Post("/homework/{homework}/gradebook/retry", s.Page(setter(s.lti.RetryHomework)))
}

// labRoutes are the labs: their pages, what their scripts ask for, the API and the exports.
func labRoutes(r chi.Router, s *site) {
	r.Get("/board", s.API(s.lab.Board(labs.First(views.Home{}))))
	r.Get("/labs", s.Page(s.labsPage))
	for _, l := range s.Labs {
		r.Get("/labs/"+l.Name, s.Page(s.lab.Page(l)))
		r.Get("/embed/"+l.Name, s.Page(labs.Embedded(s.lab.Page(l))))
		if l.Progress != nil {
			r.Post("/labs/"+l.Name, s.Page(s.lab.Press(l)))
			r.Post("/embed/"+l.Name, s.Page(labs.Embedded(s.lab.Press(l))))
		}
		r.Get("/labs/"+l.Name+"/board", s.API(s.lab.Board(l)))
		for _, own := range l.Own {
			r.Get("/labs/"+l.Name+"/"+own.Path, s.API(s.lab.Own(own)))
		}
		if l.Picture != nil {
			r.Get("/labs/"+l.Name+"/picture.svg", s.Page(s.lab.InTurn(s.lab.Picture(l))))
		}
		for _, e := range append([]labs.Experiment{l.Experiment}, l.More...) {
			r.Get("/api/"+e.Name, s.API(s.lab.API(e)))
		}
		if l.Exports != nil {
			r.Get("/export/"+l.Name+".{ending}", s.API(s.lab.Export(l)))
		}
	}
}

// studyRoutes are what is read and answered alone: lessons, questions, answers, sheets.
func studyRoutes(r chi.Router, s *site) {
	lesson, prediction := web.Of(s.study.LessonAt), web.Of(s.study.PredictionAt)
	question, answer := web.Of(s.study.QuestionAt), web.Of(s.study.AnswerTo)
	r.Get("/lessons", s.Page(s.study.Lessons))
	r.Get("/lessons/{slug}", s.Page(lesson(s.study.Lesson)))
	r.Post("/lessons/{slug}/predictions/{id}", s.Scripted(prediction(s.study.Predict)))
	r.Get("/lessons/{slug}/predictions/{id}/outcome", s.API(prediction(s.study.Outcome)))
	r.Post("/lessons/{slug}/keep", s.Page(lesson(s.study.KeepInLesson)))
	r.Post("/lessons/{slug}/read", s.Page(lesson(s.study.MarkRead)))
	r.Get("/teach", s.Page(s.study.Teach))
	r.Get("/teach/{sheet}", s.Page(s.study.Sheet))
	r.Get("/teach/{homework}.ipynb", s.Page(s.study.HomeworkNotebook))
	form := web.Of(s.study.InventoryFormAt)
	r.Get("/inventory", s.Page(s.study.Inventory))
	r.Get("/inventory/{form}", s.Page(form(s.study.InventoryForm)))
	r.Post("/inventory/{form}", s.Page(form(s.study.HandInInventory)))
	r.Get("/glossary", s.Page(s.study.Glossary))
	r.Get("/formulas.css", s.Page(s.study.Formulas))
	r.Get("/search", s.Page(s.study.Search))
	r.Get("/questions", s.Page(s.study.Questions))
	r.Get("/questions/{slug}", s.Page(question(s.study.Question)))
	r.Post("/questions/{slug}", s.Page(answer(s.study.Submit)))
	r.Post("/questions/{slug}/draft", s.API(answer(s.study.SaveDraft)))
	r.Post("/questions/{slug}/hints", s.Scripted(answer(s.study.Hints)))
	r.Post("/questions/{slug}/run", s.Scripted(answer(s.study.Attach)))
	r.Post("/questions/{slug}/keep", s.Page(question(s.study.Keep)))
	r.Post("/questions/{slug}/ticks", s.Page(question(s.study.Tick)))
	r.Get("/answers", s.Page(s.study.Answers))
	r.Get("/answers/everything.json", s.API(s.study.Everything))
	r.Get("/privacy", s.Page(s.study.Privacy))
	r.Get("/answers.md", s.Page(s.study.Markdown))
	r.Post("/answers/delete", s.Page(s.study.Delete))
	r.Get("/answers/attach", s.Page(s.study.AttachPage))
	r.Get("/answers/here", s.Page(s.study.Here))
	r.Post("/answers/here", s.Page(s.study.UseHere))
	r.Post("/answers/link", s.Page(s.study.NewLink))
	r.Get("/jupyter/questions.ipynb", s.Page(s.study.Notebook))
	r.Post("/api/questions/{slug}/feedback", s.API(question(s.study.Feedback)))
}

// classRoutes are the classes: who joins, who shows, who steers.
func classRoutes(r chi.Router, s *site) {
	class, wall, taught, steered := web.Of(s.class.At), web.Of(s.class.Wall), web.Of(s.class.Taught), web.Of(s.class.Steered)
	r.Get("/class", s.Page(s.class.Home))
	r.Post("/class", s.Page(s.class.Open))
	r.Post("/class/join", s.Page(s.class.JoinByCode))
	r.Get("/class/{code}", s.Page(class(s.class.Student)))
	r.Post("/class/{code}/join", s.Page(class(s.class.Join)))
	r.Get("/class/{code}/qr.svg", s.Page(s.class.QR))
	r.Get("/class/{code}/events", s.API(s.class.Stream)) // students and teacher
	r.Get("/class/{code}/state", s.API(s.class.State))   // students, from here
	r.Post("/class/{code}/guess", s.Scripted(s.class.Guess))
	r.Post("/class/{code}/answer", s.Scripted(s.class.Answer))
	r.Post("/class/{code}/submit", s.Scripted(s.class.Submit))
	r.Post("/class/{code}/hand", s.Scripted(class(s.class.Hand)))
	r.Post("/class/{code}/branch", s.API(s.class.Branch))
	r.Post("/class/{code}/leave", s.Page(class(s.class.Leave)))
	r.Get("/class/{code}/key", s.Page(class(s.class.KeyPage)))
	r.Post("/class/{code}/key", s.Page(class(s.class.UseKey)))
	r.Post("/class/{code}/key/new", s.Page(steered(s.class.NewKey)))
	r.Get("/class/{code}/remote", s.Page(taught(s.class.Remote)))
	r.Get("/class/{code}/wall", s.Page(class(s.class.WallKeyPage)))
	r.Post("/class/{code}/wall", s.Page(class(s.class.UseWallKey)))
	r.Post("/class/{code}/wall/new", s.Page(steered(s.class.NewWallKey)))
	r.Get("/class/{code}/projector", s.Page(wall(s.class.Projector)))
	r.Get("/class/{code}/board", s.API(wall(s.class.Board)))
	r.Post("/class/{code}/do", s.Scripted(steered(s.class.Do)))
	r.Post("/class/{code}/plan/keep", s.Page(steered(s.class.KeepPlan)))
	r.Post("/class/{code}/plan", s.Page(steered(s.class.Plan)))
	r.Get("/class/{code}/gain", s.Page(taught(s.class.Gain)))
	r.Post("/class/{code}/hands", s.Scripted(steered(s.class.LowerHands)))
	r.Get("/class/{code}/people", s.Page(taught(s.class.People)))
	r.Post("/class/{code}/people/{member}", s.Page(steered(s.class.Rename)))
	r.Post("/class/{code}/people/{member}/merge", s.Page(steered(s.class.Merge)))
	r.Post("/class/{code}/people/{member}/remove", s.Page(steered(s.class.RemoveMember)))
	r.Get("/class/{code}/summary", s.Page(class(s.class.Summary))) // of the student who asks
	r.Get("/class/{code}/report", s.Page(taught(s.class.Report)))
	r.Post("/class/{code}/report/points", s.Page(steered(s.class.SetPoints)))
	r.Get("/class/{code}/students.csv", s.Page(taught(s.class.Students)))
	r.Get("/class/{code}/marks", s.Page(taught(s.class.Marks)))
	r.Post("/class/{code}/marks", s.Scripted(steered(s.class.SaveMark)))
	r.Get("/class/{code}/export.{ending}", s.Page(taught(s.class.Export)))
	r.Post("/class/{code}/delete", s.Page(taught(s.class.Delete)))
}

// planRoutes are the plans that outlive a class.
func planRoutes(r chi.Router, s *site) {
	planned, copied, owned := web.Of(s.plan.Seen), web.Of(s.plan.Copied), web.Of(s.plan.Owned)
	r.Get("/plans", s.Page(s.plan.Home))
	r.Post("/plans", s.Page(s.plan.New))
	r.Post("/plans/import", s.Page(s.plan.Import))
	r.Get("/plans/key", s.Page(s.plan.KeyPage))
	r.Post("/plans/key", s.Page(s.plan.UseKey))
	r.Post("/plans/key/new", s.Page(s.plan.NewKey))
	r.Post("/plans/claim", s.Page(s.plan.Claim))
	r.Get("/plans/{plan}", s.Page(planned(s.plan.Page)))
	r.Post("/plans/{plan}", s.Page(owned(s.plan.Retitle)))
	r.Get("/plans/{plan}/link", s.Page(s.plan.LinkPage))
	r.Post("/plans/{plan}/link", s.Page(s.plan.UseLink))
	r.Post("/plans/{plan}/do", s.Page(owned(s.plan.Do)))
	r.Post("/plans/{plan}/stops", s.Page(owned(s.plan.Add)))
	r.Post("/plans/{plan}/stops/{stop}", s.Scripted(owned(s.plan.Write)))
	r.Post("/plans/{plan}/stops/{stop}/picture", s.Page(owned(s.plan.Depict)))
	r.Post("/plans/{plan}/copy", s.Page(copied(s.plan.Duplicate)))
	r.Get("/plans/{plan}/export.md", s.Page(copied(s.plan.Export)))
	r.Get("/plans/{plan}/versions", s.Page(owned(s.plan.Versions)))
	r.Post("/plans/{plan}/share", s.Page(owned(s.plan.Share)))
	r.Post("/plans/{plan}/delete", s.Page(owned(s.plan.Delete)))
	r.Post("/plans/{plan}/homework", s.Page(owned(s.homework.New)))
	set, pupil, setter := web.Of(s.homework.At), web.Of(s.homework.Joined), web.Of(s.homework.Taught)
	r.Get("/homework", s.Page(s.homework.Home))
	r.Get("/homework/{homework}", s.Page(set(s.homework.Page)))
	r.Post("/homework/{homework}/join", s.Page(set(s.homework.Join)))
	r.Post("/homework/{homework}/resume", s.Page(set(s.homework.Resume)))
	r.Post("/homework/{homework}/code", s.Page(pupil(s.homework.NewCode)))
	r.Post("/homework/{homework}/leave", s.Page(pupil(s.homework.Leave)))
	r.Get("/homework/{homework}/stops/{stop}", s.Page(pupil(s.homework.Stop)))
	r.Post("/homework/{homework}/stops/{stop}/guess", s.Page(pupil(s.homework.Guess)))
	r.Post("/homework/{homework}/stops/{stop}/answer", s.Page(pupil(s.homework.Answer)))
	r.Post("/homework/{homework}/stops/{stop}/answer/run", s.Page(pupil(s.homework.Attach)))
	r.Post("/homework/{homework}/stops/{stop}/answer/draft", s.API(pupil(s.homework.Draft)))
	r.Get("/homework/{homework}/teach", s.Page(setter(s.homework.Teach)))
	r.Post("/homework/{homework}/teach", s.Page(setter(s.homework.SaveTerms)))
	r.Post("/homework/{homework}/extend", s.Page(setter(s.homework.Extend)))
	r.Post("/homework/{homework}/recode", s.Page(setter(s.homework.Recode)))
	r.Get("/homework/{homework}/marks", s.Page(setter(s.homework.Marks)))
	r.Post("/homework/{homework}/marks", s.Scripted(setter(s.homework.SaveMark)))
	r.Post("/homework/{homework}/release", s.Page(setter(s.homework.Release)))
	r.Get("/homework/{homework}/export.csv", s.Page(setter(s.homework.Export)))
	r.Post("/homework/{homework}/delete", s.Page(setter(s.homework.Delete)))
	r.Get("/pictures/{name}", s.Page(s.plan.Picture))
}

// accountRoutes are signing in and out, and what is known of who has.
func accountRoutes(r chi.Router, s *site) {
	r.Get("/sign-in", s.Page(s.account.SignIn))
	r.Get("/sign-in/back", s.Page(s.account.Back))
	r.Get("/sign-in/answers", s.Page(s.account.Along))
	r.Post("/sign-in/answers", s.Page(s.account.TakeAlong))
	r.Post("/sign-out", s.Page(s.account.SignOut))
	r.Get("/me", s.Page(s.account.Me))
	r.Post("/me/leave", s.Page(s.account.Leave))
	r.Post("/me/everywhere", s.Page(s.account.SignOutEverywhere))
	r.Post("/me/untie", s.Page(s.account.Untie))
}

// adminRoutes are for whoever runs the site.
func adminRoutes(r chi.Router, s *site) {
	r.Get("/admin", s.Page(s.admin.Home))
	r.Post("/admin", s.Page(s.admin.Enter))
	r.Post("/admin/leave", s.Page(s.admin.Leave))
	r.Get("/admin/classes", s.Page(s.admin.Operated(s.admin.Classes)))
	r.Post("/admin/classes/{id}", s.Page(s.admin.Operated(s.admin.Class)))
	r.Get("/admin/plans", s.Page(s.admin.Operated(s.admin.Plans)))
	r.Post("/admin/plans/{id}", s.Page(s.admin.Operated(s.admin.Plan)))
	r.Get("/admin/homework", s.Page(s.admin.Operated(s.admin.Homework)))
	r.Post("/admin/homework/{id}", s.Page(s.admin.Operated(s.admin.Work)))
	r.Get("/admin/platforms", s.Page(s.admin.Operated(s.admin.Platforms)))
	r.Post("/admin/platforms/{id}", s.Page(s.admin.Operated(s.admin.Platform)))
	r.Get("/admin/log", s.Page(s.admin.Operated(s.admin.Log)))
	r.Get("/admin/audit.jsonl", s.Page(s.admin.OperatedBy(s.admin.Export)))
}
