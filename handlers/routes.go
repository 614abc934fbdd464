package handlers

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"gradlab/static"
)

// maxBody bounds what a request may send: the longest answer, percent-encoded at its worst, and the other fields.
const maxBody = 512 << 10

// routes is the map of the site: every URL, its method and its middleware.
func routes(s *site) chi.Router {
	r := chi.NewRouter()
	r.Use(paced, requestID, s.logged, s.metrics.measured, s.recovered, secured, asVisitor, newAnswerCache(keptBytes).middleware, compressed, http.NewCrossOriginProtection().Handler, middleware.RequestSize(maxBody), middleware.GetHead)
	r.NotFound(s.page(func(http.ResponseWriter, *http.Request) error { return notFound }))
	r.MethodNotAllowed(s.page(func(http.ResponseWriter, *http.Request) error { return methodNotAllowed }))

	r.Get("/", s.page(s.home))
	r.Get("/lessons", s.page(s.lessonsPage))
	r.Get("/lessons/{slug}", s.page(s.lessonPage))
	r.Post("/lessons/{slug}/predictions/{id}", s.page(s.predict))
	r.Post("/lessons/{slug}/read", s.page(s.markRead))
	r.Get("/glossary", s.page(s.glossary))
	r.Get("/search", s.page(s.search))
	r.Get("/labs", s.page(s.labs))
	r.Get("/labs/chain", s.page(s.chainPage))
	r.Get("/labs/chain/board", s.api(s.chainBoard))
	r.Get("/labs/chain/picture.svg", s.page(s.chainPicture))
	r.Get("/labs/train", s.page(s.trainPage))
	r.Post("/labs/train", s.page(s.pressTrain))
	r.Get("/labs/train/board", s.api(s.trainBoard))
	r.Get("/labs/train/{picture}.png", s.api(s.trainPictures))
	r.Get("/labs/kernels", s.page(s.kernelsPage))
	r.Get("/labs/kernels/board", s.api(s.kernelsBoard))
	r.Get("/labs/kernels/pixel", s.api(s.kernelsPixel))
	r.Get("/labs/sweep", s.page(s.sweepPage))
	r.Post("/labs/sweep", s.page(s.pressSweep))
	r.Get("/labs/sweep/board", s.api(s.sweepBoard))
	r.Get("/embed/chain", s.page(embedded(s.chainPage)))
	r.Get("/embed/train", s.page(embedded(s.trainPage)))
	r.Post("/embed/train", s.page(embedded(s.pressTrain)))
	r.Get("/embed/sweep", s.page(embedded(s.sweepPage)))
	r.Post("/embed/sweep", s.page(embedded(s.pressSweep)))
	r.Get("/embed/kernels", s.page(embedded(s.kernelsPage)))
	r.Get("/questions", s.page(s.questionsPage))
	r.Get("/questions/{slug}", s.page(s.questionPage))
	r.Post("/questions/{slug}", s.page(s.submitAnswer))
	r.Post("/questions/{slug}/draft", s.api(s.saveDraft))
	r.Post("/questions/{slug}/hints", s.page(s.hints))
	r.Post("/questions/{slug}/run", s.page(s.attach))
	r.Post("/questions/{slug}/ticks", s.page(s.tick))
	r.Get("/answers", s.page(s.answersPage))
	r.Get("/answers.md", s.page(s.answersMarkdown))
	r.Post("/answers/delete", s.page(s.deleteAnswers))
	r.Get("/answers/attach", s.page(s.attachPage))
	r.Get("/answers/here", s.page(s.movePage))
	r.Post("/answers/here", s.page(s.useHere))
	r.Post("/answers/link", s.page(s.newLink))
	r.Get("/class", s.page(s.classHome))
	r.Post("/class", s.page(s.openClass))
	r.Post("/class/join", s.page(s.joinByCode))
	r.Get("/class/{code}", s.page(s.classPage))
	r.Post("/class/{code}/join", s.page(s.joinClass))
	r.Get("/class/{code}/qr.svg", s.page(s.classQR))
	r.Get("/class/{code}/events", s.api(s.streamClass)) // students and teacher
	r.Get("/class/{code}/state", s.api(s.classState))   // students, from here
	r.Post("/class/{code}/guess", s.scripted(s.classGuess))
	r.Post("/class/{code}/answer", s.scripted(s.classAnswer))
	r.Post("/class/{code}/leave", s.page(s.leaveClass))
	r.Get("/class/{code}/key", s.page(s.keyPage))
	r.Post("/class/{code}/key", s.page(s.useKey)) // the teacher, from here
	r.Post("/class/{code}/key/new", s.page(s.newKey))
	r.Get("/class/{code}/remote", s.page(s.remotePage))
	r.Get("/class/{code}/projector", s.page(s.projectorPage))
	r.Get("/class/{code}/board", s.api(s.classBoard))
	r.Post("/class/{code}/do", s.scripted(s.classDo))
	r.Post("/class/{code}/plan", s.page(s.planClass))
	r.Get("/class/{code}/marks", s.page(s.marksPage))
	r.Post("/class/{code}/marks", s.scripted(s.saveMark))
	r.Get("/class/{code}/export.{ending}", s.page(s.exportClass))
	r.Post("/class/{code}/delete", s.page(s.deleteClass))
	r.Get("/about", s.page(s.about))
	r.Get("/about/licences/{name}", s.page(s.licence))
	r.Post("/theme", s.page(s.setTheme))

	r.Get("/api", s.page(s.apiPage))
	r.Get("/api/chain", s.api(s.apiChain))
	r.Get("/api/graph", s.api(s.apiGraph))
	r.Get("/api/train", s.api(s.apiTrain))
	r.Get("/api/network", s.api(s.apiNetwork))
	r.Get("/api/kernels", s.api(s.apiKernels))
	r.Get("/export/kernels.{ending}", s.api(s.exportKernels))
	r.Get("/api/sweep", s.api(s.apiSweep))
	r.Get("/export/sweep.csv", s.api(s.sweepCSV))
	r.Get("/export/chain.{ending}", s.api(s.exportChain))
	r.Get("/export/train.{ending}", s.api(s.exportTrain))
	r.Post("/api/questions/{slug}/feedback", s.api(s.feedback))

	r.Get("/healthz", s.healthz)
	r.Get("/readyz", s.readyz)
	r.Handle("/metrics", s.metrics.handler())
	r.Handle("/favicon.ico", static.Favicon())
	r.Handle("/static/*", static.Handler())
	return r
}
