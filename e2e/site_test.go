package e2e

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"testing"

	"gradlab/handlers"
	"gradlab/handlers/labs"
	"gradlab/lessons"
	"gradlab/mlcore/runner"
	"gradlab/store"
)

// site is the real router over a SQLite file of the test's own. Opening the same file twice is a restart.
func site(t testing.TB, file string) http.Handler {
	t.Helper()
	if file == "" {
		file = filepath.Join(t.TempDir(), "answers.db")
	}
	return siteOn(t, file)
}

// content is what comes with the program, read once for all tests: no test changes it.
var content = sync.OnceValues(func() (*lessons.Library, error) { return lessons.Embedded(labs.All().Lessons()) })

// siteOn is the site over the store that dsn names; change may adapt what it is made of.
func siteOn(t testing.TB, dsn string, change ...func(*handlers.Config, *store.Store)) http.Handler {
	t.Helper()
	library, err := content()
	if err != nil {
		t.Fatal(err)
	}
	answers, err := store.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answers.Close() })
	runs := runner.NewPool(runner.Options{Slots: 2})
	t.Cleanup(runs.Close)
	config := handlers.Config{
		Log: slog.New(slog.DiscardHandler), Answers: answers, Classes: answers, Plans: answers, Homework: answers, Persons: answers, Library: library, Runs: runs, Version: "test", Stopping: context.Background(),
	}
	for _, c := range change {
		c(&config, answers)
	}
	return handlers.New(config)
}
